// What clients can and cannot, beyond findings: `data` of diagnostics, commands in place of actions, lists in place of
// trees; and what the server leaves alone when nothing has changed.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  ApplyWorkspaceEditRequest,
  type ClientCapabilities,
  type CodeAction,
  CodeActionRequest,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  DocumentDiagnosticRequest,
  DocumentSymbolRequest,
  ExecuteCommandRequest,
  FileChangeType,
  PrepareRenameRequest,
  type SymbolInformation,
  WorkspaceDiagnosticRequest,
  type WorkspaceEdit,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver-protocol/node';
import { applyLspEdits, HIERARCHY } from '../support/features.ts';
import { type Client, PLAIN, VSCODE_LIKE } from './client.ts';
import { eachWithSession, place, type Session, until } from './session.ts';

const WRONG_PAIR = HIERARCHY.replace('httpsPort: 8531', 'httpsPort: 8532');
const SILENCE = 'configmgrTopology.silence';

describe('clients of several kinds', function () {
  this.timeout(60_000);
  let uri: string;
  let folder: string;
  let connect: Session['connect'];

  eachWithSession((session) => {
    ({ uri, folder, connect } = session);
  });

  const withData: ClientCapabilities = {
    ...VSCODE_LIKE,
    textDocument: {
      ...VSCODE_LIKE.textDocument,
      diagnostic: { ...VSCODE_LIKE.textDocument?.diagnostic, dataSupport: true },
    },
  };

  const actionsFor = async ({ connection, pull }: Client, move = 0): Promise<CodeAction[]> => {
    const shown = (await pull(uri)).find(({ code }) => code === 'wsus-port-pair');
    assert.ok(shown);
    const { start, end } = shown.range;
    const range = {
      start: { ...start, line: start.line + move },
      end: { ...end, line: end.line + move },
    };
    const actions = await connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range,
      context: { diagnostics: [{ ...shown, range, message: 'WSUS: the ports do not fit' }] },
    });
    return (actions ?? []) as CodeAction[];
  };

  it('that keep the `data` of a diagnostic get its fixes, wherever and however they show it', async () => {
    const client = await connect({ capabilities: withData });
    client.open(uri, WRONG_PAIR);
    for (const move of [0, 2]) {
      const fix = (await actionsFor(client, move)).find(({ isPreferred }) => isPreferred);
      assert.ok(fix, `moved by ${move}`);
      assert.equal(fix.diagnostics?.length, 1);
      assert.match(String(fix.diagnostics[0]?.message), /^WSUS: /);
      const [change] = fix.edit?.documentChanges ?? [];
      assert.ok(change && 'edits' in change);
      const edits = change.edits.filter((edit) => 'newText' in edit);
      assert.equal(applyLspEdits(WRONG_PAIR, edits), HIERARCHY);
    }
    const without = await connect();
    without.open(uri, WRONG_PAIR);
    const [first] = await without.pull(uri);
    assert.equal(first?.data, undefined, 'who does not ask for it gets none');
  });

  it('that ask for findings, and say of pushed ones alone what they can, get all of it', async () => {
    const { diagnostic: _, ...textDocument } = VSCODE_LIKE.textDocument ?? {};
    const client = await connect({
      capabilities: {
        ...VSCODE_LIKE,
        textDocument: {
          ...textDocument,
          diagnostic: {},
          publishDiagnostics: { dataSupport: true, relatedInformation: true, codeDescriptionSupport: true },
        },
      },
    });
    client.open(uri, WRONG_PAIR);
    const shown = (await client.pull(uri)).find(({ code }) => code === 'wsus-port-pair');
    assert.ok(shown?.data && shown.codeDescription);
    assert.equal(shown.relatedInformation?.length, 1);
  });

  it('that tell equal findings apart by `data` get the fix of the right one', async () => {
    const client = await connect({ capabilities: withData });
    const text =
      `${HIERARCHY.replace('    zone: hq\n    addresses', '    zone: hqq\n    addresses')}`.replace(
        '  sql01:\n    zone: hq\n',
        '  sql01:\n    zone: hqq\n',
      );
    client.open(uri, text);
    const shown = (await client.pull(uri)).filter(({ code }) => code === 'unknown-reference');
    assert.equal(shown.length, 2);
    const names = shown.map(({ data }) => JSON.stringify(data));
    assert.equal(new Set(names).size, 2);
  });

  it('that know no code actions but commands run one that makes the edit', async () => {
    const client = await connect({ capabilities: { ...PLAIN, workspace: { applyEdit: true } } });
    assert.deepEqual(client.initialized.capabilities.executeCommandProvider, {
      commands: ['cmtopo.applyEdit'],
    });
    client.open(uri, WRONG_PAIR);
    const asked: WorkspaceEdit[] = [];
    client.connection.onRequest(ApplyWorkspaceEditRequest.type, ({ edit }) => {
      asked.push(edit);
      return { applied: true };
    });
    const at = place(WRONG_PAIR, 'httpsPort: 85');
    const commands = await client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range: { start: at, end: at },
      context: { diagnostics: [] },
    });
    for (const one of commands ?? [])
      assert.ok('command' in one && typeof one.command === 'string' && !('kind' in one), JSON.stringify(one));
    const fix = commands?.find(({ title }) => title.includes('8531'));
    assert.ok(fix && typeof fix.command === 'string');
    await client.connection.sendRequest(ExecuteCommandRequest.type, {
      command: fix.command,
      ...('arguments' in fix && fix.arguments ? { arguments: fix.arguments } : {}),
    });
    assert.equal(applyLspEdits(WRONG_PAIR, asked[0]?.changes?.[uri] ?? []), HIERARCHY);
    const modern = await connect();
    assert.equal(modern.initialized.capabilities.executeCommandProvider, undefined);
  });

  it('that show no trees get the outline as a list, in the same order', async () => {
    const tree = await connect();
    const list = await connect({ capabilities: PLAIN });
    const of = async ({ connection, open }: Client) => {
      open(uri, HIERARCHY);
      return connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } });
    };
    const nested = (await of(tree)) ?? [];
    const flat = ((await of(list)) ?? []) as SymbolInformation[];
    const names = (symbols: readonly object[]): string[] =>
      symbols.flatMap((one) => [
        String(Reflect.get(one, 'name')),
        ...names((Reflect.get(one, 'children') ?? []) as object[]),
      ]);
    assert.deepEqual(
      flat.map(({ name }) => name),
      names(nested),
    );
    assert.ok(flat.every(({ location }) => location.uri === uri));
    assert.equal(flat.find(({ name }) => name === 'management-point')?.containerName, 'cm01');
  });

  it('are told before a name is typed that a rename would be refused', async () => {
    const { connection, open, change } = await connect();
    const prepare = (text: string, at: string) =>
      connection.sendRequest(PrepareRenameRequest.type, {
        textDocument: { uri },
        position: place(text, at),
      });
    const lost = HIERARCHY.replace('to: dp-dmz', 'to: "dp-dmz');
    open(uri, lost);
    await assert.rejects(prepare(lost, '\n  dp-d'), /could not be read/);
    const shared = 'zones:\n  hq: {}\nservers:\n  a: { zone: &z hq, description: *z }\n';
    change(uri, shared);
    await assert.rejects(prepare(shared, '\n  h'), /something else as well/);
    change(uri, HIERARCHY);
    assert.ok(await prepare(HIERARCHY, '\n  dp-d'));
  });

  it('find a file whose first line makes it a topology, also one that is written later', async () => {
    const client = await connect({ folders: [folder] });
    await until(() => client.registrations.length >= 2, 'the watchers');
    const globs = JSON.stringify(client.registrations);
    assert.match(globs, /\*\*\/\*\.\{yaml,yml\}/);
    const reported = async () => {
      const { items } = await client.connection.sendRequest(WorkspaceDiagnosticRequest.type, {
        previousResultIds: [],
      });
      return items.map((item) => item.uri.slice(item.uri.lastIndexOf('/') + 1)).sort();
    };
    assert.deepEqual(await reported(), []);
    const tell = (name: string, type: FileChangeType) =>
      client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
        changes: [{ uri: pathToFileURL(join(folder, name)).href, type }],
      });
    writeFileSync(join(folder, 'site.yaml'), `# configmgr-topology\n${HIERARCHY}`);
    writeFileSync(join(folder, 'other.yaml'), 'services: {}\n');
    const before = client.refreshes();
    await tell('other.yaml', FileChangeType.Created);
    await tell('site.yaml', FileChangeType.Created);
    await until(() => client.refreshes() > before, 'the question for findings');
    assert.deepEqual(await reported(), ['site.yaml']);
    assert.equal(client.refreshes(), before + 1, 'YAML of another kind costs nothing');
    // What loses the line, or goes, is a topology no longer.
    writeFileSync(join(folder, 'site.yaml'), HIERARCHY);
    await tell('site.yaml', FileChangeType.Changed);
    await until(async () => (await reported()).length === 0, 'the file to be none of ours');
    rmSync(join(folder, 'site.yaml'));
  });

  it('get at most 1,000 symbols of a workspace, those that begin with the query first', async () => {
    mkdirSync(join(folder, 'sub'));
    const servers = (letter: string) =>
      `configmgr: 2017-09\nservers:\n${Array.from({ length: 900 }, (_, index) => `  ${letter}x${index}:\n`).join('')}`;
    writeFileSync(join(folder, 'a.topology.yaml'), servers('a'));
    writeFileSync(join(folder, 'sub', 'b.topology.yaml'), servers('x'));
    const { connection } = await connect({ folders: [folder] });
    const found = (await connection.sendRequest(WorkspaceSymbolRequest.type, { query: 'x' })) ?? [];
    assert.equal(found.length, 1000);
    assert.ok(found.slice(0, 900).every(({ name }) => name.startsWith('x')));
    const few = (await connection.sendRequest(WorkspaceSymbolRequest.type, { query: 'ax12' })) ?? [];
    assert.ok(few.length > 0 && few.length < 1000 && few.every(({ name }) => name.startsWith('ax')));
  });

  it('that tell of settings which are as they were cause no work', async () => {
    const client = await connect({ configuration: { rules: { 'wsus-port-pair': 'warning' } } });
    client.open(uri, WRONG_PAIR);
    const report = (previousResultId?: string) =>
      client.connection.sendRequest(DocumentDiagnosticRequest.type, {
        textDocument: { uri },
        ...(previousResultId === undefined ? {} : { previousResultId }),
      });
    const first = await report();
    const id = first.resultId;
    assert.ok(id);
    const before = client.refreshes();
    for (let turn = 0; turn < 3; turn++)
      await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
    assert.equal((await report(id)).kind, 'unchanged');
    assert.equal(client.refreshes(), before);
    client.configuration = { rules: { 'wsus-port-pair': 'error' } };
    await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
    await until(() => client.refreshes() > before, 'the question for findings');
    assert.equal((await report(id)).kind, 'full');
  });

  it('that ask where to be silent get one entry for it', async () => {
    const client = await connect({ initializationOptions: { commands: [SILENCE] } });
    client.open(uri, WRONG_PAIR);
    const actions = await actionsFor(client);
    const quiet = actions.filter(({ command }) => command?.command === SILENCE);
    assert.equal(quiet.length, 1);
    assert.equal(quiet[0]?.title, 'Silence…');
    assert.ok(!actions.some(({ title }) => /^(Disable|Change the severity)/.test(title)));
    const choices = quiet[0]?.command?.arguments?.[0];
    assert.deepEqual((choices as { title: string }[]).map(({ title }) => title).slice(0, 2), [
      'Disable wsus-port-pair for this line',
      'Disable wsus-port-pair for this file',
    ]);
    const other = await connect();
    other.open(uri, WRONG_PAIR);
    assert.ok((await actionsFor(other)).some(({ title }) => title.startsWith('Disable wsus-port-pair')));
  });
});
