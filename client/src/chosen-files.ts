// Files that a person chooses for the server to read, which need not be on its machine.
import * as vscode from 'vscode';
import type { SentFile } from '../../server/src/lsp/requests.ts';

/** The last part of a file's address. */
export function nameOf({ path }: vscode.Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * Asks for files, unless they are given.
 * @param wanted what a command was called with: a list of addresses asks nothing
 * @returns undefined where nobody chose any
 */
export async function chooseFiles(
  wanted: unknown,
  options: vscode.OpenDialogOptions,
): Promise<readonly vscode.Uri[] | undefined> {
  const given = Array.isArray(wanted) ? wanted.filter((one) => one instanceof vscode.Uri) : [];
  const uris = given.length > 0 ? given : await vscode.window.showOpenDialog(options);
  return uris === undefined || uris.length === 0 ? undefined : uris;
}

/** Their content; undefined where one cannot be read, which a message has said then. */
export async function readFiles(uris: readonly vscode.Uri[]): Promise<readonly SentFile[] | undefined> {
  try {
    return await Promise.all(
      uris.map(async (uri) => ({
        name: nameOf(uri),
        content: base64(await vscode.workspace.fs.readFile(uri)),
      })),
    );
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** Bytes in Base64, in parts: a call takes only so many arguments. */
export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x2000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x2000));
  return btoa(text);
}

/** What exports of a hierarchy are called in a dialog. */
export function exportFilters(): Record<string, string[]> {
  return {
    [vscode.l10n.t('Exports of Configuration Manager')]: ['json', 'csv', 'txt', 'ini'],
    [vscode.l10n.t('All Files')]: ['*'],
  };
}
