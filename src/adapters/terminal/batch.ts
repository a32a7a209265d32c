import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Brain } from '../../core/brain.ts';
import { takeTurn } from '../../core/dialogue.ts';
import { plainText } from '../../core/plain.ts';
import type { Reply } from '../../core/reply.ts';
import { freshSession, type Session } from '../../core/session.ts';
import { URGENCIES } from '../../core/urgency.ts';

/** A line of a batch: one conversation. */
const BatchLine = z.object({ id: z.union([z.string(), z.number()]), turns: z.array(z.string()).min(1).max(200) });

/** The public form of a reply, for `batch` and `ask --json`: a stable contract. */
export const PublicReply = z.object({
  kind: z.enum(['answer', 'clarify', 'screen', 'escalate', 'crisis', 'out_of_scope', 'smalltalk', 'help']),
  urgency: z.enum(URGENCIES),
  signs: z.array(z.string()),
  sources: z.array(z.object({ topic: z.string(), title: z.string() })),
  confidence: z.number().min(0).max(1),
  text: z.string(),
});
export type PublicReply = z.infer<typeof PublicReply>;

/** A reply in its public form, text as a plain channel would show it. */
export const publicReply = (reply: Reply): PublicReply => ({
  kind: reply.kind,
  urgency: reply.urgency,
  signs: [...reply.signs],
  sources: reply.sources.map(({ topic, title }) => ({ topic, title })),
  confidence: Math.round(Math.min(1, Math.max(0, reply.confidence)) * 1000) / 1000,
  text: plainText(reply),
});

/** Takes a whole conversation from a fresh session; nothing is kept. */
export function converse(brain: Brain, id: string, turns: readonly string[]): readonly Reply[] {
  let session: Session = freshSession;
  return turns.map((text, i) => {
    const turn = takeTurn(brain, session, { id: `${id}:${i}`, conversation: id, text });
    session = turn.session;
    return turn.reply;
  });
}

/** The answer to one line of a batch, and whether the line was faulty. */
export function batchLine(brain: Brain, line: string): { readonly out: string; readonly faulty: boolean } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return {
      out: JSON.stringify({ id: null, error: 'this line is not JSON; write {"id":"x","turns":["message"]}' }),
      faulty: true,
    };
  }
  const checked = BatchLine.safeParse(parsed);
  if (!checked.success) {
    const id = typeof parsed === 'object' && parsed !== null && 'id' in parsed ? parsed.id : null;
    const faults = checked.error.issues.map((i) => `${i.path.join('.') || 'the line'}: ${i.message}`).join('; ');
    return {
      out: JSON.stringify({
        id: typeof id === 'string' || typeof id === 'number' ? id : null,
        error: `${faults}; write {"id":"x","turns":["message"]}`,
      }),
      faulty: true,
    };
  }
  const { id, turns } = checked.data;
  return { out: JSON.stringify({ id, replies: converse(brain, String(id), turns).map(publicReply) }), faulty: false };
}

/** Conversations in, replies out, as JSON lines in the same order. Resolves to the exit code: 1 when a line was faulty. */
export async function runBatch(
  brain: Brain,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<number> {
  let code = 0;
  output.on('error', () => process.exit(code));
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (!line.trim()) continue;
    const { out, faulty } = batchLine(brain, line);
    if (faulty) code = 1;
    if (!output.write(`${out}\n`)) await new Promise((resolve) => output.once('drain', resolve));
  }
  return code;
}
