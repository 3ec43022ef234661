// What hands do: names and snippets typed with the suggestions of VS Code as they are.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { analyse } from '../../../server/src/analysis.ts';
import { CURSOR } from '../../support/features.ts';
import { SNIPPETS } from '../../support/snippets.ts';
import { open, until } from './helper.ts';

const run = (command: string, ...args: unknown[]) => vscode.commands.executeCommand(command, ...args);

/** Types a text as keys do, one letter after the other. */
async function type(text: string): Promise<void> {
  for (const letter of text) await run('type', { text: letter });
}

/** A file with the cursor at an offset, else at the end of its first line that ends with a text. */
async function openAt(text: string, end: string, offset?: number): Promise<vscode.TextEditor> {
  const document = await open(text);
  const editor = await vscode.window.showTextDocument(document);
  const line = text.split('\n').findIndex((one) => one.endsWith(end));
  const position =
    offset === undefined
      ? new vscode.Position(line, text.split('\n')[line]?.length ?? 0)
      : document.positionAt(offset);
  editor.selection = new vscode.Selection(position, position);
  return editor;
}

/** Takes the first suggestion, once there is one. */
async function accept({ document }: vscode.TextEditor): Promise<void> {
  const before = document.getText();
  await until('a suggestion', async () => {
    await run('editor.action.triggerSuggest');
    await new Promise((resolve) => setTimeout(resolve, 150));
    await run('acceptSelectedSuggestion');
    return document.getText() === before ? undefined : true;
  });
}

/** What the form of a file is reported by, and not what it says. */
const FORM = /^(yaml-syntax|unknown-key|wrong-type|invalid-.*|missing-key|duplicate-key)$/;

const ROLES = `configmgr: 2025-12
sites:
  PS1: { type: primary, database: { server: sql01 } }
servers:
  sql01:
    site: PS1
    roles:
      ‸
`;

describe('Typing a topology', () => {
  for (const [word, role] of [
    ['dp', 'distribution-point'],
    ['mp', 'management-point'],
    ['sup', 'software-update-point'],
    ['smp', 'state-migration-point'],
    ['fsp', 'fallback-status-point'],
    ['scp', 'service-connection-point'],
  ] as const)
    it(`makes ${role} of '${word}'`, async () => {
      const editor = await openAt(ROLES, '‸');
      await run('deleteLeft');
      await type(word);
      await accept(editor);
      assert.equal(editor.document.lineAt(7).text, `      ${role}:`);
    });

  it('closes the quote of a name that is chosen', async () => {
    const editor = await openAt(
      ROLES.replace('    roles:\n      ‸\n', '    zone: \nzones:\n  hq:\n'),
      'zone: ',
    );
    await type('"h');
    await accept(editor);
    assert.equal(editor.document.lineAt(6).text, '    zone: "hq"');
  });

  it('goes through every snippet, stop by stop', async () => {
    for (const [label, text, answers] of SNIPPETS) {
      const start = text.replace(CURSOR, '');
      const editor = await openAt(start, '', text.indexOf(CURSOR));
      // Its letters find it among what else may be there.
      await run('type', { text: label.replaceAll(' ', '') });
      await accept(editor);
      const taken = editor.document.getText();
      assert.ok(!taken.includes(label) && taken.length > start.length, `${label}:\n${taken}`);
      for (const answer of answers) {
        if (answer !== undefined) await run('type', { text: answer });
        await run('hideSuggestWidget');
        await run('jumpToNextSnippetPlaceholder');
      }
      const end = editor.document.getText();
      for (const answer of answers) assert.ok(end.includes(answer ?? ''), `${answer} is not in\n${end}`);
      const wrong = analyse(end)
        .findings()
        .filter(({ code }) => FORM.test(code));
      assert.deepEqual(
        wrong.map(({ code, message }) => `${label}: ${code}: ${message}`),
        [],
        end,
      );
    }
  }).timeout(60_000);

  it('writes a whole file in an empty one, with the names that are typed at its stops', async () => {
    const editor = await openAt('', '');
    await accept(editor);
    await run('jumpToNextSnippetPlaceholder');
    for (const name of ['Adatum', 'dc', '10.1.0.0/16', 'AD1', 'db01', 'mem01', 'laptops']) {
      await type(name);
      await new Promise((resolve) => setTimeout(resolve, 400));
      // What Tab does: takes what a list offers, where one has opened, and goes on.
      await run('acceptSelectedSuggestion');
      await run('jumpToNextSnippetPlaceholder');
    }
    const text = editor.document.getText();
    for (const line of [
      'name: Adatum',
      '  dc: { networks: [10.1.0.0/16] }',
      '  AD1:',
      '    database: { server: db01 }',
      '  mem01:',
      '    site: AD1',
      '    zone: dc',
      '  laptops:',
    ])
      assert.ok(text.split('\n').includes(line), `${line} is not in\n${text}`);
  });

  it('puts the next role beside the one above it', async () => {
    const editor = await openAt(ROLES.replace('‸', 'management-point:'), 'management-point:');
    await type('\n');
    await type('distr');
    await accept(editor);
    assert.equal(editor.document.lineAt(8).text, '      distribution-point:');
  });
});
