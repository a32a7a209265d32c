import { EventEmitter } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createDrivers } from './drivers.ts';
import { createGateway, INTENT } from './gateway.ts';
import { type Call, createRest, type Told } from './rest.ts';
import { answerCall, type RestWorld } from './routes.ts';
import { type Person, type Place, type StoredMessage, snowflake, userOf } from './world.ts';

/** A call of the bot and what it was told. */
export interface Heard {
  readonly call: Call;
  readonly told: Told;
}

/**
 * A Discord of our own on loopback, any free port: REST and gateway, with Discord's limits, intents, deadlines and faults as its
 * documentation states them. What it cannot show stands in docs/discord.md: rendering, real rate limits, the portal.
 */
export async function startFakeDiscord() {
  const events = new EventEmitter().setMaxListeners(0);
  const heard: Heard[] = [];
  const notes: { readonly what: string; readonly detail: unknown }[] = [];
  const bot: Person = { id: snowflake(), name: 'backbot' };
  const guildId = snowflake();
  const place = (type: Place['type'], more: Partial<Place> = {}): Place => {
    const made: Place = { id: snowflake(), type, ...(type === 0 || type === 11 ? { guildId } : {}), ...more };
    world.places.set(made.id, made);
    return made;
  };

  const world: RestWorld = {
    bot,
    applicationId: bot.id,
    guildId,
    // Plainly fake, in the shape of a bot token: the id in base64, then two parts.
    token: [Buffer.from(bot.id).toString('base64url'), 'fake', 'not-a-real-token'].join('.'),
    shards: 1,
    deadlineMs: 3_000,
    people: new Map(),
    places: new Map(),
    messages: new Map(),
    interactions: new Map(),
    commands: new Map(),
    complaints: [],
    gatewayUrl: () => `ws://127.0.0.1:${port()}/gateway`,
    openDirect: (person) =>
      [...world.places.values()].find((p) => p.type === 1 && p.person === person) ?? place(1, { person }),
    publish: (message) => publish(message),
  };
  const rest = createRest(
    (call) => answerCall(world, call),
    (call, told) => {
      heard.push({ call, told });
      events.emit('change');
    },
    () => void events.emit('change'),
    () => lagMs,
  );
  let lagMs = 0;
  let privileged = 0;
  const gateway = createGateway(rest.server, {
    token: () => world.token,
    privileged: () => privileged,
    ready: ({ id, shard }) => {
      const here = Number((BigInt(guildId) >> 22n) % BigInt(shard[1])) === shard[0];
      return [
        [
          'READY',
          {
            v: 10,
            user: userOf(bot, true),
            guilds: here ? [{ id: guildId, unavailable: true }] : [],
            session_id: id,
            resume_gateway_url: world.gatewayUrl(),
            shard,
            application: { id: bot.id, flags: 0 },
          },
        ],
        ...(here ? ([['GUILD_CREATE', guildNow()]] as const) : []),
      ];
    },
    note: (what, detail) => {
      notes.push({ what, detail });
      events.emit('change');
    },
  });
  await new Promise<void>((resolve) => rest.server.listen(0, '127.0.0.1', resolve));
  const port = () => (rest.server.address() as AddressInfo).port;

  const guildNow = () => ({
    id: guildId,
    name: 'Runners',
    icon: null,
    owner_id: guildId,
    roles: [
      {
        id: guildId,
        name: '@everyone',
        color: 0,
        hoist: false,
        position: 0,
        permissions: '274877991936',
        managed: false,
        mentionable: false,
        flags: 0,
      },
    ],
    emojis: [],
    stickers: [],
    features: [],
    members: [
      { user: userOf(bot, true), roles: [], joined_at: '2026-01-01T00:00:00.000Z', deaf: false, mute: false, flags: 0 },
    ],
    channels: [...world.places.values()]
      .filter((p) => p.type === 0 && p.guildId === guildId)
      .map((p) => ({ id: p.id, type: 0, name: 'general', position: 0, permission_overwrites: [] })),
    threads: [...world.places.values()]
      .filter((p) => p.type === 11)
      .map((p) => ({
        id: p.id,
        type: 11,
        name: 'thread',
        parent_id: p.parentId,
        owner_id: bot.id,
        guild_id: guildId,
        thread_metadata: {
          archived: false,
          auto_archive_duration: 60,
          archive_timestamp: '2026-01-01T00:00:00.000Z',
          locked: false,
        },
      })),
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
    joined_at: '2026-01-01T00:00:00.000Z',
    large: false,
    unavailable: false,
    member_count: 2,
  });

  /** Sends MESSAGE_CREATE with the content left out where a bot without the MessageContent intent does not see it. */
  const publish = (message: StoredMessage): void => {
    const where = world.places.get(message.channel_id);
    if (!where) return;
    const { fromInteraction: _f, isEphemeral: _e, referenced_message: referenced, ...plain } = message;
    const isDirect = where.type === 1;
    const named = message.content.includes(`<@${bot.id}>`) || message.content.includes(`<@!${bot.id}>`);
    const repliesToBot = Boolean(
      referenced &&
        referenced.author.id === bot.id &&
        !(referenced as StoredMessage).fromInteraction &&
        message.mentions.some((u) => u.id === bot.id),
    );
    const isSeen = message.author.id === bot.id || isDirect || named || repliesToBot;
    gateway.emit(
      'MESSAGE_CREATE',
      where.guildId,
      isDirect ? INTENT.directMessages : INTENT.guildMessages,
      (intents) => ({
        ...plain,
        channel_type: where.type,
        ...(where.guildId ? { guild_id: where.guildId } : {}),
        ...(isSeen || intents & INTENT.messageContent
          ? {}
          : { content: '', embeds: [], attachments: [], components: [] }),
      }),
    );
  };

  const general = place(0);
  const places = {
    general,
    /** A channel in which the bot may not write. */
    readOnly: place(0, { refuses: 50013 }),
    thread: place(11, { parentId: general.id }),
    /** A group of people without the bot, where commands of a user install work. */
    group: place(3),
    /** A channel of a server without the bot, where commands of a user install work. */
    elsewhere: place(0, { guildId: snowflake() }),
  };

  const until = async <T>(look: () => T | undefined): Promise<T> => {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => events.once('change', resolve));
    }
  };

  return {
    world,
    places,
    gateway,
    heard: heard as readonly Heard[],
    notes: notes as readonly { readonly what: string; readonly detail: unknown }[],
    complaints: world.complaints as readonly string[],
    apiUrl: `http://127.0.0.1:${port()}/api`,
    /** Resolves with what `look` finds, looked for anew after every call and every gateway event. */
    until,
    /** The next `times` calls of a method and path meet this fault instead of their answer. */
    script: (method: string, path: RegExp, told: Told, times = 1) =>
      void rest.scripted.push({ method, path, told, times }),
    /** Holds the next call of a method and path until the given function is called; `begun` resolves when it has arrived. */
    hold: (method: string, path: RegExp) => {
      let release: () => void = () => {};
      const held = { method, path, times: 1, until: new Promise<void>((resolve) => (release = resolve)) };
      rest.scripted.push(held);
      return { release: () => release(), begun: until(() => (held.times === 0 ? true : undefined)) };
    },
    /** From now on every call is under way for so many milliseconds, as to a platform far off. */
    lag: (ms: number) => {
      lagMs = ms;
    },
    /** Switches privileged intents on for the application. */
    allow: (intents: number) => {
      privileged |= intents;
    },
    person: (name: string): Person => {
      const made = { id: snowflake(), name };
      world.people.set(made.id, made);
      return made;
    },
    ...createDrivers({ world, gateway, until, publish, heard }),
    async stop(): Promise<void> {
      await gateway.stop();
      rest.server.closeAllConnections();
      await new Promise<void>((resolve) => rest.server.close(() => resolve()));
    },
  };
}
export type FakeDiscord = Awaited<ReturnType<typeof startFakeDiscord>>;
