// Which machines a connection joins: a small table of rules over the connection's two
// sides. The first rule that fits decides; most connections fall to the last one, the
// roles of one site. Which of its rows count between the two, `conditions.ts` knows.
// Each rule goes from site to site, from client group to client group or from machine to machine, and says of which of
// these nothing that it asks was changed by an edit: docs/performance.md.
import { catalogOf } from '../catalog/index.ts';
import type { Connection, PortRow } from '../catalog/types.ts';
import { groupBy, isSameList, memo } from '../collections.ts';
import { lookup, pxeOf } from '../topology/effective.ts';
import type { Site, Topology, Written } from '../topology/model.ts';
import { hasFeature, option } from './conditions.ts';
import type { Change, Hierarchy } from './hierarchy.ts';
import { type GroupInZone, type Parties, type Party, roleOf } from './parties.ts';
import { choiceName, GATEWAY_ROLE, isServingRole, servesInternet, servesIntranet } from './serving.ts';

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

/** What a pairing rule needs to know of a connection. */
export type Sides = Pick<Connection, 'id' | 'from' | 'to' | 'variant'>;

/** The pairs of a connection, bit by bit. */
export interface Pairing {
  /** What it goes through: sites, places of client groups, parties; or one thing that stands for all. */
  readonly units: (hierarchy: Hierarchy, sides: Sides) => readonly object[];
  /** The pairs of one of them, in no particular order; a pair may come twice. */
  readonly pairs: (unit: object, hierarchy: Hierarchy, sides: Sides) => Iterable<PartyPair>;
  /** Whether all units that were there before have the same pairs as before. */
  readonly areSame: (change: Change, sides: Sides) => boolean;
  /** Whether one of them has, where not all have. */
  readonly isSame: (unit: object, change: Change, sides: Sides) => boolean;
}

type Pairs<Unit> = (unit: Unit, hierarchy: Hierarchy, sides: Sides) => Iterable<PartyPair>;
/** Whether everything that `pairs` asks of the hierarchy has the same answer after a change, for all units. */
type AreSame = (change: Change, sides: Sides) => boolean;
/** The same for one unit. */
type IsSame<Unit> = (unit: Unit, change: Change, sides: Sides) => boolean;

const ALWAYS = () => true;
const NEVER = () => false;

function perSite(pairs: Pairs<Site>, areSame: AreSame, isSame: IsSame<Site>): Pairing {
  return { units: ({ parties }) => parties.sites, pairs, areSame, isSame } as Pairing;
}

function perPlace(
  kind: string,
  pairs: Pairs<GroupInZone>,
  areSame: AreSame,
  isSame: IsSame<GroupInZone> = NEVER,
): Pairing {
  return { units: ({ parties }) => parties.places(kind), pairs, areSame, isSame } as Pairing;
}

/** For each holder of the role that the connection is from. */
function perHolder(pairs: Pairs<Party>, areSame: AreSame, isSame: IsSame<Party> = NEVER): Pairing {
  return { units: ({ parties }, { from }) => parties.all(from), pairs, areSame, isSame } as Pairing;
}

const EVERYTHING: readonly object[] = [{}];

/** In one piece. */
function atOnce(
  pairs: (hierarchy: Hierarchy, sides: Sides) => Iterable<PartyPair>,
  areSame: AreSame,
): Pairing {
  return {
    units: () => EVERYTHING,
    pairs: (_, hierarchy, sides) => pairs(hierarchy, sides),
    areSame,
    isSame: NEVER,
  };
}

