// What a refactoring is: another way to write the same, chosen at the light bulb.
import { lineBreak } from '../../edits/map-edits.ts';
import { applyEdits, type TextEdit } from '../../edits/text-edit.ts';
import { parseText } from '../../text/parse.ts';
import type { Node, Pair, Span, TextTree } from '../../text/tree.ts';
import { entries, resolve } from '../../text/values.ts';

export interface Refactoring {
  readonly title: string;
  readonly kind: 'refactor.extract' | 'refactor.inline' | 'refactor.move' | 'refactor.rewrite';
  readonly edits: readonly TextEdit[];
}

/** What a node says, aliases and merge keys followed, styles and order of keys left out. */
export function meaningOf(node: Node | undefined): unknown {
  const target = node && resolve(node);
  if (target === undefined) return null;
  // Quotes make text of what would else be a number.
  if (target.kind === 'scalar') return [target.style === 'plain', target.text];
  if (target.kind === 'seq') return target.items.map(meaningOf);
  return Object.fromEntries(
    entries(target)
      .map(({ name, value }) => [name, meaningOf(value)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Edits after which the file says what it said; undefined where it would not, or would be broken. */
export function ifSame(tree: TextTree, edits: readonly TextEdit[]): readonly TextEdit[] | undefined {
  const after = parseText(applyEdits(tree.text, edits));
  const isSound =
    after.damage.length === tree.damage.length &&
    after.unknownAliases.length === tree.unknownAliases.length &&
    after.comments.length === tree.comments.length &&
    JSON.stringify(meaningOf(after.root)) === JSON.stringify(meaningOf(tree.root));
  return isSound ? edits : undefined;
}

export function isPair(part: Node | Pair): part is Pair {
  return 'key' in part;
}

/** The comments of a text, or of a part of it, from their number signs on, without blanks at their ends. */
export function commentsIn({ text, comments }: TextTree, part?: Span): readonly string[] {
  return comments
    .filter(({ span }) => !part || (span.start >= part.start && span.start < part.end))
    .map(({ span }) => text.slice(span.start, span.end).trimEnd());
}

/** The column of an offset on its line. */
export function columnOf({ lines }: TextTree, offset: number): number {
  return lines.positionAt(offset).character;
}

/** The blanks that the line of an offset begins with; dashes of list items count as blanks. */
export function marginOf(tree: TextTree, offset: number): number {
  const { start, end } = tree.lines.span(tree.lines.positionAt(offset).line);
  return /^\uFEFF?[ ]*(?:-[ ]+)*/.exec(tree.text.slice(start, end))?.[0].replace('\uFEFF', '').length ?? 0;
}

/** A node's text, its lines as they are at the left margin. */
export function blockLines(tree: TextTree, node: Node, end: number): string[] {
  const { start } = node.span;
  const column = columnOf(tree, start);
  return tree.text
    .slice(start, end)
    .split(/\r\n|\n|\r/)
    .map((line, index) =>
      index === 0 ? line : line.slice(Math.min(column, /^ */.exec(line)?.[0].length ?? 0)),
    );
}

/** Lines joined so that all but the first begin at a column. */
export function indented(tree: TextTree, lines: readonly string[], column: number): string {
  return lines
    .map((line, index) => (index === 0 || line === '' ? line : ' '.repeat(column) + line))
    .join(lineBreak(tree));
}
