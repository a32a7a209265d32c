import { DiscordAPIError, RateLimitError } from 'discord.js';
import type { ChannelContext } from '../channel.ts';

/** Faults of Discord's API by what can still be done about them. */
const CODES = {
  /** Too late, answered already, gone, not ours any more, or a person who takes no direct messages: nothing can be said there. */
  settled: [10062, 40060, 10008, 10015, 50007, 50027],
  /** The bot may not write in that place, or it is gone. */
  closed: [10003, 50001, 50013, 160002],
  malformed: [50035],
} as const;

const isCode = (error: unknown, codes: readonly number[]): boolean =>
  error instanceof DiscordAPIError && codes.includes(Number(error.code));

/** Nothing more can be said there. */
export const isSettled = (error: unknown): boolean => isCode(error, CODES.settled);
/** Nothing can be written in that place now: not allowed, gone, or held up by a rate limit for longer than we wait. */
export const isClosed = (error: unknown): boolean => isCode(error, CODES.closed) || error instanceof RateLimitError;
/** Discord does not take the form of the message. */
export const isMalformed = (error: unknown): boolean => isCode(error, CODES.malformed);

/** Whether something is seen for the first time, among the last `size` things. */
export function createSeen(size: number): (id: string) => boolean {
  const seen = new Set<string>();
  return (id) => {
    if (seen.has(id)) return false;
    seen.add(id);
    if (seen.size > size) for (const oldest of seen) return seen.delete(oldest);
    return true;
  };
}

/** Runs handlers so that none ends the process, and knows which are still at work. */
export interface Boundary {
  /** Runs `work`; what fails is logged without a person's words, then told to the person by `apologise`. */
  run(what: string, work: () => Promise<unknown>, apologise: () => Promise<unknown>): void;
  /** Runs nothing new from now on, and resolves when what runs has ended. */
  close(): Promise<void>;
}

/** Makes a boundary that logs and counts faults. */
export function createBoundary({ log, count }: Pick<ChannelContext, 'log' | 'count'>): Boundary {
  const running = new Set<Promise<void>>();
  let isOpen = true;
  const guarded = async (what: string, work: () => Promise<unknown>, apologise: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      count('error');
      if (isSettled(error)) return log.warn({ what, err: error }, 'discord: nothing more can be said there');
      log.error({ what, err: error }, 'discord: a handler failed');
      await apologise().catch((second: unknown) =>
        log.warn({ what, err: second }, 'discord: the apology could not be sent'),
      );
    }
  };
  return {
    run(what, work, apologise) {
      if (!isOpen) return;
      const job: Promise<void> = guarded(what, work, apologise).finally(() => running.delete(job));
      running.add(job);
    },
    async close() {
      isOpen = false;
      await Promise.all(running);
    },
  };
}
