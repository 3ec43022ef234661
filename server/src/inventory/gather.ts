// The facts of several exports, put together: one draft of the hierarchy.
import { EDITIONS, NEWEST_EDITION } from '../catalog/types.ts';
import { groupBy } from '../collections.ts';
import { listed } from '../rules/words.ts';
import { DEFAULT_INSTANCE } from '../topology/effective.ts';
import { inEdition, roleInfo } from '../topology/format.ts';
import { boundaryGroupsOf } from './boundary-groups.ts';
import type {
  Draft,
  DraftAvailabilityGroup,
  DraftDatabase,
  DraftRole,
  DraftServer,
  DraftSite,
  DraftValue,
  DraftZone,
  Told,
} from './draft.ts';
import {
  type DatabaseFact,
  type FactPlace,
  type Facts,
  factPlaceText,
  type OptionFact,
  type SiteFact,
} from './facts.ts';
import { type Hosts, hostsOf, isFull, wordOf } from './hosts.ts';
import { zoneAt } from './networks.ts';

/** What `current-branch` stands for is not told by any export. */
const NEWEST = 'current-branch';

/** A draft that is being made. */
interface Work {
  readonly facts: Facts;
  readonly hosts: Hosts;
  /** By host. */
  readonly servers: Map<string, DraftServer>;
  readonly sites: ReadonlyMap<string, DraftSite>;
  readonly notes: string[];
}

/**
 * One draft of everything that some exports say.
 * @param zones of `--zones`: servers and client groups get theirs by address
 */
export function gather(facts: Facts, files: readonly string[], zones: readonly DraftZone[] = []): Draft {
  const notes = [...new Set(facts.left)];
  const allZones = zonesOf(facts, zones);
  const hosts = hostsOf(spelledIn(facts), new Set(allZones.map(({ name }) => name.toLowerCase())));
  const sites = sitesOf(facts, hosts);
  const work: Work = { facts, hosts, servers: new Map(), sites, notes };
  for (const { server, place } of [...facts.roles, ...facts.servers]) serverAt(work, server, place);
  addRoles(work);
  addServerFacts(work, allZones);
  const groups = placeDatabases(work);
  markSiteServers(work);
  resolveOptions(work, groups);
  addPulls(work);
  addSynchronisation(work);
  addInstances(work, groups);
  for (const server of work.servers.values()) server.proxy = proxyOf(work, server.proxy);
  const servers = [...work.servers.values()].toSorted((a, b) => compare(a.name, b.name));
  const forest = usualForest(servers);
  const taken = new Set([...servers.map(({ name }) => name), ...allZones.map(({ name }) => name)].map(lower));
  for (const { listener } of groups) if (listener) taken.add(lower(listener.name));
  const hasGateway = servers.some(({ roles }) => roles.has('cloud-management-gateway-connection-point'));
  const { clients, boundaryGroups } = boundaryGroupsOf(facts, {
    serverOf: (name) => work.servers.get(hosts.of(name)),
    isCloud: (name) => facts.clouds.some(({ server }) => lower(server) === lower(name)),
    hasGateway,
    sites: [...sites.values()],
    zones: allZones,
    taken,
    notes,
  });
  // The content of the gateway is a part of it; a cloud distribution point without one is left out.
  for (const cloud of facts.clouds.filter(({ role }) => role !== 'distribution-point' || !hasGateway))
    notes.push(`${cloud.server} (${cloud.role}) runs in Azure: a topology has no machine for it.`);
  const used = new Set([...servers.map(({ zone }) => zone), ...clients.flatMap((one) => one.zones)]);
  return {
    files,
    configmgr: editionFor(servers, notes),
    forest,
    // What nothing is in would be an unused definition; the internet is there for cloud services.
    zones: allZones.filter(({ name, internet }) => internet || used.has(name)),
    sites: inOrder(sites),
    servers,
    clients,
    boundaryGroups,
    availabilityGroups: groups,
    notes,
    coverage: coverageOf(facts),
    areSitesTold: facts.sites.some(({ type, parent }) => type !== undefined && parent !== undefined),
    areOptionsTold: facts.roles.some(({ options }) => options.size > 0),
  };
}

