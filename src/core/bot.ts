import type { Brain } from './brain.ts';
import { takeTurn } from './dialogue.ts';
import type { Message } from './message.ts';
import type { Reply } from './reply.ts';
import { freshSession, type SessionStore, type StoredSession } from './session.ts';

/** Answers a message. `undefined` means: say nothing, it was answered before. Never rejects for a fault of the store. */
export type Respond = (message: Message) => Promise<Reply | undefined>;

/** What went wrong beside an answer that was given all the same. Ids and causes only, never text. */
export interface Trouble {
  readonly where: 'claim' | 'load' | 'save' | 'forget';
  readonly cause: unknown;
}

/** What a bot tells its surroundings, for logs and metrics. */
export interface BotEvents {
  readonly trouble?: (trouble: Trouble) => void;
  readonly answered?: (reply: Reply, milliseconds: number) => void;
}

/** How often a turn is taken anew when another process saved the same conversation in between. */
const TRIES = 4;

/**
 * A bot over a store: load, take a turn, save. Messages of one conversation are taken in the order of their calls. A store that
 * fails never keeps a person from an answer: without a session the turn starts fresh, and what cannot be saved is told to `trouble`.
 */
export function createBot(brain: () => Brain, store: SessionStore, events: BotEvents = {}): Respond {
  const queues = new Map<string, Promise<unknown>>();

  const attempt = async <T>(where: Trouble['where'], work: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      events.trouble?.({ where, cause });
      return otherwise;
    }
  };

  const answer = async (message: Message): Promise<Reply | undefined> => {
    const begun = performance.now();
    if (!(await attempt('claim', () => store.claim(message.id), true))) return undefined;
    const key = message.conversation;
    for (let tries = 1; ; tries++) {
      const kept = await attempt<StoredSession | undefined>('load', () => store.load(key), undefined);
      const turn = takeTurn(brain(), kept?.session ?? freshSession, message);
      const saved = turn.forget
        ? await attempt('forget', () => store.forget(key).then(() => true), true)
        : await attempt('save', () => store.save(key, turn.session, kept?.version ?? 0), true);
      if (saved || tries === TRIES) {
        events.answered?.(turn.reply, performance.now() - begun);
        return turn.reply;
      }
    }
  };

  return (message) => {
    const before = queues.get(message.conversation) ?? Promise.resolve();
    const next = before.then(() => answer(message));
    const settled = next.catch(() => undefined);
    queues.set(message.conversation, settled);
    void settled.then(() => {
      if (queues.get(message.conversation) === settled) queues.delete(message.conversation);
    });
    return next;
  };
}
