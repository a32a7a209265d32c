import type { Decision, SmalltalkKind, Understood } from './brain.ts';
import { createReader, type Lexicon, type Reading } from './features.ts';
import { createLanguageReader, type Languages } from './foreign.ts';
import { type IntentModel, loadJudges, type Opinion } from './intent.ts';
import { type KnowledgeModel, loadKnowledge } from './knowledge.ts';
import { type BodyParts, createBodyGate } from './scope.ts';
import type { Speller } from './spelling.ts';

/** Weights of the in-scope probability and the edges of the three bands; found by `eval/calibrate.ts`. */
export interface Bands {
  /** Weights of a logistic over `scopeSigns`, by name. */
  readonly scope: Readonly<Record<string, number>>;
  /** Topic scores are raised to this power and made to sum to 1 again, so that they mean what they say. */
  readonly sharpness: number;
  /** From this in-scope probability on, a message is answered. */
  readonly answer: number;
  /** From this on, the bot asks back; below, it says that the article does not hold it. */
  readonly ask: number;
  /** A first topic with less than this share is asked back, and so are two with less than `gap` between them. */
  readonly least: number;
  readonly gap: number;
  /** From this probability on, a message is small talk of some kind. */
  readonly smalltalk: number;
  /** From this probability on, an uncovered aspect is named. */
  readonly aspect: number;
}

/** All that understanding needs, as JSON: trained at build time, loaded in a few milliseconds. */
export interface UnderstandingModel {
  readonly lexicon: Lexicon;
  readonly bodyParts: BodyParts;
  readonly languages: Languages;
  readonly intents: IntentModel;
  readonly bands: Bands;
  /** Aspect id to how a sentence calls it ('mattresses'). */
  readonly aspects: Readonly<Record<string, string>>;
  /** Passages that no phrases of people were trained on, by topic, and the index that finds them; absent when every passage has phrases. */
  readonly bare?: { readonly topics: readonly string[]; readonly knowledge: KnowledgeModel };
}

/** What the in-scope probability rests on, by name. */
export const scopeSigns = (reading: Reading, opinion: Opinion, body: string | undefined): Record<string, number> => {
  const concepts = new Set(reading.concepts);
  const content = reading.content.length;
  const [words, letters, aspects] = opinion.inside;
  return {
    bias: 1,
    words,
    letters,
    aspects,
    length: Math.log(1 + content),
    strange: content > 0 ? Math.min(1, reading.strange / content) : 1,
    known: opinion.known,
    top: opinion.topics[0]?.score ?? 0,
    back: concepts.has('back') ? 1 : 0,
    run: concepts.has('run') ? 1 : 0,
    pain: concepts.has('pain') ? 1 : 0,
    body: body === undefined ? 0 : 1,
  };
};

/** The calibrated probability of a weighted sum of signs. */
export const probabilityOf = (
  signs: Readonly<Record<string, number>>,
  weights: Readonly<Record<string, number>>,
): number => {
  let sum = 0;
  for (const [name, weight] of Object.entries(weights)) sum += weight * (signs[name] ?? 0);
  return 1 / (1 + Math.exp(-sum));
};

const sharpen = (
  ranked: readonly { readonly topic: string; readonly score: number }[],
  power: number,
): { topic: string; score: number }[] => {
  const raised = ranked.map((r) => r.score ** power);
  const sum = raised.reduce((a, b) => a + b, 0) || 1;
  return ranked.map((r, i) => ({ topic: r.topic, score: raised[i]! / sum }));
};

/** What the sentences that ask count beside the whole message, when topics are ranked, and what they count in a long one (docs/evidence.md). */
const ASKING_SHARE = 0.3;
const ASKING_SHARE_LONG = 0.5;
/** From so many words on a message is long: a story with a question in it. */
const LONG = 25;

/** The sentences of a message that end in a question mark, when it has others as well. */
const askingPart = (text: string): string | undefined => {
  const sentences = text.split(/(?<=[.?!\n])\s+/).filter((s) => s.trim().length > 3);
  const asking = sentences.filter((s) => s.includes('?'));
  return asking.length > 0 && sentences.length > 1 ? asking.join(' ') : undefined;
};

/** Topic scores with those of the asking part weighed in; they sum to 1. A long story names many things, but asks about few. */
const leaning = (
  whole: readonly { readonly topic: string; readonly score: number }[],
  asking: readonly { readonly topic: string; readonly score: number }[],
  share: number,
): { topic: string; score: number }[] => {
  const asked = new Map(asking.map((a) => [a.topic, a.score]));
  const raw = whole.map(({ topic, score }) => ({
    topic,
    score: Math.max(1e-5, score) * Math.max(1e-5, asked.get(topic) ?? 0) ** share,
  }));
  const sum = raw.reduce((a, r) => a + r.score, 0) || 1;
  return raw.map(({ topic, score }) => ({ topic, score: score / sum })).sort((a, b) => b.score - a.score);
};

const PARTING = /[.?!;\n]+|\b(?:and|also|plus|as well as|another thing)\b/i;

/** Above this probability a message is about the back although it names another part of the body ('shoulders up to my ears'). */
const SURE = 0.8;
/** Below this probability a kind of small talk does not claim a message. */
const CLAIMED = 0.35;
/** Another part of the body makes an answer from the article this unlikely. */
const GATED = 0.2;
/** Share of what is asked that must stand in a passage without phrases before it is answered from. */
const COVERED = 0.55;
/** ... when no passage has phrases, so that nothing else can find one. */
const COVERED_ALONE = 0.4;

