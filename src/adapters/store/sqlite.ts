import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Client, createClient } from '@libsql/client';
import { readSession } from './session-form.ts';
import { ANSWERED_MS, LEASE_MS, type Store } from './store.ts';

/**
 * How long a call waits for another process that writes, in milliseconds. The calls of this client block the process, so nobody else
 * is answered meanwhile.
 */
const BUSY_MS = 250;
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
  ['CREATE TABLE note (place INTEGER PRIMARY KEY, day TEXT NOT NULL, body TEXT NOT NULL)'],
];

/** A store in an embedded SQLite file. */
export interface SqliteStore extends Store {
  /** The open database, for tests. */
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
  const client = createClient({ url: pathToFileURL(resolve(path)).href, timeout: BUSY_MS, concurrency: 1 });
  try {
    await client.execute('PRAGMA journal_mode = WAL');
    // FULL: what was acknowledged survives a loss of power, not only of the process.
    await client.execute('PRAGMA synchronous = FULL');
    const { rows } = await client.execute('PRAGMA quick_check(1)');
    if (rows[0]?.quick_check !== 'ok') throw new Error('the file is malformed');
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
      return row && { session: readSession(String(row.body)), version: Number(row.version) };
    },
    async save(conversation, session, version, answered) {
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
          ...(answered
            ? [
                {
                  // changes() is 1 only when the session was saved just above.
                  sql: 'UPDATE claim SET until = ? WHERE id = ? AND changes() = 1',
                  args: [now() + ANSWERED_MS, answered],
                },
              ]
            : []),
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
      const { rowsAffected } = await client.execute({
        sql: 'INSERT INTO claim (id, until) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET until = excluded.until WHERE claim.until <= ?',
        args: [messageId, now() + LEASE_MS, now()],
      });
      return rowsAffected === 1;
    },
    // A file has one process: the bot's own queue keeps the order.
    async turn() {},
    async settle(messageId) {
      await client.execute({
        sql: 'INSERT INTO claim (id, until) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET until = excluded.until',
        args: [messageId, now() + ANSWERED_MS],
      });
    },
    async close() {
      client.close();
    },
    ...shelvesOf(client),
  };
}

/** Records, tallies and notes in the same file. */
function shelvesOf(client: Client): Pick<Store, 'records' | 'tallies' | 'notes' | 'fault'> {
  return {
    records: {
      async get(id) {
        const { rows } = await client.execute({ sql: 'SELECT body FROM record WHERE id = ?', args: [id] });
        return rows[0] && String(rows[0].body);
      },
      async put(id, body) {
        await client.execute({
          sql: 'INSERT INTO record (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body',
          args: [id, body],
        });
      },
      async remove(id) {
        await client.execute({ sql: 'DELETE FROM record WHERE id = ?', args: [id] });
      },
    },
    tallies: {
      async add(name) {
        await client.execute({
          sql: 'INSERT INTO tally (id, count) VALUES (?, 1) ON CONFLICT (id) DO UPDATE SET count = count + 1',
          args: [name],
        });
      },
      async all() {
        const { rows } = await client.execute('SELECT id, count FROM tally');
        return new Map(rows.map((row) => [String(row.id), Number(row.count)]));
      },
    },
    notes: {
      async add(day, body, since, most) {
        await client.batch(
          [
            { sql: 'INSERT INTO note (day, body) VALUES (?, ?)', args: [day, body] },
            { sql: 'DELETE FROM note WHERE day < ?', args: [since] },
            {
              sql: 'DELETE FROM note WHERE place NOT IN (SELECT place FROM note ORDER BY place DESC LIMIT ?)',
              args: [most],
            },
          ],
          'write',
        );
      },
      async all() {
        const { rows } = await client.execute('SELECT day, body FROM note ORDER BY place DESC');
        return rows.map((row) => ({ day: String(row.day), body: String(row.body) }));
      },
      async clear() {
        await client.execute('DELETE FROM note');
      },
    },
    // An empty write asks for the write lock and a place on the disk without changing anything.
    fault: () =>
      client.batch([{ sql: 'DELETE FROM claim WHERE until < ?', args: [0] }], 'write').then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ),
  };
}
