// Which services of a server listen on which TCP port, and which of them can share one.

import { catalogOf, PORTS, serviceName } from '../../catalog/index.ts';
import { serviceKey } from '../../catalog/names.ts';
import type { Edition, PortRow } from '../../catalog/types.ts';
import { getOrAdd, groupBy, memo } from '../../collections.ts';
import { language, t } from '../../l10n.ts';
import type { Span } from '../../text/tree.ts';
import {
  brokeredInstances,
  instancePort,
  lookup,
  roleOption,
  rolePort,
  serviceBrokerPort,
  siteOf,
} from '../../topology/effective.ts';
import type { Role, Server, Site, SqlInstance, Topology } from '../../topology/model.ts';
import { keyCertainty, optionCertainty } from '../certainty.ts';
import { type RequestPorts, requestPortsOf } from '../clients/client-groups.ts';
import { listenersIn } from '../listeners.ts';
import { fromServers } from '../remembered.ts';
import type { RuleContext } from '../rule.ts';
import { roleInSentence } from '../words.ts';

/** The two ports of a website. */
export interface PortPair {
  readonly http: number;
  readonly https: number;
}

/** Something that listens on a TCP port of a server. */
export interface ListeningService {
  readonly server: Server;
  readonly port: number;
  /** In the reader's language: `management point (HTTP)`, `SQL Server instance CM`. */
  readonly what: () => string;
  /** What listens; `fixed` is what has a documented port that nothing changes. */
  readonly program: 'web' | 'wsus' | 'reporting' | 'sql' | 'notification' | 'endpoint' | 'proxy' | 'fixed';
  readonly scheme: 'http' | 'https' | undefined;
  /** Where the file sets the port; undefined for a default or a documented one. */
  readonly span: Span | undefined;
  readonly role?: Role;
  /** Both ports of the website of WSUS that this one is of. */
  readonly pair?: PortPair | undefined;
  /** The client request ports that this one is of. */
  readonly request?: RequestPorts;
  /** What of SQL Server has the port. */
  readonly sql?: { readonly instance: SqlInstance; readonly key: SqlKey };
}

type SqlKey = 'port' | 'serviceBrokerPort';

const REPORTING: ReadonlySet<string> = new Set(['reporting-services-point', 'reporting-point']);
const WSUS: ReadonlySet<string> = new Set(['software-update-point', 'wsus-server']);
/** The ports of the Default Web Site, which WSUS can be part of. */
const DEFAULT_WEBSITE: ReadonlySet<number> = new Set([PORTS.http, PORTS.https]);
/** Windows Remote Management takes its part of a port by name, as Reporting Services do; others are not servers. */
const UNASKED: ReadonlySet<string> = new Set(['client', 'exchange-server']);

/**
 * The services of each server, in file order. What could not be read is left out.
 * @param onlyShared without servers of which it is known that no port is there twice
 */
export function servicesByServer(
  context: RuleContext,
  onlyShared = false,
): ReadonlyMap<Server, readonly ListeningService[]> {
  const { topology } = context;
  const { edition } = topology;
  if (edition === undefined) return new Map();
  const { brokered, others } = othersIn(context);
  const named = new Set(others.map(({ server }) => server));
  const all: ListeningService[] = [];
  const isThere = (service: ListeningService) => isUsed(service, brokered);
  if (onlyShared && named.size === 0) {
    for (const own of mayShare(context)) all.push(...own.filter(isThere));
  } else {
    const few = new Set([...mayShare(context).flatMap(([first]) => first?.server ?? []), ...named]);
    for (const server of topology.servers.values())
      if (!onlyShared || few.has(server)) all.push(...servicesOf(server, context).filter(isThere));
  }
  return groupBy([...all, ...others], ({ server }) => server);
}

/** Gives the services of one server after another, each as in `servicesByServer`. */
export function servicesIn(context: RuleContext): (server: Server) => readonly ListeningService[] {
  let known: Others | undefined;
  return (server) => {
    known ??= othersIn(context);
    const { brokered, others } = known;
    const own = servicesOf(server, context).filter((service) => isUsed(service, brokered));
    return [...own, ...others.filter((other) => other.server === server)];
  };
}

