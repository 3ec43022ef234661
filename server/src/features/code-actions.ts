// Quick fixes, fix all, and the comments that silence a rule.
import type {
  CodeAction,
  CodeActionKind,
  Diagnostic,
  TextEdit as LspTextEdit,
  Range,
  SnippetTextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver';
import { type Analysis, analyse } from '../analysis.ts';
import { applyEdits, plainText } from '../rules/apply.ts';
import { fixAll, safeEdits } from '../rules/fix-all.ts';
import type { Finding, Settings, TextEdit } from '../rules/rule.ts';
import { nodePathAt } from '../text/values.ts';
import { offsetOf, rangeOf } from './place.ts';

const QUICK_FIX = 'quickfix';
const FIX_ALL = 'source.fixAll.cmtopo';

/** The kinds of code action that the server offers. */
export const CODE_ACTION_KINDS: readonly CodeActionKind[] = [QUICK_FIX, FIX_ALL];

/** A comment cannot silence the rules about such comments. */
const ABOUT_COMMENTS = new Set(['unknown-suppression', 'unused-suppression']);

export interface CodeActionOptions {
  readonly uri: string;
  readonly version: number | null;
  /** The kinds that are asked for; all where absent. */
  readonly only: readonly CodeActionKind[] | undefined;
  /** The diagnostics that the editor shows at the place: each action names those it settles. */
  readonly diagnostics: readonly Diagnostic[];
  readonly settings: Settings;
  /** The editor takes versioned edits. */
  readonly documentChanges: boolean;
  /** The editor takes snippets in edits. */
  readonly snippets: boolean;
}

/** The actions for a range: fixes of the findings that touch it, then the comments that silence them, then fix all. */
export function codeActions(analysis: Analysis, range: Range, options: CodeActionOptions): CodeAction[] {
  const wants = (kind: string): boolean =>
    options.only === undefined || options.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  const actions: CodeAction[] = [];
  if (wants(QUICK_FIX)) {
    const start = offsetOf(analysis, range.start);
    const end = offsetOf(analysis, range.end);
    const findings = analysis.findings().filter(({ span }) => span.start <= end && span.end >= start);
    for (const finding of findings) actions.push(...fixesOf(analysis, finding, options));
    const silenced = new Set<string>();
    for (const finding of findings) {
      const { line } = analysis.tree.lines.positionAt(finding.span.start);
      const mark = `${finding.code} ${line}`;
      if (silenced.has(mark) || ABOUT_COMMENTS.has(finding.code)) continue;
      silenced.add(mark);
      actions.push(...suppressionsOf(analysis, finding, options));
    }
  }
  if (wants(FIX_ALL)) {
    const edits = allSafeEdits(analysis, options.settings);
    if (edits.length > 0) {
      actions.push({
        title: 'Fix all problems that can be fixed safely',
        kind: FIX_ALL,
        edit: workspaceEdit(analysis, edits, options),
      });
    }
  }
  return actions;
}

function fixesOf(analysis: Analysis, finding: Finding, options: CodeActionOptions): CodeAction[] {
  const diagnostics = shownFor(analysis, finding, options);
  return (finding.fixes ?? []).map((fix, index) => ({
    title: fix.title,
    kind: QUICK_FIX,
    diagnostics,
    ...(fix.safe && index === 0 ? { isPreferred: true } : {}),
    edit: workspaceEdit(analysis, fix.edits, options),
  }));
}

function suppressionsOf(analysis: Analysis, finding: Finding, options: CodeActionOptions): CodeAction[] {
  const { code } = finding;
  const diagnostics = shownFor(analysis, finding, options);
  const forLine = lineSuppression(analysis, finding);
  const action = (title: string, edit: TextEdit): CodeAction => ({
    title,
    kind: QUICK_FIX,
    diagnostics,
    edit: workspaceEdit(analysis, [edit], options),
  });
  return [
    ...(forLine === undefined ? [] : [action(`Disable ${code} for this line`, forLine)]),
    action(`Disable ${code} for this file`, fileSuppression(analysis, code)),
  ];
}

/** A comment above the finding's line, or a code more in the one that stands there; undefined where no comment can stand. */
function lineSuppression({ tree, text }: Analysis, { code, span }: Finding): TextEdit | undefined {
  const { line } = tree.lines.positionAt(span.start);
  const { start } = tree.lines.span(line);
  // Inside a text of several lines a comment would become part of the text.
  const node = nodePathAt(tree, start).at(-1);
  if (node !== undefined && 'kind' in node && node.kind === 'scalar' && node.span.start < start) {
    return undefined;
  }
  if (line > 0) {
    const above = tree.lines.span(line - 1);
    const comment = /^[ \t]*#+[ \t]*cmtopo-disable-next-line[ \t]+([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)/.exec(
      text.slice(above.start, above.end),
    );
    if (comment) {
      const at = above.start + comment[0].length;
      return { span: { start: at, end: at }, newText: `, ${code}` };
    }
  }
  const indent = /^ */.exec(text.slice(start, tree.lines.span(line).end))?.[0] ?? '';
  return {
    span: { start, end: start },
    newText: `${indent}# cmtopo-disable-next-line ${code}${lineBreak(text)}`,
  };
}

