import { bytesOf, type Packed } from './packed.ts';

/** What a speller is made of; built once from the corpus and a dictionary, and shipped inside the compiled model. */
export interface SpellingModel {
  /** A Bloom filter over ordinary English words: what stands in it is never corrected (1 in 250 typos slips through). */
  readonly gate: Packed;
  /** Words that a correction may yield, the most frequent first, separated by spaces. */
  readonly words: string;
}

/** Corrects single words. A correction stands beside what was typed and never replaces it. */
export interface Speller {
  /** The likely meant word (or two, with a space between, when they were run together); `undefined` means: leave it as it is. Expects lower case. */
  correct(word: string): string | undefined;
  /** Whether the word, in lower case, is a word of the subject or an ordinary English word. */
  known(word: string): boolean;
}

const BITS_PER_WORD = 12;
const PROBES = 8;
/** Longer strings are no words, and must not cost time. */
const LONGEST = 24;
/** Corrections kept in memory; the oldest half is dropped when it is full, so that a flood of nonsense cannot grow it. */
const CACHE_SIZE = 4000;
/** How many of the commonest words may be found run together; with rare ones 'plantar' would become 'plan tar'. */
const FREQUENT = 800;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

const hash = (word: string, seed: number): number => {
  let h = seed;
  for (let i = 0; i < word.length; i++) h = Math.imul(h ^ word.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
};

/** Calls `test` with the places of a word in a filter of `bits` bits, until it says no; whether it never did. */
const isEveryProbe = (word: string, bits: number, test: (bit: number) => boolean): boolean => {
  const a = hash(word, 0x811c9dc5);
  const b = hash(word, 0x9747b28c) | 1;
  for (let i = 0; i < PROBES; i++) if (!test(((a + Math.imul(i, b)) >>> 0) % bits)) return false;
  return true;
};

/**
 * Makes the model. `counts`: how often each word stands in the corpus; those seen at least `atLeast` times that are
 * dictionary words, and all of `always`, become targets of corrections. `dictionary`: ordinary English words, lower case.
 */
export const buildSpelling = (
  counts: ReadonlyMap<string, number>,
  dictionary: ReadonlySet<string>,
  always: Iterable<string>,
  atLeast = 3,
): SpellingModel => {
  const targets = new Map<string, number>();
  for (const [word, count] of counts) {
    if (count >= atLeast && word.length >= 3 && dictionary.has(word)) targets.set(word, count);
  }
  for (const word of always) targets.set(word, Math.max(counts.get(word) ?? 0, atLeast));
  const bits = Math.ceil((dictionary.size * BITS_PER_WORD) / 8) * 8 || 8;
  const filter = new Uint8Array(bits / 8);
  const set = (bit: number): boolean => {
    filter[bit >>> 3]! |= 1 << (bit & 7);
    return true;
  };
  for (const word of dictionary) isEveryProbe(word, bits, set);
  const words = [...targets].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([word]) => word);
  return { gate: Buffer.from(filter).toString('base64'), words: words.join(' ') };
};

/** Whether `a` and `b` are at most `limit` edits apart (a swap of neighbours is one edit). */
export const within = (a: string, b: string, limit: number): boolean => {
  if (Math.abs(a.length - b.length) > limit) return false;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(last[j - 1]! + (same ? 0 : 1), last[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
      if (cost < least) least = cost;
    }
    if (least > limit) return false;
    before = last;
    last = row;
  }
  return last[b.length]! <= limit;
};

/** Makes a speller of a model; takes about 2 ms, a new word about 0.1 ms, a word met before next to nothing. */
export const createSpeller = (model: SpellingModel): Speller => {
  const filter = bytesOf(model.gate);
  const bits = filter.length * 8;
  const targets = model.words.split(' ').filter((word) => word !== '');
  const rank = new Map(targets.map((word, place) => [word, place]));
  const byFirst = new Map<string, string[]>();
  for (const word of targets) {
    if (word.length < 7) continue;
    const bucket = byFirst.get(word[0]!);
    if (bucket) bucket.push(word);
    else byFirst.set(word[0]!, [word]);
  }

  const isSet = (bit: number): boolean => (filter[bit >>> 3]! & (1 << (bit & 7))) !== 0;
  const inGate = (word: string): boolean => isEveryProbe(word, bits, isSet);
  const plain = (word: string): boolean => rank.has(word) || inGate(word);
  // A word is as known with an ending as without: 'back's', 'you'd', 'they've'.
  const known = (word: string): boolean =>
    plain(word) || (/'(s|d|re|ve|ll)$/.test(word) && plain(word.slice(0, word.lastIndexOf("'"))));

  /** One edit away: the most frequent wins, but a swap or a doubled letter is likelier than a wrong letter, and the first letter is seldom wrong. */
  const oneEdit = (word: string): string | undefined => {
    let best: string | undefined;
    let bestCost = Number.POSITIVE_INFINITY;
    const offer = (candidate: string, factor: number): void => {
      const place = rank.get(candidate);
      if (place === undefined || candidate.length < 3) return;
      const cost = (place + 40) * factor;
      if (cost < bestCost) {
        best = candidate;
        bestCost = cost;
      }
    };
    for (let i = 0; i <= word.length; i++) {
      const head = word.slice(0, i);
      const tail = word.slice(i);
      const factor = i === 0 ? 8 : 2;
      if (i < word.length) offer(head + tail.slice(1), word[i] === word[i - 1] ? 0.5 : factor);
      if (i < word.length - 1) offer(head + tail[1] + tail[0] + tail.slice(2), i === 0 ? 1 : 0.5);
      for (const letter of LETTERS) {
        if (i < word.length) offer(head + letter + tail.slice(1), factor);
        offer(head + letter + tail, letter === word[i - 1] || letter === word[i] ? 0.5 : factor * 0.6);
      }
    }
    return best;
  };

  const twoEdits = (word: string): string | undefined =>
    byFirst.get(word[0]!)?.find((candidate) => within(word, candidate, 2));

  /** Two frequent words of the subject run together ('lowerback'). */
  const apart = (word: string): string | undefined => {
    const frequent = (part: string): boolean => (rank.get(part) ?? Number.POSITIVE_INFINITY) < FREQUENT;
    for (let i = 3; i <= word.length - 3; i++) {
      const left = word.slice(0, i);
      const right = word.slice(i);
      if (frequent(left) && frequent(right)) return `${left} ${right}`;
    }
    return undefined;
  };

  const find = (word: string): string | undefined => {
    if (word.length < 4 || word.length > LONGEST || !/^[a-z']+$/.test(word) || known(word)) return undefined;
    const squeezed = word.replace(/(.)\1{2,}/g, '$1$1');
    if (squeezed !== word) {
      const single = word.replace(/(.)\1{2,}/g, '$1');
      if (known(single)) return single;
      if (known(squeezed)) return squeezed;
    }
    return oneEdit(squeezed) ?? apart(squeezed) ?? (squeezed.length >= 7 ? twoEdits(squeezed) : undefined);
  };

  const cache = new Map<string, string | undefined>();
  const correct = (word: string): string | undefined => {
    if (cache.has(word)) return cache.get(word);
    const found = find(word);
    if (word.length <= LONGEST) {
      if (cache.size >= CACHE_SIZE) {
        let drop = CACHE_SIZE / 2;
        for (const old of cache.keys()) {
          if (drop-- <= 0) break;
          cache.delete(old);
        }
      }
      cache.set(word, found);
    }
    return found;
  };
  return { correct, known };
};
