import { inviteLinks } from '../adapters/discord/invite.ts';
import type { Settings } from '../settings.ts';
import { ask, type Finding, note, ok, wrong } from './finding.ts';

/** Flags of an application that say that a privileged intent is switched on (message content, whole or limited). */
const MESSAGE_CONTENT = (1 << 18) | (1 << 19);

/** Checks the Discord token, the application, its commands and intents, by reading only. */
export async function examineDiscord(settings: Settings): Promise<readonly Finding[]> {
  const token = settings.DISCORD_TOKEN;
  if (!token) return [note('discord: off, DISCORD_TOKEN is not set')];
  const base = `${settings.DISCORD_API_URL ?? 'https://discord.com/api'}/v10`;
  const get = (path: string) => ask(base + path, `Bot ${token}`);
  const me = await get('/users/@me');
  if (!me) return [wrong('discord: cannot be reached; check the network and DISCORD_API_URL')];
  if (me.status === 401)
    return [
      wrong('discord: DISCORD_TOKEN is refused; copy the bot token anew from the Developer Portal (Bot, Reset Token)'),
    ];
  if (me.status !== 200) return [wrong(`discord: answered with status ${me.status}; try again later`)];
  const found: Finding[] = [ok('discord: the token is good')];

  const application = (await get('/applications/@me'))?.body;
  const id = typeof application?.id === 'string' ? application.id : undefined;
  const given = settings.DISCORD_APPLICATION_ID;
  if (given && id && id !== given)
    found.push(
      wrong(
        'discord: DISCORD_APPLICATION_ID is not the application of DISCORD_TOKEN; copy it from General Information',
      ),
    );
  if (Number(application?.flags ?? 0) & MESSAGE_CONTENT)
    found.push(note('discord: the Message Content intent is switched on; the bot does not need it, so switch it off'));
  else found.push(ok('discord: no privileged intent is switched on, and none is needed'));

  const limit = (await get('/gateway/bot'))?.body.session_start_limit as { readonly remaining?: unknown } | undefined;
  if (limit?.remaining === 0)
    found.push(wrong('discord: no connection is left for today; wait a day, and look why the bot restarts so often'));

  const owner = given ?? id;
  if (owner) {
    const place = settings.DISCORD_GUILD_ID ? `/guilds/${settings.DISCORD_GUILD_ID}` : '';
    const commands = await get(`/applications/${owner}${place}/commands`);
    if (commands?.status === 200 && Array.isArray(commands.body) && commands.body.length)
      found.push(ok(`discord: ${commands.body.length} command(s) are registered`));
    else found.push(note('discord: no commands are registered; run `npm run register`'));
    const links = inviteLinks(owner);
    found.push(
      note(`discord: add it to a server: ${links.server}`),
      note(`discord: add it for yourself: ${links.person}`),
    );
  }
  return found;
}
