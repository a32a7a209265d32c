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
  /** What AdaGrad counts as moved before it begins. A larger one lets rare and small errors move less: fewer weights by chance. */
  readonly moved?: number;
  /** Weights nearer to zero than this are left out in the end: they are chance, and most of the bytes. */
  readonly least?: number;
}

/** One of the classifiers of a model. */
export interface Head {
  readonly name: string;
  readonly labels: readonly string[];
  readonly bias: readonly number[];
  /** What one step of a weight is worth. */
  readonly scale: number;
}

/**
 * Trained linear classifiers as JSON. All heads of a model look at the same features and share one table, so that a feature is looked up
 * once for all of them. Features stand as 32-bit hashes; only weights that are not zero are kept.
 */
export interface SoftmaxModel {
  readonly heads: readonly Head[];
  /** Little-endian Uint32, two a row in rising order: a hash, and where its weights begin in `steps`. The last row ends them. */
  readonly rows: Packed;
  /** Int8, two a weight: its place among the labels of all heads, and its size in steps. */
  readonly steps: Packed;
}

/** Weights of a text's features added up, for all labels of all heads. */
export interface Sums {
  readonly steps: Float64Array;
  /** How many of the first features (as many as were asked about) have weights. */
  readonly known: number;
}

/** A text's features as hashes, each once. Signed, so that they are small integers and need no memory of their own. */
export type Hashes = readonly number[];

/** A head ready for use. */
export interface LoadedHead {
  readonly labels: readonly string[];
  /** One probability a label, in the order of `labels`, of a text that has so many features this head was trained to look at. */
  readonly probabilities: (sums: Sums, features: number) => Float64Array;
}

/** A loaded model. */
export interface Softmax {
  /** Throws when the model has no head of that name. */
  readonly head: (name: string) => LoadedHead;
  /** Adds up the weights of features; `first` is how many of them `known` is asked about, all when left out. */
  readonly sum: (hashes: Hashes, first?: number) => Sums;
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
 * The row of each key (signed or not), or -1. `stride` numbers lie between one key and the next. The keys rise, and hashes are spread
 * evenly: their leading bits name a bucket of a few rows that lie side by side, so that looking one up touches two places in memory.
 */
const indexKeys = (keys: Uint32Array, stride: number): ((key: number) => number) => {
  const count = Math.floor(keys.length / stride);
  const bits = Math.max(1, Math.ceil(Math.log2(Math.max(2, count / IN_BUCKET))));
  const shift = 32 - bits;
  /** First row of each bucket, and one more for the end of the last. */
  const starts = new Uint32Array((1 << bits) + 1);
  for (let row = 0; row < count; row++) starts[(keys[row * stride]! >>> shift) + 1]!++;
  for (let bucket = 1; bucket < starts.length; bucket++) starts[bucket]! += starts[bucket - 1]!;
  const signed = new Int32Array(keys.buffer, keys.byteOffset, keys.length);
  return (key) => {
    const bucket = key >>> shift;
    const end = starts[bucket + 1]!;
    for (let row = starts[bucket]!; row < end; row++) if (signed[row * stride] === (key | 0)) return row;
    return -1;
  };
};

/** Errors smaller than this are not learnt from. */
const STILL = 2e-3;

/** Trains by AdaGrad on shuffled examples; every example's features weigh 1 / root of their number. Pure: same input, same model. */
export const trainSoftmax = (examples: readonly Example[], options: TrainOptions): SoftmaxModel => {
  const { l2, epochs, seed, rate = 0.5, atLeast = 1, alsoShare = 0.3, moved = 1e-6, least = 0 } = options;
  const labels = [...new Set(examples.map((example) => example.label))].sort();
  const place = new Map(labels.map((label, k) => [label, k]));
  const seen = new Map<number, number>();
  const hashed = examples.map((example) => [...new Set(example.features.map(hashFeature))]);
  for (const features of hashed) for (const key of features) seen.set(key, (seen.get(key) ?? 0) + 1);
  const keys = Uint32Array.from([...seen].filter(([, count]) => count >= atLeast).map(([key]) => key)).sort();
  const rowOf = indexKeys(keys, 1);
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
  const squares = new Float64Array(keys.length * K).fill(moved);
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
      let count = 0;
      for (let k = 0; k < K; k++) {
        const error = (scores[k]! - targets[i]![k]!) * weight;
        if (Math.abs(error) < STILL) continue;
        biasSquares[k]! += error * error;
        bias[k]! -= (rate * 0.1 * error) / Math.sqrt(biasSquares[k]!);
        movedLabels[count] = k;
        errors[count++] = error * value;
      }
      for (const row of active) {
        for (let m = 0; m < count; m++) {
          const at = row * K + movedLabels[m]!;
          const gradient = errors[m]! + l2 * weights[at]!;
          squares[at]! += gradient * gradient;
          weights[at]! -= (rate * gradient) / Math.sqrt(squares[at]!);
        }
      }
    }
  }
  return pack(labels, [...bias], keys, weights, least);
};

/** Places that a signed byte can name. */
const MOST_LABELS = 128;
const base64 = (array: Uint32Array | Int8Array): string =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');

