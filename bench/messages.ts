import { fileURLToPath } from 'node:url';
import { readSets } from '../eval/cases.ts';

const sets = readSets(fileURLToPath(new URL('../eval/sets', import.meta.url)), [
  'ask',
  'oos',
  'smalltalk',
  'redflags',
  'benign',
]);

/** The messages that all engines are timed on: every kind that the evaluation sets hold. */
export const MESSAGES: readonly string[] = [
  ...[...(sets.ask ?? []), ...(sets.oos ?? []), ...(sets.smalltalk ?? [])].map((c) => c.text),
  ...[...(sets.redflags ?? []), ...(sets.benign ?? [])].flatMap((c) => c.turns),
];

/** Questions with their right topics, to tell beside the time how often an engine is right. */
export const QUESTIONS = sets.ask ?? [];
