import assert from 'node:assert/strict';
import { analyse } from '../analysis.ts';
import type { BoundaryFact } from './facts.ts';
import { draftOf, hierarchyText } from './index.ts';
import { networksOfBoundary } from './networks.ts';
import { isExportError } from './rows.ts';

const DOMAIN = 'corp.contoso.com';
const property = (PropertyName: string, Value: number | string, Value2 = '') => ({
  PropertyName,
  Value,
  Value1: '',
  Value2,
});
const role = (server: string, RoleName: string, more: object = {}) => ({
  NetworkOSPath: `\\\\${server}.${DOMAIN}`,
  NALType: 'Windows NT Server',
  RoleName,
  SiteCode: 'PS1',
  SslState: 2,
  Type: 8,
  ...more,
});
const SITE_SERVER = role('cm01', 'SMS Site Server', { Type: 2 });
const definition = (more: object = {}) => ({
  SiteCode: 'PS1',
  SiteType: 2,
  ParentSiteCode: '',
  SiteServerName: `cm01.${DOMAIN}`,
  SQLServerName: `sql01.${DOMAIN}`,
  SQLDatabaseName: 'CM_PS1',
  ...more,
});

/** The text of some exports: rows as JSON, texts as they are. */
function made(...files: readonly (string | object)[]): string {
  const named = files.map((file, index) => ({
    name: `${index}`,
    text: typeof file === 'string' ? file : JSON.stringify(file),
  }));
  const text = hierarchyText(draftOf(named));
  assert.deepEqual(
    analyse(text).topology.problems.filter(({ code }) => code !== 'missing-key'),
    [],
    text,
  );
  return text;
}

/** The lines of an entry, without its name: `server(text, 'cm01')`. */
function entry(text: string, name: string): string {
  return new RegExp(`^ {2}${name}:\\n((?: {4}.*\\n)*)`, 'm').exec(text)?.[1] ?? assert.fail(text);
}
const codes = (text: string) =>
  analyse(text)
    .findings()
    .map(({ code }) => code);

