import { createClient } from 'redis';
import type { SessionStore } from '../../core/session.ts';
import { readSession } from './session-form.ts';

const CLAIM_SECONDS = 24 * 3600;
/** How long a connection may take, in milliseconds. */
const PATIENCE_MS = 900;

/** Saves when the kept version is the one that was read, in one step on the server. KEYS[1]; ARGV: version, body, milliseconds to live. */
const SAVE = `
local kept = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
if kept ~= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'version', kept + 1, 'body', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`;

/** A store on Redis, shared by several processes. */
export interface RedisStore extends SessionStore {
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
  const connected = client.connect().catch(trouble);
  await Promise.race([connected, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref())]);
  const sessionKey = (id: string) => `rbb:session:${id}`;
  return {
    client,
    isReady: () => client.isReady,
    async load(conversation) {
      const kept = await client.hGetAll(sessionKey(conversation));
      const session = kept.body ? readSession(kept.body) : undefined;
      return session && { session, version: Number(kept.version) };
    },
    async save(conversation, session, version) {
      const saved = await client.eval(SAVE, {
        keys: [sessionKey(conversation)],
        arguments: [String(version), JSON.stringify(session), String(ttlMs)],
      });
      return saved === 1;
    },
    async forget(conversation) {
      await client.del(sessionKey(conversation));
    },
    async claim(messageId) {
      const key = `rbb:claim:${messageId}`;
      return (
        (await client.set(key, '1', { condition: 'NX', expiration: { type: 'EX', value: CLAIM_SECONDS } })) === 'OK'
      );
    },
    async close() {
      if (client.isReady) await client.close().catch(() => client.destroy());
      else client.destroy();
    },
  };
}
