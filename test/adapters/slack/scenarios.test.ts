import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type RunningProgram, runProgram } from '../../fakes/program.ts';
import {
  byHttp,
  bySocket,
  CHANNEL,
  directOf,
  eventBody,
  labelsOf,
  type Person,
  person,
  type Send,
  wordsOf,
} from '../../fakes/slack/drivers.ts';
import { type FakeSlack, type Shown, startFakeSlack } from '../../fakes/slack/fake.ts';

// The machine may be busy: nothing here is about how long it takes.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SECRET = ['not', 'a', 'secret'].join('-');
const NUMB = 'since this morning my groin is numb and I cannot pee';

describe.each(['Socket Mode', 'HTTP'] as const)('the built program over %s', (transport) => {
  let fake: FakeSlack;
  let program: RunningProgram;
  let send: Send;
  let ann: Person;

  beforeAll(async () => {
    fake = await startFakeSlack();
    const isSocket = transport === 'Socket Mode';
    program = runProgram({
      SLACK_API_URL: fake.apiUrl,
      SLACK_BOT_TOKEN: fake.tokens.bot,
      ...(isSocket ? { SLACK_APP_TOKEN: fake.tokens.app } : { SLACK_SIGNING_SECRET: SECRET, PORT: '0' }),
    });
    if (isSocket) send = bySocket(fake);
    else {
      const { port } = JSON.parse(await program.says('http: listening')) as { port: number };
      send = byHttp(`http://127.0.0.1:${port}/slack/events`, SECRET);
    }
    await program.says('"running"');
  });
  afterAll(async () => {
    program.signal('SIGTERM');
    expect(await program.ended).toBe(0);
    expect(fake.faults).toEqual([]);
    expect(program.log.join('\n')).not.toMatch(/xoxb|xapp|groin|shoes the problem/);
    await fake.stop();
  });

  const someone = () => person(fake, send);
  const next = (what: (s: Shown) => boolean): Promise<Shown> => {
    const from = fake.shown.length;
    return fake.until(() => fake.shown.slice(from).find(what));
  };
  const to = (who: Person) => (s: Shown) => s.onlyFor === who.id;
  const inThread = (ts: unknown) => (s: Shown) => s.thread === ts;

  test('a mention is answered in its thread, with the source and buttons, and text beside the blocks', async () => {
    ann = someone();
    const event = await ann.mention('are my shoes the problem?');
    const shown = await fake.until(() => fake.shown.find(inThread(event.ts)));
    expect(shown).toMatchObject({ by: 'post', channel: CHANNEL });
    expect(shown.onlyFor).toBeUndefined();
    expect(wordsOf(shown.blocks)).toContain('Source: ');
    expect(shown.text).toContain('supportive');
    expect(labelsOf(shown)).toContain('Why?');
    expect(shown.blocks.at(-1)?.type).toBe('context_actions');
  });

  test('a mention inside a thread stays there', async () => {
    const event = await someone().mention('what stretches help?', { thread_ts: '1600000000.000100' });
    const shown = await fake.until(() => fake.shown.find(inThread(event.thread_ts)));
    expect(wordsOf(shown.blocks)).toContain('cat-cow');
  });

  test('a button in a thread is answered to the person who pressed it', async () => {
    const event = await someone().mention('are my shoes the problem?');
    const shown = await fake.until(() => fake.shown.find(inThread(event.ts)));
    const bob = someone();
    const answer = next(to(bob));
    await bob.press(shown, 'Why?');
    expect(await answer).toMatchObject({ by: 'url', thread: event.ts, replaces: false });
    expect(wordsOf((await answer).blocks)).toContain('gait');
  });

  test('a danger sign in a channel: general words for all, the whole at once to the person alone', async () => {
    const bob = someone();
    const own = next(to(bob));
    const event = await bob.mention(NUMB);
    const open = await fake.until(() => fake.shown.find(inThread(event.ts)));
    expect(open.onlyFor).toBeUndefined();
    expect(wordsOf(open.blocks)).toContain('999');
    expect(wordsOf(open.blocks)).not.toMatch(/numb|pee|groin|legs/i);
    expect(labelsOf(open)).toEqual(['Go on in private']);
    const whole = await own;
    expect(whole.thread).toBe(event.ts);
    expect(whole.blocks[0]).toMatchObject({ type: 'header' });
    expect(wordsOf(whole.blocks)).toMatch(/emergency department.*999[\s\S]*numb/);
    const again = next(to(bob));
    await bob.press(open, 'Go on in private');
    expect(wordsOf((await again).blocks)).toContain('999');
  });

  test('somebody else who presses "Go on in private" learns nothing of the person', async () => {
    const [bob, eve] = [someone(), someone()];
    const event = await bob.mention(NUMB);
    const open = await fake.until(() => fake.shown.find(inThread(event.ts)));
    const answer = next(to(eve));
    await eve.press(open, 'Go on in private');
    expect(wordsOf((await answer).blocks)).not.toMatch(/numb|pee|999/);
  });

  test('a sign told in private is not hinted at in a channel', async () => {
    const bob = someone();
    const first = next((s) => s.channel === directOf(bob));
    await bob.direct(NUMB);
    await first;
    const event = await bob.mention('are my shoes the problem?');
    const shown = await fake.until(() => fake.shown.find(inThread(event.ts)));
    expect(wordsOf(shown.blocks)).toContain('supportive');
  });

  test('a sign told in a channel stays in force there, for the person alone', async () => {
    const bob = someone();
    const first = next(to(bob));
    await bob.mention(NUMB);
    await first;
    const second = next(to(bob));
    const event = await bob.mention('which stretches help?');
    const reminder = await second;
    expect(reminder.thread).toBeUndefined();
    expect(wordsOf(reminder.blocks)).toContain('My advice stays the same');
    expect(fake.shown.some(inThread(event.ts))).toBe(false);
  });

  test('two people in one thread are kept apart', async () => {
    const [bob, eve] = [someone(), someone()];
    const thread = { thread_ts: '1600000001.000100' };
    const first = next(to(bob));
    await bob.mention(NUMB, thread);
    await first;
    const other = next((s) => s.by === 'post' && wordsOf(s.blocks).includes('cat-cow'));
    await eve.mention('which stretches help my lower back?', thread);
    expect((await other).thread).toBe(thread.thread_ts);
  });

  test('a direct message is answered in its thread, and the talk goes on', async () => {
    const bob = someone();
    const event = await bob.direct('are my shoes the problem?');
    const shown = await fake.until(() => fake.shown.find(inThread(event.ts)));
    expect(shown).toMatchObject({ by: 'post', channel: directOf(bob) });
    const why = await bob.direct('why?', { thread_ts: event.ts });
    const answer = await fake.until(() => fake.shown.filter(inThread(why.thread_ts))[1]);
    expect(wordsOf(answer.blocks)).toContain('gait');
  });

  test('a danger sign in a direct message comes whole and first', async () => {
    const event = await someone().direct(NUMB);
    const shown = await fake.until(() => fake.shown.find(inThread(event.ts)));
    expect(shown.blocks[0]).toMatchObject({ type: 'header' });
    expect(shown.text).toMatch(/^⚠️ .*emergency department/);
  });

  test('a button in a direct message is answered there', async () => {
    const bob = someone();
    const event = await bob.direct('check');
    const asked = await fake.until(() => fake.shown.find(inThread(event.ts)));
    expect(labelsOf(asked)).toEqual(['Yes', 'No', 'Not sure', 'Stop here']);
    await bob.press(asked, 'Yes');
    const warning = await fake.until(() => fake.shown.filter(inThread(event.ts))[1]);
    expect(warning.by).toBe('post');
    expect(wordsOf(warning.blocks)).toContain('999');
  });

  test.each([
    ['check', 'between your legs'],
    ['cause', 'likely cause'],
    ['topics', 'the article covers'],
    ['note', 'note down'],
    ['help', 'own words'],
    ['privacy', 'do not keep the words'],
    ['forget', 'deleted'],
    ['', 'own words'],
    ['could my desk job hurt my back on long runs?', 'hip flexors'],
  ])('/backpain %s is answered to the person alone', async (text, words) => {
    const bob = someone();
    const answer = next(to(bob));
    const taken = await bob.command(text);
    expect(taken.status).toBe(200);
    expect(await answer).toMatchObject({ by: 'url', channel: CHANNEL });
    expect(wordsOf((await answer).blocks)).toContain(words);
  });

  test('all topics come as a menu, and a pick is answered', async () => {
    const bob = someone();
    const menu = next(to(bob));
    await bob.command('topics');
    const shown = await menu;
    expect(labelsOf(shown).length).toBeGreaterThan(14);
    const answer = next(to(bob));
    await bob.press(shown, labelsOf(shown)[0] ?? '');
    expect(wordsOf((await answer).blocks)).toContain('Source: ');
  });

  test('a question by command goes on in its own place, and an old button does not answer a new question', async () => {
    const bob = someone();
    let answer = next(to(bob));
    await bob.command('check');
    const first = await answer;
    answer = next(to(bob));
    await bob.press(first, 'No');
    const second = await answer;
    expect(second.replaces).toBe(true);
    expect(wordsOf(second.blocks)).toContain('weak');
    answer = next(to(bob));
    await bob.press(first, 'Yes');
    expect(wordsOf((await answer).blocks)).toContain('weak');
    expect(wordsOf((await answer).blocks)).not.toContain('999');
  });

  test('an answer can be shared with the channel, without anything of the person', async () => {
    const bob = someone();
    const answer = next(to(bob));
    await bob.command('are my shoes the problem?');
    const shared = next((s) => s.by === 'url' && !s.onlyFor);
    await bob.press(await answer, "Share the article's answer");
    expect(wordsOf((await shared).blocks)).toContain('supportive');
  });

  test('feedback is counted and thanked for', async () => {
    const bob = someone();
    const event = await bob.mention('are my shoes the problem?');
    const shown = await fake.until(() => fake.shown.find(inThread(event.ts)));
    const thanks = next(to(bob));
    await bob.press(shown, '-');
    expect((await thanks).text).toContain('Thank you');
  });

  test('"Ask about this message" is answered in private; a sign in what others wrote in general words, and held against nobody', async () => {
    const bob = someone();
    let answer = next(to(bob));
    await bob.shortcut(NUMB);
    const about = wordsOf((await answer).blocks);
    expect(about).toMatch(/999[\s\S]*somebody else/);
    expect(about).not.toMatch(/numb|pee/);
    expect(labelsOf(await answer)).toEqual([]);
    answer = next(to(bob));
    await bob.command('which stretches help my lower back?');
    expect(wordsOf((await answer).blocks)).toContain('cat-cow');
    answer = next(to(bob));
    await bob.shortcut('my lower back is sore, are my shoes too old?');
    expect(wordsOf((await answer).blocks)).toMatch(/somebody else[\s\S]*supportive/);
    answer = next(to(bob));
    await bob.shortcut('  ');
    expect((await answer).text).toContain('no words');
  });

  test('"Ask about this message" on a message of your own is your own talk', async () => {
    const bob = someone();
    let answer = next(to(bob));
    await bob.shortcut(NUMB, bob.id);
    expect(wordsOf((await answer).blocks)).toMatch(/999[\s\S]*numb/);
    answer = next(to(bob));
    await bob.command('which stretches help my lower back?');
    expect(wordsOf((await answer).blocks)).toContain('My advice stays the same');
  });

  test('the Home says what the bot does, and its buttons open windows', async () => {
    const bob = someone();
    const from = fake.views.length;
    await bob.opens('home');
    const home = await fake.until(() => fake.views.slice(from).find((v) => v.type === 'home'));
    expect(labelsOf(home)).toEqual(expect.arrayContaining(['Check for danger signs', 'Delete my data']));
    expect(wordsOf(home.blocks)).toContain('do not keep the words');
    await bob.press(home, labelsOf(home)[4] ?? '');
    const modal = await fake.until(() => fake.views.slice(from).find((v) => v.by === 'open'));
    expect(wordsOf(modal.blocks)).toContain('Source: ');
    await bob.press(modal, 'Why?');
    const updated = await fake.until(() => fake.views.slice(from).find((v) => v.by === 'update'));
    expect(updated.id).toBe(modal.id);
    await bob.press(home, 'Delete my data');
    const deleted = await fake.until(() => fake.views.slice(from).filter((v) => v.by === 'open')[1]);
    expect(wordsOf(deleted.blocks)).toContain('deleted');
  });

  test('the check as a form: what is missing is said field by field, every yes counts', async () => {
    const bob = someone();
    const from = fake.views.length;
    await bob.opens('home');
    const home = await fake.until(() => fake.views.slice(from).find((v) => v.type === 'home'));
    await bob.press(home, 'Check for danger signs');
    const form = await fake.until(() => fake.views.slice(from).find((v) => v.callback === 'check_form'));
    const questions = form.blocks.flatMap((b) => (b.label ? [b.label.text] : []));
    expect(questions).toHaveLength(5);
    const half = await bob.submit(form, { [questions[0] ?? '']: 'No' });
    expect(half.body).toMatchObject({ response_action: 'errors' });
    expect(Object.keys(half.body?.errors as object)).toHaveLength(4);
    const picks = Object.fromEntries(questions.map((q, i) => [q, i === 0 || i === 2 ? 'Yes' : 'No']));
    const whole = await bob.submit(form, picks);
    expect(whole.body).toMatchObject({ response_action: 'update' });
    const words = JSON.stringify(whole.body);
    expect(words).toContain('999');
    expect(words).toMatch(/chest pain/);
    expect(words).toMatch(/between the legs/);
  });

  test('the check as a form with no sign says so', async () => {
    const bob = someone();
    const asked = next(to(bob));
    await bob.command('check');
    const from = fake.views.length;
    await bob.press(await asked, 'All questions at once');
    const form = await fake.until(() => fake.views.slice(from).find((v) => v.callback === 'check_form'));
    const picks = Object.fromEntries(form.blocks.flatMap((b) => (b.label ? [[b.label.text, 'No']] : [])));
    expect(JSON.stringify((await bob.submit(form, picks)).body)).toContain('none of these signs');
  });

  test('the cause as a form gives the likely causes', async () => {
    const bob = someone();
    const asked = next(to(bob));
    await bob.command('cause');
    const from = fake.views.length;
    await bob.press(await asked, 'All questions at once');
    const form = await fake.until(() => fake.views.slice(from).find((v) => v.callback === 'cause_form'));
    const picks = Object.fromEntries(
      form.blocks.flatMap((b) => (b.label ? [[b.label.text, b.element?.options?.[0]?.text.text ?? '']] : [])),
    );
    expect(JSON.stringify((await bob.submit(form, picks)).body)).toContain('speaks for it');
  });

  test('the agent pane gets prompts when it opens', async () => {
    const bob = someone();
    await bob.opens('messages');
    const call = await fake.until(() =>
      fake.calls.find((c) => c.method.endsWith('setSuggestedPrompts') && c.args.channel_id === directOf(bob)),
    );
    expect(call.args.prompts).toHaveLength(4);
  });

  test('an event delivered twice, or only as a retry, gives one reply', async () => {
    const bob = someone();
    const body = (text: string, ts: string) =>
      eventBody({ type: 'message', channel_type: 'im', user: bob.id, channel: directOf(bob), ts, text });
    const twice = body('are my shoes the problem?', fake.nextTs());
    await send('events_api', twice);
    await send('events_api', twice, { retry: 1 });
    const late = body('which stretches help my lower back?', fake.nextTs());
    await send('events_api', late, { retry: 2 });
    await fake.until(() => fake.shown.find((s) => s.channel === directOf(bob) && s.text.includes('cat-cow')));
    expect(fake.shown.filter((s) => s.channel === directOf(bob))).toHaveLength(2);
  });

  test('a message that comes as two events gives one reply', async () => {
    const bob = someone();
    const ts = fake.nextTs();
    const event = { user: bob.id, channel: CHANNEL, ts, text: '<@UBOT> are my shoes the problem?' };
    await send('events_api', eventBody({ ...event, type: 'app_mention' }));
    await send('events_api', eventBody({ ...event, type: 'message', channel_type: 'channel' }));
    const end = await bob.mention('which stretches help my lower back?');
    await fake.until(() => fake.shown.find(inThread(end.ts)));
    expect(fake.shown.filter(inThread(ts))).toHaveLength(1);
  });

  test('edits, joins, other bots and the bot itself are passed over', async () => {
    const bob = someone();
    const base = {
      type: 'message',
      channel_type: 'im',
      user: bob.id,
      channel: directOf(bob),
      text: 'why does my back hurt?',
    };
    await send('events_api', eventBody({ ...base, ts: fake.nextTs(), subtype: 'message_changed' }));
    await send('events_api', eventBody({ ...base, ts: fake.nextTs(), subtype: 'message_deleted' }));
    await send('events_api', eventBody({ ...base, ts: fake.nextTs(), bot_id: 'BOTHER' }));
    await send('events_api', eventBody({ ...base, ts: fake.nextTs(), user: 'UBOT' }));
    const end = await bob.direct('which stretches help my lower back?');
    await fake.until(() => fake.shown.find(inThread(end.ts)));
    expect(fake.shown.filter((s) => s.channel === directOf(bob))).toHaveLength(1);
  });

  test('what a person writes pings nobody and is not echoed', async () => {
    const event = await someone().direct(
      '&lt;!channel&gt; <@U999> <https://evil.example|shoes> are my shoes the problem? &amp;lt;',
    );
    const shown = await fake.until(() => fake.shown.find(inThread(event.ts)));
    expect(JSON.stringify(shown)).not.toMatch(/<!|<@|evil/);
  });

  test('a button, a command or a window that is not of this app is taken and passed over', async () => {
    const bob = someone();
    const answer = next(to(bob));
    const old: Shown = {
      by: 'ephemeral',
      channel: CHANNEL,
      onlyFor: bob.id,
      text: 'x',
      ts: fake.nextTs(),
      replaces: false,
      blocks: [
        { type: 'actions', elements: [{ type: 'button', action_id: 'gone', text: { text: 'Old' }, value: 'b0|x' }] },
      ],
    };
    expect((await bob.press(old, 'Old')).status).toBe(200);
    expect((await answer).text).toContain('older talk');
    const view = { id: 'V0', by: 'open', type: 'modal', callback: 'gone', blocks: [] } as const;
    expect((await bob.submit(view, {})).status).toBe(200);
  });
});
