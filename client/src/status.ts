// The language status item: which edition a file is checked against, what it holds and what was found.
import * as vscode from 'vscode';
import { SUMMARY, type SummaryResult } from '../../server/src/lsp/requests.ts';
import type { Server } from './server.ts';

/** So long nothing is typed before the numbers are asked for again, in milliseconds. */
const PAUSE = 500;

/** Keeps the status item of the active editor up to date until it is disposed of. */
export function showStatus(
  server: Server,
  isTopology: (document: vscode.TextDocument) => boolean,
  language: string,
): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('configmgrTopology.status', { language });
  item.name = 'ConfigMgr Topology';
  item.command = {
    command: 'workbench.actions.view.problems',
    title: vscode.l10n.t('Show Problems'),
  };
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const update = async (): Promise<void> => {
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined || !isTopology(document) || !server.isRunning()) return;
    const textDocument = { uri: document.uri.toString() };
    const summary = await server.sendRequest<SummaryResult>(SUMMARY, { textDocument }).catch(() => null);
    if (summary === null || document !== vscode.window.activeTextEditor?.document) return;
    const { editionText, sites, servers, clientGroups } = summary;
    item.text = editionText ?? vscode.l10n.t('no edition');
    const found = vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'cmtopo');
    const count = (severity: vscode.DiagnosticSeverity): number =>
      found.filter((diagnostic) => diagnostic.severity === severity).length;
    const errors = count(vscode.DiagnosticSeverity.Error);
    const warnings = count(vscode.DiagnosticSeverity.Warning);
    item.detail = vscode.l10n.t(
      'sites: {0}, servers: {1}, client groups: {2}; errors: {3}, warnings: {4}',
      sites,
      servers,
      clientGroups,
      errors,
      warnings,
    );
    item.severity =
      errors > 0
        ? vscode.LanguageStatusSeverity.Error
        : warnings > 0
          ? vscode.LanguageStatusSeverity.Warning
          : vscode.LanguageStatusSeverity.Information;
  };
  const later = (): void => {
    clearTimeout(waiting);
    waiting = setTimeout(() => void update(), PAUSE);
  };
  void update();
  return vscode.Disposable.from(
    item,
    { dispose: () => clearTimeout(waiting) },
    vscode.window.onDidChangeActiveTextEditor(() => void update()),
    vscode.workspace.onDidChangeTextDocument(later),
    vscode.languages.onDidChangeDiagnostics(later),
  );
}
