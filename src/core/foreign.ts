import { z } from 'zod';
import { plainWords } from './features.ts';

const Words = z.array(z.string().min(1)).min(5);
const Tongue = z.strictObject({
  words: Words,
  sentence: z.string().min(10),
  emergency: z.string().includes('{emergency}'),
  danger: Words,
});

/** `languages.yaml`: how messages in other languages are recognised, and the honest sentence they get. */
export const Languages = z.strictObject({
  es: Tongue,
  fr: Tongue,
  de: Tongue,
  pt: Tongue,
  it: Tongue,
  nl: Tongue,
  other: z.strictObject({ sentence: z.string().min(10) }),
  english: Words,
});
export type Languages = z.infer<typeof Languages>;

const TONGUES = ['es', 'fr', 'de', 'pt', 'it', 'nl'] as const;
type Tongue = (typeof TONGUES)[number];
/** A language the bot can name, or `other`. */
export type Language = Tongue | 'other';

const isTongue = (language: string): language is Tongue => (TONGUES as readonly string[]).includes(language);
const LATIN = /\p{Script=Latin}/u;
const LETTER = /\p{L}/u;

/** Tells the language of a message; `undefined` means: English, or too little to tell. */
export const createLanguageReader = (data: Languages): ((text: string) => Language | undefined) => {
  const english = new Set(data.english);
  const lists = TONGUES.map((tongue) => ({
    tongue,
    words: new Set(data[tongue].words.filter((word) => !english.has(word))),
  }));
  // A word that several languages share tells less of each.
  const owners = new Map<string, number>();
  for (const { words } of lists) for (const word of words) owners.set(word, (owners.get(word) ?? 0) + 1);
  return (text) => {
    const words = plainWords(text.slice(0, 1000)).filter((word) => LETTER.test(word));
    if (words.length === 0) return undefined;
    const strange = words.filter((word) => !LATIN.test(word)).length;
    if (strange >= 1 && strange / words.length > 0.5) return 'other';
    const own = words.filter((word) => english.has(word)).length;
    let best: { tongue: Tongue; sum: number; hits: number } | undefined;
    for (const { tongue, words: known } of lists) {
      const hits = words.filter((word) => known.has(word));
      const sum = hits.reduce((total, word) => total + 1 / (owners.get(word) ?? 1), 0);
      if (!best || sum > best.sum) best = { tongue, sum, hits: hits.length };
    }
    if (!best || best.hits < 2 || best.hits <= own) return undefined;
    return best.hits / words.length >= 0.3 ? best.tongue : undefined;
  };
};

/** The honest sentence in a language, with the emergency line before it when danger words of that language stand in the text. */
export const createForeignReply = (
  data: Languages,
  emergency: string,
): ((text: string, language: string) => { readonly text: string; readonly danger: boolean }) => {
  return (text, language) => {
    if (!isTongue(language)) return { text: data.other.sentence.replace('{emergency}', emergency), danger: false };
    const tongue = data[language];
    const lower = text.slice(0, 6000).toLowerCase();
    const words = plainWords(text);
    const danger = tongue.danger.some((start) =>
      start.includes(' ') ? lower.includes(start) : words.some((word) => word.startsWith(start)),
    );
    const warning = tongue.emergency.replace('{emergency}', emergency);
    return { text: danger ? `${warning} ${tongue.sentence}` : tongue.sentence, danger };
  };
};
