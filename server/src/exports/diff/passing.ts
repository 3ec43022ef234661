// What firewalls let through in one version of a topology and not in the other: what a new rule base breaks.
import { HIGHEST_PORT, LOWEST_PORT } from '../../catalog/numbers.ts';
import type { Phase } from '../../catalog/types.ts';
import type { Endpoint, Flow } from '../../flows/flow.ts';
import type { Verdict } from '../../reach/judge.ts';
import { difference, isEmpty, type PortSet, portSet, portTexts, union } from '../../reach/ports.ts';
import { type Reach, reach } from '../../reach/reach.ts';
import { ECHO, PROTOCOLS, type Protocol, portsOfFlow, portsOfRule } from '../../reach/rule-ports.ts';
import { effectiveZone } from '../../topology/effective.ts';
import type { Firewall, Topology } from '../../topology/model.ts';

/** Traffic that only one of the versions lets through. */
export interface Passing {
  /**
   * `breaks`: needed, passed, and is stopped now. `unblocks`: needed, was stopped, and passes now. `opens`: passes now,
   * and nothing in the file needs it.
   */
  readonly effect: 'breaks' | 'unblocks' | 'opens';
  readonly from: string;
  readonly to: string;
  /** The zones as written; undefined where a machine has none, or several. */
  readonly fromZone: string | undefined;
  readonly toZone: string | undefined;
  /** The firewalls that stop it, or stopped it; of what is opened, those between the two. */
  readonly firewalls: readonly string[];
  readonly protocol: Protocol;
  /** Only those that are let through in one version alone; `echo request` for ICMP. */
  readonly ports: readonly string[];
  /** What needs it; undefined for what nobody needs. */
  readonly service: string | undefined;
  readonly phase: Phase | undefined;
}

/** What changed at the firewalls, as far as it is known. */
export interface Passings {
  readonly all: readonly Passing[];
  /** Whether a firewall, or a group that rules may name, means something else. */
  readonly isChanged: boolean;
  /** Needed connections of which it is not known whether they pass in one of the versions. */
  readonly unjudged: number;
  /** There are too many pairs of machines to work out what is opened for nobody. */
  readonly isPartial: boolean;
}

interface Side {
  readonly topology: Topology;
  readonly flows: readonly Flow[];
}

/** So many pairs of machines are looked at for what nobody needs. */
const MOST_PAIRS = 40_000;

/**
 * What changed firewalls newly stop or let through. Empty where no firewall, group of addresses or group of ports
 * differs.
 * @param both the flows that the two versions share, as each has them
 */
export function passings(
  before: Side,
  after: Side,
  both: readonly (readonly [old: Flow, fresh: Flow])[],
): Passings {
  const changed = changedFirewalls(before.topology, after.topology);
  if (changed.size === 0) return { all: [], isChanged: false, unjudged: 0, isPartial: false };
  const [was, is] = [reach(before.topology), reach(after.topology)];
  const all: Passing[] = [];
  let unjudged = 0;
  for (const [old, fresh] of both) {
    const [oldVerdict, verdict] = [was.verdict(old), is.verdict(fresh)];
    if (oldVerdict.kind === 'unchecked' || verdict.kind === 'unchecked') {
      if (oldVerdict.kind !== verdict.kind) unjudged++;
      continue;
    }
    const ports = portsOfFlow(fresh);
    const [stopped, stops] = [missingOf(oldVerdict, ports), missingOf(verdict, ports)];
    const add = (effect: 'breaks' | 'unblocks', set: PortSet, by: Verdict) => {
      if (isEmpty(set)) return;
      all.push({
        effect,
        ...endsOf(fresh.from, fresh.to, after.topology),
        firewalls: by.kind === 'blocked' ? by.blocks.map(({ firewall }) => firewall.name) : [],
        protocol: fresh.protocol,
        ports: textsOf(set, fresh.protocol),
        service: fresh.service,
        phase: fresh.phase,
      });
    };
    add('breaks', difference(stops, stopped), verdict);
    add('unblocks', difference(stopped, stops), oldVerdict);
  }
  const opened = openedFor(before, after, was, is, changed);
  return { all: [...all, ...(opened ?? [])], isChanged: true, unjudged, isPartial: opened === undefined };
}

/** Of these ports, those that do not get through. */
function missingOf(verdict: Verdict, ports: PortSet): PortSet {
  if (verdict.kind !== 'blocked') return [];
  const missing = verdict.blocks.map((block) => (ports === ECHO ? ECHO : block.missing));
  return missing.reduce(union, []);
}

function textsOf(set: PortSet, protocol: Protocol): readonly string[] {
  return protocol === 'icmp' ? ['echo request'] : portTexts(set);
}

function endsOf(from: Endpoint, to: Endpoint, { zones }: Topology) {
  const nameOf = ({ zone }: Endpoint) => (zone === undefined ? undefined : (zones.get(zone)?.name ?? zone));
  return { from: from.name, to: to.name, fromZone: nameOf(from), toZone: nameOf(to) };
}

// --- Which firewalls changed ------------------------------------------------------------------

/** The names of the firewalls that differ, in lower case; all of them where a group differs that rules may name. */
function changedFirewalls(before: Topology, after: Topology): ReadonlySet<string> {
  const groupsOf = ({ addressGroups, portGroups }: Topology) => meaning([addressGroups, portGroups]);
  const areGroupsEqual = groupsOf(before) === groupsOf(after);
  const names = new Set([...before.firewalls.keys(), ...after.firewalls.keys()]);
  return new Set(
    [...names].filter((name) => {
      const [old, fresh] = [before.firewalls.get(name), after.firewalls.get(name)];
      return !areGroupsEqual || !old || !fresh || meaning(old) !== meaning(fresh);
    }),
  );
}

