// Which machines a connection joins: a small table of rules over the connection's two
// sides. The first rule that fits decides; most connections fall to the last one, the
// roles of one site. Which of its rows count between the two, `conditions.ts` knows.
import { catalogOf } from '../catalog/index.ts';
import type { Connection, PortRow } from '../catalog/types.ts';
import { groupBy, memo } from '../collections.ts';
import { lookup, pxeOf } from '../topology/effective.ts';
import type { Site, Topology, Written } from '../topology/model.ts';
import { hasFeature, option } from './conditions.ts';
import { type DomainControllers, domainControllersOf } from './domain-controllers.ts';
import { type GroupInZone, type Parties, type Party, partiesOf, roleOf } from './parties.ts';
import {
  choiceName,
  GATEWAY_ROLE,
  isServingRole,
  type Service,
  type Serving,
  servesInternet,
  servesIntranet,
  servingOf,
} from './serving.ts';

/** Two parties that talk. */
export interface PartyPair {
  readonly from: Party;
  readonly to: Party;
  /** The rows that this pair uses; all of them where absent. */
  readonly uses?: (row: PortRow) => boolean;
  /** The choice that it is an alternative of. */
  readonly anyOf?: string;
  /** A row that is optional is a way of the choice, too: the two ways of a classic gateway. */
  readonly twoWays?: true;
  readonly optional?: true;
  readonly without?: string;
  /** The client group in one of its zones, where one of the two is a client group. */
  readonly place?: GroupInZone;
  /** The place of `to`, where both are client groups. */
  readonly peer?: GroupInZone;
  /** No ICMP echo, although the section asks for it. */
  readonly quiet?: true;
}

/** Everything that pairing asks of a topology, each indexed once. */
export interface Hierarchy {
  readonly parties: Parties;
  readonly serving: Serving;
  readonly controllers: DomainControllers;
}

/** Indexes a topology, once; the cost is proportional to its size. */
export const hierarchyOf: (topology: Topology) => Hierarchy = memo((topology) => {
  const parties = partiesOf(topology);
  return { parties, serving: servingOf(parties), controllers: domainControllersOf(parties) };
});

/** What a pairing rule needs to know of a connection. */
export type Sides = Pick<Connection, 'id' | 'from' | 'to' | 'variant'>;

interface PairingRule {
  readonly from?: string;
  readonly to?: string | readonly string[];
  readonly variant?: string;
  readonly pairs: (hierarchy: Hierarchy, sides: Sides) => Iterable<PartyPair>;
}

/** Parties outside the file and the pseudo-machine that stands for each. */
const CLOUD: Readonly<Record<string, string>> = {
  internet: 'internet',
  microsoft: 'microsoft',
  'microsoft-intune': 'microsoft-intune',
  'exchange-online': 'exchange-online',
  azure: 'azure',
  'cloud-distribution-point': 'azure',
  'cloud-management-gateway': 'azure',
};

/** Roles of 2007 that clients also use at the secondary sites below their site. */
const CONTENT_ROLES: ReadonlySet<string> = new Set(['branch-distribution-point', 'pxe-service-point']);

