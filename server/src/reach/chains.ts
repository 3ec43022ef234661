// Which firewalls stand between two zones.
import type { Firewall, Topology, Zone } from '../topology/model.ts';

/**
 * The firewalls that traffic between two zones passes: those on the shortest chains (fewest firewalls) that join
 * them. Where several chains are as short, each of them must let the traffic through, so all their firewalls count.
 * Empty within one zone and for zones that no chain joins. Zones are named in lower case.
 */
export function chainsOf(topology: Topology): (from: string, to: string) => readonly Firewall[] {
  const joins = [...topology.firewalls.values()].map((firewall, index) => ({
    firewall,
    index,
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

  /** Goes from zone to zone, always nearer to the end: one firewall further on is one step less. */
  function findChain(from: string, to: string): readonly Firewall[] {
    const left = distancesFrom(to);
    const chain: Firewall[] = [];
    let zones: ReadonlySet<string> = new Set([from]);
    for (let steps = left.get(from) ?? 0; steps > 0; steps--) {
      const used = new Set<(typeof joins)[number]>();
      const nearer = new Set<string>();
      for (const zone of zones) {
        for (const join of at.get(zone) ?? []) {
          for (const next of join.zones) {
            if (left.get(next) !== steps - 1) continue;
            used.add(join);
            nearer.add(next);
          }
        }
      }
      chain.push(...[...used].sort((a, b) => a.index - b.index).map(({ firewall }) => firewall));
      zones = nearer;
    }
    return chain;
  }

  const chains = new Map<string, Map<string, readonly Firewall[]>>();
  return (from, to) => {
    if (from === to) return [];
    let known = chains.get(from);
    if (!known) {
      known = new Map();
      chains.set(from, known);
    }
    let chain = known.get(to);
    if (!chain) {
      chain = findChain(from, to);
      known.set(to, chain);
    }
    return chain;
  };
}

/** The zone marked `internet`, where the cloud services are. */
export function internetZone(topology: Topology): Zone | undefined {
  return [...topology.zones.values()].find((zone) => zone.internet);
}
