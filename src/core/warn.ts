import type { Region, SignWords, Wording } from './corpus.ts';
import { fill } from './corpus.ts';
import type { Part } from './reply.ts';
import type { HeldSign } from './session.ts';
import { isAtLeast, type Urgency } from './urgency.ts';

/** What a warning is made from. `signs` are those in force, the most pressing first, with the level each has. */
export interface Alarm {
  readonly urgency: Urgency;
  readonly signs: readonly HeldSign[];
}

/** Words and numbers for warnings. */
export interface WarningWords {
  readonly wording: Wording;
  readonly region: Region;
  readonly signs: ReadonlyMap<string, SignWords>;
}

const join = (...sentences: readonly (string | undefined)[]): string => sentences.filter(Boolean).join(' ');

/** 'a, b and c'. */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

const numbersOf = (region: Region) => ({
  emergency: region.emergency,
  advice: region.advice,
  crisis: region.crisis,
  poison: region.poison ?? region.emergency,
});

/**
 * The warning for an alarm of level routine or higher: the action first, then why, what to say there, what to do meanwhile
 * (clinical reference, section 6). `undefined` when there is nothing to warn of.
 */
export function warningOf(alarm: Alarm, words: WarningWords): Part | undefined {
  const lead = alarm.signs[0];
  if (!lead || alarm.urgency === 'none') return undefined;
  const sign = words.signs.get(lead.flag);
  const other = lead.who === 'other';
  const numbers = numbersOf(words.region);
  const say = (sentence: string, more: Record<string, string | undefined> = {}) =>
    fill(sentence, { ...numbers, title: sign?.title, ...more });
  const means = other ? (sign?.['means-other'] ?? sign?.means) : sign?.means;
  const tell = other ? (sign?.['tell-other'] ?? sign?.tell) : sign?.tell;
  const w = words.wording.warning;
  const own = (sign?.do as Partial<Record<Urgency, string>> | undefined)?.[alarm.urgency];
  const titles = [
    ...new Set(
      alarm.signs
        .slice(1)
        .filter((s) => isAtLeast(s.level, 'urgent'))
        .slice(0, 2)
        .flatMap((s) => words.signs.get(s.flag)?.title ?? []),
    ),
  ];
  // Beside a crisis, an emergency of the body is told as well: a helpline alone would not be enough.
  const inBody = listed([
    ...new Set(
      alarm.signs
        .filter((s) => s.level === 'emergency' && s.flag !== 'may-be-emergency')
        .slice(0, 2)
        .flatMap((s) => words.signs.get(s.flag)?.title ?? []),
    ),
  ]);
  const several = titles.length ? fill(w.several, { titles: listed(titles) }) : undefined;
  const why = means ? say(other ? w.emergency['why-other'] : w.emergency.why, { means }) : undefined;

  switch (alarm.urgency) {
    case 'crisis': {
      const c = w.crisis;
      return {
        kind: 'warning',
        urgency: 'crisis',
        text: join(
          own ? say(own) : other ? say(c.other) : say(c.act),
          say(other ? c['taken-other'] : c.taken),
          inBody ? say(other ? c['body-other'] : c.body, { titles: inBody }) : undefined,
          say(c.lines),
          other ? undefined : say(c.near),
          say(c.bot),
        ),
        general: say(c.general),
      };
    }
    case 'emergency': {
      const e = w.emergency;
      return {
        kind: 'warning',
        urgency: 'emergency',
        text: join(
          own ? say(own) : say(other ? e.other : e.act),
          why,
          several,
          tell ? say(other ? e['tell-other'] : e.tell, { tell }) : undefined,
          sign?.meanwhile ? say(sign.meanwhile) : say(other ? e['meanwhile-other'] : e.meanwhile),
          say(e.still),
          say(w.bot),
        ),
        general: say(e.general),
      };
    }
    case 'urgent': {
      const u = w.urgent;
      return {
        kind: 'warning',
        urgency: 'urgent',
        text: join(
          own ? say(own) : say(other ? u.other : u.act),
          why,
          several,
          words.region.advice ? say(u.advice) : undefined,
          tell ? say(other ? u['tell-other'] : u.tell, { tell }) : undefined,
          sign?.meanwhile ? say(sign.meanwhile) : say(other ? u['meanwhile-other'] : u.meanwhile),
          say(u.raise),
          say(w.bot),
        ),
        general: say(u.general),
      };
    }
    case 'routine': {
      const own = sign?.do?.routine;
      return {
        kind: 'warning',
        urgency: 'routine',
        text: join(own ? say(own) : say(other ? w.routine.other : w.routine.act), say(w.routine.raise)),
        general: say(w.routine.raise),
      };
    }
  }
}

/** The short form of a warning that was given before and stays in force. */
export function reminderOf(alarm: Alarm, words: WarningWords): Part | undefined {
  const lead = alarm.signs[0];
  if (!lead) return undefined;
  const w = words.wording.warning;
  const more = { ...numbersOf(words.region), title: words.signs.get(lead.flag)?.title ?? '' };
  const say = (sentence: string) => fill(sentence, more);
  switch (alarm.urgency) {
    case 'crisis':
      return { kind: 'warning', urgency: 'crisis', text: say(w.crisis.again), general: say(w.crisis.general) };
    case 'emergency':
      return {
        kind: 'warning',
        urgency: 'emergency',
        text: say(lead.who === 'other' ? w.emergency['again-other'] : w.emergency.again),
        general: say(w.emergency.general),
      };
    case 'urgent':
      return { kind: 'warning', urgency: 'urgent', text: say(w.urgent.again), general: say(w.urgent.general) };
    case 'routine':
    case 'none':
      return undefined;
  }
}
