// A text with small edits, and the way back from its offsets to the original's.

/** Replaces `start`..`end` of the original text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly insert: string;
}

export interface Patched {
  readonly text: string;
  /** Where an offset of the patched text is in the original. */
  toSource(offset: number): number;
}

/**
 * @param edits in order, not overlapping; those outside `from`..`to` are left aside
 */
export function patch(text: string, from: number, to: number, edits: readonly Edit[]): Patched {
  const applied: { start: number; end: number; edit: Edit }[] = [];
  const parts: string[] = [];
  let length = 0;
  let at = from;
  for (let index = firstAt(edits, from); index < edits.length; index++) {
    const edit = edits[index];
    if (edit === undefined || edit.end > to || edit.start > to) break;
    parts.push(text.slice(at, edit.start), edit.insert);
    const start = length + edit.start - at;
    length = start + edit.insert.length;
    applied.push({ start, end: length, edit });
    at = edit.end;
  }
  if (applied.length === 0) return { text: text.slice(from, to), toSource: (offset) => from + offset };
  parts.push(text.slice(at, to));
  return {
    text: parts.join(''),
    toSource(offset) {
      let low = 0;
      let high = applied.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((applied[middle]?.start ?? 0) <= offset) low = middle + 1;
        else high = middle;
      }
      const last = applied[low - 1];
      if (last === undefined) return from + offset;
      if (offset < last.end) return Math.min(last.edit.start + offset - last.start, last.edit.end);
      return last.edit.end + offset - last.end;
    },
  };
}

function firstAt(edits: readonly Edit[], from: number): number {
  let low = 0;
  let high = edits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edits[middle]?.start ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
