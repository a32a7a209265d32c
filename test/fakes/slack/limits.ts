/**
 * Slack's limits, written down from its documentation and apart from the adapter's own table. Each function names what is wrong, one
 * line a fault; nothing means: Slack would take it.
 */

type Json = Record<string, unknown>;
const isObject = (v: unknown): v is Json => typeof v === 'object' && v !== null && !Array.isArray(v);
const list = (v: unknown): Json[] => (Array.isArray(v) ? v.filter(isObject) : []);
const length = (v: unknown): number => (typeof v === 'string' ? v.length : 0);

/** Characters that begin a mention, a link or an entity of Slack's own, where none may stand. */
const isUnescaped = (text: string): boolean => /[<>]/.test(text) || /&(?!amp;|lt;|gt;)/.test(text);
const isBroken = (text: string): boolean => /\p{Surrogate}/u.test(text);

function textFaults(at: string, text: unknown, most: number, kinds: readonly string[]): string[] {
  if (!isObject(text)) return [`${at}: no text object`];
  const said = typeof text.text === 'string' ? text.text : '';
  return [
    ...(kinds.includes(String(text.type)) ? [] : [`${at}: type ${text.type}`]),
    ...(said.length < 1 ? [`${at}: empty`] : []),
    ...(said.length > most ? [`${at}: ${said.length} of ${most} characters`] : []),
    ...(text.type === 'mrkdwn' && isUnescaped(said) ? [`${at}: unescaped < > or &`] : []),
    ...(isBroken(said) ? [`${at}: half a surrogate pair`] : []),
    ...(text.type === 'mrkdwn' && text.verbatim !== true ? [`${at}: not verbatim`] : []),
  ];
}

const plain = (at: string, text: unknown, most: number) => textFaults(at, text, most, ['plain_text']);

function optionFaults(at: string, options: unknown, most: number): string[] {
  const all = list(options);
  return [
    ...(all.length < 1 || all.length > most ? [`${at}: ${all.length} options of ${most}`] : []),
    ...(new Set(all.map((o) => o.value)).size !== all.length ? [`${at}: two options of one value`] : []),
    ...all.flatMap((o, i) => [
      ...plain(`${at}.options[${i}]`, o.text, 75),
      ...(length(o.value) < 1 || length(o.value) > 75 ? [`${at}.options[${i}]: value of ${length(o.value)}`] : []),
    ]),
  ];
}

function elementFaults(at: string, element: Json): string[] {
  const id = length(element.action_id) > 255 ? [`${at}: action_id too long`] : [];
  switch (element.type) {
    case 'button':
      return [
        ...id,
        ...plain(`${at}.text`, element.text, 75),
        ...(length(element.value) > 2000 ? [`${at}: value too long`] : []),
        ...(element.style === undefined || element.style === 'primary' || element.style === 'danger'
          ? []
          : [`${at}: style`]),
        ...(isObject(element.confirm)
          ? [
              ...plain(`${at}.confirm.title`, element.confirm.title, 100),
              ...textFaults(`${at}.confirm.text`, element.confirm.text, 300, ['plain_text', 'mrkdwn']),
              ...plain(`${at}.confirm.confirm`, element.confirm.confirm, 30),
              ...plain(`${at}.confirm.deny`, element.confirm.deny, 30),
            ]
          : []),
      ];
    case 'static_select':
      return [
        ...id,
        ...plain(`${at}.placeholder`, element.placeholder, 150),
        ...optionFaults(at, element.options, 100),
      ];
    case 'radio_buttons':
      return [...id, ...optionFaults(at, element.options, 10)];
    case 'feedback_buttons':
      return [
        ...id,
        ...['positive_button', 'negative_button'].flatMap((name) => {
          const b = isObject(element[name]) ? element[name] : {};
          return [...plain(`${at}.${name}`, b.text, 75), ...(length(b.value) < 1 ? [`${at}.${name}: no value`] : [])];
        }),
      ];
    default:
      return [`${at}: element ${element.type}`];
  }
}

type Surface = 'message' | 'modal' | 'home';

