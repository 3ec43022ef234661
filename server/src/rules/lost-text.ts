// What stands in the file and was not read: a name in it may be one that something else refers to.
import type { TextTree } from '../text/tree.ts';

/** Whether a name stands in a part of the text that was not read: damaged, a duplicate key, a further document. */
export function lostNames(tree: TextTree): (name: string) => boolean {
  const spans = [
    // The whole lines: what is left of a damaged line is not to be trusted either.
    ...tree.damage.map(({ span }) => ({
      start: tree.lines.span(tree.lines.positionAt(span.start).line).start,
      end: tree.lines.span(tree.lines.positionAt(span.end).line).end,
    })),
    ...tree.duplicateKeys.map(({ later }) => later.span),
    ...tree.extraDocuments.map(({ start }) => ({ start, end: tree.text.length })).slice(0, 1),
  ];
  const names = new Set<string>();
  for (const { start, end } of spans) {
    for (const [word] of tree.text.slice(start, end).matchAll(/[A-Za-z0-9._-]+/g))
      names.add(word.toLowerCase());
  }
  return (name) => names.has(name.toLowerCase());
}
