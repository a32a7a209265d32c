import { type RunningProgram, runProgram } from '../program.ts';
import type { FakeDiscord } from './fake.ts';

/** The built program at work over a fake. */
export type Program = RunningProgram;

/** Starts `node dist/main.js` with a token and the fake's address. Sessions live in memory. */
export const startProgram = (
  fake: FakeDiscord,
  env: Record<string, string> = {},
  args: readonly string[] = [],
): Program => runProgram({ DISCORD_TOKEN: fake.world.token, DISCORD_API_URL: fake.apiUrl, ...env }, args);
