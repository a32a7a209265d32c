/**
 * Word families as data. A family is a list of phrases; a phrase is words with spaces between, where
 * `a|b` means either, `?a` may be missing, `leak*` any word that begins so, `leak(-,s,ed)` leak, leaks, leaked,
 * `.` any one word, `?.` one word or none, `@name` another family, `#38-42` a number in this range, `..` up to two and `...` up to five words between; a phrase
 * that begins with `^ ` stands at the start of a sentence only.
 */
export type ConceptData = Readonly<Record<string, readonly string[]>>;

/** `leak(-,s,ed)` -> leak, leaks, leaked. */
export const inflected = (word: string): readonly string[] => {
  const match = /^([^()]*)\(([^()]*)\)$/.exec(word);
  if (!match) return [word];
  return match[2]!.split(',').map((ending) => match[1]! + (ending === '-' ? '' : ending));
};

/** The fault in a family's phrase, or `undefined` when it can be read. */
export const phraseFault = (phrase: string, families: ReadonlySet<string>): string | undefined => {
  const parts = phrase.replace(/^\^ /, '').split(' ');
  if (parts.some((p) => p === '')) return 'two spaces or an empty phrase';
  for (const part of parts) {
    if (/^(\?\.|\.{1,3})$/.test(part)) continue;
    const body = part.replace(/^\?/, '');
    if (body.startsWith('#')) {
      if (!/^#\d+(\.\d+)?-\d+(\.\d+)?$/.test(body)) return `'${part}' is not a range such as #38-42`;
      continue;
    }
    for (const option of body.split('|')) {
      if (option.startsWith('@')) {
        if (!families.has(option.slice(1))) return `there is no family '${option.slice(1)}'`;
      } else if (!/^[\p{L}\p{N}.*/&-]+(\([\p{L}\p{N},*-]+\))?$/u.test(option))
        return `'${option}' is not a word: lower case, no apostrophe, no hyphen`;
    }
  }
  return undefined;
};

/** Families in an order in which each stands after those it names; a family that names itself throws. */
export const layersOf = (families: ConceptData): readonly (readonly string[])[] => {
  const depth = new Map<string, number>();
  const visit = (name: string, path: readonly string[]): number => {
    const known = depth.get(name);
    if (known !== undefined) return known;
    if (path.includes(name)) throw new Error(`family '${name}' names itself`);
    let deepest = 0;
    for (const phrase of families[name] ?? []) {
      if (!phrase.includes('@')) continue;
      for (const [, ref] of phrase.matchAll(/@([A-Za-z0-9_]+)/g))
        deepest = Math.max(deepest, visit(ref!, [...path, name]) + 1);
    }
    depth.set(name, deepest);
    return deepest;
  };
  const layers: string[][] = [];
  for (const name of Object.keys(families)) {
    const at = visit(name, []);
    while (layers.length <= at) layers.push([]);
    layers[at]!.push(name);
  }
  return layers;
};
