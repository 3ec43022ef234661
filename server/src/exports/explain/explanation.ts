// Why two machines talk, and what the firewalls between them say to it: what every printer of `cmtopo explain`
// is given. Pure.

import { catalogOf, editionText, partiesOfConnection, roleName, sourceUrl } from '../../catalog/index.ts';
import type { Edition, PortRow } from '../../catalog/types.ts';
import { groupBy, memo } from '../../collections.ts';
import type { Endpoint, Flow, Source } from '../../flows/flow.ts';
import { language, t } from '../../l10n.ts';
import { type ChoiceNeed, missedAmong, needsAmong } from '../../reach/choices.ts';
import type { Reach } from '../../reach/reach.ts';
import { type Way, wayOf } from '../../reach/way.ts';
import { listed } from '../../rules/words.ts';
import { nearWords } from '../../text/near.ts';
import { effectiveZones, lookup } from '../../topology/effective.ts';
import type { ClientGroup, Firewall, Server, Topology } from '../../topology/model.ts';

/** One of the two machines, or a word that means several. */
export interface ExplainedMachine {
  /** As the file writes it; what is outside the file as flows call it (`internet`). */
  readonly name: string;
  readonly kind: Endpoint['kind'] | 'zone' | 'site' | 'role' | 'address';
  /** As written; undefined where it has none. Of what is outside the file, the zone marked `internet`. */
  readonly zone: string | undefined;
  readonly site: string | undefined;
  /** As the port documents call them. */
  readonly roles: readonly string[];
  readonly addresses: readonly string[];
  readonly server: Server | undefined;
  readonly clients: ClientGroup | undefined;
}

/** A section of a port document. */
export interface DocumentSection extends Source {
  /** The document's title. */
  readonly document: string;
  readonly url: string;
}

export interface ExplainedFlow {
  readonly flow: Flow;
  readonly way: Way;
  readonly need: ChoiceNeed;
  /** Of a choice, the machines that would do as well. */
  readonly instead: readonly string[];
  /** It is blocked, and nothing else of its choice gets through. */
  readonly missed: boolean;
  /** The ports that the row of the document prints, where this file uses others: `1433`, `80 or 8530`. */
  readonly documented: string | undefined;
  /** The key of the file that says which ports are used instead. */
  readonly setting: string | undefined;
}

/** Why two roles talk: one connection of the catalog, with its flows. */
export interface Reason {
  /** `management-point.sql-server`, `deployment.client-push`. */
  readonly connection: string;
  /** What it is for: `Management point to SQL Server`, `Installation of clients: client push`. */
  readonly purpose: string;
  /** In which capacity the two talk, as the documents call it. */
  readonly fromRole: string;
  readonly toRole: string;
  readonly sections: readonly DocumentSection[];
  readonly flows: readonly ExplainedFlow[];
}

/** The firewalls from one zone to another; the zones as written. */
export interface ZoneWay {
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** In the order of the way; undefined where it cannot be told which they are. */
  readonly firewalls: readonly Firewall[] | undefined;
}

/** What one machine opens towards the other. */
export interface ExplainedDirection {
  readonly from: ExplainedMachine;
  readonly to: ExplainedMachine;
  /** In the order of the way, of all ways; undefined where it cannot be told which they are. */
  readonly firewalls: readonly Firewall[] | undefined;
  /** From zone to zone: of a client group in several zones one for each in which it talks. */
  readonly ways: readonly ZoneWay[];
  readonly reasons: readonly Reason[];
}

export interface Explanation {
  readonly edition: Edition;
  /** The file as the user named it. */
  readonly file: string;
  readonly topology: Topology;
  readonly from: ExplainedMachine;
  readonly to: ExplainedMachine;
  /** There and back, one for a client group and itself; of words that mean several, each pair that talks. */
  readonly directions: readonly ExplainedDirection[];
}

