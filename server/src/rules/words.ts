// How messages say numbers, ranges and lists.
import type { PortRange } from '../topology/model.ts';

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly (string | number)[], joint: 'and' | 'or' = 'and'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${joint} ${words.at(-1)}`;
}

/** As a topology file writes it: `49152-65535`. */
export function rangeText({ low, high }: PortRange): string {
  return `${low}-${high}`;
}

export function sameRange(a: PortRange, b: PortRange): boolean {
  return a.low === b.low && a.high === b.high;
}

export function within(port: number, { low, high }: PortRange): boolean {
  return low <= port && port <= high;
}
