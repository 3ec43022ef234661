import assert from 'node:assert/strict';
import { applyFix, expectFindings } from '../../../../test/support/rules.ts';
import { analyse } from '../../analysis.ts';

const wsus = (options: string) => `configmgr: 2017-09
servers:
  wsus01:
    roles:
      wsus-server: ${options}
`;

describe('wsus-port-pair', () => {
  for (const pair of [
    '{}',
    '{ httpPort: 8530 }',
    '{ httpsPort: 8531 }',
    '{ httpPort: 80, httpsPort: 443 }',
    '{ httpPort: 9000, httpsPort: 9001 }',
    '{ httpPort: 65534, httpsPort: 65535 }',
    '{ httpPort: 79, httpsPort: 80 }',
    '{ ssl: true }',
  ])
    it(`is quiet about ${pair}`, () => {
      expectFindings(wsus(pair));
    });

  for (const [pair, message] of [
    ['{ httpPort: 8530, httpsPort: 8530 }', 'HTTPS port 8530 must be 8531 (HTTP port 8530 + 1)'],
    [
      '{ httpPort: 8530, httpsPort: 8532 }',
      'wsus-server on wsus01: HTTPS port 8532 must be 8531 (HTTP port 8530 + 1)',
    ],
    ['{ httpPort: 80, httpsPort: 81 }', 'HTTPS port 81 must be 443 (HTTP port 80 pairs with 443 only)'],
    ['{ httpPort: 80 }', 'HTTPS port 8531, the default, must be 443'],
    ['{ httpsPort: 443 }', 'HTTPS port 443 must be 8531 (HTTP port 8530 + 1; 8530 is the default)'],
    [
      '{ httpPort: 442, httpsPort: 443 }',
      'no HTTPS port goes with HTTP port 442; HTTPS port 443 needs HTTP port 80',
    ],
    ['{ httpPort: 65535, httpsPort: 443 }', 'no HTTPS port goes with HTTP port 65535'],
    ['{ httpPort: 9000, httpsPort: 80 }', 'HTTPS port 80 must be 9001 (HTTP port 9000 + 1)'],
    ['{ httpPort: 442, httpsPort: 444 }', 'no HTTPS port goes with HTTP port 442'],
  ] as const)
    it(`says what is wrong with ${pair}`, () => {
      expectFindings(`${wsus(pair).trimEnd()} # want wsus-port-pair "${message}"\n`);
    });

  it('names the software update point and its server as the contract does', () => {
    expectFindings(
      `configmgr: 2017-09
servers:
  cm01:
    roles:
      software-update-point: { httpPort: 8530, httpsPort: 8532 } # want wsus-port-pair "software-update-point on cm01: HTTPS port 8532 must be 8531 (HTTP port 8530 + 1)"
`,
      { only: ['wsus-port-pair'] },
    );
  });

  it('leaves a port that could not be read to the rule about ports', () => {
    expectFindings(wsus('{ httpPort: 8530, httpsPort: 85320 } # want invalid-port'));
    expectFindings(wsus('{ httpPort: none, httpsPort: 8532 } # want wrong-type'));
  });

  it('does not put the default in place of a misspelt port', () => {
    expectFindings(wsus('{ httpPort: 9000, htpsPort: 9001 } # want unknown-key'));
  });

  it('sets HTTPS, or HTTP, and keeps comment and layout', () => {
    const before = wsus('{  httpPort: 8530 ,httpsPort:   8532 } # custom');
    assert.equal(
      applyFix(before, 'wsus-port-pair', 'httpsPort'),
      wsus('{  httpPort: 8530 ,httpsPort:   8531 } # custom'),
    );
    assert.equal(
      applyFix(before, 'wsus-port-pair', 'httpPort'),
      wsus('{  httpPort: 8531 ,httpsPort:   8532 } # custom'),
    );
  });

  const fixesOf = (options: string, more = '') =>
    analyse(wsus(options) + more)
      .findings()
      .filter(({ code }) => code === 'wsus-port-pair')
      .flatMap(({ fixes }) => fixes ?? [])
      .map(({ title, safe }) => `${title}${safe ? ', safe' : ''}`);

  it('offers each port that makes a pair, and no port where none does', () => {
    assert.deepEqual(fixesOf('{ httpPort: 9000, httpsPort: 9002 }'), [
      'Set httpsPort to 9001',
      'Set httpPort to 9001',
    ]);
    assert.deepEqual(fixesOf('{ httpPort: 442, httpsPort: 443 }'), ['Set httpPort to 80']);
    assert.deepEqual(fixesOf('{ httpPort: 8530, httpsPort: 80 }'), [
      'Set httpsPort to 8531, safe',
      'Set httpPort to 79',
    ]);
    assert.deepEqual(fixesOf('{ httpPort: 8530, httpsPort: 1 }'), ['Set httpsPort to 8531, safe']);
    assert.deepEqual(fixesOf('{ httpPort: 8530, httpsPort: 2 }'), [
      'Set httpsPort to 8531, safe',
      'Set httpPort to 1',
    ]);
    assert.deepEqual(fixesOf('{ httpPort: 65535, httpsPort: 1 }'), []);
    assert.deepEqual(
      analyse(wsus('{ httpPort: 65535, httpsPort: 1 }'))
        .findings()
        .map(({ message }) => message),
      ['wsus-server on wsus01: no HTTPS port goes with HTTP port 65535'],
    );
  });

  it('offers to swap two that are the wrong way round, and then nothing as safe', () => {
    const before = '{ httpPort: 8531, httpsPort: 8530 }';
    assert.deepEqual(fixesOf(before), [
      'Swap the two: httpPort 8530, httpsPort 8531',
      'Set httpsPort to 8532',
      'Set httpPort to 8529',
    ]);
    assert.equal(applyFix(wsus(before), 'wsus-port-pair'), wsus('{ httpPort: 8530, httpsPort: 8531 }'));
    assert.deepEqual(fixesOf('{ httpPort: 443, httpsPort: 80 }'), [
      'Swap the two: httpPort 80, httpsPort 443',
      'Set httpsPort to 444',
      'Set httpPort to 79',
    ]);
    // 80 is the port of the default website, so that 81 and 80 are no pair the other way round either.
    assert.deepEqual(fixesOf('{ httpPort: 81, httpsPort: 80 }'), [
      'Set httpsPort to 82',
      'Set httpPort to 79',
    ]);
  });

  it('sets HTTPS safely only where HTTP has a port that WSUS is known to have', () => {
    assert.deepEqual(fixesOf('{ httpPort: 80, httpsPort: 9000 }').slice(0, 1), [
      'Set httpsPort to 443, safe',
    ]);
    assert.deepEqual(fixesOf('{ httpPort: 9000, httpsPort: 9002 }').slice(0, 1), ['Set httpsPort to 9001']);
  });

  it('does not set safely a port inside the dynamic RPC range', () => {
    const range = (to: string) => `    rpcDynamicPorts: ${to}\n`;
    assert.deepEqual(fixesOf('{ httpPort: 8530, httpsPort: 9000 }', range('8000-9000')).slice(0, 1), [
      'Set httpsPort to 8531',
    ]);
    assert.deepEqual(fixesOf('{ httpPort: 8530, httpsPort: 9000 }', range('10000-11000')).slice(0, 1), [
      'Set httpsPort to 8531, safe',
    ]);
  });

  it('sets no port that something else of the server has, and makes no pair of one that is', () => {
    const sql = (port: number) => `      sql-server: { instances: { CM: { port: ${port} } } }\n`;
    assert.deepEqual(fixesOf('{ httpsPort: 80 }', sql(8531)), ['Set httpPort to 79']);
    // The rule of such conflicts waits until the two are a pair.
    assert.deepEqual(fixesOf('{ httpsPort: 80 }', sql(8530)), ['Set httpPort to 79']);
    assert.deepEqual(fixesOf('{ httpsPort: 8532 }', sql(8531)), []);
    assert.deepEqual(fixesOf('{ httpPort: 8531, httpsPort: 8530 }', sql(8531)), ['Set httpPort to 8529']);
    assert.deepEqual(fixesOf('{ httpsPort: 80 }', sql(8532)), [
      'Set httpsPort to 8531, safe',
      'Set httpPort to 79',
    ]);
    for (const other of [
      '    proxy: { server: wsus01, port: 8531 }\n',
      'clients: { pcs: { proxy: { server: wsus01, port: 8531 } } }\n',
      '      sql-server:\navailabilityGroups: { AG: { endpointPort: 8531, replicas: [{ server: wsus01 }] } }\n',
      '      management-point:\n    site: PS1\nsites: { PS1: { type: primary, clientPorts: { notification: 8531 } } }\n',
    ]) {
      assert.deepEqual(fixesOf('{ httpPort: 8530, httpsPort: 1 }', other), [], other);
      assert.deepEqual(
        fixesOf('{ httpPort: 8530, httpsPort: 1 }', other.replace('8531', '8532')),
        ['Set httpsPort to 8531, safe'],
        other,
      );
    }
    // WSUS can be part of the default website, and both of its roles are one WSUS.
    assert.deepEqual(
      fixesOf('{ httpPort: 80, httpsPort: 81 }', '      enrollment-point: { httpsPort: 443 }\n'),
      ['Set httpsPort to 443, safe'],
    );
    assert.deepEqual(fixesOf('{ httpPort: 8530, httpsPort: 1 }', '      software-update-point:\n'), [
      'Set httpsPort to 8531, safe',
    ]);
  });

  it('sets nothing safely where no edition says what listens', () => {
    const text = wsus('{ httpPort: 8530, httpsPort: 1 }').replace('2017-09', '2016');
    const [finding] = analyse(text)
      .findings()
      .filter(({ code }) => code === 'wsus-port-pair');
    assert.deepEqual(
      finding?.fixes?.map(({ safe }) => safe),
      [false],
    );
  });

  it('shows the HTTP port beside the HTTPS port that it does not fit', () => {
    const related = (options: string) => {
      const { text, findings } = analyse(wsus(options));
      return findings().map(({ span, related = [] }) => [
        text.slice(span.start, span.end),
        ...related.map((one) => `${one.message} <${text.slice(one.span.start, one.span.end)}>`),
      ]);
    };
    assert.deepEqual(related('{ httpPort: 8530, httpsPort: 9000 }'), [['9000', 'HTTP port 8530 <8530>']]);
    assert.deepEqual(related('{ httpPort: 80 }'), [['80']]);
    assert.deepEqual(related('{ httpsPort: 443 }'), [['443']]);
  });

  it('inserts the port that is not written, in block style too', () => {
    assert.equal(
      applyFix(wsus('{ httpPort: 80 }'), 'wsus-port-pair', 'httpsPort'),
      wsus('{ httpPort: 80, httpsPort: 443 }'),
    );
    assert.equal(
      applyFix(wsus('\n        httpsPort: 443 # default website'), 'wsus-port-pair', 'httpPort'),
      wsus('\n        httpsPort: 443 # default website\n        httpPort: 80'),
    );
  });

  const shared = (https: number) => `configmgr: 2017-09
servers:
  one:
    roles:
      wsus-server: &wsus { httpsPort: ${https} }
  two:
    roles:
      wsus-server: *wsus
`;

  it('reports options that two servers share through an alias once, where they are written', () => {
    expectFindings(shared(9000).replace(' }\n', ' } # want wsus-port-pair "on one"\n'));
    assert.equal(applyFix(shared(9000), 'wsus-port-pair', 'httpsPort'), shared(8531));
  });

  it('does not change safely what a merge key brings to others too', () => {
    const analysis = expectFindings(`configmgr: 2017-09
servers:
  one:
    roles:
      wsus-server: &wsus { httpPort: 8530, httpsPort: 9000 } # want wsus-port-pair
  two:
    roles:
      wsus-server: { <<: *wsus, httpPort: 8999 }
  three:
    roles:
      wsus-server: { <<: *wsus, ssl: true }
`);
    assert.equal(analysis.findings()[0]?.span.start, analysis.text.indexOf('9000'));
    assert.deepEqual(
      analysis.findings()[0]?.fixes?.map(({ safe }) => safe),
      [false, false],
    );
  });
});

