import { setTimeout as wait } from 'node:timers/promises';
import {
  Client,
  DiscordAPIError,
  type Message as DiscordMessage,
  Events,
  GatewayIntentBits,
  type Interaction,
  MessageFlags,
  Partials,
  RESTEvents,
  type RepliableInteraction,
} from 'discord.js';
import type { Wording } from '../../core/corpus.ts';
import { publicView } from '../../core/public-view.ts';
import type { Choice, Reply } from '../../core/reply.ts';
import { type Channel, type ChannelContext, ChannelError } from '../channel.ts';
import { SLASH, WISHES } from './commands.ts';
import { choiceOfCustomId, type DiscordPayload, renderDiscord } from './render.ts';
import type { DiscordWording } from './wording.ts';

/** What the Discord channel is made with. */
export interface DiscordOptions {
  readonly token: string;
  /** REST base, for tests and proxies; absent = Discord itself. */
  readonly apiUrl?: string | undefined;
  readonly shards: 'auto' | number;
  readonly wording: Wording;
  readonly own: DiscordWording;
}

/** A first answer is deferred when the core takes longer than this, in milliseconds: Discord drops the interaction after 3 s. */
const DEFER_AFTER_MS = 1_200;

/** Faults of Discord that mean: too late, answered already, gone, not allowed. Nothing more can be said there. */
const SETTLED = new Set([10062, 40060, 10008, 10003, 50001, 50013, 50007, 10015, 50027]);
const isSettled = (error: unknown): boolean => error instanceof DiscordAPIError && SETTLED.has(Number(error.code));

