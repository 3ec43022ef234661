// Addresses that contradict the zone of their machine.
import { contains, parseAddress } from '../topology/address.ts';
import { effectiveZone } from '../topology/effective.ts';
import type { Server, Topology, Written, Zone } from '../topology/model.ts';
import { networksOf } from './addresses.ts';

// A server and a zone that did not change give the answer that they gave before.
const answers = new WeakMap<Server, { readonly zone: Zone; readonly outside: readonly Written<string>[] }>();

/**
 * The addresses of a server that are in none of its zone's networks. A zone without networks of an address's family
 * says nothing about it.
 */
export function addressesOutsideZone(server: Server, topology: Topology): readonly Written<string>[] {
  const zone = server.addresses.length > 0 ? effectiveZone(server, topology) : undefined;
  if (!zone) return [];
  const known = answers.get(server);
  if (known?.zone === zone) return known.outside;
  const outside = findOutside(server, zone);
  answers.set(server, { zone, outside });
  return outside;
}

function findOutside(server: Server, zone: Zone): readonly Written<string>[] {
  const networks = networksOf(zone.networks);
  return server.addresses.filter(({ value }) => {
    const address = parseAddress(value);
    const own = networks.filter(({ family }) => family === address?.family);
    return address && own.length > 0 && !own.some((network) => contains(network, address));
  });
}
