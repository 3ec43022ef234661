// What is in force for a machine, a site or a role: its own setting, else what the
// file's defaults, its parent site or the format give. Unknown stays undefined.

import { DYNAMIC_RANGES, PORTS } from '../catalog/numbers.ts';
import { groupBy, insert, memo, without } from '../collections.ts';
import { differenceOf } from './difference.ts';
import { osFamily, roleDefault } from './format.ts';
import type {
  AvailabilityGroup,
  ClientGroup,
  OptionValue,
  PortRange,
  Role,
  Server,
  Site,
  SqlInstance,
  Topology,
  Written,
  Zone,
} from './model.ts';

/** The name of SQL Server's default instance. */
export const DEFAULT_INSTANCE = 'MSSQLSERVER';
/** SQL Server's port for its default instance, and the documented one of every edition. */
export const DEFAULT_SQL_PORT: number = PORTS.sqlServer;
/** The documented SQL Server Service Broker port of every edition. */
export const DEFAULT_SERVICE_BROKER_PORT: number = PORTS.serviceBroker;

/**
 * Finds an entry by a name as someone wrote it.
 * @param map of the topology: keys are lower-cased names
 */
export function lookup<T>(map: ReadonlyMap<string, T>, name: string): T | undefined {
  return map.get(name.toLowerCase());
}

/** The operating system of a server: its own, else the file's default. */
export function effectiveOs(server: Server, topology: Topology): Written<string> | undefined {
  return server.os ?? topology.defaults.os;
}

/** The dynamic RPC ports of a server: its own, else the file's default; undefined where neither sets them. */
export function rpcRange(server: Server, topology: Topology): Written<PortRange> | undefined {
  return server.rpcDynamicPorts ?? topology.defaults.rpcDynamicPorts;
}

/**
 * The dynamic RPC ports that Windows uses as installed: 49152-65535, before Windows Vista and
 * Windows Server 2008 1024-5000.
 * @param os a word of the format; undefined is returned for `other` and unknown words
 */
export function defaultRpcRange(os: string): PortRange | undefined {
  const family = osFamily(os);
  if (family === undefined) return undefined;
  return family === 'before-vista' ? DYNAMIC_RANGES.older : DYNAMIC_RANGES.newer;
}

/** The zones that a machine itself names: at most one of a server, any number of a client group. */
export function writtenZones(machine: Server | ClientGroup): readonly Written<string>[] {
  if (machine.kind === 'clients') return machine.zones;
  return machine.zone ? [machine.zone] : [];
}

/** The zone of a server (its own, else the file's default) or the first of a client group. */
export function effectiveZone(machine: Server | ClientGroup, topology: Topology): Zone | undefined {
  const written =
    writtenZones(machine)[0] ?? (machine.kind === 'server' ? topology.defaults.zone : undefined);
  return written && lookup(topology.zones, written.value);
}

/** All zones of a machine: of a server none or one, of a client group those it names that are there. */
export function effectiveZones(machine: Server | ClientGroup, topology: Topology): readonly Zone[] {
  if (machine.kind === 'server') {
    const zone = effectiveZone(machine, topology);
    return zone ? [zone] : [];
  }
  const zones = machine.zones.map(({ value }) => lookup(topology.zones, value));
  return [...new Set(zones)].filter((zone) => zone !== undefined);
}

/** The forest of a machine: its own, else the file's default; undefined for the one unnamed forest. */
export function effectiveForest(
  machine: Server | ClientGroup,
  topology: Topology,
): Written<string> | undefined {
  return machine.forest ?? topology.defaults.forest;
}

/**
 * The dynamic RPC ports of a client group: its own, else the range of its operating system; undefined where the
 * file gives neither. The file's defaults are the servers'.
 */
export function clientRpcRange(group: ClientGroup): PortRange | undefined {
  return group.rpcDynamicPorts?.value ?? (group.os && defaultRpcRange(group.os.value));
}

/** Whether a distribution point answers PXE requests, and with what; undefined where it does not. */
export function pxeOf(role: Role): 'wds' | 'responder' | undefined {
  const value = roleOption(role, 'pxe');
  if (value === true || value === 'wds') return 'wds';
  return value === 'responder' ? 'responder' : undefined;
}

/** The site that a server or client group names. */
export function siteOf(machine: Server | ClientGroup, topology: Topology): Site | undefined {
  return machine.site && lookup(topology.sites, machine.site.value);
}

