import { editionsBetween } from '../../catalog/editions.ts';
import { groupBy } from '../../collections.ts';
import { isOwn } from '../../edits/map-edits.ts';
import { addToList } from '../../edits/option-edits.ts';
import type { TextEdit } from '../../edits/text-edit.ts';
import { t } from '../../l10n.ts';
import { ruleEnd, singleEnds } from '../../reach/ends.ts';
import { formatPorts, intersection, isEmpty, NO_PORTS, type PortSet, portTexts } from '../../reach/ports.ts';
import { rulePorts } from '../../reach/rule-ports.ts';
import type { Firewall, FirewallRule, Topology } from '../../topology/model.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { listedUpTo } from '../words.ts';
import { grouped, missingOf, type Stopped, stopKey, stoppedFlows } from './blocked-flows.ts';
import { addRules } from './firewall-fixes.ts';
import { forbiddenOf } from './forbidden.ts';
import { openingsOf } from './lacking-rules.ts';

/** Pairs of machines to name before the rest is only counted. */
const SHOWN = 3;

type Case = Stopped & { readonly mapper: FirewallRule };

/** Whether a rule may match something that another matches too; true also where that is hard to tell. */
function mayMeet(a: FirewallRule, b: FirewallRule, topology: Topology): boolean {
  const isMachine = ({ value }: { readonly value: string }) => {
    const kind = ruleEnd(value, topology)?.kind;
    return kind === 'server' || kind === 'clients';
  };
  return (['from', 'to'] as const).every((side) => {
    if (![...a[side], ...b[side]].every(isMachine)) return true;
    const words = new Set(a[side].map(({ value }) => value.toLowerCase()));
    return b[side].some(({ value }) => words.has(value.toLowerCase()));
  });
}

/** Whether a rule can be given more ports: it lets in nobody who has no business there. */
function canBeWidened(
  { from, to }: FirewallRule,
  tcp: PortSet,
  firewall: Firewall,
  context: RuleContext,
): boolean {
  const { topology } = context;
  const isOpen = (singleEnds(from, topology) ?? []).some(
    (end) =>
      end.kind === 'any' ||
      (end.kind === 'zone' && end.zone.internet) ||
      (end.kind === 'network' && end.network.prefix === 0),
  );
  const words = { from: from.map(({ value }) => value), to: to.map(({ value }) => value) };
  const ports = { tcp, udp: NO_PORTS, icmp: NO_PORTS };
  return !isOpen && !forbiddenOf(words, ports, firewall, context);
}

function editsFor(cases: readonly Case[], context: RuleContext): readonly TextEdit[] {
  const { tree } = context;
  const [first] = cases;
  if (!first) return [];
  const { mapper, block } = first;
  const { firewall } = block;
  const openings = openingsOf(cases, firewall, context);
  if (openings.length === 0) return [];
  const { tcp } = missingOf(cases);
  const denied = cases.find((each) => each.block.rule)?.block.rule;
  const { rules } = firewall;
  // What a rule below lets through now is left to it.
  const isTaken = rules
    .slice(rules.indexOf(mapper) + 1)
    .some(
      (rule) =>
        !isEmpty(intersection(rulePorts(rule, 'tcp', context.topology), tcp)) &&
        mayMeet(mapper, rule, context.topology),
    );
  const isOne = cases.every((each) => each.mapper === mapper);
  // A rule that denies the range is above, or the text serves other places too: then a rule of its own.
  if (
    isOne &&
    !denied &&
    !isTaken &&
    Array.isArray(mapper.tcp) &&
    isOwn(tree, mapper.node, 'tcp') &&
    canBeWidened(mapper, tcp, firewall, context)
  ) {
    const pair = mapper.node.pairs[0];
    if (pair?.key.kind === 'scalar') {
      const edits = addToList(tree, { key: pair.key, node: mapper.node }, 'tcp', portTexts(tcp));
      if (edits.length > 0) return edits;
    }
  }
  return addRules(
    context,
    firewall,
    openings,
    cases.map((each) => each.block.rule),
  );
}

