import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Respond } from '../core/bot.ts';
import type { Choice, Reply } from '../core/reply.ts';

/** Where people write: it turns events into messages and replies into calls. */
export interface Channel {
  /** The platform, as in logs, counts and the head of `Message.conversation`. */
  readonly name: string;
  /** Connects, and resolves when messages are taken. Rejects with a ChannelError that says what to mend. */
  start(): Promise<void>;
  /** Whether messages reach the bot now, for /readyz. */
  isConnected(): boolean;
  /** Takes no more messages, finishes what runs within the deadline in milliseconds, and disconnects. */
  stop(deadlineMs: number): Promise<void>;
}

/** What every channel is given. It knows nothing of the core but this. */
export interface ChannelContext {
  readonly respond: Respond;
  readonly log: Logger;
  /** All topics of the corpus as choices (`topic:core`), for menus and autocomplete. */
  readonly topics: readonly Choice[];
  /** Topics that fit what is being typed, the best first; all of them for an empty text. */
  readonly suggest: (typed: string) => readonly Choice[];
  /** The article's answer on a topic, from no conversation: it holds nothing of any person. `undefined` means: no such topic. */
  readonly show: (topic: string) => Reply | undefined;
  /** Counts a 'helpful' or 'not helpful' by day and topic; nothing else is kept. */
  readonly feedback: (topic: string, isHelpful: boolean) => void;
  /** Counts a reconnect or an error, for /metrics. */
  readonly count: (what: 'reconnect' | 'error' | 'rate-limit') => void;
  /** The channel cannot go on (a refused token at reconnect): the process ends with this reason. */
  readonly fatal: (reason: string) => void;
  /** Sends requests below a path of the bot's HTTP server to the channel. Does nothing when there is no server. */
  readonly mount: (prefix: string, handler: (request: IncomingMessage, response: ServerResponse) => void) => void;
}

/** A channel that cannot start. The message says what is wrong and what to do; it holds no token. */
export class ChannelError extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'ChannelError';
  }
}
