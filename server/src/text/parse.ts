// YAML text to a tree, whatever the text holds.
import { buildTree } from './build-tree.ts';
import { linesOf } from './lines.ts';
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
  if (result.events === undefined) return { text, lines, ...recover(text, result) };
  return { text, lines, damage: [], ...buildTree(text, result.events) };
}
