// Flow style to block style and back, one level at a time: `{ a: 1 }` and `a: 1` on a line of its own.
import { fullStart, hasComment, indentStep, lineBreak, textEnd } from '../../edits/map-edits.ts';
import type { TextEdit } from '../../edits/text-edit.ts';
import { t } from '../../l10n.ts';
import type { MapNode, Node, Pair, SeqNode, Span, TextTree } from '../../text/tree.ts';
import { nodePathAt } from '../../text/values.ts';
import { columnOf, ifSame, isPair, marginOf, type Refactoring } from './refactoring.ts';

type Collection = MapNode | SeqNode;

/** The longest line that block style is turned into. */
const LONGEST_LINE = 120;

/** Writes what is at an offset in the other style. */
export function styleRefactorings(tree: TextTree, offset: number): Refactoring[] {
  const path = nodePathAt(tree, offset);
  const outermostFlow = path.findIndex((part) => !isPair(part) && isCollection(part) && part.flow);
  const found: Refactoring[] = [];
  const flow = path[outermostFlow];
  if (flow !== undefined && !isPair(flow) && isCollection(flow)) {
    const edits = flowToBlock(tree, flow, path[outermostFlow - 1]);
    if (edits)
      found.push({ title: t('Write it in block style, one line each'), kind: 'refactor.rewrite', edits });
    return found;
  }
  // The collection whose key the cursor is on, else the one round it.
  const at = path.findLastIndex(isPair);
  const pair = path[at];
  if (pair === undefined || !isPair(pair)) return found;
  const onKey = pair.key.span.start <= offset && offset <= pair.key.span.end;
  const value = onKey ? pair.value : undefined;
  if (value === undefined || !isCollection(value) || value.flow) return found;
  const edits = blockToFlow(tree, value, pair);
  if (edits) found.push({ title: t('Write it in flow style, on one line'), kind: 'refactor.rewrite', edits });
  return found;
}

function isCollection(node: Node): node is Collection {
  return node.kind === 'map' || node.kind === 'seq';
}

/** `a: 1` of a pair in a flow map, as a line of a block map has it; undefined where it is no plain pair. */
function pairText(tree: TextTree, pair: Pair): string | undefined {
  const { key, value } = pair;
  if ((key.kind !== 'scalar' && key.kind !== 'alias') || key.span.end === key.span.start) return undefined;
  const name = tree.text.slice(fullStart(key), key.span.end);
  const written = nodeText(tree, value);
  return `${name}${key.kind === 'alias' ? ' ' : ''}:${written === '' ? '' : ` ${written}`}`;
}

/** A node with its anchor and tag. */
function nodeText(tree: TextTree, node: Node): string {
  const ends = [node.span.end, node.anchor?.span.end ?? 0, node.tag?.span.end ?? 0];
  return tree.text.slice(fullStart(node), Math.max(...ends)).trim();
}

/**
 * A collection in brackets as lines of their own.
 * @param around the pair that it is the value of, or the list that it is in
 * @returns undefined where comments or something else would be lost
 */
function flowToBlock(
  tree: TextTree,
  node: Collection,
  around: Node | Pair | undefined,
): readonly TextEdit[] | undefined {
  if (around === undefined || hasComment(tree, node.span)) return undefined;
  const parts =
    node.kind === 'map'
      ? node.pairs.map((pair) => pairText(tree, pair))
      : node.items.map((item) => `- ${nodeText(tree, item)}`);
  const lines = parts.filter((part): part is string => part !== undefined && !/[\r\n]/.test(part));
  if (lines.length !== parts.length || lines.length === 0) return undefined;
  const nl = lineBreak(tree);
  const lineEnd = tree.lines.span(tree.lines.positionAt(node.span.end).line).end;
  const properties = fullStart(node) < node.span.start;
  if (!isPair(around) && !properties) {
    // `- { a: 1, b: 2 }`: the first goes behind the dash.
    if (around.kind !== 'seq' || around.flow) return undefined;
    const [first = '', ...others] = lines;
    const margin = `${nl}${' '.repeat(columnOf(tree, node.span.start))}`;
    const more = others.map((line) => margin + line).join('');
    return ifSame(tree, withBehind(node.span, first, lineEnd, more));
  }
  const margin = isPair(around)
    ? marginOf(tree, fullStart(around.key)) + indentStep(tree).length
    : columnOf(tree, fullStart(node));
  let start = node.span.start;
  while (/[ \t]/.test(tree.text[start - 1] ?? '')) start--;
  const below = lines.map((line) => `${nl}${' '.repeat(margin)}${line}`).join('');
  return ifSame(tree, withBehind({ start, end: node.span.end }, '', lineEnd, below));
}

/** What replaces a span, and what goes behind the comment at the end of its line. */
function withBehind(span: Span, newText: string, lineEnd: number, behind: string): readonly TextEdit[] {
  if (lineEnd === span.end) return [{ span, newText: newText + behind }];
  return [
    { span, newText },
    { span: { start: lineEnd, end: lineEnd }, newText: behind },
  ];
}

/**
 * Lines of their own as one in brackets.
 * @param pair the pair that the collection is the value of
 * @returns undefined where it has comments, texts of several lines, or is too long for a line
 */
function blockToFlow(tree: TextTree, node: Collection, { key }: Pair): readonly TextEdit[] | undefined {
  const end = textEnd(tree, node.span);
  let start = node.span.start;
  while (/\s/.test(tree.text[start - 1] ?? '')) start--;
  if (hasComment(tree, { start, end })) return undefined;
  const text = flowBody(tree, node);
  if (text === undefined || columnOf(tree, key.span.end) + text.length > LONGEST_LINE) return undefined;
  return ifSame(tree, [{ span: { start, end }, newText: ` ${text}` }]);
}

/** A node on one line in flow style, its anchor and tag before it; undefined where it cannot be. */
export function flowText(tree: TextTree, node: Node): string | undefined {
  const properties = tree.text.slice(fullStart(node), node.span.start).trim();
  const body = flowBody(tree, node);
  if (body === undefined || /[\r\n]/.test(properties)) return undefined;
  // Of an empty value they are behind the place where it would be.
  if (properties === '') return body === '' ? nodeText(tree, node) : body;
  return `${properties} ${body}`.trimEnd();
}

/** The same without anchor and tag. */
export function flowBody(tree: TextTree, node: Node): string | undefined {
  if (node.kind !== 'map' && node.kind !== 'seq') {
    const text = tree.text.slice(node.span.start, node.span.end).trim();
    const isLong = node.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded');
    return isLong || /[\r\n]/.test(text) ? undefined : text;
  }
  if (node.kind === 'seq') {
    const items = node.items.map((item) => flowText(tree, item));
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
  }
  const pairs = node.pairs.map(({ key, value }, index) => {
    if ((key.kind !== 'scalar' && key.kind !== 'alias') || key.span.end === key.span.start) return undefined;
    const name = `${nodeText(tree, key)}${key.kind === 'alias' ? ' ' : ''}:`;
    const written = flowText(tree, value);
    if (/[\r\n]/.test(name) || written === undefined) return undefined;
    // A comma would belong to a colon right before it.
    return written === '' && index === node.pairs.length - 1 ? name : `${name} ${written}`;
  });
  if (pairs.includes(undefined)) return undefined;
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}
