import assert from 'node:assert/strict';
import { flowLine, flowsOf, linesOf } from '../../../test/support/flows.ts';
import { EDITIONS, type Edition, editionsBetween } from '../catalog/editions.ts';

const CURRENT_BRANCH: readonly Edition[] = ['2017-03', '2017-09', '2025-12'];

/** The lines of one connection in a topology of the newest edition, unless another is given. */
function lines(connection: string, body: string, edition: Edition = '2025-12'): readonly string[] {
  return linesOf(`configmgr: ${edition}\n${body}`, connection);
}

/** A primary site under a central one, a secondary under that, each with its site server and database. */
const HIERARCHY = `
sites:
  CAS: { type: central-administration, database: { server: sqlcas } }
  PS1: { type: primary, parent: CAS, database: { server: sql1, instance: CM } }
  S01: { type: secondary, parent: PS1, database: { server: sec1, instance: SQLEXPRESS } }
`;
const HIERARCHY_SERVERS = `
  cas1: { site: CAS, roles: { site-server: } }
  sqlcas: { roles: { sql-server: } }
  cm1: { site: PS1, roles: { site-server: } }
  sql1: { roles: { sql-server: { instances: { CM: { port: 50001, serviceBrokerPort: 4023 } } } } }
  sec1: { site: S01, roles: { site-server: , sql-server: { instances: { SQLEXPRESS: { port: 50002 } } } } }
`;

