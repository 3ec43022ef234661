// Characters that look like those of YAML and are none: the no-break spaces of pages and mails that somebody copied
// from, the full-width colon of Korean and Chinese keyboards. YAML takes them for text, and what comes out is a key
// that nobody wrote, or an error somewhere below. What was meant is certain, so it is read so, and reported.
import type { Event } from 'js-yaml';
import { keyShape, layoutOf, type TextLayout } from './layout.ts';
import { type Edit, type Patched, patch } from './patch.ts';
import { describe } from './reasons.ts';
import type { Damage, Span } from './tree.ts';

/** A text with look-alikes replaced, and where they were. */
export interface Replaced extends Patched {
  /** The text as it was written. */
  readonly original: string;
  readonly damage: readonly Damage[];
}

/** A space of Unicode that is none for YAML, or a full-width colon. */
const lookAlike = /(?! )\p{Zs}|\uff1a/gu;
const odd = /(?! )\p{Zs}/u;
const everyOdd = /(?! )\p{Zs}/gu;
/** The blanks that a line begins with, and those behind its dashes. */
const leading = /^\ufeff?[\t\p{Zs}]*(?:-[\t\p{Zs}]+)*/u;
/** A key that begins a line, with its colon of one kind or the other, and the blank directly behind it. */
const pair = /^(?:[\w.-]+|"[^"]*"|'[^']*')[ \t]*([:\uff1a])([\t\p{Zs}]?)/u;
/** A key of a flow map, up to its colon; what is quoted is blank by then. */
const flowKey = /^[ \t]*(?:[\w.-]+|"[^"]*")[ \t]*$/;
const blank = /[\t\p{Zs}]/u;
/** Longer lines are not looked at. */
const longest = 5_000;
const mostLines = 5_000;

/** The scalar events of plain text: the only ones that a look-alike can have become. */
const PLAIN = 1;
const SCALAR = 4;

/**
 * The text as it was meant; undefined where nothing in it is a look-alike.
 * @param events of the text, where it can be read as it is: then only what became plain text is replaced
 */
export function withoutLookAlikes(text: string, events: readonly Event[] | undefined): Replaced | undefined {
  if (text.search(lookAlike) === -1) return undefined;
  const layout = layoutOf(text);
  const textAt = events === undefined ? undefined : plainText(events);
  let within: Span | undefined;
  const damage: Damage[] = [];
  const edits: Edit[] = [];
  let done = -1;
  lookAlike.lastIndex = 0;
  for (let match = lookAlike.exec(text); match !== null; match = lookAlike.exec(text)) {
    const line = layout.lineAt(match.index);
    lookAlike.lastIndex = Math.max(layout.end(line), match.index + 1);
    if (line === done) continue;
    done = line;
    const found = editsOf(layout, line);
    const [first] = found;
    if (first === undefined || isInBlockScalar(layout, line)) continue;
    if (textAt !== undefined) {
      const plain = textAt(first.start);
      // A text of several lines is looked into where its first line is one of these.
      if (plain === undefined || (plain.start < layout.start(line) && plain !== within)) continue;
      within = plain;
    }
    edits.push(...found);
    damage.push(damageOf(text, found, first));
    if (damage.length >= mostLines) break;
  }
  lookAlike.lastIndex = 0;
  return damage.length === 0 ? undefined : { ...patch(text, 0, text.length, edits), original: text, damage };
}

function damageOf(text: string, edits: readonly Edit[], first: Edit): Damage {
  const code = text.charCodeAt(first.start);
  const at = { start: first.start, end: first.end };
  const isColon = code === 0xff1a;
  return {
    span: { start: first.start, end: edits.at(-1)?.end ?? first.end },
    at,
    reason: isColon ? describe.wideColon() : describe.oddSpace(code),
    mend: { kind: isColon ? 'colon' : 'space', edits },
  };
}

