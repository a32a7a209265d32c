import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type By, textOf } from '../../fakes/discord/drivers.ts';
import { type FakeDiscord, startFakeDiscord } from '../../fakes/discord/fake.ts';
import { type Program, startProgram } from '../../fakes/discord/program.ts';

const SHOES = 'are my shoes the problem?';
const NUMB = 'my groin has gone numb since yesterday and my back hurts';

let fake: FakeDiscord;
let program: Program;
beforeAll(async () => {
  fake = await startFakeDiscord();
  program = startProgram(fake);
  await program.says('"running"');
});
afterAll(async () => {
  program.signal('SIGTERM');
  expect(await program.ended).toBe(0);
  await fake.stop();
});

const someone = (): By => ({ person: fake.person('runner'), place: fake.places.general });
/** An answer shows that the bot is well. */
const answers = async (): Promise<void> => {
  const { message } = await fake.slash(someone(), 'ask', ['question', SHOES]);
  expect(textOf(message)).toContain('supportive');
};
/** The bot's first direct message to a person. */
const directTo = (by: By) =>
  fake.until(() =>
    [...fake.world.messages.values()].find((m) => {
      const place = fake.world.places.get(m.channel_id);
      return m.author.id === fake.world.bot.id && place?.person === by.person;
    }),
  );

describe('calls that Discord refuses', () => {
  const callback = /^\/interactions\/.*callback$/;
  const messages = /^\/channels\/\d+\/messages$/;
  const limited = (seconds: number) => ({
    status: 429,
    body: { message: 'You are being rate limited.', retry_after: seconds, global: false },
    headers: { 'retry-after': String(seconds), 'x-ratelimit-scope': 'shared' },
  });

  test('a rate limit of a moment is waited out', async () => {
    fake.script('POST', messages, limited(0.05));
    expect(textOf(await fake.replyTo(fake.mention(someone(), SHOES)))).toContain('supportive');
  });

  test('a long rate limit of a channel is answered in a direct message', async () => {
    const by = { ...someone(), place: fake.places.thread };
    fake.script('POST', messages, limited(600));
    fake.mention(by, NUMB);
    expect(textOf(await directTo(by))).toContain('numbness between the legs');
  });

  test('a fault of Discord is tried again', async () => {
    fake.script('POST', callback, { status: 500 }, 2);
    await answers();
  });

  test('faults that last are told to the person when they end, and do not end the process', async () => {
    fake.script('POST', messages, { status: 503 }, 4);
    const reply = await fake.replyTo(fake.mention(someone(), SHOES));
    expect(textOf(reply)).toMatch(/went wrong on my side.*call your local emergency number/);
    await answers();
    expect(program.isRunning()).toBe(true);
  });

  test.each([
    ['an interaction', callback, async (by: By) => (await fake.slash(by, 'ask', ['question', SHOES])).message],
    ['a message', messages, (by: By) => fake.replyTo(fake.mention(by, SHOES))],
  ])('a card that is refused in %s goes as a plain message', async (_name, path, say) => {
    fake.script('POST', path, { status: 400, body: { code: 50035, message: 'Invalid Form Body' } });
    const message = await say(someone());
    expect(message?.content).toContain('supportive');
    expect(fake.complaints).toEqual([]);
  });

  test('an interaction that came too late, or was answered already, is let go', async () => {
    const late = fake.slashOnly({ ...someone(), lateMs: 5_000 }, 'ask', ['question', SHOES]);
    const first = await fake.until(() => fake.heard.find((h) => h.call.path.includes(late.id)));
    expect(first.told.status).toBe(404);
    fake.script('POST', callback, {
      status: 400,
      body: { code: 40060, message: 'Interaction has already been acknowledged.' },
    });
    const taken = fake.slashOnly(someone(), 'ask', ['question', SHOES]);
    await fake.until(() => fake.heard.find((h) => h.call.path.includes(taken.id)));
    await answers();
    for (const { id } of [late, taken]) expect(fake.heard.filter((h) => h.call.path.includes(id))).toHaveLength(1);
    expect(program.isRunning()).toBe(true);
  });

  test('a person who takes no direct messages either is let go', async () => {
    const refusal = { status: 403, body: { code: 50007, message: 'Cannot send messages to this user' } };
    fake.script('POST', /^\/users\/@me\/channels$/, refusal);
    const by = { ...someone(), place: fake.places.readOnly };
    fake.mention(by, NUMB);
    await fake.until(() => fake.heard.find((h) => h.told === refusal));
    await answers();
    expect([...fake.world.places.values()].some((p) => p.person === by.person)).toBe(false);
    expect(program.isRunning()).toBe(true);
  });
});
