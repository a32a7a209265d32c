import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openRedisStore } from '../src/adapters/store/redis.ts';
import { createLog } from '../src/log.ts';
import { startBot } from './bot-process.ts';
import { hasRedis, startRedis } from './redis.ts';

const folder = mkdtempSync(join(tmpdir(), 'privacy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const WORDS = 'Zebedee says my groin has gone numb since the quokkathon';
const TRACES = /Zebedee|quokka|groin|numb|Quentin|secret-place/i;
/** All that a line of a log may hold. */
const FIELDS = new Set(
  'level time msg channel channels kind urgency signs ms where err host port store hours region passages node'.split(
    ' ',
  ),
);

describe('what a person wrote', () => {
  test('is neither in the log at its most talkative, nor in the file, nor in what lies beside it', async () => {
    const bot = await startBot({ STORE_URL: `file:${join(folder, 'bot.db')}`, PORT: '0' });
    const talk = { conversation: 'discord:secret-place:Quentin' };
    expect((await bot.ask({ ...talk, id: 'secret-place-1', text: WORDS })).urgency).toBe('emergency');
    await bot.ask({ ...talk, id: '2', text: 'how does Zebedee mend a quokka?' });
    await bot.ask({ ...talk, id: '3', text: '', choice: 'topic:Zebedee' });
    await bot.end('SIGKILL');
    const log = JSON.stringify(bot.log);
    expect(log).not.toMatch(TRACES);
    expect(bot.log.flatMap((line) => Object.keys(line)).filter((key) => !FIELDS.has(key))).toEqual([]);
    for (const file of readdirSync(folder)) {
      // The one place where a danger sign is named, by its id, is the session under a hashed id.
      const text = readFileSync(join(folder, file), 'latin1').replaceAll(/[a-z]+-numb[a-z]*/g, '');
      expect(text).not.toMatch(TRACES);
    }
  });

  test.skipIf(!hasRedis)('is not in the log when the store fails, nor in Redis', async () => {
    const redis = await startRedis();
    const key = ['a', 'key', 'nobody', 'may', 'see'].join('-');
    const bot = await startBot({ STORE_URL: redis.url, STORE_KEY: key });
    const talk = { conversation: 'discord:secret-place:Quentin' };
    await bot.ask({ ...talk, id: '1', text: WORDS });
    const store = await openRedisStore(redis.url, 1, () => {});
    const all = await Promise.all(
      (await store.client.keys('*')).map(async (k) =>
        (await store.client.type(k)) === 'hash' ? JSON.stringify(await store.client.hGetAll(k)) : k,
      ),
    );
    expect(all.join('\n').replaceAll('saddle-numbness', '')).not.toMatch(TRACES);
    await store.close();
    await redis.kill();
    expect((await bot.ask({ ...talk, id: '2', text: WORDS })).urgency).toBe('emergency');
    await bot.logged('a call failed');
    await bot.end('SIGTERM');
    expect(JSON.stringify(bot.log)).not.toMatch(TRACES);
    expect(JSON.stringify(bot.log)).not.toContain(key);
    await redis.stop();
  });

  test('is left out when an error of a library carries it, and so are tokens', () => {
    const lines: string[] = [];
    const log = createLog('debug', { write: (line: string) => void lines.push(line) });
    const token = ['xoxb', '12345', 'abcdef'].join('-');
    const error = Object.assign(new Error(`request with ${token} failed`), {
      request: { body: WORDS },
      requestBody: { json: { content: WORDS } },
    });
    log.error({ err: error }, 'failed');
    log.error({ message: { text: WORDS, content: WORDS } }, 'failed');
    expect(lines).toHaveLength(2);
    expect(lines.join('')).not.toMatch(TRACES);
    expect(lines.join('')).not.toContain(token);
  });
});

describe('forget, in words and by command', () => {
  for (const [text, choice] of [
    ['forget me', undefined],
    ['Please delete my data', undefined],
    ['forget everything about me', undefined],
    ['', 'forget'],
  ] as const)
    test(`"${text || choice}" deletes at once what the file holds`, async () => {
      const path = join(folder, `forget ${text || choice}.db`);
      const bot = await startBot({ STORE_URL: `file:${path}` });
      const talk = { conversation: 'discord:place:person' };
      await bot.ask({ ...talk, id: '1', text: 'my groin has gone numb since yesterday' });
      const said = await bot.ask({ ...talk, id: '2', text, ...(choice ? { choice } : {}) });
      expect(said.text).toContain('I have deleted all I kept');
      expect(await bot.ask({ ...talk, id: '3', text: 'hello' })).toMatchObject({ urgency: 'none', signs: [] });
      await bot.end('SIGTERM');
    });
});
