// Reads a text again after a change within one entry of a section (one server, one site), or within one item of a list
// of it (one firewall rule), or a few of them: only these are parsed, what is behind them is moved. Typing in a file of ten
// thousand lines then costs what the entry costs.
// Invariant: the spans of an earlier tree move in place, so a tree is given up once a later one was made of it.
import { getOrAdd } from '../collections.ts';
import { linesAfter } from './lines.ts';
import { parseText } from './parse.ts';
import { describe } from './reasons.ts';
import type { Comment, Damage, MapNode, Node, Pair, SeqNode, Span, TextTree } from './tree.ts';
import { isMergeKey } from './values.ts';

type Movable = { -readonly [K in keyof Span]: Span[K] };

/** What later changes need to know of a tree. */
interface Seams {
  /** Every span of an entry, of its key and of all below. */
  readonly spans: Map<Pair, Movable[]>;
  /** The keys of the entries of a section, once somebody has asked whether there is one. */
  readonly keys: Map<MapNode, Set<string>>;
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
  /** Neither of the two texts has a key twice, or a place in it that is no YAML, but for one key that is being typed. */
  readonly isWhole: boolean;
}

/** A change of entries of a section in a row: what was there, and what is there now. */
export interface RowChange {
  readonly section: string;
  readonly before: readonly Pair[];
  /** An entry in which nothing but blanks, line breaks and comments are different is the same object. */
  readonly after: readonly Pair[];
  /** Neither of the two texts has a key twice, or a place in it that is no YAML, but for one key that is being typed. */
  readonly isWhole: boolean;
}

const changes = new WeakMap<TextTree, EntryChange>();
const rowChanges = new WeakMap<TextTree, RowChange>();

/** What the entries were and are that were read again for a tree; undefined where all was. */
export function rowChange(tree: TextTree): RowChange | undefined {
  return rowChanges.get(tree);
}

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

/** Some things in a row, from the first to the last. */
interface Row {
  readonly first: number;
  readonly last: number;
}

/** Where a change is: entries of a section in a row, and the stretch of text that is read again. */
interface Region extends Span, Row {
  readonly section: Pair;
  readonly map: MapNode;
  readonly column: number;
  /** The items of a list of the one entry that all of it is. */
  readonly items?: Row & { readonly list: SeqNode };
}

