// Go to definition: from a name to where the thing is.
import type { LocationLink, Position } from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import { anchorAt } from './anchors.ts';
import { editorRange, offsetOf } from './place.ts';
import { subjectAt } from './subject.ts';

/** The definition of what is named at a position; undefined where nothing of the file is named. */
export function definition(analysis: Analysis, uri: string, position: Position): LocationLink[] | undefined {
  const offset = offsetOf(analysis, position);
  const subject = subjectAt(analysis, offset);
  const anchor = anchorAt(analysis, offset);
  const links: LocationLink[] = [];
  if (subject !== undefined && !anchor?.definition)
    links.push({
      originSelectionRange: editorRange(analysis, subject.span),
      targetUri: uri,
      targetRange: editorRange(analysis, subject.thing.span),
      targetSelectionRange: editorRange(analysis, subject.thing.key.span),
    });
  // An alias that is a name leads to what is named, and to the anchor that it repeats.
  if (anchor !== undefined) {
    const { node } = anchor;
    const own = { start: Math.min(node.anchor.span.start, node.span.start), end: node.span.end };
    links.push({
      originSelectionRange: editorRange(analysis, anchor.span),
      targetUri: uri,
      targetRange: editorRange(analysis, own),
      targetSelectionRange: editorRange(analysis, node.anchor.span),
    });
  }
  return links.length > 0 ? links : undefined;
}
