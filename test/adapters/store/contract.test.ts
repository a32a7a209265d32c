import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHide, withKeyedIds } from '../../../src/adapters/store/keyed.ts';
import { createMemoryStore } from '../../../src/adapters/store/memory.ts';
import { createPatience, withPatience } from '../../../src/adapters/store/patient.ts';
import { openRedisStore } from '../../../src/adapters/store/redis.ts';
import { withShelter } from '../../../src/adapters/store/shelter.ts';
import { openSqliteStore } from '../../../src/adapters/store/sqlite.ts';
import { LEASE_MS, type Store } from '../../../src/adapters/store/store.ts';
import { createVault } from '../../../src/adapters/store/vault.ts';
import { VaultError } from '../../../src/adapters/vault.ts';
import { freshSession, type Session, type SessionStore } from '../../../src/core/session.ts';
import { hasRedis, type RealRedis, startRedis } from '../../redis.ts';

const folder = mkdtempSync(join(tmpdir(), 'store-'));
let redis: RealRedis | undefined;

beforeAll(async () => {
  if (hasRedis) redis = await startRedis();
});
afterAll(async () => {
  await redis?.stop();
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
const backends: readonly [string, boolean, (ttlMs: number, now?: () => number) => Promise<Store>][] = [
  ['memory', true, async (ttl, now) => createMemoryStore(ttl, now)],
  ['sqlite', true, (ttl, now) => openSqliteStore(join(folder, `${++files}`, 'bot.db'), ttl, now)],
  ['redis', hasRedis, (ttl) => openRedisStore(redis?.url ?? '', ttl, () => {})],
];
const wrapped: readonly [string, boolean, (ttlMs: number) => Promise<SessionStore>][] = backends.map(
  ([name, isThere, open]) => [
    `${name} store behind its wrappings`,
    isThere,
    async (ttl) =>
      withKeyedIds(
        withShelter(withPatience(await open(ttl), createPatience(5_000, 0))),
        createHide('a key of the test'),
      ),
  ],
);

for (const [name, isThere, open] of [...backends, ...wrapped])
  describe.skipIf(!isThere)(`sessions in a ${name}`, () => {
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
      const claims = await Promise.all(Array.from({ length: 6 }, () => store.claim(key, 'a talk')));
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await store.claim(key, 'a talk')).toBe(false);
      await store.close();
    });

    test('lets the next in line go on when the one before has been answered, with a save or without', async () => {
      const store = await open(HOUR);
      const talk = id();
      const [first, second, third] = [id(), id(), id()];
      for (const message of [first, second, third]) await store.claim(message, talk);
      await store.turn(first, talk);
      await store.save(talk, numb, 0, first);
      await store.release(first, talk);
      await store.turn(second, talk);
      await store.settle(second, talk);
      await store.turn(third, talk);
      for (const message of [first, second]) expect(await store.claim(message, talk)).toBe(false);
      await store.close();
    });

    test('holds nothing after its time, and takes a new save', async () => {
      const store = await open(-1);
      const key = id();
      await store.save(key, numb, 0);
      expect(await store.load(key)).toBeUndefined();
      expect(await store.save(key, numb, 0)).toBe(true);
      await store.close();
    });
  });

