// 'Write Missing Firewall Rules': what the firewalls of the open file lack, written into it.
import * as vscode from 'vscode';
import { type DocumentParams, WRITE_RULES, type WriteRulesResult } from '../../server/src/lsp/requests.ts';
import type { Server } from './server.ts';
import { type TopologyDocument, wantedWord } from './topology-document.ts';

/** Registers the command; the name of a firewall as its argument asks nothing more. */
export function registerWriteRules(server: Server, documentOf: TopologyDocument): vscode.Disposable {
  return vscode.commands.registerCommand('configmgrTopology.writeRules', async (wanted?: unknown) => {
    const document = await documentOf(wanted);
    if (document === undefined) return false;
    const textDocument = { uri: document.uri.toString() };
    const params: DocumentParams = { textDocument };
    const result = await server.sendRequest<WriteRulesResult>(WRITE_RULES, params);
    if ('problem' in result) {
      void vscode.window.showErrorMessage(result.problem);
      return false;
    }
    const { firewalls, version } = result;
    if (firewalls.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('No firewall is missing a rule.'));
      return false;
    }
    const named = firewalls.filter(({ name }) => name === wantedWord(wanted));
    const chosen =
      named.length > 0 || firewalls.length === 1
        ? [named[0] ?? firewalls[0]]
        : await vscode.window.showQuickPick(
            firewalls.map((one) => ({
              ...one,
              label: one.name,
              description: String(one.rules),
              picked: true,
            })),
            {
              title: vscode.l10n.t('Write Missing Firewall Rules'),
              placeHolder: vscode.l10n.t('Into which firewalls?'),
              canPickMany: true,
            },
          );
    const converter = await server.converter();
    if (chosen === undefined || document.version !== version) return false;
    const edit = new vscode.WorkspaceEdit();
    for (const one of chosen)
      edit.set(document.uri, [
        ...edit.get(document.uri),
        ...(await converter.asTextEdits([...(one?.edits ?? [])])),
      ]);
    return vscode.workspace.applyEdit(edit);
  });
}
