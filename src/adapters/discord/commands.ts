import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type RESTPutAPIApplicationCommandsJSONBody,
} from 'discord.js';
import type { DiscordWording } from './wording.ts';

/** The one slash command, and the message command's name in English: handlers know them by these. */
export const SLASH = 'backpain';
/** Subcommands that are wishes of the core, by the same name. */
export const WISHES = ['check', 'cause', 'note', 'help', 'privacy', 'forget'] as const;

/**
 * All application commands as Discord wants them: for servers and for people, in every context. Names and descriptions come from
 * the corpus, in each language it holds.
 */
export function commandsFor(wording: DiscordWording): RESTPutAPIApplicationCommandsJSONBody {
  const everywhere = {
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
    contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
  };
  const described = (key: string) => {
    const entry = wording.commands[key];
    if (!entry) throw new Error(`corpus/discord.yaml: commands.${key} is missing`);
    return {
      description: entry.description,
      description_localizations: Object.fromEntries(
        Object.entries(entry.in).map(([locale, words]) => [locale, words.description]),
      ),
      name_localizations: Object.fromEntries(Object.entries(entry.in).map(([locale, words]) => [locale, words.name])),
    };
  };
  const option = (key: string, name: string, autocomplete: boolean) => ({
    type: ApplicationCommandOptionType.String as const,
    name,
    ...described(key),
    required: true as const,
    ...(autocomplete ? { autocomplete: true as const } : { max_length: 2000 }),
  });
  const sub = (name: string, options: ReturnType<typeof option>[] = []) => ({
    type: ApplicationCommandOptionType.Subcommand as const,
    name,
    ...described(name),
    ...(options.length ? { options } : {}),
  });
  const about = described('message');
  return [
    {
      type: ApplicationCommandType.ChatInput,
      name: SLASH,
      description: described('backpain').description,
      description_localizations: described('backpain').description_localizations,
      ...everywhere,
      options: [
        sub('ask', [option('question', 'question', false)]),
        sub('topic', [option('name', 'name', true)]),
        ...WISHES.map((wish) => sub(wish)),
      ] as never,
    },
    {
      type: ApplicationCommandType.Message,
      name: about.description,
      name_localizations: about.description_localizations,
      ...everywhere,
    },
  ];
}
