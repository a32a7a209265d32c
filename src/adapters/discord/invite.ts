/** What the bot needs in a server: ViewChannel, SendMessages, SendMessagesInThreads, EmbedLinks, ReadMessageHistory. */
export const PERMISSIONS = 274877991936n;

/** The links by which the bot is added to a server, or by a person for use everywhere. */
export function inviteLinks(applicationId: string): { readonly server: string; readonly person: string } {
  const base = `https://discord.com/oauth2/authorize?client_id=${encodeURIComponent(applicationId)}`;
  return {
    server: `${base}&scope=bot+applications.commands&permissions=${PERMISSIONS}`,
    person: `${base}&integration_type=1&scope=applications.commands`,
  };
}
