import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { unreadableInput } from '../host/errors.ts';
import { flowsCommand } from './flows.ts';
import { type Io, isCliError } from './io.ts';

const TOPOLOGY = `configmgr: 2017-09
zones: { hq: {}, branch: {}, net: { internet: true } }
defaults: { rpcDynamicPorts: 49152-65535 }
sites: { PS1: { type: primary, database: { server: SQL01 } } }
servers:
  cm01: { site: PS1, zone: hq, fqdn: cm01.corp.contoso.com, roles: { site-server: , management-point: } }
  SQL01: { zone: hq, roles: { sql-server: } }
  dp01: { site: PS1, zone: branch, roles: { distribution-point: } }
clients:
  pcs: { site: PS1, zone: branch }
`;

describe('cmtopo flows', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'flows-'));
    writeFileSync(join(folder, 'a.topology.yaml'), TOPOLOGY);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function run(
    args: readonly string[],
    stdin = '',
  ): Promise<{ status: number; out: string; err: string }> {
    const result = { status: 2, out: '', err: '' };
    const io: Io = {
      stdin: async () => stdin,
      out: (text) => {
        result.out += text;
      },
      err: (text) => {
        result.err += text;
      },
      cwd: folder,
      env: {},
      isTerminal: false,
      isErrorTerminal: false,
      columns: 80,
      readText: async (path) => {
        try {
          return readFileSync(resolve(folder, path), 'utf8');
        } catch {
          throw unreadableInput(path, 'no such file');
        }
      },
    };
    try {
      result.status = await flowsCommand(args, io);
    } catch (error) {
      if (!isCliError(error)) throw error;
      result.err += error.message;
    }
    return result;
  }

  async function pairs(...args: string[]): Promise<readonly string[]> {
    const { out } = await run(['a.topology.yaml', '--format', 'json', ...args]);
    const { flows } = JSON.parse(out);
    return [...new Set<string>(flows.map(({ from, to }: { from: string; to: string }) => `${from} > ${to}`))];
  }

  it('prints the flows of a file, in every format', async () => {
    for (const format of ['table', 'json', 'csv', 'markdown', 'html']) {
      const { status, out, err } = await run(['a.topology.yaml', '--format', format]);
      assert.equal(status, 0);
      assert.equal(err, '');
      assert.ok(out.includes('SQL01') && out.includes('1433'), format);
    }
    const { out } = await run(['a.topology.yaml']);
    assert.match(out, /^FROM /);
  });

  it('reads standard input for -', async () => {
    const { status, out } = await run(['-', '--format', 'json'], TOPOLOGY);
    assert.equal(status, 0);
    assert.equal(JSON.parse(out).file, '<stdin>');
  });

  it('filters by machine without regard to case, by zone and by port', async () => {
    assert.deepEqual(await pairs('--to', 'sql01'), ['cm01 > SQL01']);
    assert.deepEqual(await pairs('--from', 'DP01'), ['dp01 > cm01']);
    assert.deepEqual(await pairs('--from', 'pcs', '--to', 'cm01'), ['pcs > cm01']);
    assert.deepEqual(await pairs('--to', 'internet'), ['cm01 > internet']);
    assert.deepEqual(await pairs('--from', 'pcs', '--to', 'CM01.corp.contoso.com'), ['pcs > cm01']);
    assert.deepEqual(await pairs('--zone', 'Branch'), [
      'cm01 > dp01',
      'dp01 > cm01',
      'pcs > cm01',
      'pcs > dp01',
    ]);
    assert.deepEqual(await pairs('--port', '1433'), ['cm01 > SQL01']);
    assert.deepEqual(await pairs('--port', '60000', '--zone', 'branch'), ['cm01 > dp01']);
    assert.deepEqual(await pairs('--port', '1400-1500'), ['cm01 > SQL01']);
    assert.deepEqual(await pairs('--port', '9'), []);
    assert.deepEqual(await pairs('--port', 'dynamic'), []);
  });

  it('filters by zone, site, role and address of an end, and by phase', async () => {
    const all = await pairs();
    const inBranch = (name: string) => ['dp01', 'pcs'].includes(name);
    assert.deepEqual(
      await pairs('--from', 'branch'),
      all.filter((pair) => inBranch(pair.split(' > ')[0] ?? '')),
    );
    assert.deepEqual(
      await pairs('--to', 'PS1'),
      all.filter((pair) => ['cm01', 'dp01', 'pcs'].includes(pair.split(' > ')[1] ?? '')),
    );
    const asManagementPoint = await pairs('--to', 'management-point');
    assert.ok(asManagementPoint.length > 0 && asManagementPoint.every((pair) => pair.endsWith('> cm01')));
    assert.ok(asManagementPoint.includes('pcs > cm01'));
    assert.deepEqual(await pairs('--to', 'sql-server'), ['cm01 > SQL01']);
    assert.deepEqual(await pairs('--from', 'sql-server'), []);
    assert.deepEqual(await pairs('--phase', 'windows'), []);
  });

  it('a filter that names nothing is wrong use, with the nearest name', async () => {
    const wrong = async (...args: string[]) => {
      const { status, out, err } = await run(['a.topology.yaml', ...args]);
      assert.equal(status, 2);
      assert.equal(out, '');
      return err;
    };
    assert.match(await wrong('--from', 'cm02'), /--from cm02: .*did you mean cm01\?/);
    assert.match(await wrong('--to', 'sql1'), /did you mean SQL01\?/);
    assert.match(await wrong('--from', '10.250.0.1'), /--from 10\.250\.0\.1: no machine of the file has/);
    assert.match(await wrong('--zone', 'brunch'), /--zone brunch: .*did you mean branch\?/);
    for (const port of ['0', '70000', '10-5', 'x', '445,135']) {
      assert.match(await wrong('--port', port), /not a port/);
    }
    assert.match(await wrong('--format', 'xml'), /table, json, csv, markdown, html/);
  });

  it('says which file it cannot read, and which edition it does not know', async () => {
    assert.match((await run(['gone.topology.yaml'])).err, /gone\.topology\.yaml/);
    writeFileSync(join(folder, 'b.topology.yaml'), TOPOLOGY.replace('2017-09', '2018'));
    const { status, err } = await run(['b.topology.yaml']);
    assert.equal(status, 2);
    assert.match(
      err,
      /b\.topology\.yaml: '2018' is neither an edition .*2020-06, 2025-12 and current-branch/,
    );
    writeFileSync(join(folder, 'c.topology.yaml'), 'servers: {}\n');
    assert.match((await run(['c.topology.yaml'])).err, /c\.topology\.yaml: no `configmgr:` key/);
    assert.match((await run(['-'], ' \n')).err, /<stdin>: not a topology file: it is empty/);
  });

  it('takes the edition of the settings file where the topology gives none', async () => {
    writeFileSync(join(folder, 'c.topology.yaml'), TOPOLOGY.replace('configmgr: 2017-09', ''));
    writeFileSync(join(folder, '.cmtopo.yaml'), 'edition: 2017-03\n');
    const { out } = await run(['c.topology.yaml', '--format', 'json']);
    assert.equal(JSON.parse(out).edition, '2017-03');
  });

  it('a file with errors prints its flows all the same and counts the errors', async () => {
    writeFileSync(join(folder, 'd.topology.yaml'), `${TOPOLOGY}nonsense: 1\n`);
    const { status, out, err } = await run(['d.topology.yaml', '--format', 'csv']);
    assert.equal(status, 0);
    assert.ok(out.includes('1433'));
    assert.match(err, /^cmtopo: d\.topology\.yaml has 1 error; cmtopo check d\.topology\.yaml shows it\n$/);
  });
});
