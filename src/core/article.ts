import type { CorpusFault } from './fault.ts';

/** One block of a text file, already parsed from its format: what a passage is cut from. Lines count from 1. */
export type Block =
  | { readonly kind: 'heading'; readonly depth: number; readonly text: string; readonly line: number }
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  | { readonly kind: 'items'; readonly items: readonly string[]; readonly ordered: boolean; readonly line: number };

/** A piece of a passage: a paragraph, or a list. */
export type Piece = { readonly text: string } | { readonly items: readonly string[] };

/** What the article says on one topic. Each part reads well alone. */
export interface Passage {
  readonly topic: string;
  readonly title: string;
  /** `cause` = a numbered section, `question` = an FAQ entry, `overview` = the rest. */
  readonly kind: 'cause' | 'question' | 'overview';
  /** The number of a cause in the article, counted from 1. */
  readonly number?: number;
  /** The direct answer. */
  readonly short: readonly Piece[];
  /** The mechanism; absent when the article gives none. */
  readonly why?: readonly Piece[];
  /** What the article says helps; absent when it says nothing. */
  readonly helps?: readonly Piece[];
  /** The article does not tell these parts apart, so that `short` holds all it says. */
  readonly undivided?: true;
}

/** An article: its id, the title of the source, one sentence on what it is, and its passages in order. */
export interface Article {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly passages: readonly Passage[];
}

const HEADING = /^(?:(\d{1,3})[.)]\s+|(Q:)\s*)?(.*?)(?:\s*\{#([a-z0-9-]+)\})?$/;
const PARTS: ReadonlyMap<string, 'why' | 'helps'> = new Map([
  ['why', 'why'],
  ['what helps', 'helps'],
]);

/** All words of a piece list, one paragraph or list item a line. */
export const plainOf = (pieces: readonly Piece[] | undefined): string =>
  (pieces ?? []).map((p) => ('text' in p ? p.text : p.items.join('\n'))).join('\n');

/** All words of a passage without its title, for the index. */
export const bodyOf = (p: Passage): string => [p.short, p.why, p.helps].map(plainOf).join('\n');

const slugOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 48) || 'passage';

/**
 * Cuts blocks into passages: a heading of depth 2 begins one (`## 3. Title {#id}`, `## Q: question {#id}`), `### Why` and
 * `### What helps` begin its parts. Without `{#id}` the id is made from the title. Text above the
 * first passage becomes one under the title of the article. Faults are collected, not thrown.
 */
export function splitArticle(
  file: string,
  front: { readonly id: string; readonly title: string; readonly about: string },
  blocks: readonly Block[],
): { readonly article: Article; readonly faults: readonly CorpusFault[] } {
  const faults: CorpusFault[] = [];
  const passages: Passage[] = [];
  let open:
    | { head: Omit<Passage, 'short'>; line: number; parts: Record<'short' | 'why' | 'helps', Piece[]> }
    | undefined;
  let part: 'short' | 'why' | 'helps' = 'short';

  const close = () => {
    if (!open) return;
    const { head, parts, line } = open;
    if (!parts.short.length)
      faults.push({
        file,
        line,
        what: `passage "${head.title}" has no text`,
        cure: 'write its answer under the heading',
      });
    if (passages.some((p) => p.topic === head.topic))
      faults.push({ file, line, what: `two passages share the id "${head.topic}"`, cure: 'give one another {#id}' });
    passages.push({
      ...head,
      short: parts.short,
      ...(parts.why.length ? { why: parts.why } : {}),
      ...(parts.helps.length ? { helps: parts.helps } : {}),
    });
  };

  for (const block of blocks) {
    if (!open && block.kind === 'text' && block.text === front.title) continue;
    if (block.kind === 'heading' && block.depth <= 2) {
      if (block.depth === 1) continue;
      close();
      const [, number, question, title = '', id] = HEADING.exec(block.text) ?? [];
      const kind = question ? 'question' : number ? 'cause' : 'overview';
      if (!title) faults.push({ file, line: block.line, what: 'a heading without words', cure: 'name the passage' });
      open = {
        head: { topic: id ?? slugOf(title), title, kind, ...(number ? { number: Number(number) } : {}) },
        line: block.line,
        parts: { short: [], why: [], helps: [] },
      };
      part = 'short';
    } else if (block.kind === 'heading') {
      const named = PARTS.get(block.text.trim().toLowerCase());
      if (!named)
        faults.push({
          file,
          line: block.line,
          what: `a part called "${block.text}"`,
          cure: 'parts are called "Why" and "What helps"',
        });
      part = named ?? part;
    } else {
      open ??= {
        head: { topic: 'overview', title: front.title, kind: 'overview' },
        line: block.line,
        parts: { short: [], why: [], helps: [] },
      };
      open.parts[part].push(block.kind === 'text' ? { text: block.text } : { items: block.items });
    }
  }
  close();
  if (!passages.length)
    faults.push({
      file,
      line: 1,
      what: 'an article without passages',
      cure: 'begin each passage with a heading: ## Title, or 1. Title and Q: in plain text',
    });
  const isDivided = passages.some((p) => p.why || p.helps);
  return {
    article: { ...front, passages: isDivided ? passages : passages.map((p) => ({ ...p, undivided: true as const })) },
    faults,
  };
}
