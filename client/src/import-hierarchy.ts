// 'Import Hierarchy': a topology of what Configuration Manager exports, in a new editor.
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  IMPORT_HIERARCHY,
  type ImportHierarchyParams,
  type ImportHierarchyResult,
} from '../../server/src/lsp/requests.ts';

/**
 * Registers the command, which asks for the files; a list of their addresses as its argument asks nothing. It gives
 * back the new document, to be saved where it belongs.
 */
export function registerImportHierarchy(client: BaseLanguageClient, language: string): vscode.Disposable {
  return vscode.commands.registerCommand('configmgrTopology.importHierarchy', async (wanted?: unknown) => {
    const given = Array.isArray(wanted) ? wanted.filter((one) => one instanceof vscode.Uri) : [];
    const uris =
      given.length > 0
        ? given
        : await vscode.window.showOpenDialog({
            title: vscode.l10n.t('Import Hierarchy'),
            openLabel: vscode.l10n.t('Import'),
            canSelectMany: true,
            filters: {
              [vscode.l10n.t('Exports of Configuration Manager')]: ['json', 'csv', 'txt', 'ini'],
              [vscode.l10n.t('All Files')]: ['*'],
            },
          });
    if (uris === undefined || uris.length === 0) return undefined;
    let files: ImportHierarchyParams['files'];
    try {
      files = await Promise.all(
        uris.map(async (uri) => ({
          name: uri.path.slice(uri.path.lastIndexOf('/') + 1),
          content: base64(await vscode.workspace.fs.readFile(uri)),
        })),
      );
    } catch (error) {
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
      return undefined;
    }
    const result = await client.sendRequest<ImportHierarchyResult>(IMPORT_HIERARCHY, { files });
    if ('problem' in result) {
      void vscode.window.showErrorMessage(result.problem);
      return undefined;
    }
    const document = await vscode.workspace.openTextDocument({ language, content: result.text });
    await vscode.window.showTextDocument(document);
    if (result.open > 0)
      void vscode.window.showInformationMessage(
        vscode.l10n.t(
          'What the exports do not say stands in comments of the file, {0} of them at its head.',
          result.open,
        ),
      );
    return document;
  });
}

/** In parts: a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x2000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x2000));
  return btoa(text);
}
