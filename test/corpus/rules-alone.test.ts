import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { noticedBy, ofCues, ofLevels, passing } from '../../eval/mutants.ts';
import { meets, proofs, rules, triageOf, verdictOn } from '../../eval/proofs.ts';

const FLOORS = 'test/corpus/rules-alone.yaml';
const HEAD =
  '# How many sentences of the corpus the rules alone meet, without the second hearing. Not below: UPDATE_FLOORS=1 npx vitest run test/corpus\n';

const triage = triageOf(rules);

test.each(['heard', 'unheard'] as const)('rules alone meet every sentence under `%s:`', (kind) => {
  const missed = proofs
    .filter((p) => p.kind === kind && !meets(triage, p))
    .map((p) => `${p.of}: ${p.messages.join(' // ')} ${JSON.stringify(verdictOn(triage, p.messages).levels)}`);
  expect(missed).toEqual([]);
});

test('rules alone meet no fewer of the other sentences than they did', () => {
  const met: Record<string, Record<string, number>> = { fires: {}, quiet: {}, phrases: {}, harmless: {} };
  const isMet = new Set(passing);
  for (const p of proofs) {
    const counts = met[p.kind];
    if (counts) counts[p.of] = (counts[p.of] ?? 0) + (isMet.has(p) ? 1 : 0);
  }
  if (process.env.UPDATE_FLOORS) writeFileSync(FLOORS, HEAD + stringify(met));
  const floors = parse(readFileSync(FLOORS, 'utf8')) as typeof met;
  const fallen = Object.entries(floors).flatMap(([kind, flags]) =>
    Object.entries(flags)
      .filter(([of, floor]) => (met[kind]?.[of] ?? 0) < floor)
      .map(([of, floor]) => `${kind} of ${of}: ${met[kind]?.[of] ?? 0}, were ${floor}`),
  );
  expect(fallen).toEqual([]);
});

test.each([
  ['every circumstance and every part of a combination decides the level of some sentence', ofLevels],
  ['every list of cues turns some sentence', ofCues],
])('%s', (_, mutants) => {
  const unnoticed = mutants().filter((m) => !noticedBy(m).length);
  expect(unnoticed.map((m) => m.name)).toEqual([]);
});
