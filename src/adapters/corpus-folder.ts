import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Article, splitArticle } from '../core/article.ts';
import {
  type Corpus,
  EvidenceHead,
  type EvidenceNote,
  LONGEST_NOTE,
  Questions,
  Regions,
  Sources,
  Wording,
} from '../core/corpus.ts';
import type { CorpusFault } from '../core/fault.ts';
import { readBlocks } from './article-file.ts';
import type { CorpusFiles } from './corpus-files.ts';

/** A file of the corpus that is YAML, read and not yet checked; `lineOf` finds the line of a path in it. */
export interface YamlFile {
  readonly file: string;
  readonly value: unknown;
  readonly lineOf: (path: readonly PropertyKey[]) => number | undefined;
}

/** Parses one YAML file. Faults of form are collected with their lines. */
export function readYaml(file: string, text: string, faults: CorpusFault[]): YamlFile {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines });
  for (const error of doc.errors)
    faults.push({
      file,
      line: error.linePos?.[0].line,
      what: error.message.split('\n')[0] ?? 'not YAML',
      cure: 'mend the YAML at this line',
    });
  const lineOf = (path: readonly PropertyKey[]): number | undefined => {
    for (let n = path.length; n >= 0; n--) {
      const node: unknown = doc.getIn(path.slice(0, n), true);
      const range =
        typeof node === 'object' && node !== null && 'range' in node
          ? (node as { range?: [number, number, number] }).range
          : undefined;
      if (range) return lines.linePos(range[0]).line;
    }
    return undefined;
  };
  return { file, value: doc.errors.length ? undefined : doc.toJS(), lineOf };
}

/** Checks a YAML value with a schema; each fault names file, line, what is wrong and what to do. */
export function checked<T extends z.ZodType>(
  schema: T,
  yaml: YamlFile,
  faults: CorpusFault[],
): z.output<T> | undefined {
  if (yaml.value === undefined) return undefined;
  const result = schema.safeParse(yaml.value);
  if (result.success) return result.data;
  for (const issue of result.error.issues)
    faults.push({
      file: yaml.file,
      line: yaml.lineOf(issue.path),
      what: `${issue.path.map(String).join('.') || 'the file'}: ${issue.message}`,
      cure: 'see corpus/README.md for what belongs there',
    });
  return undefined;
}

/** The text of one file of a corpus; a missing one goes to `faults`. */
export function textOf(files: CorpusFiles, file: string, faults: CorpusFault[]): string | undefined {
  const text = files.get(file);
  if (text === undefined)
    faults.push({
      file,
      what: 'the file is missing',
      cure: 'copy it from the corpus that came with the bot and change it',
    });
  return text;
}

/** Reads one file of a corpus by its form. What is missing or wrong goes to `faults`; `undefined` means: it cannot be used. */
export function readPart<T extends z.ZodType>(
  files: CorpusFiles,
  file: string,
  schema: T,
  faults: CorpusFault[],
): z.output<T> | undefined {
  const text = textOf(files, file, faults);
  return text === undefined ? undefined : checked(schema, readYaml(file, text, faults), faults);
}

/** Reads every YAML file of a folder of a corpus (`intents/danger/`) by its form; those that are wrong go to `faults`. */
export function readParts<T extends z.ZodType>(
  files: CorpusFiles,
  folder: string,
  schema: T,
  faults: CorpusFault[],
): readonly z.output<T>[] {
  return [...files]
    .filter(([file]) => file.startsWith(folder) && file.endsWith('.yaml'))
    .flatMap(([file, text]) => checked(schema, readYaml(file, text, faults), faults) ?? []);
}

const FRONT = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/;

/** A text file: the YAML between `---` at its head, and the text below it, `offset` lines down. */
export interface FrontedText {
  readonly front: YamlFile;
  readonly body: string;
  readonly offset: number;
}

/** Tells the head of a file from its text; a file without a head has an empty one. Faults of its YAML are collected. */
export function frontOf(file: string, text: string, faults: CorpusFault[]): FrontedText {
  const match = FRONT.exec(text);
  if (!match) return { front: { file, value: {}, lineOf: () => 1 }, body: text, offset: 0 };
  const front = readYaml(file, match[1] ?? '', faults);
  return {
    front: { ...front, lineOf: (path) => (front.lineOf(path) ?? 1) + 1 },
    body: text.slice(match[0].length),
    offset: match[0].split('\n').length - 1,
  };
}

