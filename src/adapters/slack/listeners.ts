import type { AllMiddlewareArgs, App } from '@slack/bolt';
import { COMMANDS } from '../../core/commands.ts';
import type { ChannelContext } from '../channel.ts';
import { answerAt, call, post } from './calls.ts';
import type { SlackOptions } from './channel.ts';
import { fillIn } from './forms.ts';
import { ABOUT_MESSAGE, COMMAND, type EventName, FORMS, type FormName, isForm } from './names.ts';
import { createPress, type Press, type PressBody } from './press.ts';
import { sentence } from './render.ts';
import { type Caller, createTalk, isDirect, isWorthAnApology } from './talk.ts';
import { plainWords } from './text.ts';
import { answersOf, homeView, questionsOf } from './views.ts';

/** What is read of a message; Slack sends much more. */
interface MessageEvent {
  readonly channel: string;
  readonly channel_type?: string;
  readonly user?: string;
  readonly bot_id?: string;
  readonly subtype?: string;
  readonly text?: string;
  readonly ts: string;
  readonly thread_ts?: string;
}
type Origin = Pick<AllMiddlewareArgs, 'client' | 'context'>;

/** Deliveries remembered by this process: Slack sends again within minutes. Over processes the store keeps the message's id. */
const SEEN = 10_000;

/** Kinds of messages that a person writes; all others are edits, joins and the like. */
const WRITTEN = new Set([undefined, 'file_share', 'thread_broadcast']);
const isWritten = (e: MessageEvent): boolean => !e.bot_id && Boolean(e.user) && WRITTEN.has(e.subtype);

/**
 * Registers a listener for all that the manifest names, and none beside it. What runs is held in `running` until it is done; what fails
 * is logged and told to the person, and never ends the process.
 */
