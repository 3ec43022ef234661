import assert from 'node:assert/strict';
import { applyFix, expectFindings } from '../../../../test/support/rules.ts';
import { analyse } from '../../analysis.ts';

const HEAD = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
`;
/** A server that does everything for its site. */
const server = (name: string, site: string, roles = 'site-server: , sms-provider: , sql-server: ') =>
  `  ${name}: { site: ${site}, roles: { ${roles} } }\n`;
const primary = (name: string, more = '') =>
  `  ${name}: { type: primary, ${more}database: { server: ${name.toLowerCase()}cm } }\n`;

describe('rules about the hierarchy beside another mistake', () => {
  it('a site below one that is not there is reported once, by the unknown name', () => {
    expectFindings(`${HEAD}sites:
${primary('PS1')}  S01: { type: secondary, parent: XS1, database: { server: s01cm } } # want unknown-reference
servers:
${server('ps1cm', 'PS1')}${server('s01cm', 'S01', 'site-server: , sql-server: , management-point: ')}`);
  });

  it('a site type that is no word leaves the sites round it alone', () => {
    expectFindings(`${HEAD}sites:
  CAS: { type: central, database: { server: cascm } } # want invalid-value
${primary('PS1', 'parent: CAS, ')}${primary('PS2', 'parent: CAS, ')}servers:
${server('cascm', 'CAS')}${server('ps1cm', 'PS1')}${server('ps2cm', 'PS2')}`);
  });

  it('a secondary site without a parent is a missing key, whatever is at it', () => {
    expectFindings(`${HEAD}sites:
${primary('PS1')}  S01: { type: secondary, database: { server: s01cm } } # want missing-key
servers:
${server('ps1cm', 'PS1')}${server('s01cm', 'S01', 'site-server: , sql-server: , reporting-services-point: ')}`);
  });

  it('a site server whose site is misspelt is not missing as well', () => {
    expectFindings(`${HEAD}sites:
${primary('PS1')}servers:
${server('ps1cm', 'PS2').trimEnd()} # want unknown-reference
`);
  });

  it('a misspelt role is not missing as well', () => {
    expectFindings(`${HEAD}sites:
${primary('PS1')}servers:
${server('ps1cm', 'PS1', 'site-servr: , sms-provider: , sql-server: ').trimEnd()} # want unknown-key
`);
  });

  it('a broken server may be the site server', () => {
    expectFindings(`${HEAD}sites:
${primary('PS1')}servers:
  ps1cm:
    site: PS1
    fqdn: "ps1cm.corp.contoso.com # want yaml-syntax
    roles:
      site-server:
      sql-server:
`);
  });

  it('without an edition nothing is said that depends on one', () => {
    expectFindings(`# want missing-key
name: Contoso
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
sites:
${primary('PS1')}${primary('PS2')}servers:
${server('ps1cm', 'PS1')}${server('ps2cm', 'PS2', 'site-server: , sms-provider: , sql-server: , reporting-point: ')}`);
  });

  it('in 2007 the planning documents of current branch do not count', () => {
    expectFindings(`configmgr: 2007
defaults: { os: windows-server-2008, rpcDynamicPorts: 49152-65535 }
sites:
${primary('CEN')}${primary('PS1', 'parent: CEN, ')}  S01: { type: secondary, parent: PS1 }
servers:
${server('cencm', 'CEN')}${server('ps1cm', 'PS1', 'site-server: , sms-provider: , sql-server: , software-update-point: ')}${server('s01cm', 'S01', 'site-server: , fallback-status-point: ')}`);
  });
});

describe('parents that lead round in a circle', () => {
  it('are one mistake', () => {
    const analysis = expectFindings(`${HEAD}sites:
  CAS: { type: central-administration, parent: PS1, database: { server: cascm } } # want site-parent "circle"
