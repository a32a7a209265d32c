import { z } from 'zod';
import type { Article, Passage } from './article.ts';

const Id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'an id is lower-case words joined by hyphens');
const Line = z.string().min(1).max(1200);
const Level = z.enum(['none', 'routine', 'urgent', 'emergency', 'crisis']);

/** Telephone lines of a country as a person would say them. A missing field means: not sure enough to print. */
export const Region = z.strictObject({
  name: Line,
  emergency: Line,
  advice: Line.optional(),
  crisis: Line,
  poison: Line.optional(),
  /** False until somebody has compared the row with the official pages. */
  verified: z.boolean(),
});
export type Region = z.infer<typeof Region>;
export const Regions = z
  .record(z.string().regex(/^([A-Z]{2}|unknown)$/, 'a two-letter country code, or unknown'), Region)
  .refine((r) => 'unknown' in r, 'the row "unknown" is missing');

/** A publication that a claim rests on. `mark` tells how well it was read. */
export const Sources = z.record(z.string().regex(/^[A-Z0-9][A-Z0-9-]*$/), z.strictObject({ cite: Line, mark: Line }));

/** The head of `evidence/<id>.md`: what a note is about and what it rests on. The text below it is the note. */
export const EvidenceHead = z.strictObject({
  title: Line,
  /** Topics of the article that the note stands beside. */
  topics: z.array(Id),
  /** What the article does not hold (`intents/not-covered/`) and the note is about. */
  'not-covered': z.array(Id).default([]),
  /** `differs`: guidelines put it otherwise than the article; told together with the article's answer. `adds`: shown on request. */
  kind: z.enum(['adds', 'differs']),
  /** Keys of sources.yaml. */
  source: z.array(z.string()).min(1, 'a note without a source does not load'),
});

/** What guidelines add to the article or where they differ, told apart from it in every answer. */
export interface EvidenceNote extends z.infer<typeof EvidenceHead> {
  readonly id: string;
  readonly text: string;
  /** The publications, each with the mark that tells how well it was read. */
  readonly rests: string;
}

/** How long a note may be, in characters: it stands below an answer. */
export const LONGEST_NOTE = 600;

/** How a danger sign is spoken of. `title` fits 'You wrote about {title}', `means` fits 'This can mean that {means}'. */
export const SignWords = z.object({
  title: Line,
  means: Line.optional(),
  'means-other': Line.optional(),
  tell: Line.optional(),
  'tell-other': Line.optional(),
  /** The action by level, where it differs from the standard one of the level. */
  do: z.partialRecord(Level, Line).optional(),
  meanwhile: Line.optional(),
});
export type SignWords = z.infer<typeof SignWords>;

/** One of the five screening questions of the reference (section 5). Its id is the id of the sign that a yes raises. */
export const ScreeningQuestion = z.strictObject({
  ...SignWords.shape,
  id: Id,
  /** Asked of the person; `ask-other` when the talk is about somebody else. */
  ask: Line,
  'ask-other': Line,
  /** The level a plain yes means. */
  level: Level,
  /** Whether "not sure" counts as yes. */
  'unsure-is-yes': z.boolean(),
  /** Asked once after a yes or an unclear answer; a yes to it means `level`. */
  refine: z.strictObject({ ask: Line, 'ask-other': Line, level: Level }).optional(),
  /** Flags that this question settles: it is skipped when each is known. */
  flags: z.array(Id).min(1),
  source: z.array(z.string()).min(1),
});
export type ScreeningQuestion = z.infer<typeof ScreeningQuestion>;

/** A question of the guided interview; `means` are weights for the article's causes with a reason each. */
export const InterviewQuestion = z.strictObject({
  id: Id,
  ask: Line,
  why: Line,
  /** The share of runners who can answer it at all, 0..1: a question that most leave at 'not sure' is asked late. */
  known: z.number().min(0).max(1).default(1),
  options: z
    .array(
      z.strictObject({
        id: Id,
        label: z.string().min(1).max(40),
        means: z.record(Id, z.number().min(-3).max(3)),
        reason: Line.optional(),
        /** How it reads among the last question's 'is one of these true as well?'; absent = it does not stand there. */
        last: z.string().min(1).max(40).optional(),
      }),
    )
    .min(2)
    .max(8),
});
export type InterviewQuestion = z.infer<typeof InterviewQuestion>;

