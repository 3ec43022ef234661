// 'Show Connections Changed Since the Last Commit': the change request of the open file, as a page to read.
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  CHANGES_SINCE_COMMIT,
  type ChangesResult,
  type DocumentParams,
  SHOW_CONNECTIONS,
} from '../../server/src/lsp/requests.ts';

/** Of the read-only documents that hold change requests. */
const SCHEME = 'configmgr-topology-changes';

/** @param isTopology whether a document is a topology file that the server knows */
export function registerChanges(
  client: BaseLanguageClient,
  isTopology: (document: vscode.TextDocument) => boolean,
): vscode.Disposable {
  const pages = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();

  async function show(): Promise<void> {
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
    const answer = await client.sendRequest<ChangesResult>(CHANGES_SINCE_COMMIT, params);
    if ('problem' in answer) {
      await tell(answer.problem, answer.isNew === true);
      return;
    }
    const name = document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1);
    const title = vscode.l10n.t('Changes in {0} since the last commit', name);
    const page = vscode.Uri.from({ scheme: SCHEME, path: `/${title}.md`, query: document.uri.toString() });
    pages.set(page.toString(), answer.markdown);
    changed.fire(page);
    await read(page);
  }

  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (page) => pages.get(page.toString()) ?? '',
    }),
    vscode.commands.registerCommand('configmgrTopology.changesSinceCommit', show),
  );
}

/** As a page where VS Code can show one, else as text. */
async function read(page: vscode.Uri): Promise<void> {
  if (vscode.extensions.getExtension('vscode.markdown-language-features') !== undefined) {
    await vscode.commands.executeCommand('markdown.showPreview', page);
  } else {
    await vscode.window.showTextDocument(page, { preview: true });
  }
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
