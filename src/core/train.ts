import { trainBayes } from './bayes.ts';
import { createReader, type Lexicon, letterFeatures, plainWords, type Reading, wordFeatures } from './features.ts';
import type { Languages } from './foreign.ts';
import { allFeatures, bayesFeatures, IN, type Judges, joinJudges, OUT } from './intent.ts';
import { type IndexedPassage, indexPassages } from './knowledge.ts';
import type { BodyParts } from './scope.ts';
import { type Example, type SoftmaxModel, seeded, trainSoftmax } from './softmax.ts';
import { buildSpelling, createSpeller, type SpellingModel } from './spelling.ts';
import type { Bands, UnderstandingModel } from './understanding.ts';

/** A phrase of the corpus: text alone, or text with other topics that are fair. */
export type IntentPhrase = string | { readonly text: string; readonly also: readonly string[] };

type Terms = Readonly<Partial<Record<'things' | 'causes' | 'parts' | 'subjects', readonly string[]>>>;

/** `terms.yaml`: names, and the sentences that carry any of them. */
export interface TermLists {
  readonly carriers: Readonly<Record<'things' | 'causes' | 'parts' | 'subjects', readonly string[]>>;
  readonly topics: Readonly<Record<string, Terms>>;
  readonly 'not-covered': Readonly<Record<string, Terms>>;
}

/** Everything that understanding is trained on, as it stands in `corpus/`. */
export interface UnderstandingSource {
  readonly topics: readonly { readonly topic: string; readonly phrases: readonly IntentPhrase[] }[];
  /** Phrases of topics that no passage of this corpus holds: not learnt as topics, but no small talk either. */
  readonly elsewhere?: readonly IntentPhrase[];
  readonly notCovered: readonly {
    readonly aspect: string;
    readonly name: string;
    readonly near: boolean;
    readonly phrases: readonly IntentPhrase[];
  }[];
  readonly smalltalk: readonly { readonly kind: string; readonly phrases: readonly IntentPhrase[] }[];
  readonly synonyms: Lexicon & { readonly words: readonly string[] };
  readonly terms: TermLists;
  readonly bodyParts: BodyParts;
  readonly languages: Languages;
  readonly bands: Bands;
  readonly passages: readonly IndexedPassage[];
}

/** One phrase with its labels. */
export interface LabelledPhrase {
  readonly text: string;
  /** A topic, or `out`. */
  readonly topic: string;
  readonly also: readonly string[];
  readonly near: boolean;
  /** The uncovered aspect; absent in phrases of topics. */
  readonly aspect?: string;
  /** Made of a name and a carrier: trained on, never measured with. */
  readonly made?: boolean;
}

const textOf = (phrase: IntentPhrase): string => (typeof phrase === 'string' ? phrase : phrase.text);
const alsoOf = (phrase: IntentPhrase): readonly string[] => (typeof phrase === 'string' ? [] : phrase.also);

const SEED = 7;
/** Weights by chance are left out: they are half of the bytes and help nobody. */
const SPARSE = { moved: 1e-2, least: 0.1 };
/** Carriers that each name is joined with; with all of them the made lines would drown the written ones. */
const CARRIERS_A_NAME = 4;

const carry = (terms: Terms, carriers: TermLists['carriers'], random: () => number): string[] =>
  (['things', 'causes', 'parts', 'subjects'] as const).flatMap((kind) =>
    (terms[kind] ?? []).flatMap((name) => {
      const all = carriers[kind];
      const start = Math.floor(random() * all.length);
      // Steps of 7 through the list: near neighbours are much alike.
      return Array.from({ length: Math.min(CARRIERS_A_NAME, all.length) }, (_, i) =>
        (all[(start + 7 * i) % all.length] ?? '{}').replace('{}', name),
      );
    }),
  );

/** All phrases of topics and of what is not covered, in the order of the corpus; first those that people wrote. */
export const labelledPhrases = (
  source: Pick<UnderstandingSource, 'topics' | 'notCovered' | 'terms'>,
): readonly LabelledPhrase[] => {
  const random = seeded(SEED);
  const near = new Set(source.notCovered.filter((a) => a.near).map((a) => a.aspect));
  return [
    ...source.topics.flatMap(({ topic, phrases }) =>
      phrases.map((p) => ({ text: textOf(p), topic, also: alsoOf(p), near: true })),
    ),
    ...source.notCovered.flatMap(({ aspect, near: isNear, phrases }) =>
      phrases.map((p) => ({
        text: textOf(p),
        topic: OUT,
        also: alsoOf(p),
        near: isNear,
        aspect: isNear ? aspect : 'far',
      })),
    ),
    ...Object.entries(source.terms.topics).flatMap(([topic, terms]) =>
      carry(terms, source.terms.carriers, random).map((text) => ({ text, topic, also: [], near: true, made: true })),
    ),
    ...Object.entries(source.terms['not-covered']).flatMap(([aspect, terms]) =>
      carry(terms, source.terms.carriers, random).map((text) => ({
        text,
        topic: OUT,
        also: [],
        near: true,
        aspect: near.has(aspect) ? aspect : 'far',
        made: true,
      })),
    ),
  ];
};

