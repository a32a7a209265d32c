import type { APIMessage } from 'discord.js';
import { choiceFaults, commandFaults, houseFaults, messageFaults } from './limits.ts';
import type { Call, Told } from './rest.ts';
import {
  ERRORS,
  type Person,
  type Place,
  type StoredInteraction,
  type StoredMessage,
  snowflake,
  userOf,
} from './world.ts';

const V2 = 32768;
const EPHEMERAL = 64;
type Body = { readonly [key: string]: unknown };
type Sent = Body & {
  readonly flags?: number;
  readonly content?: string;
  readonly components?: APIMessage['components'];
};
export type Command = Body & { readonly id: string; readonly name: string; readonly type?: number };

/** What the REST side of the fake reads and changes. */
export interface RestWorld {
  readonly bot: Person;
  readonly applicationId: string;
  readonly guildId: string;
  token: string;
  shards: number;
  /** Milliseconds in which an interaction must be answered. */
  deadlineMs: number;
  readonly people: Map<string, Person>;
  readonly places: Map<string, Place>;
  readonly messages: Map<string, StoredMessage>;
  readonly interactions: Map<string, StoredInteraction>;
  readonly commands: Map<string, Command[]>;
  /** What the house asks and a message of the bot did not keep, and what Discord refused as malformed. */
  readonly complaints: string[];
  readonly gatewayUrl: () => string;
  readonly openDirect: (person: Person) => Place;
  /** Tells the gateway of a message that others can see. */
  readonly publish: (message: StoredMessage) => void;
}

const ok = (body: unknown): Told => ({ status: 200, body });
const done: Told = { status: 204 };
const fault = (code: number): Told => {
  const [status, message] = ERRORS[code] ?? [400, 'Unknown fault'];
  return { status, body: { code, message } };
};

