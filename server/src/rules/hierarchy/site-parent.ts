import { removeKey, setKey } from '../../edits/option-edits.ts';
import { t, translated } from '../../l10n.ts';
import type { Site, SiteType } from '../../topology/model.ts';
import type { Fix, Report, Rule, RuleContext } from '../rule.ts';
import { listed } from '../words.ts';
import {
  aSite,
  isCurrentBranch,
  misfitsOf,
  type Relation,
  SITE_TYPE,
  typeOf,
  type WrongType,
} from './hierarchy.ts';

/** The type of parent that a site of this type has. */
const PARENT: Readonly<Record<'primary' | 'secondary', SiteType>> = {
  primary: 'central-administration',
  secondary: 'primary',
};

function sitesOfType({ topology, tree }: RuleContext, type: SiteType): readonly Site[] {
  return [...topology.sites.values()].filter((site) => typeOf(site, tree) === type);
}

/** The only site that can be the parent. */
function parentFixes(site: Site, type: SiteType, context: RuleContext): readonly Fix[] {
  const { tree } = context;
  if (type === 'central-administration') {
    const edits = removeKey(tree, site.node, 'parent');
    return [{ title: t('Remove the parent of {0}', site.name), safe: false, edits }];
  }
  const [only, ...others] = sitesOfType(context, PARENT[type]).filter((other) => other !== site);
  if (!only || others.length > 0) return [];
  return [
    {
      title: t('Set the parent of {0} to {1}', site.name, only.name),
      safe: false,
      edits: setKey(tree, site, 'parent', only.name),
    },
  ];
}

function reportRelation({ child, parent }: Relation, context: RuleContext): Report | undefined {
  const type = typeOf(child, context.tree);
  if (!type) return undefined;
  const fixes = parentFixes(child, type, context);
  if (!parent) {
    const tops = sitesOfType(context, 'central-administration').map(({ name }) => name);
    return {
      span: child.key.span,
      message: t(
        'Primary site {0} has no parent, although the hierarchy has the central administration site {1}: set parent to {2}',
        child.name,
        listed(tops),
        listed(tops, 'or'),
      ),
      fixes,
    };
  }
  const parentType = typeOf(parent, context.tree);
  const what = parentType ? aSite(parentType) : t('a site');
  const message =
    type === 'central-administration'
      ? t(
          'Central administration site {0} has the parent {1}: it is the top of its hierarchy, remove parent',
          child.name,
          parent.name,
        )
      : t(
          type === 'primary' && !isCurrentBranch(context.topology.edition)
            ? 'The parent of {0} {1} is {2}, {3}: it must be {4} or a primary site'
            : 'The parent of {0} {1} is {2}, {3}: it must be {4}',
          translated(SITE_TYPE[type]),
          child.name,
          parent.name,
          what,
          aSite(PARENT[type]),
        );
  return {
    span: child.parent?.span ?? child.key.span,
    message,
    related: [{ message: t('{0} is {1}', parent.name, what), span: parent.type?.span ?? parent.key.span }],
    fixes,
  };
}

function reportCycle(sites: readonly Site[], at: Site, context: RuleContext): Report {
  const type = typeOf(at, context.tree);
  const index = sites.indexOf(at);
  const ring = [...sites.slice(index), ...sites.slice(0, index)];
  const path = [...ring, at].map(({ name }) => name).join(' > ');
  const wanted =
    type === 'central-administration'
      ? t('Site {0} is the top of its hierarchy, remove parent', at.name)
      : type === 'secondary'
        ? t('Name a primary site as the parent of {0}', at.name)
        : t('Name a central administration site as the parent of {0}, or none', at.name);
  return {
    span: at.parent?.span ?? at.key.span,
    message:
      sites.length === 1
        ? t('Site {0} is its own parent. {1}', at.name, wanted)
        : t(
            'The parents of {0} form a circle ({1}). {2}',
            listed(ring.map(({ name }) => name)),
            path,
            wanted,
          ),
    related: ring
      .filter((site) => site !== at)
      .map((site) => ({
        message: t('The parent of {0}', site.name),
        span: site.parent?.span ?? site.key.span,
      })),
    fixes: type ? parentFixes(at, type, context) : [],
  };
}

