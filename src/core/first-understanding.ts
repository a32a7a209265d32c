import type { Decision, SmalltalkKind, Understood } from './brain.ts';
import { type Example, loadSoftmax, type SoftmaxModel, trainSoftmax } from './softmax.ts';

/** A phrase to learn topics from: `label` is a topic id, `oos:<aspect>` or `talk:<kind>`. */
export interface TopicPhrase {
  readonly text: string;
  readonly label: string;
  readonly weight: number;
  readonly also?: readonly string[];
}

/** A trained model and the names of what is not covered. */
export interface UnderstandingModel {
  readonly words: SoftmaxModel;
  readonly chars: SoftmaxModel;
  readonly aspects: Readonly<Record<string, string>>;
  readonly topics: readonly string[];
}

const wordsIn = (text: string): readonly string[] =>
  text
    .slice(0, 3000)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’`]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .slice(0, 220);

const wordFeatures = (words: readonly string[]): readonly string[] => {
  const all = new Set<string>();
  words.forEach((w, i) => {
    all.add(w);
    if (w.length > 4) all.add(`${w.replace(/(ing|ed|es|s|ly)$/, '')}~`);
    all.add(`${words[i - 1] ?? '^'} ${w}`);
  });
  return [...all];
};

const charFeatures = (words: readonly string[]): readonly string[] => {
  const all = new Set<string>();
  for (const w of words) {
    const padded = `<${w}>`;
    for (let n = 3; n <= 4; n++) for (let i = 0; i + n <= padded.length; i++) all.add(padded.slice(i, i + n));
  }
  return [...all];
};

const SETTINGS = { l2: 1e-3, epochs: 12, seed: 5, atLeast: 2 };

/** Trains both classifiers; some seconds, at build time. */
export function trainUnderstanding(
  phrases: readonly TopicPhrase[],
  aspects: Readonly<Record<string, string>>,
  topics: readonly string[],
): UnderstandingModel {
  const examples = (featuresOf: (w: readonly string[]) => readonly string[]): Example[] =>
    phrases.map((p) => ({
      features: featuresOf(wordsIn(p.text)),
      label: p.label,
      weight: p.weight,
      ...(p.also ? { also: p.also } : {}),
    }));
  return {
    words: trainSoftmax(examples(wordFeatures), SETTINGS),
    chars: trainSoftmax(examples(charFeatures), SETTINGS),
    aspects,
    topics,
  };
}

/** Loads a model: what a message is about, by its own words. */
export function loadUnderstanding(model: UnderstandingModel): (text: string) => Understood {
  const byWords = loadSoftmax(model.words);
  const byChars = loadSoftmax(model.chars);
  const topics = new Set(model.topics);
  return (text) => {
    const words = wordsIn(text);
    const a = byWords.predict(wordFeatures(words));
    const b = byChars.predict(charFeatures(words));
    const chance = new Map<string, number>();
    for (const [i, label] of byWords.labels.entries()) chance.set(label, (a.probabilities[i] ?? 0) * 0.55);
    for (const [i, label] of byChars.labels.entries())
      chance.set(label, (chance.get(label) ?? 0) + (b.probabilities[i] ?? 0) * 0.45);
    const sorted = [...chance].sort((x, y) => y[1] - x[1]);
    const talk = sorted.filter(([l]) => l.startsWith('talk:'));
    const inScope = sorted.reduce((s, [l, p]) => (topics.has(l) ? s + p : s), 0);
    const outside = sorted.filter(([l]) => l.startsWith('oos:'));
    const talkShare = talk.reduce((s, [, p]) => s + p, 0);
    const ranked = sorted
      .filter(([l]) => topics.has(l))
      .map(([topic, p]) => ({ topic, score: inScope > 0 ? p / inScope : 0 }));
    const topTalk = talk[0]?.[0].slice('talk:'.length) as SmalltalkKind | undefined;
    const aspect = outside[0]?.[0].slice('oos:'.length);
    const name = aspect ? model.aspects[aspect] : undefined;
    return {
      ranked,
      inScope,
      ...(topTalk && talkShare > 0.5 ? { smalltalk: { kind: topTalk, sure: talkShare } } : {}),
      ...(aspect && name && (outside[0]?.[1] ?? 0) > 0.35
        ? { aspect: { id: aspect, name, sure: outside[0]?.[1] ?? 0 } }
        : {}),
      contentWords: words.length,
      unknownShare: 1 - a.known,
    };
  };
}

/** What to do with a message by its own words. */
export function decide(u: Understood): Decision {
  const first = u.ranked[0];
  if (!first || u.inScope < 0.38) return { band: 'not-held', topics: [] };
  const close = u.ranked.filter((r) => r.score > first.score * 0.5).slice(0, 3);
  if (u.inScope < 0.52 || first.score < 0.22)
    return { band: close.length > 1 ? 'ask' : 'answer', topics: close.map((r) => r.topic) };
  return { band: 'answer', topics: [first.topic] };
}
