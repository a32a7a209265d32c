import type { Heard, Verdict } from './brain.ts';
import { createConceptFinder, type Place } from './concepts.ts';
import { type Context, createContextReader, type Status } from './context.ts';
import { createJudge } from './judge.ts';
import { numberFacts } from './numbers.ts';
import { matchPattern, type Pattern, parsePattern } from './patterns.ts';
import { plainly } from './plain-hearing.ts';
import { MOST_WORDS, type Opinion, type Reading } from './second-hearing.ts';
import type { HeldSign } from './session.ts';
import { type Token, tokensOf } from './tokens.ts';
import { type FlagRules, SEEN, type TriageData } from './triage-data.ts';
import { isAtLeast, mostUrgent, rankOf, type Urgency } from './urgency.ts';
import { isVetoed, ROUTINE_RULE, raisedBy, raisingLines, SECOND_FLAG, type SecondHearing, SURE } from './weigh.ts';

/** Hears danger signs in words and judges what they come to together. */
export interface Triage {
  /** A message as the second hearing reads it, for its training. */
  read(text: string): Reading;
  /** Never throws: when the hearing fails, plain keywords stand in and `onFault` is told. `asked` is the screening question this may answer. */
  hear(text: string, asked?: { readonly question: string }): Heard;
  judge(signs: readonly HeldSign[], facts: readonly string[]): Verdict;
}

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

/** Concepts that a number can stand for as well. */
const BY_NUMBER: Readonly<Record<string, string>> = { NUMPREG: 'PREGX', NUMELDER: 'OLDAGE', NUMWEEKS: 'LONGX' };

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

  /** Whether somebody tells that a clinician has found harmless what was feared. */
  const isSeen = ({ found, context }: Analysis, opinion: Opinion | undefined): boolean => {
    const hasCue = context.has('clearance') && context.has('cleared');
    if (!second || !opinion) return hasCue;
    const [who, test, fine] = SEEN.map((name) => found.has(name));
    const { named, told } = second.lines.clears;
    return opinion.cleared >= (hasCue || (fine && (who || test)) ? named : told);
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
        isVetoed({ pattern: hit.pattern.id, at: hit.places[0]?.from ?? 0 }, level, reading, opinion, second)
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
      const { alarm, crisis } = raisingLines(tokens.length, lines);
      const raised = raisedBy(opinion, alarm, crisis, top);
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
        !findings.some((f) => isAtLeast(f.level, 'urgent') && f.cues.includes('worsening')) &&
        isSeen(analysis, opinion),
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
