import type { Evidence } from '../src/core/reply.ts';
import { isFrozen } from './cases.ts';
import * as charts from './charts.ts';
import { type Chart, draw } from './draw.ts';
import type { LatencyPoint } from './latency.ts';
import type { LearningPoint } from './learning.ts';
import type { Outcome } from './measure.ts';
import { type Measure, reliabilityOf } from './measures.ts';
import type { Share } from './statistics.ts';

/** All that a report tells. */
export interface Told {
  readonly title: string;
  /** Where and when it was measured, in words. */
  readonly made: readonly string[];
  readonly outcomes: readonly Outcome[];
  readonly measures: readonly Measure[];
  readonly variants: readonly { readonly name: string; readonly outcomes: readonly Outcome[] }[];
  readonly latency: readonly LatencyPoint[];
  readonly learning: readonly LearningPoint[];
}

/** Text made safe to stand in HTML, in an attribute as well. */
const safe = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const shareCell = (s: Share): string =>
  s.n === 0
    ? '–'
    : `${(100 * s.share).toFixed(1)} <small>[${(100 * s.low).toFixed(1)}, ${(100 * s.high).toFixed(1)}]</small>`;

const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<table><thead><tr>${head.map((h) => `<th>${h}</th>`).join('')}</tr></thead><tbody>${rows
    .map((r) => `<tr>${r.map((c, i) => `<td${i ? ' class="n"' : ''}>${c}</td>`).join('')}</tr>`)
    .join('')}</tbody></table>`;

const figure = async (title: string, chart: Chart, note: string): Promise<string> =>
  `<figure><figcaption><b>${safe(title)}</b> ${safe(note)}</figcaption>${await draw(chart)}</figure>`;

/** The words of a message that a finding rests on, marked. */
const marked = (text: string, evidence: readonly Evidence[]): string => {
  const spans = evidence.flatMap((e) => e.spans).sort((a, b) => a[0] - b[0]);
  let at = 0;
  let out = '';
  for (const [from, to] of spans) {
    if (from < at) continue;
    out += `${safe(text.slice(at, from))}<mark>${safe(text.slice(from, to))}</mark>`;
    at = to;
  }
  return out + safe(text.slice(at));
};

const turnOf = (o: Outcome, i: number): string => {
  const reply = o.replies[i];
  const evidence = o.evidence[i] ?? [];
  return `<p class="said">${marked(o.said[i] ?? '', evidence)}</p>${
    reply
      ? `<p class="reply"><code>${safe(reply.kind)} · ${safe(reply.urgency)} · ${reply.confidence.toFixed(2)} · ${safe(
          reply.sources.map((s) => s.topic).join(', ') || 'no source',
        )}</code><br>${safe(reply.text).replace(/\n/g, '<br>')}</p>${
          evidence.length
            ? `<p class="why">${evidence.map((e) => `${safe(e.flag)} (${e.level}) heard by ${safe(e.heardBy)}${e.cues.length ? `, cues ${safe(e.cues.join(', '))}` : ''}`).join('<br>')}</p>`
            : ''
        }`
      : '<p class="reply">no reply</p>'
  }`;
};

const missOf = (o: Outcome): string =>
  `<article><h4>${safe(o.id)} <small>${safe(o.sign ?? o.stratum)}</small></h4><p>wanted <b>${safe(o.wanted)}</b>, saw <b>${safe(o.seen)}</b></p>${o.said
    .map((_, i) => turnOf(o, i))
    .join('')}</article>`;

const missesOf = (outcomes: readonly Outcome[]): string =>
  charts
    .setsOf(outcomes)
    .map((set) => {
      const misses = outcomes.filter((o) => o.set === set && !o.ok);
      const open = misses.filter((o) => !isFrozen(o.part));
      const frozen = misses.length - open.length;
      return `<details><summary>${set}: ${open.length} shown${frozen ? `, ${frozen} more in the frozen parts, whose words nobody looks at` : ''}</summary>${open.map(missOf).join('')}</details>`;
    })
    .join('');

const STYLE = `body{font:15px/1.5 system-ui,"DejaVu Sans",sans-serif;max-width:1100px;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
h1{margin-bottom:0}h2{margin-top:2.5rem;border-bottom:1px solid #ddd}table{border-collapse:collapse;font-size:14px}td,th{padding:.2rem .7rem;border-bottom:1px solid #eee;text-align:left}
td.n{text-align:right;font-variant-numeric:tabular-nums}small{color:#666}.bad{color:#b00020;font-weight:bold}figure{margin:1.5rem 0;overflow-x:auto}figcaption{margin-bottom:.5rem;max-width:46rem}svg{max-width:100%;height:auto}
article{border:1px solid #ddd;border-radius:6px;padding:.3rem 1rem;margin:.8rem 0}article h4{margin:.3rem 0}.said{background:#eef4fa;padding:.4rem .7rem;border-radius:6px}.reply{background:#f6f6f6;padding:.4rem .7rem;border-radius:6px;font-size:14px}
.why{font-size:13px;color:#555}summary{cursor:pointer;padding:.3rem 0;font-weight:bold}mark{background:#ffe08a}code{font-size:12px;color:#444}`;

/** The whole report as one HTML page that needs nothing else. */
export async function reportOf(told: Told): Promise<string> {
  const { outcomes, measures } = told;
  const has = (set: Outcome['set']) => outcomes.some((o) => o.set === set);
  const reliability = reliabilityOf(outcomes);
  const base = charts.toldOf(outcomes);
  const ablation = [
    { name: '<b>as shipped</b>', outcomes },
    ...told.variants.map((v) => ({ ...v, name: safe(v.name) })),
  ];
  const parts = [
    `<h2>Figures</h2>${tableOf(
      ['measure', 'cases', '% [95 % Wilson]', 'open', 'frozen', 'floor', 'reach'],
      measures.map((m) => [
        safe(m.name),
        `${m.all.hits}/${m.all.n}`,
        `${shareCell(m.all)}${m.holds ? '' : ' <span class="bad">under the floor</span>'}`,
        shareCell(m.open),
        shareCell(m.frozen),
        String(m.floor),
        String(m.reach),
      ]),
    )}`,
    await figure('All measures.', charts.overviewChart(measures), 'The number of cases stands in brackets.'),
    has('ask')
      ? `<h2>Topics</h2>${await figure('Confusion of topics.', charts.confusionChart(outcomes), 'Rows: what is right (of several right ones, the one named, else the first). Columns: what the bot named first, or what it did instead.')}`
      : '',
    reliability.all.bins.length
      ? await figure(
          'Reliability.',
          charts.reliabilityChart({
            [`all replies, ECE ${reliability.all.ece.toFixed(3)}`]: reliability.all.bins,
            [`answers, ECE ${reliability.answers.ece.toFixed(3)}`]: reliability.answers.bins,
          }),
          'Does a reply that says it is 80 % sure turn out right in 80 % of cases? Below the grey line it promises too much. ECE is the mean gap, weighted by replies.',
        )
      : '',
    has('redflags')
      ? `<h2>Danger</h2>${await figure('Recall by danger sign.', charts.signsChart(outcomes), 'The weakest first. Few cases stand behind most rows: read the interval, not the point.')}`
      : '',
    has('benign') ? await figure('False alarms by trap.', charts.trapsChart(outcomes), 'Lower is better.') : '',
    told.variants.length
      ? `<h2>What each part is worth</h2>${await figure('Ablations.', charts.ablationChart(outcomes, told.variants), 'Change against the bot as shipped, in points; each column has its own scale. Weights and lines were not fitted anew without the part, so a judge’s worth is its worth in this bot.')}${tableOf(
          ['variant', ...base.map((t) => safe(t.name))],
          ablation.map((v) => [v.name, ...charts.toldOf(v.outcomes).map((t) => (100 * t.share).toFixed(1))]),
        )}`
      : '',
    told.learning.length
      ? await figure(
          'Learning curve.',
          charts.learningChart(told.learning),
          'Trained anew on a part of the phrases; the edges of the bands stay those of the whole.',
        )
      : '',
    told.latency.length
      ? `<h2>Time</h2>${await figure('One turn by length of the message.', charts.latencyChart(told.latency), 'Both axes in powers. `npm run bench` measures more carefully.')}`
      : '',
    `<h2>Every miss</h2><p>With what was said, the reply and what it rests on. Words of frozen cases (parts c and d) are never shown: only their figures count.</p>${missesOf(outcomes)}`,
  ];
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${safe(told.title)}</title><style>${STYLE}</style><h1>${safe(told.title)}</h1><p><small>${told.made.map(safe).join(' · ')}</small></p>${parts.join('\n')}</html>\n`;
}
