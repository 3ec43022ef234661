// Which domain controllers a machine asks: by forest first, then by zone. docs/flows.md tells it in words.
import { getOrAdd, groupBy } from '../collections.ts';
import { effectiveForest, lookup, roleOption } from '../topology/effective.ts';
import type { Site } from '../topology/model.ts';
import type { Parties, Party } from './parties.ts';

const ROLE = 'domain-controller';

export interface DomainControllers {
  /** The controllers that a machine asks, in a zone of its own; those with a global catalog are chosen apart. */
  askedBy(machine: Party, zone: string | undefined, site: Site | undefined): AskedControllers;
  /** All controllers of a forest. */
  ofForest(forest: string): readonly Party[];
}

export interface AskedControllers {
  readonly plain: readonly Party[];
  readonly global: readonly Party[];
}

/** The forest of a machine, compared without regard to case; the empty text is the one unnamed forest. */
export function forestOf({ endpoint }: Party, { topology }: Parties): string {
  const machine = endpoint.server ?? endpoint.clients;
  return ((machine && effectiveForest(machine, topology)?.value) ?? '').toLowerCase();
}

/** Indexes the domain controllers of a topology. */
export function domainControllersOf(parties: Parties): DomainControllers {
  const { topology } = parties;
  const all = parties.all(ROLE);
  const byForest = groupBy(all, (party) => forestOf(party, parties));
  /** By the forest of the site server. */
  const forests = new Map<Site, string | undefined>();
  /** By the forest of a machine and its zone, of those whose site server trusts that forest, and of others. */
  const trusting = new Map<string, Map<string | undefined, AskedControllers>>();
  const others: typeof trusting = new Map();

  function siteForest(site: Site): string | undefined {
    const server = parties.siteServer(site);
    return server && (effectiveForest(server, topology)?.value ?? '').toLowerCase();
  }

  /** Of the allowed ones: those that the zone names, else those in the zone, else all. */
  function nearest(pool: readonly Party[], zone: string | undefined): readonly Party[] {
    if (zone === undefined) return pool;
    const names = topology.zones.get(zone)?.domainControllers ?? [];
    const named = new Set(names.map(({ value }) => lookup(topology.servers, value)));
    const chosen = pool.filter(({ endpoint }) => named.has(endpoint.server));
    if (chosen.length > 0) return chosen;
    const inZone = pool.filter(({ endpoint }) => endpoint.zone === zone);
    return inZone.length > 0 ? inZone : pool;
  }

  return {
    ofForest: (forest) => byForest.get(forest.toLowerCase()) ?? [],
    askedBy(machine, zone, site) {
      const own = forestOf(machine, parties);
      // A trust is between a controller's forest and that of the site server.
      const trusts = site !== undefined && getOrAdd(forests, site, () => siteForest(site)) === own;
      const answers = getOrAdd(trusts ? trusting : others, own, () => new Map());
      return getOrAdd(answers, zone, () => {
        const allowed = all.filter(
          (party) =>
            forestOf(party, parties) === own || (trusts && party.endpoint.server?.trusted?.value === true),
        );
        const global = allowed.filter(({ role }) => role && roleOption(role, 'globalCatalog') === true);
        return { plain: nearest(allowed, zone), global: nearest(global, zone) };
      });
    },
  };
}
