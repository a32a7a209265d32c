import { z } from 'zod';
import { findWords, wordsOf } from './words.ts';

const Phrases = z.array(z.string().min(1)).min(1);
const Cue = z.strictObject({ has: Phrases, whole: Phrases.optional() });

/** What of a topic is asked for. */
export const ASPECTS = ['not-better', 'number', 'else', 'who', 'why', 'helps', 'more'] as const;
export type Aspect = (typeof ASPECTS)[number];

/** `follow-up.yaml`: words that tie a message to what was said before. */
export const FollowUpWords = z.strictObject({
  aspects: z.record(z.enum(ASPECTS), Cue),
  starts: Phrases,
  pointers: Phrases,
  corrections: Phrases,
  excluded: Phrases,
  returns: Phrases,
  small: Phrases,
});
export type FollowUpWords = z.infer<typeof FollowUpWords>;

/** What the form of a message says about its tie to the talk before it. */
export interface Tie {
  /** What of the topic is asked; `undefined` means: nothing in particular. */
  readonly aspect?: Aspect;
  /** 0 = stands on its own, 1 = means nothing without what was said before. */
  readonly tied: number;
  /** Words left that could name a topic of their own. */
  readonly content: number;
  /** The writer corrects what was understood; `rest` is what stands after the correction, without what is excluded. */
  readonly correction?: { readonly rest: string };
  /** The writer goes back to something said before. */
  readonly returns: boolean;
}

type Reader = (text: string) => Tie;

/** Prepares the reader of ties from its words. */
export function createTieReader(data: FollowUpWords): Reader {
  const split = (phrases: readonly string[] | undefined) => (phrases ?? []).map((p) => p.split(' '));
  const aspects = ASPECTS.map((id) => ({
    id,
    has: split(data.aspects[id].has),
    whole: split(data.aspects[id].whole),
    wholes: new Set(data.aspects[id].whole),
  }));
  const starts = split(data.starts);
  const corrections = split(data.corrections);
  const excluded = split(data.excluded);
  const returns = split(data.returns);
  const pointers = new Set(data.pointers);
  const small = new Set([...data.small, ...data.pointers, ...starts.flat()]);

  const correctionOf = (words: readonly string[]): string | undefined => {
    const lead = corrections.find((run) => findWords(words, run) >= 0);
    const not = excluded.map((run) => ({ run, at: findWords(words, run) })).filter((e) => e.at > 0);
    const aside = words.length <= 8 && not.length > 0 && !lead;
    if (!lead && !aside) return undefined;
    let rest = words;
    if (lead) {
      const after = words.slice(findWords(words, lead) + lead.length);
      rest = after.some((w) => !small.has(w)) ? after : words;
    }
    for (const run of excluded) {
      const at = findWords(rest, run);
      if (at > 0) rest = rest.slice(0, at);
      else if (at === 0 && lead) rest = rest.slice(run.length);
    }
    return rest.some((w) => !small.has(w)) ? rest.join(' ') : undefined;
  };

  return (text) => {
    const words = wordsOf(text);
    const begins = starts.some((run) => findWords(words.slice(0, run.length), run) === 0);
    let bare = words;
    while (bare.length > 1 && starts.some((run) => run.length === 1 && run[0] === bare[0])) bare = bare.slice(1);
    const isShort = words.length <= 14;
    const [joined, bareJoined] = [words.join(' '), bare.join(' ')];
    const found = aspects.find(
      ({ has, wholes }) =>
        wholes.has(joined) || wholes.has(bareJoined) || (isShort && has.some((run) => findWords(words, run) >= 0)),
    );
    // The words of the cue itself name no topic: 'what loosens them' asks for a remedy, whatever 'them' is.
    const run =
      found &&
      [...found.has, ...found.whole].filter((r) => findWords(words, r) >= 0).sort((a, b) => b.length - a.length)[0];
    const from = run ? findWords(words, run) : -1;
    const spoken = new Set(run && from >= 0 ? words.slice(from, from + run.length) : []);
    const content = bare.filter((w) => !small.has(w) && !spoken.has(w)).length;
    const points = words.some((w) => pointers.has(w));
    const tied =
      content === 0
        ? 1
        : Math.min(
            0.9,
            (begins ? 0.3 : 0) +
              (points ? 0.3 : 0) +
              (content <= 1 ? 0.3 : content <= 2 ? 0.2 : content <= 4 ? 0.05 : -0.3) +
              (found ? 0.15 : 0),
          );
    const rest = correctionOf(words);
    return {
      tied: Math.max(0, tied),
      content,
      returns: returns.some((run) => findWords(words, run) >= 0),
      ...(found ? { aspect: found.id } : {}),
      ...(rest ? { correction: { rest } } : {}),
    };
  };
}
