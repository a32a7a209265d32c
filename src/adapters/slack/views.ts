import type { types } from '@slack/bolt';
import type { Questions, Wording } from '../../core/corpus.ts';
import { SKIPPED } from '../../core/interview.ts';
import { type Keeps, privacyOf } from '../../core/privacy.ts';
import type { Choice } from '../../core/reply.ts';
import { cutText } from '../cut.ts';
import { FORMS, type FormName, SHOWN } from './names.ts';
import { button, pressValue, rowsOf, type SlackPayload } from './render.ts';
import { fitted } from './text.ts';
import type { SlackWording } from './wording.ts';

type KnownBlock = types.KnownBlock;

/** Slack's limits for views. */
const TITLE = 24;
const BLOCKS = 100;
const SECTION = 3000;
const LABEL = 2000;
const OPTION = 75;

const plain = (text: string, most: number) => ({ type: 'plain_text', text: cutText(text, most), emoji: true }) as const;
const section = (text: string): KnownBlock => ({
  type: 'section',
  text: { type: 'mrkdwn', text: fitted(text, SECTION), verbatim: true },
});

/** A modal that shows blocks and can only be closed. */
export const shownView = (blocks: readonly KnownBlock[], wording: Wording, own: SlackWording): types.ModalView => ({
  type: 'modal',
  callback_id: SHOWN,
  title: plain(wording.title, TITLE),
  close: plain(own.close, TITLE),
  blocks: blocks.slice(0, BLOCKS),
});

/** A modal that says that the answer is on its way. */
export const waitingView = (wording: Wording, own: SlackWording): types.ModalView =>
  shownView([section(own.wait)], wording, own);

/** A modal that shows a rendered reply. */
export const replyView = (payload: SlackPayload, wording: Wording, own: SlackWording): types.ModalView =>
  shownView(payload.blocks, wording, own);

/** A question of a form: what is asked, and the choices that answer it in the talk. */
export interface FormQuestion {
  readonly id: string;
  readonly ask: string;
  readonly options: readonly Choice[];
}

/** The questions of a form, with options whose ids are choices of the talk. */
export function questionsOf(form: FormName, questions: Questions, wording: Wording): readonly FormQuestion[] {
  const o = wording.offers;
  switch (form) {
    case 'check':
      return questions.screening.map((q) => ({
        id: q.id,
        ask: q.ask,
        options: (['yes', 'no', 'unsure'] as const).map((a) => ({ id: `screen:${q.id}:${a}`, label: o[a] })),
      }));
    case 'cause':
      return questions.interview.questions.map((q) => ({
        id: q.id,
        ask: q.ask,
        options: [
          ...q.options.map((x) => ({ id: `opt:${q.id}:${x.id}`, label: x.label })),
          { id: `opt:${q.id}:${SKIPPED}`, label: o.unsure },
        ],
      }));
  }
}

/** The block that holds a question in a form. */
const blockIdOf = (question: string): string => `q:${question}`;
const ANSWER = 'answer';

/**
 * All questions of `check` or `cause` at once. The fields are optional for Slack, so that what is missing is told by us, field by field,
 * in our own words.
 */
export function formView(form: FormName, asked: readonly FormQuestion[], own: SlackWording): types.ModalView {
  const optionsOf = (q: FormQuestion) =>
    q.options.map((c) => ({ text: plain(c.label, OPTION), value: c.id.slice(0, OPTION) }));
  return {
    type: 'modal',
    callback_id: FORMS[form],
    title: plain(own.forms[form].title, TITLE),
    submit: plain(own.send, TITLE),
    close: plain(own.close, TITLE),
    blocks: [
      section(own.forms[form].intro),
      ...asked.slice(0, BLOCKS - 1).map(
        (q): KnownBlock => ({
          type: 'input',
          block_id: blockIdOf(q.id),
          optional: true,
          label: plain(q.ask, LABEL),
          element:
            form === 'check'
              ? { type: 'radio_buttons', action_id: ANSWER, options: optionsOf(q) }
              : {
                  type: 'static_select',
                  action_id: ANSWER,
                  placeholder: plain(own.pick, OPTION),
                  options: optionsOf(q),
                },
        }),
      ),
    ],
  };
}

/** What was picked in a form: choices by question id, and the fields without an answer with what to do. */
export interface FormAnswers {
  readonly picked: ReadonlyMap<string, string>;
  readonly errors: Readonly<Record<string, string>>;
}

type ViewState = Record<string, Record<string, { readonly selected_option?: { readonly value: string } | null }>>;

/** Reads what was sent from a form. An answer that is no option of its question counts as missing. */
export function answersOf(values: ViewState, asked: readonly FormQuestion[], own: SlackWording): FormAnswers {
  const picked = new Map<string, string>();
  const errors: Record<string, string> = {};
  for (const q of asked) {
    const value = values[blockIdOf(q.id)]?.[ANSWER]?.selected_option?.value;
    const choice = q.options.find((c) => c.id === value);
    if (choice) picked.set(q.id, choice.id);
    else errors[blockIdOf(q.id)] = own['pick-one'];
  }
  return { picked, errors };
}

/** The App Home: what the bot does, its topics as buttons, what it keeps, and a way to delete that. */
export function homeView(topics: readonly Choice[], wording: Wording, own: SlackWording, keeps: Keeps): types.HomeView {
  const o = wording.offers;
  const notice = privacyOf(wording, keeps);
  return {
    type: 'home',
    blocks: [
      { type: 'header', text: plain(wording.title, 150) },
      section(wording.help.text),
      section(wording.limit),
      ...rowsOf([
        button('form', 0, o.check, pressValue('p', 'check'), 'primary'),
        button('form', 1, o.cause, pressValue('p', 'cause')),
        button('choice', 100, o.note, pressValue('p', 'note')),
      ]),
      { type: 'divider' },
      section(wording.topics),
      ...rowsOf(topics.slice(0, 60).map((t, i) => button('choice', i, t.label, pressValue('p', t.id)))),
      { type: 'divider' },
      section(own.home.private),
      section(notice.text),
      section(notice.items.map((item) => `• ${item}`).join('\n')),
      ...rowsOf([
        {
          ...button('choice', 101, own.home.delete, pressValue('p', 'forget'), 'danger'),
          confirm: {
            title: plain(own.home.delete, 100),
            text: plain(own.home['delete-sure'], 300),
            confirm: plain(own.home['delete-yes'], 30),
            deny: plain(own.home['delete-no'], 30),
            style: 'danger',
          },
        },
      ]),
    ],
  };
}
