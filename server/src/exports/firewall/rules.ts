// Flows as firewall rules: the one model from which every exporter writes. A rule is all that one machine opens
// towards another over one protocol in one phase; answers need no rule, for every target is stateful.

import type { Edition, Phase } from '../../catalog/types.ts';
import { distinct, getOrAdd, groupBy } from '../../collections.ts';
import { endpointsIn, type FlowEndpoint } from '../../flows/endpoints.ts';
import { type Endpoint, type Flow, zonesHeld } from '../../flows/flow.ts';
import { visible } from '../../print/escape.ts';
import { type Attempts, attemptsOf } from '../../probe/attempts.ts';
import { type AddressRange, addressRange, networksIn } from '../../reach/addresses.ts';
import { needsAmong } from '../../reach/choices.ts';
import { insideOf, outsideOf } from '../../reach/internet.ts';
import { clientRanges } from '../../reach/matching.ts';
import { type Guard, policiesBetween } from '../../reach/policies.ts';
import {
  difference,
  formatPorts,
  intersection,
  type PortSet,
  parsePorts,
  portTexts,
} from '../../reach/ports.ts';
import { portsOfFlow } from '../../reach/rule-ports.ts';
import { isTftp } from '../../rules/clients/tftp-reply-ports.ts';
import type { Network } from '../../topology/address.ts';
import { lookup } from '../../topology/effective.ts';
import type { PortRange, Topology } from '../../topology/model.ts';
import { portListText, sourceText } from '../flows-report.ts';
import { FAMILIES, type Family, networkText, tidyNetworks } from './address.ts';
import { type MachineGroup, machineGroups, portGroupNames } from './groups.ts';
import { describedText, type KnownRules, knownRules } from './notes.ts';
import { uncovered } from './uncovered.ts';

/** Where a rule begins or ends: a machine, or those of a client group that are in one of its zones. */
export interface RuleMachine {
  readonly name: string;
  readonly kind: Endpoint['kind'];
  readonly fqdn: string | undefined;
  /** The zone's name as written. */
  readonly zone: string | undefined;
  /** Its addresses or networks; `internet` for what has none because it is somewhere on the internet. */
  readonly addresses: readonly Network[] | 'internet';
  /** The names that are asked for there, where the rule is to let nothing else through; sorted. */
  readonly names?: readonly string[];
}

/** What a flow asks for between two machines, each in one zone. */
export interface FlowLeg {
  readonly from: RuleMachine;
  readonly to: RuleMachine;
  /** The policies that rule out some of what goes between the two: no rule opens their ports. */
  readonly guards?: readonly Guard[];
}

/** A service of a rule. */
export interface ExportService {
  /** With how much it is needed. */
  readonly name: string;
  /** Its name where it is needed of its own. */
  readonly needed: string;
  readonly ports: readonly PortRange[];
}

export interface ExportRule {
  readonly from: RuleMachine;
  readonly to: RuleMachine;
  readonly protocol: Flow['protocol'];
  /** Sorted, without overlap. Empty for ICMP, and where no port is known (see `gaps`). */
  readonly ports: readonly PortRange[];
  /** Why some of its ports are not known, and what to set, or which policy rules them out. */
  readonly gaps: readonly string[];
  /** ICMP that a policy rules out: there are only its gaps. */
  readonly isRuledOut?: true;
  readonly phase: Phase;
  /** The services, each once, and which are optional or of a choice. */
  readonly purpose: readonly string[];
  /** What each connection behind it needs of the ports. */
  readonly services: readonly ExportService[];
  /** The sections of the port documents behind it, each once. */
  readonly documents: readonly string[];
  /** What people wrote of the rules that let it through today. */
  readonly known?: KnownRules | undefined;
}

