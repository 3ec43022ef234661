// Which firewalls are between two zones.
import { memo } from '../collections.ts';
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
  /** The zones behind it, and maybe the zone itself, each with its place among them. */
  readonly next: ReadonlyMap<string, number>;
}

/** For each zone the firewalls that it is joined to others by. */
function joinsOf({ firewalls, zones }: Topology): ReadonlyMap<string, readonly Join[]> {
  const joins = new Map<string, Join[]>();
  const idsOf = (words: Firewall['zones']) =>
    [...new Set(words.map(({ value }) => value.toLowerCase()))].filter((id) => zones.has(id));
  for (const [index, firewall] of [...firewalls.values()].entries()) {
    const next = new Map<string, Set<string>>();
    const all = new Set(idsOf(firewall.zones));
    for (const zone of all) next.set(zone, all);
    for (const pair of firewall.between) {
      const ids = idsOf(pair);
      for (const zone of ids) {
        const known = next.get(zone);
        // Those of `zones` are one set for all.
        const own = known === all ? new Set(all) : (known ?? new Set<string>());
        for (const id of ids) own.add(id);
        next.set(zone, own);
      }
    }
    for (const [zone, behind] of next) {
      const join = { firewall, index, next: placesIn(behind) };
      const list = joins.get(zone);
      if (list) list.push(join);
      else joins.set(zone, [join]);
    }
  }
  return joins;
}

// Zones of one firewall have one set, and so one map.
const placesIn = memo(
  (zones: ReadonlySet<string>): ReadonlyMap<string, number> =>
    new Map([...zones].map((zone, place) => [zone, place])),
);

/** Answers for one topology; each two zones are worked out once. */
export function chainsOf(topology: Topology): Chains {
  const at = joinsOf(topology);
  const none: readonly Join[] = [];
  const joinsAt = (zone: string) => at.get(zone) ?? none;

  /**
   * The zones on the shortest chains, by their distance from the first. It goes from both ends by turns, from the one
   * with fewer joins: two branches meet at their head office, however many others that has.
   */
  function layersBetween(from: string, to: string): readonly ReadonlySet<string>[] {
    const heads = [new Set([from])];
    const tails = [new Set([to])];
    const seen = { from: new Set([from]), to: new Set([to]) };
    const size = (zones: ReadonlySet<string>) => {
      let sum = 0;
      for (const zone of zones) for (const { next } of joinsAt(zone)) sum += next.size;
      return sum;
    };
    for (;;) {
      const head = heads.at(-1) ?? new Set();
      const tail = tails.at(-1) ?? new Set();
      const met = [...head].filter((zone) => tail.has(zone));
      if (met.length > 0) {
        // Of what was looked at only what leads on to the other end is on the way.
        const first = [...onTheWay(new Set(met), heads.slice(0, -1).reverse())].reverse();
        return [...first, new Set(met), ...onTheWay(new Set(met), tails.slice(0, -1).reverse())];
      }
      if (head.size === 0 || tail.size === 0) return [];
      if (size(head) <= size(tail)) heads.push(nextTo(head, seen.from));
      else tails.push(nextTo(tail, seen.to));
    }
  }

  function nextTo(zones: ReadonlySet<string>, seen: Set<string>): Set<string> {
    const found = new Set<string>();
    for (const zone of zones)
      for (const { next } of joinsAt(zone))
        for (const other of next.keys())
          if (!seen.has(other)) {
            seen.add(other);
            found.add(other);
          }
    return found;
  }

  function onTheWay(
    start: ReadonlySet<string>,
    layers: readonly ReadonlySet<string>[],
  ): readonly ReadonlySet<string>[] {
    let last = start;
    return layers.map((layer) => {
      const before = last;
      last = new Set([...layer].filter((zone) => isNextTo(zone, before)));
      return last;
    });
  }

  function isNextTo(zone: string, zones: ReadonlySet<string>): boolean {
    return joinsAt(zone).some(({ next }) => [...zones].some((other) => next.has(other)));
  }

  /** The firewalls from some zones to those one step nearer to the end. */
  function stepBetween(zones: ReadonlySet<string>, nearer: ReadonlySet<string>) {
    const count = (some: ReadonlySet<string>) =>
      [...some].reduce((sum, zone) => sum + joinsAt(zone).length, 0);
    // A head office has many joins: those of the branch tell which of them count.
    const shared =
      count(nearer) < count(zones)
        ? [...new Set([...nearer].flatMap((zone) => joinsAt(zone).map(({ index }) => index)))].sort(
            (a, b) => a - b,
          )
        : undefined;
    const step: { readonly crossing: Crossing; readonly index: number }[] = [];
    for (const from of zones) {
      const joins = shared?.flatMap((index) => joinOf(from, index) ?? []) ?? joinsAt(from);
      for (const { firewall, index, next } of joins) {
        const places = [...nearer].flatMap((to) => {
          const place = next.get(to);
          return place === undefined ? [] : [{ to, place }];
        });
        for (const { to } of places.sort((a, b) => a.place - b.place))
          step.push({ crossing: { firewall, from, to }, index });
      }
    }
    return step;
  }

  const byIndex = memo((joins: readonly Join[]) => new Map(joins.map((join) => [join.index, join])));
  const joinOf = (zone: string, index: number): Join | undefined => byIndex(joinsAt(zone)).get(index);

  /** Goes from zone to zone, always nearer to the end: one firewall further on is one step less. */
  function findCrossings(from: string, to: string): readonly Crossing[] {
    const found: Crossing[] = [];
    let zones: ReadonlySet<string> = new Set([from]);
    for (const nearer of layersBetween(from, to).slice(1)) {
      const step = stepBetween(zones, nearer);
      zones = new Set(step.map(({ crossing }) => crossing.to));
      found.push(...step.sort((a, b) => a.index - b.index).map(({ crossing }) => crossing));
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
