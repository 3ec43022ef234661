import { serviceName } from '../../catalog/index.ts';
import { language, t } from '../../l10n.ts';
import { portSet, union } from '../../reach/ports.ts';
import { isTftp, replyPortsOf, stopsAnswers } from '../clients/tftp-reply-ports.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { listed, listedUpTo } from '../words.ts';
import { deniedBy, grouped, missingOf, missingText, type Stopped, stoppedFlows } from './blocked-flows.ts';
import { addRules, endName } from './firewall-fixes.ts';
import { wouldExpose } from './firewall-internet-exposure.ts';

/** The services to name before the rest is only counted. */
const SHOWN = 3;

function servicesText(stopped: readonly Stopped[]): string {
  return listedUpTo(SHOWN, [...new Set(stopped.map(({ flow }) => serviceName(flow.service, language())))]);
}

/** What is missing, and the answers of a TFTP server: letting the request through alone would be of no use. */
function openingOf(stopped: readonly Stopped[], context: RuleContext): ReturnType<typeof missingOf> {
  const missing = missingOf(stopped);
  const answers = stopped
    .filter(({ flow, block }) => isTftp(flow) && stopsAnswers(flow, block.firewall, context))
    .map(({ flow }) => replyPortsOf(flow, context.topology));
  return { ...missing, udp: union(missing.udp, portSet(answers)) };
}

function reportOf(stopped: readonly Stopped[], context: RuleContext): readonly Report[] {
  const [first] = stopped;
  if (!first) return [];
  const { flow, block } = first;
  const { from, to } = flow;
  const { firewall, rule } = block;
  const role = flow.fromRole ?? flow.toRole;
  const key = role?.key ?? from.clients?.key ?? to.clients?.key ?? firewall.key;
  const missing = missingText(missingOf(stopped));
  const opening = openingOf(stopped, context);
  const source = flow.fromRole ? t('{0} on {1}', flow.fromRole.role, from.name) : from.name;
  const targets = listed([...new Set(stopped.map((each) => each.flow.to.name))]);
  // A rule that opens a machine to the internet is no way out: the machine is in the wrong zone.
  const isExposing = stopped.some((each) => wouldExpose(each.flow, opening.tcp, context.topology));
  const target = flow.toRole ? t('{0} on {1}', flow.toRole.role, to.name) : targets;
  return [
    {
      span: key.span,
      message: t(
        '{0} cannot reach {1}: {2} must get through firewall {3} for {4} ({5})',
        source,
        target,
        missing,
        firewall.name,
        servicesText(stopped),
        deniedBy(block),
      ),
      related: [
        rule
          ? { message: t('The rule that denies it'), span: rule.span }
          : { message: t('Firewall {0}', firewall.name), span: firewall.key.span },
      ],
      fixes: [
        {
          title: t(
            'Add a rule for {0} from {1} to {2} to firewall {3}',
            missingText(opening),
            endName(from),
            endName(to),
            firewall.name,
          ),
          safe: false,
          edits: isExposing
            ? []
            : addRules(
                context,
                firewall,
                [{ from: [endName(from)], to: [endName(to)], ...opening }],
                stopped.map((each) => each.block.rule),
              ),
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
  summary: 'A firewall stops traffic that two machines need.',
  reason: 'The two machines have to talk over these ports, and no rule of the firewall lets them.',
  explanation: `The checker works out which machines have to talk and over which ports, and follows each of these connections through the firewalls between the zones: the first rule that matches decides, and what no rule matches is denied. There is one finding for two machines and a firewall, with all ports that are missing between them.

Let exactly these ports through; the fix adds such a rule, above the one that denies the traffic. What has a rule of its own is left to it: client push, HTTP of a software update point with SSL, and the dynamic ports of RPC. \`cmtopo flows\` shows why the machines talk.`,
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
      text: site(`      - { name: No SMB, action: deny, from: any, to: 10.20.0.0/16, tcp: 445 }
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
  check: (context) =>
    grouped(
      stoppedFlows(context).others,
      ({ flow }) => flow.from,
      // Rules cannot tell cloud services apart: they name the zone.
      ({ flow }) => endName(flow.to),
      ({ block }) => block.firewall,
    ).flatMap((stopped) => reportOf(stopped, context)),
};
