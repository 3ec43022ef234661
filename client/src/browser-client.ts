// The client in a browser, as in vscode.dev: the language server is a web worker.
import * as vscode from 'vscode';
import {
  type BaseLanguageClient,
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from 'vscode-languageclient/browser';
import { type ClientSettings, clientWith } from './language-client.ts';
import { id, name } from './names.ts';

/** Makes the client, not yet started. */
export function browserClient(
  context: vscode.ExtensionContext,
  settings: ClientSettings,
): BaseLanguageClient {
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
  return clientWith(settings, (options) => new LanguageClient(id, name, run, options));
}
