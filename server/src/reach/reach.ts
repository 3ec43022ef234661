// Flows and firewalls: which traffic gets through, by which rules, and what stops the rest.
import type { Endpoint, Flow } from '../flows/flow.ts';
import type { Firewall, FirewallRule, Ports, Server, Topology } from '../topology/model.ts';
import { networksOf } from './addresses.ts';
import { chainsOf } from './chains.ts';
import { common, type Face, type Mentions, matcher, ruleEnd } from './matching.ts';
import {
  ALL_PORTS,
  difference,
  formatPorts,
  intersection,
  isEmpty,
  NO_PORTS,
  type PortSet,
  parsePorts,
  portSet,
  union,
} from './ports.ts';
import { strayAddresses } from './stray.ts';
import { trustIn } from './trust.ts';

export type Protocol = Flow['protocol'];
export const PROTOCOLS: readonly Protocol[] = ['tcp', 'udp', 'icmp'];

/** A rule and the firewall that it stands in. */
export interface Decision {
  readonly firewall: Firewall;
  readonly rule: FirewallRule;
}

/** What one firewall does not let through. */
export interface Block {
  readonly firewall: Firewall;
  /** The first rule that denies some of it; undefined where no rule matches and the default denies. */
  readonly rule: FirewallRule | undefined;
  /** The ports that do not get through; empty for ICMP, which has none. */
  readonly missing: PortSet;
  /** The rules that let the other ports through. */
  readonly by: readonly FirewallRule[];
}

export type Verdict =
  /** A machine without a zone, a part of the file that could not be read, or ports that nobody knows. */
  | { readonly kind: 'unchecked' }
  /** `by` is empty where no firewall stands between the two. */
  | { readonly kind: 'allowed'; readonly by: readonly Decision[] }
  /**
   * One block for each firewall on the way that stops some of it, nearest to the source first; `by` are the rules
   * that let traffic through, at these firewalls and the others.
   */
  | {
      readonly kind: 'blocked';
      readonly blocks: readonly [Block, ...Block[]];
      readonly by: readonly Decision[];
    };

/** Traffic between two machines. */
export interface Traffic {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly protocol: Protocol;
  /** Left out of consideration for ICMP. */
  readonly ports: PortSet;
}

export interface Reach {
  /**
   * Whether a flow gets through every firewall between its machines. Ports that the file does not tell
   * (`dynamic`) are left out. The reply to an allowed connection is allowed.
   */
  verdict(flow: Flow): Verdict;
  /** The same for any traffic. */
  judge(traffic: Traffic): Verdict;
  /**
   * The firewalls between two machines, in order; undefined where that is not known: a machine has no zone, or
   * could not be read.
   */
  between(from: Endpoint, to: Endpoint): readonly Firewall[] | undefined;
  /**
   * The rules of the firewalls between two machines that match both, whatever the ports and whether or not one
   * above them decides; empty where that is not known.
   */
  rulesBetween(from: Endpoint, to: Endpoint): ReadonlySet<FirewallRule>;
  /** Whether the rules of a firewall could all be read. */
  isKnown(firewall: Firewall): boolean;
}

/** The rules that decide about two faces, by position, in order; one object for all faces that they decide about. */
interface Rules {
  readonly positions: readonly number[];
  /** What they do with some traffic, worked out once for each. */
  readonly walks: Map<string, Walk>;
}

/** What becomes of some ports on their way through rules, the first match deciding. */
interface Walk {
  readonly allowed: PortSet;
  /** The positions of the rules that allow some. */
  readonly by: readonly number[];
  /** What is denied, by the position of the rule; that behind the last one is the default. */
  readonly denied: readonly { readonly position: number; readonly ports: PortSet }[];
}

interface Question {
  readonly protocol: Protocol;
  readonly set: PortSet;
  /** Equal for equal questions. */
  readonly text: string;
}

/**
 * The rules for a pair at one firewall. One of the families must let the traffic through: in it, everything in
 * `every` must (each part of a group), by one of its alternatives (the addresses of a server).
 */
type Plan = readonly (readonly (readonly Rules[])[])[];

const UNCHECKED: Verdict = { kind: 'unchecked' };
const OPEN: Verdict = { kind: 'allowed', by: [] };

/** What ICMP has in place of ports, so that it goes through the same steps. */
export const ECHO: PortSet = [{ low: 0, high: 0 }];

const readFlows = new WeakMap<readonly string[], PortSet>();

