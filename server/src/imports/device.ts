// A rule of a device that is between zones of its own: interfaces and addresses must both match.

import { DYNAMIC_RANGES } from '../catalog/numbers.ts';
import { memo } from '../collections.ts';
import type { RuleNotes } from '../exports/firewall/notes.ts';
import { cut, visible } from '../print/escape.ts';
import { type AddressRange, addressRange, networksOf } from '../reach/addresses.ts';
import { difference, type PortSet, portSet, union } from '../reach/ports.ts';
import { effectiveZone, lookup, rpcRange } from '../topology/effective.ts';
import type { Topology } from '../topology/model.ts';
import {
  ANYONE,
  both,
  type Ends,
  endsOfRanges,
  except,
  hasAll,
  isAnyone,
  isNobody,
  isWithin,
  namedEnds,
  sharedRanges,
  together,
} from './ends.ts';
import { type Action, budget, type ImportedRule, type Remark, type Step, type Words } from './model.ts';
import { flat, type Objects, type PortObject } from './objects.ts';
import { type Placing, type Port, placing } from './placing.ts';
import { ALL_SERVICES, type ImportedTraffic, isNothing, isSpoken, type Services } from './traffic.ts';
import { isAllPorts, optionWord, shownValue } from './values.ts';
import { wordsWith } from './words.ts';

/** One side of a rule. */
export interface RuleSide {
  /** Zones or interfaces of the device; undefined for any. */
  readonly zones: readonly string[] | undefined;
  readonly addresses: Ends;
  /** Every address but these. */
  readonly isNegated?: boolean;
  /** What of it cannot be read, each as it reads on after `its source`. */
  readonly faults: readonly string[];
}

/** Services as they are written: groups by name, and the rest. */
export interface ServiceList {
  readonly direct: Services;
  readonly groups: readonly PortObject[];
}

export interface DeviceRule {
  /** What it is, with its name and place: `rule 'web' (12)`. */
  readonly title: string;
  readonly action: Action;
  readonly name: string | undefined;
  readonly description?: string | undefined;
  readonly about?: RuleNotes | undefined;
  readonly from: RuleSide;
  readonly to: RuleSide;
  /** `intrazone`: within each of the zones only; `interzone`: only between different ones. */
  readonly within?: 'intrazone' | 'interzone' | undefined;
  readonly services: ServiceList;
  /** Parts of the services that cannot be read, whole sentences without a full stop. */
  readonly serviceFaults?: readonly string[];
  /** What else must hold and a topology does not have: `the users 'x'`. */
  readonly limits?: readonly string[];
  /** Such of which hardly anything is left: without them a rule for some names of the web would let everything through. */
  readonly strictLimits?: readonly string[];
  /** What the written rule says otherwise, whole sentences without a full stop. */
  readonly inexact?: readonly string[];
}

export interface Device {
  readonly placing: Placing;
  readonly words: Words;
  readonly objects: Objects;
  /** Counts addresses that are looked at. */
  readonly spend: (amount: number) => void;
}

/** Addresses and groups in all rules of a file. */
const MOST_WORK = 2_000_000;

const APART =
  'its zones and its addresses must both match; the addresses alone are written, since the networks of the zone are not known';

