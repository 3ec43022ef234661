// 'Export Firewall Rules': what the open file needs, in the words of a firewall, in a new editor.
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { EXPORT, type ExportParams, type ExportResult } from '../../server/src/lsp/requests.ts';
import { topologyEditor } from './topology-editor.ts';

interface Format extends vscode.QuickPickItem {
  /** The word of `cmtopo export --format`. */
  readonly format: string;
  /** The language of the new document. */
  readonly language: string;
}

/** What can be chosen. The titles are names of products and formats. */
function formats(): readonly Format[] {
  const { t } = vscode.l10n;
  return [
    { format: 'powershell', language: 'powershell', label: 'PowerShell', detail: 'New-NetFirewallRule' },
    { format: 'netsh', language: 'bat', label: 'netsh', detail: 'netsh advfirewall' },
    { format: 'nsg-bicep', language: 'bicep', label: 'Bicep', detail: t('Azure network security group') },
    { format: 'nsg-arm', language: 'json', label: 'ARM JSON', detail: t('Azure network security group') },
    {
      format: 'terraform',
      language: 'terraform',
      label: 'Terraform',
      detail: 'azurerm_network_security_group',
    },
    { format: 'cisco-asa', language: 'plaintext', label: 'Cisco ASA', detail: 'access-list' },
    { format: 'nftables', language: 'plaintext', label: 'nftables', detail: 'nft -f' },
    { format: 'csv', language: 'csv', label: 'CSV', detail: t('One line a connection, for a ticket') },
    {
      format: 'markdown',
      language: 'markdown',
      label: 'Markdown',
      detail: t('Tables for a page or a ticket'),
    },
    { format: 'html', language: 'html', label: 'HTML', detail: t('A page to send') },
  ];
}

/** Registers the command; a word of `cmtopo export --format` as its argument asks nothing more. */
export function registerExportRules(
  client: BaseLanguageClient,
  isTopology: (document: vscode.TextDocument) => boolean,
): vscode.Disposable {
  return vscode.commands.registerCommand('configmgrTopology.exportRules', async (wanted?: unknown) => {
    const document = (await topologyEditor(isTopology))?.document;
    if (document === undefined) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Open a topology file first: its firewall rules are exported.'),
      );
      return undefined;
    }
    const all = formats();
    const chosen =
      all.find(({ format }) => format === wanted) ??
      (await vscode.window.showQuickPick(all, {
        title: vscode.l10n.t('Export Firewall Rules'),
        placeHolder: vscode.l10n.t('For which firewall?'),
        matchOnDetail: true,
      }));
    if (chosen === undefined) return undefined;
    const textDocument = { uri: client.code2ProtocolConverter.asUri(document.uri) };
    const params: ExportParams = { textDocument, format: chosen.format };
    const result = await client.sendRequest<ExportResult>(EXPORT, params);
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