function reparseEntry(text: string, earlier: TextTree): TextTree | undefined {
  const seams = seamsFor(earlier);
  if (seams === undefined || earlier.root?.kind !== 'map') return undefined;
  const { root } = earlier;
  const change = changeOf(earlier.text, text);
  const entries = regionOf(earlier, root, change);
  if (entries === undefined) return undefined;
  const items = itemRegion(earlier, entries, change);
  return (
    (items && reparseRegion(text, earlier, root, seams, change, items)) ??
    reparseRegion(text, earlier, root, seams, change, entries)
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
  const { section, map, first, last, items, start, end } = region;
  const delta = text.length - earlier.text.length;
  const before = map.pairs.slice(first, last + 1);
  const [entry] = before;
  if (entry === undefined) return undefined;

  const chunk = text.slice(start, end + delta);
  // Where the change reaches the end of the entry, the next one has to begin on its own line still.
  if (end < earlier.text.length && !chunk.endsWith('\n')) return undefined;
  if (REACHES_FAR.test(chunk) || leavesColumn(chunk, region.column)) return undefined;
  const part = typedOn(chunk, earlier, change, start) ?? parseText(chunk);
  if (part.unknownAliases.length > 0 || part.extraDocuments.length > 0) return undefined;
  const fresh = items ? itemsOf(part.root) : pairsOf(part.root);
  const [one] = fresh;
  if (one === undefined) return undefined;
  const isOneEntry =
    items !== undefined ||
    (before.length === 1 && fresh.length === 1 && 'key' in one && keyText(one) === keyText(entry));
  // A broken text is mended with its surroundings in view: the findings must not depend on how it was typed. Of a
  // key that is being typed nothing but its own line is ever taken out.
  if (part.damage.length > 0 && (items || !isOneEntry || !isHalfTypedKey(chunk, part.damage)))
    return undefined;
  if (!isOneEntry && !haveOwnKeys(fresh, before, keysOf(map, seams))) return undefined;
  const spans: Movable[] = [];
  if (!fresh.every((each) => ('key' in each ? collect(each, spans) : collectNode(each, spans))))
    return undefined;
  const inside = (span: Span): boolean => span.start >= start && span.end <= end;
  if (!earlier.damage.every(({ span, at }) => inside(span) && inside(at))) return undefined;
  if (!earlier.duplicateKeys.every(({ later, first }) => inside(later.span) && inside(first.span)))
    return undefined;

  // From here on the earlier tree is changed: nothing may fail any more.
  for (const span of spans) move(span, start);
  for (const { span } of part.comments) move(span, start);
  const isWhole =
    earlier.duplicateKeys.length + part.duplicateKeys.length === 0 &&
    (earlier.damage.length === 0 ||
      isHalfTypedKey(
        earlier.text.slice(start, end),
        earlier.damage.map((damage) => ({ ...damage, span: moved(damage.span, -start) })),
      ));
  const kept = isWhole ? keeper(moverOf(change, delta)) : KEEPS_NOTHING;
  const after = items
    ? [withItems(seams, entry, items, fresh as Node[], kept, region, delta)]
    : (fresh as Pair[]).map((pair) => {
        const other = before.find((known) => keyText(known) === keyText(pair));
        return other ? kept.pair(other, pair) : pair;
      });
  if (!items) {
    for (const pair of before) if (!after.includes(pair)) seams.spans.delete(pair);
    for (const pair of after) {
      const own: Movable[] = [];
      collect(pair, own);
      seams.spans.set(pair, own);
    }
  }
  const { pairs } = map;
  const keys = seams.keys.get(map);
  if (keys) {
    for (const key of keyTexts(before)) keys.delete(key);
    for (const key of keyTexts(after)) keys.add(key);
  }
  (pairs as Pair[]).splice(first, before.length, ...after);
  const sections = root.pairs;
  if (delta !== 0) {
    for (let at = first + after.length; at < pairs.length; at++) shift(seams, pairs[at], delta);
    for (let at = sections.indexOf(section) + 1; at < sections.length; at++)
      shift(seams, sections[at], delta);
  }
  const ending = pairs[pairs.length - 1]?.span.end ?? map.span.end;
  (map.span as Movable).start = pairs[0]?.key.span.start ?? map.span.start;
  (map.span as Movable).end = ending;
  (section.span as Movable).end = ending;
  (root.span as Movable).end = sections[sections.length - 1]?.span.end ?? ending;

  const tree: TextTree = {
    ...part,
    text,
    root,
    damage: part.damage.map(({ span, at, reason }) => ({
      span: moved(span, start),
      at: moved(at, start),
      reason,
    })),
    lines: linesAfter(earlier.lines, text, change, delta),
    comments: joined(earlier.comments, part.comments, start, end, delta),
  };
  changes.delete(earlier);
  rowChanges.delete(earlier);
  seamsOf.set(tree, { seams });
  const [only] = after;
  const name = keyText(section) ?? '';
  rowChanges.set(tree, { section: name, before, after, isWhole });
  if (only && isOneEntry)
    changes.set(tree, {
      section: name,
      changed: change,
      delta,
      before: entry,
      after: only,
      isWhole,
    });
  return tree;
}

function pairsOf(root: Node | undefined): readonly Pair[] {
  return root?.kind === 'map' && !root.flow ? root.pairs : [];
}

function itemsOf(root: Node | undefined): readonly Node[] {
  return root?.kind === 'seq' && !root.flow ? root.items : [];
}

function keyTexts(pairs: readonly Pair[]): readonly string[] {
  return pairs.flatMap((pair) => keyText(pair) ?? []);
}

function keysOf(map: MapNode, { keys }: Seams): ReadonlySet<string> {
  return getOrAdd(keys, map, () => new Set(keyTexts(map.pairs)));
}

/**
 * Whether each of some entries has a key that no other has, also of those that they do not take the place of.
 * @param all the keys of what is there now
 */
function haveOwnKeys(
  entries: readonly (Pair | Node)[],
  before: readonly Pair[],
  all: ReadonlySet<string>,
): boolean {
  const keys = entries.map((entry) => ('key' in entry ? keyText(entry) : undefined));
  if (new Set(keys).size < keys.length) return false;
  const were = new Set(keyTexts(before));
  return keys.every((key) => key !== undefined && (were.has(key) || !all.has(key)));
}

/**
 * An entry with other items in its list: another object, unless they say the same. What is behind them is moved, and so
 * are the ends of what they are in.
 */
function withItems(
  { spans }: Seams,
  entry: Pair,
  { list, first, last }: NonNullable<Region['items']>,
  fresh: Node[],
  kept: Keeper,
  { start, end }: Span,
  delta: number,
): Pair {
  const { items } = list;
  const gone: Movable[] = [];
  const before = items.slice(first, last + 1);
  for (const item of before) collectNode(item, gone);
  kept.items(before, fresh);
  const isLast = last === items.length - 1;
  // Another array: what somebody remembers by the items is of these.
  (list as { items: readonly Node[] }).items = items.toSpliced(first, before.length, ...fresh);
  const isSame = fresh.length === before.length && fresh.every((item, index) => item === before[index]);
  const after = isSame ? entry : { ...entry };
  const own: Movable[] = [];
  for (const item of fresh) collectNode(item, own);
  const ending = fresh[fresh.length - 1]?.span.end ?? end;
  const left = new Set(gone);
  for (const span of spans.get(entry) ?? []) {
    if (left.has(span)) continue;
    own.push(span);
    if (span.start >= end) move(span, delta);
    // The last items may reach to the end of the text, and what they are in with them.
    else if (isLast ? span.end > end : span.end >= end) span.end += delta;
    else if (isLast && span.end > start) span.end = ending;
  }
  spans.delete(entry);
  spans.set(after, own);
  return after;
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
  /** Puts the nodes that are kept in their places in the later list. */
  items(before: readonly Node[], after: Node[]): void;
}

const KEEPS_NOTHING: Keeper = { pair: (_, after) => after, items() {} };

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
      items(before.items, after.items as Node[]);
    }
    return after;
  }
  /** Items are told by their number: from the first on, and behind the first that is different from the last on. */
  function items(before: readonly Node[], after: Node[]): void {
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
  return { pair, items };
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

/** The entries that hold a whole change; undefined where the change is elsewhere or the section is written otherwise. */
function regionOf({ text }: TextTree, root: MapNode, change: Span): Region | undefined {
  if (root.flow) return undefined;
  const place = lastBefore(root.pairs, change.start, keyStart);
  const section = root.pairs[place];
  const map = section?.value;
  if (section === undefined || map?.kind !== 'map' || map.flow) return undefined;
  const { pairs } = map;
  const [top] = pairs;
  const column = top && columnOf(text, top.key.span.start);
  if (column === undefined || column === 0 || columnOf(text, section.key.span.start) !== 0) return undefined;
  /** Where the line of an entry begins, or that of what follows the last one. */
  const startOf = (index: number): number | undefined => {
    const pair = pairs[index] ?? root.pairs[place + 1];
    if (pair === undefined) return text.length;
    const own = pairs[index] ? column : 0;
    return columnOf(text, pair.key.span.start) === own ? pair.key.span.start - own : undefined;
  };
  return rowAround(pairs, change, keyStart, startOf, (row) => ({ section, map, column, ...row }));
}

/** The items of a block list of an entry that hold a whole change; undefined where it is elsewhere in the entry. */
function itemRegion({ text }: TextTree, region: Region, change: Span): Region | undefined {
  const value = region.map.pairs[region.first]?.value;
  if (region.first !== region.last || value?.kind !== 'map' || value.flow) return undefined;
  const place = lastBefore(value.pairs, change.start, keyStart);
  const list = value.pairs[place]?.value;
  if (list?.kind !== 'seq' || list.flow) return undefined;
  const { items } = list;
  const column = items[0] && dashBefore(text, items[0].span.start)?.column;
  if (column === undefined) return undefined;
  const startOf = (index: number): number | undefined => {
    const item = items[index];
    const dash = item && dashBefore(text, item.span.start);
    if (item) return dash?.column === column ? dash.start : undefined;
    const next = value.pairs[place + 1]?.key.span.start;
    if (next === undefined) return region.end;
    const own = columnOf(text, next);
    return own === undefined ? undefined : next - own;
  };
  return rowAround(items, change, nodeStart, startOf, ({ start, end, first, last }) => ({
    ...region,
    start,
    end,
    column,
    items: { list, first, last },
  }));
}

/**
 * The things in a row that hold a whole change, with the stretch of text that they take.
 * @param startOf where the line of a thing begins, and for the number behind the last one what follows; undefined where
 *   it does not begin its line as the others do
 */
function rowAround<T>(
  things: readonly T[],
  change: Span,
  startOfThing: (thing: T) => number,
  startOf: (index: number) => number | undefined,
  region: (row: Row & Span) => Region,
): Region | undefined {
  const first = lastBefore(things, change.start, startOfThing);
  const start = first < 0 ? undefined : startOf(first);
  // A change at the very start of a thing may belong to the one before.
  if (start === undefined || change.start <= start) return undefined;
  let last = Math.max(first, lastBefore(things, change.end, startOfThing));
  let end = startOf(last + 1);
  if (end !== undefined && end < change.end && last + 1 < things.length) end = startOf(++last + 1);
  return end === undefined || end < change.end ? undefined : region({ first, last, start, end });
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

/** Whether the first line with content is not in the column of the entries, or another one further left. */
function leavesColumn(chunk: string, column: number): boolean {
  let isFirst = true;
  for (let at = 0; at < chunk.length; ) {
    let first = at;
    while (chunk.charCodeAt(first) === 32) first++;
    const code = chunk.charCodeAt(first);
    const blank = first >= chunk.length || code === 10 || code === 13;
    if (!blank && code !== 35) {
      if (first - at < column || (isFirst && first - at > column)) return true;
      isFirst = false;
    }
    const end = chunk.indexOf('\n', first);
    if (end === -1) break;
    at = end + 1;
  }
  return isFirst;
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
  return { spans, keys: new Map() };
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

/** A key without its colon, short enough to be looked at in full where it stands in a text that is no YAML. */
const TYPED = /^[A-Za-z][\w-]{0,99}$/;

/** A key at the start of a line, whatever is behind its colon. */
const KEY = /^ *[A-Za-z][\w.-]*:(?: |$)/;

/**
 * Whether all that is wrong is a line with one word on it where a key of a map may be: in the column of the key before it,
 * or of the next one.
 */
function isHalfTypedKey(chunk: string, damage: readonly Damage[]): boolean {
  const [only] = damage;
  if (only === undefined || damage.length > 1) return false;
  const lines = chunk.split('\n');
  const at = chunk.slice(0, only.span.start).split('\n').length - 1;
  const line = lines[at] ?? '';
  const column = line.search(/\S/);
  const end = chunk.indexOf('\n', only.span.start);
  if (only.span.end > (end === -1 ? chunk.length : end) || column < 1 || !TYPED.test(line.slice(column)))
    return false;
  const hasContent = (other: string) => /^ *[^ #]/.test(other);
  const below = lines.slice(at + 1).find(hasContent);
  // What is further in would be the value of the key.
  if (below !== undefined && below.search(/\S/) > column) return false;
  // Before the first line of what is read again it concerns what is there.
  const above = lines.slice(0, at).findLast((other) => hasContent(other) && other.search(/\S/) <= column);
  if (above === undefined) return false;
  return [above, below].some((other) => other?.search(/\S/) === column && KEY.test(other));
}

/**
 * What some lines are read as in which a key without a colon has more or fewer letters than before, and nothing else is
 * different: as without that line, however it is spelt. The parser, which stops there, is not asked.
 * @param start where the lines begin
 * @returns undefined where something else is different
 */
function typedOn(chunk: string, earlier: TextTree, change: Span, start: number): TextTree | undefined {
  const [damage] = earlier.damage;
  if (damage === undefined || earlier.damage.length > 1) return undefined;
  const { span, reason } = damage;
  if (change.start < span.start || change.end > span.end) return undefined;
  const before = earlier.text.slice(span.start, span.end);
  const at = span.start - start;
  const word = /[^\n]*/.exec(chunk.slice(at))?.[0] ?? '';
  if (![before, word].every((one) => TYPED.test(one)) || reason !== describe.word(before)) return undefined;
  const end = at + word.length;
  const part = parseText(chunk.slice(0, at) + ' '.repeat(word.length) + chunk.slice(end));
  if (part.damage.length > 0) return undefined;
  const place = { start: at, end };
  return { ...part, damage: [{ span: place, at: place, reason: describe.word(word) }] };
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
