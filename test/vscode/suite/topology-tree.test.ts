// The commands beside the tree of topologies: what the terminal has, in the editor.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { open, until, write } from './helper.ts';

const TEXT = `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  branch: { networks: [10.20.0.0/16] }
sites:
  PS1: { type: primary, database: { server: sql01 } }
servers:
  cm01: { site: PS1, zone: hq, addresses: [10.10.0.10], roles: { site-server: , management-point: } }
  sql01: { zone: hq, addresses: [10.10.0.11], roles: { sql-server: } }
clients:
  desks: { site: PS1, zone: branch, features: [] }
firewalls:
  edge: # between the two
    zones: [hq, branch]
    rules: []
`;

const ASA = `hostname asa-1
interface Ethernet1
 nameif inside
interface Ethernet2
 nameif branch
access-list IN extended permit tcp any host 10.10.0.10 eq 80
access-list IN extended permit tcp any any time-range WEEKEND
access-group IN in interface branch
`;

const run = <T>(command: string, ...args: unknown[]): Thenable<T> =>
  vscode.commands.executeCommand<T>(`configmgrTopology.${command}`, ...args);

/** Waits for a page whose title holds some words, and gives its text. */
function page(title: string): Promise<string> {
  return until(`the page ${title}`, () =>
    vscode.workspace.textDocuments
      .find(({ uri }) => uri.scheme === 'configmgr-topology-page' && uri.path.includes(title))
      ?.getText(),
  );
}

describe('The commands of the tree', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('explain the connections between two things, also of a node of the tree', async () => {
    const document = await open(TEXT);
    assert.equal(await run('explain', undefined, 'desks', 'management-point'), true);
    assert.match(await page('desks and Management point'), /`desks`.*`cm01`.*edge/s);
    const node = { kind: 'server', uri: document.uri, word: 'cm01', node: undefined };
    assert.equal(await run('explain', node, [node], 'sql01'), true);
    assert.match(await page('cm01 and sql01'), /1433/);
  });

  it('compare two files, as the explorer has them chosen', async () => {
    const older = (await open(TEXT)).uri;
    const newer = await write('newer.topology.yaml', TEXT.replaceAll('sql01', 'sql02'));
    assert.equal(await run('compare', newer, [older, newer]), true);
    assert.match(await page('a.topology.yaml to newer.topology.yaml'), /`sql01`.*`sql02`|`sql02`.*`sql01`/s);
    await vscode.workspace.fs.delete(newer);
  });

  it('compare port lists, and a file with the newest', async () => {
    const document = await open(TEXT);
    assert.equal(await run('compareEditions', '2017-09', '2025-12'), true);
    assert.match(await page('Port lists 2017-09 and 2025-12'), /2017-09/);
    assert.equal(await run('newestChanges', document.uri), true);
    assert.match(await page('a.topology.yaml with the port list'), /2017-09.*2025-12/s);
  });

  it('compare a file with an export of its site', async () => {
    const document = await open(TEXT);
    const rows = [
      { NetworkOSPath: '\\\\new01.corp', RoleName: 'SMS Distribution Point', SiteCode: 'PS1', Type: 2 },
    ];
    const file = await write(`${crypto.randomUUID()}/roles.json`, JSON.stringify(rows));
    assert.equal(await run('drift', document.uri, [file]), true);
    assert.match(await page('a.topology.yaml and its site'), /`new01`/);
  });

  it('import a firewall as a new entry, undone at once', async () => {
    const document = await open(TEXT);
    const files = [await write(`${crypto.randomUUID()}/asa.txt`, ASA)];
    const given = { files, place: { zones: ['hq', 'branch'] }, map: [{ word: 'inside', zone: 'hq' }] };
    assert.equal(await run('importFirewall', document.uri, given), true);
    const text = document.getText();
    assert.match(text, /\n {2}asa-1:\n.*to: cm01, tcp: 80 \}/s);
    assert.match(text, /# Not exact: .*WEEKEND/);
    assert.ok(text.startsWith(TEXT.trimEnd()), text);
    assert.equal(
      vscode.window.activeTextEditor?.document.lineAt(vscode.window.activeTextEditor.selection.active.line)
        .text,
      '  asa-1:',
    );
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), TEXT);
  });

  it('paste the configuration of a firewall in place of its rules', async () => {
    const document = await open(TEXT);
    await vscode.env.clipboard.writeText(ASA);
    const node = { kind: 'firewall', uri: document.uri, word: 'edge', node: undefined };
    const map = [{ word: 'inside', zone: 'hq' }];
    assert.equal(await run('replaceRulesByPaste', node, { map }), true);
    assert.match(
      document.getText(),
      /\n {2}edge: # between the two\n {4}zones: \[hq, branch\]\n {4}rules:\n.*tcp: 80/s,
    );
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), TEXT);
  });

  it('take the file of a node, also where another text is edited', async () => {
    const document = await open(TEXT);
    const other = await vscode.workspace.openTextDocument({ content: 'hello' });
    await vscode.window.showTextDocument(other);
    assert.equal(await run('explain', { kind: 'file', uri: document.uri }, 'cm01', 'sql01'), true);
  });

  it('are in the palette while a topology file is edited', async () => {
    const known = new Set(await vscode.commands.getCommands());
    for (const name of [
      'explain',
      'compare',
      'compareEditions',
      'newestChanges',
      'drift',
      'importFirewall',
      'pasteFirewall',
      'tree.focus',
    ])
      assert.ok(known.has(`configmgrTopology.${name}`), name);
  });
});
