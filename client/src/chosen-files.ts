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
  if (given.length > 0) return given;
  const uris =
    options.canSelectMany && dialogTakesOne()
      ? await chooseOneByOne(options)
      : await vscode.window.showOpenDialog(options);
  return uris === undefined || uris.length === 0 ? undefined : uris;
}

/** Whether this window has the simple dialog, which takes one file whatever it is asked for. */
function dialogTakesOne(): boolean {
  return (
    vscode.env.uiKind === vscode.UIKind.Web ||
    vscode.env.remoteName !== undefined ||
    vscode.workspace.getConfiguration('files').get('simpleDialog.enable') === true
  );
}

/** Asks for a file and whether there are more, until there are none; closing the question chooses nothing. */
async function chooseOneByOne(options: vscode.OpenDialogOptions): Promise<readonly vscode.Uri[] | undefined> {
  const chosen = new Map<string, vscode.Uri>();
  const go = { label: options.openLabel ?? '' };
  const another = { label: vscode.l10n.t('Add Another File…') };
  for (;;) {
    for (const uri of (await vscode.window.showOpenDialog(options)) ?? []) chosen.set(uri.toString(), uri);
    if (chosen.size === 0) return undefined;
    const next = await vscode.window.showQuickPick([go, another], {
      title: options.title,
      placeHolder: vscode.l10n.t('Chosen so far: {0}', [...chosen.values()].map(nameOf).join(', ')),
      ignoreFocusOut: true,
    });
    if (next !== another) return next && [...chosen.values()];
  }
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