function reportType({ site, fits, relations }: WrongType, context: RuleContext): Report {
  const type = typeOf(site, context.tree);
  const what = type ? aSite(type) : t('a site');
  const below = relations.filter(({ child }) => child !== site);
  const own = relations.find(({ child }) => child === site);
  const children = listed(below.map(({ child }) => child.name));
  const parent = own?.parent?.name ?? '';
  return {
    span: site.type?.span ?? site.key.span,
    message: !own
      ? t(
          'Site {0} is the parent of {1}, and {2} cannot be there: make it {3}, or change the parents',
          site.name,
          children,
          what,
          aSite(fits),
        )
      : below.length === 0
        ? own.parent
          ? t(
              'Site {0} has the parent {1}, and {2} cannot be there: make it {3}, or change the parents',
              site.name,
              parent,
              what,
              aSite(fits),
            )
          : t(
              'Site {0} has no parent, and {1} cannot be there: make it {2}, or change the parents',
              site.name,
              what,
              aSite(fits),
            )
        : own.parent
          ? t(
              'Site {0} has the parent {1} and is the parent of {2}, and {3} cannot be there: make it {4}, or change the parents',
              site.name,
              parent,
              children,
              what,
              aSite(fits),
            )
          : t(
              'Site {0} has no parent and is the parent of {1}, and {2} cannot be there: make it {3}, or change the parents',
              site.name,
              children,
              what,
              aSite(fits),
            ),
    related: relations.map(({ child }) => ({
      message: child.parent ? t('The parent of {0}', child.name) : t('{0} has no parent', child.name),
      span: child.parent?.span ?? child.key.span,
    })),
    fixes: [
      {
        title: t('Make {0} {1}', site.name, aSite(fits)),
        safe: false,
        edits: setKey(context.tree, site, 'type', fits),
      },
    ],
  };
}

const servers = `servers:
  cas01:
    site: CAS
    roles:
      site-server:
      sms-provider:
      sql-server:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
  sec01:
    site: S01
    roles:
      site-server:
      sql-server:
`;

const file = (ps1: string, s01: string) => `configmgr: 2025-12
defaults:
  os: windows-server-2022
  rpcDynamicPorts: 49152-65535
sites:
  CAS: { type: central-administration, database: { server: cas01 } }
  PS1: { type: primary, ${ps1}database: { server: cm01 } }
  S01: { type: secondary, parent: ${s01}, database: { server: sec01 } }
${servers}`;

export const siteParent: Rule = {
  code: 'site-parent',
  severity: 'error',
  summary:
    'A site has a parent of a type that it cannot have, has none where it needs one, or is above itself.',
  reason:
    'Setup does not install such a hierarchy, so the connections between these sites would never exist.',
  explanation: `A central administration site is the top of its hierarchy. A primary site is on its own or below a central administration site, a secondary site is below a primary site. Nothing else can be installed, so the connections that the file describes between these sites would never exist.

If another type would solve everything that is wrong around a site, only the type is reported. Configuration Manager 2007 knows connections from primary to primary site, so there a primary site can be below another.`,
  source: { document: 'design-a-hierarchy-of-sites', section: 'BKMK_ChoosePriimary' },
  moreSources: [
    { document: 'design-a-hierarchy-of-sites', section: 'BKMK_ChooseCAS' },
    { document: 'design-a-hierarchy-of-sites', section: 'BKMK_ChooseSecondary' },
    { document: 'ports-2007', section: 'Non-Configurable Ports', editions: ['2007'] },
  ],
  bad: [
    { title: 'A secondary site below the central administration site', text: file('parent: CAS, ', 'CAS') },
    { title: 'A primary site beside the central administration site', text: file('', 'PS1') },
    { title: 'A primary site that is its own parent', text: file('parent: PS1, ', 'PS1') },
  ],
  good: [{ title: 'Three levels', text: file('parent: CAS, ', 'PS1') }],
  *check(context): Iterable<Report> {
    const { cycles, types, relations } = misfitsOf(context);
    for (const { sites, at } of cycles) yield reportCycle(sites, at, context);
    for (const wrong of types) if (wrong.relations.length > 0) yield reportType(wrong, context);
    for (const relation of relations) {
      const report = reportRelation(relation, context);
      if (report) yield report;
    }
  },
};
