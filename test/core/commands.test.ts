import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { CommandWords, commandOf, plainAnswerOf, typedChoiceOf } from '../../src/core/commands.ts';

const data = CommandWords.parse(parse(readFileSync('corpus/commands.yaml', 'utf8')));
const choices = [
  { id: 'a', label: 'Tight hip flexors' },
  { id: 'b', label: 'Worn shoes' },
  { id: 'c', label: 'Something else' },
];

test.each([
  ['forget me', 'forget'],
  ['Please delete my data!', 'forget'],
  ['can you check me for danger signs?', 'check'],
  ['find my cause', 'cause'],
  ['What topics do you cover?', 'topics'],
  ['make a note for my doctor', 'note'],
  ['help', 'help'],
] as const)('the words "%s" are the wish %s', (text, wish) => {
  expect(commandOf(text, data)).toBe(wish);
});

test.each([
  'does stretching help?',
  'what is the cause of my back pain on hills',
  'I forget to stretch',
  'check out my new shoes',
])('a question that only holds the word is no wish: "%s"', (text) => {
  expect(commandOf(text, data)).toBeUndefined();
});

test.each([
  ['yes since tuesday', 'yes'],
  ['Nope, none of that', 'no'],
  ['no idea', 'unsure'],
  ['not sure', 'unsure'],
  ["I don't think so", 'no'],
  ['yeah a bit', 'yes'],
] as const)('"%s" is answered %s', (text, answer) => {
  expect(plainAnswerOf(text, data)).toBe(answer);
});

test('a sentence that begins with no answer word is no answer', () => {
  expect(plainAnswerOf('my left foot drags', data)).toBeUndefined();
});

test.each([
  ['2', 'b'],
  ['#1', 'a'],
  ['the second one', 'b'],
  ['worn shoes', 'b'],
  ['the last one', 'c'],
] as const)('typing "%s" picks %s', (text, id) => {
  expect(typedChoiceOf(text, choices, data)?.id).toBe(id);
});

test('a long sentence picks nothing', () => {
  expect(typedChoiceOf('the first time I ran in these my back hurt on the second hill', choices, data)).toBeUndefined();
});
