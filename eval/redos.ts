// Looks at every regular expression of the program for words that would take it for ever (`recheck`), and at every word family of the
// corpus for texts that make the hearing explode: `npm run redos`.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'acorn';
import { simple } from 'acorn-walk';
import { check } from 'recheck';
import { ownCompiled } from '../src/compiled-file.ts';
import { createConceptFinder } from '../src/core/concepts.ts';
import { tokensOf } from '../src/core/tokens.ts';
import { createProgress } from './progress.ts';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const progress = createProgress(process.stderr);

/** The longest message that a platform lets through (Slack), in UTF-16 units. */
const LONGEST = 40_000;
/** Files whose expressions see less: other text than messages, or messages that were cut before. By file, in UTF-16 units, with the reason. */
const SHORTER: Readonly<Record<string, readonly [units: number, why: string]>> = {
  'adapters/corpus-folder.js': [0, 'reads the corpus alone'],
  'adapters/article-file.js': [0, 'reads articles of the corpus alone'],
  'core/article.js': [0, 'reads headings of the corpus alone'],
  'adapters/slack/manifest.js': [0, 'reads a setting alone'],
  'adapters/terminal/channel.js': [0, 'reads what the owner of this process types'],
  'adapters/discord/escape.js': [6000, 'sees replies, which are cut'],
  'core/features.js': [6000, 'sees the first pages of a message, `MOST_UNITS`'],
  'learning.js': [4000, 'cuts before it looks'],
};
/** What one expression may take of a processor for it, in milliseconds. */
const MOST_MS = 250;

interface Found {
  readonly file: string;
  readonly where: string;
  readonly source: string;
  readonly flags: string;
}

const found: Found[] = readdirSync(dist, { recursive: true, encoding: 'utf8' })
  .filter((f) => f.endsWith('.js'))
  .flatMap((file) => {
    const out: Found[] = [];
    simple(
      parse(readFileSync(join(dist, file), 'utf8'), {
        ecmaVersion: 2023,
        sourceType: 'module',
        locations: true,
        allowHashBang: true,
      }),
      {
        Literal(node) {
          if (node.regex)
            out.push({
              file: file.replaceAll('\\', '/'),
              where: `${relative(process.cwd(), join(dist, file))}:${node.loc?.start.line}`,
              source: node.regex.pattern,
              flags: node.regex.flags,
            });
        },
      },
    );
    return out;
  });
const unique = new Map(found.map((f) => [`/${f.source}/${f.flags}`, f]));
let bad = 0;
let unknown = 0;
let n = 0;
for (const [text, { file, where, source, flags }] of unique) {
  progress.of('expressions')(n++, unique.size);
  const result = await check(source, flags, { timeout: 20_000 });
  if (result.status === 'vulnerable') {
    // What counts is a message: the text that is slow, cut in its middle to the longest that a platform lets through.
    const { string } = result.attack;
    const [longest, why] = SHORTER[file] ?? [LONGEST, ''];
    if (longest === 0) {
      console.log(`no message: ${text} at ${where} ${why}`);
      continue;
    }
    const attack = string.length > longest ? string.slice(0, longest - 40) + string.slice(-40) : string;
    const start = process.cpuUsage();
    attack.replace(new RegExp(source, flags), '');
    const used = process.cpuUsage(start);
    const ms = (used.user + used.system) / 1000;
    if (ms > MOST_MS) bad++;
    console.log(
      `${ms > MOST_MS ? 'SLOW' : 'bounded'}: ${result.complexity.summary}, ${ms.toFixed(0)} ms for ${attack.length} characters: ${text} at ${where}`,
    );
  } else if (result.status === 'unknown') {
    unknown++;
    console.log(`not decided (${result.error.kind}): ${text} at ${where}`);
  }
}
progress.end();
console.log(
  `${unique.size} regular expressions: ${bad} take more than ${MOST_MS} ms of a processor for a message of ${LONGEST} characters, ${unknown} not decided`,
);

/** A text of this many words, out of the words that a family names, so that every phrase of it begins everywhere. */
const textFor = (phrases: readonly string[], words: number): string => {
  const own = phrases.flatMap((p) => p.split(/[^\p{L}\p{N}]+/u)).filter((w) => w.length > 0);
  return Array.from({ length: words }, (_, i) => own[(i * 7 + (i >> 3)) % own.length] ?? 'numb').join(' ');
};
/** Twice the words may take at most this many times as long; a square would be four. */
const MOST_GROWTH = 3.5;
/** Shorter times say nothing of growth, in milliseconds. */
const LEAST_MS = 6;

const { concepts } = ownCompiled().triage;
const finder = createConceptFinder(concepts, () => true);
const timeOf = (text: string): number => {
  const tokens = tokensOf(text);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const start = process.cpuUsage();
    finder.find(tokens);
    const used = process.cpuUsage(start);
    best = Math.min(best, (used.user + used.system) / 1000);
  }
  return best;
};
let steep = 0;
const families = Object.entries(concepts);
families.forEach(([name, phrases], i) => {
  progress.of('word families')(i, families.length);
  const [short, long] = [timeOf(textFor(phrases, 400)), timeOf(textFor(phrases, 800))];
  if (long > LEAST_MS && long / short > MOST_GROWTH) {
    // Once more, since another process may have had the machine.
    const [again, twice] = [timeOf(textFor(phrases, 400)), timeOf(textFor(phrases, 800))];
    if (twice / again > MOST_GROWTH) {
      steep++;
      console.log(`${name}: 400 words ${again.toFixed(1)} ms, 800 words ${twice.toFixed(1)} ms`);
    }
  }
});
progress.end();
console.log(`${families.length} word families: ${steep} grow faster than the text`);
if (bad > 0 || steep > 0) process.exitCode = 1;
process.exit();
