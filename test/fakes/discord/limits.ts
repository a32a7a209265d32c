import { z } from 'zod';

/**
 * Discord's limits as its documentation states them (docs.discord.com: message, components, application commands), apart from our
 * renderer: what is refused here is refused by Discord with 50035. Lengths are counted in UTF-16 units; Discord's own unit is not
 * documented, and this one is never the smaller.
 */
const EPHEMERAL = 64;
const COMPONENTS_V2 = 32768;
const SUPPRESS_EMBEDS = 4;

const sized = (least: number, most: number) => z.string().min(least).max(most);
const Emoji = z.looseObject({ id: z.string().nullable().optional(), name: z.string().optional() });
const Button = z
  .strictObject({
    type: z.literal(2),
    style: z.number().int().min(1).max(6),
    label: sized(1, 80).optional(),
    emoji: Emoji.optional(),
    custom_id: sized(1, 100).optional(),
    url: sized(1, 512).optional(),
    disabled: z.boolean().optional(),
    id: z.number().optional(),
  })
  .refine((b) => b.label || b.emoji, 'a button needs a label or an emoji')
  .refine((b) => (b.style === 5 ? b.url && !b.custom_id : b.custom_id && !b.url), 'custom_id or url, by style');
const Option = z.strictObject({
  label: sized(1, 100),
  value: sized(1, 100),
  description: sized(1, 100).optional(),
  default: z.boolean().optional(),
});
const Select = z.strictObject({
  type: z.literal(3),
  custom_id: sized(1, 100),
  placeholder: z.string().max(150).optional(),
  options: z
    .array(Option)
    .min(1)
    .max(25)
    .refine((o) => new Set(o.map((x) => x.value)).size === o.length, 'two options share a value'),
  min_values: z.number().int().min(0).max(25).optional(),
  max_values: z.number().int().min(1).max(25).optional(),
});
const Row = z.strictObject({
  type: z.literal(1),
  components: z.union([z.array(Button).min(1).max(5), z.array(Select).length(1)]),
});
const Text = z.strictObject({ type: z.literal(10), content: z.string().min(1).max(4000) });
const Separator = z.strictObject({
  type: z.literal(14),
  divider: z.boolean().optional(),
  spacing: z.union([z.literal(1), z.literal(2)]).optional(),
});
const Container = z.strictObject({
  type: z.literal(17),
  accent_color: z.number().int().min(0).max(0xffffff).nullable().optional(),
  spoiler: z.boolean().optional(),
  components: z.array(z.union([Row, Text, Separator])).min(1),
});
const Mentions = z.strictObject({
  parse: z.array(z.enum(['users', 'roles', 'everyone'])).optional(),
  replied_user: z.boolean().optional(),
  users: z.array(z.string()).max(100).optional(),
  roles: z.array(z.string()).max(100).optional(),
});

/** A message as it is created, edited or sent in answer to an interaction; only fields that bots may send. */
const Message = z.looseObject({
  content: z.string().max(2000).optional(),
  embeds: z.array(z.unknown()).max(10).optional(),
  flags: z.number().int().optional(),
  components: z.array(z.union([Row, Text, Separator, Container])).optional(),
  allowed_mentions: Mentions.optional(),
});

type Node = {
  readonly type?: number;
  readonly custom_id?: string;
  readonly content?: string;
  readonly components?: Node[];
};
const flatten = (nodes: readonly Node[]): Node[] => nodes.flatMap((n) => [n, ...flatten(n.components ?? [])]);

const told = (error: z.ZodError): string[] => error.issues.map((i) => `${i.path.join('.') || 'body'}: ${i.message}`);

/** What Discord would refuse in a message; empty = it is taken. `wasV2` = an edit of a message that has the Components V2 flag. */
export function messageFaults(body: unknown, wasV2 = false): string[] {
  const parsed = Message.safeParse(body);
  if (!parsed.success) return told(parsed.error);
  const { content, embeds, components = [], flags = 0 } = parsed.data;
  const isV2 = wasV2 || (flags & COMPONENTS_V2) !== 0;
  const all = flatten(components as Node[]);
  const ids = all.flatMap((n) => n.custom_id ?? []);
  const total = all.reduce((n, c) => n + (c.type === 10 ? (c.content?.length ?? 0) : 0), 0);
  return [
    ...(new Set(ids).size === ids.length ? [] : ['components: COMPONENT_CUSTOM_ID_DUPLICATED']),
    ...(isV2 && (content || embeds?.length) ? ['content: not allowed with IS_COMPONENTS_V2'] : []),
    ...(isV2 && all.length > 40 ? [`components: ${all.length} components, 40 at most`] : []),
    ...(isV2 && total > 4000 ? [`components: ${total} units of text, 4000 at most`] : []),
    ...(!isV2 && components.some((c) => c.type !== 1) ? ['components: needs IS_COMPONENTS_V2'] : []),
    ...(!isV2 && components.length > 5 ? ['components: 5 rows at most'] : []),
    ...(isV2 ? (components.length ? [] : ['components: empty message']) : content || embeds?.length ? [] : ['empty']),
    ...(flags & ~(EPHEMERAL | COMPONENTS_V2 | SUPPRESS_EMBEDS) ? [`flags: ${flags} holds what a bot cannot set`] : []),
  ];
}

