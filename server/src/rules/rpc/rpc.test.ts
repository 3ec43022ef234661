import assert from 'node:assert/strict';
import { applyFix, expectFindings } from '../../../../test/support/rules.ts';
import { analyse } from '../../analysis.ts';
import { fixAll } from '../../fix-all.ts';

const site = (head: string, cm01: string, dp01: string) => `configmgr: 2017-09
${head}sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
${cm01}    roles: { site-server: , sql-server: }
  dp01:
    site: PS1
${dp01}    roles: { distribution-point: }
`;
const RANGE = '    rpcDynamicPorts: 49152-65535\n';

describe('rpc-range-unset', () => {
  it('reports the servers that are called in one finding, at the name of the first', () => {
    const text = site('', '', '').replace('distribution-point', 'management-point');
    const { findings } = analyse(text);
    assert.deepEqual(
      findings().map(({ code, span }) => `${code} ${text.slice(span.start, span.end)}`),
      ['rpc-range-unset cm01'],
    );
  });

  it('is quiet where the server or defaults set the range, or the edition is not known', () => {
    expectFindings(site('', RANGE, RANGE));
    expectFindings(site('defaults: { rpcDynamicPorts: 49152-65535 }\n', '', ''));
    expectFindings(site('', '', '').replace('2017-09', '2016'), { only: ['rpc-range-unset'] });
  });

  it('is quiet about a server that nobody calls over RPC', () => {
    expectFindings('configmgr: 2017-09\nservers:\n  sql01: { roles: { sql-server: } }\n');
  });

  it('leaves a range that could not be read to the rule about ports', () => {
    expectFindings(site('', RANGE, '    rpcDynamicPorts: 65535-49152 # want invalid-port\n'));
    expectFindings(site('defaults: { rpcDynamicPorts: all } # want wrong-type\n', '', ''));
  });

  it('offers the range of the operating system, on the server above its roles and in defaults', () => {
    const text = site('name: Contoso\n\n', RANGE, '    os: windows-server-2003\n');
    assert.equal(
      applyFix(text, 'rpc-range-unset', 'of dp01 to 1024-5000 (the range of windows-server-2003)'),
      site('name: Contoso\n\n', RANGE, '    os: windows-server-2003\n    rpcDynamicPorts: 1024-5000\n'),
    );
    assert.equal(
      applyFix(text, 'rpc-range-unset', 'in defaults'),
      site(
        'name: Contoso\ndefaults:\n  rpcDynamicPorts: 1024-5000\n\n',
        RANGE,
        '    os: windows-server-2003\n',
      ),
    );
  });

  it('uses the defaults that are there, and says so where the system is not known', () => {
    const text = (defaults: string) => site(`defaults: {${defaults}}\n`, RANGE, '');
    assert.equal(
      applyFix(text(' os: windows-server-2019 '), 'rpc-range-unset', 'in defaults'),
      text(' os: windows-server-2019, rpcDynamicPorts: 49152-65535 '),
    );
    assert.equal(
      applyFix(site('defaults:\n', RANGE, ''), 'rpc-range-unset', 'in defaults'),
      site('defaults:\n  rpcDynamicPorts: 49152-65535\n', RANGE, ''),
    );
    assert.equal(
      applyFix(site('', RANGE, ''), 'rpc-range-unset', 'its os is not known'),
      site('', RANGE, RANGE),
    );
  });

  it('does not offer the range of one old server as the default of newer ones', () => {
    const text = site('defaults: { os: windows-server-2019 }\n', RANGE, '    os: windows-server-2003\n');
    assert.throws(() => applyFix(text, 'rpc-range-unset', 'in defaults'), /has no fix/);
  });

  it('finds a place for the range where the whole file is in braces', () => {
    const text =
      '{ configmgr: 2017-09, sites: { PS1: { type: primary, database: { server: a } } }, servers: { a: { site: PS1, roles: { site-server: , sql-server: , console: } }, b: { site: PS1, roles: { management-point: } } } }\n';
    const after = applyFix(text, 'rpc-range-unset', 'in defaults');
    assert.match(after, /^\{ configmgr: 2017-09, defaults: \{ rpcDynamicPorts: 49152-65535 \}, sites/);
    expectFindings(after, { only: ['rpc-range-unset', 'yaml-syntax'] });
  });
});

describe('rpc-range-unset, of clients', () => {
  const clients = (...groups: string[]) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 50000-50255 }
sites:
  PS1: { type: primary, database: { server: cm1 } }
servers:
  cm1: { site: PS1, roles: { site-server: , sms-provider: , sql-server: , management-point: } }
clients:
${groups.map((group) => `  ${group}\n`).join('')}`;
  const only = { only: ['rpc-range-unset'] };
  const push = 'installation: [client-push]';

  it('is one finding for all groups without a system, and takes nothing from defaults', () => {
    const text = clients(
      `a: { site: PS1, ${push} } # want rpc-range-unset "Clients of a, b and d are reached over dynamic RPC (for example by cm1), and nothing says on which ports"`,
      `b: { site: PS1, ${push} }`,
      `c: { site: PS1, os: windows-10, ${push} }`,
      `d: { site: PS1, ${push} }`,
      'e: { site: PS1, installation: [manual] }',
      `f: { site: PS1, rpcDynamicPorts: 50000-50255, ${push} }`,
    );
    expectFindings(text, only);
    const plain = text.replace(/ # want.*/, '');
    const mended = applyFix(plain, 'rpc-range-unset', 'windows-11');
    assert.equal(mended.match(/os: windows-11/g)?.length, 3);
    expectFindings(mended);
    const ranged = applyFix(plain, 'rpc-range-unset', 'rpcDynamicPorts');
    assert.equal(ranged.match(/rpcDynamicPorts: 49152-65535/g)?.length, 3);
    expectFindings(ranged);
  });

  it('asks for the range where the system has none that is known', () => {
    const text = clients(
      `a: { site: PS1, os: other, ${push} } # want rpc-range-unset "their os does not say"`,
    );
    expectFindings(text, only);
    expectFindings(applyFix(text.replace(/ # want.*/, ''), 'rpc-range-unset'), only);
  });

  it('sets once what an alias repeats, and is silent where the system could not be read', () => {
    const shared = clients(`a: &one { site: PS1, ${push} }`, 'b: *one');
    assert.equal(applyFix(shared, 'rpc-range-unset', 'windows-11').match(/windows-11/g)?.length, 1);
    expectFindings(clients(`a: { site: PS1, oss: windows-10, ${push} }`), only);
    expectFindings(clients(`a: { site: PS1, os: windows-12, ${push} }`), only);
  });
});

const servers = (head: string, ...lines: string[]) => `configmgr: 2017-09
${head}servers:
${lines.map((line, index) => `  s${index}: ${line}\n`).join('')}`;

describe('rpc-range-os', () => {
  it('compares the range with the system of the server, or of defaults', () => {
    expectFindings(
      servers(
        'defaults: { os: windows-server-2019 }\n',
        '{ rpcDynamicPorts: 1024-5000 } # want rpc-range-os "s0"',
        '{ rpcDynamicPorts: 49152-65535 }',
        '{ os: windows-server-2003, rpcDynamicPorts: 49152-65535 } # want rpc-range-os "set 1024-5000"',
        '{ os: other, rpcDynamicPorts: 1024-5000 }',
        '{ rpcDynamicPorts: 6000-7000 }',
      ),
    );
  });

  it('reports a wrong range in defaults once, there, and mends it safely', () => {
    const text = (range: string) =>
      servers(
        `defaults:\n  os: windows-server-2019\n  rpcDynamicPorts: ${range} # all\n`,
        '{ os: windows-10 }',
        '{ description: x }',
      );
    expectFindings(text('1024-5000').replace('# all', '# want rpc-range-os "in defaults is 1024-5000"'));
    assert.equal(fixAll(text('1024-5000')), text('49152-65535'));
  });

  it('does not change defaults unasked where a server relies on them', () => {
    const text = servers(
      'defaults: { os: windows-server-2019, rpcDynamicPorts: 1024-5000 }\n',
      '{ os: windows-server-2003 }',
    );
    assert.equal(analyse(text).findings().length, 1);
    assert.equal(fixAll(text), text);
  });

  it('reports the defaults where every server that inherits them has another system', () => {
    expectFindings(
      servers(
        'defaults: { rpcDynamicPorts: 1024-5000 } # want rpc-range-os\n',
        '{ os: windows-server-2016 }',
        '{ os: windows-server-2019 }',
      ),
    );
  });

  it('reports a single old server at its system, and gives it a range of its own', () => {
    const text = servers(
      'defaults: { rpcDynamicPorts: 49152-65535 }\n',
      '{ os: windows-server-2016 }',
      '{ os: windows-xp }',
    );
    expectFindings(text.replace('xp }', 'xp } # want rpc-range-os "set 1024-5000 on s1"'));
    assert.equal(fixAll(text), text.replace('xp }', 'xp, rpcDynamicPorts: 1024-5000 }'));
  });
});

describe('rpc-range-small', () => {
  for (const [range, message] of [
    ['5001-5099', 'has 99 ports, but at least 100 are needed: use a range such as 5001-5100'],
    ['5000-6000', 'begins at 5000, below 5001'],
    ['5000-5010', 'has 11 ports, but at least 100 are needed, and begins at 5000'],
    ['65530-65535', 'use a range such as 65436-65535'],
    ['6000-6000', 'has 1 port, but'],
  ] as const)
    it(`finds ${range} too small or too low`, () => {
      expectFindings(servers('', `{ rpcDynamicPorts: ${range} } # want rpc-range-small "${message}"`));
    });

  for (const range of ['5001-5100', '1024-5000', '49152-65535'])
    it(`is content with ${range}`, () => {
      expectFindings(servers('', `{ rpcDynamicPorts: ${range} }`));
    });

  it('looks at defaults too', () => {
    expectFindings(
      servers('defaults: { rpcDynamicPorts: 6000-6010 } # want rpc-range-small "of defaults"\n', ''),
    );
  });
});

describe('rpc-range-overlap', () => {
  const sql = (port: number) => `roles: { sql-server: { instances: { CM: { port: ${port} } } } }`;

  it('reports the range of the server, with all the ports inside it', () => {
    expectFindings(
      servers(
        '',
        '{ rpcDynamicPorts: 8000-9000, roles: { wsus-server: } } # want rpc-range-overlap "covers 8530 (wsus-server (HTTP)) and 8531 (wsus-server (HTTPS))"',
        '{ rpcDynamicPorts: 8000-8529, roles: { wsus-server: } }',
      ),
    );
  });

  it('reports the port where the range comes from defaults', () => {
    const text = servers(
      'defaults: { rpcDynamicPorts: 49152-65535 }\n',
      `{ ${sql(50001)} } # want rpc-range-overlap "s0 listens on 50001 (SQL Server instance CM)"`,
      `{ ${sql(1500)} }`,
    );
    const analysis = expectFindings(text);
    const [finding] = analysis.findings();
    assert.equal(analysis.text.slice(finding?.span.start, finding?.span.end), '50001');
  });

  it('knows the ports that the catalog gives to a role', () => {
    const text = site('', '    rpcDynamicPorts: 5001-20000\n', RANGE).replace(
      'sql-server: }',
      'sql-server: , management-point: }',
    );
    const client = `${text}clients:\n  c: { site: PS1, features: [client-notification] }\n`;
    const [finding, ...rest] = analyse(client).findings();
    assert.deepEqual(rest, []);
    assert.match(finding?.message ?? '', /10123/);
  });

  it('does not ask for the impossible on a system before Windows Vista', () => {
    expectFindings(
      servers(
        'defaults: { os: windows-server-2003, rpcDynamicPorts: 1024-5000 }\n',
        '{ roles: { sql-server: { instances: { MSSQLSERVER: } } } }',
        `{ ${sql(2000)} } # want rpc-range-overlap "2000"`,
      ),
    );
  });
});

describe('rules about RPC beside another mistake', () => {
  const called = (head: string) => site(head, '', '');

  it('stay silent about servers while the defaults are misspelt or half typed', () => {
    expectFindings(called('defaults: { rpcDynamicPort: 49152-65535 } # want unknown-key\n'));
    for (const typing of [
      'defaults:\n  rpcDynamicPorts\n',
      'defaults:\n  rpcDynamicPorts 49152-65535\n',
      'defaults: { rpcDynamicPorts: 49152-65535\n',
      'defaults\n  rpcDynamicPorts: 49152-65535\n',
      'defaults:\n  os: windows-server-2016\n\trpcDynamicPorts: 49152-65535\n',
    ]) {
      const codes = analyse(called(typing))
        .findings()
        .map(({ code }) => code);
      assert.equal(codes.length, 1, `${typing}${codes}`);
      assert.match(codes[0] ?? '', /yaml-syntax|wrong-type/);
    }
  });

  it('do not compare with the default system where the server has a misspelt one', () => {
    expectFindings(
      servers(
        'defaults: { os: windows-server-2016 }\n',
        '{ os: windows-server-203, rpcDynamicPorts: 1024-5000 } # want invalid-value',
      ),
    );
  });

  it('do not count the default range for a server whose own cannot be read', () => {
    expectFindings(
      servers(
        'defaults: { rpcDynamicPorts: 8000-9000 }\n',
        '{ rpcDynamicPort: 10000-20000, roles: { wsus-server: { httpPort: 8530 } } } # want unknown-key',
      ),
    );
  });

  it('report a range of the wrong generation once, whatever ports it covers', () => {
    expectFindings(
      servers(
        '',
        '{ os: windows-server-2016, rpcDynamicPorts: 1024-5000, roles: { sql-server: { instances: { MSSQLSERVER: } } } } # want rpc-range-os',
      ),
    );
  });
});
