import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Client, createClient, type InStatement, type ResultSet } from '@libsql/client';

/**
 * How long a call waits for another process that writes, in milliseconds. The calls of this client block the process, so nobody else
 * is answered meanwhile.
 */
const BUSY_MS = 250;

/** One connection to an SQLite file. */
export interface Connection {
  execute(statement: InStatement): Promise<ResultSet>;
  /** All of it or nothing. */
  write(statements: InStatement[]): Promise<ResultSet[]>;
  /** Sets a PRAGMA, also for the connections that replace this one. */
  pragma(setting: string): Promise<void>;
  close(): void;
}

/**
 * Opens a connection with its PRAGMAs. After a call that failed it is made anew: the client leaves the failed statement open, and with
 * it the lock, so that later writes would seem to work and never be committed (seen with @libsql/client 0.18 after SQLITE_BUSY).
 */
export async function connect(path: string, ...settings: readonly string[]): Promise<Connection> {
  const client: Client = createClient({ url: pathToFileURL(resolve(path)).href, timeout: BUSY_MS, concurrency: 1 });
  const pragmas: string[] = [];
  let isStale = false;
  const renew = async () => {
    client.reconnect();
    for (const setting of pragmas) await client.execute(`PRAGMA ${setting}`);
    isStale = false;
  };
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isStale) await renew();
    try {
      return await work();
    } catch (error) {
      isStale = true;
      client.reconnect();
      throw error;
    }
  };
  const connection: Connection = {
    execute: (statement) => guarded(() => client.execute(statement)),
    write: (statements) => guarded(() => client.batch(statements, 'write')),
    async pragma(setting) {
      pragmas.push(setting);
      await guarded(() => client.execute(`PRAGMA ${setting}`));
    },
    close: () => client.close(),
  };
  try {
    for (const setting of settings) await connection.pragma(setting);
  } catch (error) {
    client.close();
    throw error;
  }
  return connection;
}
