import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { messageFaults, promptFaults, viewFaults } from './limits.ts';

export type Json = Record<string, unknown>;

/** A block of a message or view, as far as tests look into it. */
export interface Block {
  readonly type: string;
  readonly block_id?: string;
  readonly text?: { readonly text: string };
  readonly label?: { readonly text: string };
  readonly element?: Element;
  readonly elements?: readonly Element[];
}
export interface Element {
  readonly type: string;
  readonly action_id?: string;
  readonly text?: string | { readonly text: string };
  readonly value?: string;
  readonly options?: readonly { readonly text: { readonly text: string }; readonly value: string }[];
  readonly positive_button?: { readonly value: string };
  readonly negative_button?: { readonly value: string };
}

/** Something that people can see, however it came. */
export interface Shown {
  readonly by: 'post' | 'ephemeral' | 'url';
  readonly channel: string;
  readonly thread?: string | undefined;
  /** Only this person sees it; absent = all of the channel. */
  readonly onlyFor?: string | undefined;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly ts: string;
  readonly replaces: boolean;
}
/** A view that a person sees. */
export interface ShownView {
  readonly by: 'open' | 'update' | 'publish';
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly callback: string;
  readonly blocks: readonly Block[];
}
export interface Call {
  readonly method: string;
  readonly args: Json;
  readonly token: string;
  /** When it had arrived in full, by `performance.now()`. */
  readonly at: number;
}

/** What a call answers with instead of its own answer. 'drop-after' and 'hang-after' do the work first. */
export type Script =
  | { readonly status: number; readonly headers?: Record<string, string> }
  | { readonly error: string }
  | 'hang-after'
  | 'drop-after'
  | 'drop'
  | { readonly until: Promise<unknown> };

/** The scopes of the bot's token, and those each method wants: from Slack's method pages. */
const WANTS: Readonly<Record<string, string | undefined>> = {
  'auth.test': undefined,
  'chat.postMessage': 'chat:write',
  'chat.postEphemeral': 'chat:write',
  'assistant.threads.setStatus': 'chat:write',
  'assistant.threads.setSuggestedPrompts': 'assistant:write',
  'views.open': undefined,
  'views.update': undefined,
  'views.publish': undefined,
  'apps.connections.open': undefined,
  'oauth.v2.access': undefined,
};

/** Slack on loopback: Web API, Socket Mode, response_urls. Written from the documentation, independent of the adapter. */
export interface FakeSlack {
  readonly apiUrl: string;
  readonly base: string;
  readonly tokens: { readonly bot: string; readonly app: string };
  readonly calls: Call[];
  readonly shown: Shown[];
  readonly views: ShownView[];
  /** What Slack would have refused, with the call it was in. */
  readonly faults: string[];
  /** Answers the next calls of a method (or of `response_url`) so, in order. */
  readonly script: (method: string, ...scripts: readonly Script[]) => void;
  /** Scopes that the token does not have. */
  readonly missingScopes: Set<string>;
  /** Tokens that Slack refuses. */
  readonly refused: Set<string>;
  /** Resolves when the condition holds; looked at whenever something happens. */
  readonly until: <T>(look: () => T | undefined | false) => Promise<T>;
  /** A fresh response_url, whose answers are shown in the channel (to the person, unless they are public). */
  readonly responseUrl: (channel: string, user: string) => string;
  /** Sends an envelope over the newest socket; resolves with what it was acknowledged with. */
  readonly envelope: (type: string, payload: Json, more?: Json) => Promise<Json | undefined>;
  readonly sockets: () => readonly WebSocket[];
  /** How often a socket was opened. */
  readonly opened: () => number;
  readonly nextTs: () => string;
  /** Says that a thread has begun: people have answered in it. */
  readonly begins: (thread: string) => void;
  /** Answers of oauth.v2.access, by what was asked. */
  readonly oauth: { answer?: (args: Json) => Json };
  /** From now on every call is under way for so many milliseconds, as to a platform far off. */
  readonly lag: (ms: number) => void;
  readonly stop: () => Promise<void>;
}

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

