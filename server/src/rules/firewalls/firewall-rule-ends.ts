// What the ends of a firewall rule open, and how much of that its use needs.
import { getOrAdd, groupBy, isSameList } from '../../collections.ts';
import type { Endpoint } from '../../flows/flow.ts';
import {
  type AddressRange,
  addressRange,
  commonRanges,
  joinedRanges,
  networksIn,
  networksOf,
  pieces,
  rangeIndex,
  rangesWithout,
} from '../../reach/addresses.ts';
import { chainsOf } from '../../reach/chains.ts';
import { type Side, type SingleEnd, singleEnds } from '../../reach/ends.ts';
import {
  clientRanges,
  endMeans,
  groupNetworks,
  machineId,
  networksOfEnd,
  rangesOfEndpoint,
} from '../../reach/matching.ts';
import { type Network, networkText, parseNetwork } from '../../topology/address.ts';
import { effectiveZones } from '../../topology/effective.ts';
import type { ClientGroup, FirewallRule, Server, Topology, Written } from '../../topology/model.ts';
import type { UsedRule } from './firewall-rule-use.ts';

type NamedMachine = Server | ClientGroup;

/** What one end opens, by zone (in lower case). */
interface Opened {
  readonly end: SingleEnd;
  readonly network: Network | undefined;
  /** The zones that it stands for as a whole, with everything in them. */
  readonly zones: ReadonlySet<string>;
  /** The machines in the other zones; a zone without one where only addresses of it are meant. */
  readonly machines: ReadonlyMap<string, readonly NamedMachine[]>;
}

/** A word of `from` or `to`: several ends where it is a group of addresses. */
interface Word {
  readonly text: string;
  readonly opened: readonly Opened[];
}

/** What one side of a rule opens, compared with what its use needs. */
export interface Excess {
  /** Machines and client groups; a zone in which the file has none counts as one. */
  readonly opened: number;
  readonly needed: number;
  /** For each word, in order, the words that are enough; the word itself where all of it is needed. */
  readonly enough: readonly (readonly string[])[];
}

export interface RuleEnds {
  /** Undefined where a side of a rule opens nothing beyond what is needed, as where it names only what is. */
  excess(written: UsedRule, side: Side): Excess | undefined;
  /**
   * The machines in each zone that the ends of a rule reach into. They are the same lists as before for as long as what
   * the rule opens is the same.
   */
  reached(rule: FirewallRule): readonly (readonly NamedMachine[] | undefined)[];
  /** The machines in each zone, by its name in lower case. */
  readonly inZone: ReadonlyMap<string, readonly NamedMachine[]>;
}

/** A machine at some of its addresses, all of which the words of a rule match or none; without one where it is unknown. */
interface Spot {
  readonly place: Endpoint;
  readonly range: AddressRange | undefined;
}

/**
 * Looks once at the machines, networks and firewalls of a topology.
 * @param before the machines in each zone of an earlier version, in which nothing but machines was different
 */
