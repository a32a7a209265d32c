import { z } from 'zod';
import { phraseFault } from './concept-data.ts';
import { type Cues, TIMES } from './context.ts';
import { namesOf, parsePattern } from './patterns.ts';
import { rankOf } from './urgency.ts';

const Level = z.enum(['none', 'routine', 'urgent', 'emergency', 'crisis']);

/** `red-flags.yaml`, what hearing and judging need of a flag; its words are read elsewhere. */
export const FlagRules = z.object({
  id: z.string(),
  group: z.string(),
  level: Level,
  /** The level by what is said of its time: the first that holds wins. */
  levels: z.array(z.object({ when: z.enum(TIMES), level: Level })).optional(),
});
export type FlagRules = z.infer<typeof FlagRules>;

/** A combination rule of the reference, section 4: with all signs of `all`, one of `any` or of `facts` (cues.yaml) raises the first to `level`. */
export const Combination = z.strictObject({
  id: z.string(),
  all: z.array(z.string()).min(1),
  any: z.array(z.string()).optional(),
  facts: z.array(z.string()).optional(),
  level: Level,
});
export type Combination = z.infer<typeof Combination>;

/** `hearing/concepts*.yaml`: word families. A family is a list of phrases, or a block of text with one phrase a line or `;` between. */
export const Concepts = z.record(
  z.string().regex(/^[A-Z][A-Z_]*$/, 'a family is named in capitals'),
  z.union([
    z.array(z.string()).min(1),
    z.string().transform((block) =>
      block
        .split(/[;\n]/)
        .map((phrase) => phrase.trim().replace(/ +/g, ' '))
        .filter(Boolean),
    ),
  ]),
);

/** `hearing/rules.yaml`: how a flag is heard. */
export const HearingRule = z.strictObject({
  hears: z.array(z.string()).min(1),
  /** Patterns so plain that the second hearing has no say in them. */
  sure: z.array(z.string()).optional(),
  /** A thing of the past counts as well (a history of cancer). */
  past: z.literal('counts').optional(),
  /** What-if, films and figures of speech do not silence it (thoughts of suicide). */
  plain: z.boolean().optional(),
});
export type HearingRule = z.infer<typeof HearingRule>;

/** `hearing/answers.yaml`: what a few words mean as an answer to a screening question: by question, flag to patterns. */
export const Answers = z.record(z.string(), z.record(z.string(), z.array(z.string()).min(1)));

/** All that triage is made of. Plain data, checked when the corpus was read. */
export interface TriageData {
  readonly concepts: Readonly<Record<string, readonly string[]>>;
  readonly rules: Readonly<Record<string, HearingRule>>;
  readonly cues: Cues;
  readonly flags: readonly FlagRules[];
  readonly combinations: readonly Combination[];
  readonly answers: z.infer<typeof Answers>;
}

/** Word families of who looked at a sign, how, and that it was harmless. */
export const SEEN = ['CLINICIAN', 'TESTEDSIGN', 'HARMLESSFOUND'] as const;

/** Faults in triage data, one sentence each: names that nothing defines. Empty when all is sound. */
export function faultsOf(
  data: Pick<TriageData, 'concepts' | 'rules' | 'flags' | 'combinations' | 'answers' | 'cues'>,
): readonly string[] {
  const faults: string[] = [];
  const names = new Set(Object.keys(data.concepts));
  for (const [name, phrases] of Object.entries(data.concepts))
    for (const phrase of phrases) {
      const fault = phraseFault(phrase, names);
      if (fault) faults.push(`${name}: "${phrase}" cannot be read: ${fault}`);
    }
  for (const name of SEEN)
    if (!names.has(name)) faults.push(`the family ${name}, by which a clearance is heard, is missing in concepts.yaml`);
  const flags = new Set(data.flags.map((f) => f.id));
  for (const [flag, rule] of Object.entries(data.rules)) {
    if (!flags.has(flag)) faults.push(`rules for "${flag}", which is no flag of red-flags.yaml`);
    for (const short of [...rule.hears, ...(rule.sure ?? [])])
      for (const name of namesOf(parsePattern(flag, short)))
        if (!data.concepts[name] && !NUMBERS.has(name))
          faults.push(`${flag}: the pattern "${short}" names ${name}, which concepts.yaml does not define`);
  }
  for (const [question, byFlag] of Object.entries(data.answers))
    for (const [flag, hears] of Object.entries(byFlag)) {
      if (!flags.has(flag)) faults.push(`answers to ${question} name "${flag}", which is no flag`);
      for (const short of hears)
        for (const name of namesOf(parsePattern(flag, short)))
          if (!data.concepts[name] && !NUMBERS.has(name))
            faults.push(`${question}: the pattern "${short}" names ${name}, which concepts.yaml does not define`);
    }
  for (const f of data.flags)
    if (!data.rules[f.id] && f.group !== 'second-hearing') faults.push(`no rule hears "${f.id}"`);
  return [...faults, ...faultsOfCombinations(data)];
}

/** Names that nothing defines, facts that nothing asks for, and combinations that can change nothing: a sign in them is as pressing by itself at its lowest. */
function faultsOfCombinations({
  flags,
  combinations,
  cues,
}: Pick<TriageData, 'flags' | 'combinations' | 'cues'>): readonly string[] {
  const lowest = new Map(
    flags.map((f) => [f.id, Math.min(...[f.level, ...(f.levels ?? []).map((l) => l.level)].map(rankOf))]),
  );
  const asked = new Set(combinations.flatMap((c) => c.facts ?? []));
  return [
    ...combinations.flatMap((c) => [
      ...[...c.all, ...(c.any ?? [])].flatMap((flag) => {
        const rank = lowest.get(flag);
        if (rank === undefined) return [`combination ${c.id} names "${flag}", which is no flag`];
        return rank >= rankOf(c.level)
          ? [`combination ${c.id} can change nothing by "${flag}", which is ${c.level} by itself`]
          : [];
      }),
      ...(c.facts ?? [])
        .filter((fact) => !Object.hasOwn(cues.facts, fact))
        .map((fact) => `combination ${c.id} names the fact "${fact}", which cues.yaml does not define`),
    ]),
    ...Object.keys(cues.facts)
      .filter((fact) => !asked.has(fact))
      .map((fact) => `cues.yaml defines the fact "${fact}", which no combination asks for`),
  ];
}

const NUMBERS = new Set([
  'NUMFEVER',
  'NUMCHILD',
  'NUMOLD',
  'NUMELDER',
  'NUMWEEKS',
  'NUMPILLS',
  'WEIGHTNUM',
  'HOURSLONG',
  'NUMPREG',
  'NUMHOT',
  'DRANKLOTS',
  'HEATX',
]);
