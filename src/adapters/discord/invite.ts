import { PermissionFlagsBits } from 'discord.js';

/** What the bot needs in a server, each for a reason that stands in docs/discord.md; commands alone need none. */
const NEEDED = ['ViewChannel', 'SendMessages', 'SendMessagesInThreads', 'EmbedLinks', 'ReadMessageHistory'] as const;

/** The permissions of the server invite as Discord counts them: 274877991936. */
export const PERMISSIONS: bigint = NEEDED.reduce((sum, name) => sum | PermissionFlagsBits[name], 0n);

/** The links by which the bot is added to a server, or by a person for use everywhere. */
export function inviteLinks(applicationId: string): { readonly server: string; readonly person: string } {
  const base = `https://discord.com/oauth2/authorize?client_id=${encodeURIComponent(applicationId)}`;
  return {
    server: `${base}&scope=bot+applications.commands&permissions=${PERMISSIONS}`,
    person: `${base}&integration_type=1&scope=applications.commands`,
  };
}
