import { t } from '../../l10n.ts';
import { isExposed } from '../firewalls/firewall-internet-exposure.ts';
import type { Report, Rule } from '../rule.ts';
import { listedUpTo } from '../words.ts';
import { servingFix, unservedOnInternet } from './unserved-clients.ts';

/** As many names as a message shows. */
const SHOWN = 3;

const file = (point: string) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
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
      management-point: ${point}
clients:
  laptops: { site: PS1, zone: internet }
`;

export const internetClientsUnserved: Rule = {
  code: 'internet-clients-unserved',
  severity: 'error',
  summary: 'Clients are on the internet, and neither a management point nor a gateway serves them.',
  reason: 'A client without a management point that serves the internet gets no policy there.',
  explanation: `Clients on the internet use management points with \`clients: internet\` or \`both\`, or the cloud management gateway of their hierarchy, and no others. Where there is neither, they get no policy: set \`clients\` of a management point in the perimeter, or describe the gateway by its connection point.

A firewall rule does not help: no rule that the checker proposes ever opens a site system for the intranet to the internet. Where a rule of the file lets these clients reach such a management point already, [firewall-internet-exposure](firewall-internet-exposure.md) says both at once, at that rule.`,
  source: { document: 'plan-internet-based-client-management', section: 'plan-for-internet-based-clients' },
  moreSources: [{ document: 'plan-cloud-management-gateway', section: 'topology-design' }],
  bad: [{ title: 'A management point for the intranet alone', text: file('{ protocol: https }') }],
  good: [
    {
      title: 'A management point for both',
      text: file('{ protocol: https, clients: both }'),
    },
  ],
  *check(context): Iterable<Report> {
    for (const { site, groups, points } of unservedOnInternet(context)) {
      const [first] = groups;
      const [nearest] = points;
      // A rule that lets them in already is reported, with the same way out.
      if (!first || (nearest && isExposed(nearest.server, context))) continue;
      yield {
        span: first.key.span,
        message: t(
          'Clients of site {0} are on the internet ({1}), and no management point with clients: internet or both and no cloud management gateway serves them: set clients of a management point',
          site.name,
          listedUpTo(
            SHOWN,
            groups.map(({ name }) => name),
          ),
        ),
        related: groups
          .slice(1)
          .map(({ name, key }) => ({ message: t('The clients {0}', name), span: key.span })),
        fixes: points.slice(0, SHOWN).map((role) => servingFix(role, context)),
      };
    }
  },
};
