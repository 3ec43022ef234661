// Which machines a connection joins: a small table of rules over the connection's two
// sides. The first rule that fits decides; most connections fall to the last one, the
// roles of one site.
import type { Condition, Connection, PortRow } from '../catalog/types.ts';
import { DEFAULT_INSTANCE, DEFAULT_SQL_PORT, instancePort, roleOption } from '../topology/effective.ts';
import type { Site, Written } from '../topology/model.ts';
import { type Parties, type Party, roleOf } from './parties.ts';

/** Two parties that talk. */
export interface Pair {
  readonly from: Party;
  readonly to: Party;
  /** The rows that this pair uses; all of them where absent. */
  readonly uses?: (row: PortRow) => boolean;
}

/** What a pairing rule needs to know of a connection. */
export type Sides = Pick<Connection, 'from' | 'to' | 'variant'>;

interface PairingRule {
  readonly from?: string;
  readonly to?: string | readonly string[];
  readonly variant?: string;
  readonly pairs: (parties: Parties, sides: Sides) => Iterable<Pair>;
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

/** Clients also use these at the secondary sites below their site. */
const CONTENT_ROLES: ReadonlySet<string> = new Set([
  'distribution-point',
  'branch-distribution-point',
  'pxe-service-point',
]);

/** The role that says that a hierarchy has services in Azure which clients use. */
export const GATEWAY_ROLE = 'cloud-management-gateway-connection-point';

const RULES: readonly PairingRule[] = [
  { from: 'client', to: 'client', pairs: withinGroups },
  { from: 'client', to: 'domain-controller', pairs: groupsToControllers },
  { from: 'client', to: ['cloud-distribution-point', 'cloud-management-gateway'], pairs: groupsToAzure },
  { from: 'client', pairs: (parties, sides) => groupsToRoles(parties, 'windows', sides) },
  { from: 'mac', pairs: (parties, sides) => groupsToRoles(parties, 'mac', sides) },
  { from: 'mobile-device', to: 'microsoft-intune', pairs: mobileDevicesToCloud },
  { from: 'mobile-device', pairs: (parties, sides) => groupsToRoles(parties, 'mobile-device', sides) },
  { from: 'site-server', to: 'client', pairs: wakeOnLan },
  { from: 'console', to: 'client', pairs: consolesToGroups },
  { to: 'domain-controller', pairs: rolesToControllers },
  { from: 'sql-server', to: 'sql-server', pairs: databasesOfNeighbours },
  { from: 'site-server', to: 'sql-server', variant: 'wsus', pairs: siteServersToWsusDatabases },
  { to: 'sql-server', pairs: rolesToDatabases },
  { from: 'site-server', to: 'site-server', pairs: siteServersOfNeighbours },
  { from: 'site-server', to: 'certification-authority', pairs: topSiteServersToAuthorities },
  { from: 'site-server', to: 'cloud-distribution-point', pairs: siteServersToAzure },
  { from: 'software-update-point', to: 'wsus-server', pairs: updatePointsToUpstream },
  { from: 'software-update-point', to: 'internet', pairs: updatePointsToInternet },
  { from: 'distribution-point', to: 'distribution-point', pairs: pullSources },
  { from: 'exchange-server-connector', to: ['exchange-server', 'exchange-online'], pairs: exchangeTargets },
  { from: GATEWAY_ROLE, to: 'cloud-management-gateway', pairs: gatewayConnections },
  { to: Object.keys(CLOUD), pairs: rolesToCloud },
  { from: 'network-device-enrollment-service', pairs: policyModules },
  { pairs: rolesOfOneSite },
];

/** The pairs that a connection makes in a topology, in no particular order; a pair may come twice. */
export function pairsOf(sides: Sides, parties: Parties): Iterable<Pair> {
  const rule = RULES.find(
    ({ from, to, variant }) =>
      (from === undefined || from === sides.from) &&
      (to === undefined || (typeof to === 'string' ? to === sides.to : to.includes(sides.to))) &&
      (variant === undefined || variant === sides.variant),
  );
  return rule ? rule.pairs(parties, sides) : [];
}

/** The holders of a role that serve the clients of a site. */
export function serving(site: Site, role: string, parties: Parties): readonly Party[] {
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

function* rolesOfOneSite(parties: Parties, sides: Sides): Iterable<Pair> {
  for (const site of parties.sites) {
    for (const from of parties.at(site, sides.from)) {
      for (const to of parties.at(site, sides.to)) yield { from, to };
    }
  }
}

/** The server with the policy module is often no site system: without a `site` it serves every site. */
function* policyModules(parties: Parties, sides: Sides): Iterable<Pair> {
  yield* rolesOfOneSite(parties, sides);
  for (const from of parties.siteless(sides.from)) {
    for (const to of parties.all(sides.to)) yield { from, to };
  }
}

function* withinGroups(parties: Parties): Iterable<Pair> {
  for (const group of parties.groups('windows')) {
    if (hasFeature(group, 'wake-up-proxy')) yield { from: group, to: group };
  }
}

function* groupsToRoles(parties: Parties, kind: string, { to: role, variant }: Sides): Iterable<Pair> {
  for (const from of parties.groups(kind)) {
    if (from.site === undefined) continue;
    for (const to of serving(from.site, role, parties)) {
      if (role !== 'distribution-point' || variant === undefined || option(to, variant) === true) {
        yield { from, to };
      }
    }
  }
}

function* mobileDevicesToCloud(parties: Parties, { to }: Sides): Iterable<Pair> {
  for (const from of parties.groups('mobile-device')) yield { from, to: parties.cloud(CLOUD[to] ?? to) };
}

function* groupsToAzure(parties: Parties, { to }: Sides): Iterable<Pair> {
  const azure = parties.cloud(CLOUD[to] ?? to);
  const hierarchies = hierarchiesWith(parties, GATEWAY_ROLE);
  for (const from of parties.groups('windows')) {
    if (from.site && hierarchies.has(parties.top(from.site))) yield { from, to: azure };
  }
}

function* siteServersToAzure(parties: Parties, { from: role, to }: Sides): Iterable<Pair> {
  const azure = parties.cloud(CLOUD[to] ?? to);
  const hierarchies = hierarchiesWith(parties, GATEWAY_ROLE);
  for (const from of parties.all(role)) {
    if (from.site && hierarchies.has(parties.top(from.site))) yield { from, to: azure };
  }
}

/** The top sites of the hierarchies in which some site has a role. */
function hierarchiesWith(parties: Parties, role: string): ReadonlySet<Site> {
  const tops = new Set<Site>();
  for (const { site } of parties.all(role)) if (site) tops.add(parties.top(site));
  return tops;
}

function* wakeOnLan(parties: Parties, { from: role }: Sides): Iterable<Pair> {
  for (const to of parties.groups('windows')) {
    if (to.site?.wakeOnLan === undefined) continue;
    for (const from of parties.at(to.site, role)) yield { from, to };
  }
}

function* consolesToGroups(parties: Parties, { from: role }: Sides): Iterable<Pair> {
  for (const site of parties.sites) {
    const consoles = parties.at(site, role);
    if (consoles.length === 0) continue;
    for (const below of parties.withDescendants(site)) {
      for (const to of parties.groupsAt(below)) {
        if (isWindows(to)) for (const from of consoles) yield { from, to };
      }
    }
  }
}

/**
 * The domain controllers in the machine's zone, or all where it has none; those with a global catalog
 * are chosen apart, so that the global catalog is found where it is.
 */
function controllersFor(parties: Parties): (from: Party) => Iterable<Pair> {
  const all = parties.all('domain-controller');
  const nearestOf = (pool: readonly Party[]) => {
    const byZone = new Map<string | undefined, Set<Party>>();
    for (const party of pool) {
      const { zone } = party.endpoint;
      const near = byZone.get(zone);
      if (near) near.add(party);
      else byZone.set(zone, new Set([party]));
    }
    const everywhere = new Set(pool);
    return (zone: string | undefined) => (zone === undefined ? undefined : byZone.get(zone)) ?? everywhere;
  };
  const plainIn = nearestOf(all);
  const globalIn = nearestOf(all.filter((party) => option(party, 'globalCatalog') === true));
  const chosen = new Map<string | undefined, readonly Omit<Pair, 'from'>[]>();
  return function* (from) {
    const { zone } = from.endpoint;
    let targets = chosen.get(zone);
    if (targets === undefined) {
      const plain = plainIn(zone);
      const global = globalIn(zone);
      targets = [...new Set([...plain, ...global])].map((to) => ({
        to,
        uses: (row) => (row.globalCatalog ? global : plain).has(to),
      }));
      chosen.set(zone, targets);
    }
    for (const target of targets) yield { from, ...target };
  };
}

function* rolesToControllers(parties: Parties, { from: role }: Sides): Iterable<Pair> {
  const controllers = controllersFor(parties);
  for (const from of parties.all(role)) yield* controllers(from);
}

function* groupsToControllers(parties: Parties): Iterable<Pair> {
  const controllers = controllersFor(parties);
  for (const from of parties.groups('windows')) {
    const { clients } = from.endpoint;
    if (!clients?.internetOnly?.value && !clients?.workgroup?.value) yield* controllers(from);
  }
}

function* rolesToDatabases(parties: Parties, { from: role }: Sides): Iterable<Pair> {
  for (const from of parties.all(role)) {
    if (from.site) for (const to of parties.databases(from.site)) yield { from, to };
  }
}

/** Either side of a database replication connects to the other. */
function* databasesOfNeighbours(parties: Parties): Iterable<Pair> {
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

function* siteServersOfNeighbours(parties: Parties, { from: role }: Sides): Iterable<Pair> {
  for (const site of parties.sites) {
    const parent = parties.parent(site);
    if (parent === undefined) continue;
    for (const from of parties.at(parent, role)) {
      for (const to of parties.at(site, role)) yield { from, to };
    }
  }
}

/** The file says nothing of the WSUS database: it is taken to be in the SQL Server on the same machine, if there is one. */
function* siteServersToWsusDatabases(parties: Parties, { from: role }: Sides): Iterable<Pair> {
  for (const site of parties.sites) {
    const wsus = [...parties.at(site, 'software-update-point'), ...parties.at(site, 'wsus-server')];
    for (const { endpoint, site } of wsus) {
      const sql = endpoint.server && roleOf(endpoint.server, 'sql-server');
      if (!endpoint.server || !sql || !site) continue;
      const { instances } = endpoint.server;
      const targets: readonly Party[] =
        instances.length > 0
          ? instances.map((instance) => ({ endpoint, role: sql, site, instance }))
          : [{ endpoint, role: sql, site }];
      for (const from of parties.at(site, role)) for (const to of targets) yield { from, to };
    }
  }
}

function* topSiteServersToAuthorities(parties: Parties, { from: role, to }: Sides): Iterable<Pair> {
  for (const top of hierarchiesWith(parties, 'certificate-registration-point')) {
    const authorities = parties.all(to).filter(({ site }) => site === undefined || parties.top(site) === top);
    for (const from of parties.at(top, role)) for (const to of authorities) yield { from, to };
  }
}

function* updatePointsToUpstream(parties: Parties, { from: role }: Sides): Iterable<Pair> {
  for (const from of parties.all(role)) {
    const upstream = option(from, 'upstream');
    if (typeof upstream === 'string') {
      const to = upstream === MICROSOFT_UPDATE ? undefined : parties.server(upstream, role, 'wsus-server');
      if (to?.role) yield { from, to };
      continue;
    }
    const parent = from.site && parties.parent(from.site);
    if (parent) for (const to of parties.at(parent, role)) yield { from, to };
  }
}

function* updatePointsToInternet(parties: Parties, { from: role, to }: Sides): Iterable<Pair> {
  for (const from of parties.all(role)) {
    const upstream = option(from, 'upstream');
    const atTop = from.site !== undefined && from.site.parent === undefined;
    if (upstream === MICROSOFT_UPDATE || (upstream === undefined && atTop)) {
      yield { from, to: parties.cloud(CLOUD[to] ?? to) };
    }
  }
}

const MICROSOFT_UPDATE = 'microsoft-update';

function* pullSources(parties: Parties, { from: role }: Sides): Iterable<Pair> {
  for (const from of parties.all(role)) {
    const sources = option(from, 'pullFrom');
    if (!Array.isArray(sources)) continue;
    for (const { value } of sources as readonly Written<string>[]) {
      const to = parties.server(value, role);
      if (to?.role) yield { from, to };
    }
  }
}

function* exchangeTargets(parties: Parties, { from: role, to }: Sides): Iterable<Pair> {
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

function* gatewayConnections(parties: Parties, { from: role, to, variant }: Sides): Iterable<Pair> {
  for (const from of parties.all(role)) {
    if (option(from, 'gateway') === variant) yield { from, to: parties.cloud(CLOUD[to] ?? to) };
  }
}

function* rolesToCloud(parties: Parties, { from: role, to }: Sides): Iterable<Pair> {
  for (const from of parties.all(role)) yield { from, to: parties.cloud(CLOUD[to] ?? to) };
}

/** When a row's condition holds between two parties. */
const CONDITIONS: Readonly<Record<Condition, (from: Party, to: Party) => boolean>> = {
  // Asked for with a named instance on a port of its own; a default instance is found without it.
  browser: (_, { instance }) =>
    instance !== undefined &&
    instance.name.toUpperCase() !== DEFAULT_INSTANCE &&
    instancePort(instance) !== DEFAULT_SQL_PORT,
  'classic-gateway': (from) => option(from, 'gateway') === 'classic',
  // Azure has to be within reach before the first gateway can be made.
  'cloud-management-gateway': () => true,
  'connected-cache': (from) => option(from, 'connectedCache') === true,
  // Nothing in the file says so yet.
  'endpoint-port': () => false,
  'gateway-content': () => true,
  'no-smb-source': (from) => from.endpoint.clients?.source === undefined,
  online: (from) => option(from, 'offline') !== true,
  // Nothing in the file says that a group uses Windows PE peer cache, and it needs no site system.
  'peer-cache': () => false,
  pptp: () => true,
  'primary-site': ({ site }) => site?.type?.value !== 'secondary',
  'pxe-responder-ipv6': () => true,
  'remote-assistance': (_, to) => hasFeature(to, 'remote-assistance'),
  'remote-control': (from, to) => hasFeature(to, 'remote-control') && option(from, 'remoteControl') !== false,
  'sms-provider-https': (_, to) => option(to, 'https') !== false,
  'smb-source': (from) => from.endpoint.clients?.source !== undefined,
  'virtual-machines-many': (from) => virtualMachines(from) > 1,
  'virtual-machines-one': (from) => virtualMachines(from) === 1,
  'wake-on-lan': (_, to) => to.site?.wakeOnLan !== undefined,
  'wake-up-proxy': (from) => hasFeature(from, 'wake-up-proxy'),
  // The pairing rule finds the database or gives no pair.
  'wsus-database': () => true,
};

/** Whether a condition holds between two parties; none always does. */
export function holds(when: Condition | undefined, from: Party, to: Party): boolean {
  return when === undefined || CONDITIONS[when](from, to);
}

/**
 * Whether the serving role takes part in HTTP or HTTPS: by its `protocol`. WSUS serves HTTP always,
 * since licence texts come over it, and HTTPS with `ssl: true`.
 */
export function serves(scheme: PortRow['scheme'], to: Party): boolean {
  if (scheme === undefined || to.role === undefined) return true;
  if (to.role.role === 'software-update-point' || to.role.role === 'wsus-server') {
    return scheme === 'http' || option(to, 'ssl') === true;
  }
  const protocol = option(to, 'protocol');
  return protocol === undefined || protocol === 'both' || protocol === scheme;
}

function virtualMachines(party: Party): number {
  const count = option(party, 'virtualMachines');
  return typeof count === 'number' ? count : 1;
}

function option(party: Party, key: string) {
  return party.role && roleOption(party.role, key);
}

function hasFeature(party: Party, feature: string): boolean {
  return party.endpoint.clients?.features.some(({ value }) => value === feature) ?? false;
}

function isWindows({ endpoint }: Party): boolean {
  return (endpoint.clients?.clientKind?.value ?? 'windows') === 'windows';
}
