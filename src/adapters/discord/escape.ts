/**
 * Makes text that is not ours harmless in Discord: no ping, no link behind words, no heading, list, quote or code. Everything that
 * the corpus says goes through it too, so that a slip in the corpus cannot ping anybody.
 */
export function escapeDiscord(text: string): string {
  return text
    .replace(/[\\*_~`|[\]()#<>]/g, (mark) => `\\${mark}`)
    .replace(/^(\s*)([-+>]|\d+[.)])(\s)/gm, '$1\\$2$3')
    .replace(/@/g, '@\u200b')
    .replace(/\b(https?):\/\//gi, '$1:\u200b//');
}
