// What the pairing of machines asks of a topology, and what of it an edit of some machines changes.
import { getOrAdd, isSameList } from '../collections.ts';
import { differenceOf } from '../topology/difference.ts';
import { effectiveForest } from '../topology/effective.ts';
import type { ClientGroup, Server, Site, Topology } from '../topology/model.ts';
import { haveSameFrame } from '../topology/things.ts';
import { type DomainControllers, domainControllersOf } from './domain-controllers.ts';
import { type GroupInZone, kindOf, type Parties, type Party, partiesAfter, partiesOf } from './parties.ts';
import {
  GATEWAY_ROLE,
  type Service,
  type Services,
  type Serving,
  type ServingRole,
  servingOf,
} from './serving.ts';

/** Everything that pairing asks of a topology, each indexed once. */
export interface Hierarchy {
  readonly parties: Parties;
  readonly serving: Serving;
  readonly controllers: DomainControllers;
}

const hierarchies = new WeakMap<Topology, Hierarchy>();

/** Indexes a topology, once; the cost is proportional to its size. */
export function hierarchyOf(topology: Topology): Hierarchy {
  const known = hierarchies.get(topology);
  if (known) return known;
  const made = hierarchyFrom(partiesOf(topology));
  hierarchies.set(topology, made);
  return made;
}

function hierarchyFrom(parties: Parties, services?: Services): Hierarchy {
  return { parties, serving: servingOf(parties, services), controllers: domainControllersOf(parties) };
}

type Machine = Server | ClientGroup;

/**
 * Two hierarchies of which some servers or client groups are different: they came, went, or something of them changed,
 * which is both. The others, and what is made of them, are the same objects in both.
 */
export interface Change {
  readonly before: Hierarchy;
  readonly after: Hierarchy;
  /** What stands for the machines that are gone and for those that are new: these, their roles, the places of groups. */
  readonly unitsGone: readonly object[];
  readonly unitsAdded: readonly object[];
  /** Whether the holders of a role are the same, and all that follows from them. */
  readonly isSameRole: (role: string) => boolean;
  /** Whether the holders of a role at a site are the same. */
  readonly isSameAt: (site: Site, role: string) => boolean;
  /** Whether the places of client groups of a kind are the same. */
  readonly areSamePlaces: (kind: string) => boolean;
  /** Whether every machine that is the same asks the same domain controllers. */
  readonly areSameControllers: () => boolean;
  /** Whether clients that were there before use the same site systems for a role. */
  readonly areSameServices: (place: GroupInZone, role: ServingRole) => boolean;
}

/**
 * Indexes a topology anew where it differs from an earlier one.
 * @param before its index, which is used up: what is made of machines that are gone is forgotten with the next change
 * @returns what is different; undefined where that is more than machines, or concerns the hierarchy as a whole: its
 *   gateway, or a machine that is a web proxy of others
 */
export function changeBetween(before: Hierarchy, topology: Topology): Change | undefined {
  const earlier = before.parties.topology;
  if (!haveSameFrame(earlier, topology)) return undefined;
  const servers = differenceOf(earlier.servers, topology.servers);
  const clients = differenceOf(earlier.clients, topology.clients);
  if (servers === undefined || clients === undefined) return undefined;
  const gone = new Set<Machine>([...servers.gone, ...clients.gone]);
  const added = new Set<Machine>([...servers.added, ...clients.added]);
  if ([...gone, ...added].some(({ id }) => before.parties.isProxy(id))) return undefined;

  const parties = partiesAfter(before.parties, topology, gone, added);
  const isSameRole = (role: string) => before.parties.all(role) === parties.all(role);
  if (!isSameRole(GATEWAY_ROLE)) return undefined;
  const isServedElse = servedElse(
    [...holdersOf(gone, before.parties), ...holdersOf(added, parties)],
    parties,
  );
  const isServedSame = (place: GroupInZone, role: ServingRole) => !isServedElse(place, role);
  const services = before.serving.handOver(
    (place, role) => !gone.has(place.clients) && isServedSame(place, role),
  );
  const after = hierarchyFrom(parties, services);
  hierarchies.delete(earlier);
  hierarchies.set(topology, after);

  let controllers: boolean | undefined;
  const areSame = new Map<ServingRole, Map<GroupInZone, boolean>>();
  return {
    before,
    after,
    unitsGone: unitsOf(gone, before.parties),
    unitsAdded: unitsOf(added, after.parties),
    isSameRole,
    isSameAt: (site, role) =>
      isSameRole(role) || isSameList(before.parties.at(site, role), after.parties.at(site, role)),
    areSamePlaces: (kind) => before.parties.places(kind) === after.parties.places(kind),
    areSameControllers() {
      controllers ??= isSameRole('domain-controller') && haveSameForests(before.parties, after.parties);
      return controllers;
    },
    areSameServices: (place, role) =>
      isServedSame(place, role) ||
      getOrAdd(
        getOrAdd(areSame, role, () => new Map<GroupInZone, boolean>()),
        place,
        () => isSameService(before.serving.services(place, role), after.serving.services(place, role)),
      ),
  };
}

