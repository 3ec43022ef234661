// What policies rule out: for packets, for the connections of a file, and for the rules that a fix would write.
import { getOrAdd, memo } from '../collections.ts';
import type { Endpoint, Flow } from '../flows/flow.ts';
import type { Firewall, Policy, Topology, Written } from '../topology/model.ts';
import { type AddressRange, addressRange, networksOf } from './addresses.ts';
import { chainsOf } from './chains.ts';
import { type SingleEnd, singleEnds } from './ends.ts';
import { endMeans, groupNetworks, networksOfEnd, rangesOfEndpoint } from './matching.ts';
import {
  ALL_PORTS,
  covers,
  intersection,
  isEmpty,
  NO_PORTS,
  type PortSet,
  parsePorts,
  union,
} from './ports.ts';
import type { Reach } from './reach.ts';
import { ECHO, type PortsByProtocol, PROTOCOLS, portsOfFlow, portsWritten } from './rule-ports.ts';
import { type Spot, type Spots, spotsIn } from './spots.ts';

/** A policy as it is read for packets. */
export interface Guard {
  readonly policy: Policy;
  /** Whether all of it was read and every name in it is known: else nothing may be said of traffic that passes. */
  readonly isKnown: boolean;
  readonly ports: PortsByProtocol;
  /** Whether it is about packets from a spot, or to one. */
  readonly isAbout: (side: 'from' | 'to', spot: Spot) => boolean;
  /** Whether packets between two spots that it is about are an exception. */
  readonly excepts: (from: Spot, to: Spot) => boolean;
  /** Which of its words a spot is meant by; equal for spots that it cannot tell apart. */
  readonly signature: (spot: Spot) => string;
}

/** The policies of a topology, and who they may be about. */
export interface Policies {
  readonly guards: readonly Guard[];
  readonly spots: Spots;
  /** The networks in the words of policies: whoever is in the same of them is the same to all policies. */
  readonly cuts: readonly AddressRange[];
  /** The spots of a machine in one zone. */
  readonly spotsOf: (place: Endpoint) => readonly Spot[];
  /** All spots of the file, as policies, its names and the addresses among some ends of rules tell them apart. */
  readonly everyone: (ends?: readonly SingleEnd[]) => readonly Spot[];
  /** Who has the addresses of a machine in one zone, by the policies that are about them on each side. */
  readonly atAddresses: (
    place: Endpoint,
  ) => Readonly<Record<'from' | 'to', ReadonlyMap<Guard, readonly Spot[]>>>;
  /** Whether packets between two places may cross a firewall. */
  readonly crosses: (from: Endpoint, to: Endpoint, firewall: Firewall) => boolean;
}

/** Reads the policies of a topology once. */
export const policiesOf: (topology: Topology) => Policies = memo((topology: Topology) => {
  const ends = new Set<SingleEnd>();
  const guards = topology.policies.map((policy) => guardOf(policy, topology, ends));
  const spots = spotsIn(topology);
  const cuts = [...ends].flatMap((end) => networksOfEnd(end, topology).map(addressRange));
  const chains = chainsOf(topology);
  const around = new Map<string, readonly Firewall[]>();
  let named: readonly Spot[] | undefined;
  const everyone: Policies['everyone'] = (ends = []) => {
    const own = ends.flatMap((end) => (end.kind === 'network' ? [addressRange(end.network)] : []));
    if (own.length > 0) return spots.all([...cuts, ...bordersIn(topology), ...own]);
    named ??= spots.all([...cuts, ...bordersIn(topology)]);
    return named;
  };
  const isOnInternet = ({ place }: Spot) =>
    place.zone !== undefined && topology.zones.get(place.zone)?.internet === true;
  const findAt = (place: Endpoint): ReturnType<Policies['atAddresses']> => {
    const ranges = rangesOfEndpoint(place, topology);
    const has = ({ address }: Spot) =>
      address !== undefined &&
      ranges.some(
        ({ family, low, high }) => family === address.family && low <= address.low && address.low <= high,
      );
    const self: Spot = { place, address: undefined, isNobody: false };
    const isOutside = ranges.length === 0 && (place.kind === 'cloud' || isOnInternet(self));
    const own = isOutside ? everyone().filter(isOnInternet) : everyone().filter(has);
    const all = own.length > 0 ? own : spots.of(place, cuts);
    const about = (side: 'from' | 'to') =>
      new Map(
        guards.map((guard) => [
          guard,
          different(
            guard,
            all.filter((spot) => guard.isAbout(side, spot)),
          ),
        ]),
      );
    return { from: about('from'), to: about('to') };
  };
  return {
    guards,
    spots,
    cuts,
    spotsOf: memo((place) => spots.of(place, cuts)),
    everyone,
    atAddresses: memo(findAt),
    crosses: ({ zone: from }, { zone: to }, firewall) => {
      // One on a machine may be crossed by whatever the machine sends or takes.
      if (firewall.hosts.length > 0 || from === undefined || to === undefined) return true;
      return getOrAdd(around, `${from}\n${to}`, () => chains.between(from, to)).includes(firewall);
    },
  };
});

