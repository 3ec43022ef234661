// Who can talk in a topology: every role holder, client group, database and cloud party,
// indexed once by role and site so that pairing costs no search.
import {
  DEFAULT_INSTANCE,
  effectiveZone,
  instanceOf,
  lookup,
  parentOf,
  siteOf,
  topSite,
} from '../topology/effective.ts';
import type { ClientGroup, Role, Server, Site, SqlInstance, Topology } from '../topology/model.ts';
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
  /** Every client group with a known site, of one kind (`windows`, `mac`, `mobile-device`). */
  groups(kind: string): readonly Party[];
  groupsAt(site: Site): readonly Party[];
  parent(site: Site): Site | undefined;
  children(site: Site): readonly Site[];
  top(site: Site): Site;
  /** This site and every site below it. */
  withDescendants(site: Site): readonly Site[];
  /** The databases of a site: one server, or every replica; none where the reference is unknown. */
  databases(site: Site): readonly Party[];
  /** A server in no particular role, or in the first of these that it holds. */
  server(name: string, ...roles: readonly string[]): Party | undefined;
  /** What stands outside the file, in the zone marked `internet`. */
  cloud(name: string): Party;
}

const NONE: readonly Party[] = [];

/** Indexes a topology; the cost is proportional to its size. */
export function partiesOf(topology: Topology): Parties {
  const sites = [...topology.sites.values()];
  const endpoints = new Map<Server | ClientGroup, Endpoint>();
  const byRole = new Map<string, Party[]>();
  const bySite = new Map<Site | undefined, Map<string, Party[]>>();
  const groupsByKind = new Map<string, Party[]>();
  const groupsBySite = new Map<Site, Party[]>();
  const children = new Map<Site, Site[]>();
  const databases = new Map<Site, readonly Party[]>();
  const clouds = new Map<string, Party>();
  const internet = [...topology.zones.values()].find((zone) => zone.internet);

  function endpointOf(machine: Server | ClientGroup): Endpoint {
    let endpoint = endpoints.get(machine);
    if (endpoint === undefined) {
      const base = { name: machine.name, zone: effectiveZone(machine, topology)?.id };
      endpoint =
        machine.kind === 'server'
          ? { ...base, kind: 'server', server: machine }
          : { ...base, kind: 'clients', clients: machine };
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
    const party: Party = { endpoint: endpointOf(clients), site };
    push(groupsByKind, clients.clientKind?.value ?? 'windows', party);
    push(groupsBySite, site, party);
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
    const group =
      database.availabilityGroup && lookup(topology.availabilityGroups, database.availabilityGroup.value);
    const places = database.availabilityGroup ? (group?.replicas ?? []) : [database];
    return places.flatMap((place) => {
      const server = place.server && lookup(topology.servers, place.server.value);
      if (server === undefined) return [];
      const name = place.instance?.value ?? DEFAULT_INSTANCE;
      const instance = instanceOf(server, name);
      // An instance that the server does not have is unknown, unless it is the default one left unwritten.
      if (instance === undefined && name.toUpperCase() !== DEFAULT_INSTANCE) return [];
      return [partyOf(server, roleOf(server, 'sql-server'), instance)];
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
    groups: (kind) => groupsByKind.get(kind) ?? NONE,
    groupsAt: (site) => groupsBySite.get(site) ?? NONE,
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
