import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { afterAll, expect, test } from 'vitest';
import { openSqliteStore } from '../../../src/adapters/store/sqlite.ts';
import { freshSession, type Session } from '../../../src/core/session.ts';

const folder = mkdtempSync(join(tmpdir(), 'sqlite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HOUR = 3_600_000;
const numb: Session = {
  ...freshSession,
  turn: 3,
  signs: [{ flag: 'saddle-numbness', level: 'emergency', who: 'self', cues: ['new'], turn: 2 }],
};

test('a file gives back after a restart what was saved before it', async () => {
  const path = join(folder, 'a folder with spaces & 100 %', 'bot.db');
  const first = await openSqliteStore(path, HOUR);
  await first.claim('m1', 'a');
  await first.save('a', numb, 0, 'm1');
  await first.close();
  expect(existsSync(path)).toBe(true);
  const second = await openSqliteStore(path, HOUR);
  expect((await second.load('a'))?.session.signs[0]?.flag).toBe('saddle-numbness');
  expect(await second.claim('m1', 'a')).toBe(false);
  await second.close();
});

test('a broken file is set aside whole and a new one begun', async () => {
  const path = join(folder, 'broken.db');
  const body = 'this was never a database, and is long enough to be taken for a page of one.'.repeat(20);
  writeFileSync(path, body);
  const store = await openSqliteStore(path, HOUR, () => 42);
  expect(store.setAside).toBe(`${path}.broken-42`);
  expect(readFileSync(`${path}.broken-42`, 'utf8')).toBe(body);
  expect(await store.save('a', numb, 0)).toBe(true);
  await store.close();
});

test('a file with a page that was overwritten is set aside', async () => {
  const path = join(folder, 'page.db');
  const first = await openSqliteStore(path, HOUR);
  for (let i = 0; i < 200; i++) await first.save(`person${i}`, numb, 0);
  await first.client.execute('PRAGMA wal_checkpoint(TRUNCATE)');
  await first.close();
  const bytes = readFileSync(path);
  expect(statSync(path).size).toBeGreaterThan(3 * 4096);
  bytes.fill(0x5a, 2 * 4096, bytes.length - 4096);
  writeFileSync(path, bytes);
  const store = await openSqliteStore(path, HOUR, () => 43);
  expect(store.setAside).toBe(`${path}.broken-43`);
  await store.close();
});

test('a file of the first version is brought up to date with its sessions', async () => {
  const path = join(folder, 'old.db');
  const old = createClient({ url: `file:${path}` });
  await old.batch([
    'CREATE TABLE session (id TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL, until INTEGER NOT NULL)',
    'CREATE INDEX session_until ON session (until)',
    'CREATE TABLE claim (id TEXT PRIMARY KEY, until INTEGER NOT NULL)',
    'CREATE INDEX claim_until ON claim (until)',
    { sql: 'INSERT INTO session VALUES (?, 4, ?, ?)', args: ['a', JSON.stringify(numb), Date.now() + HOUR] },
    'PRAGMA user_version = 1',
  ]);
  old.close();
  const store = await openSqliteStore(path, HOUR);
  expect(store.setAside).toBeUndefined();
  expect(await store.load('a')).toEqual({ session: numb, version: 4 });
  await store.tallies.add('x');
  await store.notes.add('2026-05-01', 'y', '2026-01-01', 5);
  await store.close();
});

test('a file of a newer version is refused by name and left as it is', async () => {
  const path = join(folder, 'newer.db');
  const store = await openSqliteStore(path, HOUR);
  await store.client.execute('PRAGMA user_version = 99');
  await store.close();
  await expect(openSqliteStore(path, HOUR)).rejects.toThrow(/newer version \(99/);
  expect(existsSync(path)).toBe(true);
});

test('a session in a form of another version begins anew and can be saved over', async () => {
  const store = await openSqliteStore(join(folder, 'form.db'), HOUR);
  await store.save('a', { ...numb, schema: 7 } as unknown as Session, 0);
  expect(await store.load('a')).toEqual({ session: freshSession, version: 1 });
  expect(await store.save('a', numb, 1)).toBe(true);
  await store.close();
});

test('what has expired is swept from the file when it is opened', async () => {
  const path = join(folder, 'sweep.db');
  const first = await openSqliteStore(path, 10, () => 1_000);
  await first.save('a', numb, 0);
  await first.close();
  const second = await openSqliteStore(path, 10, () => 2_000);
  expect((await second.client.execute('SELECT * FROM session')).rows).toHaveLength(0);
  await second.close();
});