export interface ExplainInput {
  readonly edition: Edition;
  readonly file: string;
  readonly topology: Topology;
  readonly flows: readonly Flow[];
  readonly reach: Reach;
}

/**
 * The file that was asked, and what it was checked against.
 * @param file its name, quoted for the language that is written
 */
export function fileText(file: string, edition: Edition, { configmgrWritten }: Topology): string {
  const list = editionText(edition, configmgrWritten);
  return list === edition ? t('{0}, port catalog {1}', file, edition) : `${file}, ${list}`;
}

/** What is known about the connections between two machines, in both directions. */
export function explain(input: ExplainInput, from: ExplainedMachine, to: ExplainedMachine): Explanation {
  const { edition, file, topology, flows } = input;
  const there = direction(input, flows, from, to);
  const directions = from.name === to.name ? [there] : [there, direction(input, flows, to, from)];
  return { edition, file, topology, from, to, directions };
}

/**
 * The same for words that may mean several machines: each pair of them that talks, there and then back.
 * @param fits whether a flow is meant, of which the first word is at the given end
 */
export function explainAll(
  input: ExplainInput,
  from: ExplainedMachine,
  to: ExplainedMachine,
  fits: (flow: Flow, first: 'from' | 'to') => boolean,
): Explanation {
  const { edition, file, topology, flows } = input;
  const there = flows.filter((flow) => fits(flow, 'from'));
  // Two zones of a large hierarchy have a hundred thousand.
  const taken = new Set(there);
  const back = flows.filter((flow) => fits(flow, 'to') && !taken.has(flow));
  const directions = [there, back].flatMap((some) => {
    const pairs = groupBy(some, (flow) =>
      JSON.stringify([flow.from.kind, flow.from.name, flow.to.kind, flow.to.name]),
    );
    return [...pairs.values()].flatMap((own) => {
      const [flow] = own;
      return flow === undefined
        ? []
        : [direction(input, own, endMachine(flow.from, topology), endMachine(flow.to, topology))];
    });
  });
  const none = { from, to, firewalls: [], ways: [], reasons: [] };
  return { edition, file, topology, from, to, directions: directions.length > 0 ? directions : [none] };
}

function endMachine(endpoint: Endpoint, topology: Topology): ExplainedMachine {
  const machine = endpoint.server ?? endpoint.clients;
  return machine ? machineOf(machine, topology) : otherOf(endpoint, topology, [endpoint]);
}

/** @param some the flows to look at, of all that the file has */
function direction(
  { edition, flows: all, reach, topology }: ExplainInput,
  some: readonly Flow[],
  from: ExplainedMachine,
  to: ExplainedMachine,
): ExplainedDirection {
  const needOf = needsAmong(all);
  const isMissed = missedAmong(all, reach);
  const flows = some.filter((flow) => isSame(flow.from, from) && isSame(flow.to, to));
  const reasons = new Map<string, Reason & { readonly flows: ExplainedFlow[] }>();
  for (const flow of flows) {
    const { connection, sources, fromRole, toRole, phase } = flow;
    const key = JSON.stringify([connection, sources, fromRole?.role, toRole?.role, phase]);
    const reason = reasons.get(key) ?? {
      connection,
      purpose: purposeOf(flow),
      fromRole: capacity(flow, 'from'),
      toRole: capacity(flow, 'to'),
      sections: sources.map(sectionOf),
      flows: [],
    };
    const row = rowOf(flow, edition);
    const documented = row && flow.protocol !== 'icmp' ? row[flow.protocol] : undefined;
    const isOther = documented !== undefined && !isDocumented(flow, documented, row?.choice === true);
    reason.flows.push({
      flow,
      way: wayOf(flow, reach, topology),
      need: needOf(flow),
      instead: insteadOf(flow, all),
      missed: isMissed(flow),
      documented: isOther ? documentedText(documented, row?.choice === true) : undefined,
      setting: isOther ? (row?.setting ?? (flow.dynamicRpc ? 'rpcDynamicPorts' : undefined)) : undefined,
    });
    reasons.set(key, reason);
  }
  const known = topology.firewalls.size > 0;
  const [here, there] = [endpointOf(from, topology), endpointOf(to, topology)];
  const held = flows.some(({ zones }) => zones === undefined)
    ? undefined
    : [...new Set(flows.flatMap(({ zones }) => zones ?? []))];
  const zones = held && held.length > 0 ? held : undefined;
  const named = (zone: string | undefined) =>
    zone === undefined ? undefined : (lookup(topology.zones, zone)?.name ?? zone);
  return {
    from,
    to,
    firewalls: known ? reach.between(here, there, zones) : [],
    ways: reach.pairs(here, there, zones).map(([source, target]) => ({
      from: named(source.zone),
      to: named(target.zone),
      firewalls: known ? reach.between(source, target) : [],
    })),
    reasons: [...reasons.values()],
  };
}

