import { answerTopics } from './answer.ts';
import type { Brain } from './brain.ts';
import type { Choice, Part, ReplyKind, SourceRef } from './reply.ts';
import type { OpenQuestion, Session } from './session.ts';

/** A reply before the danger signs in force have put their mark on it. */
export interface Draft {
  readonly kind: ReplyKind;
  readonly parts: readonly Part[];
  readonly session: Session;
  readonly sources?: readonly SourceRef[];
  readonly confidence?: number;
  readonly personal?: boolean;
  readonly forget?: boolean;
  /** What was asked for and is not held: an aspect or topic id, counted without words. */
  readonly unanswered?: string;
}

/** A part of plain words; `about` is the line that says what the topic was taken to be. */
export const text = (words: string, about?: string): Part => ({
  kind: 'text',
  text: words,
  ...(about ? { about } : {}),
});

/** Choices that need no answer. */
export const offer = (choices: readonly Choice[]): Part => ({ kind: 'choices', asks: false, choices });

/** The session with no question open. */
export const closed = ({ open: _, ...session }: Session): Session => session;

/** The session with this question open. */
export const opened = (session: Session, open: OpenQuestion): Session => ({ ...session, open });

/** The session after these topics were talked about. */
export const withTopics = (session: Session, topics: readonly string[]): Session => ({
  ...closed(session),
  topics: [...new Set([...topics, ...session.topics])].slice(0, 8),
  offered: topics,
  clarified: false,
});

/** The causes in the order of the article. */
export const causesOf = (brain: Brain): readonly string[] =>
  [...brain.passages.values()].filter((p) => p.kind === 'cause').map((p) => p.topic);

/** What an answer names in order, so that 'the third one' can be found: the topics themselves, or the causes that an overview lists. */
function listedIn(brain: Brain, topics: readonly string[]): readonly string[] {
  const [only] = topics;
  if (topics.length !== 1 || only === undefined || brain.passages.get(only)?.kind !== 'overview') return topics;
  return causesOf(brain);
}

/** An answer on one or two topics, or on one aspect of them. */
export function answerDraft(
  brain: Brain,
  session: Session,
  topics: readonly string[],
  aspect: Parameters<typeof answerTopics>[1],
  confidence: number,
): Draft {
  const { parts, sources } = answerTopics(topics, aspect, brain);
  const after = withTopics(session, topics);
  const listed = listedIn(brain, topics);
  // Who asked about one of several may still come to the others.
  const isOneOf = listed.length === 1 && session.offered.length > 1 && session.offered.includes(listed[0] ?? '');
  return {
    kind: 'answer',
    parts,
    sources,
    session: { ...after, offered: isOneOf ? session.offered : listed },
    confidence,
  };
}
