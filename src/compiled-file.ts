import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Compiled } from './compile.ts';

/**
 * Where the compiled corpus lies. The file is
 *
 *     | length of the head, Uint32 | head: JSON, with where each model's bytes lie | bytes, each run on a multiple of 8 |
 *
 * so that the weights of the models (most of it) are used as they lie in the file: no base64, no copy, no string.
 */
const FILE = fileURLToPath(new URL('../dist/compiled.bin', import.meta.url));

/** Shorter base64 stays in the head. */
const LONG = 2048;

interface Run {
  readonly path: readonly string[];
  readonly from: number;
  readonly length: number;
}

/** A compiled corpus as bytes. */
export function packCompiled(compiled: Compiled): Uint8Array {
  const runs: Run[] = [];
  const pieces: Uint8Array[] = [];
  let end = 0;
  const take = (bytes: Uint8Array, path: readonly string[]): null => {
    runs.push({ path, from: end, length: bytes.length });
    const room = Math.ceil(bytes.length / 8) * 8;
    const padded = new Uint8Array(room);
    padded.set(bytes);
    pieces.push(padded);
    end += room;
    return null;
  };
  const without = (value: unknown, path: readonly string[]): unknown => {
    if (value instanceof Uint8Array) return take(value, path);
    if (typeof value === 'string')
      return value.length >= LONG && /^[A-Za-z0-9+/]+=*$/.test(value)
        ? take(Buffer.from(value, 'base64'), path)
        : value;
    if (Array.isArray(value)) return value.map((v, i) => without(v, [...path, String(i)]));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, without(v, [...path, k])]));
    return value;
  };
  const whole = without(compiled, []);
  const json = Buffer.from(JSON.stringify({ whole, runs }));
  const head = Buffer.alloc(Math.ceil((4 + json.length) / 8) * 8, ' ');
  head.writeUInt32LE(json.length);
  json.copy(head, 4);
  return Buffer.concat([head, ...pieces]);
}

/** The compiled corpus in these bytes, which it goes on using. Throws when they are not what `packCompiled` made. */
export function unpackCompiled(bytes: Uint8Array): Compiled {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const { whole, runs } = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + 4, length).toString('utf8')) as {
    whole: Compiled;
    runs: readonly Run[];
  };
  const start = Math.ceil((4 + length) / 8) * 8;
  for (const { path, from, length: size } of runs) {
    if (start + from + size > bytes.length) throw new Error('the file is cut short');
    let at = whole as unknown as Record<string, unknown>;
    for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
    at[path.at(-1) ?? ''] = bytes.subarray(start + from, start + from + size);
  }
  return whole;
}

const OTHER = /^corpus-[0-9a-f]+-\d+\.bin$/;

/** Where a corpus of somebody else's is kept, by its digest and by the build, so that a new program reads it anew. */
const otherFile = (digest: string): string =>
  join(dirname(FILE), `corpus-${digest.slice(0, 16)}-${Math.floor(statSync(FILE).mtimeMs)}.bin`);

const readFrom = (file: () => string): Compiled | undefined => {
  try {
    return unpackCompiled(readFileSync(file()));
  } catch {
    return undefined;
  }
};

/** What was compiled at build time; `undefined` means: there is nothing, or it cannot be read. */
export const readCompiled = (): Compiled | undefined => readFrom(() => FILE);

/** What was compiled of the files with this digest, at build time or at a start before; `undefined` means: nothing yet. */
export function readCompiledOf(digest: string): Compiled | undefined {
  const own = readCompiled();
  if (own?.digest === digest) return own;
  const other = readFrom(() => otherFile(digest));
  return other?.digest === digest ? other : undefined;
}

/** The same for tools and tests. Throws with what to do when there is nothing. */
export function ownCompiled(): Compiled {
  const compiled = readCompiled();
  if (!compiled) throw new Error('dist/ holds no compiled corpus: run `npm run build`');
  return compiled;
}

const write = (file: string, compiled: Compiled): void => {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, packCompiled(compiled));
  renameSync(draft, file);
};

/** Writes it in one step, so that a process that starts meanwhile never reads half of it. Throws when the folder cannot be written. */
export const writeCompiled = (compiled: Compiled): void => write(FILE, compiled);

/** The same for a corpus of somebody else's; what was kept of others or by an older program goes. */
export function writeOther(compiled: Compiled): void {
  const file = otherFile(compiled.digest);
  const folder = dirname(FILE);
  for (const name of readdirSync(folder)) if (OTHER.test(name)) rmSync(join(folder, name), { force: true });
  write(file, compiled);
}
