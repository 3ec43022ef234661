// Which topology file a command is about, wherever it was chosen: in the text, the tree, the explorer, the palette.
import * as vscode from 'vscode';
import { TOPOLOGIES, type TopologiesResult } from '../../server/src/lsp/requests.ts';
import type { Server } from './server.ts';
import { topologyEditor } from './topology-editor.ts';

/** Finds the topology file of a command, opened, or undefined where there is none or nobody chose one. */
export type TopologyDocument = (wanted?: unknown) => Promise<vscode.TextDocument | undefined>;

/**
 * Makes the search: the file that a node of the tree or an address names; else the one that is edited or seen; else
 * the only one of the folders, or the one of them that a person chooses.
 * @param isTopology whether a document is a topology file that the server knows
 */
export function topologyDocuments(
  server: Server,
  isTopology: (document: vscode.TextDocument) => boolean,
): TopologyDocument {
  return async (wanted) => {
    const named = addressOf(wanted);
    if (named) return vscode.workspace.openTextDocument(named);
    const seen = await topologyEditor(isTopology);
    if (seen) return seen.document;
    const chosen = await chooseTopology(server, vscode.l10n.t('Which topology file?'));
    if (chosen === 'none') {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('There is no topology file yet. Create one, or import a hierarchy.'),
      );
      return undefined;
    }
    return chosen && vscode.workspace.openTextDocument(chosen);
  };
}

/** The address of a node of the tree, or one that is given itself. */
export function addressOf(wanted: unknown): vscode.Uri | undefined {
  if (wanted instanceof vscode.Uri) return wanted;
  const uri: unknown = typeof wanted === 'object' && wanted !== null ? Reflect.get(wanted, 'uri') : undefined;
  return uri instanceof vscode.Uri ? uri : undefined;
}

/** A word that a command is given, or that of a node of the tree. */
export function wantedWord(wanted: unknown): string | undefined {
  const word: unknown =
    typeof wanted === 'object' && wanted !== null && !(wanted instanceof vscode.Uri)
      ? Reflect.get(wanted, 'word')
      : wanted;
  return typeof word === 'string' ? word : undefined;
}

/**
 * The topology file that a person chooses among those of the folders and the open ones; the only one is not asked for.
 * @param except is left out
 * @param more another way to choose, behind the files; then the only file is asked for as well
 */
export async function chooseTopology(
  server: Server,
  placeHolder: string,
  except?: vscode.Uri,
  more?: { readonly label: string; choose(): Promise<vscode.Uri | undefined> },
): Promise<vscode.Uri | 'none' | undefined> {
  const all = await server.sendRequest<TopologiesResult>(TOPOLOGIES, {});
  const files = all
    .map(({ uri }) => vscode.Uri.parse(uri))
    .filter((uri) => uri.toString() !== except?.toString())
    .map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  const [only] = files;
  if (more === undefined && files.length < 2) return only?.uri ?? 'none';
  const other = more ? [{ label: more.label, uri: undefined }] : [];
  const items = [...files, ...other];
  const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { placeHolder });
  return chosen && (chosen.uri ?? (await more?.choose()));
}
