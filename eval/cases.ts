import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { URGENCIES } from '../src/core/urgency.ts';

const Id = z.string().min(1);
/** `a`, `b` and `e` have been looked at; `c` and `d` are frozen: their figures are told, never their words. */
const Part = z.enum(['a', 'b', 'c', 'd', 'e']).optional();
export type Part = z.output<typeof Part>;
/** Whether a part is written in the manner of real messages. */
export const isReal = (part: Part): boolean => part === 'd' || part === 'e';
/** Whether nobody may look at the words of a part. */
export const isFrozen = (part: Part): boolean => part === 'c' || part === 'd';
const Level = z.enum(URGENCIES);
const Gold = z.array(z.string()).min(1);
const Turns = z.array(z.string().min(1)).min(1);
const Kind = z.enum(['answer', 'clarify', 'screen', 'escalate', 'crisis', 'out_of_scope', 'smalltalk', 'help']);

/** The form of each set, a case a line; the words are those of `shared/cases/SPEC.md` and `eval/sets/README.md`. */
const FORMS = {
  ask: z.object({ id: Id, part: Part, text: z.string().min(1), gold: Gold, style: z.string().default('plain') }),
  oos: z.object({
    id: Id,
    part: Part,
    text: z.string().min(1),
    near: z.boolean().optional(),
    why: z.string().optional(),
  }),
  smalltalk: z.object({ id: Id, part: Part, text: z.string().min(1), kind: z.string() }),
  redflags: z.object({
    id: Id,
    part: Part,
    turns: Turns,
    level: z.enum(['urgent', 'emergency', 'crisis']),
    sign: z.string().default('unnamed'),
    style: z.string().optional(),
  }),
  benign: z.object({ id: Id, part: Part, turns: Turns, trap: z.string() }),
  dialogues: z.object({
    id: Id,
    part: Part,
    turns: z
      .array(
        z.object({
          user: z.string().min(1),
          gold: Gold.optional(),
          level: Level.optional(),
          not_level: Level.optional(),
          kind: Kind.optional(),
          why: z.string().optional(),
        }),
      )
      .min(1),
  }),
  interviews: z.object({
    id: Id,
    part: Part,
    gold: Gold,
    /** Who the runner is, in words; for people who read the set. */
    profile: z.string().optional(),
    /**
     * What the runner says to each question of the interview, by question id: an option's id or own words; what is absent is 'not
     * sure'. A set whose authors do not know the questions leaves it out: `interview-answers.yaml` stands in.
     */
    answers: z.record(z.string(), z.string()).optional(),
  }),
};

/** The sets in the order they are told. */
export const SETS = ['ask', 'oos', 'smalltalk', 'redflags', 'benign', 'dialogues', 'interviews'] as const;
export type SetName = (typeof SETS)[number];

/** A case of one set, checked. */
export type Case<S extends SetName> = z.output<(typeof FORMS)[S]>;

/** The sets of a folder; one whose file is missing is absent. */
export type Sets = { readonly [S in SetName]?: readonly Case<S>[] };

const readSet = <S extends SetName>(folder: string, set: S): readonly Case<S>[] | undefined => {
  const file = join(folder, `${set}.jsonl`);
  if (!existsSync(file)) return undefined;
  const ids = new Set<string>();
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, i) => {
      if (!line.trim()) return [];
      const where = `${file}:${i + 1}`;
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        throw new Error(`${where}: this line is not JSON; write one case a line`);
      }
      const checked = FORMS[set].safeParse(value);
      if (!checked.success)
        throw new Error(
          `${where}: ${checked.error.issues.map((x) => `${x.path.join('.') || 'the case'}: ${x.message}`).join('; ')}`,
        );
      if (ids.has(checked.data.id))
        throw new Error(`${where}: the id ${checked.data.id} stands twice; give it another`);
      ids.add(checked.data.id);
      return [checked.data as Case<S>];
    });
};

/** Reads the sets of a folder. Throws an Error that names file, line and what is wrong; also when the folder holds no set at all. */
export function readSets(folder: string, wanted: readonly SetName[] = SETS): Sets {
  const sets = Object.fromEntries(
    wanted.flatMap((set) => {
      const cases = readSet(folder, set);
      return cases ? [[set, cases]] : [];
    }),
  ) as Sets;
  if (!Object.keys(sets).length)
    throw new Error(
      `${folder} holds none of ${wanted.map((s) => `${s}.jsonl`).join(', ')}; name another folder with --cases`,
    );
  return sets;
}
