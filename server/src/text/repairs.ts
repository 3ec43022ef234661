// Which repairs are worth trying where the parser stopped. It often stops on the line after the mistake, so the
// two lines before it are suspects too, and so is every line of the entry that opens what it does not close.
import { balance, closersOf, keyShape, type TextLayout } from './layout.ts';
import type { Edit } from './patch.ts';
import { describe } from './reasons.ts';
import type { Damage } from './tree.ts';
import { tryEvents } from './yaml-events.ts';

/** Longer lines are not looked at character by character. */
const longest = 5_000;

/** What a line needs to hold to be out of balance, or to open a block scalar. */
const telling = /["'[\]{}|>]/;

/** One line mended, or several taken out. */
export interface Mend {
  readonly line: number;
  /** The line behind the last one, where it is more than one. */
  readonly to?: number;
  readonly edits: readonly Edit[];
  readonly damage: Damage;
  /** The column that the line was moved to. */
  readonly level?: number;
}

/**
 * The repairs to try, the likeliest first.
 * @param line where the parser stopped, a line with content
 * @param from the first line that may be at fault
 * @param reason in the parser's words
 * @param unbalanced what `unbalancedLines` found up to this line
 */
export function* candidates(
  layout: TextLayout,
  line: number,
  from: number,
  reason: string,
  unbalanced: readonly number[],
): Generator<readonly Mend[]> {
  const before = layout.before(line);
  const twoBefore = before === -1 ? -1 : layout.before(before);
  const suspects = [before, line, twoBefore].filter((one) => one >= from);
  const done = new Set<number>();

  for (const suspect of suspects) yield* aliasAsKey(layout, suspect);
  for (const suspect of [before, line]) if (suspect >= from) yield* withoutJunk(layout, suspect);
  for (const suspect of unbalanced) {
    done.add(suspect);
    yield* linesTooFarLeft(layout, suspect);
    if (suspect !== before && suspect !== line) yield* withoutJunk(layout, suspect);
    yield* closings(layout, suspect);
    yield [withoutValue(layout, suspect, describe.reason(reason))];
  }
  for (const suspect of [line, before])
    if (suspect >= from && layout.tabbed(suspect))
      for (const level of levelsFor(layout, suspect))
        yield [reindented(layout, suspect, level, describe.tab())];
  for (const suspect of [...suspects, ...oddLines(layout, from, twoBefore)])
    yield* wordRepairs(layout, suspect, from);
  for (const suspect of suspects) {
    if (done.has(suspect) || isContinuation(layout, suspect, from)) continue;
    const content = layout.content(suspect);
    const alone = content.length > 2000 ? undefined : tryEvents(content);
    if (alone === undefined || alone.events !== undefined) continue;
    done.add(suspect);
    yield [withoutValue(layout, suspect, describe.reason(alone.reason))];
    yield [withoutContent(layout, suspect, describe.reason(alone.reason))];
  }
  yield* indentRepairs(layout, line, before, from);
  for (const suspect of [line, before, twoBefore]) {
    if (suspect < from || done.has(suspect)) continue;
    yield [withoutValue(layout, suspect, describe.reason(reason))];
    yield [withoutContent(layout, suspect, describe.reason(reason))];
  }
}

/** The lines that open a quote or a bracket which no deeper line closes, or close what is not open. */
export function unbalancedLines(layout: TextLayout, from: number, to: number): number[] {
  const found: number[] = [];
  for (let line = from; line <= to; line++) {
    const content = layout.content(line);
    if (content.length > longest || !telling.test(content) || layout.kind(line) !== 'content') continue;
    const { open, quote, stray, missing } = balance(content);
    if (open.length === 0 && quote === undefined && stray === -1 && missing === undefined) {
      if (/[|>][-+0-9]*\s*(?:#.*)?$/s.test(content) && keyShape(content)?.opens)
        line = lastOfBlock(layout, line);
      continue;
    }
    const last = stray === -1 && missing === undefined ? closedOn(layout, line) : undefined;
    if (last === undefined) found.push(line);
    else line = last;
  }
  return found;
}

/** The last line of the block scalar that this line's `|` or `>` opens. */
function lastOfBlock(layout: TextLayout, line: number): number {
  const indent = layout.indent(line);
  let last = line;
  for (let at = layout.after(line); at !== -1 && layout.indent(at) > indent; at = layout.after(at)) last = at;
  return last;
}

/** The line on which everything that a line opens is closed; undefined where a line that is not deeper comes first. */
function closedOn(layout: TextLayout, line: number): number | undefined {
  const indent = layout.indent(line);
  let joined = layout.content(line);
  for (let at = layout.after(line), steps = 0; at !== -1 && steps < 50; at = layout.after(at), steps++) {
    const content = layout.content(at);
    if (layout.indent(at) < indent || (layout.indent(at) === indent && !/^[\]}]/.test(content)))
      return undefined;
    joined += `\n${content}`;
    if (joined.length > longest) return undefined;
    const { open, quote, stray } = balance(joined);
    if (stray !== -1) return undefined;
    if (open.length === 0 && quote === undefined)
      return tryEvents(joined).events === undefined ? undefined : at;
  }
  return undefined;
}

/** Closes what a line leaves open, or takes out the closer that is too many. */
function* closings(layout: TextLayout, line: number): Generator<readonly Mend[]> {
  const content = layout.content(line);
  const start = layout.contentStart(line);
  const { open, quote, stray, missing, length } = balance(content);
  if (missing !== undefined) {
    const at = { start: start + missing.opener, end: start + missing.at };
    const edit = { start: at.end, end: at.end, insert: missing.closers };
    const rest = closersOf(open);
    const edits = rest === '' ? [edit] : [edit, { start: start + length, end: start + length, insert: rest }];
    yield [mendOf(layout, line, edits, at, describe.bracket(content[missing.opener] ?? ''))];
  }
  if (stray !== -1) {
    const at = { start: start + stray, end: start + stray + 1 };
    yield [mendOf(layout, line, [{ ...at, insert: ' ' }], at, describe.stray(content[stray] ?? ''))];
    return;
  }
  const first = quote === undefined ? open[0] : quote;
  if (first === undefined) return;
  const closers = closersOf(open);
  const at = { start: start + first.at, end: start + content.length };
  const reason = quote === undefined ? describe.bracket(content[first.at] ?? '') : describe.quote();
  if (quote === undefined) {
    const end = start + length;
    yield [mendOf(layout, line, [{ start: end, end, insert: closers }], at, reason)];
    return;
  }
  // The quote may have been meant to end at the next comma or closing bracket.
  const rest = content.slice(quote.at + 1);
  const stop = open.length === 0 ? -1 : rest.search(/(?<!\s)\s*[,\]}]/);
  if (stop !== -1) {
    const end = start + quote.at + 1 + stop;
    const closed = `${content.slice(0, quote.at + 1 + stop)}${quote.mark}${content.slice(quote.at + 1 + stop)}`;
    const after = balance(closed);
    if (after.quote === undefined) {
      const more = closersOf(after.open);
      const edits = [{ start: end, end, insert: quote.mark }];
      if (more !== '')
        edits.push({ start: start + content.length, end: start + content.length, insert: more });
      yield [mendOf(layout, line, edits, at, reason)];
    }
  }
  const comment = rest.search(/(?<!\s)\s+#/);
  const end = start + (comment === -1 ? content.length : quote.at + 1 + comment);
  // An escape at the end would take the closing quote with it.
  const escaped = quote.mark === '"' && content.slice(quote.at, end - start).includes('\\');
  if (!escaped) yield [mendOf(layout, line, [{ start: end, end, insert: quote.mark + closers }], at, reason)];
}