/** What every exporter is given. */
export interface ExportReport {
  readonly edition: Edition;
  /** What the file, else the settings file, says: an edition or a version. */
  readonly configmgr?: string | undefined;
  /** The file as the user named it. */
  readonly file: string;
  /** The hierarchy's name, where the file gives one. */
  readonly title: string | undefined;
  /** Filtered by `server` and `firewall` already. */
  readonly flows: readonly Flow[];
  readonly rules: readonly ExportRule[];
  /** The machine of `--server`, as the file writes it. */
  readonly server: string | undefined;
  /** The firewall of `--firewall`, as the file writes it. */
  readonly firewall: string | undefined;
  /** What was left out, by the words of `--without`. */
  readonly without?: readonly string[] | undefined;
  readonly legs: (flow: Flow) => readonly FlowLeg[];
  /** The service of a flow, and behind it that it is optional, or of a choice: `HTTPS (one of 3 is enough)`. */
  readonly service: (flow: Flow) => string;
  /** The networks and machines that are not on the internet, joined: `internet` as an address means none of them. */
  readonly inside: readonly AddressRange[];
  /** Where public addresses are wanted: the servers that the internet reaches, or that reach it, and have none. */
  readonly withoutPublic?: readonly string[] | undefined;
  /** The zones of the internet, as the file writes them. */
  readonly outside: readonly string[];
  /** The virtual system of a device that has several. */
  readonly system?: string | undefined;
  /** The address groups of the file that hold machines. */
  readonly groups?: readonly MachineGroup[];
  /** The port group of the file that has some ports of a protocol. */
  readonly portGroup?: ReturnType<typeof portGroupNames>;
  /** Network security groups end with a rule that denies the rest. */
  readonly denyRest?: boolean | undefined;
  /** The names on the internet behind a flow. */
  readonly endpoints: (flow: Flow) => readonly FlowEndpoint[];
  /** Where rules to the internet are for names: what they do not say, each a sentence without a full stop. */
  readonly unnamed?: readonly string[] | undefined;
  /** What of the flows can be tried. */
  readonly probes: () => Attempts;
}

/** The text, and what could not be written into it as a rule: the text says the same in comments. */
export interface Exported {
  readonly text: string;
  readonly gaps: readonly string[];
  /** The same as the files of a folder, for a target that wants several. */
  readonly files?: readonly ExportedFile[];
}

export interface ExportedFile {
  /** From the folder on, with `/`. Made here, never of a text of the file. */
  readonly path: string;
  readonly text: string;
}

/**
 * The report of some flows.
 * @param flows of this topology, filtered by the caller
 */
export function exportReport(
  topology: Topology,
  flows: readonly Flow[],
  about: Pick<ExportReport, 'edition' | 'file' | 'server' | 'firewall' | 'without' | 'denyRest' | 'system'>,
  {
    crosses,
    addresses,
    all: whole = flows,
    byName = false,
  }: {
    /** Whether rules to the internet are for the names that are asked for, where a document has them. */
    readonly byName?: boolean | undefined;
    /** All flows of the topology, among which a machine has its choices; those given where nothing is said. */
    readonly all?: readonly Flow[] | undefined;
    /** Whether what a flow asks for in some zones is wanted; without it all of a flow is. */
    readonly crosses?: ((flow: Flow, zones: readonly string[]) => boolean) | undefined;
    /** By which of its addresses a server is known outside; its real ones where nothing is said. */
    readonly addresses?: AddressKind | undefined;
  } = {},
): ExportReport {
  const endpoints = endpointsIn(topology);
  const real = legsIn(topology, addresses);
  const all = byName ? namedLegs(real, endpoints) : real;
  const legs: ExportReport['legs'] = crosses
    ? (flow) =>
        all(flow).filter(({ from, to }) =>
          crosses(
            flow,
            [from, to].flatMap(({ zone }) => zone ?? []),
          ),
        )
    : all;
  const service = serviceTextIn(whole);
  const rules = rulesOf(flows, legs, service, knownRules(topology, about.firewall));
  return {
    service,
    ...about,
    title: topology.name?.value,
    configmgr: topology.configmgrWritten,
    flows,
    rules,
    legs,
    groups: machineGroups(topology),
    portGroup: portGroupNames(topology),
    inside: insideOf(topology),
    withoutPublic: addresses === 'public' ? unknownOutside(rules, topology) : undefined,
    endpoints,
    unnamed: byName ? nameGaps(flows, endpoints) : undefined,
    probes: () => attemptsOf(flows, topology),
    outside: [...topology.zones.values()].flatMap(({ name, internet }) => (internet ? [name] : [])),
  };
}

/** Whether a rule can hold a name: not one that begins with the name of somebody's own service. */
const isWhole = ({ name }: FlowEndpoint) => !name.includes('<');

