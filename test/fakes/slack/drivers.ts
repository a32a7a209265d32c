import { createHmac } from 'node:crypto';
import type { Block, Element, FakeSlack, Json, Shown, ShownView } from './fake.ts';

/** How something reached the app, and what the app answered it with at once. */
export interface Taken {
  readonly status: number;
  readonly body: Json | undefined;
}

/** Sends to the app as Slack does, whatever the transport. */
export type Send = (
  kind: 'events_api' | 'slash_commands' | 'interactive',
  payload: Json,
  more?: SendMore,
) => Promise<Taken>;
export interface SendMore {
  /** How often Slack has sent it before. */
  readonly retry?: number;
}

/** Over Socket Mode. */
export const bySocket =
  (fake: FakeSlack): Send =>
  async (kind, payload, more = {}) => ({
    status: 200,
    body: await fake.envelope(kind, payload, more.retry ? { retry_attempt: more.retry, retry_reason: 'timeout' } : {}),
  });

/** What is wrong with a signature, for tests that must be refused. */
export interface Signing {
  readonly secret: string;
  readonly ageSeconds?: number;
}

/** Posts a signed body as Slack does. */
export async function signedPost(
  url: string,
  body: string,
  type: string,
  signing: Signing,
  headers: Record<string, string> = {},
) {
  const time = String(Math.floor(Date.now() / 1000) - (signing.ageSeconds ?? 0));
  const signature = `v0=${createHmac('sha256', signing.secret).update(`v0:${time}:${body}`).digest('hex')}`;
  return fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': type, 'x-slack-request-timestamp': time, 'x-slack-signature': signature, ...headers },
  });
}

/** Over signed HTTP. */
export const byHttp =
  (url: string, secret: string): Send =>
  async (kind, payload, more = {}) => {
    const form = 'application/x-www-form-urlencoded';
    const retry: Record<string, string> = more.retry
      ? { 'x-slack-retry-num': String(more.retry), 'x-slack-retry-reason': 'http_timeout' }
      : {};
    const [body, type] =
      kind === 'events_api'
        ? [JSON.stringify(payload), 'application/json']
        : kind === 'slash_commands'
          ? [new URLSearchParams(payload as Record<string, string>).toString(), form]
          : [new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), form];
    const response = await signedPost(url, body, type, { secret }, retry);
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as Json) : undefined };
  };

/** A person at the keyboard. */
export interface Person {
  readonly id: string;
  readonly mention: (text: string, more?: Json) => Promise<Json>;
  readonly direct: (text: string, more?: Json) => Promise<Json>;
  readonly command: (text: string, channel?: string) => Promise<Taken>;
  readonly press: (on: Shown | ShownView, label: string) => Promise<Taken>;
  readonly shortcut: (text: string, author?: string) => Promise<Taken>;
  readonly opens: (tab: 'home' | 'messages') => Promise<Taken>;
  readonly submit: (view: ShownView, picks: Readonly<Record<string, string>>) => Promise<Taken>;
}

let counter = 0;
const TEAM = 'T1';
export const CHANNEL = 'C1';
/** The place of direct talk with a person. */
export const directOf = (person: Pick<Person, 'id'>): string => `D${person.id}`;

/** An event in its envelope, with an id of its own. */
export const eventBody = (event: Json, more: Json = {}): Json => ({
  token: 'none',
  team_id: TEAM,
  api_app_id: 'A1',
  type: 'event_callback',
  event_id: `Ev${++counter}`,
  event_time: 1_700_000_000,
  authorizations: [{ team_id: TEAM, enterprise_id: null, user_id: 'UBOT', is_bot: true, is_enterprise_install: false }],
  event,
  ...more,
});

const labelOf = (e: Element): string => (typeof e.text === 'string' ? e.text : (e.text?.text ?? ''));
/** All words of blocks. */
export const wordsOf = (blocks: readonly Block[]): string =>
  blocks
    .flatMap((b) => [b.text?.text, b.label?.text, ...(b.elements ?? []).map(labelOf)])
    .filter(Boolean)
    .join('\n');
/** The labels of all that can be pressed, options of menus included. */
export const labelsOf = (on: { readonly blocks: readonly Block[] }): readonly string[] =>
  on.blocks
    .filter((b) => b.type === 'actions')
    .flatMap((b) => (b.elements ?? []).flatMap((e) => (e.options ? e.options.map((o) => o.text.text) : [labelOf(e)])));

