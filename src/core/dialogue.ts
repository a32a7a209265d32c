import { answerTopics, firstStepOf, notesOn, topicChoices } from './answer.ts';
import type { Brain, Heard, Understood } from './brain.ts';
import { COMMANDS, type Command, commandOf, plainAnswerOf, typedChoiceOf } from './commands.ts';
import { fill, type ScreeningQuestion } from './corpus.ts';
import { likelyCauses, nextInterview, SKIPPED } from './interview.ts';
import type { Message } from './message.ts';
import { noteOf } from './note.ts';
import { privacyOf } from './privacy.ts';
import { RESUME } from './public-view.ts';
import type { Choice, Part, Reply, ReplyKind, SourceRef } from './reply.ts';
import { resolve } from './resolve.ts';
import { answerScreening, nextScreening, screeningFor, screeningOf } from './screening.ts';
import { freshSession, type HeldSign, type OpenQuestion, type Session } from './session.ts';
import { isAtLeast, mostUrgent, rankOf } from './urgency.ts';
import { type Alarm, reminderOf, warningOf } from './warn.ts';

/** What a message leads to: the reply and what is remembered. `forget` means: delete all that is kept of this conversation. */
export interface Turn {
  readonly reply: Reply;
  readonly session: Session;
  readonly forget: boolean;
}

/** A reply before the danger signs in force have put their mark on it. */
interface Draft {
  readonly kind: ReplyKind;
  readonly parts: readonly Part[];
  readonly session: Session;
  readonly sources?: readonly SourceRef[];
  readonly confidence?: number;
  readonly personal?: boolean;
  readonly forget?: boolean;
  readonly unanswered?: string;
}

/** Understanding reads this much of a message, in UTF-16 units; triage reads all of it. */
const READ_AT_MOST = 6000;

const text = (words: string, about?: string): Part => ({ kind: 'text', text: words, ...(about ? { about } : {}) });
const offer = (choices: readonly Choice[]): Part => ({ kind: 'choices', asks: false, choices });
const closed = ({ open: _, ...session }: Session): Session => session;
const opened = (session: Session, open: OpenQuestion): Session => ({ ...session, open });

/** All signs that count, the most pressing first, and the level of the conversation. */
function alarmOf(brain: Brain, session: Session): Alarm {
  const verdict = brain.judge(session.signs, session.facts);
  const levelOf = (s: HeldSign) => verdict.levels[s.flag] ?? s.level;
  const order = new Map(verdict.signs.map((flag, i) => [flag, i]));
  const signs = session.signs
    .map((s) => ({ ...s, level: levelOf(s) }))
    .sort(
      (a, b) =>
        rankOf(b.level) - rankOf(a.level) || b.turn - a.turn || (order.get(a.flag) ?? 99) - (order.get(b.flag) ?? 99),
    );
  return { urgency: mostUrgent([verdict.urgency, ...signs.map((s) => s.level)]), signs };
}

/**
 * The three plain answers and a way out, as choices. Their ids name the question (`screen:check-weak-legs:yes`), so that a button of
 * an older question never answers the one that is open now.
 */
const yesNo = (brain: Brain, question: string): readonly Choice[] => {
  const o = brain.wording.offers;
  return (['yes', 'no', 'unsure', 'stop'] as const).map((id) => ({ id: `screen:${question}:${id}`, label: o[id] }));
};
const isOfQuestion = (choice: string): boolean => /^(screen|opt):/.test(choice);