const RULES: readonly PairingRule[] = [
  { from: 'client', to: 'client', pairs: clientsToClients },
  { from: 'client', to: 'domain-controller', pairs: clientsToControllers },
  { from: 'client', to: ['cloud-distribution-point', 'cloud-management-gateway'], pairs: clientsToAzure },
  { from: 'client', pairs: clientsToRoles },
  { from: 'mac', pairs: (hierarchy, sides) => devicesToRoles(hierarchy, 'mac', sides) },
  { from: 'mobile-device', to: 'microsoft-intune', pairs: mobileDevicesToCloud },
  { from: 'mobile-device', pairs: (hierarchy, sides) => devicesToRoles(hierarchy, 'mobile-device', sides) },
  { from: 'site-server', to: 'client', pairs: wakeOnLan },
  { from: 'console', to: 'client', pairs: consolesToClients },
  { to: 'domain-controller', pairs: rolesToControllers },
  { from: 'sql-server', to: 'sql-server', variant: 'replica', pairs: replicasOfGroups },
  { from: 'sql-server', to: 'sql-server', pairs: databasesOfNeighbours },
  { from: 'site-server', to: 'sql-server', variant: 'wsus', pairs: siteServersToWsusDatabases },
  { to: 'sql-server', variant: 'wsus', pairs: wsusToDatabases },
  { to: 'sql-server', variant: 'listener', pairs: rolesToListeners },
  { to: 'sql-server', pairs: rolesToDatabases },
  { from: 'site-server', to: 'site-server', variant: 'passive', pairs: activeAndPassive },
  { from: 'site-server', to: 'site-server', pairs: siteServersOfNeighbours },
  { from: 'site-server', to: 'internet', pairs: siteServersToInternet },
  { from: 'site-server', to: 'file-server', pairs: siteServersToContentLibraries },
  { from: 'site-server', to: 'certification-authority', pairs: topSiteServersToAuthorities },
  { from: 'site-server', to: 'azure', variant: 'storage', pairs: siteServersToStorage },
  { from: 'site-server', to: 'cloud-distribution-point', pairs: siteServersToAzure },
  { from: 'software-update-point', to: 'wsus-server', pairs: updatePointsToUpstream },
  { from: 'software-update-point', to: 'internet', pairs: updatePointsToInternet },
  { from: 'distribution-point', to: 'distribution-point', pairs: pullSources },
  { from: 'distribution-point', to: 'management-point', pairs: distributionToManagementPoints },
  { from: 'exchange-server-connector', to: ['exchange-server', 'exchange-online'], pairs: exchangeTargets },
  { from: GATEWAY_ROLE, to: 'cloud-management-gateway', pairs: gatewayConnections },
  { from: GATEWAY_ROLE, to: ['management-point', 'software-update-point'], pairs: gatewayRoles },
  { to: Object.keys(CLOUD), pairs: rolesToCloud },
  { from: 'network-device-enrollment-service', pairs: policyModules },
  { pairs: rolesOfOneSite },
];

/** The pairs that a connection makes in a topology, in no particular order; a pair may come twice. */
export function pairsOf(sides: Sides, hierarchy: Hierarchy): Iterable<PartyPair> {
  const rule = RULES.find(
    ({ from, to, variant }) =>
      (from === undefined || from === sides.from) &&
      (to === undefined || (typeof to === 'string' ? to === sides.to : to.includes(sides.to))) &&
      (variant === undefined || variant === sides.variant),
  );
  return rule ? rule.pairs(hierarchy, sides) : [];
}

/** The holders of a role among which clients do not choose that serve the clients of a site. */
function servingSite(site: Site, role: string, parties: Parties): readonly Party[] {
  if (role === 'network-device-enrollment-service')
    return [...parties.at(site, role), ...parties.siteless(role)];
  if (role === 'server-locator-point') return nearest(site, role, parties);
  if (!CONTENT_ROLES.has(role)) return parties.at(site, role);
  const secondaries = parties.children(site).filter(({ type }) => type?.value === 'secondary');
  return [site, ...secondaries].flatMap((each) => parties.at(each, role));
}

/** One server locator point can serve several sites: that of the site itself, else of the nearest site above. */
function nearest(site: Site, role: string, parties: Parties): readonly Party[] {
  const seen = new Set<Site>();
  for (let at: Site | undefined = site; at && !seen.has(at); at = parties.parent(at)) {
    const found = parties.at(at, role);
    if (found.length > 0) return found;
    seen.add(at);
  }
  return [];
}

/** A pair from the clients of a group to a site system that they use. */
function servicePair(place: GroupInZone, { to, anyOf, optional, without }: Service): PartyPair {
  return { from: place.group, to, anyOf, optional, without, place };
}

