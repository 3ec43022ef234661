// The language server: a session, what it follows, and what it answers.
import type { ResponseMessage } from 'vscode-jsonrpc';
import type { ServerCapabilities } from 'vscode-languageserver-protocol';
import { version } from '../../../package.json';
import { createDiagnostics } from './diagnostics.ts';
import { followDocuments } from './documents.ts';
import { features } from './features.ts';
import { refuse } from './order.ts';
import { answerOwnRequests } from './own-requests.ts';
import {
  type Connection,
  INCREMENTAL,
  InitializeRequest,
  LSPErrorCodes,
  Message,
  onRequest,
} from './protocol.ts';
import { createSession } from './session.ts';
import { followSettings } from './settings.ts';
import type { Disk } from './told-disk.ts';
import { answerTools, type ToolThread } from './tools.ts';
import { answerTopologyRequests } from './topology-requests.ts';

/** Answers a cancelled request that still waits in the queue, so that no work is done for it. */
export function cancelQueued(message: Message): ResponseMessage {
  return {
    jsonrpc: '2.0',
    id: Message.isRequest(message) ? message.id : null,
    error: { code: LSPErrorCodes.RequestCancelled, message: 'Cancelled before it was started.' },
  };
}

/** What runs the server. */
export interface Host {
  readonly disk: Disk;
  /** Lets the messages that have already arrived be read first. */
  turn(): Promise<void>;
  /** Answers assistants. */
  readonly thread: ToolThread;
  /** Told at `initialize` in which process the client runs, where it says so. */
  follow?(client: number): void;
}

/** Connects the features to a client. Returns at once; the connection lives on its events. */
export function serve(connection: Connection, { disk, turn, thread, follow }: Host): void {
  const session = createSession(connection, disk, turn);
  const diagnostics = createDiagnostics(session);
  const settings = followSettings(session, diagnostics);
  followDocuments(session, settings, diagnostics);
  for (const { listen } of features) listen(session);
  answerOwnRequests(session);
  answerTools(session, thread);
  answerTopologyRequests(session);
  refuse(connection);

  onRequest(connection, InitializeRequest, (params) => {
    if (typeof params.processId === 'number') follow?.(params.processId);
    session.begin(params);
    const capabilities: ServerCapabilities = {
      textDocumentSync: {
        openClose: true,
        change: INCREMENTAL,
        save: { includeText: false },
      },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      ...diagnostics.capability(),
    };
    for (const { capability } of features) Object.assign(capabilities, capability(session));
    return { serverInfo: { name: 'cmtopo', version }, capabilities };
  });

  connection.listen();
}
