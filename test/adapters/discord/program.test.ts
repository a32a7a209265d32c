import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type By, buttonsOf, optionsOf, textOf } from '../../fakes/discord/drivers.ts';
import { type FakeDiscord, startFakeDiscord } from '../../fakes/discord/fake.ts';
import { type Program, startProgram } from '../../fakes/discord/program.ts';
import type { Place, StoredMessage } from '../../fakes/discord/world.ts';

let fake: FakeDiscord;
let program: Program;

beforeAll(async () => {
  fake = await startFakeDiscord();
  program = startProgram(fake);
  await program.says('"running"');
}, 30_000);
afterAll(async () => {
  program.signal('SIGTERM');
  expect(await program.ended).toBe(0);
  await fake.stop();
});

/** A person nobody has met yet, in a place. */
const someone = (place: Place = fake.places.general): By => ({ person: fake.person('runner'), place });
const direct = (): By => {
  const person = fake.person('runner');
  return { person, place: fake.world.openDirect(person) };
};

const SHOES = 'are my shoes the problem?';
const NUMB = 'my groin has gone numb since yesterday and my back hurts';

/** Every way in that carries words: how it is said, who may see the reply, and whether it is shown in general words. */
type Said = { readonly message: StoredMessage | undefined };
const ways: readonly (readonly [
  name: string,
  seenBy: 'alone' | 'direct' | 'all',
  say: (words: string) => Promise<Said>,
])[] = [
  ['/backpain ask in a channel', 'alone', (words) => fake.slash(someone(), 'ask', ['question', words])],
  [
    '/backpain ask in a thread',
    'alone',
    (words) => fake.slash(someone(fake.places.thread), 'ask', ['question', words]),
  ],
  ['/backpain ask in a direct message', 'direct', (words) => fake.slash(direct(), 'ask', ['question', words])],
  [
    '/backpain ask in a group, installed by the person',
    'alone',
    (words) => fake.slash({ ...someone(fake.places.group), isUserInstall: true }, 'ask', ['question', words]),
  ],
  ['/backpain topic with words of one’s own', 'alone', (words) => fake.slash(someone(), 'topic', ['name', words])],
  [
    'the message command on one’s own message',
    'alone',
    (words) => {
      const by = someone();
      return fake.askAbout(by, fake.write(by, words));
    },
  ],
  [
    '/backpain ask in a server without the bot, installed by the person',
    'alone',
    (words) => fake.slash({ ...someone(fake.places.elsewhere), isUserInstall: true }, 'ask', ['question', words]),
  ],
  ['a mention in a channel', 'all', async (words) => ({ message: await fake.replyTo(fake.mention(someone(), words)) })],
  [
    'a mention in a thread',
    'all',
    async (words) => ({ message: await fake.replyTo(fake.mention(someone(fake.places.thread), words)) }),
  ],
  [
    'a reply to the bot',
    'all',
    async (words) => {
      const by = someone();
      const first = await fake.replyTo(fake.mention(by, 'hello'));
      return { message: await fake.replyTo(fake.reply(by, first, words)) };
    },
  ],
  ['a direct message', 'direct', async (words) => ({ message: await fake.replyTo(fake.write(direct(), words)) })],
];

