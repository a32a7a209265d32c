import type { LoadedSecondHearing, Opinion, Reading } from './second-hearing.ts';
import { rankOf, type Urgency } from './urgency.ts';

/** Where the second hearing counts: `raises` and `short` as the strength of its opinion, the others as chances (eval/second-hearing.md). */
export interface Lines {
  /** From here on it raises the level by itself. */
  readonly raises: number;
  /** The same for a message of a few words; of three or fewer, twice as much. A crisis then needs twice its line, and four times (`raisingLines`). */
  readonly short: number;
  /** From here on it raises a crisis by itself. */
  readonly crisis: number;
  /** From here on one screening question is asked. */
  readonly asks: number;
  /** Below this, what only a rule heard does not count: a rule that is nearly always right in the phrases, or often right; others need `raises`. */
  readonly vetoes: { readonly trusted: number; readonly usual: number };
  /** From here on a message clears what was feared: one that names who or what found it harmless, and one that tells it in other words. */
  readonly clears: { readonly named: number; readonly told: number };
}

/** Shares of right alarms in the phrases from which a rule is trusted, and from which it is as good as most. */
const TRUSTED = 0.9;
const USUAL = 0.6;

/** Marks the patterns that the second hearing has no say in. */
export const SURE = '#sure-';

/** The chance of an alarm below which a rule does not count. */
const vetoOn = (pattern: string, second: SecondHearing): number => {
  if (pattern.includes(SURE)) return 0;
  const trust = second.trustIn(pattern);
  if (trust >= TRUSTED) return second.lines.vetoes.trusted;
  return trust >= USUAL ? second.lines.vetoes.usual : second.lines.raises;
};

/** A second opinion on a message, and where its lines lie. */
export interface SecondHearing extends LoadedSecondHearing {
  readonly lines: Lines;
}

/** From here on the second hearing raises a routine sign by itself: advice to book a visit, below the answer. */
const ROUTINE = 0.5;
/** Words that are plain by themselves count among any others: from this chance of an alarm by their own part. */
const PART_SURE = 0.7;
/** Below this, as a chance of any sign, a routine rule does not count. */
export const ROUTINE_RULE = 0.12;

/** The share of its line that a crisis rule needs of the chance of a crisis itself: 'a stabbing hit me' is an emergency of the body. */
const CRISIS_SHARE = 0.25;

/**
 * Shares of the chance of a bodily emergency that the chance of a crisis must reach beside it, to be raised and for a rule to count:
 * who writes 'can't see me blush' about a bladder needs the hospital, not a helpline. What is plain by itself needs neither.
 */
const CRISIS_BESIDE = 0.4;
const CRISIS_RULE_BESIDE = 0.2;

/** A message of at most so many words rests on little, and one of so few on next to nothing: 'since yesterday', 'both', 'cut them?'. */
const FEW_WORDS = 8;
const FEWEST_WORDS = 3;

/** From where on the second hearing raises an alarm and a crisis by itself in a message of so many words. */
export function raisingLines(words: number, lines: Lines): { readonly alarm: number; readonly crisis: number } {
  if (words <= FEWEST_WORDS) return { alarm: 2 * lines.short, crisis: 4 * lines.crisis };
  if (words <= FEW_WORDS) return { alarm: lines.short, crisis: 2 * lines.crisis };
  return { alarm: lines.raises, crisis: lines.crisis };
}

/** The signs that stand for what only the second hearing heard: said in careful words. */
export const SECOND_FLAG: Readonly<Partial<Record<Urgency, string>>> = {
  routine: 'may-be-routine',
  urgent: 'may-be-urgent',
  emergency: 'may-be-emergency',
  crisis: 'may-be-crisis',
};

/** The share of an alarm's chance that must be an emergency's for it to be called one. */
const EMERGENCY_SHARE = 0.55;

/** The level the second hearing raises by itself, above what rules heard; `undefined` means: none. */
export function raisedBy(opinion: Opinion, line: number, crisis: number, heard: Urgency): Urgency | undefined {
  if (heard !== 'crisis' && opinion.crisis >= crisis && opinion.crisis >= CRISIS_BESIDE * opinion.emergency)
    return 'crisis';
  if (opinion.strength < line) return heard === 'none' && opinion.routine >= ROUTINE ? 'routine' : undefined;
  const isEmergency = opinion.emergency + opinion.crisis >= EMERGENCY_SHARE * opinion.alarm;
  const level = isEmergency ? 'emergency' : 'urgent';
  return rankOf(level) > rankOf(heard) ? level : undefined;
}

/** Whether the second hearing speaks against what a rule heard, by the whole message and by the part it was heard in. */
export function isVetoed(
  hit: { readonly pattern: string; readonly at: number },
  level: Urgency,
  reading: Reading,
  opinion: Opinion,
  second: SecondHearing,
): boolean {
  const line = vetoOn(hit.pattern, second);
  const least = Math.max(CRISIS_SHARE * line, CRISIS_RULE_BESIDE * opinion.emergency);
  if (opinion.alarm >= line && (level !== 'crisis' || opinion.crisis >= least)) return false;
  const part = second.opinionAt(reading, hit.at);
  return (level === 'crisis' ? part.crisis : part.alarm) < PART_SURE;
}
