// What a topology says and its site does not, and the reverse: by site, server, role and boundary group.
import { PORTS } from '../catalog/numbers.ts';
import { groupBy } from '../collections.ts';
import { addressRange, joinedRanges } from '../reach/addresses.ts';
import { rpcRangeText } from '../rules/words.ts';
import type { Span } from '../text/tree.ts';
import { networkText, parseNetwork } from '../topology/address.ts';
import {
  clientPortsOf,
  DEFAULT_INSTANCE,
  effectiveForest,
  instancePort,
  lookup,
  pxeOf,
  roleOption,
  siteOf,
} from '../topology/effective.ts';
import type { AvailabilityGroup, BoundaryGroup, Role, Server, Site, Topology } from '../topology/model.ts';
import type {
  Draft,
  DraftBoundaryGroup,
  DraftDatabase,
  DraftRole,
  DraftServer,
  DraftSite,
  DraftValue,
} from './draft.ts';
import type { FactPlace } from './facts.ts';
import { wordOf } from './hosts.ts';
import { exportedRoles } from './system-roles.ts';

/** One difference. Values are as a topology writes them, with the names of the file. */
export interface Difference {
  readonly change: 'only-in-file' | 'only-at-site' | 'different';
  readonly what: 'site' | 'server' | 'role' | 'boundary-group';
  /** The code of the site, or the name of the server or boundary group. */
  readonly name: string;
  readonly role: string | undefined;
  /** The key that differs; undefined where the whole of it is on one side only. */
  readonly key: string | undefined;
  /** What the file has: the value of the key, or the roles of a server that the site does not have. */
  readonly inFile: string | undefined;
  readonly atSite: string | undefined;
  /** In the file; undefined where nothing is there. */
  readonly span: Span | undefined;
  /** In the export; undefined where nothing is there. */
  readonly place: FactPlace | undefined;
}

export interface Drift {
  /** As the user named them. */
  readonly file: string;
  readonly exports: readonly string[];
  readonly differences: readonly Difference[];
}

/** Names of the file for those of the exports. */
interface Names {
  /** A server of the draft as the file has it. */
  of(server: DraftServer): Server | undefined;
  /** The availability group of the file of which a name is the listener. */
  listenerOf(name: string): AvailabilityGroup | undefined;
  /** The name in the file of a server of the draft; its own where the file does not have it. */
  say(name: string): string;
}

/**
 * Compares a file with exports of its site. What the exports cannot say, or do not cover, makes no difference.
 */
export function driftOf(topology: Topology, draft: Draft): readonly Difference[] {
  const names = namesOf(topology, draft);
  const all = [
    ...siteDifferences(topology, draft, names),
    ...serverDifferences(topology, draft, names),
    ...boundaryGroupDifferences(topology, draft, names),
  ];
  // What a file lacks may be in a part of it that could not be read.
  return topology.tree.damage.length === 0 ? all : all.filter(({ change }) => change !== 'only-at-site');
}

const lower = (text: string): string => text.toLowerCase();

function difference(what: Difference['what'], name: string, more: Partial<Difference>): Difference {
  return {
    change: 'different',
    what,
    name,
    role: undefined,
    key: undefined,
    inFile: undefined,
    atSite: undefined,
    span: undefined,
    place: undefined,
    ...more,
  };
}

/** A server is the same where the full name is, else the name, else the host name if only one has it. */
function namesOf(topology: Topology, draft: Draft): Names {
  const left = new Set(topology.servers.values());
  const found = new Map<DraftServer, Server>();
  const label = (name: string): string => lower(name.split('.')[0] ?? name);
  const isOther = (server: DraftServer, own: Server): boolean =>
    server.fqdn !== undefined && own.fqdn !== undefined && lower(own.fqdn.value) !== lower(server.fqdn);
  // By the full name, the name, the host name: where two have other full names they are two machines.
  const ways: readonly {
    readonly of: (server: DraftServer) => string | undefined;
    readonly own: (server: Server) => string | undefined;
  }[] = [
    { of: ({ fqdn }) => fqdn && lower(fqdn), own: ({ fqdn }) => fqdn && lower(fqdn.value) },
    { of: ({ name }) => lower(name), own: ({ id }) => id },
    { of: ({ name, fqdn }) => label(fqdn ?? name), own: ({ name, fqdn }) => label(fqdn?.value ?? name) },
  ];
  for (const way of ways) {
    const candidates = groupBy(left, way.own);
    for (const server of draft.servers) {
      const key = way.of(server);
      if (found.has(server) || key === undefined) continue;
      const fitting = (candidates.get(key) ?? []).filter((own) => left.has(own) && !isOther(server, own));
      const [only, ...others] = fitting;
      if (only === undefined || others.length > 0) continue;
      found.set(server, only);
      left.delete(only);
    }
  }
  const byName = new Map([...found].map(([server, own]) => [server.name, own.name]));
  return {
    of: (server) => found.get(server),
    listenerOf: (name) => (byName.has(name) ? undefined : lookup(topology.listeners, name)?.group),
    say: (name) => byName.get(name) ?? name,
  };
}