/** Moves lines to the right that are inside a bracket, and no deeper than the line that opens it. */
function* linesTooFarLeft(layout: TextLayout, line: number): Generator<readonly Mend[]> {
  const content = layout.content(line);
  const start = layout.contentStart(line);
  const indent = layout.indent(line);
  const { open, quote, stray } = balance(content);
  const [first] = open;
  if (first === undefined || quote !== undefined || stray !== -1) return;
  let joined = content;
  const edits: Edit[] = [];
  let firstLeft = -1;
  for (let at = layout.after(line), steps = 0; at !== -1 && steps < 50; at = layout.after(at), steps++) {
    const next = layout.content(at);
    const ended = balance(joined).length;
    // Only what goes on where the line before broke off is inside the bracket.
    if (!/[,[{]$/.test(joined.slice(0, ended)) && !/^[\]},]/.test(next)) return;
    if (layout.indent(at) <= indent) {
      if (layout.tabbed(at)) return;
      if (firstLeft === -1) firstLeft = at;
      const depth = indent + (/^[\]}]/.test(next) ? 1 : layout.unit);
      edits.push({ start: layout.start(at), end: layout.contentStart(at), insert: ' '.repeat(depth) });
    }
    joined += `\n ${next}`;
    if (joined.length > longest) return;
    const now = balance(joined);
    if (now.stray !== -1) return;
    if (now.open.length > 0 || now.quote !== undefined) continue;
    if (firstLeft === -1) return;
    const from = layout.contentStart(firstLeft);
    const reason = describe.left(content[first.at] ?? '', line + 1);
    const damage = {
      span: { start, end: layout.contentEnd(at) },
      at: { start: from, end: layout.contentEnd(firstLeft) },
      reason,
      mend: { kind: 'column' as const, edits },
    };
    yield [{ line, to: at + 1, edits, damage, level: layout.indent(firstLeft) }];
    return;
  }
}