export function listen(app: App, options: SlackOptions, context: ChannelContext, running: Set<Promise<unknown>>): void {
  const { wording, own } = options;
  const { log } = context;
  const talk = createTalk(context, wording, own);
  const count = () => context.count('rate-limit');
  const failed = sentence(own.failed);

  const seen = new Set<string>();
  const isNew = (delivery: string): boolean => {
    if (seen.has(delivery)) return false;
    seen.add(delivery);
    const oldest = seen.size > SEEN ? seen.values().next().value : undefined;
    if (oldest !== undefined) seen.delete(oldest);
    return true;
  };

  /** Runs one handler inside a boundary. */
  const guarded = (what: string, work: () => Promise<unknown>, apologise?: () => Promise<unknown>): Promise<void> => {
    const job: Promise<void> = work()
      .then(() => undefined)
      .catch(async (error: unknown) => {
        context.count('error');
        log.error({ what, err: error }, 'slack: a handler failed');
        if (apologise && isWorthAnApology(error))
          await apologise().catch((second: unknown) =>
            log.warn({ what, err: second }, 'slack: the apology could not be sent'),
          );
      })
      .finally(() => running.delete(job));
    running.add(job);
    return job;
  };

  const callerOf = ({ client, context: c }: Origin, user: string): Caller => ({
    client,
    team: c.teamId ?? c.enterpriseId ?? 'none',
    user,
  });

  app.error(async (error) => {
    context.count('error');
    log.warn({ err: error }, 'slack: an event was not taken');
  });

  // Slack delivers an event again when it hears no answer in time. The retry header says nothing of whether the first one arrived.
  app.use(async ({ body, next }) => {
    const id = (body as { event_id?: unknown }).event_id;
    if (typeof id === 'string' && !isNew(id)) return;
    const taken = next();
    running.add(taken);
    await taken.finally(() => running.delete(taken));
  });

  const onMessage = (origin: Origin, event: MessageEvent): Promise<void> | undefined => {
    if (!isWritten(event) || !isNew(`${event.channel}:${event.ts}`)) return undefined;
    const caller = callerOf(origin, event.user ?? '');
    const thread = event.thread_ts ?? event.ts;
    const at = { channel: event.channel, thread };
    const text = plainWords(event.text ?? '');
    const delivery = `${event.channel}:${event.ts}`;
    const said = text ? { delivery, text } : { delivery, choice: 'help' };
    return guarded(
      'message',
      async () => {
        if (isDirect(event.channel)) return talk.inDirect(caller, at, talk.say(caller, { ...said, place: 'p' }));
        const reply = await talk.say(caller, { ...said, place: 'c', channel: event.channel });
        if (reply) await talk.inChannel(caller, { ...at, isThread: Boolean(event.thread_ts) }, reply);
      },
      () => post(caller.client, at, failed, false, count),
    );
  };

  const onHome = (origin: Origin, event: { user: string; tab: string; channel: string }): Promise<void> => {
    const caller = callerOf(origin, event.user);
    if (event.tab === 'home') {
      const view = homeView(context.topics, wording, own, options.keeps);
      return guarded('home', () => call(caller.client, 'views.publish', { user_id: event.user, view }, true, count));
    }
    const prompts = { channel_id: event.channel, title: own.prompts.title, prompts: own.prompts.list };
    return guarded('prompts', () => call(caller.client, 'assistant.threads.setSuggestedPrompts', prompts, true, count));
  };

  const onGone = ({ context: c }: Origin): Promise<void> =>
    guarded('uninstalled', async () => {
      if (!options.oauth) return log.warn('slack: the app was removed from its workspace, or its token revoked');
      const { createInstallations } = await import('./installations.ts');
      await createInstallations(options.oauth.vault).deleteInstallation?.({
        teamId: c.teamId,
        enterpriseId: c.enterpriseId,
        isEnterpriseInstall: c.isEnterpriseInstall,
      });
      log.info('slack: an installation was deleted');
    });

  const events: Record<EventName, (origin: Origin, event: never) => Promise<void> | undefined> = {
    app_mention: onMessage,
    'message.im': onMessage,
    app_home_opened: onHome,
    app_uninstalled: onGone,
    tokens_revoked: (origin, event: { tokens?: { bot?: readonly string[] } }) =>
      event.tokens?.bot?.length ? onGone(origin) : undefined,
  };
  for (const [name, handle] of Object.entries(events))
    app.event(name.split('.')[0] ?? name, async ({ event, client, context: c }) =>
      handle({ client, context: c }, event as never),
    );

  app.command(COMMAND, async ({ command, ack, client, context: c }) => {
    await ack();
    const caller = callerOf({ client, context: c }, command.user_id);
    const text = plainWords(command.text ?? '');
    const wish = text ? COMMANDS.find((w) => w === text.toLowerCase()) : 'help';
    const delivery = `command:${command.trigger_id}`;
    await guarded(
      'command',
      async () => {
        // What is known from this channel goes too: 'forget' shall leave nothing behind where it is said.
        if (wish === 'forget')
          await talk.say(caller, { delivery: `${delivery}:c`, place: 'c', channel: command.channel_id, choice: wish });
        const reply = await talk.say(caller, { delivery, place: 'p', ...(wish ? { choice: wish } : { text }) });
        const form = wish && isForm(wish) ? wish : undefined;
        if (reply) await talk.atUrl(caller, command.response_url, reply, { place: 'p', form }, {});
      },
      () => answerAt(command.response_url, failed, {}, false, count),
    );
  });

  app.shortcut(ABOUT_MESSAGE, async ({ shortcut, ack, client, context: c }) => {
    await ack();
    if (shortcut.type !== 'message_action') return;
    const { message, response_url: url, user, trigger_id: trigger } = shortcut;
    const caller = callerOf({ client, context: c }, user.id);
    await guarded(
      'shortcut',
      async () => {
        const text = plainWords(message.text ?? '');
        if (!text) return answerAt(url, sentence(own['not-a-message']), {}, false, count);
        const delivery = `shortcut:${trigger}`;
        const isOwn = message.user === user.id;
        const reply = isOwn
          ? await talk.say(caller, { delivery, place: 'p', text })
          : await talk.hearOther(caller, delivery, text);
        const lead = isOwn ? undefined : own['about-other'];
        if (reply) await talk.atUrl(caller, url, reply, { place: 'p', lead }, {});
      },
      () => answerAt(url, failed, {}, false, count),
    );
  });

  const onPress = createPress(context, options, talk);

  app.action(/^/, async ({ action, body, ack, client, context: c }) => {
    await ack();
    const press = body as unknown as PressBody;
    const caller = callerOf({ client, context: c }, body.user.id);
    const channel = press.container?.channel_id ?? caller.user;
    await guarded(
      'press',
      () => onPress(caller, press, action as unknown as Press),
      () =>
        press.response_url
          ? answerAt(press.response_url, failed, {}, false, count)
          : post(client, { channel }, failed, false, count),
    );
  });

  for (const [form, callback] of Object.entries(FORMS) as [FormName, string][])
    app.view(callback, async ({ ack, view, body, client, context: c }) => {
      const caller = callerOf({ client, context: c }, body.user.id);
      const asked = questionsOf(form, options.questions, wording);
      const { picked, errors } = answersOf(view.state.values as never, asked, own);
      if (Object.keys(errors).length) return ack({ response_action: 'errors', errors });
      let round = 0;
      const thinking = fillIn(form, picked, (choice) =>
        talk.say(caller, { delivery: `form:${view.id}:${view.hash}:${round++}`, place: 'p', choice }),
      );
      await guarded('form', () =>
        talk.inSubmission(caller, view.id, thinking, (shown) =>
          shown ? ack({ response_action: 'update', view: shown }) : ack(),
        ),
      );
    });

  // What is no longer in the app, or not yet: Slack shows the person an error when nothing takes it.
  app.command(/^/, ({ command, ack }) => (command.command === COMMAND ? Promise.resolve() : ack(own.old)));
  app.shortcut(/^/, ({ shortcut, ack }) => (shortcut.callback_id === ABOUT_MESSAGE ? Promise.resolve() : ack()));
  app.options(/^/, ({ ack }) => ack({ options: [] }));
  app.view(/^/, ({ view, ack }) =>
    Object.values<string>(FORMS).includes(view.callback_id) ? Promise.resolve() : ack(),
  );
}
