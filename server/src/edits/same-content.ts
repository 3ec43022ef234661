// Whether two texts say the same, whatever their layout.
import type { Node, TextTree } from '../text/tree.ts';

/** Whether two trees have the same content in the same styles, the same comments, and the same damaged places. */
export function hasSameContent(a: TextTree, b: TextTree): boolean {
  return (
    a.comments.length === b.comments.length &&
    a.comments.every(({ text }, index) => text.trimEnd() === b.comments[index]?.text.trimEnd()) &&
    a.damage.length === b.damage.length &&
    a.damage.every(({ reason, span }, index) => {
      const other = b.damage[index];
      return (
        other?.reason === reason &&
        a.text.slice(span.start, span.end).trim() === b.text.slice(other.span.start, other.span.end).trim()
      );
    }) &&
    a.duplicateKeys.length === b.duplicateKeys.length &&
    a.extraDocuments.length === b.extraDocuments.length &&
    isSame(a.root, b.root)
  );
}

function isSame(a: Node | undefined, b: Node | undefined): boolean {
  const open: (readonly [Node | undefined, Node | undefined])[] = [[a, b]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [one, other] = pair;
    if (one === undefined || other === undefined) {
      if (one !== other) return false;
      continue;
    }
    if (one.anchor?.name !== other.anchor?.name || one.tag?.name !== other.tag?.name) return false;
    if (one.kind === 'scalar') {
      if (other.kind !== 'scalar' || one.text !== other.text || one.style !== other.style) return false;
    } else if (one.kind === 'alias') {
      if (other.kind !== 'alias' || one.name !== other.name) return false;
    } else if (one.kind === 'seq') {
      if (other.kind !== 'seq' || one.flow !== other.flow || one.items.length !== other.items.length)
        return false;
      for (const [index, item] of one.items.entries()) open.push([item, other.items[index]]);
    } else {
      if (other.kind !== 'map' || one.flow !== other.flow || one.pairs.length !== other.pairs.length)
        return false;
      for (const [index, { key, value }] of one.pairs.entries())
        open.push([key, other.pairs[index]?.key], [value, other.pairs[index]?.value]);
    }
  }
  return true;
}
