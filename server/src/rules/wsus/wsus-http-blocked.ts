import { editionsBetween } from '../../catalog/editions.ts';
import { t } from '../../l10n.ts';
import { type PortSet, portSet } from '../../reach/ports.ts';
import type { FirewallRule } from '../../topology/model.ts';
import { deniedBy, grouped, type Stopped, stoppedFlows } from '../firewalls/blocked-flows.ts';
import { addRules, endName, type Opening } from '../firewalls/firewall-fixes.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { listed } from '../words.ts';

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

function openingsOf(cases: readonly Case[]): readonly Opening[] {
  return grouped(
    cases,
    ({ flow }) => flow.to,
    ({ flow }) => flow.ports.join(','),
  ).map((same) => {
    const ports: PortSet = portSet(same.flatMap(({ block }) => block.missing));
    const [first] = same;
    return {
      from: [...new Set(same.map(({ flow }) => endName(flow.from)))],
      to: first ? [endName(first.flow.to)] : [],
      tcp: ports,
    };
  });
}

function reportOf(cases: readonly Case[], context: RuleContext): readonly Report[] {
  const [first] = cases;
  if (!first) return [];
  const { firewall, rule } = first.block;
  const { toRole: role } = first.flow;
  const callers = [...new Set(cases.map(({ flow }) => flow.from.name))];
  const targets = [...new Set(cases.map(({ flow }) => flow.to.name))];
  const ports = [...new Set(cases.flatMap(({ flow }) => flow.ports))];
  const https = [...new Set(cases.map(({ httpsPort }) => httpsPort))];
  return [
    {
      span: first.allowing?.span ?? firewall.key.span,
      message: t(
        'Firewall {0} lets {1} reach {2} on {3} over HTTPS {4} and not over HTTP {5}, which carries licence texts even with SSL ({6}): let TCP {5} through too',
        firewall.name,
        listed(callers),
        role?.role ?? 'WSUS',
        listed(targets),
        listed(https),
        listed(ports),
        deniedBy(first.block),
      ),
      related: [
        ...(rule ? [{ message: t('The rule that denies it'), span: rule.span }] : []),
        ...(role ? [{ message: t('{0} on {1}', role.role, role.server.name), span: role.key.span }] : []),
      ],
      fixes: [
        {
          title: t('Add a rule for TCP {0} to firewall {1}', listed(ports), firewall.name),
          safe: false,
          edits: addRules(
            context,
            firewall,
            openingsOf(cases),
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
  summary: 'A firewall lets HTTPS of a software update point with SSL through, and not its HTTP.',
  reason: 'A software update point with SSL sends the licence texts of updates over HTTP all the same.',
  explanation: `With \`ssl: true\`, clients and servers scan over HTTPS, and it looks as if HTTP were no longer needed. The licence terms of some updates still come over the HTTP port, unencrypted; where a firewall stops it, these updates fail.

Let both ports of the pair through. The rule looks at every firewall on the way, and at the port that the file gives.`,
  source: { document: 'ports', section: 'BKMY_PortNotes', editions: editionsBetween('2017-03', '2017-09') },
  moreSources: [
    { document: 'ports', section: 'bkmk_note3', editions: editionsBetween('2018-09', undefined) },
  ],
  bad: [{ title: 'Only the HTTPS port', text: site('8531') }],
  good: [{ title: 'Both ports', text: site('[8530, 8531]') }],
  severalAtOnePlace: true,
  check: (context) =>
    grouped(
      casesOf(context),
      ({ block }) => block.firewall,
      ({ allowing, block }) => allowing ?? block.firewall,
    ).flatMap((cases) => reportOf(cases, context)),
};
