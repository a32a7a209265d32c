import type { Brain } from '../src/core/brain.ts';
import { takeTurn } from '../src/core/dialogue.ts';
import { freshSession } from '../src/core/session.ts';
import { quantile } from './statistics.ts';

/** Times of one turn for messages of a length. */
export interface LatencyPoint {
  readonly words: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const LENGTHS = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096];
const TURNS = 300;

/** Times of one turn by the length of the message; messages are cut from the texts given, one after another. */
export function latencyOf(brain: Brain, texts: readonly string[]): readonly LatencyPoint[] {
  const words = texts.flatMap((t) => t.split(/\s+/));
  let at = 0;
  const cut = (length: number): string => Array.from({ length }, () => words[at++ % words.length] ?? 'back').join(' ');
  const time = (length: number): number => {
    const message = { id: 'm', conversation: 'c', text: cut(length) };
    const start = performance.now();
    takeTurn(brain, freshSession, message);
    return performance.now() - start;
  };
  for (let i = 0; i < TURNS; i++) time(16);
  return LENGTHS.map((length) => {
    const times = Array.from({ length: length > 512 ? TURNS / 3 : TURNS }, () => time(length));
    return { words: length, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
  });
}
