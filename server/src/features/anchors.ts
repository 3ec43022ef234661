// Anchors and aliases as symbols: what `*base` stands for, and where else it does.
import type { Range, TextEdit } from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import { t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import type { AliasNode, Node, Span } from '../text/tree.ts';
import { isMergeKey, nodePathAt } from '../text/values.ts';
import { editorRange, touches } from './place.ts';
import { type ProseBlock, paragraph } from './prose.ts';
import type { Refusal } from './refusal.ts';

/** A node that can stand for more than itself. */
export type Anchored = Exclude<Node, AliasNode> & {
  readonly anchor: { readonly name: string; readonly span: Span };
};

/** The anchors of a file in the order of the text, each with the aliases that stand for it. */
export function anchorsOf(root: Node | undefined): ReadonlyMap<Anchored, readonly AliasNode[]> {
  const found = new Map<Node, AliasNode[]>();
  const visit = (node: Node): void => {
    if (node.kind === 'alias') {
      if (node.target !== undefined) found.get(node.target)?.push(node);
      return;
    }
    if (node.anchor !== undefined) found.set(node, []);
    if (node.kind === 'seq') node.items.forEach(visit);
    if (node.kind === 'map')
      for (const { key, value } of node.pairs) {
        visit(key);
        visit(value);
      }
  };
  if (root !== undefined) visit(root);
  return found as ReadonlyMap<Anchored, readonly AliasNode[]>;
}

/** An anchor with its aliases, as one symbol. */
export interface AnchorSymbol {
  readonly node: Anchored;
  readonly aliases: readonly AliasNode[];
  /** The `&name` or `*name` that was asked about. */
  readonly span: Span;
  readonly definition: boolean;
}

/** The anchor that is set or used at an offset; undefined where there is none. */
export function anchorAt({ tree }: Pick<Analysis, 'tree'>, offset: number): AnchorSymbol | undefined {
  // Most places are neither, and need no look at the whole file.
  const before = /[&*][^\s,[\]{}]*$/.exec(tree.text.slice(Math.max(0, offset - 200), offset));
  if (before === null && !/[&*]/.test(tree.text[offset] ?? '')) return undefined;
  for (const [node, aliases] of anchorsOf(tree.root)) {
    if (touches(node.anchor.span, offset)) return { node, aliases, span: node.anchor.span, definition: true };
    const alias = aliases.find(({ span }) => touches(span, offset));
    if (alias !== undefined) return { node, aliases, span: alias.span, definition: false };
  }
  return undefined;
}

/** What a `<<` at an offset merges, where that is one alias. */
export function mergedAt({ tree }: Analysis, offset: number): AnchorSymbol | undefined {
  const pair = nodePathAt(tree, offset).findLast((one) => 'key' in one);
  if (pair === undefined || !isMergeKey(pair.key) || !touches(pair.key.span, offset)) return undefined;
  const { value } = pair;
  if (value.kind !== 'alias' || value.target === undefined) return undefined;
  for (const [node, aliases] of anchorsOf(tree.root))
    if (node === value.target) return { node, aliases, span: pair.key.span, definition: false };
  return undefined;
}

/** The places of an anchor, in the order of the text: where it is set, and its aliases. */
export function anchorPlaces({
  node,
  aliases,
}: AnchorSymbol): readonly { readonly span: Span; readonly definition: boolean }[] {
  return [
    { span: node.anchor.span, definition: true },
    ...aliases.map(({ span }) => ({ span, definition: false })),
  ];
}

/** The beginning of what an anchor stands for, on one line. */
export function sketchOf(paragraph: string, { span }: Node): string {
  const whole = paragraph
    .slice(span.start, Math.min(span.end, span.start + 200))
    .replace(/\s+/g, ' ')
    .trim();
  return whole.length > 50 ? `${whole.slice(0, 49)}…` : whole;
}

/** Lines of what is behind an anchor that a hover shows. */
const MOST_LINES = 12;

/** What an anchor stands for and where it is used. */
export function anchorBlocks({ tree }: Analysis, { node, aliases }: AnchorSymbol): ProseBlock[] {
  const line = ({ start }: Span) => tree.lines.positionAt(start).line + 1;
  const lines = aliases.map(({ span }) => line(span));
  const shown = lines.slice(0, 6).join(', ');
  const uses =
    lines.length === 0
      ? t('Nothing repeats it.')
      : lines.length === 1
        ? t('Repeated in line {0}.', shown)
        : lines.length > 6
          ? t('Repeated in lines {0} and {1} more.', shown, lines.length - 6)
          : t('Repeated in lines {0}.', shown);
  return [
    paragraph({ code: `&${node.anchor.name}` }, ` ${t('of line {0}', line(node.anchor.span))}. ${uses}`),
    ...(node.kind === 'scalar' && node.text === ''
      ? []
      : [{ kind: 'code' as const, text: behind(tree.text, node) }]),
  ];
}

/** What is behind an anchor, as it is written, with the indentation of its own lines alone. */
function behind(source: string, { span }: Node): string {
  const start = source.lastIndexOf('\n', span.start - 1) + 1;
  const column = span.start - start;
  const lines = source
    .slice(span.start, span.end)
    .trimEnd()
    .split(/\r\n|\n|\r/);
  const own = lines.map((line, index) =>
    index === 0 ? line : line.slice(Math.min(column, /^ */.exec(line)?.[0].length ?? 0)),
  );
  return own.length > MOST_LINES ? [...own.slice(0, MOST_LINES - 1), '…'].join('\n') : own.join('\n');
}

/** What YAML and every reader of it take as the name of an anchor. */
const ANCHOR_NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u;

/** The name of an anchor as the editor asks for it: without its mark. */
export function prepareAnchorRename(
  analysis: Analysis,
  { node, span }: AnchorSymbol,
): { readonly range: Range; readonly placeholder: string } | Refusal {
  const lost = lostName(analysis, node.anchor.name);
  if (lost !== undefined) return lost;
  return { range: editorRange(analysis, { ...span, start: span.start + 1 }), placeholder: node.anchor.name };
}

/** The edits that give an anchor and its aliases another name. */
export function renameAnchor(
  analysis: Analysis,
  symbol: AnchorSymbol,
  typed: string,
): readonly TextEdit[] | Refusal {
  const { tree } = analysis;
  const name = typed.trim().replace(/^[&*]/, '');
  if (!ANCHOR_NAME.test(name))
    return {
      problem: t(
        "Anchor '{0}': a name has letters, digits, '_', '-' and '.' only, and begins with a letter, digit or '_'.",
        visible(name),
      ),
    };
  const lost = lostName(analysis, symbol.node.anchor.name) ?? lostName(analysis, name);
  if (lost !== undefined) return lost;
  for (const other of anchorsOf(tree.root).keys())
    if (other !== symbol.node && other.anchor.name === name)
      return {
        problem: t(
          "There is an anchor '&{0}' already, in line {1}.",
          name,
          tree.lines.positionAt(other.anchor.span.start).line + 1,
        ),
      };
  const captured = tree.unknownAliases.find((alias) => alias.name === name);
  if (captured !== undefined)
    return {
      problem: t(
        "'*{0}' in line {1} has no anchor: after the rename it would refer to this one.",
        name,
        tree.lines.positionAt(captured.span.start).line + 1,
      ),
    };
  return anchorPlaces(symbol).map(({ span }) => ({
    range: editorRange(analysis, { ...span, start: span.start + 1 }),
    newText: name,
  }));
}

/** A part of the file that could not be read may use the name too. */
function lostName({ tree }: Analysis, name: string): Refusal | undefined {
  const isThere = tree.damage.some(({ span }) => {
    const part = tree.text.slice(span.start, span.end);
    return part.includes(`*${name}`) || part.includes(`&${name}`);
  });
  if (!isThere) return undefined;
  return {
    problem: t(
      "'{0}' also occurs in a part of the file that could not be read. Correct what is reported there first.",
      visible(name),
    ),
  };
}
