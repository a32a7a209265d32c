import { ChannelType, type Message } from 'discord.js';
import type { ChannelContext } from '../channel.ts';
import { createSeen, isClosed, isMalformed } from './boundary.ts';
import { bodyOf, type Shown, type Shows } from './shown.ts';
import type { DiscordWording } from './wording.ts';

/** Messages that are remembered so that each is answered once. */
const REMEMBERED = 10_000;

/** Sends the card, or the plain message where the card is refused. */
async function put(shown: Shown, to: (payload: ReturnType<typeof bodyOf>) => Promise<unknown>): Promise<void> {
  try {
    await to(bodyOf(shown.card));
  } catch (error) {
    if (!isMalformed(error)) throw error;
    await to(bodyOf(shown.plain));
  }
}

/** Answers mentions, replies to the bot and direct messages. */
export function createMessages(context: ChannelContext, own: DiscordWording, shows: Shows) {
  const isFirst = createSeen(REMEMBERED);
  const isDirect = (message: Message): boolean => message.channel.type === ChannelType.DM;

  /**
   * Replies where the message stands. Where the bot may not write, the person is answered in a direct message rather than not at all:
   * in full, since only that person reads it.
   */
  const send = async (message: Message, open: Shown, direct: Shown): Promise<void> => {
    if (isDirect(message)) return put(direct, (p) => message.reply({ ...p, failIfNotExists: false }));
    try {
      await put(open, (p) => message.reply({ ...p, failIfNotExists: false }));
    } catch (error) {
      if (!isClosed(error)) throw error;
      context.log.warn({ err: error }, 'discord: the bot cannot write there, answering in a direct message');
      await put(direct, (p) => message.author.send(p));
    }
  };
  const say = (message: Message, text: string) =>
    send(message, shows.sentence(text, 'all'), shows.sentence(text, 'direct'));

  return {
    /** Whether a message is for the bot, and this delivery is the first: a mention of the bot itself, never of everyone or a role. */
    isForUs(message: Message): boolean {
      const me = message.client.user.id;
      if (message.author.bot || message.webhookId || message.system) return false;
      return (isDirect(message) || message.mentions.users.has(me)) && isFirst(message.id);
    },
    async handle(message: Message): Promise<void> {
      const direct = isDirect(message);
      // Without the privileged intent, Discord hides the words of a reply to a command's answer.
      if (!message.content) return say(message, direct ? own['no-text'] : own['cannot-read']);
      const text = message.content.replaceAll(new RegExp(`<@!?${message.client.user.id}>`, 'g'), ' ').trim();
      const reply = await context.respond({
        id: `discord:${message.id}`,
        conversation: `discord:${direct ? 'dm' : message.channelId}:${message.author.id}`,
        text,
        ...(text ? {} : { choice: 'help' }),
      });
      if (reply) await send(message, shows.reply(reply, 'all'), shows.reply(reply, 'direct'));
    },
    /** Tells the person that something went wrong, and where to get help. */
    apologise: (message: Message): Promise<void> => say(message, own.failed),
  };
}
