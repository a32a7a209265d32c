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
  readonly where: 'admit' | 'claim' | 'turn' | 'load' | 'save' | 'forget' | 'settle';
  readonly cause: unknown;
}

/** What a bot tells its surroundings, for logs and metrics. */
export interface BotEvents {
  readonly trouble?: (trouble: Trouble) => void;
  /** A message was only checked for danger signs: its sender is over the limit of fair use, or too much waits. */
  readonly limited?: () => void;
}

/** Fair use: whether a message is answered in full, answered with 'one at a time', or passed over. Danger signs are answered always. */
export type Admit = (conversation: string) => Promise<'yes' | 'slow' | 'silent'>;

/** Messages of one conversation, and of all, that may wait; those beyond are only checked for danger signs. */
const MOST_WAITING = 40;
const MOST_WAITING_IN_ALL = 20_000;
/** Text that may wait for that check, in UTF-16 units; beyond it a message is checked at once, whoever must wait for it. */
const MOST_UNCHECKED = 8_000_000;

/** How often a turn is taken anew when another process saved the same conversation in between. */
const TRIES = 8;

/** Messages worked on at the same time: enough to use the time that the store takes, few enough that its answers are read soon. */
const AT_ONCE = 48;

/**
 * Runs work, a number at once and the others in the order they came. What comes while other work is there begins in a round of the event
 * loop of its own.
 */
function createDesk(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting = new Set<() => void>();
  let busy = 0;
  return async (work) => {
    const isAlone = busy === 0;
    if (busy < atOnce) busy++;
    else
      await new Promise<void>((resolve) => {
        waiting.add(resolve);
      });
    if (!isAlone) await new Promise((resolve) => setImmediate(resolve));
    try {
      return await work();
    } finally {
      const [next] = waiting;
      if (next) waiting.delete(next);
      else busy--;
      next?.();
    }
  };
}

/** Work done one after the other. */
interface Line {
  last: Promise<unknown>;
  waiting: number;
}

/** Adds work to the line of a key, and forgets the line when it is empty. */
function queueIn<T>(lines: Map<string, Line>, key: string, work: () => Promise<T>): Promise<T> {
  const line = lines.get(key) ?? { last: Promise.resolve(), waiting: 0 };
  line.waiting++;
  lines.set(key, line);
  const next = line.last.then(work);
  line.last = next
    .catch(() => undefined)
    .then(() => {
      if (--line.waiting === 0) lines.delete(key);
    });
  return next;
}

/**
 * A bot over a store: load, take a turn, save. Messages of one conversation are taken in the order of their calls, across processes
 * that share a store too. A store that fails never keeps a person from an answer: without a session the turn starts fresh, and what
 * fails is told to `trouble`.
 */
export function createBot(brain: () => Brain, store: SessionStore, events: BotEvents = {}, admit?: Admit): Respond {
  const answers = new Map<string, Line>();
  const checks = new Map<string, Line>();
  const atDesk = createDesk(AT_ONCE);
  /** Texts that wait for the check, by conversation: the same text again needs no second one. */
  const unchecked = new Map<string, Set<string>>();
  let uncheckedSize = 0;
  let waitingInAll = 0;

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

  const claim = (message: Message): Promise<boolean> =>
    attempt('claim', () => store.claim(message.id, message.conversation), true);

  /** Fair use, and for who is let in a place in the line of the conversation: asked for on arrival, so that the line keeps that order. */
  const enter = async (message: Message): Promise<'taken' | 'answered' | 'slow' | 'silent'> => {
    const admitted = admit ? await attempt('admit', () => admit(message.conversation), 'yes' as const) : 'yes';
    if (admitted !== 'yes') return admitted;
    return (await claim(message)) ? 'taken' : 'answered';
  };

  /** Waits for its turn away from the desk, since who it waits for needs a place there. */
  const inTurn = async (message: Message): Promise<Reply> => {
    await attempt('turn', () => store.turn(message.id, message.conversation), undefined);
    return atDesk(() => takeTurns(message));
  };

  const takeTurns = async (message: Message): Promise<Reply> => {
    const { id, conversation } = message;
    for (let tries = 1; ; tries++) {
      const kept = await attempt<StoredSession | undefined>('load', () => store.load(conversation), undefined);
      const turn = takeTurn(brain(), kept?.session ?? freshSession, message);
      if (turn.forget) {
        const isGone = await attempt('forget', () => store.forget(conversation).then(() => true), false);
        void attempt('settle', () => store.settle(id, conversation), undefined);
        return isGone ? turn.reply : plainReply(brain().wording['not-forgotten']);
      }
      const saved = await attempt<boolean | 'failed'>(
        'save',
        () => store.save(conversation, turn.session, kept?.version ?? 0, id),
        'failed',
      );
      if (saved === true) {
        // After the reply has been handed over, so that another process does not answer the next message before it.
        setImmediate(() => void attempt('settle', () => store.release(id, conversation), undefined));
        return turn.reply;
      }
      if (saved === 'failed' || tries === TRIES) {
        if (!saved) events.trouble?.({ where: 'save', cause: new Error('others kept saving this conversation') });
        void attempt('settle', () => store.settle(id, conversation), undefined);
        return turn.reply;
      }
    }
  };

  const answer = async (message: Message, entered: ReturnType<typeof enter>): Promise<Reply | undefined> => {
    const how = await entered;
    if (how === 'answered') return undefined;
    if (how === 'taken') return inTurn(message);
    events.limited?.();
    if (await atDesk(async () => isAlarming(message))) return (await claim(message)) ? inTurn(message) : undefined;
    return how === 'slow' ? plainReply(brain().wording.slow) : undefined;
  };

  const queueAnswer = (message: Message): Promise<Reply | undefined> => {
    waitingInAll++;
    const entered = enter(message);
    return queueIn(answers, message.conversation, () => answer(message, entered)).finally(() => waitingInAll--);
  };

  /** Checks a message that came when too much waited: with a danger sign it is answered all the same. */
  const queueCheck = async (message: Message): Promise<Reply | undefined> => {
    const { conversation, text } = message;
    events.limited?.();
    const texts = unchecked.get(conversation) ?? new Set();
    if (texts.has(text)) return undefined;
    if (uncheckedSize + text.length > MOST_UNCHECKED) return isAlarming(message) ? queueAnswer(message) : undefined;
    texts.add(text);
    unchecked.set(conversation, texts);
    uncheckedSize += text.length;
    const isUrgent = await queueIn(checks, conversation, () =>
      atDesk(async () => {
        texts.delete(text);
        if (!texts.size) unchecked.delete(conversation);
        uncheckedSize -= text.length;
        return isAlarming(message);
      }),
    );
    return isUrgent ? queueAnswer(message) : undefined;
  };

  return (message) =>
    (answers.get(message.conversation)?.waiting ?? 0) >= MOST_WAITING || waitingInAll >= MOST_WAITING_IN_ALL
      ? queueCheck(message)
      : queueAnswer(message);
}

const plainReply = (text: string): Reply => ({
  kind: 'help',
  urgency: 'none',
  signs: [],
  sources: [],
  confidence: 1,
  personal: false,
  parts: [{ kind: 'text', text }],
});
