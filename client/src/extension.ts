// The extension in VS Code: starts the language server and offers to restart it.
import * as vscode from 'vscode';
import {
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  type ServerOptions,
  TransportKind,
} from 'vscode-languageclient/node';
import { type InitializationOptions, SHOW_CONNECTIONS } from '../../server/src/lsp/requests.ts';
import { registerChanges } from './changes.ts';
import { registerConnections } from './connections.ts';

/** Also the section of the settings, so that `configmgrTopology.trace.server` is honoured. */
const id = 'configmgrTopology';
const name = 'ConfigMgr Topology';
const languageId = 'configmgr-topology';

/**
 * Where a document may live: on disk (also that of a remote machine), in no file yet, or in a virtual
 * workspace. Not the old side of a comparison (`git:`), whose findings would show twice.
 */
const schemes = ['file', 'untitled', 'vscode-remote', 'vscode-vfs'];

/** The first line by which a YAML file with any name is a topology. */
const firstLine = /^\uFEFF?#\s*configmgr-topology\b/;

let client: LanguageClient | undefined;

/**
 * Gives YAML files that start with our comment our language: VS Code itself looks at the first line only where
 * the name says nothing. Each file once, so that a person who chooses YAML for it keeps YAML.
 */
function adoptByFirstLine(): vscode.Disposable {
  const seen = new Set<string>();
  const adopt = async (document: vscode.TextDocument): Promise<void> => {
    const uri = document.uri.toString();
    if (document.languageId !== 'yaml' || seen.has(uri) || !firstLine.test(document.lineAt(0).text)) return;
    seen.add(uri);
    await vscode.languages.setTextDocumentLanguage(document, languageId);
  };
  for (const document of vscode.workspace.textDocuments) void adopt(document);
  return vscode.workspace.onDidOpenTextDocument(adopt);
}

/** Called by VS Code when the first topology file is opened or a command of ours is run. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel(name, { log: true });
  const run = {
    module: context.asAbsolutePath('dist/cli.js'),
    args: ['lsp'],
    transport: TransportKind.ipc,
  };
  const serverOptions: ServerOptions = {
    run,
    debug: { ...run, options: { execArgv: ['--nolazy', '--inspect=0'] } },
  };
  const clientOptions: LanguageClientOptions = {
    documentSelector: schemes.flatMap((scheme) => [
      { scheme, language: languageId },
      { scheme, pattern: '**/.cmtopo.yaml' },
    ]),
    outputChannel: output,
    initializationOptions: { commands: [SHOW_CONNECTIONS] } satisfies InitializationOptions,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
  };
  const started = new LanguageClient(id, name, serverOptions, clientOptions);
  client = started;

  const isTopology = ({ languageId: language, uri }: vscode.TextDocument) =>
    language === languageId && schemes.includes(uri.scheme);
  const log = (error: unknown) => output.error(error instanceof Error ? error : String(error));

  context.subscriptions.push(
    output,
    adoptByFirstLine(),
    registerConnections(context.extensionUri, started, isTopology, log),
    registerChanges(started, isTopology),
    vscode.commands.registerCommand('configmgrTopology.restartServer', async () => {
      try {
        await started.restart();
      } catch (error) {
        output.error(error instanceof Error ? error : String(error));
        await vscode.window.showErrorMessage(
          vscode.l10n.t('The {0} language server did not start. Its log (Output: {0}) says why.', name),
        );
      }
    }),
    vscode.commands.registerCommand('configmgrTopology.showLog', () => output.show(true)),
  );
  // Views of ours show once there is something to show.
  void vscode.commands.executeCommand('setContext', 'configmgrTopology.active', true);
  await started.start();
}

/** Called by VS Code at its end and when the extension is disabled: ends the server. */
export async function deactivate(): Promise<void> {
  await client?.stop();
  client = undefined;
}
