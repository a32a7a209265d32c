import type { Heard, Verdict } from './brain.ts';
import { createConceptFinder, type Place } from './concepts.ts';
import { type Context, createContextReader, type Status } from './context.ts';
import { createJudge } from './judge.ts';
import { numberFacts } from './numbers.ts';
import { matchPattern, type Pattern, parsePattern } from './patterns.ts';
import { type LoadedSecondHearing, MOST_WORDS, type Opinion, type Reading } from './second-hearing.ts';
import type { HeldSign } from './session.ts';
import { type Token, tokensOf } from './tokens.ts';
import type { FlagRules, TriageData } from './triage-data.ts';
import { isAtLeast, mostUrgent, rankOf, type Urgency } from './urgency.ts';

/** Where the second hearing counts: `raises` and `short` as the strength of its opinion, the others as chances (eval/second-hearing.md). */
export interface Lines {
  /** From here on it raises the level by itself. */
  readonly raises: number;
  /** The same for a message of a few words, which rests on little; a crisis then needs twice its line. */
  readonly short: number;
  /** From here on it raises a crisis by itself. */
  readonly crisis: number;
  /** From here on one screening question is asked. */
  readonly asks: number;
  /** Below this, what only a rule heard does not count: a rule that is nearly always right in the phrases, or often right; others need `raises`. */
  readonly vetoes: { readonly trusted: number; readonly usual: number };
}

/** Shares of right alarms in the phrases from which a rule is trusted, and from which it is as good as most. */
const TRUSTED = 0.9;
const USUAL = 0.6;

/** Marks the patterns that the second hearing has no say in. */
const SURE = '#sure-';

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

/** Hears danger signs in words and judges what they come to together. */
export interface Triage {
  /** A message as the second hearing reads it, for its training. */
  read(text: string): Reading;
  /** Never throws: when the hearing fails, plain keywords stand in and `onFault` is told. `asked` is the screening question this may answer. */
  hear(text: string, asked?: { readonly question: string }): Heard;
  judge(signs: readonly HeldSign[], facts: readonly string[]): Verdict;
}

/** From here on the second hearing raises a routine sign by itself: advice to book a visit, below the answer. */
const ROUTINE = 0.5;
/** Words that are plain by themselves count among any others: from this chance of an alarm by their own part. */
const PART_SURE = 0.7;
/** Below this, as a chance of any sign, a routine rule does not count. */
const ROUTINE_RULE = 0.12;

/** The share of its line that a crisis rule needs of the chance of a crisis itself: 'a stabbing hit me' is an emergency of the body. */
const CRISIS_SHARE = 0.25;

/**
 * Shares of the chance of a bodily emergency that the chance of a crisis must reach beside it, to be raised and for a rule to count:
 * who writes 'can't see me blush' about a bladder needs the hospital, not a helpline. What is plain by itself needs neither.
 */
const CRISIS_BESIDE = 0.6;
const CRISIS_RULE_BESIDE = 0.2;

/** A message of at most so many words rests on little. */
const FEW_WORDS = 8;

/** Places of one family that the second hearing is told of. */
const MOST_PLACES = 40;

interface Hit {
  readonly pattern: Pattern;
  readonly flag: FlagRules;
  readonly places: readonly Place[];
  readonly status: Status;
}

interface Analysis {
  readonly tokens: readonly Token[];
  readonly found: ReadonlyMap<string, readonly Place[]>;
  readonly context: Context;
  readonly hits: readonly Hit[];
}

/** The signs that stand for what only the second hearing heard: said in careful words. */
const SECOND_FLAG: Readonly<Partial<Record<Urgency, string>>> = {
  routine: 'may-be-routine',
  urgent: 'may-be-urgent',
  emergency: 'may-be-emergency',
  crisis: 'may-be-crisis',
};

/** The level the second hearing raises by itself, above what rules heard; `undefined` means: none. */
function raisedBy(opinion: Opinion, line: number, crisis: number, heard: Urgency): Urgency | undefined {
  if (heard !== 'crisis' && opinion.crisis >= crisis && opinion.crisis >= CRISIS_BESIDE * opinion.emergency)
    return 'crisis';
  if (opinion.strength < line) return heard === 'none' && opinion.routine >= ROUTINE ? 'routine' : undefined;
  // Above an urgent sign that rules heard, the emergency must be the likelier of the two.
  const isEmergency = opinion.emergency + opinion.crisis >= (heard === 'urgent' ? 0.5 : 0.55) * opinion.alarm;
  const level = isEmergency ? 'emergency' : 'urgent';
  return rankOf(level) > rankOf(heard) ? level : undefined;
}

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

/** Concepts that a number can stand for as well. */
const BY_NUMBER: Readonly<Record<string, string>> = { NUMPREG: 'PREGX', NUMELDER: 'OLDAGE', NUMWEEKS: 'LONGX' };

