import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type CorpusFiles, digestOf, readCorpusFolder } from './adapters/corpus-files.ts';
import { readCorpus } from './adapters/dropped-article.ts';
import type { Compiled } from './compile.ts';
import { readCompiledOf, unpackCompiled, writeCompiled, writeOther } from './compiled-file.ts';
import type { Brain } from './core/brain.ts';
import type { Settings } from './settings.ts';
import { brainOf } from './think.ts';

const OWN_CORPUS = fileURLToPath(new URL('../corpus/', import.meta.url));
const COMPILE_WORKER = new URL('../dist/compile-worker.js', import.meta.url);

/** A brain ready to answer, and whether it had to be made anew. */
export interface LoadedBrain {
  readonly brain: Brain;
  readonly rebuilt: boolean;
  readonly discord: Compiled['discord'];
  readonly slack: Compiled['slack'];
}

/** Keeps what was compiled for the next start; an installation that cannot be written is compiled at each start. */
function keepCompiled(compiled: Compiled, isOwn: boolean): void {
  try {
    if (isOwn) writeCompiled(compiled);
    else writeOther(compiled);
  } catch {
    console.error('It could not be kept: the folder of the program cannot be written.');
  }
}

/** The folder of the corpus that the settings name, else the bot's own. */
export const corpusFolderOf = (settings: Pick<Settings, 'CORPUS_DIR'>): string => settings.CORPUS_DIR ?? OWN_CORPUS;

/** The files of a corpus folder, with what it takes from the bot's own corpus when it holds an article alone. */
export const corpusFilesOf = (folder: string): CorpusFiles => readCorpus(folder, OWN_CORPUS);

/** Compiles the bot's own corpus into `dist/`, for a fast start. Throws a CorpusError that names every fault. */
export async function buildBrainFile(): Promise<void> {
  const { compile } = await import('./compile.ts');
  writeCompiled(compile(readCorpusFolder(OWN_CORPUS)));
}

/**
 * Loads what was compiled at build time. When the corpus has changed since, or is another one, it is compiled anew, which takes some
 * seconds and is said on standard error. Throws a CorpusError that names every fault.
 */
export async function readBrain(
  settings: Pick<Settings, 'CORPUS_DIR' | 'REGION'>,
  keeps: Brain['keeps'],
): Promise<LoadedBrain> {
  const files = corpusFilesOf(corpusFolderOf(settings));
  const digest = digestOf(files);
  const kept = readCompiledOf(digest);
  if (kept)
    return {
      brain: brainOf(kept, settings.REGION, keeps),
      rebuilt: false,
      discord: kept.discord,
      slack: kept.slack,
    };
  console.error(
    settings.CORPUS_DIR
      ? 'The corpus of CORPUS_DIR is new or has changed: reading it takes some seconds, this once.'
      : 'The corpus has changed since the last build: reading it anew takes some seconds. `npm run build` makes the next start fast.',
  );
  const { compile } = await import('./compile.ts');
  const fresh = compile(files);
  keepCompiled(fresh, settings.CORPUS_DIR === undefined);
  return {
    brain: brainOf(fresh, settings.REGION, keeps),
    rebuilt: true,
    discord: fresh.discord,
    slack: fresh.slack,
  };
}

/**
 * Reads the corpus anew in a process that goes on answering: what must be compiled is compiled in a thread of its own. Rejects with an
 * error that names every fault; the brain at hand is as good as before then.
 */
export async function rereadBrain(
  settings: Pick<Settings, 'CORPUS_DIR' | 'REGION'>,
  keeps: Brain['keeps'],
): Promise<LoadedBrain> {
  const folder = corpusFolderOf(settings);
  const kept = readCompiledOf(digestOf(corpusFilesOf(folder)));
  if (kept)
    return { brain: brainOf(kept, settings.REGION, keeps), rebuilt: false, discord: kept.discord, slack: kept.slack };
  const worker = new Worker(COMPILE_WORKER, { workerData: folder });
  const [said] = (await once(worker, 'message')) as [{ readonly compiled?: Uint8Array; readonly fault?: string }];
  await worker.terminate();
  if (said.compiled === undefined) throw new Error(said.fault ?? 'the corpus could not be compiled');
  const fresh = unpackCompiled(said.compiled);
  keepCompiled(fresh, settings.CORPUS_DIR === undefined);
  return { brain: brainOf(fresh, settings.REGION, keeps), rebuilt: true, discord: fresh.discord, slack: fresh.slack };
}