/** Places in the text, and what is for people. */
const NO_MEANING = new Set([
  'span',
  'nameSpan',
  'keySpan',
  'node',
  'key',
  'description',
  'ticket',
  'owner',
  'reviewed',
  'name',
]);

/** A text that is equal for what means the same to a firewall. */
function meaning(value: unknown): string {
  return JSON.stringify(value, (key, one: unknown) => {
    if (NO_MEANING.has(key)) return undefined;
    if (one instanceof Map) return [...one].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
    return typeof one === 'bigint' ? String(one) : one;
  });
}

// --- What nobody needs ------------------------------------------------------------------------

/** Traffic between machines of both versions that only the new firewalls let through; undefined where they are too many. */
function openedFor(
  before: Side,
  after: Side,
  was: Reach,
  is: Reach,
  changed: ReadonlySet<string>,
): readonly Passing[] | undefined {
  const olds = new Map(machinesOf(before).map((machine) => [placeOf(machine), machine]));
  const machines = machinesOf(after).flatMap((fresh) => {
    const old = olds.get(placeOf(fresh));
    return old ? [{ old, fresh }] : [];
  });
  if (machines.length ** 2 > MOST_PAIRS) return undefined;
  const needed = new Map<string, PortSet>();
  for (const flow of after.flows) {
    const key = wayOf(flow.from, flow.to, flow.protocol);
    needed.set(key, union(needed.get(key) ?? [], portsOfFlow(flow)));
  }
  const isChanged = (firewalls: readonly Firewall[] | undefined) =>
    firewalls?.some(({ id }) => changed.has(id)) === true;
  const pieces = portPieces(before.topology, after.topology, changed);
  const found: Passing[] = [];
  for (const from of machines) {
    for (const to of machines) {
      if (from === to) continue;
      const between = is.between(from.fresh, to.fresh);
      if (!isChanged(between) && !isChanged(was.between(from.old, to.old))) continue;
      for (const protocol of PROTOCOLS) {
        const passes = (judge: Reach, key: 'old' | 'fresh', ports: PortSet) =>
          judge.judge({ from: from[key], to: to[key], protocol, ports }).kind;
        const opened = pieces[protocol].filter(
          (piece) => passes(is, 'fresh', [piece]) === 'allowed' && passes(was, 'old', [piece]) === 'blocked',
        );
        const way = wayOf(from.fresh, to.fresh, protocol);
        const unneeded = difference(portSet(opened), needed.get(way) ?? []);
        if (isEmpty(unneeded)) continue;
        found.push({
          effect: 'opens',
          ...endsOf(from.fresh, to.fresh, after.topology),
          firewalls: (between ?? []).map(({ name }) => name),
          protocol,
          ports: textsOf(unneeded, protocol),
          service: undefined,
          phase: undefined,
        });
      }
    }
  }
  return found;
}

/** Servers, and whoever else has a flow. */
function machinesOf({ topology, flows }: Side): readonly Endpoint[] {
  const found = new Map<string, Endpoint>();
  for (const { from, to } of flows) for (const end of [from, to]) found.set(placeOf(end), end);
  for (const server of topology.servers.values()) {
    const machine: Endpoint = {
      name: server.name,
      kind: 'server',
      server,
      zone: effectiveZone(server, topology)?.id,
    };
    if (!found.has(placeOf(machine))) found.set(placeOf(machine), machine);
  }
  return [...found.values()];
}

/** A machine as firewalls know it: one that moved is another. */
function placeOf({ name, kind, zone, zones, server, clients, addresses = [] }: Endpoint): string {
  const written = [...(server?.addresses ?? []), ...(clients?.networks ?? [])].map(({ value }) => value);
  return JSON.stringify([kind, name.toLowerCase(), zones ?? zone, written, addresses]);
}

function wayOf(from: Endpoint, to: Endpoint, protocol: Protocol): string {
  return JSON.stringify([from.name.toLowerCase(), to.name.toLowerCase(), protocol]);
}

/** All ports in pieces that no rule of the changed firewalls cuts. */
function portPieces(
  before: Topology,
  after: Topology,
  changed: ReadonlySet<string>,
): Readonly<Record<Protocol, PortSet>> {
  const starts = { tcp: new Set([LOWEST_PORT]), udp: new Set([LOWEST_PORT]) };
  for (const topology of [before, after]) {
    for (const firewall of topology.firewalls.values()) {
      if (!changed.has(firewall.id)) continue;
      for (const rule of firewall.rules) {
        const ports = portsOfRule(rule, topology);
        for (const protocol of ['tcp', 'udp'] as const) {
          for (const { low, high } of ports[protocol]) starts[protocol].add(low).add(high + 1);
        }
      }
    }
  }
  const cut = (set: ReadonlySet<number>) => {
    const sorted = [...set]
      .filter((port) => port >= LOWEST_PORT && port <= HIGHEST_PORT)
      .sort((a, b) => a - b);
    return sorted.map((low, index) => ({ low, high: (sorted[index + 1] ?? HIGHEST_PORT + 1) - 1 }));
  };
  return { tcp: cut(starts.tcp), udp: cut(starts.udp), icmp: ECHO };
}
