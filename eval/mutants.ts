// The triage rules with one thing taken out or changed, and the sentences that could notice.
import type { Cues } from '../src/core/context.ts';
import type { TriageData } from '../src/core/triage-data.ts';
import { meets, type Proof, proofs, rules, triageOf } from './proofs.ts';

/** A change to the rules. */
export interface Mutant {
  readonly kind: string;
  readonly name: string;
  readonly data: TriageData;
  /** The sentences that could notice; empty means that the change alters what is heard of none, so that nothing shows a difference. */
  readonly asked: readonly Proof[];
}

/** The proofs that the rules meet as they are: only these can notice a change. */
export const passing: readonly Proof[] = (() => {
  const whole = triageOf(rules);
  return proofs.filter((p) => meets(whole, p));
})();

/** Of the sentences of red-flags/*.yaml those of one flag first, which mostly notice. */
const writtenFirstOf = (flag: string | undefined): readonly Proof[] => [
  ...written.filter((p) => p.of === flag),
  ...written.filter((p) => p.of !== flag),
];

/** Those of red-flags/*.yaml, without the phrases of the second hearing. */
const written = passing.filter((p) => p.kind !== 'phrases' && p.kind !== 'harmless');

interface Change {
  readonly kind: string;
  readonly flag: string;
  readonly place: number;
  readonly from: string;
  /** `undefined` means: dropped. */
  readonly to: string | undefined;
}

const REACH = /^@(sent|msg|\d+)$/;
/** How far a reach goes, for patterns that state none too. */
const withReach = (short: string, reach: string): string =>
  [...short.split(' ').filter((x) => !REACH.test(x)), ...(reach ? [reach] : [])].join(' ');
const without = (short: string, n: number): string =>
  short
    .split(' ')
    .filter((_, i) => i !== n)
    .join(' ');

/** All single changes to the patterns of the rules. */
function changes(): readonly Change[] {
  return Object.entries(rules.rules).flatMap(([flag, rule]) =>
    rule.hears.flatMap((from, place): Change[] => {
      const change = (kind: string, to: string | undefined): Change => ({ kind, flag, place, from, to });
      const words = from.split(' ');
      const reach = words.find((x) => REACH.test(x));
      const items = words.filter((x) => /^[A-Z]/.test(x));
      return [
        change('pattern dropped', undefined),
        ...words.flatMap((x, n) => (x.startsWith('!') ? [change('exception dropped', without(from, n))] : [])),
        ...words.flatMap((x, n) => (x.startsWith('~') ? [change('company dropped', without(from, n))] : [])),
        ...(items.length > 2 ? items.map((x) => change('condition dropped', without(from, words.indexOf(x)))) : []),
        ...(words.includes('>') ? [change('order dropped', words.filter((x) => x !== '>').join(' '))] : []),
        ...(reach ? [change('reach dropped', withReach(from, ''))] : []),
        ...(items.length > 1 && reach !== '@msg' ? [change('reach widened', withReach(from, '@msg'))] : []),
      ];
    }),
  );
}

/** For each change the proofs of which it hears something else than the pattern that it changes. */
function touched(all: readonly Change[]): ReadonlyMap<Change, readonly Proof[]> {
  const added: Record<string, string[]> = {};
  const idOf = new Map<Change, string>();
  for (const c of all) {
    if (c.to === undefined) continue;
    const hears = added[c.flag] ?? [...(rules.rules[c.flag]?.hears ?? [])];
    added[c.flag] = hears;
    hears.push(c.to);
    idOf.set(c, `${c.flag}#${hears.length}`);
  }
  const more = Object.entries(rules.rules).map(([flag, rule]) => [flag, { ...rule, hears: added[flag] ?? rule.hears }]);
  const reader = triageOf({ ...rules, rules: Object.fromEntries(more) });
  const by = new Map<Change, Proof[]>(all.map((c) => [c, []]));
  for (const proof of passing) {
    const heard = new Map<string, string[]>();
    for (const text of proof.messages)
      for (const { name, from, to } of reader.read(text).facts) {
        const [status, id] = name.split(':');
        if (id?.includes('#')) heard.set(id, [...(heard.get(id) ?? []), `${status} ${from} ${to}`]);
      }
    const shown = (id: string): string => (heard.get(id) ?? []).join();
    for (const c of all) {
      const before = shown(`${c.flag}#${c.place + 1}`);
      const after = c.to === undefined ? '' : shown(idOf.get(c) ?? '');
      if (before !== after) by.get(c)?.push(proof);
    }
  }
  return by;
}

