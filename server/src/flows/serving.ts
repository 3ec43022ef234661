// Who serves a client: role by role, for a client group in one of its zones, and why. docs/flows.md tells it in words.
import { getOrAdd, groupBy } from '../collections.ts';
import { lookup, roleOption } from '../topology/effective.ts';
import type { BoundaryGroup, Server, Site, Zone } from '../topology/model.ts';
import type { GroupInZone, Parties, Party } from './parties.ts';

/** The roles among which clients choose. */
export type ServingRole =
  | 'management-point'
  | 'distribution-point'
  | 'software-update-point'
  | 'state-migration-point'
  | 'fallback-status-point';

const PLURAL: Readonly<Record<ServingRole, string>> = {
  'management-point': 'management points',
  'distribution-point': 'distribution points',
  'software-update-point': 'software update points',
  'state-migration-point': 'state migration points',
  'fallback-status-point': 'fallback status points',
};

/** The roles among which clients choose, in the order in which they are told. */
export const SERVING_ROLES = Object.keys(PLURAL) as readonly ServingRole[];

/** Whether clients choose among the holders of a role by boundary groups and zones. */
export function isServingRole(role: string): role is ServingRole {
  return Object.hasOwn(PLURAL, role);
}

/** Why clients use a site system. */
export type ServingReason =
  | { readonly kind: 'boundary-group'; readonly group: BoundaryGroup }
  | { readonly kind: 'neighbor'; readonly group: BoundaryGroup }
  /** The group itself is at this secondary site. */
  | { readonly kind: 'secondary-site'; readonly site: Site }
  | { readonly kind: 'same-zone'; readonly zone: Zone }
  /** No boundary group names it. */
  | { readonly kind: 'default-boundary-group'; readonly site: Site }
  | { readonly kind: 'assigned-site'; readonly site: Site }
  /** The clients are on the internet, and it serves such clients. */
  | { readonly kind: 'internet'; readonly site: Site };

/** A site system that clients use. */
export interface Service {
  readonly to: Party;
  readonly why: ServingReason;
  /** The choice that it is an alternative of; undefined for what is optional. */
  readonly anyOf?: string;
  readonly optional?: true;
  /** What happens without it, where it is optional. */
  readonly without?: string;
}

export interface Serving {
  /** The site systems that the clients of a group use for a role, in one of its zones. */
  services(place: GroupInZone, role: ServingRole): readonly Service[];
  /** The boundary groups that hold the clients of a group, in one of its zones. */
  boundaryGroups(place: GroupInZone): readonly BoundaryGroup[];
  /** Whether these clients use the hierarchy's cloud management gateway. */
  usesGateway(place: GroupInZone): boolean;
  /**
   * Gives away the answers to `services` that hold after a change.
   * @param isSame whether clients use the same site systems for a role
   */
  handOver(isSame: (place: GroupInZone, role: ServingRole) => boolean): Services;
}

/** The site systems that clients use, as far as somebody has asked. */
export type Services = Map<GroupInZone, Map<ServingRole, readonly Service[]>>;

/** The role that says that a hierarchy has services in Azure which clients use. */
export const GATEWAY_ROLE = 'cloud-management-gateway-connection-point';

const NEIGHBOR_WITHOUT = 'Clients do not fall back to the neighbor boundary group.';
const DEFAULT_WITHOUT = 'Clients do not fall back to site systems that no boundary group names.';

/** `distribution points of pcs1`: the name of a choice. */
export function choiceName(role: ServingRole, { clients }: GroupInZone): string {
  return `${PLURAL[role]} of ${clients.name}`;
}

/** Whether a site system serves clients on the intranet. */
export function servesIntranet({ role }: Party): boolean {
  return role !== undefined && roleOption(role, 'clients') !== 'internet';
}

/** Whether a site system serves clients on the internet. */
export function servesInternet({ role }: Party): boolean {
  const clients = role && roleOption(role, 'clients');
  return clients === 'internet' || clients === 'both';
}

/** The site systems of one role among which the clients of one primary site choose. */
interface Pool {
  /** At the site itself and at the secondary sites below it. */
  readonly all: ReadonlySet<Party>;
  readonly byZone: ReadonlyMap<string | undefined, readonly Party[]>;
  /** Those that no boundary group names. */
  readonly unnamed: readonly Party[];
}

/**
 * Answers who serves the clients of a topology; what is the same for many of them is worked out once.
 * @param known answers that hold, from before an edit
 */
