import assert from 'node:assert/strict';
import { flowLine, flowsOf, linesOf } from '../../../test/support/flows.ts';

/** A software update point below a WSUS server of the file. */
const upstream = (options: string) => `configmgr: 2025-12
sites: { PS1: { type: primary, database: { server: sql1 } } }
servers:
  cm1: { site: PS1, rpcDynamicPorts: 49152-65535, roles: { site-server: } }
  sql1: { roles: { sql-server: } }
  sup1: { site: PS1, roles: { software-update-point: { upstream: up1 } } }
  up1: { roles: { wsus-server: ${options} } }
  sqlw: { roles: { sql-server: { instances: { W: { port: 50005 } } } } }
`;

describe('a software update point and its upstream WSUS server', () => {
  const asked = (options: string) => linesOf(upstream(options), 'software-update-point.wsus-server');

  it('speak HTTP alone where WSUS has no SSL, whatever HTTPS port is written', () => {
    assert.deepEqual(asked(''), ['sup1 > up1 tcp 8530']);
    assert.deepEqual(asked('{ httpPort: 8530, httpsPort: 8531 }'), ['sup1 > up1 tcp 8530']);
    assert.deepEqual(asked('{ httpPort: 80, httpsPort: 443, ssl: false }'), ['sup1 > up1 tcp 80']);
  });

  it('speak HTTPS as well where WSUS has SSL', () => {
    assert.deepEqual(asked('{ ssl: true }'), ['sup1 > up1 tcp 8530', 'sup1 > up1 tcp 8531']);
    assert.deepEqual(asked('{ httpPort: 80, httpsPort: 443, ssl: true }'), [
      'sup1 > up1 tcp 80',
      'sup1 > up1 tcp 443',
    ]);
  });
});

describe('a WSUS server and its database', () => {
  const asked = (options: string) =>
    flowsOf(upstream(options))
      .filter(({ from, to }) => from.name === 'up1' && to.name.startsWith('sql'))
      .map(flowLine);

  it('talk over the port of the instance that is named', () => {
    assert.deepEqual(asked('{ database: { server: sqlw, instance: W } }'), ['up1 > sqlw tcp 50005']);
    assert.deepEqual(asked('{ database: { server: sql1 } }'), ['up1 > sql1 tcp 1433']);
  });

  it('do not talk over the network where none is named: it is on the machine itself', () => {
    assert.deepEqual(asked(''), []);
    assert.deepEqual(asked('{ ssl: true }'), []);
  });
});

describe('SQL Server Browser between site databases', () => {
  /** The services that the other database asks of the primary's, with their ports. */
  const asked = (edition: string, instance: string, options: string) =>
    flowsOf(`configmgr: ${edition}
defaults: { rpcDynamicPorts: 49152-65535 }
sites:
  CAS: { type: central-administration, database: { server: sqlcas } }
  PS1: { type: primary, parent: CAS, database: { server: sql1, instance: ${instance} } }
servers:
  cas1: { site: CAS, roles: { site-server: } }
  sqlcas: { roles: { sql-server: } }
  cm1: { site: PS1, roles: { site-server: } }
  sql1: { roles: { sql-server: { instances: { ${instance}: ${options} } } } }
`)
      .filter(({ connection, to }) => connection.startsWith('sql-server.sql-server') && to.name === 'sql1')
      .map(({ service, protocol, ports }) => `${service}: ${protocol} ${ports.join()}`);

  it('is not asked for an instance whose port is written, a named one on 1433 neither', () => {
    for (const [instance, port] of [
      ['CM', 1433],
      ['CM', 1444],
      ['MSSQLSERVER', 1433],
      ['MSSQLSERVER', 1444],
    ] as const) {
      assert.deepEqual(
        asked('2025-12', instance, `{ port: ${port} }`).toSorted(),
        ['SQL Server Service Broker: tcp 4022', `SQL Server service: tcp ${port}`],
        `${instance} ${port}`,
      );
    }
  });

  it('is asked for a named instance whose port SQL Server chooses, in the editions that list it', () => {
    assert.ok(asked('2025-12', 'CM', '{}').includes('SQL Server Browser: tcp 1434'));
    for (const edition of ['2017-03', '2017-09', '2020-06'])
      assert.deepEqual(
        asked(edition, 'CM', '{}').filter((line) => line.includes('Browser')),
        [],
        edition,
      );
    assert.deepEqual(
      asked('2025-12', 'MSSQLSERVER', '{}').filter((line) => line.includes('Browser')),
      [],
      'the default instance is on 1433',
    );
  });
});
