// What a single line of a broken text looks like, without a parser: its indentation, its shape, what it opens and
// does not close.
import { withLate } from '../collections.ts';
import { lineAt, lineStarts } from './lines.ts';

export type LineKind = 'blank' | 'comment' | 'content' | 'marker';

export interface TextLayout {
  readonly text: string;
  readonly count: number;
  start(line: number): number;
  /** Without the line break. */
  end(line: number): number;
  lineAt(offset: number): number;
  kind(line: number): LineKind;
  /** The spaces at the start, a byte-order mark left out; a tab counts for eight. */
  indent(line: number): number;
  /** A tab is before the content. */
  tabbed(line: number): boolean;
  /** By how much this file usually indents. */
  readonly unit: number;
  /** From the first character that is not blank to the last. */
  content(line: number): string;
  contentStart(line: number): number;
  contentEnd(line: number): number;
  /** The nearest line with content before this one (`marker`s stop the search); -1 where there is none. */
  before(line: number): number;
  /** The nearest line with content after this one; -1 where there is none. */
  after(line: number): number;
}

/** The lines of a text, each looked at when it is asked for. */
export function layoutOf(text: string): TextLayout {
  const starts = lineStarts(text);
  const count = starts.length;
  const start = (line: number): number => starts[line] ?? text.length;
  const end = (line: number): number => {
    let at = line + 1 < count ? start(line + 1) - 1 : text.length;
    if (line + 1 < count && at > start(line) && text.charCodeAt(at) === 10 && text.charCodeAt(at - 1) === 13)
      at--;
    return at;
  };
  const contentStart = (line: number): number => {
    let at = start(line);
    const stop = end(line);
    if (at === 0 && text.charCodeAt(0) === 0xfeff) at++;
    while (at < stop && isBlank(text.charCodeAt(at))) at++;
    return at;
  };
  const contentEnd = (line: number): number => {
    let at = end(line);
    const stop = start(line);
    while (at > stop && isBlank(text.charCodeAt(at - 1))) at--;
    return at;
  };
  const kind = (line: number): LineKind => {
    const at = contentStart(line);
    if (at >= end(line)) return 'blank';
    const code = text.charCodeAt(at);
    if (code === 35) return 'comment';
    if (at === start(line) && (code === 45 || code === 46 || code === 37)) {
      const head = text.slice(at, at + 3);
      if (
        code === 37 ||
        ((head === '---' || head === '...') && (at + 3 >= end(line) || isBlank(text.charCodeAt(at + 3))))
      )
        return 'marker';
    }
    return 'content';
  };
  const seek = (line: number, step: number): number => {
    for (let at = line + step; at >= 0 && at < count; at += step) {
      const found = kind(at);
      if (found === 'content') return at;
      if (found === 'marker') return -1;
    }
    return -1;
  };
  const indent = (line: number): number => {
    let columns = 0;
    const stop = contentStart(line);
    for (let at = start(line); at < stop; at++) {
      const code = text.charCodeAt(at);
      columns += code === 9 ? 8 : code === 32 ? 1 : 0;
    }
    return columns;
  };
  const before = (line: number): number => seek(line, -1);
  const after = (line: number): number => seek(line, 1);
  const tabbed = (line: number): boolean => text.slice(start(line), contentStart(line)).includes('\t');
  let unit: number | undefined;
  const layout = {
    text,
    count,
    tabbed,
    start,
    end,
    kind,
    contentStart,
    contentEnd,
    lineAt: (offset: number) => lineAt(starts, offset),
    indent,
    content: (line: number) => text.slice(contentStart(line), Math.max(contentStart(line), contentEnd(line))),
    before,
    after,
  };
  return withLate(layout, {
    unit: () => {
      unit ??= usualStep(count, kind, indent);
      return unit;
    },
  });
}

