// What the ends of a firewall rule open, and how much of that its use needs.
import { getOrAdd, groupBy } from '../../collections.ts';
import type { Endpoint } from '../../flows/flow.ts';
import { type AddressRange, networksOf, rangeIndex, rangeOf } from '../../reach/addresses.ts';
import { chainsOf } from '../../reach/chains.ts';
import { ruleEnd, type Side } from '../../reach/ends.ts';
import { groupNetworks } from '../../reach/matching.ts';
import type { Network } from '../../topology/address.ts';
import { effectiveZone } from '../../topology/effective.ts';
import type { ClientGroup, Firewall, Server, Topology, Written } from '../../topology/model.ts';
import type { UsedRule } from './firewall-rule-use.ts';

type Machine = Server | ClientGroup;

/** What one word of `from` or `to` opens, by zone (in lower case). */
interface Opened {
  readonly text: string;
  readonly network: Network | undefined;
  /** The zones that it stands for as a whole, with everything in them. */
  readonly zones: ReadonlySet<string>;
  /** The machines in the other zones; a zone without one where only addresses of it are meant. */
  readonly machines: ReadonlyMap<string, readonly Machine[]>;
  /** Of a client group: other machines with addresses in its networks, which a rule that names it matches, too. */
  readonly beside: ReadonlySet<Machine>;
  /** Of a machine those by which it is told, of a network itself. */
  readonly addresses: readonly Pick<Written<string>, 'value'>[];
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
  /** Undefined where a side of a rule opens nothing beyond what is needed. */
  excess(written: UsedRule, side: Side): Excess | undefined;
}

