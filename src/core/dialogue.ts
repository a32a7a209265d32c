import type { Brain, Heard } from './brain.ts';
import { commandOf } from './commands.ts';
import { fill } from './corpus.ts';
import { closed, type Draft, offer, text } from './draft.ts';
import { interviewDraft, interviewTurn, isOfQuestion, screenDraft, screeningTurn } from './guided.ts';
import type { Message } from './message.ts';
import { RESUME } from './public-view.ts';
import type { Part, Reply, ReplyKind, SourceRef } from './reply.ts';
import { screeningFor, screeningOf } from './screening.ts';
import type { HeldSign, Session } from './session.ts';
import { topicTurn } from './topic-turn.ts';
import { isAtLeast, mostUrgent, rankOf } from './urgency.ts';
import { type Alarm, reminderOf, warningOf } from './warn.ts';
import { choiceDraft, commandDraft, resumeDraft } from './wish.ts';

/** What a message leads to: the reply and what is remembered. `forget` means: delete all that is kept of this conversation. */
export interface Turn {
  readonly reply: Reply;
  readonly session: Session;
  readonly forget: boolean;
}

/** Understanding reads this much of a message, in UTF-16 units; triage reads all of it. */
const READ_AT_MOST = 6000;

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
  // Small talk that is sure of its kind is left in peace; where it is not, a suspicion is asked about.
  if (suspected && (draft.kind !== 'smalltalk' || (draft.confidence ?? 0) < 0.5)) {
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
    // Notes beyond the article are left out: some of them speak well of running.
    const held = draft.parts.filter((p) => p.kind !== 'beyond');
    return safe && draft.kind === 'answer' && held.length
      ? reply('answer', [...first, text(brain.wording.warning.urgent.after), ...held], draft.sources)
      : reply(alarmKind, first);
  }
  if (
    alarm.urgency === 'routine' &&
    alarm.signs.some((s) => s.turn === session.turn) &&
    (draft.kind === 'answer' || draft.kind === 'out_of_scope' || draft.kind === 'clarify')
  ) {
    const warning = warningOf(alarm, words);
    const isAside = (p: Part) => p.kind === 'choices' || p.kind === 'beyond';
    const parts = warning
      ? [...draft.parts.filter((p) => !isAside(p)), warning, ...draft.parts.filter(isAside)]
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
  if (wasInForce && heard.clearance && !isAtLeast(alarmOf(brain, session).urgency, 'urgent')) {
    // '... she says it is muscular. So, planks?': what is asked beside it is answered as well.
    const asked = message.text.includes('?') ? plainTurn(brain, session, message, heard) : undefined;
    return asked?.kind === 'answer'
      ? { ...asked, parts: [text(w.cleared), ...asked.parts] }
      : { kind: 'smalltalk', parts: [text(`${w.cleared} ${w['cleared-next']}`)], session: closed(session) };
  }
  if (wasInForce && heard.takenBack.length)
    return { kind: 'smalltalk', parts: [text(w['taken-back'])], session: closed(session) };
  if (wasInForce && heard.falseAlarm)
    return { kind: 'screen', parts: [text(w['false-alarm'])], session: closed(session) };
  return plainTurn(brain, session, message, heard);
}
