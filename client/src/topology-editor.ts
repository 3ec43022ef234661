// Which topology file a command is about that is run from another place than its text.
import * as vscode from 'vscode';
import { IN_FILE } from './in-file.ts';
import { PAGES } from './pages-shown.ts';

/**
 * The editor of the active topology file. Where a page is active, as that of the walkthrough: a topology file that is
 * seen, else the one opened last, which is brought to the front.
 * @param isTopology whether a document is a topology file that the server knows
 * @returns undefined where another text is edited, or no topology file is open
 */
export async function topologyEditor(
  isTopology: (document: vscode.TextDocument) => boolean,
): Promise<vscode.TextEditor | undefined> {
  const { activeTextEditor, visibleTextEditors, tabGroups } = vscode.window;
  if (activeTextEditor !== undefined && activeTextEditor.document.uri.scheme !== PAGES) {
    return isTopology(activeTextEditor.document) ? activeTextEditor : undefined;
  }
  const seen = visibleTextEditors.find(({ document }) => isTopology(document));
  const tabs = new Set(
    tabGroups.all
      .flatMap((group) => group.tabs)
      .flatMap(({ input }) => (input instanceof vscode.TabInputText ? [input.uri.toString()] : [])),
  );
  const document =
    seen?.document ??
    vscode.workspace.textDocuments.findLast((each) => isTopology(each) && tabs.has(each.uri.toString()));
  return document && vscode.window.showTextDocument(document, { viewColumn: seen?.viewColumn });
}

/** Registers the command behind buttons of the walkthrough: it runs one of {@link IN_FILE} in a topology file. */
export function registerInFile(isTopology: (document: vscode.TextDocument) => boolean): vscode.Disposable {
  return vscode.commands.registerCommand('configmgrTopology.inFile', async (command: unknown) => {
    if (typeof command !== 'string' || !IN_FILE.has(command)) return;
    if ((await topologyEditor(isTopology)) === undefined) {
      await vscode.commands.executeCommand('configmgrTopology.newFile');
    }
    const editor = vscode.window.activeTextEditor;
    if (command === 'editor.action.showHover' && editor?.selection.active.line === 0) showRole(editor);
    await vscode.commands.executeCommand(command);
  });
}

/** Puts the cursor from the top of a file on its first role that is asked for ports, about which a hover has most to say. */
function showRole(editor: vscode.TextEditor): void {
  const { document } = editor;
  const role = /^ +(?:software-update|management|distribution)-point:/m.exec(document.getText());
  if (role === null) return;
  const place = document.positionAt(role.index + role[0].length - 2);
  editor.selection = new vscode.Selection(place, place);
  editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
