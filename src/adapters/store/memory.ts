import type { StoredSession } from '../../core/session.ts';
import { ANSWERED_MS, LEASE_MS, type Store } from './store.ts';

/** How many ids of answered messages are remembered; the oldest go first. */
const CLAIMS = 50_000;

/** A store in the memory of this process. Sessions expire `ttlMs` milliseconds after their last save. */
export function createMemoryStore(ttlMs: number, now: () => number = Date.now): Store {
  const sessions = new Map<string, StoredSession & { readonly until: number }>();
  /** Message ids and the time until which they are taken. */
  const claims = new Map<string, number>();
  const records = new Map<string, string>();
  const tallies = new Map<string, number>();
  let notes: { readonly day: string; readonly body: string }[] = [];
  const kept = (conversation: string) => {
    const found = sessions.get(conversation);
    if (found && found.until <= now()) sessions.delete(conversation);
    return found && found.until > now() ? found : undefined;
  };
  const take = (messageId: string, forMs: number): void => {
    claims.delete(messageId);
    claims.set(messageId, now() + forMs);
    const oldest = claims.size > CLAIMS ? claims.keys().next().value : undefined;
    if (oldest !== undefined) claims.delete(oldest);
  };
  return {
    async load(conversation) {
      const found = kept(conversation);
      return found && { session: found.session, version: found.version };
    },
    async save(conversation, session, version, answered) {
      if ((kept(conversation)?.version ?? 0) !== version) return false;
      sessions.delete(conversation);
      sessions.set(conversation, { session, version: version + 1, until: now() + ttlMs });
      for (const [key, { until }] of sessions) {
        if (until > now()) break;
        sessions.delete(key);
      }
      if (answered) take(answered, ANSWERED_MS);
      return true;
    },
    async forget(conversation) {
      sessions.delete(conversation);
    },
    async claim(messageId) {
      if ((claims.get(messageId) ?? 0) > now()) return false;
      take(messageId, LEASE_MS);
      return true;
    },
    // One process: the bot's own queue keeps the order.
    async turn() {},
    async release() {},
    async settle(messageId) {
      take(messageId, ANSWERED_MS);
    },
    async close() {
      sessions.clear();
      claims.clear();
    },
    records: {
      get: async (id) => records.get(id),
      put: async (id, body) => void records.set(id, body),
      remove: async (id) => void records.delete(id),
    },
    tallies: {
      add: async (name) => void tallies.set(name, (tallies.get(name) ?? 0) + 1),
      all: async () => new Map(tallies),
    },
    notes: {
      add: async (day, body, since, most) => {
        notes = [{ day, body }, ...notes.filter((n) => n.day >= since)].slice(0, most);
      },
      all: async () => notes,
      clear: async () => {
        notes = [];
      },
    },
    fault: async () => undefined,
  };
}
