import { expect, test } from 'vitest';
import type { Compiled } from '../src/compile.ts';
import { ownCompiled, packCompiled, readCompiledOf, unpackCompiled, writeOther } from '../src/compiled-file.ts';
import { bytesOf, numbersOf } from '../src/core/packed.ts';
import { hashesOf, loadSoftmax } from '../src/core/softmax.ts';

const long = Buffer.from(Uint8Array.from({ length: 5000 }, (_, i) => i % 251)).toString('base64');
const small = {
  second: { softmax: { heads: [], rows: long, steps: 'AAAA' }, trust: {} },
  digest: 'x',
} as unknown as Compiled;

test('a packed corpus comes back whole, its long bytes as bytes', () => {
  const back = unpackCompiled(packCompiled(small));
  expect(Buffer.from(bytesOf(back.second.softmax.rows)).toString('base64')).toBe(long);
  expect(back.second.softmax.steps).toBe('AAAA');
  expect(back.digest).toBe('x');
});

test('numbers are read from the file without a copy', () => {
  const bytes = packCompiled(small);
  expect(numbersOf(unpackCompiled(bytes).second.softmax.rows).buffer).toBe(bytes.buffer);
});

test('a file that was cut short throws', () => {
  const bytes = packCompiled(small);
  expect(() => unpackCompiled(bytes.subarray(0, bytes.length - 16))).toThrow('cut short');
});

test('a model says the same from bytes as from base64', () => {
  const { softmax } = ownCompiled().second;
  const asText = {
    ...softmax,
    rows: Buffer.from(bytesOf(softmax.rows)).toString('base64'),
    steps: Buffer.from(bytesOf(softmax.steps)).toString('base64'),
  };
  const hashes = hashesOf(['numb', 'my back', 'back', 'is:NUMB']);
  expect(loadSoftmax(softmax).sum(hashes)).toEqual(loadSoftmax(asText).sum(hashes));
});

test('a corpus of somebody else is kept beside the own one, the newest alone', () => {
  const [first, second] = ['1', '2'].map((n) => ({ ...small, digest: n.repeat(64) }));
  writeOther(first!);
  expect(readCompiledOf(first!.digest)?.second.softmax.steps).toBe('AAAA');
  writeOther(second!);
  expect(readCompiledOf(second!.digest)?.digest).toBe(second!.digest);
  expect(readCompiledOf(first!.digest)).toBeUndefined();
  const own = ownCompiled();
  expect(readCompiledOf(own.digest)?.digest).toBe(own.digest);
});
