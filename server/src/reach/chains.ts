// Which firewalls are between two zones.
import type { Firewall, Topology, Zone } from '../topology/model.ts';

/** A firewall that traffic crosses from one zone to another (in lower case). */
export interface Crossing {
  readonly firewall: Firewall;
  readonly from: string;
  readonly to: string;
}

/** What is between zones. Zones are named in lower case. */
export interface Chains {
  /**
   * The firewalls that traffic between two zones passes, nearest to the first first, each once: those on the shortest
   * chains (fewest firewalls) that join them. Where several chains are as short, each of them must let the traffic
   * through, so all their firewalls count. Empty within one zone and for zones that no chain joins.
   */
  between(from: string, to: string): readonly Firewall[];
  /** The same, each firewall once for each two zones that it is crossed between. */
  crossings(from: string, to: string): readonly Crossing[];
}

/** A firewall as one of its zones sees it. */
interface Join {
  readonly firewall: Firewall;
  readonly index: number;
  /** The zones behind it, and maybe the zone itself. */
  readonly next: readonly string[];
}

/** For each zone the firewalls that it is joined to others by. */
function joinsOf({ firewalls, zones }: Topology): ReadonlyMap<string, readonly Join[]> {
  const joins = new Map<string, Join[]>();
  const idsOf = (words: Firewall['zones']) =>
    [...new Set(words.map(({ value }) => value.toLowerCase()))].filter((id) => zones.has(id));
  for (const [index, firewall] of [...firewalls.values()].entries()) {
    const next = new Map<string, readonly string[]>();
    const all = idsOf(firewall.zones);
    for (const zone of all) next.set(zone, all);
    for (const pair of firewall.between) {
      const ids = idsOf(pair);
      for (const zone of ids) next.set(zone, [...(next.get(zone) ?? []), ...ids]);
    }
    for (const [zone, behind] of next) {
      const join = { firewall, index, next: behind };
      const list = joins.get(zone);
      if (list) list.push(join);
      else joins.set(zone, [join]);
    }
  }
  return joins;
}

/** Answers for one topology; each two zones are worked out once. */
export function chainsOf(topology: Topology): Chains {
  const at = joinsOf(topology);
  const distances = new Map<string, ReadonlyMap<string, number>>();
  /** How many firewalls are between a zone and each that can be reached from it. */
  function distancesFrom(start: string): ReadonlyMap<string, number> {
    let known = distances.get(start);
    if (!known) {
      const found = new Map([[start, 0]]);
      for (const [zone, distance] of found) {
        for (const { next } of at.get(zone) ?? [])
          for (const zone of next) if (!found.has(zone)) found.set(zone, distance + 1);
      }
      known = found;
      distances.set(start, known);
    }
    return known;
  }

  /** Goes from zone to zone, always nearer to the end: one firewall further on is one step less. */
  function findCrossings(from: string, to: string): readonly Crossing[] {
    const left = distancesFrom(to);
    const found: Crossing[] = [];
    let zones: ReadonlySet<string> = new Set([from]);
    for (let steps = left.get(from) ?? 0; steps > 0; steps--) {
      const step: { readonly crossing: Crossing; readonly index: number }[] = [];
      const nearer = new Set<string>();
      for (const zone of zones) {
        for (const { firewall, index, next } of at.get(zone) ?? []) {
          for (const to of new Set(next)) {
            if (left.get(to) !== steps - 1) continue;
            step.push({ crossing: { firewall, from: zone, to }, index });
            nearer.add(to);
          }
        }
      }
      found.push(...step.sort((a, b) => a.index - b.index).map(({ crossing }) => crossing));
      zones = nearer;
    }
    return found;
  }

  const chains = new Map<
    string,
    Map<string, { readonly firewalls: readonly Firewall[]; readonly crossings: readonly Crossing[] }>
  >();
  function chainOf(from: string, to: string) {
    let known = chains.get(from);
    if (!known) {
      known = new Map();
      chains.set(from, known);
    }
    let chain = known.get(to);
    if (!chain) {
      const crossings = findCrossings(from, to);
      chain = { crossings, firewalls: [...new Set(crossings.map(({ firewall }) => firewall))] };
      known.set(to, chain);
    }
    return chain;
  }

  return {
    between: (from, to) => (from === to ? [] : chainOf(from, to).firewalls),
    crossings: (from, to) => (from === to ? [] : chainOf(from, to).crossings),
  };
}

/** The zone marked `internet`, where the cloud services are. */
export function internetZone(topology: Topology): Zone | undefined {
  return [...topology.zones.values()].find((zone) => zone.internet);
}