/** Looks once at the machines, networks and firewalls of a topology. */
export function ruleEnds(topology: Topology): RuleEnds {
  const { between: chain } = chainsOf(topology);
  const all: readonly Machine[] = [...topology.servers.values(), ...topology.clients.values()];
  const inZone = groupBy(all, (machine) => effectiveZone(machine, topology)?.id);
  const zonesWith = indexOf(topology.zones.values(), ({ networks }) => networksOf(networks));
  const serversWith = indexOf(topology.servers.values(), ({ addresses }) => networksOf(addresses));
  const groupsWith = indexOf(topology.clients.values(), (group) => groupNetworks(group, topology));
  const known = new Map<string, Opened>();
  const round = new Map<ClientGroup, readonly string[]>();

  function openedBy(text: string): Opened {
    return getOrAdd(known, text.toLowerCase(), () => open(text));
  }

  function open(text: string): Opened {
    const end = ruleEnd(text, topology);
    const whole = (zones: Iterable<string>): Opened => ({
      text,
      network: end?.kind === 'network' ? end.network : undefined,
      zones: new Set(zones),
      machines: new Map(),
      beside: new Set(),
      addresses: end?.kind === 'network' ? [{ value: text }] : [],
    });
    switch (end?.kind) {
      case 'any':
        return whole(topology.zones.keys());
      case 'zone':
        return whole([end.zone.id]);
      case 'server':
      case 'clients': {
        const machine = end.kind === 'server' ? end.server : end.clients;
        const zone = effectiveZone(machine, topology)?.id;
        const beside =
          end.kind === 'clients'
            ? groupNetworks(end.clients, topology).flatMap((own) => [...openNetwork(own).values()].flat())
            : [];
        return {
          ...whole([]),
          machines: new Map(zone === undefined ? [] : [[zone, [machine]]]),
          beside: new Set(beside.filter((other) => other !== machine)),
          addresses: addressesOf(machine),
        };
      }
      case 'network':
        return end.network.prefix === 0 && end.network.family === 4
          ? whole(topology.zones.keys())
          : { ...whole([]), machines: openNetwork(end.network) };
      default:
        return whole([]);
    }
  }

  /** The zones that addresses of a group's own lie in. */
  function zonesRound(group: ClientGroup): readonly string[] {
    return getOrAdd(round, group, () => {
      const ranges = networksOf(group.networks).map(rangeOf);
      return [...new Set(ranges.flatMap((range) => zonesWith(range).map(({ id }) => id)))];
    });
  }

  /** A network means the machines whose addresses lie in it, and no others of their zones. */
  function openNetwork(network: Network): Opened['machines'] {
    const range = rangeOf(network);
    const machines = new Map<string, Machine[]>(zonesWith(range).map(({ id }) => [id, []]));
    const add = (machine: Machine) => {
      const zone = effectiveZone(machine, topology)?.id;
      if (zone !== undefined) getOrAdd(machines, zone, () => []).push(machine);
    };
    const held = serversWith(range);
    for (const server of held) add(server);
    // The address of a server is no client's.
    if (range.low === range.high && held.length > 0) return machines;
    for (const group of groupsWith(range)) add(group);
    return machines;
  }

  function excess({ rule, firewalls, use }: UsedRule, side: Side): Excess | undefined {
    const needs = needsOf(use[side], topology, zonesRound);
    const words = rule[side].map(({ value }) => openedBy(value));
    const live = liveZones(rule[side], rule[side === 'from' ? 'to' : 'from'], firewalls);
    // Clients are told by their zone, and so is what is outside the file; of servers alone each must be meant.
    const isWholeNeeded = (zone: string): boolean => {
      if (needs.zones.has(zone)) return true;
      const machines = inZone.get(zone) ?? [];
      return machines.length > 0 && machines.every((machine) => needs.machines.has(machine));
    };
    const isNeededWhole = new Map([...live].map((zone) => [zone, isWholeNeeded(zone)]));
    // What a word that stays opens as a whole, others may name again.
    const kept = new Set(
      words.flatMap(({ zones, machines }) => {
        const open = [...zones].filter((zone) => live.has(zone));
        return machines.size === 0 && open.every((zone) => isNeededWhole.get(zone)) ? open : [];
      }),
    );
    const isTooMuch = (word: Opened): boolean => {
      const { network } = word;
      if (network && needs.networks.some((own) => within(rangeOf(network), own))) return false;
      for (const zone of word.zones) if (isNeededWhole.get(zone) === false) return true;
      for (const [zone, machines] of word.machines) {
        if (!live.has(zone) || kept.has(zone)) continue;
        // A network is told by the clients in it, as a zone is.
        if (network && machines.some((one) => one.kind === 'clients' && needs.machines.has(one))) continue;
        if (machines.length === 0 || machines.some((one) => !needs.machines.has(one))) return true;
      }
      return false;
    };
    const tooMuch = words.map(isTooMuch);
    if (!tooMuch.includes(true)) return undefined;
    const fine = words.filter((_, index) => !tooMuch[index]);
    const taken = new Set(fine.map(({ text }) => text.toLowerCase()));
    const isTaken = (machine: Machine): boolean =>
      [...(needs.machines.get(machine) ?? [])].every((zone) =>
        fine.some((word) => namesIn(machine, word, zone).includes(machine.name)),
      );
    const enough = words.map((word, index): readonly string[] => {
      if (!tooMuch[index]) return [word.text];
      const names = [
        ...needs.clouds.flatMap((zone) =>
          word.zones.has(zone) ? (topology.zones.get(zone)?.name ?? []) : [],
        ),
        ...[...needs.machines.keys()]
          .filter((machine) => !isTaken(machine))
          .flatMap((one) => (word.beside.has(one) ? partsWithin(one, word.addresses) : namesIn(one, word))),
      ].filter((name) => !taken.has(name.toLowerCase()));
      for (const name of names) taken.add(name.toLowerCase());
      return names;
    });
    return { ...counts(words, live, needs), enough };
  }

  /**
   * A machine, or those of its addresses that a word means.
   * @param at where it is needed: part of a group may be in another zone
   */
  function namesIn(
    machine: Machine,
    { zones, machines, network, addresses }: Opened,
    at: string | undefined = undefined,
  ): readonly string[] {
    const zone = effectiveZone(machine, topology)?.id ?? '';
    if (!zones.has(at ?? zone) && !machines.get(zone)?.includes(machine)) return [];
    // The whole IPv4 internet means machines whose address nobody knows, too.
    if (!network || (network.prefix === 0 && machine.kind === 'server' && machine.addresses.length === 0))
      return [machine.name];
    return partsWithin(machine, addresses);
  }

  /** The addresses by which a machine is told: its own, else those of its zone. */
  function addressesOf(machine: Machine): Opened['addresses'] {
    const own = machine.kind === 'server' ? machine.addresses : machine.networks;
    return own.length > 0 ? own : (effectiveZone(machine, topology)?.networks ?? []);
  }

  /** A machine, or those of its addresses that are among others. */
  function partsWithin(machine: Machine, others: Opened['addresses']): readonly string[] {
    const isIn = (inner: (typeof others)[number], outer: (typeof others)[number]) =>
      networksOf([inner]).some((one) =>
        networksOf([outer]).some((two) => within(rangeOf(one), rangeOf(two))),
      );
    const own = addressesOf(machine);
    if (own.every((one) => others.some((other) => isIn(one, other)))) return [machine.name];
    const parts = own.flatMap((one) =>
      others.some((other) => isIn(one, other)) ? [one] : others.filter((other) => isIn(other, one)),
    );
    return parts.map(({ value }) => value);
  }

  /** The zones from which, or to which, a rule lets anything through one of its firewalls. */
  function liveZones(
    own: readonly Written<string>[],
    others: readonly Written<string>[],
    firewalls: readonly Firewall[],
  ): ReadonlySet<string> {
    const zonesOf = ({ value }: Written<string>) => {
      const { zones, machines } = openedBy(value);
      return [...zones, ...machines.keys()];
    };
    const there = [...new Set(others.flatMap(zonesOf))];
    const isLive = (zone: string) =>
      there.some((other) => chain(zone, other).some((firewall) => firewalls.includes(firewall)));
    return new Set(own.flatMap(zonesOf).filter(isLive));
  }

  function counts(words: readonly Opened[], live: ReadonlySet<string>, needs: Needs) {
    // What is needed is open, though a word may mean it by its addresses only.
    const opened = new Set<Machine | string>(needs.machines.keys());
    const addZone = (zone: string) => {
      const machines = inZone.get(zone) ?? [];
      if (machines.length === 0) opened.add(zone);
      for (const machine of machines) opened.add(machine);
    };
    for (const { zones, machines, text } of words) {
      for (const zone of zones) if (live.has(zone)) addZone(zone);
      for (const [zone, list] of machines) {
        if (!live.has(zone)) continue;
        if (list.length === 0) opened.add(text);
        for (const machine of list) opened.add(machine);
      }
    }
    return {
      opened: opened.size,
      needed: needs.machines.size + needs.clouds.filter((zone) => opened.has(zone)).length,
    };
  }

  return { excess };
}

