// Turns js-yaml's flat list of events into a tree whose every node knows where it is. The events leave out
// where collections end, where an absent value is, the header of a block scalar and all comments; those are
// found here, between the tokens. Every character is looked at a bounded number of times.
import type { AliasEvent, Event, MappingEvent, ScalarEvent, SequenceEvent } from 'js-yaml';
import { getScalarValue } from 'js-yaml';
import type {
  AliasNode,
  Comment,
  DuplicateKey,
  MapNode,
  Node,
  Pair,
  ScalarNode,
  ScalarStyle,
  SeqNode,
  Span,
} from './tree.ts';
import { isMergeKey, keyScalar, type MergeBudget, markMerging, mergeLimit } from './values.ts';

/** What the events of one text amount to. */
export interface Built {
  readonly root: Node | undefined;
  readonly comments: readonly Comment[];
  readonly duplicateKeys: readonly DuplicateKey[];
  readonly unknownAliases: readonly AliasNode[];
  readonly extraDocuments: readonly Span[];
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type OpenMap = Writable<Omit<MapNode, 'pairs' | 'span'>> & { pairs: Pair[]; span: Writable<Span> };
type OpenSeq = Writable<Omit<SeqNode, 'items' | 'span'>> & { items: Node[]; span: Writable<Span> };
type Properties = Pick<ScalarNode, 'anchor' | 'tag'>;

/** A collection, or the document itself, that waits for its POP. */
interface Frame {
  readonly node: OpenMap | OpenSeq | undefined;
  /** Where it starts in the parsed text. */
  readonly start: number;
  /** A pair in a flow sequence (`[a: b]`), which has no bracket of its own. */
  readonly bare: boolean;
  key: Node | undefined;
}

const styles: readonly ScalarStyle[] = [
  'plain',
  'plain',
  'single-quoted',
  'double-quoted',
  'literal',
  'folded',
];

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
const HASH = 35;
const COMMA = 44;
const DASH = 45;
const COLON = 58;
const QUESTION = 63;
const BRACKET = 91;
const BRACE = 123;

/**
 * @param text the text that gave the events
 * @param events from js-yaml's `parseEvents`
 * @param source where an offset of `text` is in the text the user sees, where the two differ
 */
export function buildTree(
  text: string,
  events: readonly Event[],
  source?: (offset: number) => number,
): Built {
  const comments: Comment[] = [];
  const duplicateKeys: DuplicateKey[] = [];
  const unknownAliases: AliasNode[] = [];
  const extraDocuments: Span[] = [];
  const budget: MergeBudget = { left: mergeLimit };
  const stack: Frame[] = [];
  let frame: Frame = { node: undefined, start: 0, bare: false, key: undefined };
  let anchors = new Map<string, ScalarNode | MapNode | SeqNode>();
  let documents = 0;
  let root: Node | undefined;
  /** The end of the last token. */
  let cursor = 0;
  let nextHash = indexOrEnd(text, '#', 0);

  const span = (start: number, end: number): Writable<Span> =>
    source === undefined ? { start, end } : { start: source(start), end: source(end) };

  /** Reads the comments between the last token and the one that starts here. */
  const readComments = (until: number): void => {
    while (nextHash < until) {
      if (nextHash < cursor) nextHash = indexOrEnd(text, '#', cursor);
      else if (nextHash === 0 || isSeparator(text.charCodeAt(nextHash - 1))) {
        const end = lineEnd(text, nextHash);
        comments.push({ span: span(nextHash, end), text: text.slice(nextHash, end) });
        nextHash = indexOrEnd(text, '#', end);
      } else nextHash = indexOrEnd(text, '#', nextHash + 1);
    }
  };
  /** Takes the stretch up to `end` as a token that starts at `start`. */
  const take = (start: number, end: number): void => {
    if (nextHash < start) readComments(start);
    if (end > cursor) cursor = end;
  };

  const properties = (event: ScalarEvent | MappingEvent | SequenceEvent): Properties | undefined => {
    const { anchorStart, anchorEnd, tagStart, tagEnd } = event;
    if (anchorStart < 0 && tagStart < 0) return undefined;
    const result: Writable<Properties> = {};
    const first = anchorStart >= 0 && (tagStart < 0 || anchorStart < tagStart);
    if (tagStart >= 0 && !first) take(tagStart, tagEnd);
    if (anchorStart >= 0) {
      take(anchorStart - 1, anchorEnd);
      result.anchor = { name: text.slice(anchorStart, anchorEnd), span: span(anchorStart - 1, anchorEnd) };
    }
    if (tagStart >= 0) {
      if (first) take(tagStart, tagEnd);
      result.tag = { name: text.slice(tagStart, tagEnd), span: span(tagStart, tagEnd) };
    }
    return result;
  };

  const add = (node: Node): void => {
    const into = frame.node;
    if (into === undefined) {
      if (documents === 1) root = node;
    } else if (into.kind === 'seq') into.items.push(node);
    else if (frame.key === undefined) frame.key = node;
    else {
      const { key } = frame;
      into.pairs.push({ key, value: node, span: { start: key.span.start, end: node.span.end } });
      frame.key = undefined;
    }
  };

  /** Gives a node its anchor and tag; few have one, and a copy of each would be made for these. */
  const withProperties = <T extends ScalarNode | OpenMap | OpenSeq>(
    node: T,
    props: Properties | undefined,
  ): T => {
    if (props === undefined) return node;
    const whole: T = { ...node, ...props };
    if (whole.anchor !== undefined) anchors.set(whole.anchor.name, whole);
    return whole;
  };

  const readScalar = (event: ScalarEvent): void => {
    const { valueStart, valueEnd, style } = event;
    const props = properties(event);
    let start = valueStart;
    let end = valueEnd;
    if (valueStart < 0) {
      if (props === undefined) {
        if (frame.node === undefined) return;
        readComments(emptyPlace());
        cursor = Math.max(cursor, emptyPlace());
      }
      start = cursor;
      end = cursor;
    } else if (style === 1) take(start, end);
    else if (style < 4) {
      start--;
      end++;
      take(start, end);
    } else {
      start = blockHeader(text, valueStart, cursor);
      take(start, start + 1);
      readComments(valueStart);
      end = blockEnd(text, start, valueStart, valueEnd);
      cursor = valueEnd;
    }
    const node: ScalarNode = {
      kind: 'scalar',
      span: span(start, end),
      style: styles[style] ?? 'plain',
      text: getScalarValue(text, event),
    };
    add(withProperties(node, props));
  };

  /** Where an absent key, value or item is: behind its `?`, `:` or `-`. */
  const emptyPlace = (): number => {
    const { node, key, start } = frame;
    let at = cursor;
    let newLine = false;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === LF || code === CR) newLine = true;
      else if (code === HASH) at = lineEnd(text, at) - 1;
      else if (code !== SPACE && code !== TAB && !(code === COMMA && key === undefined)) break;
    }
    const code = text.charCodeAt(at);
    if (node?.kind === 'seq') return code === DASH ? at + 1 : cursor;
    if (key === undefined) return code === QUESTION ? at + 1 : code === COLON ? at : cursor;
    if (code !== COLON) return cursor;
    if (newLine && node?.kind === 'map' && !node.flow) {
      // The `:` of an outer map's explicit key is further left; one without a blank behind it begins the next key.
      const indicator = at + 1 === text.length || isSeparator(text.charCodeAt(at + 1));
      if (!indicator || columnOf(text, at) !== columnOf(text, start)) return cursor;
    }
    return at + 1;
  };

  const open = (event: MappingEvent | SequenceEvent, next: Event | undefined): void => {
    const props = properties(event);
    const { start } = event;
    const flow = event.style === 2;
    const isMap = event.type === 3;
    const code = text.charCodeAt(start);
    const bare =
      flow && isMap && (code !== BRACE || ((next?.type === 3 || next?.type === 2) && next.start === start));
    // A bare pair or a block collection starts with its first child, or with a `-` or `?`, never with a bracket.
    const bracket = flow && !bare && (code === BRACE || code === BRACKET);
    take(start, bracket ? start + 1 : start);
    const node: OpenMap | OpenSeq = isMap
      ? { kind: 'map', span: span(start, start), flow, pairs: [] }
      : { kind: 'seq', span: span(start, start), flow, items: [] };
    stack.push(frame);
    frame = { node: withProperties(node, props), start, bare, key: undefined };
  };

  const close = (): void => {
    const { node, bare } = frame;
    frame = stack.pop() ?? frame;
    if (node === undefined) return;
    if (node.flow && !bare) {
      const closer = node.kind === 'map' ? 125 : 93;
      let at = cursor;
      for (; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (code === closer) break;
        if (code === HASH) at = lineEnd(text, at) - 1;
      }
      take(at, Math.min(at + 1, text.length));
    }
    node.span.end = source === undefined ? cursor : source(cursor);
    // Of the length that they have: one that something was added to has room for 17.
    if (node.kind === 'map') {
      node.pairs = node.pairs.slice();
      if (documents === 1) findDuplicates(node, duplicateKeys);
      if (node.pairs.some((pair) => isMergeKey(pair.key))) markMerging(node, budget);
    } else node.items = node.items.slice();
    add(node);
  };

  const readAlias = (event: AliasEvent): void => {
    const start = event.anchorStart - 1;
    take(start, event.anchorEnd);
    const name = text.slice(event.anchorStart, event.anchorEnd);
    const node: AliasNode = {
      kind: 'alias',
      span: span(start, event.anchorEnd),
      name,
      target: anchors.get(name),
    };
    if (node.target === undefined && documents === 1) unknownAliases.push(node);
    add(node);
  };

  for (let index = 0; index < events.length; index++) {
    const event = events[index];
    switch (event?.type) {
      case 1: {
        documents++;
        anchors = new Map();
        const marker = event.explicitStart ? findMarker(text, cursor, '---') : -1;
        const at = marker === -1 && documents > 1 ? findMarker(text, cursor, '...') : marker;
        if (at !== -1) take(at, at + 3);
        if (documents > 1) extraDocuments.push(at === -1 ? span(cursor, cursor) : span(at, at + 3));
        stack.push(frame);
        frame = { node: undefined, start: cursor, bare: false, key: undefined };
        break;
      }
      case 2:
      case 3:
        open(event, events[index + 1]);
        break;
      case 4:
        readScalar(event);
        break;
      case 5:
        readAlias(event);
        break;
      case 6:
        close();
        break;
    }
  }
  readComments(text.length);
  return { root, comments, duplicateKeys, unknownAliases, extraDocuments };
}

