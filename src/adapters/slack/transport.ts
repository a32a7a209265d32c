import type { IncomingMessage, ServerResponse } from 'node:http';
import { App, HTTPReceiver, type Logger, LogLevel, type Receiver, SocketModeReceiver, webApi } from '@slack/bolt';
import { type ChannelContext, ChannelError } from '../channel.ts';
import { clientOptions, failureOf } from './calls.ts';
import type { SlackOptions } from './channel.ts';
import { createInstallations } from './installations.ts';
import { SCOPES } from './names.ts';
import { EVENTS_PATH, HTTP_PREFIX, INSTALL_PATH, REDIRECT_PATH } from './paths.ts';

/** A request with a larger body than this is refused with 413, in bytes: Slack's own stay far below. */
const BODY_LIMIT = 1024 * 1024;

/** How messages come in. */
export interface Transport {
  readonly app: App;
  readonly isConnected: () => boolean;
  readonly start: () => Promise<void>;
  /** Takes no more messages. */
  readonly close: () => Promise<void>;
}

/** Bolt's log in ours. Its debug lines hold what people wrote, so they are dropped whatever the level is. */
export function boltLogger(context: Pick<ChannelContext, 'log'>): Logger {
  const line = (message: unknown[]) =>
    message
      .map((m) => (m instanceof Error ? `${m.name}: ${m.message}` : typeof m === 'string' ? m : ''))
      .join(' ')
      .slice(0, 400);
  const told = (...message: unknown[]) => ({ err: Object.assign(new Error(line(message)), { name: 'Bolt' }) });
  return {
    debug: () => {},
    info: () => {},
    warn: (...message) => context.log.warn(told(...message), 'slack: bolt'),
    error: (...message) => context.log.warn(told(...message), 'slack: bolt'),
    getLevel: () => LogLevel.WARN,
    setLevel: () => {},
    setName: () => {},
  };
}

/** What is wrong when Slack does not let the bot in, and what to do. */
export function startFault(error: unknown, setting: string): string {
  const failure = failureOf(error);
  if (failure.kind !== 'refused')
    return `Slack cannot be reached (${failure.kind}): check the network and SLACK_API_URL`;
  switch (failure.reason) {
    case 'invalid_auth':
    case 'not_authed':
    case 'token_revoked':
    case 'token_expired':
    case 'account_inactive':
    case 'not_allowed_token_type':
      return `${setting} is refused by Slack (${failure.reason}): copy it anew from the app's page at api.slack.com/apps`;
    case 'missing_scope':
      return `${setting} lacks a scope: SLACK_APP_TOKEN needs connections:write, the bot ${SCOPES.join(' ')}; install the app anew`;
    default:
      return `Slack refuses to begin (${failure.reason}): check ${setting} and the app's settings`;
  }
}

interface Identity {
  readonly botId: string;
  readonly botUserId: string;
}

/** Asks Slack who the token is, and warns of scopes that are missing. Rejects with a ChannelError. */
async function whoAmI(options: SlackOptions, context: ChannelContext): Promise<Identity> {
  const client = new webApi.WebClient(options.botToken, {
    ...clientOptions(options.apiUrl),
    retryConfig: { retries: 3, minTimeout: 300, factor: 2 },
    logger: boltLogger(context),
  });
  try {
    const me = await client.auth.test();
    const granted = me.response_metadata?.scopes ?? [];
    const missing = granted.length ? SCOPES.filter((s) => !granted.includes(s)) : [];
    if (missing.length)
      context.log.warn({ missing }, 'slack: scopes are missing, install the app anew from slack/manifest.json');
    return { botId: me.bot_id ?? '', botUserId: me.user_id ?? '' };
  } catch (error) {
    throw new ChannelError(startFault(error, 'SLACK_BOT_TOKEN'), { cause: error });
  }
}

const appFor = (receiver: Receiver, options: SlackOptions, context: ChannelContext, me: Identity | undefined): App =>
  new App({
    receiver,
    // Without a token the installer of the receiver says which token belongs to a workspace.
    ...(me ? { token: options.botToken ?? '', botId: me.botId, botUserId: me.botUserId } : {}),
    clientOptions: clientOptions(options.apiUrl),
    logger: boltLogger(context),
    logLevel: LogLevel.WARN,
    convoStore: false,
  });

