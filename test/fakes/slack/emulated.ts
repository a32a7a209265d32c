import { once } from 'node:events';
import type { Server } from 'node:http';
import net from 'node:net';
import { createEmulator } from 'emulate';

/** Slack as the `emulate` package plays it: written by others than the adapter, so it checks what our own fake may get wrong. */
export interface EmulatedSlack {
  readonly base: string;
  readonly apiUrl: string;
  /** Calls a method with a token; resolves to its answer. */
  readonly ask: (method: string, token: string, args: Record<string, unknown>) => Promise<Record<string, unknown>>;
  readonly stop: () => Promise<void>;
}

/** The emulator listens on all interfaces; this holds it to loopback, on a free port, and gives its server. */
async function onLoopback<T>(begin: () => Promise<T>): Promise<{ readonly result: T; readonly server: Server }> {
  const listen = net.Server.prototype.listen;
  let opened: Promise<Server> | undefined;
  net.Server.prototype.listen = function (this: Server) {
    opened = once(this, 'listening').then(() => this);
    return listen.call(this, { port: 0, host: '127.0.0.1' });
  } as typeof listen;
  try {
    const result = await begin();
    if (!opened) throw new Error('the emulator opened no server');
    return { result, server: await opened };
  } finally {
    net.Server.prototype.listen = listen;
  }
}

/** Starts it with what the seed says; scopes are strict. */
export async function startEmulatedSlack(seed: Record<string, unknown>): Promise<EmulatedSlack> {
  const { result, server } = await onLoopback(() =>
    createEmulator({ service: 'slack', port: 0, seed: { slack: { strict_scopes: true, ...seed } } }),
  );
  const base = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
  return {
    base,
    apiUrl: `${base}/api/`,
    async ask(method, token, args) {
      const response = await fetch(`${base}/api/${method}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(args),
      });
      return (await response.json()) as Record<string, unknown>;
    },
    stop: async () => {
      const closed = result.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
