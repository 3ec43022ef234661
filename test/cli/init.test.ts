import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cmtopo, folderWith, removeFolder } from './cli.ts';

const role = (server: string, RoleName: string, more: object = {}) => ({
  NetworkOSPath: `\\\\${server}`,
  NALType: 'Windows NT Server',
  RoleName,
  SiteCode: 'PS1',
  SslState: 2,
  Type: 8,
  ...more,
});
const ROLES = [
  role('CM01.corp.contoso.com', 'SMS Site Server', { Type: 2 }),
  role('cm01.corp.contoso.com', 'SMS Provider'),
  role('SQL01.corp.contoso.com', 'SMS SQL Server'),
];
const SITE = {
  SiteCode: 'PS1',
  SiteName: 'Head office',
  SiteType: 2,
  ParentSiteCode: '',
  SiteServerName: 'cm01.corp.contoso.com',
  SQLServerName: 'SQL01.corp.contoso.com',
  SQLDatabaseName: 'CM_PS1',
};

const MADE = `
sites:
  PS1:
    type: primary
    database:
      server: sql01
    description: "Head office"

servers:
  cm01:
    site: PS1
    fqdn: cm01.corp.contoso.com
    roles:
      site-server:
      sms-provider:
  # cmtopo-disable-next-line rpc-range-unset -- no export has the dynamic RPC ports; write rpcDynamicPorts in defaults
  sql01:
    site: PS1
    fqdn: sql01.corp.contoso.com
    roles:
      sql-server:
`;

describe('cmtopo init --from', () => {
  let folder = '';
  before(() => {
    folder = folderWith({
      'roles.json': JSON.stringify(ROLES),
      'utf16.json': Buffer.from(`\uFEFF${JSON.stringify(ROLES)}`, 'utf16le'),
      'sites.json': JSON.stringify(SITE),
      'bom.json': `\uFEFF${JSON.stringify({ value: ROLES, Count: 3 })}`,
      'empty.json': '',
      'null.json': 'null',
      'wrapped.json': '{"@odata.context":"x","value":[ ]}',
      'header.csv': '#TYPE Selected\r\nname,site,roles\r\n',
      'none.json': '[]',
      'cut.json': '[\n  { "RoleName": "SMS Provider",\n  "SiteCode": ',
      'other.json': JSON.stringify([{ Id: 1, Title: 'x' }]),
      'other.csv': 'Direction,Action\r\nInbound,Allow\r\n',
      'zones.csv': 'zone,network\nhq,10.1.0.0/16\nhq,10.2.0.0/33\n',
      'columns.csv': 'name,net\nhq,10.1.0.0/16\n',
    });
  });
  after(() => removeFolder(folder));
  const run = (...args: readonly string[]) => cmtopo(['init', ...args], { cwd: folder });
  const body = (out: string): string => out.slice(out.indexOf('\nsites:'));

  it('prints the topology of several files, named behind each other or each with its option', () => {
    const { status, out, err } = run('--from', 'roles.json', 'sites.json');
    assert.deepEqual({ status, err, body: body(out) }, { status: 0, err: '', body: MADE });
    assert.equal(run('--from', 'roles.json', '--from', 'sites.json').out, out);
    assert.equal(body(run('--from=sites.json', 'bom.json').out), MADE);
    assert.equal(body(run('--from', 'sites.json', 'utf16.json').out), MADE);
    assert.equal(cmtopo(['check', '-'], { input: out }).out, 'No findings in 1 file.\n');
  });

  it('reads standard input, and writes to a file with -o', () => {
    const { out, status } = cmtopo(['init', '--from', '-', 'sites.json'], {
      cwd: folder,
      input: JSON.stringify(ROLES),
    });
    assert.deepEqual({ status, body: body(out) }, { status: 0, body: MADE });
    assert.equal(run('--from', 'roles.json', 'sites.json', '-o', 'x.topology.yaml').out, '');
    assert.equal(body(readFileSync(join(folder, 'x.topology.yaml'), 'utf8')), MADE);
  });

  it('says on standard error what it left out', () => {
    const input = JSON.stringify([...ROLES, role('x.corp.contoso.com', 'SMS Fax Point')]);
    const { status, err } = cmtopo(['init', '--from', '-'], { cwd: folder, input });
    assert.equal(status, 0);
    assert.match(
      err,
      /what could not be determined is in comments of the output:\n {2}'SMS Fax Point' on x\.corp/,
    );
  });

  for (const [file, ...parts] of [
    ['empty.json', 'it is empty'],
    ['null.json', 'it is empty'],
    ['none.json', 'it is empty'],
    ['wrapped.json', 'it is empty'],
    ['header.csv', 'it is empty'],
    ['cut.json', 'line 3, character 15', 'ConvertTo-Json -Depth 5'],
    ['other.json', 'it has id, title', 'docs/init.md'],
    ['other.csv', 'it has direction, action', 'name, site, roles'],
    ['missing.json', 'no such file'],
  ] as const) {
    it(`refuses ${file} with one line that names the file, the place and the way out`, () => {
      const { status, out, err } = run('--from', 'roles.json', file);
      assert.deepEqual({ status, out }, { status: 2, out: '' });
      assert.equal(err.trimEnd().split('\n').length, 1, err);
      assert.ok(err.startsWith(`cmtopo: ${file}: `), err);
      for (const part of parts) assert.ok(err.includes(part), err);
    });
  }

  it('refuses zones that it cannot read', () => {
    const { status, err } = run('--from', 'roles.json', '--zones', 'zones.csv');
    assert.equal(status, 2);
    assert.match(err, /^cmtopo: zones\.csv: row 2: '10\.2\.0\.0\/33' is not an address or a network/);
    assert.match(
      run('--from', 'roles.json', '--zones', 'columns.csv').err,
      /begins with the line zone,network/,
    );
    assert.match(run('--zones', 'zones.csv').err, /--zones is for files that --from names/);
  });

  it('takes no file without --from', () => {
    const { status, err } = run('roles.json');
    assert.equal(status, 2);
    assert.match(err, /'roles\.json' is one argument too many/);
  });
});
