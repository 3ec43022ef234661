// Whether one end of a rule stands for everything that another stands for.
import { getOrAdd, memo } from '../collections.ts';
import type { Network } from '../topology/address.ts';
import { effectiveZone, effectiveZones } from '../topology/effective.ts';
import type { ClientGroup, Named, Server, Topology, Written } from '../topology/model.ts';
import { memoOfThings } from '../topology/things.ts';
import {
  type AddressRange,
  addressRange,
  joinedRanges,
  networkIndex,
  networksOf,
  rangesOf,
} from './addresses.ts';
import { type SingleEnd, singleEnds } from './ends.ts';
import { clientRanges, groupNetworks, networksOfEnd } from './matching.ts';

/** What `from` or `to` of a rule stands for: machines by name, those of whole zones, and addresses. */
export interface Extent {
  readonly ends: readonly SingleEnd[];
  readonly any: boolean;
  /** The whole IPv4 internet, which stands for machines whose address nobody knows, too. */
  readonly everywhere: boolean;
  /** Zones, servers, client groups and listeners, as `nameOf` has them: after an edit they may be other objects. */
  readonly names: ReadonlySet<string>;
  readonly addresses: readonly AddressRange[];
}

/** What is written in `from` or `to`, wherever that is. */
export type Words = readonly Pick<Written<string>, 'value'>[];

/** Most lists are one word, which many others are too. */
const byWord = memoOfThings(() => new Map<string, Extent | undefined>());

/** By file, too: a list that nobody touched may name machines that changed. */
const byList = memo((_: Topology) => new Map<Words, Extent | undefined>());

/** What a list of ends stands for, worked out once for each list and file; undefined where a name is unknown. */
export function extentOf(ends: Words, topology: Topology): Extent | undefined {
  const [only] = ends;
  return only && ends.length === 1
    ? getOrAdd(byWord(topology), only.value, () => computeExtent(ends, topology))
    : getOrAdd(byList(topology), ends, () => computeExtent(ends, topology));
}

function computeExtent(words: Words, topology: Topology): Extent | undefined {
  const ends = singleEnds(words, topology);
  if (!ends) return undefined;
  const [only] = ends;
  const networks =
    only && ends.length === 1
      ? networksOfEnd(only, topology)
      : ends.flatMap((end) => networksOfEnd(end, topology));
  return {
    ends,
    any: ends.some(({ kind }) => kind === 'any'),
    everywhere: networks.some(isEverywhere),
    names: new Set(ends.flatMap((end) => nameOf(end) ?? [])),
    addresses: joinedRanges(rangesOf(networks)),
  };
}

function isEverywhere({ family, prefix }: Network): boolean {
  return family === 4 && prefix === 0;
}

function nameOf(end: SingleEnd): string | undefined {
  switch (end.kind) {
    case 'zone':
      return zoneName(end.zone);
    case 'server':
      return `server ${end.server.id}`;
    case 'clients':
      return `clients ${end.clients.id}`;
    case 'listener':
      return `listener ${end.listener.id}`;
    default:
      return undefined;
  }
}

function zoneName({ id }: Named): string {
  return `zone ${id}`;
}

/** Whether every machine and address that `inner` stands for is among those of `outer`; false where a name is unknown. */
export function coversEnds(outer: Words, inner: Words, topology: Topology): boolean {
  const a = extentOf(outer, topology);
  const b = extentOf(inner, topology);
  return a !== undefined && b !== undefined && coversExtent(a, b, topology);
}

/** The same of what two lists stand for. */
export function coversExtent(outer: Extent, inner: Extent, topology: Topology): boolean {
  return outer === inner || outer.any || inner.ends.every((end) => coversEnd(outer, end, topology));
}

