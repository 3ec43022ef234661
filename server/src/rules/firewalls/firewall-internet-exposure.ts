import { getOrAdd, memo } from '../../collections.ts';
import type { Endpoint } from '../../flows/flow.ts';
import { t } from '../../l10n.ts';
import { singleEnds } from '../../reach/ends.ts';
import { endMeans, facesOf, matcher } from '../../reach/matching.ts';
import {
  ALL_PORTS,
  difference,
  intersection,
  isEmpty,
  NO_PORTS,
  type PortSet,
  portSet,
  union,
} from '../../reach/ports.ts';
import { rulePorts } from '../../reach/rule-ports.ts';
import { clientPortsOf, effectiveZone, effectiveZones, siteOf } from '../../topology/effective.ts';
import { roleInfo } from '../../topology/format.ts';
import type { Firewall, FirewallRule, Server, Topology, Zone } from '../../topology/model.ts';
import { servingFix, unservedOnInternet } from '../clients/unserved-clients.ts';
import { isAllKnown } from '../hierarchy/hierarchy.ts';
import { fromServers } from '../remembered.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { capital, listedUpTo } from '../words.ts';
import { missingText } from './blocked-flows.ts';
import { ruleName } from './firewall-fixes.ts';
import { guardedPorts, internetZones, servingInternet } from './forbidden.ts';

/** Servers to name before the rest is only counted. */
const SHOWN = 3;

interface Exposure {
  readonly firewall: Firewall;
  readonly servers: Set<Server>;
  tcp: PortSet;
  udp: PortSet;
  /** All of it is about site systems that serve nobody out there. */
  isForNobody: boolean;
}

const serversOnInternet = fromServers((server, { topology }) =>
  effectiveZone(server, topology)?.internet ? [server] : [],
);