const lower = (text: string): string => text.toLowerCase();
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Every name of a machine that is one of the hierarchy. Names that only point at one are not: they may be aliases. */
function* spelledIn(facts: Facts): Iterable<string> {
  for (const { server } of [...facts.roles, ...facts.servers]) yield server;
  for (const { server, database } of facts.sites) {
    if (server !== undefined) yield server;
    if (database !== undefined) yield database.server;
  }
  for (const { options } of facts.roles)
    for (const value of options.values()) if (isDatabase(value)) yield value.server;
}

function isDatabase(value: OptionFact): value is DatabaseFact {
  return typeof value === 'object' && !Array.isArray(value);
}

function zonesOf(facts: Facts, zones: readonly DraftZone[]): readonly DraftZone[] {
  const all = new Map(zones.map((zone) => [lower(zone.name), zone]));
  for (const { zone } of facts.servers) {
    if (zone === undefined) continue;
    const name = wordOf(zone);
    if (!all.has(lower(name)))
      all.set(lower(name), { name, networks: [], internet: lower(name) === 'internet' });
  }
  return [...all.values()].toSorted((a, b) => compare(lower(a.name), lower(b.name)));
}

// --- Sites ------------------------------------------------------------------------------------

function sitesOf(facts: Facts, hosts: Hosts): ReadonlyMap<string, DraftSite> {
  // The definition of a site says more of it than a role on its site server does.
  const told = groupBy(
    facts.sites.toSorted((a, b) => Number(a.parent === undefined) - Number(b.parent === undefined)),
    ({ code }) => code,
  );
  const codes = new Set(told.keys());
  for (const { site } of [...facts.roles, ...facts.servers]) if (site !== undefined) codes.add(site);
  const place = (code: string): FactPlace =>
    told.get(code)?.[0]?.place ??
    [...facts.roles, ...facts.servers].find(({ site }) => site === code)?.place ?? { file: '', at: '' };
  const first = <K extends keyof SiteFact>(code: string, key: K): SiteFact[K] | undefined =>
    told.get(code)?.find((fact) => fact[key] !== undefined)?.[key];
  const sites = new Map<string, DraftSite>();
  for (const code of [...codes].toSorted(compare)) {
    const type = first(code, 'type');
    const parent = first(code, 'parent');
    const above = first(code, 'parentServer');
    const parentCode =
      parent ??
      (above === undefined
        ? undefined
        : facts.sites.find(({ server }) => server !== undefined && hosts.of(server) === hosts.of(above))
            ?.code);
    sites.set(code, {
      code,
      name: first(code, 'name'),
      type: type ?? 'primary',
      isTypeTold: type !== undefined,
      parent: parentCode === '' ? undefined : parentCode,
      isParentTold: parentCode !== undefined,
      isInstanceTold: false,
      clientPorts: {},
      notes: [
        ...(type === undefined
          ? ['Its type is not in the export: a site without a parent is taken for a primary one.']
          : []),
        ...contradictions(told.get(code) ?? []),
      ],
      place: place(code),
    });
  }
  const all = [...sites.values()];
  const only = (type: DraftSite['type']) => {
    const found = all.filter((site) => site.type === type);
    return found.length === 1 ? found[0] : undefined;
  };
  for (const site of all) {
    if (site.parent !== undefined && !sites.has(site.parent)) {
      site.notes.push(`Its parent ${site.parent} is not in the export.`);
      site.parent = undefined;
    } else if (!site.isParentTold && site.isTypeTold && site.type !== 'central-administration') {
      // A hierarchy has one central administration site; every primary site is below it.
      const above = site.type === 'primary' ? only('central-administration') : only('primary');
      if (above !== undefined) {
        site.parent = above.code;
        site.isParentTold = true;
      } else if (site.type === 'secondary') site.notes.push('Its parent is not in the export.');
    }
  }
  for (const { site, http, https } of facts.ports) {
    const found = sites.get(site);
    // A secondary site has the ports of its primary one.
    if (found === undefined || found.type === 'secondary') continue;
    found.clientPorts.http ??= http;
    found.clientPorts.https ??= https;
  }
  return sites;
}

