import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildSpelling, createSpeller, within } from '../src/core/spelling.ts';

const counts = new Map(
  Object.entries({
    back: 90,
    lower: 60,
    stretch: 40,
    numb: 20,
    hurts: 50,
    treadmill: 30,
    running: 80,
    doctor: 20,
    bakcc: 9,
  }),
);
const dictionary = new Set(
  [...counts.keys(), 'splints', 'docker', 'spin', 'pain', 'so', 'good'].filter((w) => w !== 'bakcc'),
);
const speller = createSpeller(buildSpelling(counts, dictionary, ['psoas', 'parkrun']));

describe('the speller', () => {
  it('corrects a swap, a missing letter and a doubled letter', () => {
    expect(speller.correct('bakc')).toBe('back');
    expect(speller.correct('strech')).toBe('stretch');
    expect(speller.correct('hurtts')).toBe('hurts');
  });
  it('corrects two slips in a long word', () => {
    expect(speller.correct('tredmil')).toBe('treadmill');
  });
  it('leaves ordinary words alone, however near a word of the subject is', () => {
    expect(speller.correct('docker')).toBeUndefined();
    expect(speller.correct('splints')).toBeUndefined();
  });
  it('never takes a misspelling of the corpus for a word', () => {
    expect(speller.known('bakcc')).toBe(false);
  });
  it('knows words that no dictionary has when the corpus names them', () => {
    expect(speller.correct('psaos')).toBe('psoas');
    expect(speller.known('parkrun')).toBe(true);
  });
  it('parts two words that were run together', () => {
    expect(speller.correct('lowerback')).toBe('lower back');
  });
  it('shortens drawn-out letters', () => {
    expect(speller.correct('soooo')).toBe('so');
    expect(speller.correct('gooood')).toBe('good');
  });
  it('does not touch short words, numbers, other scripts and endless strings', () => {
    for (const word of ['bck', '5k10', 'спина', '', 'constructor', '__proto__', 'a'.repeat(100_000)]) {
      expect(speller.correct(word)).toBeUndefined();
    }
  });
  it('answers every string and stays the same on a second call', () => {
    fc.assert(
      fc.property(fc.string(), (word) => {
        const first = speller.correct(word);
        return speller.correct(word) === first;
      }),
    );
  });
});

describe('the edit distance', () => {
  it('counts a swap of neighbours as one edit', () => {
    expect(within('bakc', 'back', 1)).toBe(true);
    expect(within('bkca', 'back', 1)).toBe(false);
  });
});
