import { editionsBetween } from '../../catalog/editions.ts';
import { DYNAMIC_RANGES, PORTS } from '../../catalog/numbers.ts';
import type { Flow } from '../../flows/flow.ts';
import { t } from '../../l10n.ts';
import type { Blockage } from '../../reach/judge.ts';
import { ALL_PORTS, type PortSet, portSet } from '../../reach/ports.ts';
import type { Traffic } from '../../reach/reach.ts';
import { defaultRpcRange, effectiveOs } from '../../topology/effective.ts';
import type { Firewall, FirewallRule, PortRange, Topology } from '../../topology/model.ts';
import { grouped } from '../firewalls/blocked-flows.ts';
import { addRules, endName, type Opening } from '../firewalls/firewall-fixes.ts';
import { mistakenFlows } from '../firewalls/mistaken-flows.ts';
import { bundled } from '../firewalls/openings.ts';
import { flowsThat } from '../remembered.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { listedUpTo, rpcRangeText } from '../words.ts';

const TFTP = String(PORTS.tftp);
/** Where Windows takes its dynamic ports from since Windows Server 2008. */
const MODERN: PortRange = DYNAMIC_RANGES.newer;
/** Machines to name before the rest is only counted. */
const SHOWN = 3;

/** A TFTP request that a firewall lets through, and what it does with what comes after. */
interface Case {
  readonly flow: Flow;
  readonly firewall: Firewall;
  /** The rule that lets the request in. */
  readonly rule: FirewallRule;
  readonly range: PortRange;
  /** The rule that denies the answers, or none that allows them; undefined where they get through. */
  readonly answers: Blockage | undefined;
  /** The same for what Windows PE sends on. */
  readonly further: Blockage | undefined;
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

const requests = flowsThat(isTftp);

/**
 * What goes between the two ends of a TFTP request after it, which is no flow: the server answers from a port of its
 * dynamic range to any that the network card chose, and Windows PE sends on to that port of the server.
 */
export function answersTo(
  flow: Flow,
  topology: Topology,
): { readonly answers: Traffic; readonly further: Traffic } {
  const { from, to, protocol, zones } = flow;
  const both = { protocol, ...(zones ? { zones } : {}) };
  return {
    answers: { ...both, from: to, to: from, ports: ALL_PORTS },
    further: { ...both, from, to, ports: portSet([replyPortsOf(flow, topology)]) },
  };
}

/** What a firewall stops of some traffic. */
export function blockAt(traffic: Traffic, firewall: Firewall, { reach }: RuleContext): Blockage | undefined {
  const verdict = reach().judge(traffic);
  return verdict.kind === 'blocked' ? verdict.blocks.find((block) => block.firewall === firewall) : undefined;
}

function casesOf(flow: Flow, context: RuleContext): readonly Case[] {
  const { from, to, zones } = flow;
  const ports: PortSet = portSet([{ low: PORTS.tftp, high: PORTS.tftp }]);
  const request = context.reach().judge({ from, to, protocol: 'udp', ports, ...(zones ? { zones } : {}) });
  if (request.kind === 'unchecked') return [];
  const stopping = request.kind === 'blocked' ? request.blocks.map(({ firewall }) => firewall) : [];
  const { answers, further } = answersTo(flow, context.topology);
  return request.by.flatMap(({ firewall, rule }): readonly Case[] => {
    if (firewall.planned?.value === true || stopping.includes(firewall)) return [];
    const stopped = {
      answers: blockAt(answers, firewall, context),
      further: blockAt(further, firewall, context),
    };
    if (!stopped.answers && !stopped.further) return [];
    return [{ flow, firewall, rule, range: replyPortsOf(flow, context.topology), ...stopped }];
  });
}

function reportOf(cases: readonly Case[], context: RuleContext): readonly Report[] {
  const [first] = cases;
  if (!first) return [];
  const names = (of: (flow: Flow) => string) =>
    listedUpTo(SHOWN, [...new Set(cases.map(({ flow }) => of(flow)))]);
  const servers = names(({ to }) => to.name);
  const clients = names(({ from }) => from.name);
  const ranges = listedUpTo(SHOWN, [...new Set(cases.map(({ range }) => rpcRangeText(range)))]);
  const { name } = first.firewall;
  const roles = new Map(cases.flatMap(({ flow }) => (flow.toRole ? [[flow.toRole, flow] as const] : [])));
  return [
    {
      span: first.rule.span,
      message: messageOf(first, name, clients, servers, ranges),
      related: [...roles.keys()].map((role) => ({
        message: t('{0} on {1}', role.role, role.server.name),
        span: role.key.span,
      })),
      fixes: () => [
        {
          title: t('Add what is missing for PXE between {0} and {1} to firewall {2}', clients, servers, name),
          safe: false,
          edits: addRules(context, first.firewall, openingsFor(cases, context), deniersOf(cases)),
        },
      ],
    },
  ];
}

function messageOf(
  { answers, further }: Case,
  firewall: string,
  clients: string,
  servers: string,
  ranges: string,
): string {
  if (answers && further)
    return t(
      "Firewall {0} lets TFTP requests (UDP 69) from {1} to {2} through, but neither the answers (back to any UDP port) nor what Windows PE then sends (to UDP {3}): let both through, or boot from a server in the clients' own zone",
      firewall,
      clients,
      servers,
      ranges,
    );
  if (answers)
    return t(
      "Firewall {0} lets TFTP requests (UDP 69) from {1} to {2} through, but not the answers, which go back to any UDP port that the network card chooses: let them through, or boot from a server in the clients' own zone",
      firewall,
      clients,
      servers,
    );
  return t(
    "Firewall {0} lets TFTP requests (UDP 69) from {1} to {2} through and the answers back, but not what Windows PE then sends to UDP {3}: let it through, or boot from a server in the clients' own zone",
    firewall,
    clients,
    servers,
    ranges,
  );
}

/** The rules for what is missing: the answers, and what Windows PE sends on to servers of one range. */
function openingsFor(cases: readonly Case[], context: RuleContext): readonly Opening[] {
  const [first] = cases;
  if (!first) return [];
  const { firewall } = first;
  const pairs = (those: readonly Case[], isBack: boolean) => {
    const ends = those.map(({ flow: { from, to } }) => (isBack ? { from: to, to: from } : { from, to }));
    const named = ends.map(({ from, to }) => ({ from, to, fromWord: endName(from), toWord: endName(to) }));
    const distinct = new Map(named.map((pair) => [`${pair.fromWord}\n${pair.toWord}`, pair]));
    return bundled([...distinct.values()], firewall, context.reach());
  };
  const back = cases.filter(({ answers }) => answers);
  const on = cases.filter(({ further }) => further);
  return [
    ...grouped(on, ({ range }) => rpcRangeText(range)).flatMap((those) =>
      pairs(those, false).map(({ from, to }) => ({
        from,
        to,
        udp: those.map(({ range }) => range).slice(0, 1),
      })),
    ),
    ...pairs(back, true).map(({ from, to }) => ({ from, to, udp: ALL_PORTS })),
  ];
}

function deniersOf(cases: readonly Case[]): readonly (FirewallRule | undefined)[] {
  return cases.flatMap(({ answers, further }) => [answers?.rule, further?.rule]);
}

const site = (udp: string, more = '') => `configmgr: 2017-09
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
${more}`;

const ANSWERS = '      - { name: Answers, action: allow, from: cm01, to: desktops, udp: any }\n';

export const tftpReplyPorts: Rule = {
  code: 'tftp-reply-ports',
  severity: 'warning',
  summary:
    'A firewall lets PXE requests through, but not the traffic that follows between client and TFTP server.',
  reason:
    'A TFTP server listens on UDP 69 and answers from a high port, which no firewall takes for a reply.',
  explanation: `A client that boots by PXE asks for its boot image on UDP 69. The server answers from a high port that it picks for the transfer, so a firewall that keeps track of connections sees a new one and drops it: the client shows a time-out although UDP 69 is open.

There are two halves. The answers go from the distribution point to the client, from the server's dynamic range (UDP 49152-65535 since Windows Server 2008, 1024-5000 before) to any port: the network card chooses it, and no document limits it. And in Windows PE both ends use dynamic ports, so that the client also sends to that range of the server. The message says which half is missing.

Let both through, each in its own direction. Or put a distribution point with PXE into the clients' own zone, or use a firewall that tracks TFTP.`,
  source: { document: 'ports', section: 'BKMK_PortsClient-DP3' },
  moreSources: [
    { document: 'ports', section: 'BKMY_PortNotes', editions: editionsBetween('2017-03', '2017-09') },
    { document: 'ports', section: 'bkmk_note4', editions: editionsBetween('2018-09', undefined) },
  ],
  bad: [
    { title: 'The documented ports and nothing else', text: site('[67, 68, 69, 4011]') },
    { title: 'The high ports of the server, and no answers', text: site('[67, 68, 69, 4011, 49152-65535]') },
    {
      title: 'Answers to the dynamic ports of Windows alone',
      text: site('[67, 68, 69, 4011, 49152-65535]', ANSWERS.replace('any', '49152-65535')),
    },
    { title: 'The answers, and not what Windows PE sends on', text: site('[67, 68, 69, 4011]', ANSWERS) },
  ],
  good: [{ title: 'Both halves', text: site('[67, 68, 69, 4011, 49152-65535]', ANSWERS) }],
  severalAtOnePlace: true,
  check: (context) => {
    // Without a firewall nothing is in the way, and the flows of a large file are expensive.
    const all = context.topology.firewalls.size === 0 ? [] : requests(context);
    if (all.length === 0) return [];
    const isMistaken = mistakenFlows(context);
    return grouped(
      all.filter((flow) => !isMistaken(flow)).flatMap((flow) => casesOf(flow, context)),
      ({ firewall }) => firewall,
      ({ rule }) => rule,
      ({ answers }) => answers === undefined,
      ({ further }) => further === undefined,
    ).flatMap((cases) => reportOf(cases, context));
  },
};
