import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type RunningProgram, runProgram } from '../../fakes/program.ts';
import { bySocket, directOf, type Person, person, wordsOf } from '../../fakes/slack/drivers.ts';
import { type FakeSlack, startFakeSlack } from '../../fakes/slack/fake.ts';

// The machine may be busy: nothing here is about how long it takes.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SHOES = 'are my shoes the problem?';
const NUMB = 'my groin is numb and I cannot pee';
const settings = (fake: FakeSlack) => ({
  SLACK_API_URL: fake.apiUrl,
  SLACK_BOT_TOKEN: fake.tokens.bot,
  SLACK_APP_TOKEN: fake.tokens.app,
});
const shownTo = (fake: FakeSlack, who: Person) => fake.shown.filter((s) => s.channel === directOf(who));
const tried = (fake: FakeSlack, who: Person, method = 'chat.postMessage') =>
  fake.calls.filter((c) => c.method === method && c.args.channel === directOf(who));

describe('when Slack fails', () => {
  let fake: FakeSlack;
  let program: RunningProgram;
  beforeAll(async () => {
    fake = await startFakeSlack();
    program = runProgram(settings(fake));
    await program.says('"running"');
  });
  afterAll(async () => {
    program.signal('SIGTERM');
    expect(await program.ended).toBe(0);
    await fake.stop();
  });
  const someone = () => person(fake, bySocket(fake));

  test('a rate limit is waited for, and the answer is posted once', async () => {
    const bob = someone();
    fake.script('chat.postMessage', { status: 429, headers: { 'retry-after': '1' } });
    await bob.direct(SHOES);
    await fake.until(() => shownTo(fake, bob)[0]);
    expect(tried(fake, bob)).toHaveLength(2);
    expect(shownTo(fake, bob)).toHaveLength(1);
  });

  test('a post that Slack took before the line dropped is not sent again', async () => {
    const bob = someone();
    fake.script('chat.postMessage', 'drop-after');
    await bob.direct(SHOES);
    await program.says('a handler failed');
    await bob.direct('what stretches help my lower back?');
    await fake.until(() => shownTo(fake, bob).find((s) => s.text.includes('cat-cow')));
    expect(shownTo(fake, bob)).toHaveLength(2);
  });

  test('a warning whose fate is unknown is sent again, for it may be lost', async () => {
    const bob = someone();
    fake.script('chat.postMessage', 'drop');
    await bob.direct(NUMB);
    expect((await fake.until(() => shownTo(fake, bob)[0])).text).toContain('999');
  });

  test('after a 500 the person is told, in a sentence that names where to get help', async () => {
    const bob = someone();
    fake.script('chat.postMessage', { status: 500 });
    await bob.direct(SHOES);
    expect((await fake.until(() => shownTo(fake, bob)[0])).text).toMatch(/went wrong.*emergency number/);
  });

  test('blocks that Slack refuses go as plain text', async () => {
    const bob = someone();
    fake.script('chat.postMessage', { error: 'invalid_blocks' });
    await bob.direct(SHOES);
    const shown = await fake.until(() => shownTo(fake, bob)[0]);
    expect(shown.blocks).toEqual([]);
    expect(shown.text).toContain('supportive');
  });

  test('a peer that never answers is given up, and the bot goes on', async () => {
    const bob = someone();
    fake.script('chat.postMessage', 'hang-after');
    await bob.direct(SHOES);
    const eve = someone();
    await eve.direct(SHOES);
    await fake.until(() => shownTo(fake, eve)[0]);
    expect(program.isRunning()).toBe(true);
  });

  test('a channel that does not let the bot write is answered in a direct message', async () => {
    const bob = someone();
    fake.script('chat.postMessage', { error: 'not_in_channel' });
    await bob.mention(SHOES);
    const shown = await fake.until(() => fake.shown.find((s) => s.channel === bob.id));
    expect(wordsOf(shown.blocks)).toContain('supportive');
  });

  test('a private warning that a channel refuses goes as a direct message', async () => {
    const bob = someone();
    fake.script('chat.postEphemeral', { error: 'user_not_in_channel' });
    await bob.mention(NUMB);
    const shown = await fake.until(() => fake.shown.find((s) => s.channel === bob.id));
    expect(wordsOf(shown.blocks)).toContain('numb');
  });

  test('a private warning does not wait for a public one that is stuck', async () => {
    const bob = someone();
    let release: (value: unknown) => void = () => {};
    fake.script('chat.postMessage', {
      until: new Promise((resolve) => {
        release = resolve;
      }),
    });
    await bob.mention(NUMB);
    const own = await fake.until(() => fake.shown.find((s) => s.onlyFor === bob.id));
    expect(wordsOf(own.blocks)).toContain('999');
    release(undefined);
  });

  test('a response_url that is used up does not end anything', async () => {
    const bob = someone();
    fake.script('response_url', { status: 404 });
    await bob.command(SHOES);
    await fake.until(() => fake.shown.find((s) => s.onlyFor === bob.id && s.text.includes('went wrong')));
    await bob.command('what stretches help my lower back?');
    await fake.until(() => fake.shown.find((s) => s.onlyFor === bob.id && s.text.includes('cat-cow')));
  });

  test('a warning reaches the person although the response_url is used up', async () => {
    const bob = someone();
    fake.script('response_url', { status: 404 });
    await bob.command(NUMB);
    const shown = await fake.until(() => fake.shown.find((s) => s.channel === bob.id));
    expect(wordsOf(shown.blocks)).toContain('999');
  });

  test('a scope that is missing at run time does not keep an answer back', async () => {
    fake.missingScopes.add('assistant:write');
    const bob = someone();
    await bob.opens('messages');
    await bob.direct(SHOES);
    await fake.until(() => shownTo(fake, bob)[0]);
    fake.missingScopes.clear();
  });

  test('a socket that Slack closes or drops is opened anew, and messages are answered again', async () => {
    const before = fake.opened();
    fake
      .sockets()
      .at(-1)
      ?.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
    await fake.until(() => fake.opened() === before + 1);
    const bob = someone();
    await bob.direct(SHOES);
    await fake.until(() => shownTo(fake, bob)[0]);
    fake.sockets().at(-1)?.terminate();
    await fake.until(() => fake.opened() === before + 2);
    await bob.direct('what stretches help my lower back?');
    await fake.until(() => shownTo(fake, bob)[1]);
  });
});