/** Gives `*name:` the blank without which the `:` is part of the alias. */
function* aliasAsKey(layout: TextLayout, line: number): Generator<readonly Mend[]> {
  const content = layout.content(line);
  if (content.length > 2000) return;
  const match = /^((?:- +)*)\*([\w.-]+):(?=\s|$)/.exec(content);
  const name = match?.[2];
  if (match === null || name === undefined || !hasAnchor(layout, name, line)) return;
  const start = layout.contentStart(line) + (match[1] ?? '').length;
  const colon = start + 1 + name.length;
  const edits = [{ start: colon, end: colon, insert: ' ' }];
  const { damage, ...mend } = mendOf(layout, line, edits, { start, end: colon + 1 }, describe.aliasKey(name));
  yield [{ ...mend, damage: { ...damage, mend: { kind: 'alias', edits } } }];
}

/** Whether an anchor of this name is above a line. */
function hasAnchor(layout: TextLayout, name: string, line: number): boolean {
  const text = layout.text.slice(0, layout.start(line));
  for (let at = text.indexOf(`&${name}`); at !== -1; at = text.indexOf(`&${name}`, at + 1))
    if (/^(?:\s|$)/.test(text.slice(at + 1 + name.length, at + 2 + name.length))) return true;
  return false;
}

/** Takes out a stray character before a key: `*cm01:`, `"cm01:`. */
function* withoutJunk(layout: TextLayout, line: number): Generator<readonly Mend[]> {
  const content = layout.content(line);
  if (content.length > 2000 || keyShape(content) !== undefined) return;
  const junk = /^(?!- )[^\w\s#]+\s*(?=[\w.-]+:(?:\s|$))/.exec(content);
  if (junk === null) return;
  const start = layout.contentStart(line);
  const at = { start, end: start + junk[0].length };
  const name = /^[\w.-]+/.exec(content.slice(junk[0].length))?.[0] ?? '';
  const reason = junk[0] === '*' ? describe.noAnchor(name) : describe.reason('');
  const current = layout.indent(line);
  const likely = levelsFor(layout, line, content.slice(junk[0].length));
  const before = layout.before(line);
  const allowed = [...likely, ...levelsAbove(layout, line)];
  if (before !== -1 && keyShape(layout.content(before))?.opens)
    allowed.push(layout.indent(before) + layout.unit);
  // With blanks behind it, the character took the place of one of the blanks before the key.
  const column = junk[0].trimEnd() === junk[0] ? current : current + junk[0].length;
  const levels = [...allowed.filter((level) => Math.abs(level - column) <= 1), ...likely, current];
  for (const level of levels.filter((one, index) => levels.indexOf(one) === index).slice(0, 3)) {
    const edit = { start: layout.start(line), end: at.end, insert: ' '.repeat(level) };
    yield [{ ...mendOf(layout, line, [edit], at, reason), level }];
  }
}

/** Lines above that should be pairs and are not, nearest first, three at most. */
function oddLines(layout: TextLayout, from: number, until: number): number[] {
  const found: number[] = [];
  if (until < from) return found;
  for (let at = layout.before(until), steps = 0; at >= from && found.length < 3 && steps < 60; steps++) {
    const content = layout.content(at);
    const next = layout.after(at);
    if (
      content.length < 200 &&
      /^[\w.-]+(?:$|:\S|\s)/.test(content) &&
      keyShape(content) === undefined &&
      layout.indent(next) > layout.indent(at) &&
      !isContinuation(layout, at, from)
    )
      found.push(at);
    at = layout.before(at);
  }
  return found;
}

/** Repairs for a line that is neither a pair nor a list entry, or would be a pair but for a character or two. */
function* wordRepairs(layout: TextLayout, line: number, from: number): Generator<readonly Mend[]> {
  const content = layout.content(line);
  if (content.length > 2000) return;
  const start = layout.contentStart(line);
  const colons = /^((?:- +)*[\w.-]+)\s*(::+|:\s+:+)(?:\s|$)/.exec(content);
  if (colons !== null) {
    const at = start + (colons[1]?.length ?? 0);
    const extra = colons[2]?.length ?? 0;
    const edit = { start: at, end: at + extra, insert: ':'.padEnd(extra, ' ') };
    yield [mendOf(layout, line, [edit], edit, describe.colons())];
    return;
  }
  if (keyShape(content) !== undefined) return;
  const { length } = balance(content);
  const next = layout.after(line);
  const opens = next !== -1 && layout.indent(next) > layout.indent(line);
  const whole = { start, end: start + content.length };
  const dashes = /^(?:- +)+/.exec(content)?.[0].length ?? 0;
  if (/^[-?](?:\s|$)/.test(content) && dashes === 0) return;
  const rest = content.slice(dashes);
  const tight = /^([\w.-]+):(?=\S)/.exec(rest);
  const loose = /^([\w.-]+)[ \t]+\S/.exec(rest);
  // A list entry may be any text, unless what follows is as if it were a map.
  if (
    dashes > 0 &&
    (next === -1 || layout.indent(next) !== layout.indent(line) + dashes || !/^[\w.-]+/.test(rest))
  )
    return;
  if (tight === null && isContinuation(layout, line, from) && !/^[\w.-]+$/.test(content)) return;
  if (tight !== null) {
    const at = start + dashes + tight[0].length;
    const reason = /[\]}]/.test(rest.charAt(tight[0].length))
      ? describe.stray(rest.charAt(tight[0].length))
      : describe.space();
    const spaced = mendOf(
      layout,
      line,
      [{ start: at, end: at, insert: ' ' }],
      { start: at - 1, end: at },
      reason,
    );
    const bare = mendOf(
      layout,
      line,
      [{ start: at, end: whole.end, insert: ' '.repeat(whole.end - at) }],
      { start: at, end: whole.end },
      reason,
    );
    if (opens && dashes === 0) yield [bare];
    yield [spaced];
    if (!opens) yield [bare];
  } else if (loose !== null) {
    const at = start + dashes + (loose[1]?.length ?? 0);
    const edits = [{ start: at, end: at, insert: ':' }];
    if (opens && dashes === 0)
      edits.push({ start: at, end: start + length, insert: ' '.repeat(start + length - at) });
    yield [mendOf(layout, line, edits, whole, describe.word(content))];
  } else if (opens && length > 0 && dashes === 0) {
    const at = start + length;
    yield [mendOf(layout, line, [{ start: at, end: at, insert: ':' }], whole, describe.word(content))];
  }
  yield [withoutContent(layout, line, describe.word(content))];
}

