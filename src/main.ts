#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { Command } from 'commander';
import { createMemoryStore } from './adapters/store/memory.ts';
import { converse, publicReply, runBatch } from './adapters/terminal/batch.ts';
import { runChat, screenOf } from './adapters/terminal/channel.ts';
import { renderReply } from './adapters/terminal/render.ts';
import { corpusFilesOf, corpusFolderOf, readBrain } from './brain-file.ts';
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

/** Every channel whose tokens are set; with none, the terminal chat. */
async function start(): Promise<void> {
  const settings = readSettings();
  // V8 lets the room for new objects grow to 48 MB and keeps it. `npm start` holds it at six (--max-semi-space-size=2), which is 12 MB less;
  // started otherwise, it grows no more from here on.
  setFlagsFromString('--semi-space-growth-factor=1');
  const { serve, wantedChannels } = await import('./serve.ts');
  if (!wantedChannels(settings).length) return chat();
  process.exitCode = await serve(settings);
  // A library of a platform may still wait for something of its own; all that counts is done.
  setTimeout(() => process.exit(), 1_000).unref();
}

/** Prints what was counted: helpful or not, and questions without an answer. */
async function report(): Promise<void> {
  const { openStore } = await import('./open-store.ts');
  const { reportOf } = await import('./learning.ts');
  const store = await openStore(readSettings(), () => {});
  try {
    if (store.notice) throw new SettingsError([store.notice]);
    console.log(await reportOf(store));
  } finally {
    await store.sessions.close();
  }
}

/** Checks everything that running needs. */
async function doctor(): Promise<void> {
  const { examine } = await import('./doctor/doctor.ts');
  process.exitCode = await examine(process.env, (line) => console.log(line));
}

/** Reads a corpus whole and says what is wrong with it. */
async function check(options: { readonly corpus?: string }): Promise<void> {
  const { compile } = await import('./compile.ts');
  const folder = options.corpus ?? corpusFolderOf(readSettings());
  const { corpus, triage } = compile(corpusFilesOf(folder));
  const passages = corpus.articles.reduce((n, a) => n + a.passages.length, 0);
  console.log(
    `corpus: ${corpus.articles.length} article(s), ${passages} passages, ${triage.flags.length} danger signs: sound`,
  );
}

/** Puts the Discord commands; safe to run twice. */
async function register(options: {
  readonly guild?: boolean;
  readonly dryRun?: boolean;
  readonly clear?: boolean;
}): Promise<void> {
  const settings = readSettings();
  const missing = [
    ...(settings.DISCORD_TOKEN ? [] : ['DISCORD_TOKEN']),
    ...(options.guild && !settings.DISCORD_GUILD_ID ? ['DISCORD_GUILD_ID'] : []),
  ];
  if (missing.length) throw new SettingsError([`register needs ${missing.join(' and ')}`]);
  const { registerCommands } = await import('./adapters/discord/register.ts');
  const { inviteLinks } = await import('./adapters/discord/invite.ts');
  const { discord } = await readBrain(settings, inTerminal(settings.SESSION_TTL_HOURS));
  const { applicationId, lines } = await registerCommands({
    token: settings.DISCORD_TOKEN ?? '',
    applicationId: settings.DISCORD_APPLICATION_ID,
    guildId: options.guild ? settings.DISCORD_GUILD_ID : undefined,
    apiUrl: settings.DISCORD_API_URL,
    wording: discord,
    clear: options.clear ?? false,
    dryRun: options.dryRun ?? false,
  });
  for (const line of lines) console.log(line);
  const links = inviteLinks(applicationId);
  console.log(`add it to a server: ${links.server}\nadd it for yourself: ${links.person}`);
}

/** Prints the Slack app's manifest: for Socket Mode, or for HTTP at a public address. */
async function manifest(options: { readonly url?: string; readonly many?: boolean }): Promise<void> {
  const settings = readSettings();
  if (options.url !== undefined && !/^https:\/\/[^\s/]+\/*$/.test(options.url))
    throw new SettingsError(['manifest --url must be the https address of the bot, such as https://bot.example.org']);
  if (options.many && !options.url)
    throw new SettingsError(['manifest --many needs --url: many workspaces go over HTTP']);
  const { manifestFor } = await import('./adapters/slack/manifest.ts');
  const { slack } = await readBrain(settings, inTerminal(settings.SESSION_TTL_HOURS));
  console.log(JSON.stringify(manifestFor(slack, options), undefined, 2));
}

const program = new Command('runners-back-bot').description(
  'Answers runners with low back pain from one article, and notices danger signs.',
);
program
  .command('start', { isDefault: true, hidden: true })
  .description('every channel whose tokens are set; with none, the terminal chat')
  .action(start);
program.command('chat').description('the chat in this terminal, or over a pipe').action(chat);
program
  .command('ask')
  .description('one answer')
  .argument('<question...>')
  .option('--json', 'the reply as JSON, with the evidence of danger signs')
  .action(ask);
program
  .command('check')
  .description('check a corpus: every fault with file, line and what to do')
  .option('--corpus <folder>', 'another corpus than the one of the settings')
  .action(check);
program
  .command('register')
  .description('put the Discord commands; safe to run twice')
  .option('--guild', 'only in the server DISCORD_GUILD_ID')
  .option('--dry-run', 'only say what would be done')
  .option('--clear', 'take all commands away')
  .action(register);
program
  .command('manifest')
  .description("print the Slack app's manifest")
  .option('--url <https address>', 'for HTTP at this public address, instead of Socket Mode')
  .option('--many', 'for many workspaces, which install the app by OAuth')
  .action(manifest);
program.command('doctor').description('check settings, tokens, store and corpus, and say what to mend').action(doctor);
program.command('report').description('what was helpful, what had no answer: counts by day and topic').action(report);
program.command('batch').description('conversations in, replies out, as JSON lines').action(batch);

try {
  await program.parseAsync();
} catch (error) {
  // Only faults that name what to mend are told in words; anything else is a fault of ours.
  const isOurs =
    error instanceof CorpusError ||
    error instanceof SettingsError ||
    (error instanceof Error && (error.name === 'ChannelError' || error.name === 'HttpError'));
  console.error(isOurs ? error.message : `unexpected fault: ${error instanceof Error ? error.stack : String(error)}`);
  process.exitCode = 1;
}