function pressed(on: { readonly blocks: readonly Block[] }, label: string): Json {
  for (const block of on.blocks)
    for (const e of block.elements ?? []) {
      const base = { type: e.type, action_id: e.action_id, block_id: block.block_id ?? 'none', action_ts: '1' };
      if (e.type === 'button' && labelOf(e) === label) return { ...base, value: e.value };
      const option = e.options?.find((o) => o.text.text === label);
      if (option) return { ...base, selected_option: option };
      if (e.type === 'feedback_buttons' && label === '+') return { ...base, value: e.positive_button?.value };
      if (e.type === 'feedback_buttons' && label === '-') return { ...base, value: e.negative_button?.value };
    }
  throw new Error(`there is nothing to press named "${label}" among ${labelsOf(on).join(' | ')}`);
}

/** A person of the fake's one workspace, whose words go to the app by `send`. */
export function person(fake: FakeSlack, send: Send, id = `U${++counter}`): Person {
  const user = { id, username: id.toLowerCase(), team_id: TEAM };
  const team = { id: TEAM, domain: 'fake' };
  const trigger = () => `${++counter}.trigger`;
  const event = async (body: Json): Promise<Json> => {
    if (typeof body.thread_ts === 'string') fake.begins(body.thread_ts);
    await send('events_api', eventBody(body));
    return body;
  };
  return {
    id,
    mention: (text, more = {}) =>
      event({ type: 'app_mention', user: id, channel: CHANNEL, ts: fake.nextTs(), text: `<@UBOT> ${text}`, ...more }),
    direct: (text, more = {}) =>
      event({
        type: 'message',
        channel_type: 'im',
        user: id,
        channel: directOf({ id }),
        ts: fake.nextTs(),
        text,
        ...more,
      }),
    command: (text, channel = CHANNEL) =>
      send('slash_commands', {
        command: '/backpain',
        text,
        team_id: TEAM,
        user_id: id,
        channel_id: channel,
        trigger_id: trigger(),
        response_url: fake.responseUrl(channel, id),
        is_enterprise_install: 'false',
      }),
    press: (on, label) => {
      const action = pressed(on, label);
      if ('id' in on)
        return send('interactive', {
          type: 'block_actions',
          user,
          team,
          trigger_id: trigger(),
          container: { type: 'view', view_id: on.id },
          view: { id: on.id, type: on.type, hash: 'h', state: { values: {} }, callback_id: on.callback },
          actions: [action],
          is_enterprise_install: false,
        });
      return send('interactive', {
        type: 'block_actions',
        user,
        team,
        trigger_id: trigger(),
        container: { type: 'message', message_ts: on.ts, channel_id: on.channel, is_ephemeral: Boolean(on.onlyFor) },
        channel: { id: on.channel, name: 'somewhere' },
        message: { type: 'message', ts: on.ts, ...(on.thread ? { thread_ts: on.thread } : {}), text: on.text },
        response_url: fake.responseUrl(on.channel, id),
        actions: [action],
        is_enterprise_install: false,
      });
    },
    shortcut: (text, author = 'UOTHER') =>
      send('interactive', {
        type: 'message_action',
        callback_id: 'about_message',
        user,
        team,
        trigger_id: trigger(),
        message_ts: fake.nextTs(),
        message: { type: 'message', user: author, ts: fake.nextTs(), text },
        channel: { id: CHANNEL, name: 'running' },
        response_url: fake.responseUrl(CHANNEL, id),
        is_enterprise_install: false,
      }),
    opens: (tab) =>
      send(
        'events_api',
        eventBody({ type: 'app_home_opened', user: id, channel: directOf({ id }), tab, event_ts: fake.nextTs() }),
      ),
    submit: (view, picks) =>
      send('interactive', {
        type: 'view_submission',
        user,
        team,
        trigger_id: trigger(),
        view: {
          id: view.id,
          hash: `h${++counter}`,
          type: 'modal',
          callback_id: view.callback,
          state: {
            values: Object.fromEntries(
              view.blocks
                .filter((b) => b.type === 'input')
                .map((b) => {
                  const option = b.element?.options?.find((o) => o.text.text === picks[b.label?.text ?? '']);
                  return [b.block_id, { answer: { type: b.element?.type, selected_option: option ?? null } }];
                }),
            ),
          },
        },
        is_enterprise_install: false,
      }),
  };
}
