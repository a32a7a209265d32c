import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createMemoryStore } from './adapters/store/memory.ts';
import type { SessionStore } from './core/session.ts';
import type { Settings } from './settings.ts';

/** An open store and how the rest of the bot sees it. */
export interface OpenStore {
  readonly sessions: SessionStore;
  /** `memory`, `file` or `redis`. */
  readonly kind: 'memory' | 'file' | 'redis';
  /** For the privacy notice. */
  readonly place: string;
  /** `undefined` means: it can be used now; else what is wrong. */
  readonly fault: () => Promise<string | undefined>;
  /** Something the operator should know, found on opening. */
  readonly notice?: string;
  /** Hides ids and encrypts records. */
  readonly key: string;
  /** The Redis client, for what else several processes share. */
  readonly redis?: unknown;
}

const HOUR_MS = 3_600_000;
/** No store call keeps a person waiting longer than this, in milliseconds: platforms want a first answer within 3 s. */
const PATIENCE_MS = 800;

/** The key of a file store: from the settings, else from a file beside the store that is made on first use, readable by its owner alone. */
function keyBeside(path: string, given: string | undefined): string {
  if (given) return given;
  const file = `${path}.key`;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    mkdirSync(dirname(file), { recursive: true });
    const key = randomBytes(32).toString('base64url');
    writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' });
    return key;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Opens the store of the settings. A file that cannot be used (read-only, no space, a newer version) does not keep the bot from
 * running: sessions then live in memory and `notice` says why.
 */
export async function openStore(settings: Settings, trouble: (cause: unknown) => void): Promise<OpenStore> {
  const ttlMs = settings.SESSION_TTL_HOURS * HOUR_MS;
  const { withKeyedIds } = await import('./adapters/store/keyed.ts');
  const { withPatience } = await import('./adapters/store/patient.ts');
  const guarded = (store: SessionStore, key: string) => withPatience(withKeyedIds(store, key), PATIENCE_MS);
  const inMemory = (notice?: string): OpenStore => ({
    sessions: createMemoryStore(ttlMs),
    kind: 'memory',
    place: 'in the memory of the bot; it is gone when the bot stops',
    fault: async () => undefined,
    key: settings.STORE_KEY ?? randomBytes(32).toString('base64url'),
    ...(notice ? { notice } : {}),
  });
  if (settings.STORE_URL === 'memory:') return inMemory();
  if (settings.STORE_URL.startsWith('file:')) {
    const path = settings.STORE_URL.slice('file:'.length);
    try {
      const { openSqliteStore } = await import('./adapters/store/sqlite.ts');
      const store = await openSqliteStore(path, ttlMs);
      const key = keyBeside(path, settings.STORE_KEY);
      return {
        sessions: guarded(store, key),
        kind: 'file',
        place: "in a file on the bot's own server, under a scrambled id",
        fault: () => store.client.execute('SELECT 1').then(() => undefined, messageOf),
        key,
        ...(store.setAside
          ? { notice: `the store was broken and has been set aside as ${store.setAside}; a new one was begun` }
          : {}),
      };
    } catch (error) {
      return inMemory(
        `the store at STORE_URL cannot be used (${messageOf(error)}): sessions are kept in memory and are lost on a restart`,
      );
    }
  }
  const { openRedisStore } = await import('./adapters/store/redis.ts');
  const store = await openRedisStore(settings.STORE_URL, ttlMs, trouble);
  const key = settings.STORE_KEY ?? '';
  return {
    sessions: guarded(store, key),
    kind: 'redis',
    place: "in a Redis database of the bot's operator, under a scrambled id",
    fault: async () => (store.isReady() ? undefined : 'Redis is not connected'),
    key,
    redis: store.client,
    ...(store.isReady() ? {} : { notice: 'Redis is not reachable yet: the bot answers without memory until it is' }),
  };
}