/** The ports of a flow that are known. Flows share their lists of ports, and each list is read once. */
export function portsOfFlow({ protocol, ports }: Flow): PortSet {
  if (protocol === 'icmp') return ECHO;
  let known = readFlows.get(ports);
  if (!known) {
    known = portSet(ports.flatMap((port) => parsePorts(port) ?? []));
    readFlows.set(ports, known);
  }
  return known;
}

const readRules = new WeakMap<FirewallRule, Readonly<Record<Protocol, PortSet>>>();

/** What a rule says about the ports of each protocol. Each rule is read once. */
export function portsOfRule(rule: FirewallRule): Readonly<Record<Protocol, PortSet>> {
  let known = readRules.get(rule);
  if (!known) {
    known = readRule(rule);
    readRules.set(rule, known);
  }
  return known;
}

function readRule({ tcp, udp, icmp }: FirewallRule): Readonly<Record<Protocol, PortSet>> {
  if (tcp === undefined && udp === undefined && icmp?.value !== true)
    return { tcp: ALL_PORTS, udp: ALL_PORTS, icmp: ECHO };
  const setOf = (ports: Ports = []) =>
    ports === 'any' ? ALL_PORTS : portSet(ports.map(({ value }) => value));
  return { tcp: setOf(tcp), udp: setOf(udp), icmp: icmp?.value === true ? ECHO : NO_PORTS };
}

/** What a rule says about the ports of one protocol. */
export function rulePorts(rule: FirewallRule, protocol: Protocol): PortSet {
  return portsOfRule(rule)[protocol];
}

/**
 * Judges traffic by the firewalls of a topology. What is asked for is worked out then and kept: the rules of a
 * firewall are indexed once, the rules for a pair of machines are picked once.
 */
