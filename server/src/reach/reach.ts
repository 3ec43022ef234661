// Flows and firewalls: which traffic gets through, by which rules, and what stops the rest.
import { concatenated, distinct, getOrAdd, isSameList } from '../collections.ts';
import { type FlowChange, flowChange } from '../flows/compute.ts';
import { type Endpoint, type Flow, zonesHeld } from '../flows/flow.ts';
import { compareEnds, firstNotBefore } from '../flows/order.ts';
import { isHost, type Network } from '../topology/address.ts';
import { lookup } from '../topology/effective.ts';
import type { Firewall, FirewallRule, Server, Topology } from '../topology/model.ts';
import { addressesOutsideZone } from './address-outside-zone.ts';
import { networksOf } from './addresses.ts';
import { chainsOf } from './chains.ts';
import { type RuleEnd, ruleEnd, type Side } from './ends.ts';
import {
  type Decision,
  type Guard,
  judgeWay,
  OPEN,
  type Passage,
  type Plan,
  passagesOn,
  positionOf,
  questionOf,
  type Rules,
  rulesByMentions,
  type Track,
  together,
  UNCHECKED,
  type Verdict,
} from './judge.ts';
import { knownParts, type Part } from './known-parts.ts';
import { type Address, type Face, facesOf, type Mentions, machineId, matcher } from './matching.ts';
import { isEmpty, type PortSet } from './ports.ts';
import { ECHO, type Protocol, portsOfFlow } from './rule-ports.ts';
import {
  changedBetween,
  firewallsWith,
  hasWord,
  type Machine,
  mayBeClients,
  meeting,
  namesMoved,
  withGroups,
  wordsIn,
  zonesOfAddresses,
} from './versions.ts';

/** Traffic between two machines. */
export interface Traffic {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly protocol: Protocol;
  /** Left out of consideration for ICMP. */
  readonly ports: PortSet;
  /**
   * Of a client group in several zones, those of them that this is about, by name; without it all of them. The
   * traffic of every one has to get through.
   */
  readonly zones?: readonly string[];
}

export interface Reach {
  /**
   * Whether a flow gets through every firewall between its machines. Ports that the file does not tell
   * (`dynamic`) are left out. The reply to an allowed connection is allowed.
   */
  verdict(flow: Flow): Verdict;
  /** The same for one of the zones of a client group in several, by name. */
  verdictIn(flow: Flow, zone: string): Verdict;
  /** The same for any traffic. */
  judge(traffic: Traffic): Verdict;
  /**
   * The firewalls that traffic between two machines passes, in order: that of the source itself, those between the
   * zones, that of the target. Undefined where it is not known: a machine has no zone, or could not be read.
   * @param zones as for `Traffic`
   */
  between(from: Endpoint, to: Endpoint, zones?: readonly string[]): readonly Firewall[] | undefined;
  /**
   * The rules of the firewalls between two machines that match both, each once, whatever the ports and whether or not
   * one above them decides; empty where that is not known.
   * @param zones as for `Traffic`
   */
  rulesBetween(from: Endpoint, to: Endpoint, zones?: readonly string[]): readonly FirewallRule[];
  /** The same firewalls as far as the file names zones, also where a mistake hides what they do. */
  crossed(from: Endpoint, to: Endpoint, zones?: readonly string[]): readonly Firewall[];
  /**
   * The two ends once for each two of their zones, each then in one zone; within a group only from a zone to itself.
   * The same objects at every question.
   */
  pairs(from: Endpoint, to: Endpoint, zones?: readonly string[]): readonly (readonly [Endpoint, Endpoint])[];
  /**
   * The flows that are not known to pass no firewall, by the machines that they are between, in their order. A crossing
   * is the same object as before for as long as nothing has changed that the verdicts of its flows follow from.
   * @param flows all flows of the file
   */
  crossings(flows: readonly Flow[]): readonly Crossing[];
  /** The same object from one version of a file to the next, for what others keep. */
  readonly lineage: Lineage;
  /** Whether the rules of a firewall could all be read. */
  isKnown(firewall: Firewall): boolean;
  /**
   * Forgets what followed from a server whose public addresses have changed in place.
   * @param before the ones that it had
   */
  forgetServer(server: Server, before: Server['publicAddresses']): void;
  /**
   * Forgets what followed from rules of a firewall in whose place there are others by now.
   * @param before the rules that it had
   */
  forgetRules(firewall: Firewall, before: readonly FirewallRule[]): void;
  /**
   * Goes over to the topology of another version of the file, and forgets what followed from what is different: from
   * some servers or client groups, from firewalls with other rules, and from what could not be read.
   * @param next what did not change is the same objects as before
   * @returns false where more is different, so that all has to be worked out anew
   */
  follow(next: Topology): boolean;
  /**
   * What gets through between two machines in one zone and at one address each, divided by the rules that decide about
   * it; nothing where no firewall is between them, or where that is not known.
   */
  passages(traffic: Traffic): readonly Passage[];
}

