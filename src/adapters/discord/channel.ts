import { setTimeout as wait } from 'node:timers/promises';
import { Client, Events, GatewayIntentBits, Options, Partials, RESTEvents, Status } from 'discord.js';
import type { Wording } from '../../core/corpus.ts';
import { type Channel, type ChannelContext, ChannelError } from '../channel.ts';
import { createBoundary } from './boundary.ts';
import { createInteractions } from './interactions.ts';
import { createMessages } from './messages.ts';
import { createShows } from './shown.ts';
import type { DiscordWording } from './wording.ts';

/** What the Discord channel is made with. */
export interface DiscordOptions {
  readonly token: string;
  /** REST base, for tests and proxies; absent = Discord itself. */
  readonly apiUrl?: string | undefined;
  /** How many gateway connections; `auto` = as many as Discord asks for. */
  readonly shards: 'auto' | number;
  readonly wording: Wording;
  readonly own: DiscordWording;
  /** When a first answer is deferred, in milliseconds; 1,200 when absent: Discord waits for 3,000. */
  readonly deferAfterMs?: number;
}

/** A rate limit is waited out up to so many milliseconds: an interaction dies after 3 s, a message can be answered later. */
const PATIENCE_MS = { interaction: 1_500, message: 20_000 } as const;

/** A Discord bot that answers commands, mentions, replies to it and direct messages, with no privileged intent (4609). */
export function createDiscordChannel(options: DiscordOptions, context: ChannelContext): Channel {
  const { wording, own } = options;
  const { log } = context;
  const client = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
    // A direct message is the first thing the bot hears of its channel.
    partials: [Partials.Channel],
    ...(options.shards === 'auto'
      ? { shards: 'auto' as const }
      : { shardCount: options.shards, shards: Array.from({ length: options.shards }, (_, i) => i) }),
    allowedMentions: { parse: [], repliedUser: false },
    // What people write is not kept, in memory neither; members, presences and the like are not needed.
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      ReactionManager: 0,
      PresenceManager: 0,
      VoiceStateManager: 0,
      GuildMemberManager: { maxSize: 0, keepOverLimit: (member) => member.id === member.client.user.id },
      UserManager: { maxSize: 0, keepOverLimit: (user) => user.id === user.client.user.id },
    }),
    rest: {
      ...(options.apiUrl ? { api: options.apiUrl.replace(/\/+$/, '') } : {}),
      timeout: 10_000,
      invalidRequestWarningInterval: 100,
      rejectOnRateLimit: ({ route, retryAfter }) =>
        retryAfter > (route.startsWith('/interactions') ? PATIENCE_MS.interaction : PATIENCE_MS.message),
    },
  });
  const shows = createShows(wording, own, () => context.topics);
  const interactions = createInteractions({
    context,
    wording,
    own,
    shows,
    deferAfterMs: options.deferAfterMs ?? 1_200,
  });
  const messages = createMessages(context, own, shows);
  const boundary = createBoundary(context);
  let isStopping = false;

  client.on(Events.InteractionCreate, (it) => {
    if (interactions.isNew(it))
      boundary.run(
        'interaction',
        () => interactions.handle(it),
        () => interactions.apologise(it),
      );
  });
  client.on(Events.MessageCreate, (message) => {
    if (messages.isForUs(message))
      boundary.run(
        'message',
        () => messages.handle(message),
        () => messages.apologise(message),
      );
  });
  client.on(Events.Error, (error) => {
    context.count('error');
    log.error({ err: error }, 'discord: client error');
  });
  client.on(Events.ShardError, (error) => log.warn({ err: error }, 'discord: connection error'));
  client.on(Events.ShardReconnecting, () => {
    context.count('reconnect');
    log.info('discord: reconnecting');
  });
  client.on(Events.ShardResume, (_id, replayed) => log.info({ replayed }, 'discord: resumed'));
  client.on(Events.ShardDisconnect, ({ code }) => {
    if (!isStopping && client.isReady()) context.fatal(`discord: ${closeFault(code)}`);
  });
  client.rest.on(RESTEvents.RateLimited, () => context.count('rate-limit'));
  client.rest.on(RESTEvents.InvalidRequestWarning, ({ count, remainingTime }) =>
    log.warn(
      { count, remainingTime },
      'discord: many refused requests; at 10,000 in ten minutes Discord blocks this address',
    ),
  );

  return {
    name: 'discord',
    async start() {
      const ready = new Promise<void>((resolve) => client.once(Events.ClientReady, () => resolve()));
      try {
        await client.login(options.token);
      } catch (error) {
        isStopping = true;
        await client.destroy();
        throw new ChannelError(startFault(error), { cause: error });
      }
      await ready;
    },
    // The manager's own status stays 'ready' when a line drops; the shards know.
    isConnected: () => client.isReady() && client.ws.shards.every((s) => s.status === Status.Ready),
    async stop(deadlineMs) {
      isStopping = true;
      const late = new AbortController();
      const deadline = wait(deadlineMs, undefined, { signal: late.signal }).catch(() => undefined);
      await Promise.race([boundary.close(), deadline]);
      late.abort();
      await client.destroy();
    },
  };
}

const REFUSED = 'DISCORD_TOKEN is refused: copy the bot token anew from the Developer Portal (Bot, Reset Token)';

/** What is wrong when Discord closes the connection for good, and what to do. */
function closeFault(code: number): string {
  if (code === 4004) return REFUSED;
  if (code === 4010 || code === 4011) return 'Discord asks for other shards: set DISCORD_SHARDS=auto';
  if (code === 4013 || code === 4014)
    return 'Discord refuses the intents (Guilds, Guild Messages, Direct Messages): check that the token belongs to this application';
  return `Discord closed the connection for good (${code}): look for a newer version of this bot`;
}

/** What is wrong when the bot cannot log in, and what to do. */
function startFault(error: unknown): string {
  const { message = '', code, name = 'unknown fault' } = error as { message?: string; code?: unknown; name?: string };
  if (code === 'TokenInvalid' || /authentication failed|token was provided|401/i.test(message)) return REFUSED;
  if (/intents/i.test(message)) return closeFault(4014);
  if (/shard/i.test(message)) return closeFault(4011);
  if (/sessions remaining/i.test(message))
    return 'Discord lets this bot connect no more today: it was started too often; try again tomorrow';
  return `Discord cannot be reached (${typeof code === 'string' ? code : name}): check the network and DISCORD_API_URL`;
}