/** The networks of everything that a rule can name, other than by an address. */
function bordersIn(topology: Topology): readonly AddressRange[] {
  const { zones, clients, servers, listeners } = topology;
  const proxies = [...servers.values(), ...clients.values()].flatMap(({ proxy }) => proxy?.server ?? []);
  return [
    ...[...zones.values()].flatMap(({ networks }) => networksOf(networks)),
    ...[...clients.values()].flatMap((group) => groupNetworks(group, topology)),
    ...[...listeners.values()].flatMap(({ listener }) => networksOf(listener.addresses)),
    ...networksOf(proxies),
  ].map(addressRange);
}

/**
 * Of a policy in the settings file, words that this file does not have stand for nobody. Of one in the file, they
 * are a mistake: then it stands for as much as it may mean, so that no fix opens what it is about.
 */
function guardOf(policy: Policy, topology: Topology, all: Set<SingleEnd>): Guard {
  const isWrong =
    policy.damaged ||
    (!policy.isShared &&
      topology.problems.some(({ span }) => policy.span.start <= span.start && span.end <= policy.span.end));
  let isKnown = !isWrong;
  const read = (words: readonly Written<string>[], unknown: readonly SingleEnd[]): readonly SingleEnd[] => {
    const found = words.flatMap((word) => {
      const ends = singleEnds([word], topology);
      if (ends) return ends;
      if (policy.isShared) return [];
      isKnown = false;
      return unknown;
    });
    for (const end of found) all.add(end);
    return found;
  };
  const anyone: readonly SingleEnd[] = [{ kind: 'any' }];
  const sides = {
    from: policy.from.length > 0 ? read(policy.from, anyone) : anyone,
    to: policy.to.length > 0 ? read(policy.to, anyone) : anyone,
  };
  const exceptions = policy.except.map(({ from, to }) => ({ from: read(from, []), to: read(to, []) }));
  const isMeant = (ends: readonly SingleEnd[], { place, address }: Spot) =>
    ends.some((end) => endMeans(end, place, address, topology));
  return {
    policy,
    isKnown,
    ports: isWrong ? EVERYTHING : portsWritten(policy),
    isAbout: (side, spot) => isMeant(sides[side], spot),
    excepts: (from, to) => exceptions.some((pair) => isMeant(pair.from, from) && isMeant(pair.to, to)),
    signature: (spot) =>
      [sides.from, sides.to, ...exceptions.flatMap(({ from, to }) => [from, to])]
        .map((ends) => (isMeant(ends, spot) ? '1' : '0'))
        .join(''),
  };
}

const EVERYTHING: PortsByProtocol = { tcp: ALL_PORTS, udp: ALL_PORTS, icmp: ECHO };

/** A policy, and what of some traffic it is about. */
export interface Against {
  readonly policy: Policy;
  /** The ports that are known; of ICMP they mean nothing. */
  readonly ports: PortSet;
}

const NONE: readonly Against[] = [];
/** By reach, too: flows stay the same while firewalls change. */
const againstFlows = memo((_: Reach) => new Map<Flow, readonly Against[]>());

/**
 * The policies that a flow cannot keep: of the addresses of two machines there is no pair that is not ruled out, or
 * for some clients of a group there is none.
 */
export function policiesAgainstFlow(flow: Flow, topology: Topology, reach: Reach): readonly Against[] {
  if (topology.policies.length === 0) return NONE;
  return getOrAdd(againstFlows(reach), flow, () => {
    const policies = policiesOf(topology);
    const { from, to, protocol, zones } = flow;
    return policies.guards.flatMap((guard): readonly Against[] => {
      if (!guard.isKnown) return [];
      const ports = intersection(portsOfFlow(flow), guard.ports[protocol]);
      const isUnknown = flow.ports.some((port) => parsePorts(port) === undefined);
      if (isEmpty(ports) && !(isUnknown && covers(guard.ports[protocol], ALL_PORTS))) return [];
      const isOut = reach.pairs(from, to, zones).some((pair) => isRuledOut(guard, pair, policies));
      return isOut ? [{ policy: guard.policy, ports }] : [];
    });
  });
}

