// The sites of a file as a hierarchy: who is where, which relations and places do not fit their site types,
// and what cannot be known. The rules about the hierarchy share it, so that one mistake has one of them speak.

import type { Edition } from '../../catalog/types.ts';
import { groupBy, memo } from '../../collections.ts';
import { isOwn, removePair } from '../../edits/map-edits.ts';
import { marked, t, translated } from '../../l10n.ts';
import type { TextTree } from '../../text/tree.ts';
import { resolve } from '../../text/values.ts';
import { lookup, parentOf, rolesAt, serversOf, siteOf } from '../../topology/effective.ts';
import { inEdition, roleInfo } from '../../topology/format.ts';
import type { ClientGroup, Role, Server, Site, SiteType, Topology } from '../../topology/model.ts';
import { CLIENT_SITES, type Placement, placementOf } from '../../topology/placement.ts';
import { unknownReferences } from '../../topology/read.ts';
import { memoOfParts, memoOfThings } from '../../topology/things.ts';
import {
  type Certainty,
  isWhole,
  keyCertainty,
  nameCertainty,
  sectionCertainty,
  unreadServers,
} from '../certainty.ts';
import { fromServers } from '../remembered.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { sectionPair } from '../sections.ts';

/** The site types as messages say them, once translated. */
export const SITE_TYPE: Readonly<Record<SiteType, string>> = {
  'central-administration': marked('central administration site'),
  primary: marked('primary site'),
  secondary: marked('secondary site'),
};

/** `a primary site`. */
export function aSite(type: SiteType): string {
  return t('a {0}', translated(SITE_TYPE[type]));
}

/** Who is at which site, gone through once. */
export interface Population {
  servers(site: Site): readonly Server[];
  groups(site: Site): readonly ClientGroup[];
  children(site: Site): readonly Site[];
}

/** Whether the planning documents of current branch speak about this edition. */
export function isCurrentBranch(edition: Edition | undefined): boolean {
  return edition !== undefined && edition !== '2007';
}

/** The population of a topology. */
export function populationOf(topology: Topology): Population {
  const groups = groupsBySite(topology);
  const children = childrenBySite(topology);
  return {
    servers: (site) => serversOf(site, topology),
    groups: (site) => groups.get(site) ?? [],
    children: (site) => children.get(site) ?? [],
  };
}

const groupsBySite = memoOfParts(
  ({ clients }) => [clients],
  (topology) => groupBy(topology.clients.values(), (clients) => siteOf(clients, topology)),
);

const childrenBySite = memoOfParts(
  () => [],
  (topology) => groupBy(topology.sites.values(), (site) => parentOf(site, topology)),
);

/**
 * The type of a site, where it can be relied on: a secondary site without a parent may be none, and a key that
 * is there twice may be that of another site.
 */
export function typeOf(site: Site, { duplicateKeys }: TextTree): SiteType | undefined {
  const { span, damaged } = site;
  const type = site.type?.value;
  if (damaged || (type === 'secondary' && !site.parent)) return undefined;
  const isMixed = duplicateKeys.some(
    ({ later }) => later.span.start >= span.start && later.span.end <= span.end,
  );
  return isMixed ? undefined : type;
}

/** A role or a client group at a type of site that cannot hold it. */
export interface Misplaced {
  readonly site: Site;
  readonly role?: Role;
  readonly clients?: ClientGroup;
  readonly placement: Placement;
}

/** A site whose type and whose parent's type do not go together; a primary site may lack its parent. */
export interface Relation {
  readonly child: Site;
  readonly parent: Site | undefined;
}

/** A site whose type alone is wrong: another one would settle all that does not fit. */
export interface WrongType {
  readonly site: Site;
  readonly fits: SiteType;
  readonly relations: readonly Relation[];
  readonly misplaced: readonly Misplaced[];
}

/** What does not fit in a hierarchy, each mistake once. */
export interface Misfits {
  readonly relations: readonly Relation[];
  /** Each with the site at which to break it. */
  readonly cycles: readonly { readonly sites: readonly Site[]; readonly at: Site }[];
  readonly types: readonly WrongType[];
  readonly misplaced: readonly Misplaced[];
  /** Sites whose type or parent is one of the mistakes: rules that build on these stay silent about them. */
  readonly doubtful: ReadonlySet<Site>;
}

/** Whether a site of this type can be below such a parent; for no parent at all, on its own. */
export function relationFits(
  type: SiteType,
  parent: SiteType | undefined,
  edition: Edition | undefined,
): boolean {
  if (type === 'central-administration') return parent === undefined;
  if (type === 'secondary') return parent === 'primary';
  if (parent === 'primary') return !isCurrentBranch(edition);
  return parent !== 'secondary';
}