for (const [name, isThere, open] of backends)
  describe.skipIf(!isThere)(`beside the sessions in a ${name} store`, () => {
    test('an installation comes back whole, is replaced, removed, and never lies there readable', async () => {
      const store = await open(HOUR);
      const kept = new Map<string, string>();
      const watched = {
        ...store.records,
        put: (id: string, body: string) => {
          kept.set(id, body);
          return store.records.put(id, body);
        },
      };
      const vault = createVault(watched, 'the key of this test', createHide('the key of this test'));
      const installation = { team: { id: 'T1', name: 'Runners' }, bot: { token: ['xoxb', 'test'].join('-') } };
      expect(await vault.load('T1')).toBeUndefined();
      await vault.save('T1', { team: { id: 'T1' } });
      await vault.save('T1', installation);
      expect(await vault.load('T1')).toEqual(installation);
      expect(await vault.load('T2')).toBeUndefined();
      expect(kept.size).toBe(1);
      expect(JSON.stringify([...kept])).not.toMatch(/T1|Runners|xoxb/);
      await vault.remove('T1');
      await vault.remove('T1');
      expect(await vault.load('T1')).toBeUndefined();
      await store.close();
    });

    test('an installation kept under another key, or moved to another id, is refused and the cure told', async () => {
      const store = await open(HOUR);
      const hide = createHide('the same for both');
      await createVault(store.records, 'the first key of two', hide).save('T9', { a: 1 });
      const other = createVault(store.records, 'the second key of two', hide);
      await expect(other.load('T9')).rejects.toThrow(VaultError);
      await expect(other.load('T9')).rejects.toThrow(/set the old key, or install the app in the workspace again/);
      await store.records.put(hide('installation:T8'), (await store.records.get(hide('installation:T9'))) ?? '');
      await expect(createVault(store.records, 'the first key of two', hide).load('T8')).rejects.toThrow(VaultError);
      await store.close();
    });

    test('tallies add up, also from many at once', async () => {
      const store = await open(HOUR);
      await Promise.all(Array.from({ length: 20 }, () => store.tallies.add('2026-05-01 helpful core')));
      await store.tallies.add('2026-05-01 unhelpful core');
      expect(Object.fromEntries(await store.tallies.all())).toMatchObject({
        '2026-05-01 helpful core': 20,
        '2026-05-01 unhelpful core': 1,
      });
      await store.close();
    });

    test('notes are kept newest first, go by age and number, and all at once', async () => {
      const store = await open(HOUR);
      await store.notes.clear();
      await store.notes.add('2026-04-01', 'old', '2026-03-01', 3);
      for (const body of ['a', 'b']) await store.notes.add('2026-05-01', body, '2026-04-15', 3);
      expect((await store.notes.all()).map((n) => n.body)).toEqual(['b', 'a']);
      for (const body of ['c', 'd']) await store.notes.add('2026-05-02', body, '2026-04-15', 3);
      expect(await store.notes.all()).toEqual([
        { day: '2026-05-02', body: 'd' },
        { day: '2026-05-02', body: 'c' },
        { day: '2026-05-01', body: 'b' },
      ]);
      await store.notes.clear();
      expect(await store.notes.all()).toEqual([]);
      await store.close();
    });

    test('a store that works has no fault', async () => {
      const store = await open(HOUR);
      expect(await store.fault()).toBeUndefined();
      await store.close();
    });
  });

describe('a message whose taker is gone', () => {
  for (const [name, open] of [
    ['memory', async (now: () => number) => createMemoryStore(HOUR, now)],
    ['sqlite', (now: () => number) => openSqliteStore(join(folder, `${++files}`, 'bot.db'), HOUR, now)],
  ] as const)
    test(`can be taken again after a minute, and an answered one cannot (${name})`, async () => {
      let time = 1_000_000;
      const store = await open(() => time);
      for (const id of ['lost', 'settled', 'saved']) await store.claim(id, 'talk');
      await store.settle('settled', 'talk');
      await store.save('talk', numb, 0, 'saved');
      time += LEASE_MS - 1;
      expect(await store.claim('lost', 'talk')).toBe(false);
      time += 2;
      expect(await store.claim('lost', 'talk')).toBe(true);
      expect(await store.claim('settled', 'talk')).toBe(false);
      expect(await store.claim('saved', 'talk')).toBe(false);
      await store.close();
    });

  test.skipIf(!hasRedis)('has a lease on Redis of a minute at most, and an answered one a day', async () => {
    const store = await openRedisStore(redis?.url ?? '', HOUR, () => {});
    await store.claim('lost', 'a talk');
    await store.claim('kept', 'a talk');
    await store.save('a talk', numb, 0, 'kept');
    expect(await store.client.pTTL('rbb:claim:lost')).toBeLessThanOrEqual(LEASE_MS);
    expect(await store.client.pTTL('rbb:claim:kept')).toBeGreaterThan(LEASE_MS);
    await store.close();
  });

  test.skipIf(!hasRedis)('does not hold up those behind it for ever', async () => {
    const [dying, alive] = await Promise.all([0, 1].map(() => openRedisStore(redis?.url ?? '', HOUR, () => {})));
    await dying?.claim('its', 'held up');
    await alive?.claim('mine', 'held up');
    await dying?.close();
    await alive?.turn('mine', 'held up');
    const line = (await alive?.client.lRange('rbb:line:held up', 0, -1)) ?? [];
    expect(line.map((place) => place.slice(9))).toEqual(['mine']);
    await alive?.close();
  });
});
