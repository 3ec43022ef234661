// The client of the library, wherever it runs.
import type * as vscode from 'vscode';
import {
  type BaseLanguageClient,
  ErrorAction,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  State,
} from 'vscode-languageclient';
import type { InitializationOptions } from '../../server/src/lsp/requests.ts';

/**
 * What the client is told. It comes from outside, because this file is bundled on its own: what it imported would be
 * there twice.
 */
export interface ClientSettings {
  readonly documentSelector: NonNullable<LanguageClientOptions['documentSelector']>;
  readonly outputChannel: vscode.LogOutputChannel;
  readonly initializationOptions: InitializationOptions;
  readonly middleware: NonNullable<LanguageClientOptions['middleware']>;
  /** The commands that hovers may lead to. */
  readonly hoverCommands: readonly string[];
  /** Called each time that the server has come up. */
  started(): void;
}

/**
 * Makes the client, not yet started.
 * @param create makes that of the place where it runs
 */
export function clientWith(
  { started, hoverCommands, ...settings }: ClientSettings,
  create: (options: LanguageClientOptions) => BaseLanguageClient,
): BaseLanguageClient {
  const client = create({
    ...settings,
    // Hovers fold what few ask for, and lead to views of ours; what the file says is escaped in them.
    markdown: { isTrusted: { enabledCommands: hoverCommands }, supportHtml: true },
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    errorHandler: {
      // What is typed while the server dies cannot be sent to it. The library would stop for good after three such
      // errors, although it starts the server again once its end is known.
      error: () => ({ action: ErrorAction.Continue, handled: true }),
      closed: () => ends.closed(),
    },
  });
  const ends = client.createDefaultErrorHandler();
  client.onDidChangeState(({ newState }) => {
    if (newState === State.Running) started();
  });
  return client;
}
