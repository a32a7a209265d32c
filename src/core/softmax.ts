import { bytesOf, numbersOf, type Packed } from './packed.ts';

/** A text as a classifier sees it: names of its features, each of which counts once, and the class it belongs to. */
export interface Example {
  readonly features: readonly string[];
  readonly label: string;
  /** How much the example counts; 1 is usual. */
  readonly weight: number;
  /** Other labels that are right as well; they share what the first leaves. */
  readonly also?: readonly string[];
}

/** How a softmax is trained. */
export interface TrainOptions {
  /** Strength of the pull of all weights towards zero; the main guard against learning by heart. */
  readonly l2: number;
  readonly epochs: number;
  /** The same seed gives the same model. */
  readonly seed: number;
  /** First step size of AdaGrad; 0.5 when left out. */
  readonly rate?: number;
  /** Features seen in fewer examples are left out; 1 keeps all. */
  readonly atLeast?: number;
  /** Share of the target left for `also`; 0.3 when left out. */
  readonly alsoShare?: number;
}

/** A trained linear softmax as JSON: features stand as 32-bit hashes, weights in steps of `scale`. */
export interface SoftmaxModel {
  readonly labels: readonly string[];
  readonly bias: readonly number[];
  readonly scale: number;
  /** Little-endian Uint32 hashes in rising order, one a row. */
  readonly keys: Packed;
  /** Int8 weights, `labels.length` a row. */
  readonly weights: Packed;
}

/** What a softmax makes of a text. */
export interface Prediction {
  readonly probabilities: Float64Array;
  readonly known: number;
}

/** The hashes of a text's features, each once. Signed, so that they are small integers and need no memory of their own. */
export type Hashes = readonly number[];

/** A loaded softmax. */
export interface Softmax {
  readonly labels: readonly string[];
  /** One probability a label, in the order of `labels`, and the share of features that training had seen. */
  predict(features: readonly string[]): Prediction;
  /** The same from the hashes of features, for several models that look at the same ones. */
  predictFrom(hashes: Hashes): Prediction;
}

