import type { SessionStore } from '../../core/session.ts';

/** A store whose calls reject after `patienceMs` milliseconds: a person gets an answer without the store rather than none. */
export function withPatience(store: SessionStore, patienceMs: number): SessionStore {
  const bounded = async <T>(work: Promise<T>): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`the store did not answer within ${patienceMs} ms`)), patienceMs);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    load: (conversation) => bounded(store.load(conversation)),
    save: (conversation, session, version) => bounded(store.save(conversation, session, version)),
    forget: (conversation) => bounded(store.forget(conversation)),
    claim: (messageId) => bounded(store.claim(messageId)),
    close: () => bounded(store.close()),
  };
}
