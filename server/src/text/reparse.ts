// Reads a text again after a change within one entry of a section (one server, one site), or within one item of a list
// of it (one firewall rule): only that is parsed, what is behind it is moved. Typing in a file of ten thousand lines then
// costs what the entry costs.
// Invariant: the spans of an earlier tree move in place, so a tree is given up once a later one was made of it.
import { linesOf } from './lines.ts';
import { parseText } from './parse.ts';
import type { Comment, Damage, MapNode, Node, Pair, SeqNode, Span, TextTree } from './tree.ts';
import { isMergeKey } from './values.ts';

type Movable = { -readonly [K in keyof Span]: Span[K] };

/** What later changes need to know of a tree. */
interface Seams {
  /** Every span of an entry, of its key and of all below. */
  readonly spans: Map<Pair, Movable[]>;
}

/** Of trees that can be read again in part; undefined for those that cannot. */
const seamsOf = new WeakMap<TextTree, { readonly seams: Seams | undefined }>();

/** A change within one entry of a section. */
export interface EntryChange {
  /** The key of the section. */
  readonly section: string;
  /** The stretch of the earlier text that is different. */
  readonly changed: Span;
  /** How much longer the text is now. */
  readonly delta: number;
  /** The entry as it was, whose nodes may be those of the new one. */
  readonly before: Pair;
  /** The entry as it is: the same object where nothing but blanks, line breaks and comments are different. */
  readonly after: Pair;
  /** Neither of the two texts has a place in it that is no YAML, or a key twice. */
  readonly isWhole: boolean;
}

const changes = new WeakMap<TextTree, EntryChange>();

/** What the change was that a tree came from by `reparse`; undefined where more than one entry was read again. */
export function entryChange(tree: TextTree): EntryChange | undefined {
  return changes.get(tree);
}

/** What `---`, `...` and `%` at the start of a line set off reaches over the whole file. */
const REACHES_FAR = /^(?:---|\.\.\.|%)/m;

/**
 * The tree of a text that was changed.
 *
 * The earlier tree is used up: its unchanged nodes become nodes of the new tree, at their new places. Whoever
 * keeps it must not look at it again.
 * @returns what `parseText` gives
 */
export function reparse(text: string, earlier: TextTree): TextTree {
  if (text === earlier.text) return earlier;
  return reparseEntry(text, earlier) ?? parseText(text);
}

/** Where a change is: the entry of a section, and the stretch of text that is read again. */
interface Region extends Span {
  readonly section: Pair;
  readonly map: MapNode;
  readonly index: number;
  readonly column: number;
  /** The item of a list of the entry that all of it is. */
  readonly item?: { readonly list: SeqNode; readonly index: number };
}

function reparseEntry(text: string, earlier: TextTree): TextTree | undefined {
  const seams = seamsFor(earlier);
  if (seams === undefined || earlier.root?.kind !== 'map') return undefined;
  const { root } = earlier;
  const change = changeOf(earlier.text, text);
  const entry = regionOf(earlier, root, change);
  if (entry === undefined) return undefined;
  const item = itemRegion(earlier, entry, change);
  return (
    (item && reparseRegion(text, earlier, root, seams, change, item)) ??
    reparseRegion(text, earlier, root, seams, change, entry)
  );
}

