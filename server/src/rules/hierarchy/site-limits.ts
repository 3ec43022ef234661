import { memo } from '../../collections.ts';
import type { Party } from '../../flows/parties.ts';
import { t, translated } from '../../l10n.ts';
import type { TextTree } from '../../text/tree.ts';
import { databasesOf, topSite } from '../../topology/effective.ts';
import type { ClientGroup, Server, Site, Topology } from '../../topology/model.ts';
import { memoOfParts } from '../../topology/things.ts';
import { hierarchyIn, memoOfPlace, windowsPlaces } from '../clients/serving-clients.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import {
  isAllKnown,
  isCurrentBranch,
  knownTypeOf,
  type Population,
  populationOf,
  roleCertainty,
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

/** The distribution points of a primary site and of the secondary sites below it, of both kinds, at most. */
const ALL_DISTRIBUTION_POINTS = 5000;
/** The clients of a primary site below a central administration site, of a stand-alone one, and of a hierarchy whose
 * central administration site has SQL Server Standard, at most. */
const CLIENTS = { child: 150_000, alone: 175_000, standard: 50_000 };
/** The clients of one distribution point at most. */
const CLIENTS_OF_POINT = 4000;

interface Count {
  readonly what: () => string;
  readonly count: number;
  readonly limit: number;
}

/** A count, with commas; the engine's own way to write them brings 7 MB of tables into memory. */
function shown(number: number): string {
  if (number < GROUP) return String(number);
  return `${shown(Math.floor(number / GROUP))},${String(number % GROUP).padStart(3, '0')}`;
}
const GROUP = 1_000;

/** How many there are of each kind on some servers. A list in which nobody changed has the numbers that it had. */
const pointsOf = memo((servers: readonly Server[]) => {
  const roles = servers.flatMap((server) => server.roles);
  const points = roles.filter(({ role }) => role === 'distribution-point');
  return {
    points: points.length,
    pull: points.filter(({ values }) => values.has('pullFrom')).length,
    managementPoints: roles.filter(({ role }) => role === 'management-point').length,
  };
});

function countsOf(site: Site, population: Population, tree: TextTree): readonly Count[] {
  const type = typeOf(site, tree);
  const below = (wanted: string) =>
    population.children(site).filter((child) => typeOf(child, tree) === wanted).length;
  if (type === 'central-administration')
    return [{ what: () => t('primary sites'), count: below('primary'), limit: PRIMARY_SITES }];
  if (type !== 'primary' && type !== 'secondary') return [];
  const { points, pull, managementPoints } = pointsOf(population.servers(site));
  const both = [
    { what: () => t('distribution points'), count: points - pull, limit: DISTRIBUTION_POINTS },
    { what: () => t('pull distribution points'), count: pull, limit: PULL_DISTRIBUTION_POINTS },
  ];
  if (type === 'secondary') return both;
  const secondaries = population.children(site).filter((child) => typeOf(child, tree) === 'secondary');
  const all = [site, ...secondaries];
  return [
    { what: () => t('secondary sites'), count: below('secondary'), limit: SECONDARY_SITES },
    { what: () => t('management points'), count: managementPoints, limit: MANAGEMENT_POINTS },
    ...both,
    {
      what: () => t('distribution points, its secondary sites included'),
      count: all.reduce((sum, each) => sum + pointsOf(population.servers(each)).points, 0),
      limit: ALL_DISTRIBUTION_POINTS,
    },
    {
      what: () => t('clients'),
      count: all.reduce((sum, each) => sum + clientsOf(population.groups(each)), 0),
      limit: site.parent ? CLIENTS.child : CLIENTS.alone,
    },
  ];
}

const clientsOf = (groups: Iterable<ClientGroup>) =>
  [...groups].reduce((sum, { count }) => sum + (count?.value ?? 0), 0);