describe('pairs within a site', () => {
  for (const edition of EDITIONS) {
    it(`${edition}: a site server talks to the site systems of its own site, not to those of another`, () => {
      const found = lines(
        'site-server.fallback-status-point',
        `
sites:
  AAA: { type: primary }
  BBB: { type: primary }
defaults: { rpcDynamicPorts: 49152-65535 }
servers:
  a1: { site: AAA, roles: { site-server: } }
  a2: { site: AAA, roles: { fallback-status-point: } }
  b1: { site: BBB, roles: { site-server: } }
  b2: { site: BBB, roles: { fallback-status-point: } }
`,
        edition,
      );
      assert.deepEqual(found, [
        'a1 > a2 tcp 135',
        'a1 > a2 tcp 445',
        'a1 > a2 tcp 49152-65535',
        'a1 > a2 udp 135',
        'a2 > a1 tcp 135',
        'a2 > a1 tcp 445',
        'a2 > a1 tcp 49152-65535',
        'a2 > a1 udp 135',
        'b1 > b2 tcp 135',
        'b1 > b2 tcp 445',
        'b1 > b2 tcp 49152-65535',
        'b1 > b2 udp 135',
        'b2 > b1 tcp 135',
        'b2 > b1 tcp 445',
        'b2 > b1 tcp 49152-65535',
        'b2 > b1 udp 135',
      ]);
    });

    it(`${edition}: a distribution point never opens a connection to the site server`, () => {
      const found = lines(
        'site-server.distribution-point',
        `
sites: { AAA: { type: primary } }
servers:
  a1: { site: AAA, roles: { site-server: } }
  a2: { site: AAA, roles: { distribution-point: } }
`,
        edition,
      );
      assert.deepEqual(found, [
        'a1 > a2 tcp 135',
        'a1 > a2 tcp 445',
        'a1 > a2 tcp dynamic',
        'a1 > a2 udp 135',
      ]);
    });

    it(`${edition}: a server with all roles on it needs no flow to itself`, () => {
      const text = `
sites: { AAA: { type: primary, database: { server: a1 } } }
servers:
  a1: { site: AAA, roles: { site-server: , sms-provider: , management-point: , sql-server: , console: } }
`;
      for (const connection of ['management-point.site-server', 'management-point.sql-server']) {
        assert.deepEqual(lines(connection, text, edition), []);
      }
    });
  }

  it('the site server opens the way to HTTP of a software update point, never the other way round', () => {
    const found = lines(
      'site-server.software-update-point',
      `
sites: { AAA: { type: primary } }
servers:
  a1: { site: AAA, roles: { site-server: } }
  a2: { site: AAA, roles: { software-update-point: } }
`,
    );
    assert.deepEqual(found, [
      'a1 > a2 tcp 135',
      'a1 > a2 tcp 445',
      'a1 > a2 tcp 8530',
      'a1 > a2 tcp dynamic',
      'a1 > a2 udp 135',
      'a2 > a1 tcp 135',
      'a2 > a1 tcp 445',
      'a2 > a1 tcp dynamic',
      'a2 > a1 udp 135',
    ]);
  });

  it('siteServerInitiates leaves only the half that the site server opens', () => {
    const text = (initiates: boolean) => `
sites: { AAA: { type: primary } }
servers:
  a1: { site: AAA, roles: { site-server: } }
  a2: { site: AAA, siteServerInitiates: ${initiates}, roles: { management-point: , state-migration-point: } }
`;
    assert.deepEqual(lines('management-point.site-server', text(true)), [
      'a1 > a2 tcp 135',
      'a1 > a2 tcp 445',
      'a1 > a2 tcp dynamic',
    ]);
    assert.deepEqual(lines('site-server.state-migration-point', text(true)), [
      'a1 > a2 tcp 135',
      'a1 > a2 tcp 445',
      'a1 > a2 udp 135',
    ]);
    assert.equal(lines('management-point.site-server', text(false)).length, 6);
  });

  it('a passive site server needs what the active one needs', () => {
    const found = lines(
      'site-server.sql-server',
      `
sites: { AAA: { type: primary, database: { server: sql1 } } }
servers:
  a1: { site: AAA, roles: { site-server: } }
  a2: { site: AAA, roles: { site-server: { passive: true } } }
  sql1: { roles: { sql-server: } }
`,
    ).filter((line) => !line.endsWith('!'));
    assert.deepEqual(found, ['a1 > sql1 tcp 1433', 'a2 > sql1 tcp 1433']);
  });

  it('a console finds site server, SMS Provider and reporting services point of its site', () => {
    const text = `
sites: { AAA: { type: primary }, BBB: { type: primary } }
defaults: { rpcDynamicPorts: 5100-5300 }
servers:
  a1: { site: AAA, roles: { site-server: , sms-provider: , reporting-services-point: { httpPort: 8080, protocol: http } } }
  b1: { site: BBB, roles: { site-server: , sms-provider: { https: false } } }
  pc: { site: AAA, roles: { console: } }
  pd: { site: BBB, roles: { console: } }
`;
    assert.deepEqual(lines('console.site-server', text), ['pc > a1 tcp 135', 'pd > b1 tcp 135']);
    assert.deepEqual(lines('console.sms-provider', text), [
      'pc > a1 tcp 135',
      'pc > a1 tcp 443',
      'pc > a1 tcp 5100-5300',
      'pc > a1 udp 135',
      'pd > b1 tcp 135',
      'pd > b1 tcp 5100-5300',
      'pd > b1 udp 135',
    ]);
    assert.deepEqual(lines('console.reporting-services-point', text), ['pc > a1 tcp 8080']);
    assert.deepEqual(lines('console.internet', text, '2017-09'), [
      'pc > internet tcp 80',
      'pd > internet tcp 80',
    ]);
    assert.deepEqual(lines('console.internet', text), [
      'pc > internet tcp 80',
      'pc > internet tcp 443',
      'pd > internet tcp 80',
      'pd > internet tcp 443',
    ]);
  });

  it('roles that serve one another meet in their site: management point, application catalog, enrollment', () => {
    const text = `
sites: { AAA: { type: primary, clientPorts: { http: 8080 } }, BBB: { type: primary } }
servers:
  dp: { site: AAA, roles: { distribution-point: } }
  mp: { site: AAA, roles: { management-point: { protocol: http } } }
  mpb: { site: BBB, roles: { management-point: } }
  web: { site: AAA, roles: { application-catalog-website-point: , enrollment-proxy-point: } }
  svc: { site: AAA, roles: { application-catalog-web-service-point: { protocol: https, httpsPort: 8443 }, enrollment-point: { httpsPort: 9443 } } }
`;
    assert.deepEqual(lines('distribution-point.management-point', text), ['dp > mp tcp 8080']);
    const catalog = 'application-catalog-website-point.application-catalog-web-service-point';
    assert.deepEqual(lines(catalog, text, '2017-03'), ['web > svc tcp 8443']);
    assert.deepEqual(lines('enrollment-proxy-point.enrollment-point', text), ['web > svc tcp 9443']);
  });

  it('a policy module without a site serves the certificate registration points of every site', () => {
    const text = (site: string) => `
sites: { AAA: { type: primary }, BBB: { type: primary } }
servers:
  ndes: { ${site}roles: { network-device-enrollment-service: } }
  crpa: { site: AAA, roles: { certificate-registration-point: } }
  crpb: { site: BBB, roles: { certificate-registration-point: { httpsPort: 8443 } } }
`;
    const connection = 'network-device-enrollment-service.certificate-registration-point';
    assert.deepEqual(lines(connection, text('site: AAA, ')), ['ndes > crpa tcp 443']);
    assert.deepEqual(lines(connection, text('')), ['ndes > crpa tcp 443', 'ndes > crpb tcp 8443']);
  });

  it('a network device enrollment service without a site serves the clients of every site', () => {
    const text = (site: string) => `
sites: { AAA: { type: primary }, BBB: { type: primary } }
servers: { ndes: { ${site}roles: { network-device-enrollment-service: } } }
clients: { as: { site: AAA }, bs: { site: BBB } }
`;
    const connection = 'client.network-device-enrollment-service';
    const clientsOf = (site: string) =>
      new Set(lines(connection, text(site)).map((line) => line.split(' ')[0]));
    assert.deepEqual(clientsOf('site: AAA, '), new Set(['as']));
    assert.deepEqual(clientsOf(''), new Set(['as', 'bs']));
  });

  it('a remote content library is on the server that the site names, for both its site servers', () => {
    const text = `
sites: { AAA: { type: primary, contentLibrary: fs2 }, BBB: { type: primary, contentLibrary: FS2 } }
servers:
  a1: { site: AAA, roles: { site-server: } }
  a2: { site: AAA, roles: { site-server: { passive: true } } }
  b1: { site: BBB, roles: { site-server: } }
  fs1: { site: AAA, roles: { file-server: } }
  fs2: { roles: { file-server: } }
`;
    for (const edition of editionsBetween('2018-09', '2025-12'))
      assert.deepEqual(lines('site-server.file-server', text, edition), [
        'a1 > fs2 tcp 445',
        'a2 > fs2 tcp 445',
        'b1 > fs2 tcp 445',
      ]);
    assert.deepEqual(lines('site-server.file-server', text, '2017-09'), []);
  });
});

