// Saving what was made from a topology file.
import * as vscode from 'vscode';

/**
 * Asks for a place, `plant.csv` beside `plant.topology.yaml` unless a person wants another, and writes a text there.
 * @param topology the file that the text was made from
 * @param kind the ending of the new file's name
 * @returns where it is; undefined where it is not wanted any more
 * @throws where it cannot be written
 */
export async function saveBeside(
  topology: vscode.Uri,
  kind: 'csv' | 'svg' | 'html',
  title: string,
  text: string,
): Promise<vscode.Uri | undefined> {
  const path = `${topology.path.replace(/(\.topology)?\.ya?ml$/i, '')}.${kind}`;
  const target = await vscode.window.showSaveDialog({
    title,
    // A file that is saved nowhere has no place beside it.
    defaultUri: topology.scheme === 'untitled' ? undefined : topology.with({ path }),
    filters: { [kind.toUpperCase()]: [kind] },
  });
  if (target !== undefined) await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  return target;
}

/** Says that a file is there, and opens it where a person wants that. */
export async function sayIsSaved(file: vscode.Uri, message: string): Promise<void> {
  const open = vscode.l10n.t('Open');
  if ((await vscode.window.showInformationMessage(message, open)) === open)
    await vscode.commands.executeCommand('vscode.open', file);
}
