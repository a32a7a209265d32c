import type { types } from '@slack/bolt';
import { fill } from '../../core/corpus.ts';
import type { Choice, Part, Reply } from '../../core/reply.ts';
import { cutText } from '../cut.ts';
import type { Action, FormName } from './names.ts';
import { escapeSlack, fitted, piecesOf } from './text.ts';
import type { SlackWording } from './wording.ts';

type KnownBlock = types.KnownBlock;
type Element = types.ActionsBlockElement;

/** Slack's limits, from its documentation; the sum of all text of a message is not documented and kept on the safe side. */
const SECTION = 3000;
const TOTAL = 12_000;
const FALLBACK = 3000;
const LABEL = 75;
const VALUE = 150;
const ROW = 5;
const MENU = 100;
const BLOCKS = 45;
/** More choices than this become a menu. */
const BUTTONS = 10;

/** The version in the value of each button: presses of another version get a kind word instead of a wrong answer. */
const VERSION = 'b1';

/** Where a talk takes place: `p` is a person's private talk with the bot, `c` the talk in the channel at hand. */
export type Place = 'p' | 'c';

/** What is sent: blocks, and the text for notifications and screen readers beside them. */
export interface SlackPayload {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** How a reply is shown. */
export interface RenderOptions {
  readonly place: Place;
  readonly own: SlackWording;
  /** A message takes feedback buttons and fewer blocks; a modal does not. */
  readonly surface: 'message' | 'modal';
  /** A button that opens all questions as a form. */
  readonly form?: FormName | undefined;
  /** A button that shares the answer on a topic with the channel, and its label. */
  readonly share?: { readonly topic: string; readonly label: string } | undefined;
  /** A plain sentence before the reply. */
  readonly lead?: string | undefined;
}

/** The value of a button: version, place and choice. */
export const pressValue = (place: Place, choice: string): string => `${VERSION}|${place}|${choice}`.slice(0, VALUE);

/** Place and choice of a button's value; `undefined` means: an old or foreign button. */
export function pressOf(value: string): { readonly place: Place; readonly choice: string } | undefined {
  const [, place, choice] = new RegExp(`^${VERSION}\\|(p|c)\\|(.{1,140})$`).exec(value) ?? [];
  return place && choice ? { place: place as Place, choice } : undefined;
}

const plain = (text: string, most: number) =>
  ({ type: 'plain_text', text: cutText(text, most) || '…', emoji: true }) as const;
const section = (mrkdwn: string): KnownBlock => ({
  type: 'section',
  text: { type: 'mrkdwn', text: mrkdwn, verbatim: true },
});
const small = (text: string): KnownBlock => ({
  type: 'context',
  elements: [{ type: 'mrkdwn', text: fitted(text, SECTION), verbatim: true }],
});
const bold = (text: string): string => `*${fitted(text.replaceAll('*', '').replaceAll('\n', ' '), SECTION - 2)}*`;
const sections = (text: string): KnownBlock[] => piecesOf(text, SECTION).map((piece) => section(escapeSlack(piece)));

/** A button; `id` is counted up so that no two of a message share an action id. */
export const button = (
  action: Action,
  id: number,
  label: string,
  value: string,
  style?: types.Button['style'],
): types.Button => ({
  type: 'button',
  action_id: `${action}:${id}`,
  text: plain(label, LABEL),
  value: value.slice(0, VALUE),
  ...(style ? { style } : {}),
});

/** Rows of at most five buttons each. */
export const rowsOf = (elements: readonly Element[], blockId?: string): KnownBlock[] =>
  Array.from({ length: Math.ceil(elements.length / ROW) }, (_, i) => ({
    type: 'actions',
    ...(blockId ? { block_id: `${blockId}:${i}` } : {}),
    elements: elements.slice(i * ROW, i * ROW + ROW),
  }));

/** The beginning of the block ids of a question's buttons: a press on one puts what follows in the question's place. */
export const ASKS = 'asks';

function blocksOf(part: Part, own: SlackWording): KnownBlock[] {
  switch (part.kind) {
    case 'text':
      return [...(part.about ? [small(part.about)] : []), ...sections(part.text)];
    case 'warning':
      if (part.urgency === 'routine') return sections(`⚠️ ${part.text}`);
      return [{ type: 'header', text: plain(`⚠️ ${own['please-read']}`, 150) }, ...sections(part.text)];
    case 'list':
      return [
        ...(part.title ? [section(bold(part.title))] : []),
        ...sections(part.items.map((item) => `• ${item}`).join('\n')),
      ];
    case 'beyond':
      return [section(bold(part.title)), ...sections(part.text), small(part.source)];
    case 'source':
      return [small(fill(own.source, { title: part.title, article: part.article }))];
    case 'choices':
      return [];
  }
}

/** The words of a reply without its buttons, for notifications and screen readers. Not escaped. */
function wordsOf(part: Part, own: SlackWording): string {
  switch (part.kind) {
    case 'text':
      return [part.about, part.text].filter(Boolean).join('\n');
    case 'warning':
      return `⚠️ ${part.text}`;
    case 'list':
      return [part.title, ...part.items.map((item) => `• ${item}`)].filter(Boolean).join('\n');
    case 'beyond':
      return `${part.title}\n${part.text}\n${part.source}`;
    case 'source':
      return fill(own.source, { title: part.title, article: part.article });
    case 'choices':
      return '';
  }
}

const lengthOf = (block: KnownBlock): number => JSON.stringify(block).length;

/** Keeps the first blocks whose text stays within the room. */
function withinRoom(blocks: readonly KnownBlock[], most: number): KnownBlock[] {
  let left = TOTAL;
  const kept: KnownBlock[] = [];
  for (const block of blocks) {
    left -= lengthOf(block);
    if (left < 0 || kept.length === most) break;
    kept.push(block);
  }
  return kept;
}

/** The choices of all parts, each id once: the first label wins. */
const distinct = (parts: readonly Part[]): readonly Choice[] =>
  [
    ...new Map(
      parts
        .flatMap((p) => (p.kind === 'choices' ? p.choices : []))
        .reverse()
        .map((c) => [c.id, c]),
    ).values(),
  ].reverse();

function pressable(reply: Pick<Reply, 'parts'>, options: RenderOptions): KnownBlock[] {
  const { own, place } = options;
  const choices = distinct(reply.parts);
  const asks = reply.parts.some((p) => p.kind === 'choices' && p.asks);
  const asButtons = choices.length <= BUTTONS;
  const buttons: Element[] = [
    ...(asButtons
      ? choices.map((c, i) =>
          button('choice', i, c.label, pressValue(place, c.id), asks && i === 0 ? 'primary' : undefined),
        )
      : []),
    ...(options.form ? [button('form', 0, own.form, pressValue(place, options.form))] : []),
    ...(options.share
      ? [button('share', 0, options.share.label, pressValue(place, `share:${options.share.topic}`))]
      : []),
  ];
  const menu: KnownBlock[] = asButtons
    ? []
    : [
        {
          type: 'actions',
          elements: [
            {
              type: 'static_select',
              action_id: 'choice:menu',
              placeholder: plain(own.menu, LABEL),
              options: choices
                .slice(0, MENU)
                .map((c) => ({ text: plain(c.label, LABEL), value: pressValue(place, c.id).slice(0, LABEL) })),
            },
          ],
        },
      ];
  return [...menu, ...rowsOf(buttons, asks ? ASKS : undefined)];
}

/** Two buttons that ask whether an answer helped; only a message takes them. */
function feedbackOn(reply: Pick<Reply, 'kind' | 'sources'>, options: RenderOptions): KnownBlock[] {
  const topic = reply.sources[0]?.topic;
  if (options.surface !== 'message' || reply.kind !== 'answer' || !topic) return [];
  const vote = (verb: string, label: string) => ({
    text: plain(label, LABEL),
    accessibility_label: cutText(label, LABEL),
    value: pressValue(options.place, `${verb}:${topic}`),
  });
  return [
    {
      type: 'context_actions',
      elements: [
        {
          type: 'feedback_buttons',
          action_id: 'feedback:0',
          positive_button: vote('helpful', options.own.helpful),
          negative_button: vote('unhelpful', options.own.unhelpful),
        },
      ],
    },
  ];
}

/** A reply as Block Kit, with its text beside it. Pure; every text is escaped once and every limit kept. */
export function renderSlack(reply: Pick<Reply, 'kind' | 'sources' | 'parts'>, options: RenderOptions): SlackPayload {
  const { own } = options;
  // A warning comes before everything, the sentence of the channel too.
  const isWarned = reply.parts[0]?.kind === 'warning';
  const lead: Part[] = options.lead ? [{ kind: 'text', text: options.lead }] : [];
  const parts = isWarned ? [...reply.parts.slice(0, 1), ...lead, ...reply.parts.slice(1)] : [...lead, ...reply.parts];
  const tail = [...pressable(reply, options), ...feedbackOn(reply, options)];
  const head = withinRoom(
    parts.flatMap((p) => blocksOf(p, own)),
    BLOCKS - tail.length,
  );
  const words = parts.map((p) => wordsOf(p, own)).filter(Boolean);
  return {
    text: fitted(words.join('\n\n'), FALLBACK).trim() || '…',
    blocks: head.length || tail.length ? [...head, ...tail] : [section('…')],
  };
}

/** One plain sentence as a payload. */
export const sentence = (text: string): SlackPayload => ({
  text: fitted(text, FALLBACK),
  blocks: sections(text),
});
