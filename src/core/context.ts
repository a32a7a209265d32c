import { z } from 'zod';
import { type ConceptFinder, createConceptFinder, type Place } from './concepts.ts';
import { timeFacts } from './numbers.ts';
import type { Token } from './tokens.ts';

const Phrases = z.array(z.string().min(1)).min(1);

/** `hearing/cues.yaml`: words that turn what a message means, after ConText (Harkema 2009). */
export const Cues = z.strictObject({
  negation: z.strictObject({
    before: Phrases,
    after: Phrases,
    links: Phrases,
    pseudo: Phrases,
    ends: Phrases,
    words: z.number().int().min(1).max(20),
  }),
  past: z.strictObject({ cues: Phrases, still: Phrases }),
  supposed: z.strictObject({ cues: Phrases, hearsay: Phrases, real: Phrases, whole: Phrases, subject: Phrases }),
  notnow: z.strictObject({ cues: Phrases, things: Phrases, fiction: Phrases }),
  figure: z.strictObject({ cues: Phrases }),
  other: z.strictObject({ cues: Phrases }),
  times: z.strictObject({
    today: Phrases,
    new: Phrases,
    began: Phrases,
    sudden: Phrases,
    worsening: Phrases,
    steady: Phrases,
  }),
  clearance: Phrases,
  cleared: Phrases,
  'false-alarm': Phrases,
  'taken-back': Phrases,
  'denies-all': Phrases,
  facts: z.record(z.string(), Phrases),
});
export type Cues = z.infer<typeof Cues>;

/** Whether words count, and if not, why. */
export type Status = 'present' | 'negated' | 'past' | 'supposed' | 'not-now' | 'figure';

/** The circumstances of one message, read once. */
export interface Context {
  /** The status of words at these places. */
  statusOf(places: readonly Place[]): Status;
  /** Times that are true of words at these places. */
  timesOf(places: readonly Place[]): readonly Time[];
  /** Whether the words are about somebody else who is there now. */
  isOther(places: readonly Place[]): boolean;
  /** Modifiers of the reference that stand in the message and are not denied. */
  readonly facts: readonly string[];
  has(cue: 'clearance' | 'cleared' | 'false-alarm' | 'taken-back' | 'denies-all'): boolean;
}

/** What may be said of the time of a sign; `began` tells that it began and not when. */
export const TIMES = ['today', 'new', 'began', 'sudden', 'worsening', 'steady'] as const;
type Time = (typeof TIMES)[number];

/** Who is named nearest to the words of a sign. */
type Nearest = 'writer' | 'other' | 'thing';
/** Words of a sign that deny by themselves. */
const OWN_NOT = new Set('cant cannot couldnt wont dont doesnt didnt isnt unable lost loss losing'.split(' '));
/** An answer to a question of one's own, of a few words at most. */
const NO = new Set('no nope nah none never not negative neither'.split(' '));
const ANSWER_WORDS = 3;
/** Words behind 'fine' that begin nothing new. */
const GOES_ON = new Set('at in for to on here so far now then thanks today there i'.split(' '));
const ME = new Set(['i', 'im', 'ive', 'id', 'my', 'me', 'myself', 'mine', 'we', 'our']);
const OTHERS = new Set('he hes she shes his her him himself herself they theyre their them man woman guy'.split(' '));

