// IPv4 and IPv6 addresses as intervals of whole numbers.
import { memo } from '../collections.ts';
import { type Network, parseNetwork } from '../topology/address.ts';

/** Addresses of one family, both ends inclusive. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly low: bigint;
  readonly high: bigint;
}

/** The bits of a family's addresses. */
export function widthOf(family: 4 | 6): number {
  return family === 4 ? 32 : 128;
}

/** The addresses of a network; bits behind its prefix do not count. */
export function addressRange({ family, bits, prefix }: Network): AddressRange {
  const host = BigInt(widthOf(family) - prefix);
  const low = (bits >> host) << host;
  return { family, low, high: low + (1n << host) - 1n };
}

// They are asked for with every flow and rule, and most lists outlive an edit.
/** The networks of some texts; those that are none are left out. A list is read once, so nobody may change it. */
export const networksOf = memo((texts: Iterable<{ readonly value: string }>): readonly Network[] =>
  [...texts].flatMap(({ value }) => parseNetwork(value) ?? []),
);

// Rules are compared with many others by them.
/** The addresses of each network of a list that nobody changes; worked out once. */
export const rangesOf = memo((networks: readonly Network[]): readonly AddressRange[] =>
  networks.map(addressRange),
);

/** Sorted and joined where they touch, IPv4 first. */
export function joinedRanges(ranges: Iterable<AddressRange>): readonly AddressRange[] {
  const all = [...ranges];
  if (all.length < 2) return all;
  const sorted = all.sort((a, b) => a.family - b.family || (a.low < b.low ? -1 : a.low > b.low ? 1 : 0));
  const result: AddressRange[] = [];
  for (const range of sorted) {
    const last = result.at(-1);
    if (last && last.family === range.family && range.low <= last.high + 1n) {
      if (range.high > last.high) result[result.length - 1] = { ...last, high: range.high };
    } else {
      result.push(range);
    }
  }
  return result;
}

/** The fewest networks that make up a range. */
export function networksIn({ family, low, high }: AddressRange): readonly Network[] {
  const width = widthOf(family);
  const networks: Network[] = [];
  let start = low;
  while (start <= high) {
    let host = 0;
    while (host < width) {
      const size = 1n << BigInt(host + 1);
      if (start % size !== 0n || start + size - 1n > high) break;
      host++;
    }
    networks.push({ family, bits: start, prefix: width - host });
    start += 1n << BigInt(host);
  }
  return networks;
}

/** The ranges of a joined list that share an address with one, found in a few steps however long the list is. */
function meeting(
  { family, low, high }: AddressRange,
  list: readonly AddressRange[],
): readonly AddressRange[] {
  let first = 0;
  let last = list.length;
  while (first < last) {
    const middle = (first + last) >> 1;
    const other = list[middle];
    if (other && (other.family < family || (other.family === family && other.high < low))) first = middle + 1;
    else last = middle;
  }
  let end = first;
  for (let other = list[end]; other && other.family === family && other.low <= high; other = list[end]) end++;
  return list.slice(first, end);
}

/** What two joined lists of ranges have in common, joined. */
export function commonRanges(
  a: readonly AddressRange[],
  b: readonly AddressRange[],
): readonly AddressRange[] {
  return a.flatMap((range) =>
    meeting(range, b).map((other) => {
      const common = { ...range };
      if (other.low > range.low) common.low = other.low;
      if (other.high < range.high) common.high = other.high;
      return common;
    }),
  );
}

/** What some ranges have and a joined list of others has not. */
export function rangesWithout(
  ranges: readonly AddressRange[],
  others: readonly AddressRange[],
): readonly AddressRange[] {
  return joinedRanges(ranges).flatMap((range) => {
    const { family, high } = range;
    const left: AddressRange[] = [];
    let { low } = range;
    for (const other of meeting(range, others)) {
      if (other.low > low) left.push({ family, low, high: other.low - 1n });
      low = other.high + 1n;
    }
    if (low <= high) left.push({ family, low, high });
    return left;
  });
}

/**
 * Cuts ranges at the ends of others, so that each piece lies in every other range whole or not at all.
 * @param cuts may overlap, and reach beyond the ranges
 */
