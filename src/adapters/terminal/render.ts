import type { Choice, Part, Reply } from '../../core/reply.ts';

/** How a terminal shows text: its width in columns, and whether it has colour. */
export interface Screen {
  readonly width: number;
  readonly colour: boolean;
  /** The heading of a warning. */
  readonly warning: string;
}

const STYLES = { bold: 1, dim: 2, red: 31, yellow: 33, cyan: 36 } as const;

const styled = (screen: Screen, styles: readonly (keyof typeof STYLES)[], text: string): string =>
  screen.colour ? `\u001b[${styles.map((s) => STYLES[s]).join(';')}m${text}\u001b[0m` : text;

/** Breaks text at spaces so that no line is wider than the screen; a longer word stands on a line of its own. */
export function wrapped(text: string, width: number, indent = ''): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const lines: string[] = [];
      let current = '';
      for (const word of line.split(' ')) {
        if (current && indent.length + current.length + 1 + word.length > width) {
          lines.push(current);
          current = word;
        } else current = current ? `${current} ${word}` : word;
      }
      return [...lines, current].map((l) => indent + l);
    })
    .join('\n');
}

function partText(part: Part, screen: Screen): string {
  const { width } = screen;
  switch (part.kind) {
    case 'text':
      return [
        part.about ? styled(screen, ['dim'], wrapped(part.about, width)) : '',
        part.text ? wrapped(part.text, width) : '',
      ]
        .filter(Boolean)
        .join('\n');
    case 'warning': {
      const hue = part.urgency === 'routine' ? 'yellow' : 'red';
      if (part.urgency === 'routine') return styled(screen, [hue], wrapped(part.text, width, '! '));
      const bar = '━'.repeat(Math.max(8, Math.min(width, 72)));
      const body = part.text
        .split('\n')
        .map((l) => wrapped(l, Math.min(width, 72), '  '))
        .join('\n');
      return styled(screen, ['bold', hue], [bar, `  ${screen.warning}`, bar, body, bar].join('\n'));
    }
    case 'list':
      return [
        ...(part.title ? [styled(screen, ['bold'], wrapped(part.title, width))] : []),
        ...part.items.map((item) => wrapped(item, width - 4, '    ').replace(/^ {4}/, '  - ')),
      ].join('\n');
    case 'beyond':
      return [
        styled(screen, ['bold'], wrapped(part.title, width)),
        wrapped(part.text, width),
        styled(screen, ['dim'], wrapped(part.source, width)),
      ].join('\n');
    case 'source':
      return styled(screen, ['dim'], wrapped(`Source: "${part.title}", in "${part.article}"`, width));
    case 'choices':
      return part.choices.map((c, i) => `  ${styled(screen, ['cyan'], `${i + 1}`)} ${c.label}`).join('\n');
  }
}

/** A reply as lines for a terminal, parts apart by an empty line. Holds nothing that a person typed. */
export const renderReply = (reply: Pick<Reply, 'parts'>, screen: Screen): string =>
  reply.parts
    .map((p) => partText(p, screen))
    .filter(Boolean)
    .join('\n\n');

/** What can be picked by number after a reply. */
export const choicesOf = (reply: Pick<Reply, 'parts'>): readonly Choice[] =>
  reply.parts.flatMap((p) => (p.kind === 'choices' ? p.choices : []));
