// What docs/editors.md tells other editors, against the server.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  type ClientCapabilities,
  CodeActionRequest,
  CompletionRequest,
  DefinitionRequest,
  DidChangeConfigurationNotification,
  HoverRequest,
} from 'vscode-languageserver-protocol/node';
import manifest from '../../package.json';
import { HIERARCHY } from '../support/features.ts';
import { PROGRAM } from './client.ts';
import { eachWithSession, type Session } from './session.ts';

const page = readFileSync('docs/editors.md', 'utf8');
const WRONG_PAIR = HIERARCHY.replace('httpsPort: 8531', 'httpsPort: 8532');

/** What Neovim 0.7.2 says that it can, as far as our server looks at it. */
const NEOVIM_07: ClientCapabilities = {
  textDocument: {
    publishDiagnostics: { relatedInformation: true, tagSupport: { valueSet: [1, 2] } },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    completion: { completionItem: { snippetSupport: false } },
    definition: { linkSupport: true },
    rename: { prepareSupport: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source'] } } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
  },
  workspace: {
    workspaceEdit: { resourceOperations: ['rename', 'create', 'delete'] },
    workspaceFolders: true,
  },
};

/** An editor that can show text and nothing else. */
const BARE: ClientCapabilities = { textDocument: { hover: { contentFormat: ['plaintext'] } } };

describe('The settings for other editors in docs/editors.md', () => {
  it('start the server with a command that there is, in every editor', () => {
    const blocks = [...page.matchAll(/^```\w+\n(.*?)^```/gms)].map(([, block = '']) => block);
    assert.equal(blocks.length, 5);
    for (const block of blocks) assert.match(block, /cmtopo\W+(args\W+|arguments\W+)?lsp\W+?--stdio\b/);
    // It waits for a client, and ends when there is none.
    const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'lsp', '--stdio'], {
      input: '',
    });
    assert.deepEqual([status, String(stdout), String(stderr)], [1, '', '']);
  });

  it('name the settings section, the language and the rules as they are', () => {
    const [language] = manifest.contributes.languages;
    assert.ok(page.includes(`\`${language?.id}\``));
    assert.ok(
      page.includes(language?.firstLine?.includes('configmgr-topology') ? '# configmgr-topology' : '?'),
    );
    assert.ok(Object.keys(manifest.contributes.configuration.properties).includes('configmgrTopology.rules'));
    const rules = manifest.contributes.configuration.properties['configmgrTopology.rules'].properties;
    assert.ok('site-code' in rules);
    assert.match(
      page,
      /configmgrTopology (\(:rules \(:site-code "warning"|= \{ rules = \{ site-code = "warning")/,
    );
  });
});

describe('The language server in other editors', function () {
  this.timeout(60_000);
  let folder: string;
  let uri: string;
  let connect: Session['connect'];

  eachWithSession((session) => {
    ({ folder, uri, connect } = session);
  });

  it('takes severities from one that pushes its settings and answers no questions about them', async () => {
    const { connection, open, pushed, change } = await connect({
      capabilities: NEOVIM_07,
      folders: [folder],
    });
    void connection.sendNotification(DidChangeConfigurationNotification.type, {
      settings: { configmgrTopology: { rules: { 'wsus-port-pair': 'hint' } } },
    });
    open(uri, WRONG_PAIR);
    await pushed(uri, 1);
    const { diagnostics } = await pushed(uri, change(uri, `${WRONG_PAIR}\n`));
    assert.deepEqual(
      diagnostics.map(({ code, severity }) => [code, severity]),
      [['wsus-port-pair', 4]],
    );
  });

  it('gives edits that need no versions, and fix all for its own kind', async () => {
    const { connection, open } = await connect({ capabilities: NEOVIM_07, folders: [folder] });
    open(uri, WRONG_PAIR);
    const end = { line: 1000, character: 0 };
    const actions = await connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range: { start: { line: 0, character: 0 }, end },
      context: { diagnostics: [], only: ['source.fixAll.cmtopo'] },
    });
    assert.equal(actions?.length, 1);
    const [action] = actions;
    assert.ok(action && 'edit' in action && action.edit?.changes?.[uri]?.[0]?.newText === '8531');
    assert.equal(action.edit.documentChanges, undefined);
  });

  it('sends no Markdown, snippets or links to one that shows text only', async () => {
    const { connection, open, pushed } = await connect({ capabilities: BARE, folders: [folder] });
    open(uri, HIERARCHY);
    await pushed(uri, 1);
    const line = HIERARCHY.split('\n').findIndex((text) => text.includes('software-update-point:'));
    const hover = await connection.sendRequest(HoverRequest.type, {
      textDocument: { uri },
      position: { line, character: 10 },
    });
    const contents = hover?.contents;
    assert.ok(typeof contents === 'object' && 'kind' in contents && contents.kind === 'plaintext');
    assert.doesNotMatch(contents.value, /\*\*|\|---/);
    const list = await connection.sendRequest(CompletionRequest.type, {
      textDocument: { uri },
      position: { line: line + 1, character: 0 },
    });
    const items = Array.isArray(list) ? list : (list?.items ?? []);
    assert.ok(items.every(({ insertTextFormat }) => insertTextFormat !== 2));
    const zone = HIERARCHY.split('\n').findIndex((text) => text.includes(' zone: '));
    const place = await connection.sendRequest(DefinitionRequest.type, {
      textDocument: { uri },
      position: { line: zone, character: (HIERARCHY.split('\n')[zone] ?? '').indexOf('zone: ') + 7 },
    });
    assert.ok(Array.isArray(place) && place[0] && 'uri' in place[0]);
  });
});
