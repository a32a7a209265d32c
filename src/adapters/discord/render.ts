import type {
  APIActionRowComponent,
  APIButtonComponent,
  APIContainerComponent,
  APIMessageTopLevelComponent,
  APIStringSelectComponent,
  APITextDisplayComponent,
} from 'discord.js';
import { ButtonStyle, ComponentType, MessageFlags } from 'discord.js';
import { fill } from '../../core/corpus.ts';
import type { Choice, Part, Reply } from '../../core/reply.ts';
import { isAtLeast } from '../../core/urgency.ts';
import { cutText } from '../cut.ts';
import { escapeDiscord } from './escape.ts';
import { type Press, pressId } from './press.ts';

/** Discord's limits as documented. The total of texts in a card is not documented; the client library refuses above 4000. */
const LIMIT = {
  card: 4000,
  content: 2000,
  label: 80,
  id: 100,
  row: 5,
  menu: 25,
  option: 100,
  placeholder: 150,
} as const;
/** Choices are buttons up to two rows; more become a menu. */
const BUTTONS = LIMIT.row * 2;
/** Units between two blocks of text. */
const GAP = 2;

/** Words that stand on every card, from the corpus. */
export interface CardWords {
  /** Heading of a warning. */
  readonly warning: string;
  /** With {title} and {article}. */
  readonly source: string;
  readonly topics: string;
  readonly share: string;
  readonly helpful: string;
  readonly unhelpful: string;
}

/** How a reply is shown. */
export interface RenderOptions {
  readonly words: CardWords;
  /** Only the person sees it. */
  readonly ephemeral: boolean;
  /** Topics of a menu that stands in place of the offer 'All topics'; absent = the offer is a button. */
  readonly topics?: readonly Choice[];
  /** Topics whose answer a 'Share' button shows to everybody; absent = no button. */
  readonly share?: readonly string[];
  /** The topic that 'helpful' and 'not helpful' count for; absent = no such buttons. */
  readonly feedback?: string;
}

/** A message for Discord: within every limit, pings nobody, unfolds no link. */
export interface DiscordPayload {
  readonly flags: number;
  readonly content?: string;
  readonly components: APIMessageTopLevelComponent[];
  readonly allowedMentions: { readonly parse: []; readonly repliedUser: false };
}

/** A piece of text and how it is marked up; cut where it must be before it is escaped, so that no mark is cut in two. */
interface Block {
  readonly rank: 'warning' | 'source' | 'body';
  readonly text: string;
  readonly mark: (escaped: string) => string;
}

const plain = (escaped: string): string => escaped;
const bold = (escaped: string): string => (escaped ? `**${escaped}**` : '');
const small = (escaped: string): string => (escaped ? `-# ${escaped}` : '');
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The first two sentences of a warning say what to do: they are bold, the rest is easier to read plain. */
function markWarning(escaped: string): string {
  const [, act = escaped, rest = ''] = /^((?:.*?[.?!](?=\s|$)){1,2})\s*(.*)$/s.exec(escaped) ?? [];
  return rest ? `${bold(act.trim())}\n${rest}` : bold(act.trim());
}

function blocksOf(part: Part, words: CardWords): Block[] {
  const body = (text: string, mark = plain): Block[] =>
    text.trim() ? [{ rank: 'body', text: text.trim(), mark }] : [];
  switch (part.kind) {
    case 'text':
      return [...body(oneLine(part.about ?? ''), small), ...body(part.text)];
    case 'warning':
      if (!isAtLeast(part.urgency, 'urgent')) return body(part.text, (escaped) => `⚠️ ${escaped}`);
      return [
        {
          rank: 'warning',
          text: part.text.trim(),
          mark: (escaped) =>
            `## ${part.urgency === 'crisis' ? '' : '⚠️ '}${escapeDiscord(oneLine(words.warning))}\n${markWarning(escaped)}`,
        },
      ];
    case 'list':
      return [
        ...body(oneLine(part.title), bold),
        ...body(part.items.map(oneLine).join('\n'), (escaped) => escaped.replace(/^/gm, '- ')),
      ];
    case 'beyond':
      return [...body(oneLine(part.title), bold), ...body(part.text), ...body(oneLine(part.source), small)];
    case 'source':
      return [
        {
          rank: 'source',
          text: oneLine(fill(words.source, { title: part.title, article: part.article })),
          mark: small,
        },
      ];
    case 'choices':
      return [];
  }
}

/** A block as Markdown of at most `most` units, cut at a sentence where it must be; empty when nothing fits. */
function fitted(block: Block, most: number): string {
  for (let room = block.text.length; room > 0; ) {
    const shown = block.mark(escapeDiscord(cutText(block.text, room)));
    if (shown.length <= most) return shown;
    room -= Math.max(1, Math.min(room >> 1, shown.length - most));
  }
  return '';
}

/** All text of a reply within `room`: a warning is kept first, then the source, then the rest in its order. */
function textsOf(reply: Pick<Reply, 'parts'>, words: CardWords, room: number) {
  const blocks = reply.parts.flatMap((p) => blocksOf(p, words));
  const shown = new Map<Block, string>();
  let left = room;
  for (const rank of ['warning', 'source', 'body'] as const)
    for (const block of blocks.filter((b) => b.rank === rank)) {
      const text = fitted(block, left - GAP);
      shown.set(block, text);
      left -= text ? text.length + GAP : 0;
    }
  const joined = (rank: Block['rank'], gap: string) =>
    blocks.flatMap((b) => (b.rank === rank && shown.get(b)) || []).join(gap);
  return { warning: joined('warning', '\n'), body: joined('body', '\n\n'), source: joined('source', '\n') };
}