function* rolesOfOneSite({ parties }: Hierarchy, sides: Sides): Iterable<PartyPair> {
  for (const site of parties.sites) {
    for (const from of parties.at(site, sides.from)) {
      for (const to of parties.at(site, sides.to)) yield { from, to };
    }
  }
}

/** The server with the policy module is often no site system: without a `site` it serves every site. */
function* policyModules(hierarchy: Hierarchy, sides: Sides): Iterable<PartyPair> {
  const { parties } = hierarchy;
  yield* rolesOfOneSite(hierarchy, sides);
  for (const from of parties.siteless(sides.from)) {
    for (const to of parties.all(sides.to)) yield { from, to };
  }
}

const isPeerCache = (row: PortRow) => row.when === 'peer-cache';

/** Wake-up proxy within a group; Windows PE peer cache among the groups of a boundary group. */
function* clientsToClients({ parties, serving }: Hierarchy): Iterable<PartyPair> {
  const intranet = parties.places('windows').filter(({ internet }) => !internet);
  for (const place of intranet) {
    if (hasFeature(place.group, 'wake-up-proxy')) {
      // The port of the proxy is a setting of the site that the clients are assigned to.
      const to = { ...place.group, site: place.assigned };
      yield { from: place.group, to, place, uses: (row) => !isPeerCache(row) };
    }
  }
  const caching = intranet.filter(({ group }) => hasFeature(group, 'windows-pe-peer-cache'));
  const inGroup = groupBy(
    caching.flatMap((place) => serving.boundaryGroups(place).map((group) => ({ place, group }))),
    ({ group }) => group,
  );
  for (const place of caching) {
    const groups = serving.boundaryGroups(place);
    const peers =
      groups.length === 0
        ? [place]
        : groups.flatMap((group) => (inGroup.get(group) ?? []).map((one) => one.place));
    for (const peer of new Set(peers)) {
      yield { from: place.group, to: peer.group, place, peer, uses: isPeerCache, quiet: true };
    }
  }
}

function* clientsToRoles({ parties, serving }: Hierarchy, { to: role, variant }: Sides): Iterable<PartyPair> {
  for (const place of parties.places('windows')) {
    if (!isServingRole(role)) {
      if (place.internet) continue;
      for (const to of servingSite(place.assigned, role, parties)) yield { from: place.group, to, place };
      continue;
    }
    // Neither multicast nor PXE crosses the internet.
    if (place.internet && variant !== undefined) continue;
    const uses = place.internet ? (row: PortRow) => isForInternet(row, role) : undefined;
    for (const service of serving.services(place, role)) {
      if (variant !== undefined && !offersVariant(service.to, variant)) continue;
      const pair = servicePair(place, service);
      const anyOf = pair.anyOf && variant ? variantChoice(variant, place) : pair.anyOf;
      yield { ...pair, anyOf, uses };
    }
  }
}

/** Clients on the internet use HTTPS, and HTTP for a fallback status point alone. */
export function isForInternet(row: PortRow, role: string): boolean {
  return role === 'fallback-status-point' || row.scheme === 'https' || row.optional === true;
}

/** `PXE distribution points of pcs1`. */
function variantChoice(variant: string, place: GroupInZone): string {
  return `${variant === 'pxe' ? 'PXE' : variant} ${choiceName('distribution-point', place)}`;
}

function offersVariant(party: Party, variant: string): boolean {
  if (variant === 'pxe') return party.role !== undefined && pxeOf(party.role) !== undefined;
  return option(party, variant) === true;
}

function* devicesToRoles({ parties }: Hierarchy, kind: string, { to: role }: Sides): Iterable<PartyPair> {
  for (const place of parties.places(kind)) {
    for (const to of parties.at(place.assigned, role)) yield { from: place.group, to, place };
  }
}

/** What stands for a party outside the file. */
function cloudOf(party: string, parties: Parties): Party {
  return parties.cloud(CLOUD[party] ?? party);
}

function* mobileDevicesToCloud({ parties }: Hierarchy, { to }: Sides): Iterable<PartyPair> {
  for (const place of parties.places('mobile-device'))
    yield { from: place.group, to: cloudOf(to, parties), place };
}

