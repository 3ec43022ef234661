// What to press in a topology file that has nothing in it yet.
import * as vscode from 'vscode';

/**
 * Of a file that is open when VS Code starts, the editor is there before the defaults of its language, and an empty one
 * shows nothing by which its indentation could be told.
 */
function indent(editor: vscode.TextEditor): void {
  const settings = vscode.workspace.getConfiguration('editor', editor.document);
  const tabSize = settings.get<number>('tabSize');
  if (tabSize !== undefined && editor.options.tabSize !== tabSize) editor.options = { tabSize };
}

/** Shows it at the first line of empty files, until something is typed. */
export function registerEmptyFileHint(
  isTopology: (document: vscode.TextDocument) => boolean,
): vscode.Disposable {
  const decoration = vscode.window.createTextEditorDecorationType({
    after: {
      contentText: vscode.l10n.t(
        'Press Ctrl+Space for a whole topology file, or type to begin with a section',
      ),
      color: new vscode.ThemeColor('editorGhostText.foreground'),
      fontStyle: 'italic',
    },
  });
  const shown = new WeakSet<vscode.TextEditor>();
  const look = (editor: vscode.TextEditor): void => {
    const isEmpty = isTopology(editor.document) && editor.document.getText().trim() === '';
    if (!isEmpty && !shown.has(editor)) return;
    if (isEmpty) indent(editor);
    editor.setDecorations(decoration, isEmpty ? [new vscode.Range(0, 0, 0, 0)] : []);
    if (isEmpty) shown.add(editor);
    else shown.delete(editor);
  };
  const lookAtAll = (): void => vscode.window.visibleTextEditors.forEach(look);
  lookAtAll();
  return vscode.Disposable.from(
    decoration,
    vscode.window.onDidChangeVisibleTextEditors(lookAtAll),
    vscode.workspace.onDidOpenTextDocument(lookAtAll),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) look(editor);
    }),
  );
}
