import { z } from 'zod';

const Word = z.string().min(1).max(60);
const Phrase = z.union([
  z.string().min(1).max(4000),
  z.strictObject({ text: z.string().min(1).max(4000), also: z.array(Word).min(1) }),
]);
const Name = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'an id is lower-case words joined by hyphens');

/** `intents/topics/*.yaml`: what people write when one passage holds the answer. */
export const TopicPhrases = z.strictObject({ topic: Name, phrases: z.array(Phrase).min(1) });

/** `intents/not-covered/*.yaml`: what people write that the article does not hold, and how a sentence calls it. */
export const NotCoveredPhrases = z.strictObject({
  aspect: Name,
  name: z.string().min(2).max(60),
  near: z.boolean(),
  phrases: z.array(Phrase).min(1),
});

/** `intents/smalltalk/*.yaml`: greetings, thanks and the like. */
export const SmalltalkPhrases = z.strictObject({
  kind: z.enum([
    'greeting',
    'thanks',
    'bye',
    'help',
    'who-are-you',
    'privacy',
    'feedback-positive',
    'feedback-negative',
  ]),
  phrases: z.array(Phrase).min(1),
});

/** `synonyms.yaml`: short forms, words of the subject, words without a topic, and word families. */
export const Synonyms = z.strictObject({
  slang: z.record(Word, Word),
  words: z.array(Word),
  stop: z.array(Word),
  concepts: z.record(Name, z.array(Word).min(1)),
});

/** `body-parts.yaml`: other parts of the body, and the words that lead back to ours. */
export const BodyPartWords = z.strictObject({
  ours: z.array(Word).min(1),
  nerve: z.array(Word).min(1),
  legs: z.array(z.string()),
  parts: z.record(z.string().min(2).max(60), z.array(Word).min(1)),
});

const Terms = z.partialRecord(z.enum(['things', 'causes', 'parts', 'subjects']), z.array(Word).min(1));
const Carriers = z.array(z.string().includes('{}')).min(1);

/** `intents/terms.yaml`: names that decide what a message is about, and sentences that carry any of them. */
export const TermNames = z.strictObject({
  carriers: z.strictObject({ things: Carriers, causes: Carriers, parts: Carriers, subjects: Carriers }),
  topics: z.record(Name, Terms),
  'not-covered': z.record(Name, Terms),
});

const Share = z.number().min(0).max(1);

/** `understanding.yaml`: weights of the in-scope probability and the edges of the three bands. */
export const BandEdges = z.strictObject({
  scope: z.record(Word, z.number()),
  sharpness: z.number().positive(),
  answer: Share,
  ask: Share,
  least: Share,
  gap: Share,
  smalltalk: Share,
  aspect: Share,
});
