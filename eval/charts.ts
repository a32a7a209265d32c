import { SETS, type SetName } from './cases.ts';
import { type Chart, COLOURS } from './draw.ts';
import type { LatencyPoint } from './latency.ts';
import type { LearningPoint } from './learning.ts';
import type { Outcome } from './measure.ts';
import { type Measure, shareFor } from './measures.ts';
import { type Bin, groupBy, shareOf } from './statistics.ts';

const percent = (share: number): number => Math.round(1000 * share) / 10;
const [BLUE, RED, GREEN] = COLOURS;
/** Names are told whole, however long. */
const WHOLE_NAMES = { labelLimit: 0 } as const;

/** A point with its interval and the number of cases, one row a name. */
const sharesChart = (
  rows: readonly {
    readonly name: string;
    readonly share: number;
    readonly low: number;
    readonly high: number;
    readonly n: number;
  }[],
  title: string,
  colour: string,
): Chart => {
  const y = { field: 'name', type: 'nominal', sort: null, title: null, axis: WHOLE_NAMES } as const;
  return {
    data: {
      values: rows.map((r) => ({
        ...r,
        name: `${r.name} (${r.n})`,
        share: percent(r.share),
        low: percent(r.low),
        high: percent(r.high),
      })),
    },
    width: 420,
    height: { step: 18 },
    layer: [
      {
        mark: { type: 'rule', strokeWidth: 5, opacity: 0.25, color: colour },
        encoding: {
          y,
          x: { field: 'low', type: 'quantitative', title, scale: { domain: [0, 100] } },
          x2: { field: 'high' },
        },
      },
      {
        mark: { type: 'point', filled: true, size: 60, opacity: 1, color: colour },
        encoding: { y, x: { field: 'share', type: 'quantitative' } },
      },
    ],
  };
};

/** All measures with their intervals; a tick for the floor, a diamond for what the project wants to reach. */
export const overviewChart = (measures: readonly Measure[]): Chart => {
  const chart = sharesChart(
    measures.map((m) => ({ name: m.name, ...m.all })),
    'percent of cases, 95 % Wilson interval; | floor, ◇ to reach',
    BLUE,
  );
  const marks = measures.map((m) => ({ name: `${m.name} (${m.all.n})`, floor: m.floor, reach: m.reach }));
  const y = { field: 'name', type: 'nominal', sort: null, title: null, axis: WHOLE_NAMES } as const;
  return {
    ...chart,
    layer: [
      ...(chart.layer as object[]),
      {
        data: { values: marks },
        mark: { type: 'tick', thickness: 2, color: RED },
        encoding: { y, x: { field: 'floor', type: 'quantitative' } },
      },
      {
        data: { values: marks },
        mark: { type: 'point', shape: 'diamond', size: 60, color: GREEN, strokeWidth: 1.5 },
        encoding: { y, x: { field: 'reach', type: 'quantitative' } },
      },
    ],
  };
};

const NO_TOPIC: Readonly<Record<string, string>> = {
  out_of_scope: '(not held)',
  clarify: '(asked back)',
  screen: '(danger question)',
  escalate: '(warned)',
  crisis: '(warned)',
};

