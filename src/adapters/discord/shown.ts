import type { APIMessageTopLevelComponent, JSONEncodable, MessageFlags } from 'discord.js';
import type { Wording } from '../../core/corpus.ts';
import { publicView } from '../../core/public-view.ts';
import type { Choice, Reply } from '../../core/reply.ts';
import { type CardWords, type DiscordPayload, type RenderOptions, renderCard, renderPlain } from './render.ts';
import type { DiscordWording } from './wording.ts';

/** A reply in both of its forms: the card, and the plain message for where the card is refused. */
export interface Shown {
  readonly card: DiscordPayload;
  readonly plain: DiscordPayload;
}

/** A payload as the client library takes it. What it is given as JSON it sends as it is; anything else it walks through key by key. */
export const bodyOf = (payload: DiscordPayload, flags: number = payload.flags) => ({
  ...payload,
  components: payload.components.map(
    (component): JSONEncodable<APIMessageTopLevelComponent> => ({ toJSON: () => component }),
  ),
  flags: flags as MessageFlags.IsComponentsV2,
});

/** Who sees a reply: the person alone in a shared place, the person in a direct message, or everybody. */
export type Audience = 'alone' | 'direct' | 'all';

/** How replies are shown in Discord: what goes to whom, with which buttons. */
export interface Shows {
  /** A reply to a person's own message or press. For everybody it becomes the public view: nothing a person told about the body. */
  readonly reply: (reply: Reply, audience: Audience) => Shown;
  /** A reply to somebody else's message: general words only, and never a question that the wrong person would answer. */
  readonly aboutOther: (reply: Reply, audience: Audience) => Shown;
  /** Answers of the article for everybody: from no conversation, so nothing of any person. */
  readonly shared: (answers: readonly Reply[]) => Shown;
  /** One sentence. */
  readonly sentence: (text: string, audience: Audience) => Shown;
}

/** Makes the ways to show a reply from the corpus' words and its topics, which are asked for anew each time: a corpus can be read again. */
export function createShows(wording: Wording, own: DiscordWording, topics: () => readonly Choice[]): Shows {
  const words: CardWords = {
    warning: own.warning,
    source: own.source,
    topics: wording.offers.topics,
    share: wording.offers.share,
    helpful: own.helpful,
    unhelpful: own.unhelpful,
  };
  const both = (reply: Pick<Reply, 'parts' | 'urgency'>, options: Omit<RenderOptions, 'words' | 'topics'>): Shown => {
    const all = { words, topics: topics(), ...options };
    return {
      card: renderCard(reply, all),
      // Made when a card was refused, which hardly happens.
      get plain() {
        return renderPlain(reply, all);
      },
    };
  };
  const show: Shows['reply'] = (reply, audience) => {
    const seen = audience === 'all' ? publicView(reply, wording) : reply;
    const [first] = seen.sources;
    const isAnswer = reply.kind === 'answer' && first !== undefined;
    return both(seen, {
      ephemeral: audience === 'alone',
      ...(isAnswer ? { feedback: first.topic } : {}),
      ...(isAnswer && audience === 'alone' && !reply.personal ? { share: seen.sources.map((s) => s.topic) } : {}),
    });
  };
  const sentence: Shows['sentence'] = (text, audience) =>
    both({ urgency: 'none', parts: [{ kind: 'text', text }] }, { ephemeral: audience === 'alone' });
  return {
    reply: show,
    sentence,
    aboutOther(reply, audience) {
      const isWarned = reply.parts.some((p) => p.kind === 'warning');
      if (!isWarned && reply.personal) return sentence(own['ask-them'], audience);
      const { parts, ...general } = isWarned ? publicView(reply, wording) : reply;
      const isTheirs = (p: (typeof parts)[number]) => p.kind === 'choices' && (p.asks || isWarned);
      return show({ ...general, personal: false, parts: parts.filter((p) => !isTheirs(p)) }, audience);
    },
    shared: (answers) => both({ urgency: 'none', parts: answers.flatMap((a) => a.parts) }, { ephemeral: false }),
  };
}
