/** A share with the ends of its 95 % interval, all 0..1. */
export interface Share {
  readonly hits: number;
  readonly n: number;
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

const Z = 1.96;

/** The Wilson score interval of a share (Wilson 1927); with no cases it is everything from 0 to 1. */
export function wilson(hits: number, n: number): Share {
  if (n === 0) return { hits, n, share: Number.NaN, low: 0, high: 1 };
  const p = hits / n;
  const middle = (p + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
  const half = (Z / (1 + (Z * Z) / n)) * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n));
  return { hits, n, share: p, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** The share of `items` for which `holds`. */
export const shareOf = <T>(items: readonly T[], holds: (item: T) => boolean): Share =>
  wilson(items.filter(holds).length, items.length);

/** A bin of a reliability diagram: what was said and what came true. */
export interface Bin {
  readonly from: number;
  readonly n: number;
  readonly said: number;
  readonly came: Share;
}

/** Bins of equal width over confidences 0..1, empty ones left out, and the expected calibration error (Naeini 2015). */
export function calibration(
  rows: readonly { readonly confidence: number; readonly ok: boolean }[],
  bins = 10,
): { readonly bins: readonly Bin[]; readonly ece: number } {
  const filled = Array.from({ length: bins }, (_, b) => {
    const inside = rows.filter((r) => Math.min(bins - 1, Math.floor(r.confidence * bins)) === b);
    return {
      from: b / bins,
      n: inside.length,
      said: inside.reduce((s, r) => s + r.confidence, 0) / (inside.length || 1),
      came: shareOf(inside, (r) => r.ok),
    };
  }).filter((b) => b.n > 0);
  return { bins: filled, ece: filled.reduce((s, b) => s + (b.n / rows.length) * Math.abs(b.said - b.came.share), 0) };
}

/** Items by a key, in the order the keys first stand. */
export const groupBy = <T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const list = groups.get(key(item));
    if (list) list.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
};
/** The value below which a share `q` (0..1) of the numbers lies. */
export const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
};
