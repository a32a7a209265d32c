/** What an examination found: `wrong` keeps the bot from working as the settings ask, `note` is worth knowing. */
export interface Finding {
  readonly level: 'ok' | 'note' | 'wrong';
  /** One line: what it is about, what is the matter, what to do. It holds no secret. */
  readonly text: string;
}

export const ok = (text: string): Finding => ({ level: 'ok', text });
export const note = (text: string): Finding => ({ level: 'note', text });
export const wrong = (text: string): Finding => ({ level: 'wrong', text });

/** How long a platform may take to answer, in milliseconds. */
const PATIENCE_MS = 5_000;

/** The answer of a platform; `undefined` means: it cannot be reached. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Asks a platform once. Neither the token nor the answer is kept. */
export async function ask(
  url: string,
  authorization: string,
  method: 'GET' | 'POST' = 'GET',
): Promise<Answer | undefined> {
  try {
    const response = await fetch(url, { method, headers: { authorization }, signal: AbortSignal.timeout(PATIENCE_MS) });
    const body: unknown = await response.json().catch(() => ({}));
    return {
      status: response.status,
      headers: response.headers,
      body: typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {},
    };
  } catch {
    return undefined;
  }
}
