import type { Heard } from './brain.ts';
import type { HeldSign, Session } from './session.ts';
import { rankOf } from './urgency.ts';

const union = (a: readonly string[], b: readonly string[]): readonly string[] =>
  b.length ? [...new Set([...a, ...b])] : a;

/** Danger signs kept of one conversation, at most; the newest and most pressing stay. */
const MOST_SIGNS = 40;

/**
 * Adds what was heard to what is known. A raised sign stays through small talk, a change of subject and playing it down; a stated
 * clearance by a clinician ends all that were raised before this message, and a correction ends what it names.
 */
export function remember(session: Session, heard: Heard): Session {
  // A clearance names what was feared: the second hearing alone does not speak against it.
  const isDenied = heard.findings.some((f) => f.level === 'crisis' && f.evidence.heardBy !== 'classifier');
  const isCleared = heard.clearance && session.signs.length > 0 && !isDenied;
  const before = isCleared ? [] : session.signs.filter((s) => !heard.takenBack.includes(s.flag));
  const signs = new Map(before.map((s) => [s.flag, s]));
  // What is told beside a clearance is what was checked: it counts again only when the next message says so.
  const told = isCleared ? [] : heard.findings;
  for (const f of told) {
    const kept = signs.get(f.flag);
    const sign: HeldSign = { flag: f.flag, level: f.level, who: f.who, cues: f.cues, turn: session.turn };
    signs.set(
      f.flag,
      kept && rankOf(kept.level) > rankOf(f.level)
        ? { ...kept, turn: session.turn, cues: union(kept.cues, f.cues) }
        : sign,
    );
  }
  const kept = [...signs.values()]
    .sort((a, b) => rankOf(b.level) - rankOf(a.level) || b.turn - a.turn)
    .slice(0, MOST_SIGNS);
  return {
    ...session,
    signs: kept,
    facts: isCleared ? [] : union(session.facts, heard.facts),
    denied: union(
      session.denied,
      heard.denied.filter((f) => !signs.has(f)),
    ),
    screened: isCleared ? [] : session.screened,
  };
}