/** The gateway, for clients that use it; the lists before it know a cloud distribution point of the hierarchy. */
function* clientsToAzure({ parties, serving }: Hierarchy, { to }: Sides): Iterable<PartyPair> {
  const azure = cloudOf(to, parties);
  const isContent = to === 'cloud-distribution-point';
  const tops = hierarchiesWith(parties, GATEWAY_ROLE);
  const serves = hierarchiesWithContent(parties);
  const withGateway = editionHas(parties.topology, 'client.cloud-management-gateway');
  for (const place of parties.places('windows')) {
    const top = parties.top(place.assigned);
    const uses = withGateway ? serving.usesGateway(place) : tops.has(top);
    if (uses && (!isContent || !withGateway || serves.has(top)))
      yield { from: place.group, to: azure, place };
  }
}

/** Whether the list in force has a connection. */
function editionHas({ edition }: Topology, id: string): boolean {
  return edition !== undefined && catalogOf(edition).connections.some((connection) => connection.id === id);
}

function* siteServersToAzure({ parties }: Hierarchy, { from: role, to }: Sides): Iterable<PartyPair> {
  const azure = cloudOf(to, parties);
  const hierarchies = hierarchiesWith(parties, GATEWAY_ROLE);
  for (const from of parties.all(role)) {
    if (from.site && hierarchies.has(parties.top(from.site))) yield { from, to: azure };
  }
}

/** Content goes to the gateway's storage from the sites that distribute it. */
function* siteServersToStorage({ parties }: Hierarchy, { from: role, to }: Sides): Iterable<PartyPair> {
  const azure = cloudOf(to, parties);
  const serving = hierarchiesWithContent(parties);
  for (const from of parties.all(role)) {
    const { site } = from;
    if (site && site.type?.value !== 'secondary' && serving.has(parties.top(site))) yield { from, to: azure };
  }
}

/** Central administration and primary sites ask the internet; secondary sites do not. */
function* siteServersToInternet({ parties }: Hierarchy, { from: role, to }: Sides): Iterable<PartyPair> {
  for (const from of parties.all(role)) {
    if (from.site?.type?.value !== 'secondary') yield { from, to: cloudOf(to, parties) };
  }
}

function* siteServersToContentLibraries(
  { parties }: Hierarchy,
  { from: role, to }: Sides,
): Iterable<PartyPair> {
  for (const site of parties.sites) {
    const library = site.contentLibrary && parties.server(site.contentLibrary.value, to);
    if (library) for (const from of parties.at(site, role)) yield { from, to: library };
  }
}

/** The top sites of the hierarchies in which some site has a role. */
function hierarchiesWith(parties: Parties, role: string): ReadonlySet<Site> {
  const tops = new Set<Site>();
  for (const { site } of parties.all(role)) if (site) tops.add(parties.top(site));
  return tops;
}

/** The top sites of the hierarchies whose gateway serves content. */
function hierarchiesWithContent(parties: Parties): ReadonlySet<Site> {
  const tops = new Set<Site>();
  for (const party of parties.all(GATEWAY_ROLE))
    if (party.site && option(party, 'content') !== false) tops.add(parties.top(party.site));
  return tops;
}

/** From the site servers of the site that clients are assigned to, and of the secondary site that they are at. */
function* wakeOnLan({ parties }: Hierarchy, { from: role }: Sides): Iterable<PartyPair> {
  for (const place of parties.places('windows')) {
    if (place.internet) continue;
    for (const site of new Set([place.assigned, place.secondary])) {
      if (site?.wakeOnLan === undefined) continue;
      for (const from of parties.at(site, role)) yield { from, to: { ...place.group, site }, place };
    }
  }
}

function* consolesToClients({ parties }: Hierarchy, { from: role }: Sides): Iterable<PartyPair> {
  for (const site of parties.sites) {
    const consoles = parties.at(site, role);
    if (consoles.length === 0) continue;
    for (const below of parties.withDescendants(site)) {
      for (const place of parties.placesAt(below)) {
        if (!place.internet) for (const from of consoles) yield { from, to: place.group, place };
      }
    }
  }
}