/** What the house asks of every message beyond Discord's limits: nobody is pinged, no link is unfolded. */
export function houseFaults(body: unknown): string[] {
  const { allowed_mentions: m, flags = 0 } = (body ?? {}) as {
    allowed_mentions?: z.infer<typeof Mentions>;
    flags?: number;
  };
  return [
    ...(m?.parse?.length === 0 && !m.users && !m.roles && m.replied_user !== true
      ? []
      : ['allowed_mentions not empty']),
    ...(flags & SUPPRESS_EMBEDS ? [] : ['SuppressEmbeds is missing']),
  ];
}

/** What Discord would refuse in the answer to an autocomplete. */
export function choiceFaults(body: unknown): string[] {
  const parsed = z
    .strictObject({
      choices: z
        .array(
          z.strictObject({ name: sized(1, 100), value: sized(1, 100), name_localizations: z.unknown().optional() }),
        )
        .max(25),
    })
    .safeParse(body);
  return parsed.success ? [] : told(parsed.error);
}

const LOCALES = ['de', 'en-GB', 'en-US', 'es-ES', 'es-419', 'fr', 'it', 'nl', 'pt-BR'] as const;
const SlashName = z
  .string()
  .regex(/^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u)
  .refine((n) => n === n.toLowerCase(), 'lower case');
const inLocales = <T extends z.ZodType>(value: T) => z.partialRecord(z.enum(LOCALES), value).nullable().optional();
const named = {
  name: SlashName,
  name_localizations: inLocales(SlashName),
  description: sized(1, 100),
  description_localizations: inLocales(sized(1, 100)),
};
const StringOption = z
  .strictObject({
    ...named,
    type: z.literal(3),
    required: z.boolean().optional(),
    autocomplete: z.boolean().optional(),
    choices: z
      .array(z.strictObject({ name: sized(1, 100), value: sized(1, 100) }))
      .max(25)
      .optional(),
    min_length: z.number().int().min(0).max(6000).optional(),
    max_length: z.number().int().min(1).max(6000).optional(),
  })
  .refine((o) => !(o.autocomplete && o.choices), 'autocomplete and choices exclude each other');
const Subcommand = z.strictObject({ ...named, type: z.literal(1), options: z.array(StringOption).max(25).optional() });
const placed = {
  integration_types: z
    .array(z.union([z.literal(0), z.literal(1)]))
    .min(1)
    .optional(),
  contexts: z
    .array(z.union([z.literal(0), z.literal(1), z.literal(2)]))
    .min(1)
    .optional(),
  nsfw: z.boolean().optional(),
  default_member_permissions: z.string().nullable().optional(),
};
const Slash = z.strictObject({
  ...named,
  ...placed,
  type: z.literal(1).optional(),
  options: z
    .array(z.union([Subcommand, StringOption]))
    .max(25)
    .optional(),
});
const ContextMenu = z.strictObject({
  ...placed,
  type: z.union([z.literal(2), z.literal(3)]),
  name: sized(1, 32),
  name_localizations: inLocales(sized(1, 32)),
  description: z.literal('').optional(),
});
const Commands = z.array(z.union([Slash, ContextMenu]));

type Named = {
  name: string;
  description?: string;
  name_localizations?: object | null;
  description_localizations?: object | null;
  options?: Named[];
};
const longest = (own: string, others: object | null | undefined): number =>
  Math.max(own.length, ...Object.values(others ?? {}).map((v) => String(v).length));
const weight = (c: Named): number =>
  longest(c.name, c.name_localizations) +
  longest(c.description ?? '', c.description_localizations) +
  (c.options ?? []).reduce((n, o) => n + weight(o), 0);

/** What Discord would refuse in a bulk overwrite of commands. `isGlobal` = contexts and integration types are allowed. */
export function commandFaults(body: unknown, isGlobal: boolean): string[] {
  const parsed = Commands.safeParse(body);
  if (!parsed.success) return told(parsed.error);
  const commands = parsed.data as (Named & { type?: number; contexts?: unknown })[];
  const keys = commands.map((c) => `${c.type ?? 1} ${c.name}`);
  return [
    ...(new Set(keys).size === keys.length ? [] : ['APPLICATION_COMMANDS_DUPLICATE_NAME']),
    ...commands.filter((c) => weight(c) > 8000).map((c) => `${c.name}: more than 8000 characters in all`),
    ...commands.filter((c) => !isGlobal && c.contexts).map((c) => `${c.name}: contexts are for global commands`),
    ...(['es-ES', 'fr', 'de', 'pt-BR', 'it', 'nl'] as const).flatMap((locale) =>
      commands.flatMap((c) => {
        const names = (c.options ?? []).map(
          (o) => (o.name_localizations as Record<string, string> | null)?.[locale] ?? o.name,
        );
        return new Set(names).size === names.length ? [] : [`${c.name}: two options share a name in ${locale}`];
      }),
    ),
  ];
}