describe('pairs with SQL Server', () => {
  for (const edition of EDITIONS) {
    it(`${edition}: a role uses the server that holds its own site's database`, () => {
      const found = lines(
        'management-point.sql-server',
        `
sites:
  AAA: { type: primary, database: { server: sqla } }
  BBB: { type: primary, database: { server: sqlb } }
servers:
  mp: { site: AAA, roles: { management-point: } }
  sqla: { site: BBB, roles: { sql-server: } }
  sqlb: { site: AAA, roles: { sql-server: } }
`,
        edition,
      );
      assert.deepEqual(found, ['mp > sqla tcp 1433']);
    });
  }

  it('a role with a database of its own uses it beside that of its site', () => {
    const text = `
sites: { PS1: { type: primary, database: { server: sql1 } } }
servers:
  rep: { site: PS1, roles: { reporting-services-point: { database: { server: sql2, instance: REPORTS } } } }
  dw: { site: PS1, roles: { data-warehouse-service-point: { database: { server: sql2, instance: DW } } } }
  near: { site: PS1, roles: { reporting-services-point: } }
  sql1: { roles: { sql-server: } }
  sql2: { roles: { sql-server: { instances: { REPORTS: { port: 50003 }, DW: { port: 50004 } } } } }
`;
    assert.deepEqual(lines('reporting-services-point.sql-server', text), [
      'near > sql1 tcp 1433',
      'rep > sql1 tcp 1433',
      'rep > sql2 tcp 50003',
    ]);
    assert.deepEqual(lines('data-warehouse-service-point.sql-server', text), [
      'dw > sql1 tcp 1433',
      'dw > sql2 tcp 50004',
    ]);
  });

  it('a role at a secondary site uses the database of the secondary site, on the port of its instance', () => {
    const text = `${HIERARCHY}servers:${HIERARCHY_SERVERS}
  mp: { site: S01, roles: { management-point: } }
`;
    assert.deepEqual(lines('management-point.sql-server', text), ['mp > sec1 tcp 50002']);
  });

  it('2007: a secondary site has no database, its management point uses that of the primary site', () => {
    const text = `
sites:
  PS1: { type: primary, database: { server: sql1 } }
  S01: { type: secondary, parent: PS1 }
servers:
  mp: { site: S01, roles: { management-point: , site-server: } }
  sql1: { roles: { sql-server: } }
`;
    assert.deepEqual(lines('management-point.sql-server', text, '2007'), ['mp > sql1 tcp 1433']);
    assert.deepEqual(lines('site-server.sql-server', text, '2007'), []);
    assert.deepEqual(lines('management-point.sql-server', text, '2017-09'), []);
  });

  for (const edition of CURRENT_BRANCH) {
    it(`${edition}: every replica of an availability group is reached like a server of its own`, () => {
      const found = lines(
        'sms-provider.sql-server',
        `
sites: { AAA: { type: primary, database: { availabilityGroup: AG } } }
availabilityGroups:
  AG: { replicas: [ { server: sqla, instance: CM }, { server: sqlb, instance: CM } ] }
servers:
  a1: { site: AAA, roles: { sms-provider: } }
  sqla: { roles: { sql-server: { instances: { CM: { port: 1500 } } } } }
  sqlb: { roles: { sql-server: { instances: { CM: { port: 1500 } } } } }
`,
        edition,
      );
      assert.deepEqual(found, ['a1 > sqla tcp 1500', 'a1 > sqlb tcp 1500']);
    });

    it(`${edition}: installing a site with a remote database opens SMB and RPC, only then`, () => {
      const found = lines(
        'site-server.sql-server',
        `
sites: { AAA: { type: primary, database: { server: sql1 } } }
servers:
  a1: { site: AAA, roles: { site-server: } }
  sql1: { rpcDynamicPorts: 5000-5100, roles: { sql-server: { instances: { MSSQLSERVER: { port: 1444 } } } } }
`,
        edition,
      );
      assert.deepEqual(found, [
        'a1 > sql1 tcp 135 !',
        'a1 > sql1 tcp 445 !',
        'a1 > sql1 tcp 1444',
        'a1 > sql1 tcp 5000-5100 !',
        'a1 > sql1 udp 135 !',
      ]);
    });

    it(`${edition}: databases of parent and child sites replicate both ways`, () => {
      const found = lines('sql-server.sql-server', `${HIERARCHY}servers:${HIERARCHY_SERVERS}`, edition);
      assert.deepEqual(found, [
        'sec1 > sql1 tcp 4023',
        'sec1 > sql1 tcp 50001',
        'sql1 > sec1 tcp 4022',
        'sql1 > sec1 tcp 50002',
        'sql1 > sqlcas tcp 1433',
        'sql1 > sqlcas tcp 4022',
        'sqlcas > sql1 tcp 4023',
        'sqlcas > sql1 tcp 50001',
      ]);
    });

    it(`${edition}: two sites whose databases share a server need no flow between them`, () => {
      const found = lines(
        'sql-server.sql-server',
        `
sites:
  CAS: { type: central-administration, database: { server: sql1, instance: A } }
  PS1: { type: primary, parent: CAS, database: { server: sql1, instance: B } }
servers:
  sql1: { roles: { sql-server: { instances: { A: { port: 1501 }, B: { port: 1502 } } } } }
`,
        edition,
      );
      assert.deepEqual(found, []);
    });
  }

  it('the WSUS database is looked for in the SQL Server on the software update point', () => {
    const text = `
sites: { AAA: { type: primary } }
servers:
  a1: { site: AAA, roles: { site-server: } }
  sup1: { site: AAA, roles: { software-update-point: , sql-server: { instances: { SUS: { port: 1466 } } } } }
  sup2: { site: AAA, roles: { software-update-point: } }
`;
    assert.deepEqual(lines('site-server.sql-server.wsus', text), ['a1 > sup1 tcp 1466']);
  });
});

