import { z } from 'zod';

const LOCALES = ['es-ES', 'fr', 'de', 'pt-BR', 'it', 'nl'] as const;
const Name = z
  .string()
  .regex(/^[-_\p{Ll}\p{N}]{1,32}$/u, 'a command name is lower case, without spaces, at most 32 letters');
const Text = z.string().min(1).max(100);

/** `discord.yaml`: names and descriptions of the commands in each language, and the few sentences only Discord needs. */
export const DiscordWording = z.strictObject({
  commands: z.record(
    z.string(),
    z.strictObject({
      description: Text,
      in: z.record(z.enum(LOCALES), z.strictObject({ name: z.union([Name, Text]), description: Text })),
    }),
  ),
  old: Text,
  failed: z.string().min(1).max(400),
  helpful: Text,
  unhelpful: Text,
  'thank-you': Text,
  'no-text': Text,
});
export type DiscordWording = z.infer<typeof DiscordWording>;