/** The rule, and what of it cannot be said. */
export function deviceSteps(rule: DeviceRule, device: Device): readonly Step[] {
  const { action, from, to } = rule;
  const about = `${action} ${rule.title}`;
  const gap = (reason: string): Remark => ({ kind: 'gap', text: `${about}: ${reason}`, lost: action });
  const inexact = (reason: string): Remark => ({ kind: 'inexact', text: `${about}: ${reason}` });
  const note = (reason: string): Remark => ({ kind: 'note', text: `${about}: ${reason}.` });
  const steps: Step[] = [];
  const { limits = [], strictLimits = [] } = rule;
  if (strictLimits.length > 0) return [gap(`it is limited to ${[...strictLimits, ...limits].join(' and ')}`)];
  if (limits.length > 0) {
    const what = limits.join(' and ');
    if (action === 'deny') return [gap(`it is limited to ${what}`)];
    steps.push(inexact(`it is limited to ${what}; written without that limit`));
  }
  if (rule.serviceFaults && rule.serviceFaults.length > 0) steps.push(gap(some(rule.serviceFaults)));
  const services = allServices(rule.services);
  if (!isSpoken(services)) {
    if ((rule.serviceFaults ?? []).length > 0) return steps;
    return [
      note(
        'it is for nothing but other protocols than TCP, UDP and echo requests, which a topology does not have',
      ),
    ];
  }
  for (const text of rule.inexact ?? []) steps.push(inexact(text));
  for (const [end, side] of [
    ['source', from],
    ['destination', to],
  ] as const) {
    // What is left out of a negated list would be let in.
    if (side.isNegated && side.faults.length > 0) {
      return [
        ...steps,
        gap(`its ${end} is everything but a list, of which a part cannot be read: ${some(side.faults)}`),
      ];
    }
    if (side.faults.length > 0) steps.push(gap(`its ${end} ${some(side.faults)}`));
  }

  const missing = new Set<string>();
  let isApart = false;
  let written = 0;
  const ends = (side: RuleSide, zone: Ends): Ends => {
    device.spend(side.addresses.ranges.length + side.addresses.names.length);
    const addresses = side.isNegated ? others(side.addresses, device) : side.addresses;
    if (!addresses) {
      isApart = true;
      return zone;
    }
    const found = inZone(addresses, zone, device);
    if (found) return found;
    isApart = true;
    return addresses;
  };
  const pairs = pairsOf(rule, device, missing);
  const rules: ImportedRule[] = [];
  for (const { from: source, to: target } of pairs) {
    const traffic: ImportedTraffic = { from: ends(from, source), to: ends(to, target), services };
    if (isNothing(traffic)) continue;
    written++;
    rules.push({
      kind: 'rule',
      action,
      traffic,
      name: rule.name,
      description: rule.description,
      about: rule.about,
      ports: rule.services.groups.length > 0 ? rule.services : undefined,
    });
  }
  for (const zone of missing) {
    steps.push(
      gap(
        `it is for ${shownValue(zone)}; say which zone is there with --map ${optionWord(zone, 'NAME')}=ZONE`,
      ),
    );
  }
  if (isApart && written > 0) steps.push(inexact(APART));
  for (const one of rules) steps.push(one);
  if (written === 0 && missing.size === 0) {
    const isFault = from.faults.length > 0 || to.faults.length > 0;
    if (!isFault) {
      steps.push(
        note(
          pairs.length === 0
            ? 'it is for traffic inside a zone, which passes no firewall'
            : 'it is about none of the addresses behind its interfaces',
        ),
      );
    }
  }
  return steps;
}

/** All that a list of services matches. */
export function allServices({ direct, groups }: ServiceList): Services {
  return groups.reduce((sum, { services }) => sharedServices(sum, services), direct);
}

/** The services of both. */
export function sharedServices(a: Services, b: Services): Services {
  return {
    tcp: union(a.tcp, b.tcp),
    udp: union(a.udp, b.udp),
    icmp: a.icmp || b.icmp,
    other: a.other || b.other,
  };
}

/** What is not among the services. Other protocols are left out only where all are meant. */
export function otherServices(a: Services): Services {
  return {
    tcp: difference(ALL_SERVICES.tcp, a.tcp),
    udp: difference(ALL_SERVICES.udp, a.udp),
    icmp: !a.icmp,
    other: !a.other,
  };
}

/**
 * What a limit to source ports comes to: a connection is opened from a port of the dynamic range, which Windows takes
 * from 49152-65535.
 */
export function sourcePorts(set: PortSet): 'any' | 'inexact' | 'gap' {
  if (isAllPorts(set)) return 'any';
  return set.some(({ low, high }) => low <= DYNAMIC_RANGES.newer.low && high >= DYNAMIC_RANGES.newer.high)
    ? 'inexact'
    : 'gap';
}

/** What to say of a limit to source ports that is ignored. */
export const SOURCE_PORTS_IGNORED =
  'it is limited to source ports; all from which a connection is opened are among them, and the limit is left out';
/** What to say of a limit to source ports for which a rule is left out. */
export const SOURCE_PORTS = 'it is limited to source ports, which a topology does not have';

/** The dynamic RPC ports of the machines that are meant: what the topology says of them, else what Windows uses. */
export function dynamicPorts(ends: Ends, { words, objects }: Pick<Device, 'words' | 'objects'>): PortSet {
  const fallback = portSet([DYNAMIC_RANGES.newer]);
  const { topology } = words;
  if (!topology) return fallback;
  const { ranges, names } = flat(ends, objects);
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const sets = [...topology.servers.values()].flatMap((server) => {
    const zone = effectiveZone(server, topology);
    const own = words.rangesOf(server.name);
    const isMeant =
      wanted.has(server.id) ||
      (zone !== undefined && wanted.has(zone.id)) ||
      own?.some((range) => isWithin([range], ranges));
    const range = isMeant ? rpcRange(server, topology) : undefined;
    return isMeant ? [range ? portSet([range.value]) : fallback] : [];
  });
  const [first, ...more] = sets;
  return first ? more.reduce(union, first) : fallback;
}

