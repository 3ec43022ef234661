// 'Import Hierarchy': a topology of what Configuration Manager exports, in a new editor.
import * as vscode from 'vscode';
import { IMPORT_HIERARCHY, type ImportHierarchyResult } from '../../server/src/lsp/requests.ts';
import { chooseFiles, exportFilters, readFiles } from './chosen-files.ts';
import type { Server } from './server.ts';

/**
 * Registers the command, which asks for the files; a list of their addresses as its argument asks nothing. It gives
 * back the new document, to be saved where it belongs.
 */
export function registerImportHierarchy(server: Server, language: string): vscode.Disposable {
  return vscode.commands.registerCommand('configmgrTopology.importHierarchy', async (wanted?: unknown) => {
    const uris = await chooseFiles(wanted, {
      title: vscode.l10n.t('Import Hierarchy'),
      openLabel: vscode.l10n.t('Import'),
      canSelectMany: true,
      filters: exportFilters(),
    });
    const files = uris && (await readFiles(uris));
    if (files === undefined) return undefined;
    const result = await server.sendRequest<ImportHierarchyResult>(IMPORT_HIERARCHY, { files });
    if ('problem' in result) {
      void vscode.window.showErrorMessage(result.problem);
      return undefined;
    }
    const document = await vscode.workspace.openTextDocument({ language, content: result.text });
    await vscode.window.showTextDocument(document);
    if (result.open > 0)
      void vscode.window.showInformationMessage(
        vscode.l10n.t(
          'What the exports do not say is in comments of the file, {0} of them at its beginning.',
          result.open,
        ),
      );
    return document;
  });
}