/** The machines at the other ends of a flow's choice: what the one that chooses may reach in its place. */
function insteadOf({ anyOf, from, to }: Flow, all: readonly Flow[]): readonly string[] {
  if (anyOf === undefined) return [];
  const names = (byChoice(all).get(anyOf) ?? []).flatMap((other) => {
    if (other.from === from || other.from === to) return [other.to.name];
    return other.to === to || other.to === from ? [other.from.name] : [];
  });
  return [...new Set(names)].filter((name) => name !== from.name && name !== to.name);
}

const byChoice = memo((flows: readonly Flow[]) => groupBy(flows, ({ anyOf }) => anyOf));

function isSame(endpoint: Endpoint, { name, kind }: ExplainedMachine): boolean {
  return endpoint.name === name && endpoint.kind === kind;
}

/** A machine as an end of traffic that the list of flows does not have. */
function endpointOf({ name, kind, zone, server, clients }: ExplainedMachine, topology: Topology): Endpoint {
  if (kind === 'zone' || kind === 'site' || kind === 'role' || kind === 'address')
    throw new Error(`${name} is no machine`);
  const known = zone === undefined ? undefined : lookup(topology.zones, zone)?.id;
  const zones = clients && effectiveZones(clients, topology).map(({ id }) => id);
  if (clients && zones && zones.length > 1) return { name, kind, zone: undefined, zones, clients };
  return { name, kind, zone: known, ...(server ? { server } : {}), ...(clients ? { clients } : {}) };
}

function capacity(flow: Flow, end: 'from' | 'to'): string {
  const role = end === 'from' ? flow.fromRole : flow.toRole;
  const { kind, name } = flow[end];
  if (role) return roleName(role.role, language());
  if (kind === 'cloud') return roleName(name, language());
  if (kind === 'clients') return roleName('client', language());
  const { entry } = flow;
  // In a two-way connection the file's machine may be on either side; without a role it is what the catalog says.
  return entry ? roleName(end === 'from' ? entry.from : entry.to, language()) : t('server');
}

function purposeOf({ connection, entry, phase }: Flow): string {
  if (entry) {
    const { from, to } = partiesOfConnection(entry, language());
    const [here, there] = [title(from), to];
    const between =
      entry.direction === 'two-way' ? t('{0} to {1} and back', here, there) : t('{0} to {1}', here, there);
    return phase === 'installation' ? t('{0}, installation', between) : between;
  }
  if (connection === 'internet-clients') return t('Installation of site systems for clients on the internet');
  if (connection === 'client-shares') return t('Installation of clients from a share');
  const [, method = ''] = connection.split('.');
  return method === 'all'
    ? t('Installation of clients, by any method')
    : t('Installation of clients: {0}', method.replaceAll('-', ' '));
}