/** Whether a line may be the further text of a scalar that began above. */
function isContinuation(layout: TextLayout, line: number, from: number): boolean {
  const before = layout.before(line);
  return (
    before >= from &&
    layout.indent(before) < layout.indent(line) &&
    keyShape(layout.content(before))?.opens === false
  );
}

/** Repairs for lines that start in the wrong column. */
function* indentRepairs(
  layout: TextLayout,
  line: number,
  before: number,
  from: number,
): Generator<readonly Mend[]> {
  const indent = layout.indent(line);
  const stack = levelsAbove(layout, line);
  const suspects: number[] = [];
  const owner = shallowerAbove(layout, line);
  const firstHeld = owner === -1 ? -1 : layout.after(owner);
  if (firstHeld !== -1 && firstHeld < line) {
    // The first line of this block set a column that no other line keeps to.
    const over = layout.indent(firstHeld) - indent;
    if (over > 0 && indent % layout.unit === 0 && over % layout.unit !== 0)
      yield [reindented(layout, firstHeld, indent, describe.indent(layout.indent(firstHeld)))];
  }
  if (owner !== -1 && owner !== before && keyShape(layout.content(owner))?.opens) {
    // What it holds is indented as if it began where this line does.
    const held = layout.indent(layout.after(owner));
    const above = layout.before(owner);
    const opened =
      above !== -1 && keyShape(layout.content(above))?.opens === true && layout.indent(above) < indent;
    const fits = opened || levelsAbove(layout, owner).includes(indent);
    if (held >= indent + layout.unit && held % layout.unit === 0 && fits)
      yield [reindented(layout, owner, indent, describe.indent(layout.indent(owner)))];
  }
  if (
    before >= from &&
    !levelsAbove(layout, before).includes(layout.indent(before)) &&
    !opensBefore(layout, before)
  )
    suspects.push(before);
  if (
    before !== -1 &&
    indent > layout.indent(before) &&
    levelsAbove(layout, before).includes(indent) &&
    before >= from
  ) {
    // The block of this line was interrupted by the one before, which is too far left.
    yield [reindented(layout, before, indent, describe.indent(layout.indent(before)))];
    if (!suspects.includes(line)) suspects.push(line);
  } else if (!stack.includes(indent) || indent > (stack[0] ?? 0)) suspects.unshift(line);
  if (before >= from && !suspects.includes(before)) suspects.push(before);
  // A line whose indentation is no multiple of the usual step is the likelier culprit.
  const odd = (one: number): number => (layout.indent(one) % layout.unit === 0 ? 1 : 0);
  suspects.sort((a, b) => odd(a) - odd(b));
  for (const suspect of suspects)
    for (const level of levelsFor(layout, suspect))
      yield [reindented(layout, suspect, level, describe.indent(layout.indent(suspect)))];
}

