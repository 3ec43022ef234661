// Random hierarchies that exports can say whole: those for comparing flows, without what no export has.
import fc from 'fast-check';
import { roleInfo } from '../../server/src/topology/format.ts';
import type {
  Options,
  RawBoundaryGroup,
  RawClients,
  RawDatabase,
  RawServer,
  RawSite,
  RawTopology,
} from '../flows/reference.ts';
import { topologies } from '../flows/topologies.ts';
import { EXPORTED } from './exports.ts';

export interface Said {
  readonly topology: RawTopology;
  /** Which software update point of a site synchronises, and with whom where that is a server. */
  readonly synchronising: ReadonlyMap<
    string,
    { readonly server: string; readonly parent: string | undefined }
  >;
  /** The site to which a boundary group assigns. */
  readonly assigned: ReadonlyMap<string, string>;
  /** The sites of which setup's file is there. */
  readonly setup: readonly string[];
}

export const said: fc.Arbitrary<Said> = fc.tuple(topologies, fc.gen()).map(([raw, draw]): Said => {
  const chance = (percent: number) => draw(fc.integer, { min: 1, max: 100 }) > 100 - percent;
  const some = <T>(list: readonly T[], percent: number) => list.filter(() => chance(percent));
  const of = <T>(list: readonly T[]): T => list[draw(fc.nat, list.length - 1)] as T;
  const code = (text: string | undefined) => text?.toUpperCase();

  // Sites: the first one alone may have the availability group.
  const sites: Record<string, RawSite> = {};
  const group = raw.availabilityGroups.ag;
  const replicas = group?.replicas.map(({ server }) => ({ server })) ?? [];
  let isGroupUsed = group?.listener === undefined || replicas.length < 2;
  for (const [name, { type, parent, database, clientPorts }] of Object.entries(raw.sites)) {
    const usesGroup = database?.availabilityGroup !== undefined && !isGroupUsed;
    if (usesGroup) isGroupUsed = true;
    const own = database?.server === undefined ? undefined : database;
    sites[name.toUpperCase()] = {
      type,
      parent: code(parent),
      database: usesGroup ? { availabilityGroup: 'ag' } : own,
      ...(clientPorts && { clientPorts: { http: clientPorts.http, https: clientPorts.https } }),
    };
  }
  const isGrouped = Object.values(sites).some(({ database }) => database?.availabilityGroup);
  const setup = some(
    Object.entries(sites)
      .filter(([, { type, database }]) => type !== 'secondary' && database?.server !== undefined)
      .map(([name]) => name),
    50,
  );

  // Which instances somebody uses, and of which setup's file has the ports.
  const used = new Map<string, Map<string, { port?: number; serviceBrokerPort?: number }>>();
  const use = ({
    server = '',
    instance = 'MSSQLSERVER',
  }: RawDatabase): Record<string, number | undefined> => {
    const instances = used.get(server) ?? new Map();
    used.set(server, instances);
    const known = instances.get(instance) ?? {};
    instances.set(instance, known);
    return known;
  };
  for (const [name, { database }] of Object.entries(sites)) {
    if (database?.availabilityGroup !== undefined) for (const replica of replicas) use(replica);
    if (database?.server === undefined) continue;
    const known = use(database);
    if (!setup.includes(name)) continue;
    const written = raw.servers[database.server]?.roles['sql-server'] as
      | { readonly instances?: Readonly<Record<string, Options>> }
      | undefined;
    const ports = written?.instances?.[database.instance ?? 'MSSQLSERVER'];
    known.port ??= ports?.port as number | undefined;
    known.serviceBrokerPort ??= ports?.serviceBrokerPort as number | undefined;
  }

  // Servers with the roles that an export can name.
  const servers: Record<string, RawServer> = {};
  const active = new Set<string>();
  for (const [name, server] of Object.entries(raw.servers)) {
    const site = code(server.site);
    const roles: Record<string, Options> = {};
    for (const [role, options] of Object.entries(server.roles)) {
      if (role === 'sql-server' || site === undefined || !EXPORTED.includes(role)) continue;
      if (roleInfo(role)?.editions?.includes('2025-12') === false) continue;
      roles[role] = optionsOf(role, options, name, sites[site]);
    }
    if (roles['site-server'] && site !== undefined) {
      roles['site-server'] = active.has(site) ? { passive: true } : {};
      active.add(site);
    }
    for (const options of Object.values(roles))
      for (const key of ['database', 'databaseReplica'])
        if (options[key] !== undefined) use(options[key] as RawDatabase);
    servers[name] = {
      site: Object.keys(roles).length > 0 ? site : undefined,
      forest: server.forest,
      proxy: server.proxy,
      siteServerInitiates: server.siteServerInitiates,
      roles,
    };
  }
  const holderSite = (name: string) =>
    Object.entries(sites).find(
      ([, { database }]) =>
        database?.server === name ||
        (database?.availabilityGroup !== undefined && replicas.some(({ server }) => server === name)),
    )?.[0];
  for (const [name, server] of Object.entries(servers)) {
    const instances = used.get(name);
    const site = server.site ?? (instances && holderSite(name));
    // What no site has is a proxy or a database server, of which an export has the name alone.
    const about = site === undefined ? { roles: server.roles } : server;
    servers[name] = {
      ...about,
      site,
      roles: {
        ...server.roles,
        ...(instances && { 'sql-server': { instances: Object.fromEntries(instances) } }),
      },
    };
    if (site === undefined && !instances) delete servers[name];
  }
  for (const [name, server] of Object.entries(servers)) {
    const pull = server.roles['distribution-point']?.pullFrom as readonly string[] | undefined;
    const good = pull?.filter((source) => servers[source]?.roles['distribution-point'] !== undefined);
    if (pull === undefined) continue;
    const { pullFrom: _, ...options } = server.roles['distribution-point'] ?? {};
    const point = good && good.length > 0 ? { ...options, pullFrom: good } : options;
    servers[name] = { ...server, roles: { ...server.roles, 'distribution-point': point } };
  }

  // One software update point of a site goes out.
  const synchronising = new Map<string, { server: string; parent: string | undefined }>();
  const pointsOf = (site: string) =>
    Object.keys(servers).filter(
      (name) => servers[name]?.site === site && servers[name]?.roles['software-update-point'] !== undefined,
    );
  const sourceOf = new Map(
    Object.keys(sites).flatMap((site) => {
      const points = pointsOf(site);
      return points.length === 0 ? [] : [[site, of(points)] as const];
    }),
  );
  for (const [site, source] of sourceOf) {
    const parent = sourceOf.get(sites[site]?.parent ?? '');
    const points = pointsOf(site);
    if (points.length > 1 || chance(50)) synchronising.set(site, { server: source, parent });
    if (points.length < 2) continue;
    for (const name of points) {
      const upstream =
        name !== source
          ? source
          : (parent ?? (sites[site]?.parent === undefined ? 'microsoft-update' : undefined));
      const server = servers[name];
      if (server === undefined || upstream === undefined) continue;
      const options = { ...server.roles['software-update-point'], upstream };
      servers[name] = { ...server, roles: { ...server.roles, 'software-update-point': options } };
    }
  }
  // A child site whose parent has none, with several: nothing says where the first goes.
  const open = [...sourceOf].filter(
    ([site]) =>
      pointsOf(site).length > 1 &&
      sites[site]?.parent !== undefined &&
      !sourceOf.has(sites[site]?.parent ?? ''),
  );
  for (const [site] of open)
    for (const name of pointsOf(site)) {
      // The one that others synchronise with stays.
      if (name === sourceOf.get(site)) continue;
      const { 'software-update-point': _, ...roles } = servers[name]?.roles ?? {};
      servers[name] = { ...(servers[name] as RawServer), roles };
    }
  for (const [site] of open) {
    const [only = ''] = pointsOf(site);
    const server = servers[only] as RawServer;
    const { upstream: _, ...options } = server.roles['software-update-point'] ?? {};
    servers[only] = { ...server, roles: { ...server.roles, 'software-update-point': options } };
    synchronising.delete(site);
  }

  // Boundary groups, and a client group for each combination of them.
  const primaries = Object.keys(sites).filter((name) => sites[name]?.type === 'primary');
  const hasGateway = Object.values(servers).some(
    ({ roles }) => roles['cloud-management-gateway-connection-point'] !== undefined,
  );
  const names = ['B0', 'B1', 'B2'].slice(0, draw(fc.nat, 3));
  const assigned = new Map(names.map((name) => [name, of(primaries)]));
  const combinations = [['B0'], ['B1'], ['B2'], ['B0', 'B1'], ['B1', 'B2'], ['B0', 'B1', 'B2']].filter(
    (all) => all.every((name) => names.includes(name)),
  );
  const clients: Record<string, RawClients> = {};
  const members = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const [index, all] of some(combinations, 60).entries()) {
    clients[`c${index}`] = {
      site: assigned.get(all[0] ?? '') ?? '',
      networks: [`10.${index + 20}.0.0/16`, ...(chance(40) ? [`fd00:${index + 20}::/64`] : [])],
    };
    for (const name of all) members.get(name)?.push(`c${index}`);
  }
  const boundaryGroups: Record<string, RawBoundaryGroup> = {};
  for (const name of names) {
    const others = some(
      names.filter((other) => other !== name),
      45,
    );
    const roles = ['distribution-point', 'management-point', 'software-update-point'];
    const fallback = Object.fromEntries(others.map((other) => [other, [of(roles), ...some(roles, 50)]]));
    boundaryGroups[name] = {
      members: members.get(name) ?? [],
      servers: some(Object.keys(servers), 30),
      ...(hasGateway && chance(30) && { cloudManagementGateway: true }),
      ...(others.length > 0 && { fallback: chance(50) ? others : fallback }),
    };
  }
  const topology: RawTopology = {
    configmgr: '2025-12',
    zones: {},
    sites,
    servers,
    clients,
    boundaryGroups,
    availabilityGroups: isGrouped ? { ag: { replicas, listener: { name: 'sqllsn', addresses: [] } } } : {},
  };
  return { topology: JSON.parse(JSON.stringify(topology)) as RawTopology, synchronising, assigned, setup };
});

