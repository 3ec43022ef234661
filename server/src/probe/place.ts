// Which machine of a file a computer is.
import { contains, type Network, parseNetwork } from '../topology/address.ts';
import { effectiveZones } from '../topology/effective.ts';
import type { ClientGroup, Server, Topology } from '../topology/model.ts';

/** What a computer knows about itself. */
export interface Computer {
  /** Its host name, with or without a domain. */
  readonly name: string;
  readonly addresses: readonly string[];
}

/** The machines that a computer may be, and by what: its name counts before its addresses. */
export interface Found {
  readonly machines: readonly (Server | ClientGroup)[];
  readonly by: 'name' | 'address';
}

/**
 * The servers that a computer may be, by its name or else by its addresses; where there is none, the client groups
 * with a network that has one of its addresses. Loopback addresses are nobody's.
 */
export function machinesOf({ name, addresses }: Computer, topology: Topology): Found {
  const servers = [...topology.servers.values()];
  const full = name.toLowerCase();
  const short = full.split('.')[0] ?? full;
  const byName = servers.filter((server) => {
    const fqdn = server.fqdn?.value.toLowerCase();
    if (fqdn !== undefined && full.includes('.')) return fqdn === full || server.id === full;
    return server.id === full || server.id === short || fqdn?.split('.')[0] === short;
  });
  if (byName.length > 0) return { machines: byName, by: 'name' };
  const own = addresses.flatMap((text) => parseNetwork(text) ?? []).filter((one) => !isLoopback(one));
  const isOwn = (written: readonly { readonly value: string }[], within: boolean) =>
    written.some(({ value }) => {
      const network = parseNetwork(value);
      return (
        network !== undefined &&
        own.some((one) => contains(network, one) && (within || contains(one, network)))
      );
    });
  const byAddress = servers.filter((server) => isOwn(server.addresses, false));
  if (byAddress.length > 0) return { machines: byAddress, by: 'address' };
  const groups = [...topology.clients.values()].filter((group) => {
    const zones = effectiveZones(group, topology);
    return isOwn(group.networks.length > 0 ? group.networks : zones.flatMap((zone) => zone.networks), true);
  });
  return { machines: groups, by: 'address' };
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'].flatMap((text) => parseNetwork(text) ?? []);

function isLoopback(address: Network): boolean {
  return LOOPBACK.some((network) => contains(network, address));
}
