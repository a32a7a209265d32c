import { type Passage, type Piece, plainOf } from './article.ts';
import { type EvidenceNote, fill, type Wording } from './corpus.ts';
import type { Aspect } from './follow-up.ts';
import type { Choice, Part, Reply, SourceRef } from './reply.ts';
import { wordsOf } from './words.ts';

/** A passage with the title of the article it stands in. */
export type PlacedPassage = Passage & { readonly article: string };

/** What answers are made from. */
export interface AnswerWords {
  readonly wording: Wording;
  readonly passages: ReadonlyMap<string, PlacedPassage>;
  readonly evidence: readonly EvidenceNote[];
}

/** The parts of an answer and the sources it rests on. */
export interface Answer {
  readonly parts: readonly Part[];
  readonly sources: readonly SourceRef[];
}

const piecesToParts = (pieces: readonly Piece[]): Part[] =>
  pieces.map((p) => ('text' in p ? { kind: 'text', text: p.text } : { kind: 'list', title: '', items: p.items }));

function bodyFor(p: Passage, aspect: Aspect | undefined, w: Wording['answer']): readonly Part[] {
  const lead = (text: string): Part => ({ kind: 'text', text });
  // Which of its sentences say why, nobody has told apart: all of them are shown, and nothing is said to be missing.
  if (p.undivided) return piecesToParts(p.short);
  switch (aspect) {
    case 'why':
      if (p.why) return piecesToParts(p.why);
      // An overview of the causes is itself the answer to a why.
      return p.kind === 'overview' ? piecesToParts(p.short) : [lead(w['no-why']), ...piecesToParts(p.short)];
    case 'helps':
      return p.helps
        ? piecesToParts(p.helps)
        : p.kind === 'question'
          ? piecesToParts(p.short)
          : [lead(w['no-helps']), ...piecesToParts(p.short)];
    case 'number':
      return [lead(w['no-number']), ...piecesToParts(p.helps ?? p.short)];
    case 'more':
      return piecesToParts([...p.short, ...(p.why ?? []), ...(p.helps ?? [])]);
    case 'not-better':
      return [lead(w['not-better']), ...piecesToParts([...p.short, ...(p.helps ?? [])])];
    case 'who':
      return piecesToParts([...p.short, ...(p.helps ?? [])]);
    case 'else':
    case undefined:
      return piecesToParts([...p.short, ...(p.helps ?? [])]);
  }
}

/** Puts the line that says what the topic was taken to be onto the first text of an answer. */
const withAbout = (parts: readonly Part[], about: string): Part[] => {
  const [first, ...rest] = parts;
  return first?.kind === 'text' ? [{ ...first, about }, ...rest] : [{ kind: 'text', text: '', about }, ...parts];
};

/** What can be pressed after an answer: the parts of the passage and the notes beyond the article that were not shown yet. */
function offersFor(p: Passage, aspect: Aspect | undefined, words: AnswerWords, shown: number): readonly Choice[] {
  const o = words.wording.offers;
  const isNoted = notesOn(p.topic, words).length > shown;
  return [
    ...(p.why && aspect !== 'why' && aspect !== 'more' ? [{ id: `why:${p.topic}`, label: o.why }] : []),
    ...(p.helps && aspect === 'why' ? [{ id: `helps:${p.topic}`, label: o.helps }] : []),
    ...(isNoted ? [{ id: `beyond:${p.topic}`, label: o.beyond }] : []),
    ...(p.kind === 'overview' && !p.undivided ? [{ id: 'cause', label: o.cause }] : []),
    { id: 'topics', label: o.topics },
  ];
}