/** So many faults of one group are told apart. */
const MOST_FAULTS = 1000;

/** The faults of all parts of a group, each once: groups that refer to others would multiply them. */
export function faultsOf(parts: readonly { readonly faults: readonly string[] }[]): readonly string[] {
  const found = new Set<string>();
  for (const { faults } of parts) {
    for (const fault of faults) if (found.size < MOST_FAULTS) found.add(fault);
  }
  return [...found];
}

function some(faults: readonly string[]): string {
  const MOST = 3;
  const more = faults.length - MOST;
  return `${faults.slice(0, MOST).join(' and ')}${more > 0 ? ` and ${more} more` : ''}`;
}

interface Pair {
  readonly from: Ends;
  readonly to: Ends;
}

function pairsOf(
  { from, to, within }: DeviceRule,
  { placing }: Device,
  missing: Set<string>,
): readonly Pair[] {
  const endsOf = (name: string): Ends | undefined => {
    const ends = placing.ends(name);
    if (!ends) missing.add(name);
    return ends;
  };
  const known = (zones: readonly string[]) =>
    zones.flatMap((name) => {
      const ends = endsOf(name);
      return ends ? [{ name, ends }] : [];
    });
  if (!within) {
    const side = (zones: readonly string[] | undefined): Ends => {
      if (!zones) return ANYONE;
      return together(known(zones).map(({ ends }) => ends));
    };
    const [source, target] = [side(from.zones), side(to.zones)];
    return isNobody(source) || isNobody(target) ? [] : [{ from: source, to: target }];
  }
  const sources = known(from.zones ?? placing.ports);
  const targets = known(to.zones ?? placing.ports);
  return sources.flatMap((source): readonly Pair[] => {
    if (within === 'intrazone') {
      const isIn = !to.zones || to.zones.includes(source.name);
      // What stays in one zone of the topology passes no firewall.
      const isMany = source.ends.names.length !== 1 || source.ends.ranges.length > 0;
      return isIn && isMany ? [{ from: source.ends, to: source.ends }] : [];
    }
    const rest = targets.filter(({ name }) => name !== source.name);
    return rest.length === 0 ? [] : [{ from: source.ends, to: together(rest.map(({ ends }) => ends)) }];
  });
}

/** What is in the zone of some addresses; undefined where its networks are not known. */
function inZone(addresses: Ends, zone: Ends, { words, objects }: Device): Ends | undefined {
  if (isAnyone(addresses)) return zone;
  if (isAnyone(zone)) return addresses;
  const groups = addresses.names.filter((name) => objects.at(name));
  const parts: Ends[] = [];
  if (groups.length > 0) {
    const known = [zone.ranges, ...zone.names.map((name) => words.rangesOf(name))];
    if (known.includes(undefined)) return undefined;
    const all = endsOfRanges(known.flatMap((ranges) => ranges ?? [])).ranges;
    for (const group of groups) {
      const ranges = words.rangesOf(group);
      if (!ranges) return undefined;
      // A group stays one where all of it is in the zone.
      parts.push(
        isWithin(ranges, all) ? namedEnds([group]) : { ranges: sharedRanges(ranges, all), names: [] },
      );
    }
  }
  const rest =
    groups.length === 0
      ? addresses
      : { ranges: addresses.ranges, names: addresses.names.filter((name) => !groups.includes(name)) };
  // All of IPv4 takes nothing from the internet that could be named.
  const open = hasAll(rest, 4) ? zone.names.filter((name) => isOpen(name, words)) : [];
  const closed =
    open.length === 0 ? zone : { ...zone, names: zone.names.filter((name) => !open.includes(name)) };
  const found = isNobody(rest) ? rest : both(rest, closed, words);
  return found && together([found, namedEnds(open), ...parts]);
}

/** Whether it is a zone of the internet for which no networks are written: everything that no other zone has. */
function isOpen(name: string, { topology }: Words): boolean {
  const zone = topology && lookup(topology.zones, name);
  return zone?.internet === true && networksOf(zone.networks).length === 0;
}