/** The legs to the internet with the names that a document gives. */
function namedLegs(legs: ExportReport['legs'], endpoints: ExportReport['endpoints']): ExportReport['legs'] {
  return (flow) => {
    const whole = endpoints(flow).filter(isWhole);
    const names = [...new Set(whole.map(({ name }) => name))].sort();
    if (names.length === 0 || flow.to.kind !== 'cloud') return legs(flow);
    return legs(flow).map((leg) => ({ ...leg, to: { ...leg.to, names } }));
  };
}

/** What rules by name do not say of flows to the internet. */
function nameGaps(flows: readonly Flow[], endpoints: ExportReport['endpoints']): readonly string[] {
  return distinct(
    flows.flatMap((flow) => {
      const { from, to, service } = flow;
      if (to.kind !== 'cloud') return [];
      const names = endpoints(flow);
      const own = names.flatMap((endpoint) =>
        isWhole(endpoint) ? [] : [`${from.name} to ${endpoint.name}: add the name of your own service`],
      );
      return names.some(isWhole)
        ? own
        : [
            ...own,
            `${from.name} to ${to.name}, ${service}: no document has a name, and any address is let through`,
          ];
    }),
  );
}

function serviceTextIn(flows: readonly Flow[]): ExportReport['service'] {
  const needOf = needsAmong(flows);
  return (flow) => {
    const need = needOf(flow);
    switch (need.kind) {
      case 'needed':
        return flow.service;
      case 'choice':
        return `${flow.service} (one of ${need.alternatives} is enough)`;
      case 'optional':
        // Some services say at length what happens without them.
        return `${flow.service.replace(/ \([^()]{20,}\)$/, '')} (optional)`;
    }
  };
}

/** The servers that talk to the internet and have no public addresses in the file. */
function unknownOutside(rules: readonly ExportRule[], topology: Topology): readonly string[] {
  const names = rules.flatMap(({ from, to }) =>
    [
      { end: from, other: to },
      { end: to, other: from },
    ].flatMap(({ end, other }) => {
      if (!isOutside(other, topology) || isOutside(end, topology)) return [];
      const server = end.kind === 'server' ? lookup(topology.servers, end.name) : undefined;
      return server && server.publicAddresses.length === 0 ? [server.name] : [];
    }),
  );
  return distinct(names);
}

/** Whether a machine is on the internet. */
function isOutside({ kind, zone }: RuleMachine, { zones }: Topology): boolean {
  return kind === 'cloud' || (zone !== undefined && lookup(zones, zone)?.internet === true);
}

/** What may be left out of the rules, by the word of `--without`. */
export const LEFT_OUT = {
  optional: ({ optional }: Flow) => optional === true,
  installation: ({ phase }: Flow) => phase === 'installation',
  windows: ({ phase }: Flow) => phase === 'windows',
} as const;

/** The words of `--addresses`. */
export const ADDRESS_KINDS = ['real', 'public'] as const;
export type AddressKind = (typeof ADDRESS_KINDS)[number];

/**
 * The legs of a flow. A client group in several zones has one for each zone in which the flow holds: its clients at
 * the office have their networks there, those on the internet any address. Each machine is looked at once.
 * @param addresses `public`: towards the internet, a server with public addresses has these
 */
