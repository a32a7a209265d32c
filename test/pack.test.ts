import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const place = realpathSync(mkdtempSync(join(tmpdir(), 'pack-')));
afterAll(() => rmSync(place, { recursive: true, force: true }));

// `--ignore-scripts`: the build is there already, and other tests run it meanwhile.
execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', place], { stdio: 'ignore' });
const [tarball = ''] = readdirSync(place);
execFileSync('tar', ['-xzf', join(place, tarball), '-C', place]);
const folder = join(place, 'package');
const packed = readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((f) =>
  f.isFile() ? [join(f.parentPath, f.name).slice(folder.length + 1)] : [],
);

test('the package holds the program, the corpus and the pages, and nothing else', () => {
  const wanted = /^(dist\/.+\.(js|bin)|corpus\/.+\.(md|yaml)|docs\/[a-z]+\.(md|svg)|slack\/manifest\.json|[A-Z]+\.md)$/;
  const others = packed.filter((f) => !wanted.test(f)).sort();
  expect(others).toEqual(['.env.example', 'LICENSE', 'package.json']);
  expect(packed).toContain('dist/compiled.bin');
});

test('pages of the package lead to pages that are in it, but for what only a checkout has', () => {
  const lost = packed
    .filter((f) => /^(docs\/)?[A-Za-z]+\.md$/.test(f))
    .flatMap((page) =>
      [...readFileSync(join(folder, page), 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(
        ([, to = '']) => join(dirname(page), to).replace(/\/$/, ''),
      ),
    )
    .filter((to) => !packed.some((f) => f === to || f.startsWith(`${to}/`)))
    .filter((to) => !/^(src|test|eval|bench|docs\/example-channel\.ts)/.test(to));
  expect([...new Set(lost)]).toEqual([]);
});

test('the packed bot answers at once from what was compiled, wherever it is run', () => {
  // Stands where npx would install it, with the libraries of this checkout in place of a download.
  symlinkSync(realpathSync('node_modules'), join(place, 'node_modules'));
  mkdirSync(join(place, 'elsewhere'));
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(folder, bin['runners-back-bot']), 'ask', 'are my shoes the problem?'],
    { cwd: join(place, 'elsewhere'), encoding: 'utf8', env: { PATH: process.env.PATH, REGION: 'GB' } },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('Shoes and gear');
});
