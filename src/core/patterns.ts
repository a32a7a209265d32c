import type { Place } from './concepts.ts';
import type { Token } from './tokens.ts';

/** How far the facts of a pattern may stand apart: in one segment within some words, in one sentence, or anywhere in the message. */
type Reach =
  | { readonly kind: 'segment'; readonly words: number }
  | { readonly kind: 'sentence' }
  | { readonly kind: 'message' };

/** A combination of facts that together are a sign: `NUMB SADDLE`, `CANT > FEEL > WIPE`, `@sent FALL PAIN !SEASON`, `NOPEE ~TOILET`. */
export interface Pattern {
  readonly id: string;
  readonly items: readonly string[];
  /** Concepts that must stand near, also inside the words of the items; whether they are denied does not count. */
  readonly beside: readonly string[];
  readonly ordered: boolean;
  readonly reach: Reach;
  /** Concepts that must not stand in the same segment (for `@msg`: the message). */
  readonly not: readonly string[];
}

/** The words a pattern was found in: one place an item. */
export interface PatternMatch {
  readonly pattern: Pattern;
  readonly places: readonly Place[];
}

const NEAR = 8;

/** Reads the short form of a pattern. Throws an Error that says what is wrong with it. */
export function parsePattern(id: string, short: string): Pattern {
  const items: string[] = [];
  const beside: string[] = [];
  const not: string[] = [];
  let reach: Reach = { kind: 'segment', words: NEAR };
  let ordered = false;
  for (const piece of short.trim().split(/\s+/)) {
    if (piece === '>') ordered = true;
    else if (piece === '@sent') reach = { kind: 'sentence' };
    else if (piece === '@msg') reach = { kind: 'message' };
    else if (/^@\d+$/.test(piece)) reach = { kind: 'segment', words: Number(piece.slice(1)) };
    else if (piece.startsWith('!')) not.push(piece.slice(1));
    else if (piece.startsWith('~')) beside.push(piece.slice(1));
    else items.push(piece);
  }
  if (!items.length) throw new Error(`pattern "${short}" names nothing to hear`);
  return { id, items, beside, ordered, reach, not };
}

/** All names a pattern refers to: concepts in capitals, else words as they stand. */
export const namesOf = (pattern: Pattern): readonly string[] => [...pattern.items, ...pattern.beside, ...pattern.not];

type Found = ReadonlyMap<string, readonly Place[]>;

const overlaps = (a: Place, b: Place): boolean => a.from <= b.to && b.from <= a.to;

/** Every place of a concept is tried as the first fact; these many at most, so that a flood of one word costs little. */
const MOST_STARTS = 40;

/** The closest combination of places for each place of the first item; what must not stand there may, where `isDenied` ('no beetroot'). */
export function matchPattern(
  pattern: Pattern,
  found: Found,
  tokens: readonly Token[],
  isDenied: (place: Place) => boolean,
): readonly PatternMatch[] {
  const lists = pattern.items.map((name) => found.get(name));
  const first = lists[0];
  if (!first || lists.some((l) => !l)) return [];
  const matches: PatternMatch[] = [];
  for (const start of first.slice(0, MOST_STARTS)) {
    const places: Place[] = [start];
    for (const list of lists.slice(1)) {
      const last = places.at(-1) ?? start;
      let best: Place | undefined;
      let bestGap = Number.POSITIVE_INFINITY;
      for (const place of list ?? []) {
        if (places.some((p) => overlaps(p, place))) continue;
        if (pattern.ordered && place.from <= last.to) continue;
        const gap = Math.min(...places.map((p) => (place.from > p.to ? place.from - p.to : p.from - place.to)));
        if (gap >= bestGap || !isWithin(pattern.reach, start, place, gap, tokens)) continue;
        best = place;
        bestGap = gap;
      }
      if (!best) break;
      places.push(best);
    }
    if (places.length !== lists.length) continue;
    if (
      !pattern.beside.every((name) =>
        (found.get(name) ?? [])
          .slice(0, MOST_STARTS)
          .some(
            (p) =>
              overlaps(p, start) ||
              isWithin(
                pattern.reach,
                start,
                p,
                Math.max(0, p.from > start.to ? p.from - start.to : start.from - p.to),
                tokens,
              ),
          ),
      )
    )
      continue;
    if (
      pattern.not.some((name) =>
        isBeside(
          pattern,
          found.get(name)?.filter((p) => !isDenied(p)),
          places,
          tokens,
        ),
      )
    )
      continue;
    matches.push({ pattern, places });
  }
  return matches;
}

function isWithin(reach: Reach, a: Place, b: Place, gap: number, tokens: readonly Token[]): boolean {
  const [x, y] = [tokens[a.from], tokens[b.from]];
  if (!x || !y) return false;
  switch (reach.kind) {
    case 'message':
      return true;
    case 'sentence':
      return x.sentence === y.sentence;
    case 'segment':
      return x.segment === y.segment && gap + Math.abs(x.clause - y.clause) <= reach.words;
  }
}

function isBeside(
  pattern: Pattern,
  unwanted: readonly Place[] | undefined,
  places: readonly Place[],
  tokens: readonly Token[],
): boolean {
  if (!unwanted?.length) return false;
  if (pattern.reach.kind === 'message') return true;
  const same = pattern.reach.kind === 'sentence' ? 'sentence' : 'segment';
  return unwanted.some((u) => {
    // A longer phrase is what was meant ('cannot stand this treadmill'); one that only touches says the same ('dead legs').
    if (places.some((p) => u.from <= p.from && u.to >= p.to && u.to - u.from > p.to - p.from)) return true;
    return (
      places.some((p) => tokens[u.from]?.[same] === tokens[p.from]?.[same]) && !places.every((p) => overlaps(p, u))
    );
  });
}
