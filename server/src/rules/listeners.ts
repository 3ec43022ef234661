// The fixed TCP ports that a server listens on, as far as the file and the catalog say.

import { catalogOf, serviceName } from '../catalog/index.ts';
import { HIGHEST_PORT, PORTS } from '../catalog/numbers.ts';
import type { Edition } from '../catalog/types.ts';
import { getOrAdd, memo } from '../collections.ts';
import { language, t } from '../l10n.ts';
import type { Span } from '../text/tree.ts';
import { instancePort, rolePort, rpcRange, serviceBrokerPort } from '../topology/effective.ts';
import type { PortRange, Server, Written } from '../topology/model.ts';
import { fromServers } from './remembered.ts';
import type { RuleContext } from './rule.ts';
import { within } from './words.ts';

export interface ListeningPort {
  readonly port: number;
  /** `SQL Server instance CM`, `software-update-point (HTTP)`, or the service's name in the catalog. */
  readonly what: string;
  /** Where the file sets the port; undefined where it is the documented one. */
  readonly span?: Span;
}

/** TCP 1434: the catalog's SQL Server Browser row, and SQL Server's own dedicated administrator connection. */
const KEPT_FREE: number = PORTS.sqlBrowser;
/** The documented port of SQL Server's default instance: the search for a free port starts above it. */
const SQL_PORT: number = PORTS.sqlServer;

/**
 * Gives the listeners of one server after another; the flows are gone through once.
 * @returns a function whose second argument narrows the answer to the ports of a range
 */
export function listenersIn(
  context: RuleContext,
): (server: Server, range?: PortRange) => readonly ListeningPort[] {
  let byServer: Map<Server, Map<number, string>> | undefined;
  const mayBeCalled = calledIn(context);
  return (server, range) => {
    const wanted = (port: number) => range === undefined || within(port, range);
    const listeners: ListeningPort[] = [];
    for (const { port, what, span } of fixedPortsOf(server))
      if (wanted(port)) listeners.push(span ? { port, what: what(), span } : { port, what: what() });
    // Computing the flows of a large file is expensive: nobody calls on a port that is written nowhere.
    if (range === undefined || mayBeCalled(range)) {
      byServer ??= fromFlows(context);
      const known = new Set(listeners.map(({ port }) => port));
      for (const [port, what] of byServer.get(server) ?? [])
        if (wanted(port) && !known.has(port)) listeners.push({ port, what });
    }
    return listeners.sort((a, b) => a.port - b.port);
  };
}

/**
 * The servers that may listen on a port of the dynamic RPC range in force: those that set or have one there, those with
 * a range of their own, and all others where a flow can reach a port of the range in `defaults`.
 */
export function mayListenInRange(context: RuleContext): Iterable<Server> {
  const { defaults, servers } = context.topology;
  const range = defaults.rpcDynamicPorts?.value;
  return range && calledIn(context)(range) ? servers.values() : withPortInRange(context);
}

const withPortInRange = fromServers((server, { topology }) => {
  const range = rpcRange(server, topology)?.value;
  const has = ({ port }: FixedPort) => range !== undefined && within(port, range);
  return server.rpcDynamicPorts || fixedPortsOf(server).some(has) ? [server] : [];
});

/** Answers whether a flow can reach a port of a range that its server does not set itself. */
function calledIn(context: RuleContext): (range: PortRange) => boolean {
  let others: readonly number[] | undefined;
  const known = new Map<PortRange, boolean>();
  return (range) =>
    getOrAdd(known, range, () => {
      others ??= portsOfOthers(context);
      return others.some((port) => within(port, range));
    });
}

/** Every single TCP port on which a flow can reach a server that does not set it itself: the documented ones, and those of sites. */
function portsOfOthers({ topology }: RuleContext): readonly number[] {
  const { edition } = topology;
  if (edition === undefined) return [];
  const ofSites = [...topology.sites.values()].flatMap(({ clientPorts }) =>
    [clientPorts?.http ?? [], clientPorts?.https ?? [], clientPorts?.notification ?? []].flat(),
  );
  return [
    ...getOrAdd(documented, edition, () => documentedPorts(edition)),
    ...ofSites.map(({ value }) => value),
  ];
}

const documented = new Map<Edition, readonly number[]>();

function documentedPorts(edition: Edition): readonly number[] {
  const { connections, deployment, windowsServer, clientShares, discovery, loadBalancer, internetClients } =
    catalogOf(edition);
  const tables = [
    ...connections,
    ...deployment,
    ...[windowsServer, clientShares, discovery, loadBalancer].filter((table) => table !== undefined),
    ...(internetClients?.tables ?? []),
  ];
  const ports = tables.flatMap((table) => table.ports.flatMap(({ tcp }) => tcp.map(Number)));
  return [...new Set(ports)].filter(Number.isInteger);
}

interface FixedPort {
  readonly port: number;
  /** In the reader's language. */
  readonly what: () => string;
  readonly span: Span | undefined;
}

/**
 * The ports that a server's instances and roles set, or have by default. A server that did not change has the ports
 * that it had before.
 */
const fixedPortsOf = memo(findFixedPorts);

function findFixedPorts(server: Server): readonly FixedPort[] {
  const ports: FixedPort[] = [];
  const add = (port: number | undefined, what: () => string, written: Written<unknown> | undefined) => {
    if (port !== undefined) ports.push({ port, what, span: written?.span });
  };
  for (const instance of server.instances) {
    if (!instance.dynamicPorts?.value)
      add(instancePort(instance), () => t('SQL Server instance {0}', instance.name), instance.port);
    add(
      serviceBrokerPort(instance),
      () => t('Service Broker of SQL Server instance {0}', instance.name),
      instance.serviceBrokerPort,
    );
  }
  for (const role of server.roles) {
    add(rolePort(role, 'httpPort'), () => `${role.role} (HTTP)`, role.values.get('httpPort'));
    add(rolePort(role, 'httpsPort'), () => `${role.role} (HTTPS)`, role.values.get('httpsPort'));
  }
  return ports;
}

function fromFlows(context: RuleContext): Map<Server, Map<number, string>> {
  const byServer = new Map<Server, Map<number, string>>();
  for (const flow of context.flows()) {
    const { server } = flow.to;
    if (!server || flow.protocol !== 'tcp' || flow.dynamicRpc) continue;
    const ports = getOrAdd(byServer, server, () => new Map<number, string>());
    for (const text of flow.ports) {
      const port = Number(text);
      if (Number.isInteger(port) && !ports.has(port)) ports.set(port, serviceName(flow.service, language()));
    }
  }
  return byServer;
}

/**
 * The port that an administrator would take next: above the given ones, used by nothing on that server,
 * outside its dynamic RPC range, and not 1434. Undefined where every port is taken.
 * @param above the ports in use for the same purpose; SQL Server's 1433 where there is none
 */
export function nextFreePort(
  server: Server,
  context: Pick<RuleContext, 'topology'>,
  listeners: readonly Pick<ListeningPort, 'port'>[],
  above: readonly number[],
): number | undefined {
  const range = rpcRange(server, context.topology)?.value;
  const taken = new Set(listeners.map(({ port }) => port));
  const free = (port: number) => port !== KEPT_FREE && !taken.has(port) && !(range && within(port, range));
  const start = Math.max(SQL_PORT, ...above) + 1;
  for (let port = start; port <= HIGHEST_PORT; port++) if (free(port)) return port;
  for (let port = SQL_PORT + 1; port < start; port++) if (free(port)) return port;
  return undefined;
}
