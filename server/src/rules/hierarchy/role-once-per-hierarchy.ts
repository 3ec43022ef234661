import { t } from '../../l10n.ts';
import { parentOf, rolesNamed, siteOf, topSite } from '../../topology/effective.ts';
import { inEdition, roleInfo } from '../../topology/format.ts';
import type { Role, Site } from '../../topology/model.ts';
import { TOP_SITE_ROLES } from '../../topology/placement.ts';
import type { Report, Rule } from '../rule.ts';
import { isCurrentBranch, isPlaceKnown, removeRole } from './hierarchy.ts';

const file = (top: string, below: string) => `configmgr: 2025-12
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
      service-connection-point:
      sql-server:
${top}  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
${below}      sql-server:
`;
const second = `  scp02:
    site: CAS
    roles:
      service-connection-point:
`;

export const roleOncePerHierarchy: Rule = {
  code: 'role-once-per-hierarchy',
  severity: 'error',
  summary:
    'A role that a hierarchy has only once, at its top-level site, exists twice or at a site below it.',
  reason: 'The role works for the whole hierarchy from its top site, and a second one cannot be installed.',
  explanation: `The service connection point, the Endpoint Protection point and the Asset Intelligence synchronization point work for the whole hierarchy. There is one of each, at the top: the central administration site, or the standalone primary site. When a standalone primary site is expanded, remove them there and install them again at the new central administration site.`,
  source: {
    document: 'plan-for-site-system-servers-and-site-system-roles',
    section: 'service-connection-point',
  },
  moreSources: [
    {
      document: 'plan-for-site-system-servers-and-site-system-roles',
      section: 'endpoint-protection-point',
    },
    {
      document: 'plan-for-site-system-servers-and-site-system-roles',
      section: 'asset-intelligence-synchronization-point',
    },
  ],
  bad: [
    { title: 'At a child site as well', text: file('', '      service-connection-point:\n') },
    { title: 'Twice at the top site', text: file(second, '') },
  ],
  good: [{ title: 'One, at the top site', text: file('', '') }],
  *check(context): Iterable<Report> {
    const { topology } = context;
    if (!isCurrentBranch(topology.edition)) return;
    const placed = [...TOP_SITE_ROLES].flatMap((name) => {
      const info = roleInfo(name);
      if (!info || !inEdition(info, topology.edition)) return [];
      return rolesNamed(name, topology).flatMap((role): { role: Role; site: Site }[] => {
        const site = siteOf(role.server, topology);
        return site ? [{ role, site }] : [];
      });
    });
    if (placed.length === 0) return;
    const first = new Map<string, Role>();
    const below: typeof placed = [];
    const reports: Report[] = [];
    for (const each of placed) {
      const { role, site } = each;
      if (!isPlaceKnown(site, context)) continue;
      if (parentOf(site, topology)) {
        below.push(each);
        continue;
      }
      const key = `${site.name} ${role.role}`;
      const earlier = first.get(key);
      if (!earlier) {
        first.set(key, role);
        continue;
      }
      reports.push({
        span: role.key.span,
        message: t(
          '{0} is on {1} and on {2}: a hierarchy has one, remove one of them',
          role.role,
          earlier.server.name,
          role.server.name,
        ),
        related: [{ message: t('{0} on {1}', role.role, earlier.server.name), span: earlier.key.span }],
        fixes: removeRole(context, role),
      });
    }
    for (const { role, site } of below) {
      const top = topSite(site, topology);
      const there = first.get(`${top.name} ${role.role}`);
      reports.push({
        span: role.key.span,
        message: t(
          there
            ? '{0} on {1} is at site {2}, below {3}: a hierarchy has one, at its top site; {4} has it already, remove it here'
            : '{0} on {1} is at site {2}, below {3}: a hierarchy has one, at its top site; move it to a server of {3}',
          role.role,
          role.server.name,
          site.name,
          top.name,
          there?.server.name ?? '',
        ),
        related: there
          ? [{ message: t('{0} on {1}', role.role, there.server.name), span: there.key.span }]
          : [{ message: t('The top site {0}', top.name), span: top.key.span }],
        fixes: removeRole(context, role),
      });
    }
    yield* reports;
  },
};