// --- Sites ------------------------------------------------------------------------------------

function* siteDifferences(topology: Topology, draft: Draft, names: Names): Iterable<Difference> {
  const told = new Map(draft.sites.map((site) => [lower(site.code), site]));
  for (const site of draft.sites) {
    const own = lookup(topology.sites, site.code);
    if (own) yield* siteKeys(own, site, topology, draft, names);
    else
      yield difference('site', site.code, { change: 'only-at-site', atSite: site.type, place: site.place });
  }
  if (!draft.areSitesTold) return;
  for (const site of topology.sites.values())
    if (!told.has(site.id))
      yield difference('site', site.name, {
        change: 'only-in-file',
        inFile: site.type?.value,
        span: site.key.span,
      });
}

function* siteKeys(
  own: Site,
  site: DraftSite,
  topology: Topology,
  draft: Draft,
  names: Names,
): Iterable<Difference> {
  const say = (
    key: string,
    inFile: string | undefined,
    atSite: string | undefined,
    span: Span = own.key.span,
  ) => difference('site', own.name, { key, inFile, atSite, span, place: site.place });
  if (site.isTypeTold && own.type && own.type.value !== site.type)
    yield say('type', own.type.value, site.type, own.type.span);
  if (site.isParentTold && lower(own.parent?.value ?? '') !== lower(site.parent ?? ''))
    yield say('parent', own.parent?.value, site.parent, own.parent?.span);
  const { database } = site;
  if (database !== undefined) {
    const there = siteDatabaseText(database, draft, names, site.isInstanceTold);
    const here = ownDatabaseText(own, topology, site.isInstanceTold);
    if (lower(here ?? '') !== lower(there)) yield say('database', here, there, own.database?.span);
  }
  const ports = clientPortsOf(own, topology);
  for (const key of ['http', 'https'] as const) {
    const there = site.clientPorts[key];
    if (there !== undefined && there.join(', ') !== ports[key].join(', '))
      yield say(`clientPorts.${key}`, ports[key].join(', '), there.join(', '), own.clientPorts?.span);
  }
}

/** `sql01\CM`; of an availability group the servers of its replicas. */
function databaseText(server: string, instance: string | undefined, isInstanceTold: boolean): string {
  const isDefault = lower(instance ?? DEFAULT_INSTANCE) === lower(DEFAULT_INSTANCE);
  return isInstanceTold && !isDefault ? `${server}\\${instance}` : server;
}

function siteDatabaseText(
  database: NonNullable<DraftSite['database']>,
  draft: Draft,
  names: Names,
  isInstanceTold: boolean,
): string {
  const own = 'server' in database ? names.listenerOf(database.server) : undefined;
  if (own) return replicasText(own, isInstanceTold);
  if ('server' in database)
    return databaseText(names.say(database.server), database.instance, isInstanceTold);
  const group = draft.availabilityGroups.find(({ name }) => name === database.availabilityGroup);
  const servers = group?.replicas.map(({ server, instance }) =>
    databaseText(names.say(server), instance, isInstanceTold),
  );
  return (servers ?? []).toSorted().join(', ');
}

function replicasText({ replicas }: AvailabilityGroup, isInstanceTold: boolean): string {
  return replicas
    .flatMap(({ server, instance }) =>
      server ? databaseText(server.value, instance?.value, isInstanceTold) : [],
    )
    .toSorted()
    .join(', ');
}

