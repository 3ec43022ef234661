// Format Document, Format Selection, and what happens to a line that is left with Enter.
import type { Position, Range, TextEdit } from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import { formatLine, formatLines, formatText } from '../edits/format-text.ts';
import type { TextEdit as Edit } from '../edits/text-edit.ts';
import { editorRange } from './place.ts';

type Text = Pick<Analysis, 'tree'>;

/** The edits that format a file. It is indented by two whatever the editor is set to. */
export function formatting(file: Text): TextEdit[] {
  return shown(file, formatText(file.tree));
}

/** Those for the lines of a range that do not need others to change with them. */
export function rangeFormatting(file: Text, { start, end }: Range): TextEdit[] {
  const { lines } = file.tree;
  return shown(file, formatLines(file.tree, { start: lines.offsetAt(start), end: lines.offsetAt(end) }));
}

/** Those for the line above, once the line break of Enter is there. */
export function onTypeFormatting(file: Text, { line }: Position): TextEdit[] {
  return line === 0 ? [] : shown(file, formatLine(file.tree, line - 1));
}

/** The character after which the line above is formatted. */
export const FORMAT_TRIGGER = '\n';

function shown(file: Text, edits: readonly Edit[]): TextEdit[] {
  return edits.map(({ span, newText }) => ({ range: editorRange(file, span), newText }));
}
