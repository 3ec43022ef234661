// What an editor offers beyond findings, over a real connection.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CodeLensRefreshRequest,
  DidChangeConfigurationNotification,
  DocumentLinkRequest,
  InlayHintRefreshRequest,
  InlayHintRequest,
  PrepareRenameRequest,
  RenameRequest,
  SemanticTokensDeltaRequest,
  SemanticTokensRangeRequest,
  SemanticTokensRefreshRequest,
  SemanticTokensRequest,
  TextDocumentEdit,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver-protocol/node';
import { applyLspEdits, HIERARCHY } from '../support/features.ts';
import { PLAIN } from './client.ts';
import { eachWithSession, place, type Session, until } from './session.ts';

describe('an editor on the language server', function () {
  this.timeout(60_000);
  let folder: string;
  let uri: string;
  let connect: Session['connect'];

  eachWithSession((session) => {
    ({ folder, uri, connect } = session);
  });

  it('renames a server everywhere, for this version of the document', async () => {
    const { connection, open, initialized } = await connect();
    assert.deepEqual(initialized.capabilities.renameProvider, { prepareProvider: true });
    open(uri, HIERARCHY);
    const at = { textDocument: { uri }, position: place(HIERARCHY, 'server: sql') };
    assert.deepEqual(await connection.sendRequest(PrepareRenameRequest.type, at), {
      range: { start: place(HIERARCHY, 'server: '), end: place(HIERARCHY, 'server: sql01') },
      placeholder: 'sql01',
    });
    const edit = await connection.sendRequest(RenameRequest.type, { ...at, newName: 'db01' });
    const [change] = edit?.documentChanges ?? [];
    assert.ok(change && TextDocumentEdit.is(change));
    assert.equal(change.textDocument.version, 1);
    const edits = change.edits.flatMap((one) => ('newText' in one ? [one] : []));
    assert.equal(applyLspEdits(HIERARCHY, edits), HIERARCHY.replaceAll('sql01', 'db01'));
  });

  it('says why it does not rename', async () => {
    const { connection, open, change } = await connect();
    open(uri, HIERARCHY);
    const at = { textDocument: { uri }, position: place(HIERARCHY, 'site: PS') };
    await assert.rejects(
      connection.sendRequest(RenameRequest.type, { ...at, newName: 'PS10' }),
      /Site code 'PS10' has 4 characters/,
    );
    const unknown = HIERARCHY.replace('zone: dmz', 'zone: lab');
    change(uri, unknown);
    await assert.rejects(
      connection.sendRequest(PrepareRenameRequest.type, { ...at, position: place(unknown, 'zone: lab') }),
      /'lab' is not defined/,
    );
    const none = { ...at, position: place(unknown, 'type: pri') };
    assert.equal(await connection.sendRequest(PrepareRenameRequest.type, none), null);
  });

  it('renames in an editor that knows neither versions nor a first question', async () => {
    const { connection, open, initialized } = await connect({ capabilities: PLAIN });
    assert.equal(initialized.capabilities.renameProvider, true);
    open(uri, HIERARCHY);
    const position = place(HIERARCHY, '\n  hq');
    const edit = await connection.sendRequest(RenameRequest.type, {
      textDocument: { uri },
      position,
      newName: 'x',
    });
    assert.equal(edit?.changes?.[uri]?.length, 5);
  });

  it('finds names in the files of the folder that nobody has opened', async () => {
    const other = join(folder, 'b.topology.yaml');
    writeFileSync(other, 'servers:\n  sql99:\n');
    const { connection, open } = await connect({ folders: [folder] });
    open(uri, HIERARCHY);
    const names = async (query: string) =>
      (await connection.sendRequest(WorkspaceSymbolRequest.type, { query }))?.map(({ name }) => name);
    assert.deepEqual(await names('sql'), ['sql01', 'sql99']);
    writeFileSync(other, 'servers:\n  sql100:\n');
    assert.deepEqual(await names('sql1'), ['sql01', 'sql100']);
    open(pathToFileURL(other).href, 'servers:\n  sql101:\n');
    assert.deepEqual(await names('sql1'), ['sql01', 'sql101']);
  });

  it('links the rules of a settings file to their pages', async () => {
    const { connection, open } = await connect();
    const settings = pathToFileURL(join(folder, '.cmtopo.yaml')).href;
    open(settings, 'rules:\n  sql-browser: off\n');
    const links = await connection.sendRequest(DocumentLinkRequest.type, { textDocument: { uri: settings } });
    assert.equal(links?.length, 1);
    assert.match(links[0]?.target ?? '', /docs\/rules\/sql-browser\.md$/);
    open(uri, '# cmtopo-disable-next-line sql-browser\nconfigmgr: 2017-09\n');
    const inText = await connection.sendRequest(DocumentLinkRequest.type, { textDocument: { uri } });
    assert.equal(inText?.length, 2);
  });

  const whole = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };

  it('shows values that are written elsewhere, until the setting says no', async () => {
    const started = await connect();
    const { connection, open, hintRefreshes } = started;
    open(uri, HIERARCHY);
    const hints = async () =>
      (await connection.sendRequest(InlayHintRequest.type, { textDocument: { uri }, range: whole })) ?? [];
    const [first] = await hints();
    assert.ok(first && typeof first.label !== 'string');
    assert.deepEqual(first.position, place(HIERARCHY, 'instance: CM }'));
    assert.equal(first.label[0]?.location?.uri, uri);
    started.configuration = { inlayHints: { enabled: false } };
    await connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
    await until(async () => (await hints()).length === 0, 'no hints');
    assert.equal(hintRefreshes(), 1);
  });

  it('shows what another edition changes as soon as the settings file names it', async () => {
    const refreshSupport = true;
    const workspace = {
      codeLens: { refreshSupport },
      inlayHint: { refreshSupport },
      semanticTokens: { refreshSupport },
    };
    const { connection, open, change } = await connect({ capabilities: { workspace } });
    const asked: string[] = [];
    for (const { method } of [CodeLensRefreshRequest, InlayHintRefreshRequest, SemanticTokensRefreshRequest])
      connection.onRequest(method, () => {
        asked.push(method);
        return null;
      });
    const settings = pathToFileURL(join(folder, '.cmtopo.yaml')).href;
    open(uri, HIERARCHY);
    open(settings, 'edition: 2017-09\n');
    await until(() => asked.length === 3, 'what the first edition changes');
    change(settings, 'edition: 2017-09 # a note\n');
    change(settings, 'edition: 2007\n');
    await until(() => asked.length === 6, 'what the second edition changes');
    assert.equal(new Set(asked.slice(3)).size, 3);
  });

  it('tells what each word is, all of a file, a range, and what a change made of it', async () => {
    const { connection, open, change, initialized } = await connect();
    const legend = initialized.capabilities.semanticTokensProvider?.legend.tokenTypes ?? [];
    open(uri, HIERARCHY);
    const textDocument = { uri };
    const full = await connection.sendRequest(SemanticTokensRequest.type, { textDocument });
    assert.ok(full?.resultId);
    assert.equal(legend[full.data[3] ?? -1], 'section');
    const part = await connection.sendRequest(SemanticTokensRangeRequest.type, {
      textDocument,
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 5 } },
    });
    assert.deepEqual(part?.data, full.data.slice(0, 10));
    change(uri, HIERARCHY.replace('zone: dmz', 'zone: lab'));
    const delta = await connection.sendRequest(SemanticTokensDeltaRequest.type, {
      textDocument,
      previousResultId: full.resultId,
    });
    assert.ok(delta && 'edits' in delta);
    assert.equal(delta.edits.length, 1);
    const [edit] = delta.edits;
    assert.ok(edit);
    const data = full.data.toSpliced(edit.start, edit.deleteCount, ...(edit.data ?? []));
    const again = await connection.sendRequest(SemanticTokensRequest.type, { textDocument });
    assert.deepEqual(data, again?.data);
    const unknown = await connection.sendRequest(SemanticTokensDeltaRequest.type, {
      textDocument,
      previousResultId: 'of another server',
    });
    assert.ok(unknown && 'data' in unknown, 'an answer that the server does not know is told in full');
  });
});
