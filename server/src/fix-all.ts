// All safe fixes of a text at once: `cmtopo check --fix` and the editor's `source.fixAll.cmtopo`.
import { analyse } from './analysis.ts';
import { applyEdits, editsOverlap, type TextEdit } from './edits/text-edit.ts';
import type { Finding, Settings } from './rules/rule.ts';

/** One safe fix can bring another to light; more rounds than this are two fixes that undo each other. */
const ROUNDS = 20;

/**
 * The text with every safe fix applied, round after round until none is left.
 * Of two fixes that touch the same text, the one whose finding comes first is taken.
 */
export function fixAll(text: string, settings?: Settings): string {
  let current = text;
  for (let round = 0; round < ROUNDS; round++) {
    const edits = safeEdits(analyse(current, settings).findings());
    if (edits.length === 0) break;
    const next = applyEdits(current, edits);
    if (next === current) break;
    current = next;
  }
  return current;
}

/** The edits of the first safe fix of each finding, without those that would touch the same text. */
export function safeEdits(findings: readonly Finding[]): readonly TextEdit[] {
  const chosen: TextEdit[] = [];
  // Sorted by their end, so that each fix is compared only with what reaches to its own place.
  let reach = -1;
  for (const edits of findings
    .map((finding) => finding.fixes?.find((fix) => fix.safe)?.edits ?? [])
    .filter((edits) => edits.length > 0)) {
    const start = Math.min(...edits.map((edit) => edit.span.start));
    if (start <= reach && editsOverlap(edits, chosen)) continue;
    chosen.push(...edits);
    reach = Math.max(reach, ...edits.map((edit) => edit.span.end));
  }
  return chosen;
}