function findDuplicates(map: MapNode, found: DuplicateKey[]): void {
  const { pairs } = map;
  if (pairs.length < 2) return;
  // A few short strings compare faster than they hash.
  if (pairs.length <= 6) {
    for (let index = 1; index < pairs.length; index++) {
      const later = pairs[index];
      const name = later && keyScalar(later)?.text;
      if (later === undefined || name === undefined) continue;
      for (let before = 0; before < index; before++) {
        const first = pairs[before];
        if (first === undefined || keyScalar(first)?.text !== name) continue;
        found.push({ map, first, later });
        break;
      }
    }
    return;
  }
  const seen = new Map<string, Pair>();
  for (const later of pairs) {
    const name = keyScalar(later)?.text;
    if (name === undefined) continue;
    const first = seen.get(name);
    if (first === undefined) seen.set(name, later);
    else found.push({ map, first, later });
  }
}

/** The `|` or `>` of a block scalar whose text starts at `valueStart`, on the line before it. */
function blockHeader(text: string, valueStart: number, from: number): number {
  let start = valueStart;
  if (start > 0 && text.charCodeAt(start - 1) === LF) start--;
  if (start > 0 && text.charCodeAt(start - 1) === CR) start--;
  while (start > from && !isBreak(text.charCodeAt(start - 1))) start--;
  for (let at = start; at < valueStart; at++) {
    const code = text.charCodeAt(at);
    if (code === 124 || code === 62) return at;
  }
  return from;
}

