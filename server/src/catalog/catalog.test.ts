import assert from 'node:assert/strict';
import { LANGUAGES } from '../languages.ts';
import {
  type Connection,
  catalogOf,
  compareEditions,
  DYNAMIC_RANGES,
  EDITIONS,
  type Edition,
  editionOf,
  errataAbout,
  NEWEST_EDITION,
  type PortRow,
  partiesOfConnection,
  roleName,
  roleNames,
  serviceName,
  serviceNames,
  sourceUrl,
} from './index.ts';
import { clientFile, portFile } from './shape.ts';

const ids = (connections: readonly Connection[]) => connections.map(({ id }) => id);

function connectionOf(edition: Edition, id: string): Connection {
  const found = catalogOf(edition).connections.find((connection) => connection.id === id);
  assert.ok(found, `${edition} has no ${id}`);
  return found;
}

/** Every row of an edition, whatever table it is in. */
function rowsOf(edition: Edition): readonly PortRow[] {
  const {
    connections,
    supplements,
    deployment,
    windowsServer,
    clientShares,
    discovery,
    loadBalancer,
    internetClients,
  } = catalogOf(edition);
  return [
    ...connections,
    ...supplements,
    ...deployment,
    ...[windowsServer, clientShares, discovery, loadBalancer].flatMap((table) => table ?? []),
    ...(internetClients?.tables ?? []),
  ].flatMap(({ ports }) => ports);
}

