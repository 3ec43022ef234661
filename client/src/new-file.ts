// 'New Topology File': the starter file in a new editor, to be saved where it belongs.
import * as vscode from 'vscode';
import { STARTER } from '../../server/src/topology/starter.ts';

/** Registers the command, which gives back the new document. */
export function registerNewFile(language: string): vscode.Disposable {
  return vscode.commands.registerCommand('configmgrTopology.newFile', async () => {
    const document = await vscode.workspace.openTextDocument({ language, content: STARTER });
    // At a role, where a hover has something to say.
    const place = document.positionAt(STARTER.indexOf('software-update-point:'));
    const selection = new vscode.Range(place, place);
    await vscode.window.showTextDocument(document, { selection });
    return document;
  });
}
