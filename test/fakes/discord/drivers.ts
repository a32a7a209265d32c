import type {
  APIApplicationCommandInteractionDataOption,
  APIInteractionDataResolvedChannel,
  GatewayInteractionCreateDispatchData,
} from 'discord.js';
import type { Heard } from './fake.ts';
import type { Gateway } from './gateway.ts';
import type { RestWorld } from './routes.ts';
import { type Person, type Place, type StoredInteraction, type StoredMessage, snowflake, userOf } from './world.ts';

type Json = { readonly [key: string]: unknown };
type Component = {
  readonly type: number;
  readonly content?: string;
  readonly label?: string;
  readonly custom_id?: string;
  readonly placeholder?: string;
  readonly options?: readonly { readonly label: string; readonly value: string }[];
  readonly components?: readonly Component[];
};

/** What the bot answered to an interaction. */
export interface Answer {
  readonly interaction: StoredInteraction;
  /** 4 a message, 7 the pressed message changed, 8 choices. */
  readonly type: number;
  /** The message as a person sees it now; of an autocomplete: none. */
  readonly message: StoredMessage | undefined;
  readonly choices: readonly { readonly name: string; readonly value: string }[];
  readonly isDeferred: boolean;
  /** Milliseconds from the event to the callback. */
  readonly ms: number;
}

const flat = (list: readonly Component[]): Component[] => list.flatMap((c) => [c, ...flat(c.components ?? [])]);
const componentsOf = (message: Pick<StoredMessage, 'components'> | undefined): Component[] =>
  flat((message?.components ?? []) as never);

/** All words of a message, as sent. */
export const textOf = (message: Pick<StoredMessage, 'components' | 'content'> | undefined): string =>
  [message?.content ?? '', ...componentsOf(message).flatMap((c) => (c.type === 10 ? (c.content ?? '') : []))]
    .filter(Boolean)
    .join('\n\n');
/** The labels of a message's buttons. */
export const buttonsOf = (message: Pick<StoredMessage, 'components'> | undefined): string[] =>
  componentsOf(message).flatMap((c) => (c.type === 2 ? (c.label ?? '') : []));
/** The options of a message's menus. */
export const optionsOf = (message: Pick<StoredMessage, 'components'> | undefined) =>
  componentsOf(message).flatMap((c) => (c.type === 3 ? (c.options ?? []) : []));

/** Where and by whom; `isUserInstall` = the app is installed by the person, not in the server. */
export interface By {
  readonly person: Person;
  readonly place: Place;
  readonly isUserInstall?: boolean;
  /** Milliseconds that pass before the event arrives. */
  readonly lateMs?: number;
  readonly locale?: 'en-US' | 'de';
}

