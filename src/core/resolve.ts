import type { Brain, Understood } from './brain.ts';
import type { Aspect } from './follow-up.ts';
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
const PULL = 0.55;

const withAspect = (aspect: Aspect | undefined) => (aspect ? { aspect } : {});

/** Resolves a typed message. `understood` is the reading of its own words. */
export function resolve(brain: Brain, session: Session, text: string, understood: Understood): Resolved {
  const tie = brain.tieOf(text);
  const aspect = tie.aspect;
  const previous = session.topics[0];
  const own = brain.decide(understood);
  const top = understood.ranked[0];

  if (tie.correction) {
    const meant = brain.understand(tie.correction.rest);
    const best = meant.ranked[0];
    const decided = brain.decide(meant);
    if (best && (decided.band !== 'not-held' || meant.contentWords <= 3) && !meant.otherBodyPart && !meant.aspect)
      return { kind: 'answer', topics: [best.topic], ...withAspect(aspect), confidence: Math.max(0.5, best.score) };
  }
  if (aspect === 'else' && (tie.tied >= 0.4 || own.band === 'not-held'))
    return { kind: 'answer', topics: ['causes'], aspect, confidence: 0.8 };
  const isForeign =
    Boolean(understood.aspect || understood.otherBodyPart) || (tie.content > 0 && understood.unknownShare >= 0.6);

  if (previous && !isForeign) {
    if (aspect === 'not-better' && tie.tied >= 0.3 && (own.band !== 'answer' || tie.content <= 1))
      return { kind: 'answer', topics: ['medical'], aspect, confidence: 0.7 };
    if (tie.tied >= 1) return { kind: 'answer', topics: [previous], ...withAspect(aspect ?? 'more'), confidence: 0.8 };
    const pulled = scoreOf(understood, previous) + PULL * tie.tied;
    const rival = top && top.topic !== previous ? top.score : 0;
    const likely = understood.inScope + 0.4 * tie.tied;
    if (pulled > rival && tie.tied >= 0.3 && (own.band !== 'not-held' || likely >= 0.5))
      return {
        kind: 'answer',
        topics: [previous],
        ...withAspect(aspect),
        confidence: Math.min(0.9, Math.max(pulled, 0.5)),
      };
    if (own.band === 'not-held' && top && likely >= 0.6 && top.score >= 0.35)
      return { kind: 'answer', topics: [top.topic], ...withAspect(aspect), confidence: top.score };
  }
  if (own.band === 'answer' && top) {
    const second = understood.second && understood.second !== top.topic ? [understood.second] : [];
    const kept = aspect === 'why' || aspect === 'number' ? aspect : undefined;
    return {
      kind: 'answer',
      topics: [top.topic, ...second],
      ...withAspect(tie.tied >= 0.3 ? aspect : kept === 'number' ? kept : undefined),
      confidence: understood.inScope * top.score,
    };
  }
  if (own.band === 'ask' && own.topics.length > 1)
    return { kind: 'ask', topics: own.topics, confidence: understood.inScope };
  if (own.band === 'ask' && own.topics.length === 1)
    return {
      kind: 'answer',
      topics: own.topics,
      ...withAspect(aspect),
      confidence: understood.inScope * (top?.score ?? 0),
    };
  return { kind: 'not-held', understood, confidence: 1 - understood.inScope };
}
