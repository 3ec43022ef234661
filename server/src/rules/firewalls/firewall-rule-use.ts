// What the hierarchy needs each firewall rule for.

import { distinct, groupBy, isSameList, memo } from '../../collections.ts';
import type { Endpoint, Flow } from '../../flows/flow.ts';
import { networksOf } from '../../reach/addresses.ts';
import { singleEnds } from '../../reach/ends.ts';
import type { Verdict } from '../../reach/judge.ts';
import { difference, intersection, isEmpty, type PortSet, portSet } from '../../reach/ports.ts';
import type { Crossing, Lineage, Reach, Traffic } from '../../reach/reach.ts';
import { ECHO, PROTOCOLS, type Protocol, portsOfFlow, rulePorts } from '../../reach/rule-ports.ts';
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
  readonly from: readonly Endpoint[];
  readonly to: readonly Endpoint[];
  /** The ports of the flows, also those that the rule does not have. */
  readonly tcp: readonly PortSet[];
  readonly udp: readonly PortSet[];
  readonly icmp: readonly PortSet[];
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
 * The allow rules of which something can be said, each with what it is needed for, in a list for each firewall: the same
 * object as before for as long as nothing in it changes. Left out are those that are there for something else, those that
 * never decide, those that open something to the internet, which are reported as that, and those that may be for a
 * listener that the file does not tell. Empty where not every connection of the hierarchy is known.
 */
export const writtenRules: (context: RuleContext) => readonly (readonly WrittenRule[])[] = memo(
  collect,
  (context) => context.reach(),
);

function collect(context: RuleContext): readonly (readonly WrittenRule[])[] {
  const { topology, tree } = context;
  if (topology.firewalls.size === 0 || !isAllKnown(context) || hidesFlows(context)) return [];
  const known = knownUses(context);
  if (!known) return [];
  const exposed = groupBy(exposuresIn(context), ([, { firewall }]) => firewall.id);
  const firewalls = [...topology.firewalls.values()].filter(context.reach().isKnown);
  const leftOut = (firewall: Firewall): LeftOut => ({
    shadowed: shadowedRules(firewall, context),
    exposed: exposed.get(firewall.id)?.map(([rule]) => rule) ?? NO_RULES,
  });
  // What an alias repeats has one node.
  const lists = tree.text.includes('*')
    ? [joinedByNode(firewalls, leftOut, known)]
    : firewalls.map((firewall) => known.list(firewall, leftOut(firewall)));
  // Without its listener nobody knows what reaches an availability group.
  if ([...topology.availabilityGroups.values()].every(({ listener }) => listener)) return lists;
  const servers = networksOf([...topology.servers.values()].flatMap(({ addresses }) => addresses));
  return lists.map((list) => list.filter(({ rule }) => !mayNameListener(rule, servers, topology)));
}

/** Rules of one firewall of which something else is to be said. */
interface LeftOut {
  readonly shadowed: ReadonlyMap<FirewallRule, readonly FirewallRule[]>;
  readonly exposed: readonly FirewallRule[];
}

const NO_RULES: readonly FirewallRule[] = [];

function shadowingNodes({ shadowed }: LeftOut): ReadonlySet<FirewallRule['node']> {
  return new Set([...shadowed.values()].flat().map(({ node }) => node));
}

/**
 * The rules of a firewall of which something can be said.
 * @param shadowing the nodes of those that are why others never decide
 */
function writtenIn(
  firewall: Firewall,
  { shadowed, exposed }: LeftOut,
  shadowing: ReadonlySet<FirewallRule['node']>,
  { written }: Pick<Uses, 'written'>,
): readonly WrittenRule[] {
  const others = new Set([...shadowed.keys(), ...exposed]);
  return firewall.rules
    .filter((rule) => rule.action?.value === 'allow' && rule.configmgr?.value !== false && !others.has(rule))
    .map((rule) => written(rule, firewall, shadowing.has(rule.node)));
}