const isGlobal = (row: PortRow) => row.globalCatalog === true;
const isPlain = (row: PortRow) => row.globalCatalog !== true;

/** The domain controllers that a machine asks are one choice, those with a global catalog another. */
function* toControllers(
  { controllers }: Hierarchy,
  from: Party,
  zone: string | undefined,
  site: Site | undefined,
  place?: GroupInZone,
): Iterable<PartyPair> {
  const { plain, global } = controllers.askedBy(from, zone, site);
  const { name } = from.endpoint;
  for (const to of plain) yield { from, to, uses: isPlain, anyOf: `domain controllers of ${name}`, place };
  for (const to of global) yield { from, to, uses: isGlobal, anyOf: `global catalogs of ${name}`, place };
}

function* rolesToControllers(hierarchy: Hierarchy, { from: role }: Sides): Iterable<PartyPair> {
  const { parties, controllers } = hierarchy;
  for (const from of parties.all(role)) {
    yield* toControllers(hierarchy, from, from.endpoint.zone, from.site);
    if (role !== 'site-server') continue;
    // Publishing to another forest takes LDAP and RPC to the controllers of that forest.
    for (const { value: forest } of from.site?.publishForests ?? []) {
      const anyOf = `domain controllers of ${forest} for ${from.endpoint.name}`;
      for (const to of controllers.ofForest(forest)) yield { from, to, uses: isPlain, anyOf };
    }
  }
}

function* clientsToControllers(hierarchy: Hierarchy): Iterable<PartyPair> {
  for (const place of hierarchy.parties.places('windows')) {
    if (place.internet || place.clients.workgroup?.value) continue;
    yield* toControllers(hierarchy, place.group, place.zone?.id, place.assigned, place);
  }
}

/** The site database, or the replica that a management point asks instead, and the database of the role's own. */
function* rolesToDatabases({ parties }: Hierarchy, { from: role }: Sides): Iterable<PartyPair> {
  for (const from of parties.all(role)) {
    const replica = role === 'management-point' ? from.role?.databases.get('databaseReplica') : undefined;
    if (replica) {
      const to = parties.database(replica);
      if (to) yield { from, to };
      continue;
    }
    if (from.site) for (const to of parties.databases(from.site)) yield { from, to };
    const own = from.role?.databases.get('database');
    const to = own && parties.database(own);
    if (to) yield { from, to };
  }
}

/** The site database by its listener, but for a management point that asks a replica of its own. */
function* rolesToListeners({ parties }: Hierarchy, { from: role }: Sides): Iterable<PartyPair> {
  for (const from of parties.all(role)) {
    if (!from.site || from.role?.databases.has('databaseReplica')) continue;
    for (const to of parties.listeners(from.site)) yield { from, to };
  }
}

/** The replicas of one availability group, each with each. */
function* replicasOfGroups({ parties }: Hierarchy): Iterable<PartyPair> {
  for (const group of parties.topology.availabilityGroups.values()) {
    const replicas = parties.replicas(group);
    for (const [index, from] of replicas.entries()) {
      for (const to of replicas.slice(index + 1)) yield { from, to };
    }
  }
}

/** Either side of a database replication connects to the other. */
function* databasesOfNeighbours({ parties }: Hierarchy): Iterable<PartyPair> {
  for (const site of parties.sites) {
    const parent = parties.parent(site);
    // A secondary site of 2007 has no database of its own to replicate.
    if (parent === undefined || site.database === undefined) continue;
    for (const upper of parties.databases(parent)) {
      for (const lower of parties.databases(site)) {
        yield { from: upper, to: lower };
        yield { from: lower, to: upper };
      }
    }
  }
}

