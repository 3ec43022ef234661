// Who can talk in a topology: every role holder, client group, database and cloud party,
// indexed once by role and site so that pairing costs no search.
import { getOrAdd, groupBy, insert, without } from '../collections.ts';
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
  Written,
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
  /** Whether some machine names a server by this id as its web proxy, or one did before a change. */
  isProxy(id: string): boolean;
  /** The active site server of a site. */
  siteServer(site: Site): Server | undefined;
}

const NONE: readonly Party[] = [];
const NO_PLACES: readonly GroupInZone[] = [];

type Machine = Server | ClientGroup;

/** Who is where, in file order. A list is never changed: what is the same later has the same list. */
interface Index {
  readonly byRole: ReadonlyMap<string, readonly Party[]>;
  /** The holders of roles by site; those that name no site are under undefined. */
  readonly bySite: ReadonlyMap<Site | undefined, ReadonlyMap<string, readonly Party[]>>;
  readonly placesByKind: ReadonlyMap<string, readonly GroupInZone[]>;
  readonly placesBySite: ReadonlyMap<Site, readonly GroupInZone[]>;
}

/** What is made of one machine or group: the same objects for as long as these, the zones and the sites are the same. */
interface Made {
  readonly endpoints: Map<Machine, Endpoint>;
  /** By the instance, else the role in which a server is meant. */
  readonly parties: Map<Role | SqlInstance, Party>;
  readonly replicas: Map<AvailabilityGroup, Map<Party, Party>>;
  /** With the zone of the first replica. */
  readonly listeners: Map<
    AvailabilityGroup,
    { readonly beside: string | undefined; readonly found: readonly Party[] }
  >;
  readonly clouds: Map<string, Party>;
  readonly proxies: Map<string, Party>;
  /** What machines name as their web proxies, in lower case. */
  readonly proxyNames: Set<string>;
  /** The machines that went with the last change: the parties of before it may be asked for them still. */
  gone: ReadonlySet<Machine>;
}

const insides = new WeakMap<Parties, { readonly made: Made; readonly index: Index }>();

/** Indexes a topology; the cost is proportional to its size. */
export function partiesOf(topology: Topology): Parties {
  const made: Made = {
    endpoints: new Map(),
    parties: new Map(),
    replicas: new Map(),
    listeners: new Map(),
    clouds: new Map(),
    proxies: new Map(),
    proxyNames: new Set(),
    gone: new Set(),
  };
  const maker = makerOf(topology, made);
  const byRole = new Map<string, Party[]>();
  const bySite = new Map<Site | undefined, Map<string, Party[]>>();
  const placesByKind = new Map<string, GroupInZone[]>();
  const placesBySite = new Map<Site, GroupInZone[]>();
  for (const server of topology.servers.values()) {
    addProxy(server, made);
    const isAstray = isAtUnknownSite(server, topology);
    for (const role of server.roles) {
      const party = maker.party(server, role);
      push(byRole, role.role, party);
      if (isAstray) continue;
      push(
        getOrAdd(bySite, party.site, () => new Map<string, Party[]>()),
        role.role,
        party,
      );
    }
  }
  for (const clients of topology.clients.values()) {
    addProxy(clients, made);
    for (const place of maker.places(clients)) {
      const kind = kindOf(clients);
      push(placesByKind, kind, place);
      if (kind === 'windows' && place.group.site) push(placesBySite, place.group.site, place);
    }
  }
  return partiesFrom(topology, made, { byRole, bySite, placesByKind, placesBySite });
}

/**
 * The parties of a topology in which some machines came, went or changed, all else being the same: what is made of the
 * others stays the same objects, and so does a list in which nobody changed.
 * @param gone the machines of before that are no longer there, `added` those that were not; a changed one is in both
 */
