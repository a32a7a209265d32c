import type { Logger } from 'pino';
import type { Channel, ChannelContext } from './adapters/channel.ts';
import { createMetrics } from './adapters/http/metrics.ts';
import { type OpsServer, startOps } from './adapters/http/ops.ts';
import { type LoadedBrain, readBrain, rereadBrain } from './brain-file.ts';
import { showTopic, suggestTopics, topicChoices } from './core/answer.ts';
import { createBot, type Respond } from './core/bot.ts';
import { createAdmit } from './fair-use.ts';
import { createLearning, QUESTION_DAYS } from './learning.ts';
import { createLog } from './log.ts';
import { type OpenStore, openStore } from './open-store.ts';
import type { Settings } from './settings.ts';

/** How long a stop waits for what runs, in milliseconds, and after what time it ends whatever still runs. Docker kills after 10 s. */
const DRAIN_MS = 6_000;
const END_MS = 9_000;
/** Where Slack over HTTP listens when PORT is not set. */
const SLACK_PORT = 3000;

/** The channels that settings can ask for. A new one begins here: docs/channel.md. */
type ChannelName = 'discord' | 'slack';

/** Which channels the settings ask for. */
export const wantedChannels = (s: Settings): readonly ChannelName[] => [
  ...(s.DISCORD_TOKEN ? (['discord'] as const) : []),
  ...(s.SLACK_BOT_TOKEN || s.SLACK_CLIENT_ID ? (['slack'] as const) : []),
];

/** Makes a channel of the settings. What is made here is started and stopped by `serve`. */
export type MakeChannel = (
  name: ChannelName,
  settings: Settings,
  brain: LoadedBrain,
  context: ChannelContext,
  store: OpenStore,
) => Promise<Channel>;

const makeChannel: MakeChannel = async (name, settings, brain, context, store) => {
  switch (name) {
    case 'discord': {
      const { createDiscordChannel } = await import('./adapters/discord/channel.ts');
      return createDiscordChannel(
        {
          token: settings.DISCORD_TOKEN ?? '',
          apiUrl: settings.DISCORD_API_URL,
          shards: settings.DISCORD_SHARDS,
          wording: brain.brain.wording,
          own: brain.discord,
        },
        context,
      );
    }
    case 'slack': {
      const { createSlackChannel } = await import('./adapters/slack/channel.ts');
      const {
        SLACK_CLIENT_ID: clientId,
        SLACK_CLIENT_SECRET: clientSecret,
        SLACK_STATE_SECRET: stateSecret,
      } = settings;
      return createSlackChannel(
        {
          botToken: settings.SLACK_BOT_TOKEN,
          appToken: settings.SLACK_APP_TOKEN,
          signingSecret: settings.SLACK_SIGNING_SECRET,
          oauth:
            clientId && clientSecret && stateSecret
              ? { clientId, clientSecret, stateSecret, vault: store.installations }
              : undefined,
          apiUrl: settings.SLACK_API_URL,
          wording: brain.brain.wording,
          own: brain.slack,
          questions: brain.brain.corpus.questions,
          keeps: brain.brain.keeps,
        },
        context,
      );
    }
  }
};

/**
 * Counts and logs around a bot: kinds, levels and times; no words, no ids of people. Done when the reply is on its way: writing a line
 * of the log takes as long as a third of a turn.
 */
function watched(
  bot: Respond,
  channel: string,
  log: Logger,
  metrics: ReturnType<typeof createMetrics>,
  answered: Answered,
): Respond {
  return async (message) => {
    const begun = performance.now();
    metrics.waiting(1);
    try {
      const reply = await bot(message);
      if (!reply) return undefined;
      const ms = performance.now() - begun;
      const { kind, urgency } = reply;
      setImmediate(() => {
        metrics.turn(reply, ms / 1000);
        log.info({ channel, kind, urgency, signs: reply.signs.length, ms: Math.round(ms) }, 'answered');
        answered(message, reply);
      });
      return reply;
    } finally {
      metrics.waiting(-1);
    }
  };
}
type Answered = ReturnType<typeof createLearning>['answered'];

