import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHide } from '../src/adapters/store/keyed.ts';
import { openRedisStore } from '../src/adapters/store/redis.ts';
import { type BotProcess, type Said, startBot } from './bot-process.ts';
import { hasRedis, type RealRedis, startRedis } from './redis.ts';

const KEY = 'the key that both processes share';
const PEOPLE = 500;
const EACH = 10;
const TEXTS = [
  'my lower back aches after long runs',
  'are my shoes the problem?',
  'why?',
  'what stretches help?',
  'how often?',
  'and on a treadmill?',
  'thanks',
  'does a strong core help?',
  'and my hips?',
  'bye',
];

/** Numbers that look random and are the same in each run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe.skipIf(!hasRedis)('two processes on one Redis', () => {
  let redis: RealRedis;
  let bots: readonly BotProcess[];
  beforeAll(async () => {
    redis = await startRedis();
    const env = { STORE_URL: redis.url, STORE_KEY: KEY, LOG_LEVEL: 'warn' };
    bots = await Promise.all([startBot(env), startBot(env)]);
  }, 60_000);
  afterAll(async () => {
    for (const bot of bots) await bot.end('SIGTERM');
    await redis.stop();
  });

  test('answer 5,000 messages of 500 people, a tenth of them redelivered, once each and in order', async () => {
    const random = numbers(7);
    const answers: Said[] = [];
    let sent = 0;
    let heard = 0;
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    for (const bot of bots)
      bot.onSaid((said) => {
        heard++;
        if (!said.silent) answers.push(said);
        if (heard === sent) finish();
      });
    const again: (() => void)[] = [];
    // Each person writes faster than anybody is answered: the messages of a talk lie between both processes at the same time.
    for (let person = 0; person < PEOPLE; person++)
      for (let turn = 0; turn < EACH; turn++) {
        const message = {
          id: `m:${person}:${turn}`,
          conversation: `discord:place${person % 20}:person${person}`,
          text: TEXTS[turn] ?? '',
        };
        // Both are given every message, as two connections to Discord are.
        for (const bot of bots) bot.send(message);
        sent += bots.length;
        if (random() < 0.1) {
          sent++;
          const late = () => bots[random() < 0.5 ? 0 : 1]?.send(message);
          if (random() < 0.5) late();
          else again.push(late);
        }
      }
    for (const late of again) late();
    await finished;

    expect(answers).toHaveLength(PEOPLE * EACH);
    expect(new Set(answers.map((a) => a.id)).size).toBe(PEOPLE * EACH);
    const talks = new Map<string, Said[]>();
    for (const answer of answers) talks.set(answer.conversation, [...(talks.get(answer.conversation) ?? []), answer]);
    const inOrder = Array.from({ length: EACH }, (_, turn) => turn);
    const disordered = [...talks].filter(([, said]) => {
      const byTime = said.sort((a, b) => Number(BigInt(a.at) - BigInt(b.at)));
      return byTime.some((a, i) => Number(a.id.split(':')[2]) !== inOrder[i]);
    });
    expect(
      disordered.map(([talk, said]) => `${talk} ${said.map((a) => `${a.id}@${a.at.slice(-11)}`).join(' ')}`),
    ).toEqual([]);
    expect(bots.flatMap((bot) => bot.log).length).toBe(0);

    const store = await openRedisStore(redis.url, 1, () => {});
    const turns = await Promise.all(
      [...talks.keys()].map(async (talk) => (await store.load(createHide(KEY)(talk)))?.session.turn),
    );
    expect(new Set(turns)).toEqual(new Set([EACH]));
    await store.close();
    // Both have worked.
    expect(sent).toBeGreaterThan(PEOPLE * EACH * 2 * 1.04);
  }, 300_000);

  test('keep platform ids only as keyed hashes', async () => {
    await bots[0]?.ask({ id: 'an-id-in-the-open', conversation: 'discord:open-place:open-person', text: 'hello' });
    const store = await openRedisStore(redis.url, 1, () => {});
    const keys = (await store.client.keys('*')).join('\n');
    expect(keys).toContain('rbb:session:');
    expect(keys).not.toMatch(/open-|discord|place\d|person\d/);
    await store.close();
  });

  test('share a warning: who told one process of numbness is warned by the other', async () => {
    const talk = { conversation: 'discord:there:somebody' };
    await bots[0]?.ask({ ...talk, id: 'n1', text: 'my groin has gone numb since yesterday' });
    const said = await bots[1]?.ask({ ...talk, id: 'n2', text: 'which shoes should I buy?' });
    expect(said).toMatchObject({ urgency: 'emergency', signs: ['saddle-numbness'] });
  });
});
