// The Connections view: every connection of the topology file that is edited, following the cursor.
import * as vscode from 'vscode';

import {
  type ConnectionFilter,
  type ConnectionList,
  machineAt,
} from '../../server/src/features/connections-query.ts';
import {
  CONNECTIONS,
  CONNECTIONS_CSV,
  type ConnectionsCsvParams,
  type ConnectionsCsvResult,
  type ConnectionsResult,
  type DocumentParams,
  SHOW_CONNECTIONS,
} from '../../server/src/lsp/requests.ts';
import { connectionsWords } from './connections-words.ts';
import type { FromConnections, ShownConnections, ToConnections } from './pages/connections-messages.ts';
import { saveBeside, sayIsSaved } from './save.ts';
import type { Server } from './server.ts';
import { addressOf, wantedWord } from './topology-document.ts';
import { webviewHtml, webviewOptions } from './webview.ts';

const VIEW = 'configmgrTopology.connections';
/** After the last key, so that typing is not slowed down. */
const AFTER_TYPING = 300;
/** After the last move of the cursor. */
const AFTER_MOVING = 60;

/**
 * The view and its commands.
 * @param isTopology whether a document is a topology file that the server knows
 * @param log where failures go that nobody needs to see
 */
export function registerConnections(
  extension: vscode.Uri,
  server: Server,
  isTopology: (document: vscode.TextDocument) => boolean,
  log: (error: unknown) => void,
): vscode.Disposable {
  let view: vscode.WebviewView | undefined;
  let isReady = false;
  /** The file whose connections are shown: that of the topology editor which was used last. */
  let document: vscode.TextDocument | undefined;
  let list: ConnectionList | undefined;
  let shown: ShownConnections = { filter: {}, sort: undefined, count: 0 };
  /** What the page is to show once it is there. */
  let wanted: ConnectionFilter | undefined;
  /** Where the view itself has put the cursor: that must not change what it shows. */
  let ownMove: { readonly uri: string; readonly line: number } | undefined;
  let asking: vscode.CancellationTokenSource | undefined;
  let typing: ReturnType<typeof setTimeout> | undefined;
  let moving: ReturnType<typeof setTimeout> | undefined;

  const post = (message: ToConnections): void => void view?.webview.postMessage(message);

  function choose(editor: vscode.TextEditor | undefined): void {
    if (editor === undefined || !isTopology(editor.document) || editor.document === document) return;
    document = editor.document;
    list = undefined;
    update();
  }

  /** Asks the server anew; an answer that is no longer wanted is thrown away. */
  async function ask(): Promise<void> {
    asking?.cancel();
    if (view?.visible !== true || !isReady) return;
    if (document === undefined) {
      list = undefined;
      describe();
      post({ type: 'list', list });
      return;
    }
    const asked = document;
    const source = new vscode.CancellationTokenSource();
    asking = source;
    try {
      const params: DocumentParams = { textDocument: { uri: asked.uri.toString() } };
      const answer = await server.sendRequest<ConnectionsResult>(CONNECTIONS, params, source.token);
      if (source.token.isCancellationRequested || asked !== document) return;
      list = answer?.list;
      describe();
      post({ type: 'list', list });
      follow();
      if (wanted !== undefined) {
        post({ type: 'show', filter: wanted });
        wanted = undefined;
      }
    } catch (error) {
      if (!source.token.isCancellationRequested) log(error);
    } finally {
      source.dispose();
    }
  }

  const update = (): void => void ask();

  function updateSoon(): void {
    clearTimeout(typing);
    typing = setTimeout(update, AFTER_TYPING);
  }

  function describe(): void {
    if (view === undefined) return;
    const name = document && vscode.workspace.asRelativePath(document.uri);
    if (view.description !== name) view.description = name ?? '';
  }

  /** Tells the page which machine the cursor is in. */
  function follow(): void {
    const editor = vscode.window.activeTextEditor;
    if (list === undefined || editor === undefined || editor.document !== document) return;
    const { line, character } = editor.selection.active;
    if (ownMove?.uri === editor.document.uri.toString() && ownMove.line === line) return;
    ownMove = undefined;
    post({ type: 'cursor', machine: machineAt(list, line, character) });
  }

  function followSoon(): void {
    clearTimeout(moving);
    moving = setTimeout(follow, AFTER_MOVING);
  }

  async function open(line: number, character: number, focus: boolean): Promise<void> {
    if (document === undefined) return;
    ownMove = { uri: document.uri.toString(), line };
    const place = new vscode.Position(line, character);
    const beside = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
    const editor = await vscode.window.showTextDocument(document, {
      preserveFocus: !focus,
      viewColumn: beside?.viewColumn,
    });
    editor.selection = new vscode.Selection(place, place);
    editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  async function exportCsv(): Promise<void> {
    const from = document;
    if (from === undefined) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('Open a topology file to export its connections.'),
      );
      return;
    }
    const title = vscode.l10n.t('Export Connections as CSV');
    const isPart = list !== undefined && view !== undefined && shown.count < list.rows.length;
    let choice: Pick<ShownConnections, 'filter' | 'sort'> | undefined = { filter: {}, sort: undefined };
    if (isPart) {
      const part = {
        label: vscode.l10n.t('The connections shown ({0})', shown.count),
        description: vscode.l10n.t('with the filter and the order of the view'),
        choice: shown,
      };
      const all = {
        label: vscode.l10n.t('All connections of the file ({0})', list?.rows.length ?? 0),
        description: '',
        choice,
      };
      choice = (await vscode.window.showQuickPick([part, all], { title }))?.choice;
    }
    if (choice === undefined) return;
    const params: ConnectionsCsvParams = {
      textDocument: { uri: from.uri.toString() },
      filter: choice.filter,
      sort: choice.sort,
    };
    const answer = await server.sendRequest<ConnectionsCsvResult>(CONNECTIONS_CSV, params);
    if (answer === null) {
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          '{0} names no known edition of the port catalog, so its connections are not known.',
          vscode.workspace.asRelativePath(from.uri),
        ),
      );
      return;
    }
    const target = await saveBeside(from.uri, 'csv', title, answer.csv);
    if (target === undefined) return;
    const saved = vscode.l10n.t(
      'Saved {0} connections to {1}.',
      answer.count,
      vscode.workspace.asRelativePath(target),
    );
    const gaps = vscode.l10n.t("Cells that begin with 'missing' say what the file does not tell.");
    await sayIsSaved(target, answer.gaps > 0 ? `${saved} ${gaps}` : saved);
  }

  /**
   * @param uri and shown are given by a code lens: a machine or a filter; without them the view follows the cursor as
   * ever. A node of the tree is both
   */
  async function show(uri?: unknown, shown?: unknown): Promise<void> {
    const node = addressOf(uri);
    const named = node
      ? await vscode.workspace.openTextDocument(node)
      : typeof uri === 'string'
        ? vscode.workspace.textDocuments.find(
            (each) => each.uri.toString() === vscode.Uri.parse(uri).toString(),
          )
        : vscode.window.activeTextEditor?.document;
    if (named !== undefined && isTopology(named) && named !== document) {
      document = named;
      list = undefined;
    }
    wanted = node ? wantedOfNode(uri) : wantedOf(shown);
    await vscode.commands.executeCommand(`${VIEW}.focus`);
    await ask();
  }

  /** What a node of the tree asks for, as a filter. */
  function wantedOfNode(node: unknown): ConnectionFilter | undefined {
    const word = wantedWord(node);
    if (word === undefined || typeof node !== 'object' || node === null) return undefined;
    return Reflect.get(node, 'kind') === 'boundary-group' ? { boundaryGroup: word } : { machine: word };
  }

  /** What a lens asks for, as a filter. */
  function wantedOf(asked: unknown): ConnectionFilter | undefined {
    if (typeof asked === 'string') return { machine: asked };
    const group: unknown =
      typeof asked === 'object' && asked !== null ? Reflect.get(asked, 'boundaryGroup') : undefined;
    return typeof group === 'string' ? { boundaryGroup: group } : undefined;
  }

  function receive(message: FromConnections): void {
    switch (message.type) {
      case 'ready':
        isReady = true;
        post({ type: 'words', words: connectionsWords() });
        update();
        break;
      case 'open':
        open(message.line, message.character, message.focus).then(undefined, log);
        break;
      case 'document':
        void vscode.env.openExternal(vscode.Uri.parse(message.url, true));
        break;
      case 'shown':
        shown = { filter: message.filter, sort: message.sort, count: message.count };
        break;
    }
  }

  function failed(error: unknown): void {
    log(error);
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(vscode.l10n.t('The connections were not exported: {0}', reason));
  }

  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView(resolved) {
      view = resolved;
      isReady = false;
      resolved.webview.options = webviewOptions(extension);
      resolved.webview.onDidReceiveMessage(receive);
      resolved.onDidChangeVisibility(() => {
        // A hidden page is thrown away; it says when the next one is there.
        if (!resolved.visible) isReady = false;
      });
      resolved.onDidDispose(() => {
        view = undefined;
        isReady = false;
      });
      resolved.webview.html = webviewHtml(
        resolved.webview,
        extension,
        'connections',
        vscode.l10n.t('Connections'),
      );
    },
  };

  choose(vscode.window.activeTextEditor);
  return vscode.Disposable.from(
    vscode.window.registerWebviewViewProvider(VIEW, provider),
    vscode.commands.registerCommand(SHOW_CONNECTIONS, show),
    vscode.commands.registerCommand('configmgrTopology.exportConnections', () => exportCsv().catch(failed)),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      choose(editor);
      followSoon();
    }),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
      // A click of the mouse is always the person's own.
      if (kind === vscode.TextEditorSelectionChangeKind.Mouse) ownMove = undefined;
      if (textEditor.document === document) followSoon();
    }),
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document === document || event.document.uri.path.endsWith('/.cmtopo.yaml')) updateSoon();
    }),
    vscode.workspace.onDidOpenTextDocument((opened) => {
      // A document gets another language by being opened again.
      const editor = vscode.window.activeTextEditor;
      if (editor?.document === opened) choose(editor);
    }),
    vscode.workspace.onDidCloseTextDocument((closed) => {
      if (closed !== document) return;
      document = undefined;
      choose(vscode.window.activeTextEditor);
      if (document === undefined) update();
    }),
    server.onDidStart(update),
    { dispose: () => asking?.cancel() },
    { dispose: () => clearTimeout(typing) },
    { dispose: () => clearTimeout(moving) },
  );
}
