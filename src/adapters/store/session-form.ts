import { z } from 'zod';
import { freshSession, type Session } from '../../core/session.ts';
import { URGENCIES } from '../../core/urgency.ts';

const Ids = z.array(z.string().max(80)).max(200);
const SessionForm = z.object({
  schema: z.literal(1),
  turn: z.number().int().min(0),
  signs: z
    .array(
      z.object({
        flag: z.string(),
        level: z.enum(URGENCIES),
        who: z.enum(['self', 'other']),
        cues: Ids,
        turn: z.number().int(),
      }),
    )
    .max(200),
  facts: Ids,
  denied: Ids,
  screened: Ids,
  topics: Ids,
  offered: Ids,
  open: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('topic'), topics: Ids }),
      z.object({ kind: z.literal('screen'), question: z.string(), whole: z.boolean() }),
      z.object({ kind: z.literal('interview'), question: z.string() }),
      z.object({ kind: z.literal('offer'), choice: z.string() }),
    ])
    .optional(),
  interview: z.object({ answers: z.array(z.tuple([z.string(), z.string()])).max(40), left: z.boolean() }).optional(),
  clarified: z.boolean(),
});

/** A session from its stored form; a fresh one when the form is not one that this version knows. */
export function readSession(body: string): Session {
  try {
    const result = SessionForm.safeParse(JSON.parse(body));
    return result.success ? (result.data as Session) : freshSession;
  } catch {
    return freshSession;
  }
}
