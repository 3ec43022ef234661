// Traffic that no fix may let through: from the internet to what does not serve it, and what a policy rules out.
import { memo } from '../../collections.ts';
import { type Flow, zonesOf } from '../../flows/flow.ts';
import { isServingRole } from '../../flows/serving.ts';
import { addressRange, commonRanges, joinedRanges, networksOf } from '../../reach/addresses.ts';
import { singleEnds } from '../../reach/ends.ts';
import { rangesOfEndpoint } from '../../reach/matching.ts';
import { type Guard, policiesAgainstRule } from '../../reach/policies.ts';
import type { PortsByProtocol } from '../../reach/rule-ports.ts';
import { roleOption } from '../../topology/effective.ts';
import type { Firewall, Server, Topology } from '../../topology/model.ts';
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

/**
 * Whether a rule for a flow would let machines on the internet reach one that is not there for them. Everything in a
 * zone marked internet counts, servers of the hierarchy too.
 */
export function opensToInternet({ from, to }: Pick<Flow, 'from' | 'to'>, context: Context): boolean {
  if (to.kind === 'cloud') return false;
  const zones = internetZones(context.topology);
  if (!zonesOf(from).some((zone) => zones.has(zone))) return false;
  if (zonesOf(to).some((zone) => zones.has(zone))) return false;
  // Servers in the networks of a group are let in with it.
  if (to.clients) {
    const ranges = joinedRanges(rangesOfEndpoint(to, context.topology));
    return [...context.topology.servers.values()].some(
      (server) =>
        !servingInternet(context).has(server) &&
        commonRanges(networksOf(server.addresses).map(addressRange), ranges).length > 0,
    );
  }
  return !to.server || !servingInternet(context).has(to.server);
}

/**
 * The policies that a rule of a firewall would break, by the words that it names its ends by. Words that the file does
 * not have name nobody.
 */
export function policiesAgainst(
  ends: { readonly from: readonly string[]; readonly to: readonly string[] },
  ports: PortsByProtocol,
  firewall: Firewall,
  { topology }: Pick<Context, 'topology'>,
): readonly Guard[] {
  if (topology.policies.length === 0) return [];
  const read = (words: readonly string[]) =>
    words.flatMap((value) => singleEnds([{ value }], topology) ?? []);
  return policiesAgainstRule({ from: read(ends.from), to: read(ends.to) }, ports, topology, firewall);
}
