import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { quantile } from '../eval/statistics.ts';
import { startFakeDiscord } from '../test/fakes/discord/fake.ts';
import { bySocket, directOf, person } from '../test/fakes/slack/drivers.ts';
import { startFakeSlack } from '../test/fakes/slack/fake.ts';

/** One bot on a fake platform: asks it something and resolves to the milliseconds until its answer is there. */
interface Bot {
  readonly ask: (text: string) => Promise<number>;
  /** Resident megabytes of the bot's process now; `undefined` where the system does not tell. */
  readonly memory: () => number | undefined;
  readonly end: () => Promise<void>;
}

export const PLATFORMS = ['Discord', 'Slack'] as const;
export type Platform = (typeof PLATFORMS)[number];

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Starts a bot's process; resolves when it says that it runs. */
function start(args: readonly string[], env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, args, {
    cwd: here('..'),
    env: { PATH: process.env.PATH ?? '', STORE_URL: 'memory:', REGION: 'GB', PORT: '0', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        if (lines.length < 50) lines.push(line);
        if (line.includes('"running"')) resolve(child);
      });
    child.once('exit', (code) => reject(new Error(`the bot ended with code ${code}:\n${lines.join('\n')}`)));
  });
}

const memoryOf = (child: ChildProcess): number | undefined => {
  try {
    return Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1000;
  } catch {
    return undefined;
  }
};

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });

const STARTS: Readonly<Record<Platform, (own: boolean) => Promise<Bot>>> = {
  async Discord(own) {
    const fake = await startFakeDiscord();
    const child = await start([own ? here('../dist/main.js') : here('echo/discord.mjs')], {
      DISCORD_TOKEN: fake.world.token,
      DISCORD_API_URL: fake.apiUrl,
    });
    return {
      ask: async (text) => {
        // Another person each time, so that fair use does not hold anybody back.
        const by = { person: fake.person('runner'), place: fake.places.general };
        const begun = performance.now();
        await fake.slash(by, 'ask', ['question', text.slice(0, 1000)]);
        return performance.now() - begun;
      },
      memory: () => memoryOf(child),
      end: async () => {
        await ended(child);
        await fake.stop();
      },
    };
  },
  async Slack(own) {
    const fake = await startFakeSlack();
    const child = await start([own ? here('../dist/main.js') : here('echo/slack.mjs')], {
      SLACK_BOT_TOKEN: fake.tokens.bot,
      SLACK_APP_TOKEN: fake.tokens.app,
      SLACK_API_URL: fake.apiUrl,
    });
    return {
      ask: async (text) => {
        const runner = person(fake, bySocket(fake));
        const from = fake.shown.length;
        const begun = performance.now();
        await runner.direct(text);
        await fake.until(() => fake.shown.slice(from).find((s) => s.channel === directOf(runner)));
        return performance.now() - begun;
      },
      memory: () => memoryOf(child),
      end: async () => {
        await ended(child);
        await fake.stop();
      },
    };
  },
};

/** What one bot did in some rounds. */
export interface ChannelFigures {
  readonly rounds: readonly { readonly p50: number; readonly p99: number }[];
  readonly memory: number | undefined;
}

/** Our bot and an echo bot of the same library on the same fake: rounds in turn, one message at a time. */
export async function compare(
  platform: Platform,
  texts: readonly string[],
  rounds: number,
  progress: (round: number) => void,
): Promise<{ readonly ours: ChannelFigures; readonly echo: ChannelFigures }> {
  const bots = { ours: await STARTS[platform](true), echo: await STARTS[platform](false) };
  const found = { ours: [] as { p50: number; p99: number }[], echo: [] as { p50: number; p99: number }[] };
  const names = ['ours', 'echo'] as const;
  for (const name of names) for (const text of texts.slice(0, 40)) await bots[name].ask(text);
  for (let r = 0; r < rounds; r++) {
    progress(r);
    for (const name of names) {
      const times: number[] = [];
      for (const text of texts) times.push(await bots[name].ask(text));
      found[name].push({ p50: quantile(times, 0.5), p99: quantile(times, 0.99) });
    }
  }
  const memory = { ours: bots.ours.memory(), echo: bots.echo.memory() };
  await Promise.all(names.map((n) => bots[n].end()));
  return { ours: { rounds: found.ours, memory: memory.ours }, echo: { rounds: found.echo, memory: memory.echo } };
}