/** What does not follow from a server by itself. */
interface Others {
  readonly brokered: ReadonlySet<SqlInstance>;
  /** What others of the file have listening on a server. */
  readonly others: readonly ListeningService[];
}

function othersIn(context: RuleContext): Others {
  const { topology } = context;
  return {
    brokered: brokeredInstances(topology),
    others: [...ofReplicas(topology), ...ofProxies(context)],
  };
}

/** A Service Broker is used where sites replicate over it. */
function isUsed({ sql }: ListeningService, brokered: ReadonlySet<SqlInstance>): boolean {
  return sql?.key !== 'serviceBrokerPort' || brokered.has(sql.instance);
}

/** The services of a server, also a Service Broker that nobody may use. */
function servicesOf(server: Server, context: RuleContext): readonly ListeningService[] {
  return [
    ...ofRoles(server, context),
    ...server.instances.flatMap((instance) => ofInstance(instance, context)),
  ];
}

/** The services of each server of which it does not follow from its roles that all have ports of their own. */
const mayShare = fromServers((server, context): readonly (readonly ListeningService[])[] => {
  const services = servicesOf(server, context);
  const ports = new Set(services.map(({ port }) => port));
  return ports.size < services.length ? [services] : [];
});

function ofRoles(server: Server, context: RuleContext): readonly ListeningService[] {
  const { edition } = context.topology;
  if (edition === undefined) return [];
  const rows = rowsTo(edition);
  const requestPorts = requestPortsIn(context);
  return server.roles.flatMap((role) =>
    (rows.get(role.role) ?? []).flatMap((row) => ofRow(row, role, requestPorts, context)),
  );
}

const requestPortsIn = memo((context: RuleContext) => memo((site: Site) => requestPortsOf(site, context)));

type RequestPortsAt = (site: Site) => RequestPorts | undefined;

function ofRow(
  row: PortRow,
  role: Role,
  requestPorts: RequestPortsAt,
  context: RuleContext,
): readonly ListeningService[] {
  switch (row.setting) {
    case 'httpPort':
    case 'httpsPort':
      return ofOption(role, row.setting, context);
    case 'clientPorts.http':
      return ofSite(role, 'http', requestPorts, context);
    case 'clientPorts.https':
      return ofSite(role, 'https', requestPorts, context);
    case 'clientPorts.notification':
      return ofSite(role, 'notification', requestPorts, context);
    default:
      return documented(row, role, context);
  }
}

/** A port that is an option of the role. */
function ofOption(
  role: Role,
  key: 'httpPort' | 'httpsPort',
  context: RuleContext,
): readonly ListeningService[] {
  const port = rolePort(role, key);
  if (port === undefined || optionCertainty(context, role, key) === 'unknown') return [];
  const scheme = key === 'httpPort' ? 'http' : 'https';
  // The website of WSUS is bound to both of its ports, whether they are used or not.
  const isWsus = WSUS.has(role.role);
  if (!isWsus && !serves(role, scheme, context)) return [];
  return [
    {
      server: role.server,
      port,
      what: () => named(role, scheme.toUpperCase()),
      program: isWsus ? 'wsus' : REPORTING.has(role.role) ? 'reporting' : 'web',
      scheme,
      role,
      pair: isWsus ? pairOf(role) : undefined,
      span: role.values.get(key)?.span,
    },
  ];
}

function pairOf(role: Role): PortPair | undefined {
  const http = rolePort(role, 'httpPort');
  const https = rolePort(role, 'httpsPort');
  return http === undefined || https === undefined ? undefined : { http, https };
}

