// Traffic that no fix may let through: from the internet to what does not serve it, and what a policy rules out.
import { memo } from '../../collections.ts';
import type { Endpoint, Flow } from '../../flows/flow.ts';
import { isServingRole } from '../../flows/serving.ts';
import { commonRanges, joined, rangeOf } from '../../reach/addresses.ts';
import { type SingleEnd, singleEnds } from '../../reach/ends.ts';
import { machineId, networksOfEnd, rangesOfEndpoint, zonesOf } from '../../reach/matching.ts';
import { ALL_PORTS, intersection, isEmpty, type PortSet, portSet } from '../../reach/ports.ts';
import type { Protocol } from '../../reach/reach.ts';
import { roleOption } from '../../topology/effective.ts';
import type { Policy, Server, Topology, Written } from '../../topology/model.ts';
import type { RuleContext } from '../rule.ts';

type Context = Pick<RuleContext, 'topology' | 'flows' | 'reach'>;

/** The zones marked internet, in lower case. */
export function internetZones({ zones }: Topology): ReadonlySet<string> {
  return new Set([...zones.values()].filter(({ internet }) => internet).map(({ id }) => id));
}

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

/**
 * Whether a rule for a flow would let machines on the internet reach one that is not there for them. Everything in a
 * zone marked internet counts, servers of the hierarchy too.
 */
export function opensToInternet({ from, to }: Pick<Flow, 'from' | 'to'>, context: Context): boolean {
  if (to.kind === 'cloud' || to.kind === 'clients') return false;
  const zones = internetZones(context.topology);
  if (!zonesOf(from).some((zone) => zones.has(zone))) return false;
  if (zonesOf(to).some((zone) => zones.has(zone))) return false;
  return !to.server || !servingInternet(context).has(to.server);
}

/** The policies that rule out some of the traffic between two machines. */
export function policiesAgainst(
  from: Endpoint,
  to: Endpoint,
  ports: Readonly<Record<Protocol, PortSet>>,
  { topology }: Pick<Context, 'topology'>,
): readonly Policy[] {
  return topology.policies.filter(
    (policy) =>
      meets(policy.from, from, topology) &&
      meets(policy.to, to, topology) &&
      (['tcp', 'udp', 'icmp'] as const).some(
        (protocol) => !isEmpty(intersection(policyPorts(policy, protocol), ports[protocol])),
      ) &&
      !policy.except.some((pair) => holds(pair.from, from, topology) && holds(pair.to, to, topology)),
  );
}

/** What a policy says about a protocol; for ICMP the one port that stands for it. */
function policyPorts({ tcp, udp, icmp }: Policy, protocol: Protocol): PortSet {
  const isAll = tcp === undefined && udp === undefined && icmp?.value !== true;
  if (protocol === 'icmp') return isAll || icmp?.value === true ? [{ low: 0, high: 0 }] : [];
  const written = protocol === 'tcp' ? tcp : udp;
  if (isAll || written === 'any') return ALL_PORTS;
  return portSet((written ?? []).map(({ value }) => value));
}

/** Whether words stand for a machine, or for some of it. */
function meets(words: readonly Written<string>[], end: Endpoint, topology: Topology): boolean {
  return (singleEnds(words, topology) ?? []).some((one) => isMeant(one, end, topology, false));
}

/** Whether words stand for all of a machine. */
function holds(words: readonly Written<string>[], end: Endpoint, topology: Topology): boolean {
  return (singleEnds(words, topology) ?? []).some((one) => isMeant(one, end, topology, true));
}

function isMeant(end: SingleEnd, endpoint: Endpoint, topology: Topology, whole: boolean): boolean {
  const zones = zonesOf(endpoint);
  switch (end.kind) {
    case 'any':
      return true;
    case 'zone':
      return whole
        ? zones.length > 0 && zones.every((zone) => zone === end.zone.id)
        : zones.includes(end.zone.id);
    case 'server':
      return machineId(endpoint) === end.server.id;
    case 'clients':
      return machineId(endpoint) === end.clients.id;
    case 'listener':
      return machineId(endpoint) === end.listener.id;
    case 'network': {
      if (whole) return false;
      const ranges = joined(networksOfEnd(end, topology).map(rangeOf));
      const places = zones.length > 1 ? zones.map((zone) => ({ ...endpoint, zone })) : [endpoint];
      return places.some(
        (place) => commonRanges(joined([...rangesOfEndpoint(place, topology)]), ranges).length > 0,
      );
    }
  }
}