/** The end of the last line with something on it; the header's where there is none. */
function blockEnd(text: string, header: number, valueStart: number, valueEnd: number): number {
  let end = valueEnd;
  while (end > valueStart && isBlankOrBreak(text.charCodeAt(end - 1))) end--;
  if (end > valueStart) return Math.min(lineEnd(text, end), valueEnd);
  let at = header + 1;
  while (at < valueStart && /[-+0-9]/.test(text.charAt(at))) at++;
  return at;
}

function findMarker(text: string, from: number, marker: string): number {
  for (let at = text.indexOf(marker, from); at !== -1; at = text.indexOf(marker, at + 1)) {
    const before = at === 0 || isBreak(text.charCodeAt(at - 1)) || text.charCodeAt(at - 1) === 0xfeff;
    const after = at + 3 >= text.length || isBlankOrBreak(text.charCodeAt(at + 3));
    if (before && after) return at;
  }
  return -1;
}

function lineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isBreak(text.charCodeAt(at))) at++;
  return at;
}

function columnOf(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && !isBreak(text.charCodeAt(start - 1))) start--;
  return offset - start;
}

function isBreak(code: number): boolean {
  return code === LF || code === CR;
}

function isBlankOrBreak(code: number): boolean {
  return code === SPACE || code === TAB || code === LF || code === CR;
}

/** What may be before a comment; a byte-order mark opens the text. */
function isSeparator(code: number): boolean {
  return isBlankOrBreak(code) || code === 0xfeff;
}

function indexOrEnd(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at === -1 ? Number.POSITIVE_INFINITY : at;
}
