// Tells the server of files that it cannot read by itself: in a browser all of them, elsewhere those of virtual
// workspaces.
import * as vscode from 'vscode';
import { FILES, type FilesParams, type ToldFile } from '../../server/src/lsp/requests.ts';
import type { Server } from './server.ts';

const SETTINGS = '**/.cmtopo.yaml';
const TOPOLOGIES = '**/*.topology.{yaml,yml}';
/** Beyond so many files a workspace is not looked through: only open ones are checked then. */
const MOST_FILES = 1000;
/** The largest file that is checked, in bytes; the command line has the same limit. */
const MOST_BYTES = 10_000_000;
/** So long the first document waits for settings files, in milliseconds. */
const PATIENCE = 2000;

type Reads = (uri: vscode.Uri) => boolean;
type Log = (error: unknown) => void;

/**
 * The settings files that the server has to know before it looks at the first document; none where they cannot be
 * found in a moment, for they are told again later.
 */
export async function settingsFiles(reads: Reads, log: Log): Promise<readonly ToldFile[]> {
  const late = new Promise<readonly ToldFile[]>((resolve) => {
    setTimeout(() => resolve([]), PATIENCE);
  });
  return Promise.race([find(SETTINGS, reads, log), late]);
}

/** Tells of topology files, and from now on of every change, until it is disposed of. */
export function tellFiles(server: Server, reads: Reads, log: Log): vscode.Disposable {
  const tell = async (files: readonly ToldFile[]): Promise<void> => {
    if (files.length === 0 || !server.isRunning()) return;
    await server.sendNotification(FILES, { files } satisfies FilesParams).catch(log);
  };
  const tellAll = async (): Promise<void> =>
    tell([...(await find(SETTINGS, reads, log)), ...(await find(TOPOLOGIES, reads, log))]);
  const changed = async (uri: vscode.Uri): Promise<void> => {
    if (!reads(uri)) await tell(await read(uri, log));
  };
  const gone = async (uri: vscode.Uri): Promise<void> => {
    if (!reads(uri)) await tell([{ uri: uri.toString(), text: null }]);
  };
  const watchers = [SETTINGS, TOPOLOGIES].flatMap((pattern) => {
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    return [watcher, watcher.onDidCreate(changed), watcher.onDidChange(changed), watcher.onDidDelete(gone)];
  });
  void tellAll();
  return vscode.Disposable.from(
    ...watchers,
    vscode.workspace.onDidChangeWorkspaceFolders(tellAll),
    // A server that was started again knows nothing.
    server.onDidStart(() => void tellAll()),
  );
}

async function find(pattern: string, reads: Reads, log: Log): Promise<readonly ToldFile[]> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.every(({ uri }) => reads(uri))) return [];
  try {
    const found = await vscode.workspace.findFiles(pattern, '**/node_modules/**', MOST_FILES);
    return (await Promise.all(found.filter((uri) => !reads(uri)).map((uri) => read(uri, log)))).flat();
  } catch (error) {
    log(error);
    return [];
  }
}

async function read(uri: vscode.Uri, log: Log): Promise<readonly ToldFile[]> {
  try {
    if ((await vscode.workspace.fs.stat(uri)).size > MOST_BYTES) return [];
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    return [{ uri: uri.toString(), text }];
  } catch (error) {
    log(error);
    return [];
  }
}
