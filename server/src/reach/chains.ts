// Which firewalls stand between two zones.
import type { Firewall, Topology, Zone } from '../topology/model.ts';

/**
 * The firewalls that traffic between two zones passes: those on the shortest chains (fewest firewalls) that join
 * them. Where several chains are as short, each of them must let the traffic through, so all their firewalls count.
 * Empty within one zone and for zones that no chain joins. Zones are named in lower case.
 */
export function chainsOf(topology: Topology): (from: string, to: string) => readonly Firewall[] {
  const joins = [...topology.firewalls.values()].map((firewall) => ({
    firewall,
    zones: [...new Set(firewall.zones.map(({ value }) => value.toLowerCase()))].filter((zone) =>
      topology.zones.has(zone),
    ),
  }));
  const at = new Map<string, (typeof joins)[number][]>();
  for (const join of joins) {
    for (const zone of join.zones) {
      const list = at.get(zone);
      if (list) list.push(join);
      else at.set(zone, [join]);
    }
  }

  const distances = new Map<string, ReadonlyMap<string, number>>();
  /** How many firewalls stand between a zone and each that can be reached from it. */
  function distancesFrom(start: string): ReadonlyMap<string, number> {
    let known = distances.get(start);
    if (!known) {
      const found = new Map([[start, 0]]);
      for (const [zone, distance] of found) {
        for (const { zones } of at.get(zone) ?? []) {
          for (const next of zones) if (!found.has(next)) found.set(next, distance + 1);
        }
      }
      known = found;
      distances.set(start, known);
    }
    return known;
  }

  const chains = new Map<string, readonly Firewall[]>();
  return (from, to) => {
    if (from === to) return [];
    const key = `${from}\n${to}`;
    let chain = chains.get(key);
    if (!chain) {
      const here = distancesFrom(from);
      const there = distancesFrom(to);
      const shortest = here.get(to);
      const nearest = (zones: readonly string[], distances: ReadonlyMap<string, number>) =>
        Math.min(...zones.map((zone) => distances.get(zone) ?? Number.POSITIVE_INFINITY));
      chain =
        shortest === undefined
          ? []
          : joins
              .map(({ firewall, zones }) => ({
                firewall,
                before: nearest(zones, here),
                after: nearest(zones, there),
              }))
              .filter(({ before, after }) => before + 1 + after === shortest)
              .sort((a, b) => a.before - b.before)
              .map(({ firewall }) => firewall);
      chains.set(key, chain);
    }
    return chain;
  };
}

/** The zone marked `internet`, where the cloud services are. */
export function internetZone(topology: Topology): Zone | undefined {
  return [...topology.zones.values()].find((zone) => zone.internet);
}
