import {
  type ChatInputCommandInteraction,
  type Interaction,
  InteractionContextType,
  type MessageComponentInteraction,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
} from 'discord.js';
import type { Wording } from '../../core/corpus.ts';
import type { Reply } from '../../core/reply.ts';
import type { ChannelContext } from '../channel.ts';
import { cutText } from '../cut.ts';
import { isInTime } from '../in-time.ts';
import { createSeen, isMalformed } from './boundary.ts';
import { SLASH } from './commands.ts';
import { readPress } from './press.ts';
import type { DiscordPayload } from './render.ts';
import { type Audience, bodyOf, type Shown, type Shows } from './shown.ts';
import type { DiscordWording } from './wording.ts';

type Answerable = ChatInputCommandInteraction | MessageContextMenuCommandInteraction | MessageComponentInteraction;

/** What interactions are answered with. */
export interface InteractionTools {
  readonly context: ChannelContext;
  readonly wording: Wording;
  readonly own: DiscordWording;
  readonly shows: Shows;
  /** A first answer is deferred after so many milliseconds: Discord drops the interaction after 3 s. */
  readonly deferAfterMs: number;
}

/** Choices that an autocomplete takes, and their longest name. */
const COMPLETIONS = 25;
const COMPLETION = 100;
/** Presses that are remembered so that they count once. */
const REMEMBERED = 10_000;

/** An edit or an update takes fewer flags than a first answer. */
const laterBodyOf = (p: DiscordPayload) => bodyOf(p, p.flags & ~MessageFlags.Ephemeral);

const audienceOf = (interaction: Pick<Interaction, 'context'>): Audience =>
  interaction.context === InteractionContextType.BotDM ? 'direct' : 'alone';

/** `platform:place:person`; a direct message with the bot is one place, however the person writes there. */
const conversationOf = (interaction: Pick<Interaction, 'context' | 'channelId' | 'user'>): string =>
  `discord:${interaction.context === InteractionContextType.BotDM ? 'dm' : interaction.channelId}:${interaction.user.id}`;

/** The reply's first sending: a new message, or the pressed card changed in place. What Discord does not take as a card goes plain. */
async function send(interaction: Answerable, shown: Shown, inPlace: boolean): Promise<void> {
  const isBegun = interaction.deferred || interaction.replied;
  const put = (p: DiscordPayload) =>
    isBegun
      ? interaction.editReply(laterBodyOf(p))
      : inPlace && interaction.isMessageComponent()
        ? interaction.update(laterBodyOf(p))
        : interaction.reply(bodyOf(p));
  try {
    await put(shown.card);
  } catch (error) {
    if (!isMalformed(error)) throw error;
    // A card cannot become a plain message in place: then it is said anew.
    if (isBegun) await interaction.editReply(laterBodyOf(shown.plain));
    else await interaction.reply(bodyOf(shown.plain));
  }
}

