#!/usr/bin/env node
import { Command } from 'commander';
import { createMemoryStore } from './adapters/store/memory.ts';
import { converse, publicReply, runBatch } from './adapters/terminal/batch.ts';
import { runChat, screenOf } from './adapters/terminal/channel.ts';
import { renderReply } from './adapters/terminal/render.ts';
import { readBrain } from './brain-file.ts';
import { createBot } from './core/bot.ts';
import { CorpusError } from './core/fault.ts';
import { readSettings, SettingsError } from './settings.ts';

const HOUR_MS = 3_600_000;

/** The terminal keeps a conversation in memory, as long as the program runs. */
const inTerminal = (hours: number) => ({ hours, place: 'in the memory of this program; it is gone when you leave' });

async function chat(): Promise<void> {
  const settings = readSettings();
  const { brain } = await readBrain(settings, inTerminal(settings.SESSION_TTL_HOURS));
  const respond = createBot(() => brain, createMemoryStore(settings.SESSION_TTL_HOURS * HOUR_MS));
  await runChat(respond, brain.wording, { input: process.stdin, output: process.stdout, env: process.env });
}

async function ask(words: readonly string[], options: { readonly json?: boolean }): Promise<void> {
  const settings = readSettings();
  const { brain } = await readBrain(settings, inTerminal(settings.SESSION_TTL_HOURS));
  const [reply] = converse(brain, 'ask', [words.join(' ')]);
  if (!reply) return;
  if (options.json) console.log(JSON.stringify({ ...publicReply(reply), evidence: reply.evidence ?? [] }));
  else console.log(renderReply(reply, screenOf({ output: process.stdout, env: process.env }, brain.wording)));
}

async function batch(): Promise<void> {
  const settings = readSettings();
  const { brain } = await readBrain(settings, inTerminal(settings.SESSION_TTL_HOURS));
  process.exitCode = await runBatch(brain, process.stdin, process.stdout);
}

const program = new Command('runners-back-bot').description(
  'Answers runners with low back pain from one article, and notices danger signs.',
);
program
  .command('start', { isDefault: true, hidden: true })
  .description('every channel whose tokens are set; with none, the terminal chat')
  .action(chat);
program.command('chat').description('the chat in this terminal, or over a pipe').action(chat);
program
  .command('ask')
  .description('one answer')
  .argument('<question...>')
  .option('--json', 'the reply as JSON, with the evidence of danger signs')
  .action(ask);
program.command('batch').description('conversations in, replies out, as JSON lines').action(batch);

try {
  await program.parseAsync();
} catch (error) {
  // Only faults that name what to mend are told in words; anything else is a fault of ours.
  const isOurs = error instanceof CorpusError || error instanceof SettingsError;
  console.error(isOurs ? error.message : `unexpected fault: ${error instanceof Error ? error.stack : String(error)}`);
  process.exitCode = 1;
}
