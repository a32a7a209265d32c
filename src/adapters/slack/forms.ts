import { LAST } from '../../core/interview.ts';
import type { Reply } from '../../core/reply.ts';
import type { FormName } from './names.ts';

/** More rounds than any form has questions. */
const MOST_ROUNDS = 40;

const isAlarm = (reply: Reply): boolean => reply.kind === 'escalate' || reply.kind === 'crisis';
const askedBy = (reply: Reply): readonly string[] =>
  reply.parts.flatMap((p) => (p.kind === 'choices' && p.asks ? p.choices.map((c) => c.id) : []));

/** What the form says to the interview's last question, whose options are those of the questions that the talk did not ask. */
const lastAnswer = (asked: readonly string[], picked: ReadonlySet<string>): string | undefined => {
  const lead = `opt:${LAST}:`;
  const options = asked.filter((id) => id.startsWith(lead));
  return (
    options.find((id) => picked.has(`opt:${id.slice(lead.length).replace('.', ':')}`)) ??
    options.find((id) => id === `${lead}none`)
  );
};

/**
 * Answers a whole form in the talk: the questions are taken in the order in which the talk asks them, each with what was picked. A
 * danger sign ends the talk's questions; they are taken up again as long as the form holds another yes, so that every sign counts.
 * Resolves to the reply to show: the last warning, else the last reply. `undefined` means: it was answered before.
 */
export async function fillIn(
  form: FormName,
  picked: ReadonlyMap<string, string>,
  say: (choice: string) => Promise<Reply | undefined>,
): Promise<Reply | undefined> {
  const left = new Set(picked.values());
  let said: string = form;
  let reply = await say(said);
  let warning: Reply | undefined;
  for (let round = 0; reply && round < MOST_ROUNDS; round++) {
    const asked = askedBy(reply);
    const answer = asked.find((id) => left.has(id)) ?? lastAnswer(asked, left);
    if (isAlarm(reply)) warning = reply;
    const isYesLeft = form === 'check' && [...left].some((id) => !id.endsWith(':no'));
    if (answer) left.delete(answer);
    else if (!warning || !isYesLeft || said === form) break;
    said = answer ?? form;
    reply = await say(said);
  }
  // A question that the form does not hold (it asks closer) is shown with the warning above it.
  return reply && askedBy(reply).length > 0 ? reply : (warning ?? reply);
}