export function ruleEnds(topology: Topology, before?: RuleEnds['inZone']): RuleEnds {
  const chains = chainsOf(topology);
  const inZone = machinesInZones(topology, before);
  const zonesWith = indexOf(
    () => topology.zones.values(),
    ({ networks }) => networksOf(networks),
  );
  const serversWith = indexOf(
    () => topology.servers.values(),
    ({ addresses }) => networksOf(addresses),
  );
  const groupsWith = indexOf(
    () => topology.clients.values(),
    (group) => groupNetworks(group, topology),
  );
  const words = new Map<string, Word>();
  const round = new Map<ClientGroup, readonly string[]>();

  function wordOf({ value }: Written<string>): Word {
    return getOrAdd(words, value.toLowerCase(), () => ({
      text: value,
      opened: (singleEnds([{ value }], topology) ?? []).map(open),
    }));
  }

  function reached({ from, to }: FirewallRule): readonly (readonly NamedMachine[] | undefined)[] {
    const opened = [...from, ...to].flatMap((written) => wordOf(written).opened);
    return opened.flatMap(({ zones, machines }) =>
      [...zones, ...machines.keys()].map((zone) => inZone.get(zone)),
    );
  }

  function open(end: SingleEnd): Opened {
    const whole = (zones: Iterable<string>): Opened => ({
      end,
      network: end.kind === 'network' ? end.network : undefined,
      zones: new Set(zones),
      machines: new Map(),
    });
    switch (end.kind) {
      case 'any':
        return whole(topology.zones.keys());
      case 'zone':
        return whole([end.zone.id]);
      case 'server':
      case 'clients': {
        const machine = end.kind === 'server' ? end.server : end.clients;
        return {
          ...whole([]),
          machines: new Map(effectiveZones(machine, topology).map(({ id }) => [id, [machine]])),
        };
      }
      case 'listener':
        return whole([]);
      case 'network':
        return end.network.prefix === 0 && end.network.family === 4
          ? whole(topology.zones.keys())
          : { ...whole([]), machines: openNetwork(end.network) };
    }
  }

  /** The zones that addresses of a group's own lie in. */
  function zonesRound(group: ClientGroup): readonly string[] {
    return getOrAdd(round, group, () => {
      const ranges = networksOf(group.networks).map(addressRange);
      return [...new Set(ranges.flatMap((range) => zonesWith(range).map(({ id }) => id)))];
    });
  }

  /** A network means the machines whose addresses lie in it, and no others of their zones. */
  function openNetwork(network: Network): Opened['machines'] {
    const range = addressRange(network);
    const machines = new Map<string, NamedMachine[]>(zonesWith(range).map(({ id }) => [id, []]));
    const add = (machine: NamedMachine) => {
      for (const { id } of effectiveZones(machine, topology)) getOrAdd(machines, id, () => []).push(machine);
    };
    const held = serversWith(range);
    for (const server of held) add(server);
    // The address of a server is no client's.
    if (range.low === range.high && held.length > 0) return machines;
    for (const group of groupsWith(range)) add(group);
    return machines;
  }

  function excess(written: UsedRule, side: Side): Excess | undefined {
    const { rule, use } = written;
    const needs = needsOf(use[side], topology, zonesRound);
    const own = rule[side].map(wordOf);
    const isLive = liveness(written, side, wordOf);

    const isNeeded = (machine: NamedMachine, { network }: Pick<Opened, 'network'>): boolean => {
      if (needs.machines.has(machine)) return true;
      // Another machine with its addresses may be what is meant.
      const ranges = joinedRanges(rangesOf(machine));
      const here = network ? commonRanges(ranges, [addressRange(network)]) : ranges;
      return here.length > 0 && rangesWithout(here, needs.ranges()).length === 0;
    };
    // Clients are told by their zone, and so is what is outside the file; of servers alone each must be meant.
    const isWholeNeeded = (zone: string): boolean => {
      if (needs.zones.has(zone)) return true;
      const machines = (inZone.get(zone) ?? []).filter((machine) => isLive(zone, machine));
      return machines.length > 0 && machines.every((machine) => isNeeded(machine, { network: undefined }));
    };
    const wholes = new Map<string, boolean>();
    const isWhole = (zone: string) => getOrAdd(wholes, zone, () => isWholeNeeded(zone));
    // What a word that stays opens as a whole, others may name again.
    const kept = new Set(
      own.flatMap(({ opened }) => {
        if (opened.some(({ machines }) => machines.size > 0)) return [];
        const zones = opened.flatMap((one) => [...one.zones]).filter((zone) => isLive(zone));
        return zones.every(isWhole) ? zones : [];
      }),
    );
    const isTooMuch = ({ opened }: Word): boolean =>
      opened.some((one) => {
        const { end, network, zones, machines } = one;
        if (network && needs.networks.some((around) => within(addressRange(network), around))) return false;
        if (end.kind === 'listener') return !needs.names.has(end.listener.id);
        for (const zone of zones) if (isLive(zone) && !isWhole(zone)) return true;
        for (const [zone, list] of machines) {
          if (kept.has(zone)) continue;
          const live = list.filter((machine) => isLive(zone, machine));
          // A network is told by the clients in it, as a zone is.
          if (network && live.some((machine) => machine.kind === 'clients' && needs.machines.has(machine)))
            continue;
          if (
            list.length === 0
              ? isLive(zone) && !holdsOther(one, needs)
              : live.some((machine) => !isNeeded(machine, one))
          )
            return true;
        }
        return false;
      });
    const tooMuch = own.map(isTooMuch);
    if (!tooMuch.includes(true)) return undefined;
    const enough = narrowed(own, tooMuch, use[side]);
    const before = own.map(({ text }) => text.toLowerCase());
    const isSame = enough.flat().every((text, index) => text.toLowerCase() === before[index]);
    if (enough.flat().length === 0 || (isSame && enough.flat().length === before.length)) return undefined;
    return { ...counts(own, isLive, needs), enough };
  }

  /**
   * For each word that is too much, the words that match everything that is needed and no other word matches. A name
   * takes the place of addresses where all that it stands for was open before.
   */
  function narrowed(
    own: readonly Word[],
    tooMuch: readonly boolean[],
    places: readonly Endpoint[],
  ): Excess['enough'] {
    const endsOf = (list: readonly Word[]) => list.flatMap(({ opened }) => opened.map(({ end }) => end));
    const before = endsOf(own);
    const now = endsOf(own.filter((_, index) => !tooMuch[index]));
    const taken = new Set(own.filter((_, index) => !tooMuch[index]).map(({ text }) => text.toLowerCase()));
    const cuts = [
      ...before.flatMap((end) => networksOfEnd(end, topology).map(addressRange)),
      // What is written in their place divides them too.
      ...places.flatMap((place) => [
        ...rangesOfEndpoint(place, topology),
        ...(place.clients ? groupNetworks(place.clients, topology).map(addressRange) : []),
      ]),
    ];
    const isIn = (ends: readonly SingleEnd[], { place, range }: Spot) =>
      ends.some((end) => endMeans(end, place, range, topology));
    const spots = places.flatMap((place) => spotsOf(place, cuts));
    const machines = groupBy(
      spots.filter((spot) => isIn(before, spot)),
      ({ place }) => `${place.kind} ${machineId(place) || place.zone}`,
    );
    const all = groupBy(spots, ({ place }) => `${place.kind} ${machineId(place) || place.zone}`);
    const isOpen = new Map(
      [...all].map(([id, list]) => [id, wholeOf(list, cuts).every((spot) => isIn(before, spot))]),
    );
    return own.map((word, index): readonly string[] => {
      if (!tooMuch[index]) return [word.text];
      const ends = endsOf([word]);
      const isLeft = (spot: Spot) => isIn(ends, spot) && !isIn(now, spot);
      // Clients of a zone without networks have no addresses to name, and their group is more than was open.
      const isNameless = [...machines].some(([id, list]) => {
        const left = isOpen.get(id) === true ? [] : list.filter(isLeft);
        return left.some(({ range }) => range) && left.some(({ range }) => !range);
      });
      if (isNameless) {
        now.push(...ends);
        return [word.text];
      }
      return [...machines].flatMap(([id, list]) => {
        const left = list.filter(isLeft);
        const texts = (left.length === 0 ? [] : textsOf(left, isOpen.get(id) === true)).filter(
          (text) => !taken.has(text.toLowerCase()),
        );
        for (const text of texts) taken.add(text.toLowerCase());
        now.push(
          ...(singleEnds(
            texts.map((value) => ({ value })),
            topology,
          ) ?? []),
        );
        return texts;
      });
    });
  }

  function spotsOf(place: Endpoint, cuts: readonly AddressRange[]): readonly Spot[] {
    const parts = pieces(rangesOfEndpoint(place, topology), cuts);
    return parts.length > 0 ? parts.map((range) => ({ place, range })) : [{ place, range: undefined }];
  }

  /** All of what the name of a machine stands for, wherever its clients are. */
  function wholeOf(spots: readonly Spot[], cuts: readonly AddressRange[]): readonly Spot[] {
    const [first] = spots;
    const group = first && topology.clients.get(machineId(first.place));
    if (!group || !first) return spots;
    return effectiveZones(group, topology).flatMap(({ id }) =>
      spotsOf({ ...first.place, clients: group, zone: id }, cuts),
    );
  }

  /** What stands for some spots of one machine: its name where nothing more comes with it, else their addresses. */
  function textsOf(spots: readonly [Spot, ...Spot[]] | readonly Spot[], isOpen: boolean): readonly string[] {
    const [first] = spots;
    if (!first) return [];
    const { name, kind, zone, server, clients } = first.place;
    if (kind === 'cloud') return zone === undefined ? [] : [topology.zones.get(zone)?.name ?? zone];
    const ranges = joinedRanges(spots.flatMap(({ range }) => range ?? []));
    if (
      (isOpen || ranges.length === 0) &&
      (server || clients || topology.listeners.has(machineId(first.place)))
    )
      return [name];
    const written = [
      ...(server?.addresses ?? []),
      ...(clients?.networks ?? []),
      ...(clients ? effectiveZones(clients, topology).flatMap(({ networks }) => networks) : []),
    ].map(({ value }) => value);
    return ranges.flatMap(networksIn).map(
      (network) =>
        written.find((text) => {
          const own = parseNetwork(text);
          return (
            own?.prefix === network.prefix &&
            addressRange(own).low === network.bits &&
            own.family === network.family
          );
        }) ?? networkText(network),
    );
  }

  function rangesOf(machine: NamedMachine): readonly AddressRange[] {
    if (machine.kind === 'server') return networksOf(machine.addresses).map(addressRange);
    return effectiveZones(machine, topology).flatMap(({ id }) => clientRanges(machine, id, topology));
  }

  /**
   * Answers where a side of a rule lets anything through one of its firewalls: in which zones, and for which of their
   * machines.
   */
  function liveness(
    { rule, firewalls }: UsedRule,
    side: Side,
    word: (written: Written<string>) => Word,
  ): (zone: string, machine?: NamedMachine) => boolean {
    const others = rule[side === 'from' ? 'to' : 'from'].flatMap((written) => word(written).opened);
    const there = new Set(others.flatMap(({ zones, machines }) => [...zones, ...machines.keys()]));
    const hosts = new Set(
      firewalls.flatMap((firewall) => firewall.hosts.map(({ value }) => value.toLowerCase())),
    );
    // To and from a machine with a firewall of its own everything passes that; so all the others are live.
    const isHostThere = others.some(
      ({ zones, machines }) =>
        [...zones].some((zone) => inZone.get(zone)?.some(({ id }) => hosts.has(id))) ||
        [...machines.values()].flat().some(({ id }) => hosts.has(id)),
    );
    // What is right behind one of them is told first.
    const near = firewalls.flatMap((firewall) => [...firewall.zones, ...firewall.between.flat()]);
    const nearIds = near.map(({ value }) => value.toLowerCase()).filter((id) => there.has(id));
    const order = new Set([...nearIds, ...there]);
    const isCrossed = (zone: string) => {
      for (const other of order)
        if (chains.between(zone, other).some((firewall) => firewalls.includes(firewall))) return true;
      return false;
    };
    const crossed = new Map<string, boolean>();
    // Nobody goes through a firewall to reach itself.
    const named = others.flatMap(({ machines }) => [...machines.values()].flat());
    const self =
      others.every(({ zones }) => zones.size === 0) && new Set(named).size === 1 ? named[0] : undefined;
    const isSelf = (zone: string, machine: NamedMachine | undefined) =>
      self?.kind === 'server' &&
      (machine ? machine === self : inZone.get(zone)?.every((one) => one === self) === true);
    return (zone, machine) =>
      !isSelf(zone, machine) &&
      ((hosts.size > 0 && (isHostThere || (machine ? hosts.has(machine.id) : hasHost(zone, hosts)))) ||
        getOrAdd(crossed, zone, () => isCrossed(zone)));
  }

  function hasHost(zone: string, hosts: ReadonlySet<string>): boolean {
    return inZone.get(zone)?.some(({ id }) => hosts.has(id)) === true;
  }

  function counts(
    own: readonly Word[],
    isLive: (zone: string, machine?: NamedMachine) => boolean,
    needs: Needs,
  ) {
    // What is needed is open, though a word may mean it by its addresses only.
    const opened = new Set<NamedMachine | string>([
      ...needs.machines.keys(),
      ...needs.clouds,
      ...needs.others,
    ]);
    for (const { text, opened: ends } of own) {
      for (const one of ends) {
        const { end, zones, machines } = one;
        if (end.kind === 'listener') opened.add(end.listener.id);
        for (const zone of zones) {
          if (!isLive(zone)) continue;
          const inside = inZone.get(zone) ?? [];
          if (inside.length === 0) opened.add(zone);
          for (const machine of inside) if (isLive(zone, machine)) opened.add(machine);
        }
        for (const [zone, list] of machines) {
          if (list.length === 0 && isLive(zone) && !holdsOther(one, needs)) opened.add(text);
          for (const machine of list) if (isLive(zone, machine)) opened.add(machine);
        }
      }
    }
    return {
      opened: opened.size,
      needed: needs.machines.size + needs.clouds.length + needs.others.length,
    };
  }

  return { excess, reached, inZone };
}

