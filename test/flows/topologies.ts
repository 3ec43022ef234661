// Random hierarchies for comparing the flows with their plain reading: everything that the format can say about who
// talks to whom, small enough that things meet.
import fc from 'fast-check';
import { inEdition, roleInfo } from '../../server/src/topology/format.ts';
import {
  listOf,
  type Options,
  type RawBoundaryGroup,
  type RawClients,
  type RawDatabase,
  type RawServer,
  type RawSite,
  type RawTopology,
} from './reference.ts';

const GATEWAY = 'cloud-management-gateway-connection-point';
const FORESTS = ['corp.example', 'lab.example', undefined] as const;
const SCHEMES = ['http', 'https', 'both', 'enhanced-http', undefined] as const;
const AUDIENCES = ['intranet', 'internet', 'both', undefined] as const;
const INNER = ['hq', 'branch', 'plant', 'perimeter'] as const;
/** Editions and versions; the newest list more often, which has the most connections. */
const CONFIGMGR = [
  '2017-03',
  '1606',
  '2017-09',
  '1802',
  '2018-09',
  '1810',
  '2019-11',
  '1910',
  '2020-06',
  '2103',
  '2025-12',
  '2025-12',
  '2025-12',
  'current-branch',
  '2403',
] as const;
const FEATURES = ['remote-control', 'remote-assistance', 'wake-up-proxy', 'windows-pe-peer-cache'] as const;
const METHODS = [
  'client-push',
  'software-update-point',
  'group-policy',
  'manual',
  'logon-script',
  'software-distribution',
] as const;

/** What a role needs to be plain. */
const PLAIN_ROLES = [
  'sms-provider',
  'asset-intelligence-synchronization-point',
  'endpoint-protection-point',
  'certificate-registration-point',
  'enrollment-point',
  'enrollment-proxy-point',
] as const;

const PORTED: ReadonlySet<string> = new Set([
  'certificate-registration-point',
  'enrollment-point',
  'enrollment-proxy-point',
]);
const CATALOG_ROLES = ['application-catalog-website-point', 'application-catalog-web-service-point'] as const;

