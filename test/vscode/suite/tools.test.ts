import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { EXAMPLE } from '../../../server/src/assistants/example.ts';
import { crowded } from '../../support/crowded.ts';
import { extensionId, open, until } from './helper.ts';

describe('Tools for assistants in VS Code', () => {
  const described = (): readonly { readonly name: string; readonly inputSchema: object }[] =>
    vscode.extensions.getExtension(extensionId)?.packageJSON.contributes.languageModelTools ?? [];

  /** The text that an assistant reads. */
  async function invoke(name: string, input: object, token?: vscode.CancellationToken): Promise<string> {
    const result = await vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined }, token);
    const [part, ...more] = result.content;
    assert.ok(part instanceof vscode.LanguageModelTextPart && more.length === 0);
    return part.value;
  }

  const registered = () =>
    until('the tools', () => {
      const names = new Set(vscode.lm.tools.map(({ name }) => name));
      return described().every(({ name }) => names.has(name)) || undefined;
    });

  it('are there, as the manifest describes them', async () => {
    await open(EXAMPLE);
    await registered();
    assert.equal(described().length, 5);
    for (const { name, inputSchema } of described()) {
      const tool = vscode.lm.tools.find((one) => one.name === name);
      assert.match(tool?.description ?? '', /Configuration Manager/);
      assert.deepEqual(tool?.inputSchema, inputSchema);
    }
  });

  it('answer about what the editor in front shows, before it is saved', async () => {
    const document = await open(EXAMPLE);
    await registered();
    const place = vscode.workspace.asRelativePath(document.uri);
    const first = await invoke('cmtopo_check_topology', { severity: 'error' });
    assert.ok(first.includes(`error ${place}:18:7 firewall-blocked: `), first);
    const edit = new vscode.WorkspaceEdit();
    const at = document.getText().indexOf('8530]') + 4;
    edit.insert(document.uri, document.positionAt(at), ', 8531');
    await vscode.workspace.applyEdit(edit);
    assert.match(await invoke('cmtopo_check_topology', {}), /: 1 warning, 1 information\n/);
    assert.match(
      await invoke('cmtopo_explain_connections', { from: 'branch-pcs', to: 'cm01', port: 8531 }),
      /allowed: TCP 8531 HTTPS\n {4}line: rule 2 'Clients' \(line 37\) lets it through/,
    );
    assert.match(await invoke('cmtopo_missing_firewall_rules', {}), /lacks 2 rules/);
    assert.match(await invoke('cmtopo_role_requirements', { role: 'DP' }), /^Distribution point/);
    assert.match(await invoke('cmtopo_port_catalog', { port: 10123 }), /Client notification/);
  });

  it('tell an assistant what it asked wrongly', async () => {
    await open(EXAMPLE);
    await registered();
    await assert.rejects(
      invoke('cmtopo_explain_connections', { from: 'cm1', to: 'sql01' }),
      /did you mean cm01/,
    );
    await assert.rejects(invoke('cmtopo_check_topology', { file: '../../none' }), /no topology file/);
  });

  it('stop when nobody waits any more', async () => {
    await open(EXAMPLE);
    await registered();
    const source = new vscode.CancellationTokenSource();
    source.cancel();
    await assert.rejects(invoke('cmtopo_check_topology', {}, source.token));
    // In the midst of an answer that takes half a minute.
    const later = new vscode.CancellationTokenSource();
    const slow = assert.rejects(invoke('cmtopo_check_topology', { text: crowded(2000) }, later.token));
    setTimeout(() => later.cancel(), 1_500);
    await slow;
    assert.match(await invoke('cmtopo_port_catalog', {}), /^Port list/);
  });
});
