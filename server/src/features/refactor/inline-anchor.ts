// Writes out what an alias repeats: at one place, or at all of them and the anchor away.
import { hasAnchor, hasComment, indentStep, lineBreak, textEnd } from '../../edits/map-edits.ts';
import type { TextEdit } from '../../edits/text-edit.ts';
import { t } from '../../l10n.ts';
import type { AliasNode, MapNode, Node, Pair, TextTree } from '../../text/tree.ts';
import { isMergeKey, nodePathAt } from '../../text/values.ts';
import { type AnchorSymbol, anchorAt } from '../anchors.ts';
import { blockLines, columnOf, ifSame, indented, isPair, marginOf, type Refactoring } from './refactoring.ts';
import { flowBody, flowText } from './style.ts';

/** Inlines the anchor or alias at an offset. */
export function inlineRefactorings(tree: TextTree, offset: number): Refactoring[] {
  const symbol = anchorAt({ tree }, offset);
  if (symbol === undefined || symbol.aliases.length === 0) return [];
  const { node, aliases, span } = symbol;
  const kind = 'refactor.inline';
  const found: Refactoring[] = [];
  const own = aliases.find((alias) => alias.span === span);
  const one = own && inlined(tree, symbol, [own]);
  if (one && aliases.length > 1)
    found.push({ title: t('Write out what *{0} repeats here', node.anchor.name), kind, edits: one });
  const all = inlined(tree, symbol, aliases);
  const away = all && ifSame(tree, [...all, withoutAnchor(tree, symbol)]);
  if (away)
    found.push({
      title:
        aliases.length === 1
          ? t('Write out what *{0} repeats, and remove the anchor', node.anchor.name)
          : t(
              'Write out what *{0} repeats in {1} places, and remove the anchor',
              node.anchor.name,
              aliases.length,
            ),
      kind,
      edits: away,
    });
  return found;
}

/** The edits that write an anchor's text in the place of some of its aliases; undefined where the file would change. */
function inlined(
  tree: TextTree,
  { node }: AnchorSymbol,
  aliases: readonly AliasNode[],
): readonly TextEdit[] | undefined {
  // A copy would set the anchors inside once more, and say comments twice.
  if (hasAnchor(tree, node.span) || hasComment(tree, node.span)) return undefined;
  const edits: TextEdit[] = [];
  for (const alias of aliases) {
    const edit = atAlias(tree, node, alias);
    if (edit === undefined) return undefined;
    edits.push(edit);
  }
  return ifSame(tree, edits);
}

function withoutAnchor({ text }: TextTree, { node: { anchor } }: AnchorSymbol): TextEdit {
  let { start, end } = anchor.span;
  if (/[ \t]/.test(text[end] ?? '')) end++;
  else while (/[ \t]/.test(text[start - 1] ?? '')) start--;
  return { span: { start, end }, newText: '' };
}

function atAlias(tree: TextTree, node: Node, alias: AliasNode): TextEdit | undefined {
  const path = nodePathAt(tree, alias.span.start);
  const parts = path.slice(0, path.lastIndexOf(alias));
  const parent = parts.at(-1);
  const isFlow = parts.some(
    (part) => !isPair(part) && (part.kind === 'map' || part.kind === 'seq') && part.flow,
  );
  if (parent === undefined) return undefined;
  if (isPair(parent) && isMergeKey(parent.key) && parent.value === alias) {
    const map = parts.at(-2);
    return map !== undefined && !isPair(map) && map.kind === 'map'
      ? merged(tree, node, map, parent)
      : undefined;
  }
  const line = flowBody(tree, node);
  const isBlock = (node.kind === 'map' || node.kind === 'seq') && !node.flow;
  if (isFlow || !isBlock) return line === undefined ? undefined : { span: alias.span, newText: line };
  const lines = blockLines(tree, node, textEnd(tree, node.span));
  if (!isPair(parent)) {
    const newText = indented(tree, lines, columnOf(tree, alias.span.start));
    return { span: alias.span, newText };
  }
  const column = marginOf(tree, parent.key.span.start) + indentStep(tree).length;
  let { start } = alias.span;
  while (/[ \t]/.test(tree.text[start - 1] ?? '')) start--;
  const newText = `${lineBreak(tree)}${' '.repeat(column)}${indented(tree, lines, column)}`;
  return { span: { start, end: alias.span.end }, newText };
}

/** `<<: *a` as the keys that it brings and that the map does not set itself. */
function merged(tree: TextTree, node: Node, map: MapNode, pair: Pair): TextEdit | undefined {
  if (node.kind !== 'map' || node.pairs.some(({ key }) => isMergeKey(key))) return undefined;
  const own = new Set(map.pairs.map(({ key }) => (key.kind === 'scalar' ? key.text : undefined)));
  const kept = node.pairs.filter(({ key }) => key.kind === 'scalar' && !own.has(key.text));
  if (kept.length === 0) return undefined;
  const span = { start: pair.key.span.start, end: pair.value.span.end };
  const written = kept.map(({ key, value }) => {
    const name = tree.text.slice(key.span.start, key.span.end);
    const isBlock = (value.kind === 'map' || value.kind === 'seq') && !value.flow;
    if (!map.flow && isBlock) {
      const column = indentStep(tree);
      const lines = blockLines(tree, value, textEnd(tree, value.span));
      return [`${name}:`, ...lines.map((line) => (line === '' ? line : column + line))];
    }
    const line = flowText(tree, value);
    return line === undefined ? undefined : [`${name}:${line === '' ? (map.flow ? ' ' : '') : ` ${line}`}`];
  });
  if (written.includes(undefined)) return undefined;
  const lines = written.flatMap((one) => one ?? []);
  return {
    span,
    newText: map.flow ? lines.join(', ') : indented(tree, lines, columnOf(tree, span.start)),
  };
}
