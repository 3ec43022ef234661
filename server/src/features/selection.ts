// Widening selection: from the word to its entry, its map, the whole file.
import type { Position, SelectionRange } from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import { nodePathAt } from '../text/values.ts';
import { editorRange, offsetOf } from './place.ts';

/** One chain of ranges for each position, innermost first. */
export function selectionRanges(analysis: Analysis, positions: readonly Position[]): SelectionRange[] {
  return positions.map((position) => {
    let chain: SelectionRange = {
      range: editorRange(analysis, { start: 0, end: analysis.text.length }),
    };
    let outer = { start: 0, end: analysis.text.length };
    const offset = offsetOf(analysis, position);
    for (const { span } of nodePathAt(analysis.tree, offset)) {
      const within = span.start >= outer.start && span.end <= outer.end;
      const smaller = span.start !== outer.start || span.end !== outer.end;
      if (!within || !smaller || span.start > offset || span.end < offset) continue;
      chain = { range: editorRange(analysis, span), parent: chain };
      outer = span;
    }
    return chain;
  });
}
