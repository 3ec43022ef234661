// The layout of a file as `cmtopo format` and Format Document leave it: what belongs to something is two columns
// further in, no blanks at the end of a line, at most one blank line in a row, one between sections. What is
// within a line stays as it is, columns and comments with it.
// Invariant: a fix is edits of the text, made from source ranges; YAML is never written back from values.
import { parseText } from '../text/parse.ts';
import type { MapNode, Node, Pair, ScalarNode, SeqNode, Span, TextTree } from '../text/tree.ts';
import { fullStart, lineBreak, textEnd } from './map-edits.ts';
import { hasSameContent } from './same-content.ts';
import { applyEdits, type TextEdit } from './text-edit.ts';

/** The columns of a level. */
const STEP = 2;

/** An edit within one line; the line breaks around it belong to it. */
interface LineEdit {
  readonly line: number;
  readonly edit: TextEdit;
  /** It moves what is in the line. */
  readonly moves: boolean;
}

/**
 * The edits that format a text: minimal, and none of a text that is formatted already. What is parsed stays the same.
 * Places that are not YAML stay as they are, and so does the indentation of the entries that they are in.
 */
export function formatText(tree: TextTree): readonly TextEdit[] {
  return keeping(tree, lineEdits(tree));
}

/** The same for the lines that a span touches. Where these cannot be moved without others, nothing of them moves. */
export function formatLines(tree: TextTree, { start, end }: Span): readonly TextEdit[] {
  const first = tree.lines.positionAt(start).line;
  const { line, character } = tree.lines.positionAt(end);
  // A selection of whole lines ends where the next one begins.
  const last = character === 0 && line > first ? line - 1 : line;
  return keeping(
    tree,
    lineEdits(tree).filter((one) => first <= one.line && one.line <= last),
  );
}

/**
 * The same for a line that somebody has just left for the next one: only the blanks at its end go, since lines are
 * still being written and the cursor is in one of them.
 */
export function formatLine(tree: TextTree, line: number): readonly TextEdit[] {
  const isOwn = ({ edit: { span, newText } }: LineEdit) =>
    !/[\r\n]/.test(newText + tree.text.slice(span.start, span.end));
  return keeping(
    tree,
    lineEdits(tree).filter((one) => one.line === line && !one.moves && isOwn(one)),
  );
}

/** The edits, else those that move nothing, else none: the first of these after which the same is parsed. */
function keeping(tree: TextTree, edits: readonly LineEdit[]): readonly TextEdit[] {
  for (const some of [edits, edits.filter(({ moves }) => !moves)]) {
    const found = some.map(({ edit }) => edit);
    if (found.length === 0 || hasSameContent(tree, parseText(applyEdits(tree.text, found)))) return found;
  }
  return [];
}

// --- what is in a line ---------------------------------------------------------------------------

/** Where a line is to begin. */
type Move =
  /** At a column. */
  | { readonly kind: 'to'; readonly column: number }
  /** So many columns further in than it does, but not before a column. */
  | { readonly kind: 'by'; readonly columns: number; readonly least: number };

interface Sheet {
  readonly tree: TextTree;
  /** The lines of the first document. */
  readonly count: number;
  readonly damaged: ReadonlySet<number>;
  readonly moves: Map<number, Move>;
  /** Lines that go on with a text of several: their blank lines are its own. */
  readonly within: Set<number>;
  /** Lines of a block scalar: all their blanks are its own. */
  readonly raw: Set<number>;
  /** What is between a dash and the block that begins behind it, by its line. */
  readonly dashes: Map<number, Span[]>;
  /** The old and the new column of blocks that begin behind a dash, by its line. */
  readonly inner: Map<number, (readonly [number, number])[]>;
}

function sheetOf(tree: TextTree): Sheet {
  const { lines, extraDocuments, root } = tree;
  const [further] = extraDocuments;
  const sheet: Sheet = {
    tree,
    count: further ? lines.positionAt(further.start).line : lines.count,
    damaged: damagedLines(tree),
    moves: new Map(),
    within: new Set(),
    raw: new Set(),
    dashes: new Map(),
    inner: new Map(),
  };
  if (root && isBlock(root)) placeBlock(sheet, root, 0);
  else if (root) placeLeaf(sheet, root, 0, 0);
  return sheet;
}