/** The step by which lines are most often indented deeper than the line before, in the first lines of a file. */
function usualStep(
  count: number,
  kind: (line: number) => LineKind,
  indent: (line: number) => number,
): number {
  const steps = new Map<number, number>();
  let last = 0;
  for (let line = 0; line < Math.min(count, 300); line++) {
    if (kind(line) !== 'content') continue;
    const step = indent(line) - last;
    last = indent(line);
    if (step > 0) steps.set(step, (steps.get(step) ?? 0) + 1);
  }
  let best = 2;
  for (const [step, times] of steps) if (times > (steps.get(best) ?? 0)) best = step;
  return best;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

/** `key:` at the start of a line's content, behind any `- `. Groups: dashes, key, the blanks after the colon. */
const keyed =
  /^((?:- +)*)("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?!\? )[^\s#"'[\]{},&*!|>%@`:-](?:[^:#\s]|:(?=\S)|[ \t]+(?=[^\s:#]))*)[ \t]*:(?:([ \t]+)|$)/;

export interface KeyShape {
  readonly name: string;
  /** Columns from the start of the content. */
  readonly keyStart: number;
  readonly keyEnd: number;
  /** Where the value starts: the end of the line's content where there is none. */
  readonly valueStart: number;
  /** Nothing but a comment, an anchor or a block scalar's header comes after the colon. */
  readonly opens: boolean;
}

/** The key a line's content starts with. */
export function keyShape(content: string): KeyShape | undefined {
  // A long line is no key; the pattern need not look at it.
  const match = keyed.exec(content.length > 1000 ? content.slice(0, 1000) : content);
  if (match === null) return undefined;
  const dashes = match[1]?.length ?? 0;
  const key = match[2] ?? '';
  const valueStart = match[0].length;
  return {
    name: key,
    keyStart: dashes,
    keyEnd: dashes + key.length,
    valueStart,
    opens: /^(?:#|$|[|>][-+0-9]*(?:\s|$)|&\S+$)/.test(content.slice(valueStart, valueStart + 100)),
  };
}

/** What is wrong with a line's quotes and brackets, read on its own. */
export interface Balance {
  /** The brackets that stay open, outermost first, with the column of each. */
  readonly open: readonly { readonly closer: string; readonly at: number }[];
  /** The quote that stays open. */
  readonly quote: { readonly mark: string; readonly at: number } | undefined;
  /** A closing bracket that nothing opened. */
  readonly stray: number;
  /** Brackets that are still open where one round them closes. */
  readonly missing: { readonly opener: number; readonly at: number; readonly closers: string } | undefined;
  /** The content without a comment at its end. */
  readonly length: number;
}

/** Reads a line's content from left to right as YAML does, quotes and brackets only. */
export function balance(content: string): Balance {
  const open: { closer: string; at: number }[] = [];
  let stray = -1;
  let missing: Balance['missing'];
  // Quotes and brackets mean something only where a value may start.
  let fresh = true;
  let at = 0;
  for (; at < content.length; at++) {
    const code = content.charCodeAt(at);
    if (isBlank(code)) continue;
    if (code === 35 && (at === 0 || isBlankOrBreak(content.charCodeAt(at - 1)))) break;
    const flow = open.length > 0;
    if (fresh && (code === 34 || code === 39)) {
      const end = quoteEnd(content, at, code);
      if (end === -1) {
        const quote = { mark: code === 34 ? '"' : "'", at };
        return { open, quote, stray, missing, length: content.length };
      }
      at = end;
      fresh = false;
    } else if ((code === 91 || code === 123) && (fresh || flow)) {
      open.push({ closer: code === 91 ? ']' : '}', at });
      fresh = true;
    } else if (code === 93 || code === 125) {
      const match = open.findLastIndex((bracket) => bracket.closer.charCodeAt(0) === code);
      if (match !== -1) {
        const inner = open.splice(match).slice(1);
        const first = inner[0];
        if (first !== undefined && missing === undefined)
          missing = { opener: first.at, at, closers: closersOf(inner) };
      } else if (stray === -1 && (flow || fresh || endsValue(content, at))) stray = at;
      if (flow) fresh = false;
    } else if (code === 44 && flow) fresh = true;
    else if (code === 58 && isBoundary(content, at + 1, flow)) fresh = true;
    else if ((code === 45 || code === 63) && isBoundary(content, at + 1, flow)) continue;
    else if (fresh && (code === 38 || code === 33)) {
      while (at + 1 < content.length && !isBoundary(content, at + 1, true)) at++;
    } else fresh = false;
  }
  return { open, quote: undefined, stray, missing, length: content.slice(0, at).trimEnd().length };
}

/** What closes these brackets, the innermost first. */
export function closersOf(open: Balance['open']): string {
  return open.reduceRight((closers, bracket) => closers + bracket.closer, '');
}

/** Whether a bracket or quote has been closed right before this place. */
function endsValue(content: string, at: number): boolean {
  return /[\]}"']\s*$/.test(content.slice(Math.max(0, at - 3), at));
}

function isBoundary(content: string, at: number, flow: boolean): boolean {
  if (at >= content.length) return true;
  const code = content.charCodeAt(at);
  return (
    isBlankOrBreak(code) ||
    (flow && (code === 44 || code === 91 || code === 93 || code === 123 || code === 125))
  );
}

function isBlankOrBreak(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function quoteEnd(content: string, start: number, mark: number): number {
  for (let at = start + 1; at < content.length; at++) {
    const code = content.charCodeAt(at);
    if (mark === 34 && code === 92) at++;
    else if (code === mark) {
      if (mark === 39 && content.charCodeAt(at + 1) === 39) at++;
      else return at;
    }
  }
  return -1;
}
