import type { InterviewQuestion, Questions } from './corpus.ts';
import type { InterviewState } from './session.ts';

/** The most questions the guided interview asks. */
export const MOST_QUESTIONS = 6;

/** The option id for 'not sure' and 'skip': it says nothing about any cause. */
export const SKIPPED = 'not-sure';

type Interview = Questions['interview'];

/** A cause of the article with its share (0..1, all shares sum to 1) and what was said that speaks for it. */
export interface LikelyCause {
  readonly topic: string;
  readonly share: number;
  readonly reasons: readonly string[];
}

const normalised = (weights: ReadonlyMap<string, number>): Map<string, number> => {
  const top = Math.max(...weights.values());
  const raised = [...weights].map(([k, w]) => [k, Math.exp(w - top)] as const);
  const sum = raised.reduce((s, [, v]) => s + v, 0);
  return new Map(raised.map(([k, v]) => [k, v / sum]));
};

/** The id of the last question; its options are `question.option` of the questions that were not asked. */
export const LAST = 'last';

/** Options of the last question, at most, beside its way out. */
const MOST_LAST = 7;

/** One question for all that was not asked: a runner who cannot say much still names what is plain to him. */
function lastQuestion(interview: Interview, answers: InterviewState['answers']): InterviewQuestion | undefined {
  const asked = new Set(answers.map(([q]) => q));
  const options = interview.questions
    .filter((q) => !asked.has(q.id))
    .flatMap((q) =>
      q.options.flatMap((o) =>
        o.last === undefined ? [] : [{ ...o, id: `${q.id}.${o.id}`, label: o.last, last: undefined }],
      ),
    )
    .slice(0, MOST_LAST);
  if (options.length < 2) return undefined;
  const { ask, none } = interview.last;
  return { id: LAST, ask, why: ask, known: 1, options: [...options, { id: 'none', label: none, means: {} }] };
}

/** A question of the interview by its id, as it stood when `answers` had been given before it. */
export function questionOf(
  interview: Interview,
  answers: InterviewState['answers'],
  id: string,
): InterviewQuestion | undefined {
  if (id !== LAST) return interview.questions.find((q) => q.id === id);
  const at = answers.findIndex(([q]) => q === LAST);
  return lastQuestion(interview, at < 0 ? answers : answers.slice(0, at));
}

function beliefAfter(interview: Interview, answers: InterviewState['answers']): Map<string, number> {
  const weights = new Map(Object.entries(interview.prior));
  for (const [questionId, optionId] of answers) {
    const question = questionOf(interview, answers, questionId);
    const option = question?.options.find((o) => o.id === optionId);
    if (!question || !option) continue;
    // An option's weight counts against the other options of its question, so that a question with many options says no more.
    for (const [topic, weight] of weights) {
      const all = question.options.reduce((s, o) => s + Math.exp(o.means[topic] ?? 0), 0);
      weights.set(topic, weight + Math.log((Math.exp(option.means[topic] ?? 0) / all) * question.options.length));
    }
  }
  return normalised(weights);
}

const entropyOf = (belief: ReadonlyMap<string, number>): number =>
  [...belief.values()].reduce((s, p) => (p > 0 ? s - p * Math.log2(p) : s), 0);

/** How many bits a question is expected to tell about the cause, given the answers so far. */
function expectedGain(interview: Interview, answers: InterviewState['answers'], question: InterviewQuestion): number {
  const belief = beliefAfter(interview, answers);
  let after = 0;
  for (const option of question.options) {
    let chance = 0;
    for (const [topic, share] of belief) {
      const all = question.options.reduce((s, o) => s + Math.exp(o.means[topic] ?? 0), 0);
      chance += (share * Math.exp(option.means[topic] ?? 0)) / all;
    }
    after += chance * entropyOf(beliefAfter(interview, [...answers, [question.id, option.id]]));
  }
  return entropyOf(belief) - after;
}

/** The question that tells most now; `undefined` means: enough is known, or six were asked. */
export function nextInterview(interview: Interview, state: InterviewState): InterviewQuestion | undefined {
  if (state.answers.length >= MOST_QUESTIONS) return undefined;
  if (state.answers.length === MOST_QUESTIONS - 1) {
    const last = lastQuestion(interview, state.answers);
    if (last) return last;
  }
  const asked = new Set(state.answers.map(([q]) => q));
  let best: { question: InterviewQuestion; gain: number } | undefined;
  for (const question of interview.questions) {
    if (asked.has(question.id)) continue;
    const gain = question.known * expectedGain(interview, state.answers, question);
    if (!best || gain > best.gain + 1e-9) best = { question, gain };
  }
  return best?.question;
}

/** The causes by share, the likeliest first. */
export function likelyCauses(interview: Interview, state: InterviewState): readonly LikelyCause[] {
  return [...beliefAfter(interview, state.answers)]
    .sort((a, b) => b[1] - a[1])
    .map(([topic, share]) => ({
      topic,
      share,
      reasons: state.answers
        .flatMap(([questionId, optionId]) => {
          const option = questionOf(interview, state.answers, questionId)?.options.find((o) => o.id === optionId);
          const weight = option?.means[topic] ?? 0;
          return option?.reason && weight > 0 ? [{ reason: option.reason, weight }] : [];
        })
        .sort((a, b) => b.weight - a.weight)
        .map((r) => r.reason),
    }));
}