function screenDraft(
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

function beginCheck(brain: Brain, session: Session): Draft {
  const w = brain.wording.screening;
  const next = nextScreening(brain.corpus.questions.screening, session);
  return next
    ? screenDraft(brain, session, next, w.intro, true)
    : { kind: 'help', parts: [text(w['none-known']), text(w.clear)], session: closed(session) };
}

function interviewDraft(brain: Brain, session: Session, lead?: string): Draft {
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

const withTopics = (session: Session, topics: readonly string[]): Session => ({
  ...closed(session),
  topics: [...new Set([...topics, ...session.topics])].slice(0, 8),
  offered: topics,
  clarified: false,
});

function answerDraft(
  brain: Brain,
  session: Session,
  topics: readonly string[],
  aspect: Parameters<typeof answerTopics>[1],
  confidence: number,
): Draft {
  const { parts, sources } = answerTopics(topics, aspect, brain);
  return { kind: 'answer', parts, sources, session: withTopics(session, topics), confidence };
}

function commandDraft(brain: Brain, session: Session, command: Command): Draft {
  const w = brain.wording;
  const o = w.offers;
  switch (command) {
    case 'check':
      return beginCheck(brain, session);
    case 'cause':
      return interviewDraft(brain, session, session.interview?.left ? undefined : w.interview.intro);
    case 'topics':
      return { kind: 'help', parts: [text(w.topics), offer(topicChoices(brain))], session: closed(session) };
    case 'note': {
      const note = noteOf(session, w, brain.signs, brain.cueNames, (t) => brain.passages.get(t)?.title);
      return { kind: 'help', parts: [note ?? text(w.note.empty)], session: closed(session), personal: true };
    }
    case 'help':
      return {
        kind: 'help',
        parts: [
          { kind: 'text', text: w.help.text },
          { kind: 'list', title: '', items: w.help.can },
          text(w.limit),
          offer([
            { id: 'check', label: o.check },
            { id: 'cause', label: o.cause },
            { id: 'topics', label: o.topics },
          ]),
        ],
        session: closed(session),
      };
    case 'privacy': {
      const notice = privacyOf(w, brain.keeps);
      return {
        kind: 'help',
        parts: [text(notice.text), { kind: 'list', title: '', items: notice.items }],
        session: closed(session),
      };
    }
    case 'forget':
      return { kind: 'help', parts: [text(w.forgotten)], session: { ...freshSession, turn: 0 }, forget: true };
  }
}

function smalltalkDraft(
  brain: Brain,
  session: Session,
  kind: NonNullable<Understood['smalltalk']>['kind'],
  sure: number,
): Draft {
  const w = brain.wording;
  switch (kind) {
    case 'help':
    case 'privacy':
      return { ...commandDraft(brain, session, kind), session, confidence: sure };
    case 'who-are-you':
      return { kind: 'help', parts: [text(w['who-are-you'])], session, confidence: sure };
    case 'greeting':
    case 'thanks':
    case 'bye':
    case 'feedback-positive':
    case 'feedback-negative': {
      const variants = w[kind];
      return {
        kind: 'smalltalk',
        parts: [text(variants[session.turn % variants.length] ?? '')],
        session,
        confidence: sure,
      };
    }
  }
}

/** Says again, to the person alone, what is open: a question, else the last topic. A warning in force is added by `finish`. */
function resumeDraft(brain: Brain, session: Session): Draft {
  const asked = screeningOf(session.open, brain.corpus.questions.screening);
  if (asked && session.open?.kind === 'screen')
    return screenDraft(brain, session, asked.question, undefined, session.open.whole, asked.refine);
  if (session.open?.kind === 'interview') return interviewDraft(brain, session);
  const topic = session.topics[0];
  return topic ? answerDraft(brain, session, [topic], undefined, 1) : commandDraft(brain, session, 'help');
}

/** Takes a press or a typed pick of something that is no question of the moment: a topic, a part of one, a command. */
function choiceDraft(brain: Brain, session: Session, id: string): Draft | undefined {
  const command = COMMANDS.find((c) => c === id);
  if (command) return commandDraft(brain, session, command);
  if (id === RESUME) return resumeDraft(brain, session);
  const [verb, topic = ''] = id.split(':');
  if (!brain.passages.has(topic)) return undefined;
  switch (verb) {
    case 'topic':
      return answerDraft(brain, session, [topic], undefined, 1);
    case 'why':
    case 'helps':
      return answerDraft(brain, session, [topic], verb, 1);
    case 'beyond': {
      const notes = notesOn(topic, brain);
      const title = brain.passages.get(topic)?.title ?? topic;
      return notes.length
        ? {
            kind: 'answer',
            parts: notes,
            sources: [{ topic, title }],
            session: withTopics(session, [topic]),
            confidence: 1,
          }
        : undefined;
    }
    default:
      return undefined;
  }
}

function screeningTurn(
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
  const plain = picked ?? plainAnswerOf(said, brain.commands);
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

function interviewTurn(brain: Brain, session: Session, said: string, choice: string | undefined): Draft | undefined {
  if (session.open?.kind !== 'interview') return undefined;
  const questionId = session.open.question;
  const question = brain.corpus.questions.interview.questions.find((q) => q.id === questionId);
  if (!question) return undefined;
  const state = session.interview ?? { answers: [], left: false };
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

/** What an open 'which of these?' is answered with. */
function pickTurn(brain: Brain, session: Session, said: string): Draft | undefined {
  const open = session.open;
  if (open?.kind !== 'topic') return undefined;
  const choices = open.topics.flatMap((t) => {
    const p = brain.passages.get(t);
    return p ? [{ id: t, label: p.title }] : [];
  });
  const typed = typedChoiceOf(said, choices, brain.commands);
  if (typed) return answerDraft(brain, session, [typed.id], undefined, 1);
  const plain = plainAnswerOf(said, brain.commands, true);
  if (plain === 'yes' && choices[0]) return answerDraft(brain, session, [choices[0].id], undefined, 0.8);
  if (plain === 'no' || plain === 'unsure') return commandDraft(brain, { ...session, clarified: true }, 'topics');
  return undefined;
}

/** 'the second one', 'and the other': a place in what was offered or asked about last. */
function placeTurn(brain: Brain, session: Session, said: string): Draft | undefined {
  if (session.offered.length < 2 || said.length > 80) return undefined;
  const choices = session.offered.map((t) => ({ id: t, label: brain.passages.get(t)?.title ?? t }));
  const words = said.toLowerCase();
  const other = brain.commands['other-one'].some((p) => words.includes(p))
    ? session.offered.find((t) => t !== session.topics[0])
    : undefined;
  const place =
    other ??
    brain.commands.ordinals
      .map((phrases, i) => (phrases.some((p) => new RegExp(`\\b${p}\\b`).test(words)) ? session.offered[i] : undefined))
      .find((t) => t);
  if (!place || !choices.some((c) => c.id === place)) return undefined;
  const draft = answerDraft(brain, session, [place], undefined, 0.9);
  return { ...draft, session: { ...draft.session, offered: session.offered } };
}

function notHeldDraft(brain: Brain, session: Session, understood: Understood, confidence: number): Draft {
  const w = brain.wording['out-of-scope'];
  const o = brain.wording.offers;
  const lead = understood.aspect
    ? fill(w.aspect, { aspect: understood.aspect.name })
    : understood.otherBodyPart
      ? fill(w.body, { part: understood.otherBodyPart })
      : w.plain;
  const near = Boolean(understood.aspect || understood.otherBodyPart);
  return {
    kind: 'out_of_scope',
    parts: [
      text([lead, near ? w.see : undefined, w.instead].filter(Boolean).join(' ')),
      offer([
        { id: 'topics', label: o.topics },
        { id: 'cause', label: o.cause },
      ]),
    ],
    session: { ...closed(session), clarified: false },
    confidence,
    unanswered:
      understood.aspect?.id ?? (understood.otherBodyPart ? 'other-body-part' : understood.ranked[0]?.topic) ?? 'other',
  };
}

function topicTurn(brain: Brain, session: Session, said: string, heard: Heard): Draft {
  const picked = pickTurn(brain, session, said) ?? placeTurn(brain, session, said);
  if (picked) return picked;
  const understood = brain.understand(said);
  if (understood.language) {
    const foreign = brain.foreign(said, understood.language);
    return { kind: 'out_of_scope', parts: [text(foreign.text)], session, confidence: 0.9 };
  }
  if (understood.smalltalk && understood.smalltalk.sure >= 0.5)
    return smalltalkDraft(brain, session, understood.smalltalk.kind, understood.smalltalk.sure);
  const tie = brain.tieOf(said);
  if (
    tie.content === 0 &&
    !tie.aspect &&
    !/\?/.test(said) &&
    !brain.commands['other-one'].some((p) => said.toLowerCase().includes(p))
  )
    return smalltalkDraft(brain, session, session.topics.length ? 'feedback-positive' : 'greeting', 0.5);
  const resolved = resolve(brain, closed(session), said, understood);
  switch (resolved.kind) {
    case 'answer': {
      const draft = answerDraft(brain, session, resolved.topics, resolved.aspect, resolved.confidence);
      const lead = heard.supposed.length
        ? [text(brain.wording.warning.supposed)]
        : heard.past.length
          ? [text(brain.wording.past)]
          : [];
      return { ...draft, parts: [...lead, ...draft.parts] };
    }
    case 'ask': {
      if (session.clarified) {
        const best = resolved.topics[0];
        return best
          ? answerDraft(brain, session, [best], undefined, resolved.confidence)
          : notHeldDraft(brain, session, understood, resolved.confidence);
      }
      const topics = resolved.topics.slice(0, 3);
      const choices = topics.map((t) => ({ id: `topic:${t}`, label: brain.passages.get(t)?.title ?? t }));
      return {
        kind: 'clarify',
        parts: [
          text(brain.wording.clarify.ask),
          { kind: 'choices', asks: true, choices: [...choices, { id: 'topics', label: brain.wording.clarify.other }] },
        ],
        session: { ...opened(session, { kind: 'topic', topics }), clarified: true, offered: topics },
        confidence: resolved.confidence,
      };
    }
    case 'not-held': {
      // Somebody who only asks about a danger sign gets the passage on when to seek help.
      if (heard.supposed.length && brain.passages.has('medical') && !understood.otherBodyPart) {
        const draft = answerDraft(brain, session, ['medical'], undefined, 0.5);
        return { ...draft, parts: [text(brain.wording.warning.supposed), ...draft.parts] };
      }
      return notHeldDraft(brain, session, understood, resolved.confidence);
    }
  }
}

/** The reply by everything but danger signs. */
function plainTurn(brain: Brain, session: Session, message: Message, heard: Heard): Draft {
  const said = message.text.slice(0, READ_AT_MOST);
  const w = brain.wording;
  const chosen = message.choice;
  const inQuestion = screeningTurn(brain, session, heard, said, chosen) ?? interviewTurn(brain, session, said, chosen);
  if (inQuestion) return inQuestion;
  if (chosen && isOfQuestion(chosen))
    return session.open ? resumeDraft(brain, session) : { kind: 'help', parts: [text(w.old)], session };
  const command = chosen ? undefined : commandOf(said, brain.commands);
  const direct = chosen
    ? choiceDraft(brain, session, chosen)
    : command
      ? commandDraft(brain, session, command)
      : undefined;
  if (direct) return direct;
  if (chosen && !said.trim()) return { kind: 'help', parts: [text(w.old)], session };
  if (!said.trim()) return { kind: 'help', parts: [text(w.empty)], session };
  if (session.open?.kind === 'interview' && !heard.findings.length && said.length < 60 && !/\?/.test(said))
    return { ...interviewDraft(brain, session, w.interview.again) };
  const suspected = heard.suspicion && screeningFor(heard.suspicion.flag, brain.corpus.questions.screening, session);
  const left = session.open?.kind === 'screen' && session.open.whole ? [text(w.screening.left)] : [];
  const base = closed(
    session.open?.kind === 'interview' && session.interview
      ? { ...session, interview: { ...session.interview, left: true } }
      : session,
  );
  const draft = topicTurn(brain, session.open?.kind === 'topic' ? session : base, said, heard);
  if (suspected && draft.kind !== 'smalltalk') {
    const screen = screenDraft(brain, draft.session, suspected, w.screening.one, false);
    return {
      ...screen,
      parts: [...screen.parts, ...draft.parts.filter((p) => p.kind !== 'choices')],
      ...(draft.sources ? { sources: draft.sources } : {}),
    };
  }
  const long = message.text.length > READ_AT_MOST && draft.kind === 'out_of_scope' ? [text(w['too-long'])] : [];
  if (long.length) return { ...draft, parts: long };
  return left.length ? { ...draft, parts: [...left, ...draft.parts] } : draft;
}

/** Topics that invite to exercise: never shown beside an urgent warning. */
const EXERCISE = new Set([
  'faq-stretches',
  'faq-strength',
  'core',
  'hip-flexors',
  'faq-stop',
  'faq-prevention',
  'overuse',
  'impact',
  'faq-treadmill',
]);

function finish(brain: Brain, draft: Draft, before: Session, heard: Heard, again: boolean): Turn {
  const session = draft.session;
  const alarm = draft.forget ? { urgency: 'none' as const, signs: [] } : alarmOf(brain, session);
  const was = alarmOf(brain, before);
  const words = { wording: brain.wording, region: brain.region, signs: brain.signs };
  const inForce = isAtLeast(alarm.urgency, 'urgent');
  const isNew =
    again ||
    alarm.signs.some(
      (s) =>
        s.turn === session.turn &&
        isAtLeast(s.level, 'urgent') &&
        !before.signs.some((b) => b.flag === s.flag && b.level === s.level),
    ) ||
    rankOf(alarm.urgency) > rankOf(was.urgency);
  const base = {
    urgency: alarm.urgency,
    signs: alarm.signs.filter((s) => s.level !== 'none').map((s) => s.flag),
    evidence: heard.findings.map((f) => f.evidence),
    confidence: draft.confidence ?? 1,
    personal: draft.personal ?? (inForce || draft.kind === 'screen'),
    ...(draft.unanswered && !inForce ? { unanswered: draft.unanswered } : {}),
  };
  const reply = (kind: ReplyKind, parts: readonly Part[], sources: readonly SourceRef[] = []): Turn => ({
    reply: { ...base, kind, parts, sources },
    session: sources.length || !inForce ? session : { ...session, clarified: false },
    forget: draft.forget ?? false,
  });
  const alarmKind: ReplyKind = alarm.urgency === 'crisis' ? 'crisis' : 'escalate';
  const note = offer([{ id: 'note', label: brain.wording.offers.note }]);

  if (inForce && isNew) {
    const warning = warningOf(alarm, words);
    const more = alarm.urgency === 'urgent' && draft.kind === 'screen' && session.open ? draft.parts : [];
    return reply(alarmKind, [
      ...(warning ? [warning] : []),
      ...(more.length ? more : alarm.urgency === 'crisis' ? [] : [note]),
    ]);
  }
  if (inForce) {
    const reminder = reminderOf(alarm, words);
    const first = reminder ? [reminder] : [];
    if (draft.kind === 'smalltalk' || draft.kind === 'help') return reply(draft.kind, [...first, ...draft.parts]);
    if (draft.kind === 'screen') return reply('screen', [...first, ...draft.parts]);
    if (alarm.urgency !== 'urgent') return reply(alarmKind, first);
    const safe = draft.sources?.length && draft.sources.every((s) => !EXERCISE.has(s.topic));
    return safe && draft.kind === 'answer'
      ? reply('answer', [...first, text(brain.wording.warning.urgent.after), ...draft.parts], draft.sources)
      : reply(alarmKind, first);
  }
  if (
    alarm.urgency === 'routine' &&
    alarm.signs.some((s) => s.turn === session.turn) &&
    (draft.kind === 'answer' || draft.kind === 'out_of_scope' || draft.kind === 'clarify')
  ) {
    const warning = warningOf(alarm, words);
    const parts = warning
      ? [
          ...draft.parts.filter((p) => p.kind !== 'choices'),
          warning,
          ...draft.parts.filter((p) => p.kind === 'choices'),
        ]
      : draft.parts;
    return reply(draft.kind, parts, draft.sources);
  }
  return reply(draft.kind, draft.parts, draft.sources);
}

/**
 * One turn of a conversation: danger signs first, then an open question, then wishes, then topics. Pure and synchronous; what goes
 * wrong after triage still ends in a reply that names where to get help.
 */
export function takeTurn(brain: Brain, before: Session, message: Message): Turn {
  const began: Session = { ...before, turn: before.turn + 1 };
  const asked = screeningOf(before.open, brain.corpus.questions.screening);
  const heard = brain.hear(message.text, asked && { question: asked.question.id });
  const session = brain.remember(began, heard);
  try {
    return finish(brain, draftOf(brain, began, session, message, heard), before, heard, message.choice === RESUME);
  } catch {
    const sentence = fill(brain.wording.broken, { emergency: brain.region.emergency });
    return finish(
      brain,
      { kind: 'help', parts: [text(sentence)], session: closed(session), confidence: 0 },
      before,
      heard,
      true,
    );
  }
}

function draftOf(brain: Brain, began: Session, session: Session, message: Message, heard: Heard): Draft {
  const w = brain.wording;
  const wasInForce = isAtLeast(alarmOf(brain, began).urgency, 'urgent');
  if (wasInForce && heard.clearance && !isAtLeast(alarmOf(brain, session).urgency, 'urgent'))
    return { kind: 'smalltalk', parts: [text(w.cleared)], session: closed(session) };
  if (wasInForce && heard.takenBack.length)
    return { kind: 'smalltalk', parts: [text(w['taken-back'])], session: closed(session) };
  if (wasInForce && heard.falseAlarm)
    return { kind: 'screen', parts: [text(w['false-alarm'])], session: closed(session) };
  return plainTurn(brain, session, message, heard);
}
