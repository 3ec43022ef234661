// Quick fixes, fix all, and the comments that silence a rule.
import type {
  CodeAction,
  CodeActionKind,
  Diagnostic,
  TextEdit as LspTextEdit,
  Position,
  Range,
  SnippetTextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver-protocol';
import { type Analysis, analyse } from '../analysis.ts';
import { applyEdits, plainText, type TextEdit } from '../edits/text-edit.ts';
import { fixAll, safeEdits } from '../fix-all.ts';
import { t } from '../l10n.ts';
import type { Finding, Settings, Severity } from '../rules/rule.ts';
import { readSettings, SETTINGS_FILE } from '../settings.ts';
import { newSettings, severityEdit } from '../settings-edit.ts';
import { parseText } from '../text/parse.ts';
import type { Firewall } from '../topology/model.ts';
import { lackingIn } from '../write-rules.ts';
import { findingNames } from './diagnostics.ts';
import { editorRange, offsetOf } from './place.ts';
import { REFACTOR_KINDS, refactorings } from './refactor/index.ts';
import { fileSuppression, lineSuppression, MOST_TRIALS, type Trials } from './suppress.ts';

const QUICK_FIX = 'quickfix';
const FIX_ALL = 'source.fixAll.cmtopo';

/** The kinds of code action that the server offers. */
export const CODE_ACTION_KINDS: readonly CodeActionKind[] = [QUICK_FIX, ...REFACTOR_KINDS, FIX_ALL];

/** A comment cannot silence the rules about such comments. */
const ABOUT_COMMENTS = new Set(['unknown-suppression', 'unused-suppression']);

export interface CodeActionOptions {
  readonly uri: string;
  readonly version: number | null;
  /** The kinds that are asked for; all where absent. */
  readonly only: readonly CodeActionKind[] | undefined;
  /** Nobody has asked: the editor wants to know whether to show its light bulb, at every move of the cursor. */
  readonly automatic: boolean;
  /** The diagnostics that the editor shows at the place: each action names those it settles. */
  readonly diagnostics: readonly Diagnostic[];
  readonly settings: Settings;
  /** The editor takes versioned edits. */
  readonly documentChanges: boolean;
  /** The editor takes snippets in edits. */
  readonly snippets: boolean;
  /** The editor creates files that an edit asks for. */
  readonly createFiles: boolean;
  /** The editor asks again for the edit of an action that somebody chose ({@link resolveCodeAction}). */
  readonly resolves?: boolean;
  /** The client's command that asks how to silence a finding; without it each way is an action of its own. */
  readonly silence?: string | undefined;
  /** Undefined where the file is not on a disk. */
  readonly settingsFile: SettingsFile | undefined;
}

/** The actions for a range: fixes of the findings that touch it, the comments that silence them, their severity, fix all. */
export function codeActions(analysis: Analysis, range: Range, options: CodeActionOptions): CodeAction[] {
  const wants = (kind: string): boolean =>
    options.only === undefined || options.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  const actions: CodeAction[] = [];
  if (wants(QUICK_FIX)) {
    const start = offsetOf(analysis, range.start);
    const end = offsetOf(analysis, range.end);
    const all = analysis.findings();
    const names = options.diagnostics.some(({ data }) => data !== undefined) ? findingNames(all) : undefined;
    const asked = new Set(options.diagnostics.map(nameIn).filter((name) => name !== undefined));
    const isAsked = (finding: Finding) => asked.size > 0 && asked.has(names?.get(finding) ?? '');
    // What the editor shows there may have moved since it was found.
    const findings = all.filter(
      (finding) => (finding.span.start <= end && finding.span.end >= start) || isAsked(finding),
    );
    for (const finding of findings) actions.push(...fixesOf(analysis, finding, options));
    actions.push(...writeRulesActions(analysis, findings, start, options, all));
    // Over many lines nobody looks for the comment of one.
    const trials: Trials = { left: range.start.line === range.end.line ? MOST_TRIALS : 0 };
    const quiet = quietActions(analysis, findings.filter(maySilence), trials, options);
    actions.push(...(options.silence === undefined ? quiet : inOneEntry(quiet, options.silence)));
  }
  // To ask for a refactoring is to have chosen a place; a light bulb at every word would say nothing.
  if (!(options.automatic && options.only === undefined)) {
    for (const { title, kind, edits } of refactorings(analysis, offsetOf(analysis, range.start), wants))
      actions.push({ title, kind, edit: workspaceEdit(analysis, edits, options) });
  }
  // What fix all changes takes another analysis to say, and no light bulb stands for it.
  if (wants(FIX_ALL) && !(options.automatic && options.only === undefined)) {
    const edits = allSafeEdits(analysis, options.settings);
    if (edits.length > 0) {
      actions.push({
        title: t('Fix all problems that can be fixed safely'),
        kind: FIX_ALL,
        edit: workspaceEdit(analysis, edits, options),
      });
    }
  }
  return actions;
}

/** The comments that silence findings, and the severities of their rules. */
function quietActions(
  analysis: Analysis,
  findings: readonly Finding[],
  trials: Trials,
  options: CodeActionOptions,
): CodeAction[] {
  const actions: CodeAction[] = [];
  const silenced = new Set<string>();
  for (const finding of findings) {
    const { line } = analysis.tree.lines.positionAt(finding.span.start);
    const mark = `${finding.code} ${line}`;
    if (silenced.has(mark) || ABOUT_COMMENTS.has(finding.code)) continue;
    silenced.add(mark);
    actions.push(...suppressionsOf(analysis, finding, trials, options));
  }
  const changed = new Set<string>();
  for (const finding of findings) {
    if (changed.has(finding.code)) continue;
    changed.add(finding.code);
    actions.push(...severityActions(analysis, finding, options));
  }
  return actions;
}

/** One way to silence a finding, as the client's command takes it. */
export interface SilenceChoice {
  readonly title: string;
  readonly edit: WorkspaceEdit;
}

/** All of them behind one entry of the menu, whose command asks which. */
function inOneEntry(actions: readonly CodeAction[], command: string): CodeAction[] {
  const choices = actions.flatMap(({ title, edit }): SilenceChoice[] => (edit ? [{ title, edit }] : []));
  if (choices.length === 0) return [];
  const title = t('Silence…');
  const diagnostics = [...new Set(actions.flatMap((action) => action.diagnostics ?? []))];
  return [{ title, kind: QUICK_FIX, diagnostics, command: { title, command, arguments: [choices] } }];
}

/** The finding that a diagnostic says it shows. */
function nameIn({ data }: Diagnostic): string | undefined {
  const name: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'finding') : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** What is plainly wrong is mended; no comment or setting makes it right. */
function maySilence({ code }: Finding): boolean {
  return code !== 'yaml-syntax' && code !== 'unknown-reference' && !code.startsWith('invalid-');
}

/**
 * For each firewall that one of some findings about blocked traffic is about, and for that whose name the cursor is on:
 * everything that it lacks. A planned one has that as the fix of its own finding.
 */
function writeRulesActions(
  analysis: Analysis,
  findings: readonly Finding[],
  cursor: number,
  options: CodeActionOptions,
  all: readonly Finding[],
): CodeAction[] {
  const { firewalls } = analysis.topology;
  const blockedAt = (some: readonly Finding[], { span }: Firewall) =>
    some.filter(
      ({ code, related = [] }) =>
        code.startsWith('firewall-blocked') &&
        related.some(({ span: one }) => span.start <= one.start && one.end <= span.end),
    );
  const about = new Map(
    [...firewalls.values()].flatMap((firewall) => {
      const { key } = firewall;
      const own = blockedAt(findings, firewall);
      const isHere = key.span.start <= cursor && cursor <= key.span.end;
      return firewall.planned?.value !== true && (own.length > 0 || isHere) ? [[firewall, own] as const] : [];
    }),
  );
  if (about.size === 0) return [];
  const titleOf = (firewall: Firewall) => t('Write all rules that firewall {0} lacks', firewall.name);
  // What is blocked lacks a rule: in a large hierarchy all of them are worked out when somebody chose the action.
  const hasFix = ({ fixes = [] }: Finding) => fixes.some(({ edits }) => edits.length > 0);
  if (options.resolves && [...about.keys()].every((firewall) => blockedAt(all, firewall).some(hasFix))) {
    return [...about].map(([firewall, own]) => ({
      title: titleOf(firewall),
      kind: QUICK_FIX,
      diagnostics: own.flatMap((finding) => shownFor(analysis, finding, options)),
      data: { uri: options.uri, firewall: firewall.name } satisfies CodeActionData,
    }));
  }
  return (lackingIn(analysis, options.settings) ?? []).flatMap(({ firewall, rules, edits }) => {
    const own = about.get(firewall);
    if (own === undefined || rules.length === 0) return [];
    return [
      {
        title: titleOf(firewall),
        kind: QUICK_FIX,
        diagnostics: own.flatMap((finding) => shownFor(analysis, finding, options)),
        edit: workspaceEdit(analysis, edits(), options),
      },
    ];
  });
}

/** What an action without its edit says of itself, so that the edit can be made later. */
export interface CodeActionData {
  readonly uri: string;
  /** The firewall whose rules it writes. */
  readonly firewall: string;
}

/** An action with the edit that it was given without; as it is where that firewall is not there any more. */
export function resolveCodeAction(
  analysis: Analysis,
  action: CodeAction,
  { firewall }: CodeActionData,
  options: Pick<CodeActionOptions, 'uri' | 'version' | 'documentChanges' | 'snippets' | 'settings'>,
): CodeAction {
  const found = (lackingIn(analysis, options.settings) ?? []).find(
    (lacks) => lacks.firewall.name === firewall,
  );
  return found === undefined ? action : { ...action, edit: workspaceEdit(analysis, found.edits(), options) };
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

function suppressionsOf(
  analysis: Analysis,
  finding: Finding,
  trials: Trials,
  options: CodeActionOptions,
): CodeAction[] {
  const { code } = finding;
  const diagnostics = shownFor(analysis, finding, options);
  const forLine = lineSuppression(analysis, finding, trials);
  const action = (title: string, edit: TextEdit): CodeAction => ({
    title,
    kind: QUICK_FIX,
    diagnostics,
    edit: workspaceEdit(analysis, [edit], options),
  });
  return [
    ...(forLine === undefined ? [] : [action(t('Disable {0} for this line', code), forLine)]),
    action(t('Disable {0} for this file', code), fileSuppression(analysis, code)),
  ];
}

/** A file's nearest settings file, or the place of a new one. */
export interface SettingsFile {
  readonly uri: string;
  /** As the editor or the disk has it; undefined where there is no file yet. */
  readonly text: string | undefined;
  /** Undefined where no editor has it open. */
  readonly version: number | undefined;
}

/** The severities that are offered for a rule: silence, and one step quieter. */
function quieter(severity: Severity): (Severity | 'off')[] {
  const step = ({ error: 'warning', warning: 'information', information: 'hint', hint: 'off' } as const)[
    severity
  ];
  return step === 'off' ? ['off'] : [step, 'off'];
}

function severityActions(analysis: Analysis, finding: Finding, options: CodeActionOptions): CodeAction[] {
  const { settingsFile: file } = options;
  if (file === undefined) return [];
  const { code, severity } = finding;
  const diagnostics = shownFor(analysis, finding, options);
  return quieter(severity).flatMap((level) => {
    const edit = settingsEdit(file, code, level, options);
    const where = file.text === undefined ? t('a new {0}', SETTINGS_FILE) : SETTINGS_FILE;
    return edit === undefined
      ? []
      : [
          {
            title: t('Change the severity of {0} to {1} in {2}', code, level, where),
            kind: QUICK_FIX,
            diagnostics,
            edit,
          },
        ];
  });
}

function settingsEdit(
  { uri, text, version }: SettingsFile,
  code: string,
  level: Severity | 'off',
  { documentChanges, createFiles }: CodeActionOptions,
): WorkspaceEdit | undefined {
  if (text === undefined) {
    if (!documentChanges || !createFiles) return undefined;
    const start = { line: 0, character: 0 };
    return {
      documentChanges: [
        { kind: 'create', uri, options: { ignoreIfExists: true } },
        {
          textDocument: { uri, version: null },
          edits: [{ range: { start, end: start }, newText: newSettings(code, level) }],
        },
      ],
    };
  }
  const edit = severityEdit(text, code, level);
  if (edit === undefined) return undefined;
  const document = { uri, version: version ?? null, documentChanges, snippets: false };
  return workspaceEdit({ tree: parseText(text) }, [edit], document);
}

/** The fixes of findings in a settings file. */
export function settingsActions(
  text: string,
  range: Range,
  options: Pick<CodeActionOptions, 'uri' | 'version' | 'only' | 'diagnostics' | 'documentChanges'>,
): CodeAction[] {
  if (options.only?.some((kind) => kind === QUICK_FIX) === false) return [];
  const { findings, tree } = readSettings(text);
  const start = tree.lines.offsetAt(range.start);
  const end = tree.lines.offsetAt(range.end);
  return findings
    .filter(({ span }) => span.start <= end && span.end >= start)
    .flatMap((finding) =>
      (finding.fixes ?? []).map(
        (fix): CodeAction => ({
          title: fix.title,
          kind: QUICK_FIX,
          diagnostics: shownFor({ tree }, finding, options),
          edit: workspaceEdit({ tree }, fix.edits, { ...options, snippets: false }),
        }),
      ),
    );
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
function shownFor(
  analysis: Pick<Analysis, 'tree'> & Partial<Pick<Analysis, 'findings'>>,
  finding: Finding,
  { diagnostics }: Pick<CodeActionOptions, 'diagnostics'>,
): Diagnostic[] {
  const { code, span, message } = finding;
  const { start, end } = editorRange(analysis, span);
  let name: string | undefined;
  return diagnostics.filter((diagnostic) => {
    const { code: shown, message: said, range } = diagnostic;
    if (shown !== code) return false;
    const named = nameIn(diagnostic);
    if (named !== undefined && analysis.findings !== undefined) {
      name ??= findingNames(analysis.findings().filter((one) => one.code === code)).get(finding);
      return named === name;
    }
    // Several findings may begin at one place: the message tells them apart.
    return said === message && isSame(range.start, start) && isSame(range.end, end);
  });
}

function isSame(a: Position, b: Position): boolean {
  return a.line === b.line && a.character === b.character;
}

function workspaceEdit(
  analysis: Pick<Analysis, 'tree'>,
  edits: readonly TextEdit[],
  {
    uri,
    version,
    documentChanges,
    snippets,
  }: Pick<CodeActionOptions, 'uri' | 'version' | 'documentChanges' | 'snippets'>,
): WorkspaceEdit {
  const plain = (edit: TextEdit): LspTextEdit => ({
    range: editorRange(analysis, edit.span),
    newText: plainText(edit),
  });
  if (!documentChanges) return { changes: { [uri]: edits.map(plain) } };
  const rich = (edit: TextEdit): LspTextEdit | SnippetTextEdit =>
    snippets && edit.snippet
      ? { range: editorRange(analysis, edit.span), snippet: { kind: 'snippet', value: edit.newText } }
      : plain(edit);
  return { documentChanges: [{ textDocument: { uri, version }, edits: edits.map(rich) }] };
}
