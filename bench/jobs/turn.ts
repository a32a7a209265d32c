// One engine that answers messages: our whole turn, node-nlp 4.27 or MiniSearch alone. An order is one round over all messages.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { quantile } from '../../eval/statistics.ts';
import { readCorpusFolder } from '../../src/adapters/corpus-files.ts';
import { readUnderstanding } from '../../src/adapters/intents-folder.ts';
import { ownCompiled } from '../../src/compiled-file.ts';
import { bodyOf } from '../../src/core/article.ts';
import { passagesOf } from '../../src/core/corpus.ts';
import { freshSession } from '../../src/core/session.ts';
import { memoryNow, serveOrders } from '../job.ts';
import { MESSAGES, QUESTIONS } from '../messages.ts';

/** What answers a message: the topic it takes the message to be about. */
type Engine = (text: string) => string | undefined | Promise<string | undefined>;

const peers = createRequire(new URL('../peers/package.json', import.meta.url));
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Phrases a topic that node-nlp is trained on; with all of them its training takes many minutes. */
const NLP_PHRASES = 40;

const ENGINES: Readonly<Record<string, () => Promise<Engine>>> = {
  async ours() {
    // As it ships: built by tsc, not what tsx makes of the sources.
    const { brainOf } = (await import(here('../../dist/think.js'))) as typeof import('../../src/think.ts');
    const { takeTurn } = (await import(
      here('../../dist/core/dialogue.js')
    )) as typeof import('../../src/core/dialogue.ts');
    const brain = brainOf(ownCompiled(), 'GB', { hours: 24, place: 'in memory' });
    return (text) => takeTurn(brain, freshSession, { id: 'm', conversation: 'c', text }).reply.sources[0]?.topic;
  },
  async 'node-nlp'() {
    const { NlpManager } = peers('node-nlp');
    const manager = new NlpManager({ languages: ['en'], autoSave: false, nlu: { log: false } });
    const source = readUnderstanding(readCorpusFolder(here('../../corpus')), []);
    for (const { topic, phrases } of source?.topics ?? [])
      for (const phrase of phrases.slice(0, NLP_PHRASES))
        manager.addDocument('en', typeof phrase === 'string' ? phrase : phrase.text, topic);
    await manager.train();
    return async (text) => (await manager.process('en', text)).intent;
  },
  async minisearch() {
    const { default: MiniSearch } = await import(peers.resolve('minisearch'));
    const search = new MiniSearch({
      fields: ['title', 'body'],
      searchOptions: { boost: { title: 2 }, fuzzy: 0.2, prefix: true },
    });
    search.addAll(passagesOf(ownCompiled().corpus).map((p) => ({ id: p.topic, title: p.title, body: bodyOf(p) })));
    return (text) => search.search(text)[0]?.id as string | undefined;
  },
};

const [name = 'ours'] = process.argv.slice(2);
const begun = performance.now();
const engine = await ENGINES[name]!();
const build = performance.now() - begun;

serveOrders(async (order) => {
  if (order === 'about') {
    let right = 0;
    for (const { text, gold } of QUESTIONS) if (gold.includes((await engine(text)) ?? '')) right++;
    return { build, memory: memoryNow(), right: right / QUESTIONS.length };
  }
  const times: number[] = [];
  const start = performance.now();
  for (const text of MESSAGES) {
    const before = performance.now();
    await engine(text);
    times.push(performance.now() - before);
  }
  const whole = performance.now() - start;
  return {
    times,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    perSecond: (1000 * MESSAGES.length) / whole,
  };
});