export function legsIn(
  topology: Topology,
  addresses: AddressKind = 'real',
): (flow: Flow) => readonly FlowLeg[] {
  const known = new Map<Endpoint, Map<string | undefined, RuleMachine>>();
  const translated = new Map<RuleMachine, RuleMachine>();
  const places = new Map<Endpoint, Map<string | undefined, Endpoint>>();
  const machineIn = (endpoint: Endpoint, zone: string | undefined): RuleMachine =>
    getOrAdd(
      getOrAdd(known, endpoint, () => new Map<string | undefined, RuleMachine>()),
      zone,
      () => machineOf(endpoint, zone, topology),
    );
  const heldZones = (endpoint: Endpoint, zones: Flow['zones']) => {
    const chosen = zonesHeld(endpoint, zones);
    return chosen.length > 0 ? chosen : [endpoint.zone];
  };
  return ({ from, to, zones }) =>
    heldZones(from, zones).flatMap((here) =>
      // Clients of one group reach one another where they are.
      (from === to ? [here] : heldZones(to, zones)).map((there) => {
        const [a, b] = [machineIn(from, here), machineIn(to, there)];
        const ends =
          addresses === 'real' ? { from: a, to: b } : { from: seenFrom(b, from, a), to: seenFrom(a, to, b) };
        if (topology.policies.length === 0) return ends;
        return { ...ends, guards: policiesBetween(placeIn(from, here), placeIn(to, there), topology) };
      }),
    );

  function placeIn(endpoint: Endpoint, zone: string | undefined): Endpoint {
    if (endpoint.zone === zone) return endpoint;
    return getOrAdd(
      getOrAdd(places, endpoint, () => new Map<string | undefined, Endpoint>()),
      zone,
      () => ({ ...endpoint, zone, ...(zone === undefined ? {} : { zones: [zone] }) }),
    );
  }

  /** A machine as the other end, where that is on the internet, knows it. */
  function seenFrom(other: RuleMachine, { server }: Endpoint, machine: RuleMachine): RuleMachine {
    const written = server?.publicAddresses.map(({ value }) => value) ?? [];
    if (written.length === 0 || !isOutside(other, topology)) return machine;
    return getOrAdd(translated, machine, () => ({ ...machine, addresses: tidyNetworks(written) }));
  }
}

function machineOf(endpoint: Endpoint, id: string | undefined, topology: Topology): RuleMachine {
  const { name, kind, server, clients } = endpoint;
  const zone = id === undefined ? undefined : topology.zones.get(id);
  const base = { name, kind, fqdn: server?.fqdn?.value, zone: zone?.name };
  if (kind === 'cloud') return { ...base, addresses: 'internet' };
  if (!clients) {
    const written = server ? server.addresses.map(({ value }) => value) : endpoint.addresses;
    return { ...base, addresses: tidyNetworks(written ?? []) };
  }
  const addresses = tidyNetworks(clientRanges(clients, id, topology).flatMap(networksIn).map(networkText));
  return { ...base, addresses: addresses.length === 0 && zone?.internet ? 'internet' : addresses };
}

/** What is open for good comes first: a later phase of the same pair asks only for the ports that it adds. */
const PHASES: readonly Phase[] = ['operation', 'windows', 'installation'];

/**
 * Flows of one pair, protocol and phase become one rule; the order is that of the flows. A port that is needed in
 * operation is in no rule for installation, so that the rules for installation can be taken away again. The
 * connection of a group to itself stays a rule: its machines are many.
 */
function rulesOf(
  flows: readonly Flow[],
  legs: ExportReport['legs'],
  service: ExportReport['service'],
  knownOf: (flows: readonly Flow[]) => KnownRules | undefined,
): readonly ExportRule[] {
  const all = flows.flatMap((flow) => legs(flow).map((leg) => ({ flow, ...leg })));
  const order = new Map<ExportRule, number>();
  for (const ofPair of groupBy(all, ({ flow: { protocol }, from, to }) =>
    pairKey({ from, to, protocol }),
  ).values()) {
    let before: readonly PortRange[] = [];
    let hasIcmp = false;
    for (const phase of PHASES) {
      const group = ofPair.filter(({ flow }) => flow.phase === phase);
      const [first] = group;
      if (first === undefined) continue;
      const { protocol } = first.flow;
      const added = group
        .map(({ flow }) => ({
          flow,
          ports: openPorts(flow, first).flatMap((port) => parsePorts(port) ?? []),
          gap: portGap(flow, first),
        }))
        .map((one) => ({ ...one, ports: one.ports.filter((range) => !isWithin(range, before)) }))
        .filter(({ ports, gap }) => (protocol === 'icmp' ? !hasIcmp : ports.length > 0 || gap !== undefined));
      if (added.length === 0) continue;
      const ports = unite(added.flatMap((one) => one.ports));
      before = unite([...before, ...ports]);
      hasIcmp = true;
      order.set(
        {
          from: together(
            first.from,
            group.map(({ from }) => from),
          ),
          to: together(
            first.to,
            group.map(({ to }) => to),
          ),
          protocol,
          ports,
          gaps: distinct(added.flatMap(({ gap }) => gap ?? [])),
          ...(protocol === 'icmp' && isRuledOut(protocol, first) ? { isRuledOut: true as const } : {}),
          phase,
          ...purposeOf(
            added.map(({ flow, ports }) => ({ name: service(flow), needed: flow.service, ports })),
          ),
          documents: distinct(added.flatMap(({ flow }) => flow.sources.map(sourceText))),
          known: knownOf(added.map(({ flow }) => flow)),
        },
        all.indexOf(first),
      );
    }
  }
  return [...order].sort(([, a], [, b]) => a - b).map(([rule]) => rule);
}

