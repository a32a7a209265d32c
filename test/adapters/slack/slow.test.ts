import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import type { Channel, ChannelContext } from '../../../src/adapters/channel.ts';
import { createSlackChannel } from '../../../src/adapters/slack/channel.ts';
import { SlackWording } from '../../../src/adapters/slack/wording.ts';
import { createMemoryStore } from '../../../src/adapters/store/memory.ts';
import { showTopic, topicChoices } from '../../../src/core/answer.ts';
import { createBot } from '../../../src/core/bot.ts';
import { brain } from '../../brain.ts';
import { byHttp, bySocket, directOf, type Person, person, type Send, wordsOf } from '../../fakes/slack/drivers.ts';
import { type FakeSlack, startFakeSlack } from '../../fakes/slack/fake.ts';

// The machine may be busy: nothing here is about how long it takes.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const own = SlackWording.parse(parse(readFileSync('corpus/slack.yaml', 'utf8')));
const SECRET = ['not', 'a', 'secret'].join('-');
const NUMB = 'my groin is numb and I cannot pee';

describe.each(['Socket Mode', 'HTTP'])('while the core is slow, over %s', (transport) => {
  let fake: FakeSlack;
  let channel: Channel;
  let server: Server;
  let bob: Person;
  let isHeld: boolean;
  let release: () => void;

  beforeEach(async () => {
    fake = await startFakeSlack();
    let mounted: (request: IncomingMessage, response: ServerResponse) => void = () => {};
    server = createServer((request, response) => mounted(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bot = createBot(() => brain, createMemoryStore(3_600_000));
    isHeld = true;
    const gate = new Promise<void>((resolve) => {
      release = () => {
        isHeld = false;
        resolve();
      };
    });
    const context: ChannelContext = {
      respond: async (message) => {
        await gate;
        return bot(message);
      },
      log: pino({ level: 'silent' }),
      topics: topicChoices(brain),
      suggest: () => [],
      show: (topic) => showTopic(brain, topic),
      feedback: () => {},
      count: () => {},
      fatal: (reason) => {
        throw new Error(reason);
      },
      mount: (_, handler) => {
        mounted = handler;
      },
    };
    const isSocket = transport === 'Socket Mode';
    channel = createSlackChannel(
      {
        botToken: fake.tokens.bot,
        ...(isSocket ? { appToken: fake.tokens.app } : { signingSecret: SECRET }),
        apiUrl: fake.apiUrl,
        wording: brain.wording,
        own,
        questions: brain.corpus.questions,
        keeps: brain.keeps,
      },
      context,
    );
    await channel.start();
    const { port } = server.address() as AddressInfo;
    const send: Send = isSocket ? bySocket(fake) : byHttp(`http://127.0.0.1:${port}/slack/events`, SECRET);
    bob = person(fake, send);
  });
  afterEach(async () => {
    release();
    await channel.stop(5_000);
    server.close();
    server.closeAllConnections();
    expect(fake.faults).toEqual([]);
    await fake.stop();
  });

  test('everything is acknowledged before the core has answered', async () => {
    await bob.mention('are my shoes the problem?');
    await bob.direct('are my shoes the problem?');
    expect((await bob.command('check')).status).toBe(200);
    expect((await bob.shortcut('my back is sore')).status).toBe(200);
    expect(isHeld).toBe(true);
    expect(fake.shown).toEqual([]);
    release();
    await fake.until(() => fake.shown.length === 4);
  });

  test('a status is shown, and it is there before the answer is posted', async () => {
    const event = await bob.direct('are my shoes the problem?');
    const status = await fake.until(() => fake.calls.find((c) => c.method === 'assistant.threads.setStatus'));
    expect(status.args).toMatchObject({ channel_id: directOf(bob), thread_ts: event.ts, status: own.status.text });
    release();
    await fake.until(() => fake.shown.find((s) => s.thread === event.ts));
  });

  test('a status that Slack refuses does not keep the answer back', async () => {
    fake.script('assistant.threads.setStatus', { error: 'invalid_thread_ts' });
    const event = await bob.direct('are my shoes the problem?');
    await fake.until(() => fake.calls.find((c) => c.method === 'assistant.threads.setStatus'));
    release();
    await fake.until(() => fake.shown.find((s) => s.thread === event.ts));
  });

  test('a window opens with "one moment", and holds the answer when it comes', async () => {
    await bob.opens('home');
    const home = await fake.until(() => fake.views[0]);
    await bob.press(home, brain.passages.get('footwear')?.title ?? '');
    const waiting = await fake.until(() => fake.views.find((v) => v.by === 'open'));
    expect(wordsOf(waiting.blocks)).toBe(own.wait);
    release();
    const shown = await fake.until(() => fake.views.find((v) => v.by === 'update'));
    expect(shown.id).toBe(waiting.id);
    expect(wordsOf(shown.blocks)).toContain('supportive');
  });

  test('a form that was sent is acknowledged with "one moment", and its warning reaches the person though the window is closed', async () => {
    await bob.opens('home');
    const home = await fake.until(() => fake.views[0]);
    await bob.press(home, brain.wording.offers.check);
    const form = await fake.until(() => fake.views.find((v) => v.callback === 'check_form'));
    const picks = Object.fromEntries(form.blocks.flatMap((b) => (b.label ? [[b.label.text, 'Yes']] : [])));
    const taken = await bob.submit(form, picks);
    expect(isHeld).toBe(true);
    expect(JSON.stringify(taken.body)).toContain(own.wait);
    fake.script('views.update', { error: 'not_found' });
    release();
    const warning = await fake.until(() => fake.shown.find((s) => s.channel === bob.id));
    expect(wordsOf(warning.blocks)).toContain('999');
  });

  test('a stop waits for what was taken, and takes no more', async () => {
    const event = await bob.direct(NUMB);
    const stopped = channel.stop(5_000);
    expect(channel.isConnected()).toBe(false);
    if (transport === 'HTTP') expect((await bob.command('check')).status).toBe(503);
    release();
    await stopped;
    expect(fake.shown.filter((s) => s.thread === event.ts)).toHaveLength(1);
  });
});
