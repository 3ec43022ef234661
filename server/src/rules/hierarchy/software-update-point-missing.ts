import { t } from '../../l10n.ts';
import { rolesAt } from '../../topology/effective.ts';
import type { Role, Site } from '../../topology/model.ts';
import type { Report, Rule } from '../rule.ts';
import { listed } from '../words.ts';
import { isCurrentBranch, knownTypeOf, populationOf, roleCertainty } from './hierarchy.ts';

const ROLE = 'software-update-point';

const file = (top: string) => `configmgr: 2025-12
defaults:
  os: windows-server-2022
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
${top}  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
      software-update-point:
`;

export const softwareUpdatePointMissing: Rule = {
  code: 'software-update-point-missing',
  severity: 'warning',
  summary: 'A child site has a software update point and its parent site has none.',
  reason:
    'Updates come down from the parent site, so without a software update point there the child has nothing to synchronise with.',
  explanation: `Updates come down the hierarchy: the software update point of the top site synchronises with Microsoft Update, those of the sites below synchronise with the one of their parent site. Where the parent has none, the one below has nothing to synchronise with.`,
  source: {
    document: 'plan-for-site-system-servers-and-site-system-roles',
    section: 'software-update-point',
  },
  bad: [{ title: 'A software update point below, none above', text: file('') }],
  good: [
    {
      title: 'A software update point at both sites',
      text: file('      software-update-point: { upstream: microsoft-update }\n'),
    },
  ],
  *check(context): Iterable<Report> {
    const { topology } = context;
    if (!isCurrentBranch(topology.edition)) return;
    const population = populationOf(topology);
    const points = (site: Site): readonly Role[] => rolesAt(site, ROLE, topology);
    let certainty: ReturnType<typeof roleCertainty> | undefined;
    for (const site of topology.sites.values()) {
      if (!knownTypeOf(site, context) || points(site).length > 0) continue;
      const below = population
        .children(site)
        .filter((child) => knownTypeOf(child, context))
        .flatMap((child) => points(child).map((role) => ({ child, role })));
      if (below.length === 0) continue;
      certainty ??= roleCertainty(ROLE, context);
      if (certainty(site) !== 'absent') continue;
      const names = [...new Set(below.map(({ child }) => child.name))];
      yield {
        span: site.key.span,
        message: t(
          names.length === 1
            ? 'Site {0} has no software update point, but its child site {1} has one: add the role {2} to a server of {0}'
            : 'Site {0} has no software update point, but its child sites {1} have one: add the role {2} to a server of {0}',
          site.name,
          listed(names),
          ROLE,
        ),
        related: below.map(({ child, role }) => ({
          message: t('Software update point of {0} on {1}', child.name, role.server.name),
          span: role.key.span,
        })),
      };
    }
  },
};
