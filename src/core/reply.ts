import type { Urgency } from './urgency.ts';

/** What sort of reply it is. The words are a public contract (batch format). */
export type ReplyKind = 'answer' | 'clarify' | 'screen' | 'escalate' | 'crisis' | 'out_of_scope' | 'smalltalk' | 'help';

/** Where an answer stands: the topic id and the heading of the passage. */
export interface SourceRef {
  readonly topic: string;
  readonly title: string;
}

/** Something a person can press or type the number of. `id` comes back as `Message.choice`. */
export interface Choice {
  readonly id: string;
  readonly label: string;
}

/** A piece of a reply. A renderer switches on `kind` with no default, so that a new kind breaks its compile. */
export type Part =
  /** Plain sentences. `about` is a short line that says what the bot took the topic to be. */
  | { readonly kind: 'text'; readonly text: string; readonly about?: string }
  /** A danger sign: stands first, cannot be missed. `general` says the same without anything that this person told. */
  | { readonly kind: 'warning'; readonly urgency: Urgency; readonly text: string; readonly general: string }
  | { readonly kind: 'list'; readonly title: string; readonly items: readonly string[] }
  /** A note beyond the article, with its own source; never mixed into the article's answer. */
  | { readonly kind: 'beyond'; readonly title: string; readonly text: string; readonly source: string }
  /** The passage the answer rests on. */
  | { readonly kind: 'source'; readonly topic: string; readonly title: string; readonly article: string }
  /** What can be pressed; `asks` when the bot waits for one of them, else they are offers. */
  | { readonly kind: 'choices'; readonly asks: boolean; readonly choices: readonly Choice[] };

/** What the bot says to one message. */
export interface Reply {
  readonly kind: ReplyKind;
  readonly urgency: Urgency;
  /** Ids of the danger signs in force. Health data: never to a log beside a person's id. */
  readonly signs: readonly string[];
  /** First = what the answer rests on; empty when nothing is answered. */
  readonly sources: readonly SourceRef[];
  /** 0..1, calibrated: how sure the bot is that this reply is the right one. */
  readonly confidence: number;
  /** True when the reply holds what this person told about the body: not to be shown to others. */
  readonly personal: boolean;
  readonly parts: readonly Part[];
  /** Set when the question has no answer here: the id of what it was about or nearest to. Counted by day, never beside a person. */
  readonly unanswered?: string;
  /** Why it was said; shown by `ask --json` and the debug view, never to other people. Positions and ids only, no words. */
  readonly evidence?: readonly Evidence[];
}

/** What let a danger sign count: where the words stand, who heard it and the cue that let it count. No words of the person. */
export interface Evidence {
  readonly flag: string;
  readonly level: Urgency;
  /** Start and end of the words in the message, in UTF-16 units; empty when it was heard in an earlier message. */
  readonly spans: readonly (readonly [number, number])[];
  /** `rule:<id>`, `classifier`, `answer` (to a screening question) or `earlier`. */
  readonly heardBy: string;
  /** Ids of the cues that applied, e.g. `today`, `worsening`, `uncertain`, `other-person`. */
  readonly cues: readonly string[];
}
