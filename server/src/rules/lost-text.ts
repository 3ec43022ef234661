// What stands in the file and was not read: a name in it may be one that something else refers to.
import type { Span, TextTree } from '../text/tree.ts';
import type { CheckInput } from './rule.ts';

/**
 * Whether a name stands in a part of the text that was not read: damaged, a duplicate key, a further document,
 * a key that the format does not have. A word of a damaged line may be the beginning of the name.
 */
export function lostNames({
  tree,
  topology,
}: Pick<CheckInput, 'tree' | 'topology'>): (name: string) => boolean {
  const damaged = wordsOf(
    tree,
    // The whole lines: what is left of a damaged line is not to be trusted either.
    tree.damage.map(({ span }) => ({
      start: tree.lines.span(tree.lines.positionAt(span.start).line).start,
      end: tree.lines.span(tree.lines.positionAt(span.end).line).end,
    })),
  );
  const others = wordsOf(tree, [
    ...tree.duplicateKeys.map(({ later }) => later.span),
    ...tree.extraDocuments.slice(0, 1).map(({ start }) => ({ start, end: tree.text.length })),
    ...topology.problems.filter(({ code }) => code === 'unknown-key').map(({ span }) => span),
  ]);
  return (name) => {
    const word = name.toLowerCase();
    if (others.has(word)) return true;
    for (let length = word.length; length > 0; length--) if (damaged.has(word.slice(0, length))) return true;
    return false;
  };
}

function wordsOf(tree: TextTree, spans: readonly Span[]): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { start, end } of spans) {
    for (const [word] of tree.text.slice(start, end).matchAll(/[A-Za-z0-9._-]+/g))
      words.add(word.toLowerCase());
  }
  return words;
}
