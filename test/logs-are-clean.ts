import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Words that people write in the tests, names they have there, and the beginnings of tokens: none may be in a log. */
const NEVER =
  /groin|numb(?!er)|shoes|stretch|chest pain|crushing|tractor|gearbox|treadmill|Mallory|somebody|open-person|forget me|lower back|xox[abp]-|xapp-|fake\.token/i;

/**
 * Gathers what every bot of the suite logs (test/kept-logs.ts) and fails the run when a word of a person, a name or a token is among it.
 * A global set-up of vitest: what it returns runs after all tests.
 */
export default function logsAreClean(): () => void {
  process.env.BOT_TEST_RUN = `${process.pid}-${Date.now()}`;
  const folder = join(tmpdir(), `bot-test-logs-${process.env.BOT_TEST_RUN}`);
  return () => {
    let files: string[] = [];
    try {
      files = readdirSync(folder);
    } catch {
      return;
    }
    const lines = files.flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'));
    rmSync(folder, { recursive: true, force: true });
    const unclean = lines.filter((line) => NEVER.test(line));
    console.log(`logs: ${lines.length} lines of the bots under test were searched for words of people`);
    if (!unclean.length) return;
    console.error(`logs: words of people, names or tokens were logged:\n${unclean.slice(0, 20).join('\n')}`);
    process.exitCode = 1;
    throw new Error('words of people were logged');
  };
}
