// Which traffic can be let through by one rule: the same ports, between all of some machines and all of others.
import { getOrAdd } from '../../collections.ts';
import type { Endpoint } from '../../flows/flow.ts';
import type { Reach } from '../../reach/reach.ts';
import type { Firewall } from '../../topology/model.ts';

/** Two ends between which something is to be let through, as a rule names them. */
export interface OpeningPair {
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** The words of a rule for them. */
  readonly fromWord: string;
  readonly toWord: string;
}

/** Pairs of which one rule can name all: each of its sources with each of its targets. */
export interface Bundle<P extends OpeningPair> {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** In the order in which they came. */
  readonly pairs: readonly [P, ...P[]];
}

/**
 * Bundles pairs, no two for the same words, into as few rules as come easily. A rule opens nothing but the pairs:
 * beside them it names only machines that meet at another place than this firewall, or are one machine.
 */
export function bundled<P extends OpeningPair>(
  pairs: readonly P[],
  firewall: Firewall,
  reach: Reach,
): readonly Bundle<P>[] {
  const rows = new Map<string, P[]>();
  for (const pair of pairs) getOrAdd(rows, pair.fromWord, () => []).push(pair);
  const place = new Map(pairs.map((pair, index) => [pair, index]));

  interface Cluster {
    readonly sources: Map<string, Endpoint>;
    readonly targets: Map<string, Endpoint>;
    readonly pairs: P[];
  }
  const clusters: Cluster[] = [];
  const isFree = (from: Endpoint, to: Endpoint): boolean => {
    if (from.kind === 'cloud' || to.kind === 'cloud') return false;
    if (from.server !== undefined && from.server === to.server) return true;
    const between = reach.between(from, to);
    return between !== undefined && !between.includes(firewall);
  };
  const byLength = [...rows.values()].sort((a, b) => b.length - a.length);
  for (const row of byLength) {
    const [first] = row;
    if (!first) continue;
    const own = new Map(row.map(({ toWord, to }) => [toWord, to]));
    const fits = ({ sources, targets }: Cluster): boolean => {
      for (const [word, to] of targets) if (!own.has(word) && !isFree(first.from, to)) return false;
      for (const [word, to] of own)
        if (!targets.has(word)) for (const from of sources.values()) if (!isFree(from, to)) return false;
      return true;
    };
    const cluster: Cluster = clusters.find(fits) ?? { sources: new Map(), targets: new Map(), pairs: [] };
    if (cluster.pairs.length === 0) clusters.push(cluster);
    cluster.sources.set(first.fromWord, first.from);
    for (const [word, to] of own) cluster.targets.set(word, to);
    cluster.pairs.push(...row);
  }
  return clusters
    .flatMap(({ pairs: own }): readonly Bundle<P>[] => {
      const [first, ...more] = own.sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
      if (!first) return [];
      const all: readonly [P, ...P[]] = [first, ...more];
      return [
        {
          from: [...new Set(all.map(({ fromWord }) => fromWord))],
          to: [...new Set(all.map(({ toWord }) => toWord))],
          pairs: all,
        },
      ];
    })
    .sort((a, b) => (place.get(a.pairs[0]) ?? 0) - (place.get(b.pairs[0]) ?? 0));
}
