// The extension in VS Code on a desktop or a remote machine.
import type * as vscode from 'vscode';
import { start, stop } from './activate.ts';

/** Called by VS Code when the first topology file is opened or a command of ours is run. */
export function activate(context: vscode.ExtensionContext): void {
  start(context, {
    // A file of its own, which is read after the activation: it is eight times as large as this one.
    create: async (settings) => (await import('./node-client.ts')).nodeClient(context, settings),
    reads: ({ scheme }) => scheme === 'file',
  });
}

/** Called by VS Code at its end and when the extension is disabled. */
export const deactivate = stop;
