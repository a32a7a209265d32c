import { existsSync } from 'node:fs';
import { z } from 'zod';

const Secret = z.string().min(1).optional();
const Url = z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional();

/** Every setting of the bot. Descriptions become the table in docs/operate.md and .env.example. */
export const Settings = z.object({
  DISCORD_TOKEN: Secret.describe('bot token; when set, the Discord channel runs'),
  DISCORD_APPLICATION_ID: Secret.describe(
    'application id, for the invite links; `npm run register` asks Discord when it is absent',
  ),
  DISCORD_GUILD_ID: Secret.describe('register the commands in this server only'),
  DISCORD_API_URL: Url.describe('REST base of Discord, for tests and proxies'),
  DISCORD_SHARDS: z
    .union([z.literal('auto'), z.coerce.number().int().min(1).max(500)], 'must be auto or a number of shards')
    .default('auto')
    .describe('how many gateway connections: auto or a number'),
  SLACK_BOT_TOKEN: Secret.describe('bot token of one workspace; when set, the Slack channel runs'),
  SLACK_APP_TOKEN: Secret.describe('app-level token: Slack over Socket Mode'),
  SLACK_SIGNING_SECRET: Secret.describe('signing secret: Slack over HTTP, under /slack/events'),
  SLACK_CLIENT_ID: Secret.describe('for many workspaces, with the client secret and the state secret'),
  SLACK_CLIENT_SECRET: Secret.describe('for many workspaces'),
  SLACK_STATE_SECRET: Secret.describe('for many workspaces: signs the state of an install'),
  SLACK_API_URL: Url.describe('Web API base of Slack, for tests and proxies'),
  REGION: z
    .string()
    .regex(/^([A-Z]{2}|unknown)$/, 'must be a two-letter country code in capitals, such as US or GB, or unknown')
    .default('unknown')
    .describe('ISO country code for the emergency, advice and crisis numbers shown'),
  CORPUS_DIR: Secret.describe('folder of a corpus of your own; absent = the one that comes with the bot'),
  STORE_URL: z
    .string()
    .regex(/^(memory:|file:.+|rediss?:\/\/.+)$/, 'must be memory:, file:PATH or redis://HOST:PORT')
    .default('file:data/bot.db')
    .describe('where sessions are kept: memory:, file:PATH (SQLite) or redis://HOST:PORT'),
  STORE_KEY: z
    .string()
    .min(16, 'must be at least 16 characters')
    .optional()
    .describe(
      'hides platform ids and encrypts Slack installations in the store; needed with Redis; for a file it is made beside it',
    ),
  SESSION_TTL_HOURS: z.coerce
    .number('must be a number of hours')
    .min(0.01, 'must be a number of hours above 0')
    .max(24 * 365, 'must be a year at most')
    .default(24)
    .describe('hours after the last message until a session is deleted'),
  STORE_UNANSWERED: z
    .enum(['off', 'on'], 'must be off or on')
    .default('off')
    .describe(
      'on = the words of questions without an answer are kept for 30 days, for `npm run report`; the privacy notice then says so',
    ),
  HOST: z.string().default('127.0.0.1').describe('address for health, metrics and Slack over HTTP'),
  PORT: z.coerce
    .number('must be a port number')
    .int()
    .min(0, 'must be a port number')
    .max(65535, 'must be a port number')
    .optional()
    .describe(
      'port for health, metrics and Slack over HTTP; 0 = any free port; absent = no HTTP, or 3000 when Slack needs it',
    ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], 'must be fatal, error, warn, info, debug or silent')
    .default('info')
    .describe('how much is logged, as JSON lines on standard error'),
});
export type Settings = z.infer<typeof Settings>;

/** Settings that cannot be used. The message names every faulty setting, and never a value. */
export class SettingsError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`settings: ${faults.join('; ')}`);
    this.name = 'SettingsError';
    this.faults = faults;
  }
}

/** What is wrong with settings that are right one by one. */
function faultsBetween(s: Settings): string[] {
  const oauth = [s.SLACK_CLIENT_ID, s.SLACK_CLIENT_SECRET, s.SLACK_STATE_SECRET].filter(Boolean).length;
  return [
    ...(s.SLACK_BOT_TOKEN && !s.SLACK_APP_TOKEN && !s.SLACK_SIGNING_SECRET
      ? ['SLACK_BOT_TOKEN needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) beside it']
      : []),
    ...(s.SLACK_APP_TOKEN && !s.SLACK_BOT_TOKEN ? ['SLACK_APP_TOKEN needs SLACK_BOT_TOKEN beside it'] : []),
    ...(oauth > 0 && oauth < 3
      ? ['SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and SLACK_STATE_SECRET belong together: set all or none']
      : []),
    ...(oauth === 3 && !s.SLACK_SIGNING_SECRET
      ? ['SLACK_CLIENT_ID needs SLACK_SIGNING_SECRET: many workspaces go over HTTP']
      : []),
    ...(s.SLACK_SIGNING_SECRET && !s.SLACK_BOT_TOKEN && oauth < 3
      ? ['SLACK_SIGNING_SECRET needs SLACK_BOT_TOKEN (one workspace) or SLACK_CLIENT_ID with its secrets (many)']
      : []),
    ...(/^rediss?:/.test(s.STORE_URL) && !s.STORE_KEY
      ? ['STORE_URL on Redis needs STORE_KEY, so that all processes hide ids alike']
      : []),
  ];
}

/** Reads the environment, with `.env` of the working folder below it. An empty value counts as not set. Throws a SettingsError. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  if (env === process.env && existsSync('.env')) process.loadEnvFile('.env');
  const given = Object.fromEntries(Object.entries(env).filter(([, v]) => v !== undefined && v.trim() !== ''));
  const result = Settings.safeParse(given);
  const faults = result.success
    ? faultsBetween(result.data)
    : result.error.issues.map((i) => `${i.path.join('.')} ${i.message}`);
  if (result.success && !faults.length) return result.data;
  throw new SettingsError(faults);
}
