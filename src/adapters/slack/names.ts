/**
 * What the app listens to and calls, in one place: the listeners are registered from it, the calls are typed by it, and the manifest is
 * made of it. A name that stands here has a listener, or it does not compile.
 */

/** The one slash command. */
export const COMMAND = '/backpain';

/** The message shortcut 'Ask about this message'. */
export const ABOUT_MESSAGE = 'about_message';

/** Events, and the scope each needs; `undefined` means: none. */
export const EVENTS = {
  app_home_opened: undefined,
  app_mention: 'app_mentions:read',
  app_uninstalled: undefined,
  'message.im': 'im:history',
  tokens_revoked: undefined,
} as const;
export type EventName = keyof typeof EVENTS;

/** Web API methods the bot calls, and the scope each needs; `undefined` means: none. */
export const METHODS = {
  'assistant.threads.setStatus': 'chat:write',
  'assistant.threads.setSuggestedPrompts': 'assistant:write',
  'auth.test': undefined,
  'chat.postEphemeral': 'chat:write',
  'chat.postMessage': 'chat:write',
  'views.open': undefined,
  'views.publish': undefined,
  'views.update': undefined,
} as const;
export type Method = keyof typeof METHODS;

/** The scope of slash commands and shortcuts. */
const COMMANDS_SCOPE = 'commands';

/** The bot scopes asked for: just what the events, calls and commands above need, sorted. */
export const SCOPES: readonly string[] = [
  ...new Set([COMMANDS_SCOPE, ...Object.values(EVENTS), ...Object.values(METHODS)]),
]
  .filter((s) => s !== undefined)
  .sort();

/** What can be sent from a form: the callback ids of the modals. */
export const FORMS = { check: 'check_form', cause: 'cause_form' } as const;
export type FormName = keyof typeof FORMS;
export const isForm = (name: string): name is FormName => name in FORMS;
/** The callback id of a modal that only shows a reply. */
export const SHOWN = 'shown_reply';

/** The kinds of things that can be pressed: an action id is one of them, then a colon and a number. */
export const ACTIONS = ['choice', 'feedback', 'form', 'share'] as const;
export type Action = (typeof ACTIONS)[number];

/** The kind of an action id; `undefined` means: not ours. */
export const actionOf = (actionId: string): Action | undefined => ACTIONS.find((a) => actionId.split(':')[0] === a);
