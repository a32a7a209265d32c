import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
  type RESTPostAPIContextMenuApplicationCommandsJSONBody,
} from 'discord.js';
import { type DiscordWording, LOCALES, SUBCOMMANDS } from './wording.ts';

/** The one slash command. */
export const SLASH = 'backpain';
/** The longest question that is taken, in letters; a message of Discord is as long. */
const QUESTION = 2000;

type Wanted = RESTPostAPIChatInputApplicationCommandsJSONBody | RESTPostAPIContextMenuApplicationCommandsJSONBody;

/** Words by locale, with those of Spain for Latin America too. */
const localised = <T>(of: (locale: (typeof LOCALES)[number]) => T): Record<string, T> => ({
  ...Object.fromEntries(LOCALES.map((l) => [l, of(l)])),
  'es-419': of('es-ES'),
});

/**
 * All application commands as Discord wants them. Names and descriptions come from the corpus, in each language it holds. Everywhere:
 * for servers and for people, in servers, direct messages and groups; in one server those fields are left out, as Discord asks.
 */
export function commandsFor(wording: DiscordWording, isGlobal = true): readonly Wanted[] {
  const places = isGlobal
    ? {
        integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
        contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
      }
    : {};
  const words = wording.commands;
  const named = (key: Exclude<keyof typeof words, 'message'>) => ({
    name: key,
    name_localizations: localised((l) => words[key].in[l].name),
    description: words[key].description,
    description_localizations: localised((l) => words[key].in[l].description),
  });
  const text = { type: ApplicationCommandOptionType.String as const, required: true };
  const options = {
    ask: [{ ...named('question'), ...text, max_length: QUESTION }],
    topic: [{ ...named('name'), ...text, autocomplete: true as const }],
  };
  return [
    {
      type: ApplicationCommandType.ChatInput,
      ...named(SLASH),
      ...places,
      options: SUBCOMMANDS.map((sub) => ({
        type: ApplicationCommandOptionType.Subcommand as const,
        ...named(sub),
        ...(sub === 'ask' || sub === 'topic' ? { options: options[sub] } : {}),
      })),
    },
    {
      type: ApplicationCommandType.Message,
      name: words.message.name,
      name_localizations: localised((l) => words.message.in[l]),
      ...places,
    },
  ];
}
