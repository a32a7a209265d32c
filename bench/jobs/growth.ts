// A bot of a corpus of a given number of passages: how long it takes to build, to answer, and how much memory it holds.
import { fileURLToPath } from 'node:url';
import { thinned } from '../../eval/learning.ts';
import { quantile } from '../../eval/statistics.ts';
import { readCorpusFolder } from '../../src/adapters/corpus-files.ts';
import { englishWords } from '../../src/adapters/intents-folder.ts';
import { compile } from '../../src/compile.ts';
import { takeTurn } from '../../src/core/dialogue.ts';
import { freshSession } from '../../src/core/session.ts';
import { seeded } from '../../src/core/softmax.ts';
import { brainOf } from '../../src/think.ts';
import { memoryNow, serveOrders } from '../job.ts';
import { MESSAGES } from '../messages.ts';

const wanted = Number(process.argv[2] ?? 16);
const random = seeded(5);
/** Ordinary words, of which a few are used often and most seldom, as in real text (Zipf). */
const words = [...englishWords()]
  .filter((w) => w.length > 2)
  .sort(() => random() - 0.5)
  .slice(0, 30_000);
const word = (): string => words[Math.floor(words.length ** random()) - 1] ?? 'run';
const sentence = (n: number): string => `${Array.from({ length: n }, word).join(' ')}.`;

const PER_ARTICLE = 50;
// A part of the phrases is enough: their number changes the time of training, which is not what grows here.
const files = new Map(thinned(readCorpusFolder(fileURLToPath(new URL('../../corpus', import.meta.url))), 1 / 8).files);
const own = 16;
const titles: string[] = [];
for (let made = own, a = 1; made < wanted; a++) {
  const passages: string[] = [];
  for (let i = 0; i < PER_ARTICLE && made < wanted; i++, made++) {
    const title = sentence(4).slice(0, -1);
    titles.push(title);
    passages.push(`## ${title} {#grown-${made}}\n\n${Array.from({ length: 6 }, () => sentence(12)).join(' ')}\n`);
  }
  files.set(
    `articles/grown-${a}.md`,
    `---\nid: grown-${a}\ntitle: Grown ${a}\nabout: Made for the bench.\n---\n\n${passages.join('\n')}`,
  );
}

const before = memoryNow();
const t0 = performance.now();
const compiled = JSON.stringify(compile(files));
const t1 = performance.now();
const held = JSON.parse(compiled);
const brain = brainOf(held, 'GB', { hours: 24, place: 'in memory' });
const t2 = performance.now();
const load = memoryNow() - before - compiled.length / 1e6;

/** The least time of each message over all rounds so far. */
let best: number[] = [];

serveOrders(() => {
  // Half the messages are those of every other measurement, half ask for what a grown passage is about.
  const texts = MESSAGES.slice(0, 600).flatMap((text, i) => {
    const title = titles[Math.floor((i * titles.length) / 600)];
    return title === undefined ? [text] : [text, `what about ${title}?`];
  });
  const times: number[] = [];
  let found = 0;
  for (const text of texts) {
    const start = performance.now();
    const { reply } = takeTurn(brain, freshSession, { id: 'm', conversation: 'c', text });
    times.push(performance.now() - start);
    if (reply.sources[0]?.topic.startsWith('grown-')) found++;
  }
  best = times.map((t, i) => Math.min(t, best[i] ?? t));
  return {
    bestP50: quantile(best, 0.5),
    bestP99: quantile(best, 0.99),
    compileMs: t1 - t0,
    loadMs: t2 - t1,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    memory: load,
    megabytes: compiled.length / 1e6,
    found: titles.length ? found / (texts.length / 2) : undefined,
  };
});
