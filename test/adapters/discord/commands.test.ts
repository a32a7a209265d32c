import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { commandsFor } from '../../../src/adapters/discord/commands.ts';
import { inviteLinks, PERMISSIONS } from '../../../src/adapters/discord/invite.ts';
import { DiscordWording, LOCALES } from '../../../src/adapters/discord/wording.ts';
import { commandFaults } from '../../fakes/discord/limits.ts';

const wording = DiscordWording.parse(parse(readFileSync('corpus/discord.yaml', 'utf8')));

test('the commands keep every limit of Discord, everywhere and in one server', () => {
  expect(commandFaults(commandsFor(wording), true)).toEqual([]);
  expect(commandFaults(commandsFor(wording, false), false)).toEqual([]);
});

test('there is one slash command with eight subcommands, and one message command, for servers and people', () => {
  const [slash, menu] = commandsFor(wording);
  expect((slash as { options: { name: string }[] }).options.map((o) => o.name)).toEqual([
    'ask',
    'topic',
    'check',
    'cause',
    'note',
    'help',
    'privacy',
    'forget',
  ]);
  expect(menu).toMatchObject({ type: 3, name: 'Ask about this message' });
  for (const command of [slash, menu])
    expect(command).toMatchObject({ integration_types: [0, 1], contexts: [0, 1, 2] });
});

test('every name and description is there in six languages and in the Spanish of Latin America', () => {
  const [slash] = commandsFor(wording);
  const options = (slash as unknown as { options: Record<string, Record<string, string>>[] }).options;
  for (const option of options)
    for (const field of ['name_localizations', 'description_localizations'])
      expect(Object.keys(option[field] ?? {}).sort()).toEqual([...LOCALES, 'es-419'].sort());
});

test('the integer of the server invite is the sum of its five permissions', () => {
  expect(PERMISSIONS).toBe(274877991936n);
});

test('the links ask for the bot in a server, and for commands alone for a person', () => {
  expect(inviteLinks('12')).toEqual({
    server:
      'https://discord.com/oauth2/authorize?client_id=12&scope=bot+applications.commands&permissions=274877991936',
    person: 'https://discord.com/oauth2/authorize?client_id=12&integration_type=1&scope=applications.commands',
  });
});
