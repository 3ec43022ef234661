// Every connection of a file with what the firewalls do to it and the line that causes it: for the Connections
// view, its export and the counts above servers.
import type { Analysis } from '../analysis.ts';
import { roleName, serviceName, sourceUrl } from '../catalog/index.ts';
import { getOrAdd } from '../collections.ts';
import { firewallCsv } from '../exports/firewall/csv.ts';
import { exportReport } from '../exports/firewall/rules.ts';
import { sourceText } from '../exports/flows-report.ts';
import { type Endpoint, type Flow, zonesOf } from '../flows/flow.ts';
import { language, t, translated } from '../l10n.ts';
import { type ChoiceNeed, missedAmong, needsAmong } from '../reach/choices.ts';
import type { Blockage } from '../reach/judge.ts';
import { formatPorts } from '../reach/ports.ts';
import type { Reach } from '../reach/reach.ts';
import { ruleLabel, wayOf } from '../reach/way.ts';
import { capital } from '../rules/words.ts';
import type { Span } from '../text/tree.ts';
import { effectiveZones, lookup } from '../topology/effective.ts';
import type { ClientGroup, Firewall, FirewallRule, Server, Topology } from '../topology/model.ts';
import {
  type ConnectionFilter,
  type ConnectionList,
  type ConnectionMachine,
  type ConnectionNeed,
  type ConnectionRow,
  type ConnectionRule,
  type ConnectionSort,
  type ConnectionTraffic,
  type ConnectionVerdict,
  filterConnections,
  sortConnections,
} from './connections-query.ts';
import { zonesInGroup } from './members.ts';

/** Every connection of a file. The cost grows with their number. */
export function connections(analysis: Analysis): ConnectionList {
  const { topology } = analysis;
  const { lines } = analysis.tree;
  const reach = analysis.reach();
  const machines = collected<ConnectionMachine>();
  const traffic = collected<ConnectionTraffic>();
  const verdicts = collected<ConnectionVerdict>();
  const endpoints = new Map<Endpoint | Server | ClientGroup, number>();

  const machineLines = ({ span }: Server | ClientGroup): readonly [number, number] => [
    lines.positionAt(span.start).line,
    lines.positionAt(span.end).line,
  ];
  const needs = collected<ConnectionNeed>();
  const needOf = needsAmong(analysis.flows());
  const isMissed = missedAmong(analysis.flows(), reach);
  const boundaryGroups = boundaryGroupsOf(topology);
  for (const machine of [...topology.servers.values(), ...topology.clients.values()]) {
    const { name, kind } = machine;
    const zones = effectiveZones(machine, topology).map((zone) => zone.name);
    const groups = machine.kind === 'clients' ? boundaryGroups.get(machine) : undefined;
    const lines = machineLines(machine);
    endpoints.set(
      machine,
      machines.add({ name, kind, zones, ...(groups ? { boundaryGroups: groups } : {}), lines }),
    );
  }
  const machineOf = (endpoint: Endpoint): number => {
    const known = endpoints.get(endpoint.server ?? endpoint.clients ?? endpoint);
    if (known !== undefined) return known;
    const zones = zonesOf(endpoint).flatMap((zone) => lookup(topology.zones, zone)?.name ?? []);
    const index = machines.add({ name: endpoint.name, kind: endpoint.kind, zones, lines: undefined });
    endpoints.set(endpoint, index);
    return index;
  };
  const rows = analysis.flows().map((flow): ConnectionRow => {
    const { line, character } = lines.positionAt(causeOf(flow, topology).start);
    return [
      machineOf(flow.from),
      machineOf(flow.to),
      traffic.add(trafficOf(flow)),
      verdicts.add(verdictOf(flow, reach, analysis)),
      line,
      character,
      needs.add(shownNeed(needOf(flow), isMissed(flow))),
    ];
  });
  const mentions = topology.references.flatMap(({ target, span, implied }) => {
    const machine = endpoints.get(target as Server | ClientGroup);
    if (machine === undefined || implied) return [];
    const { line, character } = lines.positionAt(span.start);
    return [[line, character, character + span.end - span.start, machine] as const];
  });
  return {
    edition: topology.edition,
    machines: machines.all,
    zones: [...topology.zones.values()].map(({ name }) => name),
    boundaryGroups: [...topology.boundaryGroups.values()].map(({ name }) => name),
    traffic: traffic.all,
    verdicts: verdicts.all,
    needs: needs.all,
    rows,
    mentions,
  };
}

/** The boundary groups of each client group, with the zones in which they hold its clients. */
function boundaryGroupsOf(
  topology: Topology,
): ReadonlyMap<ClientGroup, NonNullable<ConnectionMachine['boundaryGroups']>> {
  const found = new Map<ClientGroup, (readonly [string, readonly string[]])[]>();
  for (const group of topology.boundaryGroups.values()) {
    for (const [clients, held] of zonesInGroup(group, topology)) {
      const zones = effectiveZones(clients, topology).filter(({ id }) => held.has(id));
      getOrAdd(found, clients, () => []).push([group.name, zones.map(({ name }) => name)]);
    }
  }
  return found;
}

