import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { extensionId, open, until, workspaceFolder, write } from './helper.ts';

const languageId = 'configmgr-topology';

describe('First steps', () => {
  it('begin with a new file in which nothing is wrong', async () => {
    await vscode.commands.executeCommand('configmgrTopology.newFile');
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document);
    assert.equal(document.languageId, languageId);
    assert.equal(document.isUntitled, true);
    assert.match(document.uri.path, /\/contoso\.topology\.yaml$/);
    assert.equal(vscode.window.activeTextEditor?.selection.active.line, 0, 'it opens at its top');
    assert.equal(vscode.window.activeTextEditor?.visibleRanges[0]?.start.line, 0);
    // Its hover says that the server has read it; what is wrong would be known by then.
    await until('the new file to be read', async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        document.positionAt(document.getText().indexOf('software-update-point:') + 3),
      );
      return hovers.length > 0 || undefined;
    });
    const found = vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'cmtopo');
    assert.deepEqual(found, []);
    // It is saved under its name, and the next one has another.
    assert.ok(await document.save());
    const saved = vscode.Uri.joinPath(workspaceFolder(), 'contoso.topology.yaml');
    assert.match(
      new TextDecoder().decode(await vscode.workspace.fs.readFile(saved)),
      /^# configmgr-topology/,
    );
    const next = await vscode.commands.executeCommand<vscode.TextDocument>('configmgrTopology.newFile');
    assert.match(next.uri.path, /\/contoso-2\.topology\.yaml$/);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.workspace.fs.delete(saved);
  });

  it('begin as well with what Configuration Manager exports, and a table of zones', async () => {
    const role = (server: string, RoleName: string) => ({
      NetworkOSPath: `\\\\${server}.corp.contoso.com`,
      RoleName,
      SiteCode: 'PS1',
      Type: 2,
    });
    const folder = crypto.randomUUID();
    const roles = [role('cm01', 'SMS Site Server'), role('sql01', 'SMS SQL Server')];
    const files = [
      await write(`${folder}/roles.json`, JSON.stringify(roles)),
      await write(`${folder}/servers.csv`, 'name,roles,addresses\nsql01,sql,10.1.0.11\n'),
      await write(`${folder}/zones.csv`, 'zone,network\nhq,10.1.0.0/16\n'),
    ];
    const document = await vscode.commands.executeCommand<vscode.TextDocument>(
      'configmgrTopology.importHierarchy',
      files,
    );
    assert.equal(document.languageId, languageId);
    assert.equal(document.isUntitled, true);
    assert.match(document.getText(), /^ {2}sql01:\n {4}site: PS1\n {4}zone: hq\n/m);
  });

  it('end with the firewall rules in a new editor', async () => {
    const document = await open(`configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
sites:
  PS1: { type: primary, database: { server: sql01 } }
servers:
  cm01: { site: PS1, addresses: [10.10.0.10], roles: { site-server: } }
  sql01: { site: PS1, addresses: [10.10.0.11], roles: { sql-server: } }
`);
    for (const [format, words] of [
      ['powershell', /New-NetFirewallRule/],
      ['csv', /^source,source address,.*\r?\n.*1433/s],
    ] as const) {
      await vscode.window.showTextDocument(document);
      const exported = await vscode.commands.executeCommand<vscode.TextDocument>(
        'configmgrTopology.exportRules',
        format,
      );
      assert.match(exported.getText(), words);
      assert.equal(exported.isUntitled, true);
    }
  });

  it('reach the topology file from the page of the walkthrough, which is no text', async () => {
    const document = await open('configmgr: 2017-09\n');
    // The walkthrough would take the place of a preview.
    await vscode.window.showTextDocument(document, { preview: false });
    await vscode.commands.executeCommand('workbench.action.openWalkthrough', `${extensionId}#start`);
    await until('the walkthrough', async () => vscode.window.activeTextEditor === undefined || undefined);
    await vscode.commands.executeCommand('configmgrTopology.inFile', 'editor.action.showHover');
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), document.uri.toString());
    await vscode.commands.executeCommand('workbench.action.openWalkthrough', `${extensionId}#start`);
    await until('the walkthrough', async () => vscode.window.activeTextEditor === undefined || undefined);
    const exported = await vscode.commands.executeCommand<vscode.TextDocument | undefined>(
      'configmgrTopology.exportRules',
      'csv',
    );
    assert.match(exported?.getText() ?? '', /^source,/);
  });

  it('run in a topology file nothing but what the walkthrough shows', async () => {
    const document = await open('configmgr: 2017-09\n');
    const editor = await vscode.window.showTextDocument(document, { preview: false });
    let ran = 0;
    const other = vscode.commands.registerCommand('cmtopoTest.other', () => ran++);
    try {
      for (const command of [
        'cmtopoTest.other',
        'editor.action.selectAll',
        'workbench.action.closeAllEditors',
        'EDITOR.ACTION.SHOWHOVER',
        ['cmtopoTest.other'],
        { command: 'cmtopoTest.other' },
        undefined,
      ])
        await vscode.commands.executeCommand('configmgrTopology.inFile', command, 'cmtopoTest.other');
      assert.equal(ran, 0);
      assert.equal(vscode.window.activeTextEditor?.document, document);
      assert.ok(editor.selection.isEmpty);
      await vscode.commands.executeCommand('cmtopoTest.other');
      assert.equal(ran, 1);
    } finally {
      other.dispose();
    }
  });

  it('are told in a walkthrough whose commands are there', async () => {
    const manifest = vscode.extensions.getExtension(extensionId)?.packageJSON;
    const [walkthrough] = manifest.contributes.walkthroughs;
    const commands = new Set(await vscode.commands.getCommands());
    for (const { title, description, media } of walkthrough.steps) {
      // The words and not their keys.
      assert.doesNotMatch(`${title} ${description}`, /%walkthrough/);
      for (const [, command] of description.matchAll(/\(command:(?:toSide:)?([\w.]+)[?)]/g)) {
        assert.ok(commands.has(command), `${command} of '${title}' is not there.`);
      }
      const { extensionUri } = vscode.extensions.getExtension(extensionId) ?? {};
      assert.ok(extensionUri);
      await vscode.workspace.fs.stat(vscode.Uri.joinPath(extensionUri, media.markdown));
    }
  });
});
