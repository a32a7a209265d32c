import type { types, webApi } from '@slack/bolt';
import type { Wording } from '../../core/corpus.ts';
import { publicView } from '../../core/public-view.ts';
import type { Part, Reply } from '../../core/reply.ts';
import type { ChannelContext } from '../channel.ts';
import { isInTime } from '../in-time.ts';
import { answerAt, call, failureOf, post, type UrlAnswer } from './calls.ts';
import type { FormName } from './names.ts';
import { type Place, type RenderOptions, renderSlack, type SlackPayload, sentence } from './render.ts';
import { replyView, shownView, waitingView } from './views.ts';
import type { SlackWording } from './wording.ts';

/** Who wrote or pressed something, and the client that speaks for the bot there. */
export interface Caller {
  readonly client: webApi.WebClient;
  /** The workspace, or the organisation of an org-wide install. */
  readonly team: string;
  readonly user: string;
}

/** Something said to the bot. */
export interface Said {
  /** What Slack calls this delivery; the same is answered once. */
  readonly delivery: string;
  /** `once` is a talk of its own, that nothing follows. */
  readonly place: Place | 'once';
  /** The channel it was said in, for place `c`. */
  readonly channel?: string | undefined;
  readonly text?: string;
  readonly choice?: string;
}

/** A status is shown when an answer takes longer than this, in milliseconds: as a rule it is there at once. */
const STATUS_AFTER_MS = 400;
/** A modal is opened with 'one moment' when the answer takes longer: what opens it can be used for three seconds only. */
const OPEN_AFTER_MS = 1200;
/** A form that was sent is answered in the acknowledgement itself when the reply is there by then. */
const SUBMIT_AFTER_MS = 150;
/** How long the private words wait for the public ones, so that they can stand in the same thread. */
const PUBLIC_FIRST_MS = 2000;

/** Whether a channel is the direct talk of one person with the bot. */
export const isDirect = (channel: string): boolean => channel.startsWith('D');

const isWarned = (reply: Reply): boolean => reply.parts.some((p) => p.kind === 'warning' && p.urgency !== 'routine');

/** The ways in which a reply reaches a person. Each rejects with the fault of the last call when nothing reached them. */
export interface Talk {
  readonly say: (caller: Caller, said: Said) => Promise<Reply | undefined>;
  /** The reply to a message of somebody else: warnings in general words, and no question that the wrong person would answer. */
  readonly hearOther: (caller: Caller, delivery: string, text: string) => Promise<Reply | undefined>;
  readonly inDirect: (
    caller: Caller,
    at: { channel: string; thread: string },
    thinking: Promise<Reply | undefined>,
  ) => Promise<void>;
  readonly inChannel: (
    caller: Caller,
    at: { channel: string; thread: string; isThread: boolean },
    reply: Reply,
  ) => Promise<void>;
  readonly atUrl: (
    caller: Caller,
    url: string,
    reply: Reply,
    options: Omit<RenderOptions, 'own' | 'surface' | 'share'>,
    how: UrlAnswer,
  ) => Promise<void>;
  readonly inModal: (
    caller: Caller,
    at: { trigger: string } | { view: string },
    thinking: Promise<Reply | undefined>,
  ) => Promise<void>;
  /** In the place of a form that was sent: at once when the reply is there, else 'one moment' first. `ack` without a view closes it. */
  readonly inSubmission: (
    caller: Caller,
    view: string,
    thinking: Promise<Reply | undefined>,
    ack: (shown?: types.ModalView) => Promise<void>,
  ) => Promise<void>;
}