/** Form fields or JSON; nested values come as JSON inside a field. */
function argsOf(type: string, body: string): Json {
  if (type.includes('json')) return JSON.parse(body || '{}') as Json;
  return Object.fromEntries(
    [...new URLSearchParams(body)].map(([k, v]) => {
      if (/^[[{]/.test(v)) {
        try {
          return [k, JSON.parse(v)];
        } catch {
          return [k, v];
        }
      }
      return [k, v === 'true' ? true : v === 'false' ? false : v];
    }),
  );
}

export async function startFakeSlack(): Promise<FakeSlack> {
  // Plainly false, and put together here, so that no scanner takes them for real ones.
  const tokens = { bot: ['xoxb', 'fake', 'bot'].join('-'), app: ['xapp', 'fake', 'app'].join('-') };
  const calls: Call[] = [];
  const shown: Shown[] = [];
  const views: ShownView[] = [];
  const faults: string[] = [];
  const scripts = new Map<string, Script[]>();
  const missingScopes = new Set<string>();
  const refused = new Set<string>();
  const waiting = new Set<() => void>();
  const urls = new Map<string, { channel: string; user: string; uses: number }>();
  const sockets = new Set<WebSocket>();
  const acks = new Map<string, (payload: Json | undefined) => void>();
  const raw = new Set<Socket>();
  const oauth: FakeSlack['oauth'] = {};
  let clock = 1_700_000_000;
  let counter = 0;
  let opened = 0;
  let lagMs = 0;
  const nextTs = () => `${++clock}.000100`;
  const changed = () => {
    for (const look of waiting) look();
  };

  const message = (by: Shown['by'], args: Json, channel: string, onlyFor: string | undefined): Shown => ({
    by,
    channel,
    thread: args.thread_ts as string | undefined,
    onlyFor,
    text: String(args.text ?? ''),
    blocks: (args.blocks ?? []) as Block[],
    ts: nextTs(),
    replaces: args.replace_original === true,
  });
  const viewOf = (by: ShownView['by'], view: Json, id: string): ShownView => ({
    by,
    id,
    type: view.type as ShownView['type'],
    callback: String(view.callback_id ?? ''),
    blocks: (view.blocks ?? []) as Block[],
  });
  const check = (method: string, found: readonly string[]): string | undefined => {
    faults.push(...found.map((f) => `${method}: ${f}`));
    return found.length ? 'invalid_blocks' : undefined;
  };

  /** Does what a method does; gives its answer. */
  function handle(method: string, args: Json, token: string): Json {
    if (!(method in WANTS)) return { ok: false, error: 'unknown_method' };
    if (refused.has(token)) return { ok: false, error: 'invalid_auth' };
    const wants = WANTS[method];
    if (wants && missingScopes.has(wants)) return { ok: false, error: 'missing_scope', needed: wants };
    switch (method) {
      case 'auth.test':
        return { ok: true, user_id: 'UBOT', bot_id: 'BBOT', team_id: 'T1', url: 'http://127.0.0.1/' };
      case 'apps.connections.open':
        return { ok: true, url: `ws://127.0.0.1:${port}/socket?ticket=${++counter}` };
      case 'chat.postMessage': {
        const error = check(method, messageFaults(args));
        if (error) return { ok: false, error };
        const posted = message('post', args, String(args.channel), undefined);
        shown.push(posted);
        return { ok: true, channel: posted.channel, ts: posted.ts };
      }
      case 'chat.postEphemeral': {
        const error = check(method, messageFaults(args));
        if (error) return { ok: false, error };
        if (!args.user) return { ok: false, error: 'invalid_arguments' };
        // Slack shows private words in a thread only when the thread has begun.
        const thread = args.thread_ts;
        if (thread && !shown.some((s) => s.thread === thread && !s.onlyFor) && !begun.has(String(thread)))
          faults.push(`${method}: private words in a thread that has not begun are never seen`);
        shown.push(message('ephemeral', args, String(args.channel), String(args.user)));
        return { ok: true, message_ts: nextTs() };
      }
      case 'views.open':
      case 'views.update':
      case 'views.publish': {
        const error = check(method, viewFaults(args.view));
        if (error) return { ok: false, error: 'invalid_arguments' };
        const by = method.slice('views.'.length) as ShownView['by'];
        if (by === 'open' && !args.trigger_id) return { ok: false, error: 'invalid_trigger' };
        const id = by === 'update' ? String(args.view_id) : `V${++counter}`;
        const view = viewOf(by, args.view as Json, id);
        views.push(view);
        return { ok: true, view: { id, hash: `h${counter}` } };
      }
      case 'assistant.threads.setSuggestedPrompts':
        check(method, promptFaults(args));
        return { ok: true };
      case 'assistant.threads.setStatus':
        if (!args.thread_ts) check(method, ['no thread_ts']);
        return { ok: true };
      case 'oauth.v2.access':
        return oauth.answer?.(args) ?? { ok: false, error: 'invalid_code' };
      default:
        return { ok: true };
    }
  }
  /** Threads that people have begun. */
  const begun = new Set<string>();

  const json = (response: ServerResponse, body: Json) => {
    response.writeHead(200, { 'content-type': 'application/json', 'x-oauth-scopes': SCOPES_GRANTED });
    response.end(JSON.stringify(body));
  };

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const body = await readBody(request);
    const isUrl = path.startsWith('/response/');
    const method = isUrl ? 'response_url' : path.replace(/^\/api\//, '');
    const args = argsOf(request.headers['content-type'] ?? '', body);
    const token = (request.headers.authorization ?? '').replace('Bearer ', '') || String(args.token ?? '');
    calls.push({ method, args, token, at: performance.now() });
    changed();
    if (lagMs) await wait(lagMs);
    const script = scripts.get(method)?.shift();
    if (typeof script === 'object' && 'status' in script) {
      response.writeHead(script.status, script.headers ?? {});
      response.end();
    } else if (typeof script === 'object' && 'error' in script) json(response, { ok: false, error: script.error });
    else if (script === 'drop') request.socket.destroy();
    else {
      if (typeof script === 'object') await script.until;
      const answer = isUrl ? answerUrl(path, args) : handle(method, args, token);
      if (script === 'drop-after') request.socket.destroy();
      else if (script !== 'hang-after') {
        if (typeof answer === 'number') {
          response.writeHead(answer);
          response.end();
        } else json(response, answer);
      }
    }
    changed();
  }

  function answerUrl(path: string, args: Json): number | Json {
    const url = urls.get(path);
    if (!url || ++url.uses > 5) return 404;
    const found = messageFaults(args);
    faults.push(...found.map((f) => `response_url: ${f}`));
    if (found.length) return 400;
    const isPublic = args.response_type === 'in_channel';
    shown.push(message('url', args, url.channel, isPublic ? undefined : url.user));
    return { ok: true };
  }

  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      faults.push(`fake: ${String(error)}`);
      response.destroy();
    });
  });
  server.on('connection', (socket) => {
    raw.add(socket);
    socket.on('close', () => raw.delete(socket));
  });
  const wss = new WebSocketServer({ server, path: '/socket' });
  wss.on('connection', (socket) => {
    sockets.add(socket);
    opened++;
    socket.on('close', () => {
      sockets.delete(socket);
      changed();
    });
    socket.on('message', (data) => {
      const { envelope_id: id, payload } = JSON.parse(String(data)) as { envelope_id: string; payload?: Json };
      acks.get(id)?.(payload);
      acks.delete(id);
    });
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A1' } }));
    changed();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const base = `http://127.0.0.1:${port}`;

  return {
    base,
    apiUrl: `${base}/api/`,
    tokens,
    calls,
    shown,
    views,
    faults,
    missingScopes,
    refused,
    oauth,
    nextTs,
    begins: (thread) => void begun.add(thread),
    opened: () => opened,
    lag: (ms) => {
      lagMs = ms;
    },
    sockets: () => [...sockets],
    script: (method, ...more) => void scripts.set(method, [...(scripts.get(method) ?? []), ...more]),
    until: (look) =>
      new Promise((resolve) => {
        const again = () => {
          const found = look();
          if (found === undefined || found === false) return;
          waiting.delete(again);
          resolve(found);
        };
        waiting.add(again);
        again();
      }),
    responseUrl(channel, user) {
      const path = `/response/${++counter}`;
      urls.set(path, { channel, user, uses: 0 });
      return base + path;
    },
    envelope: (type, payload, more = {}) =>
      new Promise((resolve, reject) => {
        const socket = [...sockets].at(-1);
        if (!socket) return reject(new Error('no socket is open'));
        const id = `envelope-${++counter}`;
        acks.set(id, resolve);
        socket.send(
          JSON.stringify({ type, envelope_id: id, payload, accepts_response_payload: type !== 'events_api', ...more }),
        );
      }),
    stop: async () => {
      for (const socket of sockets) socket.terminate();
      for (const socket of raw) socket.destroy();
      wss.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What the token was granted: the list in the facts on Slack, not the adapter's own. */
const SCOPES_GRANTED = 'app_mentions:read,assistant:write,chat:write,commands,im:history';
