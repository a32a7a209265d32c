import { z } from 'zod';
import { type CorpusFiles, digestOf } from './adapters/corpus-files.ts';
import { readCorpus, readPart, readParts } from './adapters/corpus-folder.ts';
import { DiscordWording } from './adapters/discord/wording.ts';
import { englishWords, readUnderstanding } from './adapters/intents-folder.ts';
import { readRedFlags } from './adapters/red-flags-files.ts';
import { SlackWording } from './adapters/slack/wording.ts';
import { bodyOf } from './core/article.ts';
import { CommandWords } from './core/commands.ts';
import { createConceptFinder } from './core/concepts.ts';
import { Cues } from './core/context.ts';
import { type Corpus, passagesOf, SignWords } from './core/corpus.ts';
import { CorpusError, type CorpusFault } from './core/fault.ts';
import { FollowUpWords } from './core/follow-up.ts';
import { type FlagExamples, messagesOf, type RedFlag } from './core/red-flags.ts';
import { bodyPartsBeside } from './core/scope.ts';
import { type DangerPhrase, type SecondHearingModel, trainSecondHearing } from './core/second-hearing.ts';
import { createSpeller, type SpellingModel } from './core/spelling.ts';
import { labelledPhrases, trainSpelling, trainUnderstanding } from './core/train.ts';
import { createTriage } from './core/triage.ts';
import { Answers, Concepts, faultsOf, HearingRule, type TriageData } from './core/triage-data.ts';
import type { UnderstandingModel } from './core/understanding.ts';
import type { Urgency } from './core/urgency.ts';

const DangerFile = z.strictObject({
  flag: z.string(),
  phrases: z.partialRecord(z.enum(['routine', 'urgent', 'emergency', 'crisis']), z.array(z.string())),
});
const HarmlessFile = z.strictObject({ trap: z.string(), phrases: z.array(z.string()) });
const ClearanceFile = z.strictObject({ says: z.enum(['cleared', 'nothing']), phrases: z.array(z.string()) });

/** A corpus as the bot loads it: checked, with the models trained on it. */
export interface Compiled {
  readonly digest: string;
  readonly corpus: Corpus;
  readonly commands: CommandWords;
  readonly followUp: FollowUpWords;
  readonly triage: TriageData;
  readonly signs: Readonly<Record<string, SignWords>>;
  readonly second: SecondHearingModel;
  readonly spelling: SpellingModel;
  readonly understanding: UnderstandingModel;
  /** What only the Discord channel says. */
  readonly discord: DiscordWording;
  /** What only the Slack app says. */
  readonly slack: SlackWording;
}

/** Weight of a sentence that proves a flag: such sentences are held to exactly. */
const PROVING = 2;
/**
 * Weight of ordinary runner talk beside look-alikes of danger, in the training of the second hearing. There is much of it: at 0.7 it
 * hides five in 420 alarms that are heard at 0.35, which costs two more false alarms in 300 look-alikes.
 */
const ORDINARY = 0.35;

/** The sentences that prove a flag, as the second hearing learns from them; a near miss without a level of its own is no sign. */
function provingPhrases(flag: RedFlag, examples: FlagExamples | undefined): readonly DangerPhrase[] {
  const labelled = (kind: 'fires' | 'quiet', otherwise: Urgency): readonly DangerPhrase[] =>
    (examples?.[kind] ?? []).map((example) => {
      const level = (typeof example === 'object' ? example.level : undefined) ?? otherwise;
      const label = level === 'none' ? 'none' : `${level}/${flag.group}`;
      return { text: messagesOf(example).join('. '), label, weight: PROVING };
    });
  return [...labelled('fires', flag.level), ...labelled('quiet', 'none')];
}

/** Reads what triage is made of: the files of `hearing/`, with flags and combinations of `red-flags.yaml`. `undefined` means: see `faults`. */
export function readTriage(
  files: CorpusFiles,
  red: Pick<TriageData, 'flags' | 'combinations'> | undefined,
  faults: CorpusFault[],
): TriageData | undefined {
  const plain = readPart(files, 'hearing/concepts.yaml', Concepts, faults);
  const wide = readPart(files, 'hearing/concepts-wide.yaml', Concepts, faults);
  const answers = readPart(files, 'hearing/answers.yaml', Answers, faults);
  const rules = readPart(files, 'hearing/rules.yaml', z.record(z.string(), HearingRule), faults);
  const cues = readPart(files, 'hearing/cues.yaml', Cues, faults);
  if (!red || !plain || !wide || !answers || !rules || !cues) return undefined;
  const triage: TriageData = {
    concepts: { ...plain, ...wide },
    rules,
    answers,
    cues,
    flags: red.flags.map(({ id, group, level, levels }) => ({ id, group, level, ...(levels ? { levels } : {}) })),
    combinations: red.combinations,
  };
  for (const what of faultsOf(triage))
    faults.push({ file: 'hearing/rules.yaml', what, cure: 'define it, or take it out' });
  return triage;
}

