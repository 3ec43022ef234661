// Which of the rules of one list are of no use, because others of the same list let the same packets through.
import type { Phase } from '../../catalog/types.ts';
import { getOrAdd } from '../../collections.ts';
import type { Flow } from '../../flows/flow.ts';
import { type AddressRange, commonRanges, joinedRanges, rangesWithout } from '../../reach/addresses.ts';
import { difference, intersection, type PortSet, portSet } from '../../reach/ports.ts';
import type { PortRange } from '../../topology/model.ts';
import { FAMILIES } from './address.ts';

/** The packets that a rule lets through. */
export interface Packets {
  readonly phase: Phase;
  readonly protocol: Flow['protocol'];
  /** Of both families, where the rule is for both. */
  readonly from: readonly AddressRange[];
  readonly to: readonly AddressRange[];
  /** Empty for ICMP. */
  readonly ports: readonly PortRange[];
}

/** ICMP has no ports: one that stands for all of it. */
const ECHO: readonly PortRange[] = [{ low: 0, high: 0 }];

/** What is needed for good stays longest: an earlier one of two phases goes first where either would do. */
const GOES_FIRST: readonly Phase[] = ['installation', 'windows', 'operation'];

/** Packets of one rule with its ends numbered, so that equal ends are looked at once. */
interface Entry<Rule> {
  readonly index: number;
  readonly written: Rule;
  readonly from: number;
  readonly to: number;
  ports: readonly PortRange[];
}

/** Packets of one protocol; none of the three is empty. */
interface Box {
  readonly from: readonly AddressRange[];
  readonly to: readonly AddressRange[];
  readonly ports: PortSet;
}

/** Whether a second rule can stand in for a first: one for installation, which is taken away some day, for no others. */
export function standsIn({ phase }: Pick<Packets, 'phase'>, by: Pick<Packets, 'phase'>): boolean {
  return phase === 'installation' || by.phase !== 'installation';
}

/**
 * For each rule of one list the ports that are left to it, in the order given: a port or range that others open whole
 * between all of its addresses is dropped, and of two rules for the same one stays.
 * @param list rules that allow, of one list: all of them see the same packets
 * @param mayCover whether a second rule stands in for a first
 * @returns undefined for a rule of which nothing is left
 */
export function uncovered<Rule extends Packets>(
  list: readonly Rule[],
  mayCover: (one: Rule, by: Rule) => boolean = standsIn,
): readonly (readonly PortRange[] | undefined)[] {
  const ends = numberedEnds();
  const entries = list.map(
    (written, index): Entry<Rule> => ({
      index,
      written,
      from: ends.number(written.from),
      to: ends.number(written.to),
      ports: written.protocol === 'icmp' ? ECHO : written.ports,
    }),
  );
  const byEnds = new Map<string, Entry<Rule>[]>();
  const keyOf = (protocol: string, from: number, to: number) => `${protocol} ${from} ${to}`;
  for (const entry of entries)
    getOrAdd(byEnds, keyOf(entry.written.protocol, entry.from, entry.to), () => []).push(entry);
  const sorted = [...entries].sort(
    (a, b) => GOES_FIRST.indexOf(a.written.phase) - GOES_FIRST.indexOf(b.written.phase) || b.index - a.index,
  );
  for (const entry of sorted) {
    const others = ends.meeting(entry.from).flatMap((from) =>
      ends
        .meeting(entry.to)
        .flatMap((to) => byEnds.get(keyOf(entry.written.protocol, from, to)) ?? [])
        .filter((other) => other !== entry && mayCover(entry.written, other.written)),
    );
    if (others.length === 0) continue;
    const boxes = others.map((other) => boxOf(other, other.ports));
    entry.ports = entry.ports.filter((range) => !isCovered(boxOf(entry, [range]), boxes));
  }
  return entries.map(({ written, ports }) =>
    ports.length === 0 ? undefined : written.protocol === 'icmp' ? [] : ports,
  );

  function boxOf({ from, to }: Entry<Rule>, ports: readonly PortRange[]): Box {
    return { from: ends.ranges(from), to: ends.ranges(to), ports: portSet(ports) };
  }
}

/** Gives equal lists of addresses one number. */
function numberedEnds() {
  const numbers = new Map<string, number>();
  const all: (readonly AddressRange[])[] = [];
  const met = new Map<number, readonly number[]>();
  const ranges = (number: number): readonly AddressRange[] => all[number] ?? [];
  return {
    ranges,
    number(written: readonly AddressRange[]): number {
      const own = joinedRanges(written);
      const key = own
        .map(({ family, low, high }) => `${family} ${low.toString(36)} ${high.toString(36)}`)
        .join();
      return getOrAdd(numbers, key, () => all.push(own) - 1);
    },
    /** The numbers of those that have an address in common with one, itself among them. */
    meeting(number: number): readonly number[] {
      return getOrAdd(met, number, () =>
        all.flatMap((other, index) => (commonRanges(ranges(number), other).length > 0 ? [index] : [])),
      );
    },
  };
}

/**
 * Whether some boxes together hold all of one. A packet has addresses of one family at both ends: of a box with both only
 * those have to be held, and one between different families alone, which has none, is not held by any.
 */
function isCovered(box: Box, others: readonly Box[]): boolean {
  let left: readonly Box[] = FAMILIES.map((family) => ({
    ...box,
    from: box.from.filter((range) => range.family === family),
    to: box.to.filter((range) => range.family === family),
  })).filter(({ from, to }) => from.length > 0 && to.length > 0);
  if (left.length === 0) return false;
  for (const other of others) {
    left = left.flatMap((piece) => without(piece, other));
    if (left.length === 0) return true;
  }
  return false;
}

/** What is left of a box, in boxes that do not overlap. */
function without(box: Box, other: Box): readonly Box[] {
  const from = commonRanges(box.from, other.from);
  const to = commonRanges(box.to, other.to);
  const ports = intersection(box.ports, other.ports);
  if (from.length === 0 || to.length === 0 || ports.length === 0) return [box];
  return [
    { ...box, from: rangesWithout(box.from, other.from) },
    { from, to: rangesWithout(box.to, other.to), ports: box.ports },
    { from, to, ports: difference(box.ports, other.ports) },
  ].filter((piece) => piece.from.length > 0 && piece.to.length > 0 && piece.ports.length > 0);
}