export function pieces(
  ranges: readonly AddressRange[],
  cuts: readonly AddressRange[],
): readonly AddressRange[] {
  return joinedRanges(ranges).flatMap(({ family, low, high }) => {
    const starts = new Set([low]);
    for (const cut of cuts) {
      if (cut.family !== family) continue;
      if (cut.low > low && cut.low <= high) starts.add(cut.low);
      if (cut.high >= low && cut.high < high) starts.add(cut.high + 1n);
    }
    const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1));
    return sorted.map((start, index): AddressRange => {
      const next = sorted[index + 1];
      return { family, low: start, high: next === undefined ? high : next - 1n };
    });
  });
}

/**
 * Finds what has an address in a range without going through all of it: each thing once, in the order given.
 * Costs as much as there are answers, where no range holds many others.
 */
export function rangeIndex<T>(
  all: Iterable<readonly [AddressRange, T]>,
): (range: AddressRange) => readonly T[] {
  const entries = [...all].map(([range, thing], order) => ({ range, thing, order }));
  const families = ([4, 6] as const).map((family) => {
    const sorted = entries
      .filter(({ range }) => range.family === family)
      .sort((a, b) => (a.range.low < b.range.low ? -1 : a.range.low > b.range.low ? 1 : 0));
    let end = -1n;
    // How far those up to each one reach.
    const ends = sorted.map(({ range: { high } }) => {
      if (high > end) end = high;
      return end;
    });
    return { family, sorted, ends };
  });
  return ({ family, low, high }) => {
    const { sorted, ends } = families[family === 4 ? 0 : 1] as (typeof families)[number];
    let first = 0;
    let last = sorted.length;
    while (first < last) {
      const middle = (first + last) >> 1;
      if ((sorted[middle]?.range.low ?? 0n) <= high) first = middle + 1;
      else last = middle;
    }
    const found: typeof sorted = [];
    for (let at = first - 1; at >= 0 && (ends[at] ?? 0n) >= low; at--) {
      const one = sorted[at];
      if (one && one.range.high >= low) found.push(one);
    }
    return [...new Set(found.sort((a, b) => a.order - b.order).map(({ thing }) => thing))];
  };
}

/** Networks with something behind each, found by an address in a few steps however many there are. */
export interface NetworkIndex<T> {
  add(network: Network, value: T): void;
  /** The list of the values behind a network, to which more can be added. */
  listOf(network: Network): T[];
  /** For each network that holds the address the values behind it, the same list at every question. */
  at(family: 4 | 6, address: bigint): readonly (readonly T[])[];
  /** The networks that share an address with a range. */
  overlapping(range: AddressRange): readonly AddressRange[];
}

/** An empty index: a question costs as much as there are lengths of prefixes, not networks. */
export function networkIndex<T>(): NetworkIndex<T> {
  // For each family and prefix length: the leading bits, and what is behind them.
  const byPrefix = new Map<string, { family: 4 | 6; host: bigint; values: Map<bigint, T[]> }>();
  function listOf({ family, bits, prefix }: Network): T[] {
    const key = `${family}/${prefix}`;
    let level = byPrefix.get(key);
    if (!level) {
      level = { family, host: BigInt(widthOf(family) - prefix), values: new Map() };
      byPrefix.set(key, level);
    }
    const head = bits >> level.host;
    let list = level.values.get(head);
    if (!list) {
      list = [];
      level.values.set(head, list);
    }
    return list;
  }
  return {
    listOf,
    add(network, value) {
      listOf(network).push(value);
    },
    at(family, address) {
      const found: (readonly T[])[] = [];
      for (const level of byPrefix.values()) {
        if (level.family !== family) continue;
        const values = level.values.get(address >> level.host);
        if (values) found.push(values);
      }
      return found;
    },
    overlapping({ family, low, high }) {
      const found: AddressRange[] = [];
      for (const { family: own, host, values } of byPrefix.values()) {
        if (own !== family) continue;
        const first = low >> host;
        const last = high >> host;
        const range = (head: bigint): AddressRange => {
          const start = head << host;
          return { family, low: start, high: start + (1n << host) - 1n };
        };
        if (last - first < BigInt(values.size)) {
          for (let head = first; head <= last; head++) if (values.has(head)) found.push(range(head));
        } else {
          for (const head of values.keys()) if (head >= first && head <= last) found.push(range(head));
        }
      }
      return found;
    },
  };
}
