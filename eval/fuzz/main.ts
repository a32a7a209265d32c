// Throws everything at the bot that fast-check can think of. `npm run fuzz -- --help` tells how.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { readCorpusFolder } from '../../src/adapters/corpus-files.ts';
import { readUnderstanding } from '../../src/adapters/intents-folder.ts';
import { readRedFlags } from '../../src/adapters/red-flags-files.ts';
import { ownCompiled } from '../../src/compiled-file.ts';
import { messagesOf } from '../../src/core/red-flags.ts';
import { createProgress } from '../progress.ts';
import { shipped } from '../variants.ts';
import { propertiesOf, steadinessOf } from './properties.ts';

/** The least share of alarms that must outlive a harmless sentence before them. */
const STEADY = 0.96;

const HELP = `npm run fuzz -- [options]
  --cases N     how many cases in all (default 20,000: a slice for CI; 1,000,000 for a long run)
  --seed N      begin at this seed; each property and slice has its own seed, which is printed (default: the time)
  --slices N    cut the cases into N slices with seeds one after another, so that a run can be cut short and taken up (default 1)
  --only TEXT   only the properties whose name holds this`;

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    slices: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit();
}

const folder = fileURLToPath(new URL('../../corpus', import.meta.url));
const compiled = ownCompiled();
const files = readCorpusFolder(folder);
const flags = readRedFlags(files, compiled.corpus.sources, []);
const fires = [...(flags?.examples.values() ?? [])].flatMap((e) => e.fires.map(messagesOf));
const phrases =
  readUnderstanding(files, [])?.topics.flatMap((t) => t.phrases.map((p) => (typeof p === 'string' ? p : p.text))) ?? [];
const dangers = fires.filter((m) => m.length === 1).flat();
const brain = shipped(compiled);
const properties = propertiesOf(
  compiled,
  shipped(compiled),
  folder,
  [...phrases.filter((_, i) => i % 7 === 0), ...fires.flat()],
  dangers,
);

const progress = createProgress(process.stderr);
const cases = Number(values.cases);
const slices = Number(values.slices);
const first = Number(values.seed);
let failed = 0;
let run = 0;
for (let slice = 0; slice < slices; slice++) {
  const seed = first + slice;
  for (const [i, { name, share, check }] of properties.entries()) {
    if (!name.includes(values.only)) continue;
    progress.say(`slice ${slice + 1} of ${slices}, seed ${seed}: property ${i + 1} of ${properties.length}`);
    const numRuns = Math.max(1, Math.round((cases * share) / slices));
    const start = performance.now();
    const result = fc.check(check, { seed, numRuns, verbose: 0 });
    run += result.numRuns;
    progress.end();
    console.log(
      `${result.failed ? 'FAILED' : 'held  '} ${String(result.numRuns).padStart(7)} cases, seed ${seed}, ${((performance.now() - start) / 1000).toFixed(0)} s: ${name}`,
    );
    if (result.failed) {
      failed++;
      const { errorInstance } = result;
      console.log(errorInstance instanceof Error ? errorInstance.message : errorInstance);
      console.log(fc.defaultReportMessage(result));
    }
  }
}
// Rules and lines of a trained hearing cannot promise this of every sentence, so it is counted and held to a floor.
if ('steadiness'.includes(values.only)) {
  progress.say('steadiness');
  const { held, of, lost } = steadinessOf(brain, dangers);
  progress.end();
  const isUnder = held / of < STEADY;
  if (isUnder) failed++;
  run += of;
  console.log(
    `${isUnder ? 'FAILED' : 'held  '} ${String(of).padStart(7)} cases: steadiness: an emergency of the corpus is an alarm after a harmless sentence too: ${((100 * held) / of).toFixed(2)} % (floor ${100 * STEADY} %)`,
  );
  for (const text of lost.slice(0, 5)) console.log(`        lost: ${text}`);
}
console.log(
  `${run.toLocaleString('en')} cases, seeds ${first} to ${first + slices - 1}: ${failed ? `${failed} properties failed` : 'all properties held'}`,
);
process.exit(failed ? 1 : 0);
