// A client with a fault, or a program that is none: every request is answered, and the server goes on.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import * as protocol from 'vscode-languageserver-protocol/node';
import {
  createMessageConnection,
  ErrorCodes,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { exporters } from '../../server/src/exports/firewall/index.ts';
import * as own from '../../server/src/lsp/requests.ts';
import { HIERARCHY } from '../support/features.ts';
import { PROGRAM, VSCODE_LIKE } from './client.ts';
import { requestsAt } from './requests.ts';
import { eachWithSession, type Session } from './session.ts';

const URI = 'file:///none/a.topology.yaml';
const textDocument = { uri: URI };
const position = { line: 5, character: 3 };
const REQUESTS = requestsAt(URI, { start: position, end: { line: 6, character: 0 } });

/** The params with one of their members, at any depth, missing or something else. */
function* spoilt(value: unknown): Generator<unknown> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const { [key]: _, ...without } = value as Record<string, unknown>;
    yield without;
    for (const other of [null, -1, 1.5, 1e99, 'x', true, [], {}]) {
      if (typeof other !== typeof inner || Array.isArray(other) !== Array.isArray(inner) || other === null)
        yield { ...value, [key]: other };
    }
    if (typeof inner === 'number') for (const other of [-1, 1.5, 1e99]) yield { ...value, [key]: other };
    if (!Array.isArray(inner)) for (const wrong of spoilt(inner)) yield { ...value, [key]: wrong };
  }
}

