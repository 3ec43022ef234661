// What the start of the program waits for: a copy of it without `dist/on-demand.js`, which therefore must not be needed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXPORT, OVERVIEW, SUMMARY, TOPOLOGIES } from '../../server/src/lsp/requests.ts';
import { HIERARCHY } from '../support/features.ts';
import { requestsAt } from './requests.ts';
import { eachWithSession, type Session } from './session.ts';

describe('the program without what is loaded on demand', function () {
  this.timeout(60_000);
  let folder: string;
  let uri: string;
  let connect: Session['connect'];
  let program: string;

  eachWithSession((session) => {
    ({ folder, uri, connect } = session);
    cpSync('dist', join(folder, 'dist'), { recursive: true });
    rmSync(join(folder, 'dist', 'on-demand.js'));
    program = join(folder, 'dist', 'cli.js');
  });

  it('finds what is wrong and answers every request of an editor, and those of the tree and the status bar', async () => {
    const client = await connect({ program });
    client.open(uri, HIERARCHY.replace('httpsPort: 8531', 'httpsPort: 8532'));
    const found = await client.pull(uri);
    assert.ok(
      found.some(({ code }) => code === 'wsus-port-pair'),
      JSON.stringify(found),
    );
    const at = { line: 0, character: 0 };
    const requests = Object.entries(requestsAt(uri, { start: at, end: at }));
    const own: readonly string[] = [OVERVIEW, SUMMARY, TOPOLOGIES];
    const standard = requests.filter(
      ([method]) => /^(textDocument|callHierarchy|codeLens|workspace)\//.test(method) || own.includes(method),
    );
    assert.ok(standard.length > 20, String(standard.length));
    // An answer that refuses, such as that no name is here to rename, is one, too.
    for (const [method, params] of standard)
      await client.connection.sendRequest(method, params).catch(() => {});
    assert.deepEqual(client.logs, []);
    // To see that it is really not there.
    await client.connection.sendRequest(EXPORT, { textDocument: { uri }, format: 'csv' });
    assert.match(client.logs.join('\n'), /on-demand\.js/);
  });

  it('has in the file of the language server neither commands nor messages that it does not know', () => {
    const server = readFileSync(join(folder, 'dist', 'language-server.js'), 'utf8');
    assert.match(server, /textDocument\/hover/);
    assert.doesNotMatch(server, /willSaveWaitUntil|notebookDocument|--max-warnings/);
    assert.match(readFileSync(program, 'utf8'), /--max-warnings/);
  });

  it('checks a file in the terminal', () => {
    const file = join(folder, 'b.topology.yaml');
    writeFileSync(file, HIERARCHY);
    const run = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
    assert.deepEqual([run('check', file).stderr, run('check', file).status], ['', 0]);
    assert.match(run('flows', file).stderr, /on-demand\.js/);
  });
});