${primary('PS1', 'parent: CAS, ')}servers:
${server('cascm', 'CAS')}${server('ps1cm', 'PS1')}`);
    const [fix] = analysis.findings()[0]?.fixes ?? [];
    assert.equal(fix?.title, 'Remove the parent of CAS');
  });
});

describe('a site of the wrong type', () => {
  it('is one mistake, though several things at it and below it do not fit', () => {
    const text = `${HEAD}sites:
  PS1: { type: central-administration, database: { server: ps1cm } }
  S01: { type: secondary, parent: PS1, database: { server: s01cm } }
servers:
${server('ps1cm', 'PS1', 'site-server: , sms-provider: , sql-server: , management-point: ')}${server('s01cm', 'S01', 'site-server: , sql-server: ')}`;
    expectFindings(
      text.replace('ps1cm } }\n  S01', 'ps1cm } } # want site-parent "make it a primary site"\n  S01'),
    );
    expectFindings(applyFix(text, 'site-parent', 'Make PS1 a primary site'));
  });
});

describe('the fixes of a site without a database', () => {
  const text = (sql: string) => `${HEAD}sites:
  PS1: { type: primary }
servers:
${server('ps1cm', 'PS1', `site-server: , sms-provider: ${sql}`)}  sql01:
    roles:
      sql-server:
        instances:
          CM: { port: 14330 }
`;

  it('take the instance that fits', () => {
    const fixed = applyFix(text(''), 'site-database-missing', 'Use instance CM on sql01');
    assert.match(fixed, /PS1: \{ type: primary, database: \{ server: sql01, instance: CM \} \}/);
    expectFindings(fixed);
  });

  it('bring no port into use that something else of the server has', () => {
    const titles = (file: string) =>
      analyse(file)
        .findings()
        .filter(({ code }) => code === 'site-database-missing')
        .flatMap(({ fixes = [] }) => fixes.map(({ title }) => title));
    const use = 'Use instance CM on sql01';
    const add = 'Add SQL Server instance MSSQLSERVER to ps1cm and use it';
    assert.deepEqual(titles(text('')), [use, add]);
    assert.deepEqual(titles(text(', enrollment-point: { httpsPort: 1433 }')), [use]);
    // Only sites with others above or below them replicate over Service Broker.
    const broker = text('').replace('14330', '14330, serviceBrokerPort: 8531');
    const wsus = broker.replace(/(sql01:\n {4}roles:\n)/, '$1      wsus-server:\n');
    const secondary = 'sites:\n  S01: { type: secondary, parent: PS1 }\n';
    assert.deepEqual(titles(wsus), [use, add]);
    assert.ok(titles(broker.replace('sites:\n', secondary)).includes(use));
    assert.ok(!titles(wsus.replace('sites:\n', secondary)).includes(use));
  });

  it('put a new instance on the site server', () => {
    const fixed = applyFix(text(''), 'site-database-missing', 'Add SQL Server instance');
    assert.match(fixed, /database: \{ server: ps1cm \}/);
    expectFindings(fixed);
  });
});

describe('the fixes of roles', () => {
  it('give a server the only site there is', () => {
    const fixed = applyFix(
      `${HEAD}sites:
${primary('PS1')}servers:
${server('ps1cm', 'PS1')}  dp01:
    roles:
      distribution-point:
`,
      'role-needs-site',
      'Set site to PS1',
    );
    assert.match(fixed, /dp01:\n {4}site: PS1\n {4}roles:/);
    expectFindings(fixed);
  });
});

describe('clients that an edition does not know', () => {
  it('are told from those of the editions that do', () => {
    expectFindings(`configmgr: 2007
defaults: { os: windows-server-2003, rpcDynamicPorts: 5001-6000 }
sites:
${primary('PS1')}servers:
${server('ps1cm', 'PS1', 'site-server: , sms-provider: , sql-server: , management-point: ')}clients:
  macs: { site: PS1, kind: mac } # want role-not-in-edition "edition 2007 has no connections of kind mac, editions 2017-03, 2017-09, 2018-09, 2019-11, 2020-06 and 2025-12 do. Remove the group"
`);
  });
});
