import { letterFeatures, type Reading, wordFeatures } from './features.ts';
import { hashesOf, joinSoftmax, type LoadedHead, loadSoftmax, type SoftmaxModel, type Sums } from './softmax.ts';

/** The name of the class of everything that the article does not hold. */
export const OUT = 'out';
/** The name of the class of everything that it does hold, beside the aspects that it does not. */
export const IN = 'in';

/** The trained judges. Each was kept because an ablation on held-back phrases showed a gain (docs/evidence.md). */
export interface Judges<T> {
  /** Topics and `out`, from words and pairs of words. */
  readonly words: T;
  /** The same, from words and their letters. */
  readonly letters: T;
  /** natural's Bayes over the topics, from content words and concepts. */
  readonly topics: T;
  /** Uncovered aspects by name, `far` for other subjects, and `in`. */
  readonly aspects: T;
  /** Kinds of small talk, and `none`. */
  readonly smalltalk: T;
}

/** The judges as heads of one model, by their names above: all look at features of the same names. */
export type IntentModel = SoftmaxModel;

/** Joins the judges into one model. */
export const joinJudges = (judges: Judges<SoftmaxModel>): IntentModel => joinSoftmax({ ...judges });

/** What the judges say of one message: log-odds and probabilities, before calibration. */
export interface Opinion {
  /** Probability of each topic given that it is one of them, best first. */
  readonly topics: readonly { readonly topic: string; readonly score: number }[];
  /** Log-odds of being held by the article: words, letters, aspects. */
  readonly inside: readonly [words: number, letters: number, aspects: number];
  /** Share of the message's features that training had seen. */
  readonly known: number;
  /** The likeliest uncovered aspect and its probability. */
  readonly aspect: { readonly id: string; readonly sure: number };
}

/** Features of the Bayes over topics. */
export const bayesFeatures = (reading: Reading): string[] => [
  ...new Set([...reading.content.map((s) => `w ${s}`), ...reading.concepts.map((c) => `c ${c}`)]),
];

/** Features of the judge of small talk: words, pairs and letters. */
export const allFeatures = (reading: Reading): string[] => [...wordFeatures(reading), ...letterFeatures(reading)];

const logOdds = (p: number): number => {
  const kept = Math.min(1 - 1e-5, Math.max(1e-5, p));
  return Math.log(kept / (1 - kept));
};

const oneOf = (judge: LoadedHead, probabilities: Float64Array, label: string): number =>
  probabilities[judge.labels.indexOf(label)] ?? 0;

/** How much natural's Bayes counts beside each softmax when topics are ranked. */
const BAYES_SHARE = 0.5;

/** A reading as the judges see it: its features looked up once for all of them, and how many each kind of judge looks at. */
interface Look {
  readonly sums: Sums;
  readonly words: number;
  readonly all: number;
  readonly content: number;
}

/** Loads the judges; a few milliseconds. */
export const loadJudges = (model: IntentModel) => {
  const softmax = loadSoftmax(model);
  const { words, letters, topics, aspects, smalltalk }: Judges<LoadedHead> = {
    words: softmax.head('words'),
    letters: softmax.head('letters'),
    topics: softmax.head('topics'),
    aspects: softmax.head('aspects'),
    smalltalk: softmax.head('smalltalk'),
  };
  const names = words.labels.filter((label) => label !== OUT);

  const looks = new WeakMap<Reading, Look>();
  const lookAt = (reading: Reading): Look => {
    let found = looks.get(reading);
    if (!found) {
      const own = hashesOf(wordFeatures(reading));
      // No feature of letters has the name of one of words.
      const all = [...own, ...hashesOf(letterFeatures(reading))];
      found = {
        sums: softmax.sum(all, own.length),
        words: own.length,
        all: all.length,
        content: bayesFeatures(reading).length,
      };
      looks.set(reading, found);
    }
    return found;
  };

  /** Logs of the judges added up: a topic must please all three. */
  const rank = (w: Float64Array, l: Float64Array, b: Float64Array): { topic: string; score: number }[] => {
    const logs = names.map((topic) => {
      const parts = oneOf(words, w, topic) * oneOf(letters, l, topic);
      return (
        0.5 * Math.log(Math.max(1e-12, parts)) + BAYES_SHARE * 0.5 * Math.log(Math.max(1e-6, oneOf(topics, b, topic)))
      );
    });
    const top = Math.max(...logs);
    const shares = logs.map((log) => Math.exp(log - top));
    const sum = shares.reduce((a, c) => a + c, 0);
    return names
      .map((topic, i) => ({ topic, score: shares[i]! / sum }))
      .sort((a, c) => c.score - a.score || (a.topic < c.topic ? -1 : 1));
  };

  return {
    opinion(reading: Reading): Opinion {
      const { sums, words: count, all, content } = lookAt(reading);
      const w = words.probabilities(sums, count);
      const l = letters.probabilities(sums, all);
      const a = aspects.probabilities(sums, count);
      let best = -1;
      for (let k = 0; k < a.length; k++) {
        const label = aspects.labels[k];
        if (label !== IN && label !== 'far' && (best < 0 || a[k]! > a[best]!)) best = k;
      }
      return {
        topics: rank(w, l, topics.probabilities(sums, content)),
        inside: [-logOdds(oneOf(words, w, OUT)), -logOdds(oneOf(letters, l, OUT)), logOdds(oneOf(aspects, a, IN))],
        known: count > 0 ? sums.known / count : 0,
        aspect: { id: aspects.labels[best] ?? '', sure: a[best] ?? 0 },
      };
    },
    /** Topics of a piece of a message, best first. */
    topicsOf(reading: Reading): readonly { readonly topic: string; readonly score: number }[] {
      const { sums, words: count, all, content } = lookAt(reading);
      return rank(
        words.probabilities(sums, count),
        letters.probabilities(sums, all),
        topics.probabilities(sums, content),
      );
    },
    /** The likeliest kind of small talk with its probability, and the probability that it is small talk of any kind. */
    smalltalk(reading: Reading): { readonly kind: string; readonly sure: number; readonly any: number } {
      const { sums, all } = lookAt(reading);
      const p = smalltalk.probabilities(sums, all);
      const none = smalltalk.labels.indexOf('none');
      let best = none === 0 ? 1 : 0;
      for (let k = best + 1; k < p.length; k++) if (k !== none && p[k]! > p[best]!) best = k;
      return { kind: smalltalk.labels[best] ?? 'none', sure: p[best] ?? 0, any: 1 - (p[none] ?? 0) };
    },
  };
};
