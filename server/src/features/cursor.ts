// Where in the format a cursor is, read from the text alone: while someone types, the line
// under the cursor is seldom YAML, and completion has to know the place all the same.
import type { Span } from '../text/tree.ts';
import type { PathStep } from '../topology/format.ts';

/** A cursor's place. */
export interface Cursor {
  /**
   * `entry`: where a key, or a value on its own line, begins. `value`: behind `key: ` on the same line.
   * `item`: where a list's item begins.
   */
  readonly at: 'entry' | 'value' | 'item';
  /** From the root to what the cursor is in: for an entry its map, for a value or item itself. */
  readonly path: readonly PathStep[];
  /** The bracket that the cursor is in. */
  readonly flow: '{' | '[' | undefined;
  /** The other keys of the entry's or value's map with the plain text behind them. */
  readonly present: ReadonlyMap<string, string>;
  /** The other items of the list. */
  readonly items: readonly string[];
  /** The word under the cursor, which a completion replaces. */
  readonly word: Span;
  /** In block style: the column at which the entry begins. */
  readonly column: number;
  /** Blanks at the start of the cursor's line. */
  readonly indent: number;
  /** Of a value: the offset behind its colon. */
  readonly colonEnd: number | undefined;
  /** A dash right before the cursor still lacks its blank. */
  readonly bareDash: boolean;
}

interface Line {
  readonly start: number;
  readonly text: string;
}

interface Parts {
  readonly indent: number;
  /** Columns of the `-` of list items. */
  readonly dashes: readonly number[];
  /** Column of what follows them. */
  readonly column: number;
  readonly key: { readonly name: string; readonly colonEnd: number } | undefined;
  /** What is behind the key, or all of the content where there is none; comment left out. */
  readonly rest: string;
}

/** The cursor's place; undefined in a comment or a quoted text that is no plain word. */
export function cursorAt(text: string, offset: number): Cursor | undefined {
  const line = lineAt(text, offset);
  const prefix = line.text.slice(0, offset - line.start);
  const word = wordAt(text, line, offset);
  const flow = flowAt(text, offset);
  if (flow === 'comment') return undefined;
  const indent = /^[ \t]*/.exec(line.text)?.[0].length ?? 0;
  if (flow !== undefined) {
    const outer = blockPath(text, flow.opened);
    if (outer === undefined) return undefined;
    const path = [...outer.path, ...flow.path];
    return {
      at: flow.bracket === '[' ? 'item' : flow.key === undefined ? 'entry' : 'value',
      path: flow.bracket === '[' ? [...path, 0] : flow.key === undefined ? path : [...path, flow.key],
      flow: flow.bracket,
      present: flow.present,
      items: flow.items,
      word,
      column: outer.column,
      indent,
      colonEnd: undefined,
      bareDash: false,
    };
  }
  const place = blockPath(text, offset);
  if (place === undefined) return undefined;
  return {
    at: place.at,
    path: place.path,
    flow: undefined,
    present: siblings(text, line, place.column, place.dashed),
    items: place.at === 'item' ? itemsBeside(text, line, place.dashColumn) : [],
    word,
    column: place.column,
    indent,
    colonEnd: place.colonEnd,
    bareDash: /^[ \t]*(?:- +)*-$/.test(prefix),
  };
}

// --- Block style -----------------------------------------------------------------------------

interface BlockPlace {
  readonly at: 'entry' | 'value' | 'item';
  readonly path: PathStep[];
  readonly column: number;
  readonly dashed: boolean;
  readonly dashColumn: number;
  readonly colonEnd: number | undefined;
}