/** Makes the ways out. */
export function createTalk(context: ChannelContext, wording: Wording, own: SlackWording): Talk {
  const { log } = context;
  const count = () => context.count('rate-limit');

  const placeOf = ({ place, channel, delivery }: Said): string =>
    place === 'once' ? `once-${delivery}` : place === 'c' && channel ? channel : 'private';

  const say: Talk['say'] = (caller, said) =>
    context.respond({
      id: `slack:${caller.team}:${said.delivery}`,
      conversation: `slack:${caller.team}:${placeOf(said)}:${caller.user}`,
      text: said.text ?? '',
      ...(said.choice ? { choice: said.choice } : {}),
    });

  const hearOther: Talk['hearOther'] = async (caller, delivery, text) => {
    const reply = await say(caller, { delivery, place: 'once', text });
    // What somebody else wrote is not kept, least of all as findings of the person who asks.
    const conversation = `slack:${caller.team}:once-${delivery}:${caller.user}`;
    await context.respond({ id: `${conversation}:forget`, conversation, text: '', choice: 'forget' });
    if (!reply) return undefined;
    if (!reply.personal) return reply;
    const warnings = publicView(reply, wording).parts.filter((p) => p.kind === 'warning');
    const ask: Part = { kind: 'text', text: own['ask-them'] };
    return { ...reply, sources: [], parts: warnings.length ? warnings : [ask] };
  };

  const shown = (reply: Reply, place: Place, more: { form?: FormName | undefined; lead?: string | undefined } = {}) =>
    renderSlack(reply, { place, own, surface: 'message', ...more });

  const inDirect: Talk['inDirect'] = async (caller, { channel, thread }, thinking) => {
    const isSlow = !(await isInTime(thinking, STATUS_AFTER_MS));
    const status = (text: string) =>
      call(
        caller.client,
        'assistant.threads.setStatus',
        {
          channel_id: channel,
          thread_ts: thread,
          status: text,
          ...(text ? { loading_messages: own.status.loading } : {}),
        },
        false,
        count,
      ).catch((error: unknown) => log.info({ err: error }, 'slack: the status could not be set'));
    // Awaited before the answer is posted: a status that arrives after it would stay.
    if (isSlow) await status(own.status.text);
    const reply = await thinking;
    if (reply) await post(caller.client, { channel, thread }, shown(reply, 'p'), isWarned(reply), count);
    else if (isSlow) await status('');
  };

  /** To the person alone in a channel; where Slack does not let the bot, in a direct message. */
  const alone = async (
    caller: Caller,
    channel: string,
    thread: string | undefined,
    payload: SlackPayload,
    warned: boolean,
  ) => {
    try {
      await post(caller.client, { channel, thread, onlyFor: caller.user }, payload, warned, count);
    } catch (error) {
      if (failureOf(error).kind === 'unknown') throw error;
      log.warn({ err: error }, 'slack: a private answer in a channel was refused, it goes as a direct message');
      await post(caller.client, { channel: caller.user }, payload, warned, count);
    }
  };

  const inChannel: Talk['inChannel'] = async (caller, { channel, thread, isThread }, reply) => {
    const open = shown(publicView(reply, wording), 'c');
    const warned = isWarned(reply);
    if (!reply.personal) {
      try {
        return await post(caller.client, { channel, thread }, open, warned, count);
      } catch (error) {
        if (failureOf(error).kind !== 'refused') throw error;
        // The channel lets the bot read but not write: the person is answered in private rather than not at all.
        return post(caller.client, { channel: caller.user }, shown(reply, 'p'), warned, count);
      }
    }
    // What others see at once: only what this very message said openly. A sign told earlier, or in private, is nobody's business.
    const isToldHere = warned && (reply.evidence?.length ?? 0) > 0;
    const opened = isToldHere
      ? post(caller.client, { channel, thread }, open, true, count).then(
          () => true,
          (error: unknown) => {
            log.warn({ err: error }, 'slack: the public part of a warning could not be posted');
            return false;
          },
        )
      : Promise.resolve(false);
    // Slack shows private words in a thread only when the thread has begun.
    const hasThread = isThread || (isToldHere && (await isInTime(opened, PUBLIC_FIRST_MS)) && (await opened));
    try {
      await alone(caller, channel, hasThread ? thread : undefined, shown(reply, 'c'), warned);
    } catch (error) {
      if (!(await opened)) throw error;
      log.warn({ err: error }, 'slack: the private part of a warning could not be posted');
    }
    await opened;
  };

  const atUrl: Talk['atUrl'] = async (caller, url, reply, options, how) => {
    const topic = reply.sources[0]?.topic;
    const share =
      reply.kind === 'answer' && topic && !reply.personal ? { topic, label: wording.offers.share } : undefined;
    const payload = renderSlack(reply, { ...options, own, surface: 'message', share });
    try {
      await answerAt(url, payload, how, isWarned(reply), count);
    } catch (error) {
      // The address is used up or gone: a danger sign reaches the person all the same.
      if (!isWarned(reply)) throw error;
      await post(caller.client, { channel: caller.user }, payload, true, count);
    }
  };

  const inView = (reply: Reply): types.ModalView =>
    replyView(renderSlack(reply, { place: 'p', own, surface: 'modal' }), wording, own);

  const inModal: Talk['inModal'] = async (caller, at, thinking) => {
    const update = (view: string, body: types.ModalView) =>
      call(caller.client, 'views.update', { view_id: view, view: body }, true, count);
    let view = 'view' in at ? at.view : undefined;
    if ('trigger' in at && !(await isInTime(thinking, OPEN_AFTER_MS))) {
      const opened = await call(
        caller.client,
        'views.open',
        { trigger_id: at.trigger, view: waitingView(wording, own) },
        false,
        count,
      );
      view = (opened as { view?: { id?: string } }).view?.id;
    }
    const reply = await thinking;
    if (!reply) return;
    const body = inView(reply);
    try {
      if (view) await update(view, body);
      else if ('trigger' in at)
        await call(caller.client, 'views.open', { trigger_id: at.trigger, view: body }, false, count);
    } catch (error) {
      // The window was closed, or opened too late: a danger sign reaches the person all the same.
      if (!isWarned(reply)) throw error;
      await post(caller.client, { channel: caller.user }, shown(reply, 'p'), true, count);
    }
  };

  const inSubmission: Talk['inSubmission'] = async (caller, view, thinking, ack) => {
    if (!(await isInTime(thinking, SUBMIT_AFTER_MS))) {
      await ack(waitingView(wording, own));
      return inModal(caller, { view }, thinking);
    }
    try {
      const reply = await thinking;
      await ack(reply && inView(reply));
    } catch (error) {
      await ack(shownView(sentence(own.failed).blocks, wording, own));
      throw error;
    }
  };

  return { say, hearOther, inDirect, inChannel, atUrl, inModal, inSubmission };
}

/** Whether a failed reply is told to the person: not when it may have arrived. */
export const isWorthAnApology = (error: unknown): boolean => failureOf(error).kind !== 'unknown';
