// Edits of a text, and how they are applied to it.
import type { Span } from '../text/tree.ts';

export interface TextEdit {
  readonly span: Span;
  readonly newText: string;
  /** `newText` holds snippet tab stops (`${1:port}`); editors without snippets get the plain text. */
  readonly snippet?: boolean;
}

/** `${1:port}` and `$0` become what an editor without snippets shows: the text between, or nothing. */
export function plainText(edit: TextEdit): string {
  if (!edit.snippet) return edit.newText;
  return edit.newText
    .replace(/(?<!\\)\$(?:\{\d+(?::((?:\\.|[^$}\\])*))?\}|\d+)/g, (_, inner?: string) => inner ?? '')
    .replace(/\\([$}\\])/g, '$1');
}

/** Applies edits that do not overlap; their order does not matter, except for two insertions at one place. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  for (const edit of sorted(edits)) {
    if (edit.span.start < at) continue;
    result += text.slice(at, edit.span.start) + plainText(edit);
    at = edit.span.end;
  }
  return result + text.slice(at);
}

function sorted(edits: readonly TextEdit[]): TextEdit[] {
  return [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/** Whether two sets of edits touch the same text, so that only one of them may be applied. */
export function editsOverlap(a: readonly TextEdit[], b: readonly TextEdit[]): boolean {
  return a.some((one) =>
    b.some(
      (other) =>
        (one.span.start < other.span.end && other.span.start < one.span.end) ||
        one.span.start === other.span.start,
    ),
  );
}
