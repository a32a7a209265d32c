// Takes one thing out of the triage rules at a time and looks whether an example of the corpus notices: `npm run mutate`.
// Rules alone are asked, so that the second hearing does not cover for a rule that nothing else proves.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readCorpusFolder } from '../src/adapters/corpus-files.ts';
import { readRedFlags } from '../src/adapters/red-flags-files.ts';
import { ownCompiled } from '../src/compiled-file.ts';
import { remember } from '../src/core/alarm.ts';
import type { Cues } from '../src/core/context.ts';
import { type FlagExample, messagesOf } from '../src/core/red-flags.ts';
import { freshSession, type Session } from '../src/core/session.ts';
import { createSpeller } from '../src/core/spelling.ts';
import { createTriage } from '../src/core/triage.ts';
import type { TriageData } from '../src/core/triage-data.ts';
import { rankOf, type Urgency } from '../src/core/urgency.ts';
import { createProgress } from './progress.ts';

/** A sentence of the corpus and the levels between which the reply to it must lie. */
interface Proof {
  readonly flag: string;
  readonly messages: readonly string[];
  readonly least: Urgency;
  readonly most: Urgency;
}

/** A change to the rules, and whether only the sentences of one flag can notice it. */
interface Mutant {
  readonly kind: string;
  readonly name: string;
  readonly data: TriageData;
  /** Numbers of the proofs to ask; absent = all. */
  readonly proofs?: readonly number[];
}

const { values } = parseArgs({
  options: { show: { type: 'string', default: '20' }, floor: { type: 'string', default: '0' } },
});
const compiled = ownCompiled();
const base = compiled.triage;
const isWord = createSpeller(compiled.spelling).known;
const files = readCorpusFolder(fileURLToPath(new URL('../corpus', import.meta.url)));
const flags = readRedFlags(files, compiled.corpus.sources, []);
const levelOf = (flag: string): Urgency => base.flags.find((f) => f.id === flag)?.level ?? 'none';
const stated = (example: FlagExample): Urgency | undefined => (typeof example === 'string' ? undefined : example.level);

const proofs: readonly Proof[] = [...(flags?.examples ?? [])].flatMap(([flag, { fires, quiet }]) => [
  ...fires.map((e) => ({ flag, messages: messagesOf(e), least: stated(e) ?? levelOf(flag), most: 'crisis' as const })),
  ...quiet.map((e) => ({
    flag,
    messages: messagesOf(e),
    least: 'none' as const,
    most: stated(e) ?? (levelOf(flag) === 'routine' ? ('none' as const) : ('routine' as const)),
  })),
]);

/** What a triage of these rules makes of a proof: the level, and which patterns heard it. */
const ask = (triage: ReturnType<typeof createTriage>, proof: Proof) => {
  let session: Session = freshSession;
  const heardBy = new Set<string>();
  for (const text of proof.messages) {
    const heard = triage.hear(text);
    for (const f of heard.findings) heardBy.add(f.evidence.heardBy);
    session = remember({ ...session, turn: session.turn + 1 }, heard);
  }
  const { urgency } = triage.judge(session.signs, session.facts);
  return { ok: rankOf(urgency) >= rankOf(proof.least) && rankOf(urgency) <= rankOf(proof.most), heardBy };
};
const triageOf = (data: TriageData) => createTriage(data, isWord);

const whole = triageOf(base);
const first = proofs.map((p) => ask(whole, p));
const passing = first.flatMap((f, i) => (f.ok ? [i] : []));
console.log(`${proofs.length} sentences prove the danger signs; rules alone pass ${passing.length} of them`);

const of = (flag: string): readonly number[] => passing.filter((i) => proofs[i]?.flag === flag);
const rulesWith = (flag: string, hears: readonly string[]): TriageData => {
  const { [flag]: rule, ...rest } = base.rules;
  return { ...base, rules: hears.length && rule ? { ...rest, [flag]: { ...rule, hears: [...hears] } } : rest };
};