/** What to replace in a line so that it says what it seems to say. */
function editsOf(layout: TextLayout, line: number): Edit[] {
  const start = layout.start(line);
  const whole = layout.text.slice(start, layout.end(line));
  if (whole.length > longest) return [];
  const lead = leading.exec(whole)?.[0] ?? '';
  const rest = whole.slice(lead.length);
  const own = pair.exec(rest);
  const edits: Edit[] = [];
  if (odd.test(lead) && (own !== null || /^(?:$|#|[\]}])/.test(rest) || /-/.test(lead))) {
    for (const { index, 0: space } of lead.matchAll(everyOdd)) {
      const at = start + index;
      // The ideographic space is as wide as two.
      edits.push({ start: at, end: at + 1, insert: space === '\u3000' ? '  ' : ' ' });
    }
  }
  if (own !== null)
    edits.push(...colonEdits(rest, own[0].length - (own[2] ?? '').length - 1, start + lead.length));
  const masked = withoutQuotesAndComment(rest);
  let from = 0;
  for (let at = masked.indexOf('\uff1a'); at !== -1; at = masked.indexOf('\uff1a', from)) {
    const before = masked.slice(from, at);
    const opening = Math.max(before.lastIndexOf('{'), before.lastIndexOf(','));
    if (opening !== -1 && flowKey.test(before.slice(opening + 1)))
      edits.push(...colonEdits(masked, at, start + lead.length));
    from = at + 1;
  }
  return edits;
}

/** A colon in place of its look-alike, with a space behind it. */
function colonEdits(line: string, at: number, start: number): Edit[] {
  const [colon, next = ''] = [line[at], line[at + 1]];
  const end = start + at + 1;
  const isOdd = odd.test(next);
  if (colon === ':') return isOdd ? [{ start: end, end: end + 1, insert: ' ' }] : [];
  const isTight = next !== '' && !blank.test(next);
  return [{ start: end - 1, end: end + (isOdd ? 1 : 0), insert: isTight || isOdd ? ': ' : ':' }];
}

/** The same length, with what is quoted or a comment made blank. */
function withoutQuotesAndComment(line: string): string {
  let masked = '';
  let at = 0;
  // A quote that nothing closes is looked for once.
  let quotes = `"'`;
  while (at < line.length) {
    const char = line[at] ?? '';
    if (char === '#' && (at === 0 || /\s/.test(line[at - 1] ?? ''))) return masked.padEnd(line.length);
    const end = quotes.includes(char) ? closingQuote(line, at) : -1;
    if (end === -1) {
      quotes = quotes.replace(char, '');
      masked += char;
      at++;
    } else {
      masked += `"${' '.repeat(end - at - 1)}"`;
      at = end + 1;
    }
  }
  return masked;
}

/** Where the quoted text that begins at an offset ends, -1 where it does not. */
function closingQuote(line: string, start: number): number {
  if (line[start] === "'") return line.indexOf("'", start + 1);
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === '"') return at;
  }
  return -1;
}

/** Whether a line is text of a `|` or `>` above it. */
function isInBlockScalar(layout: TextLayout, line: number): boolean {
  let floor = layout.indent(line);
  for (let at = layout.before(line), steps = 0; at !== -1 && steps < 400; at = layout.before(at), steps++) {
    const indent = layout.indent(at);
    if (indent >= floor) continue;
    floor = indent;
    const content = layout.content(at);
    const [code = ''] = content.split(/\s#/, 1);
    if (/[|>][-+0-9]*\s*$/.test(code) && keyShape(content)?.opens) return true;
    if (floor === 0) return false;
  }
  return false;
}

/** The plain text that holds an offset. */
function plainText(events: readonly Event[]): (offset: number) => Span | undefined {
  const spans = events.flatMap((event) =>
    event.type === SCALAR && event.style === PLAIN && event.valueStart >= 0
      ? [{ start: event.valueStart, end: event.valueEnd }]
      : [],
  );
  return (offset) => {
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((spans[middle]?.start ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const last = spans[low - 1];
    return last !== undefined && offset < last.end ? last : undefined;
  };
}
