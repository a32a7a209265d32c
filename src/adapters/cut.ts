/**
 * Cuts text to at most `most` UTF-16 units: at the end of a sentence when one ends in the second half, else at a space, and never
 * inside a surrogate pair. What was cut is shown by an ellipsis.
 */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const room = text.slice(0, Math.max(0, most - 1));
  const sentence = Math.max(room.lastIndexOf('. '), room.lastIndexOf('? '), room.lastIndexOf('\n'));
  const space = room.lastIndexOf(' ');
  const end = sentence >= most / 2 ? sentence + 1 : space > most / 2 ? space : room.length;
  const kept = room.slice(0, end);
  const whole = /[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept;
  return most < 1 ? '' : `${whole.trimEnd()}…`;
}