/** The site that a site names as its parent. */
export function parentOf(site: Site, topology: Topology): Site | undefined {
  return site.parent && lookup(topology.sites, site.parent.value);
}

/** The sites that name this one as their parent, in file order. */
export function childrenOf(site: Site, topology: Topology): readonly Site[] {
  return indexOf(topology).children.get(site) ?? [];
}

interface Index {
  readonly children: ReadonlyMap<Site, readonly Site[]>;
  readonly servers: ReadonlyMap<Site, readonly Server[]>;
  readonly roles: ReadonlyMap<string, readonly Role[]>;
  readonly databases: Databases;
}

/** Where the database of a site is. */
export interface Database {
  readonly server: Server;
  readonly instance: SqlInstance | undefined;
}

interface Databases {
  /** The names of their servers, in lower case, whether the file has these or not. */
  readonly names: ReadonlySet<string>;
  readonly bySite: ReadonlyMap<Site, readonly Database[]>;
}

/** The last index of the versions of a file that have the same sites. */
const indices = new WeakMap<
  Topology['sites'],
  { readonly servers: Topology['servers']; readonly index: Index }
>();

// Rules ask these questions of every site and role: without an index a large file costs sites times servers.
const indexOf = memo((topology: Topology): Index => {
  const { sites, servers } = topology;
  const before = indices.get(sites);
  const index = (before && indexAfter(before.index, before.servers, topology)) ?? makeIndex(topology);
  indices.set(sites, { servers, index });
  return index;
});

function makeIndex(topology: Topology): Index {
  const machines = [...topology.servers.values()];
  return {
    children: groupBy(topology.sites.values(), (site) => {
      const parent = parentOf(site, topology);
      return parent === site ? undefined : parent;
    }),
    servers: groupBy(machines, (server) => siteOf(server, topology)),
    roles: groupBy(
      machines.flatMap(({ roles }) => roles),
      ({ role }) => role,
    ),
    databases: findDatabases(topology),
  };
}

function findDatabases(topology: Topology): Databases {
  const names = new Set<string>();
  const bySite = new Map<Site, readonly Database[]>();
  for (const site of topology.sites.values()) {
    const { database } = site;
    if (database === undefined) continue;
    const group = database.availabilityGroup
      ? lookup(topology.availabilityGroups, database.availabilityGroup.value)
      : undefined;
    const places = group ? group.replicas : [database];
    const found = places.flatMap((place): readonly Database[] => {
      if (place.server === undefined) return [];
      names.add(place.server.value.toLowerCase());
      const server = lookup(topology.servers, place.server.value);
      return server
        ? [{ server, instance: instanceOf(server, place.instance?.value ?? DEFAULT_INSTANCE) }]
        : [];
    });
    bySite.set(site, found);
  }
  return { names, bySite };
}

/** The index of a file in which some servers are others, and no site is; undefined where it has to be made anew. */
function indexAfter(
  { children, servers, roles, databases }: Index,
  before: Topology['servers'],
  topology: Topology,
): Index | undefined {
  const difference = differenceOf(before, topology.servers);
  if (difference === undefined) return undefined;
  const { gone, added } = difference;
  const ofSite = new Map(servers);
  const named = new Map(roles);
  for (const server of gone) {
    const site = siteOf(server, topology);
    if (site) without(ofSite, site, (one) => one === server);
    for (const { role } of server.roles) without(named, role, (one) => one.server === server);
  }
  const startOf = ({ span }: Server | Role) => span.start;
  for (const server of added) {
    const site = siteOf(server, topology);
    if (site) insert(ofSite, site, server, startOf);
    for (const role of server.roles) insert(named, role.role, role, startOf);
  }
  const inOrder = [...named].filter(([, list]) => list.length > 0);
  inOrder.sort(([, [a]], [, [b]]) => (a && b ? startOf(a) - startOf(b) : 0));
  const isOfDatabase = ({ id }: Server) => databases.names.has(id);
  return {
    children,
    servers: ofSite,
    roles: new Map(inOrder),
    databases: [...gone, ...added].some(isOfDatabase) ? findDatabases(topology) : databases,
  };
}

/** The top of a site's hierarchy; in a cycle of parents, the last site before it closes. */
export function topSite(site: Site, topology: Topology): Site {
  const seen = new Set([site]);
  let top = site;
  for (;;) {
    const parent = parentOf(top, topology);
    if (parent === undefined || seen.has(parent)) return top;
    seen.add(parent);
    top = parent;
  }
}

const NO_SERVERS: readonly Server[] = [];
const NO_ROLES: readonly Role[] = [];