function reparseRegion(
  text: string,
  earlier: TextTree,
  root: MapNode,
  seams: Seams,
  change: Span,
  region: Region,
): TextTree | undefined {
  const { section, map, index, item, start, end } = region;
  const delta = text.length - earlier.text.length;
  const entry = map.pairs[index];
  if (entry === undefined) return undefined;

  const chunk = text.slice(start, end + delta);
  // Where the change reaches the end of the entry, the next one has to begin on its own line still.
  if (end < earlier.text.length && !chunk.endsWith('\n')) return undefined;
  if (REACHES_FAR.test(chunk) || leavesColumn(chunk, region.column)) return undefined;
  const part = parseText(chunk);
  // A broken text is mended with its surroundings in view: the findings must not depend on how it was typed. Of a
  // key that is being typed nothing but its own line is ever taken out.
  if (part.damage.length > 0 && (item || !isHalfTypedKey(chunk, part.damage))) return undefined;
  const fresh = item ? onlyItem(part.root) : onlyPair(part.root, keyText(entry));
  if (fresh === undefined || part.unknownAliases.length > 0 || part.extraDocuments.length > 0)
    return undefined;
  const spans: Movable[] = [];
  if (!('key' in fresh ? collect(fresh, spans) : collectNode(fresh, spans))) return undefined;
  const inside = (span: Span): boolean => span.start >= start && span.end <= end;
  if (!earlier.damage.every(({ span, at }) => inside(span) && inside(at))) return undefined;
  if (!earlier.duplicateKeys.every(({ later, first }) => inside(later.span) && inside(first.span)))
    return undefined;

  // From here on the earlier tree is changed: nothing may fail any more.
  for (const span of spans) move(span, start);
  for (const { span } of part.comments) move(span, start);
  const isWhole = [earlier, part].every(
    ({ damage, duplicateKeys }) => damage.length + duplicateKeys.length === 0,
  );
  const gone: Movable[] = [];
  const old = item?.list.items[item.index];
  if (old) collectNode(old, gone);
  const kept = keeper(moverOf(change, delta));
  const after =
    'key' in fresh
      ? isWhole
        ? kept.pair(entry, fresh)
        : fresh
      : withItem(entry, item as NonNullable<Region['item']>, isWhole, fresh, kept);
  if (item) moveAround(seams, entry, after, item, new Set(gone), region, delta);
  else if (after !== entry) {
    const own: Movable[] = [];
    collect(after, own);
    seams.spans.delete(entry);
    seams.spans.set(after, own);
  }
  (map.pairs as Pair[])[index] = after;
  const sections = root.pairs;
  const place = sections.indexOf(section);
  if (delta !== 0) {
    for (let at = index + 1; at < map.pairs.length; at++) shift(seams, map.pairs[at], delta);
    for (let at = place + 1; at < sections.length; at++) shift(seams, sections[at], delta);
  }
  const { pairs } = map;
  const last = pairs[pairs.length - 1]?.span.end ?? map.span.end;
  (map.span as Movable).start = pairs[0]?.key.span.start ?? map.span.start;
  (map.span as Movable).end = last;
  (section.span as Movable).end = last;
  (root.span as Movable).end = sections[sections.length - 1]?.span.end ?? last;

  const tree: TextTree = {
    ...part,
    text,
    root,
    damage: part.damage.map(({ span, at, reason }) => ({
      span: moved(span, start),
      at: moved(at, start),
      reason,
    })),
    lines: linesOf(text),
    comments: joined(earlier.comments, part.comments, start, end, delta),
  };
  seamsOf.set(tree, { seams });
  changes.set(tree, {
    section: keyText(section) ?? '',
    changed: change,
    delta,
    before: entry,
    after,
    isWhole,
  });
  return tree;
}

/** The one pair of a text that is one entry with the key it had. */
function onlyPair(root: Node | undefined, key: string | undefined): Pair | undefined {
  if (root?.kind !== 'map' || root.flow || root.pairs.length !== 1 || key === undefined) return undefined;
  const [pair] = root.pairs;
  return pair && keyText(pair) === key ? pair : undefined;
}

/** The one item of a text that is one item of a list. */
function onlyItem(root: Node | undefined): Node | undefined {
  return root?.kind === 'seq' && !root.flow && root.items.length === 1 ? root.items[0] : undefined;
}

/** An entry with another item in its list: another object, unless the item says the same. */
function withItem(
  entry: Pair,
  { list, index }: NonNullable<Region['item']>,
  isWhole: boolean,
  fresh: Node,
  kept: Keeper,
): Pair {
  const before = list.items[index];
  const after = before && isWhole ? kept.node(before, fresh) : fresh;
  (list.items as Node[])[index] = after;
  return after === before ? entry : { ...entry };
}

/**
 * Moves what is behind an item of an entry, and the ends of what the item is in.
 * @param gone the spans of the item as it was: those that are kept are where they should be already
 */
function moveAround(
  { spans }: Seams,
  before: Pair,
  after: Pair,
  { list, index }: NonNullable<Region['item']>,
  gone: ReadonlySet<Movable>,
  { start, end }: Span,
  delta: number,
): void {
  const item = list.items[index];
  const own: Movable[] = [];
  if (item === undefined || !collectNode(item, own)) return;
  const last = list.items.length - 1 === index;
  for (const span of spans.get(before) ?? []) {
    if (gone.has(span)) continue;
    own.push(span);
    if (span.start >= end) move(span, delta);
    else if (span.end >= end) span.end += delta;
    else if (last && span.end > start) span.end = item.span.end;
  }
  spans.delete(before);
  spans.set(after, own);
}

/** Where a place of the earlier text is now; undefined at what was changed. */
export function moverOf({ start, end }: Span, delta: number): (offset: number) => number | undefined {
  return (offset) => (offset < start ? offset : offset > end ? offset + delta : undefined);
}