function shownNeed(need: ChoiceNeed, missed: boolean): ConnectionNeed {
  switch (need.kind) {
    case 'needed':
      return { kind: need.kind, text: '', alternatives: 0, missed };
    case 'choice':
      return { kind: need.kind, text: need.name, alternatives: need.alternatives, missed };
    case 'optional':
      return { kind: need.kind, text: need.without ? translated(need.without) : '', alternatives: 0, missed };
  }
}

/** A list in which equal things are listed once. */
function collected<T>(): { readonly all: readonly T[]; add(thing: T): number } {
  const all: T[] = [];
  const known = new Map<string, number>();
  return {
    all,
    add(thing) {
      const key = JSON.stringify(thing);
      let index = known.get(key);
      if (index === undefined) {
        index = all.push(thing) - 1;
        known.set(key, index);
      }
      return index;
    },
  };
}

/** The place to change so that a connection goes: a way of installing clients, else the role that needs it, else the group. */
function causeOf({ from, to, fromRole, toRole, connection }: Flow, topology: Topology): Span {
  const clients = from.clients ?? to.clients;
  const method = /^deployment\.(.+)$/.exec(connection)?.[1];
  const installation = clients?.installation.find(({ value }) => value === method);
  if (installation !== undefined) return installation.span;
  const key = fromRole?.key ?? toRole?.key ?? clients?.key ?? from.server?.key ?? to.server?.key;
  return key?.span ?? topology.editionWritten?.span ?? { start: 0, end: 0 };
}

function trafficOf(flow: Flow): ConnectionTraffic {
  const { protocol, ports, phase, sources, fromRole, toRole, zones, entry } = flow;
  const service = serviceName(flow.service, language());
  const roles = [fromRole, toRole].flatMap((role) => role?.role ?? []);
  const documents = sources.map((source) => ({
    text: sectionText(source, entry),
    url: sourceUrl(source.edition, source.anchor, source.document),
  }));
  return { protocol, ports, service, roles, phase, ...(zones ? { zones } : {}), documents };
}

/** A section of the documents by its title: between which roles; what has none by its anchor. */
function sectionText(source: Flow['sources'][number], entry: Flow['entry']): string {
  if (entry === undefined || entry.anchor !== source.anchor || /^\d/.test(source.anchor))
    return sourceText(source);
  const [from, to] = [entry.from, entry.to].map((role) => capital(roleName(role, language())));
  return t('{0} to {1} ({2})', from ?? '', to ?? '', source.edition);
}

function verdictOf(flow: Flow, reach: Reach, analysis: Analysis): ConnectionVerdict {
  const way = wayOf(flow, reach, analysis.topology);
  if (way.kind === 'unchecked') return { state: 'unknown', text: way.why, rules: [] };
  if (way.gates.length === 0) return { state: 'no-firewall', text: '', rules: [] };
  const passes = way.gates.flatMap(({ firewall, passes }) =>
    passes.map(({ rule }) => ruleAt(firewall, rule, analysis)),
  );
  if (way.kind === 'allowed') {
    return { state: 'allowed', text: passes.map(({ name }) => name).join('; '), rules: passes };
  }
  const blocks = way.gates.flatMap(({ firewall, block }) => {
    if (block === undefined) return [];
    return [{ rule: ruleAt(firewall, block.rule, analysis), ports: missingPorts(flow, block) }];
  });
  return {
    state: 'blocked',
    text: blocks
      .map(({ rule, ports }) => (ports === '' ? rule.name : t('{0}, only {1}', rule.name, ports)))
      .join('; '),
    rules: [...blocks.map(({ rule }) => rule), ...passes],
  };
}

function ruleAt(firewall: Firewall, rule: FirewallRule | undefined, { tree }: Analysis): ConnectionRule {
  const { line, character } = tree.lines.positionAt((rule ?? firewall.key).span.start);
  const label = rule === undefined ? t('no rule') : ruleLabel(rule, firewall);
  return { name: `${firewall.name}, ${label}`, line, character };
}

/** The ports that a firewall stops, where it lets others of the same connection through; else nothing. */
function missingPorts({ ports }: Flow, { missing, by }: Blockage): string {
  return by.length === 0 || missing.length === 0 || ports.length === 0 ? '' : formatPorts(missing);
}

/** The connections of a filter as CSV, in the order of the view. */
export interface ConnectionsCsv {
  readonly csv: string;
  /** How many lines beside the header. */
  readonly count: number;
  /** How many addresses and ports the file does not say; the cells name them. */
  readonly gaps: number;
}

/**
 * What `cmtopo export --format csv` writes, of each row that a filter leaves; with a machine in the filter, as with
 * its `--server`. Undefined where the edition is not known.
 * @param file the name for the report
 */
export function connectionsCsv(
  analysis: Analysis,
  file: string,
  filter: ConnectionFilter,
  sort: ConnectionSort | undefined,
): ConnectionsCsv | undefined {
  const { topology } = analysis;
  const { edition } = topology;
  if (edition === undefined) return undefined;
  const list = connections(analysis);
  const left = filterConnections(list, filter);
  const flows = analysis.flows();
  const shown = sort === undefined ? left : sortConnections(list, left, sort, { machine: filter.machine });
  const { text, gaps } = firewallCsv(
    exportReport(
      topology,
      shown.flatMap((index) => flows[index] ?? []),
      { edition, file, server: filter.machine, firewall: undefined },
      { all: flows },
    ),
    true,
  );
  return { csv: text, count: shown.length, gaps: gaps.length };
}
