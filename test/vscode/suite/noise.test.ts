import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { finding, hoverText, mistakes, noFinding, open, until } from './helper.ts';

/** Waits for a quick fix at a finding, by its title, and takes it as the light bulb does. */
async function take(document: vscode.TextDocument, code: string, title: string): Promise<void> {
  const found = await finding(document.uri, code);
  const action = await until(`'${title}'`, async () => {
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      found.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    return actions.find((one) => one.title === title);
  });
  assert.ok(action.edit, `'${title}' has no edit.`);
  assert.ok(await vscode.workspace.applyEdit(action.edit));
}

describe('Who decides what is reported', () => {
  it('is the writer of the file, with a comment for the line', async () => {
    const document = await open(mistakes);
    await take(document, 'wsus-port-pair', 'Disable wsus-port-pair for this line');
    assert.equal(
      document.getText(),
      mistakes.replace(
        '        httpsPort',
        '        # cmtopo-disable-next-line wsus-port-pair\n        httpsPort',
      ),
    );
    await noFinding(document.uri, 'wsus-port-pair');
    await finding(document.uri, 'unknown-reference');
  });

  it('is a settings file, made and changed from the light bulb and in force before it is saved', async () => {
    const document = await open(mistakes);
    const title = (level: string, where: string) =>
      `Change the severity of wsus-port-pair to ${level} in ${where}`;
    await take(document, 'wsus-port-pair', title('warning', 'a new .cmtopo.yaml'));
    const uri = vscode.Uri.joinPath(document.uri, '../.cmtopo.yaml');
    const severity = (wanted: vscode.DiagnosticSeverity) =>
      until(`severity ${wanted}`, async () =>
        (await finding(document.uri, 'wsus-port-pair')).severity === wanted ? true : undefined,
      );
    await severity(vscode.DiagnosticSeverity.Warning);
    const settings = await vscode.workspace.openTextDocument(uri);
    assert.equal(settings.getText(), 'rules:\n  wsus-port-pair: warning\n');
    assert.match(
      (await until('a hover', () =>
        hoverText(uri, settings.positionAt(settings.getText().indexOf('pair'))),
      )) ?? '',
      /WSUS is told one port/,
    );

    const note = new vscode.WorkspaceEdit();
    note.insert(uri, new vscode.Position(0, 0), '# ours\n');
    assert.ok(await vscode.workspace.applyEdit(note));
    await take(document, 'wsus-port-pair', title('off', '.cmtopo.yaml'));
    assert.equal(settings.getText(), '# ours\nrules:\n  wsus-port-pair: off\n');
    await noFinding(document.uri, 'wsus-port-pair');
    assert.ok(await settings.save());
    await noFinding(document.uri, 'wsus-port-pair');
  });
});
