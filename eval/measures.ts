import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { isAtLeast } from '../src/core/urgency.ts';
import { isFrozen, isReal } from './cases.ts';
import type { Outcome } from './measure.ts';
import { calibration, type Share, wilson } from './statistics.ts';

const Limit = z.strictObject({ name: z.string(), floor: z.number(), reach: z.number() });
const Floors = z.strictObject({ measures: z.record(z.string(), Limit), ece: Limit, mutants: Limit });

/** Reads the file that states the floors. Throws when it is not of the known form. */
export const readFloors = (file: string): z.output<typeof Floors> => Floors.parse(parse(readFileSync(file, 'utf8')));

/** One line of the table: a share of cases, all and by part, and its limits in percent. */
export interface Measure {
  readonly id: string;
  readonly name: string;
  readonly all: Share;
  /** Of the cases that anybody may look at. */
  readonly open: Share;
  /** Of those whose words nobody of the project has read. */
  readonly frozen: Share;
  readonly floor: number;
  readonly reach: number;
  /** Whether the share of all is at least the floor. */
  readonly holds: boolean;
}

const inSet = (set: Outcome['set'], stratum?: string) => (o: Outcome) =>
  o.set === set && (!stratum || o.stratum === stratum);

/** Which cases a measure counts, and what is a hit. */
const COUNTED: Readonly<Record<string, { of: (o: Outcome) => boolean; ok?: (o: Outcome) => boolean }>> = {
  ask: { of: inSet('ask') },
  'ask-answered': { of: inSet('ask'), ok: (o) => o.ok && o.replies.at(-1)?.kind === 'answer' },
  oos: { of: inSet('oos') },
  'oos-near': { of: inSet('oos', 'near') },
  'oos-far': { of: inSet('oos', 'far') },
  smalltalk: { of: inSet('smalltalk') },
  'redflags-emergency': { of: inSet('redflags', 'emergency') },
  'redflags-urgent': { of: inSet('redflags', 'urgent') },
  'redflags-crisis': { of: inSet('redflags', 'crisis') },
  'redflags-any': { of: inSet('redflags'), ok: (o) => isAtLeast(o.replies.at(-1)?.urgency ?? 'none', 'urgent') },
  benign: { of: inSet('benign') },
  dialogues: { of: (o) => o.set === 'dialogues' && !isReal(o.part) },
  'dialogues-real': { of: (o) => o.set === 'dialogues' && isReal(o.part) },
  interviews: { of: inSet('interviews') },
  'interviews-first': { of: inSet('interviews'), ok: (o) => o.stratum === 'first' },
};

/** The share of a measure over some outcomes; with no case of its kind, `n` is 0. */
export function shareFor(id: string, outcomes: readonly Outcome[]): Share {
  if (id === 'dialogue-turns') {
    const turns = outcomes.flatMap((o) => o.turns ?? []);
    return wilson(
      turns.reduce((s, t) => s + t.ok, 0),
      turns.reduce((s, t) => s + t.n, 0),
    );
  }
  const counted = COUNTED[id];
  if (!counted) throw new Error(`floors.yaml names the measure "${id}", which is not known`);
  const cases = outcomes.filter(counted.of);
  return wilson(cases.filter((o) => (counted.ok ? counted.ok(o) : o.ok)).length, cases.length);
}

/** All measures that the outcomes hold cases for. */
export const measuresOf = (outcomes: readonly Outcome[], floors: z.output<typeof Floors>): readonly Measure[] =>
  Object.entries(floors.measures).flatMap(([id, limit]) => {
    const all = shareFor(id, outcomes);
    if (all.n === 0) return [];
    const of = (frozen: boolean) =>
      shareFor(
        id,
        outcomes.filter((o) => isFrozen(o.part) === frozen),
      );
    return [{ id, ...limit, all, open: of(false), frozen: of(true), holds: 100 * all.share >= limit.floor }];
  });

/** What `confidence` promised and what came true: of all replies to single questions, and of answers alone. */
export function reliabilityOf(outcomes: readonly Outcome[]) {
  const rows = outcomes
    .filter((o) => o.set === 'ask' || o.set === 'oos' || o.set === 'smalltalk')
    .map((o) => ({ confidence: o.replies.at(-1)?.confidence ?? 0, ok: o.ok, kind: o.replies.at(-1)?.kind }));
  return { all: calibration(rows), answers: calibration(rows.filter((r) => r.kind === 'answer')) };
}