/** What several exports say otherwise of a site; the first is written. */
function contradictions(facts: readonly SiteFact[]): readonly string[] {
  return (['type', 'parent'] as const).flatMap((key) => {
    const [first, ...others] = facts.filter((fact) => fact[key] !== undefined);
    const other = others.find((fact) => fact[key] !== first?.[key]);
    if (!first || !other) return [];
    const value = (fact: SiteFact) => `${fact[key] || 'none'} in ${factPlaceText(fact.place)}`;
    return [`Its ${key} is ${value(first)} and ${value(other)}; the first is written.`];
  });
}

/** Each site before those below it, by code. */
function inOrder(sites: ReadonlyMap<string, DraftSite>): readonly DraftSite[] {
  const below = groupBy(sites.values(), ({ parent }) => parent ?? '');
  const order: DraftSite[] = [];
  const add = (site: DraftSite): void => {
    if (order.includes(site)) return;
    order.push(site);
    for (const child of below.get(site.code) ?? []) add(child);
  };
  for (const site of below.get('') ?? []) add(site);
  // What is left is its own parent, somewhere above.
  for (const site of sites.values()) add(site);
  return order;
}

// --- Servers and roles ------------------------------------------------------------------------

function serverAt({ hosts, servers }: Work, name: string, place: FactPlace): DraftServer {
  const host = hosts.of(name);
  const known = servers.get(host);
  if (known) return known;
  const server: DraftServer = {
    name: hosts.nameOf(host),
    fqdn: isFull(host) ? host : undefined,
    addresses: [],
    roles: new Map(),
    instances: new Map(),
    notes: [],
    place,
  };
  servers.set(host, server);
  return server;
}

function roleOn(server: DraftServer, role: string, place: FactPlace): DraftRole {
  const known = server.roles.get(role);
  if (known) return known;
  const made: DraftRole = { role, options: new Map(), open: [], place };
  server.roles.set(role, made);
  return made;
}

/** Where two exports say something else of one thing, the first counts, and a note says so. */
function addRoles(work: Work): void {
  for (const { server: name, role, options, open, place } of work.facts.roles) {
    const server = serverAt(work, name, place);
    const found = roleOn(server, role, place);
    for (const [key, value] of options) {
      const known = found.options.get(key);
      if (known === undefined) found.options.set(key, { value: value as DraftValue, place });
      else if (JSON.stringify(known.value) !== JSON.stringify(value) && !isDatabase(value))
        work.notes.push(
          `${role} on ${server.name}: ${key} is ${String(known.value)} in ${factPlaceText(known.place)} and ${String(value)} in ${factPlaceText(place)}; the first is written.`,
        );
    }
    for (const question of open ?? [])
      if (!found.open.some(({ text }) => text === question.text)) found.open.push(question);
  }
  for (const { server, ports, place } of work.facts.multicast) {
    const point = serverAt(work, server, place).roles.get('distribution-point');
    point?.options.set('multicastPorts', { value: ports, place });
  }
}

