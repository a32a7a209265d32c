import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Settings } from '../src/settings.ts';

/** `npm run docs` writes the files anew. */
const isUpdating = process.env.UPDATE_DOCS === '1';

const rows = Object.entries(Settings.shape).map(([name, schema]) => {
  const byDefault = schema.safeParse(undefined).data;
  return { name, byDefault: byDefault === undefined ? '' : String(byDefault), means: schema.description ?? '' };
});
const table = [
  '| setting | default | meaning |',
  '| --- | --- | --- |',
  ...rows.map((r) => `| ${r.name} | ${r.byDefault && `\`${r.byDefault}\``} | ${r.means.replaceAll('|', '\\|')} |`),
].join('\n');
/** The formatter aligns tables; that is no difference. */
const unaligned = (text: string): string => text.replace(/ *\| */g, '|').replace(/-{3,}/g, '---');
const example = [
  '# Copy to .env and take away the # of what you need. docs/operate.md tells more.',
  ...rows.map((r) => `\n# ${r.means}\n#${r.name}=${r.byDefault}`),
  '',
].join('\n');

test('every setting says what it means', () => {
  expect(rows.filter((r) => !r.means).map((r) => r.name)).toEqual([]);
});

test('the table in docs/operate.md is that of the settings (`npm run docs` writes it)', () => {
  const page = readFileSync('docs/operate.md', 'utf8');
  const [head, rest = ''] = page.split(/(?<=<!-- settings: .*-->\n)/);
  const tail = rest.slice(rest.indexOf('<!-- /settings -->'));
  const due = `${head}${table}\n${tail}`;
  if (isUpdating) writeFileSync('docs/operate.md', due);
  else expect(unaligned(page)).toBe(unaligned(due));
});

test('.env.example names every setting with its default (`npm run docs` writes it)', () => {
  if (isUpdating) writeFileSync('.env.example', example);
  else expect(readFileSync('.env.example', 'utf8')).toBe(example);
});

test('compose.yaml runs two bots on one Redis that loses nothing, and the image runs without rights', () => {
  const compose = readFileSync('compose.yaml', 'utf8');
  expect(compose).toContain('replicas: 2');
  expect(compose).toMatch(/--appendfsync['",\s-]+always/);
  const image = readFileSync('Dockerfile', 'utf8');
  expect(image).toMatch(/^USER node$/m);
  expect(image).toMatch(/^HEALTHCHECK /m);
});