function damagedLines({ damage, lines }: TextTree): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { span, at } of damage)
    for (const { start, end } of [span, at])
      for (let line = lines.positionAt(start).line; line <= lines.positionAt(end).line; line++)
        found.add(line);
  return found;
}

function lineAt({ tree }: Sheet, offset: number): number {
  return tree.lines.positionAt(offset).line;
}

/** Where a line begins, behind a byte-order mark. */
function lineStart({ tree: { lines, text } }: Sheet, line: number): number {
  const { start } = lines.span(line);
  return start === 0 && text.charCodeAt(0) === 0xfeff ? 1 : start;
}

/** Where the text of a line begins: behind its blanks. */
function contentStart(sheet: Sheet, line: number): number {
  const { end } = sheet.tree.lines.span(line);
  let at = lineStart(sheet, line);
  while (at < end && isSpace(sheet.tree.text, at)) at++;
  return at;
}

function isSpace(text: string, at: number): boolean {
  const character = text.charAt(at);
  return character === ' ' || character === '\t';
}

function isEmptyLine(sheet: Sheet, line: number): boolean {
  return contentStart(sheet, line) === sheet.tree.lines.span(line).end;
}

function isCommentLine(sheet: Sheet, line: number): boolean {
  return !sheet.within.has(line) && sheet.tree.text[contentStart(sheet, line)] === '#';
}

function columnOf(sheet: Sheet, offset: number): number {
  return offset - lineStart(sheet, lineAt(sheet, offset));
}

function isFirst(sheet: Sheet, offset: number): boolean {
  return contentStart(sheet, lineAt(sheet, offset)) === offset;
}

// --- where lines are to begin --------------------------------------------------------------------

function isBlock(node: Node): node is MapNode | SeqNode {
  return (node.kind === 'map' || node.kind === 'seq') && !node.flow;
}

/** The lines of a block map or list whose entries are to begin at a column. */
function placeBlock(sheet: Sheet, node: MapNode | SeqNode, column: number): void {
  const { tree } = sheet;
  const starts = entryStarts(sheet, node);
  const [first] = starts;
  if (first === undefined) return;
  const by = column - columnOf(sheet, first);
  for (const [index, start] of starts.entries()) {
    const line = lineAt(sheet, start);
    if (isFirst(sheet, start)) sheet.moves.set(line, { kind: 'to', column });
    if (node.kind === 'seq') {
      const item = node.items[index];
      if (item) placeValue(sheet, item, { line, column, by, dash: start });
      continue;
    }
    const pair = node.pairs[index];
    if (!pair) continue;
    const keyLine = lineAt(sheet, pair.key.span.end);
    // A key behind a question mark, or in several lines, goes where its entry goes, with all that belongs to it.
    if (tree.text[start] === '?' || keyLine !== line) {
      shiftLines(sheet, line + 1, lineAt(sheet, textEnd(tree, pair.span)), by);
      for (const part of [pair.key, pair.value]) markTexts(sheet, part);
    } else placeValue(sheet, pair.value, { line, column, by, dash: undefined });
  }
}

interface Head {
  /** The line of the key or dash. */
  readonly line: number;
  /** The column that the entry is to begin at, and how far that is from where it does. */
  readonly column: number;
  readonly by: number;
  readonly dash: number | undefined;
}

function placeValue(sheet: Sheet, node: Node, { line, column, by, dash }: Head): void {
  const { tree } = sheet;
  const start = fullStart(node);
  const inside = column + STEP;
  if (lineAt(sheet, start) > line && isFirst(sheet, start))
    sheet.moves.set(lineAt(sheet, start), { kind: 'to', column: inside });
  if (!isBlock(node)) {
    const own = lineAt(sheet, node.span.start);
    if (own > line && isFirst(sheet, node.span.start)) {
      sheet.moves.set(own, { kind: 'to', column: inside });
      if (!isBlockScalar(node)) {
        placeLeaf(sheet, node, own, inside - columnOf(sheet, node.span.start), column + 1);
        return;
      }
    }
    placeLeaf(sheet, node, own, by);
    return;
  }
  const [first] = entryStarts(sheet, node);
  if (first === undefined) return;
  if (lineAt(sheet, first) === line) {
    const gap = { start: (dash ?? first) + 1, end: first };
    // Something else than blanks is in between: what this is, is left alone.
    if (dash === undefined || !/^ +$/.test(tree.text.slice(gap.start, gap.end))) return;
    push(sheet.dashes, line, gap);
    push(sheet.inner, line, [columnOf(sheet, first), inside] as const);
  }
  placeBlock(sheet, node, inside);
}

