// Boundaries and boundary groups as client groups with networks, and boundary groups that name them.
import { groupBy } from '../collections.ts';
import { listedUpTo } from '../rules/words.ts';
import { counted } from '../text/count.ts';
import type { DraftBoundaryGroup, DraftClients, DraftServer, DraftSite, DraftZone } from './draft.ts';
import type { BoundaryFact, BoundaryGroupFact, Facts, RelationFact } from './facts.ts';
import { freeName } from './hosts.ts';
import { networksOfBoundary, zoneAt } from './networks.ts';

interface Context {
  serverOf(name: string): DraftServer | undefined;
  isCloud(name: string): boolean;
  readonly hasGateway: boolean;
  readonly sites: readonly DraftSite[];
  readonly zones: readonly DraftZone[];
  /** Names of servers, zones and listeners, in lower case. */
  readonly taken: Set<string>;
  /** What is left out is added. */
  readonly notes: string[];
}

/** The roles that fall back, all of them in this order where a neighbour is for each. */
const FALLBACK_ROLES = ['distribution-point', 'management-point', 'software-update-point'];

/** How many values a note lists. */
const SHOWN = 8;

/**
 * Boundaries that are in the same boundary groups are one client group: its clients use the same site systems.
 */
export function boundaryGroupsOf(
  facts: Facts,
  context: Context,
): { readonly clients: readonly DraftClients[]; readonly boundaryGroups: readonly DraftBoundaryGroup[] } {
  const { notes } = context;
  const groups = [...groupBy(facts.boundaryGroups, ({ id }) => id).values()]
    .flatMap(([first]) => first ?? [])
    .toSorted((a, b) => compare(a.name.toLowerCase(), b.name.toLowerCase()));
  if (groups.length === 0) {
    if (facts.boundaries.length > 0)
      notes.push(
        `${counted(facts.boundaries.length, 'boundary', 'boundaries')} without a boundary group: add Get-CMBoundaryGroup and SMS_BoundaryGroupMembers.`,
      );
    return { clients: [], boundaryGroups: [] };
  }
  const known = new Set(groups.map(({ id }) => id));
  const taken = new Set<string>();
  const names = new Map(groups.map((group) => [group.id, freeName(group.name, taken)]));
  const servers = new Map(groups.map((group) => [group.id, systemsOf(group, facts, context)]));
  const clients = clientsOf(groups, facts, context, names, servers);
  const members = groupBy(
    clients.flatMap((one) => one.groups.map((group) => ({ group, name: one.clients.name }))),
    ({ group }) => group,
  );
  const missing = facts.members.filter(({ group }) => !known.has(group));
  if (missing.length > 0)
    notes.push(
      `${counted(missing.length, 'member')} of boundary groups that are not in the export: add Get-CMBoundaryGroup.`,
    );
  return {
    clients: clients.map((one) => one.clients),
    boundaryGroups: groups.map((group) => {
      const systems = servers.get(group.id);
      return {
        name: names.get(group.id) ?? group.name,
        title: group.name,
        description: group.description,
        site: context.sites.some(({ code }) => code === group.site) ? group.site : undefined,
        members: (members.get(group.id) ?? []).map(({ name }) => name),
        servers: systems?.servers ?? [],
        cloudManagementGateway: systems?.gateway === true,
        fallback: fallbackOf(group, facts.relations, groups, names, notes),
        notes: systems?.notes ?? [],
        areServersTold:
          systems?.notes.length === 0 && facts.members.some(({ server }) => server !== undefined),
        areNeighboursTold: facts.relations.length > 0,
        place: group.place,
      };
    }),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface Systems {
  readonly servers: readonly string[];
  readonly gateway: boolean;
  readonly notes: readonly string[];
}

function systemsOf({ id }: BoundaryGroupFact, facts: Facts, context: Context): Systems {
  const servers = new Set<string>();
  const unknown: string[] = [];
  let gateway = false;
  for (const { group, server: name } of facts.members) {
    if (group !== id || name === undefined) continue;
    const server = context.serverOf(name);
    if (context.isCloud(name)) gateway = true;
    else if (server) servers.add(server.name);
    else unknown.push(name);
  }
  const notes = unknown.length === 0 ? [] : [`Not in the export: ${listedUpTo(SHOWN, unknown)}.`];
  if (gateway && !context.hasGateway)
    notes.push('It has the cloud management gateway, of which no connection point is in the export.');
  return { servers: [...servers].toSorted(compare), gateway: gateway && context.hasGateway, notes };
}

function clientsOf(
  groups: readonly BoundaryGroupFact[],
  facts: Facts,
  context: Context,
  names: ReadonlyMap<string, string>,
  servers: ReadonlyMap<string, Systems>,
): readonly { readonly clients: DraftClients; readonly groups: readonly string[] }[] {
  const order = new Map(groups.map(({ id }, index) => [id, index]));
  const groupsOf = groupBy(
    facts.members.filter(({ boundary, group }) => boundary !== undefined && order.has(group)),
    ({ boundary }) => boundary,
  );
  const boundaries = [...groupBy(facts.boundaries, ({ id }) => id).values()].flatMap(
    ([first]) => first ?? [],
  );
  const alone = boundaries.filter(({ id }) => !groupsOf.has(id));
  if (alone.length > 0)
    context.notes.push(
      `${counted(alone.length, 'boundary', 'boundaries')} in no boundary group: ${listedUpTo(
        SHOWN,
        alone.map(({ value }) => value),
      )}.`,
    );
  const sets = groupBy(
    boundaries.filter(({ id }) => groupsOf.has(id)),
    ({ id }) =>
      [...new Set((groupsOf.get(id) ?? []).map(({ group }) => group))]
        .toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
        .join('\n'),
  );
  const result: { clients: DraftClients; groups: readonly string[] }[] = [];
  for (const [key, own] of [...sets].toSorted(
    ([a], [b]) =>
      (order.get(a.split('\n')[0] ?? '') ?? 0) - (order.get(b.split('\n')[0] ?? '') ?? 0) || compare(a, b),
  )) {
    const ids = key.split('\n');
    const [first = ''] = ids;
    const title = names.get(first) ?? first;
    const notes: string[] = [];
    const site = assignedSite(ids, groups, servers, context, notes);
    if (site === undefined) {
      context.notes.push(`The clients of ${title}: to which site they are assigned is not in the export.`);
      continue;
    }
    const { networks, open } = networksOfAll(own);
    if (open.length > 0) notes.push(`Without networks in the export: ${listedUpTo(SHOWN, open)}.`);
    const zones = [...new Set(networks.flatMap((network) => zoneAt(network, context.zones) ?? []))];
    const outside = networks.filter((network) => zoneAt(network, context.zones) === undefined);
    if (context.zones.length > 0 && outside.length > 0)
      notes.push(`In no zone: ${listedUpTo(SHOWN, outside)}.`);
    result.push({
      clients: {
        name: freeName(`${title}-clients`, context.taken),
        site,
        zones: zones.toSorted(compare),
        networks,
        notes,
      },
      groups: ids,
    });
  }
  return result;
}

/** The site that a boundary group assigns, else that of its site systems, else the only primary one. */
function assignedSite(
  ids: readonly string[],
  groups: readonly BoundaryGroupFact[],
  servers: ReadonlyMap<string, Systems>,
  context: Context,
  notes: string[],
): string | undefined {
  const isKnown = (code: string | undefined): code is string =>
    context.sites.some((site) => site.code === code && site.type !== 'central-administration');
  const assigned = [...new Set(ids.flatMap((id) => groups.find((group) => group.id === id)?.site ?? []))];
  const good = assigned.filter(isKnown);
  if (good.length > 1) notes.push(`Its boundary groups assign several sites: ${good.join(', ')}.`);
  if (good[0] !== undefined) return good[0];
  const primaries = context.sites.filter(({ type }) => type === 'primary');
  if (primaries.length === 1) return primaries[0]?.code;
  const primaryOf = (name: string): string | undefined => {
    const code = context.serverOf(name)?.site;
    const site = context.sites.find((one) => one.code === code);
    return site?.type === 'secondary' ? site.parent : site?.code;
  };
  const used = new Set(
    ids.flatMap((id) => servers.get(id)?.servers ?? []).flatMap((name) => primaryOf(name) ?? []),
  );
  const [only] = used;
  if (used.size !== 1 || !isKnown(only)) return undefined;
  notes.push('No boundary group assigns a site: that of its site systems is taken.');
  return only;
}

/** The networks of some boundaries, and what has none. */
function networksOfAll(boundaries: readonly BoundaryFact[]): {
  readonly networks: readonly string[];
  readonly open: readonly string[];
} {
  const networks = new Set<string>();
  const open: string[] = [];
  const words = { 'active-directory-site': 'Active Directory site', subnet: 'subnet', vpn: 'VPN' } as const;
  for (const boundary of boundaries) {
    const found = networksOfBoundary(boundary);
    for (const network of found ?? []) networks.add(network);
    if (found !== undefined) continue;
    const { type, value } = boundary;
    const word = type !== undefined && type in words ? `${words[type as keyof typeof words]} ` : '';
    open.push(`${word}${value}`);
  }
  return { networks: [...networks], open };
}

function fallbackOf(
  group: BoundaryGroupFact,
  relations: readonly RelationFact[],
  groups: readonly BoundaryGroupFact[],
  names: ReadonlyMap<string, string>,
  notes: string[],
): ReadonlyMap<string, readonly string[] | undefined> {
  const meant = ({ id, name }: RelationFact['source']) =>
    groups.find((one) => (id === undefined ? one.name === name : one.id === id));
  const result = new Map<string, readonly string[] | undefined>();
  for (const { source, destination, minutes } of relations) {
    if (meant(source) !== group) continue;
    const neighbour = meant(destination);
    if (neighbour === undefined) {
      // That of the site is implied for every group.
      if (!/^Default-Site-Boundary-Group/i.test(destination.name ?? ''))
        notes.push(
          `${group.name} falls back to ${destination.name ?? `the boundary group ${destination.id}`}, which is not in the export.`,
        );
      continue;
    }
    const roles = FALLBACK_ROLES.filter((role) => (minutes.get(role) ?? -1) >= 0);
    const isTold = minutes.size > 0;
    if (isTold && roles.length === 0) continue;
    result.set(
      names.get(neighbour.id) ?? neighbour.name,
      !isTold || roles.length === FALLBACK_ROLES.length ? undefined : roles,
    );
  }
  return new Map([...result].toSorted(([a], [b]) => compare(a.toLowerCase(), b.toLowerCase())));
}
