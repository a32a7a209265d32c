import { REST, Routes } from 'discord.js';
import { commandsFor } from './commands.ts';
import type { DiscordWording } from './wording.ts';

/** What registering is done with. */
export interface RegisterOptions {
  readonly token: string;
  readonly applicationId: string;
  /** Only in this server; absent = everywhere. */
  readonly guildId?: string | undefined;
  readonly apiUrl?: string | undefined;
  readonly wording: DiscordWording;
  /** Take all commands away instead. */
  readonly clear: boolean;
  /** Only say what would be done. */
  readonly dryRun: boolean;
}

type Registered = { readonly name: string; readonly [field: string]: unknown };

/** The fields of a command that we set, in a fixed order, with nulls and defaults of Discord left out. */
const essence = (command: unknown): unknown => {
  if (Array.isArray(command)) return command.map(essence);
  if (typeof command !== 'object' || command === null) return command;
  const kept = [
    'type',
    'name',
    'name_localizations',
    'description',
    'description_localizations',
    'options',
    'required',
    'autocomplete',
    'max_length',
    'integration_types',
    'contexts',
  ];
  return Object.fromEntries(
    Object.entries(command)
      .filter(
        ([k, v]) =>
          (kept.includes(k) || /^[a-z]{2}(-[A-Z]{2})?$/.test(k)) &&
          v !== null &&
          v !== undefined &&
          v !== '' &&
          v !== false,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, essence(v)]),
  );
};

/**
 * Puts the commands into Discord in one call, and only when they differ from what is there, so that twice changes nothing. Resolves to
 * one line that says what was done. Rejects when Discord refuses.
 */
export async function registerCommands(options: RegisterOptions): Promise<string> {
  const rest = new REST(options.apiUrl ? { api: options.apiUrl } : {}).setToken(options.token);
  const route = options.guildId
    ? Routes.applicationGuildCommands(options.applicationId, options.guildId)
    : Routes.applicationCommands(options.applicationId);
  const wanted = options.clear ? [] : commandsFor(options.wording);
  const there = (await rest.get(route, { query: new URLSearchParams({ with_localizations: 'true' }) })) as Registered[];
  const sorted = (list: readonly { readonly name: string }[]) =>
    JSON.stringify([...list].sort((a, b) => (a.name < b.name ? -1 : 1)).map(essence));
  const where = options.guildId ? 'in the server' : 'everywhere';
  if (sorted(there) === sorted(wanted)) return `nothing to do: ${there.length} commands stand ${where}`;
  if (options.dryRun) return `would put ${wanted.length} commands ${where}, in place of ${there.length}`;
  await rest.put(route, { body: wanted });
  return `put ${wanted.length} commands ${where}, in place of ${there.length}`;
}