function title(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

function sectionOf(source: Source): DocumentSection {
  const { edition, document, anchor } = source;
  const { title = document } = catalogOf(edition).documents.get(document) ?? {};
  return { edition, document: title, anchor, url: sourceUrl(edition, anchor, document) };
}

/** The row of the catalog behind a flow; of several the one whose ports are the flow's. */
function rowOf({ entry, connection, service, protocol, ports }: Flow, edition: Edition): PortRow | undefined {
  if (protocol === 'icmp') return undefined;
  const { deployment, clientShares, internetClients } = catalogOf(edition);
  const rows =
    entry?.ports ??
    (connection === 'client-shares'
      ? (clientShares?.ports ?? [])
      : connection === 'internet-clients'
        ? (internetClients?.tables ?? []).flatMap((table) => table.ports)
        : deployment
            .filter(({ method }) => `deployment.${method}` === connection)
            .flatMap((table) => table.ports));
  const fitting = rows.filter((row) => row.service === service && row[protocol].length > 0);
  return fitting.find((row) => row[protocol].join() === ports.join()) ?? fitting[0];
}

function isDocumented({ ports }: Flow, documented: readonly string[], isChoice: boolean): boolean {
  return isChoice ? ports.every((port) => documented.includes(port)) : ports.join() === documented.join();
}

function documentedText(documented: readonly string[], isChoice: boolean): string {
  const words = documented.map((port) => (port === 'dynamic' ? t('dynamic ports') : port));
  return isChoice ? listed(words, 'or') : words.join(', ');
}

// --- Counting --------------------------------------------------------------------------------

/** Whether something that is needed is blocked: no optional flow, and no choice of which another way gets through. */
export function isBlocked({ directions }: Explanation): boolean {
  return directions.flatMap(flowsOf).some(({ missed }) => missed);
}

export interface Count {
  readonly allowed: number;
  readonly blocked: number;
  readonly unchecked: number;
  /** Of the blocked ones those that are needed. */
  readonly missed: number;
}

/** How many flows get through, are stopped, or cannot be judged. */
export function countWays(flows: readonly Pick<ExplainedFlow, 'way' | 'missed'>[]): Count {
  const count = { allowed: 0, blocked: 0, unchecked: 0, missed: 0 };
  for (const { way, missed } of flows) {
    count[way.kind]++;
    if (missed) count.missed++;
  }
  return count;
}

/** Every flow of a direction. */
export function flowsOf({ reasons }: ExplainedDirection): readonly ExplainedFlow[] {
  return reasons.flatMap(({ flows }) => flows);
}

// --- Names -----------------------------------------------------------------------------------

/** A machine by the name of a server, a client group, or of what flows call something outside the file. */
export function machineNamed(
  name: string,
  topology: Topology,
  flows: readonly Flow[],
): ExplainedMachine | { readonly unknown: string } {
  const machine = lookup(topology.servers, name) ?? lookup(topology.clients, name) ?? byFqdn(name, topology);
  if (machine) return machineOf(machine, topology);
  // Cloud services, listeners of availability groups, proxies outside the file.
  const ends = new Set(flows.flatMap(({ from, to }) => [from, to]));
  const others = groupBy(ends, (end) => (end.server || end.clients ? undefined : end.name));
  const wanted = name.toLowerCase();
  const [, other] =
    [...others].find(([one]) =>
      [one, roleName(one), roleName(one, language())].some((known) => known.toLowerCase() === wanted),
    ) ?? [];
  if (other?.[0]) return otherOf(other[0], topology, other);
  const known = [...topology.servers.values(), ...topology.clients.values()].map((each) => each.name);
  return { unknown: whyUnknown(name, topology, [...new Set([...known, ...others.keys()])]) };
}

function byFqdn(name: string, { servers }: Topology): Server | undefined {
  const wanted = name.toLowerCase();
  return [...servers.values()].find(({ fqdn }) => fqdn?.value.toLowerCase() === wanted);
}

function machineOf(machine: Server | ClientGroup, topology: Topology): ExplainedMachine {
  const isServer = machine.kind === 'server';
  const zones = effectiveZones(machine, topology);
  const networks = isServer || machine.networks.length > 0 ? [] : zones.flatMap((zone) => zone.networks);
  const written = isServer ? machine.addresses : [...machine.networks, ...networks];
  return {
    name: machine.name,
    kind: isServer ? 'server' : 'clients',
    zone: zones.length > 0 ? zones.map((zone) => zone.name).join(', ') : undefined,
    site: machine.site?.value,
    roles: isServer ? machine.roles.map(({ role }) => roleName(role, language())) : [],
    addresses: written.map(({ value }) => value),
    server: isServer ? machine : undefined,
    clients: isServer ? undefined : machine,
  };
}

/** @param all it in each of its zones, as a listener with addresses in several has them */
function otherOf(
  { name, kind = 'cloud' }: Endpoint,
  topology: Topology,
  all: readonly Endpoint[],
): ExplainedMachine {
  const zones = all.flatMap(({ zone }) =>
    zone === undefined ? [] : [lookup(topology.zones, zone)?.name ?? zone],
  );
  return {
    name,
    kind,
    zone: zones.length > 0 ? zones.join(', ') : undefined,
    site: undefined,
    roles: [],
    addresses: [...new Set(all.flatMap(({ addresses = [] }) => addresses))],
    server: undefined,
    clients: undefined,
  };
}

const MOST_NAMES = 3;

function whyUnknown(name: string, topology: Topology, known: readonly string[]): string {
  const kind = (
    ['zones', 'sites', 'firewalls', 'availabilityGroups', 'boundaryGroups', 'addressGroups'] as const
  ).find((section) => lookup<unknown>(topology[section], name) !== undefined);
  if (kind !== undefined) {
    const some = membersOf(kind, name, topology).join(t(', '));
    const [wrong, wrongWithSome] = (
      {
        zones: [
          t('{0} is a zone; name a server or client group', name),
          t('{0} is a zone; name a server or client group, such as {1}', name, some),
        ],
        sites: [
          t('{0} is a site; name a server or client group', name),
          t('{0} is a site; name a server or client group, such as {1}', name, some),
        ],
        firewalls: [
          t('{0} is a firewall; name a server or client group', name),
          t('{0} is a firewall; name a server or client group, such as {1}', name, some),
        ],
        availabilityGroups: [
          t('{0} is an availability group; name a server or client group', name),
          t('{0} is an availability group; name a server or client group, such as {1}', name, some),
        ],
        boundaryGroups: [
          t('{0} is a boundary group; name a server or client group', name),
          t('{0} is a boundary group; name a server or client group, such as {1}', name, some),
        ],
        addressGroups: [
          t('{0} is an address group; name a server or client group', name),
          t('{0} is an address group; name a server or client group, such as {1}', name, some),
        ],
      } as const
    )[kind];
    return some === '' ? wrong : wrongWithSome;
  }
  const near = nearWords(name, known, Math.max(2, Math.floor(name.length / 4))).slice(0, MOST_NAMES);
  return t(
    near.length === 0
      ? "the file has no server or client group '{0}', and no connection leads to anything of that name"
      : "the file has no server or client group '{0}', and no connection leads to anything of that name; did you mean {1}?",
    name,
    listed(near, 'or'),
  );
}

/** Machines of a zone or site that was named in place of one. */
function membersOf(kind: string, name: string, topology: Topology): readonly string[] {
  const wanted = name.toLowerCase();
  const members = [...topology.servers.values(), ...topology.clients.values()].filter((machine) =>
    kind === 'zones'
      ? effectiveZones(machine, topology).some(({ id }) => id === wanted)
      : kind === 'sites' && machine.site?.value.toLowerCase() === wanted,
  );
  return members.slice(0, MOST_NAMES).map((machine) => machine.name);
}
