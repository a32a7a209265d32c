import fc from 'fast-check';
import { expect, test } from 'vitest';
import { remember } from '../../src/core/alarm.ts';
import { freshSession, type Session } from '../../src/core/session.ts';
import { createTriage } from '../../src/core/triage.ts';
import type { TriageData } from '../../src/core/triage-data.ts';
import { URGENCIES, type Urgency } from '../../src/core/urgency.ts';
import { LINES } from '../../src/think.ts';
import { corpusYaml, ownRules, ownTriage } from './own-triage.ts';

const triage = ownTriage();
const rules = ownRules();

/** The level of a conversation after its last turn. */
const levelAfter = (...turns: readonly string[]): { readonly urgency: Urgency; readonly signs: readonly string[] } => {
  let session: Session = freshSession;
  for (const text of turns) session = remember({ ...session, turn: session.turn + 1 }, triage.hear(text));
  return triage.judge(session.signs, session.facts);
};

test.each([
  ['my crotch went numb on Tuesday and it is still like that', 'emergency', 'saddle-numbness'],
  ['bad back, and the loo roll might as well be touching somebody else', 'emergency', undefined],
  ['I stand at the toilet and just nothing comes, back is awful', 'emergency', 'bladder-retention'],
  ['left foot slaps down on every step since yesterday', 'emergency', 'foot-drop'],
  ['after the race my wee looks like cola and my thighs are rock hard', 'emergency', 'rhabdomyolysis'],
  ['crushing pain in my chest on the hill, going down my left arm', 'emergency', 'chest-pain'],
  ['low back pain and it burns every time I wee', 'urgent', 'painful-urination'],
  ['I had breast cancer in 2018 and now my spine hurts at night', 'urgent', 'cancer-history'],
  ['honestly I want to kill myself, I cannot take this pain', 'crisis', 'suicidal-thoughts'],
] as const)('"%s" is at least %s', (text, urgency, flag) => {
  const verdict = levelAfter(text);
  expect(URGENCIES.indexOf(verdict.urgency)).toBeGreaterThanOrEqual(URGENCIES.indexOf(urgency));
  if (flag) expect(verdict.signs).toContain(flag);
});

test.each([
  'no numbness, tingling, weakness or fever, just a stiff lower back',
  'my legs were dead at mile 20 but fine the next day, which stretches help?',
  'I had sciatica in 2017, completely gone since. How do I build up mileage?',
  'what are the signs of cauda equina? asking for our club newsletter',
  'I watched a film where a man was stabbed and could not move his legs. Which shoes for hills?',
  'we laughed so hard I nearly peed myself at the finish',
] as const)('"%s" is below urgent', (text) => {
  expect(URGENCIES.indexOf(levelAfter(text).urgency)).toBeLessThan(URGENCIES.indexOf('urgent'));
});

test.each([
  'since wednesday',
  'both, I think',
  'the car',
  'sometimes',
  'a month or two',
  'drop them?',
  'no, the other',
])('an answer in the middle of a talk is no sign: "%s"', (text) => {
  expect(levelAfter(text).urgency).toBe('none');
});

test.each(['saddel numbnes since monday', 'I feel sucidal', 'my urin is cola coloured after crosfit'])(
  'key words are heard misspelt: "%s"',
  (text) => {
    expect(URGENCIES.indexOf(levelAfter(text).urgency)).toBeGreaterThanOrEqual(URGENCIES.indexOf('emergency'));
  },
);

test('a sign stays in force through small talk, a change of subject and playing it down', () => {
  expect(levelAfter('my groin is numb since last night', 'lol', 'which shoes?', "nah I'll run it off").urgency).toBe(
    'emergency',
  );
});

test('a stated clearance by a clinician ends it', () => {
  expect(
    levelAfter('my groin is numb', 'the hospital scanned me and ruled out anything serious, all clear').urgency,
  ).toBe('none');
});

test.each([
  'the doctor at the hospital examined me and did a scan, everything normal, only a pulled muscle',
  'GP checked all of it this morning, nothing serious, she says muscular. Can I do planks?',
])('"%s" ends it', (text) => {
  expect(levelAfter('my groin is numb', text).urgency).toBe('none');
});

test.each([
  'gp appointment on friday',
  'stop going on about the hospital',
  'the physio says I need an urgent scan',
  'my coach says it is nothing serious',
  'the doctor said all fine in march but since yesterday it is properly numb',
  'they looked at my knee in the clinic, not at this',
  'still waiting for the results of the scan',
])('"%s" does not', (text) => {
  expect(levelAfter('my groin is numb', text).urgency).toBe('emergency');
});

test('two facts told apart are a sign together', () => {
  expect(levelAfter('I had breast cancer five years ago', 'my leg keeps giving way').urgency).toBe('emergency');
});

test('words tell of somebody else, a false alarm and a denial of all that was asked', () => {
  expect(rules.hear('my groin is numb').findings.map((f) => f.who)).toEqual(['self']);
  expect(rules.hear('my wife has a numb groin').findings.map((f) => f.who)).toEqual(['other']);
  expect(rules.hear('my groin is numb')).toMatchObject({ falseAlarm: false, deniesAll: false });
  expect(rules.hear('ignore that, false alarm').falseAlarm).toBe(true);
  expect(rules.hear('none of these').deniesAll).toBe(true);
});

test('evidence points at the words', () => {
  const text = 'since Sunday my groin is numb';
  const [finding] = rules.hear(text).findings;
  expect(finding?.evidence.heardBy).toMatch(/^rule:saddle-numbness#/);
  expect(finding?.evidence.spans.map(([a, b]) => text.slice(a, b)).sort()).toEqual(['groin', 'numb']);
});

test('a few words answer the screening question that was asked', () => {
  const asked = { question: 'check-numb-pee-poo' };
  expect(triage.hear('only when I wipe', asked).findings.map((f) => f.flag)).toContain('saddle-numbness');
});

test('a planted sign is heard in ten thousand random messages', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 60 }), (before, after) => {
      const heard = rules.hear(`${before}\nI cannot pee and my groin is numb\n${after}`);
      return heard.findings.some((f) => f.level === 'emergency');
    }),
    { numRuns: 10_000, seed: 3 },
  );
});

test('any text is heard without a throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => triage.hear(text).findings.length >= 0),
  );
});

test('when the hearing fails, plain keywords stand in and the fault is told', () => {
  const data = JSON.parse(JSON.stringify(corpusYaml('red-flags.yaml'))) as Pick<TriageData, 'flags' | 'combinations'>;
  const faults: unknown[] = [];
  const broken = createTriage(
    {
      concepts: { NUMB: ['numb'], GROIN: ['groin'] },
      rules: { 'saddle-numbness': { hears: ['NUMB GROIN'] } },
      cues: corpusYaml('hearing/cues.yaml') as TriageData['cues'],
      answers: {},
      ...data,
    },
    () => true,
    {
      opinionOn: () => {
        throw new Error('broken');
      },
      opinionAt: () => ({ alarm: 0, crisis: 0 }),
      trustIn: () => 1,
      lines: LINES,
    },
    (fault) => faults.push(fault),
  );
  expect(broken.hear('my groin is numb').findings.map((f) => f.level)).toEqual(['emergency']);
  expect(faults).toHaveLength(1);
});

test('the work grows with the length: no phrase makes it explode', () => {
  const floods = ['no numb groin ', 'cant feel my leg and ', 'pee '.repeat(5), '((((', 'aaaaaaaaaa', 'not only not '];
  for (const flood of floods) expect(() => triage.hear(flood.repeat(2500))).not.toThrow();
});
