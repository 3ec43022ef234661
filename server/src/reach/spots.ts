// Who can send and receive packets in a file: its machines, and whoever else has an address in a zone.
import type { Endpoint } from '../flows/flow.ts';
import type { Network } from '../topology/address.ts';
import { effectiveZones } from '../topology/effective.ts';
import type { Topology } from '../topology/model.ts';
import { addressesOutsideZone } from './address-outside-zone.ts';
import {
  type AddressRange,
  addressRange,
  joinedRanges,
  networkIndex,
  networksOf,
  pieces,
  rangesWithout,
} from './addresses.ts';
import { SPECIAL } from './internet.ts';
import { type Address, groupNetworks, rangesOfEndpoint } from './matching.ts';

/** Somebody in one zone at one address, who stands for all whom the same networks hold. */
export interface Spot {
  /** In one zone, or in none where nobody knows it. */
  readonly place: Endpoint;
  /** Undefined where no address is known. */
  readonly address: Address | undefined;
  /** No machine of the file, but whoever has the address. */
  readonly isNobody: boolean;
}

/** Gives the spots of a machine, and of whoever else is in a zone, cut where networks begin and end. */
export interface Spots {
  /** Of a machine in one zone: one for each address of a server, and for each part of a group's networks. */
  of(place: Endpoint, cuts: readonly AddressRange[]): readonly Spot[];
  /** All spots of the file: of its machines first. A server that is not where its zone is has none. */
  all(cuts: readonly AddressRange[]): readonly Spot[];
}

/** Looks once at the addresses of a topology. */
export function spotsIn(topology: Topology): Spots {
  const servers = networkIndex<true>();
  for (const { addresses } of topology.servers.values())
    for (const network of networksOf(addresses)) servers.add(network, true);

  /** The first address of a range that is no server's, or nothing. */
  function free({ family, low, high }: AddressRange): Address | undefined {
    let address = low;
    while (address <= high && servers.at(family, address).length > 0) address++;
    return address <= high ? { family, low: address } : undefined;
  }

  function within(
    place: Endpoint,
    ranges: readonly AddressRange[],
    cuts: readonly AddressRange[],
    isNobody: boolean,
  ): readonly Spot[] {
    return pieces(ranges, cuts).flatMap((piece) => {
      // The first address of a network is nobody's.
      const address = free({ ...piece, low: piece.low + 1n }) ?? free(piece);
      return address ? [{ place, address, isNobody }] : [];
    });
  }

  function of(place: Endpoint, cuts: readonly AddressRange[]): readonly Spot[] {
    const ranges = rangesOfEndpoint(place, topology);
    if (ranges.length === 0) return [{ place, address: undefined, isNobody: false }];
    if (!place.clients)
      return ranges.map(({ family, low }) => ({ place, address: { family, low }, isNobody: false }));
    const clients = within(place, ranges, cuts, false);
    if (clients.length > 0) return clients;
    // A group of nothing but the addresses of servers.
    return pieces(ranges, cuts).map(({ family, low }) => ({
      place,
      address: { family, low },
      isNobody: false,
    }));
  }

  function* places(): Iterable<Endpoint> {
    for (const server of topology.servers.values()) {
      if (addressesOutsideZone(server, topology).length > 0) continue;
      const [zone] = effectiveZones(server, topology);
      yield { name: server.name, kind: 'server', server, zone: zone?.id };
    }
    for (const clients of topology.clients.values()) {
      const zones = effectiveZones(clients, topology);
      for (const { id } of zones)
        yield { name: clients.name, kind: 'clients', clients, zone: id, zones: [id] };
      if (zones.length === 0) yield { name: clients.name, kind: 'clients', clients, zone: undefined };
    }
  }

  function* nobodies(cuts: readonly AddressRange[]): Iterable<Spot> {
    for (const zone of topology.zones.values()) {
      const place: Endpoint = { name: zone.name, kind: 'cloud', zone: zone.id };
      const ranges = networksOf(zone.networks).map(addressRange);
      yield* within(place, ranges, cuts, true);
      if (zone.internet) yield* within(place, outside(), cuts, true);
      if (zone.internet || ranges.length === 0) yield { place, address: undefined, isNobody: true };
    }
  }

  /** Public addresses of which no zone and no group has any. */
  function outside(): readonly AddressRange[] {
    const inside: readonly Network[] = [
      ...[...topology.zones.values()].flatMap(({ networks }) => networksOf(networks)),
      ...[...topology.clients.values()].flatMap((group) => groupNetworks(group, topology)),
    ];
    const all = ([4, 6] as const).map((family) => addressRange({ family, bits: 0n, prefix: 0 }));
    return rangesWithout(all, joinedRanges([...inside.map(addressRange), ...SPECIAL]));
  }

  return {
    of,
    all: (cuts) => [...[...places()].flatMap((place) => of(place, cuts)), ...nobodies(cuts)],
  };
}
