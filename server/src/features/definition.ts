// Go to definition: from a name to where the thing is.
import type { LocationLink, Position } from 'vscode-languageserver';
import type { Analysis } from '../analysis.ts';
import { offsetOf, rangeOf } from './place.ts';
import { subjectAt } from './subject.ts';

/** The definition of what is named at a position; undefined where nothing of the file is named. */
export function definition(analysis: Analysis, uri: string, position: Position): LocationLink[] | undefined {
  const subject = subjectAt(analysis, offsetOf(analysis, position));
  if (subject === undefined) return undefined;
  return [
    {
      originSelectionRange: rangeOf(analysis, subject.span),
      targetUri: uri,
      targetRange: rangeOf(analysis, subject.thing.span),
      targetSelectionRange: rangeOf(analysis, subject.thing.key.span),
    },
  ];
}