/** A comment at the top: below the first line where that one makes the file a topology file. */
function fileSuppression({ tree, text }: Analysis, code: string): TextEdit {
  const marked = text.startsWith('# configmgr-topology');
  const at = marked && tree.lines.count > 1 ? tree.lines.span(1).start : 0;
  const comment = `# cmtopo-disable ${code}`;
  if (marked && tree.lines.count === 1) {
    return { span: { start: text.length, end: text.length }, newText: `${lineBreak(text)}${comment}` };
  }
  return { span: { start: at, end: at }, newText: `${comment}${lineBreak(text)}` };
}

function lineBreak(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** What fix all changes, in as few places as can be said: one round of fixes, or the stretch that all rounds changed. */
function allSafeEdits({ text, findings }: Analysis, settings: Settings): readonly TextEdit[] {
  const edits = safeEdits(findings());
  if (edits.length === 0) return [];
  const once = applyEdits(text, edits);
  if (safeEdits(analyse(once, settings).findings()).length === 0) return edits;
  const whole = fixAll(text, settings);
  if (whole === text) return [];
  let start = 0;
  while (start < text.length && text[start] === whole[start]) start++;
  let tail = 0;
  const most = Math.min(text.length, whole.length) - start;
  while (tail < most && text.at(-1 - tail) === whole.at(-1 - tail)) tail++;
  return [{ span: { start, end: text.length - tail }, newText: whole.slice(start, whole.length - tail) }];
}

/** The editor's diagnostics of a finding. */
function shownFor(analysis: Analysis, finding: Finding, { diagnostics }: CodeActionOptions): Diagnostic[] {
  const range = rangeOf(analysis, finding.span);
  return diagnostics.filter(
    (shown) =>
      shown.code === finding.code &&
      shown.range.start.line === range.start.line &&
      shown.range.start.character === range.start.character,
  );
}

function workspaceEdit(
  analysis: Analysis,
  edits: readonly TextEdit[],
  { uri, version, documentChanges, snippets }: CodeActionOptions,
): WorkspaceEdit {
  const plain = (edit: TextEdit): LspTextEdit => ({
    range: rangeOf(analysis, edit.span),
    newText: plainText(edit),
  });
  if (!documentChanges) return { changes: { [uri]: edits.map(plain) } };
  const rich = (edit: TextEdit): LspTextEdit | SnippetTextEdit =>
    snippets && edit.snippet
      ? { range: rangeOf(analysis, edit.span), snippet: { kind: 'snippet', value: edit.newText } }
      : plain(edit);
  return { documentChanges: [{ textDocument: { uri, version }, edits: edits.map(rich) }] };
}