/** Resolves to an exit code: 0 after SIGTERM or SIGINT, 1 when something cannot go on. A second signal ends at once. */
function untilEnd(log: Logger): { readonly ended: Promise<number>; readonly end: (code: number) => void } {
  let end: (code: number) => void = () => {};
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  let signals = 0;
  const onSignal = () => {
    if (++signals > 1) process.exit(1);
    end(0);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  const onFault = (error: unknown) => {
    log.fatal({ err: error }, 'a fault that nothing caught: ending, so that a supervisor starts anew');
    end(1);
  };
  process.on('unhandledRejection', onFault).on('uncaughtException', onFault);
  return { ended, end };
}

/**
 * Runs every channel that the settings ask for until a signal. Resolves to the exit code. Rejects with a ChannelError when a channel
 * cannot start. `wanted` and `make` are other than the settings' in tests only.
 */
export async function serve(
  settings: Settings,
  wanted: readonly ChannelName[] = wantedChannels(settings),
  make: MakeChannel = makeChannel,
): Promise<number> {
  const log = createLog(settings.LOG_LEVEL);
  const { ended, end } = untilEnd(log);
  const metrics = createMetrics();
  const store = await openStore(settings, (cause) => log.warn({ err: cause }, 'store: connection trouble'));
  if (store.notice) log.warn(`store: ${store.notice}`);
  const keepsQuestions = settings.STORE_UNANSWERED === 'on';
  const keeps = {
    hours: settings.SESSION_TTL_HOURS,
    place: store.place,
    ...(keepsQuestions ? { questionDays: QUESTION_DAYS } : {}),
  };
  const trouble = (where: string, cause: unknown) => {
    metrics.trouble(where);
    log.warn({ where, err: cause }, 'store: a call failed, people were answered all the same');
  };
  // Turning the setting off deletes what it kept.
  if (!keepsQuestions) store.notes.clear().catch((cause: unknown) => trouble('notes', cause));

  let loaded = await readBrain(settings, keeps);
  reloadOnHangup(log, async () => {
    loaded = await rereadBrain(settings, keeps);
    return loaded.brain.passages.size;
  });
  const learning = createLearning(
    store,
    (topic) => loaded.brain.passages.has(topic),
    keepsQuestions,
    (cause) => trouble('tally', cause),
  );
  const bot = createBot(
    () => loaded.brain,
    store.sessions,
    { trouble: ({ where, cause }) => trouble(where, cause), limited: metrics.limited },
    createAdmit(store),
  );

  const channels: Channel[] = [];
  let ops: OpsServer | undefined;
  const contextOf = (name: ChannelName): ChannelContext => ({
    respond: watched(bot, name, log, metrics, learning.answered),
    log: log.child({ channel: name }),
    get topics() {
      return topicChoices(loaded.brain);
    },
    suggest: (typed) => suggestTopics(loaded.brain, typed),
    show: (topic) => showTopic(loaded.brain, topic),
    feedback: learning.helpful,
    count: (what) => metrics.channel(name, what),
    fatal: (reason) => {
      log.fatal({ channel: name }, reason);
      end(1);
    },
    mount: (prefix, handler) => ops?.mount(prefix, handler),
  });

  const stop = async (): Promise<void> => {
    setTimeout(() => process.exit(1), END_MS).unref();
    await Promise.allSettled(channels.map((c) => c.stop(DRAIN_MS)));
    await ops?.stop();
    await store.sessions.close().catch((error: unknown) => log.warn({ err: error }, 'store: closing failed'));
  };

  const isSlackOverHttp = settings.SLACK_CLIENT_ID || (settings.SLACK_SIGNING_SECRET && !settings.SLACK_APP_TOKEN);
  const port = settings.PORT ?? (isSlackOverHttp ? SLACK_PORT : undefined);
  try {
    if (port !== undefined) {
      ops = await startOps(settings.HOST, port, {
        missing: async () => {
          const fault = await store.fault();
          const up = new Set(channels.filter((c) => c.isConnected()).map((c) => c.name));
          return [
            ...wanted.filter((name) => !up.has(name)).map((name) => `${name} is not connected`),
            ...(fault ? [`store: ${fault}`] : []),
          ];
        },
        metrics: metrics.render,
      });
      log.info({ host: settings.HOST, port: ops.port }, 'http: listening');
    }
    for (const name of wanted) {
      const channel = await make(name, settings, loaded, contextOf(name), store);
      channels.push(channel);
      await channel.start();
      log.info({ channel: name }, 'connected');
    }
  } catch (error) {
    await stop();
    throw error;
  }
  log.info(
    {
      channels: wanted,
      store: store.kind,
      hours: settings.SESSION_TTL_HOURS,
      region: settings.REGION,
      passages: loaded.brain.passages.size,
      node: process.version,
    },
    'running',
  );

  const code = await ended;
  log.info('stopping: no more messages are taken');
  await stop();
  log.info('stopped');
  return code;
}

/** Reads the corpus again at SIGHUP, one time after the other; a faulty one is told and the old one stays. */
function reloadOnHangup(log: Logger, reread: () => Promise<number>): void {
  let last: Promise<void> = Promise.resolve();
  process.on('SIGHUP', () => {
    log.info('corpus: reading it again');
    last = last.then(reread).then(
      (passages) => log.info({ passages }, 'corpus: the new one is in use'),
      (error: unknown) => log.error({ err: error }, 'corpus: the new one is faulty, the old one stays'),
    );
  });
}
