/** A figure measured in several rounds: the middle one, the least and the most. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** The spread of some rounds' figures. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [least = Number.NaN] = sorted;
  return { median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN, least, most: sorted.at(-1) ?? Number.NaN };
}

const short = (n: number): string =>
  n >= 100 ? n.toFixed(0) : n >= 10 ? n.toFixed(1) : n >= 1 ? n.toFixed(2) : n.toFixed(3);

/** `median (least–most)`. */
export const told = ({ median, least, most }: Spread): string => `${short(median)} (${short(least)}–${short(most)})`;
export { short };
