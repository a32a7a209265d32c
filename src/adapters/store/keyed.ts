import { createHmac } from 'node:crypto';
import type { SessionStore } from '../../core/session.ts';

/** Hides ids: HMAC-SHA-256 under the key, cut to 160 bits. Who does not know the key can neither read an id nor try ids out. */
export const createHide =
  (key: string) =>
  (id: string): string =>
    createHmac('sha256', key).update(id).digest('base64url').slice(0, 27);

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