/** The ports of a flow that some policy rules out. */
export function portsAgainstFlow(flow: Flow, topology: Topology, reach: Reach): PortSet {
  return policiesAgainstFlow(flow, topology, reach).reduce<PortSet>(
    (set, { ports }) => union(set, ports),
    NO_PORTS,
  );
}

/** As reachability has it: each client of a group, at one of the addresses of a server, in one family. */
function isRuledOut(guard: Guard, [from, to]: readonly [Endpoint, Endpoint], policies: Policies): boolean {
  const sources = policies.spotsOf(from);
  const targets = policies.spotsOf(to);
  // Most machines are not what a policy is about.
  if (!sources.some((spot) => guard.isAbout('from', spot))) return false;
  if (!targets.some((spot) => guard.isAbout('to', spot))) return false;
  const families = ([4, 6] as const)
    .map((family) => [sources, targets].map((spots) => spots.filter((spot) => isOf(family, spot))))
    .filter((ends) => ends.every((spots) => spots.length > 0));
  return (
    families.length > 0 &&
    families.every(([a = [], b = []]) => {
      const passes = (source: Spot, target: Spot) => !forbids(guard, source, target);
      if (from.clients && to.clients)
        return !a.every((source) => b.every((target) => passes(source, target)));
      if (from.clients) return !a.every((source) => b.some((target) => passes(source, target)));
      if (to.clients) return !b.every((target) => a.some((source) => passes(source, target)));
      return !a.some((source) => b.some((target) => passes(source, target)));
    })
  );
}

function isOf(family: 4 | 6, { address }: Spot): boolean {
  return address === undefined || address.family === family;
}

/** Whether a policy rules out packets from one spot to another on its ports. */
function forbids(guard: Guard, from: Spot, to: Spot): boolean {
  return guard.isAbout('from', from) && guard.isAbout('to', to) && !guard.excepts(from, to);
}

/** What a rule would let through, by the ends that it names. */
export interface OpenedEnds {
  readonly from: readonly SingleEnd[];
  readonly to: readonly SingleEnd[];
}

/**
 * The policies that a rule would break, whatever rules are above it.
 * @param firewall where the rule would be: packets that do not cross it do not count; without it all do
 */
export function policiesAgainstRule(
  ends: OpenedEnds,
  ports: PortsByProtocol,
  topology: Topology,
  firewall?: Firewall,
): readonly Guard[] {
  if (topology.policies.length === 0) return [];
  const policies = policiesOf(topology);
  const guards = policies.guards.filter((guard) =>
    PROTOCOLS.some((protocol) => !isEmpty(intersection(guard.ports[protocol], ports[protocol]))),
  );
  if (guards.length === 0) return [];
  const everyone = policies.everyone([...ends.from, ...ends.to]);
  const meant = (side: 'from' | 'to') =>
    everyone.filter(({ place, address }) =>
      ends[side].some((end) => endMeans(end, place, address, topology)),
    );
  const sources = meant('from');
  const targets = meant('to');
  return guards.filter((guard) => {
    const about = (side: 'from' | 'to', spots: readonly Spot[]) =>
      different(
        guard,
        spots.filter((spot) => guard.isAbout(side, spot)),
      );
    const to = about('to', targets);
    return about('from', sources).some((source) =>
      to.some(
        (target) =>
          haveCommonFamily(source, target) &&
          !guard.excepts(source, target) &&
          (!firewall || policies.crosses(source.place, target.place, firewall)),
      ),
    );
  });
}

/**
 * The policies that rule out packets from one machine to another in one zone each, at any of their addresses, and of
 * whoever else has these: what a rule by their addresses would let through.
 */
export function policiesBetween(from: Endpoint, to: Endpoint, topology: Topology): readonly Guard[] {
  if (topology.policies.length === 0) return [];
  const { guards, atAddresses } = policiesOf(topology);
  const [sources, targets] = [atAddresses(from), atAddresses(to)];
  return guards.filter((guard) => {
    const targetsOfIt = targets.to.get(guard) ?? [];
    return (sources.from.get(guard) ?? []).some((source) =>
      targetsOfIt.some((target) => haveCommonFamily(source, target) && !guard.excepts(source, target)),
    );
  });
}

/** One of the spots that neither a policy nor the way to them tells apart. */
function different(guard: Guard, spots: readonly Spot[]): readonly Spot[] {
  const seen = new Map<string, Spot>();
  for (const spot of spots)
    seen.set(`${spot.place.zone} ${spot.address?.family} ${guard.signature(spot)}`, spot);
  return [...seen.values()];
}

/** Whether packets can go from one spot to another. */
export function haveCommonFamily({ address: a }: Spot, { address: b }: Spot): boolean {
  return !a || !b || a.family === b.family;
}
