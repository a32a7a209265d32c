import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createHide, withKeyedIds } from './adapters/store/keyed.ts';
import { createMemoryStore } from './adapters/store/memory.ts';
import { createPatience, noPatience, type Patience, withPatience } from './adapters/store/patient.ts';
import { withShelter } from './adapters/store/shelter.ts';
import type { Store } from './adapters/store/store.ts';
import { createSeal, createVault, type Seal } from './adapters/store/vault.ts';
import type { InstallationVault } from './adapters/vault.ts';
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
  /** What lets a channel into workspaces, encrypted. */
  readonly installations: InstallationVault;
  /** Counts by day and topic. */
  readonly tallies: Store['tallies'];
  /** Questions without an answer, sealed; only used when the operator asks for it. */
  readonly notes: Store['notes'];
  readonly seal: Seal;
  /** Hides ids with the key of the store. */
  readonly hide: (id: string) => string;
  /** Bounds calls to the backend, also those that go past `sessions`. */
  readonly patience: Patience;
  /** The Redis client, for what else several processes share. */
  readonly redis?: unknown;
}

const HOUR_MS = 3_600_000;
/** No store call keeps a person waiting longer than this, in milliseconds: platforms want a first answer within 3 s. */
const PATIENCE_MS = 800;
/** How long a store that was too slow is left alone, in milliseconds. */
const REST_MS = 1_000;
/** What nobody waits for in a talk may take longer, in milliseconds. */
const VAULT_MS = 2_000;

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

/** Joins a backend with its key: ids hidden, calls bounded, and what cannot be saved now kept safe in memory until it can. */
function wrap(
  store: Store,
  key: string,
  patience: Patience = createPatience(PATIENCE_MS, REST_MS),
): Pick<OpenStore, 'sessions' | 'installations' | 'tallies' | 'notes' | 'seal' | 'hide' | 'patience' | 'fault'> {
  const hide = createHide(key);
  const { records, tallies, notes } = store;
  return {
    sessions: withKeyedIds(withShelter(withPatience(store, patience)), hide),
    installations: createVault(
      {
        get: (id) => patience(() => records.get(id), VAULT_MS),
        put: (id, body) => patience(() => records.put(id, body), VAULT_MS),
        remove: (id) => patience(() => records.remove(id), VAULT_MS),
      },
      key,
      hide,
    ),
    tallies: { add: (name) => patience(() => tallies.add(name)), all: () => patience(() => tallies.all(), VAULT_MS) },
    notes: {
      add: (...note) => patience(() => notes.add(...note)),
      all: () => patience(() => notes.all(), VAULT_MS),
      clear: () => patience(() => notes.clear(), VAULT_MS),
    },
    seal: createSeal(key, 'notes'),
    hide,
    patience,
    fault: () => patience(() => store.fault()).catch(messageOf),
  };
}

/**
 * Opens the store of the settings. A file that cannot be used (read-only, no space, a newer version) does not keep the bot from
 * running: sessions then live in memory and `notice` says why.
 */
export async function openStore(settings: Settings, trouble: (cause: unknown) => void): Promise<OpenStore> {
  const ttlMs = settings.SESSION_TTL_HOURS * HOUR_MS;
  const inMemory = (notice?: string): OpenStore => ({
    ...wrap(createMemoryStore(ttlMs), settings.STORE_KEY ?? randomBytes(32).toString('base64url'), noPatience),
    kind: 'memory',
    place: 'in the memory of the bot; it is gone when the bot stops',
    ...(notice ? { notice } : {}),
  });
  if (settings.STORE_URL === 'memory:') return inMemory();
  if (settings.STORE_URL.startsWith('file:')) {
    const path = settings.STORE_URL.slice('file:'.length);
    try {
      const { openSqliteStore } = await import('./adapters/store/sqlite.ts');
      const key = keyBeside(path, settings.STORE_KEY);
      const store = await openSqliteStore(path, ttlMs);
      return {
        ...wrap(store, key),
        kind: 'file',
        place: "in a file on the bot's own server, under a scrambled id",
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
  return {
    ...wrap(store, settings.STORE_KEY ?? ''),
    kind: 'redis',
    place: "in a Redis database of the bot's operator, under a scrambled id",
    redis: store.client,
    ...(store.isReady() ? {} : { notice: 'Redis is not reachable yet: the bot answers without memory until it is' }),
  };
}
