/** What a button or a menu of ours means when it is pressed. */
export type Press =
  /** A choice of the core. `asks` = it answers a question, so the question's own card may change in place. */
  | { readonly kind: 'choice'; readonly asks: boolean; readonly choice: string }
  /** A menu: the picked value is the choice. */
  | { readonly kind: 'menu'; readonly place: number }
  | { readonly kind: 'share'; readonly topics: readonly string[] }
  | { readonly kind: 'feedback'; readonly topic: string; readonly isHelpful: boolean };

/** The version of the ids: a press of another version gets a kind word instead of a wrong answer. */
const VERSION = 'b1';

/** The id of a component for a press, with the version in it; every two presses that differ have ids that differ. */
export function pressId(press: Press): string {
  switch (press.kind) {
    case 'choice':
      return `${VERSION}|${press.asks ? 'ask' : 'offer'}|${press.choice}`;
    case 'menu':
      return `${VERSION}|menu|${press.place}`;
    case 'share':
      return `${VERSION}|share|${press.topics.join('+')}`;
    case 'feedback':
      return `${VERSION}|${press.isHelpful ? 'helpful' : 'unhelpful'}|${press.topic}`;
  }
}

/** The press behind an id; `undefined` means: an old or foreign component. */
export function readPress(id: string): Press | undefined {
  const [, version, kind, rest = ''] = /^([^|]*)\|([^|]*)\|(.*)$/s.exec(id) ?? [];
  if (version !== VERSION || !rest) return undefined;
  switch (kind) {
    case 'ask':
    case 'offer':
      return { kind: 'choice', asks: kind === 'ask', choice: rest };
    case 'menu':
      return { kind, place: Number(rest) || 0 };
    case 'share':
      return { kind, topics: rest.split('+').slice(0, 2) };
    case 'helpful':
    case 'unhelpful':
      return { kind: 'feedback', topic: rest, isHelpful: kind === 'helpful' };
    default:
      return undefined;
  }
}
