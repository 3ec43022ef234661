// The extension in VS Code on a desktop or a remote machine: the language server is a process of its own.
import type * as vscode from 'vscode';
import { LanguageClient, type ServerOptions, TransportKind } from 'vscode-languageclient/node';
import { id, name, start, stop } from './activate.ts';

/** Called by VS Code when the first topology file is opened or a command of ours is run. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const run = {
    module: context.asAbsolutePath('dist/cli.js'),
    args: ['lsp'],
    transport: TransportKind.ipc,
  };
  // After seconds without work V8 would give memory back, and the next keystrokes would be answered half as fast: the
  // server does it itself. What is made for a keystroke fits into two megabytes; V8 would keep 32 for it.
  const execArgv = ['--no-memory-reducer', '--max-semi-space-size=2'];
  const server: ServerOptions = {
    run: { ...run, options: { execArgv } },
    debug: { ...run, options: { execArgv: [...execArgv, '--nolazy', '--inspect=0'] } },
  };
  await start(context, {
    create: (options) => new LanguageClient(id, name, server, options),
    reads: ({ scheme }) => scheme === 'file',
  });
}

/** Called by VS Code at its end and when the extension is disabled. */
export const deactivate = stop;
