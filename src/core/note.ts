import type { SignWords, Wording } from './corpus.ts';
import { fill } from './corpus.ts';
import type { Part } from './reply.ts';
import type { Session } from './session.ts';

/**
 * A short note to show a clinician, made from the facts of the session and never from the person's words: what was reported and
 * since when, which signs were denied, what was asked about. `undefined` means: there is nothing to note.
 */
export function noteOf(
  session: Session,
  wording: Wording,
  signs: ReadonlyMap<string, SignWords>,
  cueNames: ReadonlyMap<string, string>,
  titleOf: (topic: string) => string | undefined,
): Part | undefined {
  const n = wording.note;
  if (!session.signs.length && !session.denied.length && !session.topics.length) return undefined;
  const titled = (flag: string) => signs.get(flag)?.title;
  const named = (cues: readonly string[]) => cues.map((c) => cueNames.get(c)).filter((c) => c !== undefined);
  const told = session.signs.flatMap((sign) => {
    const title = titled(sign.flag);
    if (!title) return [];
    const cues = named(sign.cues);
    const since = cues.length ? ` (${fill(n.since, { cues: cues.join(', ') })})` : '';
    return [fill(n.reported, { title }) + since];
  });
  const denied = [...new Set(session.denied.flatMap((f) => titled(f) ?? []))].map((title) => fill(n.denied, { title }));
  const topics = session.topics.flatMap((t) => titleOf(t) ?? []);
  return {
    kind: 'list',
    title: n.title,
    items: [
      ...(told.length ? told : [n.none]),
      ...denied,
      ...(topics.length ? [fill(n.asked, { titles: topics.join('; ') })] : []),
      n.end,
    ],
  };
}
