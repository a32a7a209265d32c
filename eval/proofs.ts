// The sentences of the corpus that prove the triage rules, asked of rules alone: the second hearing must not cover for a rule.
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { readCorpusFolder } from '../src/adapters/corpus-files.ts';
import { readRedFlags } from '../src/adapters/red-flags-files.ts';
import { readTriage } from '../src/compile.ts';
import { ownCompiled } from '../src/compiled-file.ts';
import { remember } from '../src/core/alarm.ts';
import type { Verdict } from '../src/core/brain.ts';
import { CorpusError, type CorpusFault } from '../src/core/fault.ts';
import { type FlagExample, messagesOf } from '../src/core/red-flags.ts';
import { freshSession, type Session } from '../src/core/session.ts';
import { createSpeller } from '../src/core/spelling.ts';
import { createTriage, type Triage } from '../src/core/triage.ts';
import type { TriageData } from '../src/core/triage-data.ts';
import { isAtLeast, rankOf, type Urgency } from '../src/core/urgency.ts';

/**
 * What a sentence proves. `heard` and `unheard` are written for rules alone and hold one by one. The others are written for the whole
 * bot, so rules alone meet many of them and not all: how many, a floor says (rules-alone.yaml).
 */
export type ProofKind = 'heard' | 'unheard' | 'fires' | 'quiet' | 'phrases' | 'harmless';

/** A sentence of the corpus and what rules alone should make of it. */
export interface Proof {
  readonly kind: ProofKind;
  /** The flag it belongs to, or the trap of a harmless phrase. */
  readonly of: string;
  readonly messages: readonly string[];
  readonly isMet: (verdict: Verdict) => boolean;
}

const files = readCorpusFolder(fileURLToPath(new URL('../corpus', import.meta.url)));
const faults: CorpusFault[] = [];
const red = readRedFlags(files, undefined, faults);
const read = readTriage(files, red, faults);
if (!red || !read || faults.length) throw new CorpusError(faults);
/** The rules as they stand in corpus/, built or not. */
export const rules: TriageData = read;
const isWord = createSpeller(ownCompiled().spelling).known;
/** A triage without the second hearing. */
export const triageOf = (data: TriageData): Triage => createTriage(data, isWord);

const levels = new Map(rules.flags.map((f) => [f.id, f.level]));
const own = (flag: string): Urgency => levels.get(flag) ?? 'none';
const stated = (example: FlagExample): Urgency | undefined => (typeof example === 'string' ? undefined : example.level);

const examples = [...red.examples].flatMap(([of, sentences]): Proof[] => {
  const proof = (
    kind: ProofKind,
    list: readonly FlagExample[] | undefined,
    isMet: (v: Verdict, e: FlagExample) => boolean,
  ) => (list ?? []).map((e) => ({ kind, of, messages: messagesOf(e), isMet: (v: Verdict) => isMet(v, e) }));
  return [
    ...proof('heard', sentences.heard, (v, e) => v.levels[of] === (stated(e) ?? own(of))),
    ...proof('unheard', sentences.unheard, (v) => !v.signs.includes(of)),
    ...proof('fires', sentences.fires, (v, e) => {
      const wanted = stated(e) ?? own(of);
      return (
        v.signs.includes(of) && (rankOf(wanted) < rankOf(own(of)) ? v.urgency === wanted : isAtLeast(v.urgency, wanted))
      );
    }),
    ...proof('quiet', sentences.quiet, (v, e) => {
      const most = stated(e) ?? (own(of) === 'routine' ? 'none' : 'routine');
      return rankOf(v.urgency) <= rankOf(most);
    }),
  ];
});

interface PhraseFile {
  readonly flag: string;
  readonly trap: string;
  readonly phrases: Readonly<Record<string, readonly string[]>>;
}
const phrases = [...files]
  .filter(([name]) => /^intents\/(danger|harmless)\/.*\.yaml$/.test(name))
  .flatMap(([, text]): Proof[] => {
    const { flag, trap, phrases } = parse(text) as PhraseFile;
    const all = Object.values(phrases).flat();
    return all.map((said) =>
      flag
        ? { kind: 'phrases', of: flag, messages: [said], isMet: (v) => v.signs.includes(flag) }
        : { kind: 'harmless', of: trap, messages: [said], isMet: (v) => !isAtLeast(v.urgency, 'urgent') },
    );
  });

/** All sentences that prove the rules. */
export const proofs: readonly Proof[] = [...examples, ...phrases];

/** What a triage makes of a conversation. */
export function verdictOn(triage: Triage, messages: readonly string[]): Verdict {
  let session: Session = freshSession;
  for (const text of messages) session = remember({ ...session, turn: session.turn + 1 }, triage.hear(text));
  return triage.judge(session.signs, session.facts);
}

/** Whether a triage meets a proof. */
export const meets = (triage: Triage, proof: Proof): boolean => proof.isMet(verdictOn(triage, proof.messages));
