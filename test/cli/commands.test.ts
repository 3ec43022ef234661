import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cmtopo, environment, PROGRAM } from './cli.ts';

const COMMANDS = [
  'check',
  'format',
  'flows',
  'explain',
  'rules-for',
  'report',
  'export',
  'import',
  'diff',
  'probe',
  'diagram',
  'catalog',
  'rules',
  'init',
  'completion',
  'man',
  'lsp',
  'mcp',
];

describe('cmtopo', () => {
  it('--version prints the version of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    assert.deepEqual(cmtopo(['--version']), { status: 0, out: `cmtopo ${version}\n`, err: '' });
  });

  it('--help lists the commands that there are, and no other', () => {
    const { status, out } = cmtopo(['--help']);
    assert.equal(status, 0);
    const listed = [...out.matchAll(/^ {2}([\w-]+) {2,}/gm)].map(([, name]) => name);
    assert.deepEqual(listed, COMMANDS);
  });

  for (const command of COMMANDS) {
    it(`${command} --help says how it is used, and does nothing else`, () => {
      const { status, out, err } = cmtopo([command, '--help']);
      assert.deepEqual({ status, err }, { status: 0, err: '' });
      assert.ok(out.startsWith(`cmtopo ${command}`));
    });
  }

  it('-h and help COMMAND say the same as --help', () => {
    const { out } = cmtopo(['rules-for', '--help']);
    assert.equal(cmtopo(['help', 'rules-for']).out, out);
    assert.equal(cmtopo(['rules-for', '-h']).out, out);
  });

  it('check --help names every option that check takes', () => {
    const { out } = cmtopo(['check', '--help']);
    for (const option of ['--format', '--fix', '--max-warnings', '--stdin-filename', '--color']) {
      assert.ok(out.includes(option), option);
    }
  });

  it('starts as a program of its own, by its first line', () => {
    assert.ok(readFileSync(PROGRAM, 'utf8').startsWith('#!/usr/bin/env node\n'));
  });

  it('runs without a network and from any folder', () => {
    const { status } = cmtopo(['catalog', '--edition', '2007', '--format', 'json'], { cwd: '/' });
    assert.equal(status, 0);
  });
});

describe('cmtopo init', () => {
  it('prints a starter file that checks without any finding, under any name', () => {
    const { status, out, err } = cmtopo(['init']);
    assert.deepEqual({ status, err }, { status: 0, err: '' });
    for (const name of ['new.topology.yaml', 'plain.yaml']) {
      const checked = cmtopo(['check', '-', '--stdin-filename', name], { input: out });
      assert.deepEqual(checked, { status: 0, out: 'No findings in 1 file.\n', err: '' });
    }
  });

  it('explains its choices: every section, and most options, follow a comment', () => {
    const lines = cmtopo(['init']).out.split('\n');
    for (const section of ['configmgr', 'defaults', 'zones', 'sites', 'servers', 'clients']) {
      const row = lines.findIndex((line) => line.startsWith(`${section}:`));
      assert.ok(lines[row - 1]?.startsWith('#'), section);
    }
  });

  it('offers a firewall that is correct once its comment signs are gone', () => {
    const text = cmtopo(['init']).out.replace(/^# (firewalls:| {2,}.*)$/gm, '$1');
    assert.match(text, /^firewalls:\n {2}edge:\n/m);
    const { status, out } = cmtopo(['check', '-'], { input: text });
    assert.deepEqual({ status, out }, { status: 0, out: 'No findings in 1 file.\n' });
  });
});

describe('cmtopo lsp', () => {
  it('answers an editor over standard input and output, and ends when it is told to', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'lsp', '--stdio'], {
      env: environment(),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const send = (message: object) => {
      const body = JSON.stringify({ jsonrpc: '2.0', ...message });
      child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    };
    let out = '';
    const answered = (pattern: RegExp) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (pattern.test(out)) resolve();
        };
        child.stdout.on('data', look);
        look();
      });
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    send({ id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } });
    await answered(/"hoverProvider"/);
    send({ method: 'initialized', params: {} });
    send({ id: 2, method: 'shutdown' });
    await answered(/"id":2/);
    send({ method: 'exit' });
    assert.equal(await ended, 0);
  });

  it('says what is wrong with a socket that is no port', () => {
    for (const socket of ['none', '0', '1.5', '65536']) {
      const { status, err } = cmtopo(['lsp', '--socket', socket]);
      assert.equal(status, 2);
      assert.match(err, new RegExp(`--socket ${socket} is not a port; ports go from 1 to 65535`));
    }
  });
});
