import MiniSearch, { type AsPlainObject, type Options } from 'minisearch';
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

/** An index as plain data: built once, when the corpus is compiled. */
export interface KnowledgeModel {
  readonly index: AsPlainObject;
  readonly passages: number;
  /** In how many passages each term stands. */
  readonly spread: Readonly<Record<string, number>>;
}

/** Terms of a query that are looked up, the rarest; more would cost time and tell nothing new. */
const MOST_TERMS = 12;
/** A term that stands in more passages is looked up only when nothing rarer was asked: it tells little and costs most. */
const MOST_PLACES = 400;
/** Terms that no passage holds and that are sought by their beginning or by near spelling. */
const MOST_GUESSED = 3;
/** Passages that are told, the best first. */
const MOST_HITS = 10;

const OPTIONS: Options<{ id: string; title: string; body: string }> = {
  fields: ['title', 'body'],
  tokenize: (text) => text.split(' '),
  processTerm: (term) => term,
  searchOptions: { boost: { title: 2 }, weights: { prefix: 0.3, fuzzy: 0.3 } },
};

const termsOf = (reading: Reading): string[] => [
  ...new Set([...reading.content, ...reading.concepts.map((concept) => `=${concept}`)]),
];

/** Indexes passages; `read` gives the content stems and concepts of a text. */
export const indexPassages = (passages: readonly IndexedPassage[], read: (text: string) => Reading): KnowledgeModel => {
  const search = new MiniSearch(OPTIONS);
  const spread = new Map<string, number>();
  for (const { topic, title, body } of passages) {
    const titleTerms = termsOf(read(title));
    const bodyTerms = termsOf(read(body));
    for (const term of new Set([...titleTerms, ...bodyTerms])) spread.set(term, (spread.get(term) ?? 0) + 1);
    search.add({ id: topic, title: titleTerms.join(' '), body: bodyTerms.join(' ') });
  }
  return { index: search.toJSON(), passages: passages.length, spread: Object.fromEntries(spread) };
};

/** Makes an index ready for use. */
export const loadKnowledge = (model: KnowledgeModel): Knowledge => {
  const search = MiniSearch.loadJS<{ id: string; title: string; body: string }>(model.index, OPTIONS);
  const spread = new Map(Object.entries(model.spread));
  const rarity = (term: string): number => Math.log(1 + (model.passages + 1) / (spread.get(term) ?? 0.5));
  return (reading) => {
    const terms = termsOf(reading);
    const held = terms.filter((t) => spread.has(t)).sort((a, b) => (spread.get(a) ?? 0) - (spread.get(b) ?? 0));
    const telling = held.filter((t, i) => i === 0 || (spread.get(t) ?? 0) <= MOST_PLACES).slice(0, MOST_TERMS);
    const strange = terms.filter((t) => !spread.has(t) && !t.startsWith('=') && t.length >= 5).slice(0, MOST_GUESSED);
    if (telling.length + strange.length === 0) return [];
    const content = [...new Set(reading.content)];
    const whole = content.reduce((sum, term) => sum + rarity(term), 0) || 1;
    // What a common term that was not looked up adds to every passage: its worth, as often as it stands in one.
    const common = content
      .filter((t) => spread.has(t) && !telling.includes(t))
      .reduce((sum, t) => sum + (rarity(t) * (spread.get(t) ?? 0)) / model.passages, 0);
    const asked = new Set(content);
    return search
      .search({
        queries: [
          ...(telling.length ? [{ queries: telling }] : []),
          ...(strange.length
            ? [{ queries: strange, prefix: true, fuzzy: (term: string) => (term.length >= 6 ? 0.2 : false) }]
            : []),
        ],
      })
      .slice(0, MOST_HITS)
      .map(({ id, score, terms: matched }) => {
        const found = matched.reduce((sum, term) => sum + (asked.has(term) ? rarity(term) : 0), common);
        return { topic: id, score, coverage: Math.min(1, found / whole) };
      });
  };
};