/** Prepares the reader of circumstances from its cues. */
export function createContextReader(cues: Cues): (tokens: readonly Token[]) => Context {
  const finder: ConceptFinder = createConceptFinder(
    {
      NOT: cues.negation.before,
      FINE: cues.negation.after,
      LINK: cues.negation.links,
      PSEUDO: cues.negation.pseudo,
      END: cues.negation.ends,
      PAST: cues.past.cues,
      STILL: cues.past.still,
      SUPPOSE: cues.supposed.cues,
      HEARSAY: cues.supposed.hearsay,
      REAL: cues.supposed.real,
      WHOLE: cues.supposed.whole,
      SUBJECT: cues.supposed.subject,
      NOTNOW: cues.notnow.cues,
      THING: cues.notnow.things,
      FICTION: cues.notnow.fiction,
      FIGURE: cues.figure.cues,
      OTHER: cues.other.cues,
      ...Object.fromEntries(TIMES.map((t) => [`TIME ${t}`, cues.times[t]])),
      clearance: cues.clearance,
      cleared: cues.cleared,
      'false-alarm': cues['false-alarm'],
      'taken-back': cues['taken-back'],
      'denies-all': cues['denies-all'],
      ...Object.fromEntries(Object.entries(cues.facts).map(([k, v]) => [`FACT ${k}`, v])),
    },
    () => true,
  );
  const most = cues.negation.words;

  return (tokens) => {
    const found = finder.find(tokens);
    const at = (name: string): readonly Place[] => found.get(name) ?? [];
    const covered = new Set(at('PSEUDO').flatMap((p) => range(p)));
    const nots = at('NOT').filter((p) => !range(p).every((i) => covered.has(i)));
    const ends = new Set(at('END').map((p) => p.from));
    const links = new Set(at('LINK').flatMap((p) => range(p)));
    const time = timeFacts(tokens);
    const sentenceOf = (p: Place) => tokens[p.from]?.sentence ?? -1;
    const sentencesWith = (name: string): ReadonlySet<number> => new Set(at(name).map(sentenceOf));
    const [still, suppose, hearsay, real, notnow, thing, fiction, figure] = [
      sentencesWith('STILL'),
      sentencesWith('SUPPOSE'),
      sentencesWith('HEARSAY'),
      sentencesWith('REAL'),
      sentencesWith('NOTNOW'),
      sentencesWith('THING'),
      sentencesWith('FICTION'),
      sentencesWith('FIGURE'),
    ];
    const asked = new Set(tokens.filter((t) => t.asked).map((t) => t.sentence));
    const isWhole = at('WHOLE').length > 0;
    const isSubject = at('SUBJECT').length > 0;
    const things = new Set([...at('NOTNOW'), ...at('THING'), ...at('SUBJECT')].flatMap(range));

    /** Whom a word is about; `my` of 'my dog' tells of the dog. */
    const ofWord = (i: number): Nearest | undefined => {
      if (things.has(i) || (things.has(i + 1) && tokens[i]?.text === 'my')) return 'thing';
      const word = tokens[i]?.text ?? '';
      return ME.has(word) ? 'writer' : OTHERS.has(word) ? 'other' : undefined;
    };
    /** Who is named nearest to words of a sign: in or before them, or else behind them. */
    const nearestTo = (places: readonly Place[]): Nearest => {
      const last = Math.max(...places.map((p) => p.to));
      const sentence = tokens[last]?.sentence;
      for (let i = last; tokens[i]?.sentence === sentence; i--) {
        const who = ofWord(i);
        if (who) return who;
      }
      for (let i = last + 1; tokens[i]?.sentence === sentence; i++) {
        const who = ofWord(i);
        if (who) return who;
      }
      return 'thing';
    };
    const others = at('OTHER');

    /** Whether a denial before a place reaches it, over a list of denied things too. */
    const isDeniedBefore = (place: Place, own: ReadonlySet<number>, clause?: number): boolean =>
      nots.some((not) => {
        if (clause !== undefined && (tokens[not.from]?.clause ?? 0) < clause) return false;
        if (own.has(not.from) || not.to >= place.from || tokens[not.from]?.segment !== tokens[place.from]?.segment)
          return false;
        for (let i = not.to + 2; i < place.from; i++) if (ends.has(i) && !own.has(i)) return false;
        const between = tokens.slice(not.to, place.from);
        const isList =
          tokens[place.from]?.clause !== tokens[not.from]?.clause ||
          between.some((t) => t.text === 'or' || t.text === 'nor');
        return place.from - not.to - 1 <= (isList ? most * 3 : most);
      });

    /** Whether 'fine', 'normal' or the like stands behind a place, over linking words only. */
    const isFineAfter = (places: readonly Place[], own: ReadonlySet<number>): boolean => {
      const last = Math.max(...places.map((p) => p.to));
      return at('FINE').some((fine) => {
        if (
          own.has(fine.from) ||
          fine.from <= last ||
          fine.from - last > 6 ||
          tokens[fine.from]?.segment !== tokens[last]?.segment
        )
          return false;
        for (let i = last + 1; i < fine.from; i++) if (!links.has(i)) return false;
        return !beginsAnew(fine, last);
      });
    };

    /** Whether a word such as 'no' or 'good' speaks of what follows it: 'numb, no fever', 'numb, good run though', 'numb, fine otherwise'. */
    const beginsAnew = (fine: Place, last: number): boolean => {
      const next = tokens[fine.to + 1];
      if (next?.text === 'otherwise' && next.sentence === tokens[fine.to]?.sentence) return true;
      if (!next || next.clause !== tokens[fine.to]?.clause) return false;
      if (tokens[fine.from]?.text === 'no') return true;
      return next.clause !== tokens[last]?.clause && !links.has(fine.to + 1) && !GOES_ON.has(next.text);
    };

    /** Whether words are asked and the next sentence says no: 'Numb down below? No.' */
    const isAnsweredNo = (places: readonly Place[]): boolean => {
      const last = Math.max(...places.map((p) => p.to));
      const sentence = tokens[last]?.sentence ?? 0;
      if (!tokens[last]?.asked || places.some((p) => sentenceOf(p) !== sentence)) return false;
      const from = tokens.findIndex((t) => t.sentence > sentence);
      const answer = from < 0 ? [] : tokens.slice(from).filter((t) => t.sentence === tokens[from]?.sentence);
      return answer.length > 0 && answer.length <= ANSWER_WORDS && NO.has(answer[0]?.text ?? '');
    };

    const isNegated = (places: readonly Place[]): boolean => {
      const own = new Set(places.flatMap(range));
      const first = places.reduce((a, b) => (b.from < a.from ? b : a));
      // 'No fever, can't pee': words that deny by themselves are no part of the list before them.
      const opens = tokens[first.from];
      const isList = tokens.some((t) => t.segment === opens?.segment && (t.text === 'or' || t.text === 'nor'));
      const begins = OWN_NOT.has(opens?.text ?? '') || (opens?.text === 'numb' && !isList) ? opens?.clause : undefined;
      return places.some((p) => isDeniedBefore(p, own, begins)) || isFineAfter(places, own) || isAnsweredNo(places);
    };

    /** Whether what is past reaches words of its sentence: not those behind a turn, as in 'a bad disc years ago and now both legs are numb'. */
    const reaches = (past: Place, places: readonly Place[]): boolean => {
      const first = places.reduce((a, b) => (b.from < a.from ? b : a));
      if (!places.some((p) => sentenceOf(p) === sentenceOf(past))) return false;
      if (past.to >= first.from) return true;
      return (
        tokens[past.to]?.segment === tokens[first.from]?.segment &&
        !tokens.slice(past.to + 1, first.from).some((t) => t.text === 'now')
      );
    };

    const statusOf = (places: readonly Place[]): Status => {
      if (isNegated(places)) return 'negated';
      const sentences = new Set(places.map(sentenceOf));
      const inAll = (set: ReadonlySet<number>) => [...sentences].some((s) => set.has(s));
      const own = places.flatMap(range);
      const beside = (name: string) =>
        at(name).some((p) => sentences.has(sentenceOf(p)) && !range(p).some((i) => own.includes(i)));
      if (inAll(fiction)) return 'not-now';
      if (inAll(notnow) && beside('NOTNOW') && nearestTo(places) !== 'writer') return 'not-now';
      if (inAll(thing) && nearestTo(places) === 'thing') return 'not-now';
      if (!inAll(still) && [...at('PAST'), ...time.pastYear].some((p) => reaches(p, places))) return 'past';
      if (isWhole || (isSubject && nearestTo(places) !== 'writer')) return 'supposed';
      if (inAll(hearsay) && nearestTo(places) !== 'writer') return 'supposed';
      if (inAll(suppose) && beside('SUPPOSE') && (!inAll(real) || (inAll(asked) && !beside('REAL')))) return 'supposed';
      if (inAll(figure)) return 'figure';
      return 'present';
    };

    return {
      statusOf,
      timesOf(places) {
        const sentences = new Set(places.map(sentenceOf));
        const numbers: Partial<Record<Time, readonly Place[]>> = { new: time.newDays, steady: time.oldWeeks };
        const placesOf = (t: Time) =>
          [...at(`TIME ${t}`), ...(numbers[t] ?? [])].filter((p) => sentences.has(sentenceOf(p)));
        const near = TIMES.filter((t) => placesOf(t).length > 0);
        if (!near.includes('steady')) return near;
        const wordsTo = (t: Time) => Math.min(...placesOf(t).flatMap((p) => places.map((own) => gap(p, own))));
        // 'never worse since 2019' is steady; 'for months, worse since Monday' is not; of 'bad for years, numb since Monday' the nearer counts.
        if (near.some((t) => t === 'worsening' || t === 'today' || t === 'sudden'))
          return near.filter((t) => t !== 'steady');
        if (!near.includes('new')) return near;
        const isNew = wordsTo('new') <= wordsTo('steady');
        return near.filter((t) => t !== (isNew ? 'steady' : 'new'));
      },
      isOther: (places) => {
        const sentences = new Set(places.map(sentenceOf));
        return (
          others.some((p) => sentences.has(sentenceOf(p)) || sentences.has(sentenceOf(p) + 1)) &&
          !tokens.some(
            (t, i) =>
              sentences.has(t.sentence) &&
              (t.text === 'im' || t.text === 'ive' || (t.text === 'i' && i + 1 < tokens.length)),
          )
        );
      },
      facts: Object.keys(cues.facts).filter((k) => at(`FACT ${k}`).some((p) => statusOf([p]) === 'present')),
      has: (cue) => at(cue).length > 0,
    };
  };
}

/** Words from one place to another; 0 where they touch or overlap. */
const gap = (a: Place, b: Place): number => Math.max(0, a.from - b.to, b.from - a.to);

const range = (p: Place): number[] => Array.from({ length: p.to - p.from + 1 }, (_, i) => p.from + i);
