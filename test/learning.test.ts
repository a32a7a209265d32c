import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createMemoryStore } from '../src/adapters/store/memory.ts';
import { createSeal } from '../src/adapters/store/vault.ts';
import { readBrain } from '../src/brain-file.ts';
import { takeTurn } from '../src/core/dialogue.ts';
import { freshSession } from '../src/core/session.ts';
import { createLearning, reportOf, withoutTraces } from '../src/learning.ts';
import { startBot } from './bot-process.ts';
import { brain } from './brain.ts';

const folder = mkdtempSync(join(tmpdir(), 'learning-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DAY = Date.UTC(2026, 4, 1);
function learner(keepsQuestions: boolean) {
  const { tallies, notes } = createMemoryStore(1);
  const store = { tallies, notes, seal: createSeal('the key of this test', 'notes') };
  const learning = createLearning(
    store,
    (topic) => brain.passages.has(topic),
    keepsQuestions,
    () => {},
    () => DAY,
  );
  const ask = (text: string) => {
    const message = { id: '1', conversation: 'a:b:c', text };
    learning.answered(message, takeTurn(brain, freshSession, message).reply);
  };
  return { store, learning, ask };
}

test('helpful and not helpful are counted by day and topic, and topics that do not exist are left out', async () => {
  const { store, learning } = learner(false);
  learning.helpful('core', true);
  learning.helpful('core', true);
  learning.helpful('core', false);
  learning.helpful('<@123> my groin', true);
  expect(Object.fromEntries(await store.tallies.all())).toEqual({
    '2026-05-01 helpful core': 2,
    '2026-05-01 unhelpful core': 1,
  });
  expect(await reportOf(store)).toMatch(/helpful, by topic\n {2}2 {2}core {2}\(2026-05-01: 2\)/);
});

test('a question without an answer is counted by what it was nearest to, and its words are not kept', async () => {
  const { store, ask } = learner(false);
  ask('how do I repair the gearbox of my tractor?');
  ask('are my shoes the problem?');
  const names = [...(await store.tallies.all()).keys()];
  expect(names).toHaveLength(1);
  expect(names[0]).toMatch(/^2026-05-01 unanswered [a-z-]+$/);
  expect(await store.notes.all()).toEqual([]);
  expect(await reportOf(store)).not.toMatch(/tractor|gearbox/);
});

test('with STORE_UNANSWERED its words are kept sealed, without what points to a person', async () => {
  const { store, ask } = learner(true);
  ask('how do I repair the gearbox of my tractor? ask <@123456> or me@example.org, 0171 2345678');
  const [kept] = await store.notes.all();
  expect(kept?.day).toBe('2026-05-01');
  expect(kept?.body).not.toMatch(/tractor/);
  expect(await reportOf(store)).toMatch(/repair the gearbox of my tractor\? ask \[…\] or \[…\],? ?\[…\]/);
});

test('with STORE_UNANSWERED a message with a danger sign is never kept', async () => {
  const { store, ask } = learner(true);
  ask('how do I repair my tractor, and my groin has gone numb since yesterday');
  expect(await store.notes.all()).toEqual([]);
});

test('long questions are cut and traces of people left out', () => {
  expect(withoutTraces('mail me at a.b@c.de or see https://x.example/me')).toBe('mail me at […] or see […]');
  expect(withoutTraces('call +44 20 7946 0000 or @somebody')).toBe('call […] or […]');
  expect(withoutTraces('ran 10 km in 50 minutes')).toBe('ran 10 km in 50 minutes');
  expect(withoutTraces('x'.repeat(900))).toHaveLength(300);
});

test('the privacy notice says what is kept, how long and where, and another thing when questions are kept', async () => {
  const privacy = (keeps: typeof brain.keeps) => {
    const { parts } = takeTurn({ ...brain, keeps }, freshSession, {
      id: '1',
      conversation: 'a',
      text: 'privacy',
    }).reply;
    return JSON.stringify(parts);
  };
  const plain = privacy({ hours: 24, place: 'in a file on the server' });
  expect(plain).toContain('I do not keep the words you write');
  expect(plain).toContain('24 hours after your last message');
  expect(plain).toContain('in a file on the server');
  const keeping = privacy({ hours: 24, place: 'in a file on the server', questionDays: 30 });
  expect(keeping).not.toContain('I do not keep the words you write');
  expect(keeping).toContain('kept for 30 days: the words of a question I could not answer');
  await expect(readBrain({ CORPUS_DIR: undefined, REGION: 'GB' }, { hours: 1, place: 'x' })).resolves.toBeDefined();
});

test('feedback of a channel ends in the report of the built program, and turning the setting off deletes what it kept', async () => {
  const env = { STORE_URL: `file:${join(folder, 'bot.db')}` };
  const on = await startBot({ ...env, STORE_UNANSWERED: 'on' });
  on.sendRaw({ feedback: { topic: 'core', isHelpful: true } });
  const said = await on.ask({ id: '1', conversation: 'a:b:c', text: 'privacy' });
  expect(said.text).toContain('the words of a question I could not answer');
  await on.ask({ id: '2', conversation: 'a:b:c', text: 'how do I repair the gearbox of my tractor?' });
  await on.end('SIGTERM');
  const { openStore } = await import('../src/open-store.ts');
  const { readSettings } = await import('../src/settings.ts');
  const report = async () => {
    const store = await openStore(readSettings(env), () => {});
    const text = await reportOf(store);
    await store.sessions.close();
    return text;
  };
  expect(await report()).toMatch(/1 {2}core[\s\S]*gearbox of my tractor/);
  const off = await startBot(env);
  await off.ask({ id: '3', conversation: 'a:b:c', text: 'hello' });
  await off.end('SIGTERM');
  expect(await report()).toMatch(/1 {2}core/);
  expect(await report()).not.toMatch(/tractor/);
});
