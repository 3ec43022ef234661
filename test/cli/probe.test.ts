// `cmtopo probe` against real listeners on loopback addresses: nothing here leaves this machine.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server as Listener, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { cmtopo, environment, folderWith, type Outcome, PROGRAM, removeFolder } from './cli.ts';

interface Report {
  readonly attempts: readonly {
    readonly to: string;
    readonly port: number;
    readonly outcome?: string;
    readonly expected: string;
    readonly judgement?: string;
    readonly failure?: boolean;
    readonly firewalls: readonly string[] | null;
    readonly blockedBy: readonly { readonly firewall: string; readonly rule: number | null }[];
    readonly suspects?: readonly string[];
  }[];
  readonly unproven: readonly {
    readonly protocol: string;
    readonly ports: readonly string[];
    readonly why: string;
  }[];
  readonly summary: Readonly<Record<string, number>>;
}

/** The management point and its database on loopback addresses, with a firewall between them. */
const file = (port: number, rules: string, name = 'mp01') => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones: { hq: {}, data: {} }
sites: { PS1: { type: primary, database: { server: sql01 } } }
servers:
  cm01: { site: PS1, zone: data, addresses: 127.0.0.3, roles: { site-server: , sms-provider: } }
  ${name}: { site: PS1, zone: hq, addresses: 127.0.0.2, roles: { management-point: { protocol: https } } }
  sql01: { zone: data, addresses: 127.0.0.1, roles: { sql-server: { instances: { MSSQLSERVER: { port: ${port} } } } } }
firewalls:
  edge:
    zones: [hq, data]
    rules: ${rules}
`;
const OPEN = '[{ action: allow, from: any, to: any }]';
const CLOSED =
  '[{ action: deny, from: hq, to: sql01, tcp: any, name: Old }, { action: allow, from: any, to: any }]';

/** Runs `cmtopo` while this process still answers its listeners. */
async function run(args: readonly string[], input: string): Promise<Outcome> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { env: environment() });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (err += text));
  child.stdin.end(input);
  const [status] = await once(child, 'close');
  return { status, out, err };
}

async function probed(
  text: string,
  ...args: readonly string[]
): Promise<Outcome & { readonly report: Report }> {
  const outcome = await run(
    ['probe', '-', '--from', 'mp01', '--format', 'json', '--timeout', '1', ...args],
    text,
  );
  assert.ok(outcome.status === 0 || outcome.status === 1, outcome.err);
  return { ...outcome, report: JSON.parse(outcome.out) };
}

function sqlOf({ attempts }: Report, port: number) {
  const found = attempts.filter((one) => one.to === 'sql01' && one.port === port);
  assert.equal(found.length, 1);
  return found[0] ?? assert.fail();
}

async function listening(listener: Listener): Promise<number> {
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  return typeof address === 'object' && address ? address.port : assert.fail();
}

/** A port on which nothing listens: it was free a moment ago. */
async function closedPort(): Promise<number> {
  const listener = createServer();
  const port = await listening(listener);
  listener.close();
  await once(listener, 'close');
  return port;
}

/**
 * A listener that takes no connection: its thread sleeps, and as many as the system queues are waiting already, so that
 * the next one gets no answer.
 */
async function silentPort(): Promise<{ readonly port: number; readonly end: () => Promise<unknown> }> {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`,
    { eval: true },
  );
  const [port] = (await once(worker, 'message')) as [number];
  const waiting: Socket[] = [];
  for (let isFull = false; !isFull; ) {
    assert.ok(waiting.length < 200, 'the queue has an end');
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    waiting.push(socket);
    isFull = await Promise.race([
      once(socket, 'connect').then(() => false),
      new Promise<boolean>((resolve) => setTimeout(resolve, 500, true)),
    ]);
  }
  const end = async () => {
    for (const socket of waiting) socket.destroy();
    await worker.terminate();
  };
  return { port, end };
}

