/** The words of a text, lower-case, apostrophes dropped, without punctuation: for cue phrases and typed choices. */
export const wordsOf = (text: string): readonly string[] =>
  text
    .slice(0, 4000)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’`]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** Where a run of words stands in another, or -1. */
export function findWords(words: readonly string[], run: readonly string[]): number {
  outer: for (let i = 0; i + run.length <= words.length; i++) {
    for (let j = 0; j < run.length; j++) if (words[i + j] !== run[j]) continue outer;
    return i;
  }
  return -1;
}