/** Which topic came for which: rows are right topics, columns what the bot named first. */
export function confusionChart(outcomes: readonly Outcome[]): Chart {
  const asked = outcomes.filter((o) => o.set === 'ask');
  const pairs = asked.map((o) => {
    const last = o.replies.at(-1);
    const seen = last?.sources[0]?.topic ?? NO_TOPIC[last?.kind ?? ''] ?? '(small talk)';
    return { gold: o.gold.includes(seen) ? seen : (o.gold[0] ?? ''), seen };
  });
  const golds = [...new Set(pairs.map((p) => p.gold))].sort();
  const seens = [...new Set([...golds, ...pairs.map((p) => p.seen)])].sort(
    (a, b) => Number(a.startsWith('(')) - Number(b.startsWith('(')) || (a < b ? -1 : 1),
  );
  const values = golds.flatMap((gold) => {
    const row = pairs.filter((p) => p.gold === gold);
    return seens.map((seen) => {
      const n = row.filter((p) => p.seen === seen).length;
      return { gold, seen, n, share: n / row.length, label: n ? String(n) : '' };
    });
  });
  const x = {
    field: 'seen',
    type: 'nominal',
    sort: seens,
    title: 'the bot said',
    axis: { orient: 'top', labelAngle: -45 },
  } as const;
  const y = { field: 'gold', type: 'nominal', sort: golds, title: 'right is' } as const;
  return {
    data: { values },
    width: { step: 30 },
    height: { step: 22 },
    layer: [
      {
        mark: { type: 'rect', stroke: '#eee' },
        encoding: {
          x,
          y,
          color: {
            field: 'share',
            type: 'quantitative',
            scale: { range: ['#ffffff', '#08519c'], domain: [0, 1], interpolate: 'rgb' },
            legend: null,
          },
        },
      },
      {
        mark: { type: 'text', fontSize: 10 },
        encoding: {
          x,
          y,
          text: { field: 'label' },
          color: { condition: { test: 'datum.share > 0.5', value: 'white' }, value: '#333' },
        },
      },
    ],
  };
}

const byShare = <T extends { readonly share: number }>(rows: readonly T[]): readonly T[] =>
  [...rows].sort((a, b) => a.share - b.share);

/** Recall by danger sign, the weakest first. */
export const signsChart = (outcomes: readonly Outcome[]): Chart =>
  sharesChart(
    byShare(
      [
        ...groupBy(
          outcomes.filter((o) => o.set === 'redflags'),
          (o) => o.sign ?? '',
        ),
      ].map(([name, list]) => ({ name, ...shareOf(list, (o) => o.ok) })),
    ),
    'percent recognised at the right level or above, 95 % Wilson interval (cases)',
    RED,
  );

/** False alarms by trap, the worst last. */
export const trapsChart = (outcomes: readonly Outcome[]): Chart =>
  sharesChart(
    byShare(
      [
        ...groupBy(
          outcomes.filter((o) => o.set === 'benign'),
          (o) => o.stratum,
        ),
      ].map(([name, list]) => ({ name, ...shareOf(list, (o) => !o.ok) })),
    ),
    'percent raised to urgent or above though harmless, 95 % Wilson interval (cases)',
    COLOURS[4],
  );

/** What confidence promised against what came true; on the grey line a promise is kept. */
export const reliabilityChart = (series: Readonly<Record<string, readonly Bin[]>>): Chart => {
  const values = Object.entries(series).flatMap(([name, bins]) =>
    bins.map((b) => ({
      name,
      said: percent(b.said),
      came: percent(b.came.share),
      low: percent(b.came.low),
      high: percent(b.came.high),
      n: b.n,
    })),
  );
  const x = {
    field: 'said',
    type: 'quantitative',
    title: 'confidence said, mean of the bin (%)',
    scale: { domain: [0, 100] },
  } as const;
  const color = { field: 'name', type: 'nominal', title: null, scale: { range: [...COLOURS] } } as const;
  return {
    data: { values },
    width: 380,
    height: 340,
    layer: [
      {
        data: {
          values: [
            { said: 0, came: 0 },
            { said: 100, came: 100 },
          ],
        },
        mark: { type: 'line', color: '#bbb', strokeDash: [4, 4] },
        encoding: { x, y: { field: 'came', type: 'quantitative' } },
      },
      {
        mark: { type: 'rule', opacity: 0.35, strokeWidth: 3 },
        encoding: {
          x,
          color,
          y: { field: 'low', type: 'quantitative', title: 'right (%), 95 % Wilson interval' },
          y2: { field: 'high' },
        },
      },
      {
        mark: { type: 'line', point: false, strokeWidth: 1 },
        encoding: { x, color, y: { field: 'came', type: 'quantitative' } },
      },
      {
        mark: { type: 'point', filled: true, opacity: 1 },
        encoding: {
          x,
          color,
          y: { field: 'came', type: 'quantitative' },
          size: { field: 'n', type: 'quantitative', title: 'replies', scale: { range: [20, 300] } },
        },
      },
    ],
  };
};

