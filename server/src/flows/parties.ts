// Who can talk in a topology: every role holder, client group, database and cloud party,
// indexed once by role and site so that pairing costs no search.
import { getOrAdd, groupBy } from '../collections.ts';
import { contains, type Network, parseAddress, parseNetwork } from '../topology/address.ts';
import {
  DEFAULT_INSTANCE,
  effectiveZone,
  effectiveZones,
  instanceOf,
  listenerName,
  lookup,
  parentOf,
  siteOf,
  topSite,
} from '../topology/effective.ts';
import type {
  AvailabilityGroup,
  ClientGroup,
  Role,
  RoleDatabase,
  Server,
  Site,
  SqlInstance,
  Topology,
  Zone,
} from '../topology/model.ts';
import type { Endpoint } from './flow.ts';

/** One side of a pair: a machine in the capacity in which it talks. */
export interface Party {
  readonly endpoint: Endpoint;
  /** The role that makes it talk; undefined for client groups, cloud parties and servers that lack the role. */
  readonly role?: Role;
  /** The site that it belongs to. */
  readonly site?: Site;
  /** Of a party that is a database: the instance; undefined where the server writes none and the default one is meant. */
  readonly instance?: SqlInstance;
  /** Of a replica or a listener: its availability group. */
  readonly group?: AvailabilityGroup;
}

/**
 * A client group in one of its zones: what serves its clients is worked out zone by zone. A group without a known
 * zone has one place.
 */
export interface GroupInZone {
  readonly group: Party;
  readonly clients: ClientGroup;
  readonly zone: Zone | undefined;
  /** Whether the group has clients in several zones. */
  readonly several: boolean;
  /** On the internet; elsewhere clients are on the intranet. */
  readonly internet: boolean;
  /** The site that its clients are assigned to: of a group at a secondary site the primary above it. */
  readonly assigned: Site;
  /** The secondary site that the group names as its site. */
  readonly secondary: Site | undefined;
}

export interface Parties {
  readonly topology: Topology;
  readonly sites: readonly Site[];
  /** Every server that holds a role, in file order. */
  all(role: string): readonly Party[];
  /** The holders of a role whose `site` is this one. */
  at(site: Site, role: string): readonly Party[];
  /** The holders of a role that name no site. */
  siteless(role: string): readonly Party[];
  /** Every client group with a known site, of one kind (`windows`, `mac`, `mobile-device`), in each of its zones. */
  places(kind: string): readonly GroupInZone[];
  /** The places of the Windows client groups whose `site` is this one. */
  placesAt(site: Site): readonly GroupInZone[];
  parent(site: Site): Site | undefined;
  children(site: Site): readonly Site[];
  top(site: Site): Site;
  /** This site and every site below it. */
  withDescendants(site: Site): readonly Site[];
  /** The databases of a site: one server, or every replica; none where the reference is unknown. */
  databases(site: Site): readonly Party[];
  /** The listener of the availability group that holds a site's database, in each zone that has one of its addresses. */
  listeners(site: Site): readonly Party[];
  /** Every replica of a group whose server and instance are known. */
  replicas(group: AvailabilityGroup): readonly Party[];
  /** The database that a role's own option names; undefined where it is unknown. */
  database(database: RoleDatabase): Party | undefined;
  /** A server in no particular role. */
  machine(server: Server): Party;
  /** A server by name, in no particular role, or in the first of these that it holds. */
  server(name: string, ...roles: readonly string[]): Party | undefined;
  /** A server's holder of a role. */
  holder(server: Server, role: string): Party | undefined;
  /** What is outside the file, in the zone marked `internet`. */
  cloud(name: string): Party;
  /** The web proxy of a machine; undefined where it has none, `unknown` where its name or port cannot be read. */
  proxy(machine: Party): { readonly party: Party; readonly port: number } | 'unknown' | undefined;
  /** The active site server of a site. */
  siteServer(site: Site): Server | undefined;
}

const NONE: readonly Party[] = [];