describe('the end of the program', () => {
  test('SIGTERM lets what runs be answered, then ends with 0', async () => {
    const fake = await startFakeSlack();
    const program = runProgram(settings(fake));
    await program.says('"running"');
    let release: (value: unknown) => void = () => {};
    fake.script('chat.postMessage', {
      until: new Promise((resolve) => {
        release = resolve;
      }),
    });
    const bob = person(fake, bySocket(fake));
    await bob.direct(SHOES);
    await fake.until(() => tried(fake, bob)[0]);
    program.signal('SIGTERM');
    await fake.until(() => fake.sockets().length === 0);
    expect(program.isRunning()).toBe(true);
    release(undefined);
    expect(await program.ended).toBe(0);
    expect(shownTo(fake, bob)).toHaveLength(1);
    await fake.stop();
  });

  test('a token that is refused at a reconnect ends it with a reason, not with an unhandled rejection', async () => {
    const fake = await startFakeSlack();
    const program = runProgram(settings(fake));
    await program.says('"running"');
    fake.refused.add(fake.tokens.app);
    fake.sockets().at(-1)?.terminate();
    expect(await program.says('SLACK_APP_TOKEN is refused by Slack (invalid_auth)')).toContain('copy it anew');
    expect(await program.ended).toBe(1);
    expect(program.log.join('\n')).not.toContain('nothing caught');
    await fake.stop();
  });

  test.each([
    ['bot', 'SLACK_BOT_TOKEN is refused by Slack'],
    ['app', 'SLACK_APP_TOKEN is refused by Slack'],
  ] as const)(
    'a %s token that is refused at the start is told by its setting',
    async (which, words) => {
      const fake = await startFakeSlack();
      fake.refused.add(fake.tokens[which]);
      const program = runProgram(settings(fake));
      expect(await program.says(words)).not.toContain('xox');
      expect(await program.ended).toBe(1);
      await fake.stop();
    },
    30_000,
  );

  test('a Slack that cannot be reached is told with what to check', async () => {
    const program = runProgram({
      SLACK_API_URL: 'http://127.0.0.1:9/api/',
      SLACK_BOT_TOKEN: ['xoxb', 'x'].join('-'),
      SLACK_APP_TOKEN: ['xapp', 'x'].join('-'),
    });
    expect(await program.says('cannot be reached')).toContain('SLACK_API_URL');
    expect(await program.ended).toBe(1);
  });
});
