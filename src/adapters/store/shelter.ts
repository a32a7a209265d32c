import type { HeldSign, Session, SessionStore, StoredSession } from '../../core/session.ts';
import { rankOf } from '../../core/urgency.ts';

/** Sessions remembered after they were saved, for the time the store is away: how many, and for how long in milliseconds. */
const KNOWN = 5_000;
const KNOWN_MS = 10 * 60_000;
/** Sessions that wait for the store to come back, at most; the oldest go first. */
const WAITING = 20_000;
/** Message ids remembered here, at most. */
const TAKEN = 20_000;
/** How often what waits is tried again, in milliseconds. */
const RETRY_MS = 2_000;

interface Waiting {
  /** Delete what is kept before anything else. */
  readonly forget: boolean;
  readonly session?: Session;
  /** The kept version that the session rests on. */
  readonly version: number;
}

/** A store with a shelter before it. */
export interface Sheltered extends SessionStore {
  /** How many sessions wait for the store. */
  readonly waiting: () => number;
  /** Tries to bring what waits into the store; stops at the first failure. */
  flush(): Promise<void>;
}

const put = <V>(map: Map<string, V>, key: string, value: V, most: number): void => {
  map.delete(key);
  map.set(key, value);
  const oldest = map.size > most ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
};

/**
 * What is known of a conversation when both the store and this process hold something of it that the other does not: the newer
 * talk, and every danger sign of either, at its highest level. A sign too many is the safer fault.
 */
function joined(mine: Session, theirs: Session): Session {
  const signs = new Map<string, HeldSign>(theirs.signs.map((s) => [s.flag, s]));
  for (const s of mine.signs) {
    const other = signs.get(s.flag);
    if (!other || rankOf(s.level) >= rankOf(other.level)) signs.set(s.flag, s);
  }
  const turn = Math.max(mine.turn, theirs.turn);
  return {
    ...mine,
    turn,
    signs: [...signs.values()],
    facts: [...new Set([...theirs.facts, ...mine.facts])],
    denied: mine.denied.filter((flag) => !signs.has(flag)),
  };
}

/**
 * Keeps in the memory of this process what the store cannot take now, so that a danger sign stays in force while the store is slow,
 * gone, full or read-only, and brings it there when it is back. Calls still reject when the store fails, so that it is noticed.
 */
export function withShelter(store: SessionStore, now: () => number = Date.now): Sheltered {
  const known = new Map<string, StoredSession & { readonly until: number }>();
  const waiting = new Map<string, Waiting>();
  const taken = new Map<string, true>();
  /** Answered messages that the store does not know to be answered, by conversation: those behind them wait. */
  const unsettled = new Map<string, Set<string>>();
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> | undefined;

  const knownOf = (conversation: string): StoredSession | undefined => {
    const found = known.get(conversation);
    if (found && found.until <= now()) known.delete(conversation);
    return found && found.until > now() ? found : undefined;
  };
  const know = (conversation: string, session: Session, version: number): void =>
    put(known, conversation, { session, version, until: now() + KNOWN_MS }, KNOWN);
  const wait = (conversation: string, entry: Waiting): void => {
    known.delete(conversation);
    put(waiting, conversation, entry, WAITING);
    retryLater();
  };
  const retryLater = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void flush().then(() => {
        if (waiting.size || unsettled.size) retryLater();
      });
    }, RETRY_MS).unref();
  };
  /** Settles what is left of a conversation. Rejects when the store does. */
  const settleRest = async (conversation: string): Promise<void> => {
    for (const messageId of unsettled.get(conversation) ?? []) {
      await store.settle(messageId, conversation);
      unsettled.get(conversation)?.delete(messageId);
    }
    if (!unsettled.get(conversation)?.size) unsettled.delete(conversation);
  };

  /** What is kept, with what waits here laid over it. Rejects when the store does. */
  const look = async (conversation: string): Promise<StoredSession | undefined> => {
    if (waiting.get(conversation)?.forget) {
      await store.forget(conversation);
      const entry = waiting.get(conversation);
      if (entry?.session) waiting.set(conversation, { forget: false, session: entry.session, version: 0 });
      else waiting.delete(conversation);
    }
    const kept = await store.load(conversation);
    const entry = waiting.get(conversation);
    if (!entry?.session) return kept;
    if (!kept) return { session: entry.session, version: 0 };
    const session = kept.version === entry.version ? entry.session : joined(entry.session, kept.session);
    return { session, version: kept.version };
  };

  const orLater = async (what: 'release' | 'settle', messageId: string, conversation: string): Promise<void> => {
    try {
      await store[what](messageId, conversation);
    } catch (cause) {
      put(unsettled, conversation, (unsettled.get(conversation) ?? new Set()).add(messageId), WAITING);
      retryLater();
      throw cause;
    }
  };

  const flushAll = async (): Promise<void> => {
    for (const conversation of [...unsettled.keys()]) await settleRest(conversation);
    for (const conversation of [...waiting.keys()]) {
      const before = waiting.get(conversation);
      if (!before) continue;
      const found = await look(conversation);
      const entry = waiting.get(conversation);
      if (!entry?.session || !found) continue;
      if (!(await store.save(conversation, found.session, found.version))) continue;
      if (waiting.get(conversation) === entry) waiting.delete(conversation);
    }
  };
  const flush = (): Promise<void> => {
    flushing ??= flushAll()
      .catch(() => undefined)
      .finally(() => {
        flushing = undefined;
      });
    return flushing;
  };

  return {
    waiting: () => waiting.size,
    flush,
    async load(conversation) {
      try {
        const found = await look(conversation);
        if (found) know(conversation, found.session, found.version);
        else known.delete(conversation);
        return found;
      } catch (cause) {
        const entry = waiting.get(conversation);
        if (entry) return entry.session && { session: entry.session, version: entry.version };
        const found = knownOf(conversation);
        if (found) return { session: found.session, version: found.version };
        throw cause;
      }
    },
    async save(conversation, session, version, answered) {
      try {
        const isSaved = await store.save(conversation, session, version, answered);
        known.delete(conversation);
        if (isSaved) {
          waiting.delete(conversation);
          know(conversation, session, version + 1);
        }
        return isSaved;
      } catch (cause) {
        wait(conversation, { forget: waiting.get(conversation)?.forget ?? false, session, version });
        throw cause;
      }
    },
    async forget(conversation) {
      known.delete(conversation);
      waiting.delete(conversation);
      try {
        await store.forget(conversation);
      } catch (cause) {
        wait(conversation, { forget: true, version: 0 });
        throw cause;
      }
    },
    async claim(messageId, conversation) {
      if (taken.has(messageId)) return false;
      put(taken, messageId, true, TAKEN);
      return store.claim(messageId, conversation);
    },
    async turn(messageId, conversation) {
      await settleRest(conversation);
      await store.turn(messageId, conversation);
    },
    release: (messageId, conversation) => orLater('release', messageId, conversation),
    settle: (messageId, conversation) => orLater('settle', messageId, conversation),
    async close() {
      clearTimeout(timer);
      if (waiting.size || unsettled.size) await flush();
      await store.close();
    },
  };
}
