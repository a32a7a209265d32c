import { ABOUT_MESSAGE, COMMAND, EVENTS, SCOPES } from './names.ts';
import { EVENTS_PATH, REDIRECT_PATH } from './paths.ts';
import type { SlackWording } from './wording.ts';

/** How the app is reached. */
export interface Reach {
  /** The public https address of the bot's own server, for HTTP; absent = Socket Mode. */
  readonly url?: string | undefined;
  /** Many workspaces, by OAuth: tokens are rotated then, which a single token in the settings could not be. Needs `url`. */
  readonly many?: boolean | undefined;
}

/** The app's manifest, as api.slack.com/apps takes it: just what the code listens to and calls (names.ts), in the words of the corpus. */
export function manifestFor(own: SlackWording, { url, many = false }: Reach) {
  const base = url?.replace(/\/+$/, '');
  const requests = base ? { request_url: `${base}${EVENTS_PATH}` } : {};
  return {
    display_information: { name: own.app.name, description: own.app.description, background_color: '#1d4ed8' },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      agent_view: { agent_description: own.app.agent, suggested_prompts: own.prompts.list },
      bot_user: { display_name: own.app.bot, always_online: true },
      slash_commands: [
        {
          command: COMMAND,
          description: own.command.description,
          usage_hint: own.command.hint,
          should_escape: true,
          ...(base ? { url: `${base}${EVENTS_PATH}` } : {}),
        },
      ],
      shortcuts: [
        {
          name: own.shortcut.name,
          type: 'message',
          callback_id: ABOUT_MESSAGE,
          description: own.shortcut.description,
        },
      ],
    },
    oauth_config: {
      ...(base && many ? { redirect_urls: [`${base}${REDIRECT_PATH}`] } : {}),
      scopes: { bot: SCOPES },
    },
    settings: {
      event_subscriptions: { ...requests, bot_events: Object.keys(EVENTS).sort() },
      interactivity: { is_enabled: true, ...requests },
      org_deploy_enabled: false,
      socket_mode_enabled: base === undefined,
      token_rotation_enabled: many,
    },
  };
}
