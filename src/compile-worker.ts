// Compiles a corpus beside the bot, which goes on answering: a file of its own for a worker thread.
import { parentPort, workerData } from 'node:worker_threads';
import { corpusFilesOf } from './brain-file.ts';
import { compile } from './compile.ts';
import { packCompiled } from './compiled-file.ts';

try {
  parentPort?.postMessage({ compiled: packCompiled(compile(corpusFilesOf(workerData))) });
} catch (error) {
  parentPort?.postMessage({ fault: error instanceof Error ? error.message : String(error) });
}