describe('the port catalog', () => {
  it('has so many connections, deployment tables and features in each edition', () => {
    const counts = EDITIONS.map((edition) => {
      const { connections, deployment, clientFeatures } = catalogOf(edition);
      return [edition, connections.length, deployment.length, clientFeatures.length];
    });
    assert.deepEqual(counts, [
      ['2007', 37, 0, 0],
      ['2017-03', 62, 6, 9],
      ['2017-09', 62, 6, 9],
      ['2018-09', 68, 6, 9],
      ['2019-11', 70, 6, 9],
      ['2020-06', 70, 6, 9],
      ['2025-12', 69, 6, 9],
    ]);
  });

  for (const edition of EDITIONS) {
    it(`${edition}: each connection has an id and a section of its own`, () => {
      const { connections } = catalogOf(edition);
      assert.equal(new Set(ids(connections)).size, connections.length);
      assert.equal(new Set(connections.map(({ anchor }) => anchor)).size, connections.length);
    });

    it(`${edition}: every port is a port, a range, dynamic or configured`, () => {
      for (const { udp, tcp, service } of rowsOf(edition)) {
        assert.ok(udp.length + tcp.length > 0, service);
        for (const port of [...udp, ...tcp]) {
          if (port === 'dynamic' || port === 'configured') continue;
          const [low = 0, high = low] = port.split('-').map(Number);
          assert.ok(low >= 1 && low <= high && high <= 65535, `${service}: ${port}`);
        }
      }
    });

    it(`${edition}: every role and service has a name in each language`, () => {
      const roles = catalogOf(edition).connections.flatMap(({ from, to }) => [from, to]);
      const ends = rowsOf(edition).flatMap(({ from, to }) => [from, to].flatMap((role) => role ?? []));
      for (const role of [...roles, ...ends]) assert.ok(roleNames().has(role), role);
      for (const { service } of rowsOf(edition))
        assert.ok(serviceNames().has(service.toLowerCase()), service);
    });

    it(`${edition}: a configurable port is read from a key of its own protocol`, () => {
      for (const { setting, scheme, udp, tcp, service } of rowsOf(edition)) {
        if (setting === undefined) continue;
        const udpKeys = ['wakeOnLan.port', 'wakeUpProxy.port', 'multicastPorts'];
        assert.equal(udpKeys.includes(setting), udp.length > 0, `${service}: ${setting}`);
        assert.equal(udpKeys.includes(setting), tcp.length === 0, `${service}: ${setting}`);
        if (/http$|httpPort/.test(setting)) assert.ok(scheme === undefined || scheme === 'http', service);
        if (/https/.test(setting)) assert.ok(scheme === undefined || scheme === 'https', service);
      }
    });
  }

  it('has no empty name in any language', () => {
    for (const [key, { names }] of [...roleNames(), ...serviceNames()]) {
      for (const language of LANGUAGES) assert.notEqual(names[language].trim(), '', `${key} ${language}`);
    }
    assert.equal(roleName('management-point', 'ko'), '관리 지점');
    assert.equal(roleName('management-point', 'zh-TW'), '管理點');
    assert.equal(serviceName('RPC Endpoint mapper', 'ko'), 'RPC 끝점 매퍼');
    assert.equal(serviceName('RPC Endpoint mapper'), 'RPC Endpoint mapper');
    assert.equal(roleName('no-such-role', 'ko'), 'no-such-role');
  });

  it('takes `current-branch` for the newest edition, and an unknown word for none', () => {
    assert.equal(editionOf('current-branch'), NEWEST_EDITION);
    assert.equal(editionOf('2007'), '2007');
    assert.equal(editionOf('2018'), undefined);
    assert.equal(editionOf(''), undefined);
  });

  it('links to the document and section that a source names', () => {
    const base = 'https://learn.microsoft.com/en-us/intune/configmgr/core/';
    const ports = `${base}plan-design/hierarchy/ports`;
    const clients = `${base}clients/deploy/windows-firewall-and-port-settings-for-clients`;
    assert.equal(sourceUrl('2025-12', 'BKMK_PortsMP-SQL'), `${ports}#BKMK_PortsMP-SQL`);
    assert.equal(sourceUrl('2017-09', 'remote-control'), `${clients}#remote-control`);
    assert.equal(
      sourceUrl('2017-09', 'ports-that-are-used-with-client-push-installation'),
      `${clients}#ports-that-are-used-with-client-push-installation`,
    );
    assert.equal(
      sourceUrl('2017-09', 'bkmk_scp', 'internet-endpoints'),
      `${base}plan-design/network/internet-endpoints#bkmk_scp`,
    );
    assert.equal(sourceUrl('2017-09', 'BKMK_SQLPorts', 'ports'), `${ports}#BKMK_SQLPorts`);
    assert.equal(sourceUrl('2007', '17'), 'http://technet.microsoft.com/en-us/library/bb632618.aspx');
  });

  it('asks for the ports of a remote database installation during installation only', () => {
    const { ports } = connectionOf('2017-09', 'site-server.sql-server');
    assert.deepEqual(
      ports.map(({ service, phase }) => [service, phase]),
      [
        ['SQL over TCP', 'operation'],
        ['Server Message Block (SMB)', 'installation'],
        ['RPC Endpoint Mapper', 'installation'],
        ['RPC', 'installation'],
      ],
    );
  });

  it('names a narrower kind of distribution point as the documents do', () => {
    assert.deepEqual(partiesOfConnection(connectionOf('2017-09', 'client.distribution-point.pxe')), {
      from: 'Client',
      to: 'Distribution point configured for PXE',
    });
    assert.equal(
      partiesOfConnection(connectionOf('2025-12', 'distribution-point.distribution-point')).from,
      'Pull-distribution point',
    );
  });

  it('keeps every erratum, and each is about a role or connection that exists', () => {
    const known = ['wsus-port-pair', 'ldap-over-ssl', 'sql-server-browser', 'roles-with-sql-server'];
    const more = [
      'korean-2017-09',
      'reporting-services-point-direction',
      'client-push-ports',
      'load-balancer-ports',
    ];
    const all = catalogOf('2017-09').errata.map(({ id }) => id);
    for (const id of [...known, ...more]) assert.ok(all.includes(id), id);
    assert.deepEqual(
      errataAbout('2017-09', 'site-server.reporting-services-point').map(({ id }) => id),
      ['reporting-services-point-direction'],
    );
    for (const edition of EDITIONS) {
      const { errata, connections, supplements } = catalogOf(edition);
      const everywhere = EDITIONS.flatMap((other) => [
        ...ids(catalogOf(other).connections),
        ...ids(catalogOf(other).supplements),
      ]);
      assert.equal(new Set(errata.map(({ id }) => id)).size, errata.length);
      for (const { id, about } of errata) {
        for (const word of about.filter((one) => one.includes('.')))
          assert.ok(everywhere.includes(word), word);
        assert.ok(
          about.some((word) => roleNames().has(word) || ids([...connections, ...supplements]).includes(word)),
          `${edition}: ${id} is about no role or connection`,
        );
      }
    }
  });

  it('has the default ranges of dynamic ports that the documents give', () => {
    assert.deepEqual(DYNAMIC_RANGES, {
      older: { low: 1024, high: 5000 },
      newer: { low: 49152, high: 65535 },
    });
  });
});