/** The nearest line above that is further left; -1 where there is none. */
function shallowerAbove(layout: TextLayout, line: number): number {
  const indent = layout.indent(line);
  let at = layout.before(line);
  for (let steps = 0; at !== -1 && steps < 400 && layout.indent(at) >= indent; steps++)
    at = layout.before(at);
  return at;
}

function opensBefore(layout: TextLayout, line: number): boolean {
  const before = layout.before(line);
  return (
    before !== -1 &&
    layout.indent(before) < layout.indent(line) &&
    keyShape(layout.content(before))?.opens === true
  );
}

/** The columns in which a line after this place may start, deepest first: those of the blocks that are open there. */
function levelsAbove(layout: TextLayout, line: number): number[] {
  const levels: number[] = [];
  let steps = 0;
  for (let at = layout.before(line); at !== -1 && steps < 400; at = layout.before(at), steps++) {
    if (layout.tabbed(at)) continue;
    const indent = layout.indent(at);
    const lowest = levels.at(-1);
    if (lowest !== undefined && indent >= lowest) continue;
    const dashes = /^(?:- +)+(?=\S)/.exec(layout.content(at))?.[0].length ?? 0;
    if (dashes > 0 && (lowest === undefined || indent + dashes < lowest)) levels.push(indent + dashes);
    levels.push(indent);
    if (indent === 0) break;
  }
  // The first line of a document starts it.
  return levels.length > 0 ? levels : [0];
}

/** The columns a line was probably meant to start in, the likeliest first. */
function levelsFor(layout: TextLayout, line: number, content = layout.content(line)): number[] {
  const stack = levelsAbove(layout, line);
  const current = layout.tabbed(line) ? -1 : layout.indent(line);
  const before = layout.before(line);
  const next = layout.after(line);
  const nextIndent = next === -1 || layout.tabbed(next) ? -1 : layout.indent(next);
  const shape = keyShape(content);
  const levels: number[] = [];
  const usual = shape === undefined ? undefined : usualColumn(layout, line, shape.name);
  if (
    usual !== undefined &&
    (stack.includes(usual) || (before !== -1 && usual === layout.indent(before) + layout.unit))
  )
    levels.push(usual);
  const dashes = /^(?:- +)+/.exec(content)?.[0].length ?? 0;
  const parent = nextIndent === -1 ? undefined : stack.find((level) => level < nextIndent);
  const opener =
    before !== -1 && keyShape(layout.content(before))?.opens === true ? layout.indent(before) : undefined;
  const afterOpener = opener !== undefined && nextIndent > opener;
  const sibling = afterOpener || stack.includes(nextIndent) ? nextIndent : undefined;
  const beforeDashes = nextIndent - dashes;
  if (
    dashes > 0 &&
    shape !== undefined &&
    (stack.includes(beforeDashes) || (opener !== undefined && beforeDashes >= opener))
  )
    levels.push(beforeDashes);
  else if (shape?.opens) {
    const repeats = repeatsKey(layout, next, line);
    const distance = (level: number): number => (current === -1 ? 0 : Math.abs(level - current));
    const between = before !== -1 && !layout.tabbed(before) && layout.indent(before) === sibling;
    const first =
      afterOpener && (current === -1 || parent === undefined || distance(nextIndent) <= distance(parent));
    // Between two lines that are two steps apart there is room for one that opens the second.
    if (opener !== undefined && nextIndent === opener + 2 * layout.unit) levels.push(opener + layout.unit);
    else if (sibling !== undefined && (between || first) && !repeats) levels.push(sibling);
    else if (current === -1 && nextIndent < (stack[0] ?? 0) && !repeats)
      levels.push(opener === undefined ? (stack[0] ?? 0) : opener + layout.unit);
    else if (current !== -1 && nextIndent < current && !repeats)
      levels.push(...[...stack].sort((a, b) => distance(a) - distance(b) || b - a).slice(0, 1));
    if (parent !== undefined) levels.push(parent);
    if (sibling !== undefined) levels.push(sibling);
  } else if (afterOpener) levels.push(nextIndent);
  else if (sibling !== undefined && nextIndent === stack[0]) levels.push(nextIndent);
  const near = current === -1 ? (stack[0] ?? 0) : current;
  const others = [...stack].sort((a, b) => Math.abs(a - near) - Math.abs(b - near) || b - a);
  const all = [...levels, ...others];
  return all.filter((level, index) => level !== current && all.indexOf(level) === index).slice(0, 3);
}

