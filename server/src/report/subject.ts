// What every section of a report looks at.
import type { Analysis } from '../analysis.ts';
import type { Edition } from '../catalog/types.ts';
import type { Endpoint, Flow } from '../flows/flow.ts';
import { t } from '../l10n.ts';
import { ALL_PORTS, covers, isEmpty, type PortSet } from '../reach/ports.ts';
import { type PortsByProtocol, PROTOCOLS } from '../reach/rule-ports.ts';
import { portSetText } from '../reach/way.ts';
import { servicesOf } from '../rules/firewalls/lacking-rules.ts';
import type { RuleContext, Settings } from '../rules/rule.ts';
import { effectiveZones, lookup } from '../topology/effective.ts';
import type { ClientGroup, Server, Topology, Zone } from '../topology/model.ts';

export interface ReportSubject {
  readonly analysis: Analysis;
  readonly topology: Topology;
  readonly context: RuleContext;
  readonly settings: Settings;
  /** The file as the user named it. */
  readonly file: string;
  readonly edition: Edition;
  /** Whether every connection of the hierarchy is known: no mistake of the file hides one. */
  readonly isComplete: boolean;
}

/** `TCP 135, 445 · UDP 135 · ICMP echo`; `all traffic` where nothing is left out. */
export function allPortsText(ports: PortsByProtocol): string {
  const isAll = (set: PortSet) => covers(set, ALL_PORTS);
  if (isAll(ports.tcp) && isAll(ports.udp) && !isEmpty(ports.icmp)) return t('all traffic');
  return PROTOCOLS.flatMap((protocol) => {
    const set = ports[protocol];
    if (isEmpty(set)) return [];
    return isAll(set) && protocol !== 'icmp'
      ? [t('{0} all ports', protocol.toUpperCase())]
      : [portSetText(protocol, set)];
  }).join(' · ');
}

/** What some flows are for: their services, each once, those that can be done without and those of one phase apart. */
export function purposesText(flows: Iterable<Flow>): string {
  const all = [...flows];
  const operation = all.filter(({ phase }) => phase === 'operation');
  const needed = servicesOf(operation.filter(({ optional }) => optional !== true));
  const without = servicesOf(operation.filter(({ optional }) => optional === true));
  const optional = without.filter((service) => !needed.includes(service));
  const installation = servicesOf(all.filter(({ phase }) => phase === 'installation'));
  const windows = servicesOf(all.filter(({ phase }) => phase === 'windows'));
  return [
    ...(needed.length > 0 ? [needed.join(', ')] : []),
    ...(optional.length > 0 ? [t('optional: {0}', optional.join(', '))] : []),
    ...(installation.length > 0 ? [t('for installation: {0}', installation.join(', '))] : []),
    ...(windows.length > 0 ? [t('for Windows itself: {0}', windows.join(', '))] : []),
  ].join('; ');
}

/** The zone's name as written. */
export function zoneName(id: string | undefined, topology: Topology): string | undefined {
  return id === undefined ? undefined : (lookup(topology.zones, id)?.name ?? id);
}

export function isInternet(zone: string | undefined, { zones }: Topology): boolean {
  return zone !== undefined && lookup(zones, zone)?.internet === true;
}

/** The machines of the file in a zone, each as an end of traffic that starts or ends there. */
export function machinesIn(zone: Zone, topology: Topology): readonly Endpoint[] {
  const isThere = (machine: Server | ClientGroup) => effectiveZones(machine, topology).includes(zone);
  const { servers, clients } = topology;
  return [
    ...[...servers.values()]
      .filter(isThere)
      .map((server): Endpoint => ({ name: server.name, kind: 'server', server, zone: zone.id })),
    ...[...clients.values()]
      .filter(isThere)
      .map((group): Endpoint => ({ name: group.name, kind: 'clients', clients: group, zone: zone.id })),
  ];
}
