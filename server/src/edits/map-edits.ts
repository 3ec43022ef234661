// Edits to the text of a topology file, made from the tree: insert a key, remove a pair, turn a
// list into a map. Pure functions; everything outside the edit stays as it was, line breaks too.
// Invariant: a fix is edits of the text, made from source ranges; YAML is never written back from values.

import type { MapNode, Node, Pair, SeqNode, Span, TextTree } from '../text/tree.ts';
import { entries, indexOfKey, nodePathAt } from '../text/values.ts';
import type { TextEdit } from './text-edit.ts';

/** The line break that the text uses first; LF where it has none. */
export function lineBreak(tree: TextTree): string {
  return /\r\n|\n|\r/.exec(tree.text)?.[0] ?? '\n';
}

function lineOf(tree: TextTree, offset: number): Span {
  return tree.lines.span(tree.lines.positionAt(offset).line);
}

/** Where a node begins with its anchor and tag. */
export function fullStart(node: Node): number {
  return Math.min(
    node.span.start,
    node.anchor?.span.start ?? node.span.start,
    node.tag?.span.start ?? node.span.start,
  );
}

/** Where a node ends with its anchor and tag, which are behind the colon of an empty value. */
function fullEnd(node: Node): number {
  return Math.max(node.span.end, node.anchor?.span.end ?? 0, node.tag?.span.end ?? 0);
}

/** Where the text of a span ends: that of a block map or scalar may reach over the line breaks behind it. */
export function textEnd({ text }: TextTree, { start, end }: Span): number {
  let last = end;
  while (last > start && /\s/.test(text[last - 1] ?? '')) last--;
  return last;
}