/** The column in which this key mostly is in the lines round this one; undefined where it is nowhere else. */
function usualColumn(layout: TextLayout, line: number, name: string): number | undefined {
  const columns = new Map<number, number>();
  let best: number | undefined;
  const last = Math.min(layout.count, line + 1000);
  for (let at = Math.max(0, line - 1000); at < last; at++) {
    const start = layout.contentStart(at);
    if (at === line || !layout.text.startsWith(name, start) || layout.text[start + name.length] !== ':')
      continue;
    if (layout.tabbed(at)) continue;
    const column = layout.indent(at);
    const times = (columns.get(column) ?? 0) + 1;
    columns.set(column, times);
    if (best === undefined || times > (columns.get(best) ?? 0)) best = column;
  }
  return best;
}

/** Whether a line's key is already in the block that ends above `line`: then it starts another block. */
function repeatsKey(layout: TextLayout, next: number, line: number): boolean {
  const name = next === -1 ? undefined : keyShape(layout.content(next))?.name;
  if (name === undefined) return false;
  const indent = layout.indent(next);
  let steps = 0;
  for (let at = layout.before(line); at !== -1 && steps < 200; at = layout.before(at), steps++) {
    if (layout.indent(at) < indent) return false;
    if (layout.indent(at) === indent && keyShape(layout.content(at))?.name === name) return true;
  }
  return false;
}

function reindented(layout: TextLayout, line: number, level: number, reason: string): Mend {
  const start = layout.start(line) + (layout.text.charCodeAt(layout.start(line)) === 0xfeff ? 1 : 0);
  const edit = { start, end: layout.contentStart(line), insert: ' '.repeat(level) };
  const content = layout.content(line);
  const shape = keyShape(content);
  const first = layout.contentStart(line);
  const at = layout.tabbed(line)
    ? { start, end: first }
    : { start: first, end: first + (shape === undefined ? content.length : shape.keyEnd) };
  return { ...mendOf(layout, line, [edit], at, reason), level };
}

/** Keeps the key, or the `- `, and takes out what comes after it. */
export function withoutValue(layout: TextLayout, line: number, reason: string): Mend {
  const content = layout.content(line);
  const start = layout.contentStart(line);
  const shape = keyShape(content);
  const dashes = /^(?:- +)+/.exec(content)?.[0].length ?? 0;
  const keep = shape?.valueStart ?? dashes;
  const value = { start: start + keep, end: start + content.length };
  const edit = { ...value, insert: ' '.repeat(value.end - value.start) };
  return mendOf(layout, line, [edit], value.end > value.start ? value : { start, end: value.end }, reason);
}

/** Takes out the whole line; a list entry keeps its place with its `-`. */
function withoutContent(layout: TextLayout, line: number, reason: string): Mend {
  const content = layout.content(line);
  const start = layout.contentStart(line);
  const keep = /^-(?= )/.test(content) ? 1 : 0;
  const end = start + content.length;
  const edit = { start: start + keep, end, insert: ' '.repeat(end - start - keep) };
  return mendOf(layout, line, [edit], { start, end }, reason);
}

function mendOf(
  layout: TextLayout,
  line: number,
  edits: readonly Edit[],
  at: { start: number; end: number },
  reason: string,
): Mend {
  const start = layout.contentStart(line);
  const span = {
    start: Math.min(start, at.start),
    end: Math.max(start + layout.content(line).length, at.end),
  };
  return { line, edits, damage: { span, at: { start: at.start, end: at.end }, reason } };
}
