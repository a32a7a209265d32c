import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryStore } from '../src/adapters/store/memory.ts';
import { createPatience, withPatience } from '../src/adapters/store/patient.ts';
import { openRedisStore, type RedisStore } from '../src/adapters/store/redis.ts';
import { withShelter } from '../src/adapters/store/shelter.ts';
import { openSqliteStore } from '../src/adapters/store/sqlite.ts';
import { createBot, type Trouble } from '../src/core/bot.ts';
import type { Reply } from '../src/core/reply.ts';
import type { SessionStore } from '../src/core/session.ts';
import { createAdmit } from '../src/fair-use.ts';
import { openStore } from '../src/open-store.ts';
import { readSettings } from '../src/settings.ts';
import { brain } from './brain.ts';
import { hasRedis, type RealRedis, startRedis } from './redis.ts';

const HOUR = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'failing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NUMB = 'my groin has gone numb since yesterday';
let messages = 0;
/** A bot over a store, what it had trouble with, and a way to talk to it as one person. */
function talkTo(store: SessionStore) {
  const troubles: Trouble[] = [];
  const bot = createBot(() => brain, store, { trouble: (t) => troubles.push(t) });
  return {
    troubles,
    where: () => [...new Set(troubles.map((t) => t.where))],
    say: (text: string, conversation = 'a:b:c', id = `f${messages++}`): Promise<Reply | undefined> =>
      bot({ id, conversation, text }),
  };
}

/** A memory store whose calls fail, or never end, when told so. */
function unreliable() {
  const inner = createMemoryStore(HOUR);
  let how: 'works' | 'fails' | 'hangs' = 'works';
  const now = <T>(work: () => Promise<T>): Promise<T> =>
    how === 'works' ? work() : how === 'fails' ? Promise.reject(new Error('gone')) : new Promise(() => {});
  const store: SessionStore = {
    load: (c) => now(() => inner.load(c)),
    save: (...saved) => now(() => inner.save(...saved)),
    forget: (c) => now(() => inner.forget(c)),
    claim: (...message) => now(() => inner.claim(...message)),
    turn: (...message) => now(() => inner.turn(...message)),
    release: (...message) => now(() => inner.release(...message)),
    settle: (...message) => now(() => inner.settle(...message)),
    close: () => inner.close(),
  };
  return {
    store,
    inner,
    become: (next: typeof how) => {
      how = next;
    },
  };
}

describe('a store that fails', () => {
  test('keeps nobody from an answer, and a sign that was raised before stays in force', async () => {
    const { store, become } = unreliable();
    const talk = talkTo(withShelter(store));
    await talk.say(NUMB);
    become('fails');
    const reply = await talk.say('which shoes should I buy?');
    expect(reply).toMatchObject({ urgency: 'emergency', signs: ['saddle-numbness'] });
    expect(talk.where().sort()).toEqual(['claim', 'save', 'settle', 'turn']);
  });

  test('loses no sign that is raised meanwhile: it warns on, and brings it to the store when that is back', async () => {
    const { store, inner, become } = unreliable();
    const sheltered = withShelter(store);
    const talk = talkTo(sheltered);
    become('fails');
    await talk.say(NUMB);
    expect((await talk.say('thanks'))?.urgency).toBe('emergency');
    expect(sheltered.waiting()).toBe(1);
    become('works');
    await sheltered.flush();
    expect(sheltered.waiting()).toBe(0);
    expect((await inner.load('a:b:c'))?.session.signs[0]?.flag).toBe('saddle-numbness');
  });

  test('and another process that saved meanwhile lose neither the one nor the other sign', async () => {
    const { store, inner, become } = unreliable();
    const sheltered = withShelter(store);
    const mine = talkTo(sheltered);
    const others = talkTo(inner);
    await mine.say('hello');
    become('fails');
    await mine.say(NUMB);
    await others.say('I have crushing chest pain');
    become('works');
    const reply = await mine.say('which shoes should I buy?');
    expect(reply?.signs).toEqual(expect.arrayContaining(['saddle-numbness', 'chest-pain']));
    const kept = (await inner.load('a:b:c'))?.session.signs.map((s) => s.flag);
    expect(kept).toEqual(expect.arrayContaining(['saddle-numbness', 'chest-pain']));
  });

  test('is not said to have forgotten: the person is told, and it is deleted when the store is back', async () => {
    const { store, inner, become } = unreliable();
    const sheltered = withShelter(store);
    const talk = talkTo(sheltered);
    await talk.say(NUMB);
    become('fails');
    const reply = await talk.say('forget me');
    expect(JSON.stringify(reply?.parts)).toContain('could not delete it just now');
    expect((await talk.say('hello'))?.urgency).toBe('none');
    become('works');
    await sheltered.flush();
    expect((await inner.load('a:b:c'))?.session.signs ?? []).toEqual([]);
  });

  test('does not let a redelivered message be answered twice by the same process', async () => {
    const { store, become } = unreliable();
    const talk = talkTo(withShelter(store));
    become('fails');
    expect(await talk.say('hello', 'a:b:c', 'again')).toBeDefined();
    expect(await talk.say('hello', 'a:b:c', 'again')).toBeUndefined();
  });
});

