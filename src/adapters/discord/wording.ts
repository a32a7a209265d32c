import { z } from 'zod';

/** Languages in which Discord shows the names and descriptions of the commands; the bot itself answers in English. */
export const LOCALES = ['es-ES', 'fr', 'de', 'pt-BR', 'it', 'nl'] as const;
/** Subcommands of the slash command. */
export const SUBCOMMANDS = ['ask', 'topic', 'check', 'cause', 'note', 'help', 'privacy', 'forget'] as const;

const Text = z.string().min(1).max(100, 'Discord takes 100 letters at most');
const Name = z
  .string()
  .regex(/^[-_\p{Ll}\p{N}]{1,32}$/u, 'a command name is lower case, without spaces, at most 32 letters');
const Label = z.string().min(1).max(80, 'a button takes 80 letters at most');
const Sentence = z.string().min(1).max(400);

const described = <T extends z.ZodType>(name: T) =>
  z.strictObject({
    description: Text,
    in: z.strictObject(
      Object.fromEntries(LOCALES.map((l) => [l, z.strictObject({ name, description: Text })])) as Record<
        (typeof LOCALES)[number],
        z.ZodObject<{ name: T; description: typeof Text }>
      >,
    ),
  });

/** A message command's name may hold spaces and capitals. */
const MenuName = z.string().min(1).max(32, 'a message command takes 32 letters at most');
const keys = ['backpain', ...SUBCOMMANDS, 'question', 'name'] as const;
const entries = Object.fromEntries(keys.map((k) => [k, described(Name)])) as Record<
  (typeof keys)[number],
  ReturnType<typeof described<typeof Name>>
>;

/** `discord.yaml`: names and descriptions of the commands in each language, and the few sentences only Discord needs. */
export const DiscordWording = z.strictObject({
  commands: z.strictObject({
    ...entries,
    message: z.strictObject({
      name: MenuName,
      in: z.strictObject(
        Object.fromEntries(LOCALES.map((l) => [l, MenuName])) as Record<(typeof LOCALES)[number], typeof MenuName>,
      ),
    }),
  }),
  /** Said when a handler failed: it still names where to get help. */
  failed: Sentence,
  warning: Label,
  source: Sentence,
  helpful: Label,
  unhelpful: Label,
  'thank-you': Sentence,
  shared: Sentence,
  'no-text': Sentence,
  'cannot-read': Sentence,
  'ask-them': Sentence,
});
export type DiscordWording = z.infer<typeof DiscordWording>;
