import { t } from '../../l10n.ts';
import type { Firewall } from '../../topology/model.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { stoppedFlows } from './blocked-flows.ts';
import { blockedReports } from './blocked-report.ts';
import { lackingRules, writeLacking } from './lacking-rules.ts';

/** What a firewall that is not there yet still lacks: nothing is wrong with it. */
function plannedReport(firewall: Firewall, context: RuleContext): readonly Report[] {
  const { length } = lackingRules(firewall, context).openings;
  if (length === 0) return [];
  return [
    {
      span: firewall.key.span,
      severity: 'information',
      message: t(
        length === 1
          ? 'The planned firewall {0} still lacks {1} rule that connections of this file need: write it before the firewall goes live'
          : 'The planned firewall {0} still lacks {1} rules that connections of this file need: write them before the firewall goes live',
        firewall.name,
        length,
      ),
      fixes: () => [
        {
          title: t('Write all rules that firewall {0} lacks', firewall.name),
          safe: false,
          edits: writeLacking(firewall, context),
        },
      ],
    },
  ];
}

const site = (rules: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  data: { networks: [10.20.0.0/16] }
sites:
  PS1: { type: primary, database: { server: sql01, instance: CM } }
servers:
  cm01:
    site: PS1
    zone: hq
    addresses: [10.10.0.10]
    roles:
      site-server:
      sms-provider:
  sql01:
    zone: data
    addresses: [10.20.0.10]
    roles:
      sql-server:
        instances:
          CM: { port: 14330 }
firewalls:
  wall:
    zones: [hq, data]
    rules:
${rules}`;

export const firewallBlocked: Rule = {
  code: 'firewall-blocked',
  severity: 'error',
  summary: 'A firewall blocks traffic that two machines need.',
  reason: 'The two machines have to communicate over these ports, and no rule of the firewall allows it.',
  explanation: `The checker works out which machines have to communicate and over which ports, and follows each of these connections through the firewalls between the zones: the first rule that matches decides, and what no rule matches is denied. There is one finding for what one rule would fix: the same ports between some machines and others, at one firewall.

Of several alternatives, such as the distribution points of a boundary group, one is enough: there is a finding only if none can be reached, and it is about the one with the fewest blocked ports. What is needed only while something is installed, what the documents call optional and what Windows itself needs have codes of their own.

Let exactly these ports through; the fix adds such a rule, above the one that denies the traffic. *Write all rules that the firewall lacks* adds everything at once, merged into as few rules as fit. A firewall with \`planned: true\` gets one finding that counts the rules that it still lacks. What other rules report is not repeated here: client push, HTTP of a software update point with SSL, and the dynamic ports of RPC. \`cmtopo flows\` shows why the machines talk.`,
  source: { document: 'format', section: 'firewallsname' },
  moreSources: [{ document: 'communications-between-endpoints', section: 'Plan_Com_X-Forest' }],
  bad: [
    {
      title: 'A port of its own is forgotten',
      text: site(`      - { action: allow, from: cm01, to: sql01, tcp: [135, 445, 49152-65535], udp: 135 } # SQL
`),
    },
    {
      title: 'Denied by a rule further up',
      text: site(`      - { name: No database, action: deny, from: any, to: 10.20.0.0/16, tcp: 14000-14999 }
      - { action: allow, from: cm01, to: sql01, tcp: [135, 445, 14330, 49152-65535], udp: 135 }
`),
    },
  ],
  good: [
    {
      title: 'Everything that the two need',
      text: site(`      - { action: allow, from: cm01, to: sql01, tcp: [135, 445, 14330, 49152-65535], udp: 135 }
`),
    },
  ],
  severalAtOnePlace: true,
  check(context) {
    const planned = new Set(
      stoppedFlows(context)
        .all.map(({ block }) => block.firewall)
        .filter((firewall) => firewall.planned?.value === true),
    );
    return [
      ...blockedReports('operation', context),
      ...[...planned].flatMap((firewall) => plannedReport(firewall, context)),
    ];
  },
};