/** What is needed of its own is not said to be optional, or of a choice, beside it. */
function purposeOf(services: readonly ExportService[]): Pick<ExportRule, 'purpose' | 'services'> {
  const isNeeded = ({ name, needed, ports }: ExportService) =>
    name === needed ||
    !services.some((other) => other.name === needed && ports.every((range) => isWithin(range, other.ports)));
  return { services, purpose: distinct(services.filter(isNeeded).map(({ name }) => name)) };
}

/** Of two machines and a protocol; what is outside is one end, or one for the names that are asked for. */
function pairKey({ from, to, protocol }: Pick<ExportRule, 'from' | 'to' | 'protocol'>): string {
  const end = ({ name, kind, zone, names = [] }: RuleMachine) =>
    kind === 'cloud' ? [kind, ...names] : [name, zone];
  return JSON.stringify([end(from), end(to), protocol]);
}

/** What is outside has no addresses of its own: `azure` and `internet` are one end of a rule. */
function together(first: RuleMachine, machines: readonly RuleMachine[]): RuleMachine {
  return first.kind === 'cloud'
    ? { ...first, name: distinct(machines.map(({ name }) => name)).join(', ') }
    : first;
}

function isWithin({ low, high }: PortRange, ranges: readonly PortRange[]): boolean {
  return ranges.some((range) => range.low <= low && high <= range.high);
}

/** Sorted, overlapping ones as one; neighbours stay apart, as people write them. */
function unite(ranges: readonly PortRange[]): readonly PortRange[] {
  const united: PortRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.low - b.low || a.high - b.high)) {
    const last = united.at(-1);
    if (last && range.low <= last.high) {
      united[united.length - 1] = { low: last.low, high: Math.max(last.high, range.high) };
    } else {
      united.push(range);
    }
  }
  return united;
}

/** Whether clients on the internet would go to a web proxy inside: no rule is written that opens one to everybody. */
function opensProxy({ toRole }: Flow, { from, to }: FlowLeg): boolean {
  // Of all machines only a proxy is called for no role of its own.
  const isProxy = to.kind === 'proxy' || (to.kind === 'server' && toRole === undefined);
  return from.kind === 'clients' && from.addresses === 'internet' && isProxy;
}

/** Whether a policy rules out a protocol between two machines: of TCP and UDP some of it. */
function isRuledOut(protocol: Flow['protocol'], { guards = [] }: FlowLeg): boolean {
  return guards.some(({ ports }) => ports[protocol].length > 0);
}

/** The ports of a flow that are known and may be opened: what a policy rules out is not. */
export function openPorts(flow: Flow, leg: FlowLeg): readonly string[] {
  if (opensProxy(flow, leg)) return [];
  const known = flow.ports.filter((port) => port !== 'dynamic');
  if (!isRuledOut(flow.protocol, leg)) return known;
  return portTexts(
    (leg.guards ?? []).reduce<PortSet>(
      (set, { ports }) => difference(set, ports[flow.protocol]),
      portsOfFlow(flow),
    ),
  );
}

/** The policies that rule out some of a flow, as the comments call them, with what they rule out. */
function policyGap(flow: Flow, { from, to, guards = [] }: FlowLeg): string | undefined {
  const { protocol, service } = flow;
  const parts = guards.flatMap(({ policy, ports }) => {
    const out = intersection(portsOfFlow(flow), ports[protocol]);
    if (out.length === 0) return [];
    const name = policy.name ? `policy '${visible(policy.name.value)}'` : 'a policy';
    return [`${protocol === 'icmp' ? 'echo requests' : formatPorts(out)} (${name} forbids it)`];
  });
  return parts.length === 0
    ? undefined
    : `${from.name} to ${to.name}, ${protocol}, ${service}: ${parts.join(', ')}`;
}

