import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { codeOf, extensionId, finding, mistakes, open, until, workspaceFolder, write } from './helper.ts';

/** Runs the command line of the installed extension. */
function cmtopo(...args: string[]): string {
  const extension = vscode.extensions.getExtension(extensionId);
  assert.ok(extension);
  const run = spawnSync(process.execPath, [join(extension.extensionPath, 'dist', 'cli.js'), ...args], {
    encoding: 'utf8',
    // In the desktop VS Code the program that runs us is Electron.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  assert.ok(run.status === 0 || run.status === 1, run.stderr);
  return run.stdout;
}

describe('The workspace', () => {
  it('shows what is wrong in files that are not open', async () => {
    const uri = await write('closed/closed.topology.yaml', mistakes);
    await open('configmgr: 2017-09\n');
    await finding(uri, 'wsus-port-pair');
  });

  it('checks the examples: all good but the one full of mistakes', async () => {
    const files = await vscode.workspace.fs.readDirectory(workspaceFolder());
    const examples = files.map(([name]) => name).filter((name) => name.endsWith('.topology.yaml'));
    assert.ok(examples.includes('hierarchy.topology.yaml'), examples.join(', '));
    const bad = vscode.Uri.joinPath(workspaceFolder(), 'mistakes.topology.yaml');
    const document = await vscode.workspace.openTextDocument(bad);
    await vscode.window.showTextDocument(document);
    const found = await until('findings', () => {
      const list = vscode.languages.getDiagnostics(bad);
      return list.length > 5 ? list : undefined;
    });
    assert.ok(found.every(({ source }) => source === 'cmtopo'));
    for (const name of examples.filter((other) => other !== 'mistakes.topology.yaml')) {
      const uri = vscode.Uri.joinPath(workspaceFolder(), name);
      const example = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(example);
      // With a mistake of ours in it, the findings that have arrived are those of the whole file.
      const edit = new vscode.WorkspaceEdit();
      edit.insert(uri, example.lineAt(example.lineCount - 1).range.end, '\nnonsense: true\n');
      await vscode.workspace.applyEdit(edit);
      await finding(uri, 'unknown-key');
      const errors = vscode.languages
        .getDiagnostics(uri)
        .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
      assert.deepEqual(errors.map(codeOf), ['unknown-key'], name);
    }
  });

  it('keeps the findings of a file that is closed', async () => {
    const { uri } = await open(mistakes);
    await finding(uri, 'wsus-port-pair');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await open('configmgr: 2017-09\n');
    await finding(uri, 'wsus-port-pair');
  });

  it('shows and fixes the same as the command line', async () => {
    const source = vscode.Uri.joinPath(workspaceFolder(), 'mistakes.topology.yaml');
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(source));
    const document = await open(text);
    const path = document.uri.fsPath;
    const report: { files: { diagnostics: { code: string; range: vscode.Range; message: string }[] }[] } =
      JSON.parse(cmtopo('check', path, '--format', 'json'));
    const line = (code: string, { start }: vscode.Range, message: string) =>
      `${start.line}:${start.character} ${code} ${message}`;
    const wanted = report.files.flatMap(({ diagnostics }) =>
      diagnostics.map(({ code, range, message }) => line(code, range, message)),
    );
    const shown = await until('all findings', () => {
      const list = vscode.languages.getDiagnostics(document.uri);
      return list.length >= wanted.length ? list : undefined;
    });
    assert.deepEqual(
      shown.map((diagnostic) => line(codeOf(diagnostic), diagnostic.range, diagnostic.message)).toSorted(),
      wanted.toSorted(),
    );

    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(0, 0, document.lineCount, 0),
      'source.fixAll.cmtopo',
    );
    const [all, ...others] = actions;
    assert.deepEqual(others, []);
    assert.ok(all?.edit, 'Nothing to fix is offered.');
    assert.ok(await vscode.workspace.applyEdit(all.edit));
    cmtopo('check', path, '--fix');
    assert.equal(document.getText(), readFileSync(path, 'utf8'));
    assert.notEqual(document.getText(), text);
  });
});
