import { z } from 'zod';
import { SignWords } from './corpus.ts';
import { Combination, FlagRules } from './triage-data.ts';
import { URGENCIES } from './urgency.ts';

/**
 * Flags of this group are raised by the second hearing alone. They are no signs of their own, so they have neither sentences that
 * prove them nor anything that raises or lowers them.
 */
export const SECOND_HEARING = 'second-hearing';

/** How many sentences must prove a flag before it loads. */
const LEAST = { fires: 8, quiet: 5 };

const Said = z.string().min(2).max(1200);

/**
 * A sentence, or several messages in a row, that prove how a flag is heard. In `fires`, `level` is the level that these very words
 * deserve where it is not the flag's own (an old and steady sign). In `quiet`, it is the highest level the reply may have; without
 * it that is `routine`, or `none` for a flag whose own level is routine.
 */
export const FlagExample = z.union(
  [Said, z.strictObject({ says: z.union([Said, z.array(Said).min(2)]), level: z.enum(URGENCIES).optional() })],
  { error: 'write a sentence, or says: (one message or a list of them) with the level these words deserve' },
);
export type FlagExample = z.infer<typeof FlagExample>;

/** The messages of an example, in their order. */
export const messagesOf = (example: FlagExample): readonly string[] =>
  [typeof example === 'string' ? example : example.says].flat();

/** The sentences that prove one flag. */
export const FlagExamples = z.strictObject({
  fires: z.array(FlagExample).min(LEAST.fires, `at least ${LEAST.fires} sentences are needed that raise the flag`),
  quiet: z
    .array(FlagExample)
    .min(LEAST.quiet, `at least ${LEAST.quiet} near misses are needed that do not raise the flag`),
  /** What the rules must hear as this very flag without the second hearing; it comes to exactly `level`, or the flag's own. */
  heard: z.array(FlagExample).optional(),
  /** What the rules must not hear as this flag, whatever else they hear. */
  unheard: z.array(FlagExample).optional(),
});
export type FlagExamples = z.infer<typeof FlagExamples>;

/** `red-flags/<group>.yaml`: the sentences of each flag of a group. */
export const ExampleFile = z.record(z.string(), FlagExamples);

/** `red-flags.yaml`: a danger sign with its level, its words and where the claim stands. */
export const RedFlag = z.strictObject({
  ...FlagRules.shape,
  ...SignWords.shape,
  /** What makes it less pressing; may be empty where nothing does. */
  lowers: z.array(z.string().min(1).max(200)).optional(),
  /** What makes it more pressing; may be empty where nothing does. */
  raises: z.array(z.string().min(1).max(200)).optional(),
  confidence: z.enum(['strong', 'moderate', 'judgement']),
  /** Keys of sources.yaml. */
  source: z.array(z.string()).min(1, 'a danger sign without a source does not load'),
  note: z.string().optional(),
});
export type RedFlag = z.infer<typeof RedFlag>;

/** `red-flags.yaml` as a whole. */
export const RedFlagFile = z.strictObject({ flags: z.array(RedFlag).min(1), combinations: z.array(Combination) });
