import type { Urgency } from './urgency.ts';

/** A danger sign that was heard in this conversation: facts, never the person's words. */
export interface HeldSign {
  readonly flag: string;
  readonly level: Urgency;
  /** Whose body it is about. */
  readonly who: 'self' | 'other';
  /** Cue ids that were true of it: `new`, `today`, `sudden`, `worsening`, `steady`, `explained`, modifiers of the reference. */
  readonly cues: readonly string[];
  /** The turn in which it was last heard, counted from 1. */
  readonly turn: number;
}

/** What the bot asked last and waits for. */
export type OpenQuestion =
  | { readonly kind: 'topic'; readonly topics: readonly string[] }
  | { readonly kind: 'screen'; readonly question: string; readonly whole: boolean }
  | { readonly kind: 'interview'; readonly question: string }
  | { readonly kind: 'offer'; readonly choice: string };

/** The guided interview so far: answers by question id, in the order asked. */
export interface InterviewState {
  readonly answers: readonly (readonly [question: string, option: string])[];
  readonly left: boolean;
}

/** What the bot remembers of one conversation: facts and ids, never the person's words. */
export interface Session {
  readonly schema: 1;
  readonly turn: number;
  readonly signs: readonly HeldSign[];
  /** Modifiers and circumstances told about the person, e.g. `weak-immunity`, `rigors`. */
  readonly facts: readonly string[];
  /** Flag ids answered no. */
  readonly denied: readonly string[];
  /** Screening question ids that need not be asked again. */
  readonly screened: readonly string[];
  /** Topics talked about, the latest first, at most eight. */
  readonly topics: readonly string[];
  /** The topics answered, offered or listed last, in order: for 'the other one' and 'the third'. */
  readonly offered: readonly string[];
  readonly open?: OpenQuestion;
  readonly interview?: InterviewState;
  /** True when the last reply asked which topic was meant: never twice in a row. */
  readonly clarified: boolean;
}

/** A conversation that has not begun. */
export const freshSession: Session = {
  schema: 1,
  turn: 0,
  signs: [],
  facts: [],
  denied: [],
  screened: [],
  topics: [],
  offered: [],
  clarified: false,
};

/** A stored session and the version it had when it was read, for the compare on save. */
export interface StoredSession {
  readonly session: Session;
  readonly version: number;
}

/** Where sessions live between messages. Every call may reject when the store is out of reach; callers answer all the same. */
export interface SessionStore {
  /** `undefined` means: nothing is kept, or it has expired. */
  load(conversation: string): Promise<StoredSession | undefined>;
  /**
   * Saves when the kept version is still `version` (0 = nothing kept), and in the same step keeps for a day that `answered` is answered.
   * `false` means: somebody else saved in between, and nothing was done.
   */
  save(conversation: string, session: Session, version: number, answered?: string): Promise<boolean>;
  /** Deletes all that is kept of a conversation. */
  forget(conversation: string): Promise<void>;
  /**
   * Takes a message to answer, and with it the next place in the line of its conversation. `false` means: it is being answered or was.
   * Who took it and is gone without settling loses it after a minute, so that a redelivery is answered then.
   */
  claim(messageId: string, conversation: string): Promise<boolean>;
  /** Waits until every message of the conversation that was taken before this one is settled; a few seconds at most, then it goes on. */
  turn(messageId: string, conversation: string): Promise<void>;
  /** The reply has been handed over: the next in line may go on. */
  release(messageId: string, conversation: string): Promise<void>;
  /** Both at once, for a message that was answered without a save: its id is kept for a day, and the next in line may go on. */
  settle(messageId: string, conversation: string): Promise<void>;
  close(): Promise<void>;
}
