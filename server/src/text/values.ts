// Questions about a finished tree: what an alias stands for, what a scalar means, which pairs a map really has.
import type { MapNode, Node, Pair, ScalarNode, SeqNode, Span, TextTree } from './tree.ts';

/** One effective pair of a map. */
export interface MapEntry {
  readonly name: string;
  /** Where the name is written; for an alias as key, the scalar it stands for. */
  readonly key: ScalarNode;
  /** As written: an alias is not followed. */
  readonly value: Node;
  readonly pair: Pair;
  /** It comes from a merge key (`<<`), so `pair` is in another map. */
  readonly merged: boolean;
}

/** What one file may still spend on merge keys, counted in merged pairs. */
export interface MergeBudget {
  left: number;
}

/**
 * A file may merge this many pairs in all. A map merged a thousand times into a thousand maps would otherwise
 * make a million entries of a few kilobytes.
 */
export const mergeLimit = 100_000;

// Few maps of a tree merge: none has a place for what only these need.
const budgets = new WeakMap<MapNode, MergeBudget>();
// Only maps with a merge key: the others are a single pass over their pairs.
const merged = new WeakMap<MapNode, readonly MapEntry[]>();

/** For the builder of trees: this map has merge keys, and pays for them from its file's budget. */
export function markMerging(map: MapNode, budget: MergeBudget): void {
  budgets.set(map, budget);
}

/** Follows an alias to what it stands for; undefined where its anchor is unknown. */
export function resolve(node: Node): ScalarNode | MapNode | SeqNode | undefined {
  return node.kind === 'alias' ? node.target : node;
}

const integer = /^[-+]?[0-9]+$/;
const octal = /^0o[0-7]+$/;
const hexadecimal = /^0x[0-9a-fA-F]+$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const infinity = /^[-+]?\.(?:inf|Inf|INF)$/;

/** What a scalar means in the YAML 1.2 core schema. Quoted and block scalars, and those tagged `!!str` or `!`, are strings. */
export function scalarValue(node: ScalarNode): string | number | boolean | null {
  const { text, tag } = node;
  if (tag !== undefined) {
    if (tag.name === '!!str' || tag.name === '!' || tag.name === '!<tag:yaml.org,2002:str>') return text;
    if (node.style !== 'plain' && !tag.name.startsWith('!!')) return text;
  } else if (node.style !== 'plain') return text;
  switch (text) {
    case '':
    case '~':
    case 'null':
    case 'Null':
    case 'NULL':
      return null;
    case 'true':
    case 'True':
    case 'TRUE':
      return true;
    case 'false':
    case 'False':
    case 'FALSE':
      return false;
    case '.nan':
    case '.NaN':
    case '.NAN':
      return Number.NaN;
  }
  const first = text.charCodeAt(0);
  const numeric = (first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46;
  if (!numeric) return text;
  if (integer.test(text) || float.test(text) || octal.test(text) || hexadecimal.test(text))
    return Number(text);
  if (infinity.test(text)) return first === 45 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return text;
}

/** Whether the key is a merge key: a plain `<<`. */
export function isMergeKey(key: Node): boolean {
  return key.kind === 'scalar' && key.text === '<<' && key.style === 'plain' && key.tag === undefined;
}

/** The scalar that names a pair; undefined for a key that is a map or a list. */
export function keyScalar(pair: Pair): ScalarNode | undefined {
  const key = resolve(pair.key);
  return key?.kind === 'scalar' ? key : undefined;
}

/**
 * The pairs a map really has: its own in order (the first of two with one name counts), then what its merge
 * keys add. Own pairs win over merged ones, earlier merges over later ones. Keys that are maps or lists are
 * left out. The values are as written: `resolve` follows their aliases.
 */
export function entries(map: MapNode): readonly MapEntry[] {
  const budget = budgets.get(map);
  if (budget === undefined) return ownEntries(map);
  return mergedEntries(map, { budget, open: new Set(), circles: 0 });
}

/** Which of its own pairs a key of a map has; -1 for a key of another map. Costs little in a section of any length. */
export function indexOfKey({ pairs }: MapNode, key: Node): number {
  let low = 0;
  let high = pairs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pairs[middle]?.key.span.start ?? 0) < key.span.start) low = middle + 1;
    else high = middle;
  }
  return pairs[low]?.key === key ? low : pairs.findIndex((pair) => pair.key === key);
}

/** Whether a map has a key of a name, its own or merged. */
export function hasKey(map: MapNode, name: string): boolean {
  if (budgets.has(map)) return entries(map).some((entry) => entry.name === name);
  for (const pair of map.pairs) if (keyScalar(pair)?.text === name && !isMergeKey(pair.key)) return true;
  return false;
}

interface Merge {
  readonly budget: MergeBudget;
  /** The maps whose merge keys are being followed. */
  readonly open: Set<MapNode>;
  /** How often a map turned out to merge itself. */
  circles: number;
}

