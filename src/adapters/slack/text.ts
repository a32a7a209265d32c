import { cutText } from '../cut.ts';

/** Makes text harmless in a mrkdwn or `text` field: no ping, no channel, no link. To be done once, at the very end. */
export const escapeSlack = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Text as it was typed, from text as Slack sends it. */
export const unescapeSlack = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/**
 * What a person wrote, in plain words: the mention of the bot is left out, other mentions are left out too, a link becomes its words,
 * and what Slack has escaped is as it was typed. A mention inside an address or code is not one: Slack escapes it.
 */
export function plainWords(text: string): string {
  const words = text
    .replace(/<(?:@[UW]|!)[^<>]*>/g, ' ')
    .replace(/<#[^<>|]*(?:\|([^<>]*))?>/g, ' $1 ')
    .replace(/<[^<>|]*\|([^<>]*)>/g, '$1')
    .replace(/<([^<>]*)>/g, '$1');
  return unescapeSlack(words)
    .replace(/[ \t]{2,}/g, ' ')
    .trim();
}

/** Escaped text of at most `most` UTF-16 units: cut before it is escaped, so that no entity is cut in two. */
export function fitted(text: string, most: number): string {
  let room = most;
  for (;;) {
    const escaped = escapeSlack(cutText(text, room));
    if (escaped.length <= most) return escaped;
    room -= Math.max(1, Math.ceil((escaped.length - most) / 5));
  }
}

/** Splits text into pieces that are at most `most` units long when escaped, at the ends of sentences where it can. */
export function piecesOf(text: string, most: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const sentence of text.split(/(?<=[.?!]\s|\n)/)) {
    if (escapeSlack(piece + sentence).length <= most) {
      piece += sentence;
      continue;
    }
    if (piece.trim()) pieces.push(piece.trim());
    piece = escapeSlack(sentence).length <= most ? sentence : cutText(sentence, Math.floor(most / 5));
  }
  return piece.trim() ? [...pieces, piece.trim()] : pieces;
}
