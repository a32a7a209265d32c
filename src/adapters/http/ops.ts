import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request handler of another room, for all paths below a prefix. */
export type Mounted = (request: IncomingMessage, response: ServerResponse) => void;

/** What the operations endpoints tell. */
export interface OpsState {
  /** Empty when the bot can answer; else one line for each thing that is missing. */
  readonly missing: () => Promise<readonly string[]>;
  /** The metrics in Prometheus' text format. */
  readonly metrics: () => Promise<{ readonly type: string; readonly body: string }>;
}

/** A running HTTP server. */
export interface OpsServer {
  readonly port: number;
  /** Sends all requests below the prefix to the handler. */
  mount(prefix: string, handler: Mounted): void;
  /** Closes at once what is idle, and the rest when it has been answered. */
  stop(): Promise<void>;
}

/** The HTTP server cannot start. The message says which setting to change. */
export class HttpError extends Error {
  constructor(host: string, port: number, cause: NodeJS.ErrnoException) {
    super(
      cause.code === 'EADDRINUSE'
        ? `http: PORT ${port} is taken on ${host}: stop the other program, or set another PORT`
        : cause.code === 'EACCES'
          ? `http: PORT ${port} may not be used: set one above 1023`
          : `http: HOST ${host} cannot be listened on (${cause.code ?? 'unknown fault'}): set HOST to an address of this machine`,
      { cause },
    );
    this.name = 'HttpError';
  }
}

/**
 * Serves /healthz (the process runs), /readyz (it can answer), /metrics, and what is mounted. Slow requests are cut after ten seconds.
 * Rejects with an HttpError when the address cannot be used.
 */
export async function startOps(host: string, port: number, state: OpsState): Promise<OpsServer> {
  const mounts = new Map<string, Mounted>();
  const text = (response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8') => {
    response.writeHead(status, {
      'content-type': type,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    response.end(body);
  };
  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    for (const [prefix, handler] of mounts)
      if (path === prefix || path.startsWith(`${prefix}/`)) return handler(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') return text(response, 405, 'only GET\n');
    if (path === '/healthz') return text(response, 200, 'ok\n');
    if (path === '/readyz') {
      const missing = await state.missing();
      return missing.length ? text(response, 503, `${missing.join('\n')}\n`) : text(response, 200, 'ready\n');
    }
    if (path === '/metrics') {
      const { type, body } = await state.metrics();
      return text(response, 200, body, type);
    }
    return text(response, 404, 'not here\n');
  };
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, connectionsCheckingInterval: 1_000 },
    (request, response) => {
      route(request, response).catch(() => {
        if (!response.headersSent) text(response, 500, 'failed\n');
        else response.destroy();
      });
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(new HttpError(host, port, cause)));
    server.maxConnections = 1_000;
    server.listen(port, host, () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    mount: (prefix, handler) => void mounts.set(prefix, handler),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 2_000).unref();
      }),
  };
}
