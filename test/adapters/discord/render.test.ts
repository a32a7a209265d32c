import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pressId, readPress } from '../../../src/adapters/discord/press.ts';
import {
  type DiscordPayload,
  type RenderOptions,
  renderCard,
  renderPlain,
} from '../../../src/adapters/discord/render.ts';
import type { Part, Reply } from '../../../src/core/reply.ts';
import { URGENCIES } from '../../../src/core/urgency.ts';
import { buttonsOf, optionsOf, textOf } from '../../fakes/discord/drivers.ts';
import { houseFaults, messageFaults } from '../../fakes/discord/limits.ts';
import { activeIn } from '../../fakes/discord/markdown.ts';

const words = {
  warning: 'Please read this first',
  source: 'Source: "{title}", in "{article}"',
  topics: 'All topics',
  share: 'Share',
  helpful: 'Helpful',
  unhelpful: 'Not helpful',
};
const options: RenderOptions = { words, ephemeral: true };
/** A payload as discord.js would send it. */
const sent = ({ allowedMentions, ...rest }: DiscordPayload) => ({
  ...rest,
  allowed_mentions: { parse: allowedMentions.parse, replied_user: allowedMentions.repliedUser },
});
const answer: Pick<Reply, 'parts' | 'urgency'> = {
  urgency: 'none',
  parts: [
    { kind: 'text', about: 'About: Shoes', text: 'Old shoes lose their cushion.' },
    { kind: 'list', title: 'Try', items: ['a fitting', 'a new pair'] },
    { kind: 'source', topic: 'footwear', title: 'Shoes', article: 'The article' },
    {
      kind: 'choices',
      asks: false,
      choices: [
        { id: 'why:footwear', label: 'Why?' },
        { id: 'topics', label: 'All topics' },
      ],
    },
  ],
};

describe('a card', () => {
  test('shows an answer, its source and what can be pressed', () => {
    const card = renderCard(answer, { ...options, share: ['footwear'], feedback: 'footwear' });
    expect(card).toEqual({
      flags: 32768 | 64 | 4,
      allowedMentions: { parse: [], repliedUser: false },
      components: [
        {
          type: 17,
          accent_color: 0x3b82f6,
          components: [
            {
              type: 10,
              content: '-# About: Shoes\n\nOld shoes lose their cushion.\n\n**Try**\n\n- a fitting\n- a new pair',
            },
            { type: 10, content: '-# Source: "Shoes", in "The article"' },
            {
              type: 1,
              components: [
                { type: 2, style: 2, custom_id: 'b1|offer|why:footwear', label: 'Why?' },
                { type: 2, style: 2, custom_id: 'b1|offer|topics', label: 'All topics' },
              ],
            },
            {
              type: 1,
              components: [
                { type: 2, style: 2, custom_id: 'b1|share|footwear', label: 'Share' },
                { type: 2, style: 2, custom_id: 'b1|helpful|footwear', label: 'Helpful' },
                { type: 2, style: 2, custom_id: 'b1|unhelpful|footwear', label: 'Not helpful' },
              ],
            },
          ],
        },
      ],
    });
  });

  test('puts a warning first, under its heading, apart from the rest, wherever it stands in the reply', () => {
    const warning: Part = {
      kind: 'warning',
      urgency: 'emergency',
      text: 'Please get help now. Call 112. You wrote about numbness.',
      general: '',
    };
    const [container] = renderCard({ urgency: 'emergency', parts: [...answer.parts, warning] }, options).components;
    expect(container).toMatchObject({ accent_color: 0xdc2626 });
    expect((container as { components: unknown[] }).components.slice(0, 2)).toEqual([
      {
        type: 10,
        content: '## ⚠️ Please read this first\n**Please get help now. Call 112.**\nYou wrote about numbness.',
      },
      { type: 14 },
    ]);
  });

  test('has a menu of topics in place of the button when it knows them', () => {
    const topics = [
      { id: 'topic:core', label: 'Core' },
      { id: 'topic:form', label: 'Form' },
    ];
    const card = sent(renderCard(answer, { ...options, topics }));
    expect(buttonsOf(card as never)).toEqual(['Why?']);
    expect(optionsOf(card as never).map((o) => o.value)).toEqual(['topic:core', 'topic:form']);
  });

  test('splits more than 25 topics over two menus', () => {
    const topics = Array.from({ length: 30 }, (_, i) => ({ id: `topic:${i}`, label: `Topic ${i}` }));
    const card = sent(renderCard(answer, { ...options, topics }));
    expect(optionsOf(card as never)).toHaveLength(30);
    expect(messageFaults(card)).toEqual([]);
  });

  test('keeps warning and source whole and cuts the rest at a sentence', () => {
    const long: Part = { kind: 'text', text: 'Run less for a week. '.repeat(400) };
    const parts: Part[] = [
      { kind: 'warning', urgency: 'urgent', text: 'See a doctor.', general: '' },
      long,
      ...answer.parts,
    ];
    const text = textOf(sent(renderCard({ urgency: 'urgent', parts }, options)) as never);
    expect(text).toContain('See a doctor.');
    expect(text).toContain('Run less for a week.…');
    expect(text).toContain('Source: "Shoes"');
  });
});

