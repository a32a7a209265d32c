import { fromMarkdown } from 'mdast-util-from-markdown';
import type { Block } from '../core/article.ts';

interface MarkdownNode {
  readonly type: string;
  readonly depth?: number | undefined;
  readonly ordered?: boolean | null | undefined;
  readonly value?: string | undefined;
  readonly children?: readonly MarkdownNode[] | undefined;
  readonly position?: { readonly start: { readonly line: number } } | undefined;
}

const wordsOf = (node: MarkdownNode): string =>
  node.value !== undefined
    ? node.value.replace(/\s*\n\s*/g, ' ')
    : node.type === 'break'
      ? ' '
      : (node.children ?? []).map(wordsOf).join('');

/**
 * Cuts a text file into blocks. A file with headings of `##` or deeper is read as Markdown; one without is read as plain text of
 * numbered sections (`1. Title`) and `Q:` / `A:` lines. In Markdown too a numbered or `Q:` heading of any depth begins a passage, and
 * so does a paragraph that begins with `Q:`. Line numbers count from 1, plus `offset` lines of front matter.
 */
export function readBlocks(text: string, offset: number): readonly Block[] {
  return /^#{2,6}\s/m.test(text) ? markdownBlocks(text, offset) : plainBlocks(text, offset);
}

const QUESTION = /^Q:\s*(\S.*?)(?:\s+A:\s*(.*))?$/;
const NUMBERED = /^(\d{1,3})[.)]\s+\S/;
const isPassageTitle = (words: string): boolean => NUMBERED.test(words) || QUESTION.test(words);

/** A paragraph; one that begins with `Q:` is a heading, with its answer below it when it follows at once. */
function paragraph(words: string, line: number): readonly Block[] {
  const [, question, answer] = QUESTION.exec(words) ?? [];
  if (question === undefined) return [{ kind: 'text', text: words.replace(/^A:\s*/, ''), line }];
  const heading: Block = { kind: 'heading', depth: 2, text: `Q: ${question}`, line };
  return answer ? [heading, { kind: 'text', text: answer, line }] : [heading];
}

function markdownBlocks(text: string, offset: number): readonly Block[] {
  const tree: MarkdownNode = fromMarkdown(text);
  const blocks = (tree.children ?? []).flatMap((node): readonly Block[] => {
    const line = (node.position?.start.line ?? 1) + offset;
    const words = wordsOf(node).trim();
    if (node.type === 'heading')
      return [{ kind: 'heading', depth: isPassageTitle(words) ? 2 : (node.depth ?? 2), text: words, line }];
    if (node.type === 'list')
      return [
        {
          kind: 'items',
          items: (node.children ?? []).map((c) => wordsOf(c).trim()),
          ordered: node.ordered === true,
          line,
        },
      ];
    return words && node.type !== 'html' ? paragraph(words, line) : [];
  });
  // A heading that only stands above others, such as "Common questions", is no passage.
  return blocks.filter((b, i) => {
    const next = blocks[i + 1];
    const isAbove = next?.kind === 'heading' && next.depth === 2 && isPassageTitle(next.text);
    return !(b.kind === 'heading' && b.depth === 2 && !isPassageTitle(b.text) && isAbove);
  });
}

/** Plain text, in which people write headings as `1. Title`, `**1. Title**` or `# Title`. */
function plainBlocks(text: string, offset: number): readonly Block[] {
  const lines = text.split('\n').map((raw) => raw.trim().replace(/^#+\s+|\*\*|__/g, ''));
  const numberAt = (i: number): number | undefined => {
    const number = NUMBERED.exec(lines[i] ?? '')?.[1];
    return number === undefined ? undefined : Number(number);
  };
  let last: number | undefined;
  return lines.flatMap((words, i): readonly Block[] => {
    const line = i + 1 + offset;
    if (!words) return [];
    const number = numberAt(i);
    // Lines of a list within a section are numbered too: they follow one another without a gap, or do not go on counting.
    const isListed = numberAt(i - 1) !== undefined || numberAt(i + 1) !== undefined;
    if (number !== undefined && !isListed && (last === undefined || number === last + 1)) {
      last = number;
      return [{ kind: 'heading', depth: 2, text: words, line }];
    }
    return paragraph(words, line);
  });
}
