import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type RunningProgram, runProgram } from '../../fakes/program.ts';
import { byHttp, directOf, eventBody, person, type Send } from '../../fakes/slack/drivers.ts';
import { type FakeSlack, startFakeSlack } from '../../fakes/slack/fake.ts';
import { hasRedis, type RealRedis, startRedis } from '../../redis.ts';

// The machine may be busy: nothing here is about how long it takes.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SECRET = ['not', 'a', 'secret'].join('-');

describe.skipIf(!hasRedis)('two processes on one Redis', () => {
  let fake: FakeSlack;
  let redis: RealRedis;
  let programs: readonly RunningProgram[];
  let sends: readonly Send[];

  beforeAll(async () => {
    fake = await startFakeSlack();
    redis = await startRedis();
    const begin = async () => {
      const program = runProgram({
        SLACK_API_URL: fake.apiUrl,
        SLACK_BOT_TOKEN: fake.tokens.bot,
        SLACK_SIGNING_SECRET: SECRET,
        STORE_URL: redis.url,
        STORE_KEY: ['not', 'a', 'real', 'store', 'key'].join('-'),
        PORT: '0',
      });
      const { port } = JSON.parse(await program.says('http: listening')) as { port: number };
      await program.says('"running"');
      return { program, send: byHttp(`http://127.0.0.1:${port}/slack/events`, SECRET) };
    };
    const both = await Promise.all([begin(), begin()]);
    programs = both.map((b) => b.program);
    sends = both.map((b) => b.send);
  });
  afterAll(async () => {
    for (const program of programs) {
      program.signal('SIGTERM');
      expect(await program.ended).toBe(0);
    }
    await redis.stop();
    await fake.stop();
  });

  test('an event that reaches both is answered once', async () => {
    for (let n = 0; n < 5; n++) {
      const bob = person(fake, sends[0] as Send);
      const event = { type: 'message', channel_type: 'im', user: bob.id, channel: directOf(bob), ts: fake.nextTs() };
      const body = eventBody({ ...event, text: 'are my shoes the problem?' });
      await Promise.all(sends.map((send) => send('events_api', body, { retry: 1 })));
      // A message of the same person stands behind it in both.
      for (const send of sends)
        await send(
          'events_api',
          eventBody({ ...event, ts: fake.nextTs(), text: 'what stretches help my lower back?' }),
        );
      await fake.until(
        () => fake.shown.filter((s) => s.channel === directOf(bob) && s.text.includes('cat-cow')).length === 2,
      );
      expect(fake.shown.filter((s) => s.channel === directOf(bob) && s.text.includes('supportive'))).toHaveLength(1);
    }
  });

  test('a warning that one process gave is in force in the other', async () => {
    const bob = person(fake, sends[0] as Send);
    await bob.direct('my groin is numb and I cannot pee');
    await fake.until(() => fake.shown.find((s) => s.channel === directOf(bob)));
    const again = person(fake, sends[1] as Send, bob.id);
    await again.direct('which stretches help?');
    const reminder = await fake.until(() => fake.shown.filter((s) => s.channel === directOf(bob))[1]);
    expect(reminder.text).toContain('My advice stays the same');
  });
});
