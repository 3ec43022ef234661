// The messages of the Language Server Protocol that the server knows, and what is used of the library that carries
// them. Of the protocol's own library only the types are: it makes objects of every message that there is, which takes
// each editor a megabyte of memory.
import {
  type CancellationToken,
  type ConnectionOptions,
  createMessageConnection,
  type MessageConnection,
  type MessageReader,
  type MessageWriter,
} from 'vscode-jsonrpc';
import type * as lsp from 'vscode-languageserver-protocol';

export { AbstractMessageWriter, ErrorCodes, Message, ResponseError } from 'vscode-jsonrpc';
export type Connection = MessageConnection;

/** A request by the name of its method; what it takes and gives only the compiler knows. */
export interface Request<P, R> {
  readonly method: string;
  readonly carries?: (params: P) => R;
}

/** A notification by the name of its method. */
export interface Notification<P> {
  readonly method: string;
  readonly carries?: (params: P) => void;
}

/** How the protocol's library describes a message. */
interface Described {
  readonly method: string;
}

type RequestOf<D> = D extends {
  readonly type: lsp.ProtocolRequestType<infer P, infer R, unknown, unknown, unknown>;
}
  ? Request<P, R>
  : D extends { readonly type: lsp.ProtocolRequestType0<infer R, unknown, unknown, unknown> }
    ? Request<void, R>
    : never;

type NotificationOf<D> = D extends { readonly type: lsp.ProtocolNotificationType<infer P, unknown> }
  ? Notification<P>
  : never;

function request<D extends Described>(method: D['method']): RequestOf<D> {
  return { method } as RequestOf<D>;
}

function notification<D extends Described>(method: D['method']): NotificationOf<D> {
  return { method } as NotificationOf<D>;
}

/** Answers a request from now on. Whatever a client sends comes as its parameters. */
export function onRequest<P, R>(
  connection: Connection,
  { method }: Request<P, R>,
  handler: (params: P, token: CancellationToken) => R | Promise<R>,
): void {
  connection.onRequest<unknown, void>(method, handler);
}

/** Listens to a notification from now on. Whatever a client sends comes as its parameters. */
export function onNotification<P>(
  connection: Connection,
  { method }: Notification<P>,
  handler: (params: P) => void | Promise<void>,
): void {
  connection.onNotification(method, handler);
}

/** Asks the client. */
export function ask<P, R>(connection: Connection, { method }: Request<P, R>, params: P): Promise<R> {
  return connection.sendRequest<R>(method, params);
}

/** Tells the client. */
export function tell<P>(connection: Connection, { method }: Notification<P>, params: P): Promise<void> {
  return connection.sendNotification(method, params);
}

/** Writes into the log that the client keeps of the server. Never throws: nobody may be left to read it. */
export async function tellError(connection: Connection, message: string): Promise<void> {
  try {
    await tell(connection, LogMessageNotification, { type: ERROR, message });
  } catch {
    // Gone.
  }
}

/** Makes a connection, not yet listened to. What its library complains of goes into the log of the client. */
export function connect(
  reader: MessageReader,
  writer: MessageWriter,
  options: ConnectionOptions,
): Connection {
  const error = (message: string): void => void tellError(connection, message);
  const logger = { error, warn: error, info: () => {}, log: () => {} };
  const connection = createMessageConnection(reader, writer, logger, options);
  return connection;
}

/** `MessageType.Error` of the protocol. */
const ERROR: lsp.MessageType = 1;
/** `TextDocumentSyncKind.Incremental` of the protocol. */
export const INCREMENTAL: lsp.TextDocumentSyncKind = 2;
/** `CodeActionTriggerKind.Automatic` of the protocol. */
export const AUTOMATIC: lsp.CodeActionTriggerKind = 2;

/** The error codes that are the protocol's own. */
export const LSPErrorCodes = { RequestCancelled: -32_800, RequestFailed: -32_803 } as const;

// The session, and what the server asks and tells the client.
export const InitializeRequest = request<typeof lsp.InitializeRequest>('initialize');
export const InitializedNotification = notification<typeof lsp.InitializedNotification>('initialized');
const LogMessageNotification = notification<typeof lsp.LogMessageNotification>('window/logMessage');
export const RegistrationRequest = request<typeof lsp.RegistrationRequest>('client/registerCapability');
export const ConfigurationRequest = request<typeof lsp.ConfigurationRequest>('workspace/configuration');
export const ApplyWorkspaceEditRequest = request<typeof lsp.ApplyWorkspaceEditRequest>('workspace/applyEdit');

// What the client shows, and asks for again.
export const CodeLensRefreshRequest = request<typeof lsp.CodeLensRefreshRequest>(
  'workspace/codeLens/refresh',
);
export const DiagnosticRefreshRequest = request<typeof lsp.DiagnosticRefreshRequest>(
  'workspace/diagnostic/refresh',
);
export const InlayHintRefreshRequest = request<typeof lsp.InlayHintRefreshRequest>(
  'workspace/inlayHint/refresh',
);
export const SemanticTokensRefreshRequest = request<typeof lsp.SemanticTokensRefreshRequest>(
  'workspace/semanticTokens/refresh',
);

