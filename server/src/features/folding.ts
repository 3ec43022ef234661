// What can be folded: every entry over several lines, and runs of comment lines.
import type { FoldingRange } from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import type { Node } from '../text/tree.ts';

/** The folding ranges of a file, by their first line. */
export function foldingRanges(analysis: Analysis): FoldingRange[] {
  const { tree } = analysis;
  const { lines } = tree;
  /** Last line by first line: of several on one line the longest wins. */
  const ends = new Map<number, number>();
  const add = (start: number, end: number): void => {
    const first = lines.positionAt(start).line;
    const last = lines.positionAt(end).line;
    if (last > first && last > (ends.get(first) ?? -1)) ends.set(first, last);
  };
  const walk = (node: Node): void => {
    if (node.kind === 'map') {
      for (const { key, value } of node.pairs) {
        // A flow collection keeps its closing bracket in sight.
        add(key.span.start, contentEnd(value));
        walk(value);
      }
    } else if (node.kind === 'seq') {
      for (const item of node.items) {
        add(item.span.start, contentEnd(item));
        walk(item);
      }
    }
  };
  const contentEnd = (node: Node): number => {
    if ((node.kind !== 'map' && node.kind !== 'seq') || !node.flow) return node.span.end;
    const last = node.kind === 'map' ? node.pairs.at(-1)?.span.end : node.items.at(-1)?.span.end;
    if (last === undefined) return node.span.start;
    const bracket = lines.positionAt(node.span.end).line;
    return lines.positionAt(last).line < bracket ? last : node.span.end;
  };
  if (tree.root !== undefined) walk(tree.root);

  const ranges: FoldingRange[] = [...ends].map(([startLine, endLine]) => ({ startLine, endLine }));
  let run: { first: number; last: number } | undefined;
  const close = (): void => {
    if (run !== undefined && run.last > run.first) {
      ranges.push({ startLine: run.first, endLine: run.last, kind: 'comment' });
    }
  };
  for (const { span } of tree.comments) {
    const { line } = lines.positionAt(span.start);
    const alone = tree.text.slice(lines.span(line).start, span.start).trim() === '';
    if (!alone) continue;
    if (run !== undefined && line === run.last + 1) run.last = line;
    else {
      close();
      run = { first: line, last: line };
    }
  }
  close();
  return ranges.toSorted((a, b) => a.startLine - b.startLine);
}