/** Makes the speller's model of all texts of the corpus, an English dictionary in lower case, and words that must be known. */
export const trainSpelling = (
  texts: Iterable<string>,
  dictionary: ReadonlySet<string>,
  always: readonly string[],
): SpellingModel => {
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of plainWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return buildSpelling(counts, dictionary, always);
};

/** What a line made of a name and a carrier counts. */
const MADE = 0.5;
/** Phrases of other subjects count less than those near ours, or they drag the border away from the near ones. */
const weightOf = (phrase: LabelledPhrase): number =>
  (phrase.made ? MADE : 1) * (phrase.topic === OUT && !phrase.near ? 0.7 : 1);

/** Questions that begin or end with small talk are questions: made from phrases of both, so that the judge of small talk learns it. */
const mixed = (topics: readonly string[], talk: readonly string[], count: number): string[] => {
  const random = seeded(SEED);
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? '';
  return Array.from({ length: count }, (_, i) => {
    const question = pick(topics);
    const small = pick(talk);
    return i % 2 === 0 ? `${small} ${question}` : `${question} ${small}`;
  });
};

/** Trains the judges of topics, scope and aspects on some phrases; the part that held-back folds repeat. */
export const trainTopicJudges = (
  phrases: readonly LabelledPhrase[],
  readings: readonly Reading[],
): Omit<Judges<SoftmaxModel>, 'smalltalk'> => {
  const words = readings.map(wordFeatures);
  const both = readings.map((reading, i) => [...words[i]!, ...letterFeatures(reading)]);
  const examples = (features: readonly (readonly string[])[]): Example[] =>
    phrases.map((p, i) => ({ features: features[i]!, label: p.topic, also: p.also, weight: weightOf(p) }));
  const inside = phrases.flatMap((p, i) =>
    p.topic === OUT ? [] : [{ features: bayesFeatures(readings[i]!), label: p.topic, weight: 1 }],
  );
  return {
    words: trainSoftmax(examples(words), { l2: 5e-4, epochs: 12, seed: SEED, atLeast: 2, ...SPARSE }),
    letters: trainSoftmax(examples(both), { l2: 1e-3, epochs: 10, seed: SEED, atLeast: 2, ...SPARSE }),
    topics: trainBayes(inside),
    aspects: trainSoftmax(
      phrases.map((p, i) => ({
        features: words[i]!,
        label: p.aspect ?? IN,
        weight: (p.aspect === undefined ? 0.5 : 1) * (p.made ? MADE : 1),
      })),
      { l2: 3e-4, epochs: 12, seed: SEED, atLeast: 2, ...SPARSE },
    ),
  };
};

/** Trains everything; about ten seconds. Pure: the same corpus gives the same model. */
export const trainUnderstanding = (source: UnderstandingSource, spelling: SpellingModel): UnderstandingModel => {
  const { words: _, ...lexicon } = source.synonyms;
  const read = createReader(createSpeller(spelling), lexicon);
  const phrases = labelledPhrases(source);
  const readings = phrases.map((p) => read(p.text));
  const talk = source.smalltalk.flatMap(({ kind, phrases: list }) =>
    list.map((p) => ({ text: textOf(p), label: kind })),
  );
  const questions = phrases.filter((p) => p.topic !== OUT && p.text.length < 160).map((p) => p.text);
  const none = [
    ...phrases.filter((p) => !p.made && (p.aspect !== 'far' || p.text.length > 12)).map((p) => p.text),
    ...(source.elsewhere ?? []).map(textOf),
    ...mixed(
      questions,
      talk.filter((t) => ['greeting', 'thanks', 'bye', 'feedback-positive'].includes(t.label)).map((t) => t.text),
      600,
    ),
  ];
  const smalltalk = trainSoftmax(
    [...talk, ...none.map((text) => ({ text, label: 'none' }))].map(({ text, label }) => ({
      features: allFeatures(read(text)),
      label,
      weight: label === 'none' ? 0.5 : 1,
    })),
    { l2: 5e-4, epochs: 8, seed: SEED, atLeast: 2, ...SPARSE },
  );
  const trained = new Set(source.topics.filter((t) => t.phrases.length >= 5).map((t) => t.topic));
  const bare = source.passages.map((p) => p.topic).filter((topic) => !trained.has(topic));
  return {
    lexicon,
    bodyParts: source.bodyParts,
    languages: source.languages,
    intents: joinJudges({ ...trainTopicJudges(phrases, readings), smalltalk }),
    bands: source.bands,
    aspects: Object.fromEntries(source.notCovered.filter((a) => a.near).map((a) => [a.aspect, a.name])),
    ...(bare.length > 0 ? { bare: { topics: bare, knowledge: indexPassages(source.passages, read) } } : {}),
  };
};