function push<T>(map: Map<number, T[]>, line: number, value: T): void {
  const list = map.get(line);
  if (list) list.push(value);
  else map.set(line, [value]);
}

/** The lines behind the first one of a scalar or of something in flow style, which go with it. */
function placeLeaf(sheet: Sheet, node: Node, line: number, by: number, least = 0): void {
  if (node.kind === 'alias') return;
  const last = lineAt(sheet, textEnd(sheet.tree, node.span));
  shiftLines(sheet, line + 1, last, by, least);
  markTexts(sheet, node);
}

/** Marks the lines that go on with a text of several. */
function markTexts(sheet: Sheet, node: Node): void {
  for (const scalar of scalarsOf(node)) {
    const own = lineAt(sheet, scalar.span.start);
    const end = isBlockScalar(scalar) ? lastOfBlockScalar(sheet, scalar) : lineAt(sheet, scalar.span.end);
    for (let at = own + 1; at <= end; at++) {
      sheet.within.add(at);
      if (isBlockScalar(scalar)) sheet.raw.add(at);
    }
  }
}

function shiftLines(sheet: Sheet, first: number, last: number, columns: number, least = 0): void {
  for (let line = first; line <= last; line++) sheet.moves.set(line, { kind: 'by', columns, least });
}

function isBlockScalar(node: Node): boolean {
  return node.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded');
}

/** With `+` the empty lines behind it are its own. */
function lastOfBlockScalar(sheet: Sheet, { span }: ScalarNode): number {
  const { tree, count } = sheet;
  let last = lineAt(sheet, textEnd(tree, span));
  const header = tree.text.slice(span.start, tree.lines.span(lineAt(sheet, span.start)).end);
  if (/^[|>]\d?\+/.test(header)) while (last + 1 < count && isEmptyLine(sheet, last + 1)) last++;
  return last;
}

function scalarsOf(node: Node): readonly ScalarNode[] {
  if (node.kind === 'scalar') return [node];
  const found: ScalarNode[] = [];
  const open: Node[] = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.kind === 'scalar') found.push(next);
    else if (next.kind === 'seq') for (const item of next.items) open.push(item);
    else if (next.kind === 'map') for (const { key, value } of next.pairs) open.push(key, value);
  }
  return found;
}

/** Where the entries of a block begin: at their dashes, or at the `?`, anchor or tag before a key. */
function entryStarts(sheet: Sheet, node: MapNode | SeqNode): readonly number[] {
  const { text } = sheet.tree;
  if (node.kind === 'map')
    return node.pairs.map(({ key }) => {
      const start = fullStart(key);
      const mark = /\?[ \t]+$/.exec(text.slice(lineStart(sheet, lineAt(sheet, start)), start));
      return mark ? start - mark[0].length : start;
    });
  let from = node.span.start;
  return node.items.map((item) => {
    const dash = nextToken(text, from);
    from = Math.max(item.span.end, fullStart(item), item.anchor?.span.end ?? 0, item.tag?.span.end ?? 0);
    return dash;
  });
}

/** Where there is something that is neither a blank nor a comment. */
function nextToken(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (at < text.length && /[ \t\r\n]/.test(text.charAt(at))) at++;
    if (text[at] !== '#') return at;
    while (at < text.length && !/[\r\n]/.test(text.charAt(at))) at++;
  }
}