/** Why not all ports of a flow are opened, and what to write into the file; undefined where they are. */
export function portGap(flow: Flow, leg: FlowLeg): string | undefined {
  if (opensProxy(flow, leg))
    return `${flow.from.name} to ${flow.to.name}, ${flow.protocol}, ${flow.service}: clients on the internet cannot be told from anybody else there, and the proxy is not for everybody; give them another way to cloud services`;
  const ruledOut = policyGap(flow, leg);
  if (ruledOut !== undefined) return ruledOut;
  if (!flow.ports.includes('dynamic')) return undefined;
  const { from, to, protocol, service } = flow;
  const pair = `${from.name} to ${to.name}, ${protocol}, ${service}`;
  if (!flow.dynamicRpc)
    return `${pair}: the port is not known; set port of the SQL Server instance on ${to.name}`;
  const where =
    to.kind === 'clients' ? `set os or rpcDynamicPorts of ${to.name}` : `set rpcDynamicPorts of ${to.name}`;
  return `${pair}: the dynamic RPC ports are not known; ${where}`;
}

/** Why a machine cannot be in a rule, and what to write into the file; undefined where it can. */
export function addressGap({ name, kind, addresses, zone }: RuleMachine): string | undefined {
  if (addresses === 'internet' || addresses.length > 0) return undefined;
  if (kind === 'server') return `${name} has no addresses; set addresses of ${name}`;
  if (kind === 'listener')
    return `${name} has no addresses; set listener.addresses of its availability group`;
  if (kind === 'proxy') return `${name} has no addresses; describe it as a server, or give its address`;
  return zone === undefined
    ? `${name} has no networks; set networks of ${name}, or its zone`
    : `${name} has no networks; set networks of ${name} or of its zone ${zone}`;
}

/** Why two machines with addresses cannot be in one rule, where they have no family in common. */
export function familyGap({ from, to, protocol }: Pick<ExportRule, 'from' | 'to' | 'protocol'>): string {
  return `${from.name} to ${to.name}, ${protocol}: one has only IPv4 addresses, the other only IPv6`;
}

/** More networks than this nobody reads in a cell. */
const MOST_NAMED = 50;

/** What `internet` as an address means, for people: no address of another zone. */
export function internetText(inside: readonly AddressRange[], separator = ', '): string {
  if (inside.length === 0) return 'any';
  const networks = inside.flatMap(networksIn).map(networkText);
  // A list that is cut would open what is left out.
  return networks.length > MOST_NAMED
    ? 'any but the networks of the other zones'
    : `any but ${networks.join(separator)}`;
}

/** `445`, `49152-65535`. */
export function portText({ low, high }: PortRange): string {
  return low === high ? String(low) : `${low}-${high}`;
}

/** Whether there is anything to write for a rule but its gaps. */
export function isWritten({ protocol, ports, isRuledOut }: ExportRule): boolean {
  return protocol === 'icmp' ? isRuledOut !== true : ports.length > 0;
}

/** A rule between addresses of one family, as network firewalls want it. */
export interface AddressRule {
  readonly rule: ExportRule;
  readonly family: Family;
  readonly from: readonly Network[] | 'internet';
  readonly to: readonly Network[] | 'internet';
  /** The addresses of this family that an end on the internet does not have, joined. */
  readonly inside: readonly AddressRange[];
  /** Not empty, but for ICMP. */
  readonly ports: readonly PortRange[];
  /** The same for the same meaning, whatever else the file says: 16 hexadecimal digits. */
  readonly id: string;
}

/**
 * The rules by address family, and what cannot be a rule: machines without addresses, ports that are not
 * known, pairs without a common family, and pairs of which both ends are just anywhere on the internet.
 */
export function addressRules({ rules, inside }: Pick<ExportReport, 'rules' | 'inside'>): {
  readonly rules: readonly AddressRule[];
  readonly gaps: readonly string[];
} {
  const found: AddressRule[] = [];
  const gaps: string[] = [];
  for (const rule of rules) {
    const { from, to, protocol } = rule;
    gaps.push(...rule.gaps);
    const missing = [addressGap(from), addressGap(to)].flatMap((gap) => gap ?? []);
    gaps.push(...missing);
    if (missing.length > 0 || !isWritten(rule)) continue;
    if (from.addresses === 'internet' && to.addresses === 'internet') {
      gaps.push(
        `${from.name} to ${to.name}, ${protocol}: both are somewhere on the internet, which no rule can tell apart`,
      );
      continue;
    }
    const before = found.length;
    for (const family of FAMILIES) {
      const [source, target] = [ofFamily(from, family), ofFamily(to, family)];
      if (source.length === 0 || target.length === 0) continue;
      const id = ruleId(rule, family, [source, target]);
      found.push({
        rule,
        family,
        from: source,
        to: target,
        inside: inside.filter((range) => range.family === family),
        ports: rule.ports,
        id,
      });
    }
    if (found.length === before) {
      gaps.push(familyGap(rule));
    }
  }
  return { rules: found, gaps: distinct(gaps) };
}

