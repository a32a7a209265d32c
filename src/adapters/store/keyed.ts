import { createHmac } from 'node:crypto';
import type { SessionStore } from '../../core/session.ts';

/** Hidden ids kept at hand: each is asked for several times while its message is answered. */
const KEPT = 256;

/** Hides ids: HMAC-SHA-256 under the key, cut to 160 bits. Who does not know the key can neither read an id nor try ids out. */
export const createHide = (key: string): ((id: string) => string) => {
  const kept = new Map<string, string>();
  return (id) => {
    const known = kept.get(id);
    if (known !== undefined) return known;
    const hidden = createHmac('sha256', key).update(id).digest('base64url').slice(0, 27);
    kept.set(id, hidden);
    const oldest = kept.size > KEPT ? kept.keys().next().value : undefined;
    if (oldest !== undefined) kept.delete(oldest);
    return hidden;
  };
};

/** A store that keeps the platform ids of places, people and messages only as keyed hashes. */
export function withKeyedIds(store: SessionStore, hide: (id: string) => string): SessionStore {
  return {
    load: (conversation) => store.load(hide(conversation)),
    save: (conversation, session, version, answered) =>
      store.save(hide(conversation), session, version, answered && hide(answered)),
    forget: (conversation) => store.forget(hide(conversation)),
    claim: (messageId, conversation) => store.claim(hide(messageId), hide(conversation)),
    turn: (messageId, conversation) => store.turn(hide(messageId), hide(conversation)),
    release: (messageId, conversation) => store.release(hide(messageId), hide(conversation)),
    settle: (messageId, conversation) => store.settle(hide(messageId), hide(conversation)),
    close: () => store.close(),
  };
}
