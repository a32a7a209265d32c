import { setTimeout as wait } from 'node:timers/promises';
import type { webApi } from '@slack/bolt';
import type { Method } from './names.ts';
import type { SlackPayload } from './render.ts';

/** No call to Slack takes longer than this, in milliseconds. */
const PATIENCE_MS = 10_000;
/** A rate limit is waited for this long at most, and this often. */
const LONGEST_WAIT_MS = 30_000;
const TRIES = 3;
/** What may be repeated, a danger sign above all, is tried longer. */
const TRIES_REPEATABLE = 6;

/** A fetch that gives up in time, whoever calls it. */
const patientFetch: typeof fetch = (url, init) =>
  fetch(url, { ...init, signal: init?.signal ?? AbortSignal.timeout(PATIENCE_MS) });

/**
 * How Web API clients behave: they give up after ten seconds and never send anything again by themselves, since the library would also
 * repeat a post that Slack has taken. What is safe to repeat is repeated here.
 */
export const clientOptions = (apiUrl: string | undefined): webApi.WebClientOptions => ({
  ...(apiUrl ? { slackApiUrl: apiUrl } : {}),
  timeout: PATIENCE_MS,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  fetch: patientFetch,
});

/** What is known of a call that failed. */
export type Failure =
  /** Slack said no, with a reason: nothing was done. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Slack said that it failed. */
  | { readonly kind: 'failed' }
  /** The connection was never made. */
  | { readonly kind: 'unsent' }
  /** No answer came: it may have been done or not. */
  | { readonly kind: 'unknown' };

const codeOf = (error: unknown): string | undefined => {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 5; depth++) {
    const { code, cause, original } = at as { code?: unknown; cause?: unknown; original?: unknown };
    if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return code;
    at = original ?? cause;
  }
  return undefined;
};

/** What an error of a call means for sending it again. */
export function failureOf(error: unknown): Failure {
  const e = error as { data?: { error?: unknown }; statusCode?: unknown } | undefined;
  if (typeof e?.data?.error === 'string') return { kind: 'refused', reason: e.data.error };
  if (typeof e?.statusCode === 'number')
    return e.statusCode < 500 ? { kind: 'refused', reason: String(e.statusCode) } : { kind: 'failed' };
  const code = codeOf(error);
  return code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI' ? { kind: 'unsent' } : { kind: 'unknown' };
}

/** Milliseconds that Slack asks to wait before the next try; `undefined` means: it is no rate limit. */
function askedToWait(error: unknown): number | undefined {
  const seconds = (error as { retryAfter?: unknown }).retryAfter;
  return typeof seconds === 'number' ? Math.max(0, seconds * 1000) : undefined;
}

/** Tells of rate limits, for /metrics. */
export type Count = (what: 'rate-limit') => void;

/**
 * Runs a call. A rate limit is waited for, since nothing was done; a call that was never sent goes again; one whose fate is unknown goes
 * again only when doing it twice changes nothing (`isRepeatable`). Rejects with the library's error.
 */
export async function attempted<T>(work: () => Promise<T>, isRepeatable: boolean, count: Count): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const asked = askedToWait(error);
      if (asked !== undefined) count('rate-limit');
      const { kind } = failureOf(error);
      const again =
        asked !== undefined ? asked <= LONGEST_WAIT_MS : kind === 'unsent' || (isRepeatable && kind !== 'refused');
      if (!again || tries >= (isRepeatable ? TRIES_REPEATABLE : TRIES)) throw error;
      await wait(asked ?? 250 * tries);
    }
  }
}

/** Calls a method of the Web API; the method's name says which scope it needs (names.ts). */
export const call = (
  client: webApi.WebClient,
  method: Method,
  args: Record<string, unknown>,
  isRepeatable: boolean,
  count: Count,
): Promise<webApi.WebAPICallResult> => attempted(() => client.apiCall(method, args), isRepeatable, count);

/** Reasons by which Slack refuses what a message holds, not where it goes: the plain text may still pass. */
const UNFIT = /^(invalid_blocks|invalid_blocks_format|msg_too_long|msg_blocks_too_long|no_text|invalid_arguments)$/;
/** Fields of every message: nothing is unfurled, nothing in it pings anybody. */
const QUIET = { unfurl_links: false, unfurl_media: false, parse: 'none' } as const;

/** Where a message goes. */
export interface Address {
  readonly channel: string;
  /** The message it answers; absent = it begins anew. */
  readonly thread?: string | undefined;
  /** Only this person sees it; absent = all of the channel. */
  readonly onlyFor?: string | undefined;
}

/**
 * Posts a message once. What Slack finds unfit goes again as plain text. A post whose fate is unknown is not sent again, for it may be
 * there; but a danger sign (`isWarning`) is, since a warning twice harms nobody and a lost one may. Rejects with the library's error.
 */
export async function post(
  client: webApi.WebClient,
  to: Address,
  payload: SlackPayload,
  isWarning: boolean,
  count: Count,
): Promise<void> {
  const method = to.onlyFor ? 'chat.postEphemeral' : 'chat.postMessage';
  const args = {
    channel: to.channel,
    ...(to.thread ? { thread_ts: to.thread } : {}),
    ...(to.onlyFor ? { user: to.onlyFor } : {}),
    ...QUIET,
  };
  try {
    await call(client, method, { ...args, ...payload }, isWarning, count);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind !== 'refused' || !UNFIT.test(failure.reason)) throw error;
    await call(client, method, { ...args, text: payload.text }, isWarning, count);
  }
}

/** How an answer by `response_url` is shown. */
export interface UrlAnswer {
  readonly isPublic?: boolean;
  /** Puts it in the place of the message that was pressed. */
  readonly replaces?: boolean;
  readonly thread?: string | undefined;
}

/** A `response_url` that did not take the answer. */
export class AnswerError extends Error {
  readonly statusCode: number;
  constructor(statusCode: number) {
    super(`the response_url answered ${statusCode}`);
    this.name = 'AnswerError';
    this.statusCode = statusCode;
  }
}

/** Answers a command, a press or a shortcut at its `response_url`, by the same rules as `post`. */
export async function answerAt(
  url: string,
  payload: SlackPayload,
  how: UrlAnswer,
  isWarning: boolean,
  count: Count,
): Promise<void> {
  const send = async (body: Partial<SlackPayload>) => {
    const response = await patientFetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        response_type: how.isPublic ? 'in_channel' : 'ephemeral',
        replace_original: how.replaces ?? false,
        ...(how.thread ? { thread_ts: how.thread } : {}),
        ...QUIET,
        ...body,
      }),
    });
    if (response.status === 429)
      throw Object.assign(new AnswerError(429), { retryAfter: Number(response.headers.get('retry-after') ?? 1) });
    if (!response.ok) throw new AnswerError(response.status);
  };
  try {
    await attempted(() => send(payload), isWarning, count);
  } catch (error) {
    if (!(error instanceof AnswerError) || error.statusCode !== 400) throw error;
    await attempted(() => send({ text: payload.text }), isWarning, count);
  }
}