/** What versions of a file have in common. */
export interface Lineage {
  /**
   * Takes what has been noted of the words in the rules of a firewall.
   * @returns those, in lower case, that mean or cover others than when somebody last asked
   */
  takeOthers(firewall: Firewall): ReadonlySet<string>;
  /** Notes that words, in lower case, mean or cover others than before. */
  noteOthers(firewall: Firewall, words: Iterable<string>): void;
}

function newLineage(): Lineage {
  const others = new Map<string, Set<string>>();
  return {
    takeOthers({ id }) {
      const words = others.get(id);
      others.delete(id);
      return words ?? NO_NAMES;
    },
    noteOthers({ id }, words) {
      const noted = getOrAdd(others, id, () => new Set());
      for (const word of words) noted.add(word);
    },
  };
}

/** Flows between two machines that pass a firewall, or of which that is not known. */
export interface Crossing {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly flows: readonly [Flow, ...Flow[]];
  /** Those of them that are stopped somewhere, in one of their zones at least. */
  readonly blocked: readonly Flow[];
  /** Those that nobody can judge. */
  readonly unchecked: readonly Flow[];
}

/** What is different about whom the rules of a firewall match. */
interface Rematch {
  /** The positions that rules had which are no more, or match others. */
  readonly gone: ReadonlySet<number>;
  /** Those that are new, or match others. */
  readonly added: readonly FirewallRule[];
  /** Where each of the others is, by where it was; undefined where all are where they were. */
  readonly moved?: ReadonlyMap<number, number>;
}

/** Some firewalls in a row, and what the machines that talk through them look like to them. */
interface Route {
  readonly guards: readonly Guard[];
  readonly firewalls: readonly Firewall[];
  readonly isKnown: boolean;
  readonly sources: Map<Endpoint, readonly Face[]>;
  readonly targets: Map<Endpoint, readonly Face[]>;
}

/** What is between two machines. There is another object once something else follows from it. */
interface Way {
  /** Undefined where that is not known. */
  readonly firewalls: readonly Firewall[] | undefined;
  readonly guards: readonly Guard[];
  /** Undefined where a rule of a firewall could not be read. */
  readonly plan: Plan | undefined;
  /** What becomes of the flows that were asked for. */
  readonly verdicts: Map<Flow, Verdict>;
  /** Whose flows take it. */
  crossing: Crossing | undefined;
}

/** All crossings of some flows. */
interface Crossings {
  readonly flows: readonly Flow[];
  readonly list: readonly Crossing[];
}

// Both without a guard, so that nothing is kept with them.
const UNKNOWN_WAY: Way = {
  firewalls: undefined,
  guards: [],
  plan: undefined,
  verdicts: new Map(),
  crossing: undefined,
};
const OPEN_WAY: Way = { firewalls: [], guards: [], plan: [], verdicts: new Map(), crossing: undefined };

/**
 * Judges traffic by the firewalls of a topology. What is asked for is worked out then and kept: the rules of a
 * firewall are indexed once, the rules for a pair of machines are picked once.
 * @param lineage that of another one, where the ends of rules mean the same, and less can be read here
 */
