import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Brain } from '../src/core/brain.ts';
import { takeTurn } from '../src/core/dialogue.ts';
import { LAST, MOST_QUESTIONS, questionOf, SKIPPED } from '../src/core/interview.ts';
import type { Reply } from '../src/core/reply.ts';
import { freshSession, type Session } from '../src/core/session.ts';
import type { Case } from './cases.ts';

const Answers = z.record(z.string(), z.record(z.string(), z.string()));
const known = Answers.parse(parse(readFileSync(new URL('interview-answers.yaml', import.meta.url), 'utf8')));

/** Turns that an interview may take at most; a longer one has gone astray. */
const MOST_TURNS = MOST_QUESTIONS + 4;

/** Lets a runner of a profile go through the guided interview: presses when an option is named, types when words stand there. */
export function interviewed(
  brain: Brain,
  profile: Pick<Case<'interviews'>, 'id' | 'answers'>,
): { readonly said: readonly string[]; readonly replies: readonly Reply[] } {
  const answers = profile.answers ?? known[profile.id] ?? {};
  const said: string[] = [];
  const replies: Reply[] = [];
  let session: Session = freshSession;
  const take = (text: string, choice?: string): void => {
    const message = {
      id: `${profile.id}:${said.length}`,
      conversation: profile.id,
      text,
      ...(choice ? { choice } : {}),
    };
    const turn = takeTurn(brain, session, message);
    session = turn.session;
    said.push(choice ?? text);
    replies.push(turn.reply);
  };
  take('', 'cause');
  while (session.open?.kind === 'interview' && said.length < MOST_TURNS) {
    const { question: id } = session.open;
    const question = questionOf(brain.corpus.questions.interview, session.interview?.answers ?? [], id);
    // The last question gathers what was not asked: the runner presses what is true of him.
    const answer =
      id === LAST
        ? (question?.options.find((o) => {
            const [asked = '', option] = o.id.split('.');
            return option !== undefined && answers[asked] === option;
          })?.id ?? SKIPPED)
        : (answers[id] ?? SKIPPED);
    if (answer === SKIPPED || question?.options.some((o) => o.id === answer)) take('', `opt:${id}:${answer}`);
    else take(answer);
  }
  return { said, replies };
}
