import fc from 'fast-check';
import { expect, test } from 'vitest';
import { takeTurn } from '../src/core/dialogue.ts';
import { plainText } from '../src/core/plain.ts';
import { freshSession } from '../src/core/session.ts';
import { isAtLeast } from '../src/core/urgency.ts';
import { brain } from './brain.ts';

const say = (text: string) => takeTurn(brain, freshSession, { id: 'x', conversation: 'x', text }).reply;

test.each([
  ['nothing', ''],
  ['blanks', '   \n\t '],
  ['emoji only', '🏃‍♀️🔥🔥'],
  ['zero-width characters', '\u200b\u200d\ufeff'],
  ['control characters', '\u0000\u0007\u001b[31m'],
  ['a lone surrogate', '\ud83d'],
  ['right-to-left marks', '\u202eback pain\u202c'],
  ['keys of a prototype', 'constructor __proto__ toString hasOwnProperty'],
  ['a megabyte of one letter', 'a'.repeat(1_000_000)],
  ['a megabyte of words', 'back pain '.repeat(100_000)],
])('%s gets a reply with words in it', (_, text) => {
  expect(plainText(say(text)).length).toBeGreaterThan(10);
});

const PLANTED = [
  'my groin has gone numb since yesterday',
  'I have crushing chest pain going into my left arm',
  'I cannot pee at all since last night',
  'I want to die',
  'my pee is the colour of cola after the race',
] as const;

test('a sign planted among any words is heard', () => {
  const word = fc.constantFrom(
    'run',
    'shoes',
    'mile',
    'easy',
    'tuesday',
    'pace',
    'hill',
    'tempo',
    'gels',
    'watch',
    'rain',
    'coach',
    'plan',
    'week',
  );
  const chatter = fc.array(word, { maxLength: 30 }).map((w) => w.join(' '));
  fc.assert(
    fc.property(chatter, fc.constantFrom(...PLANTED), chatter, (before, sign, after) => {
      expect(isAtLeast(say(`${before}. ${sign}. ${after}`).urgency, 'emergency')).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('any string at all gets a reply that names a kind', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(say(text).parts.length).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});

test('a core that fails after triage still names where to get help, and keeps the level', () => {
  const broken = {
    ...brain,
    understand: () => {
      throw new Error('no model');
    },
  };
  const calm = takeTurn(broken, freshSession, { id: 'x', conversation: 'x', text: 'are my shoes the problem?' }).reply;
  expect(plainText(calm)).toContain('999');
  const numb = takeTurn(broken, freshSession, {
    id: 'x',
    conversation: 'x',
    text: 'my groin has gone numb since yesterday',
  }).reply;
  expect(numb.urgency).toBe('emergency');
  expect(plainText(numb)).toContain('999');
});

test('no word that a person wrote stands in the session', () => {
  const { session } = takeTurn(brain, freshSession, {
    id: 'x',
    conversation: 'x',
    text: 'zanzibar: my groin went numb on the quagmire trail',
  });
  expect(JSON.stringify(session)).not.toMatch(/zanzibar|quagmire/i);
});

test('the numbers shown are those of the region', () => {
  expect(plainText(say('I want to die'))).toContain('116 123');
});

test('an emergency reply has at most 100 words and no exercise', () => {
  for (const text of PLANTED) {
    const said = plainText(say(text)).split('\n\n')[0] ?? '';
    expect(said.split(/\s+/).length).toBeLessThanOrEqual(100);
    expect(said).not.toMatch(/plank|stretch|yoga/i);
  }
});

test('a button of an older question does not answer the one that is open', () => {
  const press = (session: Parameters<typeof takeTurn>[1], choice: string) =>
    takeTurn(brain, session, { id: 'x', conversation: 'x', text: '', choice });
  const first = press(freshSession, 'check');
  const old = first.reply.parts.flatMap((p) => (p.kind === 'choices' ? p.choices.map((c) => c.id) : []));
  const second = press(first.session, old[1] ?? '');
  const again = press(second.session, old[0] ?? '');
  expect(old).toContain('screen:check-numb-pee-poo:yes');
  expect(again.reply.urgency).toBe('none');
  expect(again.session.open).toEqual(second.session.open);
  expect(plainText(again.reply)).toContain('weak');
});

test('a button of an older interview question asks the open one again', () => {
  const press = (session: Parameters<typeof takeTurn>[1], choice: string) =>
    takeTurn(brain, session, { id: 'x', conversation: 'x', text: '', choice });
  const first = press(freshSession, 'cause');
  const [old = ''] = first.reply.parts.flatMap((p) => (p.kind === 'choices' ? p.choices.map((c) => c.id) : []));
  const second = press(first.session, old);
  const again = press(second.session, old);
  expect(again.session.interview?.answers).toHaveLength(1);
  expect(again.session.open).toEqual(second.session.open);
});

test('who is sure of nothing is asked last what is plain of all that was not asked, and hears that cause first', () => {
  let turn = takeTurn(brain, freshSession, { id: 'x', conversation: 'x', text: 'find my cause' });
  for (let asked = 1; asked < 6; asked++) {
    const { open } = turn.session;
    turn = takeTurn(brain, turn.session, {
      id: 'x',
      conversation: 'x',
      text: open?.kind === 'interview' ? 'skip' : '',
    });
  }
  expect(turn.session.open).toEqual({ kind: 'interview', question: 'last' });
  const back = takeTurn(brain, turn.session, { id: 'x', conversation: 'x', text: 'back' });
  expect(back.session.open).not.toEqual(turn.session.open);
  const choices = turn.reply.parts.flatMap((p) => (p.kind === 'choices' ? p.choices : []));
  const worn = choices.find((c) => c.label === 'My shoes are old or worn');
  const { reply } = takeTurn(brain, turn.session, { id: 'x', conversation: 'x', text: '', choice: worn?.id ?? '' });
  expect(reply.sources[0]?.topic).toBe('footwear');
  expect(plainText(reply)).toContain('your shoes are old or worn');
});

test('a button that nothing knows gets a kind word', () => {
  const { reply } = takeTurn(brain, freshSession, { id: 'x', conversation: 'x', text: '', choice: 'opt:gone:gone' });
  expect(plainText(reply)).toContain('older talk');
});

test('"why does my back hurt?" is answered with the causes, and not told that the article does not say why', () => {
  const reply = say('why does my back hurt?');
  expect(reply.sources[0]?.topic).toBe('causes');
  expect(plainText(reply)).not.toContain(brain.wording.answer['no-why']);
});
