// Reads a text that is not YAML. The parser stops at the first mistake and says nothing about the rest, so each
// mistake is mended in a copy of the text: candidate repairs are tried on a few lines round it, the best is kept,
// and in the end the mended copy is parsed as a whole. What was mended is reported as damage; offsets are led back
// to the text as it was written.
import { type Built, buildTree } from './build-tree.ts';
import { type Layout, layoutOf } from './layout.ts';
import { type Edit, type Patched, patch } from './patch.ts';
import { prepare } from './prepare.ts';
import { describe } from './reasons.ts';
import { candidates, type Mend } from './repairs.ts';
import type { Damage, Span } from './tree.ts';
import { type Problem, tryEvents } from './yaml-events.ts';

export type Recovered = Built & { readonly damage: readonly Damage[] };

/** Lines that a candidate repair is tried on; a longer entry is cut there. */
const windowLines = 120;
const windowLength = 20_000;
/** Candidates that one problem may try before the best of them has to do. */
const candidateLimit = 10;

interface State {
  readonly text: string;
  readonly layout: Layout;
  /** What was mended, by line. */
  readonly mended: Map<number, Mend>;
  /** Damage that is no line's own: a merge conflict, a text that is not one. */
  readonly damage: Damage[];
  /** How often a line was reported again after it had been mended. */
  readonly again: Map<number, number>;
  sorted: readonly Edit[] | undefined;
  parses: number;
  /** Characters that may still be parsed. */
  left: number;
}

/** @param problem where the parser stopped */
export function recover(text: string, problem: Problem): Recovered {
  const layout = layoutOf(text);
  const prepared = prepare(layout);
  if (prepared === undefined) {
    const whole = { start: 0, end: text.length };
    const at = { start: 0, end: Math.min(text.length, layout.end(0)) };
    return {
      ...buildTree('', []),
      damage: [{ span: whole, at: at.end > 0 ? at : whole, reason: describe.binary }],
    };
  }
  const state: State = {
    text,
    layout,
    mended: prepared.mended,
    damage: prepared.damage,
    again: new Map(),
    sorted: undefined,
    parses: 200 + Math.floor(layout.count / 50),
    left: 3 * text.length + 2_000_000,
  };
  if (state.mended.size === 0) mend(state, layout.lineAt(problem.at), problem.reason);
  for (let attempt = 0; ; attempt++) {
    if (attempt > 0 || state.mended.size > 0) mendAll(state, attempt > 2);
    const whole = patched(state, 0, layout.count);
    const result = tryEvents(whole.text);
    if (result.events !== undefined) {
      const built = buildTree(whole.text, result.events, whole.toSource);
      return finish(state, built);
    }
    const line = layout.lineAt(whole.toSource(result.at));
    if (attempt < 2 && state.parses > 0 && state.left > 0) mend(state, line, result.reason);
    else if (attempt < 5)
      blank(state, attempt < 3 ? sectionOf(layout, line) : 0, layout.count, describe.tooMany);
    else
      return {
        ...buildTree('', []),
        damage: [
          { span: { start: 0, end: text.length }, at: spanOf(layout, line), reason: describe.tooMany },
        ],
      };
  }
}

/**
 * Mends problem after problem. After each, the check goes on from the entry that holds it, so that a text with
 * many problems is not read from its start each time.
 */
function mendAll(state: State, whole: boolean): void {
  const { layout } = state;
  let from = 0;
  let to = layout.count;
  while (from < layout.count) {
    const part = patched(state, from, to);
    const result = spend(state, part.text);
    if (result === undefined) {
      blank(state, from, layout.count, describe.tooMany);
      return;
    }
    if (result.events !== undefined) {
      from = to;
      to = layout.count;
      continue;
    }
    const line = clampLine(layout.lineAt(part.toSource(result.at)), from, to);
    mend(state, line, result.reason);
    if (whole) continue;
    const seam = seamBefore(layout, line, from);
    if (seam === undefined) continue;
    from = seam.from;
    to = Math.min(Math.max(seam.to, line + 1), layout.count);
  }
}

