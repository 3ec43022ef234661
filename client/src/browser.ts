// The extension in a browser, as in vscode.dev.
import * as vscode from 'vscode';
import { start, stop } from './activate.ts';

/** Called by VS Code when the first topology file is opened or a command of ours is run. */
export function activate(context: vscode.ExtensionContext): void {
  start(context, {
    create: async (settings) => (await import('./browser-client.ts')).browserClient(context, settings),
    options: {
      pages: vscode.Uri.joinPath(context.extensionUri, 'docs', 'rules').toString(),
      ...(vscode.l10n.bundle ? { messages: vscode.l10n.bundle } : {}),
    },
    reads: () => false,
  });
}

/** Called by VS Code at its end and when the extension is disabled. */
export const deactivate = stop;
