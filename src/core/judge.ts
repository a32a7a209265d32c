import type { Verdict } from './brain.ts';
import type { HeldSign } from './session.ts';
import type { TriageData } from './triage-data.ts';
import { mostUrgent, rankOf, type Urgency } from './urgency.ts';

/** Judges what danger signs come to together: levels by circumstances, then the combination rules of the reference, section 4, which only raise. */
export function createJudge(
  data: Pick<TriageData, 'flags' | 'combinations'>,
): (signs: readonly HeldSign[], facts: readonly string[]) => Verdict {
  const flags = new Map(data.flags.map((f) => [f.id, f]));
  return (signs, facts) => {
    const held = new Map(signs.map((s) => [s.flag, s]));
    const levels: Record<string, Urgency> = {};
    for (const sign of signs) {
      const flag = flags.get(sign.flag);
      const holds = (cue: string) =>
        sign.cues.includes(cue) || facts.includes(cue) || (flags.has(cue) && held.has(cue));
      levels[sign.flag] = flag
        ? mostUrgent([
            sign.level,
            ...(flag.levels ?? [])
              .filter((l) => [l.when].flat().some((w) => flags.has(w)) && [l.when].flat().every(holds))
              .map((l) => l.level),
          ])
        : sign.level;
    }
    let urgency = mostUrgent(Object.values(levels));
    for (const c of data.combinations) {
      if (!c.all.every((f) => held.has(f))) continue;
      const isMet =
        (!c.any && !c.facts) ||
        c.any?.some((f) => held.has(f)) ||
        c.facts?.some((f) => facts.includes(f) || c.all.some((id) => held.get(id)?.cues.includes(f)));
      if (!isMet) continue;
      const [lead] = c.all;
      if (lead) levels[lead] = mostUrgent([levels[lead] ?? 'none', c.level]);
      urgency = mostUrgent([urgency, c.level]);
    }
    const order = Object.entries(levels).sort((a, b) => rankOf(b[1]) - rankOf(a[1]));
    return { urgency, signs: order.map(([flag]) => flag), levels };
  };
}
