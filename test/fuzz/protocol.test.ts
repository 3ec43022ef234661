// Nonsense over the protocol: a server that can be asked goes on answering, and one that cannot ends with its client.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fc from 'fast-check';
import { PROGRAM, VSCODE_LIKE } from '../lsp/client.ts';
import { requestsAt } from '../lsp/requests.ts';
import { HIERARCHY } from '../support/features.ts';
import { TIMES } from './draw.ts';

const URI = 'file:///none/a.topology.yaml';
const zero = { line: 0, character: 0 };
const REQUESTS = requestsAt(URI, { start: zero, end: { line: 3, character: 0 } });
const NOTIFICATIONS = [
  'initialized',
  'textDocument/didOpen',
  'textDocument/didChange',
  'textDocument/didClose',
  'textDocument/didSave',
  'workspace/didChangeConfiguration',
  'workspace/didChangeWatchedFiles',
  'workspace/didChangeWorkspaceFolders',
  '$/cancelRequest',
  '$/setTrace',
  '$/progress',
];

/** A message as it goes over the wire. */
function frame(content: string): Buffer {
  const body = Buffer.from(content);
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
}

/** A server as a child, what it has answered so far, and whether it still runs. */
class Server {
  readonly child: ChildProcess;
  private pending = Buffer.alloc(0);
  private readonly answered = new Map<unknown, unknown>();

  constructor() {
    this.child = spawn(process.execPath, [PROGRAM, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.child.stdin?.on('error', () => {}); // It may end before all is written.
    this.child.stdout?.on('data', (chunk: Buffer) => this.read(chunk));
  }

  private read(chunk: Buffer): void {
    this.pending = Buffer.concat([this.pending, chunk]);
    for (;;) {
      const head = this.pending.indexOf('\r\n\r\n');
      if (head === -1) return;
      const length = Number(/Content-Length: (\d+)/.exec(this.pending.toString('latin1', 0, head))?.[1]);
      if (this.pending.length < head + 4 + length) return;
      const message: unknown = JSON.parse(this.pending.toString('utf8', head + 4, head + 4 + length));
      this.pending = this.pending.subarray(head + 4 + length);
      if (typeof message === 'object' && message !== null && 'id' in message && !('method' in message))
        this.answered.set(message.id, message);
    }
  }

  send(message: unknown): void {
    this.write(frame(JSON.stringify(message)));
  }

  write(bytes: Uint8Array): void {
    this.child.stdin?.write(bytes);
  }

  get runs(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Waits for an answer; undefined when it has ended or says nothing. */
  async answer(id: string, within: number): Promise<unknown> {
    const end = Date.now() + within;
    while (!this.answered.has(id) && this.runs && Date.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 5));
    return this.answered.get(id);
  }

  async begin(): Promise<void> {
    this.send({
      jsonrpc: '2.0',
      id: 'begin',
      method: 'initialize',
      params: { processId: null, rootUri: null, capabilities: { ...VSCODE_LIKE, workspace: {} } },
    });
    assert.ok(await this.answer('begin', 20_000));
    this.send({ jsonrpc: '2.0', method: 'initialized', params: {} });
  }

  async end(): Promise<void> {
    if (!this.runs) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}

const methods = fc.constantFrom(...Object.keys(REQUESTS), ...NOTIFICATIONS);
const id = fc.oneof(fc.nat(), fc.string(), fc.constantFrom(null, -1, 1.5));
/** Right params with something else in them, or any. */
const params = (method: string) =>
  fc.oneof(
    fc.jsonValue(),
    fc.constant(
      REQUESTS[method] ?? { textDocument: { uri: URI, version: 7 }, contentChanges: [{ text: 'x' }] },
    ),
  );

/** Messages in their frame: JSON of any kind, and requests and notifications with params of any kind. */
const message: fc.Arbitrary<unknown> = fc.oneof(
  methods.chain((method) =>
    fc.record({ jsonrpc: fc.constant('2.0'), id, method: fc.constant(method), params: params(method) }),
  ),
  methods.chain((method) =>
    fc.record({ jsonrpc: fc.constant('2.0'), method: fc.constant(method), params: params(method) }),
  ),
  fc.record(
    { jsonrpc: fc.jsonValue(), id: fc.jsonValue(), method: fc.jsonValue(), result: fc.jsonValue() },
    { requiredKeys: [] },
  ),
);

/** Bytes that are no message. */
const noise: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 200 }),
  fc
    .constantFrom(
      'Content-Length: -1\r\n\r\n{}',
      'Content-Length: x\r\n\r\n{}',
      'Content-Length: 99999999999\r\n\r\n{',
      'Content-Length: 2\r\n\r\n{]',
      'Content-Type: x\r\n\r\n',
      '\r\n\r\n\r\n',
      'Content-Length: 5\r\n\r\n{"é"',
    )
    .map((text) => Buffer.from(text)),
);

describe('nonsense over the protocol', () => {
  let server: Server;
  afterEach(() => server.end());

  it('in messages leaves the server answering what makes sense', async () => {
    server = new Server();
    await server.begin();
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 10 }), async (messages) => {
        for (const one of messages) server.send(one);
        const [uri, number] = [`file:///none/${++round}.topology.yaml`, `last ${round}`];
        const textDocument = { uri, languageId: 'configmgr-topology', version: 1, text: HIERARCHY };
        server.send({ jsonrpc: '2.0', method: 'textDocument/didOpen', params: { textDocument } });
        const position = { line: 1, character: 1 };
        server.send({
          jsonrpc: '2.0',
          id: number,
          method: 'textDocument/documentSymbol',
          params: { textDocument: { uri }, position },
        });
        const answer = await server.answer(number, 20_000);
        assert.ok(answer && typeof answer === 'object' && 'result' in answer, JSON.stringify(answer));
        assert.ok(Array.isArray(answer.result) && answer.result.length > 3);
        server.send({ jsonrpc: '2.0', method: 'textDocument/didClose', params: { textDocument } });
      }),
      { numRuns: 60 * TIMES, endOnFailure: true },
    );
  }).timeout(60_000 * TIMES);

  it('in place of messages ends no later than the client does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(noise, { minLength: 1, maxLength: 4 }), async (all) => {
        server = new Server();
        await server.begin();
        for (const bytes of all) server.write(bytes);
        const ended = server.runs ? once(server.child, 'exit') : Promise.resolve();
        server.child.stdin?.end();
        let timer: NodeJS.Timeout | undefined;
        const late = new Promise<never>((_, reject) => {
          timer = setTimeout(() => reject(new Error('the server goes on without a client')), 15_000);
        });
        await Promise.race([ended, late]);
        clearTimeout(timer);
      }),
      { numRuns: 6 * TIMES, endOnFailure: true },
    );
  }).timeout(60_000 * TIMES);
});