/** People of the fake: they type, press, pick and write, as clients of Discord would tell a bot. */
export function createDrivers(deps: {
  readonly world: RestWorld;
  readonly gateway: Gateway;
  readonly until: <T>(look: () => T | undefined) => Promise<T>;
  readonly publish: (message: StoredMessage) => void;
  readonly heard: readonly Heard[];
}) {
  const { world, gateway, until, heard } = deps;

  const begin = (by: By, kind: StoredInteraction['kind'], source?: StoredMessage): StoredInteraction => {
    const it: StoredInteraction = {
      id: snowflake(),
      token: `token-${snowflake()}`,
      kind,
      place: by.place,
      person: by.person,
      createdAt: performance.now() - (by.lateMs ?? 0),
      isUserInstall: by.isUserInstall ?? false,
      ...(source ? { source } : {}),
      followUps: 0,
    };
    world.interactions.set(it.id, it);
    return it;
  };

  const send = (it: StoredInteraction, by: By, type: number, data: Json, more: Json = {}): void => {
    const { place, person } = by;
    const member = {
      user: userOf(person),
      roles: [],
      joined_at: '2026-01-01T00:00:00.000Z',
      deaf: false,
      mute: false,
      permissions: '0',
      flags: 0,
    };
    const channel = {
      id: place.id,
      type: place.type,
      ...(place.guildId
        ? { name: 'general', guild_id: place.guildId, permissions: '0' }
        : { recipients: [userOf(person)] }),
    };
    const event = {
      id: it.id,
      application_id: world.applicationId,
      type,
      token: it.token,
      version: 1,
      channel_id: place.id,
      // Where the bot is no member, Discord may leave the channel out.
      ...(by.isUserInstall ? {} : { channel: channel as unknown as APIInteractionDataResolvedChannel }),
      ...(place.guildId
        ? {
            guild_id: place.guildId,
            guild: { id: place.guildId, locale: 'en-US', features: [] },
            guild_locale: 'en-US',
            member,
          }
        : { user: userOf(person) }),
      locale: by.locale ?? 'en-US',
      app_permissions: '0',
      entitlements: [],
      authorizing_integration_owners: by.isUserInstall ? { 1: person.id } : { 0: place.guildId ?? '0' },
      context: place.guildId ? 0 : place.type === 1 ? 1 : 2,
      attachment_size_limit: 10_485_760,
      data,
      ...more,
    } as unknown as GatewayInteractionCreateDispatchData;
    gateway.emit('INTERACTION_CREATE', place.guildId, 0, () => event);
  };

  /** Resolves with what the person sees first: the message, the changed message, the choices; a deferral is waited out. */
  const answered = async (it: StoredInteraction): Promise<Answer> => {
    const begun = performance.now();
    const first = await until(() =>
      heard.find((h) => h.call.path === `/interactions/${it.id}/${it.token}/callback` && h.told.status < 300),
    );
    const ms = performance.now() - begun;
    const body = first.call.body as { type: number; data?: { choices?: Answer['choices'] } };
    const isDeferred = body.type === 5 || body.type === 6;
    if (isDeferred)
      await until(() =>
        heard.find(
          (h) =>
            /^(PATCH|DELETE)$/.test(h.call.method) &&
            h.call.path.includes(`/${it.token}/messages/@original`) &&
            h.told.status < 300,
        ),
      );
    const own = it.original && world.messages.get(it.original.id);
    return { interaction: it, type: body.type, message: own, choices: body.data?.choices ?? [], isDeferred, ms };
  };

  const commandData = (sub: string, options: readonly APIApplicationCommandInteractionDataOption[]) => ({
    id: snowflake(),
    name: 'backpain',
    type: 1,
    options: [{ type: 1, name: sub, options }],
  });
  const stringOption = (name: string, value: string, focused = false) =>
    ({ type: 3, name, value, ...(focused ? { focused: true } : {}) }) as APIApplicationCommandInteractionDataOption;

  const write = (by: By, content: string, more: Partial<StoredMessage> & Json = {}): StoredMessage => {
    const mentioned = [...content.matchAll(/<@!?(\d+)>/g)].flatMap(([, id]) =>
      id === world.bot.id ? [userOf(world.bot, true)] : [],
    );
    const message = {
      id: snowflake(),
      channel_id: by.place.id,
      author: userOf(by.person),
      content,
      timestamp: new Date().toISOString(),
      edited_timestamp: null,
      tts: false,
      mention_everyone: /@(everyone|here)/.test(content),
      mentions: mentioned,
      mention_roles: [],
      attachments: [],
      embeds: [],
      pinned: false,
      type: 0,
      components: [],
      fromInteraction: false,
      isEphemeral: false,
      ...more,
    } as unknown as StoredMessage;
    world.messages.set(message.id, message);
    deps.publish(message);
    return message;
  };

  const pressId = (by: By, message: StoredMessage | undefined, id: string): Promise<Answer> => {
    const it = begin(by, 'component', message);
    const { fromInteraction: _f, isEphemeral: _e, ...plain } = message ?? ({} as StoredMessage);
    send(it, by, 3, { component_type: 2, custom_id: id }, { message: plain });
    return answered(it);
  };

  return {
    /** `/backpain sub`, with its text option when it has one; resolves with the answer. */
    slash: (by: By, sub: string, option?: readonly [name: string, value: string]): Promise<Answer> => {
      const it = begin(by, 'command');
      send(it, by, 2, commandData(sub, option ? [stringOption(...option)] : []));
      return answered(it);
    },
    /** The same, without waiting; resolves at once. For late events. */
    slashOnly: (by: By, sub: string, option?: readonly [name: string, value: string]): StoredInteraction => {
      const it = begin(by, 'command');
      send(it, by, 2, commandData(sub, option ? [stringOption(...option)] : []));
      return it;
    },
    /** What `/backpain topic` offers while somebody types. */
    typing: (by: By, typed: string): Promise<Answer> => {
      const it = begin(by, 'autocomplete');
      send(it, by, 4, commandData('topic', [stringOption('name', typed, true)]));
      return answered(it);
    },
    /** 'Ask about this message' on a message. */
    askAbout: (by: By, message: StoredMessage): Promise<Answer> => {
      const it = begin(by, 'command');
      const { fromInteraction: _f, isEphemeral: _e, ...plain } = message;
      send(it, by, 2, {
        id: snowflake(),
        name: 'Ask about this message',
        type: 3,
        target_id: message.id,
        resolved: { messages: { [message.id]: plain } },
      });
      return answered(it);
    },
    /** Presses the button with a label. Throws when the message has none. */
    press: (by: By, message: StoredMessage | undefined, label: string): Promise<Answer> => {
      const found = componentsOf(message).find((c) => c.type === 2 && c.label === label);
      if (!found?.custom_id) throw new Error(`no button "${label}" among: ${buttonsOf(message).join(', ')}`);
      return pressId(by, message, found.custom_id);
    },
    /** Presses a button by its id, whether the message has it or not. */
    pressId,
    /** Picks an option of the message's menu by its label. */
    pick: (by: By, message: StoredMessage | undefined, label: string): Promise<Answer> => {
      const menu = componentsOf(message).find((c) => c.type === 3 && c.options?.some((o) => o.label === label));
      const it = begin(by, 'component', message);
      const { fromInteraction: _f, isEphemeral: _e, ...plain } = message ?? ({} as StoredMessage);
      const value = menu?.options?.find((o) => o.label === label)?.value;
      if (!value) throw new Error(`no option "${label}"`);
      send(it, by, 3, { component_type: 3, custom_id: menu?.custom_id ?? '', values: [value] }, { message: plain });
      return answered(it);
    },
    /** Writes a message, without waiting. `<@id>` in it mentions. */
    write,
    /** Writes that one mentions the bot. */
    mention: (by: By, text: string): StoredMessage => write(by, `<@${world.bot.id}> ${text}`),
    /** Replies to a message; the ping is on as it is in the client. */
    reply: (by: By, to: StoredMessage, text: string, pings = true): StoredMessage =>
      write(by, text, {
        type: 19 as never,
        message_reference: { channel_id: to.channel_id, message_id: to.id },
        referenced_message: to,
        mentions: pings ? [userOf(world.bot, true)] : [],
      }),
    /** Sends the MESSAGE_CREATE of a message once more. */
    redeliver: (message: StoredMessage) => deps.publish(message),
    /** The bot's message that replies to a message. */
    replyTo: (message: StoredMessage): Promise<StoredMessage> =>
      until(() => {
        const found = heard.find(
          (h) =>
            h.told.status === 200 &&
            (h.call.body as { message_reference?: { message_id?: string } } | undefined)?.message_reference
              ?.message_id === message.id,
        );
        return found && world.messages.get((found.told.body as { id: string }).id);
      }),
    /** How many messages of the bot reply to a message. */
    repliesTo: (message: StoredMessage): number =>
      heard.filter(
        (h) =>
          h.told.status === 200 &&
          (h.call.body as { message_reference?: { message_id?: string } } | undefined)?.message_reference
            ?.message_id === message.id,
      ).length,
  };
}