/** Where the check goes on after a problem: the entry that holds it, to the end of the block the entry stands in. */
function seamBefore(layout: Layout, line: number, from: number): { from: number; to: number } | undefined {
  let start = line;
  for (let step = 0; step < 3; step++) {
    const before = layout.before(start);
    if (before < from) return undefined;
    start = before;
  }
  const section = sectionOf(layout, start);
  if (section <= from) return undefined;
  return { from: section, to: layout.count };
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
  const line = layout.kind(reported) === 'content' ? reported : Math.max(layout.before(reported), 0);
  const times = (state.again.get(line) ?? 0) + 1;
  state.again.set(line, times);
  if (times > 1 || /maxDepth/.test(reason)) {
    escalate(state, line, times, reason);
    return;
  }
  const window = windowRound(layout, line);
  let best: { mends: readonly Mend[]; reached: number } | undefined;
  let tried = 0;
  for (const mends of candidates(layout, line, window.from, reason)) {
    if (tried++ >= candidateLimit) break;
    if (
      mends.some((one) =>
        state.mended.get(one.line)?.edits.some((edit, index) => same(edit, one.edits[index])),
      )
    )
      continue;
    const part = patched(state, window.from, window.to, mends);
    const result = spend(state, part.text);
    if (result === undefined) break;
    const reached =
      result.events === undefined ? layout.lineAt(part.toSource(result.at)) : Number.POSITIVE_INFINITY;
    if (best === undefined || reached > best.reached) best = { mends, reached };
    if (reached === Number.POSITIVE_INFINITY) break;
  }
  if (best === undefined || best.reached < line) {
    escalate(state, line, 2, reason);
    return;
  }
  for (const one of best.mends) state.mended.set(one.line, one);
  state.sorted = undefined;
}

/** Takes out more and more round a line that could not be mended. */
function escalate(state: State, line: number, times: number, reason: string): void {
  const { from, to } = damagedLines(state.layout, line, times);
  blank(state, from, Math.max(to, line + 1), times > 5 ? describe.tooMany : describe.reason(reason));
}

function damagedLines(layout: Layout, line: number, times: number): { from: number; to: number } {
  if (times <= 2) return { from: line, to: blockEnd(layout, line) };
  if (times === 3) return { from: Math.max(layout.before(line), 0), to: blockEnd(layout, line) };
  if (times === 4) return windowRound(layout, line);
  if (times > 5) return { from: 0, to: layout.count };
  const section = sectionOf(layout, line);
  return { from: section, to: blockEnd(layout, section) };
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

/** The lines that a repair near this line has to fit into: the entry that holds them. */
function windowRound(layout: Layout, line: number): { from: number; to: number } {
  let start = line;
  for (let step = 0; step < 3; step++) {
    const before = layout.before(start);
    if (before === -1) break;
    start = before;
  }
  const lowest = Math.min(layout.indent(line), layout.indent(start));
  const limit = Math.max(lowest, 2);
  let from = start;
  for (let at = start, steps = 0; at !== -1 && steps < windowLines; at = layout.before(at), steps++) {
    from = at;
    if (layout.indent(at) <= limit) break;
  }
  const floor = layout.indent(from);
  let to = line + 1;
  for (let steps = 0; steps < windowLines && to < layout.count; steps++, to++) {
    if (layout.kind(to) === 'marker') break;
    if (layout.kind(to) === 'content' && layout.indent(to) <= floor && layout.before(to) > line) break;
    if (layout.end(to) - layout.start(from) > windowLength) break;
  }
  // A line that stands further left than the whole window opens what comes after it.
  const next = layout.after(line);
  if (layout.indent(line) < floor) to = Math.min(to, line);
  else if (next !== -1 && next < to && layout.indent(next) < floor) to = next;
  return { from, to: Math.max(to, from + 1) };
}

/** The top-level line that a line belongs to. */
function sectionOf(layout: Layout, line: number): number {
  let section = line;
  for (let at = line; at !== -1; at = layout.before(at)) {
    section = at;
    if (layout.indent(at) === 0) break;
  }
  return section;
}

/** The line behind a line and everything indented deeper. */
function blockEnd(layout: Layout, line: number): number {
  const indent = layout.indent(line);
  let last = line;
  for (let at = layout.after(line); at !== -1 && layout.indent(at) > indent; at = layout.after(at)) last = at;
  return last + 1;
}

function spanOf(layout: Layout, line: number): Span {
  const start = layout.contentStart(line);
  return { start, end: Math.max(start, layout.contentEnd(line)) };
}

function clampLine(line: number, from: number, to: number): number {
  return Math.max(from, Math.min(line, to - 1));
}

function same(a: Edit, b: Edit | undefined): boolean {
  return b !== undefined && a.start === b.start && a.end === b.end && a.insert === b.insert;
}

function finish(state: State, built: Built): Recovered {
  const all = [...state.damage, ...[...state.mended.values()].map((mend) => mend.damage)];
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
    duplicateKeys: built.duplicateKeys.filter(
      ({ first, later }) => !inDamage(first.key.span) && !inDamage(later.key.span),
    ),
    unknownAliases: built.unknownAliases.filter((alias) => !inDamage(alias.span)),
  };
}
