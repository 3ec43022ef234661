// Comments that speak to the checker: `# cmtopo-disable-next-line CODE[, CODE] [-- reason]` and its kin.
// They come from the tree's comments only, so text inside a string never counts.
import { getOrAdd, groupBy } from '../collections.ts';
import type { Comment, Span, TextTree } from '../text/tree.ts';

export const DIRECTIVES = ['disable-next-line', 'disable-line', 'disable', 'enable'] as const;
export type DirectiveKind = (typeof DIRECTIVES)[number];

/** A rule code written in such a comment. */
export interface Mention {
  readonly code: string;
  readonly span: Span;
  readonly directive: Directive;
}

export interface Directive {
  /** Undefined where the word after `cmtopo-` is none of the known ones. */
  readonly kind: DirectiveKind | undefined;
  /** The word as written, such as `cmtopo-disable-line`. */
  readonly word: string;
  readonly wordSpan: Span;
  readonly comment: Comment;
  readonly mentions: readonly Mention[];
  /** What is behind `--`; empty where nothing does. */
  readonly reason: string;
  readonly line: number;
}

/** Lines, both ends inclusive, counted from 0. */
interface LineRange {
  readonly first: number;
  readonly last: number;
}

export interface Suppressions {
  readonly directives: readonly Directive[];
  /** Whether a finding of this rule that starts on this line (from 0) is silenced. */
  silences(code: string, line: number): boolean;
  /** Whether one mention in a comment silences a finding of its rule that starts on this line (from 0). */
  covers(mention: Mention, line: number): boolean;
  /**
   * The mentions that silence none of the findings (a `cmtopo-enable` that ends nothing is one of them).
   * @param linesOf the lines of a rule's findings, silenced or not, ascending; undefined where the rule did not run
   * @param unread lines with something that could not be read, ascending: nobody knows what a comment that
   *   covers one of them silences
   */
  unused(
    linesOf: (code: string) => readonly number[] | undefined,
    unread: readonly number[],
  ): readonly Mention[];
}

const COMMENT = /^#+[ \t]*(cmtopo-[A-Za-z-]*)(.*)$/s;

/** Reads one comment; undefined where it does not speak to the checker. */
function readDirective(comment: Comment, line: number): Directive | undefined {
  const match = COMMENT.exec(comment.text);
  if (!match) return undefined;
  const [, word = '', rest = ''] = match;
  const wordStart = comment.span.start + comment.text.indexOf(word);
  const restStart = wordStart + word.length;
  // A word that runs on (`cmtopo-disable:`) is no directive of ours, but is shown as a mistake.
  const known = DIRECTIVES.find((kind) => word === `cmtopo-${kind}`);
  const kind = rest === '' || /^[\s,]/.test(rest) ? known : undefined;
  const reason = /(^|\s)--(\s|$)/.exec(rest);
  const codes = reason ? rest.slice(0, reason.index) : rest;
  const mentions: Mention[] = [];
  const directive: Directive = {
    kind,
    word,
    wordSpan: { start: wordStart, end: restStart },
    comment,
    mentions,
    reason: reason ? rest.slice(reason.index + reason[0].length).trim() : '',
    line,
  };
  for (const found of codes.matchAll(/[^\s,]+/g)) {
    const start = restStart + found.index;
    mentions.push({ code: found[0], span: { start, end: start + found[0].length }, directive });
  }
  return directive;
}

/** Joins ranges that touch or overlap. */
function merge(ranges: readonly LineRange[]): LineRange[] {
  const merged: LineRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.first - b.first)) {
    const before = merged.at(-1);
    if (before && range.first <= before.last + 1)
      merged[merged.length - 1] = { first: before.first, last: Math.max(before.last, range.last) };
    else merged.push(range);
  }
  return merged;
}

/** The index of the first element that is not below `value`, by binary search. */
function lowerBound<T>(sorted: readonly T[], value: number, of: (item: T) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = sorted[middle];
    if (item !== undefined && of(item) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function hasLine(lines: readonly number[], { first, last }: LineRange): boolean {
  const line = lines[lowerBound(lines, first, (each) => each)];
  return line !== undefined && line <= last;
}

/** Those of a text without such a comment. */
const NO_SUPPRESSIONS: Suppressions = {
  directives: [],
  silences: () => false,
  covers: () => false,
  unused: () => [],
};

/** Reads the suppression comments of a text. */
export function readSuppressions(tree: TextTree): Suppressions {
  const { lines } = tree;
  const directives: Directive[] = [];
  for (const comment of tree.comments) {
    if (!comment.text.includes('cmtopo-')) continue;
    const directive = readDirective(comment, lines.positionAt(comment.span.start).line);
    if (directive) directives.push(directive);
  }
  if (directives.length === 0) return NO_SUPPRESSIONS;
  const lastLine = Math.max(0, lines.count - 1);

  /** By line: where comments that are stacked from there on end. */
  const ends = new Map<number, number>();
  /** The next line; lines that hold only a comment are passed over, so that comments can be stacked. */
  const nextLines = (line: number): LineRange => {
    const first = Math.min(line + 1, lastLine);
    const known = ends.get(first);
    if (known !== undefined) return { first, last: known };
    let last = first;
    while (last < lastLine && isCommentLine(tree, last)) last++;
    for (let each = first; each <= last; each++) ends.set(each, last);
    return { first, last };
  };

  const silenced = new Map<Mention, LineRange>();
  const open = new Map<string, Mention[]>();
  const idle: Mention[] = [];
  for (const directive of directives) {
    const { kind, line } = directive;
    if (kind === 'enable' && directive.mentions.length === 0) {
      for (const begun of open.values()) for (const mention of begun) close(mention, line);
      open.clear();
    }
    for (const mention of directive.mentions) {
      const begun = open.get(mention.code);
      if (kind === 'disable-line') silenced.set(mention, { first: line, last: line });
      else if (kind === 'disable-next-line') silenced.set(mention, nextLines(line));
      else if (kind === 'disable') {
        getOrAdd(open, mention.code, () => []).push(mention);
      } else if (kind === 'enable') {
        if (begun) for (const opener of begun) close(opener, line);
        else idle.push(mention);
        open.delete(mention.code);
      }
    }
  }
  for (const begun of open.values()) for (const mention of begun) close(mention, lastLine + 1);

  function close(mention: Mention, endLine: number) {
    silenced.set(mention, { first: mention.directive.line, last: endLine - 1 });
  }

  const byCode = new Map(
    [...groupBy(silenced, ([{ code }]) => code)].map(([code, ranges]) => [
      code,
      merge(ranges.map(([, range]) => range)),
    ]),
  );

  return {
    directives,
    silences(code, line) {
      const ranges = byCode.get(code);
      const range = ranges?.[lowerBound(ranges, line, (item) => item.last)];
      return range !== undefined && range.first <= line;
    },
    covers(mention, line) {
      const range = silenced.get(mention);
      return range !== undefined && range.first <= line && line <= range.last;
    },
    unused(linesOf, unread) {
      const unused = idle.filter((mention) => linesOf(mention.code) !== undefined);
      for (const [mention, range] of silenced) {
        const found = linesOf(mention.code);
        if (!found) continue;
        if (!hasLine(found, range) && !hasLine(unread, range)) unused.push(mention);
      }
      return unused.sort((a, b) => a.span.start - b.span.start);
    },
  };
}

function isCommentLine(tree: TextTree, line: number): boolean {
  const span = tree.lines.span(line);
  return /^[ \t]*#/.test(tree.text.slice(span.start, span.end));
}