describe('a store that hangs', () => {
  test('costs one wait, then is left alone, tried again, and used again', async () => {
    let time = 0;
    const { store, become } = unreliable();
    const patience = createPatience(20, 1_000, () => time);
    const talk = talkTo(withPatience(store, patience));
    become('hangs');
    expect((await talk.say(NUMB))?.urgency).toBe('emergency');
    const waits = talk.troubles.filter((t) => String(t.cause).includes('did not answer'));
    expect(waits).toHaveLength(1);
    expect(talk.troubles.length).toBeGreaterThan(2);
    become('works');
    time = 1_001;
    talk.troubles.length = 0;
    await talk.say('hello');
    expect(talk.troubles).toEqual([]);
  });

  test('is tried by one call while the others reject', async () => {
    let time = 0;
    const patience = createPatience(20, 100, () => time);
    const hang = () => new Promise<never>(() => {});
    await expect(patience(hang)).rejects.toThrow('did not answer within 20 ms');
    time = 101;
    const tries = await Promise.allSettled([patience(hang), patience(async () => 1), patience(async () => 2)]);
    expect(tries.map((t) => t.status)).toEqual(['rejected', 'rejected', 'rejected']);
    time = 202;
    expect(await patience(async () => 3)).toBe(3);
    expect(await patience(async () => 4)).toBe(4);
  });

  test('a crowd of calls is not taken for a slow store', async () => {
    const patience = createPatience(5_000, 1_000);
    let inside = 0;
    let most = 0;
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 1_000 }, (_, i) =>
        patience(async () => {
          most = Math.max(most, ++inside);
          order.push(i);
          await new Promise((resolve) => setImmediate(resolve));
          inside--;
        }),
      ),
    );
    expect(most).toBeLessThanOrEqual(64);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });
});

describe('a version conflict', () => {
  test('is settled by taking the turn anew on what the other saved', async () => {
    const inner = createMemoryStore(HOUR);
    const others = talkTo(inner);
    let meddle = 3;
    const talk = talkTo({
      ...inner,
      async save(...saved) {
        if (meddle-- > 0) await others.say('I have crushing chest pain', saved[0]);
        return inner.save(...saved);
      },
    });
    expect((await talk.say(NUMB))?.signs).toEqual(expect.arrayContaining(['saddle-numbness', 'chest-pain']));
    expect((await inner.load('a:b:c'))?.session.turn).toBe(4);
    expect(talk.troubles).toEqual([]);
  });

  test('that never ends still ends in the answer, and is told', async () => {
    const talk = talkTo({ ...createMemoryStore(HOUR), save: async () => false });
    expect((await talk.say(NUMB))?.urgency).toBe('emergency');
    expect(talk.where()).toEqual(['save']);
  });
});

describe('a file store', () => {
  const fileTalk = async (name: string) => {
    const store = await openSqliteStore(join(folder, `${name}.db`), HOUR);
    return { store, talk: talkTo(withShelter(store)) };
  };

  test('that is full warns on from memory, and takes all when there is room', async () => {
    const { store, talk } = await fileTalk('full');
    const pages = (await store.client.execute('PRAGMA page_count')).rows[0]?.page_count;
    await store.client.pragma(`max_page_count = ${pages}`);
    let n = 0;
    while (!talk.troubles.length) await talk.say(NUMB, `a:b:${n++}`);
    expect(String(talk.troubles[0]?.cause)).toMatch(/full/);
    for (let i = 0; i < n; i++) expect((await talk.say('thanks', `a:b:${i}`))?.urgency).toBe('emergency');
    await store.client.pragma('max_page_count = 1000000');
    talk.troubles.length = 0;
    for (let i = 0; i < n; i++) expect((await talk.say('thanks', `a:b:${i}`))?.urgency).toBe('emergency');
    expect(talk.troubles).toEqual([]);
    expect((await store.load(`a:b:${n - 1}`))?.session.signs).toHaveLength(1);
    await store.close();
  });

  test('that has become read-only warns on from memory', async () => {
    const { store, talk } = await fileTalk('read-only');
    await talk.say(NUMB);
    await store.client.pragma('query_only = 1');
    expect((await talk.say('thanks'))?.urgency).toBe('emergency');
    expect(String(talk.troubles[0]?.cause)).toMatch(/readonly/);
    expect(await store.fault()).toMatch(/readonly/);
    await store.close();
  });

  test('that another process has locked holds nobody up for long', async () => {
    const { store, talk } = await fileTalk('locked');
    const other = await openSqliteStore(join(folder, 'locked.db'), HOUR);
    const locker = createClient({ url: `file:${join(folder, 'locked.db')}` });
    const lock = await locker.transaction('write');
    expect((await talk.say(NUMB))?.urgency).toBe('emergency');
    expect(String(talk.troubles[0]?.cause)).toMatch(/locked|busy/i);
    await lock.rollback();
    locker.close();
    talk.troubles.length = 0;
    expect((await talk.say('thanks'))?.urgency).toBe('emergency');
    expect(talk.troubles).toEqual([]);
    expect((await other.load('a:b:c'))?.session.signs).toHaveLength(1);
    await other.close();
    await store.close();
  });

  test('that cannot be made leaves the bot with its memory, and says why', async () => {
    const place = join(folder, 'a file, not a folder');
    writeFileSync(place, '');
    const store = await openStore(readSettings({ STORE_URL: `file:${join(place, 'bot.db')}` }), () => {});
    expect(store.kind).toBe('memory');
    expect(store.notice).toMatch(/cannot be used .*kept in memory/);
    expect((await talkTo(store.sessions).say(NUMB))?.urgency).toBe('emergency');
    await store.sessions.close();
  });

  test('whose key file was lost begins anew and answers', async () => {
    mkdirSync(join(folder, 'key'));
    const settings = readSettings({ STORE_URL: `file:${join(folder, 'key', 'bot.db')}` });
    const first = await openStore(settings, () => {});
    await talkTo(first.sessions).say(NUMB);
    await first.installations.save('T1', { token: 'x' });
    await first.sessions.close();
    rmSync(join(folder, 'key', 'bot.db.key'));
    const second = await openStore(settings, () => {});
    expect((await talkTo(second.sessions).say('hello'))?.urgency).toBe('none');
    expect(await second.installations.load('T1')).toBeUndefined();
    await second.sessions.close();
  });
});