export function reach(topology: Topology): Reach {
  const trust = trustIn(topology);
  const chain = chainsOf(topology);
  const guards = new Map<Firewall, Guard>();
  const ways = new Map<Endpoint, Map<Endpoint, Way>>();
  const verdicts = new Map<Flow, Verdict>();
  const trusted = new Map<object, boolean>();
  const endpoints = new Map<Endpoint, boolean>();
  const stray = new Map<Server, boolean>();
  let addresses: ReadonlySet<string> | undefined;

  interface Guard {
    readonly firewall: Firewall;
    readonly isKnown: boolean;
    readonly from: (endpoint: Endpoint) => readonly Face[];
    readonly to: (endpoint: Endpoint) => readonly Face[];
    /** The rules for two faces; faces that match the same rules share them. */
    readonly rules: (from: Mentions, to: Mentions) => Rules;
    readonly decisions: readonly Decision[];
  }

  /** What stands between two machines; undefined where that is not known. */
  interface Way {
    readonly firewalls: readonly Firewall[] | undefined;
    /** The rules for the two at each of the firewalls. */
    readonly plans: readonly { readonly guard: Guard; readonly plan: Plan }[] | undefined;
  }
  const UNKNOWN_WAY: Way = { firewalls: undefined, plans: undefined };
  const OPEN_WAY: Way = { firewalls: [], plans: [] };

  /** What one firewall does with some traffic. */
  interface Judged extends Walk {
    readonly guard: Guard;
  }

  function isServerAddress(family: 4 | 6, address: bigint): boolean {
    addresses ??= new Set(
      [...topology.servers.values()].flatMap((server) =>
        networksOf(server.addresses).map(({ family, bits }) => `${family}:${bits}`),
      ),
    );
    return addresses.has(`${family}:${address}`);
  }

  function isStray(server: Server): boolean {
    let known = stray.get(server);
    if (known === undefined) {
      known = strayAddresses(server, topology).length > 0;
      stray.set(server, known);
    }
    return known;
  }

  function isRead(part: { readonly key: object } & Parameters<typeof trust.of>[0]): boolean {
    let known = trusted.get(part);
    if (known === undefined) {
      known = trust.of(part);
      trusted.set(part, known);
    }
    return known;
  }

  function guardOf(firewall: Firewall): Guard {
    let guard = guards.get(firewall);
    if (!guard) {
      guard = {
        firewall,
        isKnown: isFirewallKnown(firewall),
        from: matcher(firewall, 'from', topology, isServerAddress),
        to: matcher(firewall, 'to', topology, isServerAddress),
        rules: rulesByMentions(),
        decisions: firewall.rules.map((rule) => ({ firewall, rule })),
      };
      guards.set(firewall, guard);
    }
    return guard;
  }

  function isFirewallKnown(firewall: Firewall): boolean {
    const isEndKnown = ({ value }: { readonly value: string }) => {
      const end = ruleEnd(value, topology);
      if (end?.kind === 'zone') return isRead(end.zone);
      if (end?.kind === 'server') return isRead(end.server);
      if (end?.kind === 'clients') return isRead(end.clients);
      return end !== undefined;
    };
    return (
      isRead(firewall) &&
      firewall.zones.every(({ value }) => topology.zones.has(value.toLowerCase())) &&
      firewall.rules.every(
        ({ action, from, to, damaged }) =>
          !damaged &&
          action !== undefined &&
          from.length > 0 &&
          to.length > 0 &&
          from.every(isEndKnown) &&
          to.every(isEndKnown),
      )
    );
  }

  function isEndpointKnown(endpoint: Endpoint): boolean {
    let known = endpoints.get(endpoint);
    if (known === undefined) {
      known = isWhereItStands(endpoint);
      endpoints.set(endpoint, known);
    }
    return known;
  }

  function isWhereItStands({ zone, server, clients }: Endpoint): boolean {
    const machine = server ?? clients;
    const named = zone === undefined ? undefined : topology.zones.get(zone);
    if (named === undefined || !isRead(named) || (machine && !isRead(machine))) return false;
    // An address of another network says that the machine stands elsewhere.
    return server === undefined || !isStray(server);
  }

  /** Most machines talk within their zone: that has to be told fast. */
  function wayOf(from: Endpoint, to: Endpoint): Way {
    if (from.zone === undefined || to.zone === undefined) return UNKNOWN_WAY;
    if (from.zone === to.zone || topology.firewalls.size === 0) return OPEN_WAY;
    let targets = ways.get(from);
    if (!targets) {
      targets = new Map();
      ways.set(from, targets);
    }
    let way = targets.get(to);
    if (!way) {
      way = findWay(from, to, from.zone, to.zone);
      targets.set(to, way);
    }
    return way;
  }

  function findWay(from: Endpoint, to: Endpoint, zone: string, other: string): Way {
    if (!trust.sections || !isEndpointKnown(from) || !isEndpointKnown(to)) return UNKNOWN_WAY;
    const firewalls = chain(zone, other);
    if (firewalls.length === 0) return OPEN_WAY;
    const found = firewalls.map(guardOf);
    const plans = found.every(({ isKnown }) => isKnown)
      ? found.map((guard) => ({ guard, plan: planOf(guard, from, to) }))
      : undefined;
    return { firewalls, plans };
  }

  function planOf({ from, to, rules }: Guard, source: Endpoint, target: Endpoint): Plan {
    const sources = from(source);
    const targets = to(target);
    const pick = (a: Face, b: Face): Rules => rules(a.rules, b.rules);
    const [a, b] = [sources[0], targets[0]];
    // Two servers with one address each, which most are.
    if (a && b && sources.length === 1 && targets.length === 1) return [[[pick(a, b)]]];
    const plan = (sources: readonly Face[], targets: readonly Face[]): readonly (readonly Rules[])[] => {
      const perSource = sources.map((a) => targets.map((b) => pick(a, b)));
      const isGroup = { from: source.kind === 'clients', to: target.kind === 'clients' };
      if (isGroup.from && isGroup.to) return perSource.flat().map((rules) => [rules]);
      if (isGroup.from) return perSource;
      if (isGroup.to) return targets.map((_, index) => perSource.flatMap((row) => row[index] ?? []));
      return [perSource.flat()];
    };
    const families = ([4, 6] as const)
      .map((family) => {
        const own = (faces: readonly Face[]) =>
          faces.filter((face) => face.family === undefined || face.family === family);
        return [own(sources), own(targets)] as const;
      })
      .filter(([a, b]) => a.length > 0 && b.length > 0);
    // Machines without addresses are the same in both families.
    const isUnnumbered = [...sources, ...targets].every(({ family }) => family === undefined);
    if (families.length === 0 || isUnnumbered) return [plan(sources, targets)];
    return families.map(([a, b]) => plan(a, b));
  }

  function walkOf(rules: Rules, { firewall }: Guard, question: Question): Walk {
    let walk = rules.walks.get(question.text);
    if (!walk) {
      walk = walkThrough(rules.positions, firewall, question);
      rules.walks.set(question.text, walk);
    }
    return walk;
  }

  function judgeAt({ guard, plan }: { guard: Guard; plan: Plan }, question: Question): Judged {
    const [family] = plan;
    const [alternatives] = family ?? [];
    const [only] = alternatives ?? [];
    if (only && plan.length === 1 && family?.length === 1 && alternatives?.length === 1)
      return { guard, ...walkOf(only, guard, question) };
    const by = new Set<number>();
    const denied: Walk['denied'][number][] = [];
    let allowed: PortSet = NO_PORTS;
    for (const family of plan) {
      let every = question.set;
      for (const alternatives of family) {
        let some: PortSet = NO_PORTS;
        for (const rules of alternatives) {
          const walk = walkOf(rules, guard, question);
          some = union(some, walk.allowed);
          for (const position of walk.by) by.add(position);
          denied.push(...walk.denied);
        }
        every = intersection(every, some);
      }
      allowed = union(allowed, every);
    }
    return { guard, allowed, by: [...by], denied };
  }

  function blockAt({ guard, allowed, by, denied }: Judged, { set, protocol }: Question): Block | undefined {
    const missing = difference(set, allowed);
    if (isEmpty(missing)) return undefined;
    const { firewall } = guard;
    let first = firewall.rules.length;
    for (const { position, ports } of denied)
      if (position < first && !isEmpty(intersection(ports, missing))) first = position;
    return {
      firewall,
      rule: firewall.rules[first],
      missing: protocol === 'icmp' ? NO_PORTS : missing,
      by: by.flatMap((position) => firewall.rules[position] ?? []),
    };
  }

  function judge({ from, to, protocol, ports }: Traffic): Verdict {
    const set = protocol === 'icmp' ? ECHO : ports;
    if (isEmpty(set)) return UNCHECKED;
    const { plans } = wayOf(from, to);
    if (!plans) return UNCHECKED;
    if (plans.length === 0) return OPEN;
    const question: Question = { protocol, set, text: `${protocol} ${formatPorts(set)}` };
    const judged = plans.map((plan) => judgeAt(plan, question));
    const by = judged.flatMap(({ guard, by }) => by.flatMap((position) => guard.decisions[position] ?? []));
    const [first, ...more] = judged.flatMap((each) => blockAt(each, question) ?? []);
    return first ? { kind: 'blocked', blocks: [first, ...more], by } : { kind: 'allowed', by };
  }

  function verdict(flow: Flow): Verdict {
    const { from, to, protocol } = flow;
    const { plans } = wayOf(from, to);
    // Of the most flows no firewall is asked, and several rules ask about the others.
    if (!plans || plans.length === 0) return judge({ from, to, protocol, ports: portsOfFlow(flow) });
    let known = verdicts.get(flow);
    if (!known) {
      known = judge({ from, to, protocol, ports: portsOfFlow(flow) });
      verdicts.set(flow, known);
    }
    return known;
  }

  function rulesBetween(from: Endpoint, to: Endpoint): ReadonlySet<FirewallRule> {
    const found = new Set<FirewallRule>();
    for (const { guard, plan } of wayOf(from, to).plans ?? [])
      for (const { positions } of plan.flat(2))
        for (const position of positions) {
          const rule = guard.firewall.rules[position];
          if (rule) found.add(rule);
        }
    return found;
  }

  return {
    judge,
    verdict,
    between: (from, to) => wayOf(from, to).firewalls,
    rulesBetween,
    isKnown: (firewall) => trust.sections && guardOf(firewall).isKnown,
  };
}