function cyclesIn({ topology, tree }: RuleContext): readonly (readonly Site[])[] {
  const done = new Set<Site>();
  const cycles: Site[][] = [];
  for (const start of topology.sites.values()) {
    const path: Site[] = [];
    const onPath = new Set<Site>();
    let site: Site | undefined = start;
    while (site && !done.has(site) && !onPath.has(site)) {
      path.push(site);
      onPath.add(site);
      site = typeOf(site, tree) && parentOf(site, topology);
    }
    if (site && onPath.has(site)) cycles.push(path.slice(path.indexOf(site)));
    for (const seen of path) done.add(seen);
  }
  return cycles;
}

/**
 * Finds what does not fit, once for a file. Where nothing is known about a site's type or parent, nothing is said
 * about it.
 */
export function misfitsOf(context: RuleContext): Misfits {
  // What is not whole says something of its own about each version of the text.
  return isWhole(context) ? misfitsOfThings(context.topology, context) : misfitsOfText(context);
}

const misfitsOfText = memo(findMisfits, ({ topology }) => topology);
const misfitsOfThings = memoOfThings((_, context: RuleContext) => findMisfits(context));

type Unfit = Pick<Misplaced, 'placement'> & { readonly role: Role };

/** The roles of some servers that a site of each type cannot hold; a role that the edition does not have is another matter. */
const rolesUnfit = memo((servers: readonly Server[], edition: Edition | undefined) => {
  const unfit: Record<SiteType, Unfit[]> = { 'central-administration': [], primary: [], secondary: [] };
  for (const { roles } of servers)
    for (const role of roles) {
      const placement = placementOf(role.role, role.values.get('passive')?.value === true);
      const info = placement && roleInfo(role.role);
      if (!info || !inEdition(info, edition)) continue;
      for (const type of SITE_TYPES)
        if (!placement.sites.includes(type)) unfit[type].push({ role, placement });
    }
  return unfit;
});

const SITE_TYPES: readonly SiteType[] = ['central-administration', 'primary', 'secondary'];

function findMisfits(context: RuleContext): Misfits {
  const { topology } = context;
  const population = populationOf(topology);
  const { edition } = topology;
  const sites = [...topology.sites.values()];
  const type = new Map(sites.map((site) => [site, typeOf(site, context.tree)]));
  const cas = sites.filter((site) => type.get(site) === 'central-administration');
  const doubtful = new Set<Site>();

  const relationWrong = (site: Site, as: SiteType): Relation | undefined => {
    const parent = parentOf(site, topology);
    const parentType = parent && type.get(parent);
    if (parent)
      return parentType && !relationFits(as, parentType, edition) ? { child: site, parent } : undefined;
    if (keyCertainty(context, site, 'parent', site.parent) !== 'absent') return undefined;
    const alone = as === 'primary' && isCurrentBranch(edition) && cas.some((other) => other !== site);
    return alone ? { child: site, parent: undefined } : undefined;
  };
  const misplacedAs = (site: Site, as: SiteType): Misplaced[] => {
    if (!isCurrentBranch(edition)) return [];
    const roles = rolesUnfit(population.servers(site), edition)[as].map((misplaced) => ({
      site,
      ...misplaced,
    }));
    const groups = CLIENT_SITES.sites.includes(as) ? [] : population.groups(site);
    return [...roles, ...groups.map((clients) => ({ site, clients, placement: CLIENT_SITES }))];
  };

  const cycles = cyclesIn(context).map((members) => {
    for (const site of members) doubtful.add(site);
    const inOrder = sites.filter((site) => members.includes(site));
    const wrong = inOrder.find((site) => {
      const as = type.get(site);
      return as && relationWrong(site, as);
    });
    return { sites: members, at: wrong ?? inOrder[0] ?? (members[0] as Site) };
  });

  const wrong = new Map<Site, Relation>();
  for (const site of sites) {
    const as = type.get(site);
    const relation = as && !doubtful.has(site) ? relationWrong(site, as) : undefined;
    if (relation) wrong.set(site, relation);
  }

  const types: WrongType[] = [];
  const misplaced: Misplaced[] = [];
  for (const site of sites) {
    const as = type.get(site);
    if (!as || doubtful.has(site)) continue;
    const here = misplacedAs(site, as);
    const own = wrong.get(site);
    const relations = [
      ...(own ? [own] : []),
      ...population.children(site).flatMap((child) => wrong.get(child) ?? []),
    ];
    const fits = relations.length + here.length > 1 ? otherType(site, as) : undefined;
    if (fits) {
      types.push({ site, fits, relations, misplaced: here });
      doubtful.add(site);
      for (const { child } of relations) wrong.delete(child);
    } else if (!own) {
      misplaced.push(...here);
    }
  }
  for (const site of wrong.keys()) doubtful.add(site);
  return {
    relations: [...wrong.values()],
    cycles,
    types,
    // A site whose place in the hierarchy is wrong may be of another type than it says.
    misplaced,
    doubtful,
  };

  /** The type with which everything at and round a site fits. */
  function otherType(site: Site, as: SiteType): SiteType | undefined {
    const candidates: readonly SiteType[] = ['primary', 'central-administration', 'secondary'];
    return candidates.find(
      (other) =>
        other !== as &&
        !(other === 'secondary' && !site.parent) &&
        !(other === 'central-administration' && cas.some((one) => one !== site)) &&
        !relationWrong(site, other) &&
        population.children(site).every((child) => {
          const childType = type.get(child);
          return !childType || relationFits(childType, other, edition);
        }) &&
        misplacedAs(site, other).length === 0,
    );
  }
}