/** Answers commands, autocomplete, buttons and menus. Rejects when Discord refuses the answer. */
export function createInteractions({ context, wording, own, shows, deferAfterMs }: InteractionTools) {
  const isFirst = createSeen(REMEMBERED);

  /** Waits for the core, and defers first when it is slow. `undefined` means: it was answered before, or the bot is told too much at once. */
  const thought = async (
    interaction: Answerable,
    inPlace: boolean,
    reply: Promise<Reply | undefined>,
  ): Promise<Reply | undefined> => {
    const isSlow = !(await isInTime(reply, deferAfterMs));
    if (isSlow && inPlace && interaction.isMessageComponent()) await interaction.deferUpdate();
    else if (isSlow)
      await interaction.deferReply(audienceOf(interaction) === 'alone' ? { flags: MessageFlags.Ephemeral } : {});
    return reply;
  };

  const say = (interaction: Answerable, text: string) =>
    send(interaction, shows.sentence(text, audienceOf(interaction)), false);

  const answer = async (interaction: Answerable, text: string, choice?: string, inPlace = false): Promise<void> => {
    const message = { id: `discord:${interaction.id}`, conversation: conversationOf(interaction), text };
    const reply = await thought(interaction, inPlace, context.respond({ ...message, ...(choice ? { choice } : {}) }));
    if (!reply) return say(interaction, wording.slow);
    await send(interaction, shows.reply(reply, audienceOf(interaction)), inPlace);
  };

  /** Another person's message is heard in a talk of its own: what it holds is not about the one who asks. */
  const answerAbout = async (interaction: MessageContextMenuCommandInteraction): Promise<void> => {
    const { content, author } = interaction.targetMessage;
    if (!content.trim()) return say(interaction, own['no-text']);
    if (author.id === interaction.user.id) return answer(interaction, content);
    const conversation = `discord:about-${interaction.targetId}:${interaction.user.id}`;
    const message = { id: `discord:${interaction.id}`, conversation, text: content };
    const reply = await thought(interaction, false, context.respond(message));
    if (!reply) return say(interaction, wording.slow);
    await send(interaction, shows.aboutOther(reply, audienceOf(interaction)), false);
    await context.respond({ id: `${message.id}:forget`, conversation, text: '', choice: 'forget' });
  };

  const press = async (interaction: MessageComponentInteraction): Promise<void> => {
    const pressed = readPress(interaction.customId);
    const once = () => isFirst(`${interaction.message.id} ${interaction.customId} ${interaction.user.id}`);
    switch (pressed?.kind) {
      case undefined:
        return say(interaction, wording.old);
      case 'feedback':
        if (once()) context.feedback(pressed.topic, pressed.isHelpful);
        return say(interaction, own['thank-you']);
      case 'share': {
        const answers = pressed.topics.flatMap((t) => context.show(t) ?? []);
        if (!answers.length) return say(interaction, wording.old);
        return once() ? send(interaction, shows.shared(answers), false) : say(interaction, own.shared);
      }
      case 'menu': {
        const [value] = interaction.isStringSelectMenu() ? interaction.values : [];
        return value ? answer(interaction, '', value) : say(interaction, wording.old);
      }
      case 'choice': {
        // A question on a card that only this person sees gives way to what follows; elsewhere the press begins the person's own card.
        const isOwnCard = interaction.message.flags.has(MessageFlags.Ephemeral) || audienceOf(interaction) === 'direct';
        return answer(interaction, '', pressed.choice, pressed.asks && isOwnCard);
      }
    }
  };

  const command = (interaction: ChatInputCommandInteraction): Promise<void> => {
    const name = interaction.options.getSubcommand();
    if (name === 'ask') return answer(interaction, interaction.options.getString('question', true));
    if (name !== 'topic') return answer(interaction, '', name);
    const wanted = interaction.options.getString('name', true);
    return context.topics.some((t) => t.id === wanted) ? answer(interaction, '', wanted) : answer(interaction, wanted);
  };

  return {
    /** Whether this delivery is the first: after a resume Discord may send an event again. */
    isNew: (interaction: Interaction): boolean => isFirst(interaction.id),
    async handle(interaction: Interaction): Promise<void> {
      if (interaction.isAutocomplete()) {
        const found = context.suggest(interaction.options.getFocused());
        const fitting = found.filter((c) => c.id.length <= COMPLETION).slice(0, COMPLETIONS);
        return interaction.respond(fitting.map((c) => ({ name: cutText(c.label, COMPLETION), value: c.id })));
      }
      if (interaction.isChatInputCommand() && interaction.commandName === SLASH) return command(interaction);
      if (interaction.isMessageContextMenuCommand()) return answerAbout(interaction);
      if (interaction.isMessageComponent()) return press(interaction);
      if (interaction.isChatInputCommand()) return say(interaction, wording.old);
    },
    /** Tells the person that something went wrong, and where to get help. */
    async apologise(interaction: Interaction): Promise<void> {
      if (
        interaction.isChatInputCommand() ||
        interaction.isMessageContextMenuCommand() ||
        interaction.isMessageComponent()
      )
        await (interaction.replied && !interaction.deferred ? undefined : say(interaction, own.failed));
    },
  };
}
