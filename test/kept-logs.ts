import { appendFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder where all logs of a run of the tests are gathered, so that the last step can look for words of people in them. */
export const LOGS = join(tmpdir(), `bot-test-logs-${process.env.BOT_TEST_RUN ?? 'alone'}`);

/** Keeps a line that a bot under test has logged. */
export function keepLog(line: string): void {
  mkdirSync(LOGS, { recursive: true });
  appendFileSync(join(LOGS, `${process.pid}.log`), `${line}\n`);
}
