// Soak: 200,000 turns through the built bot (store, queue, fair use and all), and what memory is left at the end of each quarter.
// node --expose-gc bench/soak.mjs [turns]   STORE_URL as in the settings; memory: when absent. Exit 1 when the last quarter is over 5 % above the first.
import { setImmediate as nextRound } from 'node:timers/promises';
import { readBrain } from '../dist/brain-file.js';
import { createBot } from '../dist/core/bot.js';
import { createAdmit } from '../dist/fair-use.js';
import { openStore } from '../dist/open-store.js';
import { readSettings } from '../dist/settings.js';

const TURNS = Number(process.argv[2] ?? 200_000);
const PEOPLE = 2_000;
const AT_ONCE = 16;
const MOST_GROWTH = 0.05;
const TEXTS = [
  'my lower back aches after long runs',
  'are my shoes the problem?',
  'why?',
  'what stretches help?',
  'cause',
  'mostly on the right',
  '2',
  'stop',
  'and on a treadmill?',
  'my groin has gone numb since yesterday',
  'which shoes should I buy?',
  'a doctor has checked me and it is fine',
  'how do I fix my laptop?',
  'me duele la espalda',
  'thanks',
  'forget me',
];

const settings = readSettings({ STORE_URL: 'memory:', REGION: 'GB', ...process.env });
const store = await openStore(settings, () => {});
const { brain } = await readBrain(settings, { hours: 24, place: store.place });
let troubles = 0;
const bot = createBot(() => brain, store.sessions, { trouble: () => troubles++ }, createAdmit(store));

const begun = performance.now();
let next = 0;
let answered = 0;
const worker = async (until) => {
  while (next < until) {
    const n = next++;
    const person = n % PEOPLE;
    const text = TEXTS[(Math.floor(n / PEOPLE) * 7 + person * 3) % TEXTS.length];
    const reply = await bot({ id: `m${n}`, conversation: `discord:place${person % 100}:person${person}`, text });
    if (reply) answered++;
  }
};
const quarters = [];
for (let quarter = 1; quarter <= 4; quarter++) {
  await Promise.all(Array.from({ length: AT_ONCE }, () => worker((TURNS * quarter) / 4)));
  await nextRound();
  globalThis.gc?.();
  const { heapUsed, rss, external } = process.memoryUsage();
  quarters.push({ heapUsed, rss, external });
  const mb = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  console.log(`quarter ${quarter}: ${next} turns, ${seconds} s, heap ${mb(heapUsed)}, rss ${mb(rss)}`);
}
const [first] = quarters;
const last = quarters.at(-1);
const growth = (what) => last[what] / first[what] - 1;
const percent = (share) => `${(share * 100).toFixed(1)} %`;
console.log(`answered ${answered} of ${TURNS}, ${troubles} store troubles, store ${store.kind}`);
console.log(
  `growth from the first to the last quarter: heap ${percent(growth('heapUsed'))}, rss ${percent(growth('rss'))}`,
);
await store.sessions.close();
process.exit(growth('heapUsed') > MOST_GROWTH || growth('rss') > MOST_GROWTH ? 1 : 0);
