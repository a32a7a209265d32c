import { createInterface } from 'node:readline';
import type { Respond } from '../../core/bot.ts';
import { COMMANDS } from '../../core/commands.ts';
import type { Wording } from '../../core/corpus.ts';
import type { Choice } from '../../core/reply.ts';
import { choicesOf, renderReply, type Screen, wrapped } from './render.ts';

/** The streams of a terminal, or of a pipe. */
export interface Console {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  /** The environment, for NO_COLOR and FORCE_COLOR. */
  readonly env: NodeJS.ProcessEnv;
}

/** How the output shows text: no colour in a pipe, with NO_COLOR or on a dumb terminal. */
export const screenOf = ({ output, env }: Pick<Console, 'output' | 'env'>, wording: Wording): Screen => ({
  width: Math.max(24, Math.min(output.columns ?? 80, 100)),
  colour: !env.NO_COLOR && env.TERM !== 'dumb' && (Boolean(env.FORCE_COLOR) || output.isTTY === true),
  warning: wording.terminal.warning,
});

/** What a typed line means here: a slash command or the number of something offered become a choice. */
export function readLine(
  line: string,
  offered: readonly Choice[],
): { readonly text: string; readonly choice?: string } | 'quit' {
  const typed = line.trim();
  const [, name, rest = ''] = /^\/([a-z]+)\s*(.*)$/i.exec(typed) ?? [];
  const command = name?.toLowerCase();
  if (command === 'quit' || command === 'exit' || command === 'q') return 'quit';
  if (command && !rest && COMMANDS.some((c) => c === command)) return { text: '', choice: command };
  const choice = /^\d{1,2}$/.test(typed) ? offered[Number(typed) - 1] : undefined;
  return choice ? { text: '', choice: choice.id } : { text: line };
}

/**
 * A chat in the terminal, or over a pipe: a line in, a reply out, in order. Ends at the end of input, /quit or Ctrl-C, after every
 * line read has been answered. The conversation lives as long as the process.
 */
export async function runChat(respond: Respond, wording: Wording, io: Console): Promise<void> {
  const screen = screenOf(io, wording);
  const isTty = io.input.isTTY === true && io.output.isTTY === true;
  const conversation = 'terminal:local:person';
  const write = (text: string) => io.output.write(`${text}\n`);
  const lines = createInterface({
    input: io.input,
    ...(isTty ? { output: io.output, prompt: `\n${wording.terminal.prompt}> `, terminal: true } : { terminal: false }),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let offered: readonly Choice[] = [];
  let count = 0;
  if (isTty) write(wrapped(`${wording.title}\n${wording.limit}\n${wording.terminal.welcome}`, screen.width));
  lines.on('SIGINT', () => lines.close());
  // An output that goes away (head, a closed window) ends the chat quietly.
  io.output.on('error', () => lines.close());
  if (isTty) lines.prompt();
  for await (const line of lines) {
    const read = readLine(line, offered);
    if (read === 'quit') break;
    const reply = await respond({ id: `terminal:${++count}`, conversation, ...read });
    if (reply) {
      offered = choicesOf(reply);
      write(`\n${renderReply(reply, screen)}${offered.length && isTty ? `\n\n${wording.terminal.pick}` : ''}`);
    }
    if (isTty) lines.prompt();
  }
  lines.close();
  if (isTty) write(`\n${wording.terminal.bye}`);
}