/** `questions.yaml`: screening and interview. */
export const Questions = z.strictObject({
  screening: z.array(ScreeningQuestion).length(5),
  interview: z.strictObject({
    /** How likely a cause is before any answer, as a weight on the same scale as `means`. */
    prior: z.record(Id, z.number()),
    /** The last question, made of the plainest options of all that were not asked, and its way out. */
    last: z.strictObject({ ask: Line, none: z.string().min(1).max(40) }),
    questions: z.array(InterviewQuestion).min(6),
  }),
});
export type Questions = z.infer<typeof Questions>;

const Variants = z.array(Line).min(1);
const lines = <K extends string>(...keys: readonly K[]) =>
  z.strictObject(Object.fromEntries(keys.map((k) => [k, Line])) as Record<K, typeof Line>);

/** `wording.yaml`: every other sentence the bot says. `{name}` stands for a value. */
export const Wording = z.strictObject({
  title: Line,
  limit: Line,
  greeting: Variants,
  thanks: Variants,
  bye: Variants,
  'feedback-positive': Variants,
  'feedback-negative': Variants,
  'who-are-you': Line,
  help: z.strictObject({ text: Line, can: z.array(Line).min(2) }),
  privacy: z.strictObject({ text: Line, items: z.array(Line).min(2) }),
  /** The notice when the operator keeps the words of questions without an answer. `{days}` says for how long. */
  'privacy-with-questions': z.strictObject({ text: Line, items: z.array(Line).min(2) }),
  topics: Line,
  forgotten: Line,
  /** Said instead when the store did not take the deletion. */
  'not-forgotten': Line,
  empty: Line,
  'no-words': Line,
  'too-long': Line,
  broken: Line,
  slow: Line,
  old: Line,
  'for-you': Line,
  clarify: lines('ask', 'other'),
  'out-of-scope': lines('plain', 'aspect', 'body', 'instead', 'see'),
  answer: lines('about', 'about-two', 'no-number', 'no-why', 'no-helps', 'not-said', 'not-better', 'vague', 'beyond'),
  offers: lines(
    'why',
    'helps',
    'beyond',
    'cause',
    'check',
    'topics',
    'note',
    'yes',
    'no',
    'unsure',
    'stop',
    'back',
    'more',
    'private',
    'share',
  ),
  warning: z.strictObject({
    emergency: lines(
      'act',
      'other',
      'why',
      'why-other',
      'tell',
      'tell-other',
      'meanwhile',
      'meanwhile-other',
      'still',
      'general',
      'again',
      'again-other',
    ),
    urgent: lines(
      'act',
      'other',
      'tell',
      'tell-other',
      'advice',
      'meanwhile',
      'meanwhile-other',
      'raise',
      'general',
      'again',
      'after',
    ),
    routine: lines('act', 'other', 'raise'),
    crisis: lines(
      'act',
      'other',
      'taken',
      'taken-other',
      'lines',
      'near',
      'body',
      'body-other',
      'bot',
      'general',
      'again',
    ),
    supposed: Line,
    bot: Line,
    several: Line,
    fallback: Line,
  }),
  screening: lines('intro', 'one', 'clear', 'left', 'none-known', 'again'),
  cleared: Line,
  'cleared-next': Line,
  'false-alarm': Line,
  'taken-back': Line,
  past: Line,
  interview: lines('intro', 'result', 'unclear', 'for', 'first', 'seen', 'left', 'again'),
  note: lines('title', 'reported', 'since', 'denied', 'asked', 'none', 'empty', 'end'),
  terminal: lines('welcome', 'prompt', 'pick', 'bye', 'warning'),
});
export type Wording = z.infer<typeof Wording>;

/** All that a bot of one corpus knows and says, checked. */
export interface Corpus {
  readonly articles: readonly Article[];
  readonly evidence: readonly EvidenceNote[];
  readonly regions: Readonly<Record<string, Region>>;
  readonly sources: z.infer<typeof Sources>;
  readonly questions: Questions;
  readonly wording: Wording;
}

/** All passages of a corpus in order, each with the title of the article it stands in. */
export const passagesOf = (corpus: Pick<Corpus, 'articles'>): readonly (Passage & { readonly article: string })[] =>
  corpus.articles.flatMap((a) => a.passages.map((p) => ({ ...p, article: a.title })));

/** Puts values into the places of a sentence; a place without a value stays empty. */
export const fill = (sentence: string, values: Readonly<Record<string, string | undefined>>): string =>
  sentence.replace(/\{([a-z-]+)\}/g, (_, key: string) => values[key] ?? '');
