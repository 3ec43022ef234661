// The client in VS Code on a desktop or a remote machine: the language server is a process of its own.
import type * as vscode from 'vscode';
import {
  type BaseLanguageClient,
  LanguageClient,
  type ServerOptions,
  TransportKind,
} from 'vscode-languageclient/node';
import { type ClientSettings, clientWith } from './language-client.ts';
import { id, name } from './names.ts';
import { ENVIRONMENT, EXEC_ARGV } from './server-process.ts';

/** Makes the client, not yet started. */
export function nodeClient(context: vscode.ExtensionContext, settings: ClientSettings): BaseLanguageClient {
  const run = {
    module: context.asAbsolutePath('dist/language-server.js'),
    transport: TransportKind.ipc,
  };
  const execArgv = [...EXEC_ARGV];
  const env = { ...ENVIRONMENT };
  const server: ServerOptions = {
    run: { ...run, options: { execArgv, env } },
    debug: { ...run, options: { execArgv: [...execArgv, '--nolazy', '--inspect=0'], env } },
  };
  return clientWith(settings, (options) => new LanguageClient(id, name, server, options));
}
