// Every place that names a thing, as references and as highlights.
import type { DocumentHighlight, Location, Position } from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import type { Span } from '../text/tree.ts';
import { anchorAt, anchorPlaces } from './anchors.ts';
import { editorRange, offsetOf } from './place.ts';
import { referencesTo, subjectAt } from './subject.ts';

const READ = 2;
const WRITE = 3;

/** The places that name what is at a position, in file order. */
export function references(
  analysis: Analysis,
  uri: string,
  position: Position,
  includeDeclaration: boolean,
): Location[] {
  return places(analysis, position)
    .filter(({ definition }) => includeDeclaration || !definition)
    .map(({ span }) => ({ uri, range: editorRange(analysis, span) }));
}

/** The same places within the document, the definition marked as written. */
export function highlights(analysis: Analysis, position: Position): DocumentHighlight[] {
  return places(analysis, position).map(({ span, definition }) => ({
    range: editorRange(analysis, span),
    kind: definition ? WRITE : READ,
  }));
}

function places(analysis: Analysis, position: Position): { span: Span; definition: boolean }[] {
  const offset = offsetOf(analysis, position);
  const anchor = anchorAt(analysis, offset);
  if (anchor !== undefined) return [...anchorPlaces(anchor)];
  const subject = subjectAt(analysis, offset);
  if (subject === undefined) return [];
  const all = [
    { span: subject.thing.key.span, definition: true },
    ...referencesTo(analysis.topology, subject.thing).map(({ span }) => ({ span, definition: false })),
  ].toSorted((a, b) => a.span.start - b.span.start);
  // An aliased name is written once and used in several places: it is listed once.
  return all.filter(({ span }, index) => span.start !== all[index - 1]?.span.start);
}