describe('what an upgrade changes', () => {
  const { added, removed, changed, tables } = compareEditions('2017-09', '2025-12');
  const rowsOf = (id: string) =>
    changed
      .find((change) => change.id === id)
      ?.rows.map(({ change, before, after }) => {
        const side = (row: PortRow | undefined) => row && [row.udp.join(), row.tcp.join()];
        return [change, (after ?? before)?.service, side(before), side(after)];
      });

  it('reports the end of the application catalog and of hybrid Intune', () => {
    assert.deepEqual(ids(removed), [
      'application-catalog-web-service-point.sql-server',
      'application-catalog-website-point.application-catalog-web-service-point',
      'client.application-catalog-website-point',
      'mobile-device.microsoft-intune',
      'service-connection-point.microsoft-intune',
      'site-server.application-catalog-web-service-point',
      'site-server.application-catalog-website-point',
    ]);
  });

  it('reports the cloud management gateway and other new connections', () => {
    assert.equal(added.length, 14);
    for (const id of [
      'client.cloud-management-gateway',
      'cloud-management-gateway-connection-point.cloud-management-gateway.scale-set',
      'data-warehouse-service-point.sql-server',
      'site-server.sql-server.wsus',
    ]) {
      assert.ok(ids(added).includes(id), id);
    }
  });

  it('reports ports that a kept connection gained or lost', () => {
    assert.deepEqual(rowsOf('management-point.domain-controller'), [
      ['changed', 'Lightweight Directory Access Protocol (LDAP)', ['', '389'], ['389', '389']],
      ['changed', 'RPC Endpoint Mapper', ['135', '135'], ['', '135']],
      ['added', 'Secure LDAP (LDAPS, for signing and binding)', undefined, ['636', '636']],
    ]);
    assert.deepEqual(rowsOf('sql-server.sql-server'), [
      ['added', 'SQL Server Browser', undefined, ['', '1434']],
    ]);
    assert.equal(changed.length, 10);
  });

  it('reports client push without ICMP, and the Kerberos row', () => {
    const printed = tables.filter(({ table }) => !table.startsWith('supplements.'));
    assert.deepEqual(
      printed.map(({ table, icmp, rows }) => [table, icmp, rows.length]),
      [
        ['deployment.client-push', true, 0],
        ['windows-server', false, 1],
        ['discovery', false, 1],
      ],
    );
  });

  it('says which supplements come, and which go because the list has a row of its own', () => {
    const of = (change: string) =>
      tables
        .filter((one) => one.change === change && one.table.startsWith('supplements.'))
        .map(({ table }) => table);
    assert.ok(of('added').includes('supplements.site-server.site-server.passive'));
    assert.deepEqual(of('removed'), [
      'supplements.distribution-point.distribution-point',
      'supplements.site-server.sql-server.wsus',
      'supplements.application-catalog-web-service-point.sql-server.listener',
    ]);
  });

  it('takes a service that is only spelled otherwise for no change', () => {
    assert.equal(rowsOf('client.management-point'), undefined);
    assert.equal(rowsOf('client.distribution-point.pxe')?.length, 1);
  });

  it('compares directions, and finds nothing between an edition and itself', () => {
    const change = compareEditions('2007', '2017-03').changed.find(
      ({ id }) => id === 'site-server.reporting-services-point' || id === 'management-point.site-server',
    );
    assert.equal(change?.direction, false);
    for (const edition of EDITIONS) {
      const same = compareEditions(edition, edition);
      assert.deepEqual([same.added, same.removed, same.changed, same.tables], [[], [], [], []]);
    }
  });

  it('mirrors going forward when going back', () => {
    const back = compareEditions('2025-12', '2017-09');
    assert.deepEqual(ids(back.added), ids(removed));
    assert.deepEqual(ids(back.removed), ids(added));
    assert.deepEqual(back.changed.map(({ id }) => id).sort(), changed.map(({ id }) => id).sort());
  });

  it('reports LDAP over SSL alone between 2017-03 and 2017-09', () => {
    const comparison = compareEditions('2017-03', '2017-09');
    assert.deepEqual([ids(comparison.added), ids(comparison.removed)], [[], []]);
    const gone = comparison.changed.flatMap(({ id, rows }) =>
      rows.map(({ change, before }) => `${id} ${change} ${before?.tcp.join()}`),
    );
    assert.deepEqual(gone.sort(), [
      'client.domain-controller removed 3269',
      'management-point.domain-controller removed 3269',
      'management-point.domain-controller removed 636',
      'site-server.domain-controller removed 3269',
      'site-server.domain-controller removed 636',
    ]);
  });
});

describe('catalog files', () => {
  const file = (connection: object) => ({
    notes: {},
    connections: [connection],
  });

  it('refuse a malformed entry and name its place', () => {
    const good = { id: 'a.b', direction: 'one-way', anchor: '1', ports: [{ service: 's', tcp: 80 }] };
    assert.deepEqual(portFile(file(good), 'f', '2007').connections[0]?.ports[0]?.tcp, ['80']);
    for (const [bad, message] of [
      [{ ...good, direction: 'sideways' }, /direction is not one of one-way, two-way/],
      [{ ...good, prots: [] }, /prots is not one of/],
      [{ ...good, ports: [{ service: 's', tcp: '80 or 443' }] }, /ports\[0\]\.tcp is not a port/],
      [{ ...good, ports: [{ service: 's', port: 80 }] }, /ports\[0\]\.port is not one of/],
      [{ ...good, ports: [{ service: 's', tcp: 80, when: 'sometimes' }] }, /when is not one of/],
      [{ ...good, ports: [{ service: 's', tcp: 80, since: '2018' }] }, /since is not one of/],
      [{ ...good, ports: [{ service: 's', tcp: 80, optional: true }] }, /ports\[0\] is not optional with/],
      [{ ...good, until: '2018' }, /until is not one of/],
      [{ ...good, ports: { service: 's' } }, /ports is not a list/],
      [{ ...good, id: 'a' }, /id is not FROM\.TO/],
      [{ ...good, icmp: 'yes' }, /icmp is not true or false/],
    ] as const) {
      assert.throws(() => portFile(file(bad), 'f', '2007'), message);
    }
    assert.throws(
      () => clientFile({ notes: {}, clientFeatures: [{ feature: 1 }] }, 'f', '2017-03'),
      /is not text/,
    );
  });
});
