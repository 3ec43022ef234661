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
  readonly rules: Mentions;
}

/**
 * The rules that match a face, in lists that faces share: those for everyone, for its zone, for each network round
 * it. Faces that match the same lists have one and the same object, so that what is worked out for one serves all.
 */
export interface Mentions {
  /** Positions of rules, rising; one may stand in several lists, and twice in one. */
  readonly lists: readonly (readonly number[])[];
}

export type Side = 'from' | 'to';

const NO_RULES: readonly number[] = [];

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
          push(zones, end.zone.id, index);
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

  const ids = new Map<readonly number[], number>();
  const mentions = new Map<string, Mentions>();
  function mentionsOf(lists: readonly (readonly number[])[]): Mentions {
    let key = '';
    for (const list of lists) {
      let id = ids.get(list);
      if (id === undefined) {
        id = ids.size;
        ids.set(list, id);
      }
      key += `${id},`;
    }
    let known = mentions.get(key);
    if (!known) {
      known = { lists };
      mentions.set(key, known);
    }
    return known;
  }

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
      everyone,
      (endpoint.zone !== undefined && zones.get(endpoint.zone)) || NO_RULES,
      (machine && machines.get(machine)) || NO_RULES,
    ];
    const face = (family: 4 | 6 | undefined, more: readonly (readonly number[])[]): Face => ({
      family,
      rules: mentionsOf([...base, ...more].filter((list) => list.length > 0)),
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
    return [face(undefined, [everywhere])];
  }
}

function different(faces: readonly Face[]): readonly Face[] {
  const seen = new Map<Mentions, Set<Face['family']>>();
  return faces.filter(({ family, rules }) => {
    const families = seen.get(rules) ?? new Set();
    seen.set(rules, families);
    return families.size < families.add(family).size;
  });
}

/** The positions of the rules that match a source and a target, rising, each once. */
export function common(from: Mentions, to: Mentions): readonly number[] {
  const [few, many] = countOf(from) <= countOf(to) ? [from, to] : [to, from];
  const found = new Set<number>();
  for (const list of few.lists)
    for (const rule of list) if (many.lists.some((other) => holds(other, rule))) found.add(rule);
  return few.lists.length < 2 ? [...found] : [...found].sort((a, b) => a - b);
}

function countOf({ lists }: Mentions): number {
  let count = 0;
  for (const list of lists) count += list.length;
  return count;
}

/** Whether a rising list has a number. */
function holds(list: readonly number[], number: number): boolean {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return list[low] === number;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