/** Makes the reader of messages. Pure and synchronous; answers every string, and looks only at the first pages of a long one. */
export const createUnderstanding = (
  model: UnderstandingModel,
  speller: Speller,
): ((text: string, context?: { readonly topic?: string }) => Understood) => {
  const read = createReader(speller, model.lexicon);
  const judges = loadJudges(model.intents);
  const bodyOf = createBodyGate(model.bodyParts);
  const languageOf = createLanguageReader(model.languages);
  const bare = new Set(model.bare?.topics);
  const search = model.bare && loadKnowledge(model.bare.knowledge);
  const covered = model.bare?.knowledge.passages === bare.size ? COVERED_ALONE : COVERED;
  const { bands } = model;

  /** A second topic, when one part of the message is plainly about the first and another plainly about it. */
  const secondOf = (text: string, ranked: readonly { topic: string; score: number }[]): string | undefined => {
    const [first, second] = ranked;
    if (!first || !second || second.score < 0.05 || text.length > 600) return undefined;
    const pieces = text
      .split(PARTING)
      .filter((piece) => piece.trim().length > 6)
      .slice(0, 6);
    if (pieces.length < 2) return undefined;
    const plain = new Set<string>();
    for (const piece of pieces) {
      const reading = read(piece);
      if (reading.content.length === 0) continue;
      const top = judges.topicsOf(reading)[0];
      if (top && top.score >= 0.6) plain.add(top.topic);
    }
    return plain.has(first.topic) && plain.has(second.topic) ? second.topic : undefined;
  };

  return (text) => {
    const reading = read(text);
    const contentWords = reading.content.length;
    const opinion = judges.opinion(reading);
    const body = bodyOf(reading);
    const talk = judges.smalltalk(reading);
    const asking = askingPart(text);
    const share = reading.words.length < LONG ? ASKING_SHARE : ASKING_SHARE_LONG;
    const topics =
      asking === undefined ? opinion.topics : leaning(opinion.topics, judges.topicsOf(read(asking)), share);
    let ranked = sharpen(topics, bands.sharpness);
    let inScope = reading.stems.length > 0 ? probabilityOf(scopeSigns(reading, opinion, body), bands.scope) : 0;
    const name = model.aspects[opinion.aspect.id];
    const aspect =
      name !== undefined && opinion.aspect.sure >= bands.aspect
        ? { id: opinion.aspect.id, name, sure: opinion.aspect.sure }
        : undefined;
    if (body !== undefined && inScope < SURE) inScope = Math.min(inScope, GATED);
    const hit = search?.(reading).find((h) => bare.has(h.topic));
    if (hit && hit.coverage >= covered && contentWords >= 2) {
      ranked = [
        { topic: hit.topic, score: hit.coverage },
        ...ranked.map((r) => ({ ...r, score: r.score * (1 - hit.coverage) })),
      ];
      inScope = Math.max(inScope, hit.coverage);
    }
    const language = languageOf(text);
    const second = secondOf(text, ranked);
    const isTalk = talk.any >= bands.smalltalk && reading.stems.length > 0;
    // 'Cheers, off now' is small talk for certain even where thanks and goodbye share it; what no kind claims gets a word on what this is.
    const kind = talk.sure >= CLAIMED ? (talk.kind as SmalltalkKind) : 'help';
    return {
      ranked,
      inScope,
      contentWords,
      unknownShare: contentWords > 0 ? Math.min(1, reading.strange / contentWords) : 0,
      ...(isTalk ? { smalltalk: { kind, sure: talk.sure } } : {}),
      ...(aspect ? { aspect } : {}),
      ...(body !== undefined ? { otherBodyPart: body } : {}),
      ...(second !== undefined ? { second } : {}),
      ...(language !== undefined ? { language } : {}),
    };
  };
};

/** Below this score a topic does not stand out. */
const OUTSTANDING = 0.5;
/** From this score on a topic needs no question beside it. */
const ALONE = 0.8;

/** Answer, ask back with two or three named topics, or say that the article does not hold it. */
export const decide = (understood: Understood, bands: Bands): Decision => {
  const topics = understood.ranked.slice(0, 3).map((r) => r.topic);
  const [first, second] = understood.ranked;
  if (!first || understood.inScope < bands.ask) return { band: 'not-held', topics: [] };
  const close = first.score < bands.least || first.score - (second?.score ?? 0) < bands.gap;
  // Where one topic stands alone, asking 'this or that?' would offer what nobody meant.
  const isAlone = first.score >= ALONE && (second?.score ?? 0) < 1 - ALONE;
  // 'Ibuprofen before running?' names something that the article does not hold: it must be plainly ours all the same.
  const isBeside = understood.aspect !== undefined && understood.inScope < SURE;
  // ... and where no topic stands out either, there is nothing to ask back about.
  if (isBeside && first.score < OUTSTANDING) return { band: 'not-held', topics: [] };
  if (close || isBeside || (understood.inScope < bands.answer && !isAlone)) {
    const likely = understood.ranked.slice(0, 3).filter((r, i) => i < 2 || r.score >= 0.12);
    return { band: 'ask', topics: likely.map((r) => r.topic) };
  }
  return {
    band: 'answer',
    topics: understood.second !== undefined ? [first.topic, understood.second] : topics.slice(0, 1),
  };
};
