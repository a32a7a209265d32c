import { parse, stringify } from 'yaml';
import type { CorpusFiles } from '../src/adapters/corpus-files.ts';
import { type Compiled, compile } from '../src/compile.ts';
import { hashFeature } from '../src/core/softmax.ts';
import type { Sets } from './cases.ts';
import { measure, type Outcome } from './measure.ts';
import { type Share, shareOf } from './statistics.ts';
import { shipped } from './variants.ts';

/** One point of the learning curve. */
export interface LearningPoint {
  /** Share of the phrases that were trained on, and how many those were. */
  readonly share: number;
  readonly phrases: number;
  readonly outcomes: readonly Outcome[];
  /** Right topic ranked first, whatever the bands made of it. */
  readonly ranked: Share;
}

const PHRASES = /^intents\/(topics|not-covered|danger|harmless)\//;
const textOf = (phrase: unknown): string =>
  typeof phrase === 'string' ? phrase : String((phrase as { text?: unknown }).text);

/** Keeps the phrases whose hash lies below the share, so that a smaller part lies within each larger one. */
const thin = (value: unknown, share: number, count: (kept: number) => void): unknown => {
  if (Array.isArray(value)) {
    const kept = value.filter((phrase) => hashFeature(textOf(phrase)) / 2 ** 32 < share);
    const list = kept.length ? kept : value.slice(0, 1);
    count(list.length);
    return list;
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, thin(v, share, count)]))
    : value;
};

/** The corpus with a share of its phrases; all else, and names in `terms.yaml`, stay whole. */
export function thinned(files: CorpusFiles, share: number): { readonly files: CorpusFiles; readonly phrases: number } {
  let phrases = 0;
  const out = new Map(
    [...files].map(([file, text]) => {
      if (!PHRASES.test(file)) return [file, text];
      const data = parse(text) as { phrases: unknown };
      const kept = thin(data.phrases, share, (n) => {
        phrases += n;
      });
      return [file, stringify({ ...data, phrases: kept })];
    }),
  );
  return { files: out, phrases };
}

/** Trains anew on a share of the phrases and measures; the whole is what was compiled already. Some seconds. */
export function learningPoint(files: CorpusFiles, share: number, sets: Sets, compiled: Compiled): LearningPoint {
  const part = thinned(files, share);
  const brain = shipped(share === 1 ? compiled : compile(part.files));
  return {
    share,
    phrases: part.phrases,
    outcomes: measure(brain, sets),
    ranked: shareOf(sets.ask ?? [], (c) => c.gold.includes(brain.understand(c.text).ranked[0]?.topic ?? '')),
  };
}