const button = (
  press: Press,
  label: string,
  style: ButtonStyle.Primary | ButtonStyle.Secondary,
): APIButtonComponent[] => {
  const shown = cutText(oneLine(label), LIMIT.label);
  const id = pressId(press);
  // An id that is too long is left out: cut, it would be taken for another.
  return shown && id.length <= LIMIT.id ? [{ type: ComponentType.Button, style, custom_id: id, label: shown }] : [];
};

const rowsOf = (buttons: readonly APIButtonComponent[]): APIActionRowComponent<APIButtonComponent>[] =>
  Array.from({ length: Math.ceil(buttons.length / LIMIT.row) }, (_, i) => ({
    type: ComponentType.ActionRow,
    components: buttons.slice(i * LIMIT.row, (i + 1) * LIMIT.row),
  }));

/** One menu for each 25 choices, two at most. */
function menusOf(
  choices: readonly Choice[],
  place: number,
  placeholder: string,
): APIActionRowComponent<APIStringSelectComponent>[] {
  const options = choices
    .map((c) => ({ label: cutText(oneLine(c.label), LIMIT.option), value: c.id }))
    .filter((o) => o.label && o.value && o.value.length <= LIMIT.option);
  const count = Math.min(2, Math.ceil(options.length / LIMIT.menu));
  return Array.from({ length: count }, (_, i) => ({
    type: ComponentType.ActionRow,
    components: [
      {
        type: ComponentType.StringSelect,
        custom_id: pressId({ kind: 'menu', place: place + i }),
        placeholder: cutText(oneLine(placeholder), LIMIT.placeholder),
        options: options.slice(i * LIMIT.menu, (i + 1) * LIMIT.menu),
      },
    ],
  }));
}

/** Choices that share no id: Discord refuses a message with two equal ids. */
const distinct = (choices: readonly Choice[]): readonly Choice[] => [
  ...new Map(choices.map((c) => [c.id, c])).values(),
];

/** Everything to press, five rows at most: what answers a question or leads on, the menu of topics, then share and feedback. */
function controlsOf(reply: Pick<Reply, 'parts'>, options: RenderOptions) {
  const { words, share, feedback } = options;
  const given = reply.parts.filter((p) => p.kind === 'choices');
  const asks = given.some((p) => p.asks);
  const all = distinct(given.flatMap((p) => p.choices));
  const topics = !asks && all.some((c) => c.id === 'topics') ? distinct(options.topics ?? []) : [];
  const choices = topics.length ? all.filter((c) => c.id !== 'topics') : all;
  const style = asks ? ButtonStyle.Primary : ButtonStyle.Secondary;
  const extra = [
    ...(share?.length ? button({ kind: 'share', topics: share }, words.share, ButtonStyle.Secondary) : []),
    ...(feedback
      ? [
          ...button({ kind: 'feedback', topic: feedback, isHelpful: true }, words.helpful, ButtonStyle.Secondary),
          ...button({ kind: 'feedback', topic: feedback, isHelpful: false }, words.unhelpful, ButtonStyle.Secondary),
        ]
      : []),
  ];
  return [
    ...(choices.length > BUTTONS
      ? menusOf(choices, 0, words.topics)
      : rowsOf(choices.flatMap((c) => button({ kind: 'choice', asks, choice: c.id }, c.label, style)))),
    ...menusOf(topics, 2, words.topics),
    ...rowsOf(extra),
  ];
}

const COLOURS = { none: 0x3b82f6, routine: 0xeab308, urgent: 0xf97316, emergency: 0xdc2626, crisis: 0xdc2626 } as const;
const NO_WORDS = '…';
const quiet = { allowedMentions: { parse: [] as [], repliedUser: false as const } };
const flagsOf = (options: RenderOptions): number =>
  MessageFlags.SuppressEmbeds | (options.ephemeral ? MessageFlags.Ephemeral : 0);

/** A reply as a card of components. Pure; every text is escaped and every limit kept, whatever the reply holds. */
export function renderCard(reply: Pick<Reply, 'parts' | 'urgency'>, options: RenderOptions): DiscordPayload {
  const { warning, body, source } = textsOf(reply, options.words, LIMIT.card - NO_WORDS.length);
  const display = (content: string): APITextDisplayComponent[] =>
    content ? [{ type: ComponentType.TextDisplay, content }] : [];
  const container: APIContainerComponent = {
    type: ComponentType.Container,
    accent_color: COLOURS[reply.urgency],
    components: [
      ...display(warning),
      ...(warning && (body || source) ? [{ type: ComponentType.Separator as const }] : []),
      ...display(body || (warning || source ? '' : NO_WORDS)),
      ...display(source),
      ...controlsOf(reply, options),
    ],
  };
  return { flags: flagsOf(options) | MessageFlags.IsComponentsV2, components: [container], ...quiet };
}

/** The same as an ordinary message, for where Discord does not take the card. */
export function renderPlain(reply: Pick<Reply, 'parts' | 'urgency'>, options: RenderOptions): DiscordPayload {
  const { warning, body, source } = textsOf(reply, options.words, LIMIT.content - NO_WORDS.length);
  return {
    flags: flagsOf(options),
    content: [warning, body, source].filter(Boolean).join('\n\n') || NO_WORDS,
    components: controlsOf(reply, options),
    ...quiet,
  };
}
