import { stem } from './features.ts';
import { type Example, hashesOf, joinSoftmax, loadSoftmax, type SoftmaxModel, trainSoftmax } from './softmax.ts';
import type { Token } from './tokens.ts';
import type { Urgency } from './urgency.ts';

/** A phrase to learn danger from: `label` is `none`, or level and group such as `emergency/cauda-equina`. */
export interface DangerPhrase {
  readonly text: string;
  readonly label: string;
  readonly weight: number;
}

const NEGATIONS = new Set([
  'no',
  'not',
  'never',
  'without',
  'dont',
  'doesnt',
  'didnt',
  'havent',
  'hasnt',
  'isnt',
  'arent',
  'wasnt',
  'nor',
  'neither',
  'zero',
  'none',
]);
const ENDS = new Set(['but', 'though', 'however', 'except', 'although', 'my', 'im', 'ive', 'since', 'because', 'so']);
const REACH = 6;

/** Numbers are told apart by size only: their digits say nothing. */
const wordOf = (text: string): string => {
  if (!/^\d/.test(text)) return text;
  const n = Number(text.replace(',', '.'));
  return n >= 37.8 && n <= 42 && text.includes('.') ? '#fever' : n < 10 ? '#few' : n < 100 ? '#some' : '#many';
};

/** A fact that rules found in a message: a word family or a pattern, with its status, and where. */
export interface Fact {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** A message as the second hearing reads it. */
export interface Reading {
  readonly tokens: readonly Token[];
  readonly facts: readonly Fact[];
}

/**
 * What the classifier sees of tokens `from` to `to`: words and pairs of words with and without a gap (`NOT_` before what a denial reaches),
 * stems and pairs of stems, so that forms of a word that no phrase holds still count, and facts that lie within.
 */
function featuresOf(reading: Reading, from: number, to: number): readonly string[] {
  const features: string[] = [];
  let left = 0;
  let before = '^';
  let earlier = '^';
  let stemBefore = '^';
  for (let i = from; i <= to; i++) {
    const token = reading.tokens[i];
    if (!token) break;
    const word = wordOf(token.text);
    if (ENDS.has(word)) left = 0;
    const root = stem(word);
    features.push(
      left > 0 ? `NOT_${word}` : word,
      `${before} ${word}`,
      `${earlier} _ ${word}`,
      `~${root}`,
      `~${stemBefore} ${root}`,
    );
    if (token.double) features.push(token.double);
    earlier = before;
    before = word;
    stemBefore = root;
    left = NEGATIONS.has(word) ? REACH : left - 1;
  }
  for (const fact of reading.facts) if (fact.from >= from && fact.to <= to) features.push(fact.name);
  return features;
}

/** Something said after a warning, and whether it tells that a clinician has found the sign harmless. */
export interface ClearancePhrase {
  readonly text: string;
  readonly isCleared: boolean;
}

/** A trained second hearing as JSON. */
export interface SecondHearingModel {
  /**
   * Two heads that look at the same features: `danger` (level and group, or `none`), and `clearance` (`cleared` or `nothing`: whether a
   * message tells that a clinician has found harmless what was feared).
   */
  readonly softmax: SoftmaxModel;
  /** By pattern (`flag#2`): the share of the phrases it counted in that are a danger sign, with one right and one wrong added. */
  readonly trust: Readonly<Record<string, number>>;
}

/** How both classifiers are trained; measured on phrases of authors held back whole (docs/evidence.md). */
const TRAINING = { l2: 3e-4, epochs: 12, seed: 7, atLeast: 2, moved: 1e-2, least: 0.1 };
const CLEARED = 'cleared';
/** Of the phrases of danger and of none, one in so many is told to the hearing of clearances, as what clears nothing, and what it counts. */
const OTHERS = 4;
const OTHER_WEIGHT = 0.1;

/** Trains the second hearing on readings of the phrases. Takes some seconds; done at build time. */
export function trainSecondHearing(
  phrases: readonly DangerPhrase[],
  clearances: readonly ClearancePhrase[],
  read: (text: string) => Reading,
): SecondHearingModel {
  const counts = new Map<string, { right: number; wrong: number }>();
  const examples: Example[] = phrases.map((p) => {
    const reading = read(p.text);
    for (const pattern of new Set(reading.facts.map((f) => f.name).filter((n) => /^present:.*#/.test(n)))) {
      const id = pattern.slice('present:'.length);
      const count = counts.get(id) ?? { right: 0, wrong: 0 };
      if (isAlarm(p.label)) count.right++;
      else count.wrong++;
      counts.set(id, count);
    }
    return { features: featuresOf(reading, 0, reading.tokens.length - 1), label: p.label, weight: p.weight };
  });
  return {
    softmax: joinSoftmax({
      danger: trainSoftmax(examples, TRAINING),
      clearance: trainSoftmax(
        [
          ...clearances.map(({ text, isCleared }): Example => {
            const reading = read(text);
            return {
              features: featuresOf(reading, 0, reading.tokens.length - 1),
              label: isCleared ? CLEARED : 'nothing',
              weight: 1,
            };
          }),
          ...examples
            .filter((_, i) => i % OTHERS === 0)
            .map(({ features }): Example => ({ features, label: 'nothing', weight: OTHER_WEIGHT })),
        ],
        TRAINING,
      ),
    }),
    trust: Object.fromEntries(
      [...counts].map(([id, { right, wrong }]) => [id, Math.round((1000 * (right + 1)) / (right + wrong + 2)) / 1000]),
    ),
  };
}

/** What the second hearing makes of a message: the chances of an alarm, an emergency, a crisis and a clearance, and the likeliest level and group. */
export interface Opinion {
  readonly alarm: number;
  /**
   * The chance of an alarm, less where it is spread over many groups of signs: a message that says nothing of any one of them is
   * no sign, though small chances of forty add up.
   */
  readonly strength: number;
  /** The chance that it is a sign to be seen about in the coming days or weeks. */
  readonly routine: number;
  readonly emergency: number;
  readonly crisis: number;
  /** The chance that it tells of a clinician who found harmless what was feared. */
  readonly cleared: number;
  readonly level: Urgency;
  readonly group: string;
}

/** Words of a message that the opinion on the whole rests on, at most. */
export const MOST_WORDS = 1500;
/** Words that make a part of a message worth an opinion of its own. */
const PART_WORDS = 5;
/** Parts looked at one by one, at most. */
const MOST_PARTS = 40;
/** What the worst part counts beside the whole. */
const PART_SHARE = 0.2;

const isAlarm = (label: string) => /^(urgent|emergency|crisis)/.test(label);

/** A second hearing ready for use. */
export interface LoadedSecondHearing {
  /** The opinion on a message: that on the whole, with a share of that on its worst part. */
  readonly opinionOn: (reading: Reading) => Opinion;
  /** The chances of an alarm and of a crisis by the part (one side of a 'but', one sentence) that token `at` stands in, alone. */
  readonly opinionAt: (reading: Reading, at: number) => Pick<Opinion, 'alarm' | 'crisis'>;
  /** How often a pattern is right where it counts, 0..1; one half for a pattern that the phrases never met. */
  readonly trustIn: (pattern: string) => number;
}

/** Loads a trained model; a few milliseconds. */
export function loadSecondHearing(model: SecondHearingModel): LoadedSecondHearing {
  const softmax = loadSoftmax(model.softmax);
  const danger = softmax.head('danger');
  const clearance = softmax.head('clearance');
  const labels = danger.labels;
  const sum = (p: ArrayLike<number>, test: (label: string) => boolean) =>
    labels.reduce((s, label, i) => (test(label) ? s + (p[i] ?? 0) : s), 0);
  const groupOf = (label: string): string => label.slice(label.indexOf('/') + 1);
  const alarmGroups = [...new Set(labels.filter(isAlarm).map(groupOf))].map((group) =>
    labels.flatMap((label, i) => (isAlarm(label) && groupOf(label) === group ? [i] : [])),
  );
  const clearedAt = clearance.labels.indexOf(CLEARED);
  const look = (reading: Reading, from: number, to: number) => {
    const hashes = hashesOf(featuresOf(reading, from, to));
    const sums = softmax.sum(hashes);
    return {
      danger: danger.probabilities(sums, hashes.length),
      cleared: clearance.probabilities(sums, hashes.length)[clearedAt] ?? 0,
    };
  };
  const opinionOn = (reading: Reading): Opinion => {
    const on = (from: number, to: number) => look(reading, from, to).danger;
    const { danger: whole, cleared } = look(reading, 0, Math.min(reading.tokens.length - 1, MOST_WORDS));
    let worst = whole;
    let worstAlarm = -1;
    const parts = partsOf(reading.tokens.slice(0, MOST_WORDS));
    if (parts.length > 1)
      for (const { from, to } of parts.filter((p) => p.to - p.from + 1 >= PART_WORDS).slice(0, MOST_PARTS)) {
        const p = on(from, to);
        const alarm = sum(p, isAlarm);
        if (alarm > worstAlarm) {
          worst = p;
          worstAlarm = alarm;
        }
      }
    const mixed = Array.from(whole, (v, i) => (1 - PART_SHARE) * v + PART_SHARE * (worst[i] ?? 0));
    let top = -1;
    labels.forEach((label, i) => {
      if (isAlarm(label) && (top < 0 || (mixed[i] ?? 0) > (mixed[top] ?? 0))) top = i;
    });
    const [level = 'none', group = ''] = (labels[top] ?? 'none').split('/');
    const alarm = sum(mixed, isAlarm);
    const groups = alarmGroups.map((places) => places.reduce((s, i) => s + (mixed[i] ?? 0), 0));
    return {
      alarm,
      strength: Math.cbrt(alarm * alarm * Math.max(0, ...groups)),
      routine: sum(mixed, (l) => l.startsWith('routine')),
      emergency: sum(mixed, (l) => l.startsWith('emergency')),
      crisis: sum(mixed, (l) => l.startsWith('crisis')),
      cleared,
      level: level as Urgency,
      group,
    };
  };
  const opinionAt = (reading: Reading, at: number): Pick<Opinion, 'alarm' | 'crisis'> => {
    const part = partsOf(reading.tokens.slice(0, MOST_WORDS)).find((p) => p.from <= at && at <= p.to);
    if (!part) return { alarm: 0, crisis: 0 };
    const p = look(reading, part.from, part.to).danger;
    return { alarm: sum(p, isAlarm), crisis: sum(p, (l) => l.startsWith('crisis')) };
  };
  return { opinionOn, opinionAt, trustIn: (pattern) => model.trust[pattern] ?? 0.5 };
}

/** Runs of tokens of one segment. */
function partsOf(tokens: readonly Token[]): readonly { readonly from: number; readonly to: number }[] {
  const parts: { from: number; to: number }[] = [];
  tokens.forEach((t, i) => {
    const last = parts.at(-1);
    if (last && tokens[last.from]?.segment === t.segment) last.to = i;
    else parts.push({ from: i, to: i });
  });
  return parts;
}