/** The measures that ablations and the learning curve are told in. */
const TOLD = [
  ['ask', 'right topic'],
  ['oos', 'out of scope'],
  ['smalltalk', 'small talk'],
  ['redflags-any', 'any alarm at danger'],
  ['redflags-level', 'danger at its level'],
  ['benign', 'harmless quiet'],
  ['dialogues', 'dialogues'],
] as const;

/** The shares, 0..1, of what ablations are told in; absent when there is no case. */
export const toldOf = (outcomes: readonly Outcome[]): readonly { readonly name: string; readonly share: number }[] =>
  TOLD.flatMap(([id, name]) => {
    const share =
      id === 'redflags-level'
        ? shareOf(
            outcomes.filter((o) => o.set === 'redflags'),
            (o) => o.ok,
          )
        : shareFor(id, outcomes);
    return share.n ? [{ name, share: share.share }] : [];
  });

/** One bar a variant and measure: how many points it moves away from the bot as shipped. */
export function ablationChart(
  whole: readonly Outcome[],
  variants: readonly { readonly name: string; readonly outcomes: readonly Outcome[] }[],
): Chart {
  const base = new Map(toldOf(whole).map((t) => [t.name, t.share]));
  const values = variants.flatMap((v) =>
    toldOf(v.outcomes).map((t) => ({
      variant: v.name,
      measure: t.name,
      points: Math.round(1000 * (t.share - (base.get(t.name) ?? 0))) / 10,
    })),
  );
  return {
    data: { values },
    facet: {
      column: { field: 'measure', type: 'nominal', sort: [...base.keys()], title: null, header: { labelFontSize: 11 } },
    },
    spec: {
      width: 92,
      height: { step: 18 },
      mark: { type: 'bar' },
      encoding: {
        y: { field: 'variant', type: 'nominal', sort: variants.map((v) => v.name), title: null, axis: WHOLE_NAMES },
        x: { field: 'points', type: 'quantitative', title: 'points' },
        color: { condition: { test: 'datum.points < 0', value: RED }, value: GREEN },
      },
    },
    resolve: { scale: { x: 'independent' } },
  };
}

/** Times of one turn by the length of the message; both axes in powers. */
export const latencyChart = (points: readonly LatencyPoint[]): Chart => ({
  data: {
    values: points.flatMap((p) => [
      { words: p.words, ms: p.p50, which: 'p50' },
      { words: p.words, ms: p.p99, which: 'p99' },
    ]),
  },
  width: 420,
  height: 280,
  mark: { type: 'line', point: true },
  encoding: {
    x: { field: 'words', type: 'quantitative', scale: { type: 'log', base: 2 }, title: 'words in the message' },
    y: { field: 'ms', type: 'quantitative', scale: { type: 'log' }, title: 'one turn, milliseconds' },
    color: { field: 'which', type: 'nominal', title: null, scale: { range: [BLUE, RED] } },
  },
});

/** What more phrases buy. */
export const learningChart = (points: readonly LearningPoint[]): Chart => ({
  data: {
    values: points.flatMap((p) => [
      ...toldOf(p.outcomes).map((t) => ({ phrases: p.phrases, measure: t.name, share: percent(t.share) })),
      ...(p.ranked.n
        ? [{ phrases: p.phrases, measure: 'right topic ranked first', share: percent(p.ranked.share) }]
        : []),
    ]),
  },
  width: 460,
  height: 300,
  mark: { type: 'line', point: true },
  encoding: {
    x: { field: 'phrases', type: 'quantitative', scale: { type: 'log', base: 2 }, title: 'phrases trained on' },
    y: { field: 'share', type: 'quantitative', title: 'percent', scale: { zero: false } },
    color: { field: 'measure', type: 'nominal', title: null, scale: { range: [...COLOURS, '#000000', '#999999'] } },
  },
});

/** Sets that hold cases, in order. */
export const setsOf = (outcomes: readonly Outcome[]): readonly SetName[] =>
  SETS.filter((s) => outcomes.some((o) => o.set === s));
