import type { Part, Reply } from './reply.ts';

const lineOf = (part: Part): string => {
  switch (part.kind) {
    case 'text':
      return part.about ? `${part.about}\n${part.text}` : part.text;
    case 'warning':
      return part.text;
    case 'list':
      return [part.title, ...part.items.map((item, i) => `${i + 1}. ${item}`)].filter(Boolean).join('\n');
    case 'beyond':
      return `${part.title}: ${part.text} (${part.source})`;
    case 'source':
      return `Source: "${part.title}", in "${part.article}"`;
    case 'choices':
      return part.choices.map((c, i) => `[${i + 1}] ${c.label}`).join('  ');
  }
};

/** A reply as a channel without markup would show it: one block a part, an empty line between. */
export const plainText = (reply: Pick<Reply, 'parts'>): string => reply.parts.map(lineOf).filter(Boolean).join('\n\n');