function coversEnd(outer: Extent, end: SingleEnd, topology: Topology): boolean {
  const { names, addresses, everywhere } = outer;
  const hasAll = (ranges: readonly AddressRange[]) =>
    ranges.every(({ family, low, high }) =>
      addresses.some((range) => range.family === family && range.low <= low && high <= range.high),
    );
  // A name stands for the same wherever it is written.
  const name = nameOf(end);
  if (name && names.has(name)) return true;
  switch (end.kind) {
    case 'server': {
      const own = rangesOf(networksOf(end.server.addresses));
      if (own.length > 0 && hasAll(own)) return true;
      const zone = effectiveZone(end.server, topology);
      if (!zone || !names.has(zoneName(zone))) return false;
      // Its addresses may be those of machines elsewhere, too.
      return (
        own.length === 0 ||
        others(end.server, topology).every((zones) => zones.every((one) => names.has(one)))
      );
    }
    case 'clients': {
      // Its clients may be told by their zone, what else has their addresses only by these.
      const zones = effectiveZones(end.clients, topology);
      const isIn = (zone: Named) => {
        if (names.has(zoneName(zone))) return true;
        const ranges = clientRanges(end.clients, zone.id, topology);
        return ranges.length > 0 && hasAll(ranges);
      };
      return zones.length > 0 && zones.every(isIn) && hasAll(rangesOf(groupNetworks(end.clients, topology)));
    }
    case 'listener': {
      const own = rangesOf(networksOf(end.listener.listener.addresses));
      return own.length > 0 && hasAll(own);
    }
    case 'network':
      return hasAll([addressRange(end.network)]) && (everywhere || !isEverywhere(end.network));
    default:
      return false;
  }
}

/** For each other machine that may have an address of a server, its zones; a listener stands for itself. */
function others(server: Server, topology: Topology): readonly (readonly string[])[] {
  const own = networksOf(server.addresses).map(addressRange);
  const meets = (networks: readonly Network[]) =>
    networks.map(addressRange).some((one) => own.some((address) => holds(one, address)));
  const zonesOf = (machine: Server | ClientGroup) => effectiveZones(machine, topology).map(zoneName);
  return [
    ...[...topology.servers.values()]
      .filter((other) => meets([...networksOf(other.addresses), ...networksOf(other.publicAddresses)]))
      .map(zonesOf),
    ...[...topology.clients.values()].filter((group) => meets(groupNetworks(group, topology))).map(zonesOf),
    // Where a listener is, its flows know.
    ...[...topology.listeners.values()]
      .filter(({ listener }) => meets(networksOf(listener.addresses)))
      .map(({ id }) => [`listener ${id}`]),
  ];
}

function holds(outer: AddressRange, inner: AddressRange): boolean {
  return outer.family === inner.family && outer.low <= inner.low && inner.high <= outer.high;
}

/** Finds, of what many lists of ends stand for, the few that may cover another. */
export interface CoverIndex {
  add(extent: Extent, position: number): void;
  /** The positions of every one that can cover this one, and of some that do not: in several lists, some twice. */
  candidates(extent: Extent): readonly (readonly number[])[];
}

/** An empty index, to be filled from the lists of `from` or `to` of one firewall. */
export function coverIndex(topology: Topology): CoverIndex {
  const everyone: number[] = [];
  const named = new Map<string, number[]>();
  const networks = networkIndex<number>();
  return {
    add({ ends }, position) {
      for (const end of ends) {
        if (end.kind === 'any') everyone.push(position);
        const name = nameOf(end);
        const list = name && named.get(name);
        if (list) list.push(position);
        else if (name) named.set(name, [position]);
        for (const network of networksOfEnd(end, topology)) networks.add(network, position);
      }
    },
    candidates({ ends }) {
      // What covers a list covers its first end.
      const [end] = ends;
      const found: (readonly number[])[] = [everyone];
      if (!end) return found;
      const add = (name: string | undefined) => {
        const list = name && named.get(name);
        if (list) found.push(list);
      };
      add(nameOf(end));
      const machine = end.kind === 'server' ? end.server : end.kind === 'clients' ? end.clients : undefined;
      if (machine) for (const zone of effectiveZones(machine, topology)) add(zoneName(zone));
      const [network] = networksOfEnd(end, topology);
      if (!network) return found;
      const { family, low } = addressRange(network);
      found.push(...networks.at(family, low));
      return found;
    },
  };
}
