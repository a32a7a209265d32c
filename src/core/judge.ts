import type { Verdict } from './brain.ts';
import type { HeldSign } from './session.ts';
import type { TriageData } from './triage-data.ts';
import { mostUrgent, rankOf, type Urgency } from './urgency.ts';

/** Judges what danger signs come to together: the combination rules of the reference, section 4, which only raise. */
export function createJudge(
  data: Pick<TriageData, 'combinations'>,
): (signs: readonly HeldSign[], facts: readonly string[]) => Verdict {
  return (signs, facts) => {
    const held = new Map(signs.map((s) => [s.flag, s]));
    const levels: Record<string, Urgency> = Object.fromEntries(signs.map((s) => [s.flag, s.level]));
    let urgency = mostUrgent(Object.values(levels));
    for (const c of data.combinations) {
      if (!c.all.every((f) => held.has(f))) continue;
      const isMet = (!c.any && !c.facts) || c.any?.some((f) => held.has(f)) || c.facts?.some((f) => facts.includes(f));
      if (!isMet) continue;
      const [lead] = c.all;
      if (lead) levels[lead] = mostUrgent([levels[lead] ?? 'none', c.level]);
      urgency = mostUrgent([urgency, c.level]);
    }
    const order = Object.entries(levels).sort((a, b) => rankOf(b[1]) - rankOf(a[1]));
    return { urgency, signs: order.map(([flag]) => flag), levels };
  };
}