/** The blanks that each line is to begin with, where that can be said. */
function indents(sheet: Sheet): ReadonlyMap<number, string> {
  const { tree, count } = sheet;
  const found = new Map<number, string>();
  const still = stillLines(sheet);
  const newColumn = (line: number): number | undefined => {
    const move = sheet.moves.get(line);
    return move?.kind === 'to' && !still.has(line) ? move.column : undefined;
  };
  // The blocks that are open, by their old and new columns, the outermost first.
  const open: (readonly [number, number])[] = [];
  const enter = (pair: readonly [number, number]) => {
    while (open.length > 0 && (open.at(-1)?.[0] ?? 0) >= pair[0]) open.pop();
    open.push(pair);
  };
  let next = 0;
  const comingContent = (line: number): number => {
    if (next <= line) next = line + 1;
    while (
      next < count &&
      (sheet.damaged.has(next) || isEmptyLine(sheet, next) || isCommentLine(sheet, next))
    )
      next++;
    return next;
  };
  for (let line = 0; line < count; line++) {
    if (still.has(line) || sheet.damaged.has(line)) continue;
    const start = lineStart(sheet, line);
    const content = contentStart(sheet, line);
    const old = content - start;
    const move = sheet.moves.get(line);
    if (move?.kind === 'to') {
      found.set(line, ' '.repeat(move.column));
      enter([old, move.column]);
      for (const pair of sheet.inner.get(line) ?? []) enter(pair);
    } else if (move?.kind === 'by') {
      const blanks = tree.text.slice(start, content);
      const spaces = /^ */.exec(blanks)?.[0].length ?? 0;
      // An empty line of a quoted or plain text has no column.
      if (isEmptyLine(sheet, line) && (spaces === 0 || !sheet.raw.has(line))) continue;
      const wanted = Math.max(0, move.least, spaces + move.columns);
      found.set(line, `${' '.repeat(move.columns === 0 ? spaces : wanted)}${blanks.slice(spaces)}`);
    } else if (isCommentLine(sheet, line)) {
      const after = comingContent(line);
      const column =
        after < count && contentStart(sheet, after) - lineStart(sheet, after) === old
          ? newColumn(after)
          : undefined;
      const around = open.findLast(([from]) => from <= old);
      const wanted = column ?? (around ? around[1] + old - around[0] : old);
      if (!tree.text.slice(start, content).includes('\t')) found.set(line, ' '.repeat(wanted));
    }
  }
  return found;
}

/**
 * The lines that do not move: those of entries in which something is damaged, or not understood, or that are indented
 * by tabs. Where the entries around them are where they belong, it is only the innermost of these.
 */
function stillLines(sheet: Sheet): ReadonlySet<number> {
  const { root } = sheet.tree;
  const still = new Set<number>();
  const add = (first: number, end: number) => {
    for (let line = first; line < end; line++) still.add(line);
  };
  const visit = (node: Node | undefined, column: number, first: number, end: number): void => {
    if (!canMoveNone(sheet, first, end)) return;
    const starts = node && isBlock(node) ? entryStarts(sheet, node) : [];
    const [one] = starts;
    if (!node || !isBlock(node) || one === undefined || columnOf(sheet, one) !== column) {
      add(first, end);
      return;
    }
    const lines = starts.map((start) => lineAt(sheet, start));
    const values = node.kind === 'map' ? node.pairs.map(({ value }) => value) : node.items;
    if (canMoveNone(sheet, first, lines[0] ?? first)) add(first, lines[0] ?? first);
    for (const [index, line] of lines.entries())
      visit(values[index], column + STEP, line, lines[index + 1] ?? end);
  };
  visit(root, 0, 0, sheet.count);
  return still;
}

/** Whether some lines hold what nobody can move: damage, tabs as indentation, what is not understood. */
function canMoveNone(sheet: Sheet, first: number, end: number): boolean {
  const { tree, moves } = sheet;
  for (let line = first; line < end; line++) {
    if (sheet.damaged.has(line)) return true;
    if (isEmptyLine(sheet, line) || isCommentLine(sheet, line) || sheet.within.has(line)) continue;
    const move = moves.get(line);
    if (move === undefined) {
      if (!isMarker(sheet, line)) return true;
    } else if (
      move.kind === 'to' &&
      tree.text.slice(lineStart(sheet, line), contentStart(sheet, line)).includes('\t')
    )
      return true;
  }
  return false;
}

/** `---`, and what is before it. */
function isMarker(sheet: Sheet, line: number): boolean {
  const { text } = sheet.tree;
  const at = lineStart(sheet, line);
  return text[at] === '%' || /^(---|\.\.\.)([ \t\r\n]|$)/.test(text.slice(at, at + 4));
}

// --- sections ------------------------------------------------------------------------------------

interface TopEntry {
  readonly pair: Pair;
  readonly line: number;
  readonly column: number;
  /** Where it ends. */
  readonly last: number;
  /** It is a map or list of several lines. */
  readonly isSection: boolean;
}