function ownDatabaseText(site: Site, topology: Topology, isInstanceTold: boolean): string | undefined {
  const { database } = site;
  const group =
    database?.availabilityGroup && lookup(topology.availabilityGroups, database.availabilityGroup.value);
  if (group) return replicasText(group, isInstanceTold);
  return database?.server && databaseText(database.server.value, database.instance?.value, isInstanceTold);
}

// --- Servers and roles ------------------------------------------------------------------------

function* serverDifferences(topology: Topology, draft: Draft, names: Names): Iterable<Difference> {
  const known = new Set<Server>();
  const covers = (site: string | undefined, role: string): boolean => {
    const coverage = site === undefined ? undefined : draft.coverage.get(site.toUpperCase());
    return coverage === 'all' || coverage?.has(role) === true;
  };
  for (const server of draft.servers) {
    const own = names.of(server);
    // An export that has no SQL Server of the site takes a listener for one.
    if (!own && names.listenerOf(server.name)) continue;
    if (own) {
      known.add(own);
      yield* serverKeys(own, server, topology);
      yield* roleDifferences(own, server, names, (role) =>
        covers(siteOf(own, topology)?.name ?? server.site, role),
      );
    } else {
      const roles = [...server.roles.keys()];
      const atSite = roles.length === 0 ? undefined : roles.join(', ');
      yield difference('server', server.name, { change: 'only-at-site', atSite, place: server.place });
    }
  }
  for (const server of topology.servers.values()) {
    if (known.has(server)) continue;
    const site = siteOf(server, topology);
    // A database server of its own may be one that no export names.
    const roles = server.roles
      .map(({ role }) => role)
      .filter((role) => role !== 'sql-server' && exportedRoles.has(role) && covers(site?.name, role));
    if (roles.length > 0)
      yield difference('server', server.name, {
        change: 'only-in-file',
        inFile: roles.join(', '),
        span: server.key.span,
      });
  }
}

function* serverKeys(own: Server, server: DraftServer, topology: Topology): Iterable<Difference> {
  const { place } = server;
  const say = (
    key: string,
    inFile: string | undefined,
    atSite: string | undefined,
    at: FactPlace,
    span?: Span,
  ) => difference('server', own.name, { key, inFile, atSite, span: span ?? own.key.span, place: at });
  // A site that the file does not have is a difference of its own.
  const site = siteOf(own, topology)?.name ?? own.site?.value;
  const hasSiteRoles = [...server.roles.keys()].some((role) => role !== 'sql-server');
  if (hasSiteRoles && server.site !== undefined && lower(site ?? '') !== lower(server.site))
    yield say('site', own.site?.value, server.site, place, own.site?.span);
  if (server.addresses.length > 0 && own.addresses.length > 0) {
    const [here, there] = [own.addresses.map(({ value }) => value), server.addresses].map(sorted);
    if (here !== there) yield say('addresses', here, there, place, own.addresses[0]?.span);
  }
  const { siteServerInitiates, proxy, forest } = server;
  if (siteServerInitiates) {
    const here = own.siteServerInitiates?.value === true;
    if (here !== siteServerInitiates.value)
      yield say(
        'siteServerInitiates',
        String(here),
        String(siteServerInitiates.value),
        siteServerInitiates.place,
        own.siteServerInitiates?.span,
      );
  }
  if (proxy) {
    const text = (one: { readonly server: string; readonly port: number } | null) =>
      one && `${one.server}:${one.port}`;
    const [written, port] = [own.proxy?.server?.value, own.proxy?.port?.value];
    const here = written === undefined || port === undefined ? null : `${written}:${port}`;
    const there = text(proxy.value);
    const isSame =
      lower(here ?? '') === lower(there ?? '') || isSameProxy(written, port, proxy.value, topology);
    if (!isSame) yield say('proxy', here ?? 'none', there ?? 'none', proxy.place, own.proxy?.span);
  }
  const ownForest = effectiveForest(own, topology);
  // A file without forests has one that nobody named.
  if (forest && ownForest && lower(ownForest.value) !== lower(forest.value))
    yield say('forest', ownForest.value, forest.value, forest.place, ownForest.span);
}

