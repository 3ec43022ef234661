// 'Show Connections Changed Since the Last Commit': the change request of the open file, as a page to read.
import * as vscode from 'vscode';
import {
  CHANGES_SINCE_COMMIT,
  type ChangesResult,
  type DocumentParams,
  SHOW_CONNECTIONS,
} from '../../server/src/lsp/requests.ts';
import { nameOf } from './chosen-files.ts';
import type { ShowPage } from './pages-shown.ts';
import type { Server } from './server.ts';

/**
 * Registers the command.
 * @param isTopology whether a document is a topology file that the server knows
 */
export function registerChanges(
  server: Server,
  isTopology: (document: vscode.TextDocument) => boolean,
  show: ShowPage,
): vscode.Disposable {
  async function compare(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined || !isTopology(document)) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Open a topology file to compare it with the last commit.'),
      );
      return;
    }
    if (!vscode.workspace.isTrusted) {
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          'git runs only in folders that you trust. Trust this folder to compare with its last commit.',
        ),
      );
      return;
    }
    const params: DocumentParams = { textDocument: { uri: document.uri.toString() } };
    const answer = await server.sendRequest<ChangesResult>(CHANGES_SINCE_COMMIT, params);
    if ('problem' in answer) {
      await tell(answer.problem, answer.isNew === true);
      return;
    }
    await show({
      title: vscode.l10n.t('Changes in {0} since the last commit', nameOf(document.uri)),
      markdown: answer.markdown,
      about: document.uri.toString(),
    });
  }

  return vscode.commands.registerCommand('configmgrTopology.changesSinceCommit', compare);
}

async function tell(problem: string, isNew: boolean): Promise<void> {
  if (!isNew) {
    void vscode.window.showWarningMessage(problem);
    return;
  }
  const show = vscode.l10n.t('Show Connections');
  if ((await vscode.window.showInformationMessage(problem, show)) === show) {
    await vscode.commands.executeCommand(SHOW_CONNECTIONS);
  }
}