describe.each(ways)('%s', (_name, seenBy, say) => {
  test('answers from the article and names the place', async () => {
    const { message } = await say(SHOES);
    expect(textOf(message)).toContain('supportive');
    expect(textOf(message)).toMatch(/-# Source: "/);
    expect(buttonsOf(message)).toEqual(expect.arrayContaining(['Why?', 'Helpful', 'Not helpful']));
    expect(buttonsOf(message).includes("Share the article's answer")).toBe(seenBy === 'alone');
    expect(optionsOf(message)).toHaveLength(16);
    expect(message?.isEphemeral).toBe(seenBy === 'alone');
  });

  test('puts a danger sign first, in general words where others read', async () => {
    const { message } = await say(NUMB);
    expect(textOf(message)).toMatch(/^## ⚠️ Please read this first\n/);
    expect(textOf(message)).toContain('999');
    expect(textOf(message)).not.toContain('Source:');
    if (seenBy === 'all') {
      expect(textOf(message)).not.toMatch(/numb|groin|legs/i);
      expect(buttonsOf(message)).toEqual(['Go on in private']);
    } else expect(textOf(message)).toContain('numbness between the legs');
  });
});

describe('commands', () => {
  test.each([
    ['check', /up to five short questions/, 'Yes'],
    ['cause', /likely cause/, 'Stop here'],
    ['note', /not talked about anything yet/, undefined],
    ['help', /in your own words/, 'Find my cause'],
    ['privacy', /24 hours after your last message/, undefined],
    ['forget', /deleted all I kept/, undefined],
  ])('/backpain %s answers the person alone', async (sub, words, button) => {
    const { message } = await fake.slash(someone(), sub);
    expect(textOf(message)).toMatch(words);
    expect(message?.isEphemeral).toBe(true);
    if (button) expect(buttonsOf(message)).toContain(button);
  });

  test('a topic that was completed is answered as that topic', async () => {
    const by = someone();
    const [first] = (await fake.typing(by, 'shoes')).choices;
    const { message } = await fake.slash(by, 'topic', ['name', first?.value ?? '']);
    expect(textOf(message)).toContain('supportive');
  });

  test.each([
    ['', 16],
    ['stret', 1],
    ['i sit all day at work', 1],
    ['x'.repeat(6000), 0],
  ])('completion of %j offers at least %i topics', async (typed, least) => {
    const { choices } = await fake.typing(someone(), typed);
    expect(choices.length).toBeGreaterThanOrEqual(least);
    expect(choices.every((c) => c.value.startsWith('topic:'))).toBe(true);
  });

  test('forget deletes the facts of a talk, in a direct message too', async () => {
    const by = direct();
    await fake.replyTo(fake.write(by, NUMB));
    await fake.slash(by, 'forget');
    const { message } = await fake.slash(by, 'ask', ['question', SHOES]);
    expect(textOf(message)).toContain('supportive');
  });
});

describe('buttons and menus', () => {
  test('a follow-up button answers, and a topic of the menu too', async () => {
    const by = someone();
    const first = await fake.slash(by, 'ask', ['question', SHOES]);
    expect(textOf((await fake.press(by, first.message, 'Why?')).message)).toContain('gait');
    const [option] = optionsOf(first.message);
    expect(textOf((await fake.pick(by, first.message, option?.label ?? '')).message)).toContain(
      `About: ${option?.label}`,
    );
  });

  test('a check goes on in place, one card for five questions', async () => {
    const by = someone();
    let answer: Answer = await fake.slash(by, 'check');
    const card = answer.message?.id;
    for (let i = 0; i < 5; i++) {
      answer = await fake.press(by, answer.message, 'No');
      expect(answer.type).toBe(7);
    }
    expect(answer.message?.id).toBe(card);
    expect(textOf(answer.message)).toContain('none of these signs');
    expect(buttonsOf(answer.message)).toEqual([]);
  });

  test('a yes in a check warns in place of the question', async () => {
    const by = someone();
    const asked = await fake.slash(by, 'check');
    const told = await fake.press(by, asked.message, 'Yes');
    expect(textOf(told.message)).toMatch(/^## ⚠️|which/i);
    const sure = textOf(told.message).startsWith('## ⚠️') ? told : await fake.press(by, told.message, 'Yes');
    expect(textOf(sure.message)).toMatch(/^## ⚠️ Please read this first/);
  });

  test.each(['group', 'elsewhere'] as const)(
    'a person’s own install works in a %s: check, buttons, message command, share',
    async (where) => {
      const by = { ...someone(fake.places[where]), isUserInstall: true };
      const asked = await fake.slash(by, 'check');
      const next = await fake.press(by, asked.message, 'No');
      expect(next.type).toBe(7);
      expect(textOf(next.message)).not.toBe(textOf(asked.message));
      const answer = await fake.askAbout(by, fake.write(by, SHOES));
      expect(textOf((await fake.press(by, answer.message, 'Why?')).message)).toContain('gait');
      const shared = await fake.press(by, answer.message, "Share the article's answer");
      expect(shared.message?.isEphemeral).toBe(false);
    },
  );

  test('a button of a question that is answered does not answer the next one', async () => {
    const by = someone();
    const asked = await fake.slash(by, 'check');
    const old = { ...asked.message } as StoredMessage;
    const second = await fake.press(by, asked.message, 'No');
    const again = await fake.press(by, old, 'No');
    expect(textOf(again.message)).toBe(textOf(second.message));
  });

  test('pressed by another person it begins that person’s own card', async () => {
    const ann = someone();
    const bob = someone();
    const open = await fake.replyTo(fake.mention(ann, 'my back hurts when i run'));
    const { message, type } = await fake.press(bob, open, buttonsOf(open)[0] ?? '');
    expect(type).toBe(4);
    expect(message?.isEphemeral).toBe(true);
    expect(fake.world.messages.get(open.id)?.components).toEqual(open.components);
  });

  test('going on in private shows the whole warning to the one who wrote, and nothing of it to another', async () => {
    const ann = someone();
    const open = await fake.replyTo(fake.mention(ann, NUMB));
    const own = await fake.press(ann, open, 'Go on in private');
    expect(own.message?.isEphemeral).toBe(true);
    expect(textOf(own.message)).toContain('numbness between the legs');
    const foreign = await fake.press(someone(), open, 'Go on in private');
    expect(textOf(foreign.message)).not.toMatch(/numb|999/i);
  });

  test('share shows the article’s answer to everybody, once, and never a finding', async () => {
    const by = someone();
    await fake.slash(by, 'ask', ['question', 'i have pins and needles in one leg for two days']);
    const first = await fake.slash(by, 'topic', ['name', 'topic:footwear']);
    const label = "Share the article's answer";
    const source = buttonsOf(first.message).includes(label)
      ? first
      : await fake.slash(someone(), 'ask', ['question', SHOES]);
    const shared = await fake.press(by, source.message, label);
    expect(shared.message?.isEphemeral).toBe(false);
    expect(textOf(shared.message)).toContain('supportive');
    expect(textOf(shared.message)).not.toMatch(/⚠️|pins|needles/i);
    expect(textOf((await fake.press(by, source.message, label)).message)).toContain('shared already');
  });

  test('a reply with what a person told has no share button', async () => {
    const by = someone();
    const warned = await fake.slash(by, 'ask', ['question', NUMB]);
    const later = await fake.slash(by, 'ask', ['question', SHOES]);
    for (const { message } of [warned, later]) expect(buttonsOf(message)).not.toContain("Share the article's answer");
  });

  test('helpful is thanked for', async () => {
    const by = someone();
    const first = await fake.slash(by, 'ask', ['question', SHOES]);
    expect(textOf((await fake.press(by, first.message, 'Helpful')).message)).toContain('Only the count is kept');
  });

  test.each(['b0|offer|why:core', 'anything', 'b1|offer|why:nothing', 'b1|share|nothing', 'b1|ask|opt:gone:gone'])(
    'the id %j of an older bot gets a kind word',
    async (id) => {
      const by = someone();
      const first = await fake.slash(by, 'help');
      expect(textOf((await fake.pressId(by, first.message, id)).message)).toContain('older talk');
    },
  );
});

describe('people are kept apart', () => {
  test('two people in one channel share no finding', async () => {
    const ann = someone();
    const bob = someone();
    await fake.replyTo(fake.mention(ann, NUMB));
    const toBob = await fake.slash(bob, 'ask', ['question', SHOES]);
    const toAnn = await fake.slash(ann, 'ask', ['question', SHOES]);
    expect(textOf(toBob.message)).not.toMatch(/999|⚠️/);
    expect(textOf(toAnn.message)).toMatch(/^## ⚠️/);
  });

  test('another person’s message is answered in general words and leaves no mark on the one who asks', async () => {
    const ann = someone();
    const bob = someone();
    const written = fake.write(ann, NUMB);
    const { message } = await fake.askAbout(bob, written);
    expect(textOf(message)).toMatch(/^## ⚠️/);
    expect(textOf(message)).not.toMatch(/numb|you wrote/i);
    expect(buttonsOf(message)).toEqual([]);
    const later = await fake.slash(bob, 'ask', ['question', SHOES]);
    expect(textOf(later.message)).not.toMatch(/999|⚠️/);
  });

  test('another person’s message about shoes is answered', async () => {
    const { message } = await fake.askAbout(someone(), fake.write(someone(), SHOES));
    expect(textOf(message)).toContain('supportive');
  });
});

describe('what is not answered, and what cannot be read', () => {
  test('a redelivered message is answered once', async () => {
    const asked = fake.mention(someone(), SHOES);
    await fake.replyTo(asked);
    fake.redeliver(asked);
    await fake.replyTo(fake.mention(someone(), 'hello'));
    expect(fake.repliesTo(asked)).toBe(1);
  });

  test('a redelivered message without words is told so once', async () => {
    const written = fake.write(direct(), '');
    await fake.replyTo(written);
    fake.redeliver(written);
    await fake.replyTo(fake.mention(someone(), 'hello'));
    expect(fake.repliesTo(written)).toBe(1);
  });

  test.each([
    ['a message that mentions nobody', () => fake.write(someone(), NUMB)],
    ['a mention of everyone', () => fake.write(someone(), '@everyone my groin is numb')],
    ['a reply to the bot with the ping off', () => fake.write(someone(), 'thanks')],
    [
      'another bot',
      () =>
        fake.write(someone(), `<@${fake.world.bot.id}> hi`, {
          author: { id: '1', username: 'bot', bot: true } as never,
        }),
    ],
    ['a webhook', () => fake.write(someone(), `<@${fake.world.bot.id}> hi`, { webhook_id: '5' })],
    ['a system message', () => fake.write(someone(), `<@${fake.world.bot.id}> hi`, { type: 7 as never })],
  ])('%s is not answered', async (_name, write) => {
    const written = write();
    await fake.replyTo(fake.mention(someone(), 'hello'));
    expect(fake.repliesTo(written)).toBe(0);
  });

  test('the bare mention gets help', async () => {
    expect(textOf(await fake.replyTo(fake.mention(someone(), '')))).toContain('in your own words');
  });

  test('an image without words is told apart, in a direct message and by the message command', async () => {
    const by = direct();
    expect(textOf(await fake.replyTo(fake.write(by, '')))).toContain('no words');
    const { message } = await fake.askAbout(someone(), fake.write(someone(), ''));
    expect(textOf(message)).toContain('no words');
  });

  test('a reply to a shared answer, whose words Discord hides, is told how to be read', async () => {
    const by = someone();
    const first = await fake.slash(by, 'ask', ['question', SHOES]);
    const shared = await fake.press(by, first.message, "Share the article's answer");
    const reply = await fake.replyTo(fake.reply(by, shared.message as StoredMessage, NUMB));
    expect(textOf(reply)).toContain('does not show me the words');
  });

  test('where the bot may not write, the person is answered in a direct message, in full', async () => {
    const by = someone(fake.places.readOnly);
    fake.mention(by, NUMB);
    const place = await fake.until(() =>
      [...fake.world.places.values()].find((p) => p.type === 1 && p.person === by.person),
    );
    const message = await fake.until(() => [...fake.world.messages.values()].find((m) => m.channel_id === place.id));
    expect(textOf(message)).toContain('numbness between the legs');
  });
});

describe('every payload', () => {
  test('keeps Discord’s limits, pings nobody and unfolds no link; the bot asks for three intents', () => {
    expect(fake.complaints).toEqual([]);
    expect(fake.gateway.identified).toEqual([{ intents: 4609, shard: [0, 1], compress: false }]);
  });

  test('the log holds no word that a person wrote, no name and no token', () => {
    const log = program.log.join('\n');
    expect(log).not.toMatch(/shoes|groin|runner"|numb/i);
    expect(log).not.toContain(fake.world.token);
    for (const id of fake.world.people.keys()) expect(log).not.toContain(id);
  });
});
