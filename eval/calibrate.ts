// Fits the weights of the in-scope probability on held-back folds of the phrases, and prints what bands give on development
// messages. Usage: tsx eval/calibrate.ts CASES_FOLDER [--write]. Cases are measured only; nothing is trained on them.
import { readFileSync, writeFileSync } from 'node:fs';
import { readCorpusFolder } from '../src/adapters/corpus-files.ts';
import { englishWords, readUnderstanding } from '../src/adapters/intents-folder.ts';
import { createReader } from '../src/core/features.ts';
import { joinJudges, loadJudges, OUT } from '../src/core/intent.ts';
import { createBodyGate } from '../src/core/scope.ts';
import { seeded, trainSoftmax } from '../src/core/softmax.ts';
import { createSpeller } from '../src/core/spelling.ts';
import { labelledPhrases, trainSpelling, trainTopicJudges, trainUnderstanding } from '../src/core/train.ts';
import { probabilityOf, scopeSigns } from '../src/core/understanding.ts';

const FOLDS = 4;
const [casesFolder = '', ...flags] = process.argv.slice(2);
const faults: never[] = [];
const source = readUnderstanding(readCorpusFolder('corpus'), faults);
if (!source) throw new Error(JSON.stringify(faults));
const phrases = labelledPhrases(source);
const spelling = trainSpelling(
  phrases.map((p) => p.text),
  englishWords(),
  source.synonyms.words,
);
const read = createReader(createSpeller(spelling), source.synonyms);
const bodyOf = createBodyGate(source.bodyParts);
const readings = phrases.map((p) => read(p.text));
const random = seeded(11);
const fold = phrases.map((p) => (p.made ? -1 : Math.floor(random() * FOLDS)));

interface Seen {
  readonly signs: Record<string, number>;
  readonly inside: boolean;
  readonly weight: number;
  readonly right: boolean;
  readonly top: number;
}
const seen: Seen[] = [];
/** Stands in for the judge of small talk, which is not asked here. */
const silence = trainSoftmax([{ features: ['x'], label: 'none', weight: 1 }], { l2: 1, epochs: 1, seed: 1 });
for (let k = 0; k < FOLDS; k++) {
  const kept = phrases.map((_, i) => i).filter((i) => fold[i] !== k);
  const judges = loadJudges(
    joinJudges({
      ...trainTopicJudges(
        kept.map((i) => phrases[i]!),
        kept.map((i) => readings[i]!),
      ),
      smalltalk: silence,
    }),
  );
  phrases.forEach((p, i) => {
    if (fold[i] !== k) return;
    const opinion = judges.opinion(readings[i]!);
    const first = opinion.topics[0];
    seen.push({
      signs: scopeSigns(readings[i]!, opinion, bodyOf(readings[i]!)),
      inside: p.topic !== OUT,
      weight: p.topic !== OUT ? 1 : p.near ? 2.5 : 1,
      right: first !== undefined && (first.topic === p.topic || p.also.includes(first.topic)),
      top: first?.score ?? 0,
    });
  });
}

/** Newton steps would need a matrix; a few thousand plain gradient steps on thirteen weights are quick enough. */
const fitWeights = (rows: readonly Seen[], l2: number): Record<string, number> => {
  const names = Object.keys(rows[0]!.signs);
  const mean = names.map((n) => (n === 'bias' ? 0 : rows.reduce((s, r) => s + r.signs[n]!, 0) / rows.length));
  const spread = names.map((n, j) =>
    n === 'bias' ? 1 : Math.sqrt(rows.reduce((s, r) => s + (r.signs[n]! - mean[j]!) ** 2, 0) / rows.length) || 1,
  );
  const x = rows.map((r) => names.map((n, j) => (r.signs[n]! - mean[j]!) / spread[j]!));
  const w = names.map(() => 0);
  const total = rows.reduce((s, r) => s + r.weight, 0);
  for (let step = 0; step < 1500; step++) {
    const g = names.map((n, j) => (n === 'bias' ? 0 : l2 * w[j]!));
    x.forEach((v, i) => {
      let z = 0;
      for (let j = 0; j < v.length; j++) z += v[j]! * w[j]!;
      const e = ((1 / (1 + Math.exp(-z)) - (rows[i]!.inside ? 1 : 0)) * rows[i]!.weight) / total;
      for (let j = 0; j < v.length; j++) g[j]! += e * v[j]!;
    });
    for (let j = 0; j < w.length; j++) w[j]! -= 1.5 * g[j]!;
  }
  const plain = Object.fromEntries(names.map((n, j) => [n, w[j]! / spread[j]!]));
  plain.bias =
    w[names.indexOf('bias')]! - names.reduce((s, n, j) => s + (n === 'bias' ? 0 : (w[j]! / spread[j]!) * mean[j]!), 0);
  return Object.fromEntries(Object.entries(plain).map(([n, v]) => [n, Math.round(v * 1000) / 1000]));
};
const scope = fitWeights(seen, 1e-3);
console.log('weights', scope);

