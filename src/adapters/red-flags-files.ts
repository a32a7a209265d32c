import type { z } from 'zod';
import type { CorpusFault } from '../core/fault.ts';
import {
  ExampleFile,
  type FlagExamples,
  messagesOf,
  type RedFlag,
  RedFlagFile,
  SECOND_HEARING,
} from '../core/red-flags.ts';
import { rankOf } from '../core/urgency.ts';
import type { CorpusFiles } from './corpus-files.ts';
import { checked, readYaml, textOf } from './corpus-folder.ts';

/** The danger signs of a corpus, and the sentences that prove each of them. */
export interface RedFlags extends z.infer<typeof RedFlagFile> {
  readonly examples: ReadonlyMap<string, FlagExamples>;
}

const FILE = 'red-flags.yaml';
const FOLDER = 'red-flags/';

/**
 * Reads `red-flags.yaml` and joins the sentences of `red-flags/<group>.yaml` to it. What is missing or wrong goes to `faults` with its
 * line: a source that sources.yaml lacks, a flag that does not say what raises and lowers it or that no sentences prove, sentences of a
 * flag that does not exist or stands in another group, a sentence twice.
 * `undefined` means: the flags themselves cannot be used.
 */
export function readRedFlags(
  files: CorpusFiles,
  sources: Readonly<Record<string, unknown>> | undefined,
  faults: CorpusFault[],
): RedFlags | undefined {
  const text = textOf(files, FILE, faults);
  if (text === undefined) return undefined;
  const yaml = readYaml(FILE, text, faults);
  const file = checked(RedFlagFile, yaml, faults);
  if (!file) return undefined;
  const examples = readExamples(files, file.flags, faults);
  file.flags.forEach((flag, i) => {
    const fault = (what: string, cure: string, ...path: PropertyKey[]) =>
      faults.push({ file: FILE, line: yaml.lineOf(['flags', i, ...path]), what: `${flag.id} ${what}`, cure });
    for (const [n, key] of flag.source.entries())
      if (sources && !Object.hasOwn(sources, key))
        fault(`names the source ${key}`, 'add it to sources.yaml', 'source', n);
    if (flag.group === SECOND_HEARING) return;
    for (const turn of ['raises', 'lowers'] as const)
      if (!flag[turn])
        fault(`does not say what ${turn} it`, `write "${turn}:" with one line each, or [] when nothing does`);
    const proof = `${FOLDER}${flag.group}.yaml`;
    // A file that is faulty itself has been told of already.
    if (!examples.has(flag.id) && !faults.some((f) => f.file === proof))
      fault('has no sentences that prove it', `write its "fires:" and "quiet:" in ${proof}`);
  });
  return { ...file, examples };
}

function readExamples(
  files: CorpusFiles,
  flags: readonly RedFlag[],
  faults: CorpusFault[],
): ReadonlyMap<string, FlagExamples> {
  const known = new Map(flags.map((f) => [f.id, f]));
  const examples = new Map<string, FlagExamples>();
  const seen = new Map<string, string>();
  for (const [name, text] of files) {
    if (!name.startsWith(FOLDER)) continue;
    const yaml = readYaml(name, text, faults);
    for (const [id, own] of Object.entries(checked(ExampleFile, yaml, faults) ?? {})) {
      const fault = (what: string, cure: string, ...path: PropertyKey[]) =>
        faults.push({ file: name, line: yaml.lineOf([id, ...path]), what, cure });
      const flag = known.get(id);
      if (!flag) {
        fault(`${FILE} has no flag "${id}"`, 'mend the name, or add the flag there');
        continue;
      }
      if (name !== `${FOLDER}${flag.group}.yaml`)
        fault(`"${id}" is a flag of the group ${flag.group}`, `move its sentences to ${FOLDER}${flag.group}.yaml`);
      examples.set(id, own);
      for (const [i, example] of own.quiet.entries())
        if (typeof example === 'object' && example.level && rankOf(example.level) >= rankOf(flag.level))
          fault(`a quiet sentence of ${id} may reach ${example.level}`, 'give a lower level', 'quiet', i);
      // A sentence proves one thing: said twice, it would count twice, or prove a thing and its opposite.
      for (const kind of ['fires', 'quiet', 'heard', 'unheard'] as const)
        for (const [i, example] of (own[kind] ?? []).entries()) {
          const said = messagesOf(example).join('\n').toLowerCase();
          const first = seen.get(said);
          if (first) fault(`the sentence stands at ${first} as well`, 'write another one', kind, i);
          seen.set(said, `${name}:${yaml.lineOf([id, kind, i])}`);
        }
    }
  }
  return examples;
}
