// Which machines a name stands for: a zone, a boundary group, an address group, an availability group, a listener.
import { getOrAdd, memo } from '../collections.ts';
import { type Endpoint, type Flow, zonesHeld, zonesOf } from '../flows/flow.ts';
import { type SingleEnd, serverNetworks, singleEnds } from '../reach/ends.ts';
import { groupNetworks } from '../reach/matching.ts';
import { hierarchyIn, windowsPlaces } from '../rules/clients/serving-clients.ts';
import { contains, type Network, parseNetwork } from '../topology/address.ts';
import { listenerName } from '../topology/effective.ts';
import type {
  AddressGroup,
  AvailabilityGroup,
  BoundaryGroup,
  ClientGroup,
  NamedListener,
  Topology,
  Zone,
} from '../topology/model.ts';

/** What stands for several machines, or for one that is no server. */
export type Collective = Zone | BoundaryGroup | AddressGroup | AvailabilityGroup | NamedListener;

/**
 * Whether a flow begins (`from`) or ends (`to`) at what a name stands for. A client group in several zones is in one
 * of them, or in a boundary group, only with the flows that hold there; an availability group is its listener, and
 * its replicas as SQL Servers.
 */
export function membership(
  thing: Collective,
  topology: Topology,
): (flow: Flow, side: 'from' | 'to') => boolean {
  switch (thing.kind) {
    case 'zone':
      return (flow, side) => zonesHeld(flow[side], flow.zones).includes(thing.id);
    case 'boundary-group': {
      const held = zonesInGroup(thing, topology);
      return (flow, side) => {
        const { clients } = flow[side];
        const zones = clients && held.get(clients);
        if (zones === undefined) return false;
        const here = zonesHeld(flow[side], flow.zones);
        return here.length < 1 || here.some((zone) => zones.has(zone));
      };
    }
    case 'address-group': {
      const isMember = endMatcher(thing.name, topology);
      return (flow, side) => isMember(flow[side]);
    }
    case 'availability-group': {
      const replicas = new Set(thing.replicas.map(({ server }) => server?.value.toLowerCase()));
      const listener = listenerName(thing).toLowerCase();
      return (flow, side) => {
        const { kind, name, server } = flow[side];
        if (kind === 'listener') return name.toLowerCase() === listener;
        const role = side === 'from' ? flow.fromRole : flow.toRole;
        return server !== undefined && role?.role === 'sql-server' && replicas.has(server.id);
      };
    }
    case 'listener':
      return (flow, side) => flow[side].kind === 'listener' && flow[side].name.toLowerCase() === thing.id;
  }
}

/** The client groups that a boundary group holds, each with the zones in which it does, in lower case. */
export function zonesInGroup(group: BoundaryGroup, topology: Topology): Held {
  return heldIn(topology).get(group) ?? new Map();
}

type Held = ReadonlyMap<ClientGroup, ReadonlySet<string>>;

const heldIn: (topology: Topology) => ReadonlyMap<BoundaryGroup, Held> = memo((topology) => {
  const { serving } = hierarchyIn(topology);
  const held = new Map<BoundaryGroup, Map<ClientGroup, Set<string>>>();
  for (const place of windowsPlaces(topology)) {
    for (const group of serving.boundaryGroups(place)) {
      const clients = getOrAdd(held, group, () => new Map<ClientGroup, Set<string>>());
      const zones = getOrAdd(clients, place.clients, () => new Set<string>());
      if (place.zone) zones.add(place.zone.id);
    }
  }
  return held;
});

/** Whether a machine is among those that a word of a rule stands for; of a group, whether some of its clients are. */
export function endMatcher(word: string, topology: Topology): (endpoint: Endpoint) => boolean {
  const all = (singleEnds([{ value: word }], topology) ?? []).map((end) => matcherOf(end, topology));
  return (endpoint) => all.some((matches) => matches(endpoint));
}

function matcherOf(end: SingleEnd, topology: Topology): (endpoint: Endpoint) => boolean {
  switch (end.kind) {
    case 'any':
      return () => true;
    case 'zone':
      return (endpoint) => zonesOf(endpoint).includes(end.zone.id);
    case 'server':
      return ({ server }) => server === end.server;
    case 'clients':
      return ({ clients }) => clients === end.clients;
    case 'listener':
      return ({ kind, name }) => kind === 'listener' && name.toLowerCase() === end.listener.id;
    case 'network': {
      const { network } = end;
      const overlaps = (other: Network) => contains(network, other) || contains(other, network);
      return ({ server, clients, addresses = [] }) => {
        if (server) return serverNetworks(server).some(overlaps);
        if (clients) return groupNetworks(clients, topology).some(overlaps);
        return addresses.length > 0
          ? addresses.some((one) => [parseNetwork(one)].some((other) => other && overlaps(other)))
          : network.prefix === 0;
      };
    }
  }
}
