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
 * Cuts a text file into blocks. Markdown with `##` headings is read as Markdown; a file without is read as plain text of numbered
 * sections (`1. Title`) and `Q:` / `A:` lines. Line numbers count from 1, plus `offset` lines of front matter.
 */
export function readBlocks(text: string, offset: number): readonly Block[] {
  return /^#{2}\s/m.test(text) ? markdownBlocks(text, offset) : plainBlocks(text, offset);
}

function markdownBlocks(text: string, offset: number): readonly Block[] {
  const tree: MarkdownNode = fromMarkdown(text);
  return (tree.children ?? []).flatMap((node): Block[] => {
    const line = (node.position?.start.line ?? 1) + offset;
    if (node.type === 'heading') return [{ kind: 'heading', depth: node.depth ?? 2, text: wordsOf(node).trim(), line }];
    if (node.type === 'list')
      return [
        {
          kind: 'items',
          items: (node.children ?? []).map((c) => wordsOf(c).trim()),
          ordered: node.ordered === true,
          line,
        },
      ];
    const words = wordsOf(node).trim();
    return words && node.type !== 'html' ? [{ kind: 'text', text: words, line }] : [];
  });
}

function plainBlocks(text: string, offset: number): readonly Block[] {
  const blocks: Block[] = [];
  let begun = false;
  text.split('\n').forEach((raw, i) => {
    const line = i + 1 + offset;
    const words = raw.trim();
    if (!words) return;
    if (/^\d{1,3}[.)]\s+\S/.test(words) || /^Q:\s*\S/.test(words)) {
      begun = true;
      blocks.push({ kind: 'heading', depth: 2, text: words, line });
    } else if (begun) blocks.push({ kind: 'text', text: words.replace(/^A:\s*/, ''), line });
  });
  return blocks;
}
