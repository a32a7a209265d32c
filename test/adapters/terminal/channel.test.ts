import { expect, test } from 'vitest';
import { readLine } from '../../../src/adapters/terminal/channel.ts';
import { renderReply, wrapped } from '../../../src/adapters/terminal/render.ts';

const offered = [
  { id: 'why:core', label: 'Why?' },
  { id: 'topics', label: 'All topics' },
];

test('the number of something offered is that choice', () => {
  expect(readLine('2', offered)).toEqual({ text: '', choice: 'topics' });
});

test('a number that nothing has stays text', () => {
  expect(readLine('7', offered)).toEqual({ text: '7' });
});

test('a slash command is a choice, an unknown one stays text', () => {
  expect(readLine(' /check ', [])).toEqual({ text: '', choice: 'check' });
  expect(readLine('/dance', [])).toEqual({ text: '/dance' });
});

test('/quit leaves', () => {
  expect(readLine('/quit', [])).toBe('quit');
});

test('no line of wrapped text is wider than the screen', () => {
  const lines = wrapped(
    'Please get help now. Go to an emergency department or call your local number.',
    24,
    '  ',
  ).split('\n');
  expect(Math.max(...lines.map((l) => l.length))).toBeLessThanOrEqual(24);
});

test('a warning stands between bars under its heading, without colour codes when the screen has none', () => {
  const shown = renderReply(
    { parts: [{ kind: 'warning', urgency: 'emergency', text: 'Please get help now.', general: '' }] },
    { width: 40, colour: false, warning: 'PLEASE READ' },
  );
  expect(shown.split('\n').slice(1, 2)).toEqual(['  PLEASE READ']);
  expect(shown).not.toContain('\u001b');
});
