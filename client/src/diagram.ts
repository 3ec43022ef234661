// The Diagram panel: the picture of a topology beside its text.
import * as vscode from 'vscode';
import type { FileRange } from '../../server/src/diagram/graph.ts';
import { DIAGRAM, type DiagramParams, type DiagramResult } from '../../server/src/lsp/requests.ts';
import type { DiagramPageWords, DrawChoice, FromDiagram, Kept, ToDiagram } from './pages/diagram-messages.ts';
import { saveBeside, sayIsSaved } from './save.ts';
import type { Server } from './server.ts';
import type { TopologyDocument } from './topology-document.ts';
import { webviewHtml, webviewOptions } from './webview.ts';

const VIEW_TYPE = 'configmgrTopology.diagram';
/** After the last keystroke, in milliseconds. */
const PAUSE = 300;

interface Open {
  readonly panel: vscode.WebviewPanel;
  /** Asks the page for the picture as a file. */
  export(): void;
}

/** The commands that show and export diagrams. A panel for each file; it ends with its tab. */
export function registerDiagram(
  extension: vscode.Uri,
  server: Server,
  documentOf: TopologyDocument,
  log: (error: unknown) => void,
): vscode.Disposable {
  const panels = new Map<string, Open>();

  async function show(asked: unknown): Promise<void> {
    const document = await documentOf(asked);
    if (document === undefined) return;
    const known = panels.get(document.uri.toString());
    if (known) known.panel.reveal(undefined, true);
    else {
      const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      fill(vscode.window.createWebviewPanel(VIEW_TYPE, '', place), document.uri);
    }
  }

  function fill(panel: vscode.WebviewPanel, document: vscode.Uri): void {
    const key = document.toString();
    panels.set(key, fillPanel(panel, extension, server, document, log));
    panel.onDidDispose(() => panels.delete(key));
  }

  /** Fills a panel that was there when VS Code ended, by what its page has kept. */
  async function restore(panel: vscode.WebviewPanel, kept: Partial<Kept> | undefined): Promise<void> {
    const document = kept?.document === undefined ? undefined : vscode.Uri.parse(kept.document);
    // VS Code itself reads the text of a tab only when that comes to the front.
    if (document && document.scheme !== 'untitled')
      await vscode.workspace.openTextDocument(document).then(undefined, log);
    if (document === undefined || panels.has(document.toString())) panel.dispose();
    else fill(panel, document);
  }

  return vscode.Disposable.from(
    vscode.commands.registerCommand('configmgrTopology.showDiagram', show),
    vscode.commands.registerCommand('configmgrTopology.exportDiagram', () => {
      const all = [...panels.values()];
      (all.find(({ panel }) => panel.active) ?? all.find(({ panel }) => panel.visible))?.export();
    }),
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, { deserializeWebviewPanel: restore }),
    new vscode.Disposable(() => {
      for (const { panel } of [...panels.values()]) panel.dispose();
    }),
  );
}

