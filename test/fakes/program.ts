import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { keepLog } from '../kept-logs.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The built program at work. */
export interface RunningProgram {
  /** Lines so far, as the program wrote them on standard error and output. */
  readonly log: readonly string[];
  /** Resolves with the first line, past or to come, that holds the words. */
  readonly says: (words: string) => Promise<string>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** The exit code, when it has ended. */
  readonly ended: Promise<number | null>;
  readonly isRunning: () => boolean;
}

/** Starts `node dist/main.js` with nothing in its environment but what is given. Sessions live in memory unless that says otherwise. */
export function runProgram(env: Record<string, string>, args: readonly string[] = []): RunningProgram {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env.PATH ?? '', STORE_URL: 'memory:', REGION: 'GB', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      log.push(line);
      if (stream === child.stderr) keepLog(line);
      for (const look of waiting) look();
    });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    log,
    ended,
    says: (words) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const line = log.find((l) => l.includes(words));
          if (line === undefined) return;
          waiting.delete(look);
          resolve(line);
        };
        waiting.add(look);
        look();
        void ended.then(() => reject(new Error(`the program ended without saying "${words}":\n${log.join('\n')}`)));
      }),
    signal: (name) => void child.kill(name),
    isRunning: () => child.exitCode === null && child.signalCode === null,
  };
}
