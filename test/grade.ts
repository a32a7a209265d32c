const syllables = (word: string): number => {
  const w = word.toLowerCase().replace(/[^a-z]/g, '');
  if (w.length <= 3) return 1;
  return Math.max(
    1,
    w
      .replace(/(?:[^laeiouy]es|ed|[^laeiouy]e)$/, '')
      .replace(/^y/, '')
      .match(/[aeiouy]{1,2}/g)?.length ?? 1,
  );
};

/** How many school years a text asks for: the Flesch-Kincaid grade (Kincaid 1975). */
export const gradeOf = (text: string): number => {
  const sentences = text.split(/[.!?:\n]+/).filter((s) => /[a-z]/i.test(s));
  const words = text.split(/\s+/).filter((w) => /[a-z]/i.test(w));
  return (
    0.39 * (words.length / sentences.length) +
    11.8 * (words.reduce((n, w) => n + syllables(w), 0) / words.length) -
    15.59
  );
};
