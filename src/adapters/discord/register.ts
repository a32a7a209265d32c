import { DiscordAPIError, REST, type RESTGetAPIApplicationCommandsResult, Routes } from 'discord.js';
import { ChannelError } from '../channel.ts';
import { commandsFor } from './commands.ts';
import type { DiscordWording } from './wording.ts';

/** What registering is done with. */
export interface RegisterOptions {
  readonly token: string;
  /** Absent = Discord is asked which application the token belongs to. */
  readonly applicationId?: string | undefined;
  /** Only in this server; absent = everywhere. */
  readonly guildId?: string | undefined;
  readonly apiUrl?: string | undefined;
  readonly wording: DiscordWording;
  /** Take all commands away instead. */
  readonly clear: boolean;
  /** Only say what would be done. */
  readonly dryRun: boolean;
}

/** What registering led to. */
export interface Registered {
  readonly applicationId: string;
  /** Lines for the operator: what was done, and a warning when the commands would be seen twice. */
  readonly lines: readonly string[];
}

/** Fields that Discord adds by itself, and the values it gives to fields that were not set. */
const ADDED = new Set([
  'id',
  'application_id',
  'version',
  'guild_id',
  'dm_permission',
  'default_permission',
  'handler',
]);
const isUnset = (value: unknown): boolean =>
  value === null || value === undefined || value === false || value === '' || (Array.isArray(value) && !value.length);

/** A command without what Discord adds, its fields in a fixed order, so that equal commands are equal text. */
function essence(value: unknown, isTop: boolean): unknown {
  if (Array.isArray(value))
    return value.every((v) => typeof v === 'number')
      ? [...value].sort((a, b) => a - b)
      : value.map((v) => essence(v, false));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, v]) => !isUnset(v) && !(isTop && ADDED.has(key)))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, v]) => [key, essence(v, false)]),
  );
}
const alike = (commands: readonly object[]): string =>
  JSON.stringify(commands.map((c) => JSON.stringify(essence(c, true))).sort());

/** What is wrong when Discord refuses, and what to do. Never holds the token. */
function faultOf(error: unknown, guildId: string | undefined): ChannelError {
  const status = (error as { status?: number }).status;
  const code = error instanceof DiscordAPIError ? Number(error.code) : undefined;
  const say = (message: string) => new ChannelError(message, { cause: error });
  if (status === 401)
    return say('DISCORD_TOKEN is refused: copy the bot token anew from the Developer Portal (Bot, Reset Token)');
  if (code === 50001 || code === 10004)
    return say(
      guildId
        ? 'the bot may not register commands in DISCORD_GUILD_ID: add it to that server with the scope applications.commands'
        : 'DISCORD_APPLICATION_ID is not the application of DISCORD_TOKEN: unset it, the bot asks Discord',
    );
  if (code === 50035 || code === 30032) return say(`Discord refuses the commands (${code}): check corpus/discord.yaml`);
  return say(
    `Discord cannot be reached (${status ?? (error as { code?: string }).code ?? 'unknown fault'}): check the network and DISCORD_API_URL`,
  );
}

/**
 * Puts the commands into Discord in one call, and only when they differ from what is there, so that twice changes nothing and ids stay.
 * Rejects with a ChannelError that says what to mend.
 */
export async function registerCommands(options: RegisterOptions): Promise<Registered> {
  const { guildId, wording } = options;
  const rest = new REST(options.apiUrl ? { api: options.apiUrl.replace(/\/+$/, '') } : {}).setToken(options.token);
  const query = new URLSearchParams({ with_localizations: 'true' });
  const get = async (route: `/${string}`) => (await rest.get(route, { query })) as RESTGetAPIApplicationCommandsResult;
  try {
    const applicationId = options.applicationId ?? ((await rest.get(Routes.currentApplication())) as { id: string }).id;
    const everywhere = Routes.applicationCommands(applicationId);
    const route = guildId ? Routes.applicationGuildCommands(applicationId, guildId) : everywhere;
    const wanted = options.clear ? [] : commandsFor(wording, !guildId);
    const there = await get(route);
    const where = guildId ? 'in the server' : 'everywhere';
    const isSame = alike(there) === alike(wanted);
    if (!isSame && !options.dryRun) await rest.put(route, { body: wanted });
    const twice =
      guildId && wanted.length && (await get(everywhere)).some((c) => wanted.some((w) => w.name === c.name));
    const did = isSame
      ? `nothing to do: ${there.length} commands stand ${where}`
      : `${options.dryRun ? 'would put' : 'put'} ${wanted.length} commands ${where}, in place of ${there.length}`;
    return {
      applicationId,
      lines: [
        did,
        ...(twice
          ? [
              'the same commands stand everywhere too, so people in the server see each twice: take one of both away with --clear',
            ]
          : []),
      ],
    };
  } catch (error) {
    throw faultOf(error, guildId);
  }
}