/** Answers one topic, or two when the message asks about both. Topics without a passage are left out; none left = no parts. */
export function answerTopics(topics: readonly string[], aspect: Aspect | undefined, words: AnswerWords): Answer {
  const found = topics.flatMap((t) => words.passages.get(t) ?? []).slice(0, 2);
  const [first, second] = found;
  if (!first) return { parts: [], sources: [] };
  const w = words.wording.answer;
  const parts = second
    ? found.flatMap((p) => withAbout(bodyFor(p, aspect, w), fill(w.about, { title: p.title })))
    : withAbout(bodyFor(first, aspect, w), fill(w.about, { title: first.title }));
  const note = second ? [] : differingNote(first, aspect, words);
  return {
    parts: [
      ...parts,
      ...found.map((p): Part => ({ kind: 'source', topic: p.topic, title: p.title, article: p.article })),
      ...note,
      { kind: 'choices', asks: false, choices: offersFor(first, aspect, words, note.length) },
    ],
    sources: found.map((p) => ({ topic: p.topic, title: p.title })),
  };
}

/** A note as a part of its own, below its own heading and with its own sources. */
const partOf = (note: EvidenceNote, words: AnswerWords): Part => ({
  kind: 'beyond',
  title: `${words.wording.answer.beyond} - ${note.title}`,
  text: note.text,
  source: note.rests,
});

/** Notes shown at once, at most: more would bury the answer. */
const MOST_NOTES = 5;

/** The notes beyond the article on a topic, each with its own sources, where guidelines differ first; empty when there is none. */
export const notesOn = (topic: string, words: AnswerWords): readonly Part[] => {
  const own = words.evidence.filter((e) => e.topics.includes(topic));
  return [...own.filter((e) => e.kind === 'differs'), ...own.filter((e) => e.kind === 'adds')]
    .slice(0, MOST_NOTES)
    .map((e) => partOf(e, words));
};

/** The note on something the article does not hold; empty when there is none. */
export const notesBesides = (aspect: string, words: AnswerWords): readonly Part[] =>
  words.evidence
    .filter((e) => e['not-covered'].includes(aspect))
    .slice(0, 1)
    .map((e) => partOf(e, words));

/** Where guidelines differ from what an answer has just said. It would be half the truth without it, so it is told unasked. */
function differingNote(p: Passage, aspect: Aspect | undefined, words: AnswerWords): readonly Part[] {
  if (aspect === 'why') return [];
  return words.evidence
    .filter((e) => e.kind === 'differs' && e.topics.includes(p.topic))
    .slice(0, 1)
    .map((e) => partOf(e, words));
}

/** All topics as choices, in the order of the article. */
export const topicChoices = (words: AnswerWords): readonly Choice[] =>
  [...words.passages.values()].map((p) => ({ id: `topic:${p.topic}`, label: p.title }));

/** The first sentence or two of what a passage says, for the result of the interview. */
export const firstStepOf = (p: Passage): string => plainOf(p.helps ?? p.short).split('\n')[0] ?? '';

/** Topics whose title holds what is being typed, or the beginning of a word of it; all of them for an empty text. */
export function suggestTopics(
  words: AnswerWords & {
    readonly understand?: (text: string) => { readonly ranked: readonly { readonly topic: string }[] };
  },
  typed: string,
): readonly Choice[] {
  const all = topicChoices(words);
  const parts = wordsOf(typed);
  if (!parts.length) return all;
  const named = all.filter((c) => parts.every((p) => wordsOf(c.label).some((w) => w.startsWith(p))));
  const ranked = (words.understand?.(typed).ranked ?? [])
    .slice(0, 5)
    .flatMap((r) => all.find((c) => c.id === `topic:${r.topic}`) ?? []);
  return [...new Set([...named, ...ranked])];
}

/** The article's answer on a topic as a reply of its own: it holds nothing of any person. `undefined` means: no such topic. */
export function showTopic(words: AnswerWords, topic: string): Reply | undefined {
  const { parts, sources } = answerTopics([topic], undefined, words);
  return sources.length
    ? { kind: 'answer', urgency: 'none', signs: [], sources, confidence: 1, personal: false, parts }
    : undefined;
}
