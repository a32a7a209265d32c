/** Something wrong in a corpus file: where, what, and what to do about it. */
export interface CorpusFault {
  readonly file: string;
  /** Counted from 1; `undefined` means: the file as a whole. */
  readonly line?: number | undefined;
  readonly what: string;
  readonly cure: string;
}

/** A corpus that cannot be used. Its message names every fault, one a line. */
export class CorpusError extends Error {
  readonly faults: readonly CorpusFault[];
  constructor(faults: readonly CorpusFault[]) {
    super(faults.map((f) => `${f.file}${f.line ? `:${f.line}` : ''}: ${f.what}. ${f.cure}.`).join('\n'));
    this.name = 'CorpusError';
    this.faults = faults;
  }
}