describe('exports of Configuration Manager', () => {
  it('say by SslState which kinds of connection a role takes part in', () => {
    const protocol = (name: string, SslState: number) =>
      /protocol: (\S+)/.exec(entry(made([role('x', name, { SslState })]), 'x'))?.[1] ?? 'both';
    const states = [0, 1, 3, 4];
    assert.deepEqual(
      states.map((state) => protocol('SMS Management Point', state)),
      ['both', 'https', 'https', 'http'],
    );
    assert.deepEqual(
      states.map((state) => protocol('SMS Distribution Point', state)),
      ['http', 'https', 'https', 'http'],
    );
  });

  it('are read without regard to the case of names, with properties as a list or an object', () => {
    const Props = { IsPXE: property('IsPXE', '1'), other: property('isPullDP', 0) };
    const point = { networkospath: '\\\\DP01', rolename: 'sms distribution point', sitecode: 'ps1' };
    for (const row of [
      { ...point, EmbeddedProperties: Props },
      { ...point, Props: Object.values(Props) },
    ])
      assert.match(entry(made([row]), 'dp01'), /pxe: true/);
  });

  it('ask which site server is active where no definition names it, and take no other finding for it', () => {
    const rows = [SITE_SERVER, role('cm02', 'SMS Site Server', { Type: 2 }), role('sql01', 'SMS SQL Server')];
    const open = made(rows);
    assert.match(open, /# Which of cm01 and cm02 is active\?/);
    assert.doesNotMatch(open, /passive: true$/m);
    assert.deepEqual(codes(open), []);
    const told = made(rows, [definition({ SiteServerName: 'CM02' })]);
    assert.match(entry(told, 'cm01'), /passive: true/);
    assert.doesNotMatch(entry(told, 'cm02'), /passive/);
  });

  it('have a listener where the database server is no site system and several servers have SQL Server', () => {
    const several = [SITE_SERVER, role('sql01', 'SMS SQL Server'), role('sql02', 'SMS SQL Server')];
    const group = made(several, [
      definition({ SQLServerName: `lsn.${DOMAIN}`, SQLDatabaseName: 'CM\\CM_PS1' }),
    ]);
    assert.match(
      group,
      /availabilityGroups:.*name: lsn\n {4}replicas:\n {6}- server: sql01\n {8}instance: CM\n/s,
    );
    assert.doesNotMatch(group, /^ {2}lsn:/m);
    // One of them named, or only one there: no listener.
    assert.doesNotMatch(made(several, [definition()]), /availabilityGroups/);
    const alias = made(several.slice(0, 2), [definition({ SQLServerName: 'alias' })]);
    assert.match(
      alias,
      /# The site names its database server alias, which is no site system: sql01 is taken\./,
    );
    // Setup's file has the port of the listener.
    const setup = `[Options]\nSiteCode=PS1\n[SQLConfigOptions]\nSQLServerName=lsn.${DOMAIN}\nSQLServerPort=1500\nDatabaseName=CM\\CM_PS1\n`;
    const ported = made(
      several,
      [definition({ SQLServerName: `lsn.${DOMAIN}`, SQLDatabaseName: 'CM\\CM_PS1' })],
      setup,
    );
    assert.match(ported, /name: lsn\n {6}port: 1500\n/);
  });

  it('call two servers of one host name by their full names, and one server by all of its names', () => {
    const text = made([
      role('mp01', 'SMS Management Point'),
      { ...role('mp01', 'SMS Management Point'), NetworkOSPath: '\\\\mp01.lab.contoso.com' },
      { ...SITE_SERVER, NetworkOSPath: '\\\\CM01' },
      role('cm01', 'SMS Provider'),
    ]);
    assert.match(entry(text, 'mp01-corp-contoso-com'), /fqdn: mp01\.corp\.contoso\.com/);
    assert.match(entry(text, 'mp01-lab-contoso-com'), /fqdn: mp01\.lab\.contoso\.com/);
    assert.match(entry(text, 'cm01'), /site-server:\n {6}sms-provider:/);
  });

  it('leave out roles that Azure runs, and say which role names they do not know', () => {
    const text = made([
      SITE_SERVER,
      { ...role('cloud', 'SMS Distribution Point'), NALType: 'Windows Azure' },
      role('x', 'SMS Fax Point'),
    ]);
    assert.doesNotMatch(text, /^ {2}cloud:/m);
    assert.match(
      text,
      /^# - cloud\.corp\.contoso\.com \(distribution-point\) runs in Azure: a topology has no /m,
    );
    // With the gateway of the hierarchy it is a part of that.
    const gateway = made([
      SITE_SERVER,
      role('cm01', 'SMS Cloud Proxy Connector'),
      { ...role('cloud', 'SMS Distribution Point'), NALType: 'Windows Azure' },
    ]);
    assert.doesNotMatch(gateway, /runs in Azure/);
    assert.match(text, /^# - 'SMS Fax Point' on x\.corp\.contoso\.com: a topology has no such role\.$/m);
  });

  it('take the newest port list that has every role', () => {
    assert.match(made([role('x', 'SMS Portal Web Site')]), /^configmgr: 20\d\d-\d\d #/m);
    assert.match(made([SITE_SERVER]), /^configmgr: current-branch #/m);
  });

  it('that are not deep enough lose their properties, which is said', () => {
    const text = made([
      role('dp01', 'SMS Distribution Point', { Props: ['System.Object', 'System.Object'] }),
    ]);
    assert.doesNotMatch(made([definition({ Props: 'System.Object[]' })]), /are lost/);
    assert.match(text, /# - The properties of roles are lost in 0, entry 1: export with .* -Depth 5\./);
  });

  it('of the administration service may be one page of several, which is said', () => {
    const page = {
      '@odata.nextLink': 'https://cm01/AdminService/wmi/SMS_SCI_SysResUse?$skip=1',
      value: [SITE_SERVER],
    };
    assert.match(
      made(page),
      /# - 0 is one page of several: the next one is at the @odata\.nextLink in it\.\n/,
    );
    assert.doesNotMatch(made({ value: [SITE_SERVER] }), /one page/);
  });

  it('that contradict each other are both named, and the first is written', () => {
    const text = made(
      [role('mp01', 'SMS Management Point', { SslState: 1 })],
      [role('mp01', 'SMS Management Point', { SslState: 4 })],
    );
    assert.match(
      text,
      /# - management-point on mp01: protocol is https in 0, entry 1 and http in 1, entry 1; the first/,
    );
    assert.match(entry(text, 'mp01'), /protocol: https/);
  });

  it('take the word of its definition for a site, and name what a role on its site server says otherwise', () => {
    const text = made(
      [{ ...SITE_SERVER, Type: 1 }],
      [definition(), definition({ SiteCode: 'CAS', SiteType: 4, SiteServerName: 'cas01' })],
    );
    assert.match(
      text,
      /# Its type is primary in 1, entry 1 and secondary in 0, entry 1; the first is written\.\n {2}PS1:\n {4}type: primary/,
    );
  });

  it('put no server into a forest of which they do not say it', () => {
    const system = (server: string, forest?: string) =>
      role(server, 'SMS Site System', forest ? { Props: [property('ForestFQDN', 0, forest)] } : {});
    const other = made([SITE_SERVER, system('cm01'), system('mp01'), system('mp02', 'dmz.example.net')]);
    assert.doesNotMatch(other, /^defaults:/m);
    assert.match(entry(other, 'mp02'), /forest: dmz\.example\.net/);
    const both = made([
      SITE_SERVER,
      system('cm01', DOMAIN),
      system('mp01', DOMAIN),
      system('mp02', 'dmz.example.net'),
    ]);
    assert.match(both, /^defaults:\n {2}forest: corp\.contoso\.com/m);
    assert.doesNotMatch(entry(both, 'mp01'), /forest:/);
  });

  it('ask no site server whether it trusts its own forest', () => {
    const system = (server: string, forest?: string) =>
      role(server, 'SMS Site System', forest ? { Props: [property('ForestFQDN', 0, forest)] } : {});
    const text = made([
      SITE_SERVER,
      system('cm01', DOMAIN),
      system('mp01'),
      system('mp02', DOMAIN),
      system('mp03'),
      system('mp04', 'dmz.example.net'),
      system('mp05'),
    ]);
    for (const name of ['cm01', 'mp02']) {
      assert.match(entry(text, name), /forest: corp\.contoso\.com/);
      assert.doesNotMatch(entry(text, name), /trusted/);
    }
    assert.match(entry(text, 'mp04'), /# Write trusted: true where this forest.*forest: dmz/s);
  });

  it('add up what they leave open of one role, without what another one answers', () => {
    const open = (...files: readonly (string | object)[]) => entry(made(...files), 'dp01').match(/# .*$/gm);
    const roles = [role('dp01', 'SMS Distribution Point')];
    const view =
      'ServerName,NALPath,SMSSiteCode,IsPXE,IsPullDP,IsMulticast\r\ndp01.corp.contoso.com,x,PS1,True,1,0\r\n';
    const http = '# HTTP or HTTPS is not in the export.';
    const pxe = '# With Windows Deployment Services or the PXE responder: not in the export.';
    const pulls = '# It pulls its content; from where is not in the export: write pullFrom.';
    assert.deepEqual(open(roles, view), [http, pxe, pulls]);
    assert.deepEqual(open(roles, view, view), [http, pxe, pulls]);
    assert.deepEqual(open([role('dp01', 'SMS Distribution Point', { SslState: 0 })], view), [pxe, pulls]);
    const source = {
      FullQualifiedDomainName: `dp02.${DOMAIN}`,
      SiteCode: 'PS1',
      RoleList: ['DistributionPoint'],
      PullDistributionPointToSourceList: [`dp01.${DOMAIN}`],
    };
    assert.deepEqual(open(roles, view, { SystemAndRoleList: [source] }), [http, pxe]);
  });

  it('that are no export are not called empty', () => {
    const message = (text: string) => {
      try {
        draftOf([{ name: 'x', text }]);
      } catch (error) {
        return isExportError(error) ? error.message : assert.fail(String(error));
      }
      return assert.fail('it was read');
    };
    for (const text of [
      '',
      '[]',
      '[\n]\n',
      '{"value":[]}',
      'null',
      '\uFEFF\r\n',
      '#TYPE X\r\n"Name","Site"\r\n',
    ])
      assert.match(message(text), /^it is empty: /, JSON.stringify(text));
    for (const text of ['hello world\n', '42'])
      assert.equal(
        message(text),
        `it is neither a table nor an export of Configuration Manager: '${text.trim()}'; see docs/init.md`,
      );
  });

  it('with a list of servers tell who pulls from whom, and take the words of the console for roles', () => {
    const system = (name: string, RoleList: readonly string[], pullers: readonly string[] = []) => ({
      FullQualifiedDomainName: `${name}.${DOMAIN}`,
      IPAddress: '10.1.0.10',
      SiteCode: 'PS1',
      ParentSiteCode: 'PS1',
      RoleList,
      PullDistributionPointToSourceList: pullers,
    });
    const SystemAndRoleList = [
      system('cm01', ['SiteServer', 'Component server', 'Site system', 'Site database server']),
      system('dp01', ['Distribution point'], [`dp02.${DOMAIN}`]),
      system('dp02', ['DistributionPoint']),
      system('mp01', ['Management Point', 'Fax point']),
      system('mp02', ['SMS Management Point', 'SMS Site System', 'SMS Fax Point']),
    ];
    const text = made({ SystemAndRoleList });
    assert.match(entry(text, 'dp02'), /distribution-point:\n {8}pullFrom:\n {10}- dp01\n/);
    assert.match(entry(text, 'mp01'), /management-point:/);
    assert.match(entry(text, 'mp02'), /management-point:/);
    assert.match(entry(text, 'cm01'), /sql-server:/);
    assert.deepEqual(text.match(/^# - .*no such role.*$/gm), [
      `# - 'Fax point' on mp01.${DOMAIN}: a topology has no such role.`,
      `# - 'SMS Fax Point' on mp02.${DOMAIN}: a topology has no such role.`,
    ]);
    const other = made({ SystemAndRoleList }, [
      role('dp02', 'SMS Distribution Point', { Props: [property('IsPullDP', 0)] }),
    ]);
    assert.doesNotMatch(entry(other, 'dp02'), /pullFrom/);
  });

  it('are read from the views of the site database as CSV', () => {
    const text = made(
      'NALPath,ResourceType,SiteCode,RoleName,ServerName\r\nx,Windows NT Server,PS1,SMS Site Server,cm01.corp.contoso.com\r\nx,Windows NT Server,PS1,SMS SQL Server,sql01.corp.contoso.com\r\n',
      'SiteCode,SiteName,ReportingSiteCode,ServerName,Type\r\nPS1,Head office,,cm01.corp.contoso.com,2\r\n',
      'ServerName,NALPath,SMSSiteCode,IsPXE,IsPullDP,IsMulticast\r\ndp01.corp.contoso.com,x,PS1,True,1,0\r\n',
    );
    assert.match(entry(text, 'dp01'), /# It pulls its content; from where is not in the export.*pxe: true/s);
    assert.match(
      entry(text, 'PS1'),
      /type: primary\n {4}database:\n {6}server: sql01\n {4}description: "Head office"/,
    );
    assert.deepEqual(codes(text), []);
  });

  it('name a role of a hostile word as text, and say nothing to the checker', () => {
    const evil = 'x\n# cmtopo-disable yaml-syntax\u202e';
    const text = made(
      [SITE_SERVER, role('a', evil), { ...role('b', 'SMS Provider'), NetworkOSPath: `\\\\${evil}` }],
      [definition({ SiteName: '"}: {\n- evil', SQLServerName: 'cmtopo-disable' })],
    );
    assert.doesNotMatch(text, /^ *# *cmtopo-disable (?!-next-line)/m);
    assert.doesNotMatch(text, /\u202e/);
    assert.deepEqual(analyse(text).tree.damage, []);
  });
});

describe('a table of servers', () => {
  it('is read with the words that people use, whatever separates its columns', () => {
    const text = made(
      'Name;Site;Roles;IP Address;Zone;OS\ncm01;ps1;MP, DP | site server;10.1.0.10, 2001:db8::10;HQ;Windows Server 2012 R2 Standard\nsql01;PS1;SQL;10.1.0.11;HQ;Windows Server 2019\n',
    );
    assert.equal(
      entry(text, 'cm01'),
      `    site: PS1
    zone: HQ
    addresses:
      - 10.1.0.10
      - "2001:db8::10"
    os: windows-server-2012-r2
    roles:
      site-server:
      management-point:
      distribution-point:
`,
    );
    assert.match(
      text,
      /# Its type is not in the export: a site without a parent is taken for a primary one\.\n.* {2}PS1:/s,
    );
    assert.deepEqual(codes(text), []);
  });

  it('says what it does not understand: a role, an ambiguous one, an address, a system', () => {
    const text = made('name,site,roles,address,os\ncm01,PS1,"fax; EPP; site server",10.1.0.300,CP/M\n');
    for (const part of [
      "'fax' on cm01 (0, row 1): a topology has no such role",
      "'EPP' on cm01 (0, row 1) may mean endpoint-protection-point or enrollment-proxy-point",
      "The address '10.1.0.300' of cm01 (0, row 1) is none",
      "The operating system 'CP/M' of cm01 (0, row 1)",
    ])
      assert.ok(text.includes(part), part);
    assert.match(entry(text, 'cm01'), /roles:\n {6}site-server:\n$/);
  });

  it('puts servers into zones by address, the narrowest network first', () => {
    const zones = 'zone,network\nall,10.0.0.0/8\nhq,10.1.0.0/16\nnone,10.9.0.0/16\n';
    const text = made('name,site,roles,address\na,PS1,mp,10.1.0.1\nb,PS1,dp,10.2.0.1\n', zones);
    assert.match(entry(text, 'a'), /zone: hq/);
    assert.match(entry(text, 'b'), /zone: all/);
    // As Export-Csv of Windows PowerShell writes it.
    const typed = made(
      'name,site,roles,address\na,PS1,mp,10.1.0.1\n',
      `#TYPE Zone\r\n"zone","network"\r\n"hq","10.1.0.0/16"\r\n`,
    );
    assert.match(entry(typed, 'a'), /zone: hq/);
    assert.doesNotMatch(text, /^ {2}none:/m);
    assert.throws(
      () => draftOf([{ name: 'zones.csv', text: zones }]),
      (error) => isExportError(error) && /has only zones/.test(error.message),
    );
  });
});

describe('a boundary', () => {
  const networks = (type: BoundaryFact['type'], value: string) =>
    networksOfBoundary({ id: '1', type, value, place: { file: '', at: '' } });

  it('that is a range becomes the fewest networks that hold it', () => {
    assert.deepEqual(networks('range', '10.1.0.1-10.1.0.254'), ['10.1.0.0/24']);
    assert.deepEqual(networks('range', '10.1.0.0 - 10.1.1.255'), ['10.1.0.0/23']);
    assert.deepEqual(networks('range', '10.1.0.1-10.1.0.255'), ['10.1.0.0/24']);
    assert.deepEqual(networks('range', '10.1.0.10-10.1.0.11'), ['10.1.0.10/31']);
    assert.deepEqual(networks('range', '0.0.0.0-255.255.255.255'), ['0.0.0.0/0']);
    assert.deepEqual(networks('range', '2001:db8::1-2001:db8::ffff'), ['2001:db8::/112']);
  });

  it('has no network where nobody can tell one', () => {
    for (const value of ['10.1.0.9-10.1.0.1', '10.1.0.1', 'a-b', '10.1.0.1-2001:db8::1'])
      assert.equal(networks('range', value), undefined, value);
    assert.equal(networks('subnet', '10.1.0.0'), undefined);
    assert.equal(networks('active-directory-site', 'Lisbon'), undefined);
    assert.equal(networks('vpn', 'Auto:On'), undefined);
  });

  it('that is an IPv6 prefix is a network of 64 bits unless it says another length', () => {
    assert.deepEqual(networks('ipv6-prefix', '2001:db8:1:2::'), ['2001:db8:1:2::/64']);
    assert.deepEqual(networks('ipv6-prefix', '2001:db8:1:2'), ['2001:db8:1:2::/64']);
    assert.deepEqual(networks('ipv6-prefix', '2001:db8::/48'), ['2001:db8::/48']);
  });
});
