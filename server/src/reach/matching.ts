// Which rules of a firewall speak about a machine, as source or as target.
import { getOrAdd } from '../collections.ts';
import type { Endpoint } from '../flows/flow.ts';
import { contains, type Network } from '../topology/address.ts';
import { effectiveZones } from '../topology/effective.ts';
import type { ClientGroup, Firewall, Topology, Written } from '../topology/model.ts';
import {
  type AddressRange,
  addressRange,
  commonRanges,
  joinedRanges,
  type NetworkIndex,
  networkIndex,
  networksOf,
  pieces,
  rangesWithout,
  widthOf,
} from './addresses.ts';
import { type Side, type SingleEnd, singleEnds } from './ends.ts';

/**
 * The networks of a client group: its own, else those of its zones. Of a group in several zones those marked
 * `internet` do not count: nobody knows the addresses of its clients there.
 */
export function groupNetworks(group: ClientGroup, topology: Topology): readonly Network[] {
  if (group.networks.length > 0) return networksOf(group.networks);
  const zones = effectiveZones(group, topology);
  const [only] = zones;
  if (only && zones.length === 1) return networksOf(only.networks);
  return zones.flatMap((zone) => (zone.internet ? [] : networksOf(zone.networks)));
}

/** The addresses that an end of a rule stands for. */
export function networksOfEnd(end: SingleEnd, topology: Topology): readonly Network[] {
  switch (end.kind) {
    case 'zone':
      return networksOf(end.zone.networks);
    case 'server':
      return networksOf(end.server.addresses);
    case 'clients':
      return groupNetworks(end.clients, topology);
    case 'listener':
      return networksOf(end.listener.listener.addresses);
    case 'network':
      return [end.network];
    default:
      return [];
  }
}

/**
 * The addresses of a group's clients in one of its zones; none where nobody knows them. Where it is in several zones,
 * its networks belong to the zone round them. What lies in none of these zones belongs to those that have no other.
 */
export function clientRanges(
  group: ClientGroup,
  zone: string | undefined,
  topology: Topology,
): readonly AddressRange[] {
  const zones = effectiveZones(group, topology);
  const own = zones.find(({ id }) => id === zone);
  if (zones.length < 2 || !own) return groupNetworks(group, topology).map(addressRange);
  if (own.internet) return [];
  const around = networksOf(own.networks).map(addressRange);
  if (group.networks.length === 0) return around;
  const ranges = joinedRanges(networksOf(group.networks).map(addressRange));
  const here = commonRanges(ranges, joinedRanges(around));
  if (here.length > 0) return here;
  const inZones = joinedRanges(zones.flatMap(({ networks }) => networksOf(networks).map(addressRange)));
  const nowhere = rangesWithout(ranges, inZones);
  return nowhere.length > 0 ? nowhere : around;
}

/**
 * The rules that match a machine at one of its addresses, in lists that machines share: those for everyone, for its
 * zone, for each network round it. Machines that match the same lists have one and the same object, so that what is
 * worked out for one serves all.
 */
export interface Mentions {
  /** Positions of rules, rising; one may be in several lists, and twice in one. */
  readonly lists: readonly (readonly number[])[];
}

/** An address, told by its family and number. */
export type Address = Pick<AddressRange, 'family' | 'low'>;

/** Answers which rules of one firewall match a machine on one side. */
export interface Matcher {
  /** @param address undefined where it is not known */
  at(endpoint: Endpoint, address: Address | undefined): Mentions;
  /** The networks in the rules that share an address with a range. */
  cuts(range: AddressRange): readonly AddressRange[];
}