/**
 * The rules of one list without what others of the list let through: a port that others open between all addresses of a
 * rule is in that rule no more, and a rule without ports is not there.
 * @param rules in one list, all of which decide about the same packets
 */
export function withoutCovered<Rule extends AddressRule>(rules: readonly Rule[]): readonly Rule[] {
  const left = uncovered(
    rules.map(({ rule: { phase, protocol }, family, from, to, inside, ports }) => ({
      phase,
      protocol,
      from: rangesOf(from, family, inside),
      to: rangesOf(to, family, inside),
      ports,
    })),
  );
  return rules.flatMap((entry, index) => {
    const ports = left[index];
    if (ports === undefined) return [];
    if (ports.length === entry.ports.length) return [entry];
    const rule = narrowed(entry.rule, ports);
    return [{ ...entry, rule, ports, id: ruleId(rule, entry.family, [entry.from, entry.to]) }];
  });
}

/**
 * The rules for people, who want each pair of machines named: only those for installation have no port that rules for
 * good open between all of their addresses. A rule for installation of which nothing is left is not there.
 */
export function namedRules({ rules, inside }: Pick<ExportReport, 'rules' | 'inside'>): readonly ExportRule[] {
  const ranges = ({ addresses }: RuleMachine) =>
    addresses === 'internet'
      ? FAMILIES.flatMap((family) => outsideOf(inside, family))
      : addresses.map(addressRange);
  const open = rules.filter(isWritten);
  const left = uncovered(
    open.map(({ phase, protocol, from, to, ports }) => ({
      phase,
      protocol,
      from: ranges(from),
      to: ranges(to),
      ports,
    })),
    (one, by) => one.phase === 'installation' && by.phase !== 'installation',
  );
  const portsOf = new Map(open.map((rule, index) => [rule, left[index]]));
  return rules.flatMap((rule) => {
    if (!portsOf.has(rule)) return [rule];
    const ports = portsOf.get(rule);
    if (ports?.length === rule.ports.length) return [rule];
    return ports === undefined && rule.gaps.length === 0 ? [] : [narrowed(rule, ports ?? [])];
  });
}

/**
 * The ports of a flow to list for people; of one for an installation those that no rule for good opens.
 * @returns for a flow and one of its legs the ports, undefined where there is nothing to list
 */
export function listedPorts(
  report: Pick<ExportReport, 'rules' | 'inside'>,
): (flow: Flow, leg: FlowLeg) => readonly string[] | undefined {
  const installation = new Map(
    namedRules(report).flatMap((rule) =>
      rule.phase === 'installation' ? [[pairKey(rule), rule] as const] : [],
    ),
  );
  return (flow, leg) => {
    const open = openPorts(flow, leg);
    if (flow.phase !== 'installation') return open;
    const { protocol } = flow;
    const rule = installation.get(pairKey({ ...leg, protocol }));
    if (rule === undefined) return undefined;
    const ports = open.filter((text) => {
      const range = parsePorts(text);
      return range !== undefined && isWithin(range, rule.ports);
    });
    const isListed = protocol === 'icmp' || ports.length > 0 || portGap(flow, leg) !== undefined;
    return isListed ? ports : undefined;
  };
}

/** All addresses of one family that an end of a rule has. */
function rangesOf(
  end: AddressRule['from'],
  family: Family,
  inside: readonly AddressRange[],
): readonly AddressRange[] {
  return end === 'internet' ? outsideOf(inside, family) : end.map(addressRange);
}

/** A rule with fewer ports, and only the purposes that are still its own. */
export function narrowed(rule: ExportRule, ports: readonly PortRange[]): ExportRule {
  const services = rule.services.filter(
    (service) => service.ports.length === 0 || service.ports.some((range) => isWithin(range, ports)),
  );
  return { ...rule, ports, ...purposeOf(services) };
}