// Files and settings of the client.
export const DidChangeConfigurationNotification = notification<typeof lsp.DidChangeConfigurationNotification>(
  'workspace/didChangeConfiguration',
);
export const DidChangeWatchedFilesNotification = notification<typeof lsp.DidChangeWatchedFilesNotification>(
  'workspace/didChangeWatchedFiles',
);
export const DidChangeWorkspaceFoldersNotification = notification<
  typeof lsp.DidChangeWorkspaceFoldersNotification
>('workspace/didChangeWorkspaceFolders');
export const DidOpenTextDocumentNotification =
  notification<typeof lsp.DidOpenTextDocumentNotification>('textDocument/didOpen');
export const DidChangeTextDocumentNotification =
  notification<typeof lsp.DidChangeTextDocumentNotification>('textDocument/didChange');
export const DidCloseTextDocumentNotification =
  notification<typeof lsp.DidCloseTextDocumentNotification>('textDocument/didClose');
export const DidSaveTextDocumentNotification =
  notification<typeof lsp.DidSaveTextDocumentNotification>('textDocument/didSave');

// Findings.
export const PublishDiagnosticsNotification = notification<typeof lsp.PublishDiagnosticsNotification>(
  'textDocument/publishDiagnostics',
);
export const DocumentDiagnosticRequest =
  request<typeof lsp.DocumentDiagnosticRequest>('textDocument/diagnostic');
export const WorkspaceDiagnosticRequest =
  request<typeof lsp.WorkspaceDiagnosticRequest>('workspace/diagnostic');

// Features of an editor.
export const CompletionRequest = request<typeof lsp.CompletionRequest>('textDocument/completion');
export const HoverRequest = request<typeof lsp.HoverRequest>('textDocument/hover');
export const DefinitionRequest = request<typeof lsp.DefinitionRequest>('textDocument/definition');
export const ReferencesRequest = request<typeof lsp.ReferencesRequest>('textDocument/references');
export const DocumentHighlightRequest = request<typeof lsp.DocumentHighlightRequest>(
  'textDocument/documentHighlight',
);
export const DocumentSymbolRequest = request<typeof lsp.DocumentSymbolRequest>('textDocument/documentSymbol');
export const WorkspaceSymbolRequest = request<typeof lsp.WorkspaceSymbolRequest>('workspace/symbol');
export const CodeActionRequest = request<typeof lsp.CodeActionRequest>('textDocument/codeAction');
export const CodeActionResolveRequest = request<typeof lsp.CodeActionResolveRequest>('codeAction/resolve');
export const ExecuteCommandRequest = request<typeof lsp.ExecuteCommandRequest>('workspace/executeCommand');
export const CodeLensRequest = request<typeof lsp.CodeLensRequest>('textDocument/codeLens');
export const CodeLensResolveRequest = request<typeof lsp.CodeLensResolveRequest>('codeLens/resolve');
export const DocumentLinkRequest = request<typeof lsp.DocumentLinkRequest>('textDocument/documentLink');
export const DocumentFormattingRequest =
  request<typeof lsp.DocumentFormattingRequest>('textDocument/formatting');
export const DocumentRangeFormattingRequest = request<typeof lsp.DocumentRangeFormattingRequest>(
  'textDocument/rangeFormatting',
);
export const DocumentOnTypeFormattingRequest = request<typeof lsp.DocumentOnTypeFormattingRequest>(
  'textDocument/onTypeFormatting',
);
export const PrepareRenameRequest = request<typeof lsp.PrepareRenameRequest>('textDocument/prepareRename');
export const RenameRequest = request<typeof lsp.RenameRequest>('textDocument/rename');
export const FoldingRangeRequest = request<typeof lsp.FoldingRangeRequest>('textDocument/foldingRange');
export const SelectionRangeRequest = request<typeof lsp.SelectionRangeRequest>('textDocument/selectionRange');
export const CallHierarchyPrepareRequest = request<typeof lsp.CallHierarchyPrepareRequest>(
  'textDocument/prepareCallHierarchy',
);
export const CallHierarchyIncomingCallsRequest = request<typeof lsp.CallHierarchyIncomingCallsRequest>(
  'callHierarchy/incomingCalls',
);
export const CallHierarchyOutgoingCallsRequest = request<typeof lsp.CallHierarchyOutgoingCallsRequest>(
  'callHierarchy/outgoingCalls',
);
export const SemanticTokensRequest = request<typeof lsp.SemanticTokensRequest>(
  'textDocument/semanticTokens/full',
);
export const SemanticTokensDeltaRequest = request<typeof lsp.SemanticTokensDeltaRequest>(
  'textDocument/semanticTokens/full/delta',
);
export const SemanticTokensRangeRequest = request<typeof lsp.SemanticTokensRangeRequest>(
  'textDocument/semanticTokens/range',
);
export const InlayHintRequest = request<typeof lsp.InlayHintRequest>('textDocument/inlayHint');
