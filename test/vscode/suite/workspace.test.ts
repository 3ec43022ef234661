import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { codeOf, finding, mistakes, open, until, workspaceFolder, write } from './helper.ts';

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
});
