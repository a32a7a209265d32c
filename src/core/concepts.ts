import { type ConceptData, inflected, layersOf } from './concept-data.ts';
import { numberOf } from './numbers.ts';
import { within } from './spelling.ts';
import type { Token } from './tokens.ts';

/** Where a concept stands: first and last token. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

/** Finds concepts in tokens; a misspelt word is looked at as typed and as it was likely meant. */
export interface ConceptFinder {
  /** Places of a concept stand in order. */
  readonly find: (tokens: readonly Token[]) => ReadonlyMap<string, readonly Place[]>;
  /** The whole words that concepts name, for the speller. */
  readonly vocabulary: readonly string[];
}

type Element =
  | {
      readonly kind: 'one';
      readonly words: ReadonlySet<number>;
      readonly families: readonly number[];
      readonly optional: boolean;
    }
  | { readonly kind: 'number'; readonly least: number; readonly most: number; readonly optional: boolean }
  | { readonly kind: 'gap'; readonly least: number; readonly most: number };

interface Phrase {
  readonly family: number;
  readonly elements: readonly Element[];
  readonly atStart: boolean;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** Words shorter than this are not mended: too many other words lie one letter away. */
const MENDED_FROM = 5;
/** Words kept in memory, so that a flood of nonsense cannot grow it. */
const CACHE_SIZE = 5000;
/** From this length two wrong letters are mended. */
const TWICE_MENDED_FROM = 8;

/**
 * Compiles families. `isWord` says whether a word is ordinary English: such a word is never taken for a misspelt key word
 * ('splints' is not 'sprint').
 */
export function createConceptFinder(families: ConceptData, isWord: (word: string) => boolean): ConceptFinder {
  const names = Object.keys(families);
  const idOf = new Map(names.map((name, id) => [name, id]));
  const wordIds = new Map<string, number>();
  const prefixes = new Map<string, number>();
  let count = 0;
  const idOfWord = (word: string): number => {
    const table = word.endsWith('*') ? prefixes : wordIds;
    const key = table === prefixes ? word.slice(0, -1) : word;
    let id = table.get(key);
    if (id === undefined) {
      id = count++;
      table.set(key, id);
    }
    return id;
  };

  /** Families say the same small words again and again: each is read once. */
  const elements = new Map<string, Element>();
  const element = (part: string): Element => {
    let known = elements.get(part);
    if (!known) {
      known = readElement(part);
      elements.set(part, known);
    }
    return known;
  };
  const readElement = (part: string): Element => {
    if (part === '.' || part === '?.') return { kind: 'gap', least: part === '.' ? 1 : 0, most: 1 };
    if (part === '..' || part === '...') return { kind: 'gap', least: 0, most: part.length === 2 ? 2 : 5 };
    const optional = part.startsWith('?');
    const body = optional ? part.slice(1) : part;
    if (body.startsWith('#')) {
      const [least, most] = body.slice(1).split('-').map(Number);
      return { kind: 'number', least: least!, most: most!, optional };
    }
    const words = new Set<number>();
    const refs: number[] = [];
    // Commas inside brackets are no separators, '|' outside them is.
    for (const option of body.split('|')) {
      if (option.startsWith('@')) refs.push(idOf.get(option.slice(1))!);
      else for (const word of inflected(option)) words.add(idOfWord(word));
    }
    return { kind: 'one', words, families: refs, optional };
  };

  const layers = layersOf(families).map((layer) => {
    const byWord = new Map<number, Phrase[]>();
    const byFamily = new Map<number, Phrase[]>();
    const byNumber: Phrase[] = [];
    const add = <K>(table: Map<K, Phrase[]>, key: K, phrase: Phrase): void => {
      const list = table.get(key);
      if (list) list.push(phrase);
      else table.set(key, [phrase]);
    };
    for (const name of layer) {
      for (const text of families[name]!) {
        const atStart = text.startsWith('^ ');
        const all = (atStart ? text.slice(2) : text).split(' ').map(element);
        // A phrase that may begin late is entered once for each way it can begin.
        for (let skip = 0; skip < all.length; skip++) {
          const phrase: Phrase = { family: idOf.get(name)!, elements: skip === 0 ? all : all.slice(skip), atStart };
          const first = all[skip]!;
          if (first.kind === 'number') byNumber.push(phrase);
          else if (first.kind === 'one') {
            for (const word of first.words) add(byWord, word, phrase);
            for (const family of first.families) add(byFamily, family, phrase);
          }
          if (first.kind === 'gap' || !first.optional) break;
        }
      }
    }
    return { byWord, byFamily, byNumber };
  });

  const longest = Math.max(3, ...[...prefixes.keys()].map((p) => p.length));
  const shortest = Math.min(...[...prefixes.keys()].map((p) => p.length), longest);
  const exactly = (word: string): number[] => {
    const ids: number[] = [];
    const id = wordIds.get(word);
    if (id !== undefined) ids.push(id);
    for (let n = shortest; n <= Math.min(longest, word.length); n++) {
      const prefix = prefixes.get(word.slice(0, n));
      if (prefix !== undefined) ids.push(prefix);
    }
    return ids;
  };

  const byShape = new Map<string, string[]>();
  for (const word of wordIds.keys()) {
    if (word.length < TWICE_MENDED_FROM - 1) continue;
    const list = byShape.get(word[0]!);
    if (list) list.push(word);
    else byShape.set(word[0]!, [word]);
  }
  /** The key word that a strange word was likely meant to be. */
  const mended = (word: string): string | undefined => {
    if (word.length < MENDED_FROM - 1 || word.length > 20 || !/^[a-z*]+$/.test(word) || isWord(word)) return undefined;
    const take = (candidate: string): boolean => candidate.length >= MENDED_FROM - 1 && wordIds.has(candidate);
    for (let i = 0; i < word.length - 1; i++) {
      const swapped = word.slice(0, i) + word[i + 1] + word[i] + word.slice(i + 2);
      if (take(swapped)) return swapped;
    }
    if (word.length < MENDED_FROM) return undefined;
    for (let i = 0; i < word.length; i++) {
      const shorter = word.slice(0, i) + word.slice(i + 1);
      if (shorter.length >= MENDED_FROM - 1 && take(shorter)) return shorter;
    }
    for (let i = 0; i <= word.length; i++) {
      for (const letter of LETTERS) {
        const longer = word.slice(0, i) + letter + word.slice(i);
        if (take(longer)) return longer;
        if (i < word.length && (i > 0 || word.length > MENDED_FROM)) {
          const other = word.slice(0, i) + letter + word.slice(i + 1);
          if (take(other)) return other;
        }
      }
    }
    if (word.length < TWICE_MENDED_FROM) return undefined;
    return byShape
      .get(word[0]!)
      ?.find((candidate) => candidate.length >= TWICE_MENDED_FROM - 1 && within(word, candidate, 2));
  };

  const cache = new Map<string, readonly number[]>();
  const idsOf = ({ text, double }: Token): readonly number[] => {
    const kept = cache.get(double ?? text);
    if (kept) return kept;
    let ids = exactly(text);
    if (double !== undefined) ids = ids.concat(exactly(double));
    if (ids.length === 0) {
      const meant = mended(text) ?? (double === undefined ? undefined : mended(double));
      if (meant !== undefined) ids = exactly(meant);
    }
    if (cache.size > CACHE_SIZE) cache.clear();
    cache.set(double ?? text, ids);
    return ids;
  };

  const find = (tokens: readonly Token[]): ReadonlyMap<string, readonly Place[]> => {
    const ids = tokens.map(idsOf);
    const numbers = tokens.map((token) => numberOf(token.text));
    /** Ends of mentions by family and first token. */
    const ends: (Map<number, number[]> | undefined)[] = new Array(names.length);
    /** Families that begin at a token, in the order found. */
    const begins: number[][] = tokens.map(() => []);

    const matchFrom = (
      elements: readonly Element[],
      at: number,
      place: number,
      sentence: number,
      out: Set<number>,
    ): void => {
      const now = elements[at];
      if (now === undefined) {
        out.add(place);
        return;
      }
      if (now.kind === 'gap') {
        for (let skip = now.least; skip <= now.most && place + skip <= tokens.length; skip++)
          matchFrom(elements, at + 1, place + skip, sentence, out);
        return;
      }
      if (now.optional) matchFrom(elements, at + 1, place, sentence, out);
      const token = tokens[place];
      if (token === undefined || token.sentence !== sentence) return;
      if (now.kind === 'number') {
        const number = numbers[place];
        if (number !== undefined && number >= now.least && number <= now.most)
          matchFrom(elements, at + 1, place + 1, sentence, out);
        return;
      }
      for (const id of ids[place]!) {
        if (now.words.has(id)) {
          matchFrom(elements, at + 1, place + 1, sentence, out);
          break;
        }
      }
      for (const family of now.families)
        for (const end of ends[family]?.get(place) ?? []) matchFrom(elements, at + 1, end, sentence, out);
    };

    const found = new Set<number>();
    const tryAll = (phrases: readonly Phrase[] | undefined, place: number): void => {
      if (phrases === undefined) return;
      const { sentence } = tokens[place]!;
      const isStart = place === 0 || tokens[place - 1]!.sentence !== sentence;
      for (const phrase of phrases) {
        if (phrase.atStart && !isStart) continue;
        matchFrom(phrase.elements, 0, place, sentence, found);
        if (found.size === 0) continue;
        let table = ends[phrase.family];
        if (!table) {
          table = new Map();
          ends[phrase.family] = table;
        }
        const list = table.get(place);
        if (!list) {
          table.set(place, [...found]);
          begins[place]!.push(phrase.family);
        } else for (const end of found) if (!list.includes(end)) list.push(end);
        found.clear();
      }
    };

    for (const { byWord, byFamily, byNumber } of layers) {
      for (let place = 0; place < tokens.length; place++) {
        for (const id of ids[place]!) tryAll(byWord.get(id), place);
        if (numbers[place] !== undefined) tryAll(byNumber, place);
        if (byFamily.size > 0) for (const family of [...begins[place]!]) tryAll(byFamily.get(family), place);
      }
    }
    const places = new Map<string, Place[]>();
    ends.forEach((table, family) => {
      if (!table) return;
      const list: Place[] = [];
      for (const [from, tos] of table) for (const to of tos) list.push({ from, to: to - 1 });
      list.sort((a, b) => a.from - b.from || a.to - b.to);
      places.set(names[family]!, list);
    });
    return places;
  };
  return { find, vocabulary: [...wordIds.keys()].filter((word) => /^[a-z]{4,}$/.test(word)) };
}
