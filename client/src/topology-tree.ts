// The view 'ConfigMgr Topology' under its own icon: what the topology files hold, with what is wrong there.
import * as vscode from 'vscode';
import type {
  Overview,
  OverviewCounts,
  OverviewKind,
  OverviewNode,
} from '../../server/src/features/overview.ts';
import {
  type DocumentParams,
  OVERVIEW,
  type OverviewResult,
  TOPOLOGIES,
  type TopologiesResult,
} from '../../server/src/lsp/requests.ts';
import type { Server } from './server.ts';

const VIEW = 'configmgrTopology.tree';
/** Of the addresses by which VS Code colours a node and counts its findings. */
const SCHEME = 'configmgr-topology-node';
/** After the last key, so that typing is not slowed down, in milliseconds. */
const PAUSE = 600;
/** So many files are looked at before they are unfolded. */
const LOOKED_AT = 20;
/** With so many sites at the top or fewer, sites are unfolded at first. */
const UNFOLDED_SITES = 3;

/** A node of the view, as commands of its menu are given it. */
export interface TreeNode {
  readonly kind: OverviewKind | 'file';
  /** Of the file. */
  readonly uri: vscode.Uri;
  /** By which `explain` knows it. */
  readonly word: string | undefined;
  /** Undefined for a file. */
  readonly node: OverviewNode | undefined;
}

const ICONS: Readonly<Record<OverviewKind, string>> = {
  site: 'home',
  server: 'server',
  role: 'plug',
  'client-group': 'vm',
  'boundary-group': 'location',
  firewall: 'shield',
  sites: 'type-hierarchy',
  'other-servers': 'server',
  'client-groups': 'vm',
  'boundary-groups': 'location',
  firewalls: 'shield',
};

/**
 * Registers the view. It asks for nothing while it is hidden.
 * @param extension where the extension is installed
 */
export function registerTopologyTree(
  extension: vscode.Uri,
  server: Server,
  log: (error: unknown) => void,
): vscode.Disposable {
  const icon = (ground: string) => vscode.Uri.joinPath(extension, 'images', `file-${ground}.svg`);
  const changed = new vscode.EventEmitter<void>();
  let files: readonly vscode.Uri[] = [];
  /** What was shown last of each file, by its address. */
  const shown = new Map<string, { readonly overview: Overview; readonly text: string }>();
  const asked = new Set<string>();
  let isListed = false;
  let listing: ReturnType<typeof setTimeout> | undefined;
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();

  /** Asks which files there are. */
  async function list(): Promise<void> {
    if (!view.visible || !server.isRunning()) {
      isListed = false;
      return;
    }
    try {
      const found = await server.sendRequest<TopologiesResult>(TOPOLOGIES, {});
      isListed = true;
      files = found.map(({ uri }) => vscode.Uri.parse(uri)).toSorted((a, b) => (a.path < b.path ? -1 : 1));
      const known = new Set(files.map(String));
      for (const address of [...shown.keys()]) if (!known.has(address)) shown.delete(address);
      for (const address of [...asked]) if (!known.has(address)) asked.delete(address);
      await vscode.commands.executeCommand('setContext', 'configmgrTopology.noFiles', files.length === 0);
      await vscode.commands.executeCommand('setContext', 'configmgrTopology.hasFiles', files.length > 0);
      changed.fire();
      // A file says what is wrong in it before somebody unfolds it.
      const first = files.slice(0, LOOKED_AT);
      await Promise.all(files.filter((file) => first.includes(file) || asked.has(file.toString())).map(look));
    } catch (error) {
      log(error);
    }
  }

  /** Asks what a file holds now, and draws it where that is something else. */
  async function look(file: vscode.Uri): Promise<Overview | undefined> {
    const address = file.toString();
    asked.add(address);
    const params: DocumentParams = { textDocument: { uri: file.toString() } };
    try {
      const overview = await server.sendRequest<OverviewResult>(OVERVIEW, params);
      const text = JSON.stringify(overview);
      const before = shown.get(address);
      if (overview === null || before?.text === text) return before?.overview;
      shown.set(address, { overview, text });
      changed.fire();
      return overview;
    } catch (error) {
      log(error);
      return shown.get(address)?.overview;
    }
  }

  function listSoon(): void {
    isListed = false;
    clearTimeout(listing);
    listing = setTimeout(() => void list(), PAUSE);
  }

  function lookSoon(file: vscode.Uri): void {
    const address = file.toString();
    clearTimeout(waiting.get(address));
    waiting.set(
      address,
      setTimeout(() => {
        waiting.delete(address);
        if (!view.visible) isListed = false;
        else if (asked.has(address)) void look(file);
      }, PAUSE),
    );
  }

  const provider: vscode.TreeDataProvider<TreeNode> = {
    onDidChangeTreeData: changed.event,
    async getChildren(parent) {
      if (parent?.node) return parent.node.children.map((node) => nodeOf(parent.uri, node));
      if (parent === undefined)
        return files.map((uri) => ({ kind: 'file', uri, word: undefined, node: undefined }));
      return below(parent.uri);
    },
    getTreeItem: (element) => {
      const { overview } = shown.get(element.uri.toString()) ?? {};
      return element.node ? itemOf(element, element.node, overview) : fileItem(element, overview);
    },
  };

  async function below(uri: vscode.Uri): Promise<TreeNode[]> {
    const overview = shown.get(uri.toString())?.overview ?? (await look(uri));
    return (overview?.nodes ?? []).map((node) => nodeOf(uri, node));
  }

  function fileItem({ uri }: TreeNode, overview: Overview | undefined): vscode.TreeItem {
    const isEdited = vscode.window.activeTextEditor?.document.uri.toString() === uri.toString();
    const item = new vscode.TreeItem(
      vscode.workspace.asRelativePath(uri),
      files.length === 1 || isEdited
        ? vscode.TreeItemCollapsibleState.Expanded
        : vscode.TreeItemCollapsibleState.Collapsed,
    );
    item.id = uri.toString();
    item.contextValue = 'file';
    // That of the language: an icon theme knows nothing of the address that colours the node.
    item.iconPath = { light: icon('light'), dark: icon('dark') };
    if (overview) {
      item.description = [
        ...(overview.blocked > 0 ? [vscode.l10n.t('{0} blocked', overview.blocked)] : []),
        overview.edition ?? vscode.l10n.t('no edition'),
      ].join(' · ');
      item.resourceUri = addressOfNode(uri, 'file', overview);
    }
    item.command = open(uri, undefined);
    return item;
  }

  const view = vscode.window.createTreeView(VIEW, { treeDataProvider: provider, showCollapseAll: true });
  const watcher = vscode.workspace.createFileSystemWatcher('**/*.topology.{yaml,yml}');
  const isOurs = ({ languageId }: vscode.TextDocument) => languageId === 'configmgr-topology';
  const later = (document: vscode.TextDocument): void => {
    if (document.uri.path.endsWith('/.cmtopo.yaml')) for (const file of files) lookSoon(file);
    else if (isOurs(document)) lookSoon(document.uri);
  };
  void list();
  return vscode.Disposable.from(
    view,
    watcher,
    changed,
    view.onDidChangeVisibility(() => {
      if (view.visible && !isListed) void list();
    }),
    vscode.window.registerFileDecorationProvider({ provideFileDecoration: decorationOf }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) later(document);
    }),
    vscode.workspace.onDidOpenTextDocument((document) => {
      if (isOurs(document)) listSoon();
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (isOurs(document)) listSoon();
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(listSoon),
    watcher.onDidCreate(listSoon),
    watcher.onDidDelete(listSoon),
    watcher.onDidChange(lookSoon),
    server.onDidStart(listSoon),
    vscode.commands.registerCommand('configmgrTopology.openNode', openNode),
    {
      dispose: () => {
        clearTimeout(listing);
        for (const timer of waiting.values()) clearTimeout(timer);
      },
    },
  );
}

