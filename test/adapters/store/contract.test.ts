import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withKeyedIds } from '../../../src/adapters/store/keyed.ts';
import { createMemoryStore } from '../../../src/adapters/store/memory.ts';
import { openRedisStore } from '../../../src/adapters/store/redis.ts';
import { openSqliteStore } from '../../../src/adapters/store/sqlite.ts';
import { freshSession, type Session, type SessionStore } from '../../../src/core/session.ts';

const hasRedis = (() => {
  try {
    execFileSync('redis-server', ['--version']);
    return true;
  } catch {
    return false;
  }
})();
if (!hasRedis) console.warn('redis-server is not installed: the contract is not run on Redis');

const folder = mkdtempSync(join(tmpdir(), 'store-'));
let redisUrl = '';
let stopRedis = () => {};

beforeAll(async () => {
  if (!hasRedis) return;
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder]);
  for await (const chunk of server.stdout) if (String(chunk).includes('Ready to accept connections')) break;
  redisUrl = `redis://127.0.0.1:${port}`;
  stopRedis = () => server.kill();
});
afterAll(() => {
  stopRedis();
  rmSync(folder, { recursive: true, force: true });
});

const HOUR = 3_600_000;
const numb: Session = {
  ...freshSession,
  turn: 3,
  signs: [{ flag: 'saddle-numbness', level: 'emergency', who: 'self', cues: ['new'], turn: 2 }],
  open: { kind: 'topic', topics: ['core', 'form'] },
};
let files = 0;
const makers: readonly [string, boolean, (ttlMs: number) => Promise<SessionStore>][] = [
  ['memory', true, async (ttl) => createMemoryStore(ttl)],
  ['sqlite', true, (ttl) => openSqliteStore(join(folder, `${++files}`, 'bot.db'), ttl)],
  [
    'sqlite with keyed ids',
    true,
    async (ttl) => withKeyedIds(await openSqliteStore(join(folder, `${++files}`, 'bot.db'), ttl), 'a key of the test'),
  ],
  ['redis', hasRedis, (ttl) => openRedisStore(redisUrl, ttl, () => {})],
];

for (const [name, isThere, open] of makers)
  describe.skipIf(!isThere)(`a ${name} store`, () => {
    let count = 0;
    const id = () => `${name}:place:person${++count}`;

    test('keeps nothing of a conversation that never was', async () => {
      const store = await open(HOUR);
      expect(await store.load(id())).toBeUndefined();
      await store.close();
    });

    test('gives back the session that was saved, whole', async () => {
      const store = await open(HOUR);
      const key = id();
      expect(await store.save(key, numb, 0)).toBe(true);
      expect(await store.load(key)).toEqual({ session: numb, version: 1 });
      await store.close();
    });

    test('refuses a save over a version that somebody else saved in between', async () => {
      const store = await open(HOUR);
      const key = id();
      await store.save(key, numb, 0);
      expect(await store.save(key, freshSession, 0)).toBe(false);
      expect(await store.save(key, numb, 1)).toBe(true);
      expect(await store.save(key, freshSession, 1)).toBe(false);
      expect((await store.load(key))?.version).toBe(2);
      await store.close();
    });

    test('of many saves at once over one version lets exactly one through', async () => {
      const store = await open(HOUR);
      const key = id();
      const saved = await Promise.all(Array.from({ length: 8 }, () => store.save(key, numb, 0)));
      expect(saved.filter(Boolean)).toHaveLength(1);
      await store.close();
    });

    test('forgets all of a conversation and nothing of another', async () => {
      const store = await open(HOUR);
      const [mine, yours] = [id(), id()];
      await store.save(mine, numb, 0);
      await store.save(yours, numb, 0);
      await store.forget(mine);
      expect(await store.load(mine)).toBeUndefined();
      expect(await store.load(yours)).toBeDefined();
      expect(await store.save(mine, freshSession, 0)).toBe(true);
      await store.close();
    });

    test('lets one caller claim a message id', async () => {
      const store = await open(HOUR);
      const key = id();
      const claims = await Promise.all(Array.from({ length: 6 }, () => store.claim(key)));
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await store.claim(key)).toBe(false);
      await store.close();
    });

    test('holds nothing after its time, and takes a new save', async () => {
      const store = await open(-1);
      const key = id();
      await store.save(key, numb, 0);
      expect(await store.load(key)).toBeUndefined();
      await store.close();
    });
  });

describe('a sqlite store', () => {
  test('gives back after a restart what was saved before it', async () => {
    const path = join(folder, 'restart', 'bot.db');
    const first = await openSqliteStore(path, HOUR);
    await first.save('a', numb, 0);
    await first.claim('m1');
    await first.close();
    const second = await openSqliteStore(path, HOUR);
    expect((await second.load('a'))?.session.signs[0]?.flag).toBe('saddle-numbness');
    expect(await second.claim('m1')).toBe(false);
    await second.close();
  });

  test('sets a broken file aside and begins a new one', async () => {
    const path = join(folder, 'broken.db');
    writeFileSync(path, 'this was never a database, and is long enough to be taken for a page of one.'.repeat(20));
    const store = await openSqliteStore(path, HOUR, () => 42);
    expect(store.setAside).toBe(`${path}.broken-42`);
    expect(await store.save('a', numb, 0)).toBe(true);
    await store.close();
  });

  test('refuses a file of a newer version by name, and leaves it as it is', async () => {
    const path = join(folder, 'newer.db');
    const store = await openSqliteStore(path, HOUR);
    await store.client.execute('PRAGMA user_version = 99');
    await store.close();
    await expect(openSqliteStore(path, HOUR)).rejects.toThrow(/newer version \(99/);
  });
});
