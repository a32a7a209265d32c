import fc from 'fast-check';
import type { Part, Reply } from '../../src/core/reply.ts';
import { URGENCIES } from '../../src/core/urgency.ts';

/** A word that stands in no corpus: where it shows up, words of a person have leaked. */
export const MARK = 'qxzvmarkword';

const NASTY = [
  '@everyone',
  '<!channel>',
  '<@U123> <#C1|x>',
  '[a](https://b.example)',
  '```js',
  '\u202e\u0000\u200b',
  '\ud83d',
  '👩‍👩‍👧‍👦',
  '__proto__',
  'constructor',
  '{{{',
  '"}]',
  '1e999',
  '-0',
];

/** Any text: letters of all the world, broken pairs, marks of platforms, very long runs. */
export const anyText = fc.oneof(
  { weight: 5, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
  { weight: 2, arbitrary: fc.constantFrom(...NASTY) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom('a', 'no ', 'numb ', '.', '*', ' ', "'", '\n', '9', 'can’t '),
        fc.integer({ min: 1, max: 3000 }),
      )
      .map(([s, n]) => s.repeat(n)),
  },
);

/** What somebody may type: sentences of the corpus, cut, glued, misspelt, with any text between. */
export const anyMessage = (sentences: readonly string[]): fc.Arbitrary<string> => {
  const sentence = fc.constantFrom(...sentences);
  const cut = fc
    .tuple(sentence, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([s, a, b]) => {
      const [from, to] = [Math.floor(Math.min(a, b) * s.length), Math.ceil(Math.max(a, b) * s.length)];
      return s.slice(from, to);
    });
  const typo = fc.tuple(sentence, fc.nat(), fc.string({ maxLength: 2 })).map(([s, at, put]) => {
    const i = at % (s.length + 1);
    return s.slice(0, i) + put + s.slice(i + 1);
  });
  const piece = fc.oneof(
    { weight: 3, arbitrary: sentence },
    { weight: 2, arbitrary: cut },
    { weight: 2, arbitrary: typo },
    { weight: 2, arbitrary: anyText },
  );
  return fc.oneof(
    piece,
    fc.array(piece, { minLength: 1, maxLength: 4 }).map((list) => list.join(' ')),
  );
};

const anyId = fc.oneof(
  fc.string({ minLength: 1, maxLength: 140 }),
  fc.constantFrom('topics', 'why:core', 'opt:change:same', 'share:x'),
);
/** Texts of replies come from files in UTF-8, so no pair is broken in them; titles and sources hold at least a letter. */
const corpusText = anyText.map((t) => Buffer.from(t).toString());
const someText = corpusText.filter((t) => /[\p{L}\p{N}]/u.test(t));
const anyChoice = fc.record({ id: anyId, label: someText });
const anyPart: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: corpusText, about: corpusText }),
  fc.record({
    kind: fc.constant('warning' as const),
    urgency: fc.constantFrom(...URGENCIES),
    text: corpusText,
    general: corpusText,
  }),
  fc.record({ kind: fc.constant('list' as const), title: corpusText, items: fc.array(corpusText, { maxLength: 12 }) }),
  fc.record({ kind: fc.constant('beyond' as const), title: someText, text: someText, source: someText }),
  fc.record({
    kind: fc.constant('source' as const),
    topic: fc.constantFrom('core', 'form'),
    title: corpusText,
    article: corpusText,
  }),
  fc.record({
    kind: fc.constant('choices' as const),
    asks: fc.boolean(),
    choices: fc.array(anyChoice, { maxLength: 30 }),
  }),
);

/** Any reply that the core's types allow, whether or not the core would make it. */
export const anyReply: fc.Arbitrary<Pick<Reply, 'kind' | 'urgency' | 'sources' | 'parts'>> = fc.record({
  kind: fc.constantFrom('answer', 'clarify', 'screen', 'escalate', 'crisis', 'out_of_scope', 'smalltalk', 'help'),
  urgency: fc.constantFrom(...URGENCIES),
  sources: fc.array(fc.record({ topic: fc.constantFrom('core', 'form'), title: corpusText }), { maxLength: 3 }),
  parts: fc.array(anyPart, { minLength: 1, maxLength: 8 }),
});

/** Something pressed or typed. */
export const anyPress = fc.oneof(
  anyId,
  fc.constantFrom(
    'check',
    'cause',
    'topics',
    'note',
    'help',
    'privacy',
    'back',
    'stop',
    'yes',
    'no',
    'unsure',
    'topic:core',
    'helps:form',
    'beyond:core',
    'why:impact',
    'resume',
  ),
);
