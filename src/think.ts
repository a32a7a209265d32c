import type { Compiled } from './compile.ts';
import { remember } from './core/alarm.ts';
import type { Brain } from './core/brain.ts';
import { passagesOf } from './core/corpus.ts';
import { createTieReader } from './core/follow-up.ts';
import { createForeignReply } from './core/foreign.ts';
import { loadSecondHearing } from './core/second-hearing.ts';
import { createSpeller } from './core/spelling.ts';
import { createTriage } from './core/triage.ts';
import { createUnderstanding, decide } from './core/understanding.ts';

/** Where the second hearing counts: see eval/second-hearing.md for how the lines were measured. */
export const LINES = {
  raises: 0.25,
  short: 0.36,
  crisis: 0.155,
  asks: 0.25,
  vetoes: { trusted: 0.22, usual: 0.3 },
  clears: { named: 0.6, told: 0.9 },
};

/** How circumstances are called in the note for a clinician. */
const CUE_NAMES: ReadonlyMap<string, string> = new Map([
  ['today', 'began today'],
  ['new', 'new within days'],
  ['sudden', 'came suddenly'],
  ['worsening', 'getting worse'],
  ['steady', 'long-standing'],
]);

/** Makes a brain of a compiled corpus, for a region and a place where sessions are kept. An unknown region falls back to `unknown`. */
export function brainOf(compiled: Compiled, region: string, keeps: Brain['keeps']): Brain {
  const { corpus } = compiled;
  const speller = createSpeller(compiled.spelling);
  const triage = createTriage(compiled.triage, speller.known, {
    ...loadSecondHearing(compiled.second),
    lines: LINES,
  });
  const understand = createUnderstanding(compiled.understanding, speller);
  const { bands } = compiled.understanding;
  const row = corpus.regions[region] ?? corpus.regions.unknown;
  if (!row) throw new Error('regions.yaml has no row "unknown"');
  const screening = corpus.questions.screening.map((q) => [q.id, q] as const);
  return {
    corpus,
    wording: corpus.wording,
    evidence: corpus.evidence,
    region: row,
    passages: new Map(passagesOf(corpus).map((p) => [p.topic, p])),
    signs: new Map([...Object.entries(compiled.signs), ...screening]),
    cueNames: CUE_NAMES,
    commands: compiled.commands,
    hear: triage.hear,
    judge: triage.judge,
    remember,
    understand,
    decide: (understood) => decide(understood, bands),
    tieOf: createTieReader(compiled.followUp),
    foreign: createForeignReply(compiled.understanding.languages, row.emergency),
    keeps,
  };
}