/** Indexes one side of the rules of a firewall. Rules with an end that the file does not have match nothing. */
export function matcher(firewall: Firewall, side: Side, topology: Topology): Matcher {
  const everyone: number[] = [];
  const zones = new Map<string, number[]>();
  /** By name, in lower case: zones, servers, listeners and client groups share one name space. */
  const machines = new Map<string, number[]>();
  const networks: NetworkIndex<number> = networkIndex();
  /** Rules for the whole IPv4 internet: they match machines whose address nobody knows, too. */
  const everywhere: number[] = [];

  /** The lists that a rule for an end is in. */
  const listsOf = (end: SingleEnd): readonly number[][] => {
    switch (end.kind) {
      case 'any':
        return [everyone];
      case 'zone':
        return [listAt(zones, end.zone.id), ...networksOf(end.zone.networks).map(networks.listOf)];
      case 'server': {
        // With addresses it is these, and whatever else has one of them.
        const { id, addresses } = end.server;
        const own = networksOf(addresses).map(networks.listOf);
        return addresses.length === 0 ? [listAt(machines, id), ...own] : own;
      }
      case 'clients':
        return [
          listAt(machines, end.clients.id),
          ...groupNetworks(end.clients, topology).map(networks.listOf),
        ];
      case 'listener':
        return [
          listAt(machines, end.listener.id),
          ...networksOf(end.listener.listener.addresses).map(networks.listOf),
        ];
      case 'network': {
        const own = networks.listOf(end.network);
        return end.network.family === 4 && end.network.prefix === 0 ? [own, everywhere] : [own];
      }
    }
  };
  // Thousands of rules name the same few machines.
  const byWord = new Map<string, readonly number[][] | undefined>();
  const listsOfWord = (word: Written<string>): readonly number[][] | undefined => {
    if (!byWord.has(word.value)) byWord.set(word.value, singleEnds([word], topology)?.flatMap(listsOf));
    return byWord.get(word.value);
  };
  for (const [index, rule] of firewall.rules.entries()) {
    const words = rule[side].map(listsOfWord);
    if (words.includes(undefined)) continue;
    for (const lists of words) for (const list of lists ?? []) list.push(index);
  }

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

  return {
    at(endpoint, address) {
      const lists: (readonly number[])[] = [];
      const add = (list: readonly number[] | undefined) => {
        if (list && list.length > 0) lists.push(list);
      };
      add(everyone);
      if (endpoint.zone !== undefined) add(zones.get(endpoint.zone));
      if (machines.size > 0) add(machines.get(machineId(endpoint)));
      if (!address) add(everywhere);
      else for (const list of networks.at(address.family, address.low)) add(list);
      for (const { family, bits } of publicNetworks(endpoint))
        for (const list of networks.at(family, bits)) add(list);
      return mentionsOf(lists);
    },
    cuts: (range) => networks.overlapping(range),
  };
}

/**
 * Whether an end of a rule stands for a machine at one of its addresses, as `Matcher` has it for a whole firewall.
 * @param endpoint in one zone
 * @param address undefined where it is not known
 */
export function endMeans(
  end: SingleEnd,
  endpoint: Endpoint,
  address: Address | undefined,
  topology: Topology,
): boolean {
  const own: readonly Address[] = [
    ...(address ? [address] : []),
    ...publicNetworks(endpoint).map(({ family, bits }) => ({ family, low: bits })),
  ];
  const isIn = (networks: readonly Network[]) =>
    own.some(({ family, low }) =>
      networks.some((network) => contains(network, { family, bits: low, prefix: widthOf(family) })),
    );
  switch (end.kind) {
    case 'any':
      return true;
    case 'zone':
      return endpoint.zone === end.zone.id || isIn(networksOf(end.zone.networks));
    case 'server':
      return end.server.addresses.length === 0
        ? machineId(endpoint) === end.server.id
        : isIn(networksOf(end.server.addresses));
    case 'clients':
      return machineId(endpoint) === end.clients.id || isIn(groupNetworks(end.clients, topology));
    case 'listener':
      return machineId(endpoint) === end.listener.id || isIn(networksOf(end.listener.listener.addresses));
    case 'network':
      return isIn([end.network]) || (!address && end.network.family === 4 && end.network.prefix === 0);
  }
}

