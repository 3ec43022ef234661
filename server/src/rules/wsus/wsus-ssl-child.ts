import { editionsBetween } from '../../catalog/editions.ts';
import { setKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import { parentOf, roleOption, rolesAt } from '../../topology/effective.ts';
import type { Role, Site, Topology } from '../../topology/model.ts';
import { optionCertainty } from '../certainty.ts';
import { isForInternetClients } from '../clients/serving-clients.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

function updatePoints(site: Site, topology: Topology): readonly Role[] {
  return rolesAt(site, 'software-update-point', topology);
}

/** A value that is written and could not be read says nothing. */
function isCertain(role: Role, context: RuleContext): boolean {
  return optionCertainty(context, role, 'ssl') !== 'unknown';
}

function* checkSite(site: Site, context: RuleContext): Iterable<Report> {
  const parent = parentOf(site, context.topology);
  if (!parent || parent === site) return;
  const above = updatePoints(parent, context.topology);
  const [first] = above;
  if (!first || !above.every((role) => roleOption(role, 'ssl') === true)) return;
  for (const role of updatePoints(site, context.topology)) {
    if (!isCertain(role, context) || roleOption(role, 'ssl') === true) continue;
    // What serves clients on the internet needs it anyway: internet-facing-https says so.
    if (isForInternetClients(role)) continue;
    yield {
      span: role.values.get('ssl')?.span ?? role.key.span,
      message: t(
        'software-update-point on {0} (site {1}) does not use SSL, but the one of its parent site {2} on {3} does: set ssl: true',
        role.server.name,
        site.name,
        parent.name,
        first.server.name,
      ),
      related: [
        {
          message: t('software-update-point of {0} uses SSL', parent.name),
          span: first.values.get('ssl')?.span ?? first.key.span,
        },
      ],
      fixes: [{ title: t('Set ssl to true'), safe: false, edits: setKey(context.tree, role, 'ssl', 'true') }],
    };
  }
}

const hierarchy = (child: string) => `configmgr: 2017-09
defaults:
  os: windows-server-2016
  rpcDynamicPorts: 49152-65535
sites:
  CAS: { type: central-administration, database: { server: cas01 } }
  PS1: { type: primary, parent: CAS, database: { server: cm01 } }
servers:
  cas01:
    site: CAS
    roles:
      site-server:
      sms-provider:
      sql-server:
      software-update-point: { ssl: true, upstream: microsoft-update }
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
      ${child}
`;

export const wsusSslChild: Rule = {
  code: 'wsus-ssl-child',
  severity: 'warning',
  summary: 'The software update point of the parent site uses SSL, the one of the child site does not.',
  reason:
    'Clients at the child site scan over plain HTTP, so what the parent site protects is unprotected at the next level.',
  explanation: `A software update point synchronises with the one of the parent site. Where that one is set up for SSL, the child connects to its HTTPS port and has to trust its certificate, while clients at the child site still scan over plain HTTP: the metadata that the parent protects is unprotected one level below.

Set up WSUS at the child site for SSL too. Its HTTP port stays open either way, because licence texts and content come over it.`,
  source: { document: 'ports', section: 'BKMK_PortsSUP-WSUS' },
  moreSources: [
    { document: 'ports', section: 'bkmk_note3', editions: editionsBetween('2018-09', undefined) },
  ],
  bad: [
    {
      title: 'SSL at the central administration site only',
      text: hierarchy('software-update-point: { httpPort: 8530 } # scans every night'),
    },
  ],
  good: [{ title: 'SSL at both sites', text: hierarchy('software-update-point: { ssl: true }') }],
  *check(context) {
    const sites = [...context.topology.sites.values()];
    yield* sites.flatMap((site) => [...checkSite(site, context)]);
  },
};