export function partiesAfter(
  before: Parties,
  topology: Topology,
  gone: ReadonlySet<Machine>,
  added: ReadonlySet<Machine>,
): Parties {
  const inside = insides.get(before);
  if (inside === undefined) return partiesOf(topology);
  const { made, index } = inside;
  for (const machine of made.gone) forget(machine, made);
  made.gone = gone;
  const maker = makerOf(topology, made);
  const byRole = new Map(index.byRole);
  const bySite = new Map(index.bySite);
  const placesByKind = new Map(index.placesByKind);
  const placesBySite = new Map(index.placesBySite);
  const atSite = (site: Site | undefined) => {
    const roles = new Map(bySite.get(site));
    bySite.set(site, roles);
    return roles;
  };
  const isGone = ({ endpoint: { server } }: Party) => server !== undefined && gone.has(server);
  const isGonePlace = ({ clients }: GroupInZone) => gone.has(clients);
  for (const machine of gone) {
    if (machine.kind === 'clients') {
      without(placesByKind, kindOf(machine), isGonePlace);
      const site = siteOf(machine, topology);
      if (site) without(placesBySite, site, isGonePlace);
      continue;
    }
    const roles = atSite(siteOf(machine, topology));
    for (const { role } of machine.roles) {
      without(byRole, role, isGone);
      without(roles, role, isGone);
    }
  }
  const startOf = ({ endpoint: { server } }: Party) => server?.span.start ?? 0;
  const startOfPlace = ({ clients }: GroupInZone) => clients.span.start;
  for (const machine of added) {
    addProxy(machine, made);
    if (machine.kind === 'clients') {
      for (const place of maker.places(machine)) {
        const kind = kindOf(machine);
        insert(placesByKind, kind, place, startOfPlace);
        if (kind === 'windows' && place.group.site)
          insert(placesBySite, place.group.site, place, startOfPlace);
      }
      continue;
    }
    const roles = isAtUnknownSite(machine, topology) ? undefined : atSite(siteOf(machine, topology));
    for (const role of machine.roles) {
      const party = maker.party(machine, role);
      insert(byRole, role.role, party, startOf);
      if (roles) insert(roles, role.role, party, startOf);
    }
  }
  return partiesFrom(topology, made, { byRole, bySite, placesByKind, placesBySite });
}

/** A site that is named but not there is unknown, which is not the same as none. */
function isAtUnknownSite(server: Server, topology: Topology): boolean {
  return server.site !== undefined && siteOf(server, topology) === undefined;
}

function addProxy({ proxy }: Machine, { proxyNames }: Made): void {
  if (proxy?.server) proxyNames.add(proxy.server.value.toLowerCase());
}

/** `windows`, `mac` or `mobile-device`. */
export function kindOf({ clientKind }: ClientGroup): string {
  return clientKind?.value ?? 'windows';
}

function forget(machine: Machine, made: Made): void {
  made.endpoints.delete(machine);
  if (machine.kind === 'clients') return;
  for (const part of [...machine.roles, ...machine.instances]) {
    const party = made.parties.get(part);
    if (party === undefined) continue;
    made.parties.delete(part);
    for (const replicas of made.replicas.values()) replicas.delete(party);
  }
}

interface Maker {
  endpoint(machine: Machine): Endpoint;
  /** A server in a role, or as one of its instances. */
  party(server: Server, role: Role | undefined, instance?: SqlInstance): Party;
  places(clients: ClientGroup): readonly GroupInZone[];
}

function makerOf(topology: Topology, made: Made): Maker {
  function endpoint(machine: Machine): Endpoint {
    return getOrAdd(made.endpoints, machine, (): Endpoint => {
      const zones = effectiveZones(machine, topology).map(({ id }) => id);
      const { kind, name } = machine;
      const zone = zones.length === 1 ? zones[0] : undefined;
      return kind === 'server'
        ? { name, kind, server: machine, clients: undefined, zone, zones }
        : { name, kind, server: undefined, clients: machine, zone, zones };
    });
  }

  return {
    endpoint,
    party(server, role, instance) {
      const make = (): Party => ({
        endpoint: endpoint(server),
        role,
        site: siteOf(server, topology),
        instance,
      });
      const part = instance ?? role;
      return part ? getOrAdd(made.parties, part, make) : make();
    },
    places(clients) {
      const site = siteOf(clients, topology);
      if (site === undefined) return NO_PLACES;
      const group: Party = { endpoint: endpoint(clients), site };
      const secondary = site.type?.value === 'secondary' ? site : undefined;
      const parent = secondary && parentOf(secondary, topology);
      const assigned = parent === undefined || parent === site ? site : parent;
      const zones: readonly (Zone | undefined)[] = effectiveZones(clients, topology);
      const several = zones.length > 1;
      return (zones.length > 0 ? zones : [undefined]).map((zone) => {
        const internet = clients.internetOnly?.value === true || zone?.internet === true;
        return { group, clients, zone, several, internet, assigned, secondary };
      });
    },
  };
}

