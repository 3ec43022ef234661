import assert from 'node:assert/strict';
import { execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type CancellationToken,
  CancellationTokenSource,
  type CodeAction,
  CodeActionRequest,
  CodeActionTriggerKind,
  CompletionRequest,
  createProtocolConnection,
  DefinitionRequest,
  type Diagnostic,
  DiagnosticTag,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  DidSaveTextDocumentNotification,
  DocumentDiagnosticRequest,
  DocumentHighlightRequest,
  DocumentSymbolRequest,
  ExitNotification,
  FoldingRangeRequest,
  HoverRequest,
  InitializeRequest,
  IPCMessageReader,
  IPCMessageWriter,
  LSPErrorCodes,
  type ProtocolConnection,
  type Range,
  ReferencesRequest,
  SelectionRangeRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  WorkspaceDiagnosticRequest,
  WorkspaceSymbolRequest,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { generateHierarchy } from '../bench/hierarchy.ts';
import { applyLspEdits, HIERARCHY } from '../support/features.ts';
import { type Client, PLAIN, PROGRAM, VSCODE_LIKE } from './client.ts';
import { eachWithSession, place, type Session, until } from './session.ts';

const WRONG_PAIR = HIERARCHY.replace('httpsPort: 8531', 'httpsPort: 8532');

const codes = (diagnostics: readonly Diagnostic[]) => diagnostics.map(({ code }) => code);

describe('the language server over a real connection', function () {
  this.timeout(60_000);
  let folder: string;
  let uri: string;
  let connect: Session['connect'];

  eachWithSession((session) => {
    ({ folder, uri, connect } = session);
  });

  describe('diagnostics', () => {
    it('are pulled by a client that can, and not pushed to it', async () => {
      const { connection, initialized, open, pull } = await connect();
      assert.ok(initialized.capabilities.diagnosticProvider);
      let pushes = 0;
      connection.onNotification('textDocument/publishDiagnostics', () => void pushes++);
      open(uri, WRONG_PAIR);
      const [found] = await pull(uri);
      assert.equal(found?.code, 'wsus-port-pair');
      assert.equal(found.source, 'cmtopo');
      assert.equal(found.severity, 1);
      assert.deepEqual(found.range.start, place(WRONG_PAIR, 'httpsPort: '));
      assert.equal(pushes, 0);
    });

    it('follow every change', async () => {
      const { open, pull, change } = await connect();
      open(uri, WRONG_PAIR);
      assert.deepEqual(codes(await pull(uri)), ['wsus-port-pair']);
      const start = place(WRONG_PAIR, 'httpsPort: 853');
      change(uri, [{ range: { start, end: { ...start, character: start.character + 1 } }, text: '1' }]);
      assert.deepEqual(await pull(uri), []);
    });

    it('are not sent again while nothing has changed', async () => {
      const { open, connection, change } = await connect();
      open(uri, WRONG_PAIR);
      const pull = (previousResultId?: string) =>
        connection.sendRequest(DocumentDiagnosticRequest.type, {
          textDocument: { uri },
          ...(previousResultId === undefined ? {} : { previousResultId }),
        });
      const first = await pull();
      assert.equal((await pull(first.resultId)).kind, 'unchanged');
      change(uri, HIERARCHY);
      assert.equal((await pull(first.resultId)).kind, 'full');
    });

    it('are pushed to a client that cannot pull, with the version', async () => {
      const { open, pushed, change, initialized, close } = await connect({ capabilities: PLAIN });
      assert.equal(initialized.capabilities.diagnosticProvider, undefined);
      open(uri, WRONG_PAIR);
      assert.deepEqual(codes((await pushed(uri, 1)).diagnostics), ['wsus-port-pair']);
      const version = change(uri, HIERARCHY);
      const after = await pushed(uri, version);
      assert.deepEqual(after.diagnostics, []);
      assert.equal(after.version, version);
      close(uri);
      assert.deepEqual((await pushed(uri, 0)).diagnostics, []);
    });

    it('name the other places involved and the rule’s page', async () => {
      const { open, pull } = await connect();
      open(uri, 'configmgr: 2017-09\nzones:\n  hq: {}\n  hq: {}\n');
      const found = (await pull(uri)).find(({ code }) => code === 'duplicate-key');
      assert.equal(found?.relatedInformation?.[0]?.location.uri, uri);
      assert.equal(found.relatedInformation[0].location.range.start.line, 2);
      const page = join(process.cwd(), 'docs', 'rules', 'duplicate-key.md');
      const href = found.codeDescription?.href;
      assert.ok(href === undefined || href === pathToFileURL(page).href, href);
    });

    it('fade what nothing uses', async () => {
      const { open, pull } = await connect();
      open(uri, `${HIERARCHY.replace('zones:\n', 'zones:\n  lab: {}\n')}`);
      const found = (await pull(uri)).find(({ code }) => code === 'unused-definition');
      assert.deepEqual(found?.tags, [1]);
      assert.equal(found.severity, 4);
    });

    it('fade firewall rules that nothing needs or that never decide, and only where the editor can', async () => {
      const needed = '{ action: allow, from: dp-dmz, to: cm01, tcp: 443 }';
      const unused = '{ action: allow, from: hq, to: dmz, tcp: 9 }';
      assert.ok(HIERARCHY.endsWith(`      - ${needed}\n`));
      const rules = [unused, needed.replace('443', '[443]')];
      const added = rules.map((rule) => `      - ${rule}\n`).join('');
      const text = HIERARCHY.replace('tcp: [80, 443, 8080]', 'tcp: [80, 81, 443, 8080]') + added;
      const seen = (diagnostics: readonly Diagnostic[]) => {
        const document = TextDocument.create('a', 'yaml', 1, text);
        return diagnostics.map(({ code, tags, range }) => ({ code, tags, text: document.getText(range) }));
      };
      const able = await connect();
      able.open(uri, text);
      const expected = [
        {
          code: 'firewall-broad-rule',
          tags: undefined,
          text: '{ action: allow, from: desktops, to: dp-dmz, tcp: [80, 81, 443, 8080] }',
        },
        { code: 'firewall-unused-rule', tags: [1], text: unused },
        { code: 'firewall-shadowed-rule', tags: [1], text: rules[1] },
      ];
      assert.deepEqual(seen(await able.pull(uri)), expected);
      await able.stop();

      const plain = await connect({ capabilities: PLAIN });
      plain.open(uri, text);
      assert.deepEqual(
        seen((await plain.pushed(uri, 1)).diagnostics),
        expected.map((one) => ({ ...one, tags: undefined })),
      );
      await plain.stop();

      const pushed = { relatedInformation: true, tagSupport: { valueSet: [DiagnosticTag.Unnecessary] } };
      const tagged = await connect({ capabilities: { textDocument: { publishDiagnostics: pushed } } });
      tagged.open(uri, text);
      assert.deepEqual(seen((await tagged.pushed(uri, 1)).diagnostics), expected);
    });

    it('of the whole workspace hold files that no editor has open', async () => {
      mkdirSync(join(folder, 'node_modules'));
      writeFileSync(join(folder, 'b.topology.yaml'), WRONG_PAIR);
      writeFileSync(join(folder, 'node_modules', 'c.topology.yaml'), WRONG_PAIR);
      writeFileSync(join(folder, 'binary.topology.yaml'), Buffer.from([0, 1, 2, 255]));
      const { connection, open } = await connect({ folders: [folder] });
      open(uri, HIERARCHY);
      const ask = (previousResultIds: { uri: string; value: string }[]) =>
        connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds });
      const first = (await ask([])).items;
      const byName = new Map(
        first.map((report) => [report.uri.slice(report.uri.lastIndexOf('/') + 1), report]),
      );
      assert.deepEqual([...byName.keys()].toSorted(), [
        'a.topology.yaml',
        'b.topology.yaml',
        'binary.topology.yaml',
      ]);
      const b = byName.get('b.topology.yaml');
      assert.deepEqual(b?.kind === 'full' && codes(b.items), ['wsus-port-pair']);
      const binary = byName.get('binary.topology.yaml');
      assert.match(
        String((binary?.kind === 'full' && binary.items[0]?.message) || ''),
        /not a text file|UTF-8/,
      );

      const known = first.map((report) => ({ uri: report.uri, value: report.resultId ?? '' }));
      assert.deepEqual(new Set((await ask(known)).items.map(({ kind }) => kind)), new Set(['unchanged']));

      rmSync(join(folder, 'b.topology.yaml'));
      void connection.sendNotification(DidChangeWatchedFilesNotification.type, {
        changes: [{ uri: pathToFileURL(join(folder, 'b.topology.yaml')).href, type: 3 }],
      });
      const gone = (await ask(known)).items.find((report) => report.uri.endsWith('b.topology.yaml'));
      assert.deepEqual(gone?.kind === 'full' && gone.items, []);
    });

    it('follow the folders of the client, and wrong folders change nothing', async () => {
      writeFileSync(join(folder, 'b.topology.yaml'), WRONG_PAIR);
      const { connection, logs } = await connect();
      const files = async () =>
        (await connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds: [] })).items.map(
          ({ uri: file, ...report }) => [
            file.slice(file.lastIndexOf('/') + 1),
            'items' in report && codes(report.items),
          ],
        );
      const tell = (event: unknown) =>
        connection.sendNotification('workspace/didChangeWorkspaceFolders', { event });
      const ours = { uri: pathToFileURL(folder).href, name: 'ours' };
      const found = [['b.topology.yaml', ['wsus-port-pair']]];
      assert.deepEqual(await files(), []);
      await tell({ added: [ours], removed: [] });
      assert.deepEqual(await files(), found);
      await tell({ added: [{ name: 'without an address' }], removed: [] });
      assert.deepEqual(await files(), found);
      assert.match(logs.join('\n'), /params\.event\.added\[0\]\.uri must be a string/);
      await tell({ added: [], removed: [ours] });
      assert.deepEqual(
        (await files()).filter(([, items]) => String(items) !== ''),
        [],
      );
    });

    it('count columns in UTF-16 units, with Korean text, emoji and CRLF', async () => {
      const { open, pull } = await connect();
      const text =
        '# 구성 관리자 🖥\r\nconfigmgr: 2017-09\r\nname: 본사\r\nservers:\r\n  cm01: { description: "🖥 서버", zone: 없음 }\r\n';
      open(uri, text);
      const found = (await pull(uri)).find(({ code }) => code === 'unknown-reference');
      const line = text.split('\r\n')[4] ?? '';
      const character = line.indexOf('없음');
      assert.deepEqual(found?.range, {
        start: { line: 4, character },
        end: { line: 4, character: character + 2 },
      });
    });
  });

  describe('settings', () => {
    it('come from the nearest .cmtopo.yaml and are read again when it changes', async () => {
      const settings = join(folder, '.cmtopo.yaml');
      writeFileSync(settings, 'rules: { wsus-port-pair: hint }\n');
      const { open, pull, registrations, connection, refreshes } = await connect({ folders: [folder] });
      open(uri, WRONG_PAIR);
      assert.equal((await pull(uri))[0]?.severity, 4);
      assert.ok(
        registrations.some(
          ({ method, registerOptions }) =>
            method === 'workspace/didChangeWatchedFiles' &&
            JSON.stringify(registerOptions).includes('.cmtopo.yaml'),
        ),
      );
      writeFileSync(settings, 'rules: { wsus-port-pair: off }\n');
      void connection.sendNotification(DidChangeWatchedFilesNotification.type, {
        changes: [{ uri: pathToFileURL(settings).href, type: 2 }],
      });
      await until(() => refreshes() > 0, 'the request to pull again');
      assert.deepEqual(await pull(uri), []);
      rmSync(settings);
      void connection.sendNotification(DidChangeWatchedFilesNotification.type, {
        changes: [{ uri: pathToFileURL(settings).href, type: 3 }],
      });
      assert.equal((await pull(uri))[0]?.severity, 1);
    });

    it('of a settings file in the editor are in force once it is saved, without a watcher too', async () => {
      const settings = join(folder, '.cmtopo.yaml');
      const { open, pushed, connection } = await connect({ capabilities: PLAIN, folders: [folder] });
      open(uri, WRONG_PAIR);
      assert.equal((await pushed(uri, 1)).diagnostics[0]?.severity, 1);
      writeFileSync(settings, 'rules: { wsus-port-pair: warning }\n');
      const settingsUri = pathToFileURL(settings).href;
      void connection.sendNotification(DidSaveTextDocumentNotification.type, {
        textDocument: { uri: settingsUri },
      });
      await until(async () => (await pushed(uri, 1)).diagnostics[0]?.severity === 2, 'the new severity');
    });

    it('come from the editor too, and change with it', async () => {
      const client = await connect({ configuration: { rules: { 'wsus-port-pair': 'information' } } });
      const { open, pull, connection, refreshes } = client;
      open(uri, WRONG_PAIR);
      assert.equal((await pull(uri))[0]?.severity, 3);
      client.configuration = { rules: { 'wsus-port-pair': 'off', nonsense: 7 } };
      void connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
      await until(() => refreshes() > 0, 'the request to pull again');
      assert.deepEqual(await pull(uri), []);
    });

    it('in a file win over the editor’s, so that editor and command line agree', async () => {
      writeFileSync(join(folder, '.cmtopo.yaml'), 'rules: { wsus-port-pair: warning }\n');
      const { open, pull } = await connect({ configuration: { rules: { 'wsus-port-pair': 'off' } } });
      open(uri, WRONG_PAIR);
      assert.equal((await pull(uri))[0]?.severity, 2);
    });

    it('give the edition of a file that names none', async () => {
      writeFileSync(join(folder, '.cmtopo.yaml'), 'edition: 2017-09\n');
      const { open, pull } = await connect();
      open(uri, HIERARCHY.replace('configmgr: 2017-09\n', ''));
      assert.deepEqual(await pull(uri), []);
    });

    it('files have findings of their own', async () => {
      const { open, pull } = await connect();
      const settings = pathToFileURL(join(folder, '.cmtopo.yaml')).href;
      open(settings, 'rules:\n  wsus-port-pai: off\n  sql-edition: loud\n');
      assert.deepEqual(codes(await pull(settings)), ['unknown-key', 'invalid-value']);
    });
  });

  describe('features', () => {
    async function opened(text: string): Promise<Client> {
      const connected = await connect();
      connected.open(uri, text);
      return connected;
    }

    it('hover shows a role’s ports', async () => {
      const { connection } = await opened(HIERARCHY);
      const found = await connection.sendRequest(HoverRequest.type, {
        textDocument: { uri },
        position: place(HIERARCHY, '      management'),
      });
      assert.ok(found && typeof found.contents === 'object' && 'kind' in found.contents);
      assert.equal(found.contents.kind, 'markdown');
      assert.match(found.contents.value, /TCP 1444/);
    });

    it('completion offers names with an exact range', async () => {
      const text = HIERARCHY.replace('to: dp-dmz', 'to: dp');
      const { connection } = await opened(text);
      const found = await connection.sendRequest(CompletionRequest.type, {
        textDocument: { uri },
        position: place(text, 'to: dp'),
      });
      const items = Array.isArray(found) ? found : (found?.items ?? []);
      const item = items.find(({ label }) => label === 'dp-dmz');
      assert.ok(item?.textEdit && 'range' in item.textEdit);
      assert.equal(applyLspEdits(text, [item.textEdit]), HIERARCHY);
    });

    it('a quick fix makes the file right', async () => {
      const { connection, pull } = await opened(WRONG_PAIR);
      const diagnostics = await pull(uri);
      const range = diagnostics[0]?.range as Range;
      const actions = (await connection.sendRequest(CodeActionRequest.type, {
        textDocument: { uri },
        range,
        context: { diagnostics, only: ['quickfix'] },
      })) as CodeAction[];
      const action = actions.find(({ isPreferred }) => isPreferred);
      assert.equal(action?.diagnostics?.[0]?.code, 'wsus-port-pair');
      const change = action.edit?.documentChanges?.[0];
      assert.ok(change && 'edits' in change && change.textDocument.version === 1);
      const edits = change.edits.map((edit) => {
        assert.ok('newText' in edit);
        return edit;
      });
      assert.equal(applyLspEdits(WRONG_PAIR, edits), HIERARCHY);
    });

    it('fix all comes when someone asks, and not with every move of the cursor', async () => {
      const { connection } = await opened(WRONG_PAIR);
      const position = place(WRONG_PAIR, 'httpsPort: ');
      const kinds = async (triggerKind: CodeActionTriggerKind) => {
        const actions = await connection.sendRequest(CodeActionRequest.type, {
          textDocument: { uri },
          range: { start: position, end: position },
          context: { diagnostics: [], triggerKind },
        });
        return new Set(actions?.map((action) => ('kind' in action ? action.kind : undefined)));
      };
      assert.deepEqual(await kinds(CodeActionTriggerKind.Automatic), new Set(['quickfix']));
      const asked = new Set(['quickfix', 'refactor.rewrite', 'source.fixAll.cmtopo']);
      assert.deepEqual(await kinds(CodeActionTriggerKind.Invoked), asked);
    });

    it('fix all gives what cmtopo check --fix gives', async () => {
      const text = WRONG_PAIR.replace('port: 1444', 'port: "1444"').replace(
        '    zone: dmz',
        '    zoone: dmz # kept',
      );
      const { connection } = await opened(text);
      const end = TextDocument.create('a', 'yaml', 1, text).positionAt(text.length);
      const actions = (await connection.sendRequest(CodeActionRequest.type, {
        textDocument: { uri },
        range: { start: { line: 0, character: 0 }, end },
        context: { diagnostics: [], only: ['source.fixAll'] },
      })) as CodeAction[];
      assert.deepEqual(
        actions.map(({ kind }) => kind),
        ['source.fixAll.cmtopo'],
      );
      const change = actions[0]?.edit?.documentChanges?.[0];
      assert.ok(change && 'edits' in change);
      const fixed = applyLspEdits(
        text,
        change.edits.filter((edit) => 'newText' in edit),
      );
      const file = join(folder, 'fix.topology.yaml');
      writeFileSync(file, text);
      try {
        execFileSync(process.execPath, [PROGRAM, 'check', '--fix', file], { stdio: 'ignore' });
      } catch {
        // Status 1: findings are left.
      }
      assert.equal(fixed, readFileSync(file, 'utf8'));
      assert.ok(
        fixed.includes('port: 1444 }') &&
          fixed.includes('    zone: dmz # kept') &&
          fixed.includes('httpsPort: 8531'),
      );
    });

    it('definition, references and highlights', async () => {
      const { connection } = await opened(HIERARCHY);
      const at = { textDocument: { uri }, position: place(HIERARCHY, 'server: sql01') };
      const links = await connection.sendRequest(DefinitionRequest.type, at);
      assert.ok(Array.isArray(links) && links[0] && 'targetSelectionRange' in links[0]);
      assert.deepEqual(links[0].targetSelectionRange.end, place(HIERARCHY, '\n  sql01'));
      const found = await connection.sendRequest(ReferencesRequest.type, {
        ...at,
        context: { includeDeclaration: true },
      });
      assert.equal(found?.length, 2);
      assert.equal((await connection.sendRequest(DocumentHighlightRequest.type, at))?.length, 2);
    });

    it('symbols, folding and selection ranges', async () => {
      const { connection } = await opened(HIERARCHY);
      const textDocument = { uri };
      const symbols = await connection.sendRequest(DocumentSymbolRequest.type, { textDocument });
      assert.deepEqual(
        symbols?.map(({ name }) => name),
        ['zones', 'sites', 'servers', 'clients', 'firewalls'],
      );
      const folds = await connection.sendRequest(FoldingRangeRequest.type, { textDocument });
      assert.ok(folds && folds.length > 10);
      const [range] =
        (await connection.sendRequest(SelectionRangeRequest.type, {
          textDocument,
          positions: [place(HIERARCHY, 'count')],
        })) ?? [];
      assert.ok(range?.parent?.parent);
      const things = await connection.sendRequest(WorkspaceSymbolRequest.type, { query: 'sql' });
      assert.deepEqual(
        things?.map(({ name }) => name),
        ['sql01'],
      );
    });
  });

  describe('under strain', () => {
    it('answers requests about documents that are not open', async () => {
      const { connection, pull, logs } = await connect();
      const at = {
        textDocument: { uri: 'file:///nowhere.topology.yaml' },
        position: { line: 9, character: 9 },
      };
      assert.deepEqual(await pull(at.textDocument.uri), []);
      assert.equal(await connection.sendRequest(HoverRequest.type, at), null);
      assert.equal(await connection.sendRequest(CompletionRequest.type, at), null);
      assert.equal(await connection.sendRequest(DocumentSymbolRequest.type, at), null);
      assert.deepEqual(logs, []);
    });

    it('survives a whole file typed character by character', async function () {
      this.timeout(120_000);
      const { connection, open, change, pull, logs } = await connect();
      open(uri, '');
      const begin = Date.now();
      let line = 0;
      let character = 0;
      for (const letter of HIERARCHY) {
        const start = { line, character };
        change(uri, [{ range: { start, end: start }, text: letter }]);
        if (letter === '\n') {
          line++;
          character = 0;
        } else character += letter.length;
        if (character % 7 === 0) {
          const position = { line, character };
          void pull(uri);
          await connection.sendRequest(CompletionRequest.type, { textDocument: { uri }, position });
          await connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position });
        }
      }
      assert.deepEqual(await pull(uri), []);
      assert.deepEqual(logs, [], 'no handler failed on the way');
      assert.ok(Date.now() - begin < 60_000, `took ${Date.now() - begin} ms`);
    });

    it('reads the last of many changes, not each of them', async () => {
      const { open, change, pushed } = await connect({ capabilities: PLAIN });
      open(uri, HIERARCHY);
      await pushed(uri, 1);
      let version = 1;
      for (let round = 0; round < 200; round++)
        version = change(uri, round % 2 === 0 ? WRONG_PAIR : HIERARCHY);
      assert.deepEqual((await pushed(uri, version)).diagnostics, []);
    });

    it('answers at once to a request that was cancelled', async () => {
      const { connection, open } = await connect();
      open(uri, HIERARCHY);
      const source = new CancellationTokenSource();
      const asked = connection.sendRequest(
        DocumentDiagnosticRequest.type,
        { textDocument: { uri } },
        source.token,
      );
      source.cancel();
      await assert.rejects(asked, /[Cc]ancel/);
      assert.ok(await connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } }));
    });

    it('answers others while it works on a large file, and ends that work when it is cancelled or the file changes', async function () {
      this.timeout(120_000);
      const { connection, open, change, pull, logs } = await connect();
      const small = `${uri}.small.topology.yaml`;
      // Much more work than a client takes to ask three times, also on a busy machine.
      const large = generateHierarchy(2.4, 'mistakes');
      open(small, HIERARCHY);
      assert.deepEqual(await pull(small), []);
      const order: string[] = [];
      const ask = async (what: string, token?: CancellationToken) => {
        const found = await connection.sendRequest(
          DocumentDiagnosticRequest.type,
          { textDocument: { uri } },
          token,
        );
        order.push(what);
        return found;
      };
      const symbols = async () => {
        await connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri: small } });
        order.push('symbols');
      };
      open(uri, large);
      const whole = ask('findings');
      // The first is answered before the work begins, the second in its middle.
      await symbols();
      await symbols();
      const found = await whole;
      assert.deepEqual(order, ['symbols', 'symbols', 'findings']);
      assert.ok(found.kind === 'full' && found.items.length > 100);
      // Others are of a new text, which is worked on from its beginning.
      change(uri, large.replace('configmgr:', '# typed\nconfigmgr:'));
      const source = new CancellationTokenSource();
      const cancelled = ask('cancelled', source.token);
      await symbols();
      await symbols();
      source.cancel();
      await assert.rejects(cancelled, { code: LSPErrorCodes.RequestCancelled });
      // Asked about one text and answered for the next: the work on the first is left.
      const changed = ask('changed');
      await symbols();
      await symbols();
      change(uri, HIERARCHY);
      const of = await changed;
      assert.deepEqual(of.kind === 'full' && of.items, []);
      assert.deepEqual(logs, []);
    });

    it('shows the findings of others beside a file with 20,000', async function () {
      this.timeout(120_000);
      const { open, change, pushed } = await connect({ capabilities: PLAIN });
      const other = `${uri}.other.topology.yaml`;
      open(
        uri,
        `${HIERARCHY}x-notes: 1\n${Array.from({ length: 20_000 }, (_, number) => `key${number}: 1\n`).join('')}`,
      );
      open(other, HIERARCHY);
      const version = change(other, WRONG_PAIR);
      assert.deepEqual(codes((await pushed(other, version)).diagnostics), ['wsus-port-pair']);
      assert.ok((await pushed(uri, 1)).diagnostics.length >= 20_000);
    });

    it('takes a file of 5 MB', async function () {
      this.timeout(180_000);
      const { open, pull, change, logs } = await connect();
      const comment = `${'# filler '.repeat(12)}\n`;
      const text = HIERARCHY + comment.repeat(Math.ceil((5 * 1024 * 1024) / comment.length));
      open(uri, text);
      assert.deepEqual(await pull(uri), []);
      const start = place(HIERARCHY, 'httpsPort: 853');
      change(uri, [{ range: { start, end: { ...start, character: start.character + 1 } }, text: '2' }]);
      assert.deepEqual(codes(await pull(uri)), ['wsus-port-pair']);
      assert.deepEqual(logs, []);
    });

    it('takes text that is no YAML at all', async () => {
      const { open, pull, logs } = await connect();
      for (const [index, text] of [
        '\u0000\u0001',
        '{[}]'.repeat(500),
        ': : :\n- - -\n? ?',
        '<html>\t</html>',
        '&a [*a, *b]',
      ].entries()) {
        open(`${uri}${index}`, text);
        assert.ok((await pull(`${uri}${index}`)).length > 0, text);
      }
      assert.deepEqual(logs, []);
    });
  });

  describe('the end', () => {
    /** For servers that nobody stops: one that does not end by itself fails its test, and is gone. */
    const LIMITED = { timeout: 20_000 };

    it('is status 0 after a shutdown', async () => {
      const connected = await connect();
      assert.equal(await connected.stop(), 0);
    });

    it('is status 1 without one', async () => {
      const { process: server, connection } = await connect();
      const ended = once(server, 'exit');
      void connection.sendNotification(ExitNotification.type);
      assert.equal((await ended)[0], 1);
    });

    it('comes when the client closes the connection', async () => {
      const { process: server } = await connect();
      const ended = once(server, 'exit');
      server.stdin?.end();
      assert.equal((await ended)[0], 1);
    });

    it('comes when the process that started it dies', async () => {
      const parent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      const { process: server } = await connect({ processId: parent.pid ?? null });
      const ended = once(server, 'exit');
      parent.kill('SIGKILL');
      const [status] = await ended;
      assert.equal(status, 1);
    });

    it('comes when the process dies that the command line names', async () => {
      const parent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      const server = spawn(
        process.execPath,
        [PROGRAM, 'lsp', '--stdio', `--clientProcessId=${parent.pid}`],
        LIMITED,
      );
      const ended = once(server, 'exit');
      parent.kill('SIGKILL');
      assert.equal((await ended)[0], 1);
    });

    const initialize = (connection: ProtocolConnection) =>
      connection.sendRequest(InitializeRequest.type, {
        processId: process.pid,
        rootUri: null,
        capabilities: VSCODE_LIKE,
      });

    it('is in order over the channel of a parent Node process, of the program and of what the extension starts', async () => {
      const server = join(dirname(PROGRAM), 'language-server.js');
      for (const [file, ...args] of [[PROGRAM, 'lsp'], [server]] as const) {
        const child = fork(file, [...args, '--node-ipc', `--clientProcessId=${process.pid}`], {
          stdio: 'ignore',
          ...LIMITED,
        });
        const connection = createProtocolConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
        connection.listen();
        assert.equal((await initialize(connection)).serverInfo?.name, 'cmtopo');
        const ended = once(child, 'exit');
        child.disconnect();
        assert.equal((await ended)[0], 1);
      }
    });

    it('is in order over a socket and over a named pipe', async () => {
      const pipe = process.platform === 'win32' ? `\\\\.\\pipe\\cmtopo-${process.pid}` : join(folder, 'a=b');
      for (const address of [0, pipe]) {
        const listener = createServer().listen(
          address === 0 ? { port: 0, host: '127.0.0.1' } : { path: pipe },
        );
        await once(listener, 'listening');
        const heard = listener.address();
        const transport = typeof heard === 'string' ? [`--pipe=${heard}`] : ['--socket', String(heard?.port)];
        const child = spawn(process.execPath, [PROGRAM, 'lsp', ...transport], {
          stdio: 'ignore',
          ...LIMITED,
        });
        const ended = once(child, 'exit');
        try {
          const [socket]: Socket[] = await Promise.race([once(listener, 'connection'), ended.then(() => [])]);
          assert.ok(socket);
          const connection = createProtocolConnection(
            new StreamMessageReader(socket),
            new StreamMessageWriter(socket),
          );
          connection.listen();
          assert.equal((await initialize(connection)).serverInfo?.name, 'cmtopo');
          await connection.sendRequest(ShutdownRequest.type);
          socket.destroy();
          assert.equal((await ended)[0], 0);
        } finally {
          listener.close();
          child.kill();
        }
      }
    });
  });
});