function addServerFacts(work: Work, zones: readonly DraftZone[]): void {
  const { facts, hosts } = work;
  const told = groupBy(facts.servers, ({ server }) => hosts.of(server));
  const roles = groupBy(facts.roles, ({ server }) => hosts.of(server));
  for (const [host, server] of work.servers) {
    const facts = told.get(host) ?? [];
    const first = <K extends keyof (typeof facts)[number]>(key: K) => {
      const fact = facts.find((one) => one[key] !== undefined);
      return fact && { value: fact[key], place: fact.place };
    };
    const own = (roles.get(host) ?? []).filter(({ role }) => role !== 'sql-server');
    const codes = [...own, ...(own.length === 0 ? facts : [])].flatMap(({ site }) => site ?? []);
    const counts = [...groupBy(codes, (code) => code)].toSorted(([, a], [, b]) => b.length - a.length);
    server.site = counts[0]?.[0];
    const others = counts.slice(1).map(([code]) => code);
    if (others.length > 0)
      server.notes.push(`It also has roles at ${listed(others)}: a topology has one site for a server.`);
    for (const address of facts.flatMap(({ addresses }) => addresses ?? []))
      if (!server.addresses.includes(address)) server.addresses.push(address);
    server.os = first('os')?.value as string | undefined;
    server.description = first('description')?.value as string | undefined;
    server.forest = first('forest') as Told<string> | undefined;
    server.proxy = first('proxy') as DraftServer['proxy'];
    server.siteServerInitiates = first('siteServerInitiates') as Told<boolean> | undefined;
    const zone = first('zone')?.value as string | undefined;
    if (zone !== undefined) {
      const key = lower(wordOf(zone));
      server.zone = zones.find(({ name }) => lower(name) === key)?.name;
    } else {
      const found = new Set(server.addresses.flatMap((address) => zoneAt(address, zones) ?? []));
      [server.zone] = found;
      if (found.size > 1) server.notes.push(`Its addresses are in several zones: ${listed([...found])}.`);
      else if (server.addresses.length > 0 && zones.length > 0 && found.size === 0)
        server.notes.push('None of its addresses is in a zone.');
    }
  }
}

/** A proxy may be a server of the hierarchy. */
function proxyOf({ hosts, servers }: Work, proxy: DraftServer['proxy']): DraftServer['proxy'] {
  if (!proxy?.value) return proxy;
  const own = servers.get(hosts.of(proxy.value.server))?.name;
  return own === undefined ? proxy : { ...proxy, value: { ...proxy.value, server: own } };
}

/** The active site server is the one that the site definition names; the others are passive. */
function markSiteServers(work: Work): void {
  for (const site of work.sites.values()) {
    const told = work.facts.sites.find(({ code, server }) => code === site.code && server !== undefined);
    const active = told?.server === undefined ? undefined : serverAt(work, told.server, told.place);
    if (active && told) {
      active.site ??= site.code;
      roleOn(active, 'site-server', told.place);
    }
    const all = [...work.servers.values()].filter(
      (server) => server.site === site.code && server.roles.has('site-server'),
    );
    if (active === undefined && all.length > 1) {
      site.notes.push(
        `Which of ${listed(all.map(({ name }) => name))} is active? The export does not say; write passive: true at the other, or add Get-CMSiteDefinition.`,
      );
      continue;
    }
    if (told === undefined) continue;
    for (const server of all)
      server.roles
        .get('site-server')
        ?.options.set('passive', { value: server !== active, place: told.place });
  }
}

// --- Databases --------------------------------------------------------------------------------