/** First match decides. */
function walkThrough(positions: readonly number[], { rules }: Firewall, { protocol, set }: Question): Walk {
  const by: number[] = [];
  const denied: Walk['denied'][number][] = [];
  let left = set;
  let allowed: PortSet = NO_PORTS;
  for (const position of positions) {
    const rule = rules[position];
    if (!rule) continue;
    const match = intersection(left, rulePorts(rule, protocol));
    if (isEmpty(match)) continue;
    if (rule.action?.value === 'allow') {
      allowed = union(allowed, match);
      by.push(position);
    } else {
      denied.push({ position, ports: match });
    }
    left = difference(left, match);
    if (isEmpty(left)) return { allowed, by, denied };
  }
  denied.push({ position: rules.length, ports: left });
  return { allowed, by, denied };
}

function rulesByMentions(): (from: Mentions, to: Mentions) => Rules {
  const bySource = new Map<Mentions, Map<Mentions, Rules>>();
  return (from, to) => {
    let byTarget = bySource.get(from);
    if (!byTarget) {
      byTarget = new Map();
      bySource.set(from, byTarget);
    }
    let rules = byTarget.get(to);
    if (!rules) {
      rules = { positions: common(from, to), walks: new Map() };
      byTarget.set(to, rules);
    }
    return rules;
  };
}
