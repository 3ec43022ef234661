// Addresses that contradict the zone of their machine.
import { contains, parseAddress } from '../topology/address.ts';
import { effectiveZone } from '../topology/effective.ts';
import type { Server, Topology, Written } from '../topology/model.ts';
import { networksOf } from './addresses.ts';

/**
 * The addresses of a server that are in none of its zone's networks. A zone without networks of an address's family
 * says nothing about it.
 */
export function strayAddresses(server: Server, topology: Topology): readonly Written<string>[] {
  const zone = effectiveZone(server, topology);
  if (!zone) return [];
  const networks = networksOf(zone.networks);
  return server.addresses.filter(({ value }) => {
    const address = parseAddress(value);
    const own = networks.filter(({ family }) => family === address?.family);
    return address && own.length > 0 && !own.some((network) => contains(network, address));
  });
}
