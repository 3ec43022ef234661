// 'Export Firewall Rules': what the open file needs, in the words of a firewall, in a new editor.
import * as vscode from 'vscode';
import {
  EXPORT,
  EXPORT_FORMATS,
  EXPORT_RULES,
  type ExportFormatsResult,
  type ExportParams,
  type ExportResult,
} from '../../server/src/lsp/requests.ts';
import type { Server } from './server.ts';
import type { TopologyDocument } from './topology-document.ts';

/** Registers the command; a word of `cmtopo export --format` as its argument asks nothing more. */
export function registerExportRules(server: Server, documentOf: TopologyDocument): vscode.Disposable {
  return vscode.commands.registerCommand(EXPORT_RULES, async (wanted?: unknown) => {
    const document = await documentOf(wanted);
    if (document === undefined) return undefined;
    const formats = await server.sendRequest<ExportFormatsResult>(EXPORT_FORMATS, {});
    const chosen =
      formats.find(({ format }) => format === wanted) ??
      (await vscode.window.showQuickPick(
        formats.map((one) => ({ ...one, label: one.title })),
        {
          title: vscode.l10n.t('Export Firewall Rules'),
          placeHolder: vscode.l10n.t('For which firewall?'),
          matchOnDetail: true,
        },
      ));
    if (chosen === undefined) return undefined;
    const textDocument = { uri: document.uri.toString() };
    const params: ExportParams = { textDocument, format: chosen.format };
    const result = await server.sendRequest<ExportResult>(EXPORT, params);
    if ('problem' in result) {
      void vscode.window.showErrorMessage(result.problem);
      return undefined;
    }
    const { text, gaps } = result;
    const known = await vscode.languages.getLanguages();
    const language = known.includes(chosen.language) ? chosen.language : 'plaintext';
    const exported = await vscode.workspace.openTextDocument({ language, content: text });
    await vscode.window.showTextDocument(exported);
    if (gaps > 0) {
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          'The rules are not complete. What could not be written is named in the text: {0}.',
          gaps,
        ),
      );
    }
    return exported;
  });
}