function joinedByNode(
  firewalls: readonly Firewall[],
  leftOut: (firewall: Firewall) => LeftOut,
  known: Uses,
): readonly WrittenRule[] {
  const shadowing = new Set(firewalls.flatMap((firewall) => [...shadowingNodes(leftOut(firewall))]));
  const all = firewalls.flatMap((firewall) => writtenIn(firewall, leftOut(firewall), shadowing, known));
  return [...groupBy(all, ({ rule }) => rule.node).values()].flatMap((same) => {
    const [first] = same;
    if (!first || same.length === 1) return same;
    const [firewall, ...others] = same.flatMap((one) => one.firewalls);
    const uses = same.flatMap(({ use }) => use ?? []);
    return [
      {
        ...first,
        firewalls: [firewall ?? first.firewalls[0], ...others],
        use: uses.length > 0 ? together(uses) : undefined,
      },
    ];
  });
}

/** Whether a rule is for an address that no server has. */
function mayNameListener(rule: FirewallRule, servers: readonly Network[], topology: Topology): boolean {
  return (singleEnds(rule.to, topology) ?? []).some(
    (end) =>
      end.kind === 'network' && isHost(end.network) && !servers.some((own) => contains(own, end.network)),
  );
}

function together(parts: readonly Use[]): Use {
  return {
    from: distinct(parts.flatMap(({ from }) => from)),
    to: distinct(parts.flatMap(({ to }) => to)),
    tcp: distinct(parts.flatMap(({ tcp }) => tcp)),
    udp: distinct(parts.flatMap(({ udp }) => udp)),
    icmp: distinct(parts.flatMap(({ icmp }) => icmp)),
  };
}

