import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A piece of the bench in a process of its own, so that no measurement warms or burdens another. */
export interface Job {
  /** Sends an order and resolves to what the job answers. Rejects when the job ends or fails before it has. */
  ask<T>(order: unknown): Promise<T>;
  end(): void;
}

/** Starts `bench/jobs/<name>.ts`; resolves when it is ready to take orders. */
export async function startJob(name: string, args: readonly string[] = []): Promise<Job> {
  const child: ChildProcess = fork(fileURLToPath(new URL(`jobs/${name}.ts`, import.meta.url)), args, {
    execArgv: ['--import', 'tsx', '--expose-gc', '--max-old-space-size=6000'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const answer = async (): Promise<unknown> => {
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`the job ${name} ended with code ${code} before it answered`);
    });
    ended.catch(() => {});
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown];
    return message;
  };
  await answer();
  return {
    async ask<T>(order: unknown) {
      const coming = answer();
      child.send(order as object);
      return (await coming) as T;
    },
    end: () => void child.kill(),
  };
}

/** In a job: answers each order by `work`, one at a time, and says that it is ready. */
export function serveOrders(work: (order: unknown) => Promise<unknown> | unknown): void {
  process.on('message', async (order) => {
    process.send?.((await work(order)) as object);
  });
  process.send?.('ready');
}

/** Resident memory in megabytes after a collection. */
export function memoryNow(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage.rss() / 1e6;
}