/** A Discord bot that answers commands, mentions, replies to it and direct messages, with no privileged intent (4609). */
export function createDiscordChannel(options: DiscordOptions, context: ChannelContext): Channel {
  const { wording, own } = options;
  const { log } = context;
  const client = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
    partials: [Partials.Channel],
    shards: options.shards,
    allowedMentions: { parse: [], repliedUser: false },
    rest: {
      ...(options.apiUrl ? { api: options.apiUrl } : {}),
      timeout: 10_000,
      invalidRequestWarningInterval: 100,
      rejectOnRateLimit: (data) => data.retryAfter > 2_000,
    },
  });
  const running = new Set<Promise<void>>();
  let isStopping = false;

  /** Runs one handler inside a boundary: what fails is logged and told to the person by `apologise`, and never ends the process. */
  const guarded = (what: string, work: () => Promise<void>, apologise: () => Promise<unknown>): void => {
    if (isStopping) return;
    const job = work()
      .catch(async (error: unknown) => {
        context.count('error');
        if (isSettled(error)) return log.warn({ what, err: error }, 'discord: too late or not allowed');
        log.error({ what, err: error }, 'discord: a handler failed');
        await apologise().catch((second: unknown) =>
          log.warn({ what, err: second }, 'discord: the apology could not be sent'),
        );
      })
      .finally(() => running.delete(job));
    running.add(job);
  };

  const conversationOf = (place: string | null, person: string) => `discord:${place ?? 'dm'}:${person}`;

  const shareOf = (reply: Reply) => {
    const topic = reply.sources[0]?.topic;
    return reply.kind === 'answer' && topic && !reply.personal ? { share: { topic, label: wording.offers.share } } : {};
  };
  const feedbackOf = (reply: Reply) => {
    const topic = reply.sources[0]?.topic;
    return reply.kind === 'answer' && topic ? { feedback: { topic, yes: own.helpful, no: own.unhelpful } } : {};
  };
  const privately = (reply: Reply): DiscordPayload =>
    renderDiscord(reply, { ephemeral: true, ...shareOf(reply), ...feedbackOf(reply) });
  const openly = (reply: Reply, isDirect: boolean): DiscordPayload =>
    isDirect
      ? renderDiscord(reply, { ephemeral: false, ...feedbackOf(reply) })
      : renderDiscord(publicView(reply, wording), { ephemeral: false });
  const sentence = (text: string, ephemeral = true): DiscordPayload =>
    renderDiscord({ urgency: 'none', parts: [{ kind: 'text', text }] }, { ephemeral });

  /** Answers an interaction to the person alone; defers first when the core is slow. */
  const answerInteraction = async (interaction: RepliableInteraction, text: string, choice?: string): Promise<void> => {
    const conversation = conversationOf(interaction.guildId ? interaction.channelId : null, interaction.user.id);
    const thinking = context.respond({
      id: `discord:${interaction.id}`,
      conversation,
      text,
      ...(choice ? { choice } : {}),
    });
    const late = new AbortController();
    const first = await Promise.race([
      thinking.then(() => 'done' as const),
      wait(DEFER_AFTER_MS, 'slow' as const, { signal: late.signal, ref: false }),
    ]);
    late.abort();
    if (first === 'slow') await interaction.deferReply({ flags: MessageFlags.Ephemeral });
    const reply = await thinking;
    if (!reply) {
      if (interaction.deferred) await interaction.deleteReply();
      return;
    }
    const payload = privately(reply);
    if (interaction.deferred)
      await interaction.editReply({ ...payload, flags: payload.flags & ~MessageFlags.Ephemeral });
    else await interaction.reply(payload);
  };

  const onPress = async (
    interaction: Extract<Interaction, { customId: string }> & RepliableInteraction,
    choice: string | undefined,
  ): Promise<void> => {
    if (!choice) return void (await interaction.reply(sentence(own.old)));
    const [verb, topic = ''] = choice.split(':');
    if (verb === 'helpful' || verb === 'unhelpful') {
      context.feedback(topic, verb === 'helpful');
      return void (await interaction.reply(sentence(own['thank-you'])));
    }
    if (verb === 'share') {
      const shared = context.show(topic);
      return void (await interaction.reply(shared ? renderDiscord(shared, { ephemeral: false }) : sentence(own.old)));
    }
    return answerInteraction(interaction, '', choice);
  };

  const completions = (typed: string): readonly Choice[] => context.suggest(typed).slice(0, 25);

  client.on(Events.InteractionCreate, (interaction) => {
    const apologise = async () => {
      if (!interaction.isRepliable()) return;
      const payload = sentence(own.failed);
      if (interaction.deferred)
        await interaction.editReply({ ...payload, flags: payload.flags & ~MessageFlags.Ephemeral });
      else if (!interaction.replied) await interaction.reply(payload);
    };
    guarded(
      `interaction ${interaction.type}`,
      async () => {
        if (interaction.isAutocomplete()) {
          const found = completions(interaction.options.getFocused());
          return interaction.respond(found.map((c) => ({ name: c.label.slice(0, 100), value: c.id.slice(0, 100) })));
        }
        if (interaction.isChatInputCommand() && interaction.commandName === SLASH) {
          const name = interaction.options.getSubcommand();
          const wish = WISHES.find((w) => w === name);
          if (wish) return answerInteraction(interaction, '', wish);
          if (name === 'topic') {
            const value = interaction.options.getString('name', true);
            return context.topics.some((t) => t.id === value)
              ? answerInteraction(interaction, '', value)
              : answerInteraction(interaction, value);
          }
          return answerInteraction(interaction, interaction.options.getString('question', true));
        }
        if (interaction.isMessageContextMenuCommand()) {
          const text = interaction.targetMessage.content;
          return text.trim()
            ? answerInteraction(interaction, text)
            : void (await interaction.reply(sentence(own['no-text'])));
        }
        if (interaction.isButton()) return onPress(interaction, choiceOfCustomId(interaction.customId));
        if (interaction.isStringSelectMenu())
          return onPress(interaction, choiceOfCustomId(interaction.customId) && interaction.values[0]);
        if (interaction.isRepliable()) await interaction.reply(sentence(own.old));
      },
      apologise,
    );
  });

  const isForUs = (message: DiscordMessage): boolean => {
    if (message.author.bot || message.webhookId || message.system || !client.user) return false;
    return message.channel.isDMBased() || message.mentions.users.has(client.user.id);
  };

  client.on(Events.MessageCreate, (message) => {
    if (!isForUs(message)) return;
    const isDirect = message.channel.isDMBased();
    const send = async (payload: DiscordPayload) => {
      const body = { ...payload, flags: payload.flags as MessageFlags.IsComponentsV2 };
      try {
        await message.reply({ ...body, failIfNotExists: false });
      } catch (error) {
        // The place lets the bot read but not write: the person is answered in private rather than not at all.
        if (!(error instanceof DiscordAPIError) || Number(error.code) !== 50013) throw error;
        await message.author.send(body);
      }
    };
    guarded(
      'message',
      async () => {
        const text = message.content.replace(new RegExp(`<@!?${client.user?.id}>`, 'g'), ' ').trim();
        const conversation = conversationOf(isDirect ? null : message.channelId, message.author.id);
        const reply = await context.respond(
          text
            ? { id: `discord:${message.id}`, conversation, text }
            : { id: `discord:${message.id}`, conversation, text: '', choice: 'help' },
        );
        if (reply) await send(openly(reply, isDirect));
      },
      () => send(sentence(own.failed, false)),
    );
  });

  client.on(Events.Error, (error) => {
    context.count('error');
    log.error({ err: error }, 'discord: client error');
  });
  client.on(Events.ShardReconnecting, () => context.count('reconnect'));
  client.on(Events.ShardError, (error) => log.warn({ err: error }, 'discord: connection error'));
  client.on(Events.Invalidated, () => context.fatal('discord: the session was ended by Discord; check the token'));
  client.rest.on(RESTEvents.RateLimited, () => context.count('rate-limit'));

  return {
    name: 'discord',
    async start() {
      const ready = new Promise<void>((resolve) => client.once(Events.ClientReady, () => resolve()));
      try {
        await client.login(options.token);
      } catch (error) {
        throw new ChannelError(startFault(error), { cause: error });
      }
      await ready;
    },
    isConnected: () => client.isReady() && client.ws.status === 0,
    async stop(deadlineMs) {
      isStopping = true;
      const late = new AbortController();
      await Promise.race([
        Promise.allSettled(running),
        wait(deadlineMs, undefined, { signal: late.signal }).catch(() => undefined),
      ]);
      late.abort();
      await client.destroy();
    },
  };
}

/** What is wrong when the bot cannot log in, and what to do. */
function startFault(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  const code = (error as { code?: unknown }).code;
  if (code === 'TokenInvalid' || message.includes('401'))
    return 'DISCORD_TOKEN is refused by Discord: copy the bot token anew from the Developer Portal (Bot, Reset Token)';
  if (/disallowed intents/i.test(message))
    return 'Discord refuses the intents: the bot asks for Guilds, Guild Messages and Direct Messages only, so check that the token belongs to this application';
  if (/sharding/i.test(message)) return 'Discord asks for more shards: set DISCORD_SHARDS=auto';
  return `Discord cannot be reached (${(error as { name?: string }).name ?? 'unknown fault'}): check the network and DISCORD_API_URL`;
}