/** SQL Server Standard at the central administration site limits the clients of the whole hierarchy. */
function* standardEdition({ topology }: RuleContext, population: Population): Iterable<Report> {
  for (const site of topology.sites.values()) {
    if (site.type?.value !== 'central-administration') continue;
    const edition = databasesOf(site, topology).find(
      ({ instance }) => instance?.edition?.value === 'standard',
    )?.instance?.edition;
    if (!edition) continue;
    const below = [...topology.sites.values()].filter((each) => topSite(each, topology) === site);
    const count = below.reduce((sum, each) => sum + clientsOf(population.groups(each)), 0);
    if (count <= CLIENTS.standard) continue;
    yield {
      span: edition.span,
      message: t(
        'The hierarchy below {0} has {1} clients; with SQL Server Standard at the central administration site it supports {2}. Use Enterprise there',
        site.name,
        shown(count),
        shown(CLIENTS.standard),
      ),
      related: [{ message: t('Site {0}', site.name), span: site.key.span }],
    };
  }
}

/** The distribution points among which some clients choose. */
const choiceOf = memoOfPlace(['distribution-point'], (place, topology): readonly Party[] =>
  hierarchyIn(topology)
    .serving.services(place, 'distribution-point')
    .flatMap(({ to, optional }) => (optional ? [] : to)),
);

/**
 * The distribution points with too many clients. These are spread evenly over the points of their choice, and over the
 * zones of their group.
 */
const crowded = memoOfParts(
  (topology) => {
    const places = windowsPlaces(topology);
    const points = hierarchyIn(topology).parties.all('distribution-point');
    return [places, points, ...places.map(({ clients }) => clients.count?.value)];
  },
  (topology) => [...loadOf(topology)].filter(([, clients]) => clients > CLIENTS_OF_POINT),
);

function loadOf(topology: Topology): ReadonlyMap<Party, number> {
  const load = new Map<Party, number>();
  for (const place of windowsPlaces(topology)) {
    const { count, zones } = place.clients;
    if (!count) continue;
    const points = choiceOf(place, topology);
    const share = count.value / Math.max(1, points.length) / Math.max(1, zones.length);
    for (const to of points) load.set(to, (load.get(to) ?? 0) + share);
  }
  return load;
}

function* crowdedPoints(context: RuleContext): Iterable<Report> {
  const certainty = roleCertainty('distribution-point', context);
  for (const [{ role, site }, clients] of crowded(context.topology)) {
    if (!role || !site || certainty(site) === 'unknown') continue;
    yield {
      span: role.key.span,
      message: t(
        'The distribution point on {0} serves about {1} clients; one supports {2}. Add another one for them',
        role.server.name,
        shown(Math.round(clients)),
        shown(CLIENTS_OF_POINT),
      ),
    };
  }
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
| a primary site with its secondary sites | 5,000 distribution points of both kinds |
| a primary site below a central administration site | 150,000 clients |
| a stand-alone primary site | 175,000 clients |
| a hierarchy with SQL Server Standard at its central administration site | 50,000 clients |
| a distribution point | 4,000 clients |

Clients are counted by the \`count\` of their groups, for a distribution point divided by how many the group has in its choice.

They are those of current branch; nothing is said about Configuration Manager 2007.`,
  source: { document: 'size-and-scale-numbers', section: 'bkmk_roles' },
  moreSources: [
    { document: 'size-and-scale-numbers', section: 'bkmk_SiteSystemScale' },
    { document: 'size-and-scale-numbers', section: 'bkmk_clientnumbers' },
  ],
  bad: [
    { title: 'Sixteen management points', text: file(16) },
    {
      title: 'Nine thousand clients at one distribution point',
      text: `${file(1)}  dp01: { site: PS1, roles: { distribution-point: } }\nclients:\n  desktops: { site: PS1, count: 9000 }\n`,
    },
  ],
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
            'Site {0} has {1} {2}; a {3} supports {4}. Remove {5}, or divide them among more sites',
            site.name,
            shown(count),
            what(),
            translated(SITE_TYPE[type]),
            shown(limit),
            shown(count - limit),
          ),
        };
      }
    }
    if (topology.clients.size === 0 || !isAllKnown(context)) return;
    yield* standardEdition(context, population);
    yield* crowdedPoints(context);
  },
};
