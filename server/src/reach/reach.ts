// Flows and firewalls: which traffic gets through, by which rules, and what stops the rest.
import type { Endpoint, Flow } from '../flows/flow.ts';
import type { Firewall, FirewallRule, Server, Topology } from '../topology/model.ts';
import { networksOf } from './addresses.ts';
import { chainsOf } from './chains.ts';
import { type Face, matcher, ruleEnd } from './matching.ts';
import {
  ALL_PORTS,
  difference,
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
  /** Whether the rules of a firewall could all be read. */
  isKnown(firewall: Firewall): boolean;
}

/** The rules that decide about one pair of faces, in order. */
type Rules = readonly FirewallRule[];

/**
 * The rules for a pair at one firewall. One of the families must let the traffic through: in it, everything in
 * `every` must (each part of a group), by one of its alternatives (the addresses of a server).
 */
type Plan = readonly (readonly (readonly Rules[])[])[];

/** What ICMP has in place of ports, so that it goes through the same steps. */
const ECHO: PortSet = [{ low: 0, high: 0 }];

/** The ports of a flow that are known. */
export function portsOfFlow({ protocol, ports }: Flow): PortSet {
  return protocol === 'icmp' ? ECHO : portSet(ports.flatMap((port) => parsePorts(port) ?? []));
}

/** What a rule says about a protocol's ports. */
export function rulePorts(rule: FirewallRule, protocol: Protocol): PortSet {
  const { tcp, udp, icmp } = rule;
  const all = protocol === 'icmp' ? ECHO : ALL_PORTS;
  if (tcp === undefined && udp === undefined && icmp?.value !== true) return all;
  if (protocol === 'icmp') return icmp?.value === true ? ECHO : NO_PORTS;
  const ports = protocol === 'tcp' ? tcp : udp;
  if (ports === undefined) return NO_PORTS;
  return ports === 'any' ? ALL_PORTS : portSet(ports.map(({ value }) => value));
}

/**
 * Judges traffic by the firewalls of a topology. What is asked for is worked out then and kept: the rules of a
 * firewall are indexed once, the rules for a pair of machines are picked once.
 */
