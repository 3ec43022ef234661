// 'Report': one page about a topology file for whoever reviews its security, saved where a person wants it.
import * as vscode from 'vscode';
import { type DocumentParams, REPORT, type ReportResult } from '../../server/src/lsp/requests.ts';
import { saveBeside } from './save.ts';
import type { Server } from './server.ts';
import type { TopologyDocument } from './topology-document.ts';

/** Registers the command. */
export function registerReport(server: Server, documentOf: TopologyDocument): vscode.Disposable {
  return vscode.commands.registerCommand('configmgrTopology.report', async (wanted?: unknown) => {
    const document = await documentOf(wanted);
    if (document === undefined) return;
    const textDocument = { uri: document.uri.toString() };
    const params: DocumentParams = { textDocument };
    const result = await server.sendRequest<ReportResult>(REPORT, params);
    if ('problem' in result) {
      void vscode.window.showErrorMessage(result.problem);
      return;
    }
    await save(document.uri, result.html);
  });
}

async function save(topology: vscode.Uri, html: string): Promise<void> {
  try {
    const target = await saveBeside(topology, 'html', vscode.l10n.t('Save Report'), html);
    if (target === undefined) return;
    const place = vscode.workspace.asRelativePath(target);
    const open = vscode.l10n.t('Open in Browser');
    const message = vscode.l10n.t('Saved the report to {0}.', place);
    if ((await vscode.window.showInformationMessage(message, open)) === open)
      await vscode.env.openExternal(target);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await vscode.window.showErrorMessage(vscode.l10n.t('The report could not be written: {0}', reason));
  }
}
