// Takes one thing at a time out of the triage rules, or changes it, and looks whether a sentence of the corpus notices: `npm run mutate`.
import { parseArgs } from 'node:util';
import { noticedBy, ofCues, ofLevels, ofPatterns, ofRules, passing } from './mutants.ts';
import { createProgress } from './progress.ts';
import { proofs } from './proofs.ts';

const { values } = parseArgs({
  options: {
    show: { type: 'string', default: '20' },
    floor: { type: 'string', default: '0' },
    only: { type: 'string' },
  },
});
console.log(`${proofs.length} sentences prove the danger signs; rules alone pass ${passing.length} of them`);
const mutants = [...ofRules(), ...ofLevels(), ...ofCues(), ...ofPatterns()].filter(
  (m) => !values.only || m.kind.startsWith(values.only),
);
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
if ((100 * noticed) / mutants.length < Number(values.floor)) process.exitCode = 1;