function ownEntries(map: MapNode): MapEntry[] {
  const result: MapEntry[] = [];
  const seen = map.pairs.length > 8 ? new Set<string>() : undefined;
  for (const pair of map.pairs) {
    const key = keyScalar(pair);
    if (key === undefined || isMergeKey(pair.key)) continue;
    const name = key.text;
    if (seen === undefined ? hasName(result, name) : seen.has(name)) continue;
    seen?.add(name);
    result.push({ name, key, value: pair.value, pair, merged: false });
  }
  return result;
}

function hasName(entries: readonly MapEntry[], name: string): boolean {
  for (const entry of entries) if (entry.name === name) return true;
  return false;
}

function mergedEntries(map: MapNode, merge: Merge): readonly MapEntry[] {
  const known = merged.get(map);
  if (known !== undefined) return known;
  const result = ownEntries(map);
  // A map that merges itself, by whatever way round, adds nothing to itself.
  if (merge.open.has(map)) {
    merge.circles++;
    return result;
  }
  merge.open.add(map);
  const circlesBefore = merge.circles;
  const { budget } = merge;
  const seen = new Set(result.map((entry) => entry.name));
  for (const source of mergeSources(map)) {
    if (budget.left-- <= 0) break;
    for (const entry of budgets.has(source) ? mergedEntries(source, merge) : ownEntries(source)) {
      if (budget.left-- <= 0) break;
      if (seen.has(entry.name)) continue;
      seen.add(entry.name);
      result.push(entry.merged ? entry : { ...entry, merged: true });
    }
  }
  merge.open.delete(map);
  // Inside a circle an answer is only part of the whole; it is kept where no circle was met, or at the outermost map.
  if (merge.circles === circlesBefore || merge.open.size === 0) merged.set(map, result);
  return result;
}

function mergeSources(map: MapNode): Set<MapNode> {
  const sources = new Set<MapNode>();
  for (const pair of map.pairs) {
    if (!isMergeKey(pair.key)) continue;
    const value = resolve(pair.value);
    for (const source of value?.kind === 'seq' ? value.items.map(resolve) : [value])
      if (source?.kind === 'map') sources.add(source);
  }
  return sources;
}

/** Whether a span touches a place that was taken out as damaged: what a rule would say there is not to be trusted. */
export function isDamaged(tree: TextTree, span: Span): boolean {
  const { damage } = tree;
  let low = 0;
  let high = damage.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((damage[middle]?.span.end ?? 0) < span.start) low = middle + 1;
    else high = middle;
  }
  const next = damage[low];
  if (next === undefined) return false;
  if (next.span.start < span.end && next.span.end > span.start) return true;
  // Something empty, such as an absent value, is damaged where it touches the damage.
  if (span.start === span.end) return next.span.start <= span.start;
  const after = damage[low + 1];
  return after !== undefined && after.span.start < span.end && after.span.end > span.start;
}

/**
 * The nodes and pairs round an offset, outermost first: root, pair, value, …. An offset at the end of a node
 * still counts as in it, so that the place behind the last letter belongs to the word. Aliases are not followed.
 */
export function nodePathAt(tree: TextTree, offset: number): readonly (Node | Pair)[] {
  const path: (Node | Pair)[] = [];
  let node: Node | undefined = tree.root;
  while (node !== undefined && holds(outer(node), offset)) {
    path.push(node);
    if (node.kind === 'map') {
      const pair: Pair | undefined = lastHolding(node.pairs, offset, pairSpan);
      if (pair === undefined) break;
      path.push(pair);
      node = holds(outer(pair.key), offset) ? pair.key : pair.value;
    } else if (node.kind === 'seq') node = lastHolding(node.items, offset, outer);
    else break;
  }
  return path;
}

/** A pair's span with its key's anchor and tag. */
function pairSpan(pair: Pair): Span {
  return { start: Math.min(outer(pair.key).start, pair.span.start), end: pair.span.end };
}

/** A node's span with its anchor and tag. */
function outer(node: Node): Span {
  if (node.anchor === undefined && node.tag === undefined) return node.span;
  const start = Math.min(
    node.span.start,
    node.anchor?.span.start ?? node.span.start,
    node.tag?.span.start ?? node.span.start,
  );
  return { start, end: node.span.end };
}

function holds(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

/** Of elements in the order of the text, the last that starts at or before the offset and reaches it. */
function lastHolding<T>(elements: readonly T[], offset: number, spanOf: (element: T) => Span): T | undefined {
  let low = 0;
  let high = elements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const element = elements[middle];
    if (element !== undefined && spanOf(element).start <= offset) low = middle + 1;
    else high = middle;
  }
  for (let index = low - 1; index >= Math.max(0, low - 2); index--) {
    const element = elements[index];
    if (element !== undefined && holds(spanOf(element), offset)) return element;
  }
  return undefined;
}

/** The pair that a map writes itself under a name; undefined where a merge key brings it or it is absent. */
export function ownPair(map: MapNode | undefined, name: string): Pair | undefined {
  return map && entries(map).find((entry) => entry.name === name && !entry.merged)?.pair;
}