/** The databases of the sites. A name that is no site system is a listener where several SQL Servers are at the site. */
function placeDatabases(work: Work): DraftAvailabilityGroup[] {
  const { facts, hosts, servers, sites } = work;
  const groups: DraftAvailabilityGroup[] = [];
  for (const site of sites.values()) {
    const rows = facts.roles.filter(({ role, site: code }) => role === 'sql-server' && code === site.code);
    const nodes = [...new Set(rows.map(({ server }) => hosts.of(server)))].toSorted(compare);
    const told = facts.sites.find(({ code, database }) => code === site.code && database !== undefined);
    const database =
      told?.database ?? facts.sites.find(({ code, database: one }) => code === site.code && one)?.database;
    const instance = database?.instance === '' ? DEFAULT_INSTANCE : database?.instance;
    site.isInstanceTold = database?.instance !== undefined;
    const host = database && hosts.of(database.server);
    const place = told?.place ?? rows[0]?.place ?? site.place;
    const isGroup = nodes.length > 1 && (host === undefined || !servers.has(host));
    if (isGroup) {
      const replicas = nodes.map((node) => ({ server: serverAt(work, node, place).name, instance }));
      const name = `${site.code}-database`;
      groups.push({
        name,
        listener:
          host === undefined
            ? undefined
            : { name: hosts.nameOf(host), fqdn: isFull(host) ? host : undefined, port: undefined },
        replicas,
      });
      for (const node of nodes) addInstance(serverAt(work, node, place), instance, place);
      site.database = { availabilityGroup: name };
      if (host === undefined)
        site.notes.push(
          `${listed(replicas.map(({ server }) => server))} hold its database; the listener's name is not in the export (Get-CMSiteDefinition has it).`,
        );
      continue;
    }
    const [only] = nodes;
    const isAlias = host !== undefined && !servers.has(host) && only !== undefined;
    const holder = isAlias ? only : (host ?? only);
    if (holder === undefined) continue;
    const server = serverAt(work, holder, place);
    if (isAlias)
      site.notes.push(
        `The site names its database server ${host}, which is no site system: ${server.name} is taken.`,
      );
    addInstance(server, instance, place);
    site.database = { server: server.name, instance };
    if (!site.isInstanceTold)
      site.notes.push(
        'The instance of its database is not in the export (Get-CMSiteDefinition has it): the default one is taken.',
      );
  }
  return groups;
}

function addInstance(server: DraftServer, instance: string | undefined, place: FactPlace): void {
  roleOn(server, 'sql-server', place);
  const name = instance ?? DEFAULT_INSTANCE;
  const isTold = instance !== undefined;
  const known = [...server.instances].find(([one]) => lower(one) === lower(name))?.[1];
  if (known) known.isTold ||= isTold;
  else server.instances.set(name, { isTold });
}

/** The ports that setup's file has. */
function addInstances(work: Work, groups: DraftAvailabilityGroup[]): void {
  for (const { server: name, instance, port, serviceBrokerPort, place } of work.facts.instances) {
    const host = work.hosts.of(name);
    const wanted = lower(instance === undefined || instance === '' ? DEFAULT_INSTANCE : instance);
    const group = groups.findIndex(({ listener }) => listener?.name === work.hosts.nameOf(host));
    const found = groups[group];
    if (found?.listener && !work.servers.has(host)) {
      groups[group] = { ...found, listener: { ...found.listener, port } };
      continue;
    }
    const server = serverAt(work, name, place);
    if (![...server.instances.keys()].some((one) => lower(one) === wanted))
      addInstance(server, instance || undefined, place);
    for (const [one, ports] of server.instances)
      if (lower(one) === wanted) {
        ports.port ??= port;
        ports.serviceBrokerPort ??= serviceBrokerPort;
      }
  }
}

// --- Options that name other servers -----------------------------------------------------------

