import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWebChannel, render } from '../docs/example-channel.ts';
import type { ChannelContext } from '../src/adapters/channel.ts';
import { createMemoryStore } from '../src/adapters/store/memory.ts';
import { createBot, type Respond } from '../src/core/bot.ts';
import { brain } from './brain.ts';

const contextOf = (respond: Respond, logged: string[] = []): ChannelContext => ({
  respond,
  log: pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) }),
  topics: [],
  suggest: () => [],
  show: () => undefined,
  feedback: () => {},
  count: () => {},
  fatal: () => {},
  mount: () => {},
});

const channel = createWebChannel(0, contextOf(createBot(() => brain, createMemoryStore(60_000))));
beforeAll(() => channel.start());
afterAll(() => channel.stop(1_000));

const post = (port: number, body: unknown) =>
  fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
const say = async (talk: string, text: string, more: object = {}) => {
  const response = await post(channel.port(), { talk, id: randomUUID(), text, ...more });
  return ((await response.json()) as { html: string }).html;
};

test('docs/channel.md shows the example as it is compiled and run here', () => {
  const shown = /```ts\n([\s\S]*?)```/.exec(readFileSync('docs/channel.md', 'utf8'))?.[1];
  expect(shown).toBe(readFileSync('docs/example-channel.ts', 'utf8'));
});

test('the example answers with its source, and keeps the talk', async () => {
  const talk = randomUUID();
  expect(await say(talk, 'are my shoes the problem?')).toContain('<cite>Shoes and gear');
  expect(await say(talk, 'why?')).toContain('gait');
});

test('the example puts a warning first, and presses a choice', async () => {
  const talk = randomUUID();
  expect(await say(talk, 'my groin has gone numb since yesterday')).toMatch(/^<p role="alert">/);
  expect(await say(talk, '', { choice: 'forget' })).toContain('deleted');
});

test('the example answers a message once, and refuses what is not one', async () => {
  const sent = { talk: randomUUID(), id: randomUUID(), text: 'hello' };
  expect((await post(channel.port(), sent)).status).toBe(200);
  expect((await post(channel.port(), sent)).status).toBe(204);
  for (const bad of ['no json', '', '{}', { ...sent, talk: 'me' }, { ...sent, text: 'a'.repeat(30_000) }])
    expect((await post(channel.port(), bad)).status).toBe(400);
  expect((await fetch(`http://127.0.0.1:${channel.port()}/`)).status).toBe(400);
});

test('the example shows markup as text', () => {
  const html = render({
    kind: 'help',
    urgency: 'none',
    signs: [],
    sources: [],
    confidence: 1,
    personal: false,
    parts: [{ kind: 'text', text: '<script>"a" & \'b\'</script>' }],
  });
  expect(html).toBe('<p>&#60;script&#62;&#34;a&#34; &#38; &#39;b&#39;&#60;/script&#62;</p>');
});

test('the example logs the cause of a fault and no words of the person', async () => {
  const logged: string[] = [];
  const broken = createWebChannel(
    0,
    contextOf(() => Promise.reject(new Error('out of order')), logged),
  );
  await broken.start();
  expect((await post(broken.port(), { talk: randomUUID(), id: randomUUID(), text: 'my secret ache' })).status).toBe(
    500,
  );
  await broken.stop(1_000);
  expect(logged.join()).toContain('out of order');
  expect(logged.join()).not.toContain('secret');
});

test('a port that is taken is told when the example starts', async () => {
  const second = createWebChannel(
    channel.port(),
    contextOf(() => Promise.resolve(undefined)),
  );
  await expect(second.start()).rejects.toThrow(/port \d+ cannot be had/);
});
