import { t, translated } from '../../l10n.ts';
import type { TextTree } from '../../text/tree.ts';
import type { Role, Site } from '../../topology/model.ts';
import type { Report, Rule } from '../rule.ts';
import {
  isCurrentBranch,
  knownTypeOf,
  type Population,
  populationOf,
  SITE_TYPE,
  typeOf,
} from './hierarchy.ts';

/** A central administration site has this many primary sites at most. */
const PRIMARY_SITES = 25;
/** A primary site has this many secondary sites at most. */
const SECONDARY_SITES = 250;
/** A primary site has this many management points at most. */
const MANAGEMENT_POINTS = 15;
/** A primary or secondary site has this many distribution points that are no pull distribution points at most. */
const DISTRIBUTION_POINTS = 250;
/** A primary or secondary site has this many pull distribution points at most, beside the others. */
const PULL_DISTRIBUTION_POINTS = 2000;

interface Count {
  readonly what: string;
  readonly count: number;
  readonly limit: number;
}

const shown = (number: number) => number.toLocaleString('en-US');

const isPull = (role: Role) => role.values.has('pullFrom');

function countsOf(site: Site, population: Population, tree: TextTree): readonly Count[] {
  const type = typeOf(site, tree);
  const below = (wanted: string) =>
    population.children(site).filter((child) => typeOf(child, tree) === wanted).length;
  if (type === 'central-administration')
    return [{ what: t('primary sites'), count: below('primary'), limit: PRIMARY_SITES }];
  if (type !== 'primary' && type !== 'secondary') return [];
  const roles = population.servers(site).flatMap((server) => server.roles);
  const points = roles.filter(({ role }) => role === 'distribution-point');
  const pull = points.filter(isPull).length;
  const both = [
    { what: t('distribution points'), count: points.length - pull, limit: DISTRIBUTION_POINTS },
    { what: t('pull distribution points'), count: pull, limit: PULL_DISTRIBUTION_POINTS },
  ];
  if (type === 'secondary') return both;
  const managementPoints = roles.filter(({ role }) => role === 'management-point').length;
  return [
    { what: t('secondary sites'), count: below('secondary'), limit: SECONDARY_SITES },
    { what: t('management points'), count: managementPoints, limit: MANAGEMENT_POINTS },
    ...both,
  ];
}

const file = (managementPoints: number) => `configmgr: 2025-12
defaults:
  os: windows-server-2022
  rpcDynamicPorts: 49152-65535
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01: { site: PS1, roles: { site-server: , sms-provider: , sql-server: } }
${Array.from(
  { length: managementPoints },
  (_, index) => `  mp${String(index + 1).padStart(2, '0')}: { site: PS1, roles: { management-point: } }\n`,
).join('')}`;

export const siteLimits: Rule = {
  code: 'site-limits',
  severity: 'warning',
  summary: 'A site has more sites below it, management points or distribution points than are supported.',
  reason: 'Microsoft tests and supports a hierarchy only up to these numbers.',
  explanation: `Microsoft tests and supports a hierarchy up to these numbers:

| At | At most |
| --- | --- |
| a central administration site | 25 primary sites |
| a primary site | 250 secondary sites |
| a primary site | 15 management points |
| a primary or secondary site | 250 distribution points, and 2,000 pull distribution points beside them |

They are those of current branch; nothing is said about Configuration Manager 2007.`,
  source: { document: 'size-and-scale-numbers', section: 'bkmk_roles' },
  moreSources: [{ document: 'size-and-scale-numbers', section: 'bkmk_SiteSystemScale' }],
  bad: [{ title: 'Sixteen management points', text: file(16) }],
  good: [{ title: 'Two management points', text: file(2) }],
  severalAtOnePlace: true,
  *check(context): Iterable<Report> {
    const { topology } = context;
    if (!isCurrentBranch(topology.edition)) return;
    const population = populationOf(topology);
    for (const site of topology.sites.values()) {
      const type = knownTypeOf(site, context);
      if (!type) continue;
      for (const { what, count, limit } of countsOf(site, population, context.tree)) {
        if (count <= limit) continue;
        yield {
          span: site.key.span,
          message: t(
            'Site {0} has {1} {2}; a {3} supports {4}. Take {5} away, or divide them among more sites',
            site.name,
            shown(count),
            what,
            type ? translated(SITE_TYPE[type]) : t('site'),
            shown(limit),
            shown(count - limit),
          ),
        };
      }
    }
  },
};
