import { expect, test } from 'vitest';
import { readCorpusFolder } from '../../src/adapters/corpus-files.ts';
import { readRedFlags } from '../../src/adapters/red-flags-files.ts';
import { takeTurn } from '../../src/core/dialogue.ts';
import { type FlagExample, messagesOf } from '../../src/core/red-flags.ts';
import type { Reply } from '../../src/core/reply.ts';
import { freshSession } from '../../src/core/session.ts';
import { isAtLeast, rankOf, type Urgency } from '../../src/core/urgency.ts';
import { brain } from '../brain.ts';

const red = readRedFlags(readCorpusFolder('corpus'), undefined, []);
const flags = (red?.flags ?? []).flatMap((flag) => {
  const own = red?.examples.get(flag.id);
  return own ? [{ ...flag, ...own }] : [];
});
const levelOf = (example: FlagExample) => (typeof example === 'object' ? example.level : undefined);

/** The reply to the last message of an example, in a conversation of its own. */
function replyTo(example: FlagExample): Reply | undefined {
  let session = freshSession;
  let reply: Reply | undefined;
  for (const [i, text] of messagesOf(example).entries())
    ({ session, reply } = takeTurn(brain, session, { id: `${i}`, conversation: 'x', text }));
  return reply;
}

/**
 * Whether a reply is as pressing as words of a flag ask for. Words that deserve less than the flag's own level must get just that. A
 * crisis reply to a bodily emergency is no match: it names a crisis line where an ambulance is needed.
 */
function isRaised(reply: Reply, own: Urgency, given: Urgency | undefined): boolean {
  const wanted = given ?? own;
  if (rankOf(wanted) < rankOf(own)) return reply.urgency === wanted;
  return isAtLeast(reply.urgency, wanted) && (wanted !== 'emergency' || reply.urgency === 'emergency');
}

const told = (example: FlagExample, reply: Reply | undefined) =>
  `${reply?.urgency} [${reply?.signs.join(' ')}]: ${messagesOf(example).join(' // ')}`;

test.each(flags)('$id: each sentence that fires raises its level', ({ fires, level }) => {
  const missed = fires.flatMap((example) => {
    const reply = replyTo(example);
    return reply && isRaised(reply, level, levelOf(example)) ? [] : [told(example, reply)];
  });
  expect(missed).toEqual([]);
});

test.each(flags)('$id: each near miss stays below its level', ({ quiet, level }) => {
  const raised = quiet.flatMap((example) => {
    const reply = replyTo(example);
    const most = levelOf(example) ?? (level === 'routine' ? 'none' : 'routine');
    return reply && rankOf(reply.urgency) <= rankOf(most) ? [] : [told(example, reply)];
  });
  expect(raised).toEqual([]);
});

test('every flag but those of the second hearing is proved', () => {
  expect(flags.length).toBe(75);
});
