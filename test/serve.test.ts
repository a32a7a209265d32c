import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startBot } from './bot-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'serve-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const get = (port: unknown, path: string, method = 'GET') =>
  new Promise<{ status: number; body: string }>((resolve, reject) => {
    const asked = request({ port: Number(port), path, method, host: '127.0.0.1' }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on('error', reject);
    asked.end();
  });

test('a running bot tells its health, readiness and counts over HTTP, and nothing of people', async () => {
  const bot = await startBot({ PORT: '0', STORE_URL: `file:${join(folder, 'health.db')}` });
  const { port } = await bot.logged('listening');
  await bot.ask({ id: '1', conversation: 'discord:place:Mallory', text: 'my groin has gone numb since yesterday' });
  expect(await get(port, '/healthz')).toEqual({ status: 200, body: 'ok\n' });
  expect(await get(port, '/readyz')).toEqual({ status: 200, body: 'ready\n' });
  const { body } = await get(port, '/metrics');
  expect(body).toContain('bot_turns_total{kind="escalate",urgency="emergency"} 1');
  expect(body).toContain('bot_turn_seconds_count 1');
  expect(body).toContain('bot_messages_waiting 0');
  expect(body).not.toMatch(/Mallory|groin|saddle/);
  expect((await get(port, '/elsewhere')).status).toBe(404);
  expect((await get(port, '/healthz', 'POST')).status).toBe(405);
  expect(await bot.end('SIGTERM')).toBe(0);
});

test('a request that never ends its headers is cut, and others are served meanwhile', async () => {
  const bot = await startBot({ PORT: '0' });
  const { port } = await bot.logged('listening');
  const slow = connect(Number(port), '127.0.0.1');
  slow.write('GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ');
  const cut = new Promise((resolve) => slow.on('close', resolve));
  slow.resume();
  expect((await get(port, '/healthz')).status).toBe(200);
  await cut;
  await bot.end('SIGTERM');
}, 30_000);

test('the banner says what runs, and holds no secret', async () => {
  const secret = ['a', 'secret', 'of', 'the', 'test'].join('-');
  const bot = await startBot({ STORE_KEY: secret, DISCORD_TOKEN: `${secret}-token` });
  const banner = await bot.logged('running');
  expect(banner).toMatchObject({ channels: ['discord'], store: 'memory', hours: 24, region: 'GB', passages: 16 });
  await bot.end('SIGTERM');
  expect(JSON.stringify(bot.log)).not.toContain(secret);
});

test('at SIGTERM what was taken is still answered, then the bot ends with 0', async () => {
  const bot = await startBot({ SLOW_SEND: '300' });
  const answers = ['1', '2', '3'].map((id) => bot.ask({ id, conversation: `a:b:${id}`, text: 'are my shoes old?' }));
  await bot.logged('answered');
  expect(await bot.end('SIGTERM')).toBe(0);
  expect((await Promise.all(answers)).map((a) => a.kind)).toEqual(['answer', 'answer', 'answer']);
  expect(bot.log.at(-1)?.msg).toBe('stopped');
});

test('at SIGHUP a new corpus is used without a stop, and a faulty one is told while the old one stays', async () => {
  const corpus = join(folder, 'corpus');
  cpSync('corpus', corpus, { recursive: true });
  const bot = await startBot({ CORPUS_DIR: corpus });
  const wording = join(corpus, 'wording.yaml');
  const sound = readFileSync(wording, 'utf8');

  writeFileSync(wording, `${sound}\nstray: line\n`);
  bot.child.kill('SIGHUP');
  const refused = await bot.logged('the old one stays');
  expect(JSON.stringify(refused)).toMatch(/wording\.yaml.*stray/);
  const still = await bot.ask({ id: '1', conversation: 'a:b:c', text: 'forget me' });
  expect(still.text).toContain('I have deleted all');

  writeFileSync(wording, sound.replace('Done. I have deleted all', 'Gone is all'));
  bot.child.kill('SIGHUP');
  // While the new corpus is trained in a thread of its own, people are answered.
  const meanwhile = await bot.ask({ id: '2', conversation: 'a:b:c', text: 'my groin has gone numb since yesterday' });
  expect(meanwhile.urgency).toBe('emergency');
  expect(bot.log.some((l) => String(l.msg).includes('the new one is in use'))).toBe(false);
  await bot.logged('the new one is in use');
  expect((await bot.ask({ id: '3', conversation: 'a:b:c', text: 'forget me' })).text).toContain('Gone is all');
  expect(await bot.end('SIGTERM')).toBe(0);
}, 300_000);

test('a port that is taken is told in one line, and the bot ends with 1', async () => {
  const first = await startBot({ PORT: '0' });
  const { port } = await first.logged('listening');
  await expect(startBot({ PORT: String(port) })).rejects.toThrow(/PORT .* is taken/);
  await first.end('SIGTERM');
});
