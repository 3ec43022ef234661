// Reads a text that is not YAML. The parser stops at the first mistake and says nothing about the rest, so each
// mistake is mended in a copy of the text: candidate repairs are tried on a few lines round it, the best is kept,
// and in the end the mended copy is parsed as a whole. What was mended is reported as damage; offsets are led back
// to the text as it was written.
import { type Built, buildTree } from './build-tree.ts';
import { layoutOf, type TextLayout } from './layout.ts';
import type { Replaced } from './look-alikes.ts';
import { type Edit, type Patched, patch } from './patch.ts';
import { prepare } from './prepare.ts';
import { describe } from './reasons.ts';
import { candidates, type Mend, unbalancedLines, withoutValue } from './repairs.ts';
import type { Damage, Span } from './tree.ts';
import { type ParserStop, tryEvents } from './yaml-events.ts';

export type Recovered = Built & { readonly damage: readonly Damage[] };

/** Lines that a candidate repair is tried on; a longer entry is cut there. */
const windowLines = 120;
const windowLength = 20_000;
/** Candidates that one problem may try before the best of them has to do. */
const candidateLimit = 10;

/** Lines, the last one left out. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** Top-level keys that are read one by one where all else failed. */
const sectionLimit = 1000;

/** What the parser says where the mistake may be many lines above: in a quote that went on and on. */
const farReasons = /quoted|multiline|end of the stream|JSON character|escape/;

interface State {
  readonly text: string;
  readonly layout: TextLayout;
  /** What was mended, by line. */
  readonly mended: Map<number, Mend>;
  /** Damage that is no line's own: a merge conflict, a text that is not one. */
  readonly damage: Damage[];
  /** How often a line was reported again after it had been mended. */
  readonly again: Map<number, number>;
  sorted: readonly Edit[] | undefined;
  /** Lines with a quote or bracket that is opened and not closed, or closed and not opened. */
  unbalanced: readonly number[] | undefined;
  parses: number;
  /** Characters that may still be parsed. */
  left: number;
}

/**
 * @param problem where the parser stopped
 * @param replaced what look-alikes were replaced in the text before; spans are led back to before that
 */
export function recover(text: string, problem: ParserStop, replaced?: Replaced): Recovered {
  const layout = layoutOf(text);
  const prepared = prepare(layout);
  const source = replaced?.toSource ?? ((offset: number) => offset);
  if (prepared === undefined) {
    const whole = { start: 0, end: source(text.length) };
    const at = { start: 0, end: source(Math.min(text.length, layout.end(0))) };
    return {
      ...buildTree('', []),
      damage: [{ span: whole, at: at.end > 0 ? at : whole, reason: describe.binary() }],
    };
  }
  const state: State = {
    text,
    layout,
    mended: prepared.mended,
    damage: prepared.damage,
    again: new Map(),
    sorted: undefined,
    unbalanced: undefined,
    parses: 200 + Math.floor(layout.count / 50),
    left: 3 * text.length + 2_000_000,
  };
  if (state.mended.size === 0) mend(state, layout.lineAt(problem.at), problem.reason);
  for (let attempt = 0; ; attempt++) {
    const whole = patched(state, 0, layout.count);
    const result = tryEvents(whole.text);
    if (result.events !== undefined)
      return finish(
        state,
        buildTree(whole.text, result.events, (offset) => source(whole.toSource(offset))),
        replaced,
      );
    const line = layout.lineAt(whole.toSource(result.at));
    if (attempt < 3 && state.parses > 0 && state.left > 0) {
      mend(state, line, result.reason);
      mendAll(state, seamBefore(layout, line, 0), attempt > 0);
    } else if (attempt < 6) {
      if (attempt === 3) keepSections(state, 0);
      else blank(state, attempt === 4 ? sectionOf(layout, line) : 0, layout.count, describe.tooMany());
    } else {
      const damage = { span: { start: 0, end: text.length }, at: spanOf(layout, line) };
      return {
        ...buildTree('', []),
        damage: [ledBack({ ...damage, reason: describe.tooMany() }, source)],
      };
    }
  }
}

/**
 * Mends problem after problem. After each, the check goes on from the section that holds it, so that a text with
 * many problems is not read from its start each time.
 * @param start the line to start at
 * @param whole to check from the start each time after all, because a section read on its own was misleading
 */
