import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { createTieReader, FollowUpWords } from '../../src/core/follow-up.ts';

const tieOf = createTieReader(FollowUpWords.parse(parse(readFileSync('corpus/follow-up.yaml', 'utf8'))));

test.each([
  ['why?', 'why'],
  ['ok but how often?', 'number'],
  ['so what do i do about it', 'helps'],
  ['tell me more', 'more'],
  ['what else could it be?', 'else'],
  ["and if that doesn't help?", 'not-better'],
  ['who can fix it', 'who'],
] as const)('"%s" means nothing alone and asks for %s', (text, aspect) => {
  const tie = tieOf(text);
  expect(tie.aspect).toBe(aspect);
  expect(tie.tied).toBeGreaterThanOrEqual(0.4);
});

test.each([
  'my desk job is killing my back on long runs',
  'could my worn trainers be the reason my spine aches after a half marathon',
])('a full question stands on its own: "%s"', (text) => {
  expect(tieOf(text).tied).toBeLessThan(0.3);
});

test('a correction keeps what is meant and drops what is not', () => {
  expect(tieOf('no, I meant the treadmill, not the trail').correction?.rest).toBe('the treadmill');
  expect(tieOf('sorry, autocorrect. treadmill, not trail').correction?.rest).toBe('treadmill');
});

test('a plain question is no correction', () => {
  expect(tieOf('is it not the shoes?').correction).toBeUndefined();
});
