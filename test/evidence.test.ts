import { expect, test } from 'vitest';
import { readCorpusFolder } from '../src/adapters/corpus-files.ts';
import { readCorpus } from '../src/adapters/corpus-folder.ts';
import { takeTurn } from '../src/core/dialogue.ts';
import { CorpusError, type CorpusFault } from '../src/core/fault.ts';
import type { Reply } from '../src/core/reply.ts';
import { freshSession } from '../src/core/session.ts';
import { brain } from './brain.ts';
import { gradeOf } from './grade.ts';

/** The replies to messages in a row; a message that begins with `>` presses what follows. */
function talk(...messages: readonly string[]): readonly Reply[] {
  let session = freshSession;
  return messages.map((said, i) => {
    const message = {
      id: `${i}`,
      conversation: 'x',
      text: said,
      ...(said[0] === '>' ? { choice: said.slice(1) } : {}),
    };
    const turn = takeTurn(brain, session, message);
    session = turn.session;
    return turn.reply;
  });
}
const kindsOf = (reply: Reply | undefined) => reply?.parts.map((p) => p.kind);

test('where guidelines differ, a note stands below the answer and its source, with sources of its own', () => {
  const [reply] = talk('>topic:footwear');
  expect(kindsOf(reply)).toEqual(['text', 'text', 'source', 'beyond', 'choices']);
  expect(reply?.parts.find((p) => p.kind === 'beyond')).toMatchObject({
    title: 'Beyond the article - Orthotics and shoes',
    source: expect.stringContaining('NICE NG59'),
  });
});

test('what a note says is never mixed into the words of the article', () => {
  for (const note of brain.evidence)
    for (const topic of note.topics) {
      const [reply] = talk(`>topic:${topic}`);
      const own = reply?.parts.flatMap((p) => (p.kind === 'text' ? [p.text] : p.kind === 'list' ? p.items : []));
      expect(own?.join(' ')).not.toContain(note.text.slice(0, 40));
    }
});

test('a note that only adds waits until it is asked for', () => {
  const [reply, more] = talk('>topic:stress', '>beyond:stress');
  expect(kindsOf(reply)).toEqual(['text', 'text', 'source', 'choices']);
  expect(reply?.parts.at(-1)).toMatchObject({
    choices: expect.arrayContaining([{ id: 'beyond:stress', label: 'Beyond the article' }]),
  });
  expect(kindsOf(more)).toEqual(['beyond']);
});

test('a note that was told is not offered again when there is no other', () => {
  const [reply] = talk('>topic:footwear');
  expect(JSON.stringify(reply?.parts.at(-1))).not.toContain('beyond:footwear');
});

test('what the article does not hold is said first, and a note on it stands apart', () => {
  const [reply] = talk('can i take ibuprofen for my back');
  expect(reply).toMatchObject({ kind: 'out_of_scope', sources: [] });
  expect(kindsOf(reply)).toEqual(['text', 'beyond', 'choices']);
});

test('no note stands beside a warning in force', () => {
  const replies = talk('it burns when i pee and my back aches', '>topic:footwear', '>beyond:causes');
  expect(replies.map((r) => r.urgency)).toEqual(['urgent', 'urgent', 'urgent']);
  expect(replies.flatMap((r) => kindsOf(r))).not.toContain('beyond');
});

test('every topic has a note, and each note has a source with its mark', () => {
  const noted = new Set(brain.evidence.flatMap((n) => n.topics));
  expect([...brain.passages.keys()].filter((t) => !noted.has(t))).toEqual([]);
  expect(brain.evidence.filter((n) => !/\[(looked up|from knowledge|judgement|title|abstract)/.test(n.rests))).toEqual(
    [],
  );
  expect(brain.evidence.filter((n) => /https?:|www\./.test(n.rests + n.text))).toEqual([]);
});

test.each(brain.evidence)('the note $id is short and reads at grade 8 or lower', ({ text }) => {
  expect(text.split(/\s+/).length).toBeLessThanOrEqual(100);
  expect(gradeOf(text)).toBeLessThanOrEqual(8);
});

test.each([
  ['without a source', 'source: [NICE-NG59]', 'source: []', /^evidence\/x.md:5: .*without a source does not load/],
  ['with a source nobody knows', 'NICE-NG59', 'NICE-X', /^evidence\/x.md:5: .*NICE-X. add it to sources.yaml/],
  ['on a topic that is not there', '[footwear]', '[hats]', /^evidence\/x.md:3: .*no topic "hats"/],
  ['that says nothing', 'A claim.', '', /^evidence\/x.md:\d+: .*0 characters/],
])('a note %s does not load, and file, line and cure are told', (_, was, is, told) => {
  const note = '---\ntitle: "X"\ntopics: [footwear]\nkind: adds\nsource: [NICE-NG59]\n---\n\nA claim.\n';
  const files = new Map(readCorpusFolder('corpus'));
  const faults: CorpusFault[] = [];
  const corpus = readCorpus(files.set('evidence/x.md', note.replace(was, is)), faults);
  expect(new CorpusError(faults).message).toMatch(told);
  expect(corpus.evidence?.some((n) => n.id === 'x')).toBe(false);
});