function ofFamily({ addresses }: RuleMachine, family: Family): readonly Network[] | 'internet' {
  return addresses === 'internet' ? addresses : addresses.filter((network) => network.family === family);
}

/** An identity of a rule's meaning. Purposes and documents are no part of it. */
export function ruleId(
  { from, to, protocol, ports, phase }: ExportRule,
  family: Family | undefined,
  addresses: readonly (readonly (Network | string)[] | 'internet')[],
  direction?: string,
): string {
  const meaning = [
    from.name.toLowerCase(),
    to.name.toLowerCase(),
    protocol,
    ports.map(portText),
    phase,
    family,
    addresses.map((list) =>
      typeof list === 'string' ? list : list.map((one) => (typeof one === 'string' ? one : networkText(one))),
    ),
    direction,
    ...(to.names ? [to.names] : []),
  ];
  return hash(JSON.stringify(meaning));
}

/** FNV-1a over UTF-16 units, 64 bits as 16 hexadecimal digits. */
export function hash(text: string): string {
  let value = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index++) {
    value = BigInt.asUintN(64, (value ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n);
  }
  return value.toString(16).padStart(16, '0');
}

/** A list in parts of at most so many. */
export function parts<T>(list: readonly T[], most: number): readonly (readonly T[])[] {
  const all: T[][] = [];
  for (let start = 0; start < list.length; start += most) all.push(list.slice(start, start + most));
  return all;
}

const PHASE_TEXT: Readonly<Record<Phase, string>> = {
  operation: '',
  installation: ' (installation)',
  windows: ' (Windows)',
};

/** What a rule is for: `SQL over TCP, SMB`, and the phase where it is not operation. */
export function purposeText({ purpose, phase }: ExportRule): string {
  return `${purpose.join(', ')}${PHASE_TEXT[phase]}`;
}

/** A rule's description on a device, of at most so many characters: from where to where, what for, and its notes. */
export function ruleText(
  rule: ExportRule,
  most: number,
  shown: (text: string) => string = (text) => text,
): string {
  const what = `${rule.from.name} to ${rule.to.name}: ${purposeText(rule)}`;
  return describedText(what, rule.known, most, shown);
}

/**
 * `Firewall rules of hierarchy.topology.yaml (Contoso), port catalog 2025-12`, and what was chosen.
 * @param shown how a name of the file is written
 * @param what the text has
 */
export function headline(
  { file, title, edition, configmgr, server, firewall, without = [], withoutPublic }: ExportReport,
  shown: (name: string) => string = (name) => name,
  what = 'Firewall rules',
): readonly string[] {
  const lines = [
    `${what} of ${shown(file)}${title === undefined ? '' : ` (${shown(title)})`}, ${portListText({ edition, configmgr })}.`,
  ];
  if (server !== undefined) lines.push(`Only what ${shown(server)} needs.`);
  if (firewall !== undefined) lines.push(`Only what crosses the firewall ${shown(firewall)}.`);
  if (without.length > 0)
    lines.push(`Without ${without.join(', ')}: connections of this kind have no rules here.`);
  if (withoutPublic) lines.push('Towards the internet servers have their public addresses.');
  if (withoutPublic && withoutPublic.length > 0)
    lines.push(
      `No public addresses are known of ${withoutPublic.map(shown).join(', ')}: their own are in the rules; set publicAddresses.`,
    );
  return lines;
}

/**
 * The head of firewall rules: what they are of, and what is to be done for the answers of TFTP servers (PXE), which no
 * rule opens, since they come from a port that the server chose to any that the client chose.
 * @param way what is to be done about them at the target, without a full stop
 * @param shown how a name of the file is written
 */
export function heading(
  report: ExportReport,
  way: string,
  shown: (name: string) => string = (name) => name,
): readonly string[] {
  const servers = distinct(report.flows.filter(isTftp).map(({ to }) => shown(to.name)));
  const lines = headline(report, shown);
  if (servers.length === 0) return lines;
  return [
    ...lines,
    `TFTP (PXE) servers answer from another port than they are asked on, to any port that the client chose (${servers.join(', ')}): ${way}.`,
  ];
}
