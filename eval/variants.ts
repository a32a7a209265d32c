import type { Compiled } from '../src/compile.ts';
import type { Brain } from '../src/core/brain.ts';
import type { Cues } from '../src/core/context.ts';
import { loadSecondHearing } from '../src/core/second-hearing.ts';
import type { Head } from '../src/core/softmax.ts';
import { createSpeller } from '../src/core/spelling.ts';
import { createTriage } from '../src/core/triage.ts';
import type { TriageData } from '../src/core/triage-data.ts';
import { createUnderstanding, type UnderstandingModel } from '../src/core/understanding.ts';
import type { Lines } from '../src/core/weigh.ts';
import { brainOf, LINES } from '../src/think.ts';

/** The bot with one part taken out, or one put in its simplest form. */
export interface Variant {
  readonly id: string;
  /** What is missing, for people. */
  readonly name: string;
  readonly brain: (compiled: Compiled) => Brain;
}

const KEEPS = { hours: 24, place: 'in memory' };
/** The region whose numbers replies of a measurement name. */
const REGION = 'GB';

/** The bot as it is shipped. */
export const shipped = (compiled: Compiled): Brain => brainOf(compiled, REGION, KEEPS);

/** A judge that has no opinion: all labels alike, but `out` (or what else stands against all the others) as likely as the rest together. */
const silent = (head: Head): Head => ({
  ...head,
  bias: head.labels.map((label) =>
    label === 'out' || label === 'none' ? Math.log(Math.max(1, head.labels.length - 1)) : 0,
  ),
  scale: 0,
});

const withUnderstanding =
  (change: (model: UnderstandingModel) => UnderstandingModel) =>
  (compiled: Compiled): Brain =>
    shipped({ ...compiled, understanding: change(compiled.understanding) });

const withTriage =
  (data: (triage: TriageData) => TriageData, lines: Lines | undefined = LINES, isWord?: (word: string) => boolean) =>
  (compiled: Compiled): Brain => {
    const second = lines && { ...loadSecondHearing(compiled.second), lines };
    const known = isWord ?? createSpeller(compiled.spelling).known;
    const { hear, judge } = createTriage(data(compiled.triage), known, second);
    return { ...shipped(compiled), hear, judge };
  };

const same = <T>(value: T): T => value;
const withoutCue =
  (...names: (keyof Cues)[]) =>
  (triage: TriageData): TriageData => {
    const empty = (value: unknown): unknown =>
      Array.isArray(value)
        ? []
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, empty(v)]))
          : value;
    return {
      ...triage,
      cues: { ...triage.cues, ...Object.fromEntries(names.map((n) => [n, empty(triage.cues[n])])) } as Cues,
    };
  };

const JUDGE_NAMES: Readonly<Record<string, string>> = {
  words: 'softmax over words and pairs',
  letters: 'softmax over letters',
  topics: 'Bayes over topics (natural)',
  aspects: 'judge of uncovered aspects',
  smalltalk: 'judge of small talk',
};

/** Every variant that can be made of a compiled corpus; judges are taken as they stand in the model, so that a new one is measured as well. */
export const variantsOf = (compiled: Compiled): readonly Variant[] => [
  ...compiled.understanding.intents.heads.map(({ name }) => ({
    id: `no-${name}`,
    name: `without the ${JUDGE_NAMES[name] ?? `judge "${name}"`}`,
    brain: withUnderstanding((m) => ({
      ...m,
      intents: { ...m.intents, heads: m.intents.heads.map((h) => (h.name === name ? silent(h) : h)) },
    })),
  })),
  {
    id: 'no-lexicon',
    name: 'without slang, synonyms and concepts',
    brain: withUnderstanding((m) => ({ ...m, lexicon: { ...m.lexicon, slang: {}, concepts: {} } })),
  },
  {
    id: 'no-spelling',
    name: 'without spelling correction of topics',
    brain: (compiled) => {
      const speller = createSpeller(compiled.spelling);
      const understand = createUnderstanding(compiled.understanding, { ...speller, correct: () => undefined });
      return { ...shipped(compiled), understand };
    },
  },
  {
    id: 'no-body-gate',
    name: 'without the gate of other body parts',
    brain: withUnderstanding((m) => ({ ...m, bodyParts: { ...m.bodyParts, parts: {} } })),
  },
  {
    id: 'no-asking',
    name: 'without asking back (two bands)',
    brain: (compiled) => {
      const brain = shipped(compiled);
      return {
        ...brain,
        decide: (understood) => {
          const decision = brain.decide(understood);
          return decision.band === 'ask' ? { band: 'answer', topics: decision.topics.slice(0, 1) } : decision;
        },
      };
    },
  },
  {
    id: 'no-ties',
    name: 'without follow-ups (each message alone)',
    brain: (compiled) => ({ ...shipped(compiled), tieOf: () => ({ tied: 0, content: 9, returns: false }) }),
  },
  { id: 'rules-alone', name: 'danger: rules alone', brain: (c) => withoutSecond(c) },
  {
    id: 'second-alone',
    name: 'danger: second hearing alone',
    brain: withTriage((t) => ({ ...t, rules: {}, answers: {} })),
  },
  {
    id: 'no-vetoes',
    name: 'danger: second hearing never speaks against a rule',
    brain: withTriage(same, { ...LINES, vetoes: { trusted: 0, usual: 0 } }),
  },
  { id: 'no-negation', name: 'danger: deaf to denials', brain: withTriage(withoutCue('negation')) },
  {
    id: 'no-cues',
    name: 'danger: deaf to denied, past, what-if, figure of speech',
    brain: withTriage(withoutCue('negation', 'past', 'supposed', 'notnow', 'figure')),
  },
  { id: 'no-mending', name: 'danger: key words as typed only', brain: withTriage(same, LINES, () => true) },
  { id: 'no-combinations', name: 'danger: signs never add up', brain: withTriage((t) => ({ ...t, combinations: [] })) },
];

const withoutSecond = (compiled: Compiled): Brain => {
  const { hear, judge } = createTriage(compiled.triage, createSpeller(compiled.spelling).known);
  return { ...shipped(compiled), hear, judge };
};
