// How comments to the checker are taken out again.
import { t } from '../../l10n.ts';
import type { Comment, Span, TextTree } from '../../text/tree.ts';
import type { Fix } from '../rule.ts';
import type { Mention } from '../suppressions.ts';

/** The stretch to delete so that a comment goes: with its line where it is alone there, otherwise with the blanks before it. */
function commentRemoval(tree: TextTree, comment: Comment): Span {
  const { text, lines } = tree;
  const line = lines.positionAt(comment.span.start).line;
  const { start, end } = lines.span(line);
  let from = comment.span.start;
  while (from > start && /[ \t]/.test(text[from - 1] ?? '')) from--;
  if (from > start) return { start: from, end: comment.span.end };
  if (line + 1 < lines.count) return { start, end: lines.span(line + 1).start };
  // The last line: the break before it goes instead.
  return line > 0 ? { start: lines.span(line - 1).end, end } : { start, end };
}

/** The stretch to delete so that one code goes; the whole comment where it names no other. */
function mentionRemoval(tree: TextTree, mention: Mention): Span {
  const { mentions, comment } = mention.directive;
  const index = mentions.indexOf(mention);
  const next = mentions[index + 1];
  const before = mentions[index - 1];
  if (next) return { start: mention.span.start, end: next.span.start };
  if (before) return { start: before.span.end, end: mention.span.end };
  return commentRemoval(tree, comment);
}

/** Takes a whole comment out. */
export function removeComment(tree: TextTree, comment: Comment): Fix {
  return {
    title: t('Remove the comment'),
    safe: true,
    edits: [{ span: commentRemoval(tree, comment), newText: '' }],
  };
}

/** Takes one code out, and the comment with it where it names no other. */
export function removeMention(tree: TextTree, mention: Mention, safe: boolean): Fix {
  return {
    title: mention.directive.mentions.length > 1 ? t('Remove {0}', mention.code) : t('Remove the comment'),
    safe,
    edits: [{ span: mentionRemoval(tree, mention), newText: '' }],
  };
}
