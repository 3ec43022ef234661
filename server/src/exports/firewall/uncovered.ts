// Which of the rules of one list are of no use, because others of the same list let the same packets through.
import type { Phase } from '../../catalog/types.ts';
import { getOrAdd } from '../../collections.ts';
import type { Flow } from '../../flows/flow.ts';
import { type AddressRange, commonRanges, joinedRanges, rangesWithout } from '../../reach/addresses.ts';
import { difference, intersection, type PortSet, portSet } from '../../reach/ports.ts';
import type { PortRange } from '../../topology/model.ts';

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
interface Entry {
  readonly index: number;
  readonly phase: Phase;
  readonly protocol: Flow['protocol'];
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

/**
 * For each rule of one list the ports that are left to it, in the order given: a port or range that others open whole
 * between all of its addresses is dropped, and of two rules for the same one stays. Rules for installation stand in for
 * no others, since they are taken away some day.
 * @param list rules that allow, of one list: all of them see the same packets
 * @param mayCover whether a rule of a second phase stands in for one of the first
 * @returns undefined for a rule of which nothing is left
 */
export function uncovered(
  list: readonly Packets[],
  mayCover = (phase: Phase, by: Phase) => phase === 'installation' || by !== 'installation',
): readonly (readonly PortRange[] | undefined)[] {
  const ends = numberedEnds();
  const entries = list.map(
    ({ phase, protocol, from, to, ports }, index): Entry => ({
      index,
      phase,
      protocol,
      from: ends.number(from),
      to: ends.number(to),
      ports: protocol === 'icmp' ? ECHO : ports,
    }),
  );
  const byEnds = new Map<string, Entry[]>();
  const keyOf = (protocol: string, from: number, to: number) => `${protocol} ${from} ${to}`;
  for (const entry of entries)
    getOrAdd(byEnds, keyOf(entry.protocol, entry.from, entry.to), () => []).push(entry);
  const sorted = [...entries].sort(
    (a, b) => GOES_FIRST.indexOf(a.phase) - GOES_FIRST.indexOf(b.phase) || b.index - a.index,
  );
  for (const entry of sorted) {
    const others = ends.meeting(entry.from).flatMap((from) =>
      ends
        .meeting(entry.to)
        .flatMap((to) => byEnds.get(keyOf(entry.protocol, from, to)) ?? [])
        .filter((other) => other !== entry && mayCover(entry.phase, other.phase)),
    );
    if (others.length === 0) continue;
    const boxes = others.map((other) => boxOf(other, other.ports));
    entry.ports = entry.ports.filter((range) => !isCovered(boxOf(entry, [range]), boxes));
  }
  return entries.map(({ protocol, ports }) =>
    ports.length === 0 ? undefined : protocol === 'icmp' ? [] : ports,
  );

  function boxOf({ from, to }: Entry, ports: readonly PortRange[]): Box {
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

/** Whether some boxes together hold all of one. */
function isCovered(box: Box, others: readonly Box[]): boolean {
  let left: readonly Box[] = [box];
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
