// natural has no `exports` map and no types for its single files; its front door loads mongoose, pg, redis and dotenv.
declare module 'natural/lib/natural/classifiers/bayes_classifier.js' {
  export default class BayesClassifier {
    constructor(stemmer?: undefined, smoothing?: number);
    readonly classifier: {
      readonly classFeatures: Readonly<Record<string, Readonly<Record<number, number>>>>;
      readonly classTotals: Readonly<Record<string, number>>;
      readonly totalExamples: number;
      readonly smoothing: number;
    };
    textToFeatures: (observation: string | readonly string[]) => readonly number[];
    addDocument(features: readonly string[], label: string): void;
    train(): void;
  }
}
