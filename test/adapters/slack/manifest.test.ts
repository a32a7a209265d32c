import { readFileSync } from 'node:fs';
import type { App } from '@slack/bolt';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { listen } from '../../../src/adapters/slack/listeners.ts';
import { manifestFor } from '../../../src/adapters/slack/manifest.ts';
import { ABOUT_MESSAGE, COMMAND, EVENTS, FORMS, METHODS, SCOPES } from '../../../src/adapters/slack/names.ts';
import { SlackWording } from '../../../src/adapters/slack/wording.ts';

const own = SlackWording.parse(parse(readFileSync('corpus/slack.yaml', 'utf8')));
const text = (most: number) => z.string().min(1).max(most);

/** Slack's limits for a manifest, from its documentation. */
const Manifest = z.strictObject({
  display_information: z.strictObject({
    name: text(35),
    description: text(140),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.literal(true),
      messages_tab_enabled: z.literal(true),
      messages_tab_read_only_enabled: z.literal(false),
    }),
    agent_view: z.strictObject({
      agent_description: text(300),
      suggested_prompts: z.array(z.strictObject({ title: text(75), message: text(1000) })).max(4),
    }),
    bot_user: z.strictObject({ display_name: z.string().regex(/^[a-z0-9._-]{1,80}$/), always_online: z.boolean() }),
    slash_commands: z.array(
      z.strictObject({
        command: z.string().regex(/^\/[a-z0-9_-]{1,31}$/),
        description: text(2000),
        usage_hint: text(1000),
        should_escape: z.literal(true),
        url: z.url().optional(),
      }),
    ),
    shortcuts: z.array(
      z.strictObject({ name: text(24), type: z.literal('message'), callback_id: text(255), description: text(150) }),
    ),
  }),
  oauth_config: z.strictObject({
    redirect_urls: z.array(z.url({ protocol: /^https$/ })).optional(),
    scopes: z.strictObject({ bot: z.array(text(50)) }),
  }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ request_url: z.url().optional(), bot_events: z.array(text(100)) }),
    interactivity: z.strictObject({ is_enabled: z.literal(true), request_url: z.url().optional() }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
});

/** What `listen` registers with an app that only writes down what it is given. */
function registered() {
  const heard: Record<string, unknown[]> = { event: [], command: [], shortcut: [], view: [] };
  const app = new Proxy({} as App, {
    get: (_, name: string) => (first: unknown) => void heard[name]?.push(first),
  });
  const nothing = {} as never;
  listen(app, { wording: { offers: {} }, own, questions: nothing } as never, { log: nothing } as never, new Set());
  return heard;
}

describe('slack/manifest.json', () => {
  const written = JSON.parse(readFileSync('slack/manifest.json', 'utf8'));

  test('is what the code makes: npm run --silent manifest > slack/manifest.json', () => {
    expect(written).toEqual(manifestFor(own, {}));
  });

  test.each([
    ['Socket Mode', {}],
    ['HTTP', { url: 'https://bot.example.org/' }],
    ['many workspaces', { url: 'https://bot.example.org', many: true }],
  ])("keeps Slack's limits for %s", (_, reach) => {
    const manifest = manifestFor(own, reach);
    Manifest.parse(manifest);
    expect(manifest.settings.socket_mode_enabled).toBe(!('url' in reach));
    expect(manifest.settings.token_rotation_enabled).toBe('many' in reach);
    expect(JSON.stringify(manifest)).not.toContain('org//slack');
  });

  test('names an event, command, shortcut and form exactly when the app listens to it', () => {
    const heard = registered();
    const strings = (of: string) => heard[of]?.filter((name) => typeof name === 'string').sort();
    const events = written.settings.event_subscriptions.bot_events as string[];
    expect(strings('event')).toEqual(events.map((e) => e.split('.')[0]).sort());
    expect(Object.keys(EVENTS).sort()).toEqual(events);
    expect(strings('command')).toEqual(written.features.slash_commands.map((c: { command: string }) => c.command));
    expect(strings('shortcut')).toEqual(written.features.shortcuts.map((s: { callback_id: string }) => s.callback_id));
    expect(strings('view')).toEqual(Object.values(FORMS).sort());
    expect([COMMAND, ABOUT_MESSAGE]).toEqual(['/backpain', 'about_message']);
  });

  test('asks for the least scopes, and each is needed by an event, a call or a command', () => {
    expect(written.oauth_config.scopes.bot).toEqual([
      'app_mentions:read',
      'assistant:write',
      'chat:write',
      'commands',
      'im:history',
    ]);
    const needed = new Set(['commands', ...Object.values(EVENTS), ...Object.values(METHODS)].filter(Boolean));
    expect([...needed].sort()).toEqual([...SCOPES]);
  });

  test('uses agent_view, never the legacy assistant_view', () => {
    expect(JSON.stringify(written)).not.toContain('assistant_view');
  });
});
