import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type RunningProgram, runProgram } from '../../fakes/program.ts';
import { eventBody, signedPost } from '../../fakes/slack/drivers.ts';
import { type FakeSlack, startFakeSlack } from '../../fakes/slack/fake.ts';

// The machine may be busy: nothing here is about how long it takes.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SECRET = ['not', 'a', 'secret'].join('-');
const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
let fake: FakeSlack;
let program: RunningProgram;
let base: string;
const events = () => `${base}/slack/events`;
const direct = () =>
  JSON.stringify(
    eventBody({
      type: 'message',
      channel_type: 'im',
      user: 'U9',
      channel: 'D9',
      ts: fake.nextTs(),
      text: 'are my shoes old?',
    }),
  );

beforeAll(async () => {
  fake = await startFakeSlack();
  program = runProgram({
    SLACK_API_URL: fake.apiUrl,
    SLACK_BOT_TOKEN: fake.tokens.bot,
    SLACK_SIGNING_SECRET: SECRET,
    PORT: '0',
  });
  const { host, port } = JSON.parse(await program.says('http: listening')) as { host: string; port: number };
  expect(host).toBe('127.0.0.1');
  base = `http://127.0.0.1:${port}`;
  await program.says('"running"');
});
afterAll(async () => {
  program.signal('SIGTERM');
  expect(await program.ended).toBe(0);
  await fake.stop();
});

test.each([
  ['another secret', { secret: 'other' }, 401],
  ['a time six minutes ago', { secret: SECRET, ageSeconds: 360 }, 401],
  ['the right secret and time', { secret: SECRET }, 200],
])('a request signed with %s gets %i', async (_, signing, status) => {
  const before = fake.shown.length;
  expect((await signedPost(events(), direct(), JSON_TYPE, signing)).status).toBe(status);
  if (status === 200) await fake.until(() => fake.shown.length > before);
  else expect(fake.shown).toHaveLength(before);
});

test('a request without a signature gets 401', async () => {
  const response = await fetch(events(), { method: 'POST', body: direct(), headers: { 'content-type': JSON_TYPE } });
  expect(response.status).toBe(401);
});

test('a body above a megabyte gets 413', async () => {
  const response = await signedPost(events(), 'x'.repeat(1024 * 1024 + 1), JSON_TYPE, { secret: SECRET });
  expect(response.status).toBe(413);
});

test('a body that is not JSON gets 400', async () => {
  expect((await signedPost(events(), '{', JSON_TYPE, { secret: SECRET })).status).toBe(400);
});

test("Slack's check of the address is answered", async () => {
  const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
  const response = await signedPost(events(), body, JSON_TYPE, { secret: SECRET });
  expect(await response.json()).toEqual({ challenge: 'abc' });
});

test('an unsigned check of the connection carries nothing in', async () => {
  const before = fake.calls.length;
  const body = new URLSearchParams({ ssl_check: '1', command: '/backpain', text: 'help', user_id: 'U9' }).toString();
  const response = await fetch(events(), { method: 'POST', body, headers: { 'content-type': FORM_TYPE } });
  expect(response.status).toBe(200);
  expect(fake.calls).toHaveLength(before);
});

test('other paths below /slack get 404, and the health of the bot is served beside them', async () => {
  expect((await fetch(`${base}/slack/other`)).status).toBe(404);
  expect((await fetch(`${base}/slack/install`)).status).toBe(404);
  expect((await fetch(`${base}/healthz`)).status).toBe(200);
  expect((await fetch(`${base}/readyz`)).status).toBe(200);
});
