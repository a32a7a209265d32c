import type { Brain, Decision, Understood } from './brain.ts';
import type { Aspect, Tie } from './follow-up.ts';
import type { Session } from './session.ts';

/** What a message asks about, by its own words and what was said before. */
export type Resolved =
  | {
      readonly kind: 'answer';
      readonly topics: readonly string[];
      readonly aspect?: Aspect;
      readonly confidence: number;
    }
  | { readonly kind: 'ask'; readonly topics: readonly string[]; readonly confidence: number }
  | { readonly kind: 'not-held'; readonly understood: Understood; readonly confidence: number };

const scoreOf = (u: Understood, topic: string): number => u.ranked.find((r) => r.topic === topic)?.score ?? 0;

/** How much a message fully tied to the talk leans to the topic before it, on the scale of topic scores. */
const PULL = 0.7;
/** From this chance of being held on, a topic talked about before is taken to be named again; the second where the writer says that they go back. */
const NAMED = 0.3;
const RETURNS = 0.03;
/** From this share on, a few words name one of the topics that were offered. */
const OFFERED = 0.3;
/** From this chance of being held on, a few words go on with the topic before them. */
const CONTINUES = 0.12;
/** How much such a tie adds to the chance that the article holds the answer. */
const TRUST = 0.4;

const withAspect = (aspect: Aspect | undefined) => (aspect ? { aspect } : {});

/** Resolves a typed message. `understood` is the reading of its own words. */
export function resolve(brain: Brain, session: Session, text: string, understood: Understood): Resolved {
  const tie = brain.tieOf(text);
  const own = brain.decide(understood);
  const corrected = correctionOf(brain, session, tie);
  if (corrected) return corrected;
  if (tie.aspect === 'else' && (tie.tied >= 0.4 || own.band === 'not-held') && brain.passages.has('causes'))
    return { kind: 'answer', topics: ['causes'], aspect: 'else', confidence: 0.8 };
  const isForeign =
    Boolean(understood.aspect || understood.otherBodyPart) || (tie.content > 0 && understood.unknownShare >= 0.6);
  const tied = isForeign ? undefined : tiedTo(brain, session, understood, tie, own.band);
  return alternativesIn(brain, text) ?? tied ?? byItself(understood, tie, own);
}

/** From this share on, what a correction names is a topic of its own; below, where it is likely held, it only says more of what was talked about. */
const PLAIN = 0.5;
const LIKELY = 0.5;

/** 'No, I meant the treadmill': what is meant counts alone. 'I mean for my back when I run' names no other topic than before. */
function correctionOf(brain: Brain, session: Session, tie: Tie): Resolved | undefined {
  if (!tie.correction) return undefined;
  const meant = brain.understand(tie.correction.rest);
  const best = meant.ranked[0];
  const previous = session.topics[0];
  if (best && best.score < PLAIN && meant.inScope >= LIKELY && previous && brain.passages.has(previous))
    return { kind: 'answer', topics: [previous], ...withAspect(tie.aspect), confidence: 0.6 };
  const isOurs = brain.decide(meant).band !== 'not-held' || (meant.contentWords <= 3 && (best?.score ?? 0) >= 0.3);
  return best && isOurs && !meant.otherBodyPart && !meant.aspect
    ? { kind: 'answer', topics: [best.topic], ...withAspect(tie.aspect), confidence: Math.max(0.5, best.score) }
    : undefined;
}

/** Words of a message that are looked at for 'this or that?'. */
const SHORT = 200;

/** 'My shoes or my desk job?': both topics, in the order they were named, so that 'the second one' can be found later. */
function alternativesIn(brain: Brain, text: string): Resolved | undefined {
  const parts = text.length <= SHORT ? text.split(/\bor\b/i) : [];
  if (parts.length !== 2) return undefined;
  const topics = parts.flatMap((part) => {
    const { ranked, inScope } = brain.understand(part);
    const top = ranked[0];
    return top && top.score >= 0.5 && inScope >= 0.12 ? [top.topic] : [];
  });
  return topics.length === 2 && topics[0] !== topics[1] ? { kind: 'answer', topics, confidence: 0.6 } : undefined;
}

