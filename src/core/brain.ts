import type { AnswerWords, PlacedPassage } from './answer.ts';
import type { CommandWords } from './commands.ts';
import type { Corpus, Region, SignWords } from './corpus.ts';
import type { Tie } from './follow-up.ts';
import type { Keeps } from './privacy.ts';
import type { Evidence } from './reply.ts';
import type { HeldSign, Session } from './session.ts';
import type { Urgency } from './urgency.ts';

/** What triage makes of one message. Flag ids and positions, no words. */
export interface Heard {
  readonly findings: readonly (HeldSignLike & { readonly evidence: Evidence })[];
  readonly facts: readonly string[];
  readonly denied: readonly string[];
  /** Where the clauses stand in which something was denied, in UTF-16 units: they are no part of what is asked about. */
  readonly deniedAt: readonly (readonly [from: number, to: number])[];
  readonly past: readonly string[];
  readonly supposed: readonly string[];
  /** The second hearing is unsure: one screening question settles it. */
  readonly suspicion?: { readonly flag: string; readonly probability: number };
  /** The person says that a clinician has seen and cleared it. */
  readonly clearance: boolean;
  readonly takenBack: readonly string[];
  readonly falseAlarm: boolean;
  readonly deniesAll: boolean;
}
type HeldSignLike = Pick<HeldSign, 'flag' | 'level' | 'who' | 'cues'>;

/** The level of everything that counts in a conversation, by the rules of the reference. */
export interface Verdict {
  readonly urgency: Urgency;
  /** Flag ids, the most pressing first. */
  readonly signs: readonly string[];
  readonly levels: Readonly<Record<string, Urgency>>;
}

/** What understanding makes of one message. */
export interface Understood {
  readonly ranked: readonly { readonly topic: string; readonly score: number }[];
  readonly inScope: number;
  readonly smalltalk?: { readonly kind: SmalltalkKind; readonly sure: number };
  readonly aspect?: { readonly id: string; readonly name: string; readonly sure: number };
  readonly otherBodyPart?: string;
  readonly second?: string;
  readonly contentWords: number;
  readonly unknownShare: number;
  readonly language?: string;
}
export type SmalltalkKind =
  | 'greeting'
  | 'thanks'
  | 'bye'
  | 'help'
  | 'who-are-you'
  | 'privacy'
  | 'feedback-positive'
  | 'feedback-negative';

/** What to do with a message by its own words: answer, ask which topic is meant, or say that it is not held. */
export interface Decision {
  readonly band: 'answer' | 'ask' | 'not-held';
  readonly topics: readonly string[];
}

/** All that a turn needs, made once at start. Everything in it is pure. */
export interface Brain extends AnswerWords {
  readonly corpus: Corpus;
  readonly region: Region;
  readonly passages: ReadonlyMap<string, PlacedPassage>;
  readonly signs: ReadonlyMap<string, SignWords>;
  readonly cueNames: ReadonlyMap<string, string>;
  readonly commands: CommandWords;
  readonly hear: (text: string, asked?: { readonly question: string }) => Heard;
  readonly judge: (signs: readonly HeldSign[], facts: readonly string[]) => Verdict;
  readonly remember: (session: Session, heard: Heard) => Session;
  readonly understand: (text: string, context?: { readonly topic?: string }) => Understood;
  readonly decide: (understood: Understood) => Decision;
  readonly tieOf: (text: string) => Tie;
  /** One honest sentence in another language, with the emergency line when danger words of it stand in the text. */
  readonly foreign: (text: string, language: string) => { readonly text: string; readonly danger: boolean };
  /** For the privacy notice. */
  readonly keeps: Keeps;
}
