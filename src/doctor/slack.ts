import { SCOPES } from '../adapters/slack/names.ts';
import type { Settings } from '../settings.ts';
import { ask, type Finding, note, ok, wrong } from './finding.ts';

/** Checks the Slack tokens and scopes, by asking Slack who they are. */
export async function examineSlack(settings: Settings): Promise<readonly Finding[]> {
  const base = (settings.SLACK_API_URL ?? 'https://slack.com/api/').replace(/\/?$/, '/');
  const { SLACK_BOT_TOKEN: bot, SLACK_APP_TOKEN: app, SLACK_CLIENT_ID: many } = settings;
  if (!bot && !many) return [note('slack: off, SLACK_BOT_TOKEN is not set')];
  const found: Finding[] = [];
  if (many) found.push(ok('slack: set up for many workspaces; each is asked when the app is installed there'));
  if (bot) {
    const me = await ask(`${base}auth.test`, `Bearer ${bot}`, 'POST');
    if (!me) return [wrong('slack: cannot be reached; check the network and SLACK_API_URL')];
    if (me.body.ok !== true)
      found.push(
        wrong(
          `slack: SLACK_BOT_TOKEN is refused (${codeOf(me.body.error)}); copy it from OAuth & Permissions of the app`,
        ),
      );
    else {
      found.push(ok('slack: the bot token is good'));
      const granted = new Set((me.headers.get('x-oauth-scopes') ?? '').split(',').map((s) => s.trim()));
      const missing = SCOPES.filter((scope) => !granted.has(scope));
      found.push(
        missing.length
          ? wrong(`slack: the app lacks ${missing.join(', ')}; add them under OAuth & Permissions and install it again`)
          : ok('slack: all scopes are granted'),
      );
    }
  }
  if (app) {
    const opened = await ask(`${base}apps.connections.open`, `Bearer ${app}`, 'POST');
    found.push(
      opened?.body.ok === true
        ? ok('slack: the app-level token is good, Socket Mode is on')
        : wrong(
            `slack: SLACK_APP_TOKEN is refused (${codeOf(opened?.body.error)}); make an app-level token with connections:write and switch Socket Mode on`,
          ),
    );
  }
  return found;
}

/** An error code of Slack, or nothing that could be something else. */
const codeOf = (error: unknown): string => (/^[a-z_]{1,40}$/.test(String(error)) ? String(error) : 'no answer');
