import { editionsBetween } from '../../catalog/editions.ts';
import { groupBy } from '../../collections.ts';
import { t } from '../../l10n.ts';
import type { FirewallRule } from '../../topology/model.ts';
import { deniedBy, type Stopped, stopKey, stoppedFlows } from '../firewalls/blocked-flows.ts';
import { addRules } from '../firewalls/firewall-fixes.ts';
import { openingsOf } from '../firewalls/lacking-rules.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { listedUpTo } from '../words.ts';

/** Machines to name before the rest is only counted. */
const SHOWN = 3;

type Case = Stopped & { readonly allowing: FirewallRule | undefined; readonly httpsPort: string };

/** Each stopped HTTP flow with the rule that lets its HTTPS through. */
function casesOf(context: RuleContext): readonly Case[] {
  return stoppedFlows(context).wsusHttp.map(({ https, ...stopped }) => {
    const { block } = stopped;
    const verdict = context.reach().verdict(https);
    const by =
      verdict.kind === 'unchecked'
        ? undefined
        : verdict.by.find(({ firewall }) => firewall === block.firewall)?.rule;
    return { ...stopped, allowing: by, httpsPort: https.ports[0] ?? '' };
  });
}

function reportOf(cases: readonly Case[], context: RuleContext): readonly Report[] {
  const [first] = cases;
  if (!first) return [];
  const { firewall, rule } = first.block;
  const names = (of: (one: Case) => readonly string[]) => listedUpTo(SHOWN, [...new Set(cases.flatMap(of))]);
  const ports = names(({ flow }) => flow.ports);
  const roles = [...new Set(cases.flatMap(({ flow }) => flow.toRole ?? []))];
  const allowing = [...new Set(cases.flatMap(({ allowing }) => allowing ?? []))];
  return [
    {
      span: allowing[0]?.span ?? firewall.key.span,
      message: t(
        'Firewall {0} lets {1} reach {2} on {3} over HTTPS {4} but not over HTTP {5}, which carries licence texts even with SSL ({6}): let TCP {5} through too',
        firewall.name,
        names(({ flow }) => [flow.from.name]),
        first.flow.toRole?.role ?? 'WSUS',
        names(({ flow }) => [flow.to.name]),
        names(({ httpsPort }) => [httpsPort]),
        ports,
        deniedBy(first.block),
      ),
      related: [
        ...(rule ? [{ message: t('The rule that denies it'), span: rule.span }] : []),
        ...allowing.slice(1).map(({ span }) => ({ message: t('It lets HTTPS through'), span })),
        ...roles.map((role) => ({
          message: t('{0} on {1}', role.role, role.server.name),
          span: role.key.span,
        })),
      ],
      fixes: () => [
        {
          title: t('Add a rule for TCP {0} to firewall {1}', ports, firewall.name),
          safe: false,
          edits: addRules(
            context,
            firewall,
            openingsOf(cases, firewall, context),
            cases.map(({ block }) => block.rule),
          ),
        },
      ],
    },
  ];
}

const site = (ports: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  branch: { networks: [10.20.0.0/16] }
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
      software-update-point: { ssl: true }
clients:
  desktops: { site: PS1, zone: branch }
firewalls:
  line:
    zones: [hq, branch]
    rules:
      - { action: allow, from: desktops, to: cm01, tcp: [443, 10123] }
      - { name: Updates, action: allow, from: branch, to: cm01, tcp: ${ports} }
`;

export const wsusHttpBlocked: Rule = {
  code: 'wsus-http-blocked',
  severity: 'error',
  summary: 'A firewall lets HTTPS of a software update point with SSL through, but not its HTTP.',
  reason: 'A software update point with SSL sends the licence texts of updates over HTTP all the same.',
  explanation: `With \`ssl: true\`, clients and servers scan over HTTPS, and it looks as if HTTP were no longer needed. The licence terms of some updates still come over the HTTP port, unencrypted; if a firewall blocks it, these updates fail.

Let both ports of the pair through. The rule looks at every firewall on the way, and at the port that the file gives.`,
  source: { document: 'ports', section: 'BKMY_PortNotes', editions: editionsBetween('2017-03', '2017-09') },
  moreSources: [
    { document: 'ports', section: 'bkmk_note3', editions: editionsBetween('2018-09', undefined) },
  ],
  bad: [{ title: 'Only the HTTPS port', text: site('8531') }],
  good: [{ title: 'Both ports', text: site('[8530, 8531]') }],
  severalAtOnePlace: true,
  check: (context) =>
    [...groupBy(casesOf(context), (one) => stopKey([one])).values()].flatMap((cases) =>
      reportOf(cases, context),
    ),
};
