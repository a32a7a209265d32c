import type { APIMessage, APIUser } from 'discord.js';

/** A person, a place, a message and an interaction as the fake keeps them. */
export interface Person {
  readonly id: string;
  readonly name: string;
}
export interface Place {
  readonly id: string;
  /** 0 text channel, 1 direct message, 3 group, 11 thread. */
  readonly type: 0 | 1 | 3 | 11;
  readonly guildId?: string;
  readonly parentId?: string;
  /** Of a direct message. */
  readonly person?: Person;
  /** The code of the fault that every message of the bot there meets, e.g. 50013. */
  refuses?: number;
}
export type StoredMessage = APIMessage & { readonly fromInteraction: boolean; readonly isEphemeral: boolean };
export interface StoredInteraction {
  readonly id: string;
  readonly token: string;
  readonly kind: 'command' | 'component' | 'autocomplete';
  readonly place: Place;
  readonly person: Person;
  /** By `performance.now()`; callbacks later than the deadline are refused. */
  readonly createdAt: number;
  readonly isUserInstall: boolean;
  /** The message whose component was pressed. */
  readonly source?: StoredMessage;
  callback?: { readonly type: number };
  original?: StoredMessage;
  followUps: number;
}

let counter = 0n;
/** A new snowflake of now. */
export const snowflake = (): string =>
  (((BigInt(Date.now()) - 1420070400000n) << 22n) | (counter++ & 0x3fffffn)).toString();

/** A person as Discord sends it. */
export const userOf = (person: Person, isBot = false): APIUser => ({
  id: person.id,
  username: person.name,
  discriminator: '0',
  global_name: null,
  avatar: null,
  ...(isBot ? { bot: true } : {}),
});

/** Discord's error bodies by code. */
export const ERRORS: Record<number, readonly [status: number, message: string]> = {
  0: [401, '401: Unauthorized'],
  10003: [404, 'Unknown Channel'],
  10004: [404, 'Unknown Guild'],
  10008: [404, 'Unknown Message'],
  10015: [404, 'Unknown Webhook'],
  10062: [404, 'Unknown interaction'],
  40060: [400, 'Interaction has already been acknowledged.'],
  40094: [400, 'Follow-up messages are limited to 5'],
  50001: [403, 'Missing Access'],
  50007: [403, 'Cannot send messages to this user'],
  50013: [403, 'Missing Permissions'],
  50027: [401, 'Invalid Webhook Token'],
};