function* siteServersOfNeighbours({ parties }: Hierarchy, { from: role }: Sides): Iterable<PartyPair> {
  for (const site of parties.sites) {
    const parent = parties.parent(site);
    if (parent === undefined) continue;
    for (const from of parties.at(parent, role)) {
      for (const to of parties.at(site, role)) yield { from, to };
    }
  }
}

function* activeAndPassive({ parties }: Hierarchy, { from: role }: Sides): Iterable<PartyPair> {
  for (const site of parties.sites) {
    const siteServers = parties.at(site, role);
    for (const from of siteServers) {
      if (option(from, 'passive') === true) continue;
      for (const to of siteServers) if (option(to, 'passive') === true) yield { from, to };
    }
  }
}

/** The database of a software update point or WSUS server: the one it names, else SQL Server on its own machine. */
function wsusDatabases({ endpoint, role, site }: Party, parties: Parties): readonly Party[] {
  const named = role?.databases.get('database');
  if (named) {
    const database = parties.database(named);
    return database ? [database] : [];
  }
  const { server } = endpoint;
  const sql = server && roleOf(server, 'sql-server');
  if (!server || !sql) return [];
  if (server.instances.length === 0) return [{ endpoint, role: sql, site }];
  return server.instances.map((instance) => ({ endpoint, role: sql, site, instance }));
}

function* wsusToDatabases({ parties }: Hierarchy, { from: role }: Sides): Iterable<PartyPair> {
  for (const from of parties.all(role)) for (const to of wsusDatabases(from, parties)) yield { from, to };
}

function* siteServersToWsusDatabases({ parties }: Hierarchy, { from: role }: Sides): Iterable<PartyPair> {
  for (const site of parties.sites) {
    const wsus = [...parties.at(site, 'software-update-point'), ...parties.at(site, 'wsus-server')];
    const databases = wsus.flatMap((party) => wsusDatabases(party, parties));
    for (const from of parties.at(site, role)) for (const to of databases) yield { from, to };
  }
}

function* topSiteServersToAuthorities(
  { parties }: Hierarchy,
  { from: role, to }: Sides,
): Iterable<PartyPair> {
  for (const top of hierarchiesWith(parties, 'certificate-registration-point')) {
    const authorities = parties.all(to).filter(({ site }) => site === undefined || parties.top(site) === top);
    for (const from of parties.at(top, role)) for (const to of authorities) yield { from, to };
  }
}

/** Where a software update point goes by its own `upstream`, if that is outside its site. */
function outsideUpstream(point: Party, parties: Parties): 'microsoft' | 'unknown' | Party | undefined {
  const upstream = option(point, 'upstream');
  if (typeof upstream !== 'string' || upstream === NO_UPSTREAM) return undefined;
  if (upstream === MICROSOFT_UPDATE) return 'microsoft';
  const server = lookup(parties.topology.servers, upstream);
  if (server === undefined) return 'unknown';
  const beside = parties.holder(server, UPDATE_POINT);
  if (beside !== undefined && beside.site === point.site) return undefined;
  return beside ?? parties.holder(server, 'wsus-server') ?? 'unknown';
}

/** The software update point of a site that goes out: one with an upstream outside, else the first in the file. */
function outgoing(site: Site, parties: Parties): Party | undefined {
  const points = parties.at(site, UPDATE_POINT);
  return points.find((point) => outsideUpstream(point, parties) !== undefined) ?? points[0];
}

/** Where one software update point synchronises: a party, the internet, or nowhere. */
function upstreamOf(point: Party, parties: Parties): 'microsoft' | Party | undefined {
  if (option(point, 'upstream') === NO_UPSTREAM) return undefined;
  const { site } = point;
  if (site === undefined) {
    const own = outsideUpstream(point, parties);
    return own === 'unknown' ? undefined : own;
  }
  const first = outgoing(site, parties);
  if (first !== point) return first;
  const own = outsideUpstream(point, parties);
  if (own !== undefined) return own === 'unknown' ? undefined : own;
  const parent = parties.parent(site);
  if (parent) return outgoing(parent, parties);
  // A parent that is not in the file is unknown.
  return site.parent === undefined ? 'microsoft' : undefined;
}