function mendAll(state: State, start: number, whole: boolean): void {
  const { layout } = state;
  let from = whole ? 0 : start;
  for (;;) {
    const part = patched(state, from, layout.count);
    const result = spend(state, part.text);
    if (result === undefined) {
      keepSections(state, from);
      return;
    }
    if (result.events !== undefined) return;
    const line = Math.max(from, layout.lineAt(part.toSource(result.at)));
    mend(state, line, result.reason);
    if (!whole) from = seamBefore(layout, line, from);
  }
}

/** Where the check goes on after a problem: the section that holds it and the lines before it. */
function seamBefore(layout: TextLayout, line: number, from: number): number {
  let start = line;
  for (let step = 0; step < 3; step++) {
    const before = layout.before(start);
    if (before < from) return from;
    start = before;
  }
  return Math.max(from, sectionOf(layout, start));
}

/** Parses if the budget allows; undefined where it is spent. */
function spend(state: State, text: string): ReturnType<typeof tryEvents> | undefined {
  if (state.parses <= 0 || state.left <= 0) return undefined;
  state.parses--;
  state.left -= text.length;
  return tryEvents(text);
}

/** Mends the problem that the parser met on a line. Always changes something. */
function mend(state: State, reported: number, reason: string): void {
  const { layout } = state;
  const line = lineAtFault(layout, reported);
  const times = (state.again.get(line) ?? 0) + 1;
  state.again.set(line, times);
  if (times > 2 || /maxDepth/.test(reason)) {
    escalate(state, line, times, reason);
    return;
  }
  // What fitted into an entry did not fit into the file: a second try, with more of it in view.
  let window = times === 1 ? windowRound(layout, line) : sectionRound(layout, line);
  const far = times > 1 || farReasons.test(reason);
  if (far) state.unbalanced ??= unbalancedLines(layout, 0, layout.count - 1);
  const open = (state.unbalanced ?? unbalancedLines(layout, window.from, line))
    .filter((one) => one <= line && !state.mended.has(one))
    .reverse();
  const nearest = open[0];
  if (nearest !== undefined && nearest < window.from) {
    // A quote further left than what follows swallows it, up to the next quote of its kind.
    window = { from: seamBefore(layout, nearest, 0), to: sectionRound(layout, line).to };
  } else if (times === 1) window = narrowed(state, window, line);
  const unbalanced = open.filter((one) => one >= window.from).slice(0, 3);
  // What is left open further down is no judge of a repair here: it is set aside for the trial.
  const aside = unbalancedLines(layout, line + 1, window.to - 1)
    .filter((one) => !state.mended.has(one))
    .slice(0, 3)
    .map((one) => withoutValue(layout, one, reason));
  let best: { mends: readonly Mend[]; reached: number } | undefined;
  let tried = 0;
  for (const mends of candidates(layout, line, window.from, reason, unbalanced)) {
    if (tried++ >= candidateLimit) break;
    if (mends.every((one) => alreadyDone(state, one))) continue;
    const range = mends.reduce((wider, one) => widened(layout, wider, one), window);
    const part = patched(state, range.from, range.to, [...aside, ...mends]);
    const result = spend(state, part.text);
    if (result === undefined) break;
    const reached =
      result.events === undefined ? layout.lineAt(part.toSource(result.at)) : Number.POSITIVE_INFINITY;
    if (best === undefined || reached > best.reached) best = { mends, reached };
    if (reached === Number.POSITIVE_INFINITY) break;
  }
  if (best === undefined || best.reached < line) {
    escalate(state, line, 3, reason);
    return;
  }
  for (const one of best.mends) state.mended.set(one.line, one);
  state.sorted = undefined;
}

/** The parser may stop on a blank line or a comment; the line before it is meant then. */
function lineAtFault(layout: TextLayout, reported: number): number {
  const kind = layout.kind(reported);
  if (kind === 'content' || kind === 'marker') return reported;
  const before = layout.before(reported);
  return before === -1 ? Math.max(layout.after(reported), 0) : before;
}

function alreadyDone(state: State, mend: Mend): boolean {
  return state.mended.get(mend.line)?.edits.some((edit, index) => same(edit, mend.edits[index])) === true;
}

/** Where the lines before the reported one are in order, only what it opens itself is left to look at. */
function narrowed(state: State, window: Range, line: number): Range {
  if (window.to > line) return window;
  const part = patched(state, window.from, window.to);
  const result = spend(state, part.text);
  if (result?.events === undefined) return window;
  return {
    from: line,
    to: Math.max(line + 1, windowRound(state.layout, line).to, blockEnd(state.layout, line)),
  };
}

