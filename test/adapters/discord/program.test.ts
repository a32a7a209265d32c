import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buttonsOf, optionsOf, textOf } from '../../fakes/discord/drivers.ts';
import { type FakeDiscord, startFakeDiscord } from '../../fakes/discord/fake.ts';
import { type Program, startProgram } from '../../fakes/discord/program.ts';

let fake: FakeDiscord;
let program: Program;

beforeAll(async () => {
  fake = await startFakeDiscord();
  program = startProgram(fake);
  await program.says('"running"');
}, 30_000);
afterAll(async () => {
  program.signal('SIGTERM');
  await program.ended;
  await fake.stop();
});

describe('the built program', () => {
  test('answers a slash command to the person alone', async () => {
    const ann = fake.person('ann');
    const { message, type } = await fake.slash({ person: ann, place: fake.places.general }, 'ask', [
      'question',
      'are my shoes the problem?',
    ]);
    expect(type).toBe(4);
    expect(message?.isEphemeral).toBe(true);
    expect(textOf(message)).toContain('supportive');
    expect(buttonsOf(message)).toContain('Why?');
    expect(fake.gateway.identified).toEqual([{ intents: 4609, shard: [0, 1], compress: false }]);
    expect(fake.complaints).toEqual([]);
  });

  test('lists the topics in a menu, and a pick answers', async () => {
    const by = { person: fake.person('bob'), place: fake.places.general };
    const asked = await fake.slash(by, 'help');
    const [first] = optionsOf(asked.message);
    const { message } = await fake.pick(by, asked.message, first?.label ?? '');
    expect(textOf(message)).toContain(first?.label);
    expect(fake.complaints).toEqual([]);
  });
});
