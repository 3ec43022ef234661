// Traffic that no fix may let through: from the internet to what does not serve it, and what a policy rules out.
import { PORTS } from '../../catalog/numbers.ts';
import { memo } from '../../collections.ts';
import { type Endpoint, zonesOf } from '../../flows/flow.ts';
import { isServingRole } from '../../flows/serving.ts';
import { addressRange, commonRanges, networksOf } from '../../reach/addresses.ts';
import { type SingleEnd, singleEnds } from '../../reach/ends.ts';
import { insideOf, publicOutside } from '../../reach/internet.ts';
import { endMeans } from '../../reach/matching.ts';
import { type Guard, policiesAgainstRule } from '../../reach/policies.ts';
import { intersection, isEmpty, NO_PORTS, type PortSet, portSet, union } from '../../reach/ports.ts';
import { type PortsByProtocol, PROTOCOLS, type Protocol, unionByProtocol } from '../../reach/rule-ports.ts';
import {
  effectiveZone,
  effectiveZones,
  instancePort,
  roleOption,
  rpcRange,
  serviceBrokerPort,
} from '../../topology/effective.ts';
import type { Firewall, Policy, Server, Topology } from '../../topology/model.ts';
import { memoOfMachines } from '../../topology/things.ts';
import type { RuleContext } from '../rule.ts';

type Context = Pick<RuleContext, 'topology' | 'flows' | 'reach'>;

/** The zones marked internet, in lower case. */
export const internetZones: (topology: Topology) => ReadonlySet<string> = memoOfMachines(
  ({ zones }) => new Set([...zones.values()].filter(({ internet }) => internet).map(({ id }) => id)),
);

/**
 * The servers that are there for clients on the internet: by `clients` of a role, or because a group there uses a role
 * that has no such option, such as an enrollment proxy point.
 */
export const servingInternet: (context: Context) => ReadonlySet<Server> = memo(
  (context: Context) => {
    const { topology } = context;
    const zones = internetZones(topology);
    const found = new Set<Server>();
    for (const server of topology.servers.values())
      if (server.roles.some((role) => ['internet', 'both'].includes(String(roleOption(role, 'clients')))))
        found.add(server);
    for (const { from, to, toRole, zones: own } of context.flows()) {
      if (!from.clients || !to.server || !toRole || isServingRole(toRole.role)) continue;
      const places = own?.map((zone) => zone.toLowerCase()) ?? zonesOf(from);
      if (places.some((zone) => zones.has(zone))) found.add(to.server);
    }
    return found;
  },
  (context) => context.reach(),
);

/** RPC, SMB and SQL Server: the ports of a server that no zone marked internet may reach, whomever it serves there. */
export function guardedPorts(server: Server, topology: Topology): PortSet {
  const range = rpcRange(server, topology)?.value;
  const sql = server.instances.flatMap((instance) => instancePort(instance) ?? []);
  const single = [PORTS.endpointMapper, PORTS.smb, ...sql].map((port) => ({ low: port, high: port }));
  return portSet([...single, ...(range ? [range] : [])]);
}

/**
 * What a fix holds back of such a server: also the ports beside those of its instances, and the default one, over which
 * an instance is asked whose port nobody wrote.
 */
function heldBack(server: Server, topology: Topology): PortSet {
  const brokers = server.instances.map(serviceBrokerPort);
  const single = [PORTS.sqlServer, PORTS.serviceBroker, PORTS.sqlBrowser, ...brokers];
  return union(guardedPorts(server, topology), portSet(single.map((port) => ({ low: port, high: port }))));
}

/** Whether an end of a rule lets in somebody on the internet: servers of the hierarchy there count as everyone does. */
function isOutside(end: SingleEnd, topology: Topology): boolean {
  switch (end.kind) {
    case 'any':
      return true;
    case 'zone':
      return end.zone.internet;
    case 'server':
      return effectiveZone(end.server, topology)?.internet === true;
    case 'clients':
      return effectiveZones(end.clients, topology).some(({ internet }) => internet);
    case 'network': {
      const range = addressRange(end.network);
      return commonRanges([range], publicOutside(insideOf(topology), range.family)).length > 0;
    }
    case 'listener':
      return false;
  }
}

