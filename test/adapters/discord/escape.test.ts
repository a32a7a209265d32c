import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeDiscord } from '../../../src/adapters/discord/escape.ts';
import { activeIn } from '../../fakes/discord/markdown.ts';

test.each([
  ['@everyone look', 'a ping of everyone'],
  ['<@123> hi', 'a mention, emoji, time or command'],
  ['<#1> <:x:2> <t:1> </cmd:3>', 'a mention, emoji, time or command'],
  ['[cure](https://bad.example)', 'a masked link'],
  ['see https://bad.example', 'a bare link'],
  ['discord.gg/abc', 'an invite'],
  ['# Big', 'a heading'],
  ['one\n  -# small', 'small text'],
  ['> said', 'a quote'],
  ['>>> said', 'a quote'],
  ['- item', 'a list'],
  ['1. item', 'a list'],
  ['```x```', 'code'],
  ['**bold** __under__', 'bold, italic or underline'],
  ['~~gone~~', 'struck through'],
  ['||hidden||', 'a spoiler'],
  ['abc\u202edef', 'a turned direction'],
])('%j is active as it comes and plain when escaped', (text, what) => {
  expect(activeIn(text)).toContain(what);
  expect(activeIn(escapeDiscord(text))).toEqual([]);
});

test('words, numbers and brackets stay as they are', () => {
  const text = 'Call 112 / 911 (your local number). Run 3-4 times: 10% more, not "50%". It\'s #1.';
  expect(escapeDiscord(text)).toBe(text);
});

test('a backslash cannot free what stands behind it', () => {
  expect(escapeDiscord('\\*x\\*')).toBe('\\\\\\*x\\\\\\*');
});

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '@everyone',
        '@here',
        '<@1>',
        '<@&2>',
        '<#3>',
        '<:a:4>',
        '[',
        '](',
        ')',
        'https://',
        'discord.gg/',
        '\n',
        '\r',
        '\u2028',
        '# ',
        '-# ',
        '> ',
        '- ',
        '1. ',
        '`',
        '```',
        '*',
        '_',
        '~~',
        '||',
        '\\',
        ' ',
        '\t',
        '\u202e',
      ),
      fc.string({ maxLength: 4, unit: 'binary' }),
    ),
    { maxLength: 20 },
  )
  .map((pieces) => pieces.join(''));

test('no text at all is active when escaped', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(activeIn(escapeDiscord(text))).toEqual([]);
    }),
    { numRuns: 3000 },
  );
});