describe('pairs between sites', () => {
  for (const edition of CURRENT_BRANCH) {
    it(`${edition}: site servers of parent and child talk both ways, others not`, () => {
      assert.deepEqual(
        lines('site-server.site-server', `${HIERARCHY}servers:${HIERARCHY_SERVERS}`, edition),
        ['cas1 > cm1 tcp 445', 'cm1 > cas1 tcp 445', 'cm1 > sec1 tcp 445', 'sec1 > cm1 tcp 445'],
      );
    });

    it(`${edition}: only the top site server talks to the certification authority, and only with a certificate registration point`, () => {
      const text = (role: string) => `${HIERARCHY}servers:${HIERARCHY_SERVERS}
  ca: { roles: { certification-authority: } }
  x1: { site: PS1, roles: { ${role}: } }
`;
      const connection = 'site-server.certification-authority';
      assert.deepEqual(lines(connection, text('certificate-registration-point'), edition), [
        'ca > cas1 tcp 135',
        'ca > cas1 tcp dynamic',
        'ca > cas1 udp 135',
        'cas1 > ca tcp 135',
        'cas1 > ca tcp dynamic',
        'cas1 > ca udp 135',
      ]);
      assert.deepEqual(lines(connection, text('enrollment-point'), edition), []);
    });
  }

  it('a certification authority at a site is that of its own hierarchy', () => {
    const hierarchy = (site: string) => `
  cm-${site}: { site: ${site}, roles: { site-server: , certificate-registration-point: } }
  ca-${site}: { site: ${site}, roles: { certification-authority: } }`;
    const text = `
sites: { AAA: { type: primary }, BBB: { type: primary } }
servers:${hierarchy('AAA')}${hierarchy('BBB')}
`;
    const found = lines('site-server.certification-authority', text, '2025-12').map(
      (line) => line.split(' tcp')[0],
    );
    const pairs = new Set(found.filter((line) => line?.startsWith('cm') && !line.includes('udp')));
    assert.deepEqual(pairs, new Set(['cm-AAA > ca-AAA', 'cm-BBB > ca-BBB']));
  });

  it('a management point whose database replica is not there asks no other database', () => {
    const text = (server: string) => `
sites: { PS1: { type: primary, database: { server: sql } } }
servers:
  sql: { roles: { sql-server: } }
  rep: { roles: { sql-server: } }
  mp: { site: PS1, roles: { management-point: { databaseReplica: { server: ${server} } } } }
`;
    const targets = (server: string) =>
      new Set(lines('management-point.sql-server', text(server)).map((line) => line.split(' ')[2]));
    assert.deepEqual(targets('rep'), new Set(['rep']));
    assert.deepEqual(targets('gone'), new Set());
  });

  it('2007: site servers of parent and child use the port of PPTP only where the sites say so', () => {
    const text = `
sites: { AAA: { type: primary, pptp: true }, BBB: { type: primary, parent: AAA } }
servers:
  a1: { site: AAA, roles: { site-server: } }
  b1: { site: BBB, roles: { site-server: } }
`;
    assert.deepEqual(lines('site-server.site-server', text, '2007'), [
      'a1 > b1 tcp 445',
      'a1 > b1 tcp 1723',
      'b1 > a1 tcp 445',
      'b1 > a1 tcp 1723',
    ]);
    assert.deepEqual(lines('site-server.site-server', text.replace(', pptp: true', ''), '2007'), [
      'a1 > b1 tcp 445',
      'b1 > a1 tcp 445',
    ]);
  });

  for (const edition of EDITIONS) {
    it(`${edition}: one software update point of a site goes out, the others to it`, () => {
      const text = `
sites:
  AAA: { type: primary }
  S01: { type: secondary, parent: AAA }
servers:
  top: { site: AAA, roles: { software-update-point: { httpPort: 80, httpsPort: 443 } } }
  up: { roles: { wsus-server: { ssl: true } } }
  named: { site: AAA, roles: { software-update-point: { upstream: up } } }
  direct: { site: S01, roles: { software-update-point: { upstream: microsoft-update } } }
  below: { site: S01, roles: { software-update-point: } }
`;
      assert.deepEqual(lines('software-update-point.wsus-server', text, edition), [
        'below > direct tcp 8530',
        'named > up tcp 8530',
        'named > up tcp 8531',
        'top > named tcp 8530',
      ]);
      const https = edition === '2007' ? [] : ['direct > internet tcp 443'];
      assert.deepEqual(lines('software-update-point.internet', text, edition), [
        'direct > internet tcp 80',
        ...https,
      ]);
      const chain = text.replace('{ upstream: up }', '').replace('{ upstream: microsoft-update }', '');
      assert.deepEqual(lines('software-update-point.wsus-server', chain, edition), [
        'below > direct tcp 8530',
        'direct > top tcp 80',
        'named > top tcp 80',
      ]);
      assert.equal(lines('software-update-point.internet', chain, edition)[0], 'top > internet tcp 80');
      const beside = text
        .replace('upstream: up', 'upstream: top')
        .replace('{ upstream: microsoft-update }', '');
      assert.deepEqual(
        lines('software-update-point.wsus-server', beside, edition),
        lines('software-update-point.wsus-server', chain, edition),
        'one that names another of its site stays inside',
      );
      const none = chain.replace('httpsPort: 443', 'httpsPort: 443, upstream: none');
      assert.deepEqual(lines('software-update-point.internet', none, edition), []);
    });
  }

  it('a console reaches clients of its site and of the sites below that have the feature', () => {
    const text = `${HIERARCHY}servers:
  pc: { site: PS1, roles: { console: } }
  quiet: { site: PS1, roles: { console: { remoteControl: false } } }
clients:
  own: { site: PS1, features: [remote-control, remote-assistance] }
  low: { site: S01, features: [remote-assistance] }
  off: { site: PS1 }
  macs: { site: PS1, kind: mac, features: [remote-control] }
  up: { site: CAS, features: [remote-control] }
`;
    for (const edition of CURRENT_BRANCH) {
      assert.deepEqual(lines('console.client', text, edition), [
        'pc > low tcp 3389',
        'pc > own tcp 2701',
        'pc > own tcp 3389',
        'quiet > low tcp 3389',
        'quiet > own tcp 3389',
      ]);
    }
    assert.deepEqual(
      lines('console.client', text.replace('quiet: { site: PS1', 'quiet: { site: XXX'), '2007'),
      [
        'pc > low tcp 3389',
        'pc > own tcp 2701',
        'pc > own tcp 2702',
        'pc > own tcp 3389',
        'pc > own udp 2701',
        'pc > own udp 2702',
      ],
    );
  });
});

