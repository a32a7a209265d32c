import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { pressOf, pressValue, renderSlack, sentence } from '../../../src/adapters/slack/render.ts';
import { escapeSlack, fitted, piecesOf, plainWords, unescapeSlack } from '../../../src/adapters/slack/text.ts';
import { formView, homeView, questionsOf, replyView } from '../../../src/adapters/slack/views.ts';
import { SlackWording } from '../../../src/adapters/slack/wording.ts';
import { showTopic, topicChoices } from '../../../src/core/answer.ts';
import type { Part, Reply } from '../../../src/core/reply.ts';
import { URGENCIES } from '../../../src/core/urgency.ts';
import { brain } from '../../brain.ts';
import { messageFaults, viewFaults } from '../../fakes/slack/limits.ts';

const own = SlackWording.parse(parse(readFileSync('corpus/slack.yaml', 'utf8')));
const QUIET = { unfurl_links: false, unfurl_media: false, parse: 'none' };

/** Text that means something to Slack, among any other text, short and very long. */
const hostile = fc.oneof(
  fc.constantFrom(
    '<!channel>',
    '<@U123>',
    '<#C1|x>',
    '<https://evil.example|click>',
    '&lt;!here&gt;',
    '*b* _i_ ~s~ `c`',
    '```',
    '&',
    '🏃‍♀️',
    '😀',
  ),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);
const text = fc.oneof(
  fc.array(hostile, { minLength: 1, maxLength: 6 }).map((w) => `${w.join(' ')}x`),
  fc
    .tuple(hostile, fc.integer({ min: 100, max: 7_000 }))
    .map(([w, n]) => `${w}. `.repeat(Math.ceil(n / (w.length + 2)))),
);
const id = fc.constantFrom(
  'topic:core',
  'why:core',
  'check',
  'screen:check-weak-legs:yes',
  'back',
  'stop',
  'opt:when:late',
);
const choice = fc.record({ id, label: text });
const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text, about: text }),
  fc.record({ kind: fc.constant('text' as const), text }),
  fc.record({ kind: fc.constant('warning' as const), urgency: fc.constantFrom(...URGENCIES), text, general: text }),
  fc.record({
    kind: fc.constant('list' as const),
    title: text,
    items: fc.array(text, { minLength: 1, maxLength: 30 }),
  }),
  fc.record({ kind: fc.constant('beyond' as const), title: text, text, source: text }),
  fc.record({ kind: fc.constant('source' as const), topic: fc.constant('core'), title: text, article: text }),
  fc.record({
    kind: fc.constant('choices' as const),
    asks: fc.boolean(),
    choices: fc.array(choice, { maxLength: 120 }),
  }),
);
const reply = fc.record({
  kind: fc.constantFrom('answer' as const, 'escalate' as const, 'help' as const),
  sources: fc.constantFrom([], [{ topic: 'core', title: 'x' }]),
  parts: fc.array(part, { minLength: 1, maxLength: 60, size: 'small' }),
});