/** The reading of a message that leans on the topic before it; `undefined` means: it stands on its own. */
function tiedTo(
  brain: Brain,
  session: Session,
  understood: Understood,
  tie: Tie,
  band: Decision['band'],
): Resolved | undefined {
  const previous = session.topics[0];
  const top = understood.ranked[0];
  if (!previous || !brain.passages.has(previous)) return undefined;
  const aspect = withAspect(tie.aspect);
  if (
    tie.aspect === 'not-better' &&
    tie.tied >= 0.3 &&
    (band !== 'answer' || tie.content <= 1) &&
    brain.passages.has('medical')
  )
    return { kind: 'answer', topics: ['medical'], ...aspect, confidence: 0.7 };
  if (tie.tied >= 1)
    return { kind: 'answer', topics: [previous], ...withAspect(tie.aspect ?? 'more'), confidence: 0.8 };
  const before = scoreOf(understood, previous);
  // 'Start with the work thing': what was talked about before and is named again.
  const isBack = top && session.topics.includes(top.topic) && (tie.returns || top.topic !== previous);
  // 'Let's start with the form one': what was offered or named last.
  const isOffered = top && session.offered.length > 1 && session.offered.includes(top.topic);
  if (isOffered && tie.content <= 2 && top.score >= OFFERED && top.score >= 2 * (understood.ranked[1]?.score ?? 0))
    return { kind: 'answer', topics: [top.topic], ...aspect, confidence: 0.7 };
  if (isBack && tie.content > 0 && understood.inScope >= (tie.returns ? RETURNS : NAMED))
    return { kind: 'answer', topics: [top.topic], ...aspect, confidence: Math.max(0.5, top.score) };
  // Who asks on after the overview asks about one of its topics.
  const isOverview = brain.passages.get(previous)?.kind === 'overview';
  const pulled = before + (isOverview ? PULL / 2 : PULL) * tie.tied;
  const rival = top && top.topic !== previous ? top.score : 0;
  const likely = understood.inScope + TRUST * tie.tied;
  // A sentence of its own that has nothing of the topic before it is no follow-up, whatever small words it holds.
  const isOther = tie.content >= 3 && understood.inScope >= 0.9 && before < 0.05;
  const leans = !isOther && (tie.tied >= 0.3 || (band === 'ask' && before >= 0.25));
  if (leans && pulled > rival && (band !== 'not-held' || likely >= 0.35))
    return { kind: 'answer', topics: [previous], ...aspect, confidence: Math.min(0.9, Math.max(pulled, 0.5)) };
  // In the middle of a talk one clear topic word is enough, where alone it would not be.
  if (band !== 'answer' && top && top.score >= 0.6 && understood.inScope >= 0.12)
    return { kind: 'answer', topics: [top.topic], ...aspect, confidence: top.score * 0.8 };
  // A few plain words that could be ours go on with what was talked about: 'give me some exercises'.
  if (band === 'not-held' && tie.content <= 3 && understood.inScope >= CONTINUES && understood.unknownShare === 0)
    return { kind: 'answer', topics: [previous], ...aspect, confidence: 0.5 };
  return undefined;
}

/**
 * How often an answer proves right, by the product of the chance of being held and of its topic: the product is too modest, since a
 * second fair topic takes from the first. Shift and slope on the log-odds, fitted on answers to the messages of eval/sets (docs/evidence.md).
 */
const surenessOf = (product: number): number => {
  const kept = Math.min(0.999, Math.max(0.001, product));
  return 1 / (1 + Math.exp(-(1.45 + 1.06 * Math.log(kept / (1 - kept)))));
};

function byItself(understood: Understood, tie: Tie, own: Decision): Resolved {
  const top = understood.ranked[0];
  const kept = tie.tied >= 0.3 || tie.aspect === 'number' ? withAspect(tie.aspect) : {};
  const [first] = own.topics;
  if (own.band === 'answer' && first)
    return {
      kind: 'answer',
      topics: own.topics.slice(0, 2),
      ...kept,
      confidence: surenessOf(understood.inScope * (top?.score ?? 0)),
    };
  if (own.band === 'ask' && own.topics.length > 1)
    return { kind: 'ask', topics: own.topics, confidence: understood.inScope };
  if (own.band === 'ask' && first)
    return { kind: 'answer', topics: [first], ...kept, confidence: surenessOf(understood.inScope * (top?.score ?? 0)) };
  return { kind: 'not-held', understood, confidence: 1 - understood.inScope };
}