/** The index of a topology that says of machines what the one before it said, with the same objects. */
export function hierarchyAfter({ parties, serving }: Hierarchy, topology: Topology): Hierarchy {
  const none: ReadonlySet<Machine> = new Set();
  const services = serving.handOver(() => true);
  const hierarchy = hierarchyFrom(partiesAfter(parties, topology, none, none), services);
  // Its value leads back to its key, and a young entry keeps what it holds through all quick collections.
  hierarchies.delete(parties.topology);
  hierarchies.set(topology, hierarchy);
  return hierarchy;
}

/**
 * Answers whether clients may use others for a role because site systems came or went: at their site, at a secondary site
 * below it, or in a boundary group.
 * @param holders the roles of the servers that came or went
 */
function servedElse(
  holders: readonly Party[],
  { topology, parent }: Parties,
): (place: GroupInZone, role: ServingRole) => boolean {
  const named = new Set<string>();
  for (const { servers } of holders.length > 0 ? topology.boundaryGroups.values() : [])
    for (const { value } of servers) named.add(value.toLowerCase());
  const sites = new Map<string, Set<Site | undefined>>();
  const everywhere = new Set<string>();
  for (const { role, site, endpoint } of holders) {
    if (!role) continue;
    if (named.has(endpoint.server?.id ?? '')) everywhere.add(role.role);
    const at = getOrAdd(sites, role.role, () => new Set());
    at.add(site);
    if (site?.type?.value === 'secondary') at.add(parent(site));
  }
  return ({ assigned }, role) => everywhere.has(role) || sites.get(role)?.has(assigned) === true;
}

/** What stands for some machines, for whoever goes through machines, holders of a role, or places. */
function unitsOf(machines: ReadonlySet<Machine>, parties: Parties): readonly object[] {
  return [...machines].flatMap((machine): readonly object[] =>
    machine.kind === 'clients'
      ? parties.places(kindOf(machine)).filter(({ clients }) => clients === machine)
      : [machine, ...holdersOf([machine], parties)],
  );
}

/** Every role of the servers among some machines. */
function holdersOf(machines: Iterable<Machine>, parties: Parties): readonly Party[] {
  return [...machines].flatMap((machine) =>
    machine.kind === 'clients'
      ? []
      : machine.roles.flatMap(({ role }) => parties.holder(machine, role) ?? []),
  );
}

/** Whether pairs of clients with the site systems that they use are the same; why they use them is no part of these. */
function isSameService(a: readonly Service[], b: readonly Service[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ to, anyOf, optional, without }, index) => {
      const other = b[index];
      return (
        to === other?.to && anyOf === other.anyOf && optional === other.optional && without === other.without
      );
    })
  );
}

/** Whether the site server of each site is in the same forest, which says what a controller of another one trusts. */
function haveSameForests(before: Parties, after: Parties): boolean {
  const forestOf = ({ topology, siteServer }: Parties, site: Site) => {
    const server = siteServer(site);
    return server && (effectiveForest(server, topology)?.value ?? '').toLowerCase();
  };
  return (
    before.all('site-server') === after.all('site-server') ||
    after.sites.every((site) => forestOf(before, site) === forestOf(after, site))
  );
}
