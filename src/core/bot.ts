import type { Brain } from './brain.ts';
import { takeTurn } from './dialogue.ts';
import type { Message } from './message.ts';
import type { Reply } from './reply.ts';
import { freshSession, type SessionStore, type StoredSession } from './session.ts';
import { isAtLeast } from './urgency.ts';

/** Answers a message. `undefined` means: say nothing, it was answered before. Never rejects for a fault of the store. */
export type Respond = (message: Message) => Promise<Reply | undefined>;

/** What went wrong beside an answer that was given all the same. Ids and causes only, never text. */
export interface Trouble {
  readonly where: 'admit' | 'claim' | 'load' | 'save' | 'forget';
  readonly cause: unknown;
}

/** What a bot tells its surroundings, for logs and metrics. */
export interface BotEvents {
  readonly trouble?: (trouble: Trouble) => void;
  readonly answered?: (reply: Reply) => void;
}

/** Fair use: whether a message is answered in full, answered with 'one at a time', or passed over. Danger signs are answered always. */
export type Admit = (conversation: string) => Promise<'yes' | 'slow' | 'silent'>;

/** Messages of one conversation that may wait; those beyond are only checked for danger signs. */
const MOST_WAITING = 40;

/** How often a turn is taken anew when another process saved the same conversation in between. */
const TRIES = 4;

/**
 * A bot over a store: load, take a turn, save. Messages of one conversation are taken in the order of their calls. A store that
 * fails never keeps a person from an answer: without a session the turn starts fresh, and what cannot be saved is told to `trouble`.
 */
export function createBot(brain: () => Brain, store: SessionStore, events: BotEvents = {}, admit?: Admit): Respond {
  const queues = new Map<string, { last: Promise<unknown>; waiting: number }>();

  const attempt = async <T>(where: Trouble['where'], work: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      events.trouble?.({ where, cause });
      return otherwise;
    }
  };

  const isAlarming = (message: Message): boolean =>
    brain()
      .hear(message.text)
      .findings.some((f) => isAtLeast(f.level, 'urgent'));

  const answer = async (message: Message): Promise<Reply | undefined> => {
    const admitted = admit ? await attempt('admit', () => admit(message.conversation), 'yes' as const) : 'yes';
    if (admitted !== 'yes' && !isAlarming(message)) return admitted === 'slow' ? slowReply(brain()) : undefined;
    if (!(await attempt('claim', () => store.claim(message.id), true))) return undefined;
    const key = message.conversation;
    for (let tries = 1; ; tries++) {
      const kept = await attempt<StoredSession | undefined>('load', () => store.load(key), undefined);
      const turn = takeTurn(brain(), kept?.session ?? freshSession, message);
      const saved = turn.forget
        ? await attempt('forget', () => store.forget(key).then(() => true), true)
        : await attempt('save', () => store.save(key, turn.session, kept?.version ?? 0), true);
      if (saved || tries === TRIES) {
        events.answered?.(turn.reply);
        return turn.reply;
      }
    }
  };

  return (message) => {
    const queue = queues.get(message.conversation) ?? { last: Promise.resolve(), waiting: 0 };
    if (queue.waiting >= MOST_WAITING && !isAlarming(message)) return Promise.resolve(undefined);
    queue.waiting++;
    const next = queue.last.then(() => answer(message));
    queue.last = next
      .catch(() => undefined)
      .then(() => {
        if (--queue.waiting === 0) queues.delete(message.conversation);
      });
    queues.set(message.conversation, queue);
    return next;
  };
}

const slowReply = (brain: Brain): Reply => ({
  kind: 'help',
  urgency: 'none',
  signs: [],
  sources: [],
  confidence: 1,
  personal: false,
  parts: [{ kind: 'text', text: brain.wording.slow }],
});