/** What one rule matches of the traffic between two machines. */
interface PairUse extends Writable<Use> {
  readonly rule: FirewallRule;
  readonly pair: PairUses;
  /** Whether it lets some of it through, no rule above it deciding first. */
  decides: boolean;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

interface Judged {
  readonly traffic: Traffic;
  readonly verdict: Verdict;
}

/** What rules match of the traffic between two machines; `place` says where it comes among others. */
interface PairUses {
  place: number;
  uses: readonly PairUse[];
}

/** What is known of one rule. */
interface RuleUse {
  parts: PairUse[];
  /** Undefined where it lets nothing through that is needed. */
  use: Use | undefined;
}

/** What is known of the use of all rules, brought up to date from one version of a file to the next. */
interface Uses {
  crossings: readonly Crossing[];
  readonly pairs: Map<Crossing, PairUses>;
  /** Those with a TFTP request. */
  readonly requests: Set<Crossing>;
  /** What is no flow, worked out each time. */
  beside: readonly PairUses[];
  readonly byRule: Map<FirewallRule, RuleUse>;
  /** The same object for as long as nothing in it changes, so that what follows from it need not be worked out again. */
  written(rule: FirewallRule, firewall: Firewall, shadows: boolean): WrittenRule;
  /** Those of a firewall, the same. */
  list(firewall: Firewall, leftOut: LeftOut): readonly WrittenRule[];
  /** Has the lists looked through again that some rules are in, because their use is another. */
  noteChanged(rules: Iterable<FirewallRule>): void;
}

/** A list of what is said of the rules of a firewall, with what it followed from. */
interface KnownList extends LeftOut {
  readonly firewall: Firewall;
  readonly written: readonly WrittenRule[];
}

const usesOf = memo((_: Lineage): Uses => {
  const byRule = new Map<FirewallRule, RuleUse>();
  // Also those without a use, which go with their rules.
  const all = new WeakMap<FirewallRule, WrittenRule>();
  const lists = new Map<string, KnownList>();
  const uses: Uses = {
    crossings: [],
    pairs: new Map(),
    requests: new Set(),
    beside: [],
    byRule,
    written(rule, firewall, shadows) {
      const use = byRule.get(rule)?.use;
      const known = all.get(rule);
      if (known && known.use === use && known.shadows === shadows && known.firewalls[0] === firewall)
        return known;
      const made = { rule, firewalls: [firewall] as const, use, shadows };
      all.set(rule, made);
      return made;
    },
    list(firewall, { shadowed, exposed }) {
      const known = lists.get(firewall.id);
      if (known?.firewall === firewall && known.shadowed === shadowed && isSameList(known.exposed, exposed))
        return known.written;
      const leftOut = { shadowed, exposed };
      const written = writtenIn(firewall, leftOut, shadowingNodes(leftOut), uses);
      lists.set(firewall.id, { firewall, shadowed, exposed, written });
      return written;
    },
    noteChanged(rules) {
      for (const rule of rules) lists.delete(all.get(rule)?.firewalls[0].id ?? '');
    },
  };
  return uses;
});

/** Whether there is traffic between two machines of which nobody can say which rule it needs. */
function isUnknown({ from, to, flows, unchecked }: Crossing): boolean {
  // Ports that nobody knows yet may be those of any rule.
  if (flows.some(({ ports }) => ports.includes('dynamic'))) return true;
  // A machine without a zone may be behind any firewall; what is outside the file is behind none, unless a zone is
  // marked internet.
  return unchecked.length > 0 && ![from, to].some(({ kind, zone }) => kind === 'cloud' && zone === undefined);
}

/** What every rule matches of the flows; undefined where not every flow is known. */
function usesIn(context: FlowsAndReach): Uses | undefined {
  const reach = context.reach();
  const known = usesOf(reach.lineage);
  const { pairs, byRule, requests, crossings: before } = known;
  const crossings = reach.crossings(context.flows());
  const others = [...crossings.entries()].filter(([place, crossing]) => crossing !== before[place]);
  const fresh = others.filter(([, crossing]) => !pairs.has(crossing));
  if (fresh.some(([, crossing]) => isUnknown(crossing))) return undefined;

  const changed = new Set<FirewallRule>();
  const gone = new Set<PairUses>();
  const add = (pair: PairUses) => {
    for (const use of pair.uses) {
      const of = byRule.get(use.rule);
      if (of) of.parts.push(use);
      else byRule.set(use.rule, { parts: [use], use: undefined });
      changed.add(use.rule);
    }
  };
  const remove = (pair: PairUses) => {
    gone.add(pair);
    for (const { rule } of pair.uses) changed.add(rule);
  };
  if (crossings !== before) {
    const now = new Set(crossings);
    for (const crossing of before) {
      const pair = now.has(crossing) ? undefined : pairs.get(crossing);
      if (!pair) continue;
      remove(pair);
      pairs.delete(crossing);
      requests.delete(crossing);
    }
    for (const [place, crossing] of others) {
      const pair = pairs.get(crossing);
      if (pair) pair.place = place;
    }
    for (const [place, crossing] of fresh) {
      const pair = usesBetween(place, crossing.flows.flatMap(trafficOf), context);
      pairs.set(crossing, pair);
      add(pair);
      if (crossing.flows.some(isTftp)) requests.add(crossing);
    }
    known.crossings = crossings;
  }
  for (const other of known.beside) remove(other);
  known.beside = besideFlows(context, known);
  for (const other of known.beside) add(other);
  for (const rule of changed) renewUse(rule, byRule, gone);
  known.noteChanged(changed);
  return known;

  /** A flow, and the same to the dynamic ports that the target most likely has, where its range is in doubt. */
  function trafficOf(flow: Flow): readonly Judged[] {
    const { from, to, protocol, dynamicRpc, zones } = flow;
    const judged = {
      traffic: { from, to, protocol, ports: portsOfFlow(flow), zones },
      verdict: reach.verdict(flow),
    };
    const range = dynamicRpc && to.server && likelierRange(to.server, context.topology);
    return range ? [judged, judgedBy(reach, { ...judged.traffic, ports: portSet([range]) })] : [judged];
  }
}

function judgedBy(reach: Reach, traffic: Traffic): Judged {
  return { traffic, verdict: reach.judge(traffic) };
}

/** The use of rules for what is no flow: what comes after a TFTP request, also back, and the echo of wake-up proxies. */
function besideFlows(context: FlowsAndReach, { pairs, requests }: Uses): readonly PairUses[] {
  const { topology } = context;
  const reach = context.reach();
  const found: PairUses[] = [];
  for (const crossing of requests) {
    const place = (pairs.get(crossing)?.place ?? 0) + 0.5;
    for (const flow of crossing.flows.filter(isTftp)) {
      const { answers, further } = answersTo(flow, topology);
      const judged = [further, answers].map((traffic) => judgedBy(reach, traffic));
      found.push(usesBetween(place, judged, context));
    }
  }
  for (const group of topology.clients.values()) {
    if (!usesWakeUpProxy(group)) continue;
    const parts = partsOf(group, topology);
    const echoes = parts.flatMap((from) =>
      parts.flatMap((to): readonly Judged[] =>
        from === to ? [] : [judgedBy(reach, { from, to, protocol: 'icmp', ports: ECHO })],
      ),
    );
    found.push(usesBetween(Infinity, echoes, context));
  }
  return found;
}

/** Joins what all pairs use of a rule. */
function renewUse(rule: FirewallRule, byRule: Uses['byRule'], gone: ReadonlySet<PairUses>): void {
  const known = byRule.get(rule);
  if (!known) return;
  if (gone.size > 0) known.parts = known.parts.filter(({ pair }) => !gone.has(pair));
  const { parts } = known;
  if (parts.length > 1) parts.sort((a, b) => a.pair.place - b.pair.place);
  else if (parts.length === 0) byRule.delete(rule);
  const [only] = parts;
  if (!parts.some(({ decides }) => decides)) known.use = undefined;
  else known.use = only && parts.length === 1 ? only : together(parts);
}

/** What allow rules match of some traffic. There are many of these, so that equal lists are one object where that is easy. */
function usesBetween(place: number, list: readonly Judged[], context: FlowsAndReach): PairUses {
  const reach = context.reach();
  const { topology } = context;
  const pair: PairUses = { place, uses: [] };
  const found = new Map<FirewallRule, PairUse>();
  let ends:
    | { readonly from: Endpoint; readonly to: Endpoint; readonly rules: readonly FirewallRule[] }
    | undefined;
  let fromList: readonly Endpoint[] = [];
  let toList: readonly Endpoint[] = [];
  for (const { traffic, verdict } of list) {
    if (verdict.kind === 'unchecked') continue;
    const { protocol, ports } = traffic;
    for (const [from, to] of reach.pairs(traffic.from, traffic.to, traffic.zones)) {
      if (ends?.from !== from || ends.to !== to) {
        const rules = reach.rulesBetween(from, to).filter(({ action }) => action?.value === 'allow');
        ends = { from, to, rules };
        fromList = [from];
        toList = [to];
      }
      for (const rule of ends.rules) {
        let use = found.get(rule);
        const isKnown = use?.[protocol].includes(ports);
        if (!isKnown && isEmpty(intersection(rulePorts(rule, protocol, topology), ports))) continue;
        if (!use) {
          use = {
            rule,
            pair,
            decides: false,
            from: fromList,
            to: toList,
            tcp: NOTHING,
            udp: NOTHING,
            icmp: NOTHING,
          };
          found.set(rule, use);
        }
        if (!isKnown) use[protocol] = use[protocol].length === 0 ? [ports] : [...use[protocol], ports];
        if (!use.from.includes(from)) use.from = [...use.from, from];
        if (!use.to.includes(to)) use.to = [...use.to, to];
      }
    }
    for (const { rule } of verdict.by) {
      const use = found.get(rule);
      if (use) use.decides = true;
    }
  }
  pair.uses = [...found.values()];
  return pair;
}

const NOTHING: readonly PortSet[] = [];

/** The ports of a rule that its use needs. */
export function neededPorts(
  rule: FirewallRule,
  use: Use,
  protocol: 'tcp' | 'udp',
  topology: Topology,
): PortSet {
  const own = rulePorts(rule, protocol, topology);
  const [only] = use[protocol];
  return intersection(own, only && use[protocol].length === 1 ? only : portSet(use[protocol].flat()));
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
  const uses = same.flatMap((one) => known.byRule.get(one)?.use ?? []);
  if (uses.length === 0) return undefined;
  return PROTOCOLS.map((protocol) => {
    const needed = portSet(uses.flatMap((use) => use[protocol].flat()));
    return { protocol, ports: difference(rulePorts(rule, protocol, context.topology), needed) };
  }).filter(({ ports }) => !isEmpty(ports));
}