/** Socket Mode: Slack is reached by a connection that the bot opens, so no public address is needed. */
async function openSocket(options: SlackOptions, context: ChannelContext): Promise<Transport> {
  const me = await whoAmI(options, context);
  const receiver = new SocketModeReceiver({
    appToken: options.appToken ?? '',
    logger: boltLogger(context),
    logLevel: LogLevel.WARN,
    // Opening a connection is repeated for hours; only a refusal ends it. Client options of the app do not belong here.
    installerOptions: {
      clientOptions: {
        ...(options.apiUrl ? { slackApiUrl: options.apiUrl } : {}),
        timeout: 10_000,
        retryConfig: { retries: 1000, factor: 1.3, minTimeout: 500, maxTimeout: 30_000 },
      },
    },
  });
  const { client } = receiver;
  let isUp = false;
  let hasStarted = false;
  client.on('connected', () => {
    isUp = true;
  });
  client.on('close', () => {
    isUp = false;
  });
  client.on('reconnecting', () => context.count('reconnect'));
  let refuseStart: (error: unknown) => void = () => {};
  const refused = new Promise<never>((_, reject) => {
    refuseStart = reject;
  });
  refused.catch(() => undefined);
  // The library lets a refusal at a reconnect go by as an unhandled rejection, which would end the process without a word.
  const inside = client as unknown as { retrieveWSSURL: () => Promise<string> };
  const retrieve = inside.retrieveWSSURL.bind(client);
  inside.retrieveWSSURL = async () => {
    try {
      return await retrieve();
    } catch (error) {
      if (hasStarted) context.fatal(startFault(error, 'SLACK_APP_TOKEN'));
      else refuseStart(error);
      return new Promise<never>(() => {});
    }
  };
  return {
    app: appFor(receiver, options, context, me),
    isConnected: () => isUp,
    async start() {
      try {
        await Promise.race([receiver.start(), refused]);
        hasStarted = true;
      } catch (error) {
        throw new ChannelError(startFault(error, 'SLACK_APP_TOKEN'), { cause: error });
      }
    },
    async close() {
      isUp = false;
      await receiver.stop();
    },
  };
}

/** Slack over HTTP, below /slack of the bot's own server: one workspace by a token, or many by OAuth. */
async function openHttp(options: SlackOptions, context: ChannelContext): Promise<Transport> {
  const { oauth } = options;
  const me = oauth ? undefined : await whoAmI(options, context);
  const receiver = new HTTPReceiver({
    signingSecret: options.signingSecret ?? '',
    endpoints: EVENTS_PATH,
    bodyLimit: BODY_LIMIT,
    logger: boltLogger(context),
    logLevel: LogLevel.WARN,
    ...(oauth
      ? {
          clientId: oauth.clientId,
          clientSecret: oauth.clientSecret,
          stateSecret: oauth.stateSecret,
          scopes: [...SCOPES],
          installationStore: createInstallations(oauth.vault),
          installerOptions: {
            directInstall: true,
            installPath: INSTALL_PATH,
            redirectUriPath: REDIRECT_PATH,
            clientOptions: clientOptions(options.apiUrl),
            ...(options.apiUrl ? { authorizationUrl: new URL('/oauth/v2/authorize', options.apiUrl).href } : {}),
          },
        }
      : {}),
  });
  let isOpen = false;
  const refuse = (response: ServerResponse, status: number) => {
    response.writeHead(status);
    response.end();
  };
  const take = (request: IncomingMessage, response: ServerResponse) => {
    // Slack sends again what is refused, to a process that takes it.
    if (!isOpen) return refuse(response, 503);
    try {
      receiver.requestListener(request, response);
    } catch {
      refuse(response, 404);
    }
  };
  return {
    app: appFor(receiver, options, context, me),
    isConnected: () => isOpen,
    async start() {
      context.mount(HTTP_PREFIX, take);
      isOpen = true;
    },
    async close() {
      isOpen = false;
    },
  };
}

/** Socket Mode when there is an app token and one workspace, else HTTP. Rejects with a ChannelError that says what to mend. */
export function openTransport(options: SlackOptions, context: ChannelContext): Promise<Transport> {
  if (options.oauth && options.botToken)
    context.log.warn(
      'slack: SLACK_BOT_TOKEN is not used, since SLACK_CLIENT_ID is set: each workspace installs the app',
    );
  if (options.oauth && options.appToken)
    context.log.warn('slack: SLACK_APP_TOKEN is not used, since SLACK_CLIENT_ID is set: many workspaces go over HTTP');
  return options.appToken && !options.oauth ? openSocket(options, context) : openHttp(options, context);
}
