import * as vscode from 'vscode';
import { finding, mistakes, noFinding, open } from './helper.ts';

describe('Settings', () => {
  it('follow .cmtopo.yaml when it is written, changed and removed', async () => {
    const document = await open(mistakes);
    await finding(document.uri, 'wsus-port-pair');
    const settings = vscode.Uri.joinPath(document.uri, '../.cmtopo.yaml');
    const write = (text: string) => vscode.workspace.fs.writeFile(settings, new TextEncoder().encode(text));
    await write('rules: { wsus-port-pair: off }\n');
    await noFinding(document.uri, 'wsus-port-pair');
    await write('rules: {}\n');
    await finding(document.uri, 'wsus-port-pair');
    await write('rules: { wsus-port-pair: "off" }\n');
    await noFinding(document.uri, 'wsus-port-pair');
    await vscode.workspace.fs.delete(settings);
    await finding(document.uri, 'wsus-port-pair');
  });

  it('follow the settings of VS Code', async () => {
    const document = await open(mistakes);
    await finding(document.uri, 'wsus-port-pair');
    const ours = vscode.workspace.getConfiguration('configmgrTopology');
    await ours.update('rules', { 'wsus-port-pair': 'off' }, vscode.ConfigurationTarget.Workspace);
    try {
      await noFinding(document.uri, 'wsus-port-pair');
    } finally {
      await ours.update('rules', undefined, vscode.ConfigurationTarget.Workspace);
    }
    await finding(document.uri, 'wsus-port-pair');
  });

  it('are themselves checked', async () => {
    const document = await open(mistakes);
    await finding(document.uri, 'wsus-port-pair');
    const settings = vscode.Uri.joinPath(document.uri, '../.cmtopo.yaml');
    await vscode.workspace.fs.writeFile(settings, new TextEncoder().encode('rulez: {}\n'));
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(settings));
    await finding(settings, 'unknown-key');
  });
});