/** A proxy that is a server of the file has its name there, and its full name in an export. */
function isSameProxy(
  written: string | undefined,
  port: number | undefined,
  there: { readonly server: string; readonly port: number } | null,
  { servers }: Topology,
): boolean {
  if (written === undefined || there === null || port !== there.port) return false;
  const full = lookup(servers, written)?.fqdn?.value;
  return full !== undefined && lower(full) === lower(there.server);
}

function* roleDifferences(
  own: Server,
  server: DraftServer,
  names: Names,
  covers: (role: string) => boolean,
): Iterable<Difference> {
  const roles = new Map(own.roles.map((role) => [role.role, role]));
  for (const role of server.roles.values()) {
    const there = roles.get(role.role);
    if (there) yield* optionDifferences(there, role, server, names);
    else
      yield difference('role', own.name, {
        change: 'only-at-site',
        role: role.role,
        span: own.key.span,
        place: role.place,
      });
  }
  for (const role of own.roles) {
    if (server.roles.has(role.role) || role.role === 'sql-server') continue;
    if (!exportedRoles.has(role.role) || !covers(role.role)) continue;
    yield difference('role', own.name, { change: 'only-in-file', role: role.role, span: role.key.span });
  }
}

function* optionDifferences(
  own: Role,
  role: DraftRole,
  server: DraftServer,
  names: Names,
): Iterable<Difference> {
  const say = (key: string, inFile: string | undefined, atSite: string, place: FactPlace) =>
    difference('role', own.server.name, {
      role: own.role,
      key,
      inFile,
      atSite,
      span: own.values.get(key)?.span ?? own.key.span,
      place,
    });
  for (const [key, { value, place }] of role.options) {
    if (isDatabase(value) && names.listenerOf(value.server)) continue;
    const isInstanceTold = !isDatabase(value) || value.instance !== undefined;
    const here = ownText(own, key, isInstanceTold);
    const there = valueText(value, names);
    if (lower(here ?? '') !== lower(there) && !isSameWord(own.role, key, here, there))
      yield say(key, here, there, place);
  }
  if (own.role !== 'sql-server') return;
  const instances = new Map(own.server.instances.map((instance) => [instance.id, instance]));
  for (const [name, { isTold, port }] of server.instances) {
    if (!isTold) continue;
    const instance = instances.get(lower(name));
    const here = instance && instancePort(instance);
    const isPlain = lower(name) === lower(DEFAULT_INSTANCE) && (port ?? PORTS.sqlServer) === PORTS.sqlServer;
    if (!instance && !(isPlain && instances.size === 0)) {
      yield difference('role', own.server.name, {
        role: own.role,
        key: `instances.${name}`,
        atSite: port === undefined ? name : `port ${port}`,
        span: own.key.span,
        place: role.place,
      });
    } else if (instance && port !== undefined && here !== port)
      yield difference('role', own.server.name, {
        role: own.role,
        key: `instances.${name}.port`,
        inFile: here === undefined ? undefined : String(here),
        atSite: String(port),
        span: instance.key.span,
        place: role.place,
      });
  }
}

/** The value in force in the file, as {@link valueText} says it. */
function ownText(role: Role, key: string, isInstanceTold: boolean): string | undefined {
  if (key === 'pxe') return String(pxeOf(role) !== undefined);
  if (key === 'database' || key === 'databaseReplica') {
    const database = role.databases.get(key);
    return database?.server && databaseText(database.server.value, database.instance?.value, isInstanceTold);
  }
  const value = roleOption(role, key);
  if (value === undefined) return key === 'pullFrom' ? '' : undefined;
  if (typeof value !== 'object') return String(value);
  if ('low' in value) return rpcRangeText(value);
  return sorted(value.map((one) => one.value));
}

function valueText(value: DraftValue, names: Names): string {
  if (typeof value === 'string') return names.say(value);
  if (typeof value !== 'object') return String(value);
  if (isDatabase(value)) return databaseText(names.say(value.server), value.instance, true);
  return sorted((value as readonly string[]).map(names.say));
}

function isDatabase(value: DraftValue): value is DraftDatabase {
  return typeof value === 'object' && 'server' in value;
}

function sorted(texts: readonly string[]): string {
  return texts.map(lower).toSorted().join(', ');
}

