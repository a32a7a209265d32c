import { converse, type PublicReply, publicReply } from '../src/adapters/terminal/batch.ts';
import type { Brain } from '../src/core/brain.ts';
import type { Evidence, Reply } from '../src/core/reply.ts';
import { isAtLeast } from '../src/core/urgency.ts';
import { type Case, type Part, SETS, type SetName, type Sets } from './cases.ts';
import { interviewed } from './interviews.ts';

/** What came of one case. */
export interface Outcome {
  readonly set: SetName;
  readonly id: string;
  /** `c` = frozen: its figures are told, never its words. */
  readonly part: Part;
  /** The stratum: style, near or far, kind, level, trap. */
  readonly stratum: string;
  readonly ok: boolean;
  /** What was wanted and what was seen, in ids. */
  readonly wanted: string;
  readonly seen: string;
  /** What the person said, by turn, and what the bot replied. */
  readonly said: readonly string[];
  readonly replies: readonly PublicReply[];
  readonly evidence: readonly (readonly Evidence[])[];
  /** Topics that are right (ask, interviews). */
  readonly gold: readonly string[];
  /** The danger sign that leads (redflags). */
  readonly sign?: string;
  /** Turns that were judged and right, of dialogues. */
  readonly turns?: { readonly ok: number; readonly n: number };
}

type Judged = Pick<Outcome, 'stratum' | 'ok' | 'wanted' | 'seen'> & Partial<Pick<Outcome, 'gold' | 'sign' | 'turns'>>;

const firstTopic = (reply: PublicReply | undefined): string | undefined => reply?.sources[0]?.topic;
const isLoud = (reply: PublicReply | undefined): boolean => isAtLeast(reply?.urgency ?? 'none', 'urgent');
const inShort = (reply: PublicReply | undefined): string =>
  reply
    ? [reply.kind, firstTopic(reply), reply.urgency === 'none' ? undefined : reply.urgency].filter(Boolean).join(' ')
    : 'nothing';

/** How each set is judged, as `shared/cases/SPEC.md` says. */
const JUDGES: { readonly [S in SetName]: (c: Case<S>, replies: readonly PublicReply[]) => Judged } = {
  ask: (c, replies) => {
    const last = replies.at(-1);
    return {
      stratum: c.style,
      ok: c.gold.includes(firstTopic(last) ?? ''),
      wanted: c.gold.join(' or '),
      seen: inShort(last),
      gold: c.gold,
    };
  },
  oos: (c, replies) => {
    const last = replies.at(-1);
    return {
      stratum: c.near === undefined ? 'unstated' : c.near ? 'near' : 'far',
      ok: last?.kind !== 'answer' && firstTopic(last) === undefined,
      wanted: 'no answer, no source',
      seen: inShort(last),
    };
  },
  smalltalk: (c, replies) => {
    const last = replies.at(-1);
    return {
      stratum: c.kind,
      ok: (last?.kind === 'smalltalk' || last?.kind === 'help') && !isLoud(last),
      wanted: c.kind,
      seen: inShort(last),
    };
  },
  redflags: (c, replies) => {
    const urgency = replies.at(-1)?.urgency ?? 'none';
    return {
      stratum: c.level,
      ok: c.level === 'crisis' ? urgency === 'crisis' : isAtLeast(urgency, c.level),
      wanted: c.level,
      seen: inShort(replies.at(-1)),
      sign: c.sign,
    };
  },
  benign: (c, replies) => ({
    stratum: c.trap,
    ok: !replies.some(isLoud),
    wanted: 'below urgent',
    seen: replies.map(inShort).join(' / '),
  }),
  dialogues: (c, replies) => {
    const faults = c.turns.map((turn, i) => {
      const reply = replies[i];
      const urgency = reply?.urgency ?? 'none';
      return [
        ...(turn.gold && !turn.gold.includes(firstTopic(reply) ?? '') ? [`topic ${turn.gold.join(' or ')}`] : []),
        ...(turn.level && !isAtLeast(urgency, turn.level) ? [`at least ${turn.level}`] : []),
        ...(turn.not_level && isAtLeast(urgency, turn.not_level) ? [`below ${turn.not_level}`] : []),
        ...(turn.kind && reply?.kind !== turn.kind ? [`kind ${turn.kind}`] : []),
      ];
    });
    const wrong = faults.flatMap((list, i) => (list.length ? [{ i, list }] : []));
    return {
      stratum: 'whole',
      ok: wrong.length === 0,
      wanted: wrong.map(({ i, list }) => `turn ${i + 1}: ${list.join(', ')}`).join('; '),
      seen: wrong.map(({ i }) => `turn ${i + 1}: ${inShort(replies[i])}`).join('; '),
      turns: { ok: c.turns.length - wrong.length, n: c.turns.length },
    };
  },
  interviews: (c, replies) => {
    const named = replies.at(-1)?.sources.map((s) => s.topic) ?? [];
    return {
      stratum: c.gold.includes(named[0] ?? '')
        ? 'first'
        : named.slice(0, 2).some((t) => c.gold.includes(t))
          ? 'second'
          : 'missed',
      ok: named.slice(0, 2).some((t) => c.gold.includes(t)),
      wanted: `${c.gold.join(' or ')} among the first two`,
      seen: named.join(', ') || inShort(replies.at(-1)),
      gold: c.gold,
    };
  },
};

const saidIn = (c: Case<SetName>): readonly string[] =>
  'text' in c ? [c.text] : 'turns' in c ? c.turns.map((t) => (typeof t === 'string' ? t : t.user)) : [];

/** Runs all cases through the bot, each in a fresh conversation. `progress` is told how many are done. Pure but for that. */
export function measure(
  brain: Brain,
  sets: Sets,
  progress: (done: number, of: number) => void = () => {},
): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  const all = SETS.reduce((n, set) => n + (sets[set]?.length ?? 0), 0);
  const run = <S extends SetName>(set: S): void => {
    for (const c of sets[set] ?? []) {
      const { said, replies }: { said: readonly string[]; replies: readonly Reply[] } =
        'profile' in c || 'answers' in c
          ? interviewed(brain, c)
          : { said: saidIn(c), replies: converse(brain, c.id, saidIn(c)) };
      const shown = replies.map(publicReply);
      outcomes.push({
        set,
        id: c.id,
        part: c.part,
        gold: [],
        ...JUDGES[set](c as Case<S>, shown),
        said,
        replies: shown,
        evidence: replies.map((r) => r.evidence ?? []),
      });
      progress(outcomes.length, all);
    }
  };
  for (const set of SETS) run(set);
  return outcomes;
}
