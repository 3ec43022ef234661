// The top-level sections of a file as the tree has them.
import type { MapNode, Pair, TextTree } from '../text/tree.ts';
import { entries, resolve } from '../text/values.ts';

/** The pair of a top-level key, such as `zones`; undefined where it is absent. */
export function sectionPair(tree: TextTree, name: string): Pair | undefined {
  if (tree.root?.kind !== 'map') return undefined;
  return entries(tree.root).find((entry) => entry.name === name)?.pair;
}

/** The map of a top-level key; undefined where it is absent or no map. */
export function sectionMap(tree: TextTree, name: string): MapNode | undefined {
  const value = sectionPair(tree, name)?.value;
  const target = value && resolve(value);
  return target?.kind === 'map' ? target : undefined;
}
