import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extensionId, mistakes, open, until, write } from './helper.ts';

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

  it('starts with the first topology file, and a command that comes before its server waits for it', async () => {
    const document = await open(mistakes);
    assert.equal(document.languageId, 'configmgr-topology');
    await until(
      'the extension to start',
      () => vscode.extensions.getExtension(extensionId)?.isActive || undefined,
    );
    const exported = await vscode.commands.executeCommand<vscode.TextDocument | undefined>(
      'configmgrTopology.exportRules',
      'csv',
    );
    assert.match(exported?.getText() ?? '', /^source,/);
  });

  it('knows files with other names by their first line', async () => {
    const text = '# configmgr-topology\nconfigmgr: 2017-09\n';
    for (const name of ['hierarchy', 'hierarchy.yaml']) {
      const document = await vscode.workspace.openTextDocument(await write(name, text));
      const { uri } = document;
      await until(
        `${name} to be known`,
        () =>
          vscode.workspace.textDocuments.some(
            (open) => open.uri.toString() === uri.toString() && open.languageId === 'configmgr-topology',
          ) || undefined,
      );
    }
    const plain = await vscode.workspace.openTextDocument(await write('still.yaml', 'a: 1\n'));
    assert.equal(plain.languageId, 'yaml');
  });

  it('offers its commands', async () => {
    const commands = await vscode.commands.getCommands(true);
    for (const command of ['configmgrTopology.restartServer', 'configmgrTopology.showLog']) {
      assert.ok(commands.includes(command), command);
    }
  });
});
