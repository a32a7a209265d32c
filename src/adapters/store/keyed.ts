import { createHmac } from 'node:crypto';
import type { SessionStore } from '../../core/session.ts';

/**
 * A store that keeps platform ids only as keyed hashes (HMAC-SHA-256, cut to 160 bits): who holds the store without the key cannot tell
 * whose session it is, nor try ids out.
 */
export function withKeyedIds(store: SessionStore, key: string): SessionStore {
  const hidden = (id: string): string => createHmac('sha256', key).update(id).digest('base64url').slice(0, 27);
  return {
    load: (conversation) => store.load(hidden(conversation)),
    save: (conversation, session, version) => store.save(hidden(conversation), session, version),
    forget: (conversation) => store.forget(hidden(conversation)),
    claim: (messageId) => store.claim(hidden(messageId)),
    close: () => store.close(),
  };
}
