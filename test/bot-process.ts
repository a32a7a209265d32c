import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { keepLog } from './kept-logs.ts';

/** What the process of the line channel says of a message. */
export interface Said {
  readonly id: string;
  readonly conversation: string;
  /** Nanoseconds of a clock that all processes share. */
  readonly at: string;
  readonly kind: string;
  readonly urgency: string;
  readonly signs: readonly string[];
  readonly text: string;
  /** True when the bot had nothing to say: the message had been answered before. */
  readonly silent?: true;
}

/** The built bot in a process of its own, spoken to through the line channel. */
export interface BotProcess {
  readonly child: ChildProcess;
  /** Sends a message and does not wait. */
  send(message: { id: string; conversation: string; text: string; choice?: string }): void;
  sendRaw(line: unknown): void;
  /** Sends a message and resolves to what is said of it. */
  ask(message: { id: string; conversation: string; text: string; choice?: string }): Promise<Said>;
  /** Called for everything that is said. */
  onSaid(listener: (said: Said) => void): void;
  /** Resolves when a line of the log has this message; rejects when the process ends before. */
  logged(part: string): Promise<Record<string, unknown>>;
  /** All lines logged so far. */
  readonly log: readonly Record<string, unknown>[];
  /** Sends a signal and resolves to the exit code, null when the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts the bot and resolves when it takes messages. `env` is laid over a clean environment. */
export async function startBot(env: Readonly<Record<string, string>>): Promise<BotProcess> {
  const child = spawn(process.execPath, ['test/fixtures/line-channel.mjs'], {
    env: { PATH: process.env.PATH ?? '', REGION: 'GB', LOG_LEVEL: 'debug', STORE_URL: 'memory:', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const log: Record<string, unknown>[] = [];
  const listeners = new Set<(said: Said) => void>();
  const watchers = new Set<() => void>();
  const plain: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    keepLog(line);
    try {
      log.push(JSON.parse(line));
    } catch {
      plain.push(line);
    }
    for (const watcher of watchers) watcher();
  });
  child.stdin.on('error', () => {});
  const ended = once(child, 'exit').then(([code]) => {
    for (const watcher of watchers) watcher();
    return code as number | null;
  });
  const ready = new Promise<void>((resolve, reject) => {
    void ended.then(() => reject(new Error(`the bot ended at its start: ${plain.join('\n')} ${JSON.stringify(log)}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line);
      if (said.ready) resolve();
      else for (const listener of listeners) listener(said);
    });
  });
  await ready;
  const bot: BotProcess = {
    child,
    log,
    sendRaw: (line) => void child.stdin.write(`${JSON.stringify(line)}\n`),
    send: (message) => bot.sendRaw(message),
    ask: (message) =>
      new Promise((resolve, reject) => {
        const listener = (said: Said) => {
          if (said.id !== message.id) return;
          listeners.delete(listener);
          resolve(said);
        };
        listeners.add(listener);
        void ended.then(() => reject(new Error('the bot ended before it answered')));
        bot.send(message);
      }),
    onSaid: (listener) => void listeners.add(listener),
    logged: (part) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = log.find((l) => String(l.msg).includes(part));
          if (!found && child.exitCode === null && child.signalCode === null) return;
          watchers.delete(look);
          if (found) resolve(found);
          else reject(new Error(`the bot ended and never logged "${part}"`));
        };
        watchers.add(look);
        look();
      }),
    async end(signal) {
      child.kill(signal);
      return ended;
    },
  };
  return bot;
}
