// `cmtopo check --fix` and the editor's `source.fixAll.cmtopo`: the same file becomes the same text.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CodeAction, CodeActionRequest } from 'vscode-languageserver-protocol/node';
import { rules } from '../../server/src/rules/index.ts';
import { cmtopo, folderWith, removeFolder } from '../cli/cli.ts';
import { applyLspEdits } from '../support/features.ts';
import { merged, withComments, withCrlf } from '../support/variants.ts';
import { type Client, start, VSCODE_LIKE } from './client.ts';

const SETTINGS = 'rules:\n  unused-definition: off\n';

/** Every example of every rule and every example file, in both line endings, some among comments, some joined. */
function files(): Record<string, string> {
  const result: Record<string, string> = {};
  const add = (name: string, text: string) => {
    let number = 0;
    result[`${name}.topology.yaml`] = text;
    result[`${name}.crlf.topology.yaml`] = withCrlf(text);
    result[`${name}.noted.topology.yaml`] = withComments(text, () => (number += 3)).trimEnd();
  };
  const bad = rules.flatMap((rule) => rule.bad.map(({ text }) => text));
  for (const rule of rules)
    for (const [index, { text }] of rule.bad.entries()) add(`${rule.code}-${index}`, text);
  for (const name of readdirSync('examples').filter((file) => file.endsWith('.topology.yaml')))
    add(name.replace('.topology.yaml', ''), readFileSync(join('examples', name), 'utf8'));
  for (const [index, text] of bad.entries()) {
    const other = bad[(index * 7 + 3) % bad.length];
    if (other !== undefined) add(`joined-${index}`, merged(text, other));
  }
  return result;
}

describe('fix all, in the editor and on the command line', function () {
  this.timeout(180_000);
  const texts = files();
  let folder = '';
  let client: Client;

  before(async () => {
    folder = folderWith({ ...texts, '.cmtopo.yaml': SETTINGS });
    client = await start({
      capabilities: {
        ...VSCODE_LIKE,
        workspace: {
          ...VSCODE_LIKE.workspace,
          workspaceEdit: { documentChanges: true, snippetEditSupport: true },
        },
      },
    });
  });

  after(async () => {
    await client.stop();
    removeFolder(folder);
  });

  /** The text after the editor's fix all. */
  async function inEditor(name: string, text: string): Promise<string> {
    const uri = pathToFileURL(join(folder, name)).href;
    client.open(uri, text);
    const found = await client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      context: { diagnostics: [], only: ['source.fixAll.cmtopo'] },
    });
    client.close(uri);
    const actions = (found ?? []).filter((one): one is CodeAction => 'kind' in one);
    assert.ok(actions.length <= 1, name);
    const change = actions[0]?.edit?.documentChanges?.[0];
    if (change === undefined) return text;
    assert.ok('edits' in change, name);
    const edits = change.edits.map((edit) => ('newText' in edit ? edit : assert.fail(`${name}: a snippet`)));
    return applyLspEdits(text, edits);
  }

  it('gives the same text for every example of every rule, and for several of them in one file', async () => {
    const editor = new Map<string, string>();
    for (const [name, text] of Object.entries(texts)) editor.set(name, await inEditor(name, text));
    const { status, err } = cmtopo(['check', '--fix', '.', '--format', 'json'], { cwd: folder });
    assert.equal(status, 1, err);
    let changed = 0;
    for (const [name, text] of Object.entries(texts)) {
      const fixed = readFileSync(join(folder, name), 'utf8');
      assert.equal(editor.get(name), fixed, name);
      if (fixed !== text) changed++;
    }
    assert.ok(changed > 30, `${changed} files had something to fix`);
    assert.deepEqual(client.logs, []);
  });

  it('leaves nothing to fix, neither here nor there', async () => {
    for (const name of Object.keys(texts)) {
      const fixed = readFileSync(join(folder, name), 'utf8');
      assert.equal(await inEditor(name, fixed), fixed, name);
    }
    const { err } = cmtopo(['check', '--fix', '.', '--format', 'json'], { cwd: folder });
    assert.doesNotMatch(err, /fixed/);
  });
});