function nodeOf(uri: vscode.Uri, node: OverviewNode): TreeNode {
  return { kind: node.kind, uri, word: node.name, node };
}

function itemOf({ uri }: TreeNode, node: OverviewNode, overview: Overview | undefined): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label, stateOf(node, overview));
  item.id = `${uri.toString()} ${node.id}`;
  item.contextValue = node.kind;
  item.description = node.description;
  item.tooltip = [node.label, ...node.details].join('\n');
  item.accessibilityInformation = { label: [node.label, ...node.details].join(', ') };
  const colour =
    node.errors > 0 ? 'list.errorForeground' : node.warnings > 0 ? 'list.warningForeground' : undefined;
  item.iconPath = new vscode.ThemeIcon(
    ICONS[node.kind],
    colour === undefined ? undefined : new vscode.ThemeColor(colour),
  );
  item.resourceUri = addressOfNode(uri, node.id, node);
  if (node.range) item.command = open(uri, node.range.start);
  return item;
}

function stateOf(node: OverviewNode, overview: Overview | undefined): vscode.TreeItemCollapsibleState {
  const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  if (node.children.length === 0) return None;
  if (node.kind === 'server') return Collapsed;
  const sites = overview?.nodes.find(({ kind }) => kind === 'sites')?.children.length ?? 0;
  return node.kind !== 'site' || sites <= UNFOLDED_SITES ? Expanded : Collapsed;
}

function open(
  uri: vscode.Uri,
  start: { readonly line: number; readonly character: number } | undefined,
): vscode.Command {
  return {
    command: 'configmgrTopology.openNode',
    title: vscode.l10n.t('Open'),
    arguments: [uri, start?.line ?? 0, start?.character ?? 0],
  };
}

async function openNode(uri: unknown, line: unknown, character: unknown): Promise<void> {
  if (!(uri instanceof vscode.Uri) || typeof line !== 'number' || typeof character !== 'number') return;
  const place = new vscode.Position(line, character);
  const seen = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === uri.toString(),
  );
  await vscode.window.showTextDocument(uri, {
    preserveFocus: true,
    viewColumn: seen?.viewColumn,
    selection: new vscode.Range(place, place),
  });
}

/** The address of a node, which bears its counts, so that other counts are coloured anew. */
function addressOfNode(file: vscode.Uri, id: string, { errors, warnings }: OverviewCounts): vscode.Uri {
  const query = JSON.stringify({ errors, warnings });
  return vscode.Uri.from({
    scheme: SCHEME,
    path: `/${encodeURIComponent(`${file.toString()} ${id}`)}`,
    query,
  });
}

function decorationOf(uri: vscode.Uri): vscode.FileDecoration | undefined {
  if (uri.scheme !== SCHEME) return undefined;
  const { errors, warnings }: Pick<OverviewCounts, 'errors' | 'warnings'> = JSON.parse(uri.query);
  const count = errors + warnings;
  if (count === 0) return undefined;
  return new vscode.FileDecoration(
    count > 9 ? '9+' : String(count),
    vscode.l10n.t('errors: {0}, warnings: {1}', errors, warnings),
    new vscode.ThemeColor(errors > 0 ? 'list.errorForeground' : 'list.warningForeground'),
  );
}
