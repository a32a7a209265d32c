import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from 'redis';
import { readSession } from './session-form.ts';
import { ANSWERED_MS, LEASE_MS, type Store } from './store.ts';

/** How long a connection may take, in milliseconds. */
const PATIENCE_MS = 900;
/** How long a message waits for its turn, in milliseconds, while who is before it lives: order is worth less than an answer. */
const TURN_MS = 10_000;
/** Time between two looks whether it is its turn, in milliseconds. */
const LOOK_MS = 25;
/** A process that has not said for so long that it lives counts as gone, in milliseconds; it says so every quarter of that. */
const ALIVE_MS = 4_000;

/**
 * Takes a message and the next place in its line. KEYS: claim, line, alive; ARGV: place, ms of the lease, ms alive. A place is the
 * name of the process and the message id; the line goes with the lease of the last in it.
 */
const CLAIM = `
if not redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[2]) then return 0 end
redis.call('RPUSH', KEYS[2], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[2])
redis.call('SET', KEYS[3], '1', 'PX', ARGV[3])
return 1`;

/** Whether it is the turn of a place; those before it whose process is gone leave the line. KEYS: line; ARGV: place. */
const TURN = `
while true do
  local first = redis.call('LINDEX', KEYS[1], 0)
  if not first or first == ARGV[1] then return 1 end
  if redis.call('EXISTS', 'rbb:alive:' .. string.sub(first, 1, 8)) == 1 then return 0 end
  redis.call('LPOP', KEYS[1])
end`;

/** Saves when the kept version is the one that was read. KEYS: session, claim of what was answered or nothing; ARGV: version, body, ms to live, ms of the claim. */
const SAVE = `
local kept = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
if kept ~= tonumber(ARGV[1]) then return 0 end
if tonumber(ARGV[3]) > 0 then
  redis.call('HSET', KEYS[1], 'version', kept + 1, 'body', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
end
if KEYS[2] then
  redis.call('SET', KEYS[2], '1', 'PX', ARGV[4])
end
return 1`;

/** KEYS: claim, line; ARGV: place, milliseconds. */
const SETTLE = `
redis.call('SET', KEYS[1], '1', 'PX', ARGV[2])
redis.call('LREM', KEYS[2], 1, ARGV[1])
return 1`;

/** Adds a note, drops those before a day and beyond a number. KEYS: notes; ARGV: day and body in one, first day, most, ms to live. */
const NOTE = `
redis.call('LPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], 0, tonumber(ARGV[3]) - 1)
while true do
  local oldest = redis.call('LINDEX', KEYS[1], -1)
  if not oldest or string.sub(oldest, 1, 10) >= ARGV[2] then break end
  redis.call('RPOP', KEYS[1])
end
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`;
/** Notes go as a whole when none came for so long, in milliseconds. */
const NOTES_MS = 31 * 24 * 3_600_000;

/** A store on Redis, shared by several processes. */
export interface RedisStore extends Store {
  /** Whether the connection is up now. */
  readonly isReady: () => boolean;
  readonly client: ReturnType<typeof clientFor>;
}

const clientFor = (url: string) =>
  createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: PATIENCE_MS, reconnectStrategy: (tries) => Math.min(50 * 2 ** tries, 2000) },
  });

/**
 * Connects to Redis and comes back by itself when it was gone; meanwhile every call rejects at once. `trouble` hears of lost
 * connections. Resolves also when Redis is not there yet.
 */
export async function openRedisStore(
  url: string,
  ttlMs: number,
  trouble: (cause: unknown) => void,
): Promise<RedisStore> {
  const client = clientFor(url);
  client.on('error', trouble);
  const self = randomUUID().slice(0, 8);
  const aliveKey = `rbb:alive:${self}`;
  const live = () => {
    if (client.isReady)
      client.set(aliveKey, '1', { expiration: { type: 'PX', value: ALIVE_MS } }).catch(() => undefined);
  };
  const heart = setInterval(live, ALIVE_MS / 4).unref();
  const connected = client.connect().catch(trouble);
  await Promise.race([connected, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref())]);
  const sessionKey = (id: string) => `rbb:session:${id}`;
  const claimKey = (id: string) => `rbb:claim:${id}`;
  const lineKey = (id: string) => `rbb:line:${id}`;
  const placeOf = (messageId: string) => `${self} ${messageId}`;
  return {
    client,
    isReady: () => client.isReady,
    async load(conversation) {
      const kept = await client.hGetAll(sessionKey(conversation));
      return kept.body ? { session: readSession(kept.body), version: Number(kept.version) } : undefined;
    },
    async save(conversation, session, version, answered) {
      const saved = await client.eval(SAVE, {
        keys: [sessionKey(conversation), ...(answered ? [claimKey(answered)] : [])],
        arguments: [String(version), JSON.stringify(session), String(ttlMs), String(ANSWERED_MS)],
      });
      return saved === 1;
    },
    async forget(conversation) {
      await client.del(sessionKey(conversation));
    },
    async claim(messageId, conversation) {
      const taken = await client.eval(CLAIM, {
        keys: [claimKey(messageId), lineKey(conversation), aliveKey],
        arguments: [placeOf(messageId), String(LEASE_MS), String(ALIVE_MS)],
      });
      return taken === 1;
    },
    async turn(messageId, conversation) {
      const begun = performance.now();
      const asked = { keys: [lineKey(conversation)], arguments: [placeOf(messageId)] };
      while ((await client.eval(TURN, asked)) !== 1 && performance.now() - begun < TURN_MS) await wait(LOOK_MS);
    },
    async release(messageId, conversation) {
      await client.lRem(lineKey(conversation), 1, placeOf(messageId));
    },
    async settle(messageId, conversation) {
      await client.eval(SETTLE, {
        keys: [claimKey(messageId), lineKey(conversation)],
        arguments: [placeOf(messageId), String(ANSWERED_MS)],
      });
    },
    async close() {
      clearInterval(heart);
      if (client.isReady) await client.close().catch(() => client.destroy());
      else client.destroy();
    },
    records: {
      get: async (id) => (await client.get(`rbb:record:${id}`)) ?? undefined,
      put: async (id, body) => void (await client.set(`rbb:record:${id}`, body)),
      remove: async (id) => void (await client.del(`rbb:record:${id}`)),
    },
    tallies: {
      add: async (name) => void (await client.hIncrBy('rbb:tally', name, 1)),
      all: async () => new Map(Object.entries(await client.hGetAll('rbb:tally')).map(([k, v]) => [k, Number(v)])),
    },
    notes: {
      add: async (day, body, since, most) =>
        void (await client.eval(NOTE, {
          keys: ['rbb:notes'],
          arguments: [`${day} ${body}`, since, String(most), String(NOTES_MS)],
        })),
      all: async () =>
        (await client.lRange('rbb:notes', 0, -1)).map((line) => ({ day: line.slice(0, 10), body: line.slice(11) })),
      clear: async () => void (await client.del('rbb:notes')),
    },
    fault: async () => {
      if (!client.isReady) return 'Redis is not connected';
      try {
        await client.set('rbb:probe', '1', { expiration: { type: 'EX', value: 60 } });
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  };
}
