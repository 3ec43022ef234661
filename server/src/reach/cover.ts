// Whether one end of a rule stands for everything that another stands for.

import type { Network } from '../topology/address.ts';
import { effectiveZone } from '../topology/effective.ts';
import type { ClientGroup, Server, Topology, Written, Zone } from '../topology/model.ts';
import { type AddressRange, joined, networkIndex, networksOf, rangeOf } from './addresses.ts';
import { groupNetworks, ruleEnd } from './matching.ts';

/** What `from` or `to` of a rule stands for: machines by name, those of whole zones, and addresses. */
interface Extent {
  readonly any: boolean;
  readonly zones: ReadonlySet<Zone>;
  readonly machines: ReadonlySet<Server | ClientGroup>;
  readonly addresses: readonly AddressRange[];
  /** The addresses without those of the servers. */
  readonly written: readonly AddressRange[];
}

const extents = new WeakMap<Topology, Map<readonly Written<string>[], Extent | undefined>>();

/** Worked out once for each list of ends and file: a list that nobody touched may name machines that changed. */
function extentOf(ends: readonly Written<string>[], topology: Topology): Extent | undefined {
  let ofFile = extents.get(topology);
  if (!ofFile) {
    ofFile = new Map();
    extents.set(topology, ofFile);
  }
  if (ofFile.has(ends)) return ofFile.get(ends);
  const extent = computeExtent(ends, topology);
  ofFile.set(ends, extent);
  return extent;
}

function computeExtent(ends: readonly Written<string>[], topology: Topology): Extent | undefined {
  const zones = new Set<Zone>();
  const machines = new Set<Server | ClientGroup>();
  const ranges: AddressRange[] = [];
  const servers: AddressRange[] = [];
  let any = false;
  for (const { value } of ends) {
    const end = ruleEnd(value, topology);
    switch (end?.kind) {
      case 'any':
        any = true;
        break;
      case 'zone':
        zones.add(end.zone);
        ranges.push(...networksOf(end.zone.networks).map(rangeOf));
        break;
      case 'server':
        machines.add(end.server);
        servers.push(...networksOf(end.server.addresses).map(rangeOf));
        break;
      case 'clients':
        machines.add(end.clients);
        ranges.push(...groupNetworks(end.clients, topology).map(rangeOf));
        break;
      case 'network':
        ranges.push(rangeOf(end.network));
        break;
      default:
        return undefined;
    }
  }
  return { any, zones, machines, addresses: joined([...ranges, ...servers]), written: joined(ranges) };
}

/** Whether every machine and address that `inner` stands for is among those of `outer`; false where a name is unknown. */
export function coversEnds(
  outer: readonly Written<string>[],
  inner: readonly Written<string>[],
  topology: Topology,
): boolean {
  const a = extentOf(outer, topology);
  const b = extentOf(inner, topology);
  if (!a || !b) return false;
  if (a.any) return true;
  if (b.any) return false;
  const hasAll = (ranges: readonly AddressRange[]) =>
    ranges.every(({ family, low, high }) =>
      a.addresses.some((range) => range.family === family && range.low <= low && high <= range.high),
    );
  // A machine with addresses is matched by these, whatever it is called; one in a zone is matched by that.
  const isIn = (machine: Server | ClientGroup) => {
    const zone = effectiveZone(machine, topology);
    if (a.machines.has(machine) || (zone !== undefined && a.zones.has(zone))) return true;
    const networks =
      machine.kind === 'server' ? networksOf(machine.addresses) : groupNetworks(machine, topology);
    return networks.length > 0 && hasAll(networks.map(rangeOf));
  };
  return [...b.zones].every((zone) => a.zones.has(zone)) && [...b.machines].every(isIn) && hasAll(b.written);
}

/** Finds, of many lists of ends, the few that may cover another. */
export interface CoverIndex {
  add(ends: readonly Written<string>[], position: number): void;
  /** The positions of every list that can cover this one, and of some that do not: in several lists, some twice. */
  candidates(ends: readonly Written<string>[]): readonly (readonly number[])[];
}

/** An empty index, to be filled from the lists of `from` or `to` of one firewall. */
export function coverIndex(topology: Topology): CoverIndex {
  const everyone: number[] = [];
  const named = new Map<Zone | Server | ClientGroup, number[]>();
  const networks = networkIndex<number>();
  const addName = (name: Zone | Server | ClientGroup, position: number) => {
    const list = named.get(name);
    if (list) list.push(position);
    else named.set(name, [position]);
  };
  const addNetworks = (list: readonly Network[], position: number) => {
    for (const network of list) networks.add(network, position);
  };
  return {
    add(ends, position) {
      for (const { value } of ends) {
        const end = ruleEnd(value, topology);
        switch (end?.kind) {
          case 'any':
            everyone.push(position);
            break;
          case 'zone':
            addName(end.zone, position);
            addNetworks(networksOf(end.zone.networks), position);
            break;
          case 'server':
            addName(end.server, position);
            addNetworks(networksOf(end.server.addresses), position);
            break;
          case 'clients':
            addName(end.clients, position);
            addNetworks(groupNetworks(end.clients, topology), position);
            break;
          case 'network':
            addNetworks([end.network], position);
            break;
        }
      }
    },
    candidates(ends) {
      // What covers a list covers its first end.
      const [first] = ends;
      const end = first && ruleEnd(first.value, topology);
      const by = (...names: readonly (Zone | Server | ClientGroup | undefined)[]) => [
        everyone,
        ...names.map((name) => (name && named.get(name)) ?? []),
      ];
      /** Those with a network round the first of some. */
      const around = ([network]: readonly Network[]) => {
        if (!network) return [];
        const { family, low } = rangeOf(network);
        return networks.at(family, low);
      };
      switch (end?.kind) {
        case 'zone':
          return by(end.zone);
        case 'server':
          return [
            ...by(end.server, effectiveZone(end.server, topology)),
            ...around(networksOf(end.server.addresses)),
          ];
        case 'clients':
          return [
            ...by(end.clients, effectiveZone(end.clients, topology)),
            ...around(groupNetworks(end.clients, topology)),
          ];
        case 'network':
          return [everyone, ...around([end.network])];
        default:
          return [everyone];
      }
    },
  };
}