/** Indexes a topology; the cost is proportional to its size. */
export function partiesOf(topology: Topology): Parties {
  const sites = [...topology.sites.values()];
  const endpoints = new Map<Server | ClientGroup, Endpoint>();
  const byRole = new Map<string, Party[]>();
  const bySite = new Map<Site | undefined, Map<string, Party[]>>();
  const placesByKind = new Map<string, GroupInZone[]>();
  const placesBySite = new Map<Site, GroupInZone[]>();
  const children = new Map<Site, Site[]>();
  const databases = new Map<Site, readonly Party[]>();
  const clouds = new Map<string, Party>();
  const proxies = new Map<string, Party>();
  const listenersOf = new Map<AvailabilityGroup, readonly Party[]>();
  const holders = new Map<string, ReadonlyMap<Server | undefined, Party>>();
  const internet = [...topology.zones.values()].find((zone) => zone.internet);

  function endpointOf(machine: Server | ClientGroup): Endpoint {
    let endpoint = endpoints.get(machine);
    if (endpoint === undefined) {
      const zones = effectiveZones(machine, topology).map(({ id }) => id);
      const { kind, name } = machine;
      const zone = zones.length === 1 ? zones[0] : undefined;
      endpoint =
        kind === 'server'
          ? { name, kind, server: machine, clients: undefined, zone, zones }
          : { name, kind, server: undefined, clients: machine, zone, zones };
      endpoints.set(machine, endpoint);
    }
    return endpoint;
  }

  function partyOf(server: Server, role?: Role, instance?: SqlInstance): Party {
    return { endpoint: endpointOf(server), role, site: siteOf(server, topology), instance };
  }

  for (const server of topology.servers.values()) {
    const site = siteOf(server, topology);
    // A site that is named but not there is unknown, which is not the same as none.
    const unknownSite = site === undefined && server.site !== undefined;
    for (const role of server.roles) {
      const party = partyOf(server, role);
      push(byRole, role.role, party);
      if (unknownSite) continue;
      let roles = bySite.get(site);
      if (roles === undefined) {
        roles = new Map();
        bySite.set(site, roles);
      }
      push(roles, role.role, party);
    }
  }
  for (const clients of topology.clients.values()) {
    const site = siteOf(clients, topology);
    if (site === undefined) continue;
    const group: Party = { endpoint: endpointOf(clients), site };
    const secondary = site.type?.value === 'secondary' ? site : undefined;
    const parent = secondary && parentOf(secondary, topology);
    const assigned = parent === undefined || parent === site ? site : parent;
    const zones: readonly (Zone | undefined)[] = effectiveZones(clients, topology);
    const kind = clients.clientKind?.value ?? 'windows';
    for (const zone of zones.length > 0 ? zones : [undefined]) {
      const isInternet = clients.internetOnly?.value === true || zone?.internet === true;
      const several = zones.length > 1;
      const place: GroupInZone = { group, clients, zone, several, internet: isInternet, assigned, secondary };
      push(placesByKind, kind, place);
      if (kind === 'windows') push(placesBySite, site, place);
    }
  }
  for (const site of sites) {
    const parent = parentOf(site, topology);
    if (parent !== undefined && parent !== site) push(children, parent, site);
  }

  function findDatabases(site: Site): readonly Party[] {
    const { database } = site;
    if (database === undefined) {
      // Before 2012 a secondary site has no database: its roles use its primary's.
      const parent =
        topology.edition === '2007' && site.type?.value === 'secondary'
          ? parentOf(site, topology)
          : undefined;
      return parent && parent !== site && parent.type?.value !== 'secondary' ? databasesAt(parent) : NONE;
    }
    if (database.availabilityGroup) {
      const group = groupOf(site);
      return group ? replicasOf(group) : NONE;
    }
    const party = databaseParty(database);
    return party ? [party] : NONE;
  }

  function groupOf({ database }: Site): AvailabilityGroup | undefined {
    const name = database?.availabilityGroup?.value;
    return name === undefined ? undefined : lookup(topology.availabilityGroups, name);
  }

  function replicasOf(group: AvailabilityGroup): readonly Party[] {
    return group.replicas.flatMap((replica) => {
      const party = databaseParty(replica);
      return party ? [{ ...party, group }] : [];
    });
  }

  function databaseParty(place: Pick<RoleDatabase, 'server' | 'instance'>): Party | undefined {
    const server = place.server && lookup(topology.servers, place.server.value);
    if (server === undefined) return undefined;
    const name = place.instance?.value ?? DEFAULT_INSTANCE;
    const instance = instanceOf(server, name);
    // An instance that the server does not have is unknown, unless it is the default one left unwritten.
    if (instance === undefined && name.toUpperCase() !== DEFAULT_INSTANCE) return undefined;
    return partyOf(server, roleOf(server, 'sql-server'), instance);
  }

  /** One machine for each zone that has one of the listener's addresses; without any, one beside the first replica. */
  function findListeners(group: AvailabilityGroup): readonly Party[] {
    const { listener } = group;
    if (listener === undefined) return NONE;
    const name = listenerName(group);
    const addresses = listener.addresses.map(({ value }) => value);
    const inZone = groupBy(addresses, (address) => zoneOfAddress(address));
    const machine = (zone: string | undefined, own: readonly string[]): Party => ({
      endpoint: { name, kind: 'listener', zone, zones: zone === undefined ? [] : [zone], addresses: own },
      group,
    });
    if (inZone.size > 0) return [...inZone].map(([zone, own]) => machine(zone.id, own));
    const first = group.replicas[0]?.server;
    const server = first && lookup(topology.servers, first.value);
    return [machine(server && effectiveZone(server, topology)?.id, addresses)];
  }

  /** The zone with the narrowest network around an address. */
  function zoneOfAddress(text: string): Zone | undefined {
    const address = parseAddress(text);
    if (address === undefined) return undefined;
    let best: { readonly zone: Zone; readonly network: Network } | undefined;
    for (const zone of topology.zones.values()) {
      for (const { value } of zone.networks) {
        const network = parseNetwork(value);
        if (!network || !contains(network, address)) continue;
        if (best === undefined || contains(best.network, network)) best = { zone, network };
      }
    }
    return best?.zone;
  }

  function proxyParty(name: string): Party {
    const server = lookup(topology.servers, name);
    if (server) return partyOf(server);
    return getOrAdd(proxies, name.toLowerCase(), () => {
      const zone = zoneOfAddress(name)?.id;
      const addresses = parseAddress(name) ? [name] : [];
      return { endpoint: { name, kind: 'proxy', zone, zones: zone === undefined ? [] : [zone], addresses } };
    });
  }

  function databasesAt(site: Site): readonly Party[] {
    let found = databases.get(site);
    if (found === undefined) {
      found = findDatabases(site);
      databases.set(site, found);
    }
    return found;
  }

  return {
    topology,
    sites,
    all: (role) => byRole.get(role) ?? NONE,
    at: (site, role) => bySite.get(site)?.get(role) ?? NONE,
    siteless: (role) => bySite.get(undefined)?.get(role) ?? NONE,
    places: (kind) => placesByKind.get(kind) ?? [],
    placesAt: (site) => placesBySite.get(site) ?? [],
    parent(site) {
      const parent = parentOf(site, topology);
      return parent === site ? undefined : parent;
    },
    children: (site) => children.get(site) ?? [],
    top: (site) => topSite(site, topology),
    withDescendants(site) {
      const found = new Set([site]);
      for (const each of found) for (const child of children.get(each) ?? []) found.add(child);
      return [...found];
    },
    databases: databasesAt,
    listeners(site) {
      const group = groupOf(site);
      return group ? getOrAdd(listenersOf, group, () => findListeners(group)) : NONE;
    },
    replicas: replicasOf,
    database: databaseParty,
    holder(server, role) {
      const found = getOrAdd(
        holders,
        role,
        () => new Map((byRole.get(role) ?? NONE).map((party) => [party.endpoint.server, party])),
      );
      return found.get(server);
    },
    proxy({ endpoint }) {
      const proxy = (endpoint.server ?? endpoint.clients)?.proxy;
      if (proxy === undefined) return undefined;
      const { server, port } = proxy;
      return server && port ? { party: proxyParty(server.value), port: port.value } : 'unknown';
    },
    siteServer(site) {
      const found = (bySite.get(site)?.get('site-server') ?? NONE).find(
        ({ role }) => role?.values.get('passive')?.value !== true,
      );
      return found?.endpoint.server;
    },
    machine: (server) => partyOf(server),
    server(name, ...roles) {
      const server = lookup(topology.servers, name);
      if (server === undefined) return undefined;
      const held = roles.map((role) => roleOf(server, role)).find((role) => role !== undefined);
      return partyOf(server, held);
    },
    cloud(name) {
      let party = clouds.get(name);
      if (party === undefined) {
        party = { endpoint: { name, kind: 'cloud', zone: internet?.id } };
        clouds.set(name, party);
      }
      return party;
    },
  };
}

/** A server's role by name. */
export function roleOf(server: Server, name: string): Role | undefined {
  return server.roles.find(({ role }) => role === name);
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
