import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCOPES } from '../src/adapters/slack/names.ts';
import { examine } from '../src/doctor/doctor.ts';

const TOKEN = ['a', 'fake', 'token'].join('.');
/** What the fake platforms answer, by path; a function sees the authorization. */
let answers: Record<string, { status?: number; body: unknown; headers?: Record<string, string> }> = {};
const asked: { path: string; authorization: string | undefined }[] = [];
let server: Server;
let url = '';
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization });
    const answer = answers[request.url ?? ''] ?? { status: 404, body: {} };
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
    response.end(JSON.stringify(answer.body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const doctor = async (env: Record<string, string>) => {
  const lines: string[] = [];
  const code = await examine({ STORE_URL: 'memory:', REGION: 'GB', ...env }, (line) => lines.push(line));
  return { code, text: lines.join('\n') };
};
const discord = () => ({ DISCORD_TOKEN: TOKEN, DISCORD_APPLICATION_ID: '42', DISCORD_API_URL: url });
const slack = () => ({
  SLACK_BOT_TOKEN: ['xoxb', 'test'].join('-'),
  SLACK_APP_TOKEN: ['xapp', 'test'].join('-'),
  SLACK_API_URL: `${url}/api/`,
});

test('with nothing but the defaults all is well, and what is off is said', async () => {
  const { code, text } = await doctor({});
  expect(code).toBe(0);
  expect(text).toContain('ok    corpus: sound');
  expect(text).toContain('discord: off');
  expect(text).toContain('slack: off');
});

test('every fault of the settings is told at once, and no value', async () => {
  const { code, text } = await doctor({ REGION: 'nowhere', PORT: 'abc', SLACK_BOT_TOKEN: 'sekret-value' });
  expect(code).toBe(1);
  expect(text).toMatch(/WRONG settings: REGION/);
  expect(text).toMatch(/WRONG settings: PORT/);
  expect(text).not.toMatch(/sekret|nowhere|abc/);
});

test('a good Discord token passes, with its commands and links', async () => {
  answers = {
    '/v10/users/@me': { body: { id: '42' } },
    '/v10/applications/@me': { body: { id: '42', flags: 0 } },
    '/v10/gateway/bot': { body: { session_start_limit: { remaining: 900 } } },
    '/v10/applications/42/commands': { body: [{ name: 'back' }, { name: 'Ask about this' }] },
  };
  asked.length = 0;
  const { code, text } = await doctor(discord());
  expect(code).toBe(0);
  expect(text).toContain('discord: the token is good');
  expect(text).toContain('2 command(s) are registered');
  expect(text).toContain('https://discord.com/oauth2/authorize?client_id=42');
  expect(asked.every((a) => a.authorization === `Bot ${TOKEN}`)).toBe(true);
  expect(text).not.toContain(TOKEN);
});

test('a refused Discord token, another application, an intent too many and used-up starts are told with the cure', async () => {
  answers = { '/v10/users/@me': { status: 401, body: {} } };
  expect(await doctor(discord())).toMatchObject({ code: 1, text: expect.stringContaining('Reset Token') });
  answers = {
    '/v10/users/@me': { body: {} },
    '/v10/applications/@me': { body: { id: '7', flags: 1 << 18 } },
    '/v10/gateway/bot': { body: { session_start_limit: { remaining: 0 } } },
  };
  const { code, text } = await doctor(discord());
  expect(code).toBe(1);
  expect(text).toContain('is not the application of DISCORD_TOKEN');
  expect(text).toContain('does not need it, so switch it off');
  expect(text).toContain('no connection is left for today');
  expect(text).toContain('npm run register');
});

test('a platform that cannot be reached is told by the setting to check', async () => {
  const { code, text } = await doctor({ DISCORD_TOKEN: TOKEN, DISCORD_API_URL: 'http://127.0.0.1:1' });
  expect(code).toBe(1);
  expect(text).toContain('check the network and DISCORD_API_URL');
});

test('a Slack token with all its scopes passes, and each missing scope is named', async () => {
  const scopes = SCOPES.join(',');
  answers = {
    '/api/auth.test': { body: { ok: true }, headers: { 'x-oauth-scopes': scopes } },
    '/api/apps.connections.open': { body: { ok: true, url: 'wss://x' } },
  };
  expect((await doctor(slack())).code).toBe(0);
  answers['/api/auth.test'] = { body: { ok: true }, headers: { 'x-oauth-scopes': 'chat:write' } };
  const { code, text } = await doctor(slack());
  expect(code).toBe(1);
  expect(text).toContain('lacks app_mentions:read, assistant:write, commands, im:history');
});

test('refused Slack tokens are told with the code of Slack', async () => {
  answers = {
    '/api/auth.test': { body: { ok: false, error: 'invalid_auth' } },
    '/api/apps.connections.open': { body: { ok: false, error: 'not_allowed_token_type' } },
  };
  const { code, text } = await doctor(slack());
  expect(code).toBe(1);
  expect(text).toMatch(/SLACK_BOT_TOKEN is refused \(invalid_auth\)/);
  expect(text).toMatch(/SLACK_APP_TOKEN is refused \(not_allowed_token_type\)/);
});

test('a store that cannot be written and a faulty corpus are told', async () => {
  const { code, text } = await doctor({
    STORE_URL: 'file:package.json/bot.db',
    CORPUS_DIR: 'test/fixtures/faulty-corpus',
  });
  expect(code).toBe(1);
  expect(text).toMatch(/WRONG store: .*cannot be used/);
  expect(text).toMatch(/WRONG corpus: .*wording\.yaml/);
});

test('the scopes that are asked for are those of the manifest', () => {
  const manifest = JSON.parse(readFileSync('slack/manifest.json', 'utf8'));
  expect([...SCOPES].sort()).toEqual([...manifest.oauth_config.scopes.bot].sort());
});
