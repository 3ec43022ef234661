// Edits that take something out of a list or a map and leave its comments where they are.

import type { MapNode, Node, Span, TextTree } from '../text/tree.ts';
import { ownPair } from '../text/values.ts';
import { dashBefore, hasAnchor, hasComment, isOwn, lineBreak, removePair, textEnd } from './map-edits.ts';
import type { TextEdit } from './text-edit.ts';

/** A word as YAML reads it again: an address such as `fd00::` would be a key without its quotation marks. */
function yamlWord(text: string): string {
  return /^:|:$/.test(text) ? JSON.stringify(text) : text;
}

/** `a` or `[a, b]`. */
export function yamlList(items: readonly string[]): string {
  const words = items.map(yamlWord);
  return words.length === 1 ? (words[0] ?? '') : `[${words.join(', ')}]`;
}

/**
 * Writes other items into a list, or the single value in its place.
 * @param becomes what each item becomes: itself, others, or nothing
 * @returns undefined where other places of the file would change with it, and where nothing would be left
 */
export function rewriteList(
  tree: TextTree,
  map: MapNode,
  name: string,
  becomes: readonly (readonly string[])[],
): readonly TextEdit[] | undefined {
  const value = ownPair(map, name)?.value;
  const texts = becomes.map((list) => list.map(yamlWord));
  const all = texts.flat();
  if (!value || all.length === 0 || !isOwn(tree, map, name)) return undefined;
  if (value.kind !== 'seq') return [{ span: value.span, newText: yamlList(becomes.flat()) }];
  const { items } = value;
  if (items.length !== becomes.length || items.some(({ anchor, tag }) => anchor || tag)) return undefined;
  const written = items.map(({ span }) => tree.text.slice(span.start, span.end));
  if (value.flow && !/[\r\n]/.test(tree.text.slice(value.span.start, value.span.end)))
    return [{ span: value.span, newText: `[${all.join(', ')}]` }];
  const edits: TextEdit[] = [];
  for (const [index, item] of items.entries()) {
    const own = texts[index] ?? [];
    if (own.length === 1 && own[0] === written[index]) continue;
    if (value.flow) edits.push(inFlowList(tree, value, item, own));
    else {
      const more = inBlockList(tree, item, own);
      if (!more) return undefined;
      edits.push(...more);
    }
  }
  return edits;
}

/** One item of a list in brackets that goes over several lines. A comma behind the last item does no harm. */
function inFlowList(tree: TextTree, list: Node, { span }: Node, texts: readonly string[]): TextEdit {
  if (texts.length > 0) return { span, newText: texts.join(', ') };
  const comma = /^[ \t]*,[ \t]*/.exec(tree.text.slice(span.end, list.span.end))?.[0] ?? '';
  return { span: { start: span.start, end: span.end + comma.length }, newText: '' };
}

function inBlockList(tree: TextTree, item: Node, texts: readonly string[]): readonly TextEdit[] | undefined {
  const dash = dashBefore(tree, item);
  if (dash === undefined) return undefined;
  const { span } = item;
  if (texts.length === 0) return clearLines(tree, span);
  // The item's own comment stays behind the last of those that it becomes.
  return [{ span, newText: texts.join(`${lineBreak(tree)}${dash}`) }];
}

/**
 * Takes a key and its value out, their comments not.
 * @returns undefined where other places of the file would change with it
 */
export function removeValue(tree: TextTree, map: MapNode, name: string): readonly TextEdit[] | undefined {
  const pair = ownPair(map, name);
  if (!pair || !isOwn(tree, map, name) || hasAnchor(tree, pair.span)) return undefined;
  if (map.flow) {
    const edit = removePair(tree, map, pair);
    return edit && !hasComment(tree, edit.span) ? [edit] : undefined;
  }
  const { start } = pair.key.span;
  const line = tree.lines.span(tree.lines.positionAt(start).line);
  const before = tree.text.slice(line.start, start);
  if (before.trim() === '') return clearLines(tree, { start, end: textEnd(tree, pair.span) });
  // `- tcp: 443`: the dash stays for the key below.
  const next = map.pairs[map.pairs.indexOf(pair) + 1];
  if (!next) return undefined;
  const upTo = next.key.span.start;
  return hasComment(tree, { start, end: upTo }) ? undefined : [{ span: { start, end: upTo }, newText: '' }];
}

/** Empties the lines of a stretch of text; a line with a comment keeps that, others go. */
export function clearLines(tree: TextTree, { start, end }: Span): readonly TextEdit[] {
  const { lines } = tree;
  const first = lines.positionAt(start).line;
  const last = lines.positionAt(end).line;
  const edits: TextEdit[] = [];
  for (let line = first; line <= last; line++) {
    const span = lines.span(line);
    const comment = tree.comments.find((one) => one.span.start >= span.start && one.span.start < span.end);
    const indent = /^[ \t]*/.exec(tree.text.slice(span.start, span.end))?.[0].length ?? 0;
    if (comment) {
      if (comment.span.start > span.start + indent)
        edits.push({ span: { start: span.start + indent, end: comment.span.start }, newText: '' });
    } else if (line + 1 < lines.count)
      edits.push({ span: { start: span.start, end: lines.span(line + 1).start }, newText: '' });
    else {
      // The last line: the break before it goes instead.
      const above = line > 0 ? lines.span(line - 1).end : 0;
      const previous = edits.at(-1);
      edits.push({ span: { start: Math.max(above, previous?.span.end ?? 0), end: span.end }, newText: '' });
    }
  }
  return edits;
}
