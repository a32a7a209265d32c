import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Connection, connect } from './connection.ts';
import { readSession } from './session-form.ts';
import { ANSWERED_MS, LEASE_MS, type Store } from './store.ts';

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
  readonly client: Connection;
  /** Where a broken file was set aside when the store was opened; `undefined` means: the file was sound. */
  readonly setAside?: string;
}

async function migrate(client: Connection): Promise<void> {
  const at = Number((await client.execute('PRAGMA user_version')).rows[0]?.user_version ?? 0);
  if (at > MIGRATIONS.length)
    throw new Error(
      `the store was written by a newer version (${at}, this one knows ${MIGRATIONS.length}): run the newer version, or set STORE_URL to another file`,
    );
  for (let version = at; version < MIGRATIONS.length; version++)
    await client.write([...(MIGRATIONS[version] ?? []), `PRAGMA user_version = ${version + 1}`]);
}

async function openSound(path: string): Promise<Connection> {
  // FULL: what was acknowledged survives a loss of power, not only of the process. What is deleted is written over.
  const client = await connect(path, 'journal_mode = WAL', 'synchronous = FULL', 'secure_delete = ON');
  try {
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
  let client: Connection;
  try {
    client = await openSound(path);
  } catch (error) {
    if (!isBroken(error)) throw error;
    setAside = `${path}.broken-${now()}`;
    for (const tail of ['', '-wal', '-shm']) if (existsSync(path + tail)) renameSync(path + tail, setAside + tail);
    client = await openSound(path);
  }
  // Waiting for the disk takes many times as long as a turn, so only what matters for safety waits: sessions with a danger sign.
  const fast = await connect(path, 'synchronous = NORMAL', 'secure_delete = ON');
  let saves = 0;
  const sweep = async () => {
    await fast.write([
      { sql: 'DELETE FROM session WHERE until <= ?', args: [now()] },
      { sql: 'DELETE FROM claim WHERE until <= ?', args: [now()] },
    ]);
  };
  await sweep();
  return {
    client,
    ...(setAside ? { setAside } : {}),
    async load(conversation) {
      const { rows } = await fast.execute({
        sql: 'SELECT version, body FROM session WHERE id = ? AND until > ?',
        args: [conversation, now()],
      });
      const row = rows[0];
      return row && { session: readSession(String(row.body)), version: Number(row.version) };
    },
    async save(conversation, session, version, answered) {
      const body = JSON.stringify(session);
      const until = now() + ttlMs;
      const [, result] = await (session.signs.length ? client : fast).write([
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
      ]);
      if (++saves % SWEEP_EVERY === 0) await sweep();
      return result?.rowsAffected === 1;
    },
    async forget(conversation) {
      await client.execute({ sql: 'DELETE FROM session WHERE id = ?', args: [conversation] });
    },
    async claim(messageId) {
      const { rowsAffected } = await fast.execute({
        sql: 'INSERT INTO claim (id, until) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET until = excluded.until WHERE claim.until <= ?',
        args: [messageId, now() + LEASE_MS, now()],
      });
      return rowsAffected === 1;
    },
    // A file has one process: the bot's own queue keeps the order.
    async turn() {},
    async release() {},
    async settle(messageId) {
      await fast.execute({
        sql: 'INSERT INTO claim (id, until) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET until = excluded.until',
        args: [messageId, now() + ANSWERED_MS],
      });
    },
    async close() {
      fast.close();
      client.close();
    },
    ...shelvesOf(client, fast),
  };
}

/** Records, tallies and notes in the same file. */
function shelvesOf(client: Connection, fast: Connection): Pick<Store, 'records' | 'tallies' | 'notes' | 'fault'> {
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
        await fast.execute({
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
        await fast.write([
          { sql: 'INSERT INTO note (day, body) VALUES (?, ?)', args: [day, body] },
          { sql: 'DELETE FROM note WHERE day < ?', args: [since] },
          {
            sql: 'DELETE FROM note WHERE place NOT IN (SELECT place FROM note ORDER BY place DESC LIMIT ?)',
            args: [most],
          },
        ]);
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
      client.write([{ sql: 'DELETE FROM claim WHERE until < ?', args: [0] }]).then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ),
  };
}
