import type { Notes, Tallies } from './adapters/store/store.ts';
import type { Seal } from './adapters/store/vault.ts';
import type { Message } from './core/message.ts';
import type { Reply } from './core/reply.ts';

/** Days for which questions are kept when the operator asks for it, and how many at most. */
export const QUESTION_DAYS = 30;
const MOST_QUESTIONS = 500;
/** Kept of a question, in UTF-16 units. */
const LONGEST = 300;
const DAY_MS = 86_400_000;

/** What of the store learning uses. */
export interface LearningStore {
  readonly tallies: Tallies;
  readonly notes: Notes;
  readonly seal: Seal;
}

/** What the bot learns without words: counts by day and topic. */
export interface Learning {
  /** Somebody found an answer helpful or not. Unknown topics are left out. */
  helpful(topic: string, isHelpful: boolean): void;
  /** Looks at a reply: a question without an answer is counted under what it was nearest to. */
  answered(message: Message, reply: Reply): void;
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** A question without what may point to a person: addresses, mentions, links, numbers of five digits or more. */
export const withoutTraces = (text: string): string =>
  text
    .slice(0, 4 * LONGEST)
    .replace(/\S+@\S+|<[@#!&][^>]*>|@\S+|https?:\/\/\S+|\+?\d[\d\s().-]{3,}\d/g, '[…]')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST);

/** Counts in the store. What cannot be counted is told to `trouble` and lost. `keepsQuestions` is the operator's setting. */
export function createLearning(
  { tallies, notes, seal }: LearningStore,
  isTopic: (topic: string) => boolean,
  keepsQuestions: boolean,
  trouble: (cause: unknown) => void,
  now: () => number = Date.now,
): Learning {
  return {
    helpful(topic, isHelpful) {
      if (isTopic(topic)) tallies.add(`${dayOf(now())} ${isHelpful ? 'helpful' : 'unhelpful'} ${topic}`).catch(trouble);
    },
    answered(message, reply) {
      if (reply.unanswered === undefined) return;
      const day = dayOf(now());
      tallies.add(`${day} unanswered ${reply.unanswered}`).catch(trouble);
      const question = keepsQuestions && reply.urgency === 'none' ? withoutTraces(message.text) : '';
      if (question)
        notes.add(day, seal.close(day, question), dayOf(now() - QUESTION_DAYS * DAY_MS), MOST_QUESTIONS).catch(trouble);
    },
  };
}

/** What `npm run report` prints: counts by topic with their days, and the kept questions when there are any. */
export async function reportOf({ tallies, notes, seal }: LearningStore): Promise<string> {
  const counts = new Map<string, Map<string, { sum: number; days: string[] }>>();
  for (const [name, count] of [...(await tallies.all())].sort(([a], [b]) => a.localeCompare(b))) {
    const [day = '', what = '', topic = ''] = name.split(' ');
    const topics = counts.get(what) ?? new Map();
    const row = topics.get(topic) ?? { sum: 0, days: [] };
    topics.set(topic, { sum: row.sum + count, days: [...row.days, `${day}: ${count}`] });
    counts.set(what, topics);
  }
  const section = (what: string, title: string): string[] => {
    const rows = [...(counts.get(what) ?? [])].sort(([, a], [, b]) => b.sum - a.sum);
    return [
      title,
      ...(rows.length ? rows.map(([topic, r]) => `  ${r.sum}  ${topic}  (${r.days.join(', ')})`) : ['  none yet']),
      '',
    ];
  };
  const open = (day: string, body: string): string => {
    try {
      return seal.open(day, body);
    } catch {
      return '(kept under another STORE_KEY)';
    }
  };
  const questions = (await notes.all()).map(({ day, body }) => `  ${day}  ${open(day, body)}`);
  return [
    ...section('helpful', 'Answers found helpful, by topic'),
    ...section('unhelpful', 'Answers found not helpful, by topic'),
    ...section('unanswered', 'Questions without an answer, by what they were nearest to'),
    ...(questions.length ? ['Questions kept by STORE_UNANSWERED', ...questions, ''] : []),
  ].join('\n');
}
