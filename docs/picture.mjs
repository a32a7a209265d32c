// Types the chat of the README into the built bot in a real tmux terminal and writes docs/terminal.svg from the capture.
// Run it with `node docs/picture.mjs` after a change of what the bot says. Needs tmux.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const COLUMNS = 84;
const CELL = { width: 8.4, height: 18, margin: 12 };
const COLOURS = { 31: '#ff7b72', 33: '#e3b341', 36: '#79c0ff' };

const tmux = (...args) => execFileSync('tmux', ['-L', 'readme', ...args], { encoding: 'utf8' });
const screen = (...how) => tmux('capture-pane', '-p', ...how, '-t', 'chat');
const isPrompting = (times) => (screen().match(/^you>/gm) ?? []).length >= times;

/** Waits until the bot asks for the next line. */
async function prompted(times) {
  for (let tries = 0; !isPrompting(times); tries++) {
    if (tries > 600) throw new Error('the bot did not answer within a minute');
    await wait(100);
  }
}

const escaped = (words) =>
  words
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/^ +/, (blanks) => '\u00a0'.repeat(blanks.length));

/** One captured line with its ANSI colours as an SVG text; `style` goes on from line to line. */
function lineOf(line, row, style) {
  const spans = [];
  // The first piece has no colour of its own: -1 changes nothing.
  for (const piece of `-1m${line}`.split('\u001b[')) {
    const end = piece.indexOf('m');
    const words = piece.slice(end + 1);
    for (const code of piece.slice(0, end).split(';')) {
      if (code === '0' || code === '') style = {};
      else if (code === '1') style = { ...style, weight: 'bold' };
      else if (code === '2') style = { ...style, fill: '#8b949e' };
      else if (code === '39') style = { ...style, fill: undefined };
      else if (COLOURS[code]) style = { ...style, fill: COLOURS[code] };
    }
    const looks = `${style.fill ? ` fill="${style.fill}"` : ''}${style.weight ? ' font-weight="bold"' : ''}`;
    if (words) spans.push(looks ? `<tspan${looks}>${escaped(words)}</tspan>` : escaped(words));
  }
  const y = CELL.margin + (row + 1) * CELL.height - 4;
  return { style, text: spans.length ? `<text x="${CELL.margin}" y="${y}">${spans.join('')}</text>` : '' };
}

const said = [...readFileSync('README.md', 'utf8').matchAll(/^you> (.+)$/gm)].map((m) => m[1]);
tmux('new-session', '-d', '-s', 'chat', '-x', String(COLUMNS), '-y', '60', 'REGION=GB node dist/main.js chat');
let lines;
try {
  for (const [i, words] of said.entries()) {
    await prompted(i + 1);
    tmux('send-keys', '-t', 'chat', '-l', words);
    tmux('send-keys', '-t', 'chat', 'Enter');
  }
  await prompted(said.length + 1);
  lines = screen('-e').trimEnd().split('\n');
} finally {
  tmux('kill-server');
}

let style = {};
const texts = lines.map((line, row) => {
  const made = lineOf(line, row, style);
  style = made.style;
  return made.text;
});
const width = Math.ceil(COLUMNS * CELL.width + 2 * CELL.margin);
const height = lines.length * CELL.height + 2 * CELL.margin;
writeFileSync(
  'docs/terminal.svg',
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="The chat in a terminal">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e6edf3" xml:space="preserve">
${texts.filter(Boolean).join('\n')}
</g>
</svg>
`,
);