interface PairingRule {
  readonly from?: string;
  readonly to?: string | readonly string[];
  readonly variant?: string;
  readonly pairing: Pairing;
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

/** Whether the holders of both roles are the same. */
const haveSameHolders: AreSame = ({ isSameRole }, { from, to }) => isSameRole(from) && isSameRole(to);
const isSameFrom: AreSame = ({ isSameRole }, { from }) => isSameRole(from);
const isSameTo: AreSame = ({ isSameRole }, { to }) => isSameRole(to);
const areSameControllers: AreSame = (change) => change.areSameControllers();

const RULES: readonly PairingRule[] = [
  {
    from: 'client',
    to: 'client',
    pairing: atOnce(clientsToClients, ({ areSamePlaces }) => areSamePlaces('windows')),
  },
  {
    from: 'client',
    to: 'domain-controller',
    pairing: perPlace('windows', clientsToControllers, areSameControllers),
  },
  // A change of what makes a gateway is none: `changeBetween`.
  {
    from: 'client',
    to: ['cloud-distribution-point', 'cloud-management-gateway'],
    pairing: perPlace('windows', clientsToAzure, ALWAYS),
  },
  { from: 'client', pairing: perPlace('windows', clientsToRoles, isSameTo, areSameServing) },
  { from: 'mac', pairing: perPlace('mac', devicesToRoles, isSameTo, areSameAtPlace) },
  {
    from: 'mobile-device',
    to: 'microsoft-intune',
    pairing: perPlace('mobile-device', mobileDevicesToCloud, ALWAYS),
  },
  { from: 'mobile-device', pairing: perPlace('mobile-device', devicesToRoles, isSameTo, areSameAtPlace) },
  {
    from: 'site-server',
    to: 'client',
    pairing: perPlace('windows', wakeOnLan, isSameFrom, (place, change, { from }) =>
      [place.assigned, place.secondary].every((site) => !site || change.isSameAt(site, from)),
    ),
  },
  {
    from: 'console',
    to: 'client',
    pairing: perSite(
      consolesToClients,
      ({ isSameRole, areSamePlaces }, { from }) => isSameRole(from) && areSamePlaces('windows'),
      (site, { isSameAt, before, after }, { from }) =>
        isSameAt(site, from) &&
        after.parties
          .withDescendants(site)
          .every((below) => isSameList(before.parties.placesAt(below), after.parties.placesAt(below))),
    ),
  },
  { to: 'domain-controller', pairing: perHolder(rolesToControllers, areSameControllers) },
  {
    from: 'sql-server',
    to: 'sql-server',
    variant: 'replica',
    pairing: atOnce(replicasOfGroups, areSameReplicas),
  },
  {
    from: 'sql-server',
    to: 'sql-server',
    pairing: perSite(databasesOfNeighbours, NEVER, (site, { before, after }) => {
      const parent = after.parties.parent(site);
      const sites = parent ? [site, parent] : [site];
      return sites.every((one) => isSameList(before.parties.databases(one), after.parties.databases(one)));
    }),
  },
  {
    from: 'site-server',
    to: 'sql-server',
    variant: 'wsus',
    pairing: atOnce(
      siteServersToWsusDatabases,
      (change, { from }) => change.isSameRole(from) && WSUS_ROLES.every((role) => areSameOwn(role, change)),
    ),
  },
  {
    to: 'sql-server',
    variant: 'wsus',
    pairing: atOnce(wsusToDatabases, (change, { from }) => areSameOwn(from, change)),
  },
  {
    to: 'sql-server',
    variant: 'listener',
    pairing: perHolder(
      rolesToListeners,
      NEVER,
      ({ site }, { before, after }) =>
        site === undefined || isSameList(before.parties.listeners(site), after.parties.listeners(site)),
    ),
  },
  {
    to: 'sql-server',
    pairing: perHolder(rolesToDatabases, NEVER, (party, { before, after }, { from }) =>
      isSameList(databasesAsked(party, from, before.parties), databasesAsked(party, from, after.parties)),
    ),
  },
  {
    from: 'site-server',
    to: 'site-server',
    variant: 'passive',
    pairing: perSite(activeAndPassive, isSameFrom, (site, change, { from }) => change.isSameAt(site, from)),
  },
  {
    from: 'site-server',
    to: 'site-server',
    pairing: perSite(siteServersOfNeighbours, haveSameHolders, (site, change, { from, to }) => {
      const parent = change.after.parties.parent(site);
      return parent === undefined || (change.isSameAt(parent, from) && change.isSameAt(site, to));
    }),
  },
  { from: 'site-server', to: 'internet', pairing: perHolder(siteServersToInternet, ALWAYS) },
  {
    from: 'site-server',
    to: 'file-server',
    pairing: atOnce(
      siteServersToContentLibraries,
      (change, { from }) => change.isSameRole(from) && areSameLibraries(change),
    ),
  },
  {
    from: 'site-server',
    to: 'certification-authority',
    pairing: atOnce(
      topSiteServersToAuthorities,
      (change, sides) => haveSameHolders(change, sides) && change.isSameRole(REGISTRATION_POINT),
    ),
  },
  { from: 'site-server', to: 'azure', variant: 'storage', pairing: perHolder(siteServersToStorage, ALWAYS) },
  { from: 'site-server', to: 'cloud-distribution-point', pairing: perHolder(siteServersToAzure, ALWAYS) },
  {
    from: 'software-update-point',
    to: 'wsus-server',
    pairing: atOnce(updatePointsToUpstream, areSameUpdatePoints),
  },
  {
    from: 'software-update-point',
    to: 'internet',
    pairing: atOnce(updatePointsToInternet, areSameUpdatePoints),
  },
  {
    from: 'distribution-point',
    to: 'distribution-point',
    pairing: perHolder(pullSources, isSameFrom, (party, { before, after }, { from }) =>
      isSameList(sourcesOf(party, from, before.parties), sourcesOf(party, from, after.parties)),
    ),
  },
  {
    from: 'distribution-point',
    to: 'management-point',
    pairing: perSite(distributionToManagementPoints, haveSameHolders, (site, change, { from, to }) => {
      const parent = change.after.parties.parent(site);
      return (
        change.isSameAt(site, from) &&
        change.isSameAt(site, to) &&
        (parent === undefined || change.isSameAt(parent, to))
      );
    }),
  },
  {
    from: 'exchange-server-connector',
    to: ['exchange-server', 'exchange-online'],
    pairing: atOnce(exchangeTargets, haveSameHolders),
  },
  { from: GATEWAY_ROLE, to: 'cloud-management-gateway', pairing: perHolder(gatewayConnections, ALWAYS) },
  {
    from: GATEWAY_ROLE,
    to: ['management-point', 'software-update-point'],
    pairing: perSite(gatewayRoles, haveSameHolders, areSameAtSite),
  },
  { to: Object.keys(CLOUD), pairing: perHolder(rolesToCloud, ALWAYS) },
  { from: 'network-device-enrollment-service', pairing: atOnce(policyModules, haveSameHolders) },
  { pairing: perSite(rolesOfOneSite, haveSameHolders, areSameAtSite) },
];

const NOTHING: Pairing = atOnce(() => [], ALWAYS);

/** How the pairs that a connection makes in a topology are found. */
export function pairingOf(sides: Sides): Pairing {
  const rule = RULES.find(
    ({ from, to, variant }) =>
      (from === undefined || from === sides.from) &&
      (to === undefined || (typeof to === 'string' ? to === sides.to : to.includes(sides.to))) &&
      (variant === undefined || variant === sides.variant),
  );
  return rule?.pairing ?? NOTHING;
}

/** Whether the holders of the two roles at a site are the same. */
function areSameAtSite(site: Site, { isSameAt }: Change, { from, to }: Sides): boolean {
  return isSameAt(site, from) && isSameAt(site, to);
}

/** Whether the holders of a role at the site of some clients are the same. */
function areSameAtPlace({ assigned }: GroupInZone, { isSameAt }: Change, { to }: Sides): boolean {
  return isSameAt(assigned, to);
}

/** Whether the site systems that some clients use for a role are the same. */
function areSameServing(place: GroupInZone, change: Change, { to: role }: Sides): boolean {
  if (isServingRole(role)) return change.areSameServices(place, role);
  const { before, after } = change;
  return isSameList(
    servingSite(place.assigned, role, before.parties),
    servingSite(place.assigned, role, after.parties),
  );
}

/** Whether every replica of the availability groups is the same. */
function areSameReplicas({ before, after }: Change): boolean {
  return [...after.parties.topology.availabilityGroups.values()].every((group) =>
    isSameList(before.parties.replicas(group), after.parties.replicas(group)),
  );
}

/** Whether the holders of a role are the same, and so are the databases that they name as their own. */
function areSameOwn(role: string, { isSameRole, before, after }: Change): boolean {
  return (
    isSameRole(role) &&
    after.parties.all(role).every((party) => {
      const named = party.role?.databases.get('database');
      return named === undefined || before.parties.database(named) === after.parties.database(named);
    })
  );
}

/** Whether the content libraries of the sites are on the same servers. */
function areSameLibraries({ before, after }: Change): boolean {
  const serverOf = ({ topology }: Parties, name: string) => lookup(topology.servers, name);
  return after.parties.sites.every(
    ({ contentLibrary: library }) =>
      library === undefined ||
      serverOf(before.parties, library.value) === serverOf(after.parties, library.value),
  );
}

/** Who is upstream follows from the holders of these roles alone. */
function areSameUpdatePoints({ isSameRole }: Change): boolean {
  return WSUS_ROLES.every(isSameRole);
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

function* rolesOfOneSite(site: Site, { parties }: Hierarchy, sides: Sides): Iterable<PartyPair> {
  for (const from of parties.at(site, sides.from)) {
    for (const to of parties.at(site, sides.to)) yield { from, to };
  }
}

/** The server with the policy module is often no site system: without a `site` it serves every site. */
function* policyModules(hierarchy: Hierarchy, sides: Sides): Iterable<PartyPair> {
  const { parties } = hierarchy;
  for (const site of parties.sites) yield* rolesOfOneSite(site, hierarchy, sides);
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

function* clientsToRoles(
  place: GroupInZone,
  { parties, serving }: Hierarchy,
  { to: role, variant }: Sides,
): Iterable<PartyPair> {
  if (!isServingRole(role)) {
    if (place.internet) return;
    for (const to of servingSite(place.assigned, role, parties)) yield { from: place.group, to, place };
    return;
  }
  // Neither multicast nor PXE crosses the internet.
  if (place.internet && variant !== undefined) return;
  const uses = place.internet ? (row: PortRow) => isForInternet(row, role) : undefined;
  for (const service of serving.services(place, role)) {
    if (variant !== undefined && !offersVariant(service.to, variant)) continue;
    const { to, optional, without } = service;
    const anyOf = service.anyOf && variant ? variantChoice(variant, place) : service.anyOf;
    yield { from: place.group, to, anyOf, optional, without, place, uses };
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

function* devicesToRoles(
  place: GroupInZone,
  { parties }: Hierarchy,
  { to: role }: Sides,
): Iterable<PartyPair> {
  for (const to of parties.at(place.assigned, role)) yield { from: place.group, to, place };
}

/** What stands for a party outside the file. */
function cloudOf(party: string, parties: Parties): Party {
  return parties.cloud(CLOUD[party] ?? party);
}

function* mobileDevicesToCloud(
  place: GroupInZone,
  { parties }: Hierarchy,
  { to }: Sides,
): Iterable<PartyPair> {
  yield { from: place.group, to: cloudOf(to, parties), place };
}

/** The gateway, for clients that use it; the lists before it know a cloud distribution point of the hierarchy. */
function* clientsToAzure(
  place: GroupInZone,
  { parties, serving }: Hierarchy,
  { to }: Sides,
): Iterable<PartyPair> {
  const isContent = to === 'cloud-distribution-point';
  const withGateway = editionHas(parties.topology, 'client.cloud-management-gateway');
  const top = parties.top(place.assigned);
  const uses = withGateway ? serving.usesGateway(place) : hierarchiesWithGateway(parties).has(top);
  if (uses && (!isContent || !withGateway || hierarchiesWithContent(parties).has(top)))
    yield { from: place.group, to: cloudOf(to, parties), place };
}

/** Whether the list in force has a connection. */
function editionHas({ edition }: Topology, id: string): boolean {
  return edition !== undefined && catalogOf(edition).connections.some((connection) => connection.id === id);
}

function* siteServersToAzure(from: Party, { parties }: Hierarchy, { to }: Sides): Iterable<PartyPair> {
  if (from.site && hierarchiesWithGateway(parties).has(parties.top(from.site)))
    yield { from, to: cloudOf(to, parties) };
}

/** Content goes to the gateway's storage from the sites that distribute it. */
function* siteServersToStorage(from: Party, { parties }: Hierarchy, { to }: Sides): Iterable<PartyPair> {
  const { site } = from;
  if (site && site.type?.value !== 'secondary' && hierarchiesWithContent(parties).has(parties.top(site)))
    yield { from, to: cloudOf(to, parties) };
}

/** Central administration and primary sites ask the internet; secondary sites do not. */
function* siteServersToInternet(from: Party, { parties }: Hierarchy, { to }: Sides): Iterable<PartyPair> {
  if (from.site?.type?.value !== 'secondary') yield { from, to: cloudOf(to, parties) };
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

const hierarchiesWithGateway = memo((parties: Parties) => hierarchiesWith(parties, GATEWAY_ROLE));

/** The top sites of the hierarchies whose gateway serves content. */
const hierarchiesWithContent = memo((parties: Parties): ReadonlySet<Site> => {
  const tops = new Set<Site>();
  for (const party of parties.all(GATEWAY_ROLE))
    if (party.site && option(party, 'content') !== false) tops.add(parties.top(party.site));
  return tops;
});

/** From the site servers of the site that clients are assigned to, and of the secondary site that they are at. */
function* wakeOnLan(place: GroupInZone, { parties }: Hierarchy, { from: role }: Sides): Iterable<PartyPair> {
  if (place.internet) return;
  for (const site of new Set([place.assigned, place.secondary])) {
    if (site?.wakeOnLan === undefined) continue;
    for (const from of parties.at(site, role)) yield { from, to: { ...place.group, site }, place };
  }
}

function* consolesToClients(site: Site, { parties }: Hierarchy, { from: role }: Sides): Iterable<PartyPair> {
  const consoles = parties.at(site, role);
  if (consoles.length === 0) return;
  for (const below of parties.withDescendants(site)) {
    for (const place of parties.placesAt(below)) {
      if (!place.internet) for (const from of consoles) yield { from, to: place.group, place };
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

function* rolesToControllers(from: Party, hierarchy: Hierarchy, { from: role }: Sides): Iterable<PartyPair> {
  yield* toControllers(hierarchy, from, from.endpoint.zone, from.site);
  if (role !== 'site-server') return;
  // Publishing to another forest takes LDAP and RPC to the controllers of that forest.
  for (const { value: forest } of from.site?.publishForests ?? []) {
    const anyOf = `domain controllers of ${forest} for ${from.endpoint.name}`;
    for (const to of hierarchy.controllers.ofForest(forest)) yield { from, to, uses: isPlain, anyOf };
  }
}

function* clientsToControllers(place: GroupInZone, hierarchy: Hierarchy): Iterable<PartyPair> {
  if (place.internet || place.clients.workgroup?.value) return;
  yield* toControllers(hierarchy, place.group, place.zone?.id, place.assigned, place);
}

function* rolesToDatabases(from: Party, { parties }: Hierarchy, { from: role }: Sides): Iterable<PartyPair> {
  for (const to of databasesAsked(from, role, parties)) yield { from, to };
}

/** The site database, or the replica that a management point asks instead, and the database of the role's own. */
function databasesAsked(from: Party, role: string, parties: Parties): readonly Party[] {
  const replica = role === 'management-point' ? from.role?.databases.get('databaseReplica') : undefined;
  if (replica) return [parties.database(replica) ?? []].flat();
  const ofSite = from.site ? parties.databases(from.site) : [];
  const own = from.role?.databases.get('database');
  const to = own && parties.database(own);
  return to ? [...ofSite, to] : ofSite;
}

/** The site database by its listener, but for a management point that asks a replica of its own. */
function* rolesToListeners(from: Party, { parties }: Hierarchy): Iterable<PartyPair> {
  if (!from.site || from.role?.databases.has('databaseReplica')) return;
  for (const to of parties.listeners(from.site)) yield { from, to };
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
function* databasesOfNeighbours(site: Site, { parties }: Hierarchy): Iterable<PartyPair> {
  const parent = parties.parent(site);
  // A secondary site of 2007 has no database of its own to replicate.
  if (parent === undefined || site.database === undefined) return;
  for (const upper of parties.databases(parent)) {
    for (const lower of parties.databases(site)) {
      yield { from: upper, to: lower };
      yield { from: lower, to: upper };
    }
  }
}

function* siteServersOfNeighbours(
  site: Site,
  { parties }: Hierarchy,
  { from: role }: Sides,
): Iterable<PartyPair> {
  const parent = parties.parent(site);
  if (parent === undefined) return;
  for (const from of parties.at(parent, role)) {
    for (const to of parties.at(site, role)) yield { from, to };
  }
}

function* activeAndPassive(site: Site, { parties }: Hierarchy, { from: role }: Sides): Iterable<PartyPair> {
  const siteServers = parties.at(site, role);
  for (const from of siteServers) {
    if (option(from, 'passive') === true) continue;
    for (const to of siteServers) if (option(to, 'passive') === true) yield { from, to };
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
  for (const top of hierarchiesWith(parties, REGISTRATION_POINT)) {
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
const WSUS_ROLES: readonly string[] = [UPDATE_POINT, 'wsus-server'];
const REGISTRATION_POINT = 'certificate-registration-point';
const MICROSOFT_UPDATE = 'microsoft-update';
const NO_UPSTREAM = 'none';

/**
 * The management points of its site that serve the intranet, for a distribution point of the internet alone first
 * those that serve the internet: the ones in its own zone, else all.
 */
function* distributionToManagementPoints(
  site: Site,
  { parties }: Hierarchy,
  { from: role, to }: Sides,
): Iterable<PartyPair> {
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

function* pullSources(from: Party, { parties }: Hierarchy, { from: role }: Sides): Iterable<PartyPair> {
  for (const to of sourcesOf(from, role, parties)) yield { from, to };
}

/** The distribution points that one gets its content from. */
function sourcesOf(from: Party, role: string, parties: Parties): readonly Party[] {
  const sources = option(from, 'pullFrom');
  if (!Array.isArray(sources)) return [];
  return (sources as readonly Written<string>[]).flatMap(({ value }) => {
    const to = parties.server(value, role);
    return to?.role ? [to] : [];
  });
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
  from: Party,
  { parties }: Hierarchy,
  { from: role, to, variant }: Sides,
): Iterable<PartyPair> {
  const tells = editionHas(parties.topology, `${role}.${to}.scale-set`);
  const kind = option(from, 'gateway');
  if (tells && kind !== variant) return;
  const pair = { from, to: cloudOf(to, parties) };
  if (kind === 'classic')
    yield { ...pair, anyOf: `ways to the gateway of ${from.endpoint.name}`, twoWays: true };
  else yield pair;
}

/** The roles of its site that take the traffic of the gateway. */
function* gatewayRoles(site: Site, { parties }: Hierarchy, { from: role, to }: Sides): Iterable<PartyPair> {
  const serving = parties.at(site, to).filter((party) => option(party, 'cloudManagementGateway') === true);
  for (const from of parties.at(site, role)) for (const each of serving) yield { from, to: each };
}

function* rolesToCloud(from: Party, { parties }: Hierarchy, { to }: Sides): Iterable<PartyPair> {
  yield { from, to: cloudOf(to, parties) };
}