/** The title of an article: that of its head, else its first line, else its file name. */
export function titleOf(file: string, { front, body }: FrontedText): string {
  const { title } = (front.value ?? {}) as { readonly title?: unknown };
  const first = body.split('\n').find((line) => line.trim());
  const bare = first?.replace(/^#+\s*|\*\*|__/g, '').trim();
  return String(title ?? bare ?? file.replace(/^articles\/|\.(md|txt)$/g, ''));
}

/** What a note may point at. */
interface Targets {
  readonly topics: ReadonlySet<string>;
  readonly files: CorpusFiles;
  readonly sources: Corpus['sources'] | undefined;
}

/** Reads a note beyond the article. `undefined` means: it is faulty, and `faults` tells why. */
function readNote(file: string, text: string, to: Targets, faults: CorpusFault[]): EvidenceNote | undefined {
  const { front, body } = frontOf(file, text, faults);
  const head = checked(EvidenceHead, front, faults);
  if (!head) return undefined;
  const before = faults.length;
  const said = body.trim().replace(/\s*\n\s*/g, ' ');
  const fault = (what: string, cure: string, ...path: PropertyKey[]) =>
    faults.push({ file, line: front.lineOf(path), what, cure });
  if (!said || said.length > LONGEST_NOTE)
    fault(
      `the note has ${said.length} characters`,
      `write at least one sentence and at most ${LONGEST_NOTE} characters`,
    );
  if (!head.topics.length && !head['not-covered'].length)
    fault('the note stands beside nothing', 'name a topic, or a subject of intents/not-covered/', 'topics');
  for (const [i, topic] of head.topics.entries())
    if (!to.topics.has(topic)) fault(`there is no topic "${topic}"`, 'name a topic that a passage has', 'topics', i);
  for (const [i, aspect] of head['not-covered'].entries())
    if (!to.files.has(`intents/not-covered/${aspect}.yaml`))
      fault(`there is no intents/not-covered/${aspect}.yaml`, 'name a file that is there', 'not-covered', i);
  const rests = head.source.flatMap((key, i) => {
    const source = to.sources && Object.hasOwn(to.sources, key) ? to.sources[key] : undefined;
    if (!source) fault(`the note names the source ${key}`, 'add it to sources.yaml', 'source', i);
    return source ? [`${source.cite} [${source.mark}]`] : [];
  });
  if (faults.length > before) return undefined;
  const id = file.replace(/^evidence\/|\.md$/g, '');
  return { ...head, id, text: said, rests: rests.join('; ') };
}

/** Reads articles, notes, questions, regions, sources and wording. All faults are collected in `faults`; what is faulty is left out. */
export function readCorpus(files: CorpusFiles, faults: CorpusFault[]): Partial<Corpus> {
  const articles: Article[] = [];
  for (const [file, text] of files) {
    if (/^articles\/[^/]+\.(md|txt)$/.test(file)) {
      const fronted = frontOf(file, text, faults);
      const head = (fronted.front.value ?? {}) as Record<string, unknown>;
      const id = String(head.id ?? file.replace(/^articles\/|\.(md|txt)$/g, ''));
      const result = splitArticle(
        file,
        { id, title: titleOf(file, fronted), about: String(head.about ?? '') },
        readBlocks(fronted.body, fronted.offset),
      );
      articles.push(result.article);
      faults.push(...result.faults);
    }
  }
  if (!articles.length)
    faults.push({ file: 'articles/', what: 'there is no article', cure: 'put a .md or .txt file there' });
  const one = <T extends z.ZodType>(file: string, schema: T) => readPart(files, file, schema, faults);
  const parts = {
    regions: one('regions.yaml', Regions),
    sources: one('sources.yaml', Sources),
    questions: one('questions.yaml', Questions),
    wording: one('wording.yaml', Wording),
  };
  const topics = new Set(articles.flatMap((a) => a.passages.map((p) => p.topic)));
  const evidence = [...files].flatMap(([file, text]) =>
    /^evidence\/[^/]+\.md$/.test(file)
      ? (readNote(file, text, { topics, files, sources: parts.sources }, faults) ?? [])
      : [],
  );
  const present = Object.fromEntries(Object.entries(parts).filter(([, v]) => v !== undefined)) as Partial<Corpus>;
  return { articles, evidence, ...present };
}
