// What the hierarchy needs each firewall rule for.

import { getOrAdd, memo } from '../../collections.ts';
import type { Endpoint, Flow } from '../../flows/flow.ts';
import { networksOf } from '../../reach/addresses.ts';
import { singleEnds } from '../../reach/ends.ts';
import { difference, intersection, isEmpty, type PortSet, portSet } from '../../reach/ports.ts';
import {
  ECHO,
  PROTOCOLS,
  type Protocol,
  portsOfFlow,
  rulePorts,
  type Traffic,
  type Verdict,
} from '../../reach/reach.ts';
import { contains, isHost, type Network } from '../../topology/address.ts';
import type { Firewall, FirewallRule, Topology } from '../../topology/model.ts';
import { answersTo, isTftp } from '../clients/tftp-reply-ports.ts';
import { partsOf, usesWakeUpProxy } from '../clients/wake-up-proxy-icmp.ts';
import { isAllKnown } from '../hierarchy/hierarchy.ts';
import { likelierRange } from '../rpc/rpc-range-os.ts';
import type { RuleContext } from '../rule.ts';
import { exposuresIn } from './firewall-internet-exposure.ts';
import { hidesFlows } from './mistaken-flows.ts';
import { shadowedRules } from './shadowed-firewall-rules.ts';

/**
 * The traffic that a rule matches and the hierarchy needs, whether or not a rule above it decides about some of it. The ends are
 * in one zone each.
 */
export interface Use {
  readonly from: Set<Endpoint>;
  readonly to: Set<Endpoint>;
  /** The ports of the flows, also those that the rule does not have. */
  readonly tcp: Set<PortSet>;
  readonly udp: Set<PortSet>;
  readonly icmp: Set<PortSet>;
}

/** A rule as it is written: content that an alias repeats is one rule in each of several firewalls. */
export interface WrittenRule {
  readonly rule: FirewallRule;
  readonly firewalls: readonly [Firewall, ...Firewall[]];
  /** Undefined where it lets nothing through in any of them that the hierarchy needs. */
  readonly use: Use | undefined;
  /**
   * Whether it is why others below it never decide. They might once it is gone or narrower, so they are to be
   * mended first.
   */
  readonly shadows: boolean;
}

/** A rule that is of use. */
export interface UsedRule extends WrittenRule {
  readonly use: Use;
}

/**
 * The allow rules of which something can be said, each with what it is needed for. Left out are those that are there
 * for something else, those that never decide, those that open something to the internet, which are reported as
 * that, and those that may be for a listener that the file does not tell. Empty where not every connection of the hierarchy is known.
 */
export const writtenRules: (context: RuleContext) => readonly WrittenRule[] = memo(collect, (context) =>
  context.reach(),
);

function collect(context: RuleContext): readonly WrittenRule[] {
  if (context.topology.firewalls.size === 0 || !isAllKnown(context) || hidesFlows(context)) return [];
  const known = knownUses(context);
  if (!known) return [];
  const { deciding, uses } = known;
  const exposures = exposuresIn(context);
  // Without its listener nobody knows what reaches an availability group.
  const hidden = [...context.topology.availabilityGroups.values()].some(({ listener }) => !listener);
  const servers = networksOf([...context.topology.servers.values()].flatMap(({ addresses }) => addresses));
  const shadowing = new Set<object>();
  const byNode = new Map<
    object,
    { rule: FirewallRule; firewalls: [Firewall, ...Firewall[]]; use: Use | undefined }
  >();
  for (const firewall of context.topology.firewalls.values()) {
    if (!context.reach().isKnown(firewall)) continue;
    const shadowed = shadowedRules(firewall, context);
    for (const above of shadowed.values()) for (const { node } of above) shadowing.add(node);
    for (const rule of firewall.rules) {
      if (rule.action?.value !== 'allow' || rule.configmgr?.value === false) continue;
      if (shadowed.has(rule) || exposures.has(rule)) continue;
      if (hidden && mayNameListener(rule, servers, context.topology)) continue;
      const use = deciding.has(rule) ? uses.get(rule) : undefined;
      const other = byNode.get(rule.node);
      if (!other) {
        byNode.set(rule.node, { rule, firewalls: [firewall], use });
        continue;
      }
      other.firewalls.push(firewall);
      if (use) other.use = other.use ? together(other.use, use) : use;
    }
  }
  return [...byNode].map(([node, { rule, firewalls, use }]) => ({
    rule,
    firewalls,
    use,
    shadows: shadowing.has(node),
  }));
}

/** Whether a rule is for an address that no server has. */
function mayNameListener(rule: FirewallRule, servers: readonly Network[], topology: Topology): boolean {
  return (singleEnds(rule.to, topology) ?? []).some(
    (end) =>
      end.kind === 'network' && isHost(end.network) && !servers.some((own) => contains(own, end.network)),
  );
}

function together(a: Use, b: Use): Use {
  return {
    from: new Set([...a.from, ...b.from]),
    to: new Set([...a.to, ...b.to]),
    tcp: new Set([...a.tcp, ...b.tcp]),
    udp: new Set([...a.udp, ...b.udp]),
    icmp: new Set([...a.icmp, ...b.icmp]),
  };
}

