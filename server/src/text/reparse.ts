// Reads a text again after a change within one entry of a section (one server, one site): only that entry is
// parsed, what is behind it is moved. Typing in a file of ten thousand lines then costs what the entry costs.
// Invariant: the spans of an earlier tree move in place, so a tree is given up once a later one was made of it.
import { linesOf } from './lines.ts';
import { parseText } from './parse.ts';
import type { Comment, Damage, MapNode, Node, Pair, ScalarNode, Span, TextTree } from './tree.ts';
import { isMergeKey, scalarValue } from './values.ts';

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
  /** The entry in the earlier text: from the start of its first line to that of the next entry. */
  readonly region: Span;
  /** The stretch of the earlier text that is different. */
  readonly changed: Span;
  /** How much longer the text is now. */
  readonly delta: number;
  /**
   * The entry where it says what it said before: blanks, line breaks and comments alone are different, and what
   * descriptions say. Then the tree has its nodes from before.
   */
  readonly same: { readonly entry: Pair; readonly descriptions: readonly ScalarNode[] } | undefined;
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

interface Region {
  readonly section: Pair;
  readonly map: MapNode;
  readonly index: number;
  /** In the earlier text: from the start of the entry's first line to the start of the next one's. */
  readonly start: number;
  readonly end: number;
  readonly column: number;
}

function reparseEntry(text: string, earlier: TextTree): TextTree | undefined {
  const seams = seamsFor(earlier);
  if (seams === undefined || earlier.root?.kind !== 'map') return undefined;
  const { root } = earlier;
  const change = changeOf(earlier.text, text);
  const region = regionOf(earlier, root, change);
  if (region === undefined) return undefined;
  const { section, map, index, start, end } = region;
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
  if (part.damage.length > 0 && !isHalfTypedKey(chunk, part.damage)) return undefined;
  if (part.root?.kind !== 'map' || part.root.flow || part.root.pairs.length !== 1) return undefined;
  const [fresh] = part.root.pairs;
  if (fresh === undefined || keyText(fresh) !== keyText(entry) || keyText(fresh) === undefined)
    return undefined;
  if (part.unknownAliases.length > 0 || part.extraDocuments.length > 0) return undefined;
  const spans: Movable[] = [];
  if (!collect(fresh, spans)) return undefined;
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
  const descriptions = isWhole ? sameText(entry, fresh, moverOf(change, delta)) : undefined;
  if (descriptions) takeOver(entry, fresh);
  else {
    seams.spans.delete(entry);
    seams.spans.set(fresh, spans);
    (map.pairs as Pair[])[index] = fresh;
  }
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
    region: { start, end },
    changed: change,
    delta,
    same: descriptions && { entry, descriptions },
  });
  return tree;
}

/** Where a place of the earlier text is now; undefined at what was changed. */
export function moverOf({ start, end }: Span, delta: number): (offset: number) => number | undefined {
  return (offset) => (offset < start ? offset : offset > end ? offset + delta : undefined);
}

/**
 * The descriptions that say something else, where nothing but these, blanks, line breaks and comments of two readings
 * of an entry is different; else undefined.
 */
function sameText(
  before: Pair,
  after: Pair,
  mover: (offset: number) => number | undefined,
): readonly ScalarNode[] | undefined {
  const descriptions: ScalarNode[] = [];
  const isPlace = (a: Span, b: Span): boolean =>
    (mover(a.start) ?? b.start) === b.start && (mover(a.end) ?? b.end) === b.end;
  const isPair = (a: Pair, b: Pair): boolean => {
    if (!isPlace(a.span, b.span) || !isNode(a.key, b.key)) return false;
    const [one, other] = [a.value, b.value];
    if (
      keyText(a) !== 'description' ||
      one.kind !== 'scalar' ||
      other.kind !== 'scalar' ||
      one.text === other.text
    )
      return isNode(one, other);
    const isText = [one, other].every((node) => node.text !== '' && typeof scalarValue(node) === 'string');
    if (!isText || one.style !== other.style || !isPlace(one.span, other.span)) return false;
    descriptions.push(one);
    return true;
  };
  const isNode = (a: Node, b: Node): boolean => {
    if (!isPlace(a.span, b.span)) return false;
    if (a.kind === 'scalar') return b.kind === 'scalar' && a.style === b.style && a.text === b.text;
    if (a.kind === 'map') return b.kind === 'map' && a.flow === b.flow && areAll(a.pairs, b.pairs, isPair);
    return a.kind === 'seq' && b.kind === 'seq' && a.flow === b.flow && areAll(a.items, b.items, isNode);
  };
  return isPair(before, after) ? descriptions : undefined;
}

function areAll<T>(a: readonly T[], b: readonly T[], is: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((one, index) => is(one, b[index] as T));
}

/** Gives the nodes of one reading the places and the texts of another that says the same. */
function takeOver(to: Pair, from: Pair): void {
  const place = (a: Movable, b: Span) => {
    a.start = b.start;
    a.end = b.end;
  };
  const node = (a: Node, b: Node): void => {
    place(a.span, b.span);
    if (a.kind === 'scalar' && b.kind === 'scalar') (a as { text: string }).text = b.text;
    else if (a.kind === 'map' && b.kind === 'map')
      for (const [index, pair] of a.pairs.entries()) takeOver(pair, b.pairs[index] as Pair);
    else if (a.kind === 'seq' && b.kind === 'seq')
      for (const [index, item] of a.items.entries()) node(item, b.items[index] as Node);
  };
  place(to.span, from.span);
  node(to.key, from.key);
  node(to.value, from.value);
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
  const place = lastBefore(root.pairs, change.start);
  const section = root.pairs[place];
  const map = section?.value;
  if (section === undefined || map?.kind !== 'map' || map.flow) return undefined;
  const index = lastBefore(map.pairs, change.start);
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

/** The last pair whose line starts before an offset, or -1. */
function lastBefore(pairs: readonly Pair[], offset: number): number {
  let low = 0;
  let high = pairs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pairs[middle]?.key.span.start ?? 0) < offset) low = middle + 1;
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
