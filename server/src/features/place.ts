// Between the offsets of the analysis and the positions of the protocol.
import type { Position, Range } from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import type { Span } from '../text/tree.ts';

/** A span as the editor's range. */
export function editorRange({ tree }: Pick<Analysis, 'tree'>, span: Span): Range {
  const { lines } = tree;
  return { start: lines.positionAt(span.start), end: lines.positionAt(span.end) };
}

/** The offset of an editor's position, clamped to the text. */
export function offsetOf(analysis: Analysis, position: Position): number {
  return analysis.tree.lines.offsetAt(position);
}

/** Whether an offset touches a span: a cursor right behind a word is still on it. */
export function touches(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}
