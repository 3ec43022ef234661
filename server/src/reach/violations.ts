// The firewall rules that let through what a policy rules out, each with a packet that gets through.
import { getOrAdd, groupBy, likeBut } from '../collections.ts';
import type { Endpoint } from '../flows/flow.ts';
import { addressText } from '../topology/address.ts';
import type { FirewallRule, Topology } from '../topology/model.ts';
import { addressRange, networksOf } from './addresses.ts';
import { singleEnds } from './ends.ts';
import type { Decision, Passage } from './judge.ts';
import { type Matcher, type Mentions, machineId, matcher, networksOfEnd } from './matching.ts';
import { type Guard, haveCommonFamily, policiesOf } from './policies.ts';
import { countPorts, intersection, isEmpty, type PortSet } from './ports.ts';
import type { Reach } from './reach.ts';
import { PROTOCOLS, type Protocol, portsOfRule } from './rule-ports.ts';
import type { Spot } from './spots.ts';

/** A packet that a policy rules out and every firewall on its way lets through. */
export interface Packet {
  readonly from: Spot;
  readonly to: Spot;
  readonly protocol: Protocol;
  /** Zero for ICMP. */
  readonly port: number;
}

/** A rule that breaks policies. */
export interface Violation extends Decision {
  readonly broken: readonly {
    readonly guard: Guard;
    readonly packet: Packet;
    /** The rules of other firewalls that let it through as well. */
    readonly others: readonly Decision[];
  }[];
}

/**
 * The rules that let through what a policy rules out, those that open the fewest ports first. Of several rules on the
 * way of the same packets one is given: without it they do not get through.
 */
