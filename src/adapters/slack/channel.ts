import { setTimeout as wait } from 'node:timers/promises';
import type { Questions, Wording } from '../../core/corpus.ts';
import type { Keeps } from '../../core/privacy.ts';
import type { Channel, ChannelContext } from '../channel.ts';
import type { InstallationVault } from '../vault.ts';
import { listen } from './listeners.ts';
import { openTransport, type Transport } from './transport.ts';
import type { SlackWording } from './wording.ts';

/** What the Slack channel is made with. */
export interface SlackOptions {
  /** Token of the one workspace; absent with `oauth`. */
  readonly botToken?: string | undefined;
  /** App-level token: Socket Mode. */
  readonly appToken?: string | undefined;
  /** Signs what comes over HTTP. */
  readonly signingSecret?: string | undefined;
  /** Many workspaces: how they are installed and where their tokens are kept. */
  readonly oauth?:
    | {
        readonly clientId: string;
        readonly clientSecret: string;
        readonly stateSecret: string;
        readonly vault: InstallationVault;
      }
    | undefined;
  /** Web API base, for tests and proxies; absent = Slack itself. */
  readonly apiUrl?: string | undefined;
  readonly wording: Wording;
  readonly own: SlackWording;
  readonly questions: Questions;
  /** For the privacy notice in the App Home. */
  readonly keeps: Keeps;
}

/** A Slack app that answers its command, mentions, direct messages, a message shortcut, its Home and its forms. */
export function createSlackChannel(options: SlackOptions, context: ChannelContext): Channel {
  const running = new Set<Promise<unknown>>();
  let transport: Transport | undefined;
  return {
    name: 'slack',
    async start() {
      transport = await openTransport(options, context);
      listen(transport.app, options, context, running);
      await transport.start();
    },
    isConnected: () => transport?.isConnected() ?? false,
    async stop(deadlineMs) {
      const late = new AbortController();
      const deadline = wait(deadlineMs, undefined, { signal: late.signal }).catch(() => undefined);
      await Promise.race([transport?.close(), deadline]);
      // What was taken is answered; that may start more, so it is looked at again until nothing runs.
      const drained = (async () => {
        while (running.size) await Promise.allSettled(running);
      })();
      await Promise.race([drained, deadline]);
      late.abort();
    },
  };
}