/** Answers a call of the bot as Discord would. */
export function answerCall(world: RestWorld, call: Call): Told {
  const body = (call.body ?? {}) as Sent;
  const invalid = (faults: readonly string[]): Told => {
    world.complaints.push(...faults.map((f) => `${call.method} ${call.path}: ${f}`));
    return {
      status: 400,
      body: {
        code: 50035,
        message: 'Invalid Form Body',
        errors: { _errors: faults.map((message) => ({ code: 'INVALID', message })) },
      },
    };
  };
  const store = (sent: Sent, place: Place, from: StoredInteraction | undefined, id = snowflake()): StoredMessage => {
    const message: StoredMessage = {
      id,
      channel_id: place.id,
      author: userOf(world.bot, true),
      content: sent.content ?? '',
      timestamp: new Date().toISOString(),
      edited_timestamp: null,
      tts: false,
      mention_everyone: false,
      mentions: [],
      mention_roles: [],
      attachments: [],
      embeds: [],
      pinned: false,
      type: from ? 20 : 0,
      flags: sent.flags ?? 0,
      components: sent.components ?? [],
      fromInteraction: from !== undefined,
      isEphemeral: ((sent.flags ?? 0) & EPHEMERAL) !== 0,
    } as StoredMessage;
    world.messages.set(message.id, message);
    if (!message.isEphemeral && from?.kind !== 'autocomplete') world.publish(message);
    return message;
  };
  const checked = (sent: Sent, wasV2 = false): readonly string[] => {
    world.complaints.push(
      ...houseFaults(wasV2 ? { ...sent, flags: (sent.flags ?? 0) | 4 } : sent).map(
        (f) => `${call.method} ${call.path}: ${f}`,
      ),
    );
    return messageFaults(sent, wasV2);
  };

  const [root, a = '', b = '', c = '', d = ''] = call.path.slice(1).split('/');
  if (root === 'interactions' && c === 'callback') return callback(a, b);
  if (root === 'webhooks') return webhook(b, c === 'messages' ? d : '');
  if (call.authorization !== `Bot ${world.token}`) return fault(0);
  const route = `${call.method} /${root}`;

  if (route === 'GET /gateway')
    return ok({
      url: world.gatewayUrl(),
      shards: world.shards,
      session_start_limit: { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 16 },
    });
  if (route === 'GET /users') return ok(userOf(world.bot, true));
  if (root === 'applications' && a === '@me')
    return ok({
      id: world.applicationId,
      name: 'fake',
      description: '',
      flags: 0,
      bot_public: true,
      bot: userOf(world.bot, true),
      verify_key: '',
    });
  if (root === 'applications') {
    if (a !== world.applicationId) return fault(50001);
    const guild = b === 'guilds' ? c : '';
    if (guild && guild !== world.guildId) return fault(50001);
    return commands(guild);
  }
  if (route === 'POST /users' && a === '@me' && b === 'channels') {
    const person = world.people.get(String(body.recipient_id));
    if (!person) return fault(50007);
    const place = world.openDirect(person);
    return ok({ id: place.id, type: 1, recipients: [userOf(person)], last_message_id: null });
  }
  if (route === 'POST /channels' && b === 'messages') {
    const place = world.places.get(a);
    if (!place) return fault(10003);
    if (place.refuses) return fault(place.refuses);
    const faults = checked(body);
    if (faults.length) return invalid(faults);
    if ((body.flags ?? 0) & EPHEMERAL) return invalid(['flags: EPHEMERAL is for interactions']);
    const reference = body.message_reference as { message_id?: string; fail_if_not_exists?: boolean } | undefined;
    if (reference?.message_id && !world.messages.has(reference.message_id) && reference.fail_if_not_exists !== false)
      return invalid(['message_reference: Unknown message']);
    const message = store(body, place, undefined);
    return ok(
      reference?.message_id
        ? { ...message, message_reference: { channel_id: a, message_id: reference.message_id } }
        : message,
    );
  }
  if (route === 'POST /channels' && b === 'typing') return done;
  return { status: 404, body: { code: 0, message: '404: Not Found' } };

  function commands(guild: string): Told {
    const there = world.commands.get(guild) ?? [];
    const shown = (list: readonly Command[]) =>
      call.query.get('with_localizations') === 'true' || call.method === 'PUT'
        ? list
        : list.map(({ name_localizations: _n, description_localizations: _d, ...rest }) => rest);
    if (call.method === 'GET') return ok(shown(there));
    if (call.method !== 'PUT') return { status: 405, body: { code: 0, message: '405: Method Not Allowed' } };
    const faults = commandFaults(call.body, !guild);
    if (faults.length) return invalid(faults);
    // As Discord gives them back: with ids, versions and every field, the same id for the same name.
    const put = (call.body as Command[]).map((wanted): Command => {
      const id =
        there.find((old) => old.name === wanted.name && (old.type ?? 1) === (wanted.type ?? 1))?.id ?? snowflake();
      return {
        application_id: world.applicationId,
        version: snowflake(),
        default_member_permissions: null,
        type: 1,
        nsfw: false,
        description: '',
        name_localizations: null,
        description_localizations: null,
        ...(guild ? { guild_id: guild } : { dm_permission: true, contexts: null, integration_types: [0] }),
        ...wanted,
        id,
      };
    });
    world.commands.set(guild, put);
    return ok(put);
  }

  function callback(id: string, token: string): Told {
    const it = world.interactions.get(id);
    if (it?.token !== token || performance.now() - it.createdAt > world.deadlineMs) return fault(10062);
    if (it.callback) return fault(40060);
    const type = Number(body.type);
    const data = (body.data ?? {}) as Sent;
    const allowed = { command: [4, 5], component: [4, 5, 6, 7], autocomplete: [8] }[it.kind];
    if (!allowed.includes(type)) return invalid([`type: ${type} does not answer a ${it.kind}`]);
    const wasV2 = type === 7 && ((it.source?.flags ?? 0) & V2) !== 0;
    const faults =
      type === 8
        ? choiceFaults(body.data)
        : type === 5
          ? (data.flags ?? 0) & ~EPHEMERAL
            ? ['flags: a deferral takes EPHEMERAL only']
            : []
          : type === 4 || type === 7
            ? checked(data, wasV2)
            : [];
    if (faults.length) return invalid(faults);
    it.callback = { type };
    if (type === 4) it.original = store(data, it.place, it);
    if (type === 5)
      it.original = {
        ...store({ flags: (data.flags ?? 0) | 128 }, it.place, { ...it, kind: 'autocomplete' }),
        content: '',
      };
    if ((type === 6 || type === 7) && it.source) it.original = type === 7 ? change(it.source, data) : it.source;
    return call.query.get('with_response') === 'true'
      ? ok({ interaction: { id, type: 2 }, resource: { type, message: it.original } })
      : done;
  }

  function change(message: StoredMessage, sent: Sent): StoredMessage {
    const next = {
      ...message,
      ...('components' in sent ? { components: sent.components } : {}),
      content: sent.content ?? message.content,
      flags: ((message.flags ?? 0) & ~128) | (sent.flags ?? 0),
    } as StoredMessage;
    world.messages.set(next.id, next);
    return next;
  }

  function webhook(token: string, messageId: string): Told {
    const it = [...world.interactions.values()].find((i) => i.token === token);
    if (!it) return fault(50027);
    if (call.method === 'POST') {
      if (!it.callback) return fault(10015);
      if (it.isUserInstall && ++it.followUps > 5) return fault(40094);
      const faults = checked(body);
      return faults.length ? invalid(faults) : ok(store(body, it.place, it));
    }
    const message = messageId === '@original' ? it.original : world.messages.get(messageId);
    if (!message) return fault(10015);
    if (call.method === 'GET') return ok(message);
    if (call.method === 'DELETE') {
      world.messages.delete(message.id);
      delete it.original;
      return done;
    }
    const faults = checked(body, ((message.flags ?? 0) & V2) !== 0);
    if (faults.length) return invalid(faults);
    it.original = change(message, body);
    return ok(it.original);
  }
}
