// Which rules of a firewall speak about a machine, as source or as target.
import type { Endpoint } from '../flows/flow.ts';
import { looksLikeAddress, type Network, parseNetwork } from '../topology/address.ts';
import { effectiveZone, lookup } from '../topology/effective.ts';
import type { ClientGroup, Firewall, Server, Topology, Written, Zone } from '../topology/model.ts';
import { type NetworkIndex, networkIndex, networksOf, pieces, rangeOf } from './addresses.ts';

/** An end of a rule, as the file means it. */
export type RuleEnd =
  | { readonly kind: 'any' }
  | { readonly kind: 'zone'; readonly zone: Zone }
  | { readonly kind: 'server'; readonly server: Server }
  | { readonly kind: 'clients'; readonly clients: ClientGroup }
  | { readonly kind: 'network'; readonly network: Network };

/** What a word in `from` or `to` means; undefined for a name that the file does not have. */
export function ruleEnd(text: string, topology: Topology): RuleEnd | undefined {
  if (text === 'any') return { kind: 'any' };
  if (looksLikeAddress(text)) {
    const network = parseNetwork(text);
    return network && { kind: 'network', network };
  }
  const zone = lookup(topology.zones, text);
  if (zone) return { kind: 'zone', zone };
  const server = lookup(topology.servers, text);
  if (server) return { kind: 'server', server };
  const clients = lookup(topology.clients, text);
  return clients && { kind: 'clients', clients };
}

/** The networks of a client group: its own, else those of its zone. */
export function groupNetworks(group: ClientGroup, topology: Topology): readonly Network[] {
  const own = group.networks.length > 0 ? group.networks : effectiveZone(group, topology)?.networks;
  return networksOf(own ?? []);
}

/**
 * Machines of an endpoint that the firewall cannot tell from one another: all rules that match one of them match
 * all. A server has one such face for each address; a group one for each part of its networks that rules divide.
 */
export interface Face {
  /** Undefined where no address is known. */
  readonly family: 4 | 6 | undefined;
  /** Positions of the rules that match, rising. */
  readonly rules: readonly number[];
}

export type Side = 'from' | 'to';

/** Answers which rules of one firewall match an endpoint on one side. */
export function matcher(
  firewall: Firewall,
  side: Side,
  topology: Topology,
  isServerAddress: (family: 4 | 6, address: bigint) => boolean,
): (endpoint: Endpoint) => readonly Face[] {
  const everyone: number[] = [];
  const zones = new Map<string, number[]>();
  const machines = new Map<Server | ClientGroup, number[]>();
  const networks: NetworkIndex<number> = networkIndex();
  /** Rules for the whole IPv4 internet: they match machines whose address nobody knows, too. */
  const everywhere: number[] = [];

  const addNetwork = (network: Network, rule: number) => networks.add(network, rule);
  firewall.rules.forEach((rule, index) => {
    for (const { value } of rule[side]) {
      const end = ruleEnd(value, topology);
      switch (end?.kind) {
        case 'any':
          everyone.push(index);
          break;
        case 'zone':
          push(zones, end.zone.name.toLowerCase(), index);
          for (const network of networksOf(end.zone.networks)) addNetwork(network, index);
          break;
        case 'server': {
          const addresses = networksOf(end.server.addresses);
          if (addresses.length === 0) push(machines, end.server, index);
          for (const address of addresses) addNetwork(address, index);
          break;
        }
        case 'clients':
          push(machines, end.clients, index);
          for (const network of groupNetworks(end.clients, topology)) addNetwork(network, index);
          break;
        case 'network':
          addNetwork(end.network, index);
          if (end.network.family === 4 && end.network.prefix === 0) everywhere.push(index);
          break;
      }
    }
  });

  const known = new Map<Endpoint, readonly Face[]>();
  return (endpoint) => {
    let faces = known.get(endpoint);
    if (!faces) {
      faces = facesOf(endpoint);
      known.set(endpoint, faces);
    }
    return faces;
  };

  function facesOf(endpoint: Endpoint): readonly Face[] {
    const machine = endpoint.server ?? endpoint.clients;
    const base = [
      ...everyone,
      ...((endpoint.zone !== undefined && zones.get(endpoint.zone)) || []),
      ...((machine && machines.get(machine)) || []),
    ];
    const face = (family: 4 | 6 | undefined, more: readonly number[]): Face => ({
      family,
      rules: [...new Set([...base, ...more])].sort((a, b) => a - b),
    });
    if (endpoint.server) {
      const addresses: readonly Written<string>[] = endpoint.server.addresses;
      const faces = networksOf(addresses).map(({ family, bits }) => face(family, networks.at(family, bits)));
      if (faces.length > 0) return different(faces);
    }
    if (endpoint.clients) {
      const ranges = groupNetworks(endpoint.clients, topology).map(rangeOf);
      const parts = pieces(
        ranges,
        ranges.flatMap((range) => networks.overlapping(range)),
      );
      // A server's address among a group's networks is no client.
      const clients = parts.filter(({ family, low, high }) => low !== high || !isServerAddress(family, low));
      const faces = (clients.length > 0 ? clients : parts).map(({ family, low }) =>
        face(family, networks.at(family, low)),
      );
      if (faces.length > 0) return different(faces);
    }
    return [face(undefined, everywhere)];
  }
}

function different(faces: readonly Face[]): readonly Face[] {
  const seen = new Map<string, Face>();
  for (const face of faces) {
    const key = `${face.family}:${face.rules.join(',')}`;
    if (!seen.has(key)) seen.set(key, face);
  }
  return [...seen.values()];
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
