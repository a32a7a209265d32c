import type { Reading } from './features.ts';
import { plainWords, stem } from './features.ts';

/** Words of other parts of the body; data of the corpus (`body-parts.yaml`). */
export interface BodyParts {
  /** Words that bring a message back to the back and hips, whatever else it names. */
  readonly ours: readonly string[];
  /** Words of troubled nerves: with them the parts in `legs` are no other part, since the trouble may start in the back. */
  readonly nerve: readonly string[];
  readonly legs: readonly string[];
  /** What a sentence calls the part -> words that mean it; a trailing `*` takes every ending. */
  readonly parts: Readonly<Record<string, readonly string[]>>;
}

type Matcher = (reading: Pick<Reading, 'stems' | 'words'>) => boolean;

const matcherOf = (entries: readonly string[]): Matcher => {
  const exact = new Set<string>();
  const prefixes: string[] = [];
  for (const entry of entries) {
    if (entry.endsWith('*') && !entry.includes(' ')) prefixes.push(entry.slice(0, -1));
    else exact.add(entry.replace(/\*$/, '').split(' ').map(stem).join(' '));
  }
  return ({ stems, words }) =>
    stems.some((s, i) => exact.has(s) || (i > 0 && exact.has(`${stems[i - 1]} ${s}`))) ||
    words.some((word) => prefixes.some((prefix) => word.startsWith(prefix)));
};

/** The parts of the body as an article sees them: what its titles name is ours, and no other part. */
export function bodyPartsBeside(data: BodyParts, titles: readonly string[]): BodyParts {
  const readings = titles.map(plainWords).map((words) => ({ words, stems: words.map(stem) }));
  const isNamed = (words: readonly string[]) => readings.some(matcherOf(words));
  const named = Object.entries(data.parts).filter(([, words]) => isNamed(words));
  return {
    ...data,
    ours: [...data.ours, ...named.flatMap(([, words]) => words)],
    parts: Object.fromEntries(Object.entries(data.parts).filter(([, words]) => !isNamed(words))),
  };
}

/** Finds another part of the body that a message is about: named, and nothing of the back beside it. `undefined` means: none. */
export const createBodyGate = (data: BodyParts): ((reading: Reading) => string | undefined) => {
  const ours = matcherOf(data.ours);
  const nerve = matcherOf(data.nerve);
  const legs = new Set(data.legs);
  const parts = Object.entries(data.parts).map(([name, words]) => ({ name, names: matcherOf(words) }));
  return (reading) => {
    if (ours(reading)) return undefined;
    const name = parts.find((part) => part.names(reading))?.name;
    return name !== undefined && legs.has(name) && nerve(reading) ? undefined : name;
  };
};
