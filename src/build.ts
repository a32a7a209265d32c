// Checks the corpus, trains the models and writes both to dist/, so that the bot starts fast. Runs after tsc in `npm run build`.
import { buildBrainFile } from './brain-file.ts';
import { CorpusError } from './core/fault.ts';

try {
  await buildBrainFile();
} catch (error) {
  console.error(error instanceof CorpusError ? error.message : error);
  process.exitCode = 1;
}