describe('any reply, whatever its words', () => {
  test('as a message keeps every limit, pings nobody and links nowhere', () => {
    fc.assert(
      fc.property(reply, fc.boolean(), (r, isShared) => {
        const share = isShared ? { topic: 'core', label: 'Share' } : undefined;
        const payload = renderSlack(r, { place: 'c', own, surface: 'message', form: 'check', share });
        expect(messageFaults({ ...payload, ...QUIET })).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('as a window keeps every limit', () => {
    fc.assert(
      fc.property(reply, (r) => {
        const payload = renderSlack(r, { place: 'p', own, surface: 'modal' });
        expect(viewFaults(replyView(payload, brain.wording, own))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('keeps a warning that stands first, whole, however much comes after', () => {
    const warning = { kind: 'warning', urgency: 'emergency', text: 'Call 999 now. '.repeat(80), general: 'x' } as const;
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), text, (parts, lead) => {
        const r = { kind: 'escalate', sources: [], parts: [warning, ...parts] } as const;
        const { blocks, text: said } = renderSlack(r, { place: 'p', own, surface: 'message', lead });
        expect(blocks[0]?.type).toBe('header');
        expect(JSON.stringify(blocks[1])).toContain(warning.text.trim());
        expect(said).toContain(warning.text.trim());
      }),
      { numRuns: 100 },
    );
  });
});

describe('what the bot really says', () => {
  test('every topic fits a message, with all of its words', () => {
    for (const { id: topic } of topicChoices(brain)) {
      const r = showTopic(brain, topic.slice('topic:'.length)) as Reply;
      const { blocks } = renderSlack(r, { place: 'p', own, surface: 'message' });
      const words = JSON.stringify(blocks);
      for (const p of r.parts) if (p.kind === 'text') expect(words).toContain(escapeSlack(p.text.split('. ')[0] ?? ''));
      expect(words).not.toContain('…');
    }
  });

  test('the Home and both forms keep the limits, and every question of the corpus is in its form', () => {
    const { questions } = brain.corpus;
    expect(viewFaults(homeView(topicChoices(brain), brain.wording, own, brain.keeps))).toEqual([]);
    for (const form of ['check', 'cause'] as const) {
      const asked = questionsOf(form, questions, brain.wording);
      const view = formView(form, asked, own);
      expect(viewFaults(view)).toEqual([]);
      expect(view.blocks.filter((b) => b.type === 'input')).toHaveLength(asked.length);
    }
  });

  test('a routine sign stands without the header of an urgent one', () => {
    const parts = [{ kind: 'warning', urgency: 'routine', text: 'Book a visit.', general: 'x' }] as const;
    const { blocks } = renderSlack({ kind: 'answer', sources: [], parts }, { place: 'p', own, surface: 'message' });
    expect(blocks.map((b) => b.type)).toEqual(['section']);
  });

  test('one sentence keeps the limits', () => {
    expect(messageFaults({ ...sentence(own.failed), ...QUIET })).toEqual([]);
  });
});

describe('the value of a button', () => {
  test('gives back place and choice', () => {
    const place = fc.constantFrom('p' as const, 'c' as const);
    fc.assert(
      fc.property(place, id, (p, c) => {
        expect(pressOf(pressValue(p, c))).toEqual({ place: p, choice: c });
      }),
    );
  });

  test.each(['', 'b0|p|check', 'b1|x|check', 'b1|p|', 'b1|m1|check', 'check'])('%j is not one of ours', (value) => {
    expect(pressOf(value)).toBeUndefined();
  });
});

describe('text', () => {
  test('escaped and read back is what it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (s) => {
        expect(unescapeSlack(escapeSlack(s))).toBe(s);
      }),
    );
  });

  test('fitted is never too long, cuts no entity and no pair', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 8, max: 200 }), (s, most) => {
        const cut = fitted(s, most);
        expect(cut.length).toBeLessThanOrEqual(most);
        expect(cut).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)|\p{Surrogate}/u);
      }),
    );
  });

  test('in pieces is all there when its sentences are short', () => {
    const sentences = fc.array(fc.constantFrom('One thing. ', 'Is it so? ', 'Yes & no! ', 'x < y\n'), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(sentences, (all) => {
        const bare = (s: string) => s.replace(/\s/g, '');
        expect(bare(piecesOf(all.join(''), 100).join(''))).toBe(bare(all.join('')));
      }),
    );
  });

  test.each([
    ['<@UBOT> my back &amp; legs', 'my back & legs'],
    ['<@UBOT|back> <!here> <!subteam^S1|runners> hello', 'hello'],
    ['see <https://example.org|this page> and <https://example.org/a>', 'see this page and https://example.org/a'],
    ['in <#C1|running> and <#C2>', 'in running and'],
    ['write to <mailto:a@example.org|a@example.org>', 'write to a@example.org'],
    ['it is &lt; 5 km, &amp;lt; is not', 'it is < 5 km, &lt; is not'],
    ['<!date^1^{date}|today>: sore', ': sore'],
    ['', ''],
  ])('%j is heard as %j', (sent, heard) => {
    expect(plainWords(sent)).toBe(heard);
  });
});