/** Expected calibration error over ten bins, and the area under the curve, of in-scope probabilities. */
const report = (name: string, rows: readonly { p: number; inside: boolean }[]) => {
  let ece = 0;
  for (let b = 0; b < 10; b++) {
    const bin = rows.filter((r) => Math.min(9, Math.floor(r.p * 10)) === b);
    const p = bin.reduce((s, r) => s + r.p, 0);
    ece += Math.abs(p - bin.filter((r) => r.inside).length) / rows.length;
  }
  const ins = rows.filter((r) => r.inside);
  const outs = rows.filter((r) => !r.inside);
  const area = ins.reduce((s, a) => s + outs.reduce((t, b) => t + (a.p > b.p ? 1 : a.p === b.p ? 0.5 : 0), 0), 0);
  console.log(name, 'ECE', ece.toFixed(3), 'AUROC', ((100 * area) / ins.length / outs.length).toFixed(1));
};
report(
  'folds',
  seen.map((r) => ({ p: probabilityOf(r.signs, scope), inside: r.inside })),
);
console.log(
  'folds first topic',
  ((100 * seen.filter((r) => r.inside && r.right).length) / seen.filter((r) => r.inside).length).toFixed(1),
);

const judges = loadJudges(trainUnderstanding({ ...source, passages: [] }, spelling).intents);
const cases = (name: string): { text: string; gold?: string[] }[] =>
  readFileSync(`${casesFolder}/${name}.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const judge = (text: string) => {
  const reading = read(text);
  const opinion = judges.opinion(reading);
  return {
    p: probabilityOf(scopeSigns(reading, opinion, bodyOf(reading)), scope),
    first: opinion.topics[0],
    body: bodyOf(reading),
  };
};
const ask = cases('ask').map((c) => ({ ...judge(c.text), gold: c.gold ?? [], text: c.text }));
const oos = cases('oos').map((c) => ({ ...judge(c.text), text: c.text }));
report('messages', [...ask.map((r) => ({ p: r.p, inside: true })), ...oos.map((r) => ({ p: r.p, inside: false }))]);
console.log(
  'messages first topic',
  ((100 * ask.filter((r) => r.gold.includes(r.first?.topic ?? '')).length) / ask.length).toFixed(1),
);
for (let edge = 0.05; edge < 0.96; edge += 0.05) {
  const open = (r: { p: number; body: string | undefined }) => r.p >= edge && (r.body === undefined || r.p >= 0.8);
  const right = ask.filter((r) => open(r) && r.gold.includes(r.first?.topic ?? '')).length;
  const kept = ask.filter(open).length;
  const leaked = oos.filter(open).length;
  console.log(
    edge.toFixed(2),
    'answered right',
    ((100 * right) / ask.length).toFixed(1),
    'answered',
    ((100 * kept) / ask.length).toFixed(1),
    'out of scope answered',
    ((100 * leaked) / oos.length).toFixed(1),
  );
}
if (flags.includes('--show')) {
  for (const r of ask.filter((r) => r.p < 0.5 || r.body || !r.gold.includes(r.first?.topic ?? '')))
    console.log(
      'ASK',
      r.p.toFixed(2),
      r.first?.topic,
      r.first?.score.toFixed(2),
      r.gold.join(','),
      r.body ?? '',
      '|',
      r.text.slice(0, 150),
    );
  for (const r of oos.filter((r) => r.p >= 0.4 && !r.body))
    console.log('OOS', r.p.toFixed(2), r.first?.topic, r.text.slice(0, 150));
}
if (flags.includes('--write')) {
  const file = 'corpus/understanding.yaml';
  const line = `scope: { ${Object.entries(scope)
    .map(([n, v]) => `${n}: ${v}`)
    .join(', ')} }`;
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^scope:.*$/m, line));
}
