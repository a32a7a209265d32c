import { createServer, type IncomingMessage, type Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** One call of the bot to the REST API and what it was told. */
export interface Call {
  readonly method: string;
  /** Below /api/v10, e.g. `/channels/1/messages`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly authorization: string | undefined;
  /** When it had arrived in full, by `performance.now()`. */
  readonly at: number;
}
export interface Told {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** What the next calls of a method and path meet: a fault instead of their answer, or a wait before it. */
export interface Scripted {
  readonly method: string;
  readonly path: RegExp;
  readonly told?: Told;
  readonly until?: Promise<void>;
  times: number;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text ? JSON.parse(text) : undefined;
}

/**
 * An HTTP server on loopback, any free port, that gives each call to `answer`; scripted faults come first. `lag` tells how many
 * milliseconds a call is under way.
 */
export function createRest(
  answer: (call: Call) => Told,
  heard: (call: Call, told: Told) => void,
  arrived: () => void,
  lag: () => number,
) {
  const scripted: Scripted[] = [];
  const server: Server = createServer((request, response) => {
    const handle = async () => {
      const url = new URL(request.url ?? '/', 'http://fake');
      const path = decodeURIComponent(url.pathname).replace(/^\/api\/v10/, '');
      const body = await bodyOf(request);
      const call: Call = {
        method: request.method ?? 'GET',
        path,
        query: url.searchParams,
        body,
        authorization: request.headers.authorization,
        at: performance.now(),
      };
      const fault = scripted.find((s) => s.times > 0 && s.method === call.method && s.path.test(call.path));
      if (fault) fault.times--;
      arrived();
      await fault?.until;
      if (lag()) await wait(lag());
      const told = fault?.told ?? answer(call);
      const text = told.body === undefined ? undefined : JSON.stringify(told.body);
      // A 204 must not claim to be JSON, or the client reads an empty string as JSON.
      response.writeHead(told.status, { ...(text ? { 'content-type': 'application/json' } : {}), ...told.headers });
      response.end(text);
      heard(call, told);
    };
    handle().catch((error: unknown) => {
      response.writeHead(500).end();
      heard(
        {
          method: request.method ?? '',
          path: request.url ?? '',
          query: new URLSearchParams(),
          body: String(error),
          authorization: undefined,
          at: performance.now(),
        },
        { status: 500 },
      );
    });
  });
  return { server, scripted };
}
