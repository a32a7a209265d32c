import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { ChannelContext } from '../../../src/adapters/channel.ts';
import { createDiscordChannel } from '../../../src/adapters/discord/channel.ts';
import { DiscordWording } from '../../../src/adapters/discord/wording.ts';
import type { Respond } from '../../../src/core/bot.ts';
import { Wording } from '../../../src/core/corpus.ts';
import type { Reply } from '../../../src/core/reply.ts';
import { type By, buttonsOf, textOf } from '../../fakes/discord/drivers.ts';
import { type FakeDiscord, startFakeDiscord } from '../../fakes/discord/fake.ts';

const wording = Wording.parse(parse(readFileSync('corpus/wording.yaml', 'utf8')));
const own = DiscordWording.parse(parse(readFileSync('corpus/discord.yaml', 'utf8')));
const said = (text: string, asks = false): Reply => ({
  kind: 'answer',
  urgency: 'none',
  signs: [],
  sources: [{ topic: 'core', title: 'Core' }],
  confidence: 1,
  personal: false,
  parts: [
    { kind: 'text', text },
    { kind: 'choices', asks, choices: [{ id: 'next', label: 'Next' }] },
  ],
});

let fake: FakeDiscord;
let stop: (deadlineMs: number) => Promise<void>;
let counts: string[];
let votes: string[];
/** The real channel over the fake, with a core of the test's own. First answers are deferred after 20 ms. */
const begin = async (respond: Respond): Promise<void> => {
  const context: ChannelContext = {
    respond,
    log: pino({ level: 'silent' }),
    topics: [],
    suggest: () => [],
    show: () => undefined,
    feedback: (topic, isHelpful) => void votes.push(`${topic} ${isHelpful}`),
    count: (what) => void counts.push(what),
    fatal: () => undefined,
    mount: () => undefined,
  };
  const channel = createDiscordChannel(
    { token: fake.world.token, apiUrl: `${fake.apiUrl}/`, shards: 'auto', wording, own, deferAfterMs: 20 },
    context,
  );
  stop = (ms) => channel.stop(ms);
  await channel.start();
  expect(channel.isConnected()).toBe(true);
};
const someone = (): By => ({ person: fake.person('runner'), place: fake.places.general });
/** A core that waits until it is let go. */
const slowly = (reply: Reply | undefined) => {
  let go: () => void = () => {};
  const gone = new Promise<void>((resolve) => {
    go = resolve;
  });
  return { go: () => go(), respond: () => gone.then(() => reply) };
};
const called = (part: string) => fake.until(() => fake.heard.find((h) => h.call.path.includes(part)));

beforeEach(async () => {
  fake = await startFakeDiscord();
  counts = [];
  votes = [];
});
afterEach(async () => {
  await stop(0);
  await fake.stop();
});

test('a slow core defers to the person alone, and the answer takes its place', async () => {
  const core = slowly(said('late but here'));
  await begin(core.respond);
  const answer = fake.slash(someone(), 'help');
  const first = await called('/callback');
  expect(first.call.body).toMatchObject({ type: 5, data: { flags: 64 } });
  core.go();
  const { message, isDeferred } = await answer;
  expect(isDeferred).toBe(true);
  expect(textOf(message)).toContain('late but here');
  expect(message?.isEphemeral).toBe(true);
  expect(fake.complaints).toEqual([]);
});

test('a slow core behind a question changes its card in place', async () => {
  const core = slowly(said('and then'));
  let turn = 0;
  await begin(() => (turn++ ? core.respond() : Promise.resolve(said('which one?', true))));
  const by = someone();
  const asked = await fake.slash(by, 'check');
  const next = fake.press(by, asked.message, 'Next');
  await fake.until(() => fake.heard.find((h) => (h.call.body as { type?: number } | undefined)?.type === 6));
  core.go();
  const { message } = await next;
  expect(message?.id).toBe(asked.message?.id);
  expect(textOf(message)).toContain('and then');
  expect(fake.complaints).toEqual([]);
});

test('a core that says nothing still gets an interaction a word', async () => {
  await begin(async () => undefined);
  expect(textOf((await fake.slash(someone(), 'help')).message)).toContain('a lot at once');
});

test.each(['a command', 'a message', 'a late command'])(
  'a core that fails at %s says so, names where to get help, and goes on',
  async (kind) => {
    const core = slowly(undefined);
    await begin(async () => {
      if (kind === 'a late command') await core.respond();
      throw new Error('no core');
    });
    const asked = kind === 'a message' ? fake.mention(someone(), 'hi') : undefined;
    const answer = asked ? undefined : fake.slash(someone(), 'help');
    if (kind === 'a late command') await called('/callback');
    core.go();
    const message = asked ? await fake.replyTo(asked) : (await answer)?.message;
    expect(textOf(message)).toMatch(/went wrong on my side.*call your local emergency number/);
    expect(counts).toEqual(['error']);
  },
);

test('helpful is counted once for a person and a message', async () => {
  await begin(async () => said('an answer'));
  const by = someone();
  const first = await fake.slash(by, 'help');
  await fake.press(by, first.message, 'Helpful');
  await fake.press(by, first.message, 'Helpful');
  await fake.press(by, first.message, 'Not helpful');
  expect(votes).toEqual(['core true', 'core false']);
});

test('a stop waits for the core, sends what it says, and then closes', async () => {
  const core = slowly(said('in time'));
  let asked = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  await begin(() => {
    asked();
    return core.respond();
  });
  const message = fake.mention(someone(), 'hi');
  await isAsked;
  const stopped = stop(60_000);
  // Calls that go and come give a stop that does not wait the time to close.
  for (let i = 0; i < 5; i++) await fetch(`${fake.apiUrl}/v10/gateway/bot`);
  expect(fake.notes.some((n) => n.what === 'closed')).toBe(false);
  core.go();
  await stopped;
  expect(fake.repliesTo(message)).toBe(1);
});

test('an answer with what the person told has no share button, and is not shown to others', async () => {
  await begin(async () => ({ ...said('because you told me so'), personal: true }));
  const by = someone();
  expect(buttonsOf((await fake.slash(by, 'cause')).message)).toEqual(['Next', 'Helpful', 'Not helpful']);
  const open = await fake.replyTo(fake.mention(by, 'and now?'));
  expect(textOf(open)).toContain(wording['for-you']);
  expect(textOf(open)).not.toContain('because');
});

test('a stop ends at its deadline though the core never answers', async () => {
  const called = new Promise<void>((resolve) => {
    void begin(() => {
      resolve();
      return new Promise(() => {});
    }).then(() => fake.mention(someone(), 'hi'));
  });
  await called;
  await stop(30);
  await fake.until(() => fake.notes.find((n) => n.what === 'closed' && n.detail === 1000));
});
