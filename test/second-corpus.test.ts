import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readBlocks } from '../src/adapters/article-file.ts';
import { readCorpus } from '../src/adapters/dropped-article.ts';
import { readBrain } from '../src/brain-file.ts';
import { type Article, splitArticle } from '../src/core/article.ts';
import { takeTurn } from '../src/core/dialogue.ts';
import { plainText } from '../src/core/plain.ts';
import type { Reply } from '../src/core/reply.ts';
import { freshSession } from '../src/core/session.ts';

/** Another article, dropped into a folder of its own: plain text of numbered sections and Q:/A: lines. */
const FOLDER = 'test/fixtures/second-corpus';
const TITLE = 'Why Your Neck Aches on Long Rides';
const plain = readFileSync(`${FOLDER}/articles/neck-on-the-bike.txt`, 'utf8');

const temporary = mkdtempSync(join(tmpdir(), 'corpus-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

const { brain } = await readBrain({ CORPUS_DIR: FOLDER, REGION: 'GB' }, { hours: 24, place: 'in memory' });
const talk = (...turns: readonly string[]): readonly Reply[] => {
  let session = freshSession;
  return turns.map((text, i) => {
    const turn = takeTurn(brain, session, { id: String(i), conversation: 'x', text });
    session = turn.session;
    return turn.reply;
  });
};
const cut = (text: string): Article =>
  splitArticle('a', { id: 'a', title: TITLE, about: '' }, readBlocks(text, 0)).article;

test.each([
  ['should i change my stem or saddle first?', 'should-i-change-my-stem-or-my-saddle-first'],
  ['are low handlebars bad for my neck', 'handlebars-that-are-too-low'],
  ['the nose of my seat points down, is that a problem', 'a-saddle-that-tips-forward'],
  ['can i keep riding with a stiff neck?', 'can-i-keep-riding-with-a-stiff-neck'],
  ['how do i stop my neck aching on long rides', 'overview'],
])('another article is asked "%s"', (question, topic) => {
  const [reply] = talk(question);
  expect(reply).toMatchObject({ kind: 'answer', sources: [{ topic }] });
  expect(plainText(reply!)).toContain(`in "${TITLE}"`);
});

test('what the other article does not hold is said to be missing, in words that fit it', () => {
  const [shoes, capital] = ['should i wear new running shoes', 'what is the capital of France'].map((q) => talk(q)[0]!);
  for (const reply of [shoes!, capital!]) {
    expect(reply.kind).toBe('out_of_scope');
    expect(plainText(reply)).toContain(TITLE);
    expect(plainText(reply)).not.toContain('low back');
  }
});

test('danger signs are heard beside any article', () => {
  const [first, second] = talk('my groin has gone numb since yesterday', 'are low handlebars bad for my neck');
  expect(first).toMatchObject({ kind: 'escalate', urgency: 'emergency', signs: ['saddle-numbness'] });
  expect(second).toMatchObject({ urgency: 'emergency', sources: [] });
});

test('with another article, "cause" lists its topics, and "why" is answered with all that it says', () => {
  expect(plainText(talk('cause')[0]!)).toContain('A Heavy Helmet');
  expect(plainText(talk('are low handlebars bad for my neck', 'why?')[1]!)).toContain('lift your chin');
});

test('a list within a numbered section of plain text stays in it', () => {
  const moving = cut(plain).passages.find((p) => p.number === 4);
  expect(moving?.short.map((p) => ('text' in p ? p.text : ''))).toContain('2. ear to the shoulder');
  expect(cut(plain).passages.map((p) => p.kind)).toEqual([
    'overview',
    'cause',
    'cause',
    'cause',
    'cause',
    'question',
    'question',
  ]);
});

test.each([
  ['## for all', (text: string) => text.replace(/^(\d\. [A-Z]|Q:)/gm, '## $1').replace(/^Why/, '# Why')],
  [
    '### below a heading that only stands above them',
    (text: string) =>
      text
        .replace(/^(\d\. [A-Z]|Q:)/gm, '### $1')
        .replace('### 1.', '## Causes\n\n### 1.')
        .replace('### Q:', '## Questions\n\n### Q:'),
  ],
  [
    '## and questions in bold',
    (text: string) => text.replace(/^(\d\. [A-Z].*)/gm, '## $1').replace(/^(Q|A):/gm, '**$1:**'),
  ],
  ['bold lines without headings', (text: string) => text.replace(/^(\d\. [A-Z].*|Q:.*)$/gm, '**$1**')],
])('an article in Markdown is cut like plain text: %s', (_, markdown) => {
  const told = (a: Article) => a.passages.map((p) => [p.topic, p.title, p.kind, p.number]);
  expect(told(cut(markdown(plain)))).toEqual(told(cut(plain)));
});

test('an article right in the folder is taken, and a folder that holds more is a whole corpus', () => {
  writeFileSync(join(temporary, 'neck.md'), `# ${TITLE}\n\n## 1. A heavy helmet\n\nIt pulls.\n`);
  const files = readCorpus(temporary, 'corpus');
  expect(files.has('articles/neck.md')).toBe(true);
  expect(files.has('red-flags.yaml')).toBe(true);
  expect([...files.keys()].filter((f) => f.startsWith('evidence/'))).toEqual([]);
  mkdirSync(join(temporary, 'hearing'));
  writeFileSync(join(temporary, 'hearing', 'rules.yaml'), '{}\n');
  expect([...readCorpus(temporary, 'corpus').keys()].sort()).toEqual(['hearing/rules.yaml', 'neck.md']);
});

test('check takes the folder of another article, and says what is wrong with one', () => {
  const check = (folder: string) =>
    spawnSync(process.execPath, ['dist/main.js', 'check', '--corpus', folder], { encoding: 'utf8' });
  expect(check(FOLDER)).toMatchObject({ status: 0, stdout: expect.stringContaining('7 passages') });
  const faulty = join(temporary, 'faulty');
  mkdirSync(faulty);
  writeFileSync(join(faulty, 'a.txt'), 'My Article\n\n1. Shoes\n\n2. Socks\n\nWear some.\n');
  expect(check(faulty)).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/articles\/a\.txt:3: passage "Shoes" has no text\. write/),
  });
});
