// Measures the bot on sets of cases and draws a report. `npm run eval -- --help` tells how.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readCorpusFolder } from '../src/adapters/corpus-files.ts';
import { readBrain } from '../src/brain-file.ts';
import { ownCompiled } from '../src/compiled-file.ts';
import { isFrozen, readSets, SETS, type SetName } from './cases.ts';
import { latencyOf } from './latency.ts';
import { learningPoint } from './learning.ts';
import { measure } from './measure.ts';
import { type Measure, measuresOf, readFloors, reliabilityOf } from './measures.ts';
import { createProgress } from './progress.ts';
import { reportOf } from './report.ts';
import { groupBy, type Share } from './statistics.ts';
import { shipped, variantsOf } from './variants.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const HELP = `npm run eval -- [SET...] [options]
SET: any of ${SETS.join(' ')}; all when none is named.
  --cases DIR   another folder of sets in the same format (default: eval/sets)
  --show N      print N misses of each set (never of parts c and d, which are frozen)
  --quick       sets only: no ablations, no learning curve, no report
  --no-floors   exit 0 even under the floors of eval/floors.yaml`;

/** Shares of the phrases that the learning curve trains on. */
const SHARES = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1];

const percent = (s: Share): string =>
  s.n === 0 ? '-' : `${(100 * s.share).toFixed(1)} [${(100 * s.low).toFixed(1)}, ${(100 * s.high).toFixed(1)}]`;
const plain = (s: Share): string => (s.n === 0 ? '-' : (100 * s.share).toFixed(1));

/** The measures as a table for a terminal. */
const tableOf = (measures: readonly Measure[]): string => {
  const rows = [
    ['measure', 'cases', '% [95 % Wilson]', 'open', 'frozen', 'floor', 'reach', ''],
    ...measures.map((m) => [
      m.name,
      `${m.all.hits}/${m.all.n}`,
      percent(m.all),
      plain(m.open),
      plain(m.frozen),
      String(m.floor),
      String(m.reach),
      m.holds ? '' : 'UNDER THE FLOOR',
    ]),
  ];
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((r) => r[i]!.length)));
  return rows
    .map((r) =>
      r
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      cases: { type: 'string', default: here('sets') },
      show: { type: 'string', default: '0' },
      quick: { type: 'boolean', default: false },
      'no-floors': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const strange = positionals.find((p) => !(SETS as readonly string[]).includes(p));
  if (values.help || strange !== undefined) {
    console.log(strange === undefined ? HELP : `there is no set "${strange}"\n${HELP}`);
    process.exitCode = strange === undefined ? 0 : 1;
    return;
  }
  const sets = readSets(values.cases, positionals.length ? (positionals as SetName[]) : SETS);
  const floors = readFloors(here('floors.yaml'));
  // Compiles anew when the corpus has changed since the build, so that the figures are those of what lies here.
  await readBrain({ CORPUS_DIR: undefined, REGION: 'GB' }, { hours: 24, place: 'in memory' });
  const compiled = ownCompiled();
  const brain = shipped(compiled);
  const progress = createProgress(process.stderr);
  const outcomes = measure(brain, sets, progress.of('cases'));
  progress.end();
  const measures = measuresOf(outcomes, floors);
  const reliability = reliabilityOf(outcomes);

  const show = Number(values.show);
  for (const set of SETS) {
    if (show > 0 && sets[set])
      console.log(
        `${set}: ${[
          ...groupBy(
            outcomes.filter((o) => o.set === set),
            (o) => o.stratum,
          ),
        ]
          .map(([stratum, list]) => `${stratum} ${list.filter((o) => o.ok).length}/${list.length}`)
          .join(', ')}`,
      );
    const misses = outcomes.filter((o) => o.set === set && !o.ok && !isFrozen(o.part));
    for (const o of misses.slice(0, show))
      console.log(`miss ${o.id} (${o.stratum}) wanted ${o.wanted}, saw ${o.seen}\n     ${o.said.join(' // ')}`);
  }
  console.log(tableOf(measures));
  const isCalibrated = !(reliability.all.ece > floors.ece.floor);
  console.log(
    `${floors.ece.name}: all replies ${reliability.all.ece.toFixed(3)}, answers ${reliability.answers.ece.toFixed(3)} (at most ${floors.ece.floor}, reach ${floors.ece.reach})${isCalibrated ? '' : ' ABOVE THE LIMIT'}`,
  );
  if (!values.quick) {
    const variants = variantsOf(compiled).map((variant, i, all) => {
      progress.of('ablations')(i, all.length);
      return { name: variant.name, outcomes: measure(variant.brain(compiled), sets) };
    });
    const files = readCorpusFolder(here('../corpus'));
    const learning = SHARES.map((share, i) => {
      progress.of('learning curve')(i, SHARES.length);
      return learningPoint(files, share, sets, compiled);
    });
    progress.say('drawing');
    const latency = latencyOf(
      brain,
      outcomes.flatMap((o) => o.said),
    );
    const report = await reportOf({
      title: 'How good the bot is',
      made: [
        new Date().toISOString().slice(0, 16).replace('T', ' '),
        `${outcomes.length} cases of ${relative(process.cwd(), values.cases) || '.'}`,
        `Node ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores`,
        `corpus ${compiled.digest.slice(0, 12)}`,
      ],
      outcomes,
      measures,
      variants,
      latency,
      learning,
    });
    mkdirSync(here('report'), { recursive: true });
    writeFileSync(here('report/index.html'), report);
    progress.end();
    console.log(`report: ${relative(process.cwd(), here('report/index.html'))}`);
  }
  if (!values['no-floors'] && !(isCalibrated && measures.every((m) => m.holds))) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
