// The comments that silence a rule, written from the editor: for a line, or for the file.
import type { Analysis } from '../analysis.ts';
import { applyEdits, type TextEdit } from '../edits/text-edit.ts';
import type { Finding } from '../rules/rule.ts';
import { type Directive, type DirectiveKind, readSuppressions } from '../rules/suppressions.ts';
import { parseText } from '../text/parse.ts';
import type { TextTree } from '../text/tree.ts';
import { nodePathAt } from '../text/values.ts';

/** The comment by which a YAML file with any name is a topology, where it is the first line. */
const MARKER = /^\uFEFF?#\s*configmgr-topology\b/;

/** How often the file may still be read again to see what a comment beside broken text does. */
export interface Trials {
  left: number;
}

/** For all findings of one question: each costs as much as a keystroke. */
export const MOST_TRIALS = 3;

/**
 * The edit that silences a finding's rule on its line: a code more in the comment that speaks about the line
 * already, else a comment above it, else one at its end. Undefined where no comment can be, and beside text that is no
 * YAML where no trial is left to find out.
 */
export function lineSuppression(
  { tree }: Analysis,
  finding: Finding,
  trials: Trials = { left: MOST_TRIALS },
): TextEdit | undefined {
  const { line } = tree.lines.positionAt(finding.span.start);
  const { code } = finding;
  const candidates = [
    () => intoExisting(tree, line, code),
    () => aboveLine(tree, line, code),
    () => atLineEnd(tree, line, code),
  ];
  for (const candidate of candidates) {
    const edit = candidate();
    if (edit === undefined) continue;
    if (isReadAsComment(tree, edit, code, trials)) return edit;
  }
  return undefined;
}

/**
 * Whether an edit makes a comment that names a rule. Far from text that is no YAML it does; beside it, what is taken
 * out may reach further than before, and only reading the file again tells.
 */
function isReadAsComment(
  { damage, lines, text }: TextTree,
  { span, newText }: TextEdit,
  code: string,
  trials: Trials,
): boolean {
  const { line } = lines.positionAt(span.start);
  const near = damage.some(
    ({ span: out }) =>
      lines.positionAt(out.start).line - 1 <= line && line <= lines.positionAt(out.end).line + 1,
  );
  if (!near) return true;
  if (trials.left <= 0) return false;
  trials.left--;
  const after = parseText(applyEdits(text, [{ span, newText }]));
  return (
    after.damage.length <= damage.length &&
    readSuppressions(after).directives.some(({ mentions }) =>
      mentions.some(
        (mention) =>
          mention.code === code &&
          mention.span.start >= span.start &&
          mention.span.end <= span.start + newText.length,
      ),
    )
  );
}

/** A code more in the comment for this line that is there: above it, or at its end. */
function intoExisting(tree: TextTree, line: number, code: string): TextEdit | undefined {
  const { directives } = readSuppressions(tree);
  const own = directives.find((directive) => directive.kind === 'disable-line' && directive.line === line);
  const above = directives.findLast(
    (directive) => directive.kind === 'disable-next-line' && directive.line < line && reaches(directive),
  );
  function reaches(directive: Directive): boolean {
    for (let between = directive.line + 1; between < line; between++)
      if (!isCommentLine(tree, between)) return false;
    return true;
  }
  return oneMore(above ?? own, code);
}

/** `, CODE` behind the last code of a comment; undefined where it has none. */
function oneMore(directive: Directive | undefined, code: string): TextEdit | undefined {
  const last = directive?.mentions.at(-1);
  return last && { span: { start: last.span.end, end: last.span.end }, newText: `, ${code}` };
}

function aboveLine(tree: TextTree, line: number, code: string): TextEdit | undefined {
  const { text } = tree;
  const { start, end } = tree.lines.span(line);
  if (isInsideText(tree, start)) return undefined;
  const at = start === 0 && text.startsWith('\uFEFF') ? 1 : start;
  const indent = /^ */.exec(text.slice(at, end))?.[0] ?? '';
  return insertion(at, `${indent}${comment('disable-next-line', code)}${lineBreak(text)}`);
}

function atLineEnd(tree: TextTree, line: number, code: string): TextEdit | undefined {
  const { text } = tree;
  const { start, end } = tree.lines.span(line);
  if (isInsideText(tree, end)) return undefined;
  if (tree.comments.some(({ span }) => span.start >= start && span.end <= end)) return undefined;
  return insertion(
    end,
    `${/[ \t]$/.test(text.slice(start, end)) ? '' : ' '}${comment('disable-line', code)}`,
  );
}

/** Whether an offset lies inside a text of several lines, where a comment would become part of the text. */
function isInsideText(tree: TextTree, offset: number): boolean {
  const node = nodePathAt(tree, offset).at(-1);
  return (
    node !== undefined &&
    'kind' in node &&
    node.kind === 'scalar' &&
    node.span.start < offset &&
    offset < node.span.end
  );
}

function isCommentLine(tree: TextTree, line: number): boolean {
  const { start, end } = tree.lines.span(line);
  return /^[ \t]*#/.test(tree.text.slice(start, end));
}

/**
 * The edit that silences a rule in the whole file: a code more in the comment at its head, else a comment at the
 * top, below a first line that makes the file a topology file.
 */
export function fileSuppression({ tree, text }: Analysis, code: string): TextEdit {
  const { directives } = readSuppressions(tree);
  let head = 0;
  while (head < tree.lines.count && isHeadLine(tree, head)) head++;
  const atHead = directives.findLast(
    (directive) => directive.kind === 'disable' && directive.line < head && !isEnded(directive, directives),
  );
  const merged = oneMore(atHead, code);
  if (merged !== undefined) return merged;
  const line = comment('disable', code);
  if (!MARKER.test(text)) {
    return insertion(text.startsWith('\uFEFF') ? 1 : 0, `${line}${lineBreak(text)}`);
  }
  return tree.lines.count > 1
    ? insertion(tree.lines.span(1).start, `${line}${lineBreak(text)}`)
    : insertion(text.length, `${lineBreak(text)}${line}`);
}

function isHeadLine(tree: TextTree, line: number): boolean {
  const { start, end } = tree.lines.span(line);
  return /^\uFEFF?[ \t]*(#.*)?$/.test(tree.text.slice(start, end));
}

/** Whether something ends all that the comment began, so that a code added to it would end there too. */
function isEnded({ line }: Directive, directives: readonly Directive[]): boolean {
  return directives.some(
    (other) => other.kind === 'enable' && other.line > line && other.mentions.length === 0,
  );
}

function comment(kind: DirectiveKind, code: string): string {
  return `# cmtopo-${kind} ${code}`;
}

function insertion(at: number, newText: string): TextEdit {
  return { span: { start: at, end: at }, newText };
}

function lineBreak(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