/** What an export does not tell apart. */
function isSameWord(role: string, key: string, here: string | undefined, there: string): boolean {
  // Nothing is what false is.
  if (here === undefined && there === 'false') return true;
  if (key !== 'protocol') return false;
  // Enhanced HTTP is HTTP to an export; of a report server it has the address that is used, of several that may be.
  if (here === 'enhanced-http') return there !== 'https';
  return role === 'reporting-services-point' && here === 'both';
}

// --- Boundary groups ---------------------------------------------------------------------------

function* boundaryGroupDifferences(topology: Topology, draft: Draft, names: Names): Iterable<Difference> {
  if (draft.boundaryGroups.length === 0) return;
  const known = new Set<BoundaryGroup>();
  for (const group of draft.boundaryGroups) {
    const own =
      lookup(topology.boundaryGroups, group.name) ?? lookup(topology.boundaryGroups, wordOf(group.title));
    if (own) {
      known.add(own);
      yield* boundaryGroupKeys(own, group, topology, draft, names);
    } else yield difference('boundary-group', group.title, { change: 'only-at-site', place: group.place });
  }
  for (const group of topology.boundaryGroups.values())
    if (!known.has(group))
      yield difference('boundary-group', group.name, { change: 'only-in-file', span: group.key.span });
}

function* boundaryGroupKeys(
  own: BoundaryGroup,
  group: DraftBoundaryGroup,
  topology: Topology,
  draft: Draft,
  names: Names,
): Iterable<Difference> {
  const compare = (
    key: string,
    here: string,
    there: string,
    span: Span | undefined,
  ): readonly Difference[] =>
    lower(here) === lower(there)
      ? []
      : [
          difference('boundary-group', own.name, {
            key,
            inFile: here === '' ? undefined : here,
            atSite: there === '' ? undefined : there,
            span: span ?? own.key.span,
            place: group.place,
          }),
        ];
  if (group.areServersTold)
    yield* compare(
      'servers',
      sorted(own.servers.map(({ value }) => value)),
      sorted(group.servers.map(names.say)),
      own.servers[0]?.span,
    );
  if (group.areNeighboursTold) {
    const text = (neighbour: string, roles: readonly string[] | undefined) =>
      `${neighbour}${roles === undefined ? '' : ` (${sorted(roles)})`}`;
    yield* compare(
      'fallback',
      sorted(
        own.fallback.map((one) => text(one.group.value, allRoles(one.roles?.map(({ value }) => value)))),
      ),
      sorted([...group.fallback].map(([neighbour, roles]) => text(neighbour, allRoles(roles)))),
      own.fallback[0]?.group.span,
    );
  }
  const there = networksText(
    draft.clients.filter(({ name }) => group.members.includes(name)).flatMap(({ networks }) => networks),
  );
  const isWhole = draft.clients.every(
    ({ name, notes }) => !group.members.includes(name) || notes.length === 0,
  );
  const here = ownNetworks(own, topology);
  if (there !== '' && isWhole && here !== undefined)
    yield* compare('networks of its members', networksText(here), there, own.members[0]?.span);
}

/** All roles that fall back are as many as none named. */
function allRoles(roles: readonly string[] | undefined): readonly string[] | undefined {
  return roles !== undefined && new Set(roles).size === 3 ? undefined : roles;
}

/** The networks of the clients in a group; undefined where the file does not say them. */
function ownNetworks({ members }: BoundaryGroup, topology: Topology): readonly string[] | undefined {
  const networks: string[] = [];
  for (const { value } of members) {
    const holder = lookup(topology.clients, value) ?? lookup(topology.zones, value);
    if (holder === undefined || holder.networks.length === 0) return undefined;
    networks.push(...holder.networks.map((network) => network.value));
  }
  return networks;
}

/** Networks as ranges that are joined, so that it makes no difference how they are cut. */
function networksText(networks: readonly string[]): string {
  const families = groupBy(
    joinedRanges(networks.flatMap((text) => parseNetwork(text) ?? []).map(addressRange)),
    ({ family }) => family,
  );
  return [...families]
    .flatMap(([family, ranges]) =>
      ranges.map(({ low, high }) => {
        const text = (bits: bigint) => networkText({ family, bits, prefix: family === 4 ? 32 : 128 });
        return `${text(low)}-${text(high)}`;
      }),
    )
    .join(', ');
}
