// Takes one thing at a time out of the triage rules, or changes it, and looks whether a sentence of the corpus notices: `npm run mutate`.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readFloors } from './measures.ts';
import { noticedBy, ofCues, ofLevels, ofPatterns, ofRules, passing } from './mutants.ts';
import { createProgress } from './progress.ts';
import { proofs } from './proofs.ts';

const HELP = `npm run mutate -- [options]
  --only KIND   one kind of change, by how its name begins: "reach", "pattern dropped"
  --flag ID     changes to the patterns of this flag; may be given again
  --show N      print N of each kind that nothing notices (default: 20)
Without --only and --flag it ends with exit code 1 under the floor of eval/floors.yaml.`;

const { values } = parseArgs({
  options: {
    show: { type: 'string', default: '20' },
    only: { type: 'string' },
    flag: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit();
}
/** With `--only` or `--flag` a part is looked at while one works: no floor is held against it. */
const isPart = values.only !== undefined || values.flag.length > 0;
console.log(`${proofs.length} sentences prove the danger signs; rules alone pass ${passing.length} of them`);
const mutants = [
  ...(values.flag.length ? [] : [...ofRules(), ...ofLevels(), ...ofCues()]),
  ...ofPatterns(values.flag),
].filter((m) => !values.only || m.kind.startsWith(values.only));
const progress = createProgress(process.stderr);
const kinds = new Map<string, { noticed: number; of: number; idle: string[]; survivors: string[] }>();
mutants.forEach((m, n) => {
  progress.of('mutants')(n, mutants.length);
  const row = kinds.get(m.kind) ?? { noticed: 0, of: 0, idle: [], survivors: [] };
  kinds.set(m.kind, row);
  row.of++;
  if (!m.asked.length) row.idle.push(m.name);
  else if (noticedBy(m).length) row.noticed++;
  else row.survivors.push(m.name);
});
progress.end();
const share = (part: number, of: number): string => `${part} of ${of} noticed (${((100 * part) / of).toFixed(1)} %)`;
let noticed = 0;
for (const [kind, row] of kinds) {
  noticed += row.noticed;
  console.log(`${kind.padEnd(22)} ${share(row.noticed, row.of)}; ${row.idle.length} alter the hearing of no sentence`);
  for (const name of row.survivors.slice(0, Number(values.show))) console.log(`    survives: ${name}`);
  for (const name of row.idle.slice(0, Number(values.show))) console.log(`    no sentence: ${name}`);
}
console.log(`all: ${share(noticed, mutants.length)}`);
if (!isPart) {
  const { floor } = readFloors(fileURLToPath(new URL('floors.yaml', import.meta.url))).mutants;
  if ((100 * noticed) / mutants.length < floor) {
    console.log(
      `under the floor of ${floor} % (eval/floors.yaml): prove in corpus/red-flags/ what is listed above, or take it out`,
    );
    process.exitCode = 1;
  }
}
