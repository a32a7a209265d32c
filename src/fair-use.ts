import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { Patience } from './adapters/store/patient.ts';
import type { Admit } from './core/bot.ts';

/**
 * Messages a person may send in a minute, and all persons of a place: generous, a talk never comes near. Two processes that are both
 * given every message (Discord) count it twice.
 */
const PER_PERSON = 60;
const PER_PLACE = 1200;
/** How long counting may take, in milliseconds: nobody waits for it. */
const COUNT_MS = 400;
/** Times in a minute that a person over the limit is told so; after that the bot is silent, except for danger signs. */
const TOLD = 1;

const isOver = (fault: unknown): boolean => typeof fault === 'object' && fault !== null && 'msBeforeNext' in fault;

/** What fair use needs of the store: how ids are hidden, how long it may take, and Redis when several processes count together. */
export interface FairUseStore {
  readonly hide: (id: string) => string;
  readonly patience: Patience;
  readonly redis?: unknown;
}

/**
 * Fair use in the memory of this process, or on Redis for several processes. Rejects when Redis does not answer: then everybody is
 * let in.
 */
export function createAdmit({ hide, patience, redis }: FairUseStore): Admit {
  const limiter = (keyPrefix: string, points: number) =>
    redis
      ? new RateLimiterRedis({
          storeClient: redis,
          useRedisPackage: true,
          keyPrefix,
          points,
          duration: 60,
          rejectIfRedisNotReady: true,
          // Who is over the limit is remembered here and costs Redis nothing more.
          inMemoryBlockOnConsumed: points + 1,
        })
      : new RateLimiterMemory({ keyPrefix, points, duration: 60 });
  const person = limiter('rbb:person', PER_PERSON);
  const place = limiter('rbb:place', PER_PLACE);
  const told = limiter('rbb:told', TOLD);
  const over = (limit: typeof person, id: string): Promise<boolean> =>
    patience(
      () =>
        limit.consume(hide(id)).then(
          () => false,
          (fault: unknown) => {
            if (isOver(fault)) return true;
            throw fault;
          },
        ),
      COUNT_MS,
    );
  return async (conversation) => {
    const at = conversation.lastIndexOf(':');
    if (!(await over(person, conversation)) && !(await over(place, conversation.slice(0, at)))) return 'yes';
    return (await over(told, conversation)) ? 'silent' : 'slow';
  };
}