export function reach(topology: Topology): Reach {
  const trust = trustIn(topology);
  const chain = chainsOf(topology);
  const guards = new Map<Firewall, Guard>();
  const pairs = new Map<Endpoint, Map<Endpoint, readonly { guard: Guard; plan: Plan }[] | undefined>>();
  const ports = new Map<FirewallRule, Map<Protocol, PortSet>>();
  const trusted = new Map<object, boolean>();
  const stray = new Map<Server, boolean>();
  let addresses: ReadonlySet<string> | undefined;

  interface Guard {
    readonly firewall: Firewall;
    readonly isKnown: boolean;
    readonly from: (endpoint: Endpoint) => readonly Face[];
    readonly to: (endpoint: Endpoint) => readonly Face[];
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

  function isEndpointKnown({ zone, server, clients }: Endpoint): boolean {
    const machine = server ?? clients;
    const named = zone === undefined ? undefined : topology.zones.get(zone);
    if (named === undefined || !isRead(named) || (machine && !isRead(machine))) return false;
    // An address of another network says that the machine stands elsewhere.
    return server === undefined || !isStray(server);
  }

  function between(from: Endpoint, to: Endpoint): readonly Firewall[] | undefined {
    if (from.zone === undefined || to.zone === undefined) return undefined;
    if (from.zone === to.zone || topology.firewalls.size === 0) return [];
    if (!trust.sections || !isEndpointKnown(from) || !isEndpointKnown(to)) return undefined;
    return chain(from.zone, to.zone);
  }

  /** The rules between two machines at each firewall; undefined where it is not known. */
  function plansOf(from: Endpoint, to: Endpoint): readonly { guard: Guard; plan: Plan }[] | undefined {
    let targets = pairs.get(from);
    if (!targets) {
      targets = new Map();
      pairs.set(from, targets);
    }
    if (targets.has(to)) return targets.get(to);
    const found = between(from, to)?.map((firewall) => guardOf(firewall));
    const plans = found?.every(({ isKnown }) => isKnown)
      ? found.map((guard) => ({ guard, plan: planOf(guard, from, to) }))
      : undefined;
    targets.set(to, plans);
    return plans;
  }

  function portsOf(rule: FirewallRule, protocol: Protocol): PortSet {
    let known = ports.get(rule);
    if (!known) {
      known = new Map();
      ports.set(rule, known);
    }
    let set = known.get(protocol);
    if (!set) {
      set = rulePorts(rule, protocol);
      known.set(protocol, set);
    }
    return set;
  }

  function planOf({ firewall, from, to }: Guard, source: Endpoint, target: Endpoint): Plan {
    const sources = from(source);
    const targets = to(target);
    const pick = (a: Face, b: Face): Rules =>
      common(a.rules, b.rules).flatMap((index) => firewall.rules[index] ?? []);
    const plan = (sources: readonly Face[], targets: readonly Face[]): readonly (readonly Rules[])[] => {
      const perSource = sources.map((a) => targets.map((b) => pick(a, b)));
      const isGroup = { from: source.kind === 'clients', to: target.kind === 'clients' };
      if (isGroup.from && isGroup.to) return perSource.flat().map((rules) => [rules]);
      if (isGroup.from) return perSource;
      if (isGroup.to) return targets.map((_, index) => perSource.map((row) => row[index] ?? []));
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

  function judgeAt({ guard, plan }: { guard: Guard; plan: Plan }, { protocol, ports }: Traffic) {
    const by = new Set<FirewallRule>();
    const denied: { readonly rule: FirewallRule | undefined; readonly ports: PortSet }[] = [];
    let through: PortSet = NO_PORTS;
    for (const family of plan) {
      let common = ports;
      for (const alternatives of family) {
        let some: PortSet = NO_PORTS;
        for (const rules of alternatives) some = union(some, walk(rules));
        common = intersection(common, some);
      }
      through = union(through, common);
    }
    return { guard, through, by, denied };

    /** First match decides. */
    function walk(rules: Rules): PortSet {
      let left = ports;
      let allowed: PortSet = NO_PORTS;
      for (const rule of rules) {
        const match = intersection(left, portsOf(rule, protocol));
        if (isEmpty(match)) continue;
        if (rule.action?.value === 'allow') {
          allowed = union(allowed, match);
          by.add(rule);
        } else {
          denied.push({ rule, ports: match });
        }
        left = difference(left, match);
        if (isEmpty(left)) return allowed;
      }
      denied.push({ rule: undefined, ports: left });
      return allowed;
    }
  }

  function judge(traffic: Traffic): Verdict {
    const ports = traffic.protocol === 'icmp' ? ECHO : traffic.ports;
    if (isEmpty(ports)) return { kind: 'unchecked' };
    const plans = plansOf(traffic.from, traffic.to);
    if (!plans) return { kind: 'unchecked' };
    const judged = plans.map((plan) => judgeAt(plan, { ...traffic, ports }));
    const [first, ...more] = judged.flatMap(({ guard: { firewall }, through, by, denied }): Block[] => {
      const missing = difference(ports, through);
      if (isEmpty(missing)) return [];
      const rules = denied
        .filter(({ ports }) => !isEmpty(intersection(ports, missing)))
        .map(({ rule }) => (rule ? firewall.rules.indexOf(rule) : firewall.rules.length));
      const rule = firewall.rules[Math.min(...rules)];
      return [{ firewall, rule, missing: traffic.protocol === 'icmp' ? NO_PORTS : missing, by: [...by] }];
    });
    const by = judged.flatMap(({ guard: { firewall }, by }) => [...by].map((rule) => ({ firewall, rule })));
    return first ? { kind: 'blocked', blocks: [first, ...more], by } : { kind: 'allowed', by };
  }

  return {
    judge,
    verdict: (flow) =>
      judge({ from: flow.from, to: flow.to, protocol: flow.protocol, ports: portsOfFlow(flow) }),
    between,
    isKnown: (firewall) => trust.sections && guardOf(firewall).isKnown,
  };
}

/** What two rising lists share. */
function common(a: readonly number[], b: readonly number[]): readonly number[] {
  const result: number[] = [];
  let j = 0;
  for (const number of a) {
    while ((b[j] ?? Number.POSITIVE_INFINITY) < number) j++;
    if (b[j] === number) result.push(number);
  }
  return result;
}
