import type {
  APIActionRowComponent,
  APIButtonComponent,
  APIContainerComponent,
  APIMessageTopLevelComponent,
  APIStringSelectComponent,
  APITextDisplayComponent,
} from 'discord.js';
import { ButtonStyle, ComponentType, MessageFlags } from 'discord.js';
import type { Choice, Part, Reply } from '../../core/reply.ts';
import { cutText } from '../cut.ts';
import { escapeDiscord } from './escape.ts';

/** Discord's limits, from its documentation; the ones marked are not stated there and kept on the safe side. */
const TEXT_TOTAL = 3900;
const LABEL = 80;
const CUSTOM_ID = 100;
const ROW = 5;
const MENU = 25;
const OPTION = 100;
const ROWS = 5;

/** The version of the button ids: presses of another version get a kind word instead of a wrong answer. */
const VERSION = 'b1';

/** What is sent for a reply: a card of components, the same everywhere. */
export interface DiscordPayload {
  readonly flags: number;
  readonly components: APIMessageTopLevelComponent[];
  readonly allowedMentions: { readonly parse: []; readonly repliedUser: false };
}

/** How a reply is shown. */
export interface RenderOptions {
  /** Only the person sees it. */
  readonly ephemeral: boolean;
  /** The topic whose answer a 'Share' button shares, with its label; absent = no button. */
  readonly share?: { readonly topic: string; readonly label: string };
  /** Labels of the 'was this helpful' buttons; absent = none. */
  readonly feedback?: { readonly topic: string; readonly yes: string; readonly no: string };
}

/** The id of a button for a choice, with the version in it. */
export const customIdOf = (choice: string): string => `${VERSION}|${choice}`.slice(0, CUSTOM_ID);

/** The choice behind a button id; `undefined` means: an old or foreign button. */
export const choiceOfCustomId = (id: string): string | undefined =>
  id.startsWith(`${VERSION}|`) ? id.slice(VERSION.length + 1) : undefined;

const COLOURS = { none: 0x3b82f6, routine: 0xeab308, urgent: 0xf97316, emergency: 0xdc2626, crisis: 0xdc2626 } as const;

const display = (content: string): APITextDisplayComponent => ({ type: ComponentType.TextDisplay, content });

function markdownOf(part: Part): string {
  switch (part.kind) {
    case 'text':
      return [part.about ? `-# ${escapeDiscord(part.about)}` : '', part.text ? escapeDiscord(part.text) : '']
        .filter(Boolean)
        .join('\n');
    case 'warning':
      return part.urgency === 'routine' ? `⚠️ ${escapeDiscord(part.text)}` : `## ⚠️\n**${escapeDiscord(part.text)}**`;
    case 'list':
      return [
        ...(part.title ? [`**${escapeDiscord(part.title)}**`] : []),
        ...part.items.map((i) => `- ${escapeDiscord(i)}`),
      ].join('\n');
    case 'beyond':
      return `**${escapeDiscord(part.title)}**\n${escapeDiscord(part.text)}\n-# ${escapeDiscord(part.source)}`;
    case 'source':
      return `-# Source: "${escapeDiscord(part.title)}", in "${escapeDiscord(part.article)}"`;
    case 'choices':
      return '';
  }
}

/** Cuts blocks so that all together stay within the room; the last ones go first, a warning stays. */
function withinRoom(blocks: readonly string[], room: number): string[] {
  let left = room;
  const kept: string[] = [];
  for (const block of blocks) {
    if (left < 40) break;
    const cut = cutText(block, left);
    kept.push(cut);
    left -= cut.length;
  }
  return kept;
}

const button = (choice: Choice, style: ButtonStyle.Primary | ButtonStyle.Secondary): APIButtonComponent => ({
  type: ComponentType.Button,
  style,
  custom_id: customIdOf(choice.id),
  label: cutText(choice.label, LABEL),
});

const rowsOf = (buttons: readonly APIButtonComponent[]): APIActionRowComponent<APIButtonComponent>[] =>
  Array.from({ length: Math.ceil(buttons.length / ROW) }, (_, i) => ({
    type: ComponentType.ActionRow,
    components: buttons.slice(i * ROW, i * ROW + ROW),
  }));

const menuOf = (choices: readonly Choice[]): APIActionRowComponent<APIStringSelectComponent> => ({
  type: ComponentType.ActionRow,
  components: [
    {
      type: ComponentType.StringSelect,
      custom_id: customIdOf('menu'),
      options: choices.slice(0, MENU).map((c) => ({ label: cutText(c.label, OPTION), value: c.id.slice(0, OPTION) })),
    },
  ],
});

/** Choices that no id is shared by: Discord refuses a message with two equal ids. */
const distinct = (choices: readonly Choice[]): readonly Choice[] => [
  ...new Map(choices.map((c) => [c.id, c])).values(),
];

/** A reply as a Discord card. Pure; every text is escaped and every limit kept. */
export function renderDiscord(reply: Pick<Reply, 'parts' | 'urgency'>, options: RenderOptions): DiscordPayload {
  const blocks = withinRoom(reply.parts.map(markdownOf).filter(Boolean), TEXT_TOTAL);
  const choices = distinct(reply.parts.flatMap((p) => (p.kind === 'choices' ? p.choices : [])));
  const asks = reply.parts.some((p) => p.kind === 'choices' && p.asks);
  const extra: Choice[] = [
    ...(options.share ? [{ id: `share:${options.share.topic}`, label: options.share.label }] : []),
    ...(options.feedback
      ? [
          { id: `helpful:${options.feedback.topic}`, label: options.feedback.yes },
          { id: `unhelpful:${options.feedback.topic}`, label: options.feedback.no },
        ]
      : []),
  ];
  const isMenu = choices.length > ROW * 2;
  const buttons = [
    ...(isMenu ? [] : choices.map((c) => button(c, asks ? ButtonStyle.Primary : ButtonStyle.Secondary))),
    ...extra.map((c) => button(c, ButtonStyle.Secondary)),
  ];
  const container: APIContainerComponent = {
    type: ComponentType.Container,
    accent_color: COLOURS[reply.urgency],
    components: [
      ...(blocks.length ? blocks : ['…']).map(display),
      ...(isMenu ? [menuOf(choices)] : []),
      ...rowsOf(buttons).slice(0, ROWS),
    ],
  };
  return {
    flags: MessageFlags.IsComponentsV2 | MessageFlags.SuppressEmbeds | (options.ephemeral ? MessageFlags.Ephemeral : 0),
    components: [container],
    allowedMentions: { parse: [], repliedUser: false },
  };
}
