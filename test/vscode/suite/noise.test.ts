import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { finding, hoverText, mistakes, noFinding, open, until } from './helper.ts';

/** Waits for 'Silence…' at a finding, which is the only entry of its kind, and takes one of its choices by its title. */
async function take(document: vscode.TextDocument, code: string, title: string): Promise<void> {
  const found = await finding(document.uri, code);
  const command = await until(`'${title}'`, async () => {
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      found.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const quiet = actions.filter((one) => one.command?.command === 'configmgrTopology.silence');
    assert.ok(quiet.length < 2);
    const choices: unknown = quiet[0]?.command?.arguments?.[0];
    const titles = Array.isArray(choices)
      ? choices.map((choice) => String(Reflect.get(choice, 'title')))
      : [];
    return titles.includes(title) ? quiet[0]?.command : undefined;
  });
  assert.ok(await vscode.commands.executeCommand(command.command, ...(command.arguments ?? []), title));
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
      /WSUS is configured with one port/,
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
