import type { Wording } from './corpus.ts';
import type { Part, Reply } from './reply.ts';

/** The choice that brings back, to the person alone, what a public reply left out. */
export const RESUME = 'resume';

/**
 * A reply as others may see it: danger signs in general words, nothing that a person told about the body, and a way to go on in
 * private where something was left out.
 */
export function publicView(reply: Reply, wording: Wording): Reply {
  const general = (part: Part): Part => (part.kind === 'warning' ? { ...part, text: part.general } : part);
  const isWarned = reply.parts.some((p) => p.kind === 'warning');
  const goOn: Part = { kind: 'choices', asks: false, choices: [{ id: RESUME, label: wording.offers.private }] };
  const open = { ...reply, signs: [], evidence: [] };
  if (reply.personal) {
    const warnings = reply.parts.filter((p) => p.kind === 'warning').map(general);
    return {
      ...open,
      sources: [],
      parts: [...(warnings.length ? warnings : [{ kind: 'text', text: wording['for-you'] } as const]), goOn],
    };
  }
  return isWarned ? { ...open, parts: [...reply.parts.filter((p) => p.kind !== 'choices').map(general), goOn] } : open;
}