/** Shows the diagram of a file in an empty panel, until that is closed. */
function fillPanel(
  panel: vscode.WebviewPanel,
  extension: vscode.Uri,
  server: Server,
  document: vscode.Uri,
  log: (error: unknown) => void,
): Open {
  const name = document.path.slice(document.path.lastIndexOf('/') + 1);
  panel.title = vscode.l10n.t('Diagram of {0}', name);
  panel.iconPath = vscode.Uri.joinPath(extension, 'images', 'icon.png');
  panel.webview.options = webviewOptions(extension);

  let choice: DrawChoice | undefined;
  let running: vscode.CancellationTokenSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Changes came while the panel was hidden. */
  let isStale = false;

  const post = (message: ToDiagram): void => {
    panel.webview.postMessage(message).then(undefined, () => {});
  };

  /** Only the last request counts: an older one is cancelled. */
  async function draw(): Promise<void> {
    if (choice === undefined) return;
    if (!panel.visible) {
      isStale = true;
      return;
    }
    isStale = false;
    running?.cancel();
    const own = new vscode.CancellationTokenSource();
    running = own;
    const uri = document.toString();
    const params: DiagramParams = { textDocument: { uri }, ...choice };
    try {
      const result = await server.sendRequest<DiagramResult>(DIAGRAM, params, own.token);
      if (!own.token.isCancellationRequested)
        post({ type: 'graph', graph: result?.graph, matrix: result?.matrix });
    } catch (error) {
      // The log has it; the last picture stays.
      if (!own.token.isCancellationRequested) log(error);
    } finally {
      own.dispose();
      if (running === own) running = undefined;
    }
  }

  function drawSoon(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void draw(), PAUSE);
  }

  const isOurs = (other: vscode.TextDocument): boolean => other.uri.toString() === document.toString();
  const listening = vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (isOurs(event.document) && event.contentChanges.length > 0) drawSoon();
    }),
    vscode.workspace.onDidOpenTextDocument((opened) => {
      if (isOurs(opened)) drawSoon();
    }),
    server.onDidStart(drawSoon),
    panel.onDidChangeViewState(() => {
      if (panel.visible && isStale) void draw();
    }),
    panel.webview.onDidReceiveMessage((message: FromDiagram) => {
      switch (message.type) {
        case 'ready':
          post({ type: 'words', words: words(), document: document.toString() });
          choice = { collapse: message.collapse, toggled: message.toggled };
          void draw();
          break;
        case 'choose':
          choice = { collapse: message.collapse, toggled: message.toggled };
          void draw();
          break;
        case 'open':
          open(document, message.place).then(undefined, log);
          break;
        case 'svg':
          save(document, message.svg).then(undefined, log);
          break;
      }
    }),
  );
  panel.onDidDispose(() => {
    clearTimeout(timer);
    running?.cancel();
    listening.dispose();
  });
  panel.webview.html = webviewHtml(panel.webview, extension, 'diagram', panel.title);
  return { panel, export: () => post({ type: 'export' }) };
}

/** Goes to a place of the file, in the editor that has it already where there is one. */
async function open(document: vscode.Uri, { start, end }: FileRange): Promise<void> {
  const shown = vscode.window.visibleTextEditors.find(
    (editor) => editor.document.uri.toString() === document.toString(),
  );
  await vscode.window.showTextDocument(document, {
    viewColumn: shown?.viewColumn ?? vscode.ViewColumn.One,
    selection: new vscode.Range(start.line, start.character, end.line, end.character),
  });
}

async function save(document: vscode.Uri, svg: string): Promise<void> {
  try {
    const target = await saveBeside(document, 'svg', vscode.l10n.t('Export Diagram as SVG'), svg);
    if (target === undefined) return;
    const place = vscode.workspace.asRelativePath(target);
    await sayIsSaved(target, vscode.l10n.t('Saved the diagram to {0}.', place));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await vscode.window.showErrorMessage(vscode.l10n.t('The diagram could not be written: {0}', reason));
  }
}

function words(): DiagramPageWords {
  return {
    show: vscode.l10n.t('Show'),
    levels: {
      auto: vscode.l10n.t('What can be read'),
      none: vscode.l10n.t('Every machine'),
      site: vscode.l10n.t('A box for each site'),
      zone: vscode.l10n.t('A box for each zone'),
    },
    zoomIn: vscode.l10n.t('Zoom in'),
    zoomOut: vscode.l10n.t('Zoom out'),
    fit: vscode.l10n.t('Show everything'),
    exportSvg: vscode.l10n.t('Export as SVG'),
    matrix: vscode.l10n.t('Zones, from the left to the top'),
    open: vscode.l10n.t('Open {0}'),
    close: vscode.l10n.t('Collapse {0}'),
    help: vscode.l10n.t(
      'Drag or use the arrow keys to move, Ctrl and the wheel or + and - to zoom. Click, or press Enter, to go to the line in the file.',
    ),
    loading: vscode.l10n.t('The diagram is being drawn…'),
    tooMany: vscode.l10n.t('{0} connections are too many to draw. Choose a box for each site or zone.'),
    empty: vscode.l10n.t('The file has no zones, servers or client groups yet.'),
    gone: vscode.l10n.t('The file is closed. Open it to see its diagram.'),
  };
}