/**
 * The machines in each zone, by its name in lower case.
 * @param before those of before: a list that is the same is the same object
 */
function machinesInZones(
  topology: Topology,
  before: RuleEnds['inZone'] = new Map(),
): ReadonlyMap<string, readonly NamedMachine[]> {
  const inZone = new Map<string, readonly NamedMachine[]>();
  const lists = new Map<string, NamedMachine[]>();
  for (const machine of [...topology.servers.values(), ...topology.clients.values()])
    for (const { id } of effectiveZones(machine, topology)) getOrAdd(lists, id, () => []).push(machine);
  for (const [id, list] of lists) {
    const known = before.get(id);
    inZone.set(id, known && isSameList(known, list) ? known : list);
  }
  return inZone;
}

/** Whether words name nothing but machines and client groups that are needed, as those of most rules do. */
export function areMachinesNeeded(
  words: readonly Written<string>[],
  places: readonly Endpoint[],
  topology: Topology,
): boolean {
  const idOf = ({ server, clients }: Endpoint) => server?.id ?? clients?.id;
  const ids = places.length > 1 ? new Set(places.map(idOf)) : undefined;
  const isNeeded = (end: SingleEnd) => {
    const machine = end.kind === 'server' ? end.server : end.kind === 'clients' ? end.clients : undefined;
    if (!machine) return false;
    const [only] = places;
    return ids ? ids.has(machine.id) : only !== undefined && idOf(only) === machine.id;
  };
  return (singleEnds(words, topology) ?? []).every(isNeeded);
}

