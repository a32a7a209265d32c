// Compiles a corpus beside the bot, which goes on answering: a file of its own for a worker thread.
import { parentPort, workerData } from 'node:worker_threads';
import { readCorpusFolder } from './adapters/corpus-files.ts';
import { compile } from './compile.ts';
import { packCompiled } from './compiled-file.ts';

try {
  parentPort?.postMessage({ compiled: packCompiled(compile(readCorpusFolder(workerData))) });
} catch (error) {
  parentPort?.postMessage({ fault: error instanceof Error ? error.message : String(error) });
}
