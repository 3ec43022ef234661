// YAML text to a tree, whatever the text holds.
import { buildTree } from './build-tree.ts';
import { linesOf } from './lines.ts';
import { withoutLookAlikes } from './look-alikes.ts';
import { recover } from './recover.ts';
import type { TextTree } from './tree.ts';
import { tryEvents } from './yaml-events.ts';

/**
 * Reads a YAML text into a tree with a source range on every node. Never throws: what is not YAML is taken out,
 * reported in `damage`, and the rest is read as if nothing had happened.
 */
export function parseText(text: string): TextTree {
  const lines = linesOf(text);
  const result = tryEvents(text);
  const meant = withoutLookAlikes(text, result.events);
  if (meant !== undefined) {
    const again = tryEvents(meant.text);
    if (again.events === undefined) return { text, lines, ...recover(meant.text, again, meant) };
    return { text, lines, damage: meant.damage, ...buildTree(meant.text, again.events, meant.toSource) };
  }
  if (result.events === undefined) return { text, lines, ...recover(text, result) };
  return { text, lines, damage: [], ...buildTree(text, result.events) };
}
