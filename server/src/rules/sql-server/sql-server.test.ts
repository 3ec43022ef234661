import assert from 'node:assert/strict';
import { applyFix, expectFindings, showFindings } from '../../../../test/support/rules.ts';
import { analyse } from '../../analysis.ts';

const sql = (instances: string, more = '') => `configmgr: 2017-09
servers:
  sql01:
${more}    roles:
      sql-server:
        instances:
${instances}`;

/** Two instances of one server that hold the databases of sites which replicate. */
const replicating = (first: string, second: string, instances: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
sites:
  CAS: { type: central-administration, database: { server: sql01, instance: ${first} } }
  PS1: { type: primary, parent: CAS, database: { server: sql01, instance: ${second} } }
servers:
  cas01: { site: CAS, roles: { site-server: , sms-provider: } }
  cm01: { site: PS1, roles: { site-server: , sms-provider: } }
  sql01:
    roles:
      sql-server:
        instances:
${instances}`;

describe('sql-static-port', () => {
  it('wants a port for a named instance, in every way to write one without', () => {
    expectFindings(
      sql(`          A: # want sql-static-port "instance A on sql01"
          B: { serviceBrokerPort: 4023 } # want sql-static-port
          C: {} # want sql-static-port
          MSSQLSERVER: { serviceBrokerPort: 4024 }
`),
    );
  });

  it('reports dynamic ports where they are written, once, with or without a port', () => {
    expectFindings(
      sql(`          A: { dynamicPorts: true } # want sql-static-port "give it a fixed port instead"
          B: { port: 1500, serviceBrokerPort: 4023, dynamicPorts: true } # want sql-static-port "so that port 1500 stays"
          MSSQLSERVER: { serviceBrokerPort: 4024, dynamicPorts: true } # want sql-static-port
          C: { port: 1501, serviceBrokerPort: 4025, dynamicPorts: false }
`),
    );
  });

  it('leaves a port that could not be read to the rule about ports', () => {
    expectFindings(sql('          A: { port: 143300 } # want invalid-port\n'));
  });

  it('takes a port above the highest, free on that server and outside its dynamic RPC range', () => {
    const before = sql(`          A: { port: 1436, serviceBrokerPort: 1437 }
          B: { serviceBrokerPort: 4022 }
`);
    assert.equal(applyFix(before, 'sql-static-port'), before.replace('4022 }', '4022, port: 1438 }'));
    const high = sql(
      `          A: { port: 50000 }
          B: { serviceBrokerPort: 4023 }
`,
      '    rpcDynamicPorts: 50001-65535\n',
    );
    assert.match(applyFix(high, 'sql-static-port'), /B: \{ serviceBrokerPort: 4023, port: 1435 \}/);
  });

  it('sets the port of an instance with nothing after its name', () => {
    assert.equal(
      applyFix(sql('          A: # site database\n'), 'sql-static-port'),
      sql('          A: # site database\n            port: 1435\n'),
    );
  });

  const reported = (text: string) =>
    analyse(text)
      .findings()
      .filter(({ code }) => code === 'sql-static-port')
      .map(({ span, fixes = [] }) => [
        text.slice(span.start, span.end),
        ...fixes.map(({ title, safe }) => `${title}${safe ? ', safe' : ''}`),
      ]);

  it('marks the name of the instance, or what is written of dynamic ports, and offers no fix as safe', () => {
    assert.deepEqual(
      reported(
        sql(`          A:
          B: { dynamicPorts: true }
          C: { dynamicPorts: true, port: 1500 }
          D: { dynamicPorts: false }
`),
      ),
      [
        ['A', 'Set port to 1501'],
        ['true', 'Set port to 1501 instead of dynamicPorts'],
        ['true', 'Remove dynamicPorts'],
        ['D', 'Set port to 1501'],
      ],
    );
  });

  it('does not miss the port of an instance or a server that is damaged', () => {
    const text = sql(`          A:
            serviceBrokerPort: 4022
            port: "1435 # want yaml-syntax
          B: { port: 1436, serviceBrokerPort: 4023 }
`);
    expectFindings(text);
    expectFindings(
      `${sql('          A: { serviceBrokerPort: 4022 }\n')}    fqdn: "sql01 # want yaml-syntax\n`,
    );
    expectFindings(
      sql('          A: { serviceBrokerPort: 4022 }\n', '    just some words # want yaml-syntax\n'),
    );
  });

  it('leaves the fix away where dynamicPorts comes from elsewhere', () => {
    const text = (port: string) =>
      sql(`          A: { <<: *a, serviceBrokerPort: 4022${port} }\n`).replace(
        'servers:',
        'shared: &a { dynamicPorts: true }\nservers:',
      );
    assert.deepEqual(reported(text('')), [['true']]);
    assert.deepEqual(reported(text(', port: 1500')), [['true']]);
  });

  it('is silent where the name is nearly that of the default instance, for which a site asks', () => {
    const site = (name: string, server: string, instance: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
sites:
  PS1: { type: primary, database: { server: ${server}${name ? `, instance: ${name}` : ''} } }
servers:
  cm01: { site: PS1, roles: { site-server: , sms-provider: } }
  sql02: { roles: { sql-server: { instances: { MSSQLSERVER: } } } }
  sql01: { roles: { sql-server: { instances: { ${instance}: { serviceBrokerPort: 4022 } } } } }
`;
    const codes = (text: string) =>
      analyse(text)
        .findings()
        .map(({ code }) => code)
        .filter((code) => ['sql-static-port', 'unknown-reference'].includes(code));
    assert.deepEqual(codes(site('MSSQLSERVER', 'sql01', 'MSSQLSERVR')), ['unknown-reference']);
    // Another server is asked for it, another instance is asked for, or the name is not near.
    assert.deepEqual(codes(site('MSSQLSERVER', 'sql02', 'MSSQLSERVR')), ['sql-static-port']);
    assert.deepEqual(codes(site('CM', 'sql01', 'MSSQLSERVR')), ['unknown-reference', 'sql-static-port']);
    assert.deepEqual(codes(site('MSSQLSERVER', 'sql01', 'CM')), ['unknown-reference', 'sql-static-port']);
  });

  it('gives no port that something else of the server has', () => {
    assert.deepEqual(
      reported(
        `${sql('          A:\n', '    proxy: { server: sql01, port: 1435 }\n')}availabilityGroups: { AG: { endpointPort: 1436, replicas: [{ server: sql01, instance: A }] } }\n`,
      ),
      [['A', 'Set port to 1437']],
    );
    const dynamic = (port: number) =>
      sql(`          A: { dynamicPorts: true, port: 1500 }\n          B: { port: ${port} }\n`);
    assert.deepEqual(reported(dynamic(1501)), [['true', 'Remove dynamicPorts']]);
    assert.deepEqual(reported(dynamic(1500)), [['true']]);
  });

  it('removes dynamicPorts where the port is there', () => {
    assert.equal(
      applyFix(sql('          A: { port: 1500, dynamicPorts: true } # x\n'), 'sql-static-port'),
      sql('          A: { port: 1500 } # x\n'),
    );
  });
});

describe('sql-port-conflict', () => {
  it('reports each instance after the first, and offers ports that do not collide either', () => {
    const text = sql(`          A: { port: 1500, serviceBrokerPort: 4022 }
          B: { port: 1500, serviceBrokerPort: 4023 }
          C: { port: 1500, serviceBrokerPort: 4024 }
`);
    assert.equal(analyse(text).findings().length, 2, showFindings(analyse(text)));
    const once = applyFix(text, 'sql-port-conflict');
    const twice = applyFix(once, 'sql-port-conflict');
    assert.equal(
      twice,
      sql(`          A: { port: 1500, serviceBrokerPort: 4022 }
          B: { port: 1501, serviceBrokerPort: 4023 }
          C: { port: 1502, serviceBrokerPort: 4024 }
`),
    );
    assert.deepEqual(analyse(twice).findings(), []);
  });

  it('finds a port that is the Service Broker port of another instance', () => {
    expectFindings(
      replicating(
        'MSSQLSERVER',
        'B',
        `          MSSQLSERVER:
          B: { port: 4022, serviceBrokerPort: 4023 } # want sql-port-conflict "the Service Broker port (by default) of instance MSSQLSERVER and the port of instance B"
`,
      ),
    );
  });

  it('points at the port that somebody wrote rather than at a default', () => {
    expectFindings(
      replicating(
        'B',
        'MSSQLSERVER',
        `          B: { port: 1500, serviceBrokerPort: 4022 } # want sql-port-conflict "serviceBrokerPort: 4023"
          MSSQLSERVER:
`,
      ),
    );
  });

  it('is quiet about a Service Broker port that no site replicates over', () => {
    expectFindings(
      sql(`          MSSQLSERVER:
          WSUS: { port: 1435 }
`),
    );
  });

  it('is quiet about instances of different servers', () => {
    expectFindings(`configmgr: 2017-09
servers:
  a: { roles: { sql-server: { instances: { MSSQLSERVER: } } } }
  b: { roles: { sql-server: { instances: { MSSQLSERVER: } } } }
`);
  });

  it('does not guess the port of an instance that picks its own or is unreadable', () => {
    expectFindings(
      sql(`          A: { port: 1500, dynamicPorts: true } # want sql-static-port
          B: { port: 1500, serviceBrokerPort: 4023 }
          C: { port: 1501, serviceBrokerPort: x } # want wrong-type
`),
    );
  });
});

const sites = (rest: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
${rest}`;

const roles = `  cas01: { site: CAS, roles: { site-server: } }
  cm01: { site: PS1, roles: { site-server: } }
`;

describe('sql-shared-instance', () => {
  it('finds the implied default instance of a server, however the site names it', () => {
    expectFindings(
      sites(`sites:
  CAS: { type: central-administration, database: { server: sql01 } }
  PS1: { type: primary, parent: CAS, database: { server: SQL01, instance: mssqlserver } } # want sql-shared-instance "CAS and PS1 are both in instance MSSQLSERVER on sql01"
servers:
${roles}  sql01: { roles: { sql-server: } }
`),
    );
  });

  it('finds an instance that one site uses through an availability group', () => {
    expectFindings(
      sites(`sites:
  CAS: { type: central-administration, database: { availabilityGroup: AG } }
  PS1: { type: primary, parent: CAS, database: { server: sql02 } } # want sql-shared-instance "on sql02"
servers:
${roles}  sql01: { roles: { sql-server: } }
  sql02: { roles: { sql-server: { instances: { MSSQLSERVER: } } } }
availabilityGroups:
  AG: { listener: { name: cmdb, addresses: [10.99.0.9] }, replicas: [{ server: sql01 }, { server: sql02 }] }
`),
    );
  });

  it('does not take a misspelt instance for the default one', () => {
    expectFindings(
      sites(`sites:
  CAS: { type: central-administration, database: { server: sql01 } }
  PS1: { type: primary, parent: CAS, database: { server: sql01, instnce: PS1 } } # want unknown-key
servers:
${roles}  sql01: { roles: { sql-server: { instances: { MSSQLSERVER: , PS1: { port: 1435, serviceBrokerPort: 4023 } } } } }
`),
    );
  });

  it('says nothing about an instance or a server that is not there', () => {
    expectFindings(
      sites(`sites:
  CAS: { type: central-administration, database: { server: sql01, instance: NONE } }
  PS1: { type: primary, parent: CAS, database: { server: sql01, instance: NONE } }
servers:
${roles}  sql01: { roles: { sql-server: { instances: { CM: { port: 1500 } } } } }
`),
      { only: ['sql-shared-instance'] },
    );
  });
});

describe('sql-browser', () => {
  for (const edition of ['2007', '2025-12'])
    it(`says nothing in ${edition}, whose list does not call it needless`, () => {
      expectFindings(
        `configmgr: ${edition}\nservers:\n  sql01: { roles: { sql-server: { browser: true } } }\n`,
      );
    });

  it('says nothing about browser: false, nor without an edition', () => {
    const text = (edition: string, browser: boolean) =>
      `configmgr: ${edition}\nservers:\n  sql01: { roles: { sql-server: { browser: ${browser} } } }\n`;
    expectFindings(text('2017-09', false));
    expectFindings(text('2016', true), { only: ['sql-browser'] });
  });

  it('is removed with its line, and from braces', () => {
    const before = 'configmgr: 2017-03\nservers:\n  sql01: { roles: { sql-server: { browser: true } } }\n';
    const after = applyFix(before, 'sql-browser');
    assert.match(after, /sql-server: \{\s*\}/);
    assert.deepEqual(analyse(after).findings(), []);
  });
});

const group = (ports: readonly string[], more = '') => `configmgr: 2025-12
servers:
${ports.map((port, index) => `  sql${index}: { roles: { sql-server: { instances: { CM: { ${port} } } } } }\n`).join('')}availabilityGroups:
  AG:
    listener: { name: cmdb, addresses: [10.99.0.9] }
    replicas: [${ports.map((_, index) => `{ server: sql${index}, instance: CM }`).join(', ')}]
${more}`;

describe('sql-availability-group-ports', () => {
  it('points at the replica that differs from most', () => {
    const text = group(['port: 1500', 'port: 1501', 'port: 1501']);
    const analysis = analyse(text);
    assert.equal(
      showFindings(analysis),
      '3: sql-availability-group-ports The replicas of availability group AG have different ports: instance CM on sql0 has 1500, sql1 and sql2 have 1501. Give all the same',
    );
    assert.equal(
      applyFix(text, 'sql-availability-group-ports'),
      group(['port: 1501', 'port: 1501', 'port: 1501']),
    );
  });

  it('gives a replica no port that something else of its server has', () => {
    const fixes = (other: string) =>
      analyse(group(['port: 1500', `port: 1501 }, B: { ${other}`, 'port: 1500']))
        .findings()
        .filter(({ code }) => code === 'sql-availability-group-ports')
        .flatMap(({ fixes = [] }) => fixes.map(({ title }) => title));
    assert.deepEqual(fixes('port: 1502'), ['Set port of CM on sql1 to 1500']);
    assert.deepEqual(fixes('port: 1500'), []);
  });

  it('compares the Service Broker ports too', () => {
    const text = group(['port: 1500', 'port: 1500, serviceBrokerPort: 4100']);
    assert.match(showFindings(analyse(text)), /different Service Broker ports/);
  });

  it('is quiet about replicas that are not in the file or have no port yet', () => {
    expectFindings(group(['port: 1500', 'serviceBrokerPort: 4022']), {
      only: ['sql-availability-group-ports'],
    });
  });
});

describe('sql-load-balancer', () => {
  const both = ['port: 1500', 'port: 1500'];
  it('counts ranges, and asks for the port of the replicas rather than for 1433', () => {
    expectFindings(
      group(both, '    loadBalancer: azure-external\n    loadBalancerPorts: [100-500, 1500, 4022]\n'),
    );
    expectFindings(
      group(
        both,
        '    loadBalancer: azure-external\n    loadBalancerPorts: [100-500, 1433, 4022] # want sql-load-balancer "no rule for TCP 1500 (SQL Server)"\n',
      ),
    );
  });

  it('is quiet without a load balancer', () => {
    expectFindings(group(both, '    loadBalancerPorts: [1]\n'));
  });

  for (const [before, after] of [
    ['[1500, 4022]', '[1500, 4022, 445, 135]'],
    ['1500', '[1500, 4022, 445, 135]'],
    ['[]', '[1500, 4022, 445, 135]'],
    [
      '\n      - 1500 # SQL\n      - 4022 # broker',
      '\n      - 1500 # SQL\n      - 4022 # broker\n      - 445\n      - 135',
    ],
  ] as const)
    it(`adds to ${JSON.stringify(before)}`, () => {
      const text = (ports: string) =>
        group(both, `    loadBalancer: azure-internal\n    loadBalancerPorts: ${ports}\n`);
      assert.equal(applyFix(text(before), 'sql-load-balancer'), text(after));
    });
});

describe('sql-secondary-local', () => {
  const secondary = (database: string) =>
    sites(`sites:
  PS1: { type: primary, database: { server: cm01 } }
  S01: { type: secondary, parent: PS1, database: ${database} }
servers:
  cm01: { site: PS1, roles: { site-server: , sql-server: } }
  sec01: { site: S01, roles: { site-server: , sql-server: { instances: { SQLEXPRESS: { port: 1500, edition: express } } } } }
  sec02: { roles: { sql-server: } }
availabilityGroups:
  AG: { listener: { name: cmdb, addresses: [10.99.0.9] }, replicas: [{ server: sec02 }, { server: sec02 }] }
`);

  it('is quiet about the site server itself, in any case of letters', () => {
    expectFindings(secondary('{ server: SEC01, instance: SQLEXPRESS }'));
  });

  it('reports another server, and an availability group', () => {
    expectFindings(
      secondary('{ server: sec02 }').replace(
        'sec02 } }\n',
        'sec02 } } # want sql-secondary-local "must be on its site server sec01"\n',
      ),
    );
    expectFindings(
      secondary('{ availabilityGroup: AG }').replace(
        'AG } }\n',
        'AG } } # want sql-secondary-local "is in availability group AG"\n',
      ),
    );
  });

  it('is the only finding where the database is in the instance of the primary site', () => {
    expectFindings(
      secondary('{ server: cm01 }').replace(
        'cm01 } }\n  S01',
        'cm01 } }\n  # want sql-secondary-local\n  S01',
      ),
      { only: ['sql-secondary-local', 'sql-shared-instance'] },
    );
  });

  it('says nothing about a server that is not in the file', () => {
    expectFindings(secondary('{ server: sec03 }'), { only: ['sql-secondary-local'] });
  });
});

describe('sql-edition', () => {
  it('reports Express once at the instance, also in an availability group', () => {
    const text = group(['port: 1500, edition: express', 'port: 1500, edition: express']).replace(
      'servers:',
      'sites:\n  PS1: { type: primary, database: { availabilityGroup: AG } }\nservers:',
    );
    const lines = showFindings(analyse(text))
      .split('\n')
      .filter((line) => line.includes('sql-edition'));
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? '', /^5: .*primary site PS1/);
  });

  it('is quiet about Express that holds no site database', () => {
    expectFindings(sql('          WSUS: { port: 1500, edition: express }\n'));
  });
});