/** What every rule matches of the flows; undefined where not every flow is known. */
function usesIn(
  context: FlowsAndReach,
):
  | { readonly deciding: ReadonlySet<FirewallRule>; readonly uses: ReadonlyMap<FirewallRule, Use> }
  | undefined {
  const deciding = new Set<FirewallRule>();
  const uses = new Map<FirewallRule, Use>();
  const reach = context.reach();
  const { topology } = context;

  let pair:
    | { readonly from: Endpoint; readonly to: Endpoint; readonly rules: readonly FirewallRule[] }
    | undefined;
  function rulesFor(from: Endpoint, to: Endpoint): readonly FirewallRule[] {
    // Flows between the same machines follow each other.
    if (pair?.from !== from || pair.to !== to) {
      const all = [...reach.rulesBetween(from, to)];
      pair = { from, to, rules: all.filter(({ action }) => action?.value === 'allow') };
    }
    return pair.rules;
  }

  function add(traffic: Traffic, verdict: Verdict): void {
    if (verdict.kind === 'unchecked') return;
    for (const { rule } of verdict.by) deciding.add(rule);
    for (const [from, to] of reach.pairs(traffic.from, traffic.to, traffic.zones)) addPair(from, to, traffic);
  }

  function addPair(from: Endpoint, to: Endpoint, { protocol, ports }: Traffic): void {
    for (const rule of rulesFor(from, to)) {
      let use = uses.get(rule);
      if (!use?.[protocol].has(ports)) {
        if (isEmpty(intersection(rulePorts(rule, protocol, topology), ports))) continue;
        use ??= getOrAdd(uses, rule, () => ({
          from: new Set(),
          to: new Set(),
          tcp: new Set(),
          udp: new Set(),
          icmp: new Set(),
        }));
        use[protocol].add(ports);
      }
      use.from.add(from);
      use.to.add(to);
    }
  }

  /** The same to the dynamic ports that the target most likely has, where its range is in doubt. */
  function likelierOf({ from, to, protocol, dynamicRpc, zones }: Flow): readonly Traffic[] {
    const range = dynamicRpc && to.server && likelierRange(to.server, topology);
    return range ? [{ from, to, protocol, ports: portSet([range]), ...(zones ? { zones } : {}) }] : [];
  }

  for (const flow of context.flows()) {
    const { from, to, protocol, zones } = flow;
    // Ports that nobody knows yet may be those of any rule; traffic that passes no firewall needs none.
    if (reach.between(from, to, zones)?.length === 0) continue;
    if (flow.ports.includes('dynamic')) return undefined;
    const verdict = reach.verdict(flow);
    // A machine without a zone may be behind any firewall; what is outside the file is behind none, unless a zone is
    // marked internet.
    const isOutside = [from, to].some(({ kind, zone }) => kind === 'cloud' && zone === undefined);
    if (verdict.kind === 'unchecked' && !isOutside) return undefined;
    add({ from, to, protocol, ports: portsOfFlow(flow), ...(zones ? { zones } : {}) }, verdict);
    if (isTftp(flow)) {
      const { answers, further } = answersTo(flow, topology);
      for (const traffic of [further, answers]) add(traffic, reach.judge(traffic));
    }
    for (const traffic of likelierOf(flow)) add(traffic, reach.judge(traffic));
  }
  for (const group of topology.clients.values()) {
    if (!usesWakeUpProxy(group)) continue;
    const parts = partsOf(group, topology);
    for (const from of parts)
      for (const to of parts) {
        const traffic: Traffic = { from, to, protocol: 'icmp', ports: ECHO };
        if (from !== to) add(traffic, reach.judge(traffic));
      }
  }
  return { deciding, uses };
}

/** The ports of a rule that its use needs. */
export function neededPorts(
  rule: FirewallRule,
  use: Use,
  protocol: 'tcp' | 'udp',
  topology: Topology,
): PortSet {
  const own = rulePorts(rule, protocol, topology);
  return isEmpty(own) ? own : intersection(own, portSet([...use[protocol]].flat()));
}

type FlowsAndReach = Pick<RuleContext, 'flows' | 'reach' | 'topology'>;

/** The same, worked out once for a file. */
const knownUses = memo(usesIn, (context: FlowsAndReach) => context.reach());

/**
 * The ports that an allow rule opens and nothing of the file needs, by protocol. Undefined where not every connection
 * is known, and for a rule that nothing uses. What an alias repeats in several firewalls is one rule.
 */
export function spareOf(
  rule: FirewallRule,
  context: FlowsAndReach,
): readonly { readonly protocol: Protocol; readonly ports: PortSet }[] | undefined {
  const known = knownUses(context);
  if (!known) return undefined;
  const same = [...context.topology.firewalls.values()].flatMap(({ rules }) =>
    rules.filter(({ node }) => node === rule.node),
  );
  const uses = same.flatMap((one) => (known.deciding.has(one) ? (known.uses.get(one) ?? []) : []));
  if (uses.length === 0) return undefined;
  return PROTOCOLS.map((protocol) => {
    const needed = portSet(uses.flatMap((use) => [...use[protocol]].flat()));
    return { protocol, ports: difference(rulePorts(rule, protocol, context.topology), needed) };
  }).filter(({ ports }) => !isEmpty(ports));
}
