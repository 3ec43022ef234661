// A language client for the tests: the built program as a child process, and the protocol over it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type ClientCapabilities,
  ConfigurationRequest,
  createProtocolConnection,
  type Diagnostic,
  DiagnosticRefreshRequest,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  InlayHintRefreshRequest,
  LogMessageNotification,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  type Registration,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver-protocol/node';

export const PROGRAM = join(process.cwd(), 'dist', 'cli.js');

/** What VS Code 1.100 declares, as far as our server looks at it. */
export const VSCODE_LIKE: ClientCapabilities = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    diagnostics: { refreshSupport: true },
    inlayHint: { refreshSupport: true },
    workspaceEdit: { documentChanges: true },
  },
  textDocument: {
    diagnostic: { relatedInformation: true, codeDescriptionSupport: true, tagSupport: { valueSet: [1, 2] } },
    completion: { completionItem: { snippetSupport: true } },
    definition: { linkSupport: true },
    rename: { prepareSupport: true },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'refactor', 'source'] } },
    },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
  },
};

/** A plain editor: diagnostics are pushed, nothing is registered later. */
export const PLAIN: ClientCapabilities = {
  textDocument: { publishDiagnostics: { relatedInformation: true } },
};

export interface Client {
  readonly connection: ProtocolConnection;
  readonly process: ChildProcess;
  readonly initialized: InitializeResult;
  readonly logs: string[];
  readonly registrations: Registration[];
  /** How often the server asked for its pulled diagnostics to be asked for again. */
  refreshes(): number;
  /** How often the server asked for its inlay hints to be asked for again. */
  hintRefreshes(): number;
  /** The answer to `workspace/configuration`. */
  configuration: unknown;
  open(uri: string, text: string): void;
  change(uri: string, changes: TextDocumentContentChangeEvent[] | string): number;
  close(uri: string): void;
  pull(uri: string): Promise<Diagnostic[]>;
  /** The next pushed diagnostics of a document for this version or a later one. */
  pushed(uri: string, version: number): Promise<PublishDiagnosticsParams>;
  /** Ends the server in order; gives its exit status. */
  stop(): Promise<number | null>;
}

export interface StartOptions {
  /** Another copy of the built program. */
  readonly program?: string;
  readonly capabilities?: ClientCapabilities;
  /** Workspace folders, as paths. */
  readonly folders?: readonly string[];
  readonly configuration?: unknown;
  readonly processId?: number | null;
  /** The language of the editor; English where it is absent. */
  readonly locale?: string;
  readonly initializationOptions?: unknown;
}

/** Starts the built server and initializes it. */
export async function start(options: StartOptions = {}): Promise<Client> {
  const child = spawn(process.execPath, [options.program ?? PROGRAM, 'lsp', '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const logs: string[] = [];
  const registrations: Registration[] = [];
  const versions = new Map<string, number>();
  const arrived = new Map<string, PublishDiagnosticsParams>();
  const waiting: { uri: string; version: number; resolve: (params: PublishDiagnosticsParams) => void }[] = [];
  let refreshes = 0;
  let hintRefreshes = 0;

  connection.onNotification(LogMessageNotification.type, ({ message }) => void logs.push(message));
  connection.onRequest(
    RegistrationRequest.type,
    (params) => void registrations.push(...params.registrations),
  );
  connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => client.configuration));
  connection.onRequest(DiagnosticRefreshRequest.type, () => void refreshes++);
  connection.onRequest(InlayHintRefreshRequest.type, () => void hintRefreshes++);
  connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
    arrived.set(params.uri, params);
    for (const [index, one] of [...waiting.entries()].toReversed()) {
      if (one.uri === params.uri && (params.version ?? 0) >= one.version) {
        waiting.splice(index, 1);
        one.resolve(params);
      }
    }
  });
  connection.listen();

  const initialized = await connection.sendRequest(InitializeRequest.type, {
    processId: options.processId === undefined ? process.pid : options.processId,
    rootUri: null,
    locale: options.locale ?? 'en',
    capabilities: options.capabilities ?? VSCODE_LIKE,
    initializationOptions: options.initializationOptions,
    workspaceFolders: (options.folders ?? []).map((path) => ({ uri: pathToFileURL(path).href, name: path })),
  });

  const client: Client = {
    connection,
    process: child,
    initialized,
    logs,
    registrations,
    refreshes: () => refreshes,
    hintRefreshes: () => hintRefreshes,
    configuration: options.configuration ?? null,
    open(uri, text) {
      versions.set(uri, 1);
      void connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri, languageId: 'configmgr-topology', version: 1, text },
      });
    },
    change(uri, changes) {
      const version = (versions.get(uri) ?? 0) + 1;
      versions.set(uri, version);
      void connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version },
        contentChanges: typeof changes === 'string' ? [{ text: changes }] : changes,
      });
      return version;
    },
    close(uri) {
      versions.delete(uri);
      arrived.delete(uri);
      void connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
    },
    async pull(uri) {
      const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri } });
      if (report.kind !== 'full') throw new Error('a full report was expected');
      return report.items;
    },
    pushed(uri, version) {
      const last = arrived.get(uri);
      if (last !== undefined && (last.version ?? 0) >= version) return Promise.resolve(last);
      return new Promise((resolve) => waiting.push({ uri, version, resolve }));
    },
    async stop() {
      const ended = once(child, 'exit');
      await connection.sendRequest(ShutdownRequest.type);
      void connection.sendNotification(ExitNotification.type);
      const [status] = await ended;
      connection.dispose();
      return typeof status === 'number' ? status : null;
    },
  };
  await connection.sendNotification(InitializedNotification.type, {});
  return client;
}
