import fc from 'fast-check';
import { type CorpusFiles, readCorpusFolder } from '../../src/adapters/corpus-files.ts';
import { readCorpus } from '../../src/adapters/corpus-folder.ts';
import { readPress } from '../../src/adapters/discord/press.ts';
import { renderCard, renderPlain } from '../../src/adapters/discord/render.ts';
import { readUnderstanding } from '../../src/adapters/intents-folder.ts';
import { readRedFlags } from '../../src/adapters/red-flags-files.ts';
import { pressOf, renderSlack } from '../../src/adapters/slack/render.ts';
import { plainWords } from '../../src/adapters/slack/text.ts';
import { readSession } from '../../src/adapters/store/session-form.ts';
import { batchLine, PublicReply, publicReply } from '../../src/adapters/terminal/batch.ts';
import { renderReply } from '../../src/adapters/terminal/render.ts';
import type { Compiled } from '../../src/compile.ts';
import type { Brain } from '../../src/core/brain.ts';
import { takeTurn } from '../../src/core/dialogue.ts';
import type { CorpusFault } from '../../src/core/fault.ts';
import { freshSession, type Session } from '../../src/core/session.ts';
import { isAtLeast, rankOf, type Urgency } from '../../src/core/urgency.ts';
import { readSettings, SettingsError } from '../../src/settings.ts';
import { messageFaults as discordFaults, houseFaults } from '../../test/fakes/discord/limits.ts';
import { messageFaults as slackFaults } from '../../test/fakes/slack/limits.ts';
import { anyMessage, anyPress, anyReply, anyText, MARK } from './made.ts';

/** A property and how much of the cases it gets. */
export interface Property {
  readonly name: string;
  readonly share: number;
  readonly check: fc.IProperty<never>;
}

/** Fails the property with a sentence. */
const must = (holds: boolean, what: () => string): void => {
  if (!holds) throw new Error(what());
};

const say = (brain: Brain, session: Session, text: string, choice?: string) =>
  takeTurn(brain, session, { id: 'm', conversation: 'fuzz', text, ...(choice === undefined ? {} : { choice }) });

/** What must be true of every turn, whatever was said. */
function soundTurn(turn: ReturnType<typeof takeTurn>): void {
  const reply = publicReply(turn.reply);
  const checked = PublicReply.safeParse(reply);
  must(checked.success, () => `the reply breaks the public form: ${checked.error?.message}`);
  must(reply.text.trim() !== '', () => 'the reply says nothing');
  must(!reply.text.includes(MARK), () => 'words of the person stand in the reply');
  must(!JSON.stringify(turn.session).includes(MARK), () => 'words of the person stand in the session');
  const kept = readSession(JSON.stringify(turn.session));
  must(
    JSON.stringify(kept) === JSON.stringify(readSession(JSON.stringify(kept))),
    () => 'the session does not survive its store',
  );
  must(kept.turn === turn.session.turn, () => 'the store takes the session for one it does not know');
  if (isAtLeast(reply.urgency, 'urgent'))
    must(turn.reply.parts[0]?.kind === 'warning', () => 'a warning does not stand first');
}

/** Runs of lines of a file: one taken out, doubled, swapped, or with something odd in it. */
const spoil = (text: string, at: number, how: number, odd: string): string => {
  const lines = text.split('\n');
  const i = at % lines.length;
  switch (how % 6) {
    case 0:
      lines.splice(i, 1);
      break;
    case 1:
      lines.splice(i, 0, lines[i] ?? '');
      break;
    case 2:
      lines[i] = odd;
      break;
    case 3:
      lines[i] = `  ${lines[i]}`;
      break;
    case 4:
      lines[i] = (lines[i] ?? '').replace(':', '');
      break;
    case 5:
      return text.slice(0, at % text.length);
  }
  return lines.join('\n');
};