describe('pairs of client groups', () => {
  const SITES = `
sites:
  PS1: { type: primary, clientPorts: { http: [80, 8080], https: 8443, notification: 10200 } }
  S01: { type: secondary, parent: PS1 }
  PS2: { type: primary }
clients:
  pcs: { site: PS1 }
`;
  for (const edition of CURRENT_BRANCH) {
    it(`${edition}: a group uses the roles of its site, and distribution points of the secondary sites below too`, () => {
      const text = `${SITES}servers:
  mp: { site: PS1, roles: { management-point: } }
  mpsec: { site: S01, roles: { management-point: } }
  mp2: { site: PS2, roles: { management-point: } }
  dp: { site: PS1, roles: { distribution-point: { protocol: http } } }
  dpsec: { site: S01, roles: { distribution-point: { protocol: https } } }
  dp2: { site: PS2, roles: { distribution-point: } }
  fsp: { site: PS1, roles: { fallback-status-point: } }
  smp: { site: PS1, roles: { state-migration-point: { protocol: https } } }
  ndes: { site: PS1, roles: { network-device-enrollment-service: } }
  web: { site: PS1, roles: { application-catalog-website-point: { httpPort: 8090, protocol: http } } }
`;
      assert.deepEqual(lines('client.management-point', text, edition), [
        'pcs > mp tcp 80,8080',
        'pcs > mp tcp 8443',
        'pcs > mp tcp 10200',
      ]);
      assert.deepEqual(lines('client.distribution-point', text, edition), [
        'pcs > dp tcp 80,8080',
        'pcs > dpsec tcp 8443',
      ]);
      assert.deepEqual(lines('client.fallback-status-point', text, edition), ['pcs > fsp tcp 80,8080']);
      assert.deepEqual(lines('client.state-migration-point', text, edition), [
        'pcs > smp tcp 445',
        'pcs > smp tcp 8443',
      ]);
      assert.deepEqual(lines('client.network-device-enrollment-service', text, edition), [
        'pcs > ndes tcp 80',
        'pcs > ndes tcp 443',
      ]);
      assert.deepEqual(
        lines('client.application-catalog-website-point', text, edition),
        edition === '2025-12' ? [] : ['pcs > web tcp 8090'],
      );
    });

    it(`${edition}: multicast and PXE concern only the distribution points that offer them`, () => {
      const text = `${SITES}servers:
  plain: { site: PS1, roles: { distribution-point: } }
  cast: { site: PS1, roles: { distribution-point: { multicast: true, multicastPorts: 63100-63200 } } }
  boot: { site: PS1, roles: { distribution-point: { pxe: true } } }
`;
      assert.deepEqual(lines('client.distribution-point.multicast', text, edition), [
        'pcs > cast tcp 445',
        'pcs > cast udp 63100-63200',
      ]);
      assert.deepEqual(lines('client.distribution-point.pxe', text, edition), [
        'pcs > boot udp 67,68',
        'pcs > boot udp 69',
        'pcs > boot udp 4011',
      ]);
    });

    it(`${edition}: of several distribution points with multicast or PXE one is enough, and the choice says which`, () => {
      const both = '{ site: PS1, roles: { distribution-point: { multicast: true, pxe: true } } }';
      const flows = flowsOf(`configmgr: ${edition}\n${SITES}servers: { one: ${both}, two: ${both} }\n`);
      const choices = (connection: string) => [
        ...new Set(flows.filter((flow) => flow.connection === connection).map(({ anyOf }) => anyOf)),
      ];
      assert.deepEqual(choices('client.distribution-point.multicast'), [
        'multicast distribution points of pcs',
      ]);
      assert.deepEqual(choices('client.distribution-point.pxe'), ['PXE distribution points of pcs']);
    });

    it(`${edition}: wake-up proxy stays within a group, with echo requests`, () => {
      const text = `
sites: { PS1: { type: primary, wakeUpProxy: { port: 25600 } }, PS2: { type: primary, wakeOnLan: { port: 12 } } }
clients:
  a: { site: PS1, features: [wake-up-proxy] }
  b: { site: PS2, features: [wake-up-proxy] }
  c: { site: PS1 }
`;
      assert.deepEqual(lines('client.client', text, edition), [
        'a > a icmp',
        'a > a udp 9',
        'a > a udp 25600',
        'b > b icmp',
        'b > b udp 12',
        'b > b udp 25536',
      ]);
    });
  }

  for (const edition of EDITIONS) {
    it(`${edition}: wake-up packets come from the site server where the site has wakeOnLan`, () => {
      const text = `
sites: { PS1: { type: primary, wakeOnLan: true }, PS2: { type: primary } }
servers:
  a1: { site: PS1, roles: { site-server: } }
  b1: { site: PS2, roles: { site-server: } }
clients:
  a: { site: PS1 }
  b: { site: PS2 }
  m: { site: PS1, kind: mobile-device }
`;
      assert.deepEqual(lines('site-server.client', text, edition), ['a1 > a udp 9']);
    });

    it(`${edition}: a software update point always serves HTTP, HTTPS only with ssl`, () => {
      const text = `${SITES}servers:
  s1: { site: PS1, roles: { software-update-point: } }
  s2: { site: PS1, roles: { software-update-point: { ssl: true, httpPort: 80, httpsPort: 443 } } }
`;
      assert.deepEqual(lines('client.software-update-point', text, edition), [
        'pcs > s1 tcp 8530',
        'pcs > s2 tcp 80',
        'pcs > s2 tcp 443',
      ]);
    });

    it(`${edition}: Mac computers and mobile devices use nothing that is documented for Windows clients`, () => {
      const text = `
sites: { PS1: { type: primary, wakeOnLan: true } }
servers:
  a1: { site: PS1, roles: { site-server: , console: , management-point: , distribution-point: , software-update-point: , enrollment-proxy-point: } }
  dc: { roles: { domain-controller: { globalCatalog: true } } }
clients:
  macs: { site: PS1, kind: mac, features: [remote-control, wake-up-proxy], installation: [manual] }
  phones: { site: PS1, kind: mobile-device, features: [remote-control], installation: [client-push] }
`;
      const own = edition === '2007' ? [] : ['macs > a1 tcp 443', 'phones > a1 tcp 443'];
      const intune = editionsBetween('2017-03', '2019-11').includes(edition)
        ? ['phones > microsoft-intune tcp 443']
        : [];
      const found = EVERY_CONNECTION_OF_CLIENTS.flatMap((id) => lines(id, text, edition));
      assert.deepEqual(found, [...own, ...intune]);
    });
  }

  const EVERY_CONNECTION_OF_CLIENTS = [
    'client.client',
    'client.management-point',
    'client.distribution-point',
    'client.software-update-point',
    'client.domain-controller',
    'site-server.client',
    'console.client',
    'deployment.all',
    'deployment.manual',
    'deployment.client-push',
    'mac.enrollment-proxy-point',
    'mobile-device.enrollment-proxy-point',
    'mobile-device.microsoft-intune',
  ];

  it('2007: PXE service points and branch distribution points below serve clients as distribution points do', () => {
    const text = `${SITES}servers:
  pxe: { site: S01, roles: { pxe-service-point: } }
  branch: { site: S01, roles: { branch-distribution-point: } }
  dp: { site: S01, roles: { distribution-point: { protocol: http } } }
  slp: { site: PS1, roles: { server-locator-point: } }
  shv: { site: PS1, roles: { system-health-validator-point: } }
`;
    assert.deepEqual(lines('client.pxe-service-point', text, '2007'), [
      'pcs > pxe udp 67,68',
      'pcs > pxe udp 69',
      'pcs > pxe udp 4011',
    ]);
    assert.deepEqual(lines('client.branch-distribution-point', text, '2007'), ['pcs > branch tcp 445']);
    assert.deepEqual(lines('branch-distribution-point.distribution-point', text, '2007'), [
      'branch > dp tcp 80,8080',
    ]);
    assert.deepEqual(lines('client.server-locator-point', text, '2007'), ['pcs > slp tcp 80,8080']);
    assert.deepEqual(lines('client.system-health-validator-point', text, '2007'), [
      'pcs > shv tcp 80,443',
      'pcs > shv udp 67,68',
    ]);
  });

  it('2007: a site without a server locator point uses the nearest one above', () => {
    const text = `
sites: { TOP: { type: primary }, LOW: { type: primary, parent: TOP } }
servers: { slp: { site: TOP, roles: { server-locator-point: } } }
clients: { pcs: { site: LOW } }
`;
    assert.deepEqual(lines('client.server-locator-point', text, '2007'), ['pcs > slp tcp 80']);
    const circle = text.replace('TOP: { type: primary }', 'TOP: { type: primary, parent: LOW }');
    const without = circle.replace('server-locator-point: ', 'console: ');
    assert.deepEqual(lines('client.server-locator-point', circle, '2007'), ['pcs > slp tcp 80']);
    assert.deepEqual(lines('client.server-locator-point', without, '2007'), [], 'the search ends');
  });

  it('2007: PXE service points of a primary site below serve its own clients alone', () => {
    const text = `
sites: { TOP: { type: primary }, LOW: { type: primary, parent: TOP } }
servers: { pxe: { site: LOW, roles: { pxe-service-point: } } }
clients: { above: { site: TOP }, below: { site: LOW } }
`;
    const from = lines('client.pxe-service-point', text, '2007').map((line) => line.split(' ')[0]);
    assert.deepEqual(new Set(from), new Set(['below']));
  });

  it('a pull distribution point fetches from the sources that it names', () => {
    const text = `
sites: { PS1: { type: primary }, PS2: { type: primary } }
servers:
  src: { site: PS2, roles: { distribution-point: { protocol: https } } }
  pull: { site: PS1, roles: { distribution-point: { pullFrom: [src, gone, mp] } } }
  mp: { site: PS1, roles: { management-point: } }
`;
    assert.deepEqual(lines('distribution-point.distribution-point', text), ['pull > src tcp 443']);
    // The lists before the newest leave it out; another document has it.
    for (const edition of CURRENT_BRANCH)
      assert.deepEqual(lines('distribution-point.distribution-point', text, edition), ['pull > src tcp 443']);
  });
});

