import { notesOn, topicChoices } from './answer.ts';
import type { Brain, Understood } from './brain.ts';
import { COMMANDS, type Command } from './commands.ts';
import { answerDraft, closed, type Draft, offer, text, withTopics } from './draft.ts';
import { beginCheck, interviewDraft, screenDraft } from './guided.ts';
import { noteOf } from './note.ts';
import { privacyOf } from './privacy.ts';
import { RESUME } from './public-view.ts';
import { screeningOf } from './screening.ts';
import { freshSession, type Session } from './session.ts';

/** Does what a command asks for. */
export function commandDraft(brain: Brain, session: Session, command: Command): Draft {
  const w = brain.wording;
  const o = w.offers;
  switch (command) {
    case 'check':
      return beginCheck(brain, session);
    case 'cause':
      // The interview is about the causes of one article: with another one, its topics are what can be told.
      if (!Object.keys(brain.corpus.questions.interview.prior).some((t) => brain.passages.has(t)))
        return commandDraft(brain, session, 'topics');
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

/** Answers small talk of a kind; `sure` is how likely it is that kind, 0..1. */
export function smalltalkDraft(
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
export function resumeDraft(brain: Brain, session: Session): Draft {
  const asked = screeningOf(session.open, brain.corpus.questions.screening);
  if (asked && session.open?.kind === 'screen')
    return screenDraft(brain, session, asked.question, undefined, session.open.whole, asked.refine);
  if (session.open?.kind === 'interview') return interviewDraft(brain, session);
  const topic = session.topics[0];
  return topic ? answerDraft(brain, session, [topic], undefined, 1) : commandDraft(brain, session, 'help');
}

/** Takes a press or a typed pick of something that is no question of the moment: a topic, a part of one, a command. */
export function choiceDraft(brain: Brain, session: Session, id: string): Draft | undefined {
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
