import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const PAGES = [
  ...readdirSync('.').filter((f) => f.endsWith('.md')),
  ...readdirSync('docs').flatMap((f) => (f.endsWith('.md') ? [`docs/${f}`] : [])),
  'corpus/README.md',
];
const ENV = {
  ...process.env,
  NO_COLOR: '1',
  REGION: 'GB',
  DISCORD_TOKEN: '',
  SLACK_BOT_TOKEN: '',
  SLACK_CLIENT_ID: '',
};

/** Commands of a block that are run as they are written: those marked `sh`. Others need a token, a network or a long time. */
const commands = PAGES.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].flatMap(([, block = '']) =>
    block
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
      .map((command) => ({ page, command })),
  ),
);

test.each(commands)('$page: $command', ({ command }) => {
  const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', command], {
    encoding: 'utf8',
    env: ENV,
  });
  expect(status, stderr).toBe(0);
  expect(stdout.trim()).not.toBe('');
});

test('the chat in the README is what the bot says, line by line', () => {
  const [, chat = ''] = /```\n(you> [\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
  const said = [...chat.matchAll(/^you> (.+)$/gm)].map((m) => m[1]);
  const { stdout } = spawnSync(process.execPath, ['dist/main.js', 'chat'], {
    input: `${said.join('\n')}\n`,
    encoding: 'utf8',
    env: ENV,
  });
  const words = (text: string) =>
    text
      .replace(/^you> .*$/gm, '')
      .split(/\s+/)
      .filter(Boolean);
  // The README leaves the offers below an answer out.
  const offers = /^ +\d \S.*$/gm;
  expect(words(chat)).toEqual(words(stdout.replace(offers, '')));
});

test('the picture of the terminal shows the chat of the README (`node docs/picture.mjs` draws it)', () => {
  const words = (text: string) => text.replace(/[\s\u00a0━]+/g, '').replaceAll('&gt;', '>');
  const picture = words(readFileSync('docs/terminal.svg', 'utf8').replace(/<[^>]*>/g, ''));
  const [, chat = ''] = /```\n(you> [\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
  const lines = chat.split(/\n\n/).map(words).filter(Boolean);
  expect(lines.filter((l) => !picture.includes(l))).toEqual([]);
});

test.each(PAGES)('%s leads to files that are there, and names npm commands that are there', (page) => {
  const text = readFileSync(page, 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)].map((m) => m[1] ?? '');
  expect(links.filter((to) => !existsSync(join(dirname(page), to)))).toEqual([]);
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const named = [...text.matchAll(/\bnpm run (?:--silent |-s )?([a-z]+)\b/g)].map((m) => m[1] ?? '');
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test('docs/clinical.md counts the sources by how well they were read, and the README the danger signs', () => {
  const marks = Object.values(
    parse(readFileSync('corpus/sources.yaml', 'utf8')) as Record<string, { mark: string }>,
  ).map((s) => s.mark);
  const read = marks.filter((m) => m.includes('looked up')).length;
  const known = marks.filter((m) => m === 'from knowledge').length;
  const page = readFileSync('docs/clinical.md', 'utf8');
  const counts = [...page.matchAll(/^\| (?:`looked up`|`from knowledge`|other) .*\|\s+(\d+) \|$/gm)].map((m) =>
    Number(m[1]),
  );
  expect(counts).toEqual([read, known, marks.length - read - known]);
  const { flags } = parse(readFileSync('corpus/red-flags.yaml', 'utf8')) as { flags: { group: string }[] };
  const told = flags.filter((f) => f.group !== 'second-hearing').length;
  expect(readFileSync('README.md', 'utf8')).toContain(`for ${told} danger signs`);
});
