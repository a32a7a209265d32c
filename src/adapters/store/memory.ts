import type { SessionStore, StoredSession } from '../../core/session.ts';

/** How many ids of answered messages are remembered; the oldest go first. */
const CLAIMS = 50_000;

/** A store in the memory of this process. Sessions expire `ttlMs` milliseconds after their last save. */
export function createMemoryStore(ttlMs: number, now: () => number = Date.now): SessionStore {
  const sessions = new Map<string, StoredSession & { readonly until: number }>();
  const claims = new Set<string>();
  const kept = (conversation: string) => {
    const found = sessions.get(conversation);
    if (found && found.until <= now()) sessions.delete(conversation);
    return found && found.until > now() ? found : undefined;
  };
  return {
    async load(conversation) {
      const found = kept(conversation);
      return found && { session: found.session, version: found.version };
    },
    async save(conversation, session, version) {
      if ((kept(conversation)?.version ?? 0) !== version) return false;
      sessions.delete(conversation);
      sessions.set(conversation, { session, version: version + 1, until: now() + ttlMs });
      for (const [key, { until }] of sessions) {
        if (until > now()) break;
        sessions.delete(key);
      }
      return true;
    },
    async forget(conversation) {
      sessions.delete(conversation);
    },
    async claim(messageId) {
      if (claims.has(messageId)) return false;
      claims.add(messageId);
      const oldest = claims.size > CLAIMS ? claims.values().next().value : undefined;
      if (oldest !== undefined) claims.delete(oldest);
      return true;
    },
    async close() {
      sessions.clear();
      claims.clear();
    },
  };
}
