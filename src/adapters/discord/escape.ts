/** Control characters but the line break, and marks that turn the direction of writing: they could hide or reorder what follows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const UNSEEN = /[\u0000-\u0009\u000b-\u001f\u007f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * Makes any text plain in Discord: no ping, no link, no heading, list, quote or code. Text that a person typed is never shown, and
 * the corpus goes through this too, so that a slip there cannot ping anybody either. Escaping is with a backslash, and with a space
 * of no width where Discord knows no escape.
 */
export function escapeDiscord(text: string): string {
  return (
    text
      .replace(/\r\n?/g, '\n')
      .replace(UNSEEN, '')
      .replace(/[\\*_~`|[\]<>]/g, '\\$&')
      // Only at the beginning of a line: headings, small text, lists.
      .replace(/^([^\S\n]*)(#{1,6}|[-+])(?=[\s#])/gm, '$1\\$2')
      .replace(/^([^\S\n]*\d+)([.)])(?=\s)/gm, '$1\\$2')
      .replace(/@/g, '@\u200b')
      .replace(/:\/\//g, ':\u200b//')
      .replace(/(discord(?:app)?\.(?:gg|com))\//gi, '$1\u200b/')
  );
}
