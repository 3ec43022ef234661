// Addresses back to the names of a topology file.

import { getOrAdd } from '../collections.ts';
import { networkText } from '../exports/firewall/address.ts';
import {
  type AddressRange,
  addressRange,
  commonRanges,
  joinedRanges,
  networksOf,
} from '../reach/addresses.ts';
import { insideOf, publicOutside } from '../reach/internet.ts';
import { effectiveZone, lookup } from '../topology/effective.ts';
import type { Topology } from '../topology/model.ts';
import { type Ends, isWhole, isWithin, type KnownNames, networksIn, sameName } from './ends.ts';

/** Says who some addresses are, in the words of `from` and `to`. */
export type Naming = (ends: Ends) => readonly string[];

export interface NamedRanges {
  readonly name: string;
  readonly ranges: readonly AddressRange[];
}

/** What a topology tells about its zones, client groups and servers. */
export function namesIn(topology: Topology): KnownNames {
  const known = new Map(namedIn(topology).map(({ name, ranges }) => [name.toLowerCase(), ranges]));
  const zoneOf = (name: string): string | undefined => {
    const machine = lookup(topology.servers, name) ?? lookup(topology.clients, name);
    return machine && effectiveZone(machine, topology)?.name;
  };
  const isZone = (name: string) => lookup(topology.zones, name) !== undefined;
  return {
    rangesOf(name) {
      const own = known.get(name.toLowerCase());
      if (own || isZone(name)) return own;
      const clients = lookup(topology.clients, name);
      const zone = clients && effectiveZone(clients, topology);
      return zone && known.get(zone.id);
    },
    isPart(name, other) {
      if (sameName(name, other)) return true;
      if (isZone(name) && isZone(other)) return false;
      const [zone, its] = isZone(other) ? [other, zoneOf(name)] : [name, zoneOf(other)];
      if (!isZone(zone) || its === undefined) {
        const areServers = [name, other].every((one) => lookup(topology.servers, one) !== undefined);
        return areServers ? false : undefined;
      }
      if (!sameName(its, zone)) return false;
      return isZone(other) ? true : undefined;
    },
  };
}

/** Zones, client groups and servers of which addresses are written, in this order. */
export function namedIn({ zones, clients, servers }: Topology): readonly NamedRanges[] {
  const of = (name: string, texts: Parameters<typeof networksOf>[0]): readonly NamedRanges[] => {
    const ranges = joinedRanges([...networksOf(texts)].map(addressRange));
    return ranges.length === 0 ? [] : [{ name, ranges }];
  };
  return [
    ...[...zones.values()].flatMap(({ name, networks }) => of(name, networks)),
    ...[...clients.values()].flatMap(({ name, networks }) => of(name, networks)),
    ...[...servers.values()].flatMap(({ name, addresses }) => of(name, addresses)),
  ];
}

/**
 * Names where they stand for exactly these addresses, else the fewest networks. Without a topology there are no names.
 */
export function naming(topology: Topology | undefined): Naming {
  // A zone comes before a group, a group before a server with the same addresses.
  const starts = new Map<string, { readonly named: NamedRanges; readonly range: AddressRange }[]>();
  for (const named of topology ? namedIn(topology) : []) {
    for (const range of named.ranges) {
      const key = `${range.family}:${range.low}`;
      const list = starts.get(key);
      if (list) list.push({ named, range });
      else starts.set(key, [{ named, range }]);
    }
  }
  const internet = topology && [...topology.zones.values()].find((zone) => zone.internet);
  const inside = topology ? insideOf(topology) : [];
  const known = new Map<4 | 6, readonly AddressRange[]>();
  const outside = (family: 4 | 6) => getOrAdd(known, family, () => publicOutside(inside, family));
  /** All that is not inside: a rule of a device has it in place of the zone, which has no networks. */
  const isInternet = (ranges: readonly AddressRange[], family: 4 | 6): boolean =>
    internet?.networks.length === 0 &&
    inside.some((range) => range.family === family) &&
    isWithin(outside(family), ranges);
  return ({ ranges: all, names }) => {
    const found = new Set(names);
    const texts: string[] = [];
    let ranges = all;
    for (const family of [4, 6] as const) {
      const own = all.filter((range) => range.family === family);
      if (internet === undefined || own.some(isWhole) || !isInternet(own, family)) continue;
      found.add(internet.name);
      ranges = [...ranges.filter((range) => range.family !== family), ...commonRanges(own, inside)];
    }
    for (const range of ranges) {
      const tiles = isWhole(range) ? undefined : tiled(range, ranges, starts);
      if (tiles) for (const name of tiles) found.add(name);
      else for (const network of networksIn(range)) texts.push(networkText(network));
    }
    return [...found, ...texts];
  };
}

/** Names that fill a range without a gap, and that stand for nothing outside of all the ranges. */
function tiled(
  { family, low, high }: AddressRange,
  all: readonly AddressRange[],
  starts: ReadonlyMap<string, readonly { readonly named: NamedRanges; readonly range: AddressRange }[]>,
): readonly string[] | undefined {
  const names: string[] = [];
  let next = low;
  while (next <= high) {
    const tile = starts
      .get(`${family}:${next}`)
      ?.find(({ named, range }) => range.high <= high && isWithin(named.ranges, all));
    if (!tile) return undefined;
    names.push(tile.named.name);
    next = tile.range.high + 1n;
  }
  return names;
}