describe('pairs with domain controllers', () => {
  const SERVERS = `
zones: { hq: {}, branch: {}, dmz: {} }
sites: { PS1: { type: primary } }
servers:
  a1: { site: PS1, zone: hq, roles: { site-server: } }
  mp1: { site: PS1, zone: dmz, roles: { management-point: } }
  mp2: { site: PS1, zone: branch, roles: { management-point: } }
  dc1: { zone: hq, roles: { domain-controller: { globalCatalog: true } } }
  dc2: { zone: branch, roles: { domain-controller: } }
`;
  it('the one in the machine’s zone, where there is none, all', () => {
    const targets = (role: string) =>
      new Set(
        lines(`${role}.domain-controller`, SERVERS, '2017-09').map(
          (line) => line.split(' tcp')[0]?.split(' udp')[0],
        ),
      );
    assert.deepEqual([...targets('site-server')], ['a1 > dc1']);
    assert.deepEqual([...targets('management-point')], ['mp1 > dc1', 'mp1 > dc2', 'mp2 > dc1', 'mp2 > dc2']);
  });

  it('global catalog rows go only to a domain controller with a global catalog, wherever the nearest is', () => {
    const found = lines('management-point.domain-controller', SERVERS, '2017-09');
    assert.deepEqual(
      found.filter((line) => line.startsWith('mp2')),
      [
        'mp2 > dc1 tcp 3268',
        'mp2 > dc2 tcp 135',
        'mp2 > dc2 tcp 389',
        'mp2 > dc2 tcp dynamic',
        'mp2 > dc2 udp 135',
      ],
    );
  });

  it('clients ask the global catalog, unless they are internet-only or in a workgroup', () => {
    const found = (edition: Edition) =>
      lines(
        'client.domain-controller',
        `${SERVERS}clients:
  a: { site: PS1, zone: hq }
  b: { site: PS1, zone: branch }
  c: { site: PS1, zone: hq, internetOnly: true }
  d: { site: PS1, zone: hq, workgroup: true }
`,
        edition,
      );
    for (const edition of CURRENT_BRANCH) {
      const ports = edition === '2017-03' ? [3268, 3269] : [3268];
      assert.deepEqual(
        found(edition),
        ['a', 'b'].flatMap((group) => ports.map((port) => `${group} > dc1 tcp ${port}`)),
      );
    }
  });

  it('2007: only a primary site server publishes to the directory, LDAP over SSL included', () => {
    const found = lines(
      'site-server.domain-controller',
      `
sites: { PS1: { type: primary }, S01: { type: secondary, parent: PS1 } }
servers:
  a1: { site: PS1, roles: { site-server: } }
  b1: { site: S01, roles: { site-server: } }
  dc1: { roles: { domain-controller: { globalCatalog: true } } }
`,
      '2007',
    );
    assert.deepEqual(found, [
      'a1 > dc1 tcp 135',
      'a1 > dc1 tcp 389',
      'a1 > dc1 tcp 636',
      'a1 > dc1 tcp 3268',
      'a1 > dc1 tcp 3269',
      'a1 > dc1 tcp dynamic',
      'a1 > dc1 udp 88',
      'a1 > dc1 udp 135',
      'a1 > dc1 udp 636',
    ]);
  });
});

