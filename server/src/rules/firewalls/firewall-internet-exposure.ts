import { PORTS } from '../../catalog/numbers.ts';
import { getOrAdd, memo } from '../../collections.ts';

import type { Endpoint, Flow } from '../../flows/flow.ts';
import { t } from '../../l10n.ts';
import { internetZone } from '../../reach/chains.ts';
import {
  difference,
  formatPorts,
  intersection,
  isEmpty,
  type PortSet,
  portSet,
  union,
} from '../../reach/ports.ts';
import { rulePorts } from '../../reach/reach.ts';
import { effectiveZone, effectiveZones, instancePort, rpcRange } from '../../topology/effective.ts';
import type { Firewall, FirewallRule, PortRange, Server, Topology, Zone } from '../../topology/model.ts';
import { isAllKnown } from '../hierarchy/hierarchy.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { capital, listed } from '../words.ts';
import { ruleName } from './firewall-fixes.ts';

/** The RPC endpoint mapper and SMB. */
const NEVER_OUTSIDE: readonly number[] = [PORTS.endpointMapper, PORTS.smb];
/** Servers to name before the rest is only counted. */
const SHOWN = 3;

interface Exposure {
  readonly firewall: Firewall;
  readonly servers: Set<Server>;
  ports: PortSet;
}

/** The ports of a server that no zone marked internet may reach. */
function guardedPorts(server: Server, topology: Topology): PortSet {
  const single = (port: number): PortRange => ({ low: port, high: port });
  const range = rpcRange(server, topology)?.value;
  const sql = server.instances.flatMap((instance) => instancePort(instance) ?? []);
  return portSet([...[...NEVER_OUTSIDE, ...sql].map(single), ...(range ? [range] : [])]);
}

/** Whether a rule for a flow would let the internet reach what it must not. */
export function wouldExpose({ from, to }: Flow, tcp: PortSet, topology: Topology): boolean {
  const zone = internetZone(topology);
  if (!zone || !to.server || from.zone !== zone.id) return false;
  return !isEmpty(intersection(tcp, guardedPorts(to.server, topology)));
}

/** Everyone who may call from the internet: anybody, and the machines that the file has there. */
function callersIn(zone: Zone, topology: Topology): readonly Endpoint[] {
  const name = zone.id;
  const servers = [...topology.servers.values()].filter((server) => effectiveZone(server, topology) === zone);
  const groups = [...topology.clients.values()].filter((group) =>
    effectiveZones(group, topology).includes(zone),
  );
  return [
    { name: 'internet', kind: 'cloud', zone: name },
    ...servers.map((server): Endpoint => ({ name: server.name, kind: 'server', server, zone: name })),
    ...groups.map((clients): Endpoint => ({ name: clients.name, kind: 'clients', clients, zone: name })),
  ];
}

/** The rules that let the internet reach what it must not, each with what it opens; gone through once for a file. */
export const exposuresIn: (context: RuleContext) => ReadonlyMap<FirewallRule, Exposure> = memo(
  findExposures,
  (context) => context.reach(),
);

function findExposures(context: RuleContext): ReadonlyMap<FirewallRule, Exposure> {
  const { topology } = context;
  const exposures = new Map<FirewallRule, Exposure>();
  const zone = internetZone(topology);
  if (!zone) return exposures;
  const reach = context.reach();
  const callers = callersIn(zone, topology);
  for (const server of topology.servers.values()) {
    const own = effectiveZone(server, topology);
    if (!own || own === zone) continue;
    const to: Endpoint = { name: server.name, kind: 'server', server, zone: own.name.toLowerCase() };
    const ports = guardedPorts(server, topology);
    for (const from of callers) {
      const verdict = reach.judge({ from, to, protocol: 'tcp', ports });
      if (verdict.kind === 'unchecked') continue;
      const stopped = verdict.kind === 'blocked' ? verdict.blocks.map(({ missing }) => missing) : [];
      const open = stopped.reduce(difference, ports);
      if (isEmpty(open)) continue;
      for (const { firewall, rule } of verdict.by) {
        const exposed = intersection(open, rulePorts(rule, 'tcp', topology));
        const isEdge = [...firewall.zones, ...firewall.between.flat()].some(
          ({ value }) => value.toLowerCase() === zone.id,
        );
        if (!isEdge || isEmpty(exposed)) continue;
        const exposure = getOrAdd(exposures, rule, () => ({
          firewall,
          servers: new Set<Server>(),
          ports: [],
        }));
        exposure.servers.add(server);
        exposure.ports = union(exposure.ports, exposed);
      }
    }
  }
  return exposures;
}

function reportOf(rule: FirewallRule, { firewall, servers, ports }: Exposure): Report {
  const names = [...servers].map(({ name }) => name);
  const shown =
    names.length > SHOWN ? [...names.slice(0, SHOWN), t('{0} more servers', names.length - SHOWN)] : names;
  return {
    span: rule.span,
    message: t(
      '{0} of firewall {1} lets the internet reach {2} on TCP {3}: RPC, SMB and SQL Server are not for the internet, take these ports out',
      capital(ruleName(rule, firewall)),
      firewall.name,
      listed(shown),
      formatPorts(ports),
    ),
    related: [...servers]
      .slice(0, SHOWN)
      .map((server) => ({ message: t('Server {0}', server.name), span: server.key.span })),
  };
}

const site = (tcp: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  perimeter: { networks: [192.0.2.0/24] }
  internet: { internet: true }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    zone: perimeter
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point: { protocol: https, clients: internet }
clients:
  laptops: { site: PS1, zone: internet, internetOnly: true }
firewalls:
  edge:
    zones: [perimeter, internet]
    rules:
      - { action: allow, from: cm01, to: internet, tcp: 80 }
      - { name: Clients, action: allow, from: internet, to: cm01, tcp: ${tcp} }
`;

export const firewallInternetExposure: Rule = {
  code: 'firewall-internet-exposure',
  severity: 'error',
  summary: 'A firewall lets the internet reach RPC, SMB or SQL Server.',
  reason: 'RPC, SMB and SQL Server are made for machines that know one another, not for the whole internet.',
  explanation: `Clients on the internet need HTTPS, client notification and the ports of software update points, and nothing else. An allow rule that lets the zone marked \`internet\` reach TCP 135, 445, the dynamic RPC range or the port of a SQL Server instance opens a server to everybody.

Take these ports out of the rule, or name the machines that need them. A site system on the internet that has to talk to the inside is better placed in a perimeter network, with [siteServerInitiates](site-server-initiates.md).`,
  source: { document: 'communications-between-endpoints', section: 'bkmk_span' },
  bad: [{ title: 'SMB along with HTTPS', text: site('[443, 445, 10123]') }],
  good: [{ title: 'What clients on the internet need', text: site('[443, 10123]') }],
  check: (context) =>
    context.topology.firewalls.size > 0 && isAllKnown(context)
      ? [...exposuresIn(context)].map(([rule, exposure]) => reportOf(rule, exposure))
      : [],
};