const SETTINGS = [
  'DISCORD_TOKEN',
  'DISCORD_APPLICATION_ID',
  'DISCORD_GUILD_ID',
  'DISCORD_API_URL',
  'DISCORD_SHARDS',
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SLACK_CLIENT_ID',
  'SLACK_CLIENT_SECRET',
  'SLACK_STATE_SECRET',
  'SLACK_API_URL',
  'STORE_URL',
  'STORE_KEY',
  'REGION',
  'SESSION_TTL_HOURS',
  'HOST',
  'PORT',
  'LOG_LEVEL',
];
const SECRETS = SETTINGS.filter((n) => /TOKEN|SECRET|KEY/.test(n));

/** All properties, over a compiled corpus and the folder it was made of. */
export function propertiesOf(
  compiled: Compiled,
  brain: Brain,
  folder: string,
  examples: readonly string[],
  dangers: readonly string[],
): readonly Property[] {
  const message = anyMessage(examples);
  const files: CorpusFiles = readCorpusFolder(folder);
  const small = [...files].filter(([, text]) => text.length < 12_000);
  const sources = compiled.corpus.sources;
  const own = compiled.slack;
  const cards = { warning: 'w', source: '{title} {article}', topics: 't', share: 's', helpful: 'h', unhelpful: 'u' };
  const property = <T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void) =>
    fc.property(arbitrary, check) as unknown as fc.IProperty<never>;
  return [
    {
      name: 'a message: a sound reply to anything that can be typed, and no word of it kept or shown',
      share: 0.35,
      check: property(message, (text) => soundTurn(say(brain, freshSession, `${text} ${MARK}`))),
    },
    {
      name: 'a conversation: any messages and presses, a sound reply to each',
      share: 0.2,
      check: property(
        fc.array(
          fc.oneof(
            message.map((text) => ({ text, choice: undefined })),
            anyPress.map((choice) => ({ text: '', choice })),
          ),
          { minLength: 1, maxLength: 6 },
        ),
        (steps) => {
          let session: Session = freshSession;
          for (const { text, choice } of steps) {
            const turn = say(brain, session, text, choice);
            soundTurn(turn);
            session = turn.session;
          }
        },
      ),
    },
    {
      name: 'a raised sign stays in force through talk of other things',
      share: 0.15,
      check: property(
        fc.tuple(
          fc.constantFrom(...dangers),
          fc.array(
            fc.constantFrom(
              'ok but which stretches help?',
              'how do i warm up',
              'thanks',
              'and shoes?',
              'why?',
              'tell me about my core',
              'lol',
              'what about the treadmill',
              'can I run tomorrow',
            ),
            { minLength: 1, maxLength: 4 },
          ),
        ),
        ([danger, rest]) => {
          const first = say(brain, freshSession, danger);
          let held: Urgency = first.reply.urgency;
          if (!isAtLeast(held, 'urgent')) return;
          let { session } = first;
          for (const text of rest) {
            const turn = say(brain, session, text);
            must(
              rankOf(turn.reply.urgency) >= rankOf(held),
              () => `${held} fell to ${turn.reply.urgency} at "${text}"`,
            );
            held = turn.reply.urgency;
            session = turn.session;
          }
        },
      ),
    },
    {
      name: 'a stored session: any text is read as a session or as a fresh one, and can be talked from',
      share: 0.05,
      check: property(
        fc.oneof(
          anyText,
          fc.json(),
          fc
            .record({
              ...Object.fromEntries(
                Object.entries(freshSession).map(([k, v]) => [k, fc.oneof(fc.constant(v), fc.jsonValue())]),
              ),
            })
            .map((v) => JSON.stringify(v)),
        ),
        (body) => soundTurn(say(brain, readSession(body), 'and my back?')),
      ),
    },
    {
      name: 'a line of a batch: an answer or an error in JSON, never a throw',
      share: 0.03,
      check: property(
        fc.oneof(
          anyText,
          fc.json(),
          fc.array(message, { maxLength: 3 }).map((turns) => JSON.stringify({ id: 'x', turns })),
        ),
        (line) => {
          const { out } = batchLine(brain, line);
          const said = JSON.parse(out) as { replies?: unknown; error?: unknown };
          must(
            Array.isArray(said.replies) || typeof said.error === 'string',
            () => `neither replies nor an error: ${out}`,
          );
        },
      ),
    },
    {
      name: 'Discord: any reply within every limit, pinging nobody; any id of a press read or refused',
      share: 0.08,
      check: property(fc.tuple(anyReply, fc.boolean(), anyText), ([reply, ephemeral, id]) => {
        for (const payload of [
          renderCard(reply, { words: cards, ephemeral }),
          renderPlain(reply, { words: cards, ephemeral }),
        ]) {
          const { allowedMentions: m, ...rest } = payload;
          const sent = { ...rest, allowed_mentions: { parse: m.parse, replied_user: m.repliedUser } };
          const faults = [...discordFaults(sent), ...houseFaults(sent)];
          must(faults.length === 0, () => faults.join('; '));
        }
        readPress(id);
      }),
    },
    {
      name: 'Slack: any reply within every limit, every mark escaped; any text and press of an event read',
      share: 0.08,
      check: property(fc.tuple(anyReply, anyText), ([reply, text]) => {
        const faults = slackFaults({
          ...renderSlack(reply, { place: 'p', own, surface: 'message' }),
          // As every message is posted.
          ...{ unfurl_links: false, unfurl_media: false, parse: 'none' },
        });
        must(faults.length === 0, () => faults.join('; '));
        plainWords(text);
        pressOf(text);
      }),
    },
    {
      name: 'a terminal: any reply as lines, with no control of the screen in it',
      share: 0.03,
      check: property(anyReply, (reply) => void renderReply(reply, { width: 80, colour: false, warning: 'w' })),
    },
    {
      name: 'a corpus: a spoilt file is refused by faults with a cure, never by a throw',
      share: 0.01,
      check: property(fc.tuple(fc.nat(small.length - 1), fc.nat(), fc.nat(), anyText), ([n, at, how, odd]) => {
        const [name = '', text = ''] = small[n] ?? [];
        const faults: CorpusFault[] = [];
        const one = new Map(files);
        one.set(name, spoil(text, at, how, odd));
        if (name.startsWith('intents/') || /^(synonyms|body-parts|languages|understanding)\.yaml$/.test(name))
          readUnderstanding(new Map([...one].filter(([f]) => f === name || !f.startsWith('intents/'))), faults);
        else if (name.startsWith('red-flags')) readRedFlags(one, sources, faults);
        else readCorpus(one, faults);
        must(
          faults.every((f) => f.file && f.what && f.cure),
          () => 'a fault does not say where, what and what to do',
        );
      }),
    },
    {
      name: 'settings: taken or refused by name, a secret never told',
      share: 0.02,
      check: property(
        fc.dictionary(
          fc.constantFrom(...SETTINGS),
          fc.oneof(
            fc.string({ minLength: 1, maxLength: 40 }),
            fc.constantFrom('memory:', 'redis://h:1', '0', '-1', 'GB', 'https://x.example', 'file:x', 'debug'),
          ),
        ),
        (env) => {
          const secret = `${MARK}9`;
          const given: Record<string, string> = { ...env };
          for (const name of SECRETS) if (given[name]) given[name] = secret;
          try {
            readSettings(given);
          } catch (error) {
            must(error instanceof SettingsError, () => `not a SettingsError: ${error}`);
            must(!String((error as Error).message).includes(secret), () => 'a secret stands in the error');
          }
        },
      ),
    },
  ];
}

const HARMLESS = [
  'Hi there.',
  'Sorry if this is silly.',
  'I run 40 km a week.',
  'Love the bot!',
  'I am 34.',
  'Lovely weather today.',
];

/** How many of the corpus's own emergencies and crises are still an alarm when a harmless sentence stands before them. */
export function steadinessOf(brain: Brain, dangers: readonly string[]) {
  const lost: string[] = [];
  let of = 0;
  for (const danger of dangers) {
    if (!isAtLeast(say(brain, freshSession, danger).reply.urgency, 'emergency')) continue;
    for (const before of HARMLESS) {
      of++;
      if (!isAtLeast(say(brain, freshSession, `${before} ${danger}`).reply.urgency, 'urgent'))
        lost.push(`${before} ${danger}`);
    }
  }
  return { held: of - lost.length, of, lost };
}
