import type { SessionStore } from '../../core/session.ts';

/** Runs a call to the store and rejects when it takes too long. `isLong` is for calls that wait by their nature. */
export type Patience = <T>(work: () => Promise<T>, patienceMs?: number, isLong?: boolean) => Promise<T>;

/** Calls that run at once; others wait for them in order, so that a crowd of our own making is not taken for a slow store. */
const AT_ONCE = 64;

/** Lets a number of callers in at once, the others in their order. */
function createDoor(atOnce: number): { readonly enter: () => Promise<void> | undefined; readonly leave: () => void } {
  let inside = 0;
  let waiting: (() => void)[] = [];
  let next = 0;
  return {
    enter: () => {
      if (inside < atOnce) {
        inside++;
        return undefined;
      }
      return new Promise((resolve) => waiting.push(resolve));
    },
    leave: () => {
      const go = waiting[next++];
      if (!go) inside--;
      else go();
      if (next === waiting.length || !go) {
        waiting = [];
        next = 0;
      }
    },
  };
}

/** For a store that answers at once and cannot fail: nothing is bounded. */
export const noPatience: Patience = (work) => work();

/**
 * Bounds every call by `patienceMs` milliseconds. When one took longer and nothing else was answered meanwhile, the store is left alone
 * for `restMs`: calls reject at once, so that one message does not wait at each of its calls. Then one call tries, and the rest follow
 * when it succeeds.
 */
export function createPatience(
  patienceMs: number,
  restMs: number,
  now: () => number = () => performance.now(),
): Patience {
  const door = createDoor(AT_ONCE);
  let restsUntil: number | undefined;
  let isTrying = false;
  /** Calls that were answered so far. */
  let answers = 0;

  const bounded = async <T>(work: () => Promise<T>, ms: number): Promise<T> => {
    const tries = restsUntil !== undefined;
    if (restsUntil !== undefined) {
      if (now() < restsUntil || isTrying) throw new Error('the store is too slow and is left alone for a moment');
      isTrying = true;
    }
    let timer: NodeJS.Timeout | undefined;
    let isDone = false;
    const begun = performance.now();
    const before = answers;
    const late = new Promise<never>((_, reject) => {
      const giveUp = () => {
        // A store that has answered others meanwhile is busy, not gone.
        if (answers === before) restsUntil = now() + restMs;
        reject(new Error(`the store did not answer within ${ms} ms`));
      };
      // When this process itself was held up, the answer may lie here unread: it gets the time again, and is read before the store is blamed.
      const isOver = () =>
        performance.now() - begun > ms * 1.2
          ? setTimeout(() => setImmediate(() => setImmediate(() => isDone || giveUp())), ms)
          : setImmediate(() => setImmediate(() => isDone || giveUp()));
      timer = setTimeout(isOver, ms);
    });
    try {
      const result = await Promise.race([work(), late]);
      answers++;
      if (tries) restsUntil = undefined;
      return result;
    } finally {
      isDone = true;
      clearTimeout(timer);
      if (tries) isTrying = false;
    }
  };

  return async (work, ms = patienceMs, isLong = false) => {
    if (isLong) return bounded(work, ms);
    await door.enter();
    try {
      return await bounded(work, ms);
    } finally {
      door.leave();
    }
  };
}

/** A claim that fails may let a message be answered twice, so it is given longer than a call without which the answer is as good. */
const CLAIM_MS = 1_500;
/** How long a message may wait for those before it in its conversation, in milliseconds; the store gives up earlier by itself. */
const TURN_MS = 12_000;
/** How long closing may take, in milliseconds. */
const CLOSE_MS = 1_500;

/** A store whose calls reject when they take too long: a person gets an answer without the store rather than none. */
export function withPatience(store: SessionStore, patience: Patience): SessionStore {
  return {
    load: (conversation) => patience(() => store.load(conversation)),
    save: (...saved) => patience(() => store.save(...saved)),
    forget: (conversation) => patience(() => store.forget(conversation)),
    claim: (...message) => {
      let isLate = false;
      const work = () => {
        const claimed = store.claim(...message);
        // Taken after all, but too late: the place in the line is given back, so that nobody waits for it.
        claimed.then((mine) => (isLate && mine ? store.settle(...message) : undefined)).catch(() => undefined);
        return claimed;
      };
      return patience(work, CLAIM_MS).catch((cause: unknown) => {
        isLate = true;
        throw cause;
      });
    },
    turn: (...message) => patience(() => store.turn(...message), TURN_MS, true),
    release: (...message) => patience(() => store.release(...message)),
    settle: (...message) => patience(() => store.settle(...message)),
    close: () => patience(() => store.close(), CLOSE_MS, true),
  };
}
