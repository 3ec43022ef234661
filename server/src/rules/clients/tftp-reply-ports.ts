import { editionsBetween } from '../../catalog/editions.ts';
import { DYNAMIC_RANGES, PORTS } from '../../catalog/numbers.ts';
import type { Flow } from '../../flows/flow.ts';
import { t } from '../../l10n.ts';
import { portSet } from '../../reach/ports.ts';
import { defaultRpcRange, effectiveOs } from '../../topology/effective.ts';
import type { Firewall, FirewallRule, PortRange, Topology } from '../../topology/model.ts';
import { grouped } from '../firewalls/blocked-flows.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { listed, rangeText } from '../words.ts';

const TFTP = '69';
/** Where Windows takes its dynamic ports from since Windows Server 2008. */
const MODERN: PortRange = DYNAMIC_RANGES.newer;

interface Case {
  readonly flow: Flow;
  readonly firewall: Firewall;
  /** The rule that lets TFTP requests in. */
  readonly rule: FirewallRule;
  readonly range: PortRange;
}

/** The ports from which a TFTP server answers: those that its system gives out. */
export function replyPortsOf({ to }: Flow, topology: Topology): PortRange {
  const os = to.server && effectiveOs(to.server, topology)?.value;
  return (os !== undefined && defaultRpcRange(os)) || MODERN;
}

/** Whether a flow is a TFTP request, of PXE. */
export function isTftp({ protocol, ports }: Flow): boolean {
  return protocol === 'udp' && ports.includes(TFTP);
}

/** Whether a firewall stops the answers of a TFTP server, seen as traffic to its ports or as the server's own. */
export function stopsAnswers(flow: Flow, firewall: Firewall, { topology, reach }: RuleContext): boolean {
  const { from, to } = flow;
  const ports = portSet([replyPortsOf(flow, topology)]);
  return [
    reach().judge({ from, to, protocol: 'udp', ports }),
    reach().judge({ from: to, to: from, protocol: 'udp', ports }),
  ].every(
    (verdict) => verdict.kind === 'blocked' && verdict.blocks.some((block) => block.firewall === firewall),
  );
}

function casesOf(flow: Flow, context: RuleContext): readonly Case[] {
  const { from, to } = flow;
  const ports = portSet([{ low: PORTS.tftp, high: PORTS.tftp }]);
  const request = context.reach().judge({ from, to, protocol: 'udp', ports });
  if (request.kind === 'unchecked') return [];
  const stopping = request.kind === 'blocked' ? request.blocks.map(({ firewall }) => firewall) : [];
  return request.by
    .filter(
      ({ firewall }) =>
        firewall.planned?.value !== true &&
        !stopping.includes(firewall) &&
        stopsAnswers(flow, firewall, context),
    )
    .map(({ firewall, rule }) => ({ flow, firewall, rule, range: replyPortsOf(flow, context.topology) }));
}

function reportOf(cases: readonly Case[]): readonly Report[] {
  const [first] = cases;
  if (!first) return [];
  const servers = listed([...new Set(cases.map(({ flow }) => flow.to.name))]);
  const clients = listed([...new Set(cases.map(({ flow }) => flow.from.name))]);
  const ranges = listed([...new Set(cases.map(({ range }) => rangeText(range)))]);
  const roles = new Map(cases.flatMap(({ flow }) => (flow.toRole ? [[flow.toRole, flow] as const] : [])));
  return [
    {
      span: first.rule.span,
      message: t(
        "Firewall {0} lets TFTP requests (UDP 69) from {1} to {2} through, and not the answers, which come from a port in UDP {3}: let UDP {3} through between them too, or boot from a server in the clients' own zone",
        first.firewall.name,
        clients,
        servers,
        ranges,
      ),
      related: [...roles.keys()].map((role) => ({
        message: t('{0} on {1}', role.role, role.server.name),
        span: role.key.span,
      })),
    },
  ];
}

const site = (udp: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  floor: { networks: [10.20.0.0/16] }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    zone: hq
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point: { protocol: https }
      distribution-point: { protocol: https, pxe: true }
clients:
  desktops: { site: PS1, zone: floor }
firewalls:
  line:
    zones: [hq, floor]
    rules:
      - { action: allow, from: desktops, to: cm01, tcp: [443, 10123] }
      - { name: PXE, action: allow, from: desktops, to: cm01, udp: ${udp} }
`;

export const tftpReplyPorts: Rule = {
  code: 'tftp-reply-ports',
  severity: 'warning',
  summary: 'A firewall lets PXE requests through, and not the answers of the TFTP server.',
  reason:
    'A TFTP server listens on UDP 69 and answers from a high port, which no firewall takes for a reply.',
  explanation: `A client that boots by PXE asks for its boot image on UDP 69. The server answers from a high port that it picks for the transfer, so a firewall that keeps track of connections sees a new one and drops it: the client shows a time-out although UDP 69 is open.

Let the server's high ports through between the two, UDP 49152-65535 since Windows Server 2008 (1024-5000 before), in either direction of the rule. Or put a distribution point with PXE into the clients' own zone, or use a firewall that follows TFTP.`,
  source: { document: 'ports', section: 'BKMK_PortsClient-DP3' },
  moreSources: [
    { document: 'ports', section: 'BKMY_PortNotes', editions: editionsBetween('2017-03', '2017-09') },
    { document: 'ports', section: 'bkmk_note4', editions: editionsBetween('2018-09', undefined) },
  ],
  bad: [{ title: 'The documented ports and nothing else', text: site('[67, 68, 69, 4011]') }],
  good: [{ title: 'The high ports of the server too', text: site('[67, 68, 69, 4011, 49152-65535]') }],
  severalAtOnePlace: true,
  check: (context) =>
    grouped(
      // Without a firewall nothing is in the way, and the flows of a large file are expensive.
      (context.topology.firewalls.size === 0 ? [] : context.flows())
        .filter(isTftp)
        .flatMap((flow) => casesOf(flow, context)),
      ({ firewall }) => firewall,
      ({ rule }) => rule,
    ).flatMap(reportOf),
};
