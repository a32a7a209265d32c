// One process of a bot on Redis. An order is so many messages, each of another person, so many at a time.
import { quantile } from '../../eval/statistics.ts';
import { openRedisStore } from '../../src/adapters/store/redis.ts';
import { ownCompiled } from '../../src/compiled-file.ts';
import { createBot } from '../../src/core/bot.ts';
import { brainOf } from '../../src/think.ts';
import { serveOrders } from '../job.ts';
import { MESSAGES } from '../messages.ts';

const [url = '', name = '0'] = process.argv.slice(2);
const brain = brainOf(ownCompiled(), 'GB', { hours: 24, place: 'on Redis' });
const store = await openRedisStore(url, 3_600_000, (cause) => {
  throw cause;
});
let troubles = 0;
const respond = createBot(() => brain, store, { trouble: () => void troubles++ });

/** Messages on their way at once. */
const AT_ONCE = 16;
let round = 0;

serveOrders(async (count) => {
  round++;
  let next = 0;
  const times: number[] = [];
  const start = performance.now();
  const worker = async (): Promise<void> => {
    while (next < Number(count)) {
      const i = next++;
      const before = performance.now();
      await respond({
        id: `${name}:${round}:${i}`,
        conversation: `bench:${name}:${i % 500}`,
        text: MESSAGES[i % MESSAGES.length] ?? '',
      });
      times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return {
    seconds: (performance.now() - start) / 1000,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    troubles,
  };
});
