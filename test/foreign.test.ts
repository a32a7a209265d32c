import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createForeignReply, createLanguageReader, Languages } from '../src/core/foreign.ts';

const data = Languages.parse(parse(readFileSync(new URL('../corpus/languages.yaml', import.meta.url), 'utf8')));
const languageOf = createLanguageReader(data);
const reply = createForeignReply(data, '112');

describe('the reader of languages', () => {
  it.each([
    ['me duele la parte baja de la espalda cuando corro, qué puedo hacer?', 'es'],
    ["j'ai mal au dos quand je cours, pourquoi ?", 'fr'],
    ['mein unterer Rücken tut beim Joggen weh, was kann ich tun', 'de'],
    ['sinto dor nas costas quando corro, o que devo fazer', 'pt'],
    ['mi fa male la schiena dopo la corsa, cosa posso fare', 'it'],
    ['ik heb pijn onder in mijn rug na het hardlopen', 'nl'],
    ['у меня болит спина после бега', 'other'],
    ['跑步后腰疼怎么办', 'other'],
  ])('hears %s', (text, language) => {
    expect(languageOf(text)).toBe(language);
  });
  it.each([
    'why does my lower back hurt when i run',
    'my coach from Spain says que sera about my back, what should I do',
    'I do the couch stretch and it is mal placed, no help',
    'en route to physio, back is sore',
    'hurts',
    '',
    '12345 !!! 🙂',
  ])('takes %j for English or for too little', (text) => {
    expect(languageOf(text)).toBeUndefined();
  });
});

describe('the reply in another language', () => {
  it('says in that language that only English is understood', () => {
    expect(reply('ik heb pijn in mijn rug', 'nl')).toEqual({ text: data.nl.sentence, danger: false });
  });
  it('puts the emergency line first when danger words stand in the message', () => {
    const { text, danger } = reply('me duele la espalda y no puedo orinar', 'es');
    expect(danger).toBe(true);
    expect(text.startsWith(data.es.emergency.replace('{emergency}', '112'))).toBe(true);
  });
  it('answers other languages in English with the emergency line', () => {
    expect(reply('болит', 'other').text).toContain('112');
  });
});