/** The addresses of an endpoint in one zone; none where nobody knows them. */
export function rangesOfEndpoint(endpoint: Endpoint, topology: Topology): readonly AddressRange[] {
  const own = ownAddresses(endpoint);
  if (own.length > 0 || !endpoint.clients) return own.map(({ family, low }) => ({ family, low, high: low }));
  return clientRanges(endpoint.clients, endpoint.zone, topology);
}

/** The name of a machine or client group in lower case; empty for a cloud service, which no rule names. */
export function machineId({ server, clients, kind, name }: Endpoint): string {
  return server?.id ?? clients?.id ?? (kind === 'cloud' ? '' : name.toLowerCase());
}

const NO_NETWORKS: readonly Network[] = [];

/** Addresses outside that stand for a machine, whichever of its own it is reached at. */
function publicNetworks({ server }: Endpoint): readonly Network[] {
  return server && server.publicAddresses.length > 0 ? networksOf(server.publicAddresses) : NO_NETWORKS;
}

/**
 * Machines of an endpoint that the firewalls on a way cannot tell from one another: all rules that match one of them
 * match all. A server has one such face for each address; a group one for each part of its networks that rules
 * divide.
 */
export interface Face {
  /** Undefined where no address is known. */
  readonly family: 4 | 6 | undefined;
  /** For each of the firewalls, in their order. */
  readonly mentions: readonly Mentions[];
}

/**
 * The faces of an endpoint in one zone, as some firewalls see it together.
 * @param isServerAddress an address of a server among a group's networks is no client
 */
export function facesOf(
  endpoint: Endpoint,
  matchers: readonly Matcher[],
  topology: Topology,
  isServerAddress: (address: Address) => boolean,
): readonly Face[] {
  const face = (address: Address | undefined): Face => ({
    family: address?.family,
    mentions: matchers.map((one) => one.at(endpoint, address)),
  });
  const addresses = ownAddresses(endpoint);
  const [only] = addresses;
  if (only && addresses.length === 1) return [face(only)];
  if (only) return different(addresses.map(face));
  if (endpoint.clients) {
    const ranges = clientRanges(endpoint.clients, endpoint.zone, topology);
    const parts = pieces(
      ranges,
      ranges.flatMap((range) => matchers.flatMap((one) => one.cuts(range))),
    );
    const clients = parts.filter((part) => hasClient(part, isServerAddress));
    const faces = (clients.length > 0 ? clients : parts).map(face);
    if (faces.length > 0) return different(faces);
  }
  return [face(undefined)];
}

/** Goes no further than the first address that is no server's. */
function hasClient(
  { family, low, high }: AddressRange,
  isServerAddress: (address: Address) => boolean,
): boolean {
  let address = low;
  while (address <= high && isServerAddress({ family, low: address })) address++;
  return address <= high;
}

const NO_ADDRESSES: readonly Address[] = [];

function ownAddresses({ server, addresses }: Endpoint): readonly Address[] {
  const written = server?.addresses;
  if (written)
    return written.length === 0
      ? NO_ADDRESSES
      : networksOf(written).map(({ family, bits }) => ({ family, low: bits }));
  if (!addresses || addresses.length === 0) return NO_ADDRESSES;
  return networksOf(addresses.map((value) => ({ value }))).map(({ family, bits }) => ({ family, low: bits }));
}

/** Each kind of face once. */
function different(faces: readonly Face[]): readonly Face[] {
  const ids = new Map<Mentions, number>();
  const seen = new Set<string>();
  return faces.filter(({ family, mentions }) => {
    let key = `${family}`;
    for (const one of mentions) {
      let id = ids.get(one);
      if (id === undefined) {
        id = ids.size;
        ids.set(one, id);
      }
      key += ` ${id}`;
    }
    return seen.size < seen.add(key).size;
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

function listAt(map: Map<string, number[]>, key: string): number[] {
  return getOrAdd(map, key, () => []);
}