/** FNV-1a with a final mix: 32 bits name a feature, so that a model needs no table of strings. */
export const hashFeature = (feature: string): number => {
  let h = 0x811c9dc5;
  for (let i = 0; i < feature.length; i++) h = Math.imul(h ^ feature.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

/** Hashes features, for `predictFrom`. */
export const hashesOf = (features: readonly string[]): Hashes => {
  const seen = new Set<number>();
  for (const feature of features) seen.add(hashFeature(feature) | 0);
  return [...seen];
};

/** Even random numbers in [0, 1) from a seed (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
};

const softmaxInPlace = (scores: Float64Array): void => {
  let top = Number.NEGATIVE_INFINITY;
  for (const score of scores) if (score > top) top = score;
  let sum = 0;
  for (let k = 0; k < scores.length; k++) {
    scores[k] = Math.exp(scores[k]! - top);
    sum += scores[k]!;
  }
  for (let k = 0; k < scores.length; k++) scores[k]! /= sum;
};

/** Keys that share a bucket, on average. */
const IN_BUCKET = 4;

/**
 * The row of each key (signed or not), or -1. The keys rise, and hashes are spread evenly: their leading bits name a bucket of a few rows that lie side by
 * side, so that looking one up touches two places in memory and the table stays small beside the keys.
 */
const indexKeys = (keys: Uint32Array): ((key: number) => number) => {
  const bits = Math.max(1, Math.ceil(Math.log2(Math.max(2, keys.length / IN_BUCKET))));
  const shift = 32 - bits;
  /** First row of each bucket, and one more for the end of the last. */
  const starts = new Uint32Array((1 << bits) + 1);
  for (const key of keys) starts[(key >>> shift) + 1]!++;
  for (let bucket = 1; bucket < starts.length; bucket++) starts[bucket]! += starts[bucket - 1]!;
  const signed = new Int32Array(keys.buffer, keys.byteOffset, keys.length);
  return (key) => {
    const bucket = key >>> shift;
    const end = starts[bucket + 1]!;
    for (let row = starts[bucket]!; row < end; row++) if (signed[row] === (key | 0)) return row;
    return -1;
  };
};

/** Errors smaller than this are not learnt from. */
const STILL = 2e-3;

/** Trains by AdaGrad on shuffled examples; every example's features weigh 1 / root of their number. Pure: same input, same model. */
export const trainSoftmax = (examples: readonly Example[], options: TrainOptions): SoftmaxModel => {
  const { l2, epochs, seed, rate = 0.5, atLeast = 1, alsoShare = 0.3 } = options;
  const labels = [...new Set(examples.map((example) => example.label))].sort();
  const place = new Map(labels.map((label, k) => [label, k]));
  const seen = new Map<number, number>();
  const hashed = examples.map((example) => [...new Set(example.features.map(hashFeature))]);
  for (const features of hashed) for (const key of features) seen.set(key, (seen.get(key) ?? 0) + 1);
  const keys = Uint32Array.from([...seen].filter(([, count]) => count >= atLeast).map(([key]) => key)).sort();
  const rowOf = indexKeys(keys);
  const rows = hashed.map((features) => features.map(rowOf).filter((row) => row >= 0));
  const K = labels.length;
  const targets = examples.map((example) => {
    const target = new Float64Array(K);
    const others = (example.also ?? []).filter((label) => place.has(label) && label !== example.label);
    target[place.get(example.label)!] = others.length > 0 ? 1 - alsoShare : 1;
    for (const label of others) target[place.get(label)!]! += alsoShare / others.length;
    return target;
  });

  const weights = new Float64Array(keys.length * K);
  const squares = new Float64Array(keys.length * K).fill(1e-6);
  const bias = new Float64Array(K);
  const biasSquares = new Float64Array(K).fill(1e-6);
  const random = seeded(seed);
  const order = examples.map((_, i) => i);
  const scores = new Float64Array(K);
  const movedLabels = new Int32Array(K);
  const errors = new Float64Array(K);
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    for (const i of order) {
      const active = rows[i]!;
      const value = 1 / Math.sqrt(Math.max(1, hashed[i]!.length));
      scores.set(bias);
      for (const row of active) for (let k = 0; k < K; k++) scores[k]! += weights[row * K + k]! * value;
      softmaxInPlace(scores);
      const weight = examples[i]!.weight;
      // Most labels of most examples are right already: what would hardly move is left, and rows are walked as they lie in memory.
      let moved = 0;
      for (let k = 0; k < K; k++) {
        const error = (scores[k]! - targets[i]![k]!) * weight;
        if (Math.abs(error) < STILL) continue;
        biasSquares[k]! += error * error;
        bias[k]! -= (rate * 0.1 * error) / Math.sqrt(biasSquares[k]!);
        movedLabels[moved] = k;
        errors[moved++] = error * value;
      }
      for (const row of active) {
        for (let m = 0; m < moved; m++) {
          const at = row * K + movedLabels[m]!;
          const gradient = errors[m]! + l2 * weights[at]!;
          squares[at]! += gradient * gradient;
          weights[at]! -= (rate * gradient) / Math.sqrt(squares[at]!);
        }
      }
    }
  }
  return pack(labels, [...bias], keys, weights);
};

/** `keys` rise. */
const pack = (
  labels: readonly string[],
  bias: readonly number[],
  keys: Uint32Array,
  weights: ArrayLike<number>,
): SoftmaxModel => {
  let top = 1e-9;
  for (let i = 0; i < weights.length; i++) top = Math.max(top, Math.abs(weights[i]!));
  const scale = top / 127;
  const int8 = Int8Array.from(weights, (weight) => Math.round(weight / scale));
  return {
    labels,
    bias: bias.map((b) => Math.round(b * 1e4) / 1e4),
    scale,
    keys: Buffer.from(keys.buffer, keys.byteOffset, keys.byteLength).toString('base64'),
    weights: Buffer.from(int8.buffer).toString('base64'),
  };
};

/** Packs weights that were found elsewhere (`labels.length` for each of `features`, in their order) so that `loadSoftmax` reads them. */
export const packLinear = (
  labels: readonly string[],
  bias: readonly number[],
  features: readonly string[],
  weights: ArrayLike<number>,
): SoftmaxModel => {
  const K = labels.length;
  const rows = features
    .map((name, row) => ({ key: hashFeature(name), row }))
    .sort((a, b) => a.key - b.key || a.row - b.row);
  const sorted = new Float64Array(weights.length);
  rows.forEach(({ row }, at) => {
    for (let k = 0; k < K; k++) sorted[at * K + k] = weights[row * K + k]!;
  });
  return pack(
    labels,
    bias,
    Uint32Array.from(rows, ({ key }) => key),
    sorted,
  );
};

/** Makes a trained softmax ready for use; a few milliseconds for a megabyte of weights. */
export const loadSoftmax = (model: SoftmaxModel): Softmax => {
  const keys = numbersOf(model.keys);
  const bytes = bytesOf(model.weights);
  const weights = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const rowOf = indexKeys(keys);
  const K = model.labels.length;
  const predictFrom = (hashes: Hashes): Prediction => {
    // Rows first, then weights: the processor fetches many rows at once when none waits for a sum.
    const rows: number[] = [];
    for (const hash of hashes) {
      const row = rowOf(hash);
      if (row >= 0) rows.push(row * K);
    }
    const scores = new Float64Array(K);
    for (const from of rows) for (let k = 0; k < K; k++) scores[k]! += weights[from + k]!;
    const value = model.scale / Math.sqrt(Math.max(1, hashes.length));
    for (let k = 0; k < K; k++) scores[k] = scores[k]! * value + model.bias[k]!;
    softmaxInPlace(scores);
    return { probabilities: scores, known: hashes.length > 0 ? rows.length / hashes.length : 0 };
  };
  return { labels: model.labels, predict: (features) => predictFrom(hashesOf(features)), predictFrom };
};
