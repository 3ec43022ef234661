import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { finding, hoverText, mistakes, noFinding, open, place, until } from './helper.ts';

describe('Editing a topology file', () => {
  it('shows what is wrong where it is wrong', async () => {
    const document = await open(mistakes);
    const pair = await finding(document.uri, 'wsus-port-pair');
    assert.equal(document.getText(pair.range), '8532');
    assert.equal(pair.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(pair.source, 'cmtopo');
    assert.match(pair.message, /cm01.*8532.*8531/s);
    assert.ok(typeof pair.code === 'object', 'The code has no link to its page.');
    const page = await vscode.workspace.openTextDocument(pair.code.target);
    assert.match(page.getText(), /wsus-port-pair/);
    const unknown = await finding(document.uri, 'unknown-reference');
    assert.equal(document.getText(unknown.range), 'PS2');
  });

  it('follows what is typed', async () => {
    const document = await open('configmgr: 2017-09\n');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(1, 0), 'servrs:\n  cm01:\n');
    await vscode.workspace.applyEdit(edit);
    const misspelt = await finding(document.uri, 'unknown-key');
    assert.equal(document.getText(misspelt.range), 'servrs');
    const mend = new vscode.WorkspaceEdit();
    mend.replace(document.uri, misspelt.range, 'servers');
    await vscode.workspace.applyEdit(mend);
    await noFinding(document.uri, 'unknown-key');
  });

  it('indents the line below a key with nothing behind it, and begins it below the key of a list item', async () => {
    for (const [line, column] of [
      ['servers:', 2],
      ['  cm01: # the first', 4],
      ['    roles: &all', 6],
      ['  - from:', 6],
      ['  - action: allow', 4],
      ['  - { action: allow, to: hq }', 2],
      ['  - "a: b"', 2],
      ['  zone: hq', 2],
      ['  # zones:', 2],
      ['x: { a: 1 }', 0],
    ] as const) {
      const document = await open(`${line}\n`);
      const editor = await vscode.window.showTextDocument(document);
      const end = new vscode.Position(0, line.length);
      editor.selection = new vscode.Selection(end, end);
      await vscode.commands.executeCommand('type', { text: '\n' });
      assert.equal(editor.selection.active.line, 1, line);
      assert.equal(editor.selection.active.character, column, line);
    }
  });

  it("tells a role's ports in its hover", async () => {
    const document = await open(mistakes);
    const text = await until('a hover', () =>
      hoverText(document.uri, place(document, 'software-update-point', 3)),
    );
    for (const word of [/software update point/i, /TCP 443/, /cm01/]) assert.match(text, word);
    const ofSql = await until('a hover', () => hoverText(document.uri, place(document, 'sql-server', 3)));
    assert.match(ofSql, /50001/);
  });

  it('fixes a finding and leaves the rest of the text alone', async () => {
    const document = await open(mistakes);
    const pair = await finding(document.uri, 'wsus-port-pair');
    const action = await until('the quick fix', async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        pair.range,
        vscode.CodeActionKind.QuickFix.value,
      );
      return actions.find(({ title }) => /8531/.test(title));
    });
    assert.ok(action.edit, 'The quick fix has no edit.');
    assert.ok(await vscode.workspace.applyEdit(action.edit));
    assert.equal(document.getText(), mistakes.replace('8532', '8531'));
    await noFinding(document.uri, 'wsus-port-pair');
  });

  it('fixes all that is safe when the file is saved', async () => {
    const document = await open(mistakes);
    await finding(document.uri, 'wsus-port-pair');
    const onSave = vscode.workspace.getConfiguration('editor', document).get('codeActionsOnSave');
    assert.deepEqual(onSave, { 'source.fixAll.cmtopo': 'explicit' });
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '# saved\n');
    await vscode.workspace.applyEdit(edit);
    assert.ok(await document.save());
    assert.equal(document.getText(), `# saved\n${mistakes.replace('8532', '8531')}`);
  });

  it('completes roles, and names that the file defines', async () => {
    const text = mistakes.replace('      distribution-point:\n', '      \n').replace('site: PS2', 'site: ');
    const document = await open(text);
    const labels = (position: vscode.Position) =>
      until('completions', async () => {
        const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
          'vscode.executeCompletionItemProvider',
          document.uri,
          position,
        );
        const ours = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
        return ours.length > 0 ? ours : undefined;
      });
    const roles = await labels(document.positionAt(text.length - 1));
    assert.ok(roles.includes('management-point'), roles.join(', '));
    assert.ok(!roles.some((label) => /topology/i.test(label)), 'a whole file has no place in a server');
    const sites = await labels(place(document, 'site: \n', 'site: '.length));
    assert.ok(sites.includes('PS1'), sites.join(', '));
    assert.ok(!sites.includes('management-point'), sites.join(', '));
  });

  it('goes to the definition of a name and finds its uses', async () => {
    const document = await open(mistakes);
    const use = place(document, 'server: sql01', 'server: '.length + 1);
    const [target] = await until('the definition', async () => {
      const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
        'vscode.executeDefinitionProvider',
        document.uri,
        use,
      );
      return found.length > 0 ? found : undefined;
    });
    assert.ok(target);
    const range =
      'targetRange' in target ? (target.targetSelectionRange ?? target.targetRange) : target.range;
    assert.equal(range.start.line, place(document, '  sql01:').line);
    const uses = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeReferenceProvider',
      document.uri,
      use,
    );
    assert.deepEqual(
      uses.map(({ range: { start } }) => start.line).toSorted((a, b) => a - b),
      [place(document, 'server: sql01').line, place(document, '  sql01:').line],
    );
  });

  it('outlines sites, servers and roles', async () => {
    const document = await open(mistakes);
    const symbols = await until('the outline', async () => {
      const found = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
        'vscode.executeDocumentSymbolProvider',
        document.uri,
      );
      return found && found.length > 0 ? found : undefined;
    });
    const names = (list: vscode.DocumentSymbol[]): string[] =>
      list.flatMap(({ name, children }) => [name, ...names(children)]);
    const all = names(symbols);
    for (const name of ['hq', 'PS1', 'cm01', 'sql01', 'management-point'])
      assert.ok(all.includes(name), `${name}: ${all}`);
  });

  it('folds sections', async () => {
    const document = await open(mistakes);
    const ranges = await until('folding ranges', async () => {
      const found = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
        'vscode.executeFoldingRangeProvider',
        document.uri,
      );
      return found.length > 0 ? found : undefined;
    });
    assert.ok(ranges.some(({ start }) => start === place(document, 'servers:').line));
  });

  it('checks a file that is not saved anywhere', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'configmgr-topology',
      content: mistakes,
    });
    await vscode.window.showTextDocument(document);
    await finding(document.uri, 'wsus-port-pair');
  });

  it('lives with text that is no topology', async () => {
    const document = await open('{{{[[[\n\t- "\n<<<<<<< ours\n\u0001');
    await until('a finding', () => vscode.languages.getDiagnostics(document.uri)[0]);
    const other = await open(mistakes);
    await finding(other.uri, 'wsus-port-pair');
  });
});
