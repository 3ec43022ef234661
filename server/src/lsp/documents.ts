// The documents that the client holds, as it opens, changes, saves and closes them.
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Diagnostics } from './diagnostics.ts';
import { demand, takes } from './params.ts';
import {
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DidSaveTextDocumentNotification,
  onNotification,
} from './protocol.ts';
import { isSettings, type Session } from './session.ts';
import type { SettingsEvents } from './settings.ts';

/** Keeps the workspace's texts as the client has them. */
export function followDocuments(session: Session, settings: SettingsEvents, diagnostics: Diagnostics): void {
  const { connection, workspace } = session;
  const texts = new Map<string, TextDocument>();

  onNotification(connection, DidOpenTextDocumentNotification, (params) => {
    demand(takes.opened, params);
    const { uri, languageId, version, text } = params.textDocument;
    texts.set(uri, TextDocument.create(uri, languageId, version, text));
    const before = isSettings(uri) ? workspace.settingsFile(uri)?.text : undefined;
    workspace.set(uri, version, text);
    if (isSettings(uri)) settings.edited(before, text);
    diagnostics.publishSoon(uri);
  });

  onNotification(connection, DidChangeTextDocumentNotification, (params) => {
    demand(takes.changed, params);
    const { uri, version } = params.textDocument;
    const old = texts.get(uri);
    if (old === undefined) return;
    const before = isSettings(uri) ? old.getText() : undefined;
    const document = TextDocument.update(old, params.contentChanges, version);
    texts.set(uri, document);
    workspace.set(uri, version, document.getText());
    if (isSettings(uri)) settings.edited(before, document.getText());
    diagnostics.publishSoon(uri);
  });

  onNotification(connection, DidCloseTextDocumentNotification, (params) => {
    demand(takes.document, params);
    const { uri } = params.textDocument;
    const before = isSettings(uri) ? texts.get(uri)?.getText() : undefined;
    texts.delete(uri);
    session.closed(uri);
    workspace.close(uri);
    if (isSettings(uri)) settings.edited(before, workspace.settingsFile(uri)?.text);
    session.forgetFiles();
    diagnostics.clear(uri);
  });

  onNotification(connection, DidSaveTextDocumentNotification, (params) => {
    demand(takes.document, params);
    // A client that watches no files says nothing when a settings file changes elsewhere.
    if (isSettings(params.textDocument.uri) || !session.watching) settings.changed();
  });
}