/**
 * The servers that name a site, in file order. The same list from one version of a file to the next for as long as these
 * servers are the same, and nothing else is different but other machines and what `readers.ts` lists.
 */
export function serversOf(site: Site, topology: Topology): readonly Server[] {
  return indexOf(topology).servers.get(site) ?? NO_SERVERS;
}

/** The roles of one name, in file order. The same list for as long as one of `serversOf` would be. */
export function rolesNamed(role: string, topology: Topology): readonly Role[] {
  return indexOf(topology).roles.get(role) ?? NO_ROLES;
}

const bySite = memo((roles: readonly Role[], topology: Topology) =>
  groupBy(roles, ({ server }) => siteOf(server, topology)),
);

/** The roles of one name on servers that name a site, in file order. */
export function rolesAt(site: Site, role: string, topology: Topology): readonly Role[] {
  return bySite(rolesNamed(role, topology), topology).get(site) ?? NO_ROLES;
}

/** The names of the roles that are in the file, and the roles of each, in file order. */
export function rolesByName(topology: Topology): ReadonlyMap<string, readonly Role[]> {
  return indexOf(topology).roles;
}

/**
 * The client request ports in force at a site, the default before the alternate. A secondary site
 * has those of its primary, whatever it writes itself.
 */
export function clientPortsOf(
  site: Site,
  topology: Topology,
): { readonly http: number[]; readonly https: number[]; readonly notification: number } {
  const parent = site.type?.value === 'secondary' ? parentOf(site, topology) : undefined;
  const ports = (parent ?? site).clientPorts;
  const values = (list: readonly Written<number>[] | undefined, otherwise: number) =>
    list && list.length > 0 ? list.map(({ value }) => value) : [otherwise];
  return {
    http: values(ports?.http, PORTS.http),
    https: values(ports?.https, PORTS.https),
    notification: ports?.notification?.value ?? PORTS.notification,
  };
}

/** An option of a role: the value written, else the format's default. */
export function roleOption(role: Role, key: string): OptionValue | undefined {
  return role.values.get(key)?.value ?? roleDefault(role.role, key);
}

/** A role's port option (`httpPort`, `httpsPort`): the one written, else the format's default. */
export function rolePort(role: Role, key: string): number | undefined {
  const value = roleOption(role, key);
  return typeof value === 'number' ? value : undefined;
}

/** An instance of a server by name. */
export function instanceOf(server: Server, name: string): SqlInstance | undefined {
  const wanted = name.toLowerCase();
  return server.instances.find((instance) => instance.id === wanted);
}

/**
 * Where a site's database is: one server, or every replica of its availability group. Servers that
 * the file does not have are left out; `instance` is undefined where the server has no such instance.
 */
export function databasesOf(site: Site, topology: Topology): readonly Database[] {
  return indexOf(topology).databases.bySite.get(site) ?? NO_DATABASES;
}

const NO_DATABASES: readonly Database[] = [];

/**
 * The TCP port of a SQL Server instance: the one written, else 1433 for the default instance.
 * Undefined for a named instance without a port and for one that picks its port at start.
 */
export function instancePort(instance: SqlInstance): number | undefined {
  if (instance.port) return instance.port.value;
  if (instance.dynamicPorts?.value) return undefined;
  return instance.name.toUpperCase() === DEFAULT_INSTANCE ? DEFAULT_SQL_PORT : undefined;
}

/** The Service Broker port of an instance: the one written, else 4022. */
export function serviceBrokerPort(instance: SqlInstance): number {
  return instance.serviceBrokerPort?.value ?? DEFAULT_SERVICE_BROKER_PORT;
}

/**
 * The instances whose SQL Server Service Broker is used: those that hold the database of a site with a parent or
 * with sites below it, since only sites of one hierarchy replicate over it.
 */
export function brokeredInstances(topology: Topology): ReadonlySet<SqlInstance> {
  return brokered(indexOf(topology).databases, topology);
}

const brokered = memo(({ bySite }: Databases, topology: Topology): ReadonlySet<SqlInstance> => {
  const used = new Set<SqlInstance>();
  for (const [site, places] of bySite) {
    if (!site.parent && childrenOf(site, topology).length === 0) continue;
    for (const { instance } of places) if (instance) used.add(instance);
  }
  return used;
});

/** The name by which an availability group's listener is known: its own, else one made from the group's. */
export function listenerName({ name, listener }: AvailabilityGroup): string {
  return listener?.name?.value ?? `${name}-listener`;
}
