import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeDiscord, startFakeDiscord } from '../../fakes/discord/fake.ts';
import { startProgram } from '../../fakes/discord/program.ts';

let fake: FakeDiscord;
beforeEach(async () => {
  fake = await startFakeDiscord();
});
afterEach(() => fake.stop());

/** Runs `register` with arguments to its end; resolves to its words and its exit code. */
const register = async (args: readonly string[] = [], env: Record<string, string> = {}) => {
  const program = startProgram(fake, env, ['register', ...args]);
  return { code: await program.ended, said: program.log.join('\n') };
};
const ids = (guild = '') => (fake.world.commands.get(guild) ?? []).map((c) => c.id);
const puts = () => fake.heard.filter((h) => h.call.method === 'PUT').length;

test('puts the commands once; a second time finds them there, and the ids stay', async () => {
  const first = await register();
  expect(first).toMatchObject({ code: 0, said: expect.stringContaining('put 2 commands everywhere, in place of 0') });
  expect(first.said).toContain(
    `client_id=${fake.world.applicationId}&scope=bot+applications.commands&permissions=274877991936`,
  );
  const before = ids();
  expect((await register()).said).toContain('nothing to do: 2 commands stand everywhere');
  expect(puts()).toBe(1);
  expect(ids()).toEqual(before);
  expect(fake.complaints).toEqual([]);
});

test('puts anew what was changed by hand, under the same ids', async () => {
  await register();
  const before = ids();
  const [slash] = fake.world.commands.get('') ?? [];
  Object.assign(slash ?? {}, { description: 'something else' });
  expect((await register()).said).toContain('put 2 commands everywhere, in place of 2');
  expect(ids()).toEqual(before);
});

test('only says what it would do on a dry run', async () => {
  expect((await register(['--dry-run'])).said).toContain('would put 2 commands everywhere');
  expect(puts()).toBe(0);
});

test('puts them in one server, and says when people there would see each twice', async () => {
  const env = { DISCORD_GUILD_ID: fake.world.guildId };
  expect((await register(['--guild'], env)).said).toContain('put 2 commands in the server');
  expect((await register(['--guild'], env)).said).toContain('nothing to do');
  await register();
  expect((await register(['--guild'], env)).said).toContain('see each twice');
  expect(fake.complaints).toEqual([]);
});

test('takes all away with --clear', async () => {
  await register();
  expect((await register(['--clear'])).said).toContain('put 0 commands everywhere, in place of 2');
  expect(ids()).toEqual([]);
});

test.each([
  ['a refused token', [], () => ({ DISCORD_TOKEN: ['other', 'fake', 'token'].join('.') }), 'DISCORD_TOKEN is refused'],
  ['a server the bot is not in', ['--guild'], () => ({ DISCORD_GUILD_ID: '123' }), 'add it to that server'],
  [
    'the id of another application',
    [],
    () => ({ DISCORD_APPLICATION_ID: '123' }),
    'DISCORD_APPLICATION_ID is not the application',
  ],
  ['no server named', ['--guild'], () => ({}), 'register needs DISCORD_GUILD_ID'],
  ['an address where nothing answers', [], () => ({ DISCORD_API_URL: 'http://127.0.0.1:1/api' }), 'cannot be reached'],
] as const)('%s is told with what to mend, and ends with 1', async (_name, args, env, words) => {
  const { code, said } = await register(args, env());
  expect(said).toContain(words);
  expect(said).not.toContain(fake.world.token);
  expect(code).toBe(1);
});
