import { setKey } from '../../edits/option-edits.ts';
import { t, translated } from '../../l10n.ts';
import type { SiteType } from '../../topology/model.ts';
import type { Fix, Report, Rule, RuleContext } from '../rule.ts';
import { capital, listed } from '../words.ts';
import {
  aSite,
  type Misplaced,
  misfitsOf,
  removeRole,
  SITE_TYPE,
  typeOf,
  type WrongType,
} from './hierarchy.ts';

function roleText({ role, clients }: Misplaced): string {
  if (clients) return t('client group {0}', clients.name);
  const passive = role?.role === 'site-server';
  return t(passive ? '{0} in passive mode on {1}' : '{0} on {1}', role?.role ?? '', role?.server.name ?? '');
}

function placesText(types: readonly SiteType[]): string {
  return listed(
    types.map((type) => aSite(type)),
    'or',
  );
}

/** The only other site that can hold it. */
function moveFixes({ role, clients, placement }: Misplaced, { tree, topology }: RuleContext): readonly Fix[] {
  const [only, ...others] = [...topology.sites.values()].filter((site) => {
    const type = typeOf(site, tree);
    return type && placement.sites.includes(type);
  });
  const owner = clients ?? role?.server;
  if (!only || others.length > 0 || !owner) return [];
  // The other roles of a server may belong where they are.
  if (role && role.server.roles.length > 1) return [];
  const edits = setKey(tree, owner, 'site', only.name);
  return [{ title: t('Move {0} to site {1}', owner.name, only.name), safe: false, edits }];
}

function report(misplaced: Misplaced, context: RuleContext): Report {
  const { site, role, clients, placement } = misplaced;
  const type = typeOf(site, context.tree);
  const what = type ? t('{0} {1}', translated(SITE_TYPE[type]), site.name) : t('site {0}', site.name);
  return {
    span: clients ? (clients.site?.span ?? clients.key.span) : (role?.key.span ?? site.key.span),
    message: clients
      ? t(
          '{0} cannot have clients: assign client group {1} to {2}',
          capital(what),
          clients.name,
          placesText(placement.sites),
        )
      : t(
          '{0} is at {1}, which cannot have it: move it to {2}, or remove it',
          roleText(misplaced),
          what,
          placesText(placement.sites),
        ),
    related: [
      {
        message: type ? t('{0} is {1}', site.name, aSite(type)) : t('{0} is here', site.name),
        span: site.type?.span ?? site.key.span,
      },
    ],
    fixes: [...moveFixes(misplaced, context), ...(role ? removeRole(context, role) : [])],
  };
}

function reportType({ site, fits, misplaced }: WrongType, { tree }: RuleContext): Report {
  const type = typeOf(site, tree);
  const what = type ? aSite(type) : t('a site');
  return {
    span: site.type?.span ?? site.key.span,
    message: t(
      'Site {0} is {1}, which cannot have {2}: make it {3}, or move these',
      site.name,
      what,
      listed(misplaced.map(roleText)),
      aSite(fits),
    ),
    related: misplaced.map((each) => ({
      message: roleText(each),
      span: each.clients?.key.span ?? each.role?.key.span ?? site.key.span,
    })),
    fixes: [
      {
        title: t('Make {0} {1}', site.name, aSite(fits)),
        safe: false,
        edits: setKey(tree, site, 'type', fits),
      },
    ],
  };
}

const file = (role: string, site: string) => `configmgr: 2025-12
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
      reporting-services-point:
      sql-server:
${role}  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      management-point:
      distribution-point:
      sql-server:
clients:
  desktops: { site: ${site}, count: 4000 }
`;

export const rolePlacement: Rule = {
  code: 'role-placement',
  severity: 'error',
  summary: 'A role or a client group is at a type of site that cannot have it.',
  reason: 'A site of this type has no such role, so its connections would never exist.',
  explanation: `Each type of site supports certain roles. A central administration site manages no clients itself: it has no management, distribution, fallback status, state migration and enrollment points and no clients. A secondary site passes on content and client data: it has no SMS Provider, no reporting, and no passive site server.

| Role | Sites |
| --- | --- |
| management point, distribution point, state migration point, clients | primary, secondary |
| fallback status point, enrollment point, enrollment proxy point, application catalog, cloud management gateway connection point | primary |
| SMS Provider, reporting services point, certificate registration point, passive site server | central administration, primary |
| software update point | all |

If several things do not fit and another type of site would solve them all, only the type is reported. The documents are those of current branch; nothing is said about Configuration Manager 2007.`,
  source: {
    document: 'plan-for-site-system-servers-and-site-system-roles',
    section: 'bkmk_planroles',
  },
  moreSources: [
    { document: 'design-a-hierarchy-of-sites', section: 'BKMK_ChooseCAS' },
    { document: 'plan-for-the-sms-provider', section: 'BKMK_PlanSMSProv' },
    { document: 'site-server-high-availability', section: 'limitations' },
    { document: 'size-and-scale-numbers', section: 'cloud-management-gateway-connection-point' },
  ],
  bad: [
    {
      title: 'A management point at the central administration site',
      text: file('      management-point:\n', 'PS1'),
    },
    { title: 'Clients of the central administration site', text: file('', 'CAS') },
  ],
  good: [{ title: 'Clients and what serves them at the primary site', text: file('', 'PS1') }],
  *check(context): Iterable<Report> {
    const { types, misplaced } = misfitsOf(context);
    for (const wrong of types) if (wrong.relations.length === 0) yield reportType(wrong, context);
    yield* misplaced.map((each) => report(each, context));
  },
};
