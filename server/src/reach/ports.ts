// Sets of ports as intervals: sorted, none touching the next, so that equal sets look the same.
import { HIGHEST_PORT, LOWEST_PORT } from '../catalog/port-numbers.ts';
import type { PortRange } from '../topology/model.ts';

/** Sorted by number; no two ranges overlap or touch. */
export type PortSet = readonly PortRange[];

export const NO_PORTS: PortSet = [];
/** Every TCP or UDP port. */
export const ALL_PORTS: PortSet = [{ low: LOWEST_PORT, high: HIGHEST_PORT }];

// Most sets are of one range, and there are thousands of them: these are told without making another.

/** The set of some ranges in any order, which nobody changes; one that is the wrong way round is empty. */
export function portSet(ranges: readonly PortRange[]): PortSet {
  const [only] = ranges;
  if (only && ranges.length === 1) return only.low <= only.high ? ranges : NO_PORTS;
  const sorted = ranges.filter(({ low, high }) => low <= high).sort((a, b) => a.low - b.low);
  const result: PortRange[] = [];
  for (const range of sorted) {
    const last = result.at(-1);
    if (last && range.low <= last.high + 1) {
      if (range.high > last.high) result[result.length - 1] = { low: last.low, high: range.high };
    } else {
      result.push(range);
    }
  }
  return result;
}

/** A port or range as flows write it; undefined for `dynamic` and other words. */
export function parsePorts(text: string): PortRange | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (!match) return undefined;
  const low = Number(match[1]);
  return { low, high: match[2] === undefined ? low : Number(match[2]) };
}

/** Whether a set has no port. */
export function isEmpty(set: PortSet): boolean {
  return set.length === 0;
}

/** How many ports a set has. */
export function countPorts(set: PortSet): number {
  return set.reduce((sum, { low, high }) => sum + high - low + 1, 0);
}

/** The ports of either set. */
export function union(a: PortSet, b: PortSet): PortSet {
  if (a.length === 0 || a === b) return b;
  if (b.length === 0) return a;
  const result: PortRange[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const one = a[i];
    const other = b[j];
    const next = one && (!other || one.low <= other.low) ? one : other;
    if (!next) return result;
    if (next === one) i++;
    else j++;
    const last = result.at(-1);
    if (!last || next.low > last.high + 1) result.push(next);
    else if (next.high > last.high) result[result.length - 1] = { low: last.low, high: next.high };
  }
}

/** The ports of both sets. */
export function intersection(a: PortSet, b: PortSet): PortSet {
  if (a.length === 0 || b.length === 0) return NO_PORTS;
  if (a.length === 1 && b.length === 1) return commonOf(a, b);
  const result: PortRange[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const one = a[i];
    const other = b[j];
    if (!one || !other) return result;
    const low = Math.max(one.low, other.low);
    const high = Math.min(one.high, other.high);
    if (low <= high) result.push({ low, high });
    if (one.high < other.high) i++;
    else j++;
  }
}

/** The same of two sets of one range each. */
function commonOf(a: PortSet, b: PortSet): PortSet {
  const [one] = a as [PortRange];
  const [other] = b as [PortRange];
  if (one.high < other.low || other.high < one.low) return NO_PORTS;
  if (one.low >= other.low && one.high <= other.high) return a;
  if (other.low >= one.low && other.high <= one.high) return b;
  return [{ low: Math.max(one.low, other.low), high: Math.min(one.high, other.high) }];
}

/** The ports of `a` that `b` does not have. */
export function difference(a: PortSet, b: PortSet): PortSet {
  if (a.length === 0 || b.length === 0) return a;
  const result: PortRange[] = [];
  let j = 0;
  for (const { low, high } of a) {
    let from = low;
    while ((b[j]?.high ?? Number.POSITIVE_INFINITY) < from) j++;
    for (let k = j; from <= high; k++) {
      const other = b[k];
      if (!other || other.low > high) {
        result.push({ low: from, high });
        break;
      }
      if (other.low > from) result.push({ low: from, high: other.low - 1 });
      from = other.high + 1;
    }
  }
  return result;
}

/** Whether `a` has every port of `b`. */
export function covers(a: PortSet, b: PortSet): boolean {
  return difference(b, a).length === 0;
}

/** Each port or range as a topology file writes it: `135`, `49152-65535`. */
export function portTexts(set: PortSet): readonly string[] {
  return set.map(({ low, high }) => (low === high ? String(low) : `${low}-${high}`));
}

/** `135, 445, 49152-65535`. */
export function formatPorts(set: PortSet): string {
  return portTexts(set).join(', ');
}
