import type { Token } from './tokens.ts';

/** Word families: the name of a concept to the phrases that mean it. `word*` stands for every word that begins so. */
export type ConceptData = Readonly<Record<string, readonly string[]>>;

/** Where a concept stands: first and last token. */
export interface Place {
  readonly from: number;
  readonly to: number;
}

interface Node {
  readonly next: Map<string, Node>;
  /** Prefix steps, longest first. */
  prefixes: { readonly prefix: string; readonly node: Node }[];
  readonly ends: string[];
}

const node = (): Node => ({ next: new Map(), prefixes: [], ends: [] });

/** Finds concepts in tokens. `correct` gives the likely meant word of a misspelt one, which is looked at beside what was typed. */
export interface ConceptFinder {
  find(tokens: readonly Token[]): ReadonlyMap<string, readonly Place[]>;
  /** All whole words and prefixes of the concepts, for the speller. */
  readonly vocabulary: readonly string[];
}

/** Compiles word families into one trie over words, walked once for every token. */
export function createConceptFinder(data: ConceptData, correct: (word: string) => string | undefined): ConceptFinder {
  const root = node();
  const vocabulary = new Set<string>();
  for (const [concept, phrases] of Object.entries(data))
    for (const phrase of phrases) {
      let at = root;
      for (const step of String(phrase).toLowerCase().split(' ')) {
        const isPrefix = step.endsWith('*');
        const word = isPrefix ? step.slice(0, -1) : step;
        if (/^[a-z]{4,}$/.test(word)) vocabulary.add(word);
        if (isPrefix) {
          let found = at.prefixes.find((p) => p.prefix === word)?.node;
          if (!found) {
            found = node();
            at.prefixes.push({ prefix: word, node: found });
            at.prefixes.sort((a, b) => b.prefix.length - a.prefix.length);
          }
          at = found;
        } else {
          let found = at.next.get(word);
          if (!found) {
            found = node();
            at.next.set(word, found);
          }
          at = found;
        }
      }
      if (!at.ends.includes(concept)) at.ends.push(concept);
    }

  const formsOf = (token: Token): readonly string[] => {
    const forms = token.double ? [token.text, token.double] : [token.text];
    const corrected = correct(token.text) ?? (token.double ? correct(token.double) : undefined);
    return corrected ? [...forms, ...corrected.split(' ').slice(0, 1)] : forms;
  };

  return {
    vocabulary: [...vocabulary],
    find(tokens) {
      const found = new Map<string, Place[]>();
      const forms = tokens.map(formsOf);
      const walk = (at: Node, begin: number, i: number): void => {
        for (const concept of at.ends) {
          const place = { from: begin, to: i - 1 };
          const list = found.get(concept);
          if (!list) found.set(concept, [place]);
          else if (!list.some((p) => p.from === place.from && p.to === place.to)) list.push(place);
        }
        if (i >= tokens.length || (i > begin && tokens[i]?.sentence !== tokens[begin]?.sentence)) return;
        for (const form of forms[i] ?? []) {
          const next = at.next.get(form);
          if (next) walk(next, begin, i + 1);
          for (const { prefix, node: after } of at.prefixes) if (form.startsWith(prefix)) walk(after, begin, i + 1);
        }
      };
      for (let i = 0; i < tokens.length; i++) walk(root, i, i);
      return found;
    },
  };
}