export function reach(first: Topology, lineage: Lineage = newLineage()): Reach {
  let topology = first;
  let known = knownParts(topology);
  let chains = chainsOf(topology);
  const knownFirewalls = new Map<Firewall, boolean>();
  const guards = new Map<Firewall, { [opens: string]: Guard }>();
  /** One list for all guards of a firewall, also for those of before, which some ways still have. */
  const decisions = new Map<Firewall, Decision[]>();
  const routes = new Map<string, Route>();
  /** The routes of machines without a firewall of their own, by the zones that they are in. */
  const routesOfZones = new Map<string, Map<string, Route>>();
  const ways = new Map<Endpoint, Map<Endpoint, Way>>();
  let crossingsKnown: Crossings | undefined;
  /** Crossings from whose ways something else follows by now. */
  const past = new Set<Crossing>();
  const read = new Map<object, boolean>();
  const endpoints = new Map<Endpoint, boolean>();
  const outside = new Map<Server, boolean>();
  const places = new Map<Endpoint, Map<string, Endpoint>>();
  let hosts = hostFirewalls(topology);
  const arePlacesKnown = [...topology.firewalls.values()].every(isPlaced);
  let addresses: ServersByAddress | undefined;

  function serversByAddress(): ServersByAddress {
    addresses ??= addAddresses({ 4: new Map(), 6: new Map() }, topology.servers.values());
    return addresses;
  }

  function isServerAddress({ family, low }: Address): boolean {
    return serversByAddress()[family].has(low);
  }

  /** The names, in lower case, of the servers that have an address in one of some networks. */
  function serversAt(networks: readonly Network[]): readonly string[] {
    // Most are addresses of servers, of which there are thousands.
    const found = networks
      .filter(isHost)
      .flatMap(({ family, bits }) => serversByAddress()[family].get(bits) ?? []);
    const wide = networks.filter((network) => !isHost(network));
    if (wide.length === 0) return found;
    const isThere = meeting(wide);
    const there = [...topology.servers.values()].filter(({ addresses }) => isThere(networksOf(addresses)));
    return [...found, ...there.map(({ id }) => id)];
  }

  function isOutsideZone(server: Server): boolean {
    let is = outside.get(server);
    if (is === undefined) {
      is = addressesOutsideZone(server, topology).length > 0;
      outside.set(server, is);
    }
    return is;
  }

  function isRead(part: Part): boolean {
    let is = read.get(part.key);
    if (is === undefined) {
      is = known.isRead(part);
      read.set(part.key, is);
    }
    return is;
  }

  function guardOf(firewall: Firewall, opens: boolean): Guard {
    const both = guards.get(firewall) ?? {};
    guards.set(firewall, both);
    const other = both[`${!opens}`];
    both[`${opens}`] ??= {
      firewall,
      opens,
      from: other?.from ?? matcher(firewall, 'from', topology),
      to: other?.to ?? matcher(firewall, 'to', topology),
      rules: rulesByMentions(),
      decisions: getOrAdd(decisions, firewall, () => firewall.rules.map((rule) => ({ firewall, rule }))),
    };
    return both[`${opens}`] as Guard;
  }

  /** Whether the file says where a firewall is. */
  function isPlaced({ zones, between, hosts }: Firewall): boolean {
    const isZone = ({ value }: { readonly value: string }) => lookup(topology.zones, value) !== undefined;
    return (
      zones.length + between.length + hosts.length > 0 &&
      zones.every(isZone) &&
      between.every((pair) => pair.every(isZone))
    );
  }

  /** Who only asks this needs none of what finds the rules for two machines. */
  function isKnown(firewall: Firewall): boolean {
    return getOrAdd(knownFirewalls, firewall, () => isFirewallKnown(firewall));
  }

  function isFirewallKnown(firewall: Firewall): boolean {
    // Many rules name the same.
    const words = new Map<string, boolean>();
    const isEndKnown = ({ value }: { readonly value: string }) => {
      let is = words.get(value);
      if (is === undefined) {
        is = isRuleEndKnown(ruleEnd(value, topology));
        words.set(value, is);
      }
      return is;
    };
    return (
      isRead(firewall) &&
      isPlaced(firewall) &&
      firewall.rules.every(
        (rule) => isRuleKnown(rule) && rule.from.every(isEndKnown) && rule.to.every(isEndKnown),
      )
    );
  }

  /** Whether all of a rule could be read; its ends are another question. */
  function isRuleKnown({ action, from, to, ports, damaged }: FirewallRule): boolean {
    return (
      !damaged &&
      action !== undefined &&
      from.length > 0 &&
      to.length > 0 &&
      ports.every(({ value }) => {
        const group = lookup(topology.portGroups, value);
        return group !== undefined && isRead(group);
      })
    );
  }

  function isRuleEndKnown(end: RuleEnd | undefined): boolean {
    switch (end?.kind) {
      case 'zone':
        return isRead(end.zone);
      case 'server':
        return isRead(end.server);
      case 'clients':
        return isRead(end.clients);
      case 'listener':
        return isRead(end.listener.group);
      case 'address-group':
        return end.groups.every(isRead) && end.members.every(isRuleEndKnown);
      default:
        return end !== undefined;
    }
  }

  function isEndpointKnown(endpoint: Endpoint): boolean {
    let is = endpoints.get(endpoint);
    if (is === undefined) {
      is = isPlaceKnown(endpoint);
      endpoints.set(endpoint, is);
    }
    return is;
  }

  function isPlaceKnown({ kind, zone, server, clients }: Endpoint): boolean {
    const machine = server ?? clients;
    const named = zone === undefined ? undefined : topology.zones.get(zone);
    if (named === undefined || !isRead(named) || (machine && !isRead(machine))) return false;
    if (kind === 'listener' && ![...topology.availabilityGroups.values()].every(isRead)) return false;
    // An address of another network says that the machine is elsewhere.
    return server === undefined || !isOutsideZone(server);
  }

  /** The firewalls that a machine itself has. */
  function hostsOf(endpoint: Endpoint): readonly Firewall[] {
    return hosts.size === 0 ? NO_FIREWALLS : (hosts.get(machineId(endpoint)) ?? NO_FIREWALLS);
  }

  /** Most machines talk within their zone: that has to be told fast. */
  function wayOf(from: Endpoint, to: Endpoint): Way {
    if (from.zone === undefined || to.zone === undefined) return UNKNOWN_WAY;
    if ((from.zone === to.zone && hosts.size === 0) || topology.firewalls.size === 0) return OPEN_WAY;
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
    const sending = hostsOf(from);
    const receiving = hostsOf(to);
    if (zone === other && sending.length + receiving.length === 0) return { ...OPEN_WAY };
    if (!known.sections || !isEndpointKnown(from) || !isEndpointKnown(to)) return { ...UNKNOWN_WAY };
    const route =
      sending.length + receiving.length === 0
        ? routeOfZones(zone, other)
        : routeOf(sending, chains.between(zone, other), receiving);
    // A firewall of which it is not known where it is may be here.
    if (route.guards.length === 0) return arePlacesKnown ? { ...OPEN_WAY } : { ...UNKNOWN_WAY };
    const { guards, firewalls } = route;
    const plan = route.isKnown ? planOf(route, from, to) : undefined;
    return { firewalls, guards, plan, verdicts: new Map(), crossing: undefined };
  }

  function routeOfZones(zone: string, other: string): Route {
    const targets = getOrAdd(routesOfZones, zone, () => new Map<string, Route>());
    return getOrAdd(targets, other, () => routeOf(NO_FIREWALLS, chains.between(zone, other), NO_FIREWALLS));
  }

  /** The row of firewalls from a machine to another; one object for equal rows. */
  function routeOf(
    sending: readonly Firewall[],
    between: readonly Firewall[],
    receiving: readonly Firewall[],
  ): Route {
    const denying = new Set([...between, ...receiving]);
    const row = new Map<Firewall, Guard>();
    // A firewall that is crossed twice asks the same rules; what comes in must be allowed by one of them.
    for (const firewall of sending)
      row.set(firewall, guardOf(firewall, !firewall.outboundDeny && !denying.has(firewall)));
    for (const firewall of denying) if (!row.has(firewall)) row.set(firewall, guardOf(firewall, false));
    const list = [...row.values()];
    const key = list.map(({ firewall, opens }) => `${firewall.id}${opens ? '+' : ''}`).join(' ');
    let route = routes.get(key);
    if (!route) {
      route = {
        guards: list,
        firewalls: [...row.keys()],
        isKnown: list.every(({ firewall }) => isKnown(firewall)),
        sources: new Map(),
        targets: new Map(),
      };
      routes.set(key, route);
    }
    return route;
  }

  function facesAt(route: Route, side: Side, endpoint: Endpoint): readonly Face[] {
    const faces = side === 'from' ? route.sources : route.targets;
    let own = faces.get(endpoint);
    if (!own) {
      own = facesOf(
        endpoint,
        route.guards.map((guard) => guard[side]),
        topology,
        isServerAddress,
      );
      faces.set(endpoint, own);
    }
    return own;
  }

  function planOf(route: Route, source: Endpoint, target: Endpoint): Plan {
    const { guards } = route;
    const sources = facesAt(route, 'from', source);
    const targets = facesAt(route, 'to', target);
    const track = (a: Face, b: Face): Track =>
      guards.map(({ rules }, index) => rules.of(mentionsAt(a, index), mentionsAt(b, index)));
    const [a, b] = [sources[0], targets[0]];
    // Two servers with one address each, which most are.
    if (a && b && sources.length === 1 && targets.length === 1) return [[[track(a, b)]]];
    const plan = (sources: readonly Face[], targets: readonly Face[]): readonly (readonly Track[])[] => {
      const perSource = sources.map((a) => targets.map((b) => track(a, b)));
      const isGroup = { from: source.kind === 'clients', to: target.kind === 'clients' };
      if (isGroup.from && isGroup.to) return perSource.flat().map((one) => [one]);
      if (isGroup.from) return perSource;
      if (isGroup.to) return targets.map((_, index) => perSource.flatMap((row) => [row[index] ?? []]));
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

  /** One endpoint for each zone that some traffic holds for; itself where it is in one, or in none. */
  function placesOf(endpoint: Endpoint, zones: readonly string[] | undefined): readonly Endpoint[] {
    const all = endpoint.zones;
    if (!all || all.length < 2) return [endpoint];
    let known = places.get(endpoint);
    if (!known) {
      known = new Map(all.map((zone) => [zone, { ...endpoint, zone, zones: [zone] }]));
      places.set(endpoint, known);
    }
    return zonesHeld(endpoint, zones).flatMap((zone) => known.get(zone) ?? []);
  }

  function pairs(
    from: Endpoint,
    to: Endpoint,
    zones?: readonly string[],
  ): readonly (readonly [Endpoint, Endpoint])[] {
    if (isInOnePlace(from) && isInOnePlace(to)) return [[from, to]];
    const targets = placesOf(to, zones);
    return placesOf(from, zones).flatMap((source) =>
      (from === to ? [source] : targets).map((target) => [source, target] as const),
    );
  }

  function waysOf(from: Endpoint, to: Endpoint, zones: readonly string[] | undefined): readonly Way[] {
    return pairs(from, to, zones).map(([source, target]) => wayOf(source, target));
  }

  function judge({ from, to, protocol, ports, zones }: Traffic): Verdict {
    const set = protocol === 'icmp' ? ECHO : ports;
    if (isEmpty(set)) return UNCHECKED;
    if (isInOnePlace(from) && isInOnePlace(to)) {
      const way = wayOf(from, to);
      return way.plan && way.guards.length === 0 ? OPEN : judgeWay(way, questionOf(protocol, set, topology));
    }
    const question = questionOf(protocol, set, topology);
    const [first, ...more] = waysOf(from, to, zones).map((way) => judgeWay(way, question));
    return more.reduce(together, first ?? UNCHECKED);
  }

  /** Several rules ask about a flow that passes a firewall. */
  function verdictOn(way: Way, flow: Flow): Verdict {
    if (!way.plan) return UNCHECKED;
    if (way.guards.length === 0) return isEmpty(portsOfFlow(flow)) ? UNCHECKED : OPEN;
    return getOrAdd(way.verdicts, flow, () => {
      const ports = portsOfFlow(flow);
      return isEmpty(ports) ? UNCHECKED : judgeWay(way, questionOf(flow.protocol, ports, topology));
    });
  }

  function verdict(flow: Flow): Verdict {
    const { from, to, zones } = flow;
    if (isInOnePlace(from) && isInOnePlace(to)) return verdictOn(wayOf(from, to), flow);
    const [first, ...more] = waysOf(from, to, zones).map((way) => verdictOn(way, flow));
    return more.reduce(together, first ?? UNCHECKED);
  }

  function verdictIn(flow: Flow, zone: string): Verdict {
    const { from, to, protocol } = flow;
    return judge({ from, to, protocol, ports: portsOfFlow(flow), zones: [zone] });
  }

  function between(from: Endpoint, to: Endpoint, zones?: readonly string[]) {
    if (isInOnePlace(from) && isInOnePlace(to)) return wayOf(from, to).firewalls;
    const [first, ...more] = waysOf(from, to, zones).map(({ firewalls }) => firewalls);
    if (more.length === 0) return first;
    const all = [first, ...more];
    return all.includes(undefined) ? undefined : [...new Set(all.flatMap((one) => one ?? []))];
  }

  function crossed(from: Endpoint, to: Endpoint, zones?: readonly string[]): readonly Firewall[] {
    const found = pairs(from, to, zones).flatMap(([source, target]) => [
      ...hostsOf(source),
      ...(source.zone !== undefined && target.zone !== undefined
        ? chains.between(source.zone, target.zone)
        : NO_FIREWALLS),
      ...hostsOf(target),
    ]);
    return [...new Set(found)];
  }

  function rulesBetween(from: Endpoint, to: Endpoint, zones?: readonly string[]): readonly FirewallRule[] {
    const found: FirewallRule[] = [];
    for (const { guards, plan = [] } of waysOf(from, to, zones))
      for (const family of plan)
        for (const tracks of family)
          for (const track of tracks)
            for (const [index, { positions }] of track.entries())
              for (const position of positions) {
                const rule = guards[index]?.firewall.rules[position];
                if (rule) found.push(rule);
              }
    return found.length > 1 ? distinct(found) : found;
  }

  function passages({ from, to, protocol, ports }: Traffic): readonly Passage[] {
    const { guards, plan } = wayOf(from, to);
    if (!plan || guards.length === 0) return [];
    return passagesOn(plan, guards, questionOf(protocol, protocol === 'icmp' ? ECHO : ports, topology));
  }

  function crossingOf(flows: readonly Flow[], ways: readonly Way[]): Crossing {
    const [{ from, to }] = flows as [Flow];
    const blocked: Flow[] = [];
    const unchecked: Flow[] = [];
    for (const flow of flows) {
      const { kind } = verdict(flow);
      if (kind === 'blocked') blocked.push(flow);
      else if (kind === 'unchecked') unchecked.push(flow);
    }
    const crossing = { from, to, flows: flows as [Flow, ...Flow[]], blocked, unchecked };
    for (const way of ways) if (way !== UNKNOWN_WAY && way !== OPEN_WAY) way.crossing = crossing;
    return crossing;
  }

  function crossings(flows: readonly Flow[]): readonly Crossing[] {
    const before = crossingsKnown;
    if (before?.flows === flows && past.size === 0) return before.list;
    const change = before && flowChange(before.flows, flows);
    const list = before && change ? crossingsAfter(before, flows, change) : crossingsAmong(flows);
    crossingsKnown = { flows, list };
    past.clear();
    return list;
  }

  /** Who talks to whom is another question than before; the same flows on the same ways are the same crossing. */
  function crossingsAmong(flows: readonly Flow[]): readonly Crossing[] {
    const before = crossingsKnown?.list ?? [];
    const list: Crossing[] = [];
    let place = 0;
    for (let start = 0, end = 0; start < flows.length; start = end) {
      end = endOfPair(flows, start);
      const ways = waysOfPair(flows[start] as Flow);
      if (ways === undefined) continue;
      // Both are in the order of names: what was there before is the next, or some are gone.
      let next = place;
      while (next < place + FEW && before[next]?.flows[0] !== flows[start]) next++;
      const known = before[next];
      if (known?.flows[0] === flows[start]) place = next + 1;
      const own = flows.slice(start, end);
      const isSame = known !== undefined && !past.has(known) && isSameList<Flow>(known.flows, own);
      list.push(isSame ? known : crossingOf(own, ways));
    }
    return list;
  }

  /** The same where only some flows are others: between all other machines the crossings are the same as before. */
  function crossingsAfter(
    { list: before }: Crossings,
    flows: readonly Flow[],
    { gone, added }: FlowChange,
  ): readonly Crossing[] {
    const pieces: (readonly Crossing[])[] = [];
    let place = 0;
    let last: Pick<Flow, 'from' | 'to'> | undefined;
    for (const ends of [...gone, ...added, ...past].sort(compareEnds)) {
      if (last && compareEnds(last, ends) === 0) continue;
      last = ends;
      const isBetween = (one: Pick<Flow, 'from' | 'to'> | undefined) => one && compareEnds(one, ends) === 0;
      const until = firstNotBefore(before, ends);
      pieces.push(before.slice(place, until));
      place = until;
      while (isBetween(before[place])) place++;
      // Several machines may have one name, such as a listener in each of its zones.
      const fresh: Crossing[] = [];
      let start = firstNotBefore(flows, ends);
      while (isBetween(flows[start])) {
        const end = endOfPair(flows, start);
        const ways = waysOfPair(flows[start] as Flow);
        if (ways) fresh.push(crossingOf(flows.slice(start, end), ways));
        start = end;
      }
      pieces.push(fresh);
    }
    pieces.push(before.slice(place));
    return concatenated(pieces);
  }

  /** The ways of flows between two machines; undefined where it is known that there is no firewall on any. */
  function waysOfPair({ from, to }: Flow): readonly Way[] | undefined {
    if (isInOnePlace(from) && isInOnePlace(to)) {
      const way = wayOf(from, to);
      // There are many, and most are open: of these no list is made.
      return isOpen(way) ? undefined : [way];
    }
    const ways = waysOf(from, to, undefined);
    return ways.every(isOpen) ? undefined : ways;
  }

  function forgetServer(server: Server, before: Server['publicAddresses']): void {
    forgetEnds((end) => end.server?.id === server.id);
    meanElse(NO_NAMES, [...networksOf(before), ...networksOf(server.publicAddresses)]);
  }

  function forgetEnds(isMeant: (end: Endpoint) => boolean): void {
    forgetWays((_, from, to) => isMeant(from) || isMeant(to));
    for (const { sources, targets } of routes.values())
      for (const faces of [sources, targets])
        for (const end of faces.keys()) if (isMeant(end)) faces.delete(end);
    for (const of of [endpoints, places]) for (const end of of.keys()) if (isMeant(end)) of.delete(end);
  }

  function forgetRules(firewall: Firewall, before: readonly FirewallRule[]): void {
    const { rules } = firewall;
    const [were, are] = [new Set(before), new Set(rules)];
    const own = rules.filter((rule) => !were.has(rule));
    const stay = rules.filter((rule) => were.has(rule));
    const areEndsKnown = ({ from, to }: FirewallRule) =>
      [...from, ...to].every(({ value }) => isRuleEndKnown(ruleEnd(value, topology)));
    const isSameOrder = isSameList(
      stay,
      before.filter((rule) => are.has(rule)),
    );
    if (
      !isSameOrder ||
      !own.every((rule) => isRuleKnown(rule) && areEndsKnown(rule)) ||
      knownFirewalls.get(firewall) === false
    ) {
      forgetFirewall(firewall);
      return;
    }
    const list = decisions.get(firewall);
    if (list) {
      const known = new Map(list.map((decision) => [decision.rule, decision]));
      list.splice(0, list.length, ...rules.map((rule) => known.get(rule) ?? { firewall, rule }));
    }
    const gone = [...before.keys()].filter((position) => !are.has(before[position] as FirewallRule));
    if (haveSameEnds(rules, before)) {
      forgetPorts(firewall, gone);
      return;
    }
    const places = new Map([...rules.entries()].map(([place, rule]) => [rule, place]));
    const moved = new Map(
      [...before.entries()].flatMap(([position, rule]) => {
        const place = places.get(rule);
        return place === undefined ? [] : [[position, place] as const];
      }),
    );
    forgetMatches(new Map([[firewall, { gone: new Set(gone), added: own, moved }]]));
  }

  /** Forgets what the ports of rules of a firewall decided, which match whom they matched. */
  function forgetPorts(firewall: Firewall, changed: readonly number[]): void {
    const touched = new Map<Rules, boolean>();
    const isTouched = (one: Rules | undefined): boolean =>
      one !== undefined &&
      getOrAdd(touched, one, () => {
        if (!changed.some((position) => one.positions.includes(position))) return false;
        one.walks.clear();
        return true;
      });
    for (const guard of Object.values(guards.get(firewall) ?? {}))
      for (const one of guard.rules.all) isTouched(one);
    for (const targets of ways.values())
      for (const [to, way] of targets) {
        const index = way.guards.findIndex((guard) => guard.firewall === firewall);
        if (index < 0) continue;
        let isOther = false;
        // Each is asked: what the rules of an earlier guard decided is forgotten here alone.
        for (const family of way.plan ?? [])
          for (const tracks of family)
            for (const track of tracks) if (isTouched(track[index])) isOther = true;
        if (!isOther) continue;
        if (way.crossing) past.add(way.crossing);
        targets.set(to, { ...way, verdicts: new Map(), crossing: undefined });
      }
  }

  /** Forgets what is between machines that rules matched which are gone, or that others match. */
  function forgetMatches(changes: ReadonlyMap<Firewall, Rematch>): void {
    if (changes.size === 0) return;
    const matches = new Map(
      [...changes].map(([firewall, { added }]) => [firewall, matchedBy(added, firewall)]),
    );
    const touched = new Map<Rules, boolean>();
    const isTouched = (rules: Rules, { gone, moved }: Rematch): boolean =>
      getOrAdd(touched, rules, () => {
        if (rules.positions.some((position) => gone.has(position))) return true;
        if (moved) {
          rules.positions = rules.positions.flatMap((position) => moved.get(position) ?? []);
          rules.walks.clear();
        }
        return false;
      });
    forgetWays(({ guards, plan = [] }, from, to) => {
      let isMeant = false;
      for (const [index, { firewall }] of guards.entries()) {
        const change = changes.get(firewall);
        if (!change) continue;
        // Each is asked, for the rules that stay are to be where they are now.
        for (const family of plan)
          for (const tracks of family)
            for (const track of tracks) {
              const rules = track[index];
              if (rules && isTouched(rules, change)) isMeant = true;
            }
        isMeant ||= matches.get(firewall)?.(from, to) === true;
      }
      return isMeant;
    });
    forgetGuards(new Set(changes.keys()));
  }

  /** Answers whether rules of a firewall may match both of two machines. */
  function matchedBy(
    rules: readonly FirewallRule[],
    firewall: Firewall,
  ): (from: Endpoint, to: Endpoint) => boolean {
    const isOn = (side: Side) => {
      const matchers = [matcher({ ...firewall, rules }, side, topology)];
      const known = new Map<Endpoint, boolean>();
      return (endpoint: Endpoint) =>
        getOrAdd(known, endpoint, () =>
          facesOf(endpoint, matchers, topology, isServerAddress).some(
            (face) => mentionsAt(face, 0).lists.length > 0,
          ),
        );
    };
    const [isSource, isTarget] = [isOn('from'), isOn('to')];
    return (from, to) => isSource(from) && isTarget(to);
  }

  /** Forgets all that followed from a firewall. */
  function forgetFirewall(firewall: Firewall): void {
    forgetWays((way) => crosses(way, firewall));
    decisions.delete(firewall);
    knownFirewalls.delete(firewall);
    forgetGuards(new Set([firewall]));
  }

  /** Has the rules of firewalls looked through again for whatever is asked from now on. */
  function forgetGuards(gone: ReadonlySet<Firewall>): void {
    const isGone = ({ firewalls }: Route) => firewalls.some((firewall) => gone.has(firewall));
    for (const firewall of gone) guards.delete(firewall);
    for (const [key, route] of routes) if (isGone(route)) routes.delete(key);
    for (const targets of routesOfZones.values())
      for (const [zone, route] of targets) if (isGone(route)) targets.delete(zone);
  }

  function forgetWays(isMeant: (way: Way, from: Endpoint, to: Endpoint) => boolean): void {
    for (const [from, targets] of ways) {
      for (const [to, way] of targets) {
        if (!isMeant(way, from, to)) continue;
        if (way.crossing) past.add(way.crossing);
        targets.delete(to);
      }
      if (targets.size === 0) ways.delete(from);
    }
  }

  function follow(next: Topology): boolean {
    const changed = changedBetween(topology, next);
    const parts = knownParts(next);
    if (!changed || parts.sections !== known.sections) return false;
    /** Whether it was told of something that it was read, or was not, and now the opposite is so. */
    const isDoubted = (part: Part) => {
      const was = read.get(part.key);
      return was !== undefined && was !== parts.isRead(part);
    };
    const { zones, availabilityGroups, addressGroups, portGroups, firewalls } = next;
    const isAnyDoubted = (things: ReadonlyMap<string, Part>) => [...things.values()].some(isDoubted);
    if ([zones, availabilityGroups, addressGroups, portGroups].some(isAnyDoubted)) return false;
    const { gone, added, servers } = changed;
    const machines: readonly Machine[] = [...next.servers.values(), ...next.clients.values()];
    const doubted = machines.filter(isDoubted);
    const unread = [
      ...gone.filter(({ key }) => read.get(key) === false),
      ...added.filter((one) => !parts.isRead(one)),
    ];
    const others = [...changed.firewalls, ...[...firewalls.values()].filter(isDoubted)];

    const before = topology;
    topology = next;
    known = parts;
    for (const { key } of [...gone, ...doubted, ...others]) read.delete(key);
    if (addresses) {
      removeAddresses(addresses, gone);
      addAddresses(addresses, added);
    }
    for (const firewall of others) forgetFirewall(firewall);
    if (changed.firewalls.length > 0) {
      chains = chainsOf(next);
      hosts = hostFirewalls(next);
    }
    const lost = new Set<Machine>([...gone, ...doubted]);
    // An address of a server is no client's.
    const own = servers.flatMap((server) => networksOf(server.addresses));
    const isOwn = meeting(own);
    if (own.length > 0)
      for (const group of next.clients.values()) if (isOwn(mayBeClients(group, next))) lost.add(group);
    if (lost.size > 0) forgetEnds((end) => lost.has((end.server ?? end.clients) as Machine));
    for (const server of servers) outside.delete(server);
    const doubtful = [...doubted, ...unread].map(({ id }) => id);
    const names = withGroups(new Set([...namesMoved(gone, added), ...doubtful]), next);
    forgetNames(names);
    const [were, are] = [zonesOfAddresses(gone, before), zonesOfAddresses(added, next)];
    meanElse(names, were.text === are.text ? NO_NETWORKS : [...were.networks, ...are.networks]);
    return true;
  }

  /** Forgets what followed from rules with words that mean others than before. */
  function forgetNames(names: ReadonlySet<string>): void {
    const changes = new Map<Firewall, Rematch>();
    for (const firewall of firewallsWith(names, topology)) {
      const was = knownFirewalls.get(firewall);
      knownFirewalls.delete(firewall);
      if (was !== undefined && was !== isKnown(firewall)) {
        forgetFirewall(firewall);
        continue;
      }
      const added = firewall.rules.filter((rule) => hasWord(rule, names));
      const gone = new Set(added.map((rule) => positionOf(rule, firewall)));
      changes.set(firewall, { gone, added });
    }
    forgetMatches(changes);
  }

  /**
   * Notes that words of rules mean others than before.
   * @param names the words, in lower case
   * @param networks where machines are now, or are no more: whose addresses are there says what covers a server
   */
  function meanElse(names: ReadonlySet<string>, networks: readonly Network[]): void {
    const others = withGroups(new Set(serversAt(networks)), topology);
    const words = new Set([...names, ...others]);
    for (const firewall of firewallsWith(words, topology)) {
      const own = wordsIn(firewall.rules);
      lineage.noteOthers(
        firewall,
        [...words].filter((word) => own.has(word)),
      );
    }
  }

  return {
    follow,
    lineage,
    judge,
    passages,
    forgetServer,
    forgetRules,
    verdict,
    verdictIn,
    between,
    crossings,
    crossed,
    pairs,
    rulesBetween,
    isKnown: (firewall) => known.sections && isKnown(firewall),
  };
}

/** The names, in lower case, of the servers that have each address, by its number. */
type ServersByAddress = Readonly<Record<Address['family'], Map<bigint, readonly string[]>>>;

/** Adds the servers among some machines, and gives the index back. */
function addAddresses(index: ServersByAddress, machines: Iterable<Machine>): ServersByAddress {
  for (const machine of machines) {
    if (machine.kind !== 'server') continue;
    for (const { family, bits } of networksOf(machine.addresses))
      index[family].set(bits, [...(index[family].get(bits) ?? []), machine.id]);
  }
  return index;
}

function removeAddresses(index: ServersByAddress, machines: Iterable<Machine>): void {
  for (const machine of machines) {
    if (machine.kind !== 'server') continue;
    for (const { family, bits } of networksOf(machine.addresses)) {
      const servers = index[family].get(bits) ?? [];
      const left = servers.filter((id) => id !== machine.id);
      if (left.length > 0) index[family].set(bits, left);
      else index[family].delete(bits);
    }
  }
}

/** Behind the last of the flows between the same two machines as one of them. */
function endOfPair(flows: readonly Flow[], start: number): number {
  const { from, to } = flows[start] as Flow;
  let end = start + 1;
  while (flows[end]?.from === from && flows[end]?.to === to) end++;
  return end;
}

/** How many crossings in a row may be gone before what comes after them is judged anew. */
const FEW = 100;

function crosses({ firewalls }: Pick<Way, 'firewalls'>, firewall: Firewall): boolean {
  return firewalls?.includes(firewall) === true;
}

/** Whether it is known that there is no firewall on a way. */
function isOpen({ firewalls }: Way): boolean {
  return firewalls?.length === 0;
}

function isInOnePlace({ zones }: Endpoint): boolean {
  return zones === undefined || zones.length < 2;
}

const NO_FIREWALLS: readonly Firewall[] = [];
const NO_NAMES: ReadonlySet<string> = new Set();
const NO_NETWORKS: readonly Network[] = [];
const NO_MENTIONS: Mentions = { lists: [] };

function mentionsAt({ mentions }: Face, index: number): Mentions {
  return mentions[index] ?? NO_MENTIONS;
}

/** The firewalls on machines themselves, by the machine's name in lower case. */
function hostFirewalls({ firewalls }: Topology): ReadonlyMap<string, readonly Firewall[]> {
  const found = new Map<string, Firewall[]>();
  for (const firewall of firewalls.values()) {
    for (const id of new Set(firewall.hosts.map(({ value }) => value.toLowerCase()))) {
      const list = found.get(id);
      if (list) list.push(firewall);
      else found.set(id, [firewall]);
    }
  }
  return found;
}

/** Whether rules are for the same machines as others, one by one. */
function haveSameEnds(some: readonly FirewallRule[], others: readonly FirewallRule[]): boolean {
  return (
    some.length === others.length &&
    some.every((rule, position) => {
      const other = others[position];
      return (
        rule === other ||
        (other !== undefined && areSameWords(rule.from, other.from) && areSameWords(rule.to, other.to))
      );
    })
  );
}

function areSameWords(some: FirewallRule['from'], others: FirewallRule['from']): boolean {
  return some.length === others.length && some.every(({ value }, index) => value === others[index]?.value);
}
