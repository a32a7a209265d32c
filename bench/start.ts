import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const QUESTION = 'why does my lower back hurt when I run?';

/** Commands whose time from process start to end is compared. */
export const STARTS: Readonly<Record<string, readonly string[]>> = {
  'bare node': ['-e', '0'],
  'ask: one answer': [MAIN, 'ask', QUESTION],
  'help, no corpus loaded': [MAIN, '--help'],
};

/** Milliseconds from the start of a process to its end. Throws when it fails. */
export async function timeOf(args: readonly string[]): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (piece) => {
    said += piece;
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with code ${code}: ${said}`);
  if (said.includes('has changed since the last build'))
    throw new Error(
      'dist/ is older than the corpus: run `npm run build`, or start-up is measured with a compile in it',
    );
  return performance.now() - start;
}

const MEMORY = `
const { readBrain } = await import(process.argv[1]);
const { converse } = await import(process.argv[2]);
const { brain } = await readBrain({ CORPUS_DIR: undefined, REGION: 'GB' }, { hours: 24, place: 'in memory' });
for (let i = 0; i < 2000; i++) converse(brain, String(i), ['my back hurts when I run ' + i]);
gc(); gc();
console.log(process.memoryUsage.rss());`;

/** Resident megabytes of a process: bare node, and with the bot loaded from dist/ and 2,000 conversations behind it. */
export async function memoryOf(which: 'bare node' | 'the bot'): Promise<number> {
  const dist = (path: string): string => new URL(`../dist/${path}`, import.meta.url).href;
  const code = which === 'the bot' ? MEMORY : 'gc(); gc(); console.log(process.memoryUsage.rss());';
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--input-type=module', '-e', code, dist('brain-file.js'), dist('adapters/terminal/batch.js')],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let out = '';
  child.stdout.on('data', (piece) => {
    out += piece;
  });
  await once(child, 'close');
  return Number(out) / 1e6;
}
