// How messages say numbers, ranges and lists.
import { roleName } from '../catalog/names.ts';
import { language, t } from '../l10n.ts';
import type { PortRange } from '../topology/model.ts';

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly (string | number)[], joint: 'and' | 'or' = 'and'): string {
  const last = words.at(-1);
  if (last === undefined || words.length < 2) return words.join('');
  const others = words.slice(0, -1).join(t(', '));
  return joint === 'and' ? t('{0} and {1}', others, last) : t('{0} or {1}', others, last);
}

/** The first of some words, and how many more there are where these are not all. */
export function listedUpTo(most: number, words: readonly string[]): string {
  return listed(words.length > most ? [...words.slice(0, most), t('{0} more', words.length - most)] : words);
}

/** At the beginning of a sentence. */
export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** A role as it is written within a sentence: `management point`, `SQL Server`, `Endpoint Protection point`. */
export function roleInSentence(role: string): string {
  const name = roleName(role, language());
  // Two capital words are the name of a product.
  const isPlain = /^[A-Z][a-z]/.test(name) && !/^[A-Z][a-z]+ [A-Z][a-z]/.test(name);
  return isPlain ? `${name.charAt(0).toLowerCase()}${name.slice(1)}` : name;
}

/** As a topology file writes it: `49152-65535`. */
export function rpcRangeText({ low, high }: PortRange): string {
  return `${low}-${high}`;
}

/** Whether two ranges have the same ports. */
export function sameRange(a: PortRange, b: PortRange): boolean {
  return a.low === b.low && a.high === b.high;
}

/** Whether a port is in a range, its ends included. */
export function within(port: number, { low, high }: PortRange): boolean {
  return low <= port && port <= high;
}