/** A table of rows in rising order of their hashes; rows without weights are left out. */
const tableOf = (
  heads: readonly Head[],
  keys: Iterable<number>,
  weightsOf: (key: number, add: (place: number, steps: number) => void) => void,
): SoftmaxModel => {
  const rows: number[] = [];
  const steps: number[] = [];
  for (const key of keys) {
    const start = steps.length;
    weightsOf(key, (place, size) => void (size !== 0 && steps.push(place, size)));
    if (steps.length > start) rows.push(key, start);
  }
  rows.push(0, steps.length);
  return { heads, rows: base64(Uint32Array.from(rows)), steps: base64(Int8Array.from(steps)) };
};

/** `keys` rise; `weights` are `labels.length` a row. Throws when there are more labels than a byte names. */
const pack = (
  labels: readonly string[],
  bias: readonly number[],
  keys: Uint32Array,
  weights: ArrayLike<number>,
  least = 0,
): SoftmaxModel => {
  const K = labels.length;
  if (K > MOST_LABELS) throw new Error(`a softmax takes ${MOST_LABELS} labels at most, not ${K}`);
  let top = 1e-9;
  for (let i = 0; i < weights.length; i++) top = Math.max(top, Math.abs(weights[i]!));
  const scale = top / 127;
  let row = -1;
  return tableOf([{ name: '', labels, bias: bias.map((b) => Math.round(b * 1e4) / 1e4), scale }], keys, (_, add) => {
    row++;
    for (let k = 0; k < K; k++) {
      const weight = weights[row * K + k]!;
      if (Math.abs(weight) >= least) add(k, Math.round(weight / scale));
    }
  });
};

/** Joins models of one head each into one, whose heads bear the names they are given here. Throws when they have more than 128 labels together. */
export const joinSoftmax = (models: Readonly<Record<string, SoftmaxModel>>): SoftmaxModel => {
  const heads = Object.entries(models).flatMap(
    ([
      name,
      {
        heads: [head],
      },
    ]) => (head ? [{ ...head, name }] : []),
  );
  const labels = heads.reduce((n, head) => n + head.labels.length, 0);
  if (labels > MOST_LABELS) throw new Error(`joined models take ${MOST_LABELS} labels at most, not ${labels}`);
  const weights = new Map<number, number[]>();
  let first = 0;
  for (const { heads: own, rows: packed, steps: pairs } of Object.values(models)) {
    const rows = numbersOf(packed);
    const steps = signedOf(pairs);
    for (let i = 0; i + 2 < rows.length; i += 2) {
      const list = weights.get(rows[i]!) ?? [];
      for (let at = rows[i + 1]!; at < rows[i + 3]!; at += 2) list.push(first + steps[at]!, steps[at + 1]!);
      weights.set(rows[i]!, list);
    }
    first += own[0]?.labels.length ?? 0;
  }
  return tableOf(heads, Uint32Array.from(weights.keys()).sort(), (key, add) => {
    const list = weights.get(key) ?? [];
    for (let i = 0; i < list.length; i += 2) add(list[i]!, list[i + 1]!);
  });
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

const signedOf = (packed: Packed): Int8Array => {
  const bytes = bytesOf(packed);
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
};

/** Makes a trained model ready for use; a few milliseconds for a megabyte of weights. */
export const loadSoftmax = (model: SoftmaxModel): Softmax => {
  const table = numbersOf(model.rows);
  const steps = signedOf(model.steps);
  const rowOf = indexKeys(table.subarray(0, -2), 2);
  const all = model.heads.reduce((n, head) => n + head.labels.length, 0);
  const sum: Softmax['sum'] = (hashes, first = hashes.length) => {
    // Rows first, then weights: the processor fetches many rows at once when none waits for a sum.
    const rows: number[] = [];
    let known = 0;
    for (let i = 0; i < hashes.length; i++) {
      const row = rowOf(hashes[i]!);
      if (row < 0) continue;
      rows.push(row);
      if (i < first) known++;
    }
    const sums = new Float64Array(all);
    for (const row of rows) {
      const end = table[2 * row + 3]!;
      for (let at = table[2 * row + 1]!; at < end; at += 2) sums[steps[at]!]! += steps[at + 1]!;
    }
    return { steps: sums, known };
  };
  let first = 0;
  const heads = new Map(
    model.heads.map(({ name, labels, bias, scale }): [string, LoadedHead] => {
      const from = first;
      first += labels.length;
      return [
        name,
        {
          labels,
          probabilities: (sums, features) => {
            const value = scale / Math.sqrt(Math.max(1, features));
            const scores = new Float64Array(labels.length);
            for (let k = 0; k < scores.length; k++) scores[k] = sums.steps[from + k]! * value + bias[k]!;
            softmaxInPlace(scores);
            return scores;
          },
        },
      ];
    }),
  );
  const head: Softmax['head'] = (name) => {
    const found = heads.get(name);
    if (!found) throw new Error(`the model has no head '${name}': build it anew`);
    return found;
  };
  return { head, sum };
};
