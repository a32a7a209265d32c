import { afterAll, describe, expect, test } from 'vitest';
import { createMemoryStore } from '../src/adapters/store/memory.ts';
import { createPatience } from '../src/adapters/store/patient.ts';
import { openRedisStore } from '../src/adapters/store/redis.ts';
import { createBot } from '../src/core/bot.ts';
import { createAdmit } from '../src/fair-use.ts';
import { brain } from './brain.ts';
import { hasRedis, type RealRedis, startRedis } from './redis.ts';

let redis: RealRedis | undefined;
afterAll(() => redis?.stop());

const NUMB = 'my groin has gone numb since yesterday';
const inMemory = () => ({ hide: (id: string) => id, patience: createPatience(5_000, 0) });

/** A bot with limits in memory, and the messages that were only checked. */
function limitedBot() {
  let limited = 0;
  const bot = createBot(
    () => brain,
    createMemoryStore(3_600_000),
    { limited: () => limited++ },
    createAdmit(inMemory()),
  );
  let n = 0;
  return {
    limited: () => limited,
    say: (conversation: string, text: string) => bot({ id: `${conversation} ${n++}`, conversation, text }),
  };
}

describe('fair use', () => {
  test('never comes near a quick talk', async () => {
    const { say, limited } = limitedBot();
    for (let i = 0; i < 30; i++) expect((await say('a:b:quick', 'are my shoes the problem?'))?.kind).toBe('answer');
    expect(limited()).toBe(0);
  });

  test('tells who writes too much once, is silent then, and still hears a danger sign', async () => {
    const { say } = limitedBot();
    for (let i = 0; i < 60; i++) await say('a:b:much', 'thanks');
    expect(JSON.stringify((await say('a:b:much', 'thanks'))?.parts)).toContain('Give me a minute');
    expect(await say('a:b:much', 'thanks')).toBeUndefined();
    expect(await say('a:b:much', NUMB)).toMatchObject({ urgency: 'emergency', signs: ['saddle-numbness'] });
    expect((await say('a:b:another', 'thanks'))?.kind).toBe('smalltalk');
  });

  test('bounds a whole place, and not its danger signs', async () => {
    const { say } = limitedBot();
    for (let i = 0; i < 1200; i++) await say(`a:crowded:person${i % 60}`, 'thanks');
    expect(JSON.stringify((await say('a:crowded:late', 'thanks'))?.parts)).toContain('Give me a minute');
    expect((await say('a:crowded:late', NUMB))?.urgency).toBe('emergency');
    expect((await say('a:elsewhere:late', 'thanks'))?.kind).toBe('smalltalk');
  });

  test('of a flood of 10,000 messages of one person lets others be answered in between, and hears the danger sign in it', async () => {
    const { say, limited } = limitedBot();
    let done = 0;
    let heard: string | undefined;
    // Ten thousand different texts of ordinary words.
    const words = ['shoes', 'run', 'hill', 'knee', 'road', 'fast', 'slow', 'long', 'park', 'race'];
    const text = (i: number) => [...String(i).padStart(4, '0')].map((digit) => words[Number(digit)]).join(' ');
    const flood = Array.from({ length: 10_000 }, (_, i) =>
      say('a:b:flood', i === 7_000 ? NUMB : text(i)).then((reply) => {
        done++;
        if (reply?.urgency === 'emergency') heard ??= 'emergency';
      }),
    );
    const before = done;
    const other = await say('a:b:other', 'what stretches help my lower back?');
    expect(other?.kind).toBe('answer');
    // The other waits for a handful of the flood, not for its thousands.
    expect(done - before).toBeLessThan(200);
    await Promise.all(flood);
    expect(heard).toBe('emergency');
    expect(limited()).toBeGreaterThan(9_900);
  }, 300_000);

  test.skipIf(!hasRedis)('is counted on Redis across processes, under hidden ids', async () => {
    redis = await startRedis();
    const stores = await Promise.all([0, 1].map(() => openRedisStore(redis?.url ?? '', 1, () => {})));
    const [one, two] = stores.map((s) =>
      createAdmit({ hide: () => 'hidden', patience: createPatience(5_000, 0), redis: s.client }),
    );
    const said = [];
    for (let i = 0; i < 31; i++) said.push(await one?.('a:b:c'), await two?.('a:b:c'));
    expect(said.slice(0, 60)).toEqual(Array(60).fill('yes'));
    expect(said.slice(60)).toEqual(['slow', 'silent']);
    expect((await stores[0]?.client.keys('*'))?.filter((k) => k.includes('a:b'))).toEqual([]);
    await Promise.all(stores.map((s) => s.close()));
  });
});