function blockFaults(at: string, block: Json, surface: Surface): string[] {
  const id = length(block.block_id) > 255 ? [`${at}: block_id too long`] : [];
  const elements = list(block.elements);
  switch (block.type) {
    case 'section':
      return [...id, ...textFaults(`${at}.text`, block.text, 3000, ['mrkdwn', 'plain_text'])];
    case 'header':
      return [...id, ...plain(`${at}.text`, block.text, 150)];
    case 'divider':
      return id;
    case 'context':
      return [
        ...id,
        ...(elements.length < 1 || elements.length > 10 ? [`${at}: ${elements.length} elements`] : []),
        ...elements.flatMap((e, i) => textFaults(`${at}.elements[${i}]`, e, 3000, ['mrkdwn', 'plain_text'])),
      ];
    case 'actions':
      return [
        ...id,
        ...(elements.length < 1 || elements.length > 25 ? [`${at}: ${elements.length} elements`] : []),
        ...elements.flatMap((e, i) => elementFaults(`${at}.elements[${i}]`, e)),
      ];
    case 'context_actions':
      return [
        ...id,
        ...(surface === 'message' ? [] : [`${at}: only in messages`]),
        ...(elements.length < 1 || elements.length > 5 ? [`${at}: ${elements.length} elements`] : []),
        ...elements.flatMap((e, i) => elementFaults(`${at}.elements[${i}]`, e)),
      ];
    case 'input':
      return [
        ...id,
        ...(surface === 'modal' ? [] : [`${at}: only in modals here`]),
        ...plain(`${at}.label`, block.label, 2000),
        ...elementFaults(`${at}.element`, isObject(block.element) ? block.element : {}),
      ];
    default:
      return [`${at}: block ${block.type}`];
  }
}

/** Sum of the characters of all text of blocks. */
const sumOf = (value: unknown): number =>
  Array.isArray(value)
    ? value.reduce((n: number, v) => n + sumOf(v), 0)
    : isObject(value)
      ? Object.entries(value).reduce(
          (n, [k, v]) => n + (k === 'text' && typeof v === 'string' ? v.length : sumOf(v)),
          0,
        )
      : 0;

function blocksFaults(blocks: unknown, surface: Surface, most: number): string[] {
  const all = list(blocks);
  const ids = all.flatMap((b) => (typeof b.block_id === 'string' ? [b.block_id] : []));
  const actions = all.flatMap((b) =>
    list(b.elements).flatMap((e) => (typeof e.action_id === 'string' ? [e.action_id] : [])),
  );
  return [
    ...(all.length < 1 || all.length > most ? [`${all.length} blocks of ${most}`] : []),
    ...(sumOf(all) > 13_200 ? [`msg_blocks_too_long: ${sumOf(all)}`] : []),
    ...(new Set(ids).size !== ids.length ? ['two blocks of one block_id'] : []),
    ...(new Set(actions).size !== actions.length ? ['two elements of one action_id'] : []),
    ...all.flatMap((b, i) => blockFaults(`blocks[${i}]`, b, surface)),
  ];
}

/** What is wrong with a message, posted or sent to a response_url. */
export function messageFaults(message: Json): string[] {
  const text = typeof message.text === 'string' ? message.text : '';
  return [
    ...(text.trim() ? [] : ['no text beside the blocks']),
    ...(text.length > 4000 ? [`text of ${text.length}`] : []),
    ...(isUnescaped(text) ? ['text: unescaped < > or &'] : []),
    ...(isBroken(text) ? ['text: half a surrogate pair'] : []),
    ...(message.blocks === undefined ? [] : blocksFaults(message.blocks, 'message', 50)),
    ...(message.thread_ts === '' ? ['invalid_thread_ts'] : []),
    ...(message.link_names ? ['link_names'] : []),
    ...(message.parse === 'none' ? [] : ['parse is not none']),
    ...(message.unfurl_links === false && message.unfurl_media === false ? [] : ['links unfurl']),
  ];
}

/** What is wrong with a view. */
export function viewFaults(view: unknown): string[] {
  if (!isObject(view)) return ['no view'];
  if (view.type === 'home') return blocksFaults(view.blocks, 'home', 100);
  if (view.type !== 'modal') return [`view type ${view.type}`];
  const hasInput = list(view.blocks).some((b) => b.type === 'input');
  return [
    ...plain('title', view.title, 24),
    ...(view.submit === undefined ? (hasInput ? ['inputs without submit'] : []) : plain('submit', view.submit, 24)),
    ...(view.close === undefined ? [] : plain('close', view.close, 24)),
    ...(length(view.callback_id) > 255 ? ['callback_id too long'] : []),
    ...(length(view.private_metadata) > 3000 ? ['private_metadata too long'] : []),
    ...blocksFaults(view.blocks, 'modal', 100),
  ];
}

/** What is wrong with suggested prompts. */
export function promptFaults(args: Json): string[] {
  const prompts = list(args.prompts);
  return [
    ...(args.thread_ts === undefined ? [] : ['thread_ts, which agent_view does not take']),
    ...(prompts.length < 1 || prompts.length > 4 ? [`${prompts.length} prompts`] : []),
    ...prompts.flatMap((p, i) => (length(p.title) && length(p.message) ? [] : [`prompts[${i}]: empty`])),
  ];
}