interface Needs {
  /** Each with the zones that it is needed in: parts of a group may be in several. */
  readonly machines: ReadonlyMap<Machine, ReadonlySet<string | undefined>>;
  /** The zones in which clients or cloud services are needed, also those in which some addresses of a group are. */
  readonly zones: ReadonlySet<string>;
  /** Those in which cloud services are. */
  readonly clouds: readonly string[];
  /** Where the client groups are. */
  readonly networks: readonly AddressRange[];
}

function needsOf(
  endpoints: Iterable<Endpoint>,
  topology: Topology,
  zonesRound: (group: ClientGroup) => readonly string[],
): Needs {
  const machines = new Map<Machine, Set<string | undefined>>();
  const add = (machine: Machine, zone: string | undefined) => {
    const places = machines.get(machine);
    getOrAdd(machines, machine, () => new Set()).add(zone);
    return places === undefined;
  };
  const zones = new Set<string>();
  const clouds = new Set<string>();
  const networks: AddressRange[] = [];
  for (const { server, clients, name, zone } of endpoints) {
    if (server) add(server, zone);
    else if (zone !== undefined) {
      zones.add(zone);
      // Part of a group stands for the group.
      const group = clients && topology.clients.get(name.toLowerCase());
      if (!group) clouds.add(zone);
      else if (add(group, zone)) {
        networks.push(...groupNetworks(group, topology).map(rangeOf));
        for (const other of zonesRound(group)) zones.add(other);
      }
    }
  }
  return { machines, zones, clouds: [...clouds], networks };
}

function within(inner: AddressRange, outer: AddressRange): boolean {
  return inner.family === outer.family && outer.low <= inner.low && inner.high <= outer.high;
}

function indexOf<T>(things: Iterable<T>, networks: (thing: T) => readonly Network[]) {
  return rangeIndex([...things].flatMap((thing) => networks(thing).map((own) => [rangeOf(own), thing])));
}