function* updatePointsToUpstream({ parties }: Hierarchy, { from: role }: Sides): Iterable<PartyPair> {
  for (const from of parties.all(role)) {
    const to = upstreamOf(from, parties);
    if (to !== undefined && to !== 'microsoft') yield { from, to };
  }
}

function* updatePointsToInternet({ parties }: Hierarchy, { from: role, to }: Sides): Iterable<PartyPair> {
  for (const from of parties.all(role)) {
    if (upstreamOf(from, parties) === 'microsoft') yield { from, to: cloudOf(to, parties) };
  }
}

const UPDATE_POINT = 'software-update-point';
const MICROSOFT_UPDATE = 'microsoft-update';
const NO_UPSTREAM = 'none';

/**
 * The management points of its site that serve the intranet, for a distribution point of the internet alone first
 * those that serve the internet: the ones in its own zone, else all.
 */
function* distributionToManagementPoints(
  { parties }: Hierarchy,
  { from: role, to }: Sides,
): Iterable<PartyPair> {
  for (const site of parties.sites) {
    const own = parties.at(site, to);
    const parent = site.type?.value === 'secondary' && own.length === 0 ? parties.parent(site) : undefined;
    const points = parent ? parties.at(parent, to) : own;
    const intranet = points.filter(servesIntranet);
    const internet = points.filter(servesInternet);
    for (const from of parties.at(site, role)) {
      const pool = !servesIntranet(from) && internet.length > 0 ? internet : intranet;
      const near = pool.filter(
        ({ endpoint }) => endpoint.zone !== undefined && endpoint.zone === from.endpoint.zone,
      );
      for (const each of near.length > 0 ? near : pool) yield { from, to: each };
    }
  }
}

function* pullSources({ parties }: Hierarchy, { from: role }: Sides): Iterable<PartyPair> {
  for (const from of parties.all(role)) {
    const sources = option(from, 'pullFrom');
    if (!Array.isArray(sources)) continue;
    for (const { value } of sources as readonly Written<string>[]) {
      const to = parties.server(value, role);
      if (to?.role) yield { from, to };
    }
  }
}

function* exchangeTargets({ parties }: Hierarchy, { from: role, to }: Sides): Iterable<PartyPair> {
  for (const from of parties.all(role)) {
    const target = option(from, 'to');
    const online = target === undefined || target === 'exchange-online';
    if (to === 'exchange-online') {
      if (online) yield { from, to: parties.cloud(to) };
    } else if (!online && typeof target === 'string') {
      const server = parties.server(target, to);
      if (server?.role) yield { from, to: server };
    }
  }
}

/** The lists that know the classic gateway alone give the HTTPS ways of any other, too. */
function* gatewayConnections(
  { parties }: Hierarchy,
  { from: role, to, variant }: Sides,
): Iterable<PartyPair> {
  const tells = editionHas(parties.topology, `${role}.${to}.scale-set`);
  for (const from of parties.all(role)) {
    const kind = option(from, 'gateway');
    if (tells && kind !== variant) continue;
    const pair = { from, to: cloudOf(to, parties) };
    if (kind === 'classic')
      yield { ...pair, anyOf: `ways to the gateway of ${from.endpoint.name}`, twoWays: true };
    else yield pair;
  }
}

/** The roles of its site that take the traffic of the gateway. */
function* gatewayRoles({ parties }: Hierarchy, { from: role, to }: Sides): Iterable<PartyPair> {
  for (const site of parties.sites) {
    const serving = parties.at(site, to).filter((party) => option(party, 'cloudManagementGateway') === true);
    for (const from of parties.at(site, role)) for (const each of serving) yield { from, to: each };
  }
}

function* rolesToCloud({ parties }: Hierarchy, { from: role, to }: Sides): Iterable<PartyPair> {
  for (const from of parties.all(role)) yield { from, to: cloudOf(to, parties) };
}
