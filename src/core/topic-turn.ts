import { notesBesides } from './answer.ts';
import type { Brain, Heard, Understood } from './brain.ts';
import { plainAnswerOf, typedChoiceOf } from './commands.ts';
import { fill } from './corpus.ts';
import { answerDraft, causesOf, closed, type Draft, offer, opened, text } from './draft.ts';
import type { Tie } from './follow-up.ts';
import { resolve } from './resolve.ts';
import type { Session } from './session.ts';
import { commandDraft, smalltalkDraft } from './wish.ts';
import { findWords, wordsOf } from './words.ts';

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

/** What is named by its number. */
const NUMBERED = /\b(?:number|cause|reason|point) (?:\d|one|two|three|four|five|six|seven|eight|nine|ten)/;

/** 'the second one', 'and the other': a place in what was offered or asked about last. */
function placeTurn(brain: Brain, session: Session, said: string): Draft | undefined {
  if (said.length > 80) return undefined;
  const words = wordsOf(said);
  const has = (phrase: string): boolean => findWords(words, phrase.split(' ')) >= 0;
  // 'Number 5' of what was listed; where nothing so long was, of the causes of the article, which have numbers.
  const isOfArticle = session.offered.length < 2 && session.topics.length > 0 && NUMBERED.test(words.join(' '));
  const listed = isOfArticle ? causesOf(brain) : session.offered;
  if (listed.length < 2) return undefined;
  const other = brain.commands['other-one'].some(has)
    ? session.offered.find((t) => t !== session.topics[0])
    : undefined;
  const place = other ?? listed[brain.commands.ordinals.findIndex((phrases) => phrases.some(has))];
  if (!place) return undefined;
  const draft = answerDraft(brain, session, [place], undefined, 0.9);
  return { ...draft, session: { ...draft.session, offered: listed } };
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
      ...(understood.aspect ? notesBesides(understood.aspect.id, brain) : []),
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

/** From this probability of its kind on, small talk in the middle of a talk is taken for it ... */
const CLEARLY = 0.5;
/** ... and from this one, what looks as much like a question on the article, or asks what there is to ask. */
const PLAINLY = 0.8;
/** A message less likely to be held than this goes on with no topic, and more likely than that it may well ask about one. */
const STRANGE = 0.1;
const LIKELY = 0.5;

/** Whether what looks like small talk asks about a topic, or goes on with one: 'so what can I do' asks about it, not about the bot. */
function followsUp(understood: Understood, tie: Tie, topics: readonly string[]): boolean {
  const { smalltalk, inScope } = understood;
  if (!smalltalk) return false;
  const { kind, sure } = smalltalk;
  if (topics.length === 0) return inScope >= LIKELY && (understood.ranked[0]?.score ?? 0) >= LIKELY && sure < PLAINLY;
  if (kind === 'help' && ((tie.aspect && tie.content === 0) || sure < PLAINLY)) return true;
  return inScope >= LIKELY ? sure < PLAINLY : sure < CLEARLY && inScope >= STRANGE;
}

/** Words a question begins with, for those who leave out the question mark. */
const ASKS =
  /\?|^\W*(?:and |so |but |ok |then |wait |sorry |i mean |for |from |with |by |to )*(?:when|how|what|which|who|where|why|should|can|could|do|does|is|are|will|would)\b/i;

/** Words that must be left of a message when what it denies is taken out. */
const LEFT = 4;

/** What a message asks about, without the clauses that only say what is not so: 'no numbness, how do I train my core' is no question on numbness. */
function withoutDenials(said: string, heard: Heard): string {
  const left = cutOut(said, heard.deniedAt);
  return wordsOf(left).length >= LEFT ? left : said;
}

/** A text without some ranges of it. */
function cutOut(said: string, ranges: Heard['deniedAt']): string {
  let left = '';
  let at = 0;
  for (const [from, to] of ranges) {
    left += said.slice(at, from);
    at = to;
  }
  return left + said.slice(at);
}

/** What a typed message asks about, answered, asked back, or said not to be held. */
export function topicTurn(brain: Brain, session: Session, said: string, heard: Heard): Draft {
  const picked = pickTurn(brain, session, said) ?? placeTurn(brain, session, said);
  if (picked) return picked;
  const asks = withoutDenials(said, heard);
  if (heard.deniedAt.length > 0 && wordsOf(cutOut(said, heard.deniedAt)).length < 2)
    return smalltalkDraft(brain, session, 'feedback-positive', 0.6);
  const understood = brain.understand(asks);
  if (understood.language) {
    const foreign = brain.foreign(said, understood.language);
    return { kind: 'out_of_scope', parts: [text(foreign.text)], session, confidence: 0.9 };
  }
  const tie = brain.tieOf(said);
  if (understood.smalltalk && !followsUp(understood, tie, session.topics))
    return smalltalkDraft(brain, session, understood.smalltalk.kind, understood.smalltalk.sure);
  if (
    tie.content === 0 &&
    !tie.aspect &&
    !ASKS.test(said) &&
    !brain.commands['other-one'].some((p) => said.toLowerCase().includes(p))
  )
    return smalltalkDraft(brain, session, session.topics.length ? 'feedback-positive' : 'greeting', 0.5);
  const resolved = resolve(brain, closed(session), asks, understood);
  // What could be small talk, and is no question that can be answered, is small talk.
  if (understood.smalltalk && resolved.kind !== 'answer')
    return smalltalkDraft(brain, session, understood.smalltalk.kind, understood.smalltalk.sure);
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