/** Whether an end of a rule stands for a server at one of its addresses, or in its zone. */
function means(end: SingleEnd, server: Server, topology: Topology): boolean {
  const place: Endpoint = {
    name: server.name,
    kind: 'server',
    server,
    zone: effectiveZone(server, topology)?.id,
  };
  const own = networksOf(server.addresses).map(({ family, bits }) => ({ family, low: bits }));
  return [undefined, ...own].some((address) => endMeans(end, place, address, topology));
}

/** The two ends of a rule, as it names them. */
interface RuleWords {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/**
 * What of some ports a rule must not open, because machines on the internet could reach by it what is not there for
 * them: every port of a server that serves nobody there, and the guarded ones of one that does.
 */
function exposedBy(words: RuleWords, ports: PortsByProtocol, context: Context): PortsByProtocol {
  const { topology } = context;
  if (internetZones(topology).size === 0) return NOTHING;
  if (!endsOf(words.from, topology).some((end) => isOutside(end, topology))) return NOTHING;
  const targets = endsOf(words.to, topology);
  // Nobody says whom the replicas behind a listener serve.
  if (targets.some(({ kind }) => kind === 'listener')) return ports;
  let exposed: PortsByProtocol = NOTHING;
  for (const server of topology.servers.values()) {
    if (effectiveZone(server, topology)?.internet) continue;
    if (!targets.some((end) => means(end, server, topology))) continue;
    if (!servingInternet(context).has(server)) return ports;
    const guarded = heldBack(server, topology);
    exposed = unionByProtocol(exposed, { tcp: guarded, udp: guarded, icmp: NO_PORTS });
  }
  return {
    tcp: intersection(ports.tcp, exposed.tcp),
    udp: intersection(ports.udp, exposed.udp),
    icmp: NO_PORTS,
  };
}

const NOTHING: PortsByProtocol = { tcp: NO_PORTS, udp: NO_PORTS, icmp: NO_PORTS };

/** Words that the file does not have name nobody. */
function endsOf(words: readonly string[], topology: Topology): readonly SingleEnd[] {
  return words.flatMap((value) => singleEnds([{ value }], topology) ?? []);
}

/** What of some ports a rule of a firewall must not open, and the policies that rule some of it out. */
interface Forbidden {
  readonly ports: PortsByProtocol;
  readonly policies: readonly Policy[];
}

/** What of some ports no fix may open by a rule with these ends; undefined where it may open all. */
export function forbiddenOf(
  words: RuleWords,
  ports: PortsByProtocol,
  firewall: Firewall,
  context: Context,
): Forbidden | undefined {
  const guards = policiesAgainst(words, ports, firewall, context);
  const exposed = exposedBy(words, ports, context);
  if (guards.length === 0 && PROTOCOLS.every((protocol) => isEmpty(exposed[protocol]))) return undefined;
  const all = guards.reduce((sum, guard) => unionByProtocol(sum, guard.ports), exposed);
  const of = (protocol: Protocol) => intersection(ports[protocol], all[protocol]);
  return {
    ports: { tcp: of('tcp'), udp: of('udp'), icmp: of('icmp') },
    policies: guards.map(({ policy }) => policy),
  };
}

/**
 * The policies that a rule of a firewall would break, by the words that it names its ends by. Words that the file does
 * not have name nobody.
 */
function policiesAgainst(
  ends: RuleWords,
  ports: PortsByProtocol,
  firewall: Firewall,
  { topology }: Pick<Context, 'topology'>,
): readonly Guard[] {
  if (topology.policies.length === 0) return [];
  const { from, to } = ends;
  return policiesAgainstRule(
    { from: endsOf(from, topology), to: endsOf(to, topology) },
    ports,
    topology,
    firewall,
  );
}
