import type { Channel, ChannelContext } from './adapters/channel.ts';
import { ChannelError } from './adapters/channel.ts';
import { createMetrics } from './adapters/http/metrics.ts';
import { type OpsServer, startOps } from './adapters/http/ops.ts';
import type { LoadedBrain } from './brain-file.ts';
import { readBrain } from './brain-file.ts';
import { showTopic, suggestTopics, topicChoices } from './core/answer.ts';
import { createBot, type Respond } from './core/bot.ts';
import { createAdmit } from './fair-use.ts';
import { createLog } from './log.ts';
import { openStore } from './open-store.ts';
import type { Settings } from './settings.ts';

/** How long a stop waits for what runs, in milliseconds. */
const DRAIN_MS = 8_000;
/** Where Slack over HTTP listens when PORT is not set. */
const SLACK_PORT = 3000;

/** Which channels the settings ask for. */
export const wantedChannels = (s: Settings): readonly Channel['name'][] => [
  ...(s.DISCORD_TOKEN ? (['discord'] as const) : []),
  ...(s.SLACK_BOT_TOKEN || s.SLACK_CLIENT_ID ? (['slack'] as const) : []),
];

async function makeChannel(
  name: Channel['name'],
  settings: Settings,
  brain: LoadedBrain,
  context: ChannelContext,
): Promise<Channel> {
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
    case 'slack':
      throw new ChannelError('the Slack channel is not built yet: unset the SLACK_ settings');
  }
}

/** Runs every channel that the settings ask for until a signal. Resolves to the exit code. */
export async function serve(settings: Settings): Promise<number> {
  const log = createLog(settings.LOG_LEVEL);
  const metrics = createMetrics();
  const store = await openStore(settings, (cause) => log.warn({ err: cause }, 'store: connection trouble'));
  if (store.notice) log.warn(store.notice);
  const keeps = { hours: settings.SESSION_TTL_HOURS, place: store.place };
  let loaded: LoadedBrain = await readBrain(settings, keeps);

  const bot = createBot(
    () => loaded.brain,
    store.sessions,
    {
      trouble: ({ where, cause }) => {
        metrics.trouble(where);
        log.warn({ where, err: cause }, 'store: a call failed, the reply was given all the same');
      },
    },
    createAdmit(store),
  );
  let running = 0;
  const respond: Respond = async (message) => {
    const begun = performance.now();
    metrics.waiting(++running);
    try {
      const reply = await bot(message);
      if (reply) {
        metrics.turn(reply, (performance.now() - begun) / 1000);
        log.info(
          {
            kind: reply.kind,
            urgency: reply.urgency,
            signs: reply.signs.length,
            ms: Math.round(performance.now() - begun),
          },
          'answered',
        );
      }
      return reply;
    } finally {
      metrics.waiting(--running);
    }
  };

  let end: (code: number) => void = () => {};
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  const wanted = wantedChannels(settings);
  const channels: Channel[] = [];
  let ops: OpsServer | undefined;
  const overHttp =
    settings.PORT ?? (settings.SLACK_SIGNING_SECRET && !settings.SLACK_APP_TOKEN ? SLACK_PORT : undefined);
  if (overHttp !== undefined)
    ops = await startOps(settings.HOST, overHttp, {
      missing: async () => {
        const fault = await store.fault();
        return [
          ...channels.filter((c) => !c.isConnected()).map((c) => `${c.name} is not connected`),
          ...(fault ? [`store: ${fault}`] : []),
        ];
      },
      metrics: metrics.render,
    });
  if (ops) log.info({ host: settings.HOST, port: ops.port }, 'http: listening');

  for (const name of wanted) {
    const context: ChannelContext = {
      respond,
      log: log.child({ channel: name }),
      topics: topicChoices(loaded.brain),
      suggest: (typed) => suggestTopics(loaded.brain, typed),
      show: (topic) => showTopic(loaded.brain, topic),
      feedback: (topic, isHelpful) => log.info({ topic, isHelpful }, 'feedback'),
      count: (what) => metrics.channel(name, what),
      fatal: (reason) => {
        log.fatal({ channel: name }, reason);
        end(1);
      },
      mount: (prefix, handler) => ops?.mount(prefix, handler),
    };
    const channel = await makeChannel(name, settings, loaded, context);
    await channel.start();
    channels.push(channel);
    log.info({ channel: name }, 'connected');
  }
  log.info(
    {
      channels: wanted,
      store: store.kind,
      region: settings.REGION,
      passages: loaded.brain.passages.size,
      node: process.version,
    },
    'running',
  );

  const onSignal = () => end(0);
  process.once('SIGTERM', onSignal).once('SIGINT', onSignal);
  process.on('SIGHUP', () => {
    readBrain(settings, keeps).then(
      (fresh) => {
        loaded = fresh;
        log.info({ passages: fresh.brain.passages.size }, 'corpus: read again');
      },
      (error: unknown) => log.error({ err: error }, 'corpus: the new one is faulty, the old one stays'),
    );
  });
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'a fault that nothing caught: ending, so that a supervisor starts anew');
    end(1);
  });

  const code = await ended;
  log.info('stopping: no more messages are taken');
  await Promise.allSettled(channels.map((c) => c.stop(DRAIN_MS)));
  await ops?.stop();
  await store.sessions.close().catch((error: unknown) => log.warn({ err: error }, 'store: closing failed'));
  log.info('stopped');
  return code;
}
