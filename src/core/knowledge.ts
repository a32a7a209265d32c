import MiniSearch from 'minisearch';
import type { Reading } from './features.ts';

/** A passage as the index takes it. */
export interface IndexedPassage {
  readonly topic: string;
  readonly title: string;
  readonly body: string;
}

/** A passage that was found, and how much of what was asked stands in it: 0..1, rare words counting most. */
export interface Hit {
  readonly topic: string;
  readonly score: number;
  readonly coverage: number;
}

/** Searches passages by their own words; the only guide to passages for which nobody has written phrases. */
export type Knowledge = (reading: Reading) => readonly Hit[];

/** Terms of a query that are looked up; more would cost time and tell nothing new. */
const MOST_TERMS = 40;

/** Indexes passages; `read` gives the content stems and concepts of a text. A few milliseconds for twenty passages. */
export const createKnowledge = (passages: readonly IndexedPassage[], read: (text: string) => Reading): Knowledge => {
  const termsOf = (reading: Reading): string[] => [
    ...new Set([...reading.content, ...reading.concepts.map((concept) => `=${concept}`)]),
  ];
  const search = new MiniSearch<{ id: string; title: string; body: string }>({
    fields: ['title', 'body'],
    tokenize: (text) => text.split(' '),
    processTerm: (term) => term,
    searchOptions: {
      boost: { title: 2 },
      prefix: (term) => term.length >= 5,
      fuzzy: (term) => (term.length >= 6 && !term.startsWith('=') ? 0.2 : false),
      weights: { prefix: 0.3, fuzzy: 0.3 },
    },
  });
  const holds = new Map<string, Set<string>>();
  const spread = new Map<string, number>();
  const indexed = passages.map(({ topic, title, body }) => {
    const titleTerms = termsOf(read(title));
    const bodyTerms = termsOf(read(body));
    const all = new Set([...titleTerms, ...bodyTerms]);
    holds.set(topic, all);
    for (const term of all) spread.set(term, (spread.get(term) ?? 0) + 1);
    return { id: topic, title: titleTerms.join(' '), body: bodyTerms.join(' ') };
  });
  search.addAll(indexed);
  const rarity = (term: string): number => Math.log(1 + (passages.length + 1) / (spread.get(term) ?? 0.5));
  return (reading) => {
    const terms = termsOf(reading).slice(0, MOST_TERMS);
    if (terms.length === 0) return [];
    const content = [...new Set(reading.content)].slice(0, MOST_TERMS);
    const whole = content.reduce((sum, term) => sum + rarity(term), 0) || 1;
    return search.search(terms.join(' ')).map(({ id, score }) => {
      const found = content.reduce((sum, term) => sum + (holds.get(id)?.has(term) ? rarity(term) : 0), 0);
      return { topic: id, score, coverage: found / whole };
    });
  };
};