export function servingOf(parties: Parties, known: Services = new Map()): Serving {
  const { topology } = parties;
  const groups = [...topology.boundaryGroups.values()];
  const ofMember = groupBy(
    groups.flatMap((group) => group.members.map(({ value }) => ({ group, member: value.toLowerCase() }))),
    ({ member }) => member,
  );
  const serversOfGroup = new Map(
    groups.map((group) => [
      group,
      group.servers.flatMap(({ value }) => lookup(topology.servers, value) ?? []),
    ]),
  );
  const named = new Set<Server | undefined>([...serversOfGroup.values()].flat());
  const pools = new Map<Site, Map<ServingRole, Pool>>();
  const holdersIn = new Map<BoundaryGroup, Map<ServingRole, readonly Party[]>>();

  function poolOf(site: Site, role: ServingRole): Pool {
    const ofSite = getOrAdd(pools, site, () => new Map<ServingRole, Pool>());
    return getOrAdd(ofSite, role, () => {
      const secondaries = parties.children(site).filter(({ type }) => type?.value === 'secondary');
      const all = [site, ...secondaries].flatMap((each) => parties.at(each, role)).filter(servesIntranet);
      return {
        all: new Set(all),
        byZone: groupBy(all, ({ endpoint }) => endpoint.zone),
        unnamed: all.filter(({ endpoint }) => !named.has(endpoint.server)),
      };
    });
  }

  /** The holders of a role that a boundary group names, for clients of a site: distribution points of any site. */
  function namedBy(group: BoundaryGroup, role: ServingRole, site: Site): readonly Party[] {
    const ofGroup = getOrAdd(holdersIn, group, () => new Map<ServingRole, readonly Party[]>());
    const holders = getOrAdd(ofGroup, role, () =>
      (serversOfGroup.get(group) ?? [])
        .flatMap((server) => parties.holder(server, role) ?? [])
        .filter(servesIntranet),
    );
    return role === 'distribution-point'
      ? holders
      : holders.filter((party) => poolOf(site, role).all.has(party));
  }

  function boundaryGroups({ clients, zone, internet }: GroupInZone): readonly BoundaryGroup[] {
    if (internet) return [];
    const direct = ofMember.get(clients.id) ?? [];
    const byZone = zone ? (ofMember.get(zone.id) ?? []) : [];
    return [...new Set([...direct, ...byZone].map(({ group }) => group))];
  }

  /** What the boundary groups of these clients name; the secondary site that a group is at counts as one. */
  function own(place: GroupInZone, role: ServingRole): Map<Party, ServingReason> {
    const found = new Map<Party, ServingReason>();
    const add = (party: Party, why: ServingReason) => {
      if (!found.has(party)) found.set(party, why);
    };
    for (const group of boundaryGroups(place)) {
      for (const party of namedBy(group, role, place.assigned)) add(party, { kind: 'boundary-group', group });
    }
    const { secondary } = place;
    if (secondary) {
      for (const party of parties.at(secondary, role)) {
        if (servesIntranet(party)) add(party, { kind: 'secondary-site', site: secondary });
      }
    }
    return found;
  }

  /** What the neighbors of these clients' boundary groups name, where the role falls back to them. */
  function neighbors(
    place: GroupInZone,
    role: ServingRole,
    except: ReadonlyMap<Party, ServingReason>,
  ): Map<Party, ServingReason> {
    const found = new Map<Party, ServingReason>();
    if (role === 'state-migration-point') return found;
    for (const { fallback } of boundaryGroups(place)) {
      for (const { group: name, roles } of fallback) {
        const group = lookup(topology.boundaryGroups, name.value);
        if (!group || (roles && !roles.some(({ value }) => value === role))) continue;
        for (const party of namedBy(group, role, place.assigned)) {
          if (!except.has(party) && !found.has(party)) found.set(party, { kind: 'neighbor', group });
        }
      }
    }
    return found;
  }

  function onIntranet(place: GroupInZone, role: ServingRole): readonly Service[] {
    const { assigned, zone } = place;
    const anyOf = choiceName(role, place);
    const needed = (found: Iterable<readonly [Party, ServingReason]>, choice = anyOf): readonly Service[] =>
      [...found].map(([to, why]) => ({ to, why, anyOf: choice }));
    const because = (found: readonly Party[], why: ServingReason): readonly Service[] =>
      found.map((to) => ({ to, why, anyOf }));

    const first = own(place, role);
    const next = neighbors(place, role, first);
    if (first.size > 0 || next.size > 0) {
      const chosen = first.size > 0 ? first : next;
      const beside = first.size > 0 ? next : new Map<Party, ServingReason>();
      const registering = role === 'management-point' ? primaryPoints(place, chosen) : undefined;
      const known = new Set([...chosen.keys(), ...beside.keys(), ...(registering?.keys() ?? [])]);
      const atPrimary = (party: Party) => registering?.has(party) ?? false;
      const implied =
        role === 'state-migration-point'
          ? []
          : poolOf(assigned, role).unnamed.filter((party) => party.site === assigned && !known.has(party));
      return [
        ...needed([...chosen].filter(([party]) => !atPrimary(party))),
        ...(registering
          ? needed(registering, `management points of ${assigned.name} for ${place.clients.name}`)
          : []),
        ...[...beside]
          .filter(([party]) => !atPrimary(party))
          .map(([to, why]): Service => ({ to, why, optional: true, without: NEIGHBOR_WITHOUT })),
        ...implied.map(
          (to): Service => ({
            to,
            why: { kind: 'default-boundary-group', site: assigned },
            optional: true,
            without: DEFAULT_WITHOUT,
          }),
        ),
      ];
    }
    const pool = poolOf(assigned, role);
    if (role === 'management-point')
      return because(intranetAt(assigned, role), { kind: 'assigned-site', site: assigned });
    const near = zone ? (pool.byZone.get(zone.id) ?? []) : [];
    if (zone && near.length > 0) return because(near, { kind: 'same-zone', zone });
    return because(pool.unnamed, { kind: 'default-boundary-group', site: assigned });
  }

  function intranetAt(site: Site, role: ServingRole): readonly Party[] {
    return parties.at(site, role).filter(servesIntranet);
  }

  /**
   * Beside the management point of a secondary site, clients need those of their primary, where they register:
   * the ones that their boundary groups name, else all.
   * @returns undefined where no secondary site's is among the chosen
   */
  function primaryPoints(
    { assigned }: GroupInZone,
    chosen: ReadonlyMap<Party, ServingReason>,
  ): Map<Party, ServingReason> | undefined {
    if (![...chosen.keys()].some(({ site }) => site?.type?.value === 'secondary')) return undefined;
    const named = [...chosen].filter(([{ site }]) => site === assigned);
    if (named.length > 0) return new Map(named);
    return new Map(
      intranetAt(assigned, 'management-point').map((party) => [
        party,
        { kind: 'assigned-site', site: assigned },
      ]),
    );
  }

  function findServices(place: GroupInZone, role: ServingRole): readonly Service[] {
    const { assigned, internet } = place;
    if (internet) {
      if (role === 'state-migration-point' || assigned.type?.value === 'secondary') return [];
      const why: ServingReason = { kind: 'internet', site: assigned };
      return parties
        .at(assigned, role)
        .filter(servesInternet)
        .map((to) => ({ to, why, anyOf: choiceName(role, place) }));
    }
    if (role === 'fallback-status-point') {
      const why: ServingReason = { kind: 'assigned-site', site: assigned };
      return intranetAt(assigned, role).map((to) => ({ to, why, anyOf: choiceName(role, place) }));
    }
    return onIntranet(place, role);
  }

  const gateways = new Set(
    parties.all(GATEWAY_ROLE).flatMap(({ site }) => (site ? [parties.top(site)] : [])),
  );

  // Several connections and rules ask for the same, and each answer names every distribution point of a site.
  let services = known;

  return {
    services: (place, role) =>
      getOrAdd(
        getOrAdd(services, place, () => new Map<ServingRole, readonly Service[]>()),
        role,
        () => findServices(place, role),
      ),
    handOver(isSame) {
      const given = services;
      services = new Map();
      for (const [place, byRole] of given)
        for (const [role, found] of byRole) {
          if (isSame(place, role)) continue;
          byRole.delete(role);
          getOrAdd(services, place, () => new Map<ServingRole, readonly Service[]>()).set(role, found);
          if (byRole.size === 0) given.delete(place);
        }
      return given;
    },
    boundaryGroups,
    usesGateway: (place) =>
      gateways.has(parties.top(place.assigned)) &&
      (place.internet || boundaryGroups(place).some((group) => group.cloudManagementGateway?.value === true)),
  };
}
