/** A word or number of a message, with its place in the text as typed. */
export interface Token {
  /** Lower case, without apostrophes and invisible characters, letters repeated three times or more folded to one. */
  readonly text: string;
  /** The same with such letters folded to two, when that differs ('peeee' is 'pe' and 'pee'). */
  readonly double?: string;
  /** UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** Counts up at full stops, question and exclamation marks and line breaks. */
  readonly sentence: number;
  /** Counts up at sentence ends and at words that turn the meaning ('but', 'though'). */
  readonly segment: number;
  /** Counts up at commas too. */
  readonly clause: number;
  /** True when the sentence ends in a question mark. */
  readonly asked: boolean;
}

const PIECE =
  /a\s?&\s?e\b|w\/(?:o\b)?|\d+(?:[.,:]\d+)*|[\p{L}\p{M}\u200b-\u200d\ufeff]+(?:['’`´][\p{L}\p{M}]+)*|[.!?…]+|\n+|[,;:()\u2013\u2014-]|[\u{1F300}-\u{1FAFF}]/giu;
const INVISIBLE = /[\u200b-\u200d\ufeff\u00ad]/g;
const TURNS = new Set([
  'but',
  'though',
  'tho',
  'although',
  'except',
  'however',
  'yet',
  'whereas',
  'apart',
  'otherwise',
  'other',
]);

const PRONOUNS = new Set([
  'it',
  'he',
  'she',
  'that',
  'there',
  'what',
  'who',
  'let',
  'here',
  'where',
  'how',
  'this',
  'when',
  'why',
]);

/** `back's` is `back`; `it's` stays, to be folded to `its`. */
const withoutGenitive = (word: string): string => {
  const base = /^(.+)['’`´]s$/u.exec(word)?.[1];
  return base && !PRONOUNS.has(base) ? base : word;
};

/** Words of plain letters need none of the folding that others do; most words are so. */
const PLAIN = /^[A-Za-z]+$/;
const TRIPLED = /(.)\1\1/su;

/** Most words read of one message: more is no message of a person, and must not cost time. */
const MOST_TOKENS = 20_000;

/** Splits a message into tokens. Any string is fine; the work grows with its length. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let [sentence, segment, clause] = [0, 0, 0];
  let asked: number[] = [];
  let begun = 0;
  for (const match of text.matchAll(PIECE)) {
    const piece = match[0];
    const first = piece.codePointAt(0) ?? 0;
    if (/^[.!?…\n]/.test(piece)) {
      if (piece.includes('?')) asked.push(sentence);
      sentence++;
      segment++;
      clause++;
      begun = tokens.length;
      continue;
    }
    if (/^[,;:()\u2013\u2014-]$/.test(piece)) {
      clause++;
      if (piece === ';') segment++;
      continue;
    }
    if (first >= 0x1f300) continue;
    const folded = PLAIN.test(piece)
      ? piece.toLowerCase()
      : withoutGenitive(piece.normalize('NFKC').replace(INVISIBLE, '').toLowerCase()).replace(/['’`´\s]/g, '');
    if (!folded) continue;
    const isTripled = TRIPLED.test(folded);
    const single = isTripled ? folded.replace(/(\p{L})\1{2,}/gu, '$1') : folded;
    const double = isTripled ? folded.replace(/(\p{L})\1{2,}/gu, '$1$1') : folded;
    if (TURNS.has(single) && tokens.length > begun && single !== 'other') {
      segment++;
      clause++;
    }
    tokens.push({
      text: single,
      ...(double !== single ? { double } : {}),
      start: match.index,
      end: match.index + piece.length,
      sentence,
      segment,
      clause,
      asked: false,
    });
    if (tokens.length >= MOST_TOKENS) break;
  }
  const questions = new Set(asked);
  asked = [];
  return questions.size ? tokens.map((t) => (questions.has(t.sentence) ? { ...t, asked: true } : t)) : tokens;
}
