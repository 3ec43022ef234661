// Offsets to lines and back.
import { withLate } from '../collections.ts';
import type { Lines, Position, Span } from './tree.ts';

/**
 * The lines of a text; CRLF, LF and a lone CR each end one. The table of line starts is made at the first
 * question, because a file that is only checked for its syntax never asks.
 */
export function linesOf(text: string): Lines {
  return linesFrom(text, () => lineStarts(text));
}

/** The tables of line starts that are made. */
const tables = new WeakMap<Lines, readonly number[]>();

/**
 * The same after an edit, with what is known of the lines of before.
 * @param changed the stretch of the earlier text that is different, `delta` how much longer the text is now
 */
export function linesAfter(earlier: Lines, text: string, changed: Span, delta: number): Lines {
  const known = tables.get(earlier);
  if (known === undefined || text.includes('\r')) return linesOf(text);
  return linesFrom(text, () => startsAfter(known, text, changed, delta));
}

function startsAfter(
  before: readonly number[],
  text: string,
  { start, end }: Span,
  delta: number,
): readonly number[] {
  const starts = before.slice(0, lineAt(before, start) + 1);
  const until = end + delta;
  for (let at = text.indexOf('\n', start); at !== -1 && at < until; at = text.indexOf('\n', at + 1))
    starts.push(at + 1);
  for (let line = lineAt(before, end) + 1; line < before.length; line++)
    starts.push((before[line] ?? 0) + delta);
  return starts;
}

function linesFrom(text: string, makeStarts: () => readonly number[]): Lines {
  let make: typeof makeStarts | undefined = makeStarts;
  let table: readonly number[] | undefined;
  const starts = (): readonly number[] => {
    if (table === undefined) {
      table = make?.() ?? [0];
      // It may hold the table of the text before.
      make = undefined;
      tables.set(lines, table);
    }
    return table;
  };
  const span = (line: number): Span => {
    const all = starts();
    const index = clamp(line, 0, all.length - 1);
    const start = all[index] ?? 0;
    let end = all[index + 1] ?? text.length;
    if (index + 1 < all.length) {
      end--;
      if (end > start && text.charCodeAt(end) === 10 && text.charCodeAt(end - 1) === 13) end--;
    }
    return { start, end };
  };
  const own = {
    positionAt(offset: number): Position {
      const all = starts();
      const at = clamp(offset, 0, text.length);
      const line = lineAt(all, at);
      return { line, character: at - (all[line] ?? 0) };
    },
    offsetAt(position: Position): number {
      if (position.line < 0) return 0;
      if (position.line >= starts().length) return text.length;
      const { start, end } = span(position.line);
      return clamp(start + position.character, start, end);
    },
    span,
  };
  const lines: Lines = withLate(own, { count: () => starts().length });
  return lines;
}

/** Where each line starts, in order; the first is 0. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  if (!text.includes('\r')) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    return starts;
  }
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) starts.push(at + 1);
  }
  return starts;
}

/** The line that an offset is in: the last one that starts at or before it. */
export function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