/** A line that is moved further left than the whole window has to fit into what is there. */
function widened(layout: TextLayout, window: Range, mend: Mend): Range {
  const { level } = mend;
  if (mend.to !== undefined && mend.to > window.to)
    return widened(layout, { from: window.from, to: sectionRound(layout, mend.to - 1).to }, mend);
  if (mend.line >= window.from && (level === undefined || level >= layout.indent(window.from))) return window;
  const floor = level ?? 0;
  let { from, to } = window;
  while (layout.before(from) !== -1 && (layout.indent(from) > floor || from > mend.line))
    from = layout.before(from);
  while (
    to < layout.count &&
    layout.kind(to) !== 'marker' &&
    !(layout.kind(to) === 'content' && layout.indent(to) <= floor)
  )
    to++;
  return { from, to };
}

/** Takes out more and more round a line that could not be mended. */
function escalate(state: State, line: number, times: number, reason: string): void {
  const { from, to } = damagedLines(state.layout, line, times);
  blank(state, from, Math.max(to, line + 1), times > 6 ? describe.tooMany() : describe.reason(reason));
}

function damagedLines(layout: TextLayout, line: number, times: number): Range {
  if (times <= 3) return { from: line, to: blockEnd(layout, line) };
  if (times === 4) return { from: Math.max(layout.before(line), 0), to: blockEnd(layout, line) };
  if (times === 5) return windowRound(layout, line);
  if (times === 6) return sectionRound(layout, line);
  return { from: times === 7 ? seamBefore(layout, line, 0) : 0, to: layout.count };
}

/** The last resort: of what is left, the top-level keys that can be read on their own. */
function keepSections(state: State, start: number): void {
  const { layout } = state;
  let from = start;
  for (let sections = 0; from < layout.count && sections < sectionLimit; sections++) {
    let to = from + 1;
    while (to < layout.count && !(layout.kind(to) === 'content' && layout.indent(to) === 0)) to++;
    const events = tryEvents(patched(state, from, to).text).events;
    // Neither what is broken nor what is no map can be between the keys.
    if (events === undefined || (events.length > 0 && events[1]?.type !== 3))
      blank(state, from, to, describe.tooMany());
    from = to;
  }
  if (from < layout.count) blank(state, from, layout.count, describe.tooMany());
}

/** Takes whole lines out, as one damage. */
function blank(state: State, from: number, to: number, reason: string): void {
  const { layout } = state;
  for (const line of state.mended.keys()) if (line >= from && line < to) state.mended.delete(line);
  const start = layout.contentStart(from);
  const end = Math.max(start, layout.end(to - 1));
  const edit = { start: layout.start(from), end, insert: blanksOf(state.text, layout.start(from), end) };
  const first = spanOf(layout, from);
  state.mended.set(from, {
    line: from,
    to,
    edits: [edit],
    damage: { span: { start, end }, at: first, reason },
  });
  state.sorted = undefined;
}

/** The text with everything but its line breaks made blank. */
function blanksOf(text: string, start: number, end: number): string {
  return text.slice(start, end).replace(/[^\r\n]+/g, (run) => ' '.repeat(run.length));
}

function patched(state: State, from: number, to: number, extra: readonly Mend[] = []): Patched {
  const { layout, text } = state;
  state.sorted ??= sortedEdits(state.mended.values());
  let edits = state.sorted;
  if (extra.length > 0) {
    const mended = new Map(state.mended);
    for (const one of extra) mended.set(one.line, one);
    edits = sortedEdits(mended.values());
  }
  return patch(text, layout.start(from), to >= layout.count ? text.length : layout.start(to), edits);
}

function sortedEdits(mends: Iterable<Mend>): Edit[] {
  const edits: Edit[] = [];
  for (const mend of mends) edits.push(...mend.edits);
  edits.sort((a, b) => a.start - b.start || a.end - b.end);
  // Where a whole block was taken out, edits inside it are gone with it.
  let end = -1;
  return edits.filter((edit) => {
    if (edit.start < end) return false;
    end = edit.end;
    return true;
  });
}

/**
 * The lines that a repair near this line has to fit into: the entry that holds it and the lines before it, one
 * level below the top-level keys. Where the line opens something further left, the window ends before it.
 */
function windowRound(layout: TextLayout, line: number): Range {
  let start = line;
  for (let step = 0; step < 3; step++) {
    const before = layout.before(start);
    // A top-level line and what is above it do not fit into one entry.
    if (before === -1 || (start !== line && layout.indent(start) === 0)) break;
    start = before;
  }
  const from = entryOf(layout, start);
  const floor = layout.indent(from);
  let to = from + 1;
  for (let next = layout.after(from); ; next = layout.after(next)) {
    if (next === -1) return { from, to: endOfDocument(layout, to) };
    if (next - from > windowLines || layout.end(next) - layout.start(from) > windowLength) break;
    to = next;
    if (layout.indent(next) < floor && next >= line) break;
    if (layout.indent(next) === floor && layout.before(next) > line) break;
  }
  return { from, to: Math.max(to, from + 1) };
}

