import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Reply } from '../../core/reply.ts';

/** What is counted of the bot at work: kinds and levels, never who or what. */
export interface Metrics {
  readonly turn: (reply: Reply, seconds: number) => void;
  readonly channel: (name: string, what: 'reconnect' | 'error' | 'rate-limit') => void;
  readonly trouble: (where: string) => void;
  /** A message was only checked for danger signs, for fair use. */
  readonly limited: () => void;
  /** Adds to, or takes from, the messages that are taken and not answered yet. */
  readonly waiting: (messages: number) => void;
  readonly render: () => Promise<{ readonly type: string; readonly body: string }>;
}

/** Makes the metrics of one process, in a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const turns = new Counter({
    name: 'bot_turns_total',
    help: 'Replies given',
    labelNames: ['kind', 'urgency'],
    registers,
  });
  const latency = new Histogram({
    name: 'bot_turn_seconds',
    help: 'Seconds from a message to its reply, store included',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const channels = new Counter({
    name: 'bot_channel_events_total',
    help: 'Reconnects, errors and rate limits of a channel',
    labelNames: ['channel', 'event'],
    registers,
  });
  const troubles = new Counter({
    name: 'bot_store_trouble_total',
    help: 'Store calls that failed while a reply was given all the same',
    labelNames: ['call'],
    registers,
  });
  const limited = new Counter({
    name: 'bot_limited_total',
    help: 'Messages only checked for danger signs, because their sender or the queue was over a limit',
    registers,
  });
  const waiting = new Gauge({ name: 'bot_messages_waiting', help: 'Messages taken and not answered yet', registers });
  return {
    turn: (reply, seconds) => {
      turns.inc({ kind: reply.kind, urgency: reply.urgency });
      latency.observe(seconds);
    },
    channel: (name, what) => channels.inc({ channel: name, event: what }),
    trouble: (where) => troubles.inc({ call: where }),
    limited: () => limited.inc(),
    waiting: (messages) => waiting.inc(messages),
    render: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  };
}
