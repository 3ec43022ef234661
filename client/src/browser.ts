// The extension in a browser, as in vscode.dev: the language server is a web worker.
import * as vscode from 'vscode';
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from 'vscode-languageclient/browser';
import { id, name, start, stop } from './activate.ts';

/** Called by VS Code when the first topology file is opened or a command of ours is run. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const { fs } = vscode.workspace;
  const file = (...path: string[]): vscode.Uri => vscode.Uri.joinPath(context.extensionUri, ...path);
  let worker: Worker | undefined;
  const run = async (): Promise<MessageTransports> => {
    worker?.terminate();
    // A worker has to come from the origin of the page, which the extension's files do not.
    const parts = ['core.js', 'on-demand.js', 'server-worker.js'].map(
      async (part) => new Uint8Array(await fs.readFile(file('dist', part))),
    );
    const address = URL.createObjectURL(new Blob(await Promise.all(parts), { type: 'text/javascript' }));
    worker = new Worker(address);
    // VS Code's own Worker is not told from others by its class, so the client cannot make these itself.
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  context.subscriptions.push({ dispose: () => worker?.terminate() });
  await start(context, {
    create: (options) => new LanguageClient(id, name, run, options),
    options: {
      pages: file('docs', 'rules').toString(),
      ...(vscode.l10n.bundle ? { messages: vscode.l10n.bundle } : {}),
    },
    reads: () => false,
  });
}

/** Called by VS Code at its end and when the extension is disabled. */
export const deactivate = stop;
