import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { takeTurn } from '../src/core/dialogue.ts';
import { plainText } from '../src/core/plain.ts';
import { freshSession } from '../src/core/session.ts';
import { rankOf, type Urgency } from '../src/core/urgency.ts';
import { brain } from './brain.ts';

interface Step {
  readonly says: string;
  readonly choice?: string;
  readonly kind?: string;
  readonly urgency?: Urgency;
  readonly below?: Urgency;
  readonly topic?: string;
  readonly hears?: readonly string[];
  readonly silent?: readonly string[];
}

const folder = 'test/conversations';
for (const file of readdirSync(folder))
  describe(file.replace('.yaml', ''), () => {
    let session = freshSession;
    const steps: readonly Step[] = parse(readFileSync(join(folder, file), 'utf8'));
    steps.forEach((step, i) => {
      test(`${i + 1}. ${step.says}`, () => {
        const turn = takeTurn(brain, session, {
          id: `${i}`,
          conversation: file,
          text: step.choice ? '' : step.says,
          ...(step.choice ? { choice: step.choice } : {}),
        });
        session = turn.session;
        const said = plainText(turn.reply);
        if (step.kind) expect(turn.reply.kind).toBe(step.kind);
        if (step.urgency) expect(turn.reply.urgency).toBe(step.urgency);
        if (step.below) expect(rankOf(turn.reply.urgency)).toBeLessThan(rankOf(step.below));
        if (step.topic) expect(turn.reply.sources[0]?.topic).toBe(step.topic);
        for (const words of step.hears ?? []) expect(said).toContain(words);
        for (const words of step.silent ?? []) expect(said).not.toContain(words);
      });
    });
  });
