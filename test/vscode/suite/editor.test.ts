import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { finding, mistakes, open, place, until, write } from './helper.ts';

describe('What VS Code shows beyond findings', () => {
  it('renames a server at every place that names it', async () => {
    const document = await open(mistakes);
    await finding(document.uri, 'wsus-port-pair');
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      place(document, 'server: sql01', 'server: '.length + 1),
      'db01',
    );
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal(document.getText(), mistakes.replaceAll('sql01', 'db01'));
  });

  it('asks for the new name of what is under the cursor, and says why there is none', async () => {
    const document = await open(mistakes);
    await finding(document.uri, 'wsus-port-pair');
    const prepare = (words: string) =>
      vscode.commands.executeCommand<{ placeholder: string }>(
        'vscode.prepareRename',
        document.uri,
        place(document, words, words.length - 1),
      );
    assert.equal((await prepare('site: PS1')).placeholder, 'PS1');
    await assert.rejects(async () => prepare('site: PS2'), /'PS2' is not defined/);
  });

  it('shows ports that are written elsewhere, and leads to them', async () => {
    const document = await open(mistakes);
    const hints = await until('the inlay hints', async () => {
      const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        document.uri,
        new vscode.Range(0, 0, document.lineCount, 0),
      );
      return found.length > 0 ? found : undefined;
    });
    const line = place(document, 'database:').line;
    const [part] = hints.find(({ position }) => position.line === line)?.label ?? [];
    assert.ok(part && typeof part !== 'string');
    assert.equal(part.value, 'port 50001');
    assert.ok(part.location);
    assert.equal(document.getText(part.location.range), '50001');
  });

  it('knows a name that nothing has from one that stands for something', async () => {
    const document = await open(mistakes);
    await finding(document.uri, 'unknown-reference');
    const legend = await vscode.commands.executeCommand<vscode.SemanticTokensLegend>(
      'vscode.provideDocumentSemanticTokensLegend',
      document.uri,
    );
    const { data } = await vscode.commands.executeCommand<vscode.SemanticTokens>(
      'vscode.provideDocumentSemanticTokens',
      document.uri,
    );
    const words = new Map<string, string>();
    let [line, character] = [0, 0];
    for (let at = 0; at < data.length; at += 5) {
      const [down = 0, right = 0, length = 0, type = 0, bits = 0] = data.slice(at, at + 5);
      character = down === 0 ? character + right : right;
      line += down;
      const word = document.getText(new vscode.Range(line, character, line, character + length));
      const modifiers = legend.tokenModifiers.filter((_, bit) => bits & (1 << bit));
      words.set(`${line}:${word}`, [legend.tokenTypes[type], ...modifiers].join(' '));
    }
    assert.equal(words.get(`${place(document, 'site: PS1').line}:PS1`), 'reference');
    assert.equal(words.get(`${place(document, 'site: PS2').line}:PS2`), 'reference undefined');
    assert.equal(words.get(`${place(document, 'site-server:').line}:site-server`), 'role');
  });

  it('links the edition to its port list', async () => {
    const document = await open(mistakes);
    const link = await until('the link', async () => {
      const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
        'vscode.executeLinkProvider',
        document.uri,
      );
      return links.find(({ range }) => document.getText(range) === '2017-09');
    });
    assert.match(String(link.target), /learn\.microsoft\.com/);
  });

  it('finds the names of files that are not open', async () => {
    await write('closed/closed.topology.yaml', 'configmgr: 2017-09\nservers:\n  nobody-opened-me:\n');
    const [symbol] = await until('the symbol of a closed file', async () => {
      const symbols = await vscode.commands.executeCommand<vscode.SymbolInformation[]>(
        'vscode.executeWorkspaceSymbolProvider',
        'nobody-opened',
      );
      return symbols.length > 0 ? symbols : undefined;
    });
    assert.match(symbol?.location.uri.path ?? '', /closed\.topology\.yaml$/);
  });
});
