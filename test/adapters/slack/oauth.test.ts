import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type RunningProgram, runProgram } from '../../fakes/program.ts';
import { byHttp, eventBody, type Send, wordsOf } from '../../fakes/slack/drivers.ts';
import { type FakeSlack, type Json, startFakeSlack } from '../../fakes/slack/fake.ts';

// The machine may be busy: nothing here is about how long it takes.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SECRET = ['not', 'a', 'secret'].join('-');
const NOW = Math.floor(Date.now() / 1000);
const tokenOf = (name: string) => ['xoxe.xoxb', 'fake', name].join('-');
let fake: FakeSlack;
let program: RunningProgram;
let base: string;
let send: Send;
let folder: string;

async function begin(): Promise<void> {
  program = runProgram({
    SLACK_API_URL: fake.apiUrl,
    SLACK_SIGNING_SECRET: SECRET,
    SLACK_CLIENT_ID: '1.2',
    SLACK_CLIENT_SECRET: ['client', 'secret'].join('-'),
    SLACK_STATE_SECRET: ['state', 'secret'].join('-'),
    STORE_URL: `file:${folder}/bot.db`,
    PORT: '0',
  });
  const { port } = JSON.parse(await program.says('http: listening')) as { port: number };
  base = `http://127.0.0.1:${port}`;
  send = byHttp(`${base}/slack/events`, SECRET);
  await program.says('"running"');
}
async function end(): Promise<void> {
  program.signal('SIGTERM');
  expect(await program.ended).toBe(0);
}

beforeAll(async () => {
  fake = await startFakeSlack();
  folder = mkdtempSync(join(tmpdir(), 'slack-oauth-'));
  await begin();
});
afterAll(async () => {
  await end();
  expect(program.log.join('\n')).not.toMatch(/xox/);
  expect(fake.faults).toEqual([]);
  await fake.stop();
  rmSync(folder, { recursive: true });
});

/** What Slack gives for a code: a token of the workspace, which expires in so many seconds. */
const granted = (team: string, token: string, expiresIn: number): Json => ({
  ok: true,
  access_token: token,
  token_type: 'bot',
  scope: 'chat:write',
  bot_user_id: 'UBOT',
  app_id: 'A1',
  team: { id: team, name: team },
  enterprise: null,
  is_enterprise_install: false,
  refresh_token: tokenOf('refresh'),
  expires_in: expiresIn,
  authed_user: { id: 'UADMIN' },
});

/** Goes through an install as a browser would; resolves to the status of the last page. */
async function install(
  team: string,
  token: string,
  more: { forged?: boolean; expiresIn?: number } = {},
): Promise<number> {
  fake.oauth.answer = () => granted(team, token, more.expiresIn ?? 43_200);
  const begun = await fetch(`${base}/slack/install`, { redirect: 'manual' });
  expect(begun.status).toBe(302);
  const slack = new URL(begun.headers.get('location') ?? '');
  expect(slack.searchParams.get('scope')).toBe('app_mentions:read,assistant:write,chat:write,commands,im:history');
  const cookie = begun.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/Secure.*HttpOnly|HttpOnly.*Secure/);
  const state = more.forged ? 'forged' : (slack.searchParams.get('state') ?? '');
  const back = await fetch(`${base}/slack/oauth_redirect?code=c&state=${encodeURIComponent(state)}`, {
    headers: { cookie: cookie.split(';')[0] ?? '' },
  });
  return back.status;
}

const direct = (team: string, text = 'are my shoes the problem?') => {
  const ts = fake.nextTs();
  const event = { type: 'message', channel_type: 'im', user: 'U9', channel: 'D9', ts, text };
  const authorizations = [
    { team_id: team, enterprise_id: null, user_id: 'UBOT', is_bot: true, is_enterprise_install: false },
  ];
  return { ts, body: eventBody(event, { team_id: team, authorizations }) };
};
const postedWith = (token: string) => fake.calls.filter((c) => c.method === 'chat.postMessage' && c.token === token);
const kept = () =>
  readdirSync(folder)
    .map((f) => readFileSync(join(folder, f)).toString('latin1'))
    .join('');

test('a forged state is refused, and nothing is stored', async () => {
  expect(await install('T1', tokenOf('forged'), { forged: true })).toBe(400);
  expect(fake.calls.filter((c) => c.method === 'oauth.v2.access')).toEqual([]);
});

test('an event of a workspace that has not installed the app calls no listener', async () => {
  const { body } = direct('TSTRANGER');
  await send('events_api', body);
  await program.says('an event was not taken');
  expect(fake.shown).toEqual([]);
});

test('each workspace is answered with its own token, which stands encrypted in the store', async () => {
  expect(await install('T1', tokenOf('one'))).toBe(200);
  expect(await install('T2', tokenOf('two'))).toBe(200);
  for (const [team, token] of [
    ['T1', tokenOf('one')],
    ['T2', tokenOf('two')],
  ] as const) {
    const { ts, body } = direct(team);
    await send('events_api', body);
    const shown = await fake.until(() => fake.shown.find((s) => s.thread === ts));
    expect(wordsOf(shown.blocks)).toContain('supportive');
    expect(postedWith(token)).toHaveLength(1);
  }
  expect(kept()).not.toMatch(/xoxe|xoxb|fake-one|T1"/);
});

test('an installation outlives a restart', async () => {
  await end();
  await begin();
  const { ts, body } = direct('T2');
  await send('events_api', body);
  await fake.until(() => fake.shown.find((s) => s.thread === ts));
  expect(postedWith(tokenOf('two'))).toHaveLength(2);
});

test('a token that runs out is renewed, and the new one is used and stored', async () => {
  expect(await install('T3', tokenOf('old'), { expiresIn: 60 })).toBe(200);
  const asked: Json[] = [];
  fake.oauth.answer = (args) => {
    asked.push(args);
    return granted('T3', tokenOf('new'), 43_200);
  };
  for (const n of [1, 2]) {
    const { ts, body } = direct('T3');
    await send('events_api', body);
    await fake.until(() => fake.shown.find((s) => s.thread === ts));
    expect(postedWith(tokenOf('new'))).toHaveLength(n);
  }
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ grant_type: 'refresh_token', refresh_token: tokenOf('refresh') });
});

test.each([
  ['app_uninstalled', 'T1', { type: 'app_uninstalled' }],
  ['tokens_revoked', 'T2', { type: 'tokens_revoked', tokens: { oauth: [], bot: ['UBOT'] } }],
])('%s deletes the installation', async (_, team, event) => {
  const refusals = () => program.log.filter((l) => l.includes('an event was not taken')).length;
  const deletions = () => program.log.filter((l) => l.includes('an installation was deleted')).length;
  const [before, deleted] = [refusals(), deletions()];
  await send('events_api', eventBody(event, { team_id: team, authorizations: [], event_time: NOW }));
  await expect.poll(deletions, { timeout: 30_000 }).toBe(deleted + 1);
  const shown = fake.shown.length;
  await send('events_api', direct(team).body);
  await expect.poll(refusals, { timeout: 30_000 }).toBe(before + 1);
  expect(fake.shown).toHaveLength(shown);
});

test('a user token that is revoked leaves the installation', async () => {
  const event = { type: 'tokens_revoked', tokens: { oauth: ['U1'], bot: [] } };
  await send('events_api', eventBody(event, { team_id: 'T3', authorizations: [] }));
  const { ts, body } = direct('T3');
  await send('events_api', body);
  await fake.until(() => fake.shown.find((s) => s.thread === ts));
});