/**
 * The type of a site, where rules may build on it: what the site is and where it belongs is known, and no mistake
 * that another rule reports.
 */
export function knownTypeOf(site: Site, context: RuleContext): SiteType | undefined {
  return misfitsOf(context).doubtful.has(site) ? undefined : typeOf(site, context.tree);
}

/** Whether the types and the relations are known from a site up to the top of its hierarchy. */
export function isPlaceKnown(site: Site, context: RuleContext): boolean {
  const { topology } = context;
  const seen = new Set<Site>();
  let at: Site | undefined = site;
  while (at && !seen.has(at)) {
    seen.add(at);
    const isParentKnown = keyCertainty(context, at, 'parent', at.parent) !== 'unknown';
    if (!isParentKnown || knownTypeOf(at, context) === undefined) return false;
    if (at.parent && !lookup(topology.sites, at.parent.value)) return false;
    at = parentOf(at, topology);
  }
  return true;
}

/**
 * Whether a server of a site has a role: `unknown` where it may be in text that was not read, on a server whose
 * site is not known, or behind a word that another rule reports.
 * @returns a question about one site after another; what is the same for all is looked at once
 */
export function roleCertainty(role: string, context: RuleContext): (site: Site) => Certainty {
  const { topology } = context;
  const population = populationOf(topology);
  const unread = unreadServers(context);
  const mayBeAnywhere =
    sectionCertainty('server', context) === 'unknown' ||
    isBelowOther('servers', context) ||
    nameCertainty(context)(role) === 'unknown' ||
    serversWithoutSite(context).some((server) => hasRole(server, role) || unread.has(server));
  return (site) => {
    if (mayBeAnywhere || (unread.size > 0 && population.servers(site).some((server) => unread.has(server))))
      return 'unknown';
    return rolesAt(site, role, topology).length > 0 ? 'written' : 'absent';
  };
}

const serversWithoutSite = fromServers((server, { topology }) => (siteOf(server, topology) ? [] : [server]));

function hasRole({ roles }: Server, wanted: string): boolean {
  return roles.some(({ role }) => role === wanted);
}

/** Whether a section is absent and something else of the file has its name: its line is wrongly indented. */
function isBelowOther(section: string, { topology, tree }: RuleContext): boolean {
  if (sectionPair(tree, section)) return false;
  const { zones, sites, clients, boundaryGroups, availabilityGroups, firewalls } = topology;
  return [zones, sites, clients, boundaryGroups, availabilityGroups, firewalls].some((named) =>
    named.has(section),
  );
}

/**
 * Whether everything in the file was read, and its sites fit together. A server, a parent site or a domain
 * controller that is lost changes who talks to whom, also between other machines, so that nobody can say what a
 * firewall has to let through.
 */
export const isAllKnown: (context: RuleContext) => boolean = memo(
  (context) => {
    const { tree, topology } = context;
    return (
      topology.edition !== undefined &&
      tree.damage.length === 0 &&
      tree.duplicateKeys.length === 0 &&
      tree.unknownAliases.length === 0 &&
      topology.problems.length === 0 &&
      unknownReferences(topology).every(({ implied }) => implied === true) &&
      misfitsOf(context).doubtful.size === 0
    );
  },
  ({ topology }) => topology,
);

/** The fix that takes a role off its server; none where other places share the text. */
export function removeRole({ tree }: RuleContext, role: Role): readonly Fix[] {
  const { server } = role;
  const pair = server.node?.pairs.find(({ key }) => key.kind === 'scalar' && key.text === 'roles');
  const roles = pair && resolve(pair.value);
  if (roles?.kind !== 'map' || !isOwn(tree, server.node, 'roles')) return [];
  const own = roles.pairs.find(({ key }) => key === role.key);
  const edit = own && removePair(tree, roles, own);
  return edit
    ? [{ title: t('Remove {0} from {1}', role.role, server.name), safe: false, edits: [edit] }]
    : [];
}
