// For tests of rules: the same file in other layouts, and several files in one.
import { analyse } from '../../server/src/analysis.ts';
import { parseText } from '../../server/src/text/parse.ts';
import type { Node, Pair, TextTree } from '../../server/src/text/tree.ts';

/** A text with Windows line endings. */
export function withCrlf(text: string): string {
  return text.replace(/\r?\n/g, '\r\n');
}

/** The lines on which a comment can be added without becoming part of a text of several lines. */
function plainLines(tree: TextTree): boolean[] {
  const plain = new Array<boolean>(tree.lines.count).fill(true);
  const visit = (node: Node) => {
    if (node.kind === 'map')
      for (const { key, value } of node.pairs) {
        visit(key);
        visit(value);
      }
    else if (node.kind === 'seq') for (const item of node.items) visit(item);
    else if (node.kind === 'scalar') {
      const first = tree.lines.positionAt(node.span.start).line;
      const last = tree.lines.positionAt(node.span.end).line;
      if (last > first) plain.fill(false, first, last + 1);
    }
  };
  if (tree.root) visit(tree.root);
  return plain;
}

/**
 * A text with comments above its lines and behind them, and blank lines between; what the text says is the same.
 * Each line asks `choose` for a number and takes what is at it; the same numbers, the same text.
 * @param choose a number from 0, one for each question
 */
export function withComments(text: string, choose: () => number): string {
  const tree = parseText(text);
  if (tree.damage.length > 0 || tree.lines.count === 0) return text;
  const plain = plainLines(tree);
  const above = ['', '', '# above', '# 한국어 🖥', '#', '\n'];
  const behind = ['', '', ' # behind', '   # a: { b: [c] }', ' #'];
  const pick = (of: readonly string[]) => of[choose() % of.length] ?? '';
  const out: string[] = [];
  for (let line = 0; line < tree.lines.count; line++) {
    const { start, end } = tree.lines.span(line);
    const shown = text.slice(start, end);
    if (!plain[line] || shown.trim() === '' || shown.startsWith('---')) {
      out.push(shown);
      continue;
    }
    const before = pick(above);
    const indent = /^ */.exec(shown)?.[0] ?? '';
    if (before !== '') out.push(before === '\n' ? '' : `${indent}${before}`);
    out.push(shown.includes('#') ? shown : `${shown.trimEnd()}${pick(behind)}`);
  }
  return out.join('\n');
}

/** Names that a second file must not share with the first, by the section that defines them. */
const NAMED = ['zones', 'servers', 'clients', 'availabilityGroups', 'firewalls', 'sites'];

/**
 * Two files in one: the sections of the second are below those of the first, its names changed so that they
 * do not meet. Where one of them is not written in plain sections, the first alone.
 */
export function merged(first: string, second: string): string {
  const renamed = renameAll(second);
  const mine = sections(first);
  const others = renamed === undefined ? undefined : sections(renamed);
  if (mine === undefined || others === undefined) return first;
  const names = new Set([...mine.keys(), ...others.keys()]);
  let text = '';
  for (const name of names) {
    const one = mine.get(name);
    const other = others.get(name);
    if (one === undefined || other === undefined) text += one ?? other ?? '';
    else if (NAMED.includes(name) && isBlock(one) && isBlock(other))
      text += one + other.slice(other.indexOf('\n') + 1);
    else text += one;
  }
  return text;
}

function isBlock(section: string): boolean {
  return /^[\w-]+:[ \t]*(#.*)?\n {2}\S/.test(section);
}

/** The top-level sections by key, comments with what follows them; undefined where the text has another shape. */
function sections(text: string): Map<string, string> | undefined {
  const tree = parseText(text);
  if (text.includes('\r') || tree.damage.length > 0 || tree.extraDocuments.length > 0) return undefined;
  if (tree.root?.kind !== 'map' || tree.root.flow || text.startsWith('---')) return undefined;
  const result = new Map<string, string>();
  let begin = 0;
  for (const [index, pair] of tree.root.pairs.entries()) {
    const next: Pair | undefined = tree.root.pairs[index + 1];
    const end = next ? next.span.start : text.length;
    const name = pair.key.kind === 'scalar' ? pair.key.text : '';
    if (name === '' || result.has(name)) return undefined;
    const part = text.slice(begin, end);
    result.set(name, part.endsWith('\n') ? part : `${part}\n`);
    begin = end;
  }
  return result;
}

/** A file with other names for its sites, machines and zones, where they are used as well. */
function renameAll(text: string): string | undefined {
  const tree = parseText(text);
  if (tree.root?.kind !== 'map') return undefined;
  const { topology } = analyse(text);
  const names = [
    topology.zones,
    topology.servers,
    topology.clients,
    topology.availabilityGroups,
    topology.firewalls,
  ]
    .flatMap((map) => [...map.values()].map(({ name }) => name))
    .filter((name) => /^[A-Za-z][\w.-]*$/.test(name));
  const sites = [...topology.sites.values()].map(({ name }) => name).filter((name) => /^\w{3}$/.test(name));
  const to = new Map([
    ...names.map((name) => [name, `${name}-b`] as const),
    ...sites.map((name, index) => [name, `Z${index.toString(36).padStart(2, '0').toUpperCase()}`] as const),
  ]);
  if (to.size === 0) return text;
  // Only where a name is there as a whole: not inside another name, and not as a key of the format.
  const words = [...to.keys()].sort((a, b) => b.length - a.length).map((word) => word.replace(/[.]/g, '\\.'));
  return text.replace(
    new RegExp(`(?<![\\w.-])(?:${words.join('|')})(?![\\w-]|\\.\\w)`, 'g'),
    (word) => to.get(word) ?? word,
  );
}