export function violationsIn(topology: Topology, reach: Reach): readonly Violation[] {
  const { guards: all, spots, cuts } = policiesOf(topology);
  const guards = all.filter(({ isKnown }) => isKnown);
  const firewalls = [...topology.firewalls.values()].filter((firewall) => reach.isKnown(firewall));
  if (guards.length === 0 || firewalls.length === 0) return [];

  const borders = firewalls.flatMap(({ rules }) =>
    rules.flatMap(({ from, to }) =>
      [from, to].flatMap((words) =>
        (singleEnds(words, topology) ?? []).flatMap((end) => networksOfEnd(end, topology).map(addressRange)),
      ),
    ),
  );
  const everyone = spots.all([...cuts, ...borders]);
  const matchers = firewalls.map((firewall) => ({
    firewall,
    from: matcher(firewall, 'from', topology),
    to: matcher(firewall, 'to', topology),
  }));
  const hosts = new Set(
    firewalls.flatMap((firewall) => firewall.hosts.map(({ value }) => value.toLowerCase())),
  );
  const ids = new Map<Mentions, number>();
  const id = (matcher: Matcher, { place, address }: Spot) =>
    getOrAdd(ids, matcher.at(place, address), () => ids.size + 1);

  /** Equal for spots that neither the firewalls nor the policies tell apart. */
  const kindOf = (spot: Spot): string => {
    const machine = machineId(spot.place);
    return [
      spot.place.zone,
      spot.address?.family,
      hosts.has(machine) ? machine : '',
      ...matchers.flatMap(({ from, to }) => [id(from, spot), id(to, spot)]),
      ...guards.map(({ signature }) => signature(spot)),
    ].join(' ');
  };
  const isRelevant = (spot: Spot) =>
    guards.some((guard) => guard.isAbout('from', spot) || guard.isAbout('to', spot));
  // One of each kind stands for all: between two machines that a firewall is between, one of them is in another zone,
  // or of a kind of its own because the firewall is on it.
  const kinds = [...groupBy(everyone.filter(isRelevant), kindOf).values()].flatMap(([first]) => first ?? []);

  /** The kinds that each rule matches on a side. */
  const byRule = (side: 'from' | 'to') => {
    const found = new Map<FirewallRule, Spot[]>();
    for (const matched of matchers)
      for (const kind of kinds) {
        const { place, address } = kind;
        for (const position of new Set(matched[side].at(place, address).lists.flat())) {
          const rule = matched.firewall.rules[position];
          if (rule) getOrAdd(found, rule, () => []).push(kind);
        }
      }
    return found;
  };
  const sources = byRule('from');
  const targets = byRule('to');
  const places = new Map<Spot, Endpoint>();
  const placeOf = (spot: Spot) => getOrAdd(places, spot, () => atAddress(spot));

  const suspects = firewalls
    .flatMap((firewall) => firewall.rules.map((rule) => ({ firewall, rule })))
    .filter(({ rule }) => rule.action?.value === 'allow' && sources.has(rule) && targets.has(rule))
    .map((decision) => ({ decision, opened: portsOfRule(decision.rule, topology) }));
  const width = ({ opened }: (typeof suspects)[number]) =>
    PROTOCOLS.reduce((sum, protocol) => sum + countPorts(opened[protocol]), 0);
  suspects.sort((a, b) => width(a) - width(b));

  const told = new Map<Guard, Set<FirewallRule>>();
  return suspects.flatMap(({ decision, opened }): readonly Violation[] => {
    const broken = guards.flatMap((guard): Violation['broken'] => {
      const earlier = getOrAdd(told, guard, () => new Set<FirewallRule>());
      const found = breach(guard, decision, opened, earlier);
      if (!found) return [];
      earlier.add(decision.rule);
      return [{ guard, ...found }];
    });
    return broken.length > 0 ? [{ ...decision, broken }] : [];
  });

  /** A packet that gets through by a rule and by none that is told already. */
  function breach(
    guard: Guard,
    { rule }: Decision,
    opened: Readonly<Record<Protocol, PortSet>>,
    earlier: ReadonlySet<FirewallRule>,
  ): Omit<Violation['broken'][number], 'guard'> | undefined {
    const shares = PROTOCOLS.map((protocol) => ({
      protocol,
      ports: intersection(opened[protocol], guard.ports[protocol]),
    })).filter(({ ports }) => !isEmpty(ports));
    if (shares.length === 0) return undefined;
    const from = (sources.get(rule) ?? []).filter((spot) => guard.isAbout('from', spot));
    const to = (targets.get(rule) ?? []).filter((spot) => guard.isAbout('to', spot));
    for (const source of from)
      for (const target of to) {
        if (!haveCommonFamily(source, target) || isSame(source, target)) continue;
        if (guard.excepts(source, target)) continue;
        for (const { protocol, ports } of shares) {
          const passage = reach
            .passages({ from: placeOf(source), to: placeOf(target), protocol, ports })
            .find(({ by }) => isBy(by, rule, earlier));
          const port = passage?.ports[0]?.low;
          if (!passage || port === undefined) continue;
          return {
            packet: { from: source, to: target, protocol, port },
            others: passage.by.filter((one) => one.rule !== rule),
          };
        }
      }
    return undefined;
  }
}

function isBy(by: Passage['by'], rule: FirewallRule, earlier: ReadonlySet<FirewallRule>): boolean {
  return by.some((one) => one.rule === rule) && !by.some((one) => earlier.has(one.rule));
}

/** Whether two spots are one machine; somebody in a group or a zone has others beside him. */
function isSame(a: Spot, b: Spot): boolean {
  return a.place.server !== undefined && a.place.server === b.place.server;
}

/** The machine at the one address. */
function atAddress({ place, address }: Spot): Endpoint {
  if (!address) return place;
  if (!place.server)
    return { ...place, addresses: [addressText({ family: address.family, bits: address.low })] };
  const { server } = place;
  const own = server.addresses.filter((written) => {
    const [network] = networksOf([written]);
    return network?.family === address.family && network.bits === address.low;
  });
  return { ...place, server: likeBut(server, { addresses: own.slice(0, 1) }) };
}