/** The line that a line's entry starts with: the last one before it that is on the second level or further left. */
function entryOf(layout: TextLayout, line: number): number {
  const section = sectionOf(layout, line);
  const first = layout.after(section);
  const level = first === -1 ? 0 : layout.indent(first);
  let from = line;
  for (let at = line, steps = 0; at !== -1 && steps < windowLines; at = layout.before(at), steps++) {
    from = at;
    if (layout.indent(at) <= level) break;
  }
  return from;
}

/** The lines of a line and of all that belongs to its top-level key, from the key that holds the lines before it. */
function sectionRound(layout: TextLayout, line: number): Range {
  const from = seamBefore(layout, line, 0);
  let to = layout.after(line);
  while (to !== -1 && layout.indent(to) > 0) to = layout.after(to);
  return { from, to: to === -1 ? endOfDocument(layout, line) : to };
}

/** The line behind the last one of the document that a line is in. */
function endOfDocument(layout: TextLayout, line: number): number {
  let to = line + 1;
  while (to < layout.count && layout.kind(to) !== 'marker') to++;
  return to;
}

/** The top-level line that a line belongs to. */
function sectionOf(layout: TextLayout, line: number): number {
  let section = line;
  for (let at = line; at !== -1; at = layout.before(at)) {
    section = at;
    if (layout.indent(at) === 0) break;
  }
  return section;
}

/** The line behind a line and everything indented deeper. */
function blockEnd(layout: TextLayout, line: number): number {
  const indent = layout.indent(line);
  let last = line;
  for (let at = layout.after(line); at !== -1 && layout.indent(at) > indent; at = layout.after(at)) last = at;
  return last + 1;
}

function spanOf(layout: TextLayout, line: number): Span {
  const start = layout.contentStart(line);
  return { start, end: Math.max(start, layout.contentEnd(line)) };
}

/** An editor cannot underline nothing. */
function visible(text: string, at: Span): Span {
  if (at.end > at.start) return at;
  return at.start < text.length
    ? { start: at.start, end: at.start + 1 }
    : { start: Math.max(0, at.start - 1), end: at.start };
}

function same(a: Edit, b: Edit | undefined): boolean {
  return b !== undefined && a.start === b.start && a.end === b.end && a.insert === b.insert;
}

function ledBack({ span, at, reason, mend }: Damage, source: (offset: number) => number): Damage {
  const back = ({ start, end }: Span): Span => ({ start: source(start), end: source(end) });
  return {
    span: back(span),
    at: back(at),
    reason,
    ...(mend && { mend: { ...mend, edits: mend.edits.map((edit) => ({ ...edit, ...back(edit) })) } }),
  };
}

function finish(state: State, built: Built, replaced: Replaced | undefined): Recovered {
  const source = replaced?.toSource ?? ((offset: number) => offset);
  const original = replaced?.original ?? state.text;
  const all = [...state.damage];
  for (const { damage } of state.mended.values()) all.push({ ...damage, at: visible(state.text, damage.at) });
  if (replaced !== undefined) {
    for (const [index, one] of all.entries()) all[index] = ledBack(one, source);
    all.push(...replaced.damage);
  }
  all.sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  const damage: Damage[] = [];
  for (const one of all) {
    const last = damage.at(-1);
    // What lies inside a reported place is reported with it.
    if (last !== undefined && one.span.start < last.span.end) {
      if (one.span.end > last.span.end)
        damage[damage.length - 1] = { ...last, span: { start: last.span.start, end: one.span.end } };
    } else damage.push(one);
  }
  const inDamage = ({ start, end }: Span): boolean =>
    damage.some((one) => one.span.start < end && start < one.span.end);
  return {
    ...built,
    damage,
    // Some of the copy's characters were replaced, in comments too.
    comments: built.comments.map(({ span }) => ({ span, text: original.slice(span.start, span.end) })),
    duplicateKeys: built.duplicateKeys.filter(
      ({ first, later }) => !inDamage(first.key.span) && !inDamage(later.key.span),
    ),
    unknownAliases: built.unknownAliases.filter((alias) => !inDamage(alias.span)),
  };
}
