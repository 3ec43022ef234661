// `npm start`, ended as CI ends it, and ended with Ctrl+C.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { root } from '../../scripts/vscode/places.mjs';
import { readPage } from '../../scripts/vscode/server.mjs';

/**
 * Runs scripts/start.mjs.
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @param {(output: string, child: import('node:child_process').ChildProcess) => void} [onOutput]
 */
async function start(args, env, onOutput) {
  const child = spawn(process.execPath, ['scripts/start.mjs', ...args], {
    cwd: root,
    env: { ...process.env, CI: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
      onOutput?.(output, child);
    });
  }
  const status = await new Promise((done) => child.once('close', done));
  return { status, output };
}

describe('npm start', function () {
  this.timeout('300s');
  it('checks the example, serves VS Code and ends by itself in CI', async () => {
    const { status, output } = await start([], { CI: 'true' });
    assert.equal(status, 0, output);
    assert.match(output, /cmtopo check examples\/hierarchy\.topology\.yaml/);
    assert.match(output, /http:\/\/127\.0\.0\.1:\d+\//);
  });

  it('serves VS Code until Ctrl+C', async () => {
    let answer;
    const { status, output } = await start(['--serve'], {}, (sofar, child) => {
      const address = /http:\/\/127\.0\.0\.1:\S+(?=\s)/.exec(sofar)?.[0];
      if (!address || !sofar.includes('Ctrl+C') || answer) return;
      answer = readPage(address);
      answer.catch(() => '').then(() => child.kill('SIGINT'));
    });
    assert.equal(status, 0, output);
    assert.match(await answer, /workbench/);
  });

  it('opens the installed VS Code where there is one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cmtopo-code-'));
    try {
      // Stands for VS Code: writes down how it is called.
      const log = join(folder, 'log');
      const write = `require('node:fs').appendFileSync(${JSON.stringify(log)}, process.argv.slice(2).join(' ') + '\\n')`;
      writeFileSync(join(folder, 'code.js'), write);
      const code = join(folder, 'code');
      writeFileSync(code, `#!/bin/sh\nexec "${process.execPath}" "${folder}/code.js" "$@"\n`);
      writeFileSync(`${code}.cmd`, `@"${process.execPath}" "${folder}\\code.js" %*\r\n`);
      chmodSync(code, 0o755);
      const env = { PATH: `${folder}${delimiter}${process.env.PATH}`, CMTOPO_CACHE: join(folder, 'cache') };
      const { status, output } = await start([], env);
      assert.equal(status, 0, output);
      const [version, install, open] = readFileSync(log, 'utf8').split('\n');
      assert.equal(version, '--version');
      assert.match(install ?? '', /--install-extension \S*configmgr-topology-[\d.]+\.vsix/);
      assert.match(open ?? '', /examples --goto \S*hierarchy\.topology\.yaml/);
      for (const call of [install, open]) assert.match(call ?? '', /--user-data-dir \S*cache/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('says how it is used when it does not know an argument', async () => {
    const { status, output } = await start(['--nonsense'], {});
    assert.equal(status, 2);
    assert.match(output, /Usage: npm start/);
  });
});
