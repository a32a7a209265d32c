import { describe, expect, it } from 'vitest';
import {
  type Example,
  hashesOf,
  joinSoftmax,
  loadSoftmax,
  packLinear,
  type SoftmaxModel,
  trainSoftmax,
} from '../src/core/softmax.ts';

const examples: Example[] = [
  { features: ['shoe', 'worn'], label: 'footwear', weight: 1 },
  { features: ['trainer', 'old', 'worn'], label: 'footwear', weight: 1 },
  { features: ['plank', 'weak'], label: 'core', weight: 1 },
  { features: ['weak', 'middle'], label: 'core', weight: 1 },
  { features: ['constructor', 'toString', '__proto__'], label: 'other', weight: 1 },
];
/** A model of one head: its labels, what it makes of features, and which share of them has weights. */
const loaded = (model: SoftmaxModel) => {
  const { sum, head } = loadSoftmax(model);
  const { labels, probabilities } = head('');
  return {
    labels,
    predict: (features: readonly string[]) => {
      const hashes = hashesOf(features);
      const sums = sum(hashes);
      return {
        probabilities: probabilities(sums, hashes.length),
        known: hashes.length ? sums.known / hashes.length : 0,
      };
    },
  };
};
const options = { l2: 1e-3, epochs: 40, seed: 7 };
const best = (features: string[]): string => {
  const softmax = loaded(trainSoftmax(examples, options));
  const { probabilities } = softmax.predict(features);
  return softmax.labels[probabilities.indexOf(Math.max(...probabilities))]!;
};

describe('the softmax', () => {
  it('tells classes apart after going through JSON', () => {
    const softmax = loaded(JSON.parse(JSON.stringify(trainSoftmax(examples, options))));
    const { probabilities } = softmax.predict(['worn', 'shoe']);
    expect(probabilities[softmax.labels.indexOf('footwear')]).toBeGreaterThan(0.6);
    expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1);
  });
  it('takes names of object members for plain words', () => {
    expect(best(['constructor'])).toBe('other');
    expect(best(['plank'])).toBe('core');
  });
  it('gives the same model for the same seed', () => {
    expect(trainSoftmax(examples, options)).toEqual(trainSoftmax(examples, options));
  });
  it('says how much of a text it had seen', () => {
    const softmax = loaded(trainSoftmax(examples, options));
    expect(softmax.predict(['worn', 'zebra']).known).toBe(0.5);
    expect(softmax.predict([]).known).toBe(0);
  });
  it('lets heavier examples win', () => {
    const softmax = loaded(
      trainSoftmax([...examples, { features: ['weak'], label: 'footwear', weight: 0.01 }], options),
    );
    const { probabilities } = softmax.predict(['weak']);
    expect(softmax.labels[probabilities.indexOf(Math.max(...probabilities))]).toBe('core');
  });
  it('shares the target with other fair labels', () => {
    const shared: Example = { features: ['insole'], label: 'footwear', also: ['core'], weight: 5 };
    const softmax = loaded(trainSoftmax([...examples, shared], options));
    const { probabilities } = softmax.predict(['insole']);
    expect(probabilities[softmax.labels.indexOf('core')]).toBeGreaterThan(
      probabilities[softmax.labels.indexOf('other')]!,
    );
  });
  it('finds the weights of every feature, in whatever order they were packed', () => {
    const names = Array.from({ length: 500 }, (_, i) => `word ${i}`);
    const weights = names.flatMap((_, i) => (i % 3 === 0 ? [1, 0] : [0, 1]));
    const softmax = loaded(packLinear(['a', 'b'], [0, 0], names, weights));
    for (const [i, name] of names.entries()) {
      const { probabilities, known } = softmax.predict([name]);
      expect(known).toBe(1);
      expect(probabilities.indexOf(Math.max(...probabilities))).toBe(i % 3 === 0 ? 0 : 1);
    }
  });
  it('counts a feature once, however often it is named', () => {
    const softmax = loaded(trainSoftmax(examples, options));
    const names = ['worn', 'shoe', 'worn', 'zebra'];
    expect(softmax.predict(names)).toEqual(softmax.predict(['worn', 'shoe', 'zebra']));
    expect(softmax.predict(names).known).toBeCloseTo(2 / 3);
  });
  it('says the same joined with others as alone', () => {
    const shoes = trainSoftmax(examples, options);
    const names = ['shoe', 'plank', 'river'];
    const other = packLinear(['a', 'b'], [0, 1], names, [1, 0, 0, 2, 3, 0]);
    const joined = loadSoftmax(joinSoftmax({ other, shoes }));
    const asked = ['shoe', 'river', 'worn', 'zebra'];
    const sums = joined.sum(hashesOf(asked), 2);
    expect(joined.head('shoes').probabilities(sums, 4)).toEqual(loaded(shoes).predict(asked).probabilities);
    expect(joined.head('other').probabilities(sums, 4)).toEqual(loaded(other).predict(asked).probabilities);
    expect(sums.known).toBe(2);
    expect(() => joined.head('third')).toThrow("no head 'third'");
  });
  it('leaves out weights that are next to nothing', () => {
    const known = (least: number) => loaded(trainSoftmax(examples, { ...options, least })).predict(['shoe']).known;
    expect(known(0)).toBe(1);
    expect(known(1000)).toBe(0);
  });
});
