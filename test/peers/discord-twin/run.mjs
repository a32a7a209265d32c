// Drives the built program over discord-digital-twin, a Discord that other people wrote: what our own fake and its author may have
// misunderstood alike. Optional, and apart from the bot's own dependencies (69 packages, 174 MB):
//   cd test/peers/discord-twin && npm install && node run.mjs
// The twin knows no mentions, direct messages, resume, limits or deadlines; those are shown over test/fakes/discord alone.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Server } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

// The twin listens on every interface: a port without a host is bound to loopback instead.
const listen = Server.prototype.listen;
Server.prototype.listen = function (port, ...rest) {
  return typeof port === 'number' && typeof rest[0] !== 'string'
    ? listen.call(this, port, '127.0.0.1', ...rest)
    : listen.call(this, port, ...rest);
};
const { DigitalDiscord } = await import('discord-digital-twin');

const dist = new URL('../../../dist/', import.meta.url);
const twin = new DigitalDiscord({
  guild: { name: 'Runners' },
  channels: [{ name: 'general', type: 0 }],
  users: [{ username: 'runner' }],
});
await twin.start();

const start = (...args) => {
  const child = spawn(process.execPath, [fileURLToPath(new URL('main.js', dist)), ...args], {
    env: {
      PATH: process.env.PATH,
      DISCORD_TOKEN: twin.botToken,
      DISCORD_APPLICATION_ID: twin.botUserId,
      DISCORD_API_URL: twin.restUrl,
      STORE_URL: 'memory:',
      REGION: 'GB',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = [];
  const says = (words) =>
    new Promise((resolve, reject) => {
      const look = () => log.some((l) => l.includes(words)) && resolve();
      for (const stream of [child.stdout, child.stderr])
        createInterface({ input: stream }).on('line', (line) => {
          log.push(line);
          look();
        });
      child.once('close', () => reject(new Error(`ended without saying "${words}":\n${log.join('\n')}`)));
    });
  return { child, log, says, ended: once(child, 'close').then(([code]) => code) };
};
const step = (what) => console.log(`seen: ${what}`);

// The twin has no way to ask which commands stand, which `register` begins with: they are put as `register` puts them.
const { commandsFor } = await import(new URL('adapters/discord/commands.js', dist));
const { discord } = JSON.parse(readFileSync(new URL('compiled.json', dist), 'utf8'));
const put = await fetch(`${twin.restUrl}/v10/applications/${twin.botUserId}/commands`, {
  method: 'PUT',
  headers: { authorization: `Bot ${twin.botToken}`, 'content-type': 'application/json' },
  body: JSON.stringify(commandsFor(discord)),
});
assert.equal(put.status, 200);
assert.deepEqual(
  (await put.json()).map((c) => c.name),
  ['backpain', 'Ask about this message'],
);
step('the commands are put');

const bot = start();
await bot.says('"running"');
step('login, READY and running');

const channelId = (await twin.prisma.channel.findMany())[0].id;
const channel = twin.channel(channelId);
const user = channel.user(await twin.getFirstNonBotUserId());
const ask = async (question) => {
  const { id } = await user.runSlashCommand({
    name: 'backpain',
    options: [{ type: 1, name: 'ask', options: [{ type: 3, name: 'question', value: question }] }],
  });
  const ack = await channel.waitForInteractionAck({ interactionId: id, timeout: 5_000 });
  return { ack, data: JSON.parse(ack.data ?? 'null') };
};
const answer = await ask('are my shoes the problem?');
assert.equal(answer.ack.type, 4);
const shown = JSON.stringify((await channel.getMessages()).find((m) => m.id === answer.ack.messageId) ?? answer.data);
assert.match(shown, /supportive/);
step('a slash command is answered with a card');

const warned = await ask('my groin has gone numb since yesterday and my back hurts');
const warning = JSON.stringify((await channel.getMessages()).find((m) => m.id === warned.ack.messageId) ?? warned.data);
assert.match(warning, /999/);
step('a danger sign is answered with a warning');

const { id } = await user.clickButton({ messageId: answer.ack.messageId, customId: 'b1|offer|why:footwear' });
const press = await channel.waitForInteractionAck({ interactionId: id, timeout: 5_000 });
assert.equal(press.type, 4);
step('a button is answered');

bot.child.kill('SIGTERM');
assert.equal(await bot.ended, 0);
step('SIGTERM ends with 0');
await twin.stop();