function partiesFrom(topology: Topology, made: Made, index: Index): Parties {
  const { byRole, bySite, placesByKind, placesBySite } = index;
  const sites = [...topology.sites.values()];
  const maker = makerOf(topology, made);
  const children = new Map<Site, Site[]>();
  const databases = new Map<Site, readonly Party[]>();
  const replicas = new Map<AvailabilityGroup, readonly Party[]>();
  const internet = [...topology.zones.values()].find((zone) => zone.internet);

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
    return getOrAdd(replicas, group, () => {
      const known = getOrAdd(made.replicas, group, () => new Map<Party, Party>());
      return group.replicas.flatMap((replica) => {
        const party = databaseParty(replica);
        return party ? [getOrAdd(known, party, () => ({ ...party, group }))] : [];
      });
    });
  }

  function databaseParty(place: Pick<RoleDatabase, 'server' | 'instance'>): Party | undefined {
    const server = place.server && lookup(topology.servers, place.server.value);
    if (server === undefined) return undefined;
    const name = place.instance?.value ?? DEFAULT_INSTANCE;
    const instance = instanceOf(server, name);
    // An instance that the server does not have is unknown, unless it is the default one left unwritten.
    if (instance === undefined && name.toUpperCase() !== DEFAULT_INSTANCE) return undefined;
    return maker.party(server, roleOf(server, 'sql-server'), instance);
  }

  /** One machine for each zone that has one of the listener's addresses; without any, one beside the first replica. */
  function listenersOf(group: AvailabilityGroup): readonly Party[] {
    if (group.listener === undefined) return NONE;
    const first = group.replicas[0]?.server;
    const server = first && lookup(topology.servers, first.value);
    const beside = server && effectiveZone(server, topology)?.id;
    const known = made.listeners.get(group);
    if (known?.beside === beside && known !== undefined) return known.found;
    const found = findListeners(group, group.listener.addresses, beside);
    made.listeners.set(group, { beside, found });
    return found;
  }

  function findListeners(
    group: AvailabilityGroup,
    listed: readonly Written<string>[],
    beside: string | undefined,
  ): readonly Party[] {
    const name = listenerName(group);
    const addresses = listed.map(({ value }) => value);
    const inZone = groupBy(addresses, (address) => zoneOfAddress(address));
    const machine = (zone: string | undefined, own: readonly string[]): Party => ({
      endpoint: { name, kind: 'listener', zone, zones: zone === undefined ? [] : [zone], addresses: own },
      group,
    });
    return inZone.size > 0
      ? [...inZone].map(([zone, own]) => machine(zone.id, own))
      : [machine(beside, addresses)];
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
    if (server) return maker.party(server, undefined);
    return getOrAdd(made.proxies, name.toLowerCase(), () => {
      const zone = zoneOfAddress(name)?.id;
      const addresses = parseAddress(name) ? [name] : [];
      return { endpoint: { name, kind: 'proxy', zone, zones: zone === undefined ? [] : [zone], addresses } };
    });
  }

  function databasesAt(site: Site): readonly Party[] {
    return getOrAdd(databases, site, () => findDatabases(site));
  }

  const parties: Parties = {
    topology,
    sites,
    all: (role) => byRole.get(role) ?? NONE,
    at: (site, role) => bySite.get(site)?.get(role) ?? NONE,
    siteless: (role) => bySite.get(undefined)?.get(role) ?? NONE,
    places: (kind) => placesByKind.get(kind) ?? NO_PLACES,
    placesAt: (site) => placesBySite.get(site) ?? NO_PLACES,
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
      return group ? listenersOf(group) : NONE;
    },
    replicas: replicasOf,
    database: databaseParty,
    holder(server, role) {
      const held = roleOf(server, role);
      return held && maker.party(server, held);
    },
    proxy({ endpoint }) {
      const proxy = (endpoint.server ?? endpoint.clients)?.proxy;
      if (proxy === undefined) return undefined;
      const { server, port } = proxy;
      return server && port ? { party: proxyParty(server.value), port: port.value } : 'unknown';
    },
    isProxy: (id) => made.proxyNames.has(id),
    siteServer(site) {
      const found = (bySite.get(site)?.get('site-server') ?? NONE).find(
        ({ role }) => role?.values.get('passive')?.value !== true,
      );
      return found?.endpoint.server;
    },
    machine: (server) => maker.party(server, undefined),
    server(name, ...roles) {
      const server = lookup(topology.servers, name);
      if (server === undefined) return undefined;
      const held = roles.map((role) => roleOf(server, role)).find((role) => role !== undefined);
      return maker.party(server, held);
    },
    cloud: (name) =>
      getOrAdd(made.clouds, name, () => ({ endpoint: { name, kind: 'cloud', zone: internet?.id } })),
  };
  insides.set(parties, { made, index });
  return parties;
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
