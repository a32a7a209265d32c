import type { SessionStore } from '../../core/session.ts';

/** Runs a call to the store and rejects when it takes too long. */
export type Patience = <T>(work: () => Promise<T>, patienceMs?: number) => Promise<T>;

/**
 * Bounds every call by `patienceMs` milliseconds. After one that took longer, the store is left alone for `restMs`: calls reject at
 * once, so that one message does not wait at each of its calls. Then one call tries, and the rest follow when it succeeds.
 */
export function createPatience(
  patienceMs: number,
  restMs: number,
  now: () => number = () => performance.now(),
): Patience {
  let restsUntil: number | undefined;
  let isTrying = false;
  return async (work, ms = patienceMs) => {
    const tries = restsUntil !== undefined;
    if (restsUntil !== undefined) {
      if (now() < restsUntil || isTrying) throw new Error('the store is too slow and is left alone for a moment');
      isTrying = true;
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        restsUntil = now() + restMs;
        reject(new Error(`the store did not answer within ${ms} ms`));
      }, ms);
    });
    try {
      const result = await Promise.race([work(), late]);
      if (tries) restsUntil = undefined;
      return result;
    } finally {
      clearTimeout(timer);
      if (tries) isTrying = false;
    }
  };
}

/** How long a message may wait for those before it in its conversation, in milliseconds; the store gives up earlier by itself. */
const TURN_MS = 3_000;

/** A store whose calls reject when they take too long: a person gets an answer without the store rather than none. */
export function withPatience(store: SessionStore, patience: Patience): SessionStore {
  return {
    load: (conversation) => patience(() => store.load(conversation)),
    save: (...saved) => patience(() => store.save(...saved)),
    forget: (conversation) => patience(() => store.forget(conversation)),
    claim: (...message) => patience(() => store.claim(...message)),
    turn: (...message) => patience(() => store.turn(...message), TURN_MS),
    settle: (...message) => patience(() => store.settle(...message)),
    close: () => patience(() => store.close(), TURN_MS),
  };
}
