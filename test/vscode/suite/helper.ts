// What the tests in VS Code share.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** The extension under test, as it is published. */
export const extensionId = 'configmgr-topology.configmgr-topology';

/** A small hierarchy with two mistakes, one of which has a fix that is safe. The comments have to survive. */
export const mistakes = `configmgr: 2017-09
zones:
  hq: { networks: [10.10.0.0/16] }
sites:
  PS1:
    type: primary
    database: { server: sql01, instance: CM }
servers:
  cm01: # the site server
    site: PS1
    zone: hq
    rpcDynamicPorts: 49152-65535
    roles:
      site-server:
      management-point: { protocol: https }
      software-update-point:
        httpPort: 8530
        httpsPort: 8532 # to be asked
  sql01:
    zone: hq
    rpcDynamicPorts: 49152-65535
    roles:
      sql-server:
        instances:
          CM: { port: 50001 }
  dp01:
    site: PS2
    zone: hq
    rpcDynamicPorts: 49152-65535
    roles:
      distribution-point:
`;

/** The workspace folder that the tests may change. */
export function workspaceFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'The tests need a workspace folder.');
  return folder.uri;
}

/** Writes a file into the workspace. */
export async function write(path: string, text: string): Promise<vscode.Uri> {
  const uri = vscode.Uri.joinPath(workspaceFolder(), path);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

/** Writes a topology file of its own folder and shows it, so that no test sees another's settings. */
export async function open(text: string): Promise<vscode.TextDocument> {
  const uri = await write(`${crypto.randomUUID()}/a.topology.yaml`, text);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

/**
 * Asks again until there is an answer; what was asked last is part of the failure.
 * @param what what a user waits for
 * @param ask gives undefined as long as it is not there
 */
export async function until<T>(
  what: string,
  ask: () => T | undefined | Thenable<T | undefined>,
  limit = 20_000,
): Promise<T> {
  const end = Date.now() + limit;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    assert.ok(Date.now() < end, `Waited ${limit / 1000} s in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A finding's code: the text that is in the Problems panel. */
export function codeOf(diagnostic: vscode.Diagnostic): string {
  const { code } = diagnostic;
  return String(typeof code === 'object' ? code.value : code);
}

/** Waits until a document has a finding with this code, and gives it. */
export function finding(uri: vscode.Uri, code: string): Promise<vscode.Diagnostic> {
  return until(`${code} in ${uri.path}`, () =>
    vscode.languages.getDiagnostics(uri).find((diagnostic) => codeOf(diagnostic) === code),
  );
}

/** Waits until a document has no finding with this code. */
export async function noFinding(uri: vscode.Uri, code: string): Promise<void> {
  await until(`${code} to go from ${uri.path}`, () =>
    vscode.languages.getDiagnostics(uri).some((diagnostic) => codeOf(diagnostic) === code) ? undefined : true,
  );
}

/** The place of the first occurrence of a text, `within` characters into it. */
export function place(document: vscode.TextDocument, text: string, within = 0): vscode.Position {
  const offset = document.getText().indexOf(text);
  assert.ok(offset >= 0, `'${text}' is not in the document.`);
  return document.positionAt(offset + within);
}

/** All text of the hovers at a place, or undefined where there is none yet. */
export async function hoverText(uri: vscode.Uri, position: vscode.Position): Promise<string | undefined> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    uri,
    position,
  );
  const text = hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === 'string' ? content : content.value))
    .join('\n');
  return text === '' ? undefined : text;
}
