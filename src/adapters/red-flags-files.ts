import type { z } from 'zod';
import type { CorpusFault } from '../core/fault.ts';
import { ExampleFile, type FlagExample, type FlagExamples, type RedFlag, RedFlagFile } from '../core/red-flags.ts';
import { type CorpusFiles, checked, readYaml, type YamlFile } from './corpus-folder.ts';

/** The danger signs of a corpus, and the sentences that prove each of them. */
export interface RedFlags extends z.infer<typeof RedFlagFile> {
  readonly examples: ReadonlyMap<string, FlagExamples>;
}

const FILE = 'red-flags.yaml';
const FOLDER = 'red-flags/';

const messagesOf = (example: FlagExample): string =>
  typeof example === 'string' ? example : [example.says].flat().join('\n');

/**
 * Reads `red-flags.yaml` and joins the sentences of `red-flags/<group>.yaml` to it. What is missing or wrong goes to `faults` with its
 * line: a source that sources.yaml lacks, sentences of a flag that does not exist or stands in another group, a sentence twice.
 * `undefined` means: the flags themselves cannot be used.
 */
export function readRedFlags(
  files: CorpusFiles,
  sources: Readonly<Record<string, unknown>> | undefined,
  faults: CorpusFault[],
): RedFlags | undefined {
  const text = files.get(FILE);
  if (text === undefined) {
    faults.push({
      file: FILE,
      what: 'the file is missing',
      cure: 'copy it from the corpus that came with the bot and change it',
    });
    return undefined;
  }
  const yaml = readYaml(FILE, text, faults);
  const file = checked(RedFlagFile, yaml, faults);
  if (!file) return undefined;
  file.flags.forEach((flag, i) => {
    for (const [n, key] of flag.source.entries())
      if (sources && !Object.hasOwn(sources, key))
        faults.push({
          file: FILE,
          line: yaml.lineOf(['flags', i, 'source', n]),
          what: `${flag.id} names the source ${key}`,
          cure: 'add it to sources.yaml',
        });
  });
  return { ...file, examples: readExamples(files, file.flags, faults) };
}

function readExamples(
  files: CorpusFiles,
  flags: readonly RedFlag[],
  faults: CorpusFault[],
): ReadonlyMap<string, FlagExamples> {
  const groups = new Map(flags.map((f) => [f.id, f.group]));
  const examples = new Map<string, FlagExamples>();
  const seen = new Map<string, string>();
  for (const [name, text] of files) {
    if (!name.startsWith(FOLDER)) continue;
    const yaml = readYaml(name, text, faults);
    for (const [id, own] of Object.entries(checked(ExampleFile, yaml, faults) ?? {})) {
      const fault = (what: string, cure: string, ...path: PropertyKey[]) =>
        faults.push({ file: name, line: yaml.lineOf([id, ...path]), what, cure });
      const group = groups.get(id);
      if (!group) fault(`${FILE} has no flag "${id}"`, 'mend the name, or add the flag there');
      else if (name !== `${FOLDER}${group}.yaml`)
        fault(`"${id}" is a flag of the group ${group}`, `move its sentences to ${FOLDER}${group}.yaml`);
      else examples.set(id, own);
      reportTwins(yaml, id, own, seen, faults);
    }
  }
  return examples;
}

/** A sentence proves one thing: said twice, it would count twice, or prove a thing and its opposite. */
function reportTwins(
  yaml: YamlFile,
  id: string,
  own: FlagExamples,
  seen: Map<string, string>,
  faults: CorpusFault[],
): void {
  for (const kind of ['fires', 'quiet'] as const)
    own[kind].forEach((example, i) => {
      const line = yaml.lineOf([id, kind, i]);
      const key = messagesOf(example).toLowerCase();
      const first = seen.get(key);
      if (first)
        faults.push({
          file: yaml.file,
          line,
          what: `the sentence stands at ${first} as well`,
          cure: 'write another one',
        });
      else seen.set(key, `${yaml.file}:${line}`);
    });
}