const mutants: Mutant[] = [];
for (const [flag, rule] of Object.entries(base.rules)) {
  mutants.push({
    kind: 'rule dropped',
    name: flag,
    data: rulesWith(flag, []),
    proofs: passing.filter((i) => [...(first[i]?.heardBy ?? [])].some((h) => h.startsWith(`rule:${flag}#`))),
  });
  rule.hears.forEach((short, n) => {
    const others = rule.hears.filter((_, i) => i !== n);
    const id = `rule:${flag}#${n + 1}`;
    mutants.push({
      kind: 'pattern dropped',
      name: `${flag}: ${short}`,
      data: rulesWith(flag, others),
      proofs: passing.filter((i) => first[i]?.heardBy.has(id)),
    });
    const plain = short.replace(/ ?@(sent|msg|\d+) ?/g, ' ').trim();
    const swap = (kind: string, changed: string): void => {
      if (changed !== short)
        mutants.push({
          kind,
          name: `${flag}: ${short} -> ${changed}`,
          data: rulesWith(flag, rule.hears.with(n, changed)),
          proofs: of(flag),
        });
    };
    if (plain.split(' ').filter((x) => /^[A-Z]/.test(x)).length > 1) {
      swap('reach narrowed', `@1 ${plain}`);
      swap('reach widened', `@msg ${plain}`);
    }
    if (/!\w/.test(short)) swap('exception dropped', short.replace(/ ?!\w+/g, '').trim());
  });
}
for (const flag of base.flags)
  flag.levels?.forEach((line, n) => {
    const levels = (flag.levels ?? []).filter((_, i) => i !== n);
    mutants.push({
      kind: 'circumstance dropped',
      name: `${flag.id}: ${[line.when].flat().join(' and ')} -> ${line.level}`,
      data: { ...base, flags: base.flags.map((f) => (f.id === flag.id ? { ...f, levels } : f)) },
    });
  });
for (const c of base.combinations)
  mutants.push({
    kind: 'combination dropped',
    name: c.id,
    data: { ...base, combinations: base.combinations.filter((x) => x !== c) },
  });
const cueLists = (value: unknown, path: readonly string[]): { path: readonly string[]; list: readonly string[] }[] =>
  Array.isArray(value)
    ? [{ path, list: value as string[] }]
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([k, v]) => cueLists(v, [...path, k]))
      : [];
const withCues = (path: readonly string[], list: readonly string[] | number): TriageData => {
  const put = (value: unknown, rest: readonly string[]): unknown =>
    rest.length === 0
      ? list
      : { ...(value as object), [rest[0]!]: put((value as Record<string, unknown>)[rest[0]!], rest.slice(1)) };
  return { ...base, cues: put(base.cues, path) as Cues };
};
for (const { path } of cueLists(base.cues, []))
  mutants.push({ kind: 'cue dropped', name: path.join('.'), data: withCues(path, []) });
for (const words of [0, 20])
  mutants.push({ kind: 'reach of denials', name: `${words} words`, data: withCues(['negation', 'words'], words) });

const progress = createProgress(process.stderr);
const kinds = new Map<string, { noticed: number; of: number; idle: number; survivors: string[] }>();
mutants.forEach((m, n) => {
  progress.of('mutants')(n, mutants.length);
  const row = kinds.get(m.kind) ?? { noticed: 0, of: 0, idle: 0, survivors: [] };
  kinds.set(m.kind, row);
  const asked = m.proofs ?? passing;
  row.of++;
  const triage = asked.length ? triageOf(m.data) : undefined;
  if (triage && asked.some((i) => !ask(triage, proofs[i]!).ok)) row.noticed++;
  else row.survivors.push(m.name);
  if (!asked.length) row.idle++;
});
progress.end();
let noticed = 0;
for (const [kind, row] of kinds) {
  noticed += row.noticed;
  console.log(
    `${kind.padEnd(22)} ${String(row.noticed).padStart(4)} of ${row.of} noticed (${((100 * row.noticed) / row.of).toFixed(1)} %)${row.idle ? `; ${row.idle} are the best hearing of no sentence` : ''}`,
  );
  for (const name of row.survivors.slice(0, Number(values.show))) console.log(`    survives: ${name}`);
}
const share = (100 * noticed) / mutants.length;
console.log(`all: ${noticed} of ${mutants.length} mutants noticed (${share.toFixed(1)} %)`);
if (share < Number(values.floor)) process.exitCode = 1;
