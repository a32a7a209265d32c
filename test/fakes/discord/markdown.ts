/** What Discord would make of a text beyond plain words, apart from our escaping: each pattern is one thing that must not come from outside. */
const ACTIVE: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a ping of everyone', /@(everyone|here)/],
  ['a mention, emoji, time or command', /<(@|#|a?:|t:|\/|id:)/],
  ['a link in angle brackets', /<[a-z]+:/i],
  ['a masked link', /\]\(/],
  ['a bare link', /\w:\/\//],
  ['an invite', /discord(app)?\.(gg|com)\//i],
  ['a heading', /^\s*#{1,3}\s/m],
  ['small text', /^\s*-#\s/m],
  ['a quote', /^\s*>{1,3}/m],
  ['a list', /^\s*([-*+]|\d+[.)])\s/m],
  ['code', /`/],
  ['bold, italic or underline', /[*_]/],
  ['struck through', /~~/],
  ['a spoiler', /\|\|/],
  ['a turned direction', /[\u202a-\u202e\u2066-\u2069]/],
];

/** Names of what is active in a text; characters behind a backslash are plain. Empty = nothing but words. */
export function activeIn(markdown: string): string[] {
  // In Discord a backslash takes the meaning from any mark that is neither a letter, a digit nor a space.
  const plain = markdown.replace(/\\[^0-9A-Za-z\s]/g, '\u0001');
  return ACTIVE.flatMap(([what, pattern]) => (pattern.test(plain) ? [what] : []));
}
