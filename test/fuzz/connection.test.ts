// Random typing over a real connection, with every request between the edits, some of them taken back: whatever an
// editor asks on the way, at the end it shows what `cmtopo check` says of the same text.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import {
  CancellationTokenSource,
  type Diagnostic,
  LSPErrorCodes,
  type Range,
  ResponseError,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { cmtopo } from '../cli/cli.ts';
import { type Client, start } from '../lsp/client.ts';
import { requestsAt } from '../lsp/requests.ts';
import { share } from '../support/share.ts';
import { anyText, type Edit, edit, spanOf, TIMES } from './draw.ts';

/** Milliseconds within which an editor has its answers, on a machine with other work. */
const LATE = 30_000;
/** They change what others are asked, or need a second party. */
const LEFT_OUT = ['workspace/executeCommand'];
const METHODS = Object.keys(requestsAt('file:///a', range(0, 0, 0, 0))).filter(
  (method) => !LEFT_OUT.includes(method),
);
/** What an answer may say instead: the request was taken back, or it asks for what is not there. */
const REFUSALS: readonly number[] = [
  LSPErrorCodes.RequestCancelled,
  LSPErrorCodes.ContentModified,
  LSPErrorCodes.RequestFailed,
];

function range(line: number, character: number, endLine: number, endCharacter: number): Range {
  return { start: { line, character }, end: { line: endLine, character: endCharacter } };
}

interface Step {
  readonly edit: Edit;
  /** Whether the editor sends the whole text instead of what changed. */
  readonly whole: boolean;
  readonly requests: readonly { method: string; at: number; to: number; cancelled: boolean }[];
  /** Whether the editor waits for the answers before it goes on. */
  readonly waits: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  edit,
  whole: fc.boolean(),
  requests: fc.array(
    fc.record({ method: fc.constantFrom(...METHODS), at: share, to: share, cancelled: fc.boolean() }),
    { maxLength: 4 },
  ),
  waits: fc.boolean(),
});

const told = ({ code, severity, range }: Diagnostic) => ({ code, severity, range });
const SEVERITIES: Readonly<Record<string, number>> = { error: 1, warning: 2, information: 3, hint: 4 };

interface Checked {
  readonly files: readonly {
    readonly diagnostics: readonly { code: string; severity: string; range: Range }[];
  }[];
}

describe('random typing over a real connection', () => {
  let folder: string;
  let client: Client;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cmtopo-fuzz-'));
    client = await start();
  });

  after(async () => {
    await client.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Asks for one thing; gives what went wrong, if something did. */
  async function ask(method: string, params: object, cancelled: boolean): Promise<string | undefined> {
    const source = new CancellationTokenSource();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`no answer to ${method}`), LATE);
    });
    const answer = client.connection.sendRequest(method, params, source.token).then(
      () => undefined,
      (error: unknown) =>
        error instanceof ResponseError && REFUSALS.includes(error.code) ? undefined : `${method}: ${error}`,
    );
    if (cancelled) source.cancel();
    const problem = await Promise.race([answer, late]);
    clearTimeout(timer);
    return problem;
  }

  it('ends with what `cmtopo check` says, whatever was asked and taken back on the way', async () => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(anyText, fc.array(step, { maxLength: 12 }), async (text, steps) => {
        const file = join(folder, `${++number}.topology.yaml`);
        const uri = pathToFileURL(file).href;
        const document = TextDocument.create(uri, 'yaml', 1, text);
        client.open(uri, text);
        const asked: Promise<string | undefined>[] = [];
        for (const { edit, whole, requests, waits } of steps) {
          const { start, end } = spanOf(edit, document.getText());
          // As editors do, which keep the halves of a character together, and of a line break.
          const change = {
            range: { start: document.positionAt(start), end: document.positionAt(end) },
            text: edit.insert,
          };
          TextDocument.update(document, [change], document.version + 1);
          client.change(uri, whole ? document.getText() : [change]);
          for (const { method, at, to, cancelled } of requests) {
            const place = (part: number) => document.positionAt(Math.floor(part * document.getText().length));
            const between = { start: place(Math.min(at, to)), end: place(Math.max(at, to)) };
            asked.push(ask(method, requestsAt(uri, between)[method] ?? {}, cancelled));
          }
          if (waits) await Promise.all(asked);
        }
        // What a file cannot hold, or would lose when it is read.
        const kept = document
          .getText()
          .replaceAll('\0', '')
          .replace(/^\uFEFF+/, '');
        const last = Buffer.from(kept).toString();
        if (last !== document.getText()) client.change(uri, last);
        const shown = await client.pull(uri);
        assert.deepEqual(
          (await Promise.all(asked)).filter((problem) => problem !== undefined),
          [],
        );
        client.close(uri);
        assert.deepEqual(client.logs, []);
        writeFileSync(file, last);
        const { out, err, status } = cmtopo(['check', '--format', 'json', file]);
        rmSync(file);
        assert.ok(status === 0 || status === 1, err);
        const { files }: Checked = JSON.parse(out);
        assert.deepEqual(
          shown.map(told),
          (files[0]?.diagnostics ?? []).map(({ code, severity, range }) => ({
            code,
            severity: SEVERITIES[severity],
            range,
          })),
        );
      }),
      { numRuns: 8 * TIMES, endOnFailure: true },
    );
  }).timeout(60_000 * TIMES);
});