/** Where two readings of an entry say the same: answers for pairs and nodes. */
interface Comparison {
  isPair(a: Pair, b: Pair): boolean;
  isNode(a: Node, b: Node): boolean;
}

/** @param mover where a place of the earlier text is now */
function comparison(mover: (offset: number) => number | undefined): Comparison {
  const isPlace = (a: Span, b: Span): boolean =>
    (mover(a.start) ?? b.start) === b.start && (mover(a.end) ?? b.end) === b.end;
  const isPair = (a: Pair, b: Pair): boolean =>
    isPlace(a.span, b.span) && isNode(a.key, b.key) && isNode(a.value, b.value);
  const isNode = (a: Node, b: Node): boolean => {
    if (!isPlace(a.span, b.span)) return false;
    if (a.kind === 'scalar') return b.kind === 'scalar' && a.style === b.style && a.text === b.text;
    if (a.kind === 'map') return b.kind === 'map' && a.flow === b.flow && areAll(a.pairs, b.pairs, isPair);
    return a.kind === 'seq' && b.kind === 'seq' && a.flow === b.flow && areAll(a.items, b.items, isNode);
  };
  return { isPair, isNode };
}

/** Gives the later of two readings, with the nodes of the earlier one wherever they say the same. */
interface Keeper {
  pair(before: Pair, after: Pair): Pair;
  node(before: Node, after: Node): Node;
}

/** What was made of a node that is kept is right still. No key may be there twice. */
function keeper(mover: (offset: number) => number | undefined): Keeper {
  const { isPair, isNode } = comparison(mover);
  function pair(before: Pair, after: Pair): Pair {
    if (isPair(before, after)) {
      takeOver(before, after);
      return before;
    }
    if (keyText(before) === keyText(after) && keyText(after) !== undefined)
      (after as { value: Node }).value = node(before.value, after.value);
    return after;
  }
  function node(before: Node, after: Node): Node {
    if (isNode(before, after)) {
      takeOverNode(before, after);
      return before;
    }
    if (before.kind === 'map' && after.kind === 'map') {
      const byKey = new Map(before.pairs.map((one) => [keyText(one), one]));
      for (const [index, one] of after.pairs.entries()) {
        const other = byKey.get(keyText(one));
        if (other) (after.pairs as Pair[])[index] = pair(other, one);
      }
    } else if (before.kind === 'seq' && after.kind === 'seq') {
      keepItems(before.items, after.items as Node[]);
    }
    return after;
  }
  /** Items are told by their number: from the first on, and behind the first that is different from the last on. */
  function keepItems(before: readonly Node[], after: Node[]): void {
    const keep = (one: number, other: number): boolean => {
      const [from, to] = [before[one], after[other]];
      if (!from || !to || !isNode(from, to)) return false;
      takeOverNode(from, to);
      after[other] = from;
      return true;
    };
    const most = Math.min(before.length, after.length);
    let first = 0;
    while (first < most && keep(first, first)) first++;
    let last = 0;
    while (last < most - first && keep(before.length - 1 - last, after.length - 1 - last)) last++;
    const [from, to] = [before[first], after[first]];
    if (from && to && before.length === after.length && first + last === before.length - 1)
      after[first] = node(from, to);
  }
  return { pair, node };
}

function areAll<T>(a: readonly T[], b: readonly T[], is: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((one, index) => is(one, b[index] as T));
}

/** Gives the nodes of one reading the places of another that says the same. */
function takeOver(to: Pair, from: Pair): void {
  takePlace(to.span, from.span);
  takeOverNode(to.key, from.key);
  takeOverNode(to.value, from.value);
}

function takeOverNode(to: Node, from: Node): void {
  takePlace(to.span, from.span);
  if (to.kind === 'map' && from.kind === 'map')
    for (const [index, pair] of to.pairs.entries()) takeOver(pair, from.pairs[index] as Pair);
  else if (to.kind === 'seq' && from.kind === 'seq')
    for (const [index, item] of to.items.entries()) takeOverNode(item, from.items[index] as Node);
}

function takePlace(to: Movable, { start, end }: Span): void {
  to.start = start;
  to.end = end;
}