/** A whole hierarchy, every reference of which resolves. */
export const topologies: fc.Arbitrary<RawTopology> = fc.gen().map((draw) => {
  const chance = (percent: number) => draw(fc.integer, { min: 1, max: 100 }) > 100 - percent;
  const of = <T>(list: readonly T[]): T => list[draw(fc.nat, list.length - 1)] as T;
  const some = <T>(list: readonly T[], percent: number) => list.filter(() => chance(percent));
  const maybe = <T>(percent: number, value: () => T): T | undefined =>
    chance(percent) ? value() : undefined;
  const configmgr = of(CONFIGMGR);
  const edition = listOf(configmgr);
  const zoneNames = [...INNER.slice(0, 2 + draw(fc.nat, 2)), ...(chance(80) ? ['internet'] : [])];
  const inner = zoneNames.filter((zone) => zone !== 'internet');

  const central = chance(40);
  const types: Record<string, Pick<RawSite, 'type' | 'parent'>> = {};
  if (central) types.cas = { type: 'central-administration' };
  const parent = central ? 'cas' : undefined;
  types.ps1 = { type: 'primary', parent };
  if (chance(40)) types.ps2 = { type: 'primary', parent };
  if (chance(60)) types.s01 = { type: 'secondary', parent: 'ps1' };
  if (chance(25)) types.s02 = { type: 'secondary', parent: types.ps2 ? 'ps2' : 'ps1' };
  const codes = Object.keys(types);

  const names = Array.from({ length: 4 + draw(fc.nat, 5) }, (_, index) => `m${index}`);
  const sqlNames = names.slice(0, 3);
  const instances = new Map<string, Record<string, Options>>();
  for (const name of sqlNames) {
    const written: Record<string, Options> = {};
    if (chance(40)) written.MSSQLSERVER = { port: maybe(40, () => 1500 + draw(fc.nat, 3)) };
    if (chance(40))
      written.CM = {
        port: maybe(60, () => 50001),
        dynamicPorts: maybe(10, () => true),
        serviceBrokerPort: maybe(30, () => 4023),
      };
    instances.set(name, written);
  }
  const database = (): RawDatabase => {
    const server = of(sqlNames);
    return { server, instance: instances.get(server)?.CM && chance(60) ? 'CM' : undefined };
  };

  const kinds = new Map(names.map((name) => [name, new Map<string, Options>()]));
  const scheme = () => of(SCHEMES);
  for (const name of sqlNames) {
    const written = instances.get(name) ?? {};
    kinds.get(name)?.set('sql-server', Object.keys(written).length > 0 ? { instances: written } : {});
  }
  const serverSites = new Map(names.map((name) => [name, maybe(85, () => of(codes))]));
  // Most of what a list says is about the roles of one site: some of each go to machines that have one.
  for (const [name, roles] of kinds) {
    const type = types[serverSites.get(name) ?? '']?.type;
    const put = (percent: number, role: string, options: () => Options = () => ({})) => {
      const info = roleInfo(role);
      // The lists before the gateway have connections to a cloud distribution point, which stand for it.
      const isKnown = role === GATEWAY || (info !== undefined && inEdition(info, edition));
      if (chance(percent) && isKnown) roles.set(role, options());
    };
    put(15, 'domain-controller', () => ({ globalCatalog: maybe(60, () => true) }));
    put(8, 'dns-server');
    put(8, 'dhcp-server');
    put(8, 'file-server');
    put(5, 'certification-authority');
    put(5, 'exchange-server');
    put(6, 'network-device-enrollment-service');
    put(10, 'wsus-server', () => ({
      ssl: maybe(50, () => true),
      httpPort: maybe(30, () => 80),
      httpsPort: maybe(30, () => 443),
      database: maybe(40, database),
    }));
    if (type === undefined) continue;
    const audience = () => (type === 'primary' ? of(AUDIENCES) : undefined);
    put(35, 'site-server', () => ({ passive: maybe(30, () => true) }));
    if (type === 'central-administration') roles.delete('network-device-enrollment-service');
    if (type !== 'central-administration') {
      put(45, 'management-point', () => ({
        protocol: scheme(),
        clients: audience(),
        cloudManagementGateway: maybe(30, () => true),
        databaseReplica: maybe(15, database),
      }));
      put(50, 'distribution-point', () => ({
        protocol: scheme(),
        clients: audience(),
        pxe: of([true, 'wds', 'responder', undefined]),
        multicast: maybe(30, () => true),
        multicastPorts: maybe(20, () => '63100-63200'),
        connectedCache: maybe(20, () => true),
      }));
      put(15, 'state-migration-point', () => ({ protocol: scheme() }));
    }
    if (type === 'primary') put(15, 'fallback-status-point', () => ({ clients: audience() }));
    if (!roles.has('wsus-server'))
      put(35, 'software-update-point', () => ({
        ssl: maybe(50, () => true),
        clients: audience(),
        httpPort: maybe(20, () => 80),
        httpsPort: maybe(20, () => 443),
        cloudManagementGateway: maybe(30, () => true),
        database: maybe(30, database),
      }));
    put(10, 'console', () => ({ remoteControl: maybe(30, () => false) }));
    put(10, 'reporting-services-point', () => ({
      protocol: scheme(),
      httpPort: maybe(30, () => 8082),
      httpsPort: maybe(30, () => 8443),
      database: maybe(30, database),
    }));
    put(8, 'data-warehouse-service-point', () => ({ database: maybe(50, database) }));
    put(12, 'service-connection-point', () => ({ offline: maybe(30, () => true) }));
    put(15, GATEWAY, () => ({
      gateway: of(['scale-set', 'classic', undefined]),
      virtualMachines: maybe(50, () => 1 + draw(fc.nat, 3)),
      content: maybe(40, () => false),
    }));
    for (const role of PLAIN_ROLES)
      put(7, role, () => {
        if (role === 'sms-provider') return { https: maybe(30, () => false) };
        return PORTED.has(role) ? { httpsPort: maybe(30, () => 8444) } : {};
      });
    for (const role of CATALOG_ROLES)
      put(12, role, () => ({
        protocol: scheme(),
        httpPort: maybe(30, () => 8081),
        httpsPort: maybe(30, () => 8443),
      }));
  }
  const withRole = (role: string) => names.filter((name) => kinds.get(name)?.has(role));
  const change = (name: string, role: string, more: Options) => {
    const roles = kinds.get(name);
    roles?.set(role, { ...roles.get(role), ...more });
  };
  const updateServers = [...withRole('wsus-server'), ...withRole('software-update-point')];
  for (const name of withRole('software-update-point'))
    if (chance(50)) {
      const upstream = of(['microsoft-update', 'none', ...updateServers]);
      if (upstream !== name) change(name, 'software-update-point', { upstream });
    }
  for (const name of withRole('distribution-point')) {
    const pullFrom = some(withRole('distribution-point'), 20).filter((source) => source !== name);
    if (pullFrom.length > 0) change(name, 'distribution-point', { pullFrom });
  }
  for (const name of names)
    if (serverSites.get(name) && chance(5))
      change(name, 'exchange-server-connector', {
        to: of(['exchange-online', undefined, ...withRole('exchange-server')]),
      });

  const proxy = () =>
    maybe(20, () => ({ server: of([...names, 'proxy.example', '10.1.0.8', '198.51.100.7']), port: 8080 }));
  const range = () => maybe(40, () => of(['49152-65535', '50000-50255']));
  const servers: Record<string, RawServer> = {};
  for (const name of names)
    servers[name] = {
      site: serverSites.get(name),
      zone: maybe(85, () => of(zoneNames)),
      forest: of(FORESTS),
      trusted: maybe(20, () => true),
      addresses: maybe(30, () => of([['10.0.0.4'], ['10.1.0.4', 'fd00::4']])),
      rpcDynamicPorts: range(),
      proxy: proxy(),
      siteServerInitiates: maybe(20, () => true),
      roles: Object.fromEntries(kinds.get(name) ?? []),
    };

  const clients: Record<string, RawClients> = {};
  for (let index = 0; index <= draw(fc.nat, 3); index++)
    clients[`g${index}`] = {
      site: of(codes.filter((code) => code !== 'cas')),
      zone: of(
        [undefined, of(zoneNames), of(zoneNames), some(zoneNames, 60)].filter((zone) => zone?.length !== 0),
      ),
      kind: maybe(15, () => of(['mac', 'mobile-device'])),
      forest: of(FORESTS),
      os: maybe(40, () => 'windows-11'),
      rpcDynamicPorts: range(),
      proxy: proxy(),
      networks: maybe(15, () => of([['10.0.7.0/24'], ['fd00:7::/64']])),
      internetOnly: maybe(10, () => true),
      workgroup: maybe(15, () => true),
      installation: maybe(50, () => some(METHODS, 40)),
      source: maybe(20, () => of(names)),
      features: some(FEATURES, 45),
    };

  const groupNames = Array.from({ length: draw(fc.nat, 3) }, (_, index) => `b${index}`);
  const boundaryGroups: Record<string, RawBoundaryGroup> = {};
  for (const name of groupNames) {
    const others = some(
      groupNames.filter((other) => other !== name),
      45,
    );
    const roles = ['distribution-point', 'management-point', 'software-update-point'];
    boundaryGroups[name] = {
      members: [...some(inner, 40), ...some(Object.keys(clients), 35)],
      servers: some(names, 30),
      cloudManagementGateway: maybe(30, () => true),
      fallback:
        others.length === 0
          ? undefined
          : chance(50)
            ? others
            : Object.fromEntries(others.map((other) => [other, some(roles, 50)])),
    };
  }

  const group = chance(35);
  const addresses = some(['10.0.0.50', '10.1.0.50', '10.2.0.50', '203.0.113.9'], 40);
  const sites: Record<string, RawSite> = {};
  for (const [code, what] of Object.entries(types)) {
    const { type } = what;
    sites[code] = {
      ...what,
      database: maybe(90, () =>
        group && type !== 'secondary' && chance(50) ? { availabilityGroup: 'ag' } : database(),
      ),
      wakeOnLan: type !== 'central-administration' ? maybe(30, () => ({ port: of([10, 11]) })) : undefined,
      wakeUpProxy: type === 'primary' ? maybe(30, () => ({ port: 25000 })) : undefined,
      clientPorts:
        type === 'primary'
          ? maybe(40, () => ({
              http: of([[80, 8080], [81]]),
              https: 444,
              notification: maybe(50, () => 10124),
            }))
          : undefined,
      publishToActiveDirectory: of([undefined, true, ['lab.example'], ['corp.example', 'lab.example']]),
      contentLibrary: maybe(40, () => withRole('file-server')[0]),
    };
  }
  const zones: Record<string, RawTopology['zones'][string]> = {};
  for (const [index, zone] of zoneNames.entries())
    zones[zone] =
      zone === 'internet'
        ? { internet: true }
        : {
            networks: [`10.${index}.0.0/16`, ...(chance(40) ? [`fd00:${index}::/64`] : [])],
            domainControllers: maybe(25, () => some(withRole('domain-controller'), 60)),
          };
  const topology: RawTopology = {
    configmgr,
    defaults: {
      forest: of(FORESTS),
      zone: maybe(30, () => of(inner)),
      rpcDynamicPorts: maybe(50, () => '51000-51255'),
    },
    zones,
    sites,
    servers,
    clients,
    boundaryGroups,
    availabilityGroups: group
      ? {
          ag: {
            replicas: sqlNames.slice(0, 2 + draw(fc.nat, 1)).map((server) => ({
              server,
              instance: instances.get(server)?.CM && chance(50) ? 'CM' : undefined,
            })),
            listener: maybe(70, () => ({ name: 'sqllsn', addresses, port: maybe(50, () => 1500) })),
            endpointPort: maybe(50, () => 5022),
          },
        }
      : {},
  };
  // As a file has it: what is not written is not there.
  return JSON.parse(JSON.stringify(topology)) as RawTopology;
});