/** The client request ports of the site, where a role answers on them. */
function ofSite(
  role: Role,
  key: 'http' | 'https' | 'notification',
  requestPorts: RequestPortsAt,
  context: RuleContext,
): readonly ListeningService[] {
  const site = siteOf(role.server, context.topology);
  const ports = site && requestPorts(site);
  if (!ports || (key !== 'notification' && !serves(role, key, context))) return [];
  const written = [ports.site.clientPorts?.[key] ?? []].flat();
  return [ports[key]].flat().map((port, index) => ({
    server: role.server,
    port,
    what: () => named(role, key === 'notification' ? t('client notification') : key.toUpperCase()),
    program: key === 'notification' ? 'notification' : 'web',
    scheme: key === 'notification' ? undefined : key,
    role,
    request: ports,
    span: written[index]?.span,
  }));
}

/** A port that nothing in the file can change. */
function documented(row: PortRow, role: Role, context: RuleContext): readonly ListeningService[] {
  const { service } = row;
  const { ports, scheme } = documentedOf(row);
  if (scheme !== undefined && !serves(role, scheme, context)) return [];
  return ports.map((port) => ({
    server: role.server,
    port,
    what: () => (scheme ? named(role, scheme.toUpperCase()) : serviceName(service, language())),
    program: scheme ? 'web' : 'fixed',
    scheme,
    span: undefined,
    role,
  }));
}

/** What a row of the catalog says for every role that it is about. */
const documentedOf = memo(({ service, tcp, scheme }: PortRow) => {
  const key = serviceKey(service);
  return {
    ports: tcp.map(Number).filter(Number.isInteger),
    scheme: scheme ?? (key === 'http' || key === 'https' ? key : undefined),
  };
});

function named(role: Role, use: string): string {
  return `${roleInSentence(role.role)} (${use})`;
}

/** Whether a role takes part in a scheme, by its `protocol`; not where that could not be read. */
function serves(role: Role, scheme: 'http' | 'https', context: RuleContext): boolean {
  if (optionCertainty(context, role, 'protocol') === 'unknown') return false;
  const protocol = roleOption(role, 'protocol');
  return protocol === undefined || protocol === 'both' || protocol === 'enhanced-http' || protocol === scheme;
}

/** The rows of a list by the role that answers on their ports, each setting or port of a role once. */
function rowsTo(edition: Edition): ReadonlyMap<string, readonly PortRow[]> {
  return getOrAdd(rowsOf, edition, () => {
    const byKey = new Map<string, { readonly to: string; readonly row: PortRow }>();
    for (const { to, ports } of catalogOf(edition).connections)
      for (const row of ports)
        if (isAnswered(to, row)) byKey.set([to, row.setting ?? row.tcp, row.scheme].join(), { to, row });
    const rows = new Map<string, PortRow[]>();
    for (const [to, those] of groupBy(byKey.values(), ({ to }) => to))
      rows.set(
        to,
        those.map(({ row }) => row),
      );
    return rows;
  });
}

const rowsOf = new Map<Edition, ReadonlyMap<string, readonly PortRow[]>>();

function isAnswered(to: string, { tcp, noFlow, choice, setting, when }: PortRow): boolean {
  if (tcp.length === 0 || noFlow !== undefined || UNASKED.has(to)) return false;
  // What only some files have is not known to listen here; the ports of SQL Server are those of its instances.
  if (when !== undefined && when !== 'primary-site') return false;
  if (setting === undefined)
    return !choice && !(to === 'sql-server' && tcp.includes(String(PORTS.sqlServer)));
  return setting === 'httpPort' || setting === 'httpsPort' || setting.startsWith('clientPorts.');
}

function ofInstance(instance: SqlInstance, context: RuleContext): readonly ListeningService[] {
  const { server, name } = instance;
  const isKnown = (key: SqlKey) => keyCertainty(context, instance, key, instance[key]) !== 'unknown';
  const services: ListeningService[] = [];
  const port = instancePort(instance);
  if (port !== undefined && !instance.dynamicPorts?.value && isKnown('port'))
    services.push({
      server,
      port,
      what: () => t('SQL Server instance {0}', name),
      program: 'sql',
      scheme: undefined,
      sql: { instance, key: 'port' },
      span: instance.port?.span,
    });
  if (isKnown('serviceBrokerPort'))
    services.push({
      server,
      port: serviceBrokerPort(instance),
      what: () => t('Service Broker of SQL Server instance {0}', name),
      program: 'sql',
      scheme: undefined,
      sql: { instance, key: 'serviceBrokerPort' },
      span: instance.serviceBrokerPort?.span,
    });
  return services;
}

