import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { PublicReply } from '../src/adapters/terminal/batch.ts';

const run = (args: readonly string[], input = '') =>
  spawnSync(process.execPath, ['dist/main.js', ...args], {
    input,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', REGION: 'GB', DISCORD_TOKEN: '', SLACK_BOT_TOKEN: '' },
  });

test('a chat over a pipe answers every line in order and leaves with 0', () => {
  const { stdout, status } = run(['chat'], 'are my shoes the problem?\nwhy?\n/quit\nnever read\n');
  expect(status).toBe(0);
  expect(stdout.match(/Source: /g)).toHaveLength(2);
  expect(stdout).not.toContain('\u001b[');
});

test('start without tokens is the chat', () => {
  expect(run([], 'what stretches help my lower back?\n').stdout).toContain('cat-cow');
});

test('the number of an offer typed into the chat picks it', () => {
  const { stdout } = run(['chat'], 'are my shoes the problem?\n1\n');
  expect(stdout).toContain('gait');
});

test('ask prints one answer, and as JSON the public form with evidence', () => {
  expect(run(['ask', 'are my shoes the problem?']).stdout).toContain('supportive');
  const { stdout, status } = run(['ask', '--json', 'my groin has gone numb since yesterday']);
  const reply = JSON.parse(stdout);
  expect(status).toBe(0);
  expect(PublicReply.parse(reply).urgency).toBe('emergency');
  expect(reply.evidence[0].heardBy).toMatch(/^rule:saddle-numbness/);
});

test('batch answers in order, names bad lines and goes on', () => {
  const { stdout, status } = run(
    ['batch'],
    [
      '{"id":"a","turns":["hello","are my shoes old?"]}',
      'not json',
      '{"id":"b"}',
      '',
      '{"id":7,"turns":["thanks"]}',
    ].join('\n'),
  );
  const lines = stdout
    .trim()
    .split('\n')
    .map((l) => JSON.parse(l));
  expect(lines.map((l) => l.id)).toEqual(['a', null, 'b', 7]);
  expect(lines[0].replies).toHaveLength(2);
  expect(lines[0].replies.map((r: unknown) => PublicReply.parse(r).kind)[0]).toBe('smalltalk');
  expect(lines[1].error).toContain('not JSON');
  expect(lines[2].error).toContain('turns');
  expect(status).toBe(1);
});

test('broken UTF-8 in a batch is answered, not dropped', () => {
  const bytes = Buffer.concat([
    Buffer.from('{"id":"u","turns":["back '),
    Buffer.from([0xff, 0xfe, 0xc3]),
    Buffer.from(' pain"]}\n'),
  ]);
  const { stdout } = spawnSync(process.execPath, ['dist/main.js', 'batch'], { input: bytes, encoding: 'utf8' });
  expect(JSON.parse(stdout).replies).toHaveLength(1);
});

test('a wrong setting is told by name, in one line, without its value', () => {
  const { stderr, status } = spawnSync(process.execPath, ['dist/main.js', 'ask', 'x'], {
    encoding: 'utf8',
    env: { ...process.env, REGION: 'elsewhere' },
  });
  expect(status).toBe(1);
  expect(stderr).toContain('REGION must be a two-letter country code');
  expect(stderr).not.toContain('elsewhere');
});

test('a corpus that is faulty is refused with file, line and cure', () => {
  const { stderr, status } = run(['check', '--corpus', 'test/fixtures/faulty-corpus']);
  expect(status).toBe(1);
  expect(stderr).toMatch(/wording\.yaml:\d+: .*\. .*\./);
  expect(stderr).toContain('regions.yaml: the file is missing');
});

test("natural's front door, with its databases, is never loaded, nor a platform that is not set", () => {
  const { stderr } = spawnSync(
    process.execPath,
    ['--require', './test/fixtures/watch-loads.cjs', 'dist/main.js', 'ask', 'are my shoes old?'],
    {
      encoding: 'utf8',
    },
  );
  expect(JSON.parse(stderr.trim().split('\n').at(-1) ?? '')).toEqual({ bad: [], isWatching: true });
});