/** The stretch of the earlier text that is different: from the first character that differs to the last. */
function changeOf(before: string, after: string): Span {
  const most = Math.min(before.length, after.length);
  let start = 0;
  // Whole blocks first: the engine compares them at once.
  for (const block of [4096, 64, 1]) {
    while (
      start + block <= most &&
      before.slice(start, start + block) === after.slice(start, start + block)
    ) {
      start += block;
    }
  }
  const rest = most - start;
  let tail = 0;
  for (const block of [4096, 64, 1]) {
    for (;;) {
      const next = tail + block;
      if (next > rest) break;
      const one = before.slice(before.length - next, before.length - tail);
      if (one !== after.slice(after.length - next, after.length - tail)) break;
      tail = next;
    }
  }
  return { start, end: before.length - tail };
}

/** The entry that holds a whole change; undefined where the change is elsewhere or the section is written otherwise. */
function regionOf({ text }: TextTree, root: MapNode, change: Span): Region | undefined {
  if (root.flow) return undefined;
  const place = lastBefore(root.pairs, change.start, keyStart);
  const section = root.pairs[place];
  const map = section?.value;
  if (section === undefined || map?.kind !== 'map' || map.flow) return undefined;
  const index = lastBefore(map.pairs, change.start, keyStart);
  const entry = map.pairs[index];
  const first = map.pairs[0];
  if (entry === undefined || first === undefined) return undefined;
  const column = columnOf(text, first.key.span.start);
  const next = map.pairs[index + 1] ?? root.pairs[place + 1];
  const wanted = map.pairs[index + 1] === undefined ? 0 : column;
  if (column === undefined || column === 0 || columnOf(text, entry.key.span.start) !== column)
    return undefined;
  if (next !== undefined && columnOf(text, next.key.span.start) !== wanted) return undefined;
  if (wanted === undefined || columnOf(text, section.key.span.start) !== 0) return undefined;
  const start = entry.key.span.start - column;
  const end = next === undefined ? text.length : next.key.span.start - wanted;
  // A change at the very start of an entry may belong to the one before.
  return change.start > start && change.end <= end ? { section, map, index, start, end, column } : undefined;
}

/** The item of a block list of an entry that holds a whole change; undefined where it is elsewhere in the entry. */
function itemRegion({ text }: TextTree, entry: Region, change: Span): Region | undefined {
  const value = entry.map.pairs[entry.index]?.value;
  if (value?.kind !== 'map' || value.flow) return undefined;
  const place = lastBefore(value.pairs, change.start, keyStart);
  const list = value.pairs[place]?.value;
  if (list?.kind !== 'seq' || list.flow) return undefined;
  const index = lastBefore(list.items, change.start, nodeStart);
  const item = list.items[index];
  const further = list.items[index + 1];
  if (item === undefined) return undefined;
  const dash = dashBefore(text, item.span.start);
  const after = further && dashBefore(text, further.span.start);
  if (dash === undefined || (further && after?.column !== dash.column)) return undefined;
  const next = value.pairs[place + 1];
  const column = next && columnOf(text, next.key.span.start);
  if (next && column === undefined) return undefined;
  const end = after ? after.start : next ? next.key.span.start - (column ?? 0) : entry.end;
  const { start } = dash;
  return change.start > start + dash.column && change.end <= end
    ? { ...entry, start, end, column: dash.column, item: { list, index } }
    : undefined;
}

/** The line of an item that begins at an offset, and the column of its dash; undefined where something else is on it. */
function dashBefore(text: string, offset: number): { start: number; column: number } | undefined {
  let at = offset;
  while (at > 0 && text.charCodeAt(at - 1) === 32) at--;
  if (at === 0 || text.charCodeAt(at - 1) !== 45) return undefined;
  const column = columnOf(text, at - 1);
  return column === undefined ? undefined : { start: at - 1 - column, column };
}

const keyStart = ({ key }: Pair): number => key.span.start;
const nodeStart = ({ span }: Node): number => span.start;

