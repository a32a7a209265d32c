import { describe, expect, test } from 'vitest';
import { fillIn } from '../../../src/adapters/slack/forms.ts';
import { questionsOf } from '../../../src/adapters/slack/views.ts';
import { takeTurn } from '../../../src/core/dialogue.ts';
import { plainText } from '../../../src/core/plain.ts';
import { freshSession } from '../../../src/core/session.ts';
import { brain } from '../../brain.ts';

/** A talk in memory, as the channel has it. */
function talk(before: readonly string[] = []) {
  let session = freshSession;
  const turn = (message: { text?: string; choice?: string }) => {
    const taken = takeTurn(brain, session, { id: 'x', conversation: 'x', text: '', ...message });
    session = taken.session;
    return taken.reply;
  };
  for (const text of before) turn({ text });
  return async (choice: string) => turn({ choice });
}
const checked = questionsOf('check', brain.corpus.questions, brain.wording);
/** Answers of the check, one letter a question: y, n or u. */
const answers = (letters: string) =>
  new Map(checked.map((q, i) => [q.id, q.options[{ y: 0, n: 1, u: 2 }[letters[i] ?? 'n'] ?? 1]?.id ?? '']));

describe('the check as a form', () => {
  test.each([
    ['nnnnn', 'none'],
    ['ynnnn', 'emergency'],
    ['nynnn', 'emergency'],
    ['nnynn', 'emergency'],
    ['unnnn', 'emergency'],
    ['nnnyn', 'urgent'],
    ['nnnny', 'urgent'],
    ['nnnyy', 'urgent'],
    ['nnnuu', 'none'],
    ['yyyyy', 'emergency'],
  ])('%s means %s', async (letters, urgency) => {
    expect((await fillIn('check', answers(letters), talk()))?.urgency).toBe(urgency);
  });

  test('holds every sign, also when the first ended the questions', async () => {
    const reply = await fillIn('check', answers('ynyny'), talk());
    expect(reply?.signs).toEqual(
      expect.arrayContaining(['check-numb-pee-poo', 'check-chest-breath-belly', 'check-fall-illness']),
    );
    expect(plainText({ parts: reply?.parts ?? [] })).toMatch(/^Please (get help|call)/);
  });

  test('does not lose a sign that was told before', async () => {
    const reply = await fillIn('check', answers('nnnnn'), talk(['my groin is numb and I cannot pee']));
    expect(reply?.urgency).toBe('emergency');
    expect(plainText({ parts: reply?.parts ?? [] })).toContain('999');
  });

  test('says nothing when it was sent before', async () => {
    expect(await fillIn('check', answers('ynnnn'), async () => undefined)).toBeUndefined();
  });
});

describe('the cause as a form', () => {
  const asked = questionsOf('cause', brain.corpus.questions, brain.wording);
  test.each([0, 1, -1])('gives the likely causes for option %i of each question', async (at) => {
    const picked = new Map(asked.map((q) => [q.id, q.options.at(at)?.id ?? '']));
    const reply = await fillIn('cause', picked, talk());
    expect(reply?.kind).toBe('answer');
    expect(reply?.sources.length).toBeGreaterThan(0);
  });

  test('goes on where the talk had stopped', async () => {
    const say = talk(['cause', 'stop']);
    const picked = new Map(asked.map((q) => [q.id, q.options[0]?.id ?? '']));
    expect((await fillIn('cause', picked, say))?.kind).toBe('answer');
  });
});