function resolveOptions(work: Work, groups: readonly DraftAvailabilityGroup[]): void {
  const { hosts, servers, sites } = work;
  for (const server of [...servers.values()]) {
    const site = server.site === undefined ? undefined : sites.get(server.site);
    for (const role of server.roles.values()) {
      for (const [key, { value, place }] of [...role.options]) {
        if (!isDatabase(value as OptionFact)) continue;
        const { server: name, instance = '' } = value as DatabaseFact;
        role.options.delete(key);
        const host = hosts.of(name);
        const isListener =
          groups.some(({ listener }) => listener?.name === hosts.nameOf(host)) && !servers.has(host);
        const isNew = !servers.has(host);
        if (isListener || (isNew && isSiteDatabase(work, server.site, host))) continue;
        const holder = serverAt(work, name, place);
        if (isNew) holder.notes.push(`No site system: ${role.role} on ${server.name} has its database here.`);
        const own: DraftDatabase = { server: holder.name, instance: instance || DEFAULT_INSTANCE };
        // Of the roles that read the site database too, only another one is worth a word.
        const isSites =
          key === 'database' && role.role !== 'software-update-point' && sameDatabase(own, site?.database);
        if (isSites) continue;
        addInstance(holder, own.instance, place);
        if (holder !== server) role.options.set(key, { value: own, place });
      }
      const sources = role.options.get('pullFrom');
      if (sources && Array.isArray(sources.value)) {
        const known = (sources.value as readonly string[]).flatMap((name) => {
          const source = servers.get(hosts.of(name));
          if (source === undefined)
            work.notes.push(`${server.name} pulls content from ${name}, which is not in the export.`);
          return source === undefined ? [] : [source.name];
        });
        if (known.length === 0 && sources.value.length > 0) {
          role.options.delete('pullFrom');
          role.open.push({
            text: 'It pulls its content; none of its sources is in the export.',
            answer: 'pullFrom',
          });
        } else role.options.set('pullFrom', { ...sources, value: [...new Set(known)].toSorted(compare) });
      }
    }
  }
  for (const { server: name, site, place } of work.facts.updateDatabases) {
    const points = [...servers.values()].filter(
      (server) => server.site === site && server.roles.has('software-update-point'),
    );
    const holder = serverAt(work, name, place);
    const [only] = points;
    addInstance(holder, [...holder.instances.keys()][0], place);
    const point = only?.roles.get('software-update-point');
    if (points.length === 1 && point) {
      if (only !== holder && !point.options.has('database')) {
        point.options.set('database', { value: { server: holder.name }, place });
        point.open.push({
          text: 'The instance of its database is not in the export: the default one is taken.',
        });
        addInstance(holder, undefined, place);
      }
    } else
      holder.notes.push('It has a database of WSUS; of which software update point is not in the export.');
  }
}

/** An alias of the server of the site database. */
function isSiteDatabase(work: Work, code: string | undefined, host: string): boolean {
  return work.facts.sites.some(
    ({ code: one, database }) =>
      one === code && database !== undefined && work.hosts.of(database.server) === host,
  );
}

function sameDatabase(a: DraftDatabase, b: DraftSite['database']): boolean {
  return (
    b !== undefined &&
    'server' in b &&
    a.server === b.server &&
    lower(a.instance ?? DEFAULT_INSTANCE) === lower(b.instance ?? DEFAULT_INSTANCE)
  );
}

function isEmptyList(value: DraftValue): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** What a list of servers says at the source. */
function addPulls(work: Work): void {
  for (const [host, pulls] of groupBy(work.facts.pulls, ({ server }) => work.hosts.of(server))) {
    const role = work.servers.get(host)?.roles.get('distribution-point');
    const [first] = pulls;
    const sources = pulls.flatMap(({ source }) => work.servers.get(work.hosts.of(source))?.name ?? []);
    if (role === undefined || first === undefined) {
      work.notes.push(`${host} pulls content and is no distribution point of the export.`);
      continue;
    }
    const known = role.options.get('pullFrom');
    // The list that has the sources may lack the mark of who pulls; another export knows better.
    const isOpen = known === undefined || (isEmptyList(known.value) && known.place.file === first.place.file);
    if (isOpen && sources.length > 0)
      role.options.set('pullFrom', { value: [...new Set(sources)].toSorted(compare), place: first.place });
  }
}

// --- Synchronisation of software updates --------------------------------------------------------

/**
 * One software update point of a site goes to the one above, or to Microsoft; the others go to that one. Written only
 * where several are at a site, or an export names what is above.
 */
