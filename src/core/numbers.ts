import type { Place } from './concepts.ts';
import type { Token } from './tokens.ts';

const WORDS: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  couple: 2,
  few: 3,
  several: 4,
  dozen: 12,
};
const PILLS =
  /^(pill|tablet|paracetamol|tylenol|acetaminophen|panadol|ibuprofen|advil|nurofen|naproxen|aleve|codeine|tramadol|cocodamol|painkiller|capsule|aspirin|morphine|oxy|dose)/;

/** The value of a number in digits or in words; `undefined` means: no number. */
export const numberOf = (text: string | undefined): number | undefined => {
  if (!text) return undefined;
  if (Object.hasOwn(WORDS, text)) return WORDS[text];
  return /^\d+([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : undefined;
};

/**
 * Numbers that mean something, as facts with names: `NUMFEVER` (a body temperature of 38 C or 100.4 F and up, NHS), `NUMCHILD` (an age
 * under 16), `NUMOLD` (50 and up), `NUMELDER` (65 and up), `NUMWEEKS` (six weeks and longer), `NUMPILLS` (eight and more of a
 * medicine), `WEIGHTNUM` (a weight), `HOURSLONG` (six hours and longer), `NUMPREG` (weeks of pregnancy), `NUMHOT` (28 C and hotter).
 */
export function numberFacts(tokens: readonly Token[]): ReadonlyMap<string, readonly Place[]> {
  const found = new Map<string, Place[]>();
  const add = (name: string, from: number, to: number) => {
    const list = found.get(name);
    if (list) list.push({ from, to });
    else found.set(name, [{ from, to }]);
  };
  const near = (i: number, words: number, test: RegExp): boolean => {
    for (let k = Math.max(0, i - words); k <= Math.min(tokens.length - 1, i + words); k++)
      if (k !== i && test.test(tokens[k]?.text ?? '')) return true;
    return false;
  };
  /** 'Three year old shoes'. */
  const isOfThing = (i: number): boolean =>
    tokens[i]?.text === 'old' &&
    /^(shoes?|trainers|pair|runners|insoles?|treadmill|mattress|bed|chair|watch|car|dog|bike|injury|scan|mri)$/.test(
      tokens[i + 1]?.text ?? '',
    );
  tokens.forEach((token, i) => {
    const n = numberOf(token.text);
    if (n === undefined) return;
    const next = tokens[i + 1]?.text ?? '';
    const isFever = (n >= 38 && n <= 42.9) || (n >= 100.4 && n <= 108);
    if (
      isFever &&
      (/[.,]/.test(token.text) ||
        near(
          i,
          5,
          n > 100
            ? /^(temp|temperature|fever|thermometer|f|fahrenheit|degrees|reading)$/
            : /^(temp|temps|tmp|temperature|tempreture|temprature|fever|fevers|fevr|feverish|thermometer|c|celsius|degrees|reading|shiver\w*|chills|burning)$/,
        )) &&
      !/^(km|k|miles|min|mins|minutes|weeks|wks|bpm|years|yo|kg|mpw|lbs|m|reps)$/.test(next) &&
      !near(i, 4, /^(outside|heat|weather|race|sunny|humid|weeks)$/)
    )
      add('NUMFEVER', i, i);
    if (/^(years?|yrs?|yo|y)$/.test(next) && near(i, 3, /^(old|yo|aged|age|im|son|daughter)$/)) {
      if (n < 16 && !isOfThing(i + 2)) add('NUMCHILD', i, i + 1);
      if (n >= 50) add('NUMOLD', i, i + 1);
      if (n >= 65) add('NUMELDER', i, i + 1);
    } else if (/^(im|age|aged|am|turned|turning)$/.test(tokens[i - 1]?.text ?? '') || /^(yo|f|m)$/.test(next)) {
      if (n >= 5 && n < 16 && !/^(weeks|days|km|k|miles|months|min|mins)$/.test(next)) add('NUMCHILD', i, i);
      if (n >= 50 && n < 100 && !/^(weeks|days|km|k|miles|percent)$/.test(next)) add('NUMOLD', i, i);
      if (n >= 65 && n < 105 && !/^(weeks|days|km|k|miles|percent|kg)$/.test(next)) add('NUMELDER', i, i);
    }
    const ofRunning =
      tokens[i + 2]?.text === 'of' && /^(running|racing|jogging|training|marathons)$/.test(tokens[i + 3]?.text ?? '');
    if (
      ((/^(weeks?|wks?)$/.test(next) && n >= 6) || (/^months?$/.test(next) && n >= 2) || /^years?$/.test(next)) &&
      !ofRunning
    )
      add('NUMWEEKS', i, i + 1);
    if (
      /^(weeks?|wks?)$/.test(next) &&
      n >= 4 &&
      n <= 42 &&
      near(i, 6, /^(preg|pregnan|gone|along|midwife|baby|bump|gestation)/)
    )
      add('NUMPREG', i, i + 1);
    if (n >= 6 && n <= 300 && !/^(mg|km|k|miles|min|mins|minutes|hours|days|weeks)$/.test(next))
      for (let k = i + 1; k <= i + 3; k++)
        if (PILLS.test(tokens[k]?.text ?? '')) {
          add('NUMPILLS', i, i);
          break;
        }
    if (/^(kg|kgs|kilos?|lbs?|pounds?|stone)$/.test(next) && n >= 3) add('WEIGHTNUM', i, i + 1);
    if (/^(hours?|hrs?|h)$/.test(next) && n >= 6) add('HOURSLONG', i, i + 1);
    if (/^(litres?|liters?|l)$/.test(next) && n >= 3) add('DRANKLOTS', i, i + 1);
    if (
      ((n >= 28 && n <= 45 && /^(c|degrees|celsius)$/.test(next)) ||
        (n >= 85 && n <= 120 && /^(f|degrees|fahrenheit)$/.test(next))) &&
      !near(i, 4, /^(temp|fever|thermometer|core|body)/)
    )
      add('HEATX', i, i + 1);
  });
  return found;
}

/** Words between 'since' and the time it names. */
const SINCE_REACH = 8;

/** Whether a span of time in the message is long (over two weeks) or a year of the past is named: cues for `steady` and `past`. */
export function timeFacts(tokens: readonly Token[]): {
  readonly oldWeeks: readonly Place[];
  readonly newDays: readonly Place[];
  readonly pastYear: readonly Place[];
} {
  const oldWeeks: Place[] = [];
  const newDays: Place[] = [];
  const pastYear: Place[] = [];
  tokens.forEach((token, i) => {
    const n = numberOf(token.text);
    if (n === undefined) return;
    const next = tokens[i + 1]?.text ?? '';
    // 'Ever since an operation two years ago' lasts; 'two years ago' is over.
    const since = tokens
      .slice(Math.max(0, i - SINCE_REACH), i)
      .some((t) => t.text === 'since' && t.sentence === token.sentence);
    const ago = tokens[i + 2]?.text === 'ago' && !since;
    if (/^\d{4}$/.test(token.text) && n >= 1950 && n <= 2025)
      (/^since$/.test(tokens[i - 1]?.text ?? '') ? oldWeeks : pastYear).push({ from: i, to: i });
    else if ((/^(weeks?|wks?)$/.test(next) && n > 2) || /^(months?|years?|yrs?)$/.test(next))
      (ago ? pastYear : oldWeeks).push({ from: i, to: i + 1 });
    else if (/^(days?|hours?|hrs?|minutes?|mins?)$/.test(next) || (/^(weeks?|wks?)$/.test(next) && n <= 2))
      newDays.push({ from: i, to: i + 1 });
  });
  return { oldWeeks, newDays, pastYear };
}