function blockPath(text: string, offset: number): BlockPlace | undefined {
  const line = lineAt(text, offset);
  const parts = partsOf(line.text.slice(0, offset - line.start));
  const path: PathStep[] = [];
  let container: { kind: 'map' | 'seq'; at: number } = { kind: 'map', at: parts.column };
  if (parts.key !== undefined) path.unshift(parts.key.name);
  const climb = (dashes: readonly number[]): void => {
    for (const dash of dashes.toReversed()) {
      if (dash < container.at) {
        path.unshift(0);
        container = { kind: 'seq', at: dash };
      }
    }
  };
  climb(parts.dashes);
  let at = line.start;
  while (at > 0 && !(container.kind === 'map' && container.at === 0)) {
    const before = lineAt(text, at - 1);
    at = before.start;
    const indent = indentOf(before.text);
    const reach = container.kind === 'seq' ? container.at : container.at - 1;
    if (indent > reach || indent >= before.text.length || before.text[indent] === '#') continue;
    if (/^(---|\.\.\.)(\s|$)/.test(before.text)) break;
    const above = partsOf(before.text);
    if (above.key !== undefined && above.column <= reach) {
      // Behind `key: |` is text, whatever it looks like.
      if (/^[|>][+-]?\d?[+-]?$/.test(above.rest)) return undefined;
      path.unshift(above.key.name);
      container = { kind: 'map', at: above.column };
    }
    climb(above.dashes);
  }
  const itemOnly = parts.key === undefined && parts.dashes.length > 0;
  return {
    at: parts.key !== undefined ? 'value' : itemOnly ? 'item' : 'entry',
    path,
    column: parts.column,
    dashed: parts.dashes.length > 0,
    dashColumn: parts.dashes.at(-1) ?? 0,
    colonEnd: parts.key === undefined ? undefined : line.start + parts.key.colonEnd,
  };
}

/** The other keys of the map whose entries begin at a column, and what is behind them. */
function siblings(text: string, line: Line, column: number, dashed: boolean): Map<string, string> {
  const found = new Map<string, string>();
  const take = (one: Line): 'on' | 'stop' => {
    const indent = indentOf(one.text);
    if (indent > column || indent >= one.text.length || one.text[indent] === '#') return 'on';
    const parts = partsOf(one.text);
    if (parts.column < column) return 'stop';
    if (parts.column === column && parts.key !== undefined) found.set(parts.key.name, parts.rest);
    return parts.dashes.length > 0 ? 'stop' : 'on';
  };
  if (!dashed) {
    for (let at = line.start; at > 0; ) {
      const before = lineAt(text, at - 1);
      at = before.start;
      if (take(before) === 'stop') break;
    }
  }
  for (let at = line.start + line.text.length; at < text.length; ) {
    const next = lineAt(text, at + breakLength(text, at));
    at = next.start + next.text.length;
    const indent = indentOf(next.text);
    const dash = next.text[indent] === '-' && /^-( |$)/.test(next.text.slice(indent));
    if (dash && indent < column) break;
    if (take(next) === 'stop') break;
  }
  return found;
}

/** The plain items of the list whose dashes are at a column, the cursor's own left out. */
function itemsBeside(text: string, line: Line, column: number): string[] {
  const found: string[] = [];
  const take = (one: Line): boolean => {
    const indent = indentOf(one.text);
    if (indent > column || indent >= one.text.length || one.text[indent] === '#') return true;
    const parts = partsOf(one.text);
    if (parts.dashes[0] !== column) return false;
    found.push(parts.rest);
    return true;
  };
  for (let at = line.start; at > 0; ) {
    const before = lineAt(text, at - 1);
    at = before.start;
    if (!take(before)) break;
  }
  for (let at = line.start + line.text.length; at < text.length; ) {
    const next = lineAt(text, at + breakLength(text, at));
    at = next.start + next.text.length;
    if (!take(next)) break;
  }
  return found;
}

