import { z } from 'zod';
import type { Choice } from './reply.ts';
import { findWords, wordsOf } from './words.ts';

/** What a person can wish for on every channel, by a command of the platform or in words. */
export const COMMANDS = ['check', 'cause', 'topics', 'note', 'help', 'privacy', 'forget'] as const;
export type Command = (typeof COMMANDS)[number];

const Phrases = z.array(z.string().min(1)).min(1);
/** `commands.yaml`: wishes in words, and the words of yes, no, not sure, stop, back and skip. */
export const CommandWords = z.strictObject({
  /** Words left out before a wish is compared, such as 'please'. */
  polite: Phrases,
  commands: z.record(z.enum(COMMANDS), Phrases),
  answers: z.strictObject({ yes: Phrases, no: Phrases, unsure: Phrases, stop: Phrases, back: Phrases, skip: Phrases }),
  ordinals: z.array(Phrases).min(3),
  last: Phrases,
  'other-one': Phrases,
});
export type CommandWords = z.infer<typeof CommandWords>;

/** An answer to a yes/no question, or a wish about the question itself. */
export type PlainAnswer = keyof CommandWords['answers'];

/** The wish a message holds, or `undefined`. Only a message that is nothing but the wish counts. */
export function commandOf(text: string, data: CommandWords): Command | undefined {
  const polite = new Set(data.polite);
  const said = wordsOf(text)
    .filter((w) => !polite.has(w))
    .join(' ');
  if (!said || said.length > 60) return undefined;
  return COMMANDS.find((c) => data.commands[c].includes(said));
}

/**
 * The answer a message begins with ("yes since tuesday" is yes), `undefined` when it begins with none.
 * Longer phrases win ('no idea' is unsure, not no). `whole` asks that the message says nothing else.
 */
export function plainAnswerOf(text: string, data: CommandWords, whole = false): PlainAnswer | undefined {
  const words = wordsOf(text);
  let best: { answer: PlainAnswer; at: number; length: number } | undefined;
  for (const [answer, phrases] of Object.entries(data.answers) as [PlainAnswer, string[]][])
    for (const phrase of phrases) {
      const run = phrase.split(' ');
      const at = findWords(words.slice(0, run.length + 1), run);
      if (at < 0 || (whole && run.length !== words.length)) continue;
      if (!best || at < best.at || (at === best.at && run.length > best.length))
        best = { answer, at, length: run.length };
    }
  return best?.answer;
}

/** The choice that a typed message means: its number, its place in words, or its label. */
export function typedChoiceOf(text: string, choices: readonly Choice[], data: CommandWords): Choice | undefined {
  const words = wordsOf(text);
  if (words.length === 0 || words.length > 8) return undefined;
  const short = text.trim();
  const number = short.length <= 12 ? /^[#([]?\s*(\d{1,2})\s*[).\]]?$/.exec(short)?.[1] : undefined;
  if (number) return choices[Number(number) - 1];
  const said = words.join(' ');
  const label = choices.find((c) => wordsOf(c.label).join(' ') === said);
  if (label) return label;
  if (words.length <= 5) {
    if (data.last.some((p) => findWords(words, p.split(' ')) >= 0)) return choices.at(-1);
    const place = data.ordinals.findIndex((phrases) => phrases.some((p) => findWords(words, p.split(' ')) >= 0));
    if (place >= 0) return choices[place];
  }
  return undefined;
}
