import type { WriteStream } from 'node:tty';

/** Tells how far long work is: one line that is written over on a screen, a line for each tenth elsewhere. */
export function createProgress(out: WriteStream) {
  let last = '';
  const tell = (line: string): void => {
    if (line === last) return;
    last = line;
    out.write(out.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
  };
  return {
    /** A reporter for one piece of work. */
    of:
      (name: string) =>
      (done: number, of: number): void =>
        tell(`${name}: ${Math.floor((10 * done) / Math.max(1, of)) * 10} %`),
    /** Says one thing that has begun. */
    say: tell,
    /** Leaves the line free for what comes. */
    end: (): void => {
      if (out.isTTY) out.write('\r\x1b[K');
    },
  };
}
