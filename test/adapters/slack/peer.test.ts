import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type RunningProgram, runProgram } from '../../fakes/program.ts';
import { byHttp, eventBody, type Send } from '../../fakes/slack/drivers.ts';
import { type EmulatedSlack, startEmulatedSlack } from '../../fakes/slack/emulated.ts';
import type { Json } from '../../fakes/slack/fake.ts';

// The machine may be busy: nothing here is about how long it takes.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SECRET = ['not', 'a', 'secret'].join('-');
const CLIENT_SECRET = ['client', 'secret'].join('-');
const BOT = ['xoxb', 'fake', 'bot'].join('-');
const READER = ['xoxb', 'fake', 'reader'].join('-');
const SCOPES = ['app_mentions:read', 'assistant:write', 'chat:write', 'commands', 'im:history'];
const CHANNEL = 'C000000001';
const ANN = 'U000000001';
const TEAM = 'T000000001';

let emulated: EmulatedSlack;
let program: RunningProgram;

beforeEach(async () => {
  const app = {
    app_id: 'A1',
    client_id: '1.2',
    client_secret: CLIENT_SECRET,
    name: 'back',
    redirect_uris: [],
    scopes: SCOPES,
  };
  emulated = await startEmulatedSlack({
    signing_secret: SECRET,
    oauth_apps: [{ ...app, bot_id: 'BBOT', bot_user_id: 'UBOT', bot_name: 'back' }],
    tokens: [
      { token: BOT, type: 'bot', user_id: 'UBOT', bot_id: 'BBOT', bot_user_id: 'UBOT', app_id: 'A1', scopes: SCOPES },
      { token: READER, user_id: ANN, scopes: ['channels:history'] },
    ],
  });
});
afterEach(async () => {
  program.signal('SIGTERM');
  expect(await program.ended).toBe(0);
  await emulated.stop();
});

/** Starts the built program over HTTP, on the emulated Slack. */
async function begin(env: Record<string, string>): Promise<{ readonly base: string; readonly send: Send }> {
  program = runProgram({ SLACK_API_URL: emulated.apiUrl, SLACK_SIGNING_SECRET: SECRET, PORT: '0', ...env });
  const { port } = JSON.parse(await program.says('http: listening')) as { port: number };
  await program.says('"running"');
  const base = `http://127.0.0.1:${port}`;
  return { base, send: byHttp(`${base}/slack/events`, SECRET) };
}

interface Posted {
  readonly text: string;
  readonly thread_ts: string;
  readonly blocks: readonly { readonly type: string }[];
}
const repliesTo = async (ts: string) =>
  ((await emulated.ask('conversations.replies', READER, { channel: CHANNEL, ts })).messages ?? []) as Posted[];

const mention = (ts: string, text: string): Json =>
  eventBody(
    { type: 'app_mention', user: ANN, channel: CHANNEL, ts, text: `<@UBOT> ${text}` },
    { team_id: TEAM, authorizations: [{ team_id: TEAM, enterprise_id: null, user_id: 'UBOT', is_bot: true }] },
  );

test('a mention is answered in its thread, and the post can be read back', async () => {
  const { send } = await begin({ SLACK_BOT_TOKEN: BOT });
  const ts = '1700000001.000100';
  await send('events_api', mention(ts, 'are my shoes the problem?'));
  await expect.poll(() => repliesTo(ts), { timeout: 30_000 }).toHaveLength(1);
  const [reply] = await repliesTo(ts);
  expect(reply).toMatchObject({ thread_ts: ts });
  expect(reply?.text).toContain('supportive');
  expect(reply?.blocks.map((b) => b.type)).toContain('context_actions');
});

test('a danger sign is posted in general words, and whole to the person alone', async () => {
  const { send } = await begin({ SLACK_BOT_TOKEN: BOT });
  const ts = '1700000002.000100';
  await send('events_api', mention(ts, 'my groin is numb and I cannot pee'));
  const page = async () => (await fetch(`${emulated.base}/?channel=${CHANNEL}`)).text();
  await expect.poll(page, { timeout: 30_000 }).toMatch(/new numbness between the legs/);
  const [reply] = await repliesTo(ts);
  expect(reply?.text).toMatch(/emergency department/);
  expect(reply?.text).not.toMatch(/numb|pee/);
});

test('the Home is published, and its button opens a window with a real trigger', async () => {
  const { send } = await begin({ SLACK_BOT_TOKEN: BOT });
  const views = async () => (await fetch(`${emulated.base}/?tab=views`)).text();
  const home = { type: 'app_home_opened', user: ANN, channel: 'D1', tab: 'home', event_ts: '1' };
  await send('events_api', eventBody(home, { team_id: TEAM }));
  await expect.poll(views, { timeout: 30_000 }).not.toContain('No App Home views have been published.');
  expect(await views()).toContain('No modal views have been opened.');
  const { trigger_id: trigger } = await emulated.ask('views.generateTriggerId', BOT, { user_id: ANN });
  await send('interactive', {
    type: 'block_actions',
    user: { id: ANN, team_id: TEAM },
    team: { id: TEAM },
    trigger_id: trigger,
    container: { type: 'view', view_id: 'V1' },
    view: { id: 'V1', type: 'home' },
    actions: [{ type: 'button', action_id: 'form:0', block_id: 'x', value: 'b1|p|check' }],
  });
  await expect.poll(views, { timeout: 30_000 }).toContain('Five short questions on danger signs');
  const view = { type: 'modal', title: { type: 'plain_text', text: 'x' }, blocks: [] };
  const again = await emulated.ask('views.open', BOT, { trigger_id: trigger, view });
  expect(again).toMatchObject({ ok: false, error: 'exchanged_trigger_id' });
});

test('an install goes the whole way round: state, code, token, event, post', async () => {
  const { base, send } = await begin({
    SLACK_CLIENT_ID: '1.2',
    SLACK_CLIENT_SECRET: CLIENT_SECRET,
    SLACK_STATE_SECRET: ['state', 'secret'].join('-'),
  });
  const begun = await fetch(`${base}/slack/install`, { redirect: 'manual' });
  const authorize = new URL(begun.headers.get('location') ?? '');
  expect(authorize.origin).toBe(emulated.base);
  expect((await fetch(authorize)).status).toBe(200);
  const agreed = await fetch(`${emulated.base}/oauth/v2/authorize/callback`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      ...Object.fromEntries(authorize.searchParams),
      user_id: ANN,
      redirect_uri: `${base}/slack/oauth_redirect`,
    }).toString(),
  });
  const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  expect((await fetch(agreed.headers.get('location') ?? '', { headers: { cookie } })).status).toBe(200);
  const ts = '1700000003.000100';
  await send('events_api', mention(ts, 'what stretches help my lower back?'));
  await expect.poll(() => repliesTo(ts), { timeout: 30_000 }).toHaveLength(1);
  expect((await repliesTo(ts))[0]?.text).toContain('cat-cow');
});
