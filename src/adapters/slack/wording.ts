import { z } from 'zod';

/** A text no longer than Slack takes in that place. */
const upTo = (most: number) => z.string().min(1).max(most, `Slack takes at most ${most} characters here`);
const Button = upTo(75);
const Title = upTo(24);
const Sentence = upTo(600);

/** `slack.yaml`: names and descriptions of the app, its command, shortcut and views, and the few sentences only Slack needs. */
export const SlackWording = z.strictObject({
  app: z.strictObject({
    name: upTo(35),
    bot: z.string().regex(/^[a-z0-9._-]{1,80}$/, 'Slack takes a-z, 0-9, dots, hyphens and underscores here'),
    description: upTo(140),
    agent: upTo(300),
  }),
  command: z.strictObject({ description: upTo(100), hint: upTo(100) }),
  shortcut: z.strictObject({ name: Title, description: upTo(150) }),
  prompts: z.strictObject({
    title: upTo(75),
    list: z
      .array(z.strictObject({ title: upTo(60), message: upTo(200) }))
      .min(1)
      .max(4, 'Slack shows at most 4 prompts'),
  }),
  status: z.strictObject({ text: upTo(50), loading: z.array(upTo(50)).min(1).max(10) }),
  'please-read': upTo(100),
  source: Sentence,
  menu: Button,
  form: Button,
  send: Title,
  close: Title,
  wait: Sentence,
  'pick-one': Sentence,
  pick: Button,
  forms: z.strictObject({
    check: z.strictObject({ title: Title, intro: Sentence }),
    cause: z.strictObject({ title: Title, intro: Sentence }),
  }),
  'about-other': Sentence,
  'ask-them': Sentence,
  'not-a-message': Sentence,
  home: z.strictObject({
    delete: Button,
    'delete-sure': upTo(300),
    'delete-yes': upTo(30),
    'delete-no': upTo(30),
    private: Sentence,
  }),
  old: Sentence,
  failed: Sentence,
  helpful: Button,
  unhelpful: Button,
  'thank-you': Sentence,
});
export type SlackWording = z.infer<typeof SlackWording>;