describe('pairs with parties outside the file', () => {
  it('an Exchange connector goes to its target, to Exchange Online without one', () => {
    const text = `
sites: { PS1: { type: primary } }
servers:
  a: { site: PS1, roles: { exchange-server-connector: } }
  b: { site: PS1, roles: { exchange-server-connector: { to: exchange-online } } }
  c: { site: PS1, roles: { exchange-server-connector: { to: mail } } }
  d: { site: PS1, roles: { exchange-server-connector: { to: gone } } }
  mail: { roles: { exchange-server: } }
`;
    for (const edition of CURRENT_BRANCH) {
      assert.deepEqual(lines('exchange-server-connector.exchange-online', text, edition), [
        'a > exchange-online tcp 5986',
        'b > exchange-online tcp 5986',
      ]);
      assert.deepEqual(lines('exchange-server-connector.exchange-server', text, edition), [
        'c > mail tcp 5985',
      ]);
    }
  });

  it('cloud roles reach their services', () => {
    const text = `
sites: { PS1: { type: primary } }
servers:
  a: { site: PS1, roles: { site-server: , service-connection-point: , asset-intelligence-synchronization-point: , endpoint-protection-point: } }
`;
    assert.deepEqual(lines('service-connection-point.microsoft-intune', text, '2017-09'), [
      'a > microsoft-intune tcp 443',
    ]);
    assert.deepEqual(lines('service-connection-point.azure', text), []);
    const gateway = `${text}  b: { site: PS1, roles: { cloud-management-gateway-connection-point: } }\n`;
    assert.deepEqual(lines('service-connection-point.azure', gateway), ['a > azure tcp 443']);
    assert.deepEqual(lines('service-connection-point.internet', text), [
      'a > internet tcp 80',
      'a > internet tcp 443',
    ]);
    const offline = gateway.replace(
      'service-connection-point:',
      'service-connection-point: { offline: true }',
    );
    assert.deepEqual(
      flowsOf(`configmgr: 2025-12${offline}`)
        .filter(({ connection }) => connection.startsWith('service-connection-point.'))
        .map(flowLine),
      [],
    );
    assert.deepEqual(lines('service-connection-point.azure.logic-app', text), ['a > azure tcp 443']);
    assert.deepEqual(lines('asset-intelligence-synchronization-point.microsoft', text), [
      'a > microsoft tcp 443',
    ]);
    assert.deepEqual(lines('endpoint-protection-point.internet', text), ['a > internet tcp 80']);
    assert.deepEqual(lines('site-server.internet', text), ['a > internet tcp 80', 'a > internet tcp 443']);
  });

  it('a gateway connection point uses the ports of its kind of gateway and number of machines', () => {
    const text = `
sites: { PS1: { type: primary } }
servers:
  one: { site: PS1, roles: { cloud-management-gateway-connection-point: } }
  many: { site: PS1, roles: { cloud-management-gateway-connection-point: { virtualMachines: 3 } } }
  old: { site: PS1, roles: { cloud-management-gateway-connection-point: { gateway: classic } } }
  olds: { site: PS1, roles: { cloud-management-gateway-connection-point: { gateway: classic, virtualMachines: 2 } } }
  mp: { site: PS1, roles: { management-point: { protocol: https, cloudManagementGateway: true }, software-update-point: { ssl: true, cloudManagementGateway: true } } }
  mp2: { site: PS1, roles: { management-point: , software-update-point: } }
clients:
  pcs: { site: PS1 }
  out: { site: PS1, internetOnly: true }
`;
    const id = 'cloud-management-gateway-connection-point';
    assert.deepEqual(lines(`${id}.cloud-management-gateway.scale-set`, text), [
      'many > azure tcp 10124-10126',
      'one > azure tcp 443',
    ]);
    assert.deepEqual(lines(`${id}.cloud-management-gateway.classic`, text), [
      'old > azure tcp 443',
      'old > azure tcp 10140',
      'olds > azure tcp 10124-10125',
      'olds > azure tcp 10140-10141',
    ]);
    const four = ['many', 'old', 'olds', 'one'];
    assert.deepEqual(
      lines(`${id}.management-point`, text),
      four.map((name) => `${name} > mp tcp 443`),
    );
    assert.deepEqual(
      lines(`${id}.software-update-point`, text),
      four.flatMap((name) => [`${name} > mp tcp 8530`, `${name} > mp tcp 8531`]),
    );
    assert.deepEqual(lines('client.cloud-management-gateway', text), ['out > azure tcp 443']);
    // The lists before know the classic gateway alone, and give its HTTPS rows for any other.
    assert.deepEqual(lines(`${id}.cloud-management-gateway.classic`, text, '2020-06'), [
      'many > azure tcp 10124-10126',
      'old > azure tcp 443',
      'old > azure tcp 10140',
      'olds > azure tcp 10124-10125',
      'olds > azure tcp 10140-10141',
      'one > azure tcp 443',
    ]);
  });

  it('clients and site servers use Azure only in a hierarchy that has a gateway', () => {
    const text = (role: string) => `
zones: { lan: {}, net: { internet: true } }
sites: { PS1: { type: primary } }
servers:
  a: { site: PS1, roles: { site-server: , ${role}: } }
clients:
  pcs: { site: PS1, zone: lan }
  out: { site: PS1, zone: net }
`;
    for (const edition of CURRENT_BRANCH) {
      const gateway = text('cloud-management-gateway-connection-point');
      // The lists of 2017 know no gateway: a cloud distribution point serves all clients.
      assert.deepEqual(lines('client.cloud-distribution-point', gateway, edition), [
        'out > azure tcp 443',
        ...(edition === '2025-12' ? [] : ['pcs > azure tcp 443']),
      ]);
      assert.deepEqual(lines('site-server.cloud-distribution-point', gateway, edition), [
        'a > azure tcp 443',
      ]);
      assert.deepEqual(lines('client.cloud-distribution-point', text('management-point'), edition), []);
    }
  });

  it('clients get content from a gateway only where it serves content, and talk to it either way', () => {
    const text = (content: boolean) => `
sites: { PS1: { type: primary } }
servers:
  a: { site: PS1, roles: { site-server: , cloud-management-gateway-connection-point: { content: ${content} } } }
clients:
  out: { site: PS1, internetOnly: true }
`;
    const id = 'client.cloud-management-gateway';
    const content = 'client.cloud-distribution-point';
    for (const serves of [true, false]) assert.deepEqual(lines(id, text(serves)), ['out > azure tcp 443']);
    assert.deepEqual(lines(content, text(true)), ['out > azure tcp 443']);
    assert.deepEqual(lines(content, text(false)), []);
    // In the lists that know no gateway its content is that of a cloud distribution point.
    for (const serves of [true, false])
      assert.deepEqual(lines(content, text(serves), '2017-09'), ['out > azure tcp 443']);
  });
});
