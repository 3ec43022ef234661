// What people write in a rule's description about its change request, its owner and its dates.
import { isDate } from '../date.ts';
import type { RuleNotes } from '../exports/firewall/notes.ts';

const KEYS = ['ticket', 'owner', 'reviewed', 'expires'] as const;
const PART = /^(ticket|owner|reviewed|expires)\s*[:=]\s*(\S.*)$/i;

/**
 * A description taken apart: what {@link notesText} wrote, and such parts as people write them, `owner: Jo` between
 * semicolons or on a line of its own, and the rest. A date that is none stays in the rest.
 */
export function notesIn(text: string | undefined): {
  readonly description: string | undefined;
  readonly about: RuleNotes | undefined;
} {
  if (text === undefined) return { description: undefined, about: undefined };
  const found: { -readonly [K in keyof RuleNotes]: RuleNotes[K] } = {};
  const rest: string[] = [];
  for (const part of text.split(/;|\r?\n/)) {
    const [, word = '', value = ''] = PART.exec(part.trim()) ?? [];
    const key = KEYS.find((one) => one === word.toLowerCase());
    const isTaken = key !== undefined && found[key] === undefined;
    if (isTaken && (key === 'ticket' || key === 'owner' || isDate(value.trim()))) found[key] = value.trim();
    else if (part.trim() !== '') rest.push(part);
  }
  if (Object.keys(found).length === 0) {
    const lines = text.split(/\r?\n/).map((line) => line.trim());
    return { description: lines.filter((line) => line !== '').join(' ') || undefined, about: undefined };
  }
  return { description: rest.map((part) => part.trim()).join('; ') || undefined, about: found };
}
