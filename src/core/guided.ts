import { firstStepOf } from './answer.ts';
import type { Brain, Heard } from './brain.ts';
import { plainAnswerOf, typedChoiceOf } from './commands.ts';
import { fill, type ScreeningQuestion } from './corpus.ts';
import { closed, type Draft, offer, opened, text } from './draft.ts';
import { likelyCauses, nextInterview, questionOf, SKIPPED } from './interview.ts';
import type { Choice, Part } from './reply.ts';
import { answerScreening, nextScreening, screeningOf } from './screening.ts';
import type { Session } from './session.ts';

/**
 * The three plain answers and a way out, as choices. Their ids name the question (`screen:check-weak-legs:yes`), so that a button of
 * an older question never answers the one that is open now.
 */
const yesNo = (brain: Brain, question: string): readonly Choice[] => {
  const o = brain.wording.offers;
  return (['yes', 'no', 'unsure', 'stop'] as const).map((id) => ({ id: `screen:${question}:${id}`, label: o[id] }));
};

/** Whether a choice answers a question of the screening or the interview. */
export const isOfQuestion = (choice: string): boolean => /^(screen|opt):/.test(choice);

/** Asks one screening question; `whole` when it is one of the whole check, `refine` for its second, sharper form. */
export function screenDraft(
  brain: Brain,
  session: Session,
  question: ScreeningQuestion,
  lead: string | undefined,
  whole: boolean,
  refine = false,
): Draft {
  const other = session.signs.at(-1)?.who === 'other';
  const asks = refine && question.refine ? question.refine : question;
  const open = refine ? `${question.id}/refine` : question.id;
  return {
    kind: 'screen',
    parts: [
      ...(lead ? [text(lead)] : []),
      text(other ? asks['ask-other'] : asks.ask),
      { kind: 'choices', asks: true, choices: yesNo(brain, open) },
    ],
    session: opened(session, { kind: 'screen', question: open, whole }),
    confidence: 1,
  };
}

/** Begins the check for danger signs, or says that all is known. */
export function beginCheck(brain: Brain, session: Session): Draft {
  const w = brain.wording.screening;
  const next = nextScreening(brain.corpus.questions.screening, session);
  return next
    ? screenDraft(brain, session, next, w.intro, true)
    : { kind: 'help', parts: [text(w['none-known']), text(w.clear)], session: closed(session) };
}

/** Asks the next question of the interview on the likely cause, or gives its result. */
export function interviewDraft(brain: Brain, session: Session, lead?: string): Draft {
  const state = session.interview ?? { answers: [], left: false };
  const question = nextInterview(brain.corpus.questions.interview, state);
  if (!question) return interviewResult(brain, session);
  const o = brain.wording.offers;
  const choices = [
    ...question.options.map((x) => ({ id: `opt:${question.id}:${x.id}`, label: x.label })),
    { id: `opt:${question.id}:${SKIPPED}`, label: o.unsure },
    ...(state.answers.length ? [{ id: 'back', label: o.back }] : []),
    { id: 'stop', label: o.stop },
  ];
  return {
    kind: 'clarify',
    parts: [...(lead ? [text(lead)] : []), text(question.ask), { kind: 'choices', asks: true, choices }],
    session: opened({ ...session, interview: { ...state, left: false } }, { kind: 'interview', question: question.id }),
    confidence: 1,
  };
}

function interviewResult(brain: Brain, session: Session): Draft {
  const w = brain.wording.interview;
  const state = session.interview ?? { answers: [], left: false };
  const causes = likelyCauses(brain.corpus.questions.interview, state).filter((c) => brain.passages.has(c.topic));
  const spoken = causes.filter((c) => c.reasons.length > 0);
  const shown = (spoken.length ? spoken : causes).slice(0, 3);
  const top = shown.slice(0, 1).concat(shown.slice(1).filter((c) => c.share >= (shown[0]?.share ?? 1) / 6));
  const passages = top.flatMap((c) => brain.passages.get(c.topic) ?? []);
  const { interview: _, ...rest } = closed(session);
  return {
    kind: 'answer',
    parts: [
      text(spoken.length ? w.result : w.unclear),
      {
        kind: 'list',
        title: '',
        items: top.map((c) => {
          const title = brain.passages.get(c.topic)?.title ?? c.topic;
          return c.reasons.length ? fill(w.for, { title, reasons: c.reasons.join('; ') }) : title;
        }),
      },
      { kind: 'list', title: w.first, items: passages.map(firstStepOf) },
      text(w.seen),
      ...passages.map((p): Part => ({ kind: 'source', topic: p.topic, title: p.title, article: p.article })),
      offer(passages.map((p) => ({ id: `topic:${p.topic}`, label: p.title }))),
    ],
    sources: passages.map((p) => ({ topic: p.topic, title: p.title })),
    session: {
      ...rest,
      topics: [...new Set([...top.map((c) => c.topic), ...session.topics])].slice(0, 8),
      offered: top.map((c) => c.topic),
    },
    confidence: top[0]?.share ?? 0,
    personal: true,
  };
}