/** A key and its colon. Groups: the key in quotes, or plain with the blanks behind it. */
const KEY =
  /^(?:("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')[ \t]*|([^\s"'#[\]{},&*!|>%@`](?:[^#:]|:(?![ \t]|$))*)):(?=[ \t]|$)/;

function partsOf(line: string): Parts {
  const indent = indentOf(line);
  const dashes: number[] = [];
  let at = indent;
  while (line[at] === '-' && (at + 1 === line.length || line[at + 1] === ' ')) {
    dashes.push(at);
    at++;
    while (line[at] === ' ') at++;
  }
  const content = line.slice(at);
  const match = KEY.exec(content);
  const key =
    match === null
      ? undefined
      : { name: unquote(match[1] ?? match[2]?.trimEnd() ?? ''), colonEnd: at + match[0].length };
  const rest = (key === undefined ? content : line.slice(key.colonEnd)).replace(/(^|[ \t])#.*$/s, '').trim();
  return { indent, dashes, column: at, key, rest };
}

// --- Flow style ------------------------------------------------------------------------------

interface Frame {
  readonly bracket: '{' | '[';
  readonly opened: number;
  readonly present: Map<string, string>;
  readonly items: string[];
  key: string | undefined;
  tokenStart: number;
}

interface FlowPlace {
  readonly bracket: '{' | '[';
  /** Offset of the outermost bracket. */
  readonly opened: number;
  /** From the outermost bracket to the innermost. */
  readonly path: readonly PathStep[];
  readonly key: string | undefined;
  readonly present: ReadonlyMap<string, string>;
  readonly items: readonly string[];
}

/** How far behind the cursor a bracket's other entries are looked for. */
const AHEAD = 4000;

/**
 * The brackets round an offset. They are looked for from the last line at or above that begins a
 * block entry of the two outer levels, so that an unclosed bracket further up does no harm.
 */
function flowAt(text: string, offset: number): FlowPlace | 'comment' | undefined {
  const stack: Frame[] = [];
  let place: { frame: Frame; key: string | undefined; token: number } | undefined;
  const close = (frame: Frame, end: number): void => {
    const token = text.slice(frame.tokenStart, end).trim();
    const underCursor = place?.frame === frame && place.token === frame.tokenStart;
    if (frame.bracket === '[' && token !== '' && !underCursor) frame.items.push(unquote(token));
    if (
      frame.bracket === '{' &&
      frame.key !== undefined &&
      !(place?.frame === frame && place.key === frame.key)
    ) {
      frame.present.set(frame.key, unquote(token));
    }
    frame.key = undefined;
  };
  const end = Math.min(text.length, offset + AHEAD);
  let lineIndent = 0;
  let lineStart = true;
  let before = '';
  for (let i = flowStart(text, offset); ; i++) {
    if (i === offset) {
      const frame = stack.at(-1);
      if (frame === undefined) return undefined;
      place = { frame, key: frame.key, token: frame.tokenStart };
    }
    if (i >= end) break;
    const char = text[i] ?? '';
    if (lineStart) {
      lineStart = false;
      const line = lineAt(text, i);
      const indent = indentOf(line.text);
      const outer = stack[0];
      // Inside brackets YAML wants more indentation than the entry has: less of it, and the bracket was never closed.
      const broken = outer !== undefined && indent <= lineIndent && KEY.test(line.text.slice(indent));
      if (broken) {
        if (place !== undefined) break;
        stack.length = 0;
      }
      if (stack.length === 0) lineIndent = indent;
      before = '';
    }
    if (char === '\r' && text[i + 1] === '\n') continue;
    if (char === '\n' || char === '\r') {
      lineStart = true;
      continue;
    }
    if (char === '#' && (before === '' || /\s/.test(text[i - 1] ?? ' '))) {
      const stop = lineAt(text, i);
      const lineEnd = stop.start + stop.text.length;
      if (offset > i && offset <= lineEnd) return 'comment';
      i = lineEnd - 1;
      continue;
    }
    const tokenBegins = /[[{,:-]|^$/.test(before);
    if ((char === '"' || char === "'") && tokenBegins) {
      const closing = quoteEnd(text, i);
      if (offset > i && offset <= closing) {
        const frame = stack.at(-1);
        if (frame === undefined) return undefined;
        place = { frame, key: frame.key, token: frame.tokenStart };
      }
      i = closing;
      before = char;
      continue;
    }
    const top = stack.at(-1);
    if ((char === '{' || char === '[') && tokenBegins) {
      stack.push({
        bracket: char,
        opened: i,
        present: new Map(),
        items: [],
        key: undefined,
        tokenStart: i + 1,
      });
    } else if (top !== undefined && (char === '}' || char === ']')) {
      close(top, i);
      stack.pop();
      if (place?.frame === top) break;
      // What was nested is a value of its own: its text is no plain word.
      const outer = stack.at(-1);
      if (outer !== undefined) outer.tokenStart = i + 1;
    } else if (top !== undefined && char === ',') {
      close(top, i);
      top.tokenStart = i + 1;
    } else if (top?.bracket === '{' && char === ':' && /[\s,}[\]{]|^$/.test(text[i + 1] ?? '')) {
      const name = unquote(text.slice(top.tokenStart, i).trim());
      if (place?.frame === top && place.token === top.tokenStart) {
        // The key under the cursor is not one of the others.
        top.key = undefined;
      } else {
        top.key = name;
      }
      top.tokenStart = i + 1;
    }
    if (!/\s/.test(char)) before = char;
  }
  if (place === undefined) return undefined;
  const chain: PathStep[] = [];
  let inner = false;
  for (const frame of frames(stack, place.frame)) {
    if (frame === place.frame) {
      inner = true;
      break;
    }
    chain.push(frame.bracket === '[' ? 0 : (frame.key ?? ''));
  }
  if (!inner) return undefined;
  return {
    bracket: place.frame.bracket,
    opened: stack[0]?.opened ?? place.frame.opened,
    path: chain,
    key: place.key,
    present: place.frame.present,
    items: place.frame.items,
  };
}

/** The open brackets down to one that may just have been closed. */
function* frames(stack: readonly Frame[], last: Frame): Iterable<Frame> {
  for (const frame of stack) {
    yield frame;
    if (frame === last) return;
  }
  yield last;
}

/** Where the entry that holds an offset begins: the nearest line above with at most two blanks before it. */
function flowStart(text: string, offset: number): number {
  let line = lineAt(text, offset);
  for (;;) {
    const indent = indentOf(line.text);
    const opens = indent < line.text.length && line.text[indent] !== '#';
    if (line.start === 0 || (opens && indent <= 2 && KEY.test(line.text.slice(indent)))) return line.start;
    line = lineAt(text, line.start - 1);
  }
}

/** The offset of the closing quote, or of the last character of the line where there is none. */
function quoteEnd(text: string, start: number): number {
  const quote = text[start];
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\n' || text[i] === '\r') return i - 1;
    if (quote === '"' && text[i] === '\\') i++;
    else if (text[i] === quote) {
      if (quote === "'" && text[i + 1] === "'") i++;
      else return i;
    }
  }
  return text.length - 1;
}

// --- Lines and words -------------------------------------------------------------------------

function lineAt(text: string, offset: number): Line {
  let start = offset;
  // An offset between CR and LF belongs to the line that they end.
  if (text[start] === '\n' && text[start - 1] === '\r') start--;
  while (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\r') start--;
  let end = start;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
  return { start, text: text.slice(start, end) };
}

function breakLength(text: string, at: number): number {
  return text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
}

function indentOf(line: string): number {
  let indent = 0;
  while (line[indent] === ' ' || line[indent] === '\t') indent++;
  return indent;
}

const WORD = /[\w.<*/:-]/;

function wordAt(text: string, line: Line, offset: number): Span {
  const isWord = (index: number): boolean => {
    const char = text[index] ?? '';
    if (!WORD.test(char)) return false;
    // A colon ends a key; a dash before a blank begins an item.
    const next = text[index + 1] ?? '';
    return !((char === ':' || char === '-') && (next === '' || /[\s,}\]]/.test(next)) && !wordDash(index));
  };
  // The dash that is being typed within a word, as in `management-`.
  const wordDash = (index: number): boolean => text[index] === '-' && /\w/.test(text[index - 1] ?? '');
  let start = offset;
  while (start > line.start && isWord(start - 1)) start--;
  let end = offset;
  while (end < line.start + line.text.length && isWord(end)) end++;
  return { start, end };
}

function unquote(word: string): string {
  const quote = word[0];
  if (quote !== '"' && quote !== "'") return word;
  return word.at(-1) === quote && word.length > 1 ? word.slice(1, -1) : word.slice(1);
}
