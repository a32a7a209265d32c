import type { ScreeningQuestion } from './corpus.ts';
import type { HeldSign, OpenQuestion, Session } from './session.ts';
import { isAtLeast, mostUrgent } from './urgency.ts';

/** Whether everything a question asks is already told or denied. */
const isSettled = (question: ScreeningQuestion, session: Session): boolean =>
  session.screened.includes(question.id) ||
  question.flags.every((f) => session.denied.includes(f)) ||
  question.flags.some((f) => session.signs.some((s) => s.flag === f));

/** The next question of a whole check; `undefined` means: all are settled. */
export const nextScreening = (
  questions: readonly ScreeningQuestion[],
  session: Session,
): ScreeningQuestion | undefined => questions.find((q) => !isSettled(q, session));

/** The question that settles a suspected flag, unless it was answered before. */
export function screeningFor(
  flag: string,
  questions: readonly ScreeningQuestion[],
  session: Session,
): ScreeningQuestion | undefined {
  const question = questions.find((q) => q.flags.includes(flag));
  return question && !session.screened.includes(question.id) && !session.denied.includes(flag) ? question : undefined;
}

/** What an answer to a screening question leads to. */
export interface ScreeningStep {
  readonly session: Session;
  /** Asked next; `undefined` means: the screening is over. */
  readonly next?: {
    readonly open: Extract<OpenQuestion, { kind: 'screen' }>;
    readonly question: ScreeningQuestion;
    readonly refine: boolean;
  };
  /** The sign that this answer raised. */
  readonly raised?: HeldSign;
}

const REFINE = '/refine';

/** The question an open question is about, and whether its refinement was asked. */
export function screeningOf(
  open: OpenQuestion | undefined,
  questions: readonly ScreeningQuestion[],
): { readonly question: ScreeningQuestion; readonly refine: boolean } | undefined {
  if (open?.kind !== 'screen') return undefined;
  const refine = open.question.endsWith(REFINE);
  const id = refine ? open.question.slice(0, -REFINE.length) : open.question;
  const question = questions.find((q) => q.id === id);
  return question && { question, refine };
}

/**
 * Takes an answer. A yes raises the sign at the question's level, at once; `heard` says that the message itself named a sign of
 * this question, so that the composite sign is not needed. "Not sure" counts as yes for the questions that say so.
 */
export function answerScreening(
  answer: 'yes' | 'no' | 'unsure',
  asked: { readonly question: ScreeningQuestion; readonly refine: boolean },
  whole: boolean,
  session: Session,
  questions: readonly ScreeningQuestion[],
  who: 'self' | 'other',
  heard: boolean,
): ScreeningStep {
  const { question, refine } = asked;
  const yes = answer === 'yes' || (answer === 'unsure' && (refine ? false : question['unsure-is-yes']));
  const raised: HeldSign | undefined =
    yes && !heard
      ? {
          flag: question.id,
          level: refine ? (question.refine?.level ?? question.level) : question.level,
          who,
          cues: [],
          turn: session.turn,
        }
      : undefined;
  const signs = raised ? [...session.signs.filter((s) => s.flag !== raised.flag), raised] : session.signs;
  const denied = answer === 'no' && !refine ? [...new Set([...session.denied, ...question.flags])] : session.denied;
  const after: Session = { ...session, signs, denied, screened: [...new Set([...session.screened, question.id])] };
  const { open: _, ...closed } = after;
  const settle = (next: ScreeningStep['next']): ScreeningStep => ({
    session: next ? { ...closed, open: next.open } : closed,
    ...(next ? { next } : {}),
    ...(raised ? { raised } : {}),
  });
  if (!refine && question.refine && answer !== 'no' && !heard)
    return settle({ open: { kind: 'screen', question: question.id + REFINE, whole }, question, refine: true });
  const pressing = isAtLeast(mostUrgent(signs.map((s) => s.level)), 'urgent');
  const next = whole && !pressing ? nextScreening(questions, after) : undefined;
  return settle(next && { open: { kind: 'screen', question: next.id, whole }, question: next, refine: false });
}
