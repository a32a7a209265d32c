import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openStore } from '../src/open-store.ts';
import { readSettings } from '../src/settings.ts';
import { type BotProcess, startBot } from './bot-process.ts';
import { hasRedis, type RealRedis, startRedis } from './redis.ts';

const folder = mkdtempSync(join(tmpdir(), 'kill-'));
let redis: RealRedis | undefined;
afterAll(async () => {
  await redis?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Sentences and the danger sign that each must leave behind. */
const DANGER: readonly (readonly [text: string, sign: string])[] = [
  ['my groin has gone numb since yesterday', 'saddle-numbness'],
  ['I have had crushing chest pain since this morning', 'chest-pain'],
];
const ORDINARY = ['are my shoes the problem?', 'why?', 'thanks', 'what stretches help?'];

/** Numbers that look random and are the same in each run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Kills a bot `kills` times, at a random moment each time while messages flow, and looks in the store for every finding that a person
 * had been told of. Bots are started ahead, so that a kill does not wait for a start.
 */
async function killAndLook(env: Readonly<Record<string, string>>, kills: number, seed: number): Promise<number> {
  const random = numbers(seed);
  const told = new Map<string, Set<string>>();
  let next = 0;
  let spare: Promise<BotProcess> = startBot(env);
  for (let kill = 0; kill < kills; kill++) {
    const bot = await spare;
    spare = startBot(env);
    const expected = new Map<string, readonly [string, string]>();
    // The moment is counted in answers, and then in steps of the event loop: any point of a turn can be the last.
    const until = 1 + Math.floor(random() * 24);
    let steps = Math.floor(random() * 40);
    let answers = 0;
    const reached = new Promise<void>((resolve) => {
      bot.onSaid((said) => {
        const [conversation, sign] = expected.get(said.id) ?? [];
        if (conversation && sign && said.signs?.includes(sign))
          told.set(conversation, (told.get(conversation) ?? new Set()).add(sign));
        if (++answers === until) resolve();
      });
    });
    for (let i = 0; i < 40; i++) {
      const n = next++;
      const conversation = `discord:place:person${Math.floor(random() * kills * 4)}`;
      const danger = random() < 0.4 ? DANGER[n % DANGER.length] : undefined;
      if (danger) expected.set(`m${n}`, [conversation, danger[1]]);
      bot.send({ id: `m${n}`, conversation, text: danger?.[0] ?? ORDINARY[n % ORDINARY.length] ?? '' });
    }
    await reached;
    while (steps-- > 0) await new Promise((resolve) => setImmediate(resolve));
    await bot.end('SIGKILL');
  }
  await (await spare).end('SIGKILL');

  const store = await openStore(readSettings({ ...env }), () => {});
  expect(store.notice).toBeUndefined();
  const lost: string[] = [];
  for (const [conversation, signs] of told) {
    const kept = (await store.sessions.load(conversation))?.session.signs.map((s) => s.flag) ?? [];
    for (const sign of signs) if (!kept.includes(sign)) lost.push(`${conversation} ${sign}`);
  }
  await store.sessions.close();
  expect(lost).toEqual([]);
  return [...told.values()].reduce((sum, signs) => sum + signs.size, 0);
}

test('after 120 kills at random moments every finding that was told is in the file', async () => {
  const env = { STORE_URL: `file:${join(folder, 'bot.db')}`, LOG_LEVEL: 'warn' };
  expect(await killAndLook(env, 120, 11)).toBeGreaterThan(200);
}, 900_000);

test.skipIf(!hasRedis)(
  'after 80 kills at random moments every finding that was told is in Redis',
  async () => {
    redis = await startRedis();
    const env = { STORE_URL: redis.url, STORE_KEY: 'the key of the killed', LOG_LEVEL: 'warn' };
    expect(await killAndLook(env, 80, 12)).toBeGreaterThan(120);
  },
  900_000,
);
