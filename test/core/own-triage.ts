import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { ownCompiled } from '../../src/compiled-file.ts';
import { loadSecondHearing } from '../../src/core/second-hearing.ts';
import { createSpeller } from '../../src/core/spelling.ts';
import { createTriage, type Triage } from '../../src/core/triage.ts';
import { LINES } from '../../src/think.ts';

const compiled = ownCompiled();

/** The triage that is shipped: rules, cues and second hearing as `npm run build` compiled them. */
export const ownTriage = (): Triage =>
  createTriage(compiled.triage, createSpeller(compiled.spelling).known, {
    ...loadSecondHearing(compiled.second),
    lines: LINES,
  });

/** The same without the second hearing, for what rules alone do. */
export const ownRules = (): Triage => createTriage(compiled.triage, createSpeller(compiled.spelling).known);

/** A YAML file of the corpus. */
export const corpusYaml = (file: string): unknown => parse(readFileSync(`corpus/${file}`, 'utf8'));
