import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Client, createClient } from '@libsql/client';
import type { Session, SessionStore } from '../../core/session.ts';
import { readSession } from './session-form.ts';

/** How long the id of an answered message is kept, in milliseconds: platforms deliver again for minutes, at most hours. */
const CLAIM_MS = 24 * 3_600_000;
/** Expired rows are swept after this many saves. */
const SWEEP_EVERY = 500;

/** What each version of the file added to the one before; the version stands in `PRAGMA user_version`. */
const MIGRATIONS: readonly (readonly string[])[] = [
  [
    'CREATE TABLE session (id TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL, until INTEGER NOT NULL)',
    'CREATE INDEX session_until ON session (until)',
    'CREATE TABLE claim (id TEXT PRIMARY KEY, until INTEGER NOT NULL)',
    'CREATE INDEX claim_until ON claim (until)',
  ],
  [
    'CREATE TABLE record (id TEXT PRIMARY KEY, body TEXT NOT NULL)',
    'CREATE TABLE tally (id TEXT PRIMARY KEY, count INTEGER NOT NULL)',
  ],
];

/** A store in an embedded SQLite file. */
export interface SqliteStore extends SessionStore {
  /** The open database, for what else the bot keeps in it: records and tallies. */
  readonly client: Client;
  /** Where a broken file was set aside when the store was opened; `undefined` means: the file was sound. */
  readonly setAside?: string;
}

async function migrate(client: Client): Promise<void> {
  const at = Number((await client.execute('PRAGMA user_version')).rows[0]?.user_version ?? 0);
  if (at > MIGRATIONS.length)
    throw new Error(
      `the store was written by a newer version (${at}, this one knows ${MIGRATIONS.length}): run the newer version, or set STORE_URL to another file`,
    );
  for (let version = at; version < MIGRATIONS.length; version++)
    await client.batch([...(MIGRATIONS[version] ?? []), `PRAGMA user_version = ${version + 1}`], 'write');
}

async function openSound(path: string): Promise<Client> {
  const client = createClient({ url: `file:${path}` });
  try {
    await client.execute('PRAGMA journal_mode = WAL');
    // FULL: what was acknowledged survives a loss of power, not only of the process.
    await client.execute('PRAGMA synchronous = FULL');
    await client.execute('PRAGMA busy_timeout = 2000');
    await client.execute('SELECT count(*) FROM sqlite_master');
    await migrate(client);
    return client;
  } catch (error) {
    client.close();
    throw error;
  }
}

const isBroken = (error: unknown): boolean =>
  error instanceof Error &&
  /malformed|not a database|NOTADB|CORRUPT|encrypted/i.test(
    `${error.message} ${(error as { code?: string }).code ?? ''}`,
  );

/**
 * Opens the file, and makes it with its folder when it is not there. An older file is brought up to date; a broken one is set aside
 * (renamed, never deleted) and a new one begun. Rejects when the place cannot be written or the file is of a newer version.
 */
export async function openSqliteStore(path: string, ttlMs: number, now: () => number = Date.now): Promise<SqliteStore> {
  mkdirSync(dirname(path), { recursive: true });
  let setAside: string | undefined;
  let client: Client;
  try {
    client = await openSound(path);
  } catch (error) {
    if (!isBroken(error)) throw error;
    setAside = `${path}.broken-${now()}`;
    for (const tail of ['', '-wal', '-shm']) if (existsSync(path + tail)) renameSync(path + tail, setAside + tail);
    client = await openSound(path);
  }
  let saves = 0;
  const sweep = async () => {
    await client.batch(
      [
        { sql: 'DELETE FROM session WHERE until <= ?', args: [now()] },
        { sql: 'DELETE FROM claim WHERE until <= ?', args: [now()] },
      ],
      'write',
    );
  };
  await sweep();
  return {
    client,
    ...(setAside ? { setAside } : {}),
    async load(conversation) {
      const { rows } = await client.execute({
        sql: 'SELECT version, body FROM session WHERE id = ? AND until > ?',
        args: [conversation, now()],
      });
      const row = rows[0];
      const session = row && readSession(String(row.body));
      return session && { session, version: Number(row.version) };
    },
    async save(conversation: string, session: Session, version: number) {
      const body = JSON.stringify(session);
      const until = now() + ttlMs;
      const [, result] = await client.batch(
        [
          { sql: 'DELETE FROM session WHERE id = ? AND until <= ?', args: [conversation, now()] },
          version === 0
            ? {
                sql: 'INSERT INTO session (id, version, body, until) VALUES (?, 1, ?, ?) ON CONFLICT (id) DO NOTHING',
                args: [conversation, body, until],
              }
            : {
                sql: 'UPDATE session SET version = version + 1, body = ?, until = ? WHERE id = ? AND version = ?',
                args: [body, until, conversation, version],
              },
        ],
        'write',
      );
      if (++saves % SWEEP_EVERY === 0) await sweep();
      return result?.rowsAffected === 1;
    },
    async forget(conversation) {
      await client.execute({ sql: 'DELETE FROM session WHERE id = ?', args: [conversation] });
    },
    async claim(messageId) {
      const [, result] = await client.batch(
        [
          { sql: 'DELETE FROM claim WHERE id = ? AND until <= ?', args: [messageId, now()] },
          {
            sql: 'INSERT INTO claim (id, until) VALUES (?, ?) ON CONFLICT (id) DO NOTHING',
            args: [messageId, now() + CLAIM_MS],
          },
        ],
        'write',
      );
      return result?.rowsAffected === 1;
    },
    async close() {
      client.close();
    },
  };
}