const hierarchy = (parent: string, child: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
sites:
  CAS: { type: central-administration, database: { server: cas01 } }
  PS1: { type: primary, parent: CAS, database: { server: cm01 } }
servers:
  cas01:
    site: CAS
    roles:
      site-server:
      sql-server:
      software-update-point: ${parent}
  cm01:
    site: PS1
    roles:
      site-server:
      sql-server:
      software-update-point: ${child}
`;

describe('wsus-ssl-child', () => {
  it('points at the role, or at ssl: false where it is written', () => {
    expectFindings(hierarchy('{ ssl: true }', '# want wsus-ssl-child "on cm01 (site PS1) does not use SSL"'));
    expectFindings(hierarchy('{ ssl: true }', '{ ssl: false } # want wsus-ssl-child'));
  });

  for (const [parent, child] of [
    ['{ ssl: true }', '{ ssl: true }'],
    ['{ ssl: false }', '{ ssl: true }'],
    ['', ''],
  ] as const)
    it(`is quiet about '${parent}' above '${child}'`, () => {
      expectFindings(hierarchy(parent, child));
    });

  it('leaves an unreadable ssl to the rule about types', () => {
    expectFindings(hierarchy('{ ssl: true }', '{ ssl: perhaps } # want wrong-type'));
  });

  it('sets ssl where it is written and where it is not', () => {
    const right = hierarchy('{ ssl: true }', '{ ssl: true }');
    assert.equal(applyFix(hierarchy('{ ssl: true }', '{ ssl: false }'), 'wsus-ssl-child'), right);
    assert.equal(
      applyFix(hierarchy('{ ssl: true }', ''), 'wsus-ssl-child').trim(),
      hierarchy('{ ssl: true }', '\n        ssl: true').trim(),
    );
  });
});
