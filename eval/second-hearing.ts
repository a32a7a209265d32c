// Alarms and false alarms of rules, second hearing and their union on phrases held back from its training:
// `npx tsx eval/second-hearing.ts` after a build; it writes eval/second-hearing.md. Takes about two minutes.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { ownCompiled } from '../src/compiled-file.ts';
import { type DangerPhrase, loadSecondHearing, trainSecondHearing } from '../src/core/second-hearing.ts';
import { createSpeller } from '../src/core/spelling.ts';
import { createTriage } from '../src/core/triage.ts';
import { isAtLeast, mostUrgent, rankOf, type Urgency } from '../src/core/urgency.ts';
import { raisedBy } from '../src/core/weigh.ts';
import { LINES } from '../src/think.ts';
import { wilson } from './statistics.ts';

/** As in src/compile.ts. */
const ORDINARY = 0.35;

interface Case extends DangerPhrase {
  readonly flag: string;
  readonly level: Urgency;
}

const compiled = ownCompiled();
const isWord = createSpeller(compiled.spelling).known;
const groupOf = new Map<string, string>(
  compiled.triage.flags.map((f: { id: string; group: string }) => [f.id, f.group]),
);
const files = (folder: string) =>
  readdirSync(`corpus/intents/${folder}`).map((f) => parse(readFileSync(`corpus/intents/${folder}/${f}`, 'utf8')));
const textOf = (p: string | { readonly text: string }): string => (typeof p === 'string' ? p : p.text);

const danger: readonly Case[] = files('danger').flatMap((f) =>
  Object.entries(f.phrases as Record<Urgency, string[]>).flatMap(([level, texts]) =>
    texts.map((text) => ({
      text,
      flag: f.flag,
      level: level as Urgency,
      label: `${level}/${groupOf.get(f.flag)}`,
      weight: level === 'crisis' ? 1.5 : 1,
    })),
  ),
);
const harmless: readonly Case[] = files('harmless').flatMap((f) =>
  f.phrases.map((text: string) => ({ text, flag: f.trap, level: 'none' as const, label: 'none', weight: 1 })),
);
const ordinary: readonly Case[] = [...files('topics'), ...files('not-covered')].flatMap((f) =>
  f.phrases.map((p: string) => ({
    text: textOf(p),
    flag: 'ordinary',
    level: 'none' as const,
    label: 'none',
    weight: ORDINARY,
  })),
);
const all = [...danger, ...harmless, ...ordinary];
const numberOf = (text: string): number => [...text].reduce((h, c) => (h * 31 + c.charCodeAt(0)) >>> 0, 7);

const reader = createTriage(compiled.triage, isWord);
const top = (levels: readonly Urgency[]): Urgency => mostUrgent(levels);

/** A share in percent with its Wilson interval. */
const percentOf = (hits: number, n: number): string => {
  const { share, low, high } = wilson(hits, n);
  return n === 0 ? '-' : `${(100 * share).toFixed(1)} [${(100 * low).toFixed(0)}, ${(100 * high).toFixed(0)}]`;
};

interface Row {
  readonly name: string;
  readonly heard: Map<Case, Urgency>;
}
const rows = (by: (c: Case) => number, folds: number): readonly Row[] => {
  const rules = new Map<Case, Urgency>();
  const second = new Map<Case, Urgency>();
  const union = new Map<Case, Urgency>();
  for (let fold = 0; fold < folds; fold++) {
    const held = all.filter((c) => by(c) % folds === fold);
    const model = trainSecondHearing(
      all.filter((c) => by(c) % folds !== fold),
      [],
      reader.read,
    );
    const loaded = loadSecondHearing(model);
    const both = createTriage(compiled.triage, isWord, { ...loaded, lines: LINES });
    for (const c of held) {
      rules.set(c, top(reader.hear(c.text).findings.map((f) => f.level)));
      const opinion = loaded.opinionOn(reader.read(c.text));
      second.set(c, raisedBy(opinion, LINES.raises, LINES.crisis, 'none') ?? 'none');
      const signs = both.hear(c.text).findings.map((f) => ({ ...f, turn: 1 }));
      union.set(c, both.judge(signs, both.hear(c.text).facts).urgency);
    }
  }
  return [
    { name: 'rules alone', heard: rules },
    { name: 'second hearing alone', heard: second },
    { name: 'union, as shipped', heard: union },
  ];
};

const table = (list: readonly Row[]): string => {
  const lines = [
    '| | emergency: right level, any alarm | urgent: right level | crisis | harmless left below urgent | ordinary left below urgent |',
    '|---|---|---|---|---|---|',
  ];
  const share = (heard: Map<Case, Urgency>, of: (c: Case) => boolean, ok: (u: Urgency, c: Case) => boolean): string => {
    const cases = [...heard].filter(([c]) => of(c));
    return percentOf(cases.filter(([c, u]) => ok(u, c)).length, cases.length);
  };
  const right = (u: Urgency, c: Case) => (c.level === 'crisis' ? u === 'crisis' : rankOf(u) >= rankOf(c.level));
  const quiet = (u: Urgency) => !isAtLeast(u, 'urgent');
  for (const { name, heard } of list)
    lines.push(
      `| ${name} | ${share(heard, (c) => c.level === 'emergency', right)}; ${share(
        heard,
        (c) => c.level === 'emergency',
        (u) => !quiet(u),
      )} | ${share(heard, (c) => c.level === 'urgent', right)} | ${share(heard, (c) => c.level === 'crisis', right)} | ${share(
        heard,
        (c) => c.level === 'none' && c.flag !== 'ordinary',
        quiet,
      )} | ${share(heard, (c) => c.flag === 'ordinary', quiet)} |`,
    );
  return lines.join('\n');
};

const flags = [...new Set(danger.map((c) => c.flag))].sort();
const plain = rows((c) => numberOf(c.text), 5);
const sterner = rows((c) => (c.level === 'none' ? numberOf(c.text) : flags.indexOf(c.flag)), 6);
writeFileSync(
  'eval/second-hearing.md',
  `# Rules, second hearing and their union

Percent with 95 % Wilson intervals, on the phrases of corpus/intents (${danger.length} danger, ${harmless.length} harmless, ${ordinary.length} ordinary) held back
from the training of the second hearing, at the lines that are shipped: it raises by itself from ${LINES.raises}, a crisis from ${LINES.crisis},
asks from ${LINES.asks}, and speaks against a rule below ${LINES.vetoes.trusted} (one that is nearly always right in the phrases) or ${LINES.vetoes.usual} (one that mostly is).
The phrases are harder than messages: most are indirect on purpose. The rules were made with some of these phrases in view, so their row
flatters; the second hearing's does not. Written by eval/second-hearing.ts.

## Phrases held back at random, five folds

${table(plain)}

## Whole flags held back, six folds

Every phrase of a flag is unknown to the second hearing: what is left is what it learned from other flags.

${table(sterner)}
`,
);
