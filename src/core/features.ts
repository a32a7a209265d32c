import type { Speller } from './spelling.ts';

/** What a reader needs to know of the language beyond spelling; data of the corpus (`synonyms.yaml`). */
export interface Lexicon {
  /** Short forms to what they stand for ('ur' -> 'your'); the meaning may be several words. */
  readonly slang: Readonly<Record<string, string>>;
  /** Concept name to the words (or runs of two words) that mean it; a trailing `*` takes every ending. */
  readonly concepts: Readonly<Record<string, readonly string[]>>;
  /** Words that carry no topic of their own. */
  readonly stop: readonly string[];
}

/** A message as the classifiers see it. Lives for one call: it holds what a person wrote. */
export interface Reading {
  /** Words as typed, lower case, at most `MOST_WORDS`. */
  readonly raw: readonly string[];
  /** Words after slang and spelling. */
  readonly words: readonly string[];
  readonly stems: readonly string[];
  readonly concepts: readonly string[];
  /** Stems that are no stop words. */
  readonly content: readonly string[];
  /** Content words that neither the subject nor a dictionary knows. */
  readonly strange: number;
}

/** Words of a message that are looked at; of longer ones the beginning and the end. */
const MOST_WORDS = 260;
/** UTF-16 units that are looked at, so that a megabyte costs no more than a page. */
const MOST_UNITS = 6000;

const WORD = /[\p{L}\p{N}]+(?:'\p{L}+)*|\p{Extended_Pictographic}/gu;
const HAS_LETTER = /[\p{L}]/u;

/** Lower case, plain apostrophes, without addresses, mentions and emoji names. */
export const plainWords = (text: string): readonly string[] => {
  const cut = text.length > MOST_UNITS ? `${text.slice(0, MOST_UNITS - 1500)} ${text.slice(-1500)}` : text;
  const words =
    cut
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[’‘ʼ`´]/g, "'")
      .replace(/https?:\/\/\S+|<[@#:][^>\s]*>|:[a-z0-9_+-]{2,40}:/g, ' ')
      .match(WORD) ?? [];
  return words.length > MOST_WORDS
    ? [...words.slice(0, MOST_WORDS - 60), ...words.slice(-60)]
    : words.map((word) => (word.length > 40 ? word.slice(0, 40) : word));
};

/** Takes plain endings off, so that 'stretches', 'stretching' and 'stretched' meet. */
export const stem = (word: string): string => {
  let w = word.replace(/'s?$/, '').replaceAll("'", '');
  if (w.length > 4 && w.endsWith('ies')) w = `${w.slice(0, -3)}y`;
  else if (w.length > 3 && w.endsWith('s') && !/(ss|us|is)$/.test(w)) w = w.slice(0, -1);
  if (w.length > 5 && w.endsWith('ing')) w = w.slice(0, -3);
  else if (w.length > 4 && w.endsWith('ed')) w = w.slice(0, -2);
  else if (w.length > 5 && w.endsWith('ly')) w = w.slice(0, -2);
  if (w.length > 3 && /([bdgmnprt])\1$/.test(w)) w = w.slice(0, -1);
  if (w.length > 3 && w.endsWith('e')) w = w.slice(0, -1);
  return w;
};

/** Reads messages with one speller and one lexicon. */
export const createReader = (speller: Speller, lexicon: Lexicon): ((text: string) => Reading) => {
  const slang = new Map(Object.entries(lexicon.slang));
  const stop = new Set(lexicon.stop.map(stem));
  const exact = new Map<string, string[]>();
  const prefixes = new Map<string, [prefix: string, concept: string][]>();
  for (const [concept, entries] of Object.entries(lexicon.concepts)) {
    for (const entry of entries) {
      if (entry.endsWith('*') && !entry.includes(' ')) {
        const prefix = entry.slice(0, -1);
        const key = prefix.slice(0, 3);
        prefixes.set(key, [...(prefixes.get(key) ?? []), [prefix, concept]]);
      } else {
        const key = entry.split(' ').map(stem).join(' ');
        exact.set(key, [...(exact.get(key) ?? []), concept]);
      }
    }
  }
  return (text) => {
    const raw = plainWords(text);
    const words: string[] = [];
    let strange = 0;
    for (const word of raw) {
      const long = slang.get(word);
      if (long !== undefined) {
        words.push(...long.split(' '));
        continue;
      }
      const fixed = speller.correct(word);
      if (fixed !== undefined) words.push(...fixed.split(' '));
      else {
        words.push(word);
        if (!/\d/.test(word) && word.length > 2 && !speller.known(word)) strange++;
      }
    }
    const stems = words.map(stem);
    const concepts = new Set<string>();
    for (let i = 0; i < stems.length; i++) {
      for (const concept of exact.get(stems[i]!) ?? []) concepts.add(concept);
      for (const concept of (i > 0 && exact.get(`${stems[i - 1]} ${stems[i]}`)) || []) concepts.add(concept);
      const word = words[i]!;
      for (const [prefix, concept] of prefixes.get(word.slice(0, 3)) ?? [])
        if (word.startsWith(prefix)) concepts.add(concept);
    }
    return {
      raw,
      words,
      stems,
      concepts: [...concepts],
      content: stems.filter((s) => !stop.has(s) && HAS_LETTER.test(s)),
      strange,
    };
  };
};

/** Stems, pairs of neighbours, and concepts. */
export const wordFeatures = (reading: Reading): string[] => {
  const { stems, concepts } = reading;
  const features: string[] = [];
  for (let i = 0; i < stems.length; i++) {
    features.push(`w ${stems[i]}`);
    if (i > 0) features.push(`b ${stems[i - 1]} ${stems[i]}`);
    if (i > 1) features.push(`g ${stems[i - 2]} ${stems[i]}`);
  }
  if (stems.length > 0) features.push(`b ^ ${stems[0]}`, `b ${stems.at(-1)} $`);
  for (const concept of concepts) features.push(`c ${concept}`);
  return features;
};

/** Pieces of three to four letters of each word, so that unseen forms and misspellings still count. */
export const letterFeatures = (reading: Reading): string[] => {
  const features: string[] = [];
  for (const word of new Set(reading.words)) {
    const framed = `<${word.slice(0, 24)}>`;
    for (const size of [3, 4])
      for (let i = 0; i + size <= framed.length; i++) features.push(`n ${framed.slice(i, i + size)}`);
  }
  return features;
};
