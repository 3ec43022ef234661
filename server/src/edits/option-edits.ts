// Fixes that set, remove or lengthen one key of a map.

import type { MapNode, Pair, ScalarNode, TextTree } from '../text/tree.ts';
import { nodePathAt, ownPair } from '../text/values.ts';
import { indentStep, insertKey, lineBreak, removePair } from './map-edits.ts';
import type { TextEdit } from './text-edit.ts';

/** A thing of the file whose keys can be set: a server, a role, an instance, …; its map is absent after `NAME:`. */
export interface EditedOwner {
  readonly key: ScalarNode;
  /** For a role. */
  readonly options?: MapNode | undefined;
  /** For everything that has a name. */
  readonly node?: MapNode | undefined;
}

/** The pair that a key begins. */
function pairOf(tree: TextTree, key: ScalarNode): Pair | undefined {
  for (const node of nodePathAt(tree, key.span.start))
    if ('value' in node && 'key' in node && node.key === key) return node;
  return undefined;
}

/** The long blocks of a server; a short key is put above them, where a reader looks for it. */
const BLOCKS: ReadonlySet<string> = new Set(['roles', 'instances']);

function insert(tree: TextTree, owner: EditedOwner, name: string, value: string): readonly TextEdit[] {
  const map = owner.options ?? owner.node;
  const holder = map ? undefined : pairOf(tree, owner.key);
  const edit = map ? insertInto(tree, map, name, value) : holder && insertKey(tree, { holder }, name, value);
  return edit ? [edit] : [];
}

function insertInto(tree: TextTree, map: MapNode, name: string, value: string): TextEdit | undefined {
  const block = map.pairs.findIndex(({ key }) => key.kind === 'scalar' && BLOCKS.has(key.text));
  if (block < 0) return insertKey(tree, { map }, name, value);
  if (block === 0) return insertKey(tree, { map }, name, value, { first: true });
  return insertKey(tree, { map: { ...map, pairs: map.pairs.slice(0, block) } }, name, value);
}

/**
 * Sets a key: replaces its value where the map writes it, inserts it where the map does not (a merged value
 * stays, the map's own wins).
 * @returns no edit where there is no place for it
 */
export function setKey(tree: TextTree, owner: EditedOwner, name: string, value: string): readonly TextEdit[] {
  const pair = ownPair(owner.options ?? owner.node, name);
  if (!pair) return insert(tree, owner, name, value);
  const { span } = pair.value;
  return [{ span, newText: span.end > span.start ? value : ` ${value}` }];
}

/** Removes a key that the map writes itself. */
export function removeKey(tree: TextTree, map: MapNode | undefined, name: string): readonly TextEdit[] {
  const pair = ownPair(map, name);
  const edit = map && pair && removePair(tree, map, pair);
  return edit ? [edit] : [];
}

/** Adds to the list behind a key; a single value becomes a list, an absent key is inserted. */
export function addToList(
  tree: TextTree,
  owner: EditedOwner,
  name: string,
  items: readonly string[],
): readonly TextEdit[] {
  const pair = ownPair(owner.options ?? owner.node, name);
  const joined = items.join(', ');
  if (!pair) return insert(tree, owner, name, `[${joined}]`);
  const { value } = pair;
  if (value.kind === 'scalar') {
    const written = tree.text.slice(value.span.start, value.span.end);
    return [{ span: value.span, newText: written === '' ? ` [${joined}]` : `[${written}, ${joined}]` }];
  }
  if (value.kind !== 'seq') return [];
  const last = value.items.at(-1);
  if (!last) return [{ span: value.span, newText: `[${joined}]` }];
  if (value.flow) return [{ span: { start: last.span.end, end: last.span.end }, newText: `, ${joined}` }];
  const line = tree.lines.span(tree.lines.positionAt(last.span.end).line);
  const start = tree.lines.span(tree.lines.positionAt(last.span.start).line).start;
  const indent = /^[ \t]*-[ \t]*/.exec(tree.text.slice(start, last.span.start))?.[0];
  if (!indent) return [];
  const newText = items.map((item) => `${lineBreak(tree)}${indent}${item}`).join('');
  return [{ span: { start: line.end, end: line.end }, newText }];
}

const HEAD: ReadonlySet<string> = new Set(['configmgr', 'name', 'description']);

/** Sets a key of the file's `defaults`, which is put below the file's name and description where it is absent. */
export function setDefault(
  tree: TextTree,
  defaults: MapNode | undefined,
  name: string,
  value: string,
): readonly TextEdit[] {
  const { root } = tree;
  if (root?.kind !== 'map') return [];
  const pair = ownPair(root, 'defaults');
  if (defaults || pair) {
    const key = pair?.key.kind === 'scalar' ? pair.key : undefined;
    return key ? setKey(tree, { key, node: defaults }, name, value) : [];
  }
  const nested = root.flow ? `{ ${name}: ${value} }` : `\n${indentStep(tree)}${name}: ${value}`;
  const head = root.pairs.filter(({ key }) => key.kind === 'scalar' && HEAD.has(key.text));
  const edit =
    head.length > 0
      ? insertKey(tree, { map: { ...root, pairs: head } }, 'defaults', nested)
      : insertKey(tree, { map: root }, 'defaults', nested, { first: true });
  return edit ? [edit] : [];
}
