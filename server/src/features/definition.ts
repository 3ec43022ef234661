// Go to definition: from a name to where the thing is.
import type { LocationLink, Position } from 'vscode-languageserver';
import type { Analysis } from '../analysis.ts';
import { anchorAt } from './anchors.ts';
import { offsetOf, rangeOf } from './place.ts';
import { subjectAt } from './subject.ts';

/** The definition of what is named at a position; undefined where nothing of the file is named. */
export function definition(analysis: Analysis, uri: string, position: Position): LocationLink[] | undefined {
  const offset = offsetOf(analysis, position);
  const subject = subjectAt(analysis, offset);
  const anchor = anchorAt(analysis, offset);
  const links: LocationLink[] = [];
  if (subject !== undefined && !anchor?.definition)
    links.push({
      originSelectionRange: rangeOf(analysis, subject.span),
      targetUri: uri,
      targetRange: rangeOf(analysis, subject.thing.span),
      targetSelectionRange: rangeOf(analysis, subject.thing.key.span),
    });
  // An alias that is a name leads to what is named, and to the anchor that it repeats.
  if (anchor !== undefined) {
    const { node } = anchor;
    const own = { start: Math.min(node.anchor.span.start, node.span.start), end: node.span.end };
    links.push({
      originSelectionRange: rangeOf(analysis, anchor.span),
      targetUri: uri,
      targetRange: rangeOf(analysis, own),
      targetSelectionRange: rangeOf(analysis, node.anchor.span),
    });
  }
  return links.length > 0 ? links : undefined;
}
