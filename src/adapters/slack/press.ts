import type { webApi } from '@slack/bolt';
import type { ChannelContext } from '../channel.ts';
import { answerAt, call, post } from './calls.ts';
import type { SlackOptions } from './channel.ts';
import { actionOf, type FormName, isForm } from './names.ts';
import { ASKS, pressOf, renderSlack, sentence } from './render.ts';
import { type Caller, isDirect, type Talk } from './talk.ts';
import { formView, questionsOf } from './views.ts';

/** What is read of something that was pressed; Slack sends much more. */
export interface Press {
  readonly action_id: string;
  readonly block_id?: string;
  readonly value?: string;
  readonly selected_option?: { readonly value: string } | null;
}
/** What is read of where it was pressed. */
export interface PressBody {
  readonly trigger_id: string;
  readonly response_url?: string;
  readonly container?: { readonly type?: string; readonly is_ephemeral?: boolean; readonly channel_id?: string };
  readonly channel?: { readonly id: string };
  readonly message?: { readonly ts: string; readonly thread_ts?: string };
  readonly view?: { readonly id: string; readonly type: string };
}

/** Makes what answers a press: on a button, a menu or feedback, in a message, a window or the Home. Rejects when nothing reached the person. */
export function createPress(
  context: ChannelContext,
  options: SlackOptions,
  talk: Talk,
): (caller: Caller, body: PressBody, action: Press) => Promise<unknown> {
  const { wording, own } = options;
  const count = () => context.count('rate-limit');

  const openForm = (client: webApi.WebClient, trigger: string, form: FormName) => {
    const view = formView(form, questionsOf(form, options.questions, wording), own);
    return call(client, 'views.open', { trigger_id: trigger, view }, false, count);
  };

  return async (caller, body, action) => {
    const url = body.response_url;
    const channel = body.container?.channel_id ?? body.channel?.id;
    const thread = body.message?.thread_ts ?? body.message?.ts;
    const isPrivatePost = body.container?.is_ephemeral === true;
    const inDirect = channel !== undefined && isDirect(channel) && !isPrivatePost;
    const at = { channel: channel ?? caller.user, thread };
    const how = {
      thread: body.message?.thread_ts,
      replaces: isPrivatePost && action.block_id?.startsWith(ASKS) === true,
    };
    const tell = (text: string) =>
      url
        ? answerAt(url, sentence(text), { thread: how.thread }, false, count)
        : post(caller.client, at, sentence(text), false, count);
    const pressed = pressOf(action.selected_option?.value ?? action.value ?? '');
    const kind = actionOf(action.action_id);
    if (!pressed || !kind) return tell(own.old);
    const { place, choice } = pressed;
    const [verb, topic = ''] = choice.split(':');
    switch (kind) {
      case 'feedback':
        context.feedback(topic, verb === 'helpful');
        return tell(own['thank-you']);
      case 'form':
        return isForm(choice) ? openForm(caller.client, body.trigger_id, choice) : tell(own.old);
      case 'share': {
        const reply = context.show(topic);
        if (!reply || !url) return tell(own.old);
        const payload = renderSlack(reply, { place: 'c', own, surface: 'message' });
        return answerAt(url, payload, { isPublic: true, thread: how.thread }, false, count);
      }
      case 'choice': {
        const thinking = talk.say(caller, { delivery: `press:${body.trigger_id}`, place, channel, choice });
        if (body.view)
          return talk.inModal(
            caller,
            body.view.type === 'home' ? { trigger: body.trigger_id } : { view: body.view.id },
            thinking,
          );
        if (inDirect && thread && channel) return talk.inDirect(caller, { channel, thread }, thinking);
        const reply = await thinking;
        if (!reply || !url) return undefined;
        return talk.atUrl(caller, url, reply, { place }, how);
      }
    }
  };
}