describe('requests that are wrong, early or late', function () {
  this.timeout(60_000);
  let child: ChildProcess;
  let connection: MessageConnection;

  beforeEach(() => {
    child = spawn(process.execPath, [PROGRAM, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    assert.ok(child.stdout && child.stdin);
    connection = createMessageConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    connection.listen();
  });

  afterEach(async () => {
    connection.dispose();
    if (child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  });

  async function begin(): Promise<protocol.InitializeResult> {
    const result = await connection.sendRequest<protocol.InitializeResult>('initialize', {
      processId: null,
      rootUri: null,
      capabilities: { ...VSCODE_LIKE, workspace: {} },
    });
    await connection.sendNotification('initialized', {});
    await connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri: URI, languageId: 'configmgr-topology', version: 1, text: HIERARCHY },
    });
    return result;
  }

  /** The code of the error that a request gets; undefined for an answer. */
  async function errorOf(method: string, params: unknown): Promise<number | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer to ${method} ${JSON.stringify(params)}`)), 10_000);
    });
    try {
      await Promise.race([connection.sendRequest(method, params), late]);
      return undefined;
    } catch (error) {
      if (error instanceof ResponseError) return error.code;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  it('every request that the server answers, of the protocol and its own, is among those tried here', async () => {
    await begin();
    const methods = Object.values(protocol)
      .filter((one): one is typeof protocol.HoverRequest => typeof one === 'object' && 'type' in one)
      .filter(({ messageDirection: to }) => to === 'clientToServer' || to === 'both')
      .map(({ type }) => type)
      .filter((type) => type instanceof protocol.ProtocolRequestType)
      .map(({ method }) => method)
      .filter((method) => method !== 'initialize' && method !== 'shutdown');
    const answered = [];
    for (const method of new Set(methods)) {
      const code = await errorOf(method, null);
      if (code !== ErrorCodes.MethodNotFound) answered.push(method);
    }
    for (const method of Object.values(own)) {
      if (!method.startsWith('cmtopo/')) continue;
      if ((await errorOf(method, null)) !== ErrorCodes.MethodNotFound) answered.push(method);
    }
    assert.deepEqual(answered.sort(), Object.keys(REQUESTS).sort());
  });

  it('every request of the protocol that the server answers has its place in the table of docs/editor.md', () => {
    const page = readFileSync('docs/editor.md', 'utf8');
    const [table = ''] = page.split('## What the language server answers\n')[1]?.split('\n## ') ?? [];
    const rows = table.split('\n').filter((line) => line.startsWith('| `'));
    const described = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, method]) => method),
    );
    const answered = Object.keys(REQUESTS).filter((method) => !method.startsWith('cmtopo/'));
    assert.deepEqual(described.sort(), answered.sort());
  });

  it('right parameters are answered, wrong ones get an error for wrong parameters', async () => {
    await begin();
    for (const [method, params] of Object.entries(REQUESTS)) {
      const code = await errorOf(method, params);
      assert.ok(code === undefined || code === protocol.LSPErrorCodes.RequestFailed, `${method}: ${code}`);
      const needs = Object.keys(params).length > 0;
      for (const wrong of [null, [], 'x', ...(needs ? [{}] : [])])
        assert.equal(await errorOf(method, wrong), ErrorCodes.InvalidParams, `${method} ${wrong}`);
      for (const wrong of spoilt(params)) {
        const got = await errorOf(method, wrong);
        // A wrong member that the server does not look at may pass.
        const passes = got === undefined || got === protocol.LSPErrorCodes.RequestFailed;
        assert.ok(passes || got === ErrorCodes.InvalidParams, `${method} ${JSON.stringify(wrong)}: ${got}`);
      }
    }
  });

  it('every format of `cmtopo export` is offered in the menu, rules of firewalls first', async () => {
    await begin();
    const offered = await connection.sendRequest<own.ExportFormatsResult>(own.EXPORT_FORMATS, {});
    const words = offered.map(({ format }) => format);
    assert.deepEqual(words.toSorted(), Object.keys(exporters).toSorted());
    const isDocument = (word: string) => exporters[word]?.document === true;
    assert.ok(words.findIndex(isDocument) > 0);
    assert.ok(words.slice(words.findIndex(isDocument)).every(isDocument));
    for (const { title, detail, language } of offered) assert.ok(title && detail && language, title);
  });

  it('a position without a character is refused, and what comes next is answered', async () => {
    await begin();
    const wrong = { textDocument, position: { line: 5 } };
    assert.equal(await errorOf('textDocument/completion', wrong), ErrorCodes.InvalidParams);
    const tokens = await connection.sendRequest<{ data: number[] }>('textDocument/semanticTokens/full', {
      textDocument,
    });
    assert.ok(tokens.data.length > 0);
  });

  it('wrong changes of a document are dropped, and the document stays as it was', async () => {
    await begin();
    const changes = [
      null,
      [{ range: { start: { line: 0 }, end: { line: 1, character: 0 } }, text: 'x' }],
      [{ text: 5 }],
      [null],
    ];
    for (const [index, contentChanges] of changes.entries()) {
      await connection.sendNotification('textDocument/didChange', {
        textDocument: { uri: URI, version: index + 2 },
        contentChanges,
      });
    }
    await connection.sendNotification('textDocument/didOpen', { textDocument: { uri: 'file:///b' } });
    const report = await connection.sendRequest<{ items: unknown[] }>('textDocument/diagnostic', {
      textDocument,
    });
    assert.deepEqual(report.items, []);
  });

  it('a document larger than any file that is read has one finding, which says so, and nothing else', async () => {
    await begin();
    const text = `${HIERARCHY}#${'x'.repeat(10 * 1024 * 1024)}`;
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: URI, version: 2 },
      contentChanges: [{ text }],
    });
    const pull = () =>
      connection.sendRequest<{ items: protocol.Diagnostic[] }>('textDocument/diagnostic', { textDocument });
    const messages = (await pull()).items.map(({ message }) => message);
    assert.deepEqual(messages, ['the file is too large (11 MB; the limit is 10 MB)']);
    for (const [method, params] of Object.entries(REQUESTS)) {
      if (!method.startsWith('textDocument/') || method === 'textDocument/diagnostic') continue;
      const empty = method.includes('semanticTokens') ? { data: [] } : null;
      assert.deepEqual(await connection.sendRequest(method, params), empty, method);
    }
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: URI, version: 3 },
      contentChanges: [{ text: HIERARCHY }],
    });
    assert.deepEqual((await pull()).items, []);
    assert.ok(await connection.sendRequest('textDocument/documentSymbol', { textDocument }));
  });

  it('an `initialize` without capabilities is refused, and a right one may follow', async () => {
    assert.equal(await errorOf('initialize', {}), ErrorCodes.InvalidParams);
    assert.equal((await begin()).serverInfo?.name, 'cmtopo');
  });

  it('before `initialize` a request is refused as too early', async () => {
    assert.equal(
      await errorOf('textDocument/hover', { textDocument, position }),
      ErrorCodes.ServerNotInitialized,
    );
    assert.equal((await begin()).serverInfo?.name, 'cmtopo');
    assert.equal(await errorOf('textDocument/hover', { textDocument, position }), undefined);
  });

  it('after `shutdown` every request is refused, and `exit` ends the server with status 0', async () => {
    await begin();
    assert.equal(await errorOf('initialize', { capabilities: {} }), ErrorCodes.InvalidRequest);
    assert.equal(await errorOf('shutdown', undefined), undefined);
    for (const method of ['textDocument/hover', 'shutdown', 'initialize'])
      assert.equal(await errorOf(method, { textDocument, position }), ErrorCodes.InvalidRequest, method);
    const ended = once(child, 'exit');
    await connection.sendNotification('exit');
    assert.deepEqual(await ended, [0, null]);
  });
});

describe('a folder that somebody else filled', function () {
  this.timeout(60_000);
  let session: Session;
  eachWithSession((one) => {
    session = one;
  });

  for (const [what, put] of [
    ['a link to a device without end', (path: string) => symlinkSync('/dev/zero', path)],
    ['a pipe', (path: string) => assert.equal(spawnSync('mkfifo', [path]).status, 0)],
  ] as const) {
    it(`settings, .gitignore and topology files that are ${what} do not hold the server up`, async function () {
      if (process.platform === 'win32') this.skip();
      for (const name of ['.cmtopo.yaml', '.gitignore', 'b.topology.yaml']) put(join(session.folder, name));
      const client = await session.connect({ folders: [session.folder] });
      client.open(session.uri, HIERARCHY);
      assert.deepEqual(await client.pull(session.uri), []);
      const { items } = await client.connection.sendRequest(protocol.WorkspaceDiagnosticRequest.type, {
        previousResultIds: [],
      });
      assert.deepEqual(
        items.map(({ uri }) => uri),
        [session.uri],
      );
    });
  }
});