function reportOf(cases: readonly Case[], context: RuleContext): readonly Report[] {
  const [first] = cases;
  if (!first) return [];
  const { firewall } = first.block;
  const ports = formatPorts(missingOf(cases).tcp);
  const pairs = [...new Set(cases.map(({ flow }) => t('{0} to {1}', flow.from.name, flow.to.name)))];
  const denied = cases.find(({ block }) => block.rule)?.block.rule;
  const mappers = [...new Set(cases.map(({ mapper }) => mapper))];
  return [
    {
      span: first.mapper.span,
      message: t(
        denied === undefined
          ? 'Firewall {0} lets RPC from {1} reach the endpoint mapper (TCP 135) but not the dynamic ports TCP {2} that it assigns: let them through too'
          : denied.name === undefined
            ? 'Firewall {0} lets RPC from {1} reach the endpoint mapper (TCP 135) but not the dynamic ports TCP {2} that it assigns (a rule of firewall {0} denies it): let them through too'
            : "Firewall {0} lets RPC from {1} reach the endpoint mapper (TCP 135) but not the dynamic ports TCP {2} that it assigns (rule '{3}' of firewall {0} denies it): let them through too",
        firewall.name,
        listedUpTo(SHOWN, pairs),
        ports,
        denied?.name?.value ?? '',
      ),
      related: [
        ...(denied ? [{ message: t('The rule that denies it'), span: denied.span }] : []),
        ...mappers
          .slice(1)
          .map(({ span }) => ({ message: t('It lets the endpoint mapper be reached'), span })),
      ],
      fixes: () => [{ title: t('Add TCP {0}', ports), safe: false, edits: editsFor(cases, context) }],
    },
  ];
}

const site = (tcp: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  data: { networks: [10.20.0.0/16] }
sites:
  PS1: { type: primary, database: { server: sql01 } }
servers:
  cm01:
    site: PS1
    zone: hq
    roles:
      site-server:
      sms-provider:
  sql01:
    zone: data
    rpcDynamicPorts: 50000-50255 # restricted
    roles:
      sql-server:
firewalls:
  wall:
    zones: [hq, data]
    rules:
      - { action: allow, from: cm01, to: sql01, tcp: ${tcp}, udp: 135 }
`;

export const firewallRpcIncomplete: Rule = {
  code: 'firewall-rpc-incomplete',
  severity: 'error',
  summary: 'A firewall lets RPC reach the endpoint mapper, but not the ports that it assigns.',
  reason: 'RPC starts on port 135 and continues on a dynamic port, so 135 alone is of no use.',
  explanation: `An RPC connection asks the endpoint mapper on port 135 for the port of the service, and connects to that one. A firewall that lets 135 through but not the dynamic range answers the first question and drops the second: the connection hangs until it times out.

Let the range of the target through, as \`rpcDynamicPorts\` gives it. If the whole range is too much to open, restrict it on the server.`,
  source: { document: 'ports', section: 'BKMY_PortNotes', editions: editionsBetween('2017-03', '2017-09') },
  moreSources: [
    { document: 'ports', section: 'bkmk_note6', editions: editionsBetween('2018-09', undefined) },
    {
      document: 'ports-2007',
      section: 'About RPC connections and Configuration Manager',
      editions: ['2007'],
    },
  ],
  bad: [{ title: 'The endpoint mapper alone', text: site('[135, 445, 1433]') }],
  good: [{ title: 'The endpoint mapper and the range', text: site('[135, 445, 1433, 50000-50255]') }],
  severalAtOnePlace: true,
  check(context) {
    // One rule that lets 135 through can be given all of the ranges; one rule more serves many that lack the same.
    const byMapper = grouped(
      stoppedFlows(context).rpc,
      ({ block }) => block.firewall,
      ({ mapper }) => mapper,
    );
    return [...groupBy(byMapper, stopKey).values()].flatMap((cases) => reportOf(cases.flat(), context));
  },
};
