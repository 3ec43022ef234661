// Goes through a file by the format's description: every word with what may be at its place.
import type { Node, ScalarNode, Span, TextTree } from '../text/tree.ts';
import { isMergeKey, resolve } from '../text/values.ts';
import {
  alternative,
  FORMAT,
  type Key,
  keyOf,
  type MapShape,
  type NamedKind,
  type Shape,
} from '../topology/format.ts';

/** A word of the file and what the format says about its place. */
export type PlacedWord =
  /** A key of the format; `key` is undefined for one that the format does not have there. */
  | {
      readonly place: 'key';
      readonly node: ScalarNode;
      readonly map: MapShape;
      readonly key: Key | undefined;
    }
  /** A name that the file's author chose. */
  | { readonly place: 'name'; readonly node: ScalarNode; readonly names: NamedKind }
  /** What is behind a key, or in a list behind it. */
  | { readonly place: 'value'; readonly node: ScalarNode; readonly shape: Shape };

export interface WalkOptions {
  /** Only entries that touch this stretch; the whole file without it. */
  readonly within?: Span;
  /** Also what aliases stand for, each text once for each meaning; without it each word once, in the order of the text. */
  readonly aliases?: boolean;
}

/** The words of a file that the format knows the place of. */
export function wordsOf(tree: TextTree, options: WalkOptions = {}): readonly PlacedWord[] {
  const { within, aliases = false } = options;
  const found: PlacedWord[] = [];
  const done = new Map<Node, Set<Shape>>();
  const outside = ({ start, end }: Span): boolean =>
    within !== undefined && (end < within.start || start > within.end);

  function walk(written: Node, shape: Shape): void {
    const node = aliases ? resolve(written) : written;
    if (node === undefined || node.kind === 'alias') return;
    if (aliases) {
      const shapes = done.get(node) ?? new Set();
      if (shapes.has(shape)) return;
      done.set(node, shapes.add(shape));
    }
    if (node.kind === 'scalar') {
      const leaf = scalarShape(shape);
      if (leaf !== undefined && node.text !== '') found.push({ place: 'value', node, shape: leaf });
      return;
    }
    if (node.kind === 'seq') {
      const list = alternative(shape, 'list');
      if (list?.kind !== 'list') return;
      for (const item of node.items) if (!outside(item.span)) walk(item, list.of);
      return;
    }
    const map = alternative(shape, 'map');
    if (map?.kind !== 'map' && map?.kind !== 'named' && map?.kind !== 'reference-map') return;
    for (const { key, value, span } of node.pairs) {
      if (outside(span)) continue;
      if (isMergeKey(key)) {
        mergeInto(value, map);
        continue;
      }
      const name = aliases ? resolve(key) : key;
      if (name?.kind !== 'scalar') continue;
      if (map.kind === 'reference-map') {
        found.push({ place: 'value', node: name, shape: map.key });
        walk(value, map.of);
      } else if (map.kind === 'named') {
        found.push({ place: 'name', node: name, names: map.names });
        walk(value, map.of);
      } else {
        const known = keyOf(map, name.text);
        found.push({ place: 'key', node: name, map, key: known });
        if (known !== undefined) walk(value, known.shape);
      }
    }
  }

  /** What a merge key brings has the shape of the map that it is in. */
  function mergeInto(value: Node, shape: Shape): void {
    const source = aliases ? resolve(value) : value;
    if (source?.kind === 'seq') for (const item of source.items) walk(item, shape);
    else if (source?.kind === 'map') walk(source, shape);
  }

  if (tree.root !== undefined) walk(tree.root, FORMAT);
  return found;
}

/** The shape that a scalar has to fit where a list or one of several things may be as well. */
function scalarShape(shape: Shape): Shape | undefined {
  switch (shape.kind) {
    case 'list':
      return shape.single ? scalarShape(shape.of) : undefined;
    case 'either':
      return shape.of.map(scalarShape).find((one) => one !== undefined);
    case 'map':
    case 'named':
    case 'reference-map':
      return undefined;
    default:
      return shape;
  }
}