/** Checks a corpus whole and trains its models. Throws a CorpusError that names every fault. */
export function compile(files: CorpusFiles): Compiled {
  const faults: CorpusFault[] = [];
  const yaml = <T extends z.ZodType>(file: string, schema: T) => readPart(files, file, schema, faults);
  const folder = <T extends z.ZodType>(prefix: string, schema: T) => readParts(files, prefix, schema, faults);

  const corpus = readCorpus(files, faults);
  const commands = yaml('commands.yaml', CommandWords);
  const followUp = yaml('follow-up.yaml', FollowUpWords);
  const discord = yaml('discord.yaml', DiscordWording);
  const slack = yaml('slack.yaml', SlackWording);
  const red = readRedFlags(files, corpus.sources, faults);
  const triage = readTriage(files, red, faults);
  const intents = readUnderstanding(files, faults);
  const dangerFiles = folder('intents/danger/', DangerFile);
  const harmlessFiles = folder('intents/harmless/', HarmlessFile);
  const clearanceFiles = folder('intents/clearance/', ClearanceFile);

  if (faults.length || !commands || !followUp || !red || !triage || !discord || !slack || !intents)
    throw new CorpusError(faults);

  const whole = corpus as Corpus;
  const passages = passagesOf(whole);
  const held = new Set(passages.map((p) => p.topic));
  const elsewhere = intents.topics.filter((t) => !held.has(t.topic)).flatMap((t) => t.phrases);
  const source = {
    ...intents,
    // Phrases of a topic that this corpus has no passage for must not be learnt.
    topics: intents.topics.filter((t) => held.has(t.topic)),
    elsewhere,
    terms: {
      ...intents.terms,
      topics: Object.fromEntries(Object.entries(intents.terms.topics).filter(([topic]) => held.has(topic))),
    },
    bodyParts: bodyPartsBeside(intents.bodyParts, [
      ...whole.articles.map((a) => a.title),
      ...passages.map((p) => p.title),
    ]),
    passages: passages.map((p) => ({ topic: p.topic, title: p.title, body: bodyOf(p) })),
  };
  const ordinary = [
    ...labelledPhrases(source),
    ...[...elsewhere, ...source.smalltalk.flatMap((t) => t.phrases)].map((p) => ({
      text: typeof p === 'string' ? p : p.text,
    })),
  ];
  const group = new Map(triage.flags.map((f) => [f.id, f.group]));
  const dangerPhrases: DangerPhrase[] = [
    ...dangerFiles.flatMap((f) =>
      Object.entries(f.phrases).flatMap(([level, texts]) =>
        texts.map((text) => ({ text, label: `${level}/${group.get(f.flag)}`, weight: level === 'crisis' ? 1.5 : 1 })),
      ),
    ),
    ...harmlessFiles.flatMap((f) => f.phrases.map((text) => ({ text, label: 'none', weight: 1 }))),
    ...red.flags.flatMap((flag) => provingPhrases(flag, red.examples.get(flag.id))),
    ...ordinary.map((p) => ({ text: p.text, label: 'none', weight: ORDINARY })),
  ];
  const spelling = trainSpelling(
    [...dangerPhrases.map((p) => p.text), ...source.passages.map((p) => `${p.title} ${p.body}`)],
    englishWords(),
    [...source.synonyms.words, ...createConceptFinder(triage.concepts, () => true).vocabulary],
  );
  const reader = createTriage(triage, createSpeller(spelling).known);
  return {
    digest: digestOf(files),
    corpus: whole,
    commands,
    followUp,
    discord,
    slack,
    triage,
    signs: Object.fromEntries(
      red.flags.map(
        ({ id, title, means, 'means-other': meansOther, tell, 'tell-other': tellOther, do: doing, meanwhile }) => [
          id,
          SignWords.parse(
            JSON.parse(
              JSON.stringify({
                title,
                means,
                'means-other': meansOther,
                tell,
                'tell-other': tellOther,
                do: doing,
                meanwhile,
              }),
            ),
          ),
        ],
      ),
    ),
    second: trainSecondHearing(
      dangerPhrases,
      clearanceFiles.flatMap((f) => f.phrases.map((text) => ({ text, isCleared: f.says === 'cleared' }))),
      reader.read,
    ),
    spelling,
    understanding: trainUnderstanding(source, spelling),
  };
}