/** Whether something in a span has an anchor, by which other places may use it. */
export function hasAnchor({ text }: TextTree, { start, end }: Span): boolean {
  return /(?:^|[\s[{,:])&\S/.test(text.slice(start, end));
}

/** Whether a comment begins in a span. */
export function hasComment({ comments }: TextTree, { start, end }: Span): boolean {
  return comments.some(({ span }) => span.start >= start && span.start < end);
}

/** `  - `: what is before an item of a block list on its line; undefined where that is something else. */
export function dashBefore(tree: TextTree, item: Node): string | undefined {
  const start = fullStart(item);
  const before = tree.text.slice(lineOf(tree, start).start, start);
  return /^[ \t]*-[ \t]+$/.test(before) ? before : undefined;
}

/** The start of a pair; a `? ` before its key belongs to it. */
function pairStart(tree: TextTree, pair: Pair): number {
  const start = fullStart(pair.key);
  const before = tree.text.slice(lineOf(tree, start).start, start);
  const mark = /\?[ \t]+$/.exec(before);
  return mark ? start - mark[0].length : start;
}

/** The white space that lines of a block map begin with. `- ` before its first key counts as space. */
function indentOf(tree: TextTree, offset: number): string {
  const before = tree.text.slice(lineOf(tree, offset).start, offset);
  return before.replace(/^\uFEFF/, '').replace(/\S/g, ' ');
}

/** Whether an offset lies inside `{ }` or `[ ]`. */
function inFlow(tree: TextTree, offset: number): boolean {
  let node = tree.root;
  while (node !== undefined) {
    if (node.kind !== 'map' && node.kind !== 'seq') return false;
    if (node.flow) return true;
    const parts: readonly { readonly span: Span }[] = node.kind === 'map' ? node.pairs : node.items;
    let low = 0;
    let high = parts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((parts[middle]?.span.start ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    node = node.kind === 'map' ? node.pairs[low - 1]?.value : node.items[low - 1];
    if (node !== undefined && (offset < node.span.start || offset > node.span.end)) return false;
  }
  return false;
}

/** The spaces by which this file indents a level: those of its first nested block, else two. */
export function indentStep(tree: TextTree): string {
  if (tree.root?.kind === 'map') {
    for (const { value } of tree.root.pairs) {
      if (value.kind !== 'map' || value.flow || !value.pairs[0]) continue;
      const column = indentOf(tree, pairStart(tree, value.pairs[0])).length;
      if (column > 0 && column <= 8) return ' '.repeat(column);
    }
  }
  return '  ';
}

/** The end of the line on which a pair's last text is: a comment behind it is kept before what follows. */
function endOfLines(tree: TextTree, pair: Pair): number {
  const end = Math.max(pair.span.end, fullEnd(pair.value), pair.key.span.end);
  return lineOf(tree, textEnd(tree, { start: pair.span.start, end })).end;
}

/** Where a key goes: into a map, or below a key whose value is empty. */
export interface Holder {
  readonly map?: MapNode;
  /** The pair with an empty value, for where there is no map yet. */
  readonly holder?: Pair;
}

/**
 * Inserts a key, in block or flow style as its surroundings are.
 * @param value one line of text as it is after the colon; empty for nothing. With line breaks (`\n`)
 *   it is a nested block whose lines are indented from the key on; flow style takes one line only
 * @param options.first before the other keys, rather than after them
 * @param options.snippet the value has tab stops; names in it must be escaped by `snippetText`
 * @returns undefined where there is no place for it
 */
export function insertKey(
  tree: TextTree,
  { map, holder }: Holder,
  key: string,
  value: string,
  options: { readonly first?: boolean; readonly snippet?: boolean } = {},
): TextEdit | undefined {
  const snippet = options.snippet ? { snippet: true } : {};
  const edit = (start: number, end: number, newText: string): TextEdit => ({
    span: { start, end },
    newText,
    ...snippet,
  });
  const nl = lineBreak(tree);
  const nested = value.includes('\n');
  const brace = options.snippet ? '\\}' : '}';
  const entry = (indent: string) => {
    if (nested)
      return `${key}:${value.startsWith('\n') ? '' : ' '}${value.replaceAll('\n', `${nl}${indent}`)}`;
    return value === '' ? `${key}:` : `${key}: ${value}`;
  };

  if (map?.flow) {
    if (nested) return undefined;
    // A plain `key:` at the end of a flow map needs a space, or the brace joins it.
    const flowEntry = value === '' ? key : entry('');
    const last = map.pairs.at(-1);
    const first = map.pairs[0];
    if (!last || !first) return edit(map.span.start, map.span.end, `{ ${flowEntry} ${brace}`);
    if (options.first) return edit(pairStart(tree, first), pairStart(tree, first), `${flowEntry}, `);
    const end = Math.max(last.span.end, fullEnd(last.value), last.key.span.end);
    return edit(end, end, `, ${flowEntry}`);
  }
  if (map && options.first) {
    const first = map.pairs[0];
    if (!first) return undefined;
    const start = pairStart(tree, first);
    const indent = indentOf(tree, start);
    return edit(start, start, `${entry(indent)}${nl}${indent}`);
  }
  const place = blockPlace(tree, { ...(map ? { map } : {}), ...(holder ? { holder } : {}) });
  if (place)
    return edit(place.at, place.at, `${place.before}${place.indent}${entry(place.indent)}${place.after}`);
  const empty = map ? undefined : holder?.value;
  if (!holder || empty?.kind !== 'scalar' || nested) return undefined;
  const flow = `{ ${value === '' ? key : entry('')} ${brace}`;
  if (empty.span.end > empty.span.start) return edit(empty.span.start, empty.span.end, flow);
  const at = Math.max(fullEnd(empty), holder.key.span.end);
  const colon = tree.text.slice(holder.key.span.end, at).includes(':');
  return edit(at, at, `${colon ? '' : ':'} ${flow}`);
}

/** Where lines go into a block map, below a key whose value is empty, or into a file without a key. */
interface BlockPlace {
  readonly at: number;
  /** A line break, where the place is behind text. */
  readonly before: string;
  readonly indent: string;
  readonly after: string;
}

/** Behind the last key and the comments that belong to it; undefined where only flow style would do. */
function blockPlace(tree: TextTree, { map, holder }: Holder): BlockPlace | undefined {
  const nl = lineBreak(tree);
  if (map) {
    const first = map.pairs[0];
    const last = map.pairs.at(-1);
    if (map.flow || !first || !last) return undefined;
    const indent = indentOf(tree, pairStart(tree, first));
    const lastLine = tree.lines.positionAt(endOfLines(tree, last)).line;
    const { end } = tree.lines.span(commentsBelow(tree, lastLine, indent.length));
    return { at: end, before: nl, indent, after: '' };
  }
  if (!holder) {
    // An empty file, or one of comments only.
    if (tree.root !== undefined && !(tree.root.kind === 'scalar' && tree.root.text === '')) return undefined;
    const end = tree.text.length;
    const separate = end > 0 && !/[\r\n]$/.test(tree.text) && tree.text !== '\uFEFF' ? nl : '';
    return { at: end, before: separate, indent: '', after: nl };
  }
  const { value: empty } = holder;
  if (empty.kind !== 'scalar' || empty.text !== '' || inFlow(tree, holder.key.span.start)) return undefined;
  const indent = indentOf(tree, pairStart(tree, holder)) + indentStep(tree);
  const { end } = lineOf(tree, Math.max(fullEnd(empty), holder.key.span.end));
  return { at: end, before: nl, indent, after: '' };
}

/**
 * Inserts lines into a block map: keys with what is below them, and comments.
 * @param lines as they are at the left margin
 * @returns undefined where there is no place for them, as in flow style
 */
export function insertLines(tree: TextTree, into: Holder, lines: readonly string[]): TextEdit | undefined {
  const place = blockPlace(tree, into);
  if (place === undefined) return undefined;
  const own = lines.map((line) => (line === '' ? '' : `${place.indent}${line}`));
  const newText = `${place.before}${own.join(lineBreak(tree))}${place.after}`;
  return { span: { start: place.at, end: place.at }, newText };
}

/**
 * Puts lines in the place of a pair in block style, with the comments below that are indented deeper. What stays the
 * same at both ends is no part of the edit.
 * @param lines as they are at the left margin
 */
export function replacePair(tree: TextTree, pair: Pair, lines: readonly string[]): TextEdit {
  const start = pairStart(tree, pair);
  const indent = indentOf(tree, start);
  const lastLine = tree.lines.positionAt(endOfLines(tree, pair)).line;
  const { end } = tree.lines.span(commentsBelow(tree, lastLine, indent.length));
  const nl = lineBreak(tree);
  const newText = lines.join(`${nl}${indent}`);
  const old = tree.text.slice(start, end);
  const [now, was] = [newText.split(nl), old.split(nl)];
  let head = 0;
  while (head < Math.min(now.length, was.length) - 1 && now[head] === was[head]) head++;
  let tail = 0;
  while (tail < Math.min(now.length, was.length) - head - 1 && now.at(-1 - tail) === was.at(-1 - tail))
    tail++;
  const lengthOf = (some: readonly string[]) => some.reduce((sum, line) => sum + line.length + nl.length, 0);
  const from = start + lengthOf(was.slice(0, head));
  const to = end - lengthOf(was.slice(was.length - tail));
  return { span: { start: from, end: to }, newText: now.slice(head, now.length - tail).join(nl) };
}

/** The first of the lines of comments directly above a line that are indented like it; the line itself without any. */
export function commentsAbove(tree: TextTree, line: number, indent: number): number {
  let first = line;
  while (first > 0) {
    const span = tree.lines.span(first - 1);
    const match = /^([ \t]*)#/.exec(tree.text.slice(span.start, span.end));
    if (match?.[1]?.length !== indent) break;
    // The line that makes a file a topology file is not about the key below it.
    if (first === 1 && /^#\s*configmgr-topology/.test(tree.text.slice(span.start, span.end))) break;
    first--;
  }
  return first;
}

/** The lines of comments below that are indented deeper, with blank lines between them. */
function commentsBelow(tree: TextTree, line: number, indent: number): number {
  let last = line;
  for (let next = line + 1; next < tree.lines.count; next++) {
    const span = tree.lines.span(next);
    const text = tree.text.slice(span.start, span.end);
    const match = /^([ \t]*)#/.exec(text);
    if (match && (match[1]?.length ?? 0) > indent) last = next;
    else if (text.trim() !== '') break;
  }
  return last;
}

/** Whole lines with the line break behind them; at the end of the text, the one before them. */
export function wholeLines(tree: TextTree, first: number, last: number): Span {
  if (last + 1 < tree.lines.count) {
    return { start: tree.lines.span(first).start, end: tree.lines.span(last + 1).start };
  }
  const end = tree.text.length;
  return { start: first > 0 ? tree.lines.span(first - 1).end : 0, end };
}

/** A flow pair with the comma behind it; on lines of its own, with these lines. */
function removeFlowPair(tree: TextTree, { start, end }: Span, next: number): TextEdit {
  const between = tree.text.slice(end, next);
  if (!/[\r\n]/.test(between)) return { span: { start, end: next }, newText: '' };
  const first = tree.lines.positionAt(start).line;
  const tail = /^[ \t]*,[ \t]*(?:#[^\r\n]*)?(?=[\r\n])/.exec(between);
  const alone = tree.text.slice(tree.lines.span(first).start, start).trim() === '';
  if (tail && alone) return { span: wholeLines(tree, first, tree.lines.positionAt(end).line), newText: '' };
  const comma = /^\s*,/.exec(between);
  return { span: { start, end: comma ? end + comma[0].length : next }, newText: '' };
}

/**
 * Removes a pair: in block style its whole lines with the comments that belong to it (those directly
 * above at the same indentation, and deeper ones below), in flow style one comma with it.
 * @param map the map that holds the pair
 */
export function removePair(tree: TextTree, map: MapNode, pair: Pair): TextEdit | undefined {
  const index = indexOfKey(map, pair.key);
  if (map.pairs[index] !== pair) return undefined;
  const remove = (start: number, end: number): TextEdit => ({ span: { start, end }, newText: '' });
  const start = pairStart(tree, pair);
  const previous = map.pairs[index - 1];
  const next = map.pairs[index + 1];
  if (map.flow) {
    const end = Math.max(pair.span.end, fullEnd(pair.value), pair.key.span.end);
    if (next) return removeFlowPair(tree, { start, end }, pairStart(tree, next));
    if (!previous) {
      // A comma behind the only pair would be alone.
      const comma = /^(?:\s|(?<=\s)#[^\r\n]*(?![^\r\n]))*,/.exec(tree.text.slice(end, map.span.end));
      return remove(start, comma ? end + comma[0].length : end);
    }
    return remove(Math.max(previous.span.end, fullEnd(previous.value), previous.key.span.end), end);
  }
  const line = tree.lines.positionAt(start).line;
  const before = tree.text.slice(tree.lines.span(line).start, start).replace(/^\uFEFF/, '');
  if (before.trim() !== '') {
    // `- first: 1`: the dash stays for the pair below; without one, an empty map stays.
    if (next) return remove(start, pairStart(tree, next));
    return { span: { start, end: pair.span.end }, newText: '{}' };
  }
  const indent = before.length;
  const lastLine = tree.lines.positionAt(endOfLines(tree, pair)).line;
  const first = commentsAbove(tree, line, indent);
  const span = wholeLines(tree, first, commentsBelow(tree, lastLine, indent));
  // A byte-order mark belongs to the file.
  return remove(tree.text[span.start] === '\uFEFF' ? span.start + 1 : span.start, span.end);
}

/**
 * Turns a list of names into a map with those names as keys and nothing behind them; comments and
 * layout stay. Block items that are maps already (`- name: ...`) join it as they are.
 * @returns undefined where an item is no name or is there twice
 */
export function listToMap(tree: TextTree, list: SeqNode): readonly TextEdit[] | undefined {
  const names = list.items.flatMap((item) => {
    if (item.kind === 'scalar')
      return item.style === 'literal' || item.style === 'folded' || item.text === '' ? [] : [item.text];
    if (item.kind !== 'map' || item.flow || list.flow) return [];
    const keys = item.pairs.flatMap(({ key }) => (key.kind === 'scalar' ? [key.text] : []));
    return keys.length === 1 ? keys : [];
  });
  if (names.length === 0 || names.length !== list.items.length || new Set(names).size !== names.length)
    return undefined;
  if (list.items.some((item) => item.anchor || item.tag)) return undefined;
  if (list.flow) {
    const { start, end } = list.span;
    return [
      { span: { start, end: start + 1 }, newText: '{' },
      { span: { start: end - 1, end }, newText: '}' },
    ];
  }
  const edits: TextEdit[] = [];
  const columns = list.items.map((item) => indentOf(tree, item.span.start).length);
  for (const [index, item] of list.items.entries()) {
    const line = lineOf(tree, item.span.start);
    const before = tree.text.slice(line.start, item.span.start);
    if (!/^[ ]*-[ ]+$/.test(before)) return undefined;
    // A nested map keeps its own column, so every item has to begin at the same one.
    if (columns[index] !== columns[0] && item.kind === 'map') return undefined;
    edits.push({ span: { start: line.start, end: item.span.start }, newText: ' '.repeat(columns[0] ?? 0) });
    if (item.kind === 'scalar')
      edits.push({ span: { start: item.span.end, end: item.span.end }, newText: ':' });
  }
  return edits;
}

/**
 * Whether a map's key can be set without changing anything but this map: no merge key brings it, and neither
 * the value nor anything round it has an anchor by which other places use it.
 */
export function isOwn(tree: TextTree, map: MapNode | undefined, name: string): boolean {
  if (!map) return true;
  const entry = entries(map).find((candidate) => candidate.name === name);
  if (entry?.merged || entry?.value.anchor) return false;
  return nodePathAt(tree, entry?.value.span.start ?? map.span.start).every(
    (node) => !('anchor' in node) || node.anchor === undefined,
  );
}