describe('cmtopo probe', () => {
  const folder = folderWith({});
  let listener: Listener;
  let port: number;
  let [connections, bytes] = [0, 0];

  before(async () => {
    listener = createServer((socket) => {
      connections++;
      socket.on('data', (data) => (bytes += data.length)).on('error', () => {});
    });
    port = await listening(listener);
  });
  after(() => {
    listener.close();
    removeFolder(folder);
  });
  beforeEach(() => {
    [connections, bytes] = [0, 0];
  });

  it('opens a connection that the file allows, sends nothing over it, and is content', async () => {
    const { status, report, err } = await probed(file(port, OPEN));
    const { outcome, expected, judgement, firewalls } = sqlOf(report, port);
    assert.deepEqual(
      { status, outcome, expected, judgement, firewalls },
      { status: 0, outcome: 'open', expected: 'allowed', judgement: 'expected', firewalls: ['edge'] },
    );
    assert.deepEqual({ connections, bytes }, { connections: 1, bytes: 0 });
    assert.equal(err, '', 'no progress bar where there is no terminal');
  });

  it('tells a connection that gets through against the file, and the rule that should have stopped it', async () => {
    const { status, report } = await probed(file(port, CLOSED));
    const one = sqlOf(report, port);
    assert.deepEqual([one.outcome, one.expected, one.judgement], ['open', 'blocked', 'not-blocked']);
    assert.deepEqual(one.blockedBy, [{ firewall: 'edge', rule: 1, name: 'Old' }]);
    assert.deepEqual(one.suspects, ['edge']);
    assert.equal(report.summary.notBlocked, 1);
    assert.equal(status, 0, 'something open is no failure');
  });

  it('takes a port on which nothing listens for no proof, whatever the file expects', async () => {
    const closed = await closedPort();
    for (const rules of [OPEN, CLOSED]) {
      const { status, report } = await probed(file(closed, rules));
      const one = sqlOf(report, closed);
      assert.deepEqual([status, one.outcome, one.judgement], [0, 'refused', 'unproven']);
    }
  });

  it('fails where something needed is silent, with the firewalls that would be to blame', async function () {
    if (process.platform !== 'linux') this.skip();
    const silent = await silentPort();
    try {
      const { status, report } = await probed(file(silent.port, OPEN));
      const one = sqlOf(report, silent.port);
      assert.deepEqual([one.outcome, one.judgement, one.failure], ['silent', 'not-open', true]);
      assert.deepEqual(one.suspects, ['edge']);
      assert.equal(status, 1);
      const table = await run(['probe', '-', '--from', 'mp01', '--timeout', '1'], file(silent.port, OPEN));
      assert.match(
        table.out,
        /mp01 → sql01, TCP \d+: no answer, although edge lets it through in the file\./,
      );
      const stopped = await probed(file(silent.port, CLOSED));
      assert.equal(stopped.status, 0);
      assert.equal(sqlOf(stopped.report, silent.port).judgement, 'expected');
    } finally {
      await silent.end();
    }
  });

  it('--dry-run opens nothing, and says what and how long', async () => {
    const { status, report, err } = await probed(file(port, OPEN), '--dry-run');
    assert.equal(status, 0);
    assert.equal(sqlOf(report, port).outcome, undefined);
    assert.equal(sqlOf(report, port).expected, 'allowed');
    assert.match(
      err,
      /^cmtopo: at most \d+ seconds: 10 connections at once, 20 a second, 1 seconds for an answer\n$/,
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(connections, 0);
  });

  it('names what a connection cannot prove: UDP, and a range of ports', async () => {
    const { report } = await probed(file(port, OPEN), '--dry-run');
    const cm01 = JSON.parse(
      cmtopo(['probe', '-', '--from', 'cm01', '--dry-run', '--format', 'json'], { input: file(port, OPEN) })
        .out,
    ) as Report;
    const all = [...report.unproven, ...cm01.unproven];
    assert.ok(all.some(({ protocol, why }) => protocol === 'udp' && why.startsWith('UDP')));
    assert.ok(all.some(({ ports, why }) => ports.includes('49152-65535') && why.includes('range')));
    assert.equal(report.attempts.filter((one) => one.port > 49_151 && one.port !== port).length, 0);
  });

  it('knows the machine by its host name, and asks where it knows none', async () => {
    const name = hostname().split('.')[0] ?? '';
    const own = await run(['probe', '-', '--dry-run', '--format', 'json'], file(port, OPEN, name));
    assert.equal(own.status, 0, own.err);
    assert.deepEqual((JSON.parse(own.out) as { from: string[] }).from, [name]);
    const none = await run(['probe', '-', '--dry-run'], file(port, OPEN));
    assert.deepEqual([none.status, none.out], [2, '']);
    assert.match(
      none.err,
      /^cmtopo: no machine of the file has the name .*; --from SERVER says which one it is\n$/,
    );
  });

  it('--read judges the results of a script as if they had been tried here', async () => {
    const live = await probed(file(port, CLOSED));
    const lines = live.report.attempts.map(
      ({ to, port: own, outcome }) => `"MP01","${to}","${own}","127.0.0.1","${outcome}"`,
    );
    const header = '"from","to","port","target","outcome"';
    const path = join(
      folderWith({ 'result.csv': `\ufeff${[header, ...lines].join('\r\n')}\r\n` }),
      'result.csv',
    );
    const text = file(port, CLOSED);
    connections = 0;
    const read = await run(['probe', '-', '--read', path, '--format', 'json'], text);
    assert.equal(read.status, live.status);
    const { attempts } = JSON.parse(read.out) as Report;
    assert.deepEqual(
      attempts.map(({ to, port: own, judgement }) => [to, own, judgement]),
      live.report.attempts.map(({ to, port: own, judgement }) => [to, own, judgement]),
    );
    assert.equal(connections, 0, 'nothing is tried');
    // A silent one among them is a failure here too.
    const silent = folderWith({
      'r.csv': `${header}\nmp01,sql01,${port},127.0.0.1,silent\nmp01,gone,1,x,open\n?\n`,
    });
    const failed = await run(['probe', '-', '--read', join(silent, 'r.csv')], file(port, OPEN));
    assert.equal(failed.status, 1);
    assert.match(failed.err, /r\.csv: 1 row could not be read\n.*r\.csv: 1 row is for a connection/s);
    removeFolder(silent);
    // With --from, rows from other machines are passed by; those from this one that the file does not have are not.
    const several = folderWith({
      'r.csv': `${header}\nmp01,sql01,${port},127.0.0.1,open\nmp01,gone,1,x,open\nsql01,mp01,1,x,open\n`,
    });
    const one = await run(
      ['probe', '-', '--read', join(several, 'r.csv'), '--from', 'mp01'],
      file(port, OPEN),
    );
    assert.match(one.err, /r\.csv: 1 row is for a connection/);
    removeFolder(several);
    // Of several addresses of one machine the one that opened counts, in whatever order they were tried.
    for (const outcomes of [
      ['silent', 'open'],
      ['open', 'silent'],
    ]) {
      const rows = outcomes
        .map((outcome, index) => `mp01,sql01,${port},10.0.0.${index},${outcome}\n`)
        .join('');
      const both = folderWith({ 'r.csv': `${header}\n${rows}` });
      const judged = await run(['probe', '-', '--read', join(both, 'r.csv')], file(port, OPEN));
      assert.equal(judged.status, 0, outcomes.join());
      removeFolder(both);
    }
  });

  it('refuses wrong numbers, names and files', async () => {
    const text = file(port, OPEN);
    const other = folderWith({
      'x.csv': 'a,b\n1,2\n',
      'y.csv': 'from,to,port,target,outcome\nzz,sql01,1,x,open\n',
    });
    for (const [args, message] of [
      [['--at-once', '0'], /--at-once 0: not a number from 1 to 100/],
      [['--rate', '1e3'], /--rate 1e3: not a number from 1 to 1000/],
      [['--timeout', '61'], /--timeout 61: not a number from 1 to 60/],
      [['--from', 'mp1'], /--from mp1: .*did you mean mp01\?/],
      [['--read', join(other, 'x.csv')], /x\.csv: .*the columns are from, to, port, target/],
      [['--read', join(other, 'y.csv')], /y\.csv: no machine of the file is in these results/],
      [['--read', 'r.csv', '--dry-run'], /--read and --dry-run cannot be used together/],
    ] as const) {
      const { status, err } = await run(['probe', '-', ...args], text);
      assert.equal(status, 2, args.join(' '));
      assert.match(err, message);
    }
    removeFolder(other);
  });

  it('the script has each connection that a probe tries, and no more', async () => {
    const text = file(port, OPEN);
    const { report } = await probed(text, '--dry-run');
    const { out, status, err } = cmtopo(
      ['export', '-', '--format', 'test-netconnection', '--server', 'mp01'],
      { input: text },
    );
    assert.deepEqual([status, err], [0, '']);
    const tests = [...out.matchAll(/,@\('mp01', '(\w+)', (\d+), '([\d.]+)'\)/g)].map(
      ([, to, own]) => `${to} ${own}`,
    );
    assert.deepEqual(
      tests,
      report.attempts.map(({ to, port: own }) => `${to} ${own}`),
    );
    // Whatever it calls only looks, but for the one file that it writes.
    const code = out.replaceAll(/^#.*$/gm, '');
    const called = new Set([...code.matchAll(/(?<![\w'-])[A-Z][a-z]+-[A-Z]\w+/g)].map(([name]) => name));
    assert.deepEqual([...called].toSorted(), [
      'Export-Csv',
      'Get-ItemProperty',
      'New-Object',
      'Test-Connect',
      'Write-Output',
      'Write-Progress',
    ]);
  });
});
