import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { quantile } from '../eval/statistics.ts';
import { startFakeDiscord } from '../test/fakes/discord/fake.ts';
import { bySocket, directOf, person } from '../test/fakes/slack/drivers.ts';
import { startFakeSlack } from '../test/fakes/slack/fake.ts';

/** Milliseconds from what a person says until the answer has arrived in full at the platform, and until it is checked and shown there. */
interface Times {
  readonly arrived: number;
  readonly shown: number;
}

/** Resident megabytes of a bot's process, as it stands and after a collection; `undefined` where the system does not tell. */
export interface Memory {
  readonly now: number | undefined;
  readonly collected: number | undefined;
}

/** One bot on a fake platform. */
interface Bot {
  readonly ask: (text: string) => Promise<Times>;
  /** From now on the platform is so many milliseconds away. */
  readonly lag: (ms: number) => void;
  readonly memory: () => Promise<Memory>;
  readonly end: () => Promise<void>;
}

export const PLATFORMS = ['Discord', 'Slack'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** Whose time is measured: ours with sessions in memory, ours with the store that it ships with, an echo bot of the same library. */
export const BOTS = ['ours', 'file', 'echo'] as const;
export type BotName = (typeof BOTS)[number];

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Starts a bot's process; resolves when it says that it runs. */
function start(args: readonly string[], env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--expose-gc', '--import', here('collect.mjs'), ...args], {
    cwd: here('..'),
    env: { PATH: process.env.PATH ?? '', REGION: 'GB', PORT: '0', LOG_LEVEL: 'info', ...env },
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

const residentOf = (child: ChildProcess): number | undefined => {
  try {
    return Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1000;
  } catch {
    return undefined;
  }
};

/** How long a bot is given to collect its garbage, in milliseconds. */
const COLLECT_MS = 500;

/** Memory as it stands, and after a collection. */
async function memoryOf(child: ChildProcess): Promise<Memory> {
  const now = residentOf(child);
  child.kill('SIGUSR2');
  await wait(COLLECT_MS);
  return { now, collected: residentOf(child) };
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });

/** What `npm start` runs: the options of node and the program. */
const SHIPPED: readonly string[] = (
  JSON.parse(readFileSync(here('../package.json'), 'utf8')) as { scripts: { start: string } }
).scripts.start
  .split(' ')
  .slice(1)
  .map((part) => (part.endsWith('.js') ? here(`../${part}`) : part));

const STARTS: Readonly<Record<Platform, (program: readonly string[], store: string) => Promise<Bot>>> = {
  async Discord(program, store) {
    const fake = await startFakeDiscord();
    const child = await start(program, {
      STORE_URL: store,
      DISCORD_TOKEN: fake.world.token,
      DISCORD_API_URL: fake.apiUrl,
    });
    return {
      ask: async (text) => {
        // Another person each time, so that fair use does not hold anybody back.
        const by = { person: fake.person('runner'), place: fake.places.general };
        const begun = performance.now();
        await fake.slash(by, 'ask', ['question', text.slice(0, 1000)]);
        const shown = performance.now() - begun;
        return { shown, arrived: (fake.heard.at(-1)?.call.at ?? Number.NaN) - begun };
      },
      lag: fake.lag,
      memory: () => memoryOf(child),
      end: async () => {
        await ended(child);
        await fake.stop();
      },
    };
  },
  async Slack(program, store) {
    const fake = await startFakeSlack();
    const child = await start(program, {
      STORE_URL: store,
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
        const shown = performance.now() - begun;
        return { shown, arrived: (fake.calls.at(-1)?.at ?? Number.NaN) - begun };
      },
      lag: fake.lag,
      memory: () => memoryOf(child),
      end: async () => {
        await ended(child);
        await fake.stop();
      },
    };
  },
};

/** What one bot did. */
export interface ChannelFigures {
  /** On a bare loopback, by round: until the answer is shown. */
  readonly rounds: readonly { readonly p50: number; readonly p99: number }[];
  /** On a bare loopback, the median over each message's best round: what it takes when nobody else has the processor. */
  readonly best: Times;
  /** With the platform some milliseconds away, by round. */
  readonly away: readonly { readonly p50: number; readonly p99: number }[];
  readonly memory: Memory;
}

/** How often what is said. One place may say 1,200 messages a minute before fair use holds it back: the sum stays below. */
export interface Plan {
  /** Messages before anything is measured. */
  readonly warmUp: number;
  readonly rounds: number;
  /** How far the platform is away in further rounds, in milliseconds, how many rounds, and messages in each. */
  readonly away: { readonly ms: number; readonly rounds: number; readonly messages: number };
}

/** Our bot and an echo bot of the same library on the same fake: rounds in turn, one message at a time. */
export async function compare(
  platform: Platform,
  texts: readonly string[],
  { warmUp, rounds, away }: Plan,
  progress: (what: string) => void,
): Promise<Readonly<Record<BotName, ChannelFigures>>> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const bots: Record<BotName, Bot> = {
    ours: await STARTS[platform](SHIPPED, 'memory:'),
    file: await STARTS[platform](SHIPPED, `file:${join(folder, 'bot.db')}`),
    echo: await STARTS[platform]([here(`echo/${platform.toLowerCase()}.mjs`)], 'memory:'),
  };
  const found = new Map(
    BOTS.map((name) => [
      name,
      { rounds: [] as Times[][], away: [] as Times[][], memory: { now: undefined, collected: undefined } as Memory },
    ]),
  );
  const roundOf = async (name: BotName, messages: readonly string[]): Promise<Times[]> => {
    const times: Times[] = [];
    for (const text of messages) times.push(await bots[name].ask(text));
    return times;
  };
  progress('warming up');
  for (const name of BOTS) for (let i = 0; i < warmUp; i++) await bots[name].ask(texts[i % texts.length] ?? '');
  for (let r = 0; r < rounds; r++) {
    progress(`round ${r + 1} of ${rounds}`);
    for (const name of BOTS) found.get(name)?.rounds.push(await roundOf(name, texts));
  }
  for (let r = 0; r < away.rounds; r++) {
    progress(`${away.ms} ms away, round ${r + 1} of ${away.rounds}`);
    for (const name of BOTS) {
      bots[name].lag(away.ms);
      found.get(name)?.away.push(await roundOf(name, texts.slice(0, away.messages)));
    }
  }
  for (const name of BOTS) {
    const kept = found.get(name);
    if (kept) kept.memory = await bots[name].memory();
  }
  await Promise.all(BOTS.map((name) => bots[name].end()));
  rmSync(folder, { recursive: true, force: true });

  const quantiles = (round: readonly Times[]) => {
    const shown = round.map((t) => t.shown);
    return { p50: quantile(shown, 0.5), p99: quantile(shown, 0.99) };
  };
  const bestOf = (all: readonly (readonly Times[])[], what: keyof Times): number =>
    quantile(
      texts.map((_, i) => Math.min(...all.map((round) => round[i]?.[what] ?? Number.POSITIVE_INFINITY))),
      0.5,
    );
  const figuresOf = (name: BotName): ChannelFigures => {
    const {
      rounds: near = [],
      away: far = [],
      memory = { now: undefined, collected: undefined },
    } = found.get(name) ?? {};
    return {
      rounds: near.map(quantiles),
      best: { arrived: bestOf(near, 'arrived'), shown: bestOf(near, 'shown') },
      away: far.map(quantiles),
      memory,
    };
  };
  return { ours: figuresOf('ours'), file: figuresOf('file'), echo: figuresOf('echo') };
}