/** The options of a role that its row has, with what an export makes of the others. */
function optionsOf(role: string, options: Options, name: string, site: RawSite | undefined): Options {
  const { clients, cloudManagementGateway, database } = options;
  const isOther = (value: unknown) => (value as RawDatabase | undefined)?.server !== name;
  const isSites = (value: unknown) => {
    const { server, instance = 'MSSQLSERVER' } = (value as RawDatabase | undefined) ?? {};
    return server === site?.database?.server && instance === (site?.database?.instance ?? 'MSSQLSERVER');
  };
  const twoWays = options.protocol === 'https' ? 'https' : 'http';
  switch (role) {
    case 'management-point': {
      const replica = options.databaseReplica;
      const protocol = ['http', 'https'].includes(String(options.protocol)) ? options.protocol : 'both';
      return {
        clients,
        cloudManagementGateway,
        protocol,
        ...(isOther(replica) && { databaseReplica: replica }),
      };
    }
    case 'distribution-point': {
      const { pxe, multicast, multicastPorts, connectedCache, pullFrom } = options;
      return {
        clients,
        protocol: twoWays,
        pxe: pxe === undefined ? undefined : true,
        multicast,
        multicastPorts,
        connectedCache,
        pullFrom,
      };
    }
    case 'state-migration-point':
      return { protocol: twoWays };
    case 'software-update-point': {
      const { httpPort, httpsPort, ssl } = options;
      return {
        httpPort,
        httpsPort,
        ssl,
        clients,
        cloudManagementGateway,
        ...(isOther(database) && { database }),
      };
    }
    case 'reporting-services-point': {
      const { httpsPort } = options;
      const own = isOther(database) && !isSites(database) ? { database } : {};
      return { protocol: twoWays, ...(twoWays === 'https' && { httpsPort }), ...own };
    }
    case 'service-connection-point':
      return { offline: options.offline };
    default:
      return {};
  }
}
