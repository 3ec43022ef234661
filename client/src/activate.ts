// What the extension does wherever it runs. How the language server is started is up to the caller.
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  EXPORT_RULES,
  type InitializationOptions,
  RENDERED,
  SHOW_CONNECTIONS,
  SILENCE,
} from '../../server/src/lsp/requests.ts';
import { registerChanges } from './changes.ts';
import { registerComparisons } from './comparisons.ts';
import { registerConnections } from './connections.ts';
import { registerDiagram } from './diagram.ts';
import { registerEmptyFileHint } from './empty-file.ts';
import { registerExportRules } from './export-rules.ts';
import { settingsFiles, tellFiles } from './files.ts';
import { foldedHovers, registerFoldedHovers, SHOW_MORE } from './folded-hovers.ts';
import { registerImportFirewall } from './import-firewall.ts';
import { registerImportHierarchy } from './import-hierarchy.ts';
import type { ClientSettings } from './language-client.ts';
import { name } from './names.ts';
import { registerNewFile } from './new-file.ts';
import { registerPages } from './page-command.ts';
import { createPages } from './pages-shown.ts';
import { registerReport } from './report.ts';
import { serverOf } from './server.ts';
import { registerSilence } from './silence.ts';
import { showStatus } from './status.ts';
import { registerTools } from './tools.ts';
import { topologyDocuments } from './topology-document.ts';
import { registerInFile } from './topology-editor.ts';
import { registerTopologyTree } from './topology-tree.ts';
import { registerWriteRules } from './write-rules.ts';

const languageId = 'configmgr-topology';

/**
 * Where a document may live: on disk (also that of a remote machine), in no file yet, or in a virtual
 * workspace. Not the old side of a comparison (`git:`), whose findings would show twice.
 */
const schemes = ['file', 'untitled', 'vscode-remote', 'vscode-vfs', 'vscode-test-web'];

/** The first line by which a YAML file with any name is a topology. */
const firstLine = /^\uFEFF?#\s*configmgr-topology\b/;

/** How a server is started, and which files it reads by itself. */
export interface Start {
  /** Makes the client, not yet started. Called after the activation. */
  create(settings: ClientSettings): Promise<BaseLanguageClient>;
  /** What else the server has to know at its start. */
  readonly options?: InitializationOptions;
  /** Whether the server reads a file by itself; of all others it is told. */
  reads(uri: vscode.Uri): boolean;
}

let client: Promise<BaseLanguageClient> | undefined;
/** Settled when the first start of the server is over, however it ended. */
let starting: Promise<void> = Promise.resolve();

/**
 * Registers everything, and has the language server started after the activation: what is asked of it before it is
 * there waits for it.
 */
export function start(context: vscode.ExtensionContext, { create, options, reads }: Start): void {
  const output = vscode.window.createOutputChannel(name, { log: true });
  const log = (error: unknown): void => output.error(error instanceof Error ? error : String(error));
  const created = new Promise((resolve) => setTimeout(resolve)).then(async () =>
    create({
      documentSelector: schemes.flatMap((scheme) => [
        { scheme, language: languageId },
        { scheme, pattern: '**/.cmtopo.yaml' },
      ]),
      outputChannel: output,
      initializationOptions: {
        ...options,
        commands: [SHOW_CONNECTIONS, SILENCE, RENDERED],
        files: await settingsFiles(reads, log),
      },
      middleware: foldedHovers,
      hoverCommands: [SHOW_CONNECTIONS, EXPORT_RULES, RENDERED, SHOW_MORE],
      started: () => server.started(),
    }),
  );
  client = created;
  const server = serverOf(created);
  const isTopology = ({ languageId: language, uri }: vscode.TextDocument): boolean =>
    language === languageId && schemes.includes(uri.scheme);
  // Views of ours show, and the walkthrough's first step is done, once there is a topology file, whoever made it.
  const found = (document: vscode.TextDocument): void => {
    if (isTopology(document))
      void vscode.commands.executeCommand('setContext', 'configmgrTopology.hasFile', true);
  };

  const documentOf = topologyDocuments(server, isTopology);
  const pages = createPages();
  context.subscriptions.push(
    output,
    server,
    vscode.workspace.onDidOpenTextDocument(found),
    adoptByFirstLine(),
    registerNewFile(languageId),
    registerEmptyFileHint(isTopology),
    registerImportHierarchy(server, languageId),
    registerInFile(isTopology),
    registerExportRules(server, documentOf),
    registerWriteRules(server, documentOf),
    registerReport(server, documentOf),
    pages.disposable,
    registerComparisons(server, documentOf, pages.show),
    registerImportFirewall(server, documentOf, pages.show),
    registerTopologyTree(context.extensionUri, server, log),
    registerTools(context, server, isTopology),
    registerPages(),
    registerSilence(server),
    registerFoldedHovers(),
    registerConnections(context.extensionUri, server, isTopology, log),
    registerChanges(server, isTopology, pages.show),
    registerDiagram(context.extensionUri, server, documentOf, log),
    vscode.commands.registerCommand('configmgrTopology.restartServer', async () => {
      // A client that is still starting cannot be stopped.
      await starting;
      try {
        const running = await created;
        // A server that does not end as it should is no reason not to start another.
        await running.stop().catch(log);
        await running.start();
      } catch (error) {
        log(error);
        await vscode.window.showErrorMessage(
          vscode.l10n.t('The {0} language server did not start. Its log (Output: {0}) says why.', name),
        );
      }
    }),
    vscode.commands.registerCommand('configmgrTopology.showLog', () => output.show(true)),
  );
  for (const document of vscode.workspace.textDocuments) found(document);
  // Where it does not start, the client itself says so.
  starting = created
    .then((one) => one.start())
    .then(() => {
      context.subscriptions.push(tellFiles(server, reads, log), showStatus(server, isTopology, languageId));
    }, log);
}

/** Ends the server. */
export async function stop(): Promise<void> {
  await starting;
  const running = await client?.catch(() => undefined);
  if (running?.isRunning()) await running.stop();
  client = undefined;
}

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