describe.skipIf(!hasRedis)('a real Redis', () => {
  let redis: RealRedis;
  const troubles: unknown[] = [];
  const open: RedisStore[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    await Promise.all(open.map((store) => store.close()));
    await redis.stop();
  });
  const openTalk = async () => {
    const store = await openRedisStore(redis.url, HOUR, (cause) => troubles.push(cause));
    open.push(store);
    const patience = createPatience(300, 100);
    const sheltered = withShelter(withPatience(store, patience));
    return { store, sheltered, patience, talk: talkTo(sheltered) };
  };
  /** Resolves when the connection is back. */
  const back = async (store: RedisStore) => {
    if (!store.isReady()) await new Promise<void>((resolve) => store.client.once('ready', () => resolve()));
  };

  test('that is killed costs nobody an answer or a warning, and is used again when it is back', async () => {
    const { store, sheltered, talk } = await openTalk();
    await talk.say(NUMB);
    await redis.kill();
    expect((await talk.say('which shoes should I buy?'))?.urgency).toBe('emergency');
    expect((await talk.say('I have crushing chest pain'))?.signs).toContain('chest-pain');
    expect(await store.fault()).toBe('Redis is not connected');
    await redis.restart();
    await back(store);
    await sheltered.flush();
    expect(sheltered.waiting()).toBe(0);
    // Redis came back empty: what was known here is there again.
    const kept = (await store.load('a:b:c'))?.session.signs.map((s) => s.flag);
    expect(kept).toEqual(expect.arrayContaining(['saddle-numbness', 'chest-pain']));
    expect(await store.fault()).toBeUndefined();
  });

  test('that is frozen holds nobody up without a bound, and is used again when it thaws', async () => {
    const { store, talk, patience } = await openTalk();
    await talk.say(NUMB, 'a:b:frozen');
    redis.freeze(true);
    expect((await talk.say('thanks', 'a:b:frozen'))?.urgency).toBe('emergency');
    const admit = createAdmit({ hide: (id) => id, patience, redis: store.client });
    await expect(admit('a:b:frozen')).rejects.toThrow();
    redis.freeze(false);
    let isBack = false;
    while (!isBack) {
      talk.troubles.length = 0;
      await talk.say('thanks', 'a:b:frozen');
      isBack = !talk.troubles.length;
    }
    expect((await store.load('a:b:frozen'))?.session.signs).toHaveLength(1);
  });

  test('that is full (out of memory) warns on from memory', async () => {
    const { store, talk } = await openTalk();
    await talk.say(NUMB, 'a:b:oom');
    await store.client.configSet('maxmemory', '1');
    await store.client.configSet('maxmemory-policy', 'noeviction');
    expect((await talk.say('thanks', 'a:b:oom'))?.urgency).toBe('emergency');
    expect(String(talk.troubles[0]?.cause)).toMatch(/OOM/);
    expect(await store.fault()).toMatch(/OOM/);
    await store.client.configSet('maxmemory', '0');
    talk.troubles.length = 0;
    expect((await talk.say('thanks', 'a:b:oom'))?.urgency).toBe('emergency');
    expect(talk.troubles).toEqual([]);
  });

  test('that is not there at the start is waited for while the bot answers', async () => {
    await redis.kill();
    const { store, talk } = await openTalk();
    expect((await talk.say(NUMB, 'a:b:early'))?.urgency).toBe('emergency');
    await redis.restart();
    await back(store);
    expect((await talk.say('thanks', 'a:b:early'))?.urgency).toBe('emergency');
    expect((await store.load('a:b:early'))?.session.signs).toHaveLength(1);
  });
});