/**
 * The plainest hearing, for when the other fails: a flag counts when each item of one of its patterns stands in the text by a
 * phrase of its family, whatever stands around it.
 */
function plainly(text: string, data: TriageData): Heard {
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

/** Whether the second hearing speaks against what a rule heard, by the whole message and by the part it was heard in. */
function isVetoed(hit: Hit, level: Urgency, reading: Reading, opinion: Opinion, second: SecondHearing): boolean {
  const line = vetoOn(hit.pattern.id, second);
  const least = Math.max(CRISIS_SHARE * line, CRISIS_RULE_BESIDE * opinion.emergency);
  if (opinion.alarm >= line && (level !== 'crisis' || opinion.crisis >= least)) return false;
  const part = second.opinionAt(reading, hit.places[0]?.from ?? 0);
  return (level === 'crisis' ? part.crisis : part.alarm) < PART_SURE;
}

/** Prepares triage from its data; `isWord` tells ordinary English, which is never taken for a misspelt key word; `onFault` is told of inner faults. */
export function createTriage(
  data: TriageData,
  isWord: (word: string) => boolean,
  second?: SecondHearing,
  onFault: (error: unknown) => void = () => {},
): Triage {
  const finder = createConceptFinder(data.concepts, isWord);
  const readContext = createContextReader(data.cues);
  const flags = new Map(data.flags.map((f) => [f.id, f]));
  const patterns: readonly Pattern[] = Object.entries(data.rules).flatMap(([flag, rule]) => [
    ...rule.hears.map((short, i) => parsePattern(`${flag}#${i + 1}`, short)),
    ...(rule.sure ?? []).map((short, i) => parsePattern(`${flag}${SURE}${i + 1}`, short)),
  ]);
  /** Patterns with the flag they raise. */
  const ofFlag = (p: Pattern): readonly { readonly pattern: Pattern; readonly flag: FlagRules }[] => {
    const flag = flags.get(p.id.slice(0, p.id.indexOf('#')));
    return flag ? [{ pattern: p, flag }] : [];
  };
  const heard = patterns.flatMap(ofFlag);

  /** The first flag of a group: the one a screening question asks for. */
  const leadOf = (group: string): string => data.flags.find((f) => f.group === group)?.id ?? group;

  const levelOf = (flag: FlagRules, cues: readonly string[]): Urgency =>
    flag.levels?.find(({ when }) => cues.includes(when))?.level ?? flag.level;

  const answers = new Map(
    Object.entries(data.answers).map(([question, byFlag]) => [
      question,
      Object.entries(byFlag)
        .flatMap(([flag, hears]) => hears.map((short) => parsePattern(`${flag}#answer`, short)))
        .flatMap(ofFlag),
    ]),
  );

  const analyse = (text: string, question?: string): Analysis => {
    const tokens = tokensOf(text);
    const found = new Map(finder.find(tokens));
    for (const [name, places] of numberFacts(tokens)) {
      for (const key of [name, BY_NUMBER[name]]) if (key) found.set(key, [...(found.get(key) ?? []), ...places]);
    }
    const context = readContext(tokens);
    const isDenied = (place: Place) => context.statusOf([place]) === 'negated';
    const hits: Hit[] = [];
    for (const list of [heard, question === undefined ? [] : (answers.get(question) ?? [])])
      for (const { pattern, flag } of list)
        if (pattern.items.every((name) => found.has(name)))
          for (const { places } of matchPattern(pattern, found, tokens, isDenied))
            hits.push({ pattern, flag, places, status: context.statusOf(places) });
    return { tokens, found, context, hits };
  };

  const readingOf = ({ tokens, found, context, hits }: Analysis): Reading => ({
    tokens,
    facts: [
      ...[...found].flatMap(([name, places]) =>
        places
          .slice(0, MOST_PLACES)
          .filter((p) => p.to < MOST_WORDS)
          .map((p) => ({
            name: `${context.statusOf([p]) === 'negated' ? 'no' : 'is'}:${name}`,
            from: p.from,
            to: p.to,
          })),
      ),
      ...hits.flatMap((h) => {
        const from = Math.min(...h.places.map((p) => p.from));
        const to = Math.max(...h.places.map((p) => p.to));
        return [h.flag.id, h.pattern.id].map((id) => ({ name: `${h.status}:${id}`, from, to }));
      }),
    ],
  });

  const countsOf = (hit: Hit): boolean => {
    const rule = data.rules[hit.flag.id];
    if (hit.status === 'present') return true;
    if (hit.status === 'past') return rule?.past === 'counts';
    return hit.status === 'supposed' && rule?.plain === true;
  };

  const hear = (text: string, question?: string): Heard => {
    const analysis = analyse(text, question);
    const { tokens, context, hits } = analysis;
    const reading = readingOf(analysis);
    const opinion = second?.opinionOn(reading);
    const best = new Map<string, Heard['findings'][number]>();
    let doubted: string | undefined;
    const silent = { negated: new Set<string>(), past: new Set<string>(), supposed: new Set<string>() };
    for (const hit of hits) {
      const id = hit.flag.id;
      if (!countsOf(hit)) {
        if (hit.status === 'negated') silent.negated.add(id);
        else if (hit.status === 'past') silent.past.add(id);
        else if (hit.status === 'supposed') silent.supposed.add(id);
        continue;
      }
      const cues = [...context.timesOf(hit.places), ...context.facts];
      const level = levelOf(hit.flag, cues);
      const isAnswer = hit.pattern.id.endsWith('#answer');
      if (level === 'routine' && opinion && opinion.routine + opinion.alarm < ROUTINE_RULE) continue;
      if (
        !isAnswer &&
        second &&
        opinion &&
        isAtLeast(level, 'urgent') &&
        isVetoed(hit, level, reading, opinion, second)
      ) {
        if (opinion.alarm >= second.lines.asks / 3) doubted ??= id;
        continue;
      }
      const kept = best.get(id);
      if (kept && rankOf(kept.level) >= rankOf(level)) continue;
      const spans = hit.places.map((p) => spanOf(tokens, p));
      best.set(id, {
        flag: id,
        level,
        who: context.isOther(hit.places) ? 'other' : 'self',
        cues,
        evidence: { flag: id, level, spans, heardBy: isAnswer ? 'answer' : `rule:${hit.pattern.id}`, cues },
      });
    }
    const top = mostUrgent([...best.values()].map((f) => f.level));
    let suspicion: Heard['suspicion'];
    if (second && opinion) {
      const { lines } = second;
      const [line, crisis] =
        tokens.length <= FEW_WORDS ? [lines.short, 2 * lines.crisis] : [lines.raises, lines.crisis];
      const raised = raisedBy(opinion, line, crisis, top);
      if (raised) {
        const flag = SECOND_FLAG[raised] ?? raised;
        const cues = context.facts;
        const who = context.isOther(tokens.length ? [{ from: 0, to: tokens.length - 1 }] : [])
          ? ('other' as const)
          : ('self' as const);
        best.set(flag, {
          flag,
          level: raised,
          who,
          cues,
          evidence: { flag, level: raised, spans: [], heardBy: 'classifier', cues },
        });
      }
      if ((raised === undefined || raised === 'routine') && !isAtLeast(top, 'urgent')) {
        const flag = opinion.alarm >= lines.asks ? leadOf(opinion.group) : doubted;
        if (flag !== undefined) suspicion = { flag, probability: opinion.alarm };
      }
    }
    const findings = [...best.values()];
    const isAlarmed = findings.some((f) => isAtLeast(f.level, 'urgent'));
    const only = (set: ReadonlySet<string>) => [...set].filter((id) => !best.has(id));
    return {
      findings,
      facts: context.facts,
      denied: only(silent.negated),
      deniedAt: clausesOf(
        tokens,
        hits.filter((h) => h.status === 'negated' && !best.has(h.flag.id)).flatMap((h) => h.places),
      ),
      past: only(silent.past),
      supposed: only(silent.supposed),
      ...(suspicion ? { suspicion } : {}),
      clearance:
        context.has('clearance') &&
        context.has('cleared') &&
        !findings.some((f) => isAtLeast(f.level, 'urgent') && f.cues.includes('worsening')),
      takenBack: context.has('taken-back') ? only(silent.negated) : [],
      falseAlarm: context.has('false-alarm'),
      deniesAll: context.has('denies-all') && !isAlarmed,
    };
  };

  return {
    read: (text) => readingOf(analyse(text)),
    hear: (text, asked) => {
      try {
        return hear(text, asked?.question);
      } catch (error) {
        onFault(error);
        return plainly(text, data);
      }
    },
    judge: createJudge(data),
  };
}

const spanOf = (tokens: readonly Token[], place: Place): readonly [number, number] => [
  tokens[place.from]?.start ?? 0,
  tokens[place.to]?.end ?? 0,
];

/** The clauses that some places stand in, as ranges of the text; those side by side are one. */
function clausesOf(tokens: readonly Token[], places: readonly Place[]): readonly (readonly [number, number])[] {
  const held = new Set(places.flatMap((p) => tokens.slice(p.from, p.to + 1).map((t) => t.clause)));
  const ranges: [number, number][] = [];
  let last: Token | undefined;
  for (const token of tokens) {
    if (held.has(token.clause)) {
      const range = ranges.at(-1);
      if (range && last && held.has(last.clause)) range[1] = token.end;
      else ranges.push([token.start, token.end]);
    }
    last = token;
  }
  return ranges;
}
