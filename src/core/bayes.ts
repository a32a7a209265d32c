// The deep path is no promised API, so the version is pinned and a test keeps it. Build time only.
import BayesClassifier from 'natural/lib/natural/classifiers/bayes_classifier.js';
import { type Example, packLinear, type SoftmaxModel } from './softmax.ts';

/**
 * Trains natural's Bayes classifier and turns its counts into weights of a linear model: sums of logs over the root of the
 * number of features. natural itself multiplies probabilities, which comes to exactly 0 for long messages, and takes as
 * many steps a message as there are features. Features seen in fewer than `atLeast` examples are left out.
 */
export const trainBayes = (examples: readonly Example[], atLeast = 2, smoothing = 0.5): SoftmaxModel => {
  const seen = new Map<string, number>();
  for (const { features } of examples) for (const f of new Set(features)) seen.set(f, (seen.get(f) ?? 0) + 1);
  const names = [...seen].filter(([, count]) => count >= atLeast).map(([name]) => name);
  const place = new Map(names.map((name, i) => [name, i]));
  const bayes = new BayesClassifier(undefined, smoothing);
  // One array for all documents: natural only reads it, and thousands of long ones would fill the memory.
  const shared: number[] = new Array(names.length).fill(0);
  let set: number[] = [];
  bayes.textToFeatures = (observation) => {
    for (const i of set) shared[i] = 0;
    set = (typeof observation === 'string' ? [observation] : observation).flatMap((f) => place.get(f) ?? []);
    for (const i of set) shared[i] = 1;
    return shared;
  };
  for (const { features, label } of examples) bayes.addDocument(features, label);
  bayes.train();
  const { classFeatures, classTotals, totalExamples } = bayes.classifier;
  const labels = Object.keys(classFeatures).sort();
  const weights = names.map((_, i) => {
    const logs = labels.map((label) => Math.log((classFeatures[label]?.[i] ?? smoothing) / classTotals[label]!));
    const mean = logs.reduce((a, b) => a + b, 0) / logs.length;
    return logs.map((log) => log - mean);
  });
  const bias = labels.map((label) => Math.log(classTotals[label]! / totalExamples));
  return packLinear(labels, bias, names, weights.flat());
};
