import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type By, textOf } from '../../fakes/discord/drivers.ts';
import { type FakeDiscord, startFakeDiscord } from '../../fakes/discord/fake.ts';
import { type Program, startProgram } from '../../fakes/discord/program.ts';

const SHOES = 'are my shoes the problem?';
const NUMB = 'my groin has gone numb since yesterday and my back hurts';

let fake: FakeDiscord;
let programs: Program[] = [];
const start = (env: Record<string, string> = {}): Program => {
  const program = startProgram(fake, env);
  programs.push(program);
  return program;
};
/** The built program, connected. */
const running = async (env: Record<string, string> = {}): Promise<Program> => {
  const program = start(env);
  await program.says('"running"');
  return program;
};
const someone = (): By => ({ person: fake.person('runner'), place: fake.places.general });
const times = (what: string): number => fake.notes.filter((n) => n.what === what).length;
const noted = (what: string, count = 1) => fake.until(() => (times(what) >= count ? true : undefined));
/** An answer shows that the bot is well. */
const answers = async (): Promise<void> => {
  const { message } = await fake.slash(someone(), 'ask', ['question', SHOES]);
  expect(textOf(message)).toContain('supportive');
};

beforeEach(async () => {
  fake = await startFakeDiscord();
});
afterEach(async () => {
  for (const program of programs) {
    program.signal('SIGKILL');
    await program.ended;
  }
  programs = [];
  await fake.stop();
});

describe('a start that fails says what to mend and ends with 1', () => {
  test.each([
    [
      'a refused token',
      () => start({ DISCORD_TOKEN: ['other', 'fake', 'token'].join('.') }),
      'DISCORD_TOKEN is refused',
    ],
    ['intents that are refused', () => start(), 'Discord refuses the intents', 4014],
    ['a shard count that is too small', () => start({ DISCORD_SHARDS: '1' }), 'set DISCORD_SHARDS=auto', 4011],
    [
      'an address where nothing answers',
      () => start({ DISCORD_API_URL: 'http://127.0.0.1:1/api' }),
      'check the network and DISCORD_API_URL',
    ],
  ] as const)('%s', async (_name, begin, words, refuses?: number) => {
    fake.gateway.mood.refuses = refuses;
    const program = begin();
    expect(await program.ended).toBe(1);
    expect(program.log.join('\n')).toContain(words);
    expect(program.log.join('\n')).not.toContain(fake.world.token);
  });

  test('with HTTP on as well, so that a supervisor sees it', async () => {
    const program = start({ DISCORD_TOKEN: ['other', 'fake', 'token'].join('.'), PORT: '0' });
    expect(await program.ended).toBe(1);
  });
});

describe('a lost connection', () => {
  test('is resumed when Discord asks for it, and the next message is answered once', async () => {
    const program = await running();
    fake.gateway.askReconnect();
    await program.says('discord: resumed');
    const asked = fake.mention(someone(), SHOES);
    await fake.replyTo(asked);
    expect(fake.repliesTo(asked)).toBe(1);
    expect(fake.gateway.identified).toHaveLength(1);
  });

  test('that drops without a word is resumed, and what was written meanwhile is answered once', async () => {
    await running();
    fake.gateway.mood.mute = true;
    fake.gateway.drop();
    await noted('closed');
    const missed = [fake.mention(someone(), SHOES), fake.mention(someone(), NUMB)];
    fake.gateway.speak();
    await noted('resumed');
    for (const message of missed) await fake.replyTo(message);
    for (const message of missed) expect(fake.repliesTo(message)).toBe(1);
  });

  test('with heartbeats that nobody answers is left and resumed', async () => {
    fake.gateway.mood.heartbeatMs = 150;
    await running();
    fake.gateway.mood.silent = true;
    await noted('closed');
    fake.gateway.mood.silent = false;
    await noted('resumed');
    await answers();
  });

  test('whose session is ended begins a new one', async () => {
    await running();
    fake.gateway.invalidate();
    await noted('identified', 2);
    await answers();
  });

  test('whose session cannot be resumed begins a new one', async () => {
    await running();
    fake.gateway.mood.forgetful = true;
    fake.gateway.drop();
    await noted('identified', 2);
    await answers();
  });

  test('events that come twice are answered once', async () => {
    await running();
    const by = someone();
    const asked = fake.mention(by, SHOES);
    await fake.replyTo(asked);
    const answer = await fake.slash(by, 'ask', ['question', SHOES]);
    fake.gateway.repeat(4);
    await answers();
    expect(fake.repliesTo(asked)).toBe(1);
    const callbacks = fake.heard.filter((h) => h.call.path.startsWith(`/interactions/${answer.interaction.id}/`));
    expect(callbacks).toHaveLength(1);
  });

  test('shows at /readyz until it is back', async () => {
    const program = await running({ PORT: '0' });
    const { port } = JSON.parse(await program.says('http: listening')) as { port: number };
    const ready = async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status;
    expect(await ready()).toBe(200);
    fake.gateway.mood.mute = true;
    fake.gateway.drop();
    await program.says('discord: reconnecting');
    expect(await ready()).toBe(503);
    fake.gateway.speak();
    await program.says('discord: resumed');
    expect(await ready()).toBe(200);
  });

  test('that Discord closes for good, as when the token was reset, ends the process with a reason', async () => {
    const program = await running();
    fake.gateway.close(4004);
    expect(await program.ended).toBe(1);
    expect(program.log.join('\n')).toContain('DISCORD_TOKEN is refused');
  });
});

describe('an end by SIGTERM', () => {
  test('answers what was begun, closes with 1000 and ends with 0', async () => {
    const program = await running();
    const held = fake.hold('POST', /^\/interactions\/.*callback$/);
    const asked = fake.slash(someone(), 'ask', ['question', SHOES]);
    await held.begun;
    program.signal('SIGTERM');
    await program.says('stopping');
    held.release();
    expect(textOf((await asked).message)).toContain('supportive');
    expect(await program.ended).toBe(0);
    expect(fake.notes.filter((n) => n.what === 'closed').map((n) => n.detail)).toEqual([1000]);
  });

  test('takes nothing new', async () => {
    const program = await running();
    const held = fake.hold('POST', /^\/interactions\/.*callback$/);
    const asked = fake.slash(someone(), 'help');
    await held.begun;
    program.signal('SIGTERM');
    await program.says('stopping');
    const late = fake.mention(someone(), SHOES);
    held.release();
    await asked;
    await program.ended;
    expect(fake.repliesTo(late)).toBe(0);
  });
});

test('two shards identify, and both are answered on', async () => {
  await running({ DISCORD_SHARDS: '2' });
  expect(fake.gateway.identified.map((i) => i.shard)).toEqual([
    [0, 2],
    [1, 2],
  ]);
  await answers();
  const person = fake.person('runner');
  const written = fake.write({ person, place: fake.world.openDirect(person) }, SHOES);
  expect(textOf(await fake.replyTo(written))).toContain('supportive');
});
