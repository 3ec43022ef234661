import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extensionId, open, until, write } from './helper.ts';

describe('Activation', () => {
  it('comes from the packed and installed extension', () => {
    const extension = vscode.extensions.getExtension(extensionId);
    assert.ok(extension, 'The extension is not installed.');
    assert.match(
      extension.extensionPath.replaceAll('\\', '/'),
      /\/extensions\/configmgr-topology\.configmgr-topology-/,
    );
  });

  it('stays away from other YAML files', async () => {
    const document = await vscode.workspace.openTextDocument(await write('other.yaml', 'servers:\n  web:\n'));
    await vscode.window.showTextDocument(document);
    // Whatever VS Code starts for a YAML file it starts with the hover.
    await vscode.commands.executeCommand(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(0, 1),
    );
    assert.equal(document.languageId, 'yaml');
    assert.equal(vscode.extensions.getExtension(extensionId)?.isActive, false);
  });

  it('starts with the first topology file', async () => {
    const document = await open('configmgr: 2017-09\n');
    assert.equal(document.languageId, 'configmgr-topology');
    await until(
      'the extension to start',
      () => vscode.extensions.getExtension(extensionId)?.isActive || undefined,
    );
  });

  it('knows a file with another name by its first line', async () => {
    const uri = await write('hierarchy.yaml', '# configmgr-topology\nconfigmgr: 2017-09\n');
    assert.equal((await vscode.workspace.openTextDocument(uri)).languageId, 'configmgr-topology');
  });

  it('offers its commands', async () => {
    const commands = await vscode.commands.getCommands(true);
    for (const command of ['configmgrTopology.restartServer', 'configmgrTopology.showLog']) {
      assert.ok(commands.includes(command), command);
    }
  });
});
