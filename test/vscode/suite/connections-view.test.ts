import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { mistakes, open, place, until } from './helper.ts';

const lensesOf = async (uri: vscode.Uri) =>
  await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);

describe('Connections', () => {
  it('are counted above each server, and a click there shows them', async () => {
    const document = await open(mistakes);
    const lenses = await until('code lenses', async () => {
      const found = await lensesOf(document.uri);
      return found.length > 0 ? found : undefined;
    });
    assert.equal(lenses.length, 3);
    const lens = lenses.find(({ range }) => range.start.line === place(document, '  sql01:').line);
    assert.match(lens?.command?.title ?? '', /^\d+ in · \d+ out/);
    assert.ok(lens?.command);
    const { command, arguments: args = [] } = lens.command;
    await vscode.commands.executeCommand(command, ...args);
  });

  it('are not counted where the setting says so', async () => {
    const document = await open(mistakes);
    const settings = vscode.workspace.getConfiguration('configmgrTopology.codeLens');
    await settings.update('enabled', false, vscode.ConfigurationTarget.Workspace);
    try {
      await until('code lenses to go', async () =>
        (await lensesOf(document.uri)).length === 0 ? true : undefined,
      );
    } finally {
      await settings.update('enabled', undefined, vscode.ConfigurationTarget.Workspace);
    }
    await until('code lenses to come back', async () =>
      (await lensesOf(document.uri)).length > 0 ? true : undefined,
    );
  });

  it('that changed since the last commit are shown as a page', async () => {
    const document = await open(mistakes);
    const cwd = dirname(document.uri.fsPath);
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'first');
    const edit = new vscode.WorkspaceEdit();
    const at = place(document, '50001');
    edit.replace(document.uri, new vscode.Range(at, at.translate(0, 5)), '50002');
    await vscode.workspace.applyEdit(edit);
    await vscode.commands.executeCommand('configmgrTopology.changesSinceCommit');
    const tab = await until('the page', () => {
      const active = vscode.window.tabGroups.activeTabGroup.activeTab;
      return active?.label.includes('Changes in a.topology.yaml') ? active : undefined;
    });
    assert.ok(tab);
    const page = await until('the text of the page', () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'configmgr-topology-page'),
    );
    assert.match(page.getText(), /50001 \\?-\\?> 50002/);
    await vscode.window.tabGroups.close(tab);
  });

  it('commands are there', async () => {
    const commands = await vscode.commands.getCommands(true);
    for (const name of ['showConnections', 'exportConnections', 'changesSinceCommit', 'connections.focus']) {
      assert.ok(commands.includes(`configmgrTopology.${name}`), name);
    }
  });
});
