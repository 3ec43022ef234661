// 'New Topology File': the starter file in a new editor, under the name that it is saved by.
import * as vscode from 'vscode';
import { STARTER } from '../../server/src/topology/starter.ts';

/** Registers the command, which gives back the new document. */
export function registerNewFile(language: string): vscode.Disposable {
  return vscode.commands.registerCommand('configmgrTopology.newFile', async () => {
    const uri = await freeName();
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.languageId !== language) await vscode.languages.setTextDocumentLanguage(document, language);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), STARTER);
    await vscode.workspace.applyEdit(edit);
    const top = new vscode.Position(0, 0);
    const editor = await vscode.window.showTextDocument(document, { preview: false });
    editor.selection = new vscode.Selection(top, top);
    editor.revealRange(new vscode.Range(top, top), vscode.TextEditorRevealType.AtTop);
    return document;
  });
}

/** `contoso.topology.yaml`, or the next name that no file and no open document has, in the folder that is open. */
async function freeName(): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  // Elsewhere VS Code would not know where an unsaved file with a path belongs, and asks when it is saved.
  const isOnDisk = folder?.scheme === 'file' || folder?.scheme === 'vscode-remote';
  for (let number = 1; ; number++) {
    const name = number === 1 ? 'contoso.topology.yaml' : `contoso-${number}.topology.yaml`;
    const home = isOnDisk ? vscode.Uri.joinPath(folder, name) : undefined;
    const uri = home
      ? home.with({ scheme: 'untitled' })
      : vscode.Uri.from({ scheme: 'untitled', path: name });
    const isOpen = vscode.workspace.textDocuments.some(
      (document) => document.uri.path === uri.path && !document.isClosed,
    );
    if (!isOpen && (home === undefined || !(await isThere(home)))) return uri;
  }
}

async function isThere(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
