import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CorpusError } from '../core/fault.ts';

/** The files of a corpus: path below the folder, with `/`, to their text. */
export type CorpusFiles = ReadonlyMap<string, string>;

/** Reads every `.md`, `.txt` and `.yaml` file below a folder, in the order of their paths. Throws a CorpusError when there is none. */
export function readCorpusFolder(folder: string): CorpusFiles {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    throw new CorpusError([
      {
        file: folder,
        what: 'the corpus folder cannot be read',
        cure: 'set CORPUS_DIR to a folder that holds articles/ and the YAML files',
      },
    ]);
  }
  const files = names
    .map((n) => n.replaceAll('\\', '/'))
    .filter((n) => /\.(md|txt|yaml)$/.test(n) && !n.endsWith('README.md'))
    .sort();
  return new Map(files.map((n) => [n, readFileSync(join(folder, n), 'utf8')]));
}

/** A digest over all files of a corpus: two corpora with the same digest are the same. */
export function digestOf(files: CorpusFiles): string {
  const hash = createHash('sha1');
  for (const [name, text] of files) hash.update(`${name}\0${text.length}\0`).update(text);
  return hash.digest('hex');
}
