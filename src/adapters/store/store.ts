import type { SessionStore } from '../../core/session.ts';

/** Small secrets under ids, as opaque text. What is put in is encrypted before. */
export interface Records {
  /** `undefined` means: there is none. */
  get(id: string): Promise<string | undefined>;
  put(id: string, body: string): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Counters that only go up, by a name that tells nothing of a person. */
export interface Tallies {
  /** Adds one. */
  add(name: string): Promise<void>;
  all(): Promise<ReadonlyMap<string, number>>;
}

/** The newest notes, each with the day it was made (`2026-05-01`). Only used when the operator asks for it. */
export interface Notes {
  /** Adds one; drops what was made before the day `since`, and the oldest beyond `most`. */
  add(day: string, body: string, since: string, most: number): Promise<void>;
  /** The newest first. */
  all(): Promise<readonly { readonly day: string; readonly body: string }[]>;
  clear(): Promise<void>;
}

/** One backend: sessions, and beside them what else the bot must keep. */
export interface Store extends SessionStore {
  readonly records: Records;
  readonly tallies: Tallies;
  readonly notes: Notes;
  /** `undefined` means: it can be read and written now; else what is wrong, in one line. */
  fault(): Promise<string | undefined>;
}

/** How long a message that is being answered stays taken, in milliseconds; then its taker counts as gone. */
export const LEASE_MS = 60_000;
/** How long the id of an answered message is kept, in milliseconds: platforms deliver again for minutes, at most hours. */
export const ANSWERED_MS = 24 * 3_600_000;