/** What a reader needs for {@link deviceSteps}: the zones behind the device's ports, and its groups among the names. */
export function deviceOf(ports: readonly Port[], base: Words, objects: Objects): Device {
  const placed = placing(ports, base);
  const words = wordsWith(base, objects);
  let outside: readonly AddressRange[] | undefined;
  const rangesOf = (name: string): readonly AddressRange[] | undefined => {
    const own = words.rangesOf(name);
    if (own || !isOpen(name, words)) return own;
    if (!outside) {
      const zones = [...(words.topology?.zones.values() ?? [])];
      const all = endsOfRanges(
        zones.flatMap(({ networks }) => networksOf(networks).map(addressRange)),
      ).ranges;
      outside = together([except(all, 4), except(all, 6)]).ranges;
    }
    return outside;
  };
  return { placing: placed, words: { ...words, rangesOf }, objects, spend: budget(MOST_WORK) };
}

/** Every other address; undefined where the addresses of a name are not known. */
function others(addresses: Ends, { words, objects }: Device): Ends | undefined {
  const { ranges, names } = flat(addresses, objects);
  const parts = names.map((name) => words.rangesOf(name));
  if (parts.includes(undefined)) return undefined;
  const all = endsOfRanges([...ranges, ...parts.flatMap((part) => part ?? [])]).ranges;
  return together([except(all, 4), except(all, 6)]);
}

/** `'a', 'b' and 3 more` of names of the source. */
export function shownNames(names: readonly string[]): string {
  const MOST = 4;
  const more = names.length - MOST;
  const texts = names.slice(0, MOST).map((name) => `'${cut(visible(name), 60)}'`);
  return `${texts.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A name of the topology for addresses that are one of its machines; undefined where none is. */
export function machineOfEnds(ends: Ends, { words }: Pick<Device, 'words'>): string | undefined {
  const { topology } = words;
  const [range] = ends.ranges;
  if (!topology || !range || ends.ranges.length > 1 || range.low !== range.high) return undefined;
  for (const server of topology.servers.values()) {
    const own = words.rangesOf(server.name);
    if (own && isWithin([range], own)) return server.name;
  }
  return undefined;
}

/**
 * A static translation of a whole address, for the one who may add it to the topology. Nothing where the machine has
 * it already, or the topology has no such machine.
 */
export function translationSteps(
  title: string,
  publicText: string,
  real: Ends,
  device: Device,
): readonly Step[] {
  const machine = machineOfEnds(real, device);
  const server =
    machine === undefined
      ? undefined
      : device.words.topology && lookup(device.words.topology.servers, machine);
  if (!server || machine === undefined) return [];
  if (server.publicAddresses.some(({ value }) => value === publicText)) return [];
  return [
    {
      kind: 'note',
      text: `${title} translates ${publicText} to ${machine}. Add to the server ${machine}: publicAddresses: ${publicText}`,
    },
  ];
}

/** The public addresses that the topology knows, read once for all rules of a file. */
const publicMachines = memo((topology: Topology) =>
  [...topology.servers.values()].flatMap(({ name, publicAddresses }) =>
    networksOf(publicAddresses).map((network) => ({ name, range: addressRange(network) })),
  ),
);

/** Machines of which the topology knows a public address that is meant, beside the addresses. */
export function withPublic(ends: Ends, { words, objects }: Pick<Device, 'words' | 'objects'>): Ends {
  const { topology } = words;
  if (!topology || isAnyone(ends)) return ends;
  const machines = publicMachines(topology);
  if (machines.length === 0) return ends;
  const all = flat(ends, objects);
  // With every address of the family the machine is meant by its own.
  const found = machines
    .filter(({ range }) => !hasAll(all, range.family) && isWithin([range], all.ranges))
    .map(({ name }) => name);
  return found.length === 0 ? ends : together([ends, namedEnds(found)]);
}

/**
 * The addresses without those that the device itself translates and the topology has as public ones: its rules see what
 * is behind them, and one that names them lets nothing through.
 * @param outside what the device translates, sorted and joined
 */
export function withoutTranslated(
  ends: Ends,
  outside: readonly AddressRange[],
  { words, objects }: Pick<Device, 'words' | 'objects'>,
): Ends {
  const { topology } = words;
  if (!topology || outside.length === 0) return ends;
  const hidden = endsOfRanges(
    publicMachines(topology).flatMap(({ range }) => (isWithin([range], outside) ? [range] : [])),
  ).ranges;
  const all = flat(ends, objects);
  const isOne = (family: 4 | 6) => hasAll(all, family);
  const namedEnds = sharedRanges(all.ranges, hidden).filter(({ family }) => !isOne(family));
  if (namedEnds.length === 0) return ends;
  const rest = ([4, 6] as const).flatMap((family) =>
    sharedRanges(all.ranges, except(namedEnds, family).ranges),
  );
  return { ranges: endsOfRanges(rest).ranges, names: all.names };
}