function topEntries(sheet: Sheet): readonly TopEntry[] {
  const { root } = sheet.tree;
  if (root?.kind !== 'map' || root.flow) return [];
  const starts = entryStarts(sheet, root);
  return root.pairs.map((pair, index) => {
    const start = starts[index] ?? pair.span.start;
    const line = lineAt(sheet, start);
    const last = lineAt(sheet, textEnd(sheet.tree, pair.span));
    const isSection = (pair.value.kind === 'map' || pair.value.kind === 'seq') && last > line;
    return { pair, line, column: columnOf(sheet, start), last, isSection };
  });
}

/** The lines before which an empty one is missing: those of sections, with the comments above them. */
function missingGaps(sheet: Sheet): ReadonlySet<number> {
  const found = new Set<number>();
  const entries = topEntries(sheet);
  for (const [index, entry] of entries.entries()) {
    const before = entries[index - 1];
    if (!before || before.line === entry.line || !(before.isSection || entry.isSection)) continue;
    let line = entry.line;
    while (
      line - 1 > before.last &&
      isCommentLine(sheet, line - 1) &&
      contentStart(sheet, line - 1) - lineStart(sheet, line - 1) === entry.column
    )
      line--;
    const between = range(before.last + 1, entry.line);
    if (between.some((one) => sheet.damaged.has(one) || (isEmptyLine(sheet, one) && !sheet.within.has(one))))
      continue;
    if (!sheet.damaged.has(line) && !keepsLines(sheet, before)) found.add(line);
  }
  return found;
}

/** Whether an entry ends with a block scalar to which the empty lines behind it belong. */
function keepsLines(sheet: Sheet, { pair }: TopEntry): boolean {
  let node: Node | undefined = pair.value;
  while (node && (node.kind === 'map' || node.kind === 'seq'))
    node = node.kind === 'map' ? node.pairs.at(-1)?.value : node.items.at(-1);
  return (
    node !== undefined &&
    isBlockScalar(node) &&
    /^[|>]\d?\+/.test(sheet.tree.text.slice(node.span.start, node.span.start + 3))
  );
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

// --- edits ---------------------------------------------------------------------------------------

function lineEdits(tree: TextTree): readonly LineEdit[] {
  const sheet = sheetOf(tree);
  const { text, lines } = tree;
  const wanted = indents(sheet);
  const gaps = missingGaps(sheet);
  const nl = lineBreak(tree);
  const found: LineEdit[] = [];
  const add = (line: number, start: number, end: number, newText: string, moves = false) => {
    if (text.slice(start, end) !== newText)
      found.push({ line, edit: { span: { start, end }, newText }, moves });
  };
  const last = lastContent(sheet);
  let wasEmpty = false;
  for (let line = 0; line < sheet.count; line++) {
    const { end } = lines.span(line);
    const start = lineStart(sheet, line);
    if (sheet.damaged.has(line)) {
      wasEmpty = false;
      continue;
    }
    if (isEmptyLine(sheet, line) && !sheet.within.has(line)) {
      const isLast = line + 1 === lines.count;
      const isTooMuch = wasEmpty || line > last;
      add(line, start, isTooMuch && !isLast ? lines.span(line + 1).start : end, '');
      wasEmpty = true;
      continue;
    }
    wasEmpty = false;
    const content = contentStart(sheet, line);
    if (gaps.has(line)) add(line, start, start, nl);
    const indent = wanted.get(line);
    if (indent !== undefined) add(line, start, content, indent, true);
    if (indent !== undefined)
      for (const gap of sheet.dashes.get(line) ?? []) add(line, gap.start, gap.end, ' ', true);
    if (sheet.raw.has(line)) continue;
    let stop = end;
    while (stop > content && isSpace(text, stop - 1)) stop--;
    // A blank behind a backslash is text.
    const isEscaped = text[stop - 1] === '\\' && sheet.within.has(line + 1);
    if (!isEscaped && stop > content) add(line, stop, end, '');
  }
  return found;
}

/** The last line that is not empty; the last of all where further documents follow. */
function lastContent(sheet: Sheet): number {
  if (sheet.count < sheet.tree.lines.count) return sheet.count;
  let line = sheet.count - 1;
  while (line >= 0 && isEmptyLine(sheet, line) && !sheet.within.has(line)) line--;
  return line;
}