test('the plain form says the same in one content of at most 2000', () => {
  const form = renderPlain(answer, options);
  expect(form.content).toBe(
    '-# About: Shoes\n\nOld shoes lose their cushion.\n\n**Try**\n\n- a fitting\n- a new pair\n\n-# Source: "Shoes", in "The article"',
  );
  expect(form.flags).toBe(64 | 4);
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('', ' ', '@everyone', '<@1> [a](https://b.example)', '# a', '`', '👩‍👩‍👧'.repeat(40)),
  fc.integer({ min: 1, max: 300 }).map((n) => 'Long sentence here. '.repeat(n)),
  fc.integer({ min: 1, max: 5000 }).map((n) => '*'.repeat(n)),
);
const anyId = fc.oneof(fc.string({ minLength: 1, maxLength: 140 }), fc.constantFrom('topics', 'why:core', 'share:x'));
const anyChoice = fc.record({ id: anyId, label: anyText });
const anyPart: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: anyText, about: anyText }),
  fc.record({
    kind: fc.constant('warning' as const),
    urgency: fc.constantFrom(...URGENCIES),
    text: anyText,
    general: anyText,
  }),
  fc.record({ kind: fc.constant('list' as const), title: anyText, items: fc.array(anyText, { maxLength: 12 }) }),
  fc.record({ kind: fc.constant('beyond' as const), title: anyText, text: anyText, source: anyText }),
  fc.record({ kind: fc.constant('source' as const), topic: anyId, title: anyText, article: anyText }),
  fc.record({
    kind: fc.constant('choices' as const),
    asks: fc.boolean(),
    choices: fc.array(anyChoice, { maxLength: 70 }),
  }),
);
const anyReply = fc.record({ urgency: fc.constantFrom(...URGENCIES), parts: fc.array(anyPart, { maxLength: 12 }) });
const anyOptions = fc.record({
  words: fc.constant(words),
  ephemeral: fc.boolean(),
  topics: fc.array(anyChoice, { maxLength: 60 }),
  share: fc.array(anyId, { maxLength: 2 }),
  feedback: anyId,
});

test('whatever the reply, the card and the plain form keep every limit and ping nobody', () => {
  fc.assert(
    fc.property(anyReply, anyOptions, (reply, how) => {
      for (const form of [renderCard(reply, how), renderPlain(reply, how)]) {
        expect([...messageFaults(sent(form)), ...houseFaults(sent(form))]).toEqual([]);
        expect((form.flags & 64) !== 0).toBe(how.ephemeral);
      }
    }),
    { numRuns: 400 },
  );
});

test('a warning stands in both forms, first, whatever else the reply holds', () => {
  fc.assert(
    fc.property(anyReply, (reply) => {
      const parts: Part[] = [
        ...reply.parts.filter((p) => p.kind !== 'warning'),
        { kind: 'warning', urgency: 'emergency', text: 'Please get help now. Call 999.', general: '' },
      ];
      for (const form of [
        renderCard({ urgency: 'emergency', parts }, options),
        renderPlain({ urgency: 'emergency', parts }, options),
      ])
        expect(textOf(sent(form) as never)).toMatch(
          /^## ⚠️ Please read this first\n\*\*Please get help now\. Call 999\.\*\*/,
        );
    }),
    { numRuns: 200 },
  );
});

test('no text of a reply becomes a ping, a link or a heading', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const shown = textOf(sent(renderCard({ urgency: 'none', parts: [{ kind: 'text', text }] }, options)) as never);
      expect(activeIn(shown)).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test.each([
  { kind: 'choice', asks: true, choice: 'screen:a/refine:yes' },
  { kind: 'choice', asks: false, choice: 'why:core' },
  { kind: 'menu', place: 2 },
  { kind: 'share', topics: ['core', 'form'] },
  { kind: 'feedback', topic: 'core', isHelpful: false },
] as const)('the id of %j is read back as it was', (press) => {
  expect(readPress(pressId(press))).toEqual(press);
});

test.each(['', 'a0|offer|why:core', 'why:core', 'b1|offer|', 'b1|dance|x'])('the id %j is of nothing we know', (id) => {
  expect(readPress(id)).toBeUndefined();
});