interface Needs {
  readonly machines: ReadonlySet<NamedMachine>;
  /** Everything needed by its name, in lower case. */
  readonly names: ReadonlySet<string>;
  /** The zones in which clients or cloud services are needed, also those in which some addresses of a group are. */
  readonly zones: ReadonlySet<string>;
  /** Those in which cloud services are. */
  readonly clouds: readonly string[];
  /** Listeners and proxies. */
  readonly others: readonly string[];
  /** Their addresses. */
  readonly otherRanges: readonly AddressRange[];
  /** Where the client groups are. */
  readonly networks: readonly AddressRange[];
  /** All addresses that are needed, joined. */
  readonly ranges: () => readonly AddressRange[];
}

function needsOf(
  places: readonly Endpoint[],
  topology: Topology,
  zonesRound: (group: ClientGroup) => readonly string[],
): Needs {
  const machines = new Set<NamedMachine>();
  const names = new Set<string>();
  const zones = new Set<string>();
  const clouds = new Set<string>();
  const others = new Set<string>();
  const otherRanges: AddressRange[] = [];
  const networks: AddressRange[] = [];
  for (const place of places) {
    const { server, clients, kind, zone } = place;
    names.add(machineId(place));
    // Part of a group stands for the group.
    const group = clients && topology.clients.get(clients.id);
    if (server) machines.add(server);
    else if (group) {
      if (!machines.has(group)) {
        networks.push(...groupNetworks(group, topology).map(addressRange));
        for (const other of zonesRound(group)) zones.add(other);
      }
      machines.add(group);
    } else if (kind !== 'cloud') {
      others.add(machineId(place));
      otherRanges.push(...rangesOfEndpoint(place, topology));
    } else if (zone !== undefined) clouds.add(zone);
    if (!server && zone !== undefined && (group || kind === 'cloud')) zones.add(zone);
  }
  let ranges: readonly AddressRange[] | undefined;
  return {
    machines,
    names,
    zones,
    clouds: [...clouds],
    others: [...others],
    otherRanges,
    networks,
    ranges: () => {
      ranges ??= joinedRanges(places.flatMap((place) => rangesOfEndpoint(place, topology)));
      return ranges;
    },
  };
}

/** Whether what is needed by an address or network is the listener or proxy in it, which is no server of the file. */
function holdsOther({ network }: Pick<Opened, 'network'>, { otherRanges }: Needs): boolean {
  return network !== undefined && otherRanges.some((range) => within(range, addressRange(network)));
}

function within(inner: AddressRange, outer: AddressRange): boolean {
  return inner.family === outer.family && outer.low <= inner.low && inner.high <= outer.high;
}

/** Built at the first question: most files name few addresses in rules. */
function indexOf<T>(
  things: () => Iterable<T>,
  networks: (thing: T) => readonly Network[],
): (range: AddressRange) => readonly T[] {
  let index: ((range: AddressRange) => readonly T[]) | undefined;
  return (range) => {
    index ??= rangeIndex(
      [...things()].flatMap((thing) => networks(thing).map((own) => [addressRange(own), thing])),
    );
    return index(range);
  };
}