/** The last of some things that starts before an offset, or -1. */
function lastBefore<T>(things: readonly T[], offset: number, startOf: (thing: T) => number): number {
  let low = 0;
  let high = things.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startOf(things[middle] as T) < offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The column of an offset; undefined where anything but blanks is before it on its line. */
function columnOf(text: string, offset: number): number | undefined {
  let at = offset;
  while (at > 0 && text.charCodeAt(at - 1) === 32) at--;
  return at === 0 || text.charCodeAt(at - 1) === 10 ? offset - at : undefined;
}

/** Whether a line is further left than the entry, or another one as far left. */
function leavesColumn(chunk: string, column: number): boolean {
  let entries = 0;
  for (let at = 0; at < chunk.length; ) {
    let first = at;
    while (chunk.charCodeAt(first) === 32) first++;
    const code = chunk.charCodeAt(first);
    const blank = first >= chunk.length || code === 10 || code === 13;
    if (!blank && code !== 35 && first - at <= column) {
      if (first - at < column) return true;
      if (++entries > 1) return true;
    }
    const end = chunk.indexOf('\n', first);
    if (end === -1) break;
    at = end + 1;
  }
  return entries !== 1;
}

function keyText({ key }: Pair): string | undefined {
  return key.kind === 'scalar' ? key.text : undefined;
}

function seamsFor(tree: TextTree): Seams | undefined {
  const known = seamsOf.get(tree);
  if (known !== undefined) return known.seams;
  const seams = findSeams(tree);
  seamsOf.set(tree, { seams });
  return seams;
}

function findSeams({ root, text, extraDocuments, unknownAliases }: TextTree): Seams | undefined {
  if (root?.kind !== 'map' || root.flow || extraDocuments.length > 0 || unknownAliases.length > 0)
    return undefined;
  if (root.anchor !== undefined || root.tag !== undefined || REACHES_FAR.test(text)) return undefined;
  const spans = new Map<Pair, Movable[]>();
  for (const section of root.pairs) {
    const { key, value } = section;
    const own: Movable[] = [];
    if (value.kind === 'map' && !value.flow && value.anchor === undefined && value.tag === undefined) {
      for (const entry of value.pairs) {
        const found: Movable[] = [];
        if (!collect(entry, found)) return undefined;
        spans.set(entry, found);
      }
      if (!collectNode(key, own)) return undefined;
      own.push(value.span, section.span);
    } else if (!collect(section, own)) return undefined;
    spans.set(section, own);
  }
  return { spans };
}

/** Adds every span of a pair; false where a name of the file's own (an anchor, an alias, a merge) ties it to others. */
function collect(pair: Pair, spans: Movable[]): boolean {
  if (isMergeKey(pair.key)) return false;
  spans.push(pair.span);
  return collectNode(pair.key, spans) && collectNode(pair.value, spans);
}

function collectNode(node: Node, spans: Movable[]): boolean {
  if (node.kind === 'alias' || node.anchor !== undefined || node.tag !== undefined) return false;
  spans.push(node.span);
  if (node.kind === 'map') return node.pairs.every((pair) => collect(pair, spans));
  return node.kind === 'scalar' || node.items.every((item) => collectNode(item, spans));
}

/** Moves a section or entry with all below it. */
function shift({ spans }: Seams, pair: Pair | undefined, delta: number): void {
  if (pair === undefined) return;
  for (const span of spans.get(pair) ?? []) move(span, delta);
  const { value } = pair;
  if (value.kind !== 'map' || value.flow) return;
  for (const entry of value.pairs) for (const span of spans.get(entry) ?? []) move(span, delta);
}

function move(span: Span, delta: number): void {
  (span as Movable).start += delta;
  (span as Movable).end += delta;
}

function moved({ start, end }: Span, delta: number): Span {
  return { start: start + delta, end: end + delta };
}

/** Whether all that is wrong is a line with one word on it, as far in as the line before it or after it. */
function isHalfTypedKey(chunk: string, damage: readonly Damage[]): boolean {
  const [only] = damage;
  if (only === undefined || damage.length > 1) return false;
  const before = chunk.lastIndexOf('\n', only.span.start - 1);
  const end = chunk.indexOf('\n', only.span.start);
  const line = chunk.slice(before + 1, end === -1 ? chunk.length : end);
  if (only.span.end > before + 1 + line.length || !/^ +[A-Za-z][\w-]*$/.test(line)) return false;
  const above = chunk.slice(chunk.lastIndexOf('\n', before - 1) + 1, before);
  const next = chunk.indexOf('\n', end + 1);
  const below = end === -1 ? '' : chunk.slice(end + 1, next === -1 ? chunk.length : next);
  const column = line.search(/\S/);
  const isKey = (other: string): boolean =>
    other.search(/\S/) === column && /^ *[A-Za-z][\w-]*:( |$)/.test(other);
  return before > 0 && isKey(above) && isKey(below);
}

function joined(
  before: readonly Comment[],
  fresh: readonly Comment[],
  start: number,
  end: number,
  delta: number,
): readonly Comment[] {
  const kept: Comment[] = [];
  const behind: Comment[] = [];
  for (const comment of before) {
    if (comment.span.start < start) kept.push(comment);
    else if (comment.span.start >= end) {
      move(comment.span, delta);
      behind.push(comment);
    }
  }
  return [...kept, ...fresh, ...behind];
}