/** What an open screening question is answered with; `undefined` means: this is no answer to it. */
export function screeningTurn(
  brain: Brain,
  session: Session,
  heard: Heard,
  said: string,
  choice: string | undefined,
): Draft | undefined {
  const questions = brain.corpus.questions.screening;
  const asked = screeningOf(session.open, questions);
  if (!asked || session.open?.kind !== 'screen') return undefined;
  const { whole } = session.open;
  const w = brain.wording.screening;
  const { question: open } = session.open;
  const id = choice ?? typedChoiceOf(said, yesNo(brain, open), brain.commands)?.id;
  const [verb, question, pressed] = id?.split(':') ?? [];
  if (verb === 'screen' && question !== open) return undefined;
  const picked = pressed ?? id;
  const isHeard = heard.findings.some((f) => asked.question.flags.includes(f.flag));
  // 'Yeah, that will be it, cheers' is no answer to the question, though it begins like one.
  const isTalk = !plainAnswerOf(said, brain.commands, true) && (brain.understand(said).smalltalk?.sure ?? 0) >= 0.5;
  const plain = picked ?? (isTalk ? undefined : plainAnswerOf(said, brain.commands));
  const answer = isHeard ? 'yes' : heard.deniesAll ? 'no' : plain;
  if (answer === 'stop') return { kind: 'screen', parts: [text(w.left)], session: closed(session) };
  if (answer !== 'yes' && answer !== 'no' && answer !== 'unsure') {
    if (answer === 'skip') return { kind: 'screen', parts: [text(w.left)], session: closed(session) };
    return undefined;
  }
  const who = session.signs.at(-1)?.who ?? 'self';
  const step = answerScreening(answer, asked, whole, session, questions, who, isHeard);
  if (heard.deniesAll && whole) {
    const all = questions.flatMap((q) => q.flags);
    const after = {
      ...step.session,
      denied: [...new Set([...step.session.denied, ...all])],
      screened: questions.map((q) => q.id),
    };
    return { kind: 'screen', parts: [text(w.clear)], session: closed(after) };
  }
  if (step.next) {
    const draft = screenDraft(brain, step.session, step.next.question, undefined, whole, step.next.refine);
    return draft;
  }
  return { kind: 'screen', parts: [text(w.clear)], session: step.session };
}

/** What an open interview question is answered with; `undefined` means: this is no answer to it. */
export function interviewTurn(
  brain: Brain,
  session: Session,
  said: string,
  choice: string | undefined,
): Draft | undefined {
  if (session.open?.kind !== 'interview') return undefined;
  const questionId = session.open.question;
  const state = session.interview ?? { answers: [], left: false };
  const question = questionOf(brain.corpus.questions.interview, state.answers, questionId);
  if (!question) return undefined;
  const choices = [
    ...question.options.map((x) => ({ id: x.id, label: x.label })),
    { id: SKIPPED, label: brain.wording.offers.unsure },
  ];
  const pressed = choice?.startsWith('opt:') ? choice.split(':') : undefined;
  const plain = choice ?? plainAnswerOf(said, brain.commands, true);
  if (plain === 'stop')
    return {
      kind: 'help',
      parts: [text(brain.wording.interview.left)],
      session: closed({ ...session, interview: { ...state, left: true } }),
    };
  if (plain === 'back')
    return interviewDraft(brain, { ...session, interview: { ...state, answers: state.answers.slice(0, -1) } });
  const option =
    pressed?.[1] === questionId
      ? pressed[2]
      : plain === 'skip' || plain === 'unsure'
        ? SKIPPED
        : optionOf(said, question.options, choices, brain);
  if (!option) return undefined;
  return interviewDraft(brain, {
    ...session,
    interview: { answers: [...state.answers, [questionId, option]], left: false },
  });
}

function optionOf(
  said: string,
  options: ScreenableOptions,
  choices: readonly Choice[],
  brain: Brain,
): string | undefined {
  const typed = typedChoiceOf(said, choices, brain.commands)?.id;
  if (typed) return typed;
  const answer = plainAnswerOf(said, brain.commands, true);
  return answer ? options.find((o) => o.id === answer)?.id : undefined;
}

type ScreenableOptions = readonly { readonly id: string; readonly label: string }[];
