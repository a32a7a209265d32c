import type { Heard } from './brain.ts';
import { parsePattern } from './patterns.ts';
import type { TriageData } from './triage-data.ts';
import { isAtLeast } from './urgency.ts';

const NOTHING: Heard = {
  findings: [],
  facts: [],
  denied: [],
  deniedAt: [],
  past: [],
  supposed: [],
  clearance: false,
  takenBack: [],
  falseAlarm: false,
  deniesAll: false,
};

/**
 * The plainest hearing, for when the other fails: a flag counts when each item of one of its patterns stands in the text by a
 * phrase of its family, whatever stands around it.
 */
export function plainly(text: string, data: TriageData): Heard {
  const plain = ` ${String(text)
    .slice(0, 20_000)
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9]+/g, ' ')} `;
  const stands = (family: string): boolean =>
    (data.concepts[family] ?? []).some((p) => /^[a-z ]+\*?$/.test(p) && plain.includes(` ${p.replace('*', '')}`));
  const findings = data.flags.flatMap((flag) => {
    if (!isAtLeast(flag.level, 'urgent')) return [];
    const isHit = data.rules[flag.id]?.hears.some((short) => parsePattern(flag.id, short).items.every(stands));
    const { id, level } = flag;
    const evidence = { flag: id, level, spans: [], heardBy: `rule:${id}#plain`, cues: [] };
    return isHit ? [{ flag: id, level, who: 'self' as const, cues: [], evidence }] : [];
  });
  return { ...NOTHING, findings };
}
