import { expect, test } from 'vitest';
import { readRedFlags } from '../../src/adapters/red-flags-files.ts';
import { CorpusError, type CorpusFault } from '../../src/core/fault.ts';

const FLAG = `flags:
  - id: chest-pain
    group: heart
    title: chest pain
    level: emergency
    raises: [breathless]
    lowers: []
    confidence: strong
    source: [NHS]
combinations: []
`;
const list = (word: string, count: number) => Array.from({ length: count }, (_, i) => `    - ${word} ${i}`).join('\n');
const proof = (fires: number, quiet: number, id = 'chest-pain') =>
  `${id}:\n  fires:\n${list('fires', fires)}\n  quiet:\n${list('quiet', quiet)}\n`;

const read = (flags: string, examples: Readonly<Record<string, string>>) => {
  const faults: CorpusFault[] = [];
  const files = new Map([['red-flags.yaml', flags], ...Object.entries(examples)]);
  return { red: readRedFlags(files, { NHS: {} }, faults), faults, told: new CorpusError(faults).message };
};

test('a flag with a source and eight and five sentences loads', () => {
  const { red, faults } = read(FLAG, { 'red-flags/heart.yaml': proof(8, 5) });
  expect(faults).toEqual([]);
  expect(red?.examples.get('chest-pain')?.fires).toHaveLength(8);
});

test('an example may be several messages, and may deserve a level of its own', () => {
  const own = '    - says: [my chest, it hurts]\n    - says: old and steady\n      level: urgent\n';
  const text = proof(8, 5).replace('  quiet:\n', `${own}  quiet:\n`);
  expect(read(FLAG, { 'red-flags/heart.yaml': text }).faults).toEqual([]);
});

test.each([
  [
    'without a source',
    FLAG.replace('[NHS]', '[]'),
    proof(8, 5),
    /^red-flags.yaml:9: .*without a source does not load/m,
  ],
  ['with a source nobody knows', FLAG.replace('[NHS]', '[X1]'), proof(8, 5), /^red-flags.yaml:9: .*X1\. add it to/m],
  ['with seven that fire', FLAG, proof(7, 5), /^red-flags\/heart.yaml:3: .*at least 8 sentences/m],
  ['with four that stay quiet', FLAG, proof(8, 4), /^red-flags\/heart.yaml:12: .*at least 5 near misses/m],
  [
    'that does not say what lowers it',
    FLAG.replace('    lowers: []\n', ''),
    proof(8, 5),
    /^red-flags.yaml:2: .*lowers it/m,
  ],
  [
    'with a sentence twice',
    FLAG,
    proof(8, 5).replace('quiet 4', 'fires 2'),
    /^red-flags\/heart.yaml:16: .*yaml:5 as well/m,
  ],
  ['with sentences of a flag that is not there', FLAG, proof(8, 5, 'chest-pian'), /no flag "chest-pian"/],
  [
    'with a quiet one that may reach its level',
    FLAG,
    proof(8, 5).replace('quiet 4', '{says: hm hm, level: crisis}'),
    /:16: .*lower level/,
  ],
  ['with a level nobody knows', FLAG, proof(8, 5).replace('quiet 4', '{says: hm hm, level: bad}'), /heart.yaml:16: /],
])('a flag %s does not load, and file, line and cure are told', (_, flags, examples, told) => {
  expect(read(flags, { 'red-flags/heart.yaml': examples }).told).toMatch(told);
});

test('a flag without a file of sentences, or with them in the file of another group, does not load', () => {
  expect(read(FLAG, {}).told).toMatch(/^red-flags.yaml:2: .*no sentences.*write its "fires:".*red-flags\/heart.yaml/m);
  expect(read(FLAG, { 'red-flags/lungs.yaml': proof(8, 5) }).told).toMatch(/move its sentences to red-flags\/heart/);
});