/** Everyone who may call from the internet: anybody, and the machines that the file has there. */
function callersIn(zone: Zone, context: RuleContext): readonly Endpoint[] {
  const { topology } = context;
  const name = zone.id;
  const servers = serversOnInternet(context).filter((server) => effectiveZone(server, topology) === zone);
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

/** Whether a firewall is the one to a zone marked internet. */
function isEdge({ zones, between }: Firewall, outside: ReadonlySet<string>): boolean {
  return [...zones, ...between.flat()].some(({ value }) => outside.has(value.toLowerCase()));
}

/** Whether a rule speaks of a caller without addresses. */
function isSource({ from }: FirewallRule, caller: Endpoint, topology: Topology): boolean {
  return (singleEnds(from, topology) ?? []).some((end) => endMeans(end, caller, undefined, topology));
}

function findExposures(context: RuleContext): ReadonlyMap<FirewallRule, Exposure> {
  const { topology } = context;
  const exposures = new Map<FirewallRule, Exposure>();
  const outside = internetZones(topology);
  const reach = context.reach();
  // Most edges let the internet send nothing but replies: then nobody has to be asked about every server.
  const all = [...topology.zones.values()]
    .filter(({ internet }) => internet)
    .flatMap((zone) => callersIn(zone, context));
  const mayCall = (rule: FirewallRule, caller: Endpoint) =>
    caller.kind !== 'cloud' || isSource(rule, caller, topology);
  const inward = [...topology.firewalls.values()]
    .filter((firewall) => isEdge(firewall, outside))
    .map((firewall) => ({
      ...firewall,
      rules: firewall.rules.filter(
        (rule) => rule.action?.value === 'allow' && all.some((caller) => mayCall(rule, caller)),
      ),
    }));
  const callers = all.filter((caller) =>
    inward.some(({ rules }) => rules.some((rule) => mayCall(rule, caller))),
  );
  const targets = inward.map((firewall) => matcher(firewall, 'to', topology));
  const isTarget = (to: Endpoint) =>
    facesOf(to, targets, topology, () => false).some(({ mentions }) =>
      mentions.some(({ lists }) => lists.length > 0),
    );
  if (callers.length === 0) return exposures;
  for (const server of topology.servers.values()) {
    const own = effectiveZone(server, topology);
    if (!own || outside.has(own.id)) continue;
    const to: Endpoint = { name: server.name, kind: 'server', server, zone: own.id };
    if (!isTarget(to)) continue;
    const isForNobody = isSiteSystem(server) && !servingInternet(context).has(server);
    const guarded = {
      tcp: isForNobody ? ALL_PORTS : guardedPorts(server, topology),
      udp: isForNobody ? ALL_PORTS : NO_PORTS,
    };
    for (const protocol of ['tcp', 'udp'] as const)
      for (const from of callers) {
        const ports = guarded[protocol];
        const verdict = isEmpty(ports) ? undefined : reach.judge({ from, to, protocol, ports });
        if (verdict === undefined || verdict.kind === 'unchecked') continue;
        const stopped = verdict.kind === 'blocked' ? verdict.blocks.map(({ missing }) => missing) : [];
        const open = stopped.reduce(difference, ports);
        if (isEmpty(open)) continue;
        for (const { firewall, rule } of verdict.by) {
          const exposed = intersection(open, rulePorts(rule, protocol, topology));
          if (isEmpty(exposed) || !isEdge(firewall, outside)) continue;
          const exposure = getOrAdd(exposures, rule, () => ({
            firewall,
            servers: new Set<Server>(),
            tcp: NO_PORTS,
            udp: NO_PORTS,
            isForNobody: true,
          }));
          exposure.servers.add(server);
          exposure.isForNobody &&= isForNobody;
          exposure[protocol] = union(exposure[protocol], exposed);
        }
      }
  }
  return exposures;
}

/** Whether a server has a role of a site; others may serve whom they like. */
function isSiteSystem({ site, roles }: Server): boolean {
  return site !== undefined && roles.some(({ role }) => roleInfo(role)?.belongsToSite === true);
}

/** Whether this rule reports that the internet reaches a site system which serves nobody there, on a port of HTTPS. */
export function isExposed(server: Server, context: RuleContext): boolean {
  return (
    context.isOn(firewallInternetExposure.code) &&
    mayReport(context) &&
    [...exposuresIn(context).values()].some((exposure) => isMeantForClients(exposure, server, context))
  );
}

/** Whether a rule looks as if clients on the internet were to use a server that nothing says is there for them. */
function isMeantForClients(
  { isForNobody, servers, tcp }: Exposure,
  server: Server,
  { topology }: RuleContext,
): boolean {
  const site = siteOf(server, topology);
  if (site === undefined || !isForNobody || servers.size > 1 || !servers.has(server)) return false;
  const https = clientPortsOf(site, topology).https.map((port) => ({ low: port, high: port }));
  return !isEmpty(intersection(tcp, portSet(https)));
}

function mayReport(context: RuleContext): boolean {
  return context.topology.firewalls.size > 0 && isAllKnown(context);
}

function reportOf(rule: FirewallRule, exposure: Exposure, context: RuleContext): Report {
  const { firewall, servers, tcp, udp, isForNobody } = exposure;
  const names = listedUpTo(
    SHOWN,
    [...servers].map(({ name }) => name),
  );
  const ports = missingText({ tcp, udp, icmp: false });
  const name = capital(ruleName(rule, firewall));
  const related = [...servers].map((server) => ({
    message: t('Server {0}', server.name),
    span: server.key.span,
  }));
  const unserved = unservedOnInternet(context).find(
    ({ points: [nearest] }) => nearest && isMeantForClients(exposure, nearest.server, context),
  );
  if (unserved)
    return {
      span: rule.span,
      message: t(
        '{0} of firewall {1} lets the internet reach {2} on {3}, and nothing says that it serves clients there, nor does anything else serve {4}: set clients of its management point, or take the rule out',
        name,
        firewall.name,
        names,
        ports,
        listedUpTo(
          SHOWN,
          unserved.groups.map((group) => group.name),
        ),
      ),
      related: [
        ...related,
        ...unserved.groups.map((group) => ({
          message: t('The clients {0}', group.name),
          span: group.key.span,
        })),
      ],
      fixes: unserved.points.slice(0, 1).map((role) => servingFix(role, context)),
    };
  return {
    span: rule.span,
    message: isForNobody
      ? t(
          '{0} of firewall {1} lets the internet reach {2} on {3}: no documented connection of this file uses it; a site system for clients there has clients: internet or both, others take no calls from the internet',
          name,
          firewall.name,
          names,
          ports,
        )
      : t(
          '{0} of firewall {1} lets the internet reach {2} on {3}: RPC, SMB and SQL Server are not for the internet, take these ports out',
          name,
          firewall.name,
          names,
          ports,
        ),
    related,
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
  summary:
    'A firewall lets the internet reach RPC, SMB or SQL Server, or a site system that is not meant for it.',
  reason: 'What is open to the internet is open to everybody, and site systems are made for known machines.',
  explanation: `Clients on the internet need HTTPS, client notification and the ports of software update points, and nothing else. An allow rule that lets the zone marked \`internet\` reach TCP 135, 445, the dynamic RPC range or the port of a SQL Server instance opens a server to everybody. So does any port of a site system that serves no clients there: neither \`clients: internet\` nor \`clients: both\`, and no group on the internet that uses its enrollment proxy point.

If the rule seems to be meant for clients on the internet that nothing else serves, the solution may be the opposite: set \`clients\` of the management point, as the fix does.

Remove these ports from the rule, or name the machines that need them. A site system on the internet that has to connect to the internal network is better placed in a perimeter network, with [siteServerInitiates](site-server-initiates.md).`,
  source: { document: 'communications-between-endpoints', section: 'bkmk_span' },
  bad: [
    { title: 'SMB along with HTTPS', text: site('[443, 445, 10123]') },
    {
      title: 'HTTPS to a site system for the intranet',
      text: site('[443, 10123]')
        .replace(
          'clients:\n',
          `  mp02:
    site: PS1
    zone: perimeter
    roles:
      management-point: { protocol: https }
clients:
`,
        )
        .concat('      - { action: allow, from: internet, to: mp02, tcp: 443 }\n'),
    },
  ],
  good: [{ title: 'What clients on the internet need', text: site('[443, 10123]') }],
  check: (context) =>
    mayReport(context)
      ? [...exposuresIn(context)].map(([rule, exposure]) => reportOf(rule, exposure, context))
      : [],
};
