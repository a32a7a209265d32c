import { parse, stringify } from 'yaml';
import type { CorpusFault } from '../core/fault.ts';
import { type CorpusFiles, readCorpusFolder } from './corpus-files.ts';
import { frontOf, titleOf } from './corpus-folder.ts';

/** What a folder may hold and still be laid over the bot's own corpus: an article, what goes with it, and how people ask about it. */
const WITH_ARTICLE =
  /^(?:[^/]+\.(?:md|txt)$|articles\/|evidence\/|intents\/(?:topics|not-covered)\/|wording-other\.yaml$)/;
/**
 * What of the bot's own corpus speaks of its own article, and is left out when there is another. How people ask about its topics stays:
 * it shows what is neither small talk nor danger.
 */
const OF_OWN_ARTICLE = /^(?:articles|evidence)\//;

const WORDING = 'wording.yaml';
const WORDING_OTHER = 'wording-other.yaml';

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lays a tree of sentences over another: what it names replaces, all else stays. */
const laidOver = (under: Tree, over: Tree): Tree => ({
  ...under,
  ...Object.fromEntries(
    Object.entries(over).map(([key, value]) => {
      const below = under[key];
      return [key, isTree(value) && isTree(below) ? laidOver(below, value) : value];
    }),
  ),
});

/** The sentences of the bot with those that speak of its own article replaced; `{subject}` becomes the titles in quotes. */
function wordingFor(files: CorpusFiles, titles: readonly string[]): string {
  const merged = laidOver(parse(files.get(WORDING) ?? '{}') ?? {}, parse(files.get(WORDING_OTHER) ?? '{}') ?? {});
  const subject = titles.map((t) => `"${t}"`).join(' and ');
  return stringify(merged, (_, value) => (typeof value === 'string' ? value.replaceAll('{subject}', subject) : value));
}

/**
 * Reads the corpus of a folder. A folder with an article alone (in `articles/`, or right in it; with `evidence/`, `intents/topics/`,
 * `intents/not-covered/` and `wording-other.yaml` if wanted) takes all else from `own`: danger signs, numbers, sentences. A folder that
 * holds anything more is a whole corpus and takes nothing. Throws a CorpusError when the folder cannot be read.
 */
export function readCorpus(folder: string, own: string): CorpusFiles {
  const files = readCorpusFolder(folder);
  const isArticleAlone = files.size > 0 && [...files.keys()].every((name) => WITH_ARTICLE.test(name));
  if (!isArticleAlone) return files;
  const placed = [...files].map(
    ([name, text]) => [/^[^/]+\.(?:md|txt)$/.test(name) ? `articles/${name}` : name, text] as const,
  );
  const given = [...readCorpusFolder(own)].filter(([name]) => !OF_OWN_ARTICLE.test(name));
  const all = new Map([...given, ...placed].sort(([a], [b]) => (a < b ? -1 : 1)));
  const ignored: CorpusFault[] = []; // told when the article itself is read
  const titles = placed.flatMap(([name, text]) =>
    name.startsWith('articles/') ? [titleOf(name, frontOf(name, text, ignored))] : [],
  );
  return all.set(WORDING, wordingFor(all, titles));
}
