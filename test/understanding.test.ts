import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCorpusFolder } from '../src/adapters/corpus-files.ts';
import { englishWords, readUnderstanding } from '../src/adapters/intents-folder.ts';
import type { Understood } from '../src/core/brain.ts';
import type { CorpusFault } from '../src/core/fault.ts';
import { createSpeller } from '../src/core/spelling.ts';
import { labelledPhrases, trainSpelling, trainUnderstanding, type UnderstandingSource } from '../src/core/train.ts';
import { type Bands, createUnderstanding, decide } from '../src/core/understanding.ts';

const corpus = fileURLToPath(new URL('../corpus/', import.meta.url));
let understand: (text: string) => Understood;
let bands: Bands;

beforeAll(() => {
  const faults: CorpusFault[] = [];
  const read = readUnderstanding(readCorpusFolder(corpus), faults);
  expect(faults).toEqual([]);
  const source = {
    ...read,
    passages: [
      { topic: 'footwear', title: 'Footwear and gear', body: 'Worn-out shoes change your gait.' },
      {
        topic: 'rucksack-straps',
        title: 'Rucksack straps and hip belts',
        body: 'A rucksack with loose straps bounces on the spine. Tighten the sternum strap and hip belt.',
      },
    ],
  } as UnderstandingSource;
  const spelling = trainSpelling(
    labelledPhrases(source).map((p) => p.text),
    englishWords(),
    source.synonyms.words,
  );
  // Through JSON, as the bot gets it.
  const model = JSON.parse(JSON.stringify(trainUnderstanding(source, spelling)));
  bands = model.bands;
  understand = createUnderstanding(model, createSpeller(spelling));
}, 120_000);

const first = (text: string): string | undefined => understand(text).ranked[0]?.topic;
const band = (text: string): string => decide(understand(text), bands).band;

describe('understanding', () => {
  it('finds the topic of a plain question', () => {
    expect(first('could my worn out trainers be the reason my back aches after a run?')).toBe('footwear');
    expect(first('is running on concrete what makes my spine sore?')).toBe('impact');
  });
  it('finds it through misspellings', () => {
    expect(first('does my weak croe make my bakc hurt wen i run')).toBe('core');
  });
  it('answers a clear question and leaves another subject', () => {
    expect(band('Which stretches help a tight lower back after running?')).toBe('answer');
    expect(band('how do I renew my passport')).toBe('not-held');
    expect(band('write a function that sorts a list')).toBe('not-held');
  });
  it('names what the article does not hold', () => {
    expect(understand('is a memory foam mattress any good for a bad back').aspect?.name).toBe('mattresses and pillows');
    expect(understand('should i put ice or heat on it').aspect?.id).toBe('ice-heat');
  });
  it('tells a message about another part of the body', () => {
    expect(understand('my left knee hurts going downstairs').otherBodyPart).toBe('knees');
    expect(understand('my knee is fine, it is my lower back that hurts').otherBodyPart).toBeUndefined();
  });
  it('hears small talk, and a question behind small talk as a question', () => {
    expect(understand('cheers mate, much obliged').smalltalk?.kind).toBe('thanks');
    expect(understand('hello, does a weak core cause back pain when running?').smalltalk).toBeUndefined();
  });
  it('hears small talk that several kinds share, and says what it is for when no kind claims it', () => {
    expect(understand('much obliged to you, goodnight').smalltalk).toBeDefined();
    const unclear = understand('lol brilliant, hello, who, bye, rubbish').smalltalk;
    expect(unclear && (unclear.sure >= 0.35 || unclear.kind === 'help')).toBe(true);
  });
  it('gives a second topic when a message plainly asks about two', () => {
    const { ranked, second } = understand(
      'Do my old worn out shoes matter? And can doing yoga stretches loosen my back?',
    );
    expect([ranked[0]?.topic, second].sort()).toEqual(['faq-stretches', 'footwear']);
    expect(understand('do worn out shoes make my back hurt').second).toBeUndefined();
  });
  it('finds a passage that nobody wrote phrases for by its own words', () => {
    expect(first('are loose rucksack straps bouncing on the spine')).toBe('rucksack-straps');
  });
  it('takes names of object members for plain words', () => {
    for (const text of ['constructor', '__proto__', 'toString hasOwnProperty', 'valueOf constructor prototype']) {
      expect(band(text)).toBe('not-held');
    }
  });
  it('answers a megabyte as it answers a page', () => {
    expect(understand('back pain '.repeat(100_000)).ranked).toHaveLength(understand('x').ranked.length);
  });
  it('reads every string, with scores that are probabilities', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), (text) => {
        const { ranked, inScope, unknownShare } = understand(text);
        const sum = ranked.reduce((s, r) => s + r.score, 0);
        return inScope >= 0 && inScope <= 1 && unknownShare >= 0 && unknownShare <= 1 && sum > 0.99 && sum < 1.01;
      }),
      { numRuns: 300 },
    );
  });
  it('says nothing is held for an empty message', () => {
    expect(band('')).toBe('not-held');
    expect(band(' \n\t')).toBe('not-held');
  });
});

describe('natural', () => {
  it('is loaded by its one file: its front door, databases and dotenv stay shut', () => {
    const script = `
      import(${JSON.stringify(new URL('../dist/core/bayes.js', import.meta.url).href)}).then(() => {
        const loaded = Object.keys(require.cache).filter((f) =>
          /node_modules\\/(natural\\/lib\\/natural\\/index|mongoose|mongodb|pg|redis|@redis|dotenv|memjs)/.test(f));
        console.log(JSON.stringify({ loaded, all: Object.keys(require.cache).length }));
      });`;
    const { loaded, all } = JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
    expect(all).toBeGreaterThan(0);
    expect(loaded).toEqual([]);
  });
});
