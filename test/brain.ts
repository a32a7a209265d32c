import { readBrain } from '../src/brain-file.ts';
import type { Brain } from '../src/core/brain.ts';

/** The bot's own brain, as the program loads it: built once by `npm ci`. */
export const brain: Brain = (
  await readBrain({ CORPUS_DIR: undefined, REGION: 'GB' }, { hours: 24, place: 'in memory' })
).brain;
