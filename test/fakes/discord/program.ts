import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FakeDiscord } from './fake.ts';

const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url));

/** The built program at work over a fake. */
export interface Program {
  /** Log lines so far, as the program wrote them on standard error. */
  readonly log: readonly string[];
  /** Resolves with the first log line, past or to come, that holds the words. */
  readonly says: (words: string) => Promise<string>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** The exit code, when it has ended. */
  readonly ended: Promise<number | null>;
  readonly isRunning: () => boolean;
}

/** Starts `node dist/main.js` with a token and the fake's address. Sessions live in memory. */
export function startProgram(
  fake: FakeDiscord,
  env: Record<string, string> = {},
  args: readonly string[] = [],
): Program {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: {
      PATH: process.env.PATH ?? '',
      DISCORD_TOKEN: fake.world.token,
      DISCORD_API_URL: fake.apiUrl,
      STORE_URL: 'memory:',
      REGION: 'GB',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      log.push(line);
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
          if (line !== undefined) {
            waiting.delete(look);
            resolve(line);
          }
        };
        waiting.add(look);
        look();
        void ended.then(() => reject(new Error(`the program ended without saying "${words}": ${log.join('\n')}`)));
      }),
    signal: (name) => void child.kill(name),
    isRunning: () => child.exitCode === null && child.signalCode === null,
  };
}