function addSynchronisation(work: Work): void {
  const { hosts, servers, sites } = work;
  const pointsAt = (code: string | undefined) =>
    [...servers.values()]
      .filter(({ site, roles }) => site === code && code !== undefined && roles.has('software-update-point'))
      .toSorted((a, b) => compare(a.name, b.name));
  const usesParent = (server: DraftServer) =>
    server.roles.get('software-update-point')?.options.get('usesParent')?.value === true;
  const sourceOf = (code: string | undefined): DraftServer | undefined => {
    const points = pointsAt(code);
    const told = work.facts.synchronisation.find(({ site, server }) => site === code && server !== undefined);
    const named = told?.server === undefined ? undefined : servers.get(hosts.of(told.server));
    if (named?.roles.has('software-update-point')) return named;
    if (points.length === 1) return points[0];
    const marked = points.filter(usesParent);
    return marked.length === 1 ? marked[0] : undefined;
  };
  for (const site of sites.values()) {
    const points = pointsAt(site.code);
    if (points.length === 0) continue;
    const told = work.facts.synchronisation.find(({ site: code }) => code === site.code);
    const place = told?.place ?? points[0]?.roles.get('software-update-point')?.place ?? site.place;
    const upstream = (server: DraftServer, value: string): void => {
      server.roles.get('software-update-point')?.options.set('upstream', { value, place });
    };
    const source = sourceOf(site.code);
    if (source === undefined) {
      site.notes.push(
        `Which of ${listed(points.map(({ name }) => name))} synchronises with the outside is not in the export: the first is taken.`,
      );
      continue;
    }
    const above = told?.parent === undefined ? undefined : servers.get(hosts.of(told.parent));
    const parentSource = sourceOf(site.parent);
    if (above !== undefined && above !== source && above.roles.has('software-update-point')) {
      // The same as without a word, where one is above.
      if (above !== parentSource || points.length > 1) upstream(source, above.name);
    } else if (points.length > 1) {
      if (site.parent === undefined) upstream(source, 'microsoft-update');
      else if (parentSource !== undefined) upstream(source, parentSource.name);
    }
    for (const point of points) if (point !== source) upstream(point, source.name);
  }
  for (const { roles } of servers.values()) roles.get('software-update-point')?.options.delete('usesParent');
}

/** An export that names the site server of a site has all of its roles; else it has those that it names. */
function coverageOf({ roles }: Facts): Draft['coverage'] {
  const named = groupBy(roles, ({ site }) => site);
  return new Map(
    [...named].map(([site, own]) => {
      const found = new Set(own.map(({ role }) => role));
      return [site, found.has('site-server') ? 'all' : found] as const;
    }),
  );
}

// --- The whole --------------------------------------------------------------------------------

/**
 * The forest that most servers are in; of two the one that comes first by name. None where the exports tell the forest
 * of fewer servers than they leave open: a console names only another one than that of the site.
 */
function usualForest(servers: readonly DraftServer[]): string | undefined {
  const counts = [...groupBy(servers, ({ forest }) => forest?.value)].toSorted(
    ([a, as], [b, bs]) => bs.length - as.length || compare(a, b),
  );
  const [most] = counts;
  const open = servers.filter(({ forest }) => forest === undefined).length;
  return most && most[1].length >= open ? most[0] : undefined;
}

/** The newest list that has every role: an export of an older version has roles that the newest one no longer has. */
function editionFor(servers: readonly DraftServer[], notes: string[]): string {
  const roles = new Set(servers.flatMap(({ roles: own }) => [...own.keys()]));
  const lacking = (edition: (typeof EDITIONS)[number]) =>
    [...roles].filter((role) => !inEdition(roleInfo(role) ?? {}, edition));
  const missing = lacking(NEWEST_EDITION);
  const fitting = EDITIONS.filter((edition) => lacking(edition).length === 0).at(-1);
  if (missing.length === 0 || fitting === undefined) return NEWEST;
  notes.push(
    `The newest port list does not have ${listed(missing)}: the list of ${fitting} is the newest one that does.`,
  );
  return fitting;
}
