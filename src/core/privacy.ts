import { fill, type Wording } from './corpus.ts';

/** What is kept of people, for the privacy notice. */
export interface Keeps {
  /** Hours after the last message until a session is deleted. */
  readonly hours: number;
  /** Where sessions are kept, as a piece of a sentence. */
  readonly place: string;
  /** Days for which the words of questions without an answer are kept; absent = they are not kept, which is the default. */
  readonly questionDays?: number;
}

/** The privacy notice: what is kept, for how long and where. It is another one when the operator keeps questions. */
export function privacyOf(
  wording: Wording,
  keeps: Keeps,
): { readonly text: string; readonly items: readonly string[] } {
  const notice = keeps.questionDays === undefined ? wording.privacy : wording['privacy-with-questions'];
  const values = { hours: String(keeps.hours), place: keeps.place, days: String(keeps.questionDays ?? 0) };
  return { text: fill(notice.text, values), items: notice.items.map((item) => fill(item, values)) };
}