const changed = (c: Change): TriageData => {
  const rule = rules.rules[c.flag]!;
  const hears = c.to === undefined ? rule.hears.filter((_, i) => i !== c.place) : rule.hears.with(c.place, c.to);
  const { [c.flag]: _, ...rest } = rules.rules;
  return { ...rules, rules: hears.length ? { ...rest, [c.flag]: { ...rule, hears } } : rest };
};

/** Changes to the patterns of the rules, of some flags only where these are named. */
export function ofPatterns(flags: readonly string[] = []): readonly Mutant[] {
  const all = changes().filter((c) => !flags.length || flags.includes(c.flag));
  const by = touched(all);
  return all.map((c) => ({
    kind: c.kind,
    name: `${c.flag}: ${c.from}${c.to === undefined ? '' : ` -> ${c.to}`}`,
    data: changed(c),
    asked: by.get(c) ?? [],
  }));
}

/** Rules taken out whole. */
export const ofRules = (): readonly Mutant[] =>
  Object.keys(rules.rules).map((flag) => {
    const { [flag]: _, ...rest } = rules.rules;
    return {
      kind: 'rule dropped',
      name: flag,
      data: { ...rules, rules: rest },
      asked: passing.filter((p) => p.of === flag),
    };
  });

/** What turns the level of a sign: what is said of its time, and each sign or fact of a combination. */
export function ofLevels(): readonly Mutant[] {
  const times = rules.flags.flatMap((flag) =>
    (flag.levels ?? []).map(({ when, level }, n): Mutant => {
      const levels = flag.levels?.filter((_, i) => i !== n) ?? [];
      const flags = rules.flags.map((f) => (f.id === flag.id ? { ...f, levels } : f));
      return {
        kind: 'circumstance dropped',
        name: `${flag.id}: ${when} -> ${level}`,
        data: { ...rules, flags },
        asked: writtenFirstOf(flag.id),
      };
    }),
  );
  const parts = rules.combinations.flatMap((c) =>
    (['any', 'facts'] as const).flatMap((key) =>
      (c[key] ?? []).map((part): Mutant => {
        // An empty list stays: a combination with neither list would always be met.
        const less = { ...c, [key]: c[key]?.filter((x) => x !== part) };
        const combinations = rules.combinations.map((x) => (x === c ? less : x));
        return {
          kind: 'combination dropped',
          name: `${c.id}: ${part}`,
          data: { ...rules, combinations },
          asked: writtenFirstOf(c.all[0]),
        };
      }),
    ),
  );
  return [...times, ...parts];
}

type Path = readonly string[];
const lists = (value: unknown, path: Path = []): readonly Path[] =>
  Array.isArray(value)
    ? [path]
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([k, v]) => lists(v, [...path, k]))
      : [];
const withCues = (path: Path, list: readonly string[] | number): TriageData => {
  const put = (value: unknown, [key, ...rest]: Path): unknown =>
    key === undefined ? list : { ...(value as object), [key]: put((value as Record<string, unknown>)[key], rest) };
  return { ...rules, cues: put(rules.cues, path) as Cues };
};

/** These lists turn what the reply says and no level: no sentence that proves a level can notice them (test/core/triage.test.ts does). */
const OF_REPLIES = ['other.cues', 'false-alarm', 'denies-all'];
const ofLevelOnly = lists(rules.cues).filter((path) => !OF_REPLIES.includes(path.join('.')));

/** Lists of cues taken out whole, and denials that reach no word or twenty. */
export const ofCues = (): readonly Mutant[] => [
  ...ofLevelOnly.map((path) => ({
    kind: 'cue dropped',
    name: path.join('.'),
    data: withCues(path, []),
    asked: written,
  })),
  ...[0, 20].map((words) => ({
    kind: 'reach of denials',
    name: `${words} words`,
    data: withCues(['negation', 'words'], words),
    asked: written,
  })),
];

/** The sentences that notice a mutant: at most `most` of them. */
export function noticedBy(mutant: Mutant, most = 1): readonly Proof[] {
  if (!mutant.asked.length) return [];
  const triage = triageOf(mutant.data);
  const found: Proof[] = [];
  for (const proof of mutant.asked) {
    if (!meets(triage, proof)) found.push(proof);
    if (found.length >= most) break;
  }
  return found;
}
