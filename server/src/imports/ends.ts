// Who a rule speaks about, as something that can be intersected: addresses, and names whose addresses are not in the rule.
import { type AddressRange, joinedRanges, widthOf } from '../reach/addresses.ts';

export { networksIn } from '../reach/addresses.ts';

/** Everything in `ranges`, and everything that a name stands for. */
export interface Ends {
  /** Sorted, none touching the next. */
  readonly ranges: readonly AddressRange[];
  /** Names of a topology file. */
  readonly names: readonly string[];
}

/** What is known of names. */
export interface KnownNames {
  /** The addresses that it stands for; undefined where they are not known. */
  rangesOf(name: string): readonly AddressRange[] | undefined;
  /** Whether everything of the first is part of the second, nothing of it is, or undefined: only addresses can tell. */
  isPart(name: string, other: string): boolean | undefined;
}

const whole = (family: 4 | 6): AddressRange => ({
  family,
  low: 0n,
  high: (1n << BigInt(widthOf(family))) - 1n,
});
const FULL = { 4: whole(4), 6: whole(6) } as const;

export const ANYONE: Ends = { ranges: [FULL[4], FULL[6]], names: [] };

/** Every address of a family. */
export function everyone(family: 4 | 6): Ends {
  return { ranges: [FULL[family]], names: [] };
}

/** Those addresses, in any order, and no name. */
export function endsOfRanges(ranges: Iterable<AddressRange>): Ends {
  return { ranges: joinedRanges(ranges), names: [] };
}

/** Those names, and no address. */
export function namedEnds(names: readonly string[]): Ends {
  return { ranges: [], names };
}

/** Whether neither an address nor a name is left. */
export function isNobody({ ranges, names }: Ends): boolean {
  return ranges.length === 0 && names.length === 0;
}

/** Whether it has every address of the family. */
export function hasAll({ ranges }: Ends, family: 4 | 6): boolean {
  return ranges.some((range) => isWhole(range) && range.family === family);
}

/** Whether it has every address there is. */
export function isAnyone(ends: Ends): boolean {
  return hasAll(ends, 4) && hasAll(ends, 6);
}

/** Whether a range is all of its family. */
export function isWhole({ family, low, high }: AddressRange): boolean {
  return low === 0n && high === FULL[family].high;
}

/** All together. */
export function together(parts: readonly Ends[]): Ends {
  return {
    ranges: joinedRanges(parts.flatMap(({ ranges }) => ranges)),
    names: distinctNames(parts.flatMap(({ names }) => names)),
  };
}

/**
 * What both have; undefined where that depends on addresses of a name that are not known.
 * A name stays a name where all that it stands for is in both.
 */
export function both(a: Ends, b: Ends, known: KnownNames): Ends | undefined {
  if (isAnyone(a)) return b;
  if (isAnyone(b)) return a;
  const ranges = [...sharedRanges(a.ranges, b.ranges)];
  const names: string[] = [];
  for (const [own, other] of [
    [a, b],
    [b, a],
  ] as const) {
    for (const name of own.names) {
      const part = partOf(name, other, known);
      if (part === undefined) return undefined;
      if (part === 'all') names.push(name);
      else ranges.push(...part);
    }
  }
  return { ranges: joinedRanges(ranges), names: distinctNames(names) };
}

/** What a name and other ends share: all of the name, or these addresses. */
function partOf(name: string, other: Ends, known: KnownNames): 'all' | readonly AddressRange[] | undefined {
  if (other.names.some((one) => known.isPart(name, one) === true)) return 'all';
  const own = known.rangesOf(name);
  const ranges = [...other.ranges];
  for (const one of other.names) {
    // What is a part of this name stands for itself.
    if (known.isPart(name, one) === false || known.isPart(one, name) === true) continue;
    const more = known.rangesOf(one);
    if (more === undefined) return undefined;
    ranges.push(...more);
  }
  if (ranges.length === 0) return [];
  // IPv4 alone is no narrower than a name of which nobody knows the addresses.
  if (own === undefined) return hasAll(other, 4) ? 'all' : undefined;
  const rest = joinedRanges(ranges);
  return isWithin(own, rest) ? 'all' : sharedRanges(own, rest);
}

/** The addresses of one family that are not in these. Names are not looked at. */
export function except(ranges: readonly AddressRange[], family: 4 | 6): Ends {
  const rest: AddressRange[] = [];
  let low = 0n;
  for (const range of joinedRanges(ranges)) {
    if (range.family !== family) continue;
    if (range.low > low) rest.push({ family, low, high: range.low - 1n });
    low = range.high + 1n;
  }
  if (low <= FULL[family].high) rest.push({ family, low, high: FULL[family].high });
  return { ranges: rest, names: [] };
}

/** What two sorted lists share. */
export function sharedRanges(
  a: readonly AddressRange[],
  b: readonly AddressRange[],
): readonly AddressRange[] {
  const found: AddressRange[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const one = a[i];
    const other = b[j];
    if (!one || !other) return found;
    if (one.family !== other.family) {
      if (one.family < other.family) i++;
      else j++;
      continue;
    }
    let { low, high } = one;
    if (other.low > low) low = other.low;
    if (other.high < high) high = other.high;
    if (low <= high) found.push({ family: one.family, low, high });
    if (one.high < other.high) i++;
    else j++;
  }
}

/** Whether every address of some ranges is in sorted and joined others. */
export function isWithin(ranges: readonly AddressRange[], others: readonly AddressRange[]): boolean {
  return ranges.every(({ family, low, high }) => {
    const range = rangeAt(others, family, low);
    return range !== undefined && range.high >= high;
  });
}

/** The one of sorted ranges that holds an address. */
function rangeAt(ranges: readonly AddressRange[], family: 4 | 6, address: bigint): AddressRange | undefined {
  let first = 0;
  let end = ranges.length;
  while (first < end) {
    const middle = (first + end) >> 1;
    const range = ranges[middle];
    if (!range) return undefined;
    if (range.family < family || (range.family === family && range.high < address)) first = middle + 1;
    else end = middle;
  }
  const range = ranges[first];
  return range && range.family === family && range.low <= address ? range : undefined;
}

/** Whether two names are one, whatever their case. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function distinctNames(names: readonly string[]): readonly string[] {
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()];
}
