// The rules of a firewall that is written in braces or brackets, as lines of their own.
import { fullStart, hasAnchor, hasComment, indentStep, lineBreak, textEnd } from '../../edits/map-edits.ts';
import type { TextEdit } from '../../edits/text-edit.ts';
import type { MapNode, Node, Pair, SeqNode, TextTree } from '../../text/tree.ts';
import { ownPair, resolve } from '../../text/values.ts';

/** Rules to write, as texts of one line, and those that go. */
export interface RulesChange {
  readonly texts: readonly string[];
  /** The rule above which they are to be; at the end without one. */
  readonly before?: Node | undefined;
  readonly gone?: ReadonlySet<Node>;
}

/**
 * A firewall with more rules, one a line, and what it is in turned into block style for that: its list, itself, and the
 * section.
 * @param node the firewall's value
 * @returns undefined where all of that is in block style already, or where it would lose something: a comment, an
 *   anchor, a text of several lines
 */
export function rulesInBlock(tree: TextTree, node: MapNode, change: RulesChange): TextEdit | undefined {
  const { texts, before, gone } = change;
  const step = indentStep(tree);
  const rules = ownPair(node, 'rules');
  const list = rules?.value.kind === 'seq' ? rules.value : undefined;
  if (list ? !list.flow : rules && rules.value.kind !== 'scalar') return undefined;
  const items = (list?.items ?? []).flatMap((item) => {
    const target = resolve(item);
    const own = target && gone?.has(target) ? [] : [nodeText(tree, item)];
    return target === before ? [...texts, ...own] : own;
  });
  if (!before) items.push(...texts);
  const others = node.pairs.filter((pair) => pair !== rules);
  const lines = (indent: string) => [
    ...others.map((pair) => indent + pairText(tree, pair)),
    `${indent}rules:`,
    ...items.map((item) => `${indent}${step}- ${item}`),
  ];
  const { root } = tree;
  const section = root?.kind === 'map' ? ownPair(root, 'firewalls')?.value : undefined;
  if (section?.kind === 'map' && section.flow && section.pairs.some(({ value }) => value === node))
    return unfolded(tree, section, (indent) =>
      section.pairs.flatMap((pair) =>
        pair.value === node
          ? [`${indent}${nodeText(tree, pair.key)}:`, ...lines(indent + step)]
          : [indent + pairText(tree, pair)],
      ),
    );
  if (node.flow) return unfolded(tree, node, lines);
  return list && unfolded(tree, list, (indent) => items.map((item) => `${indent}- ${item}`));
}

/** What is in braces or brackets behind a key that its line begins with, as lines below the key. */
function unfolded(
  tree: TextTree,
  node: MapNode | SeqNode,
  linesAt: (indent: string) => readonly string[],
): TextEdit | undefined {
  const { text, lines } = tree;
  const { span } = node;
  const line = lines.span(lines.positionAt(span.start).line);
  const before = text.slice(line.start, span.start);
  const key = /^([ \t]*)(?:"[^"]*"|'[^']*'|[^\s#:,[\]{}"'][^#:,[\]{}]*):[ \t]*$/.exec(before);
  if (!key || node.anchor || node.tag || hasComment(tree, span) || hasAnchor(tree, span)) return undefined;
  const own = linesAt(`${key[1] ?? ''}${indentStep(tree)}`);
  if (own.some((one) => /[\r\n]/.test(one))) return undefined;
  const end = lines.span(lines.positionAt(span.end).line).end;
  const rest = /^[ \t]*(#[^\r\n]*)?(?=[\r\n]|$)/.exec(text.slice(span.end, end));
  if (!rest) return undefined;
  // A comment behind it stays on the line of its key.
  const comment = rest[1] === undefined ? '' : ` ${rest[1]}`;
  const at = line.start + before.trimEnd().length;
  const nl = lineBreak(tree);
  return {
    span: { start: at, end: span.end + rest[0].length },
    newText: `${comment}${own.map((one) => nl + one).join('')}`,
  };
}

function nodeText(tree: TextTree, node: Node): string {
  return tree.text.slice(fullStart(node), textEnd(tree, node.span));
}

function pairText({ text }: TextTree, { span }: Pair): string {
  return text.slice(span.start, span.end).trimEnd();
}
