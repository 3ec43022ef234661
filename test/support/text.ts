// For tests of the text layer: what must hold in every tree, whatever the text.
import type { Node, Span, TextTree } from '../../server/src/text/tree.ts';

/** Everything that is wrong with a tree's ranges; empty where all is well. */
export function problemsOf(tree: TextTree): string[] {
  const problems: string[] = [];
  const inside = (what: string, span: Span, low: number, high: number): void => {
    if (!(low <= span.start && span.start <= span.end && span.end <= high))
      problems.push(`${what} ${span.start}..${span.end} is not inside ${low}..${high}`);
  };
  const visit = (node: Node, low: number, high: number): void => {
    inside(node.kind, node.span, low, high);
    let at = node.span.start;
    if (node.kind === 'seq')
      for (const item of node.items) {
        visit(item, at, node.span.end);
        at = item.span.end;
      }
    if (node.kind === 'map')
      for (const { key, value, span } of node.pairs) {
        inside('pair', span, at, node.span.end);
        visit(key, span.start, span.end);
        visit(value, key.span.end, span.end);
        at = span.end;
      }
  };
  const { length } = tree.text;
  if (tree.root !== undefined) visit(tree.root, 0, length);
  let last = 0;
  for (const { span, text } of tree.comments) {
    inside('comment', span, last, length);
    last = span.end;
    if (tree.text.slice(span.start, span.end) !== text) problems.push(`comment ${text} stands elsewhere`);
  }
  last = 0;
  for (const { span, at, reason } of tree.damage) {
    inside('damage', span, last, length);
    inside('place of damage', at, 0, length);
    if (at.start === at.end && length > 0) problems.push(`the place of "${reason}" is empty`);
    if (reason === '') problems.push('damage without a reason');
    last = span.end;
  }
  for (const span of tree.extraDocuments) inside('document', span, 0, length);
  return problems;
}