/** The ports over which the replicas of availability groups synchronise. The listener has addresses of its own. */
function ofReplicas(topology: Topology): readonly ListeningService[] {
  return [...topology.availabilityGroups.values()].flatMap(({ name, endpointPort, replicas }) =>
    replicas.flatMap((replica): readonly ListeningService[] => {
      const server = replica.server && lookup(topology.servers, replica.server.value);
      if (!server || !endpointPort) return [];
      const what = () => t('endpoint of availability group {0}', name);
      const { value, span } = endpointPort;
      return [{ server, port: value, what, program: 'endpoint', scheme: undefined, span }];
    }),
  );
}

const serversWithProxy = fromServers((server) => (server.proxy ? [server] : []));

/** The proxies of machines that are servers of the file. */
function ofProxies(context: RuleContext): readonly ListeningService[] {
  const { topology } = context;
  return [...serversWithProxy(context), ...topology.clients.values()].flatMap(
    ({ proxy }): readonly ListeningService[] => {
      const server = proxy?.server && lookup(topology.servers, proxy.server.value);
      if (!server || !proxy?.port) return [];
      const { value, span } = proxy.port;
      return [{ server, port: value, what: () => t('web proxy'), program: 'proxy', scheme: undefined, span }];
    },
  );
}

/**
 * Whether two services of one server can have the same port.
 *
 * Web servers share one: IIS serves all roles of one website, and Reporting Services take their part of a port by
 * name. One port is bound to HTTP or HTTPS, never to both. WSUS has a website of its own but for 80 and 443, and
 * where its two ports are those of the site, which may be one website.
 */
export function canShare(a: ListeningService, b: ListeningService): boolean {
  if (a.program === 'sql' || b.program === 'sql') return false;
  if (a.program === b.program) return a.scheme === b.scheme || a.program === 'wsus';
  if (a.scheme === undefined || a.scheme !== b.scheme) return false;
  if (a.program === 'reporting' || b.program === 'reporting' || DEFAULT_WEBSITE.has(a.port)) return true;
  return a.program === 'wsus' ? isOneWebsite(a, b) : isOneWebsite(b, a);
}

/** Whether the website of WSUS may be that of the site: both have the same two ports, and not those of its own. */
function isOneWebsite({ pair, port }: ListeningService, { request }: ListeningService): boolean {
  if (!request || !pair) return false;
  const isItsOwn = pair.http === PORTS.wsusHttp || port === PORTS.wsusHttps;
  return !isItsOwn && request.http.includes(pair.http) && request.https.includes(pair.https);
}

/**
 * Whether a fix may give services of a server these ports: nothing else has one that it cannot share, nor another of
 * them.
 * @param changed the services as they would be
 * @param others all others of the server
 */
export function canListen(
  changed: readonly ListeningService[],
  others: readonly ListeningService[],
): boolean {
  const all = [...changed, ...others];
  return changed.every((one) =>
    all.every((other) => one === other || one.port !== other.port || canShare(one, other)),
  );
}

/** Gives the TCP ports of one server after another that a fix gives to nothing else, whatever uses them. */
export function takenIn(context: RuleContext): (server: Server) => readonly { readonly port: number }[] {
  const listeners = listenersIn(context);
  const services = servicesIn(context);
  return (server) => [...listeners(server), ...services(server)];
}

/** Whether a port of an instance can be this one: SQL Server shares none with anything. */
export function isFreeFor(
  { instance, key, port }: { readonly instance: SqlInstance; readonly key: SqlKey; readonly port: number },
  context: RuleContext,
): boolean {
  return servicesIn(context)(instance.server).every(
    ({ port: other, sql }) => other !== port || (sql?.instance === instance && sql.key === key),
  );
}
