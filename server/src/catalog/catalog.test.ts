import assert from 'node:assert/strict';
import { LANGUAGES } from '../languages.ts';
import {
  type Connection,
  catalogOf,
  compareEditions,
  dynamicRanges,
  EDITIONS,
  type Edition,
  editionOf,
  errataAbout,
  type PortRow,
  partiesOf,
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

/** Every row of an edition, whatever table it stands in. */
function rowsOf(edition: Edition): readonly PortRow[] {
  const { connections, deployment, windowsServer, clientShares, discovery, loadBalancer, internetClients } =
    catalogOf(edition);
  return [
    ...connections,
    ...deployment,
    ...[windowsServer, clientShares, discovery, loadBalancer].flatMap((table) => table ?? []),
    ...(internetClients?.tables ?? []),
  ].flatMap(({ ports }) => ports);
}

describe('the port catalog', () => {
  it('an edition would lack connections, tables or features', () => {
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
    it(`${edition}: two connections would answer to one id or one section`, () => {
      const { connections } = catalogOf(edition);
      assert.equal(new Set(ids(connections)).size, connections.length);
      assert.equal(new Set(connections.map(({ anchor }) => anchor)).size, connections.length);
    });

    it(`${edition}: a port would be no port`, () => {
      for (const { udp, tcp, service } of rowsOf(edition)) {
        assert.ok(udp.length + tcp.length > 0, service);
        for (const port of [...udp, ...tcp]) {
          if (port === 'dynamic') continue;
          const [low = 0, high = low] = port.split('-').map(Number);
          assert.ok(low >= 1 && low <= high && high <= 65535, `${service}: ${port}`);
        }
      }
    });

    it(`${edition}: a role or service would appear without a name in some language`, () => {
      const roles = catalogOf(edition).connections.flatMap(({ from, to }) => [from, to]);
      const ends = rowsOf(edition).flatMap(({ from, to }) => [from, to].flatMap((role) => role ?? []));
      for (const role of [...roles, ...ends]) assert.ok(roleNames().has(role), role);
      for (const { service } of rowsOf(edition))
        assert.ok(serviceNames().has(service.toLowerCase()), service);
    });

    it(`${edition}: a port that can be configured would be read from a key of another protocol`, () => {
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

  it('a name would be empty in some language', () => {
    for (const [key, { names }] of [...roleNames(), ...serviceNames()]) {
      for (const language of LANGUAGES) assert.notEqual(names[language].trim(), '', `${key} ${language}`);
    }
    assert.equal(roleName('management-point', 'ko'), '관리 지점');
    assert.equal(roleName('management-point', 'zh-TW'), '管理點');
    assert.equal(serviceName('RPC Endpoint mapper', 'ko'), 'RPC 끝점 매퍼');
    assert.equal(serviceName('RPC Endpoint mapper'), 'RPC Endpoint mapper');
    assert.equal(roleName('no-such-role', 'ko'), 'no-such-role');
  });

  it('`current-branch` would not mean the newest edition, or an unknown word some edition', () => {
    assert.equal(editionOf('current-branch'), '2025-12');
    assert.equal(editionOf('2007'), '2007');
    assert.equal(editionOf('2018'), undefined);
    assert.equal(editionOf('2403'), '2025-12');
    assert.equal(editionOf(''), undefined);
  });

  it('a link would lead to the wrong document or section', () => {
    const base = 'https://learn.microsoft.com/en-us/intune/configmgr/core/';
    const ports = `${base}plan-design/hierarchy/ports`;
    const clients = `${base}clients/deploy/windows-firewall-and-port-settings-for-clients`;
    assert.equal(sourceUrl('2025-12', 'BKMK_PortsMP-SQL'), `${ports}#BKMK_PortsMP-SQL`);
    assert.equal(sourceUrl('2017-09', 'remote-control'), `${clients}#remote-control`);
    assert.equal(
      sourceUrl('2017-09', 'ports-that-are-used-with-client-push-installation'),
      `${clients}#ports-that-are-used-with-client-push-installation`,
    );
    assert.equal(sourceUrl('2007', '17'), 'http://technet.microsoft.com/en-us/library/bb632618.aspx');
  });

  it('the ports of a remote database installation would be asked for in operation', () => {
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

  it('a narrower kind of distribution point would be named as any other', () => {
    assert.deepEqual(partiesOf(connectionOf('2017-09', 'client.distribution-point.pxe')), {
      from: 'Client',
      to: 'Distribution point configured for PXE',
    });
    assert.equal(
      partiesOf(connectionOf('2025-12', 'distribution-point.distribution-point')).from,
      'Pull-distribution point',
    );
  });

  it('an erratum would be lost, or point at nothing', () => {
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
      const { errata, connections } = catalogOf(edition);
      const everywhere = EDITIONS.flatMap((other) => ids(catalogOf(other).connections));
      assert.equal(new Set(errata.map(({ id }) => id)).size, errata.length);
      for (const { id, about } of errata) {
        for (const word of about.filter((one) => one.includes('.')))
          assert.ok(everywhere.includes(word), word);
        assert.ok(
          about.some((word) => roleNames().has(word) || ids(connections).includes(word)),
          `${edition}: ${id} is about no role or connection`,
        );
      }
    }
  });

  it('the default range of dynamic ports would be another than the documents give', () => {
    assert.deepEqual(dynamicRanges(), { older: '1024-5000', newer: '49152-65535' });
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

  it('the end of the application catalog and of hybrid Intune would be missed', () => {
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

  it('the cloud management gateway and other new connections would be missed', () => {
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

  it('ports that a kept connection gained or lost would be missed', () => {
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

  it('client push without ICMP and the Kerberos row would be missed', () => {
    assert.deepEqual(
      tables.map(({ table, icmp, rows }) => [table, icmp, rows.length]),
      [
        ['deployment.client-push', true, 0],
        ['windows-server', false, 1],
        ['discovery', false, 1],
      ],
    );
  });

  it('a service that is only spelled otherwise would be reported as a change', () => {
    assert.equal(rowsOf('client.management-point'), undefined);
    assert.equal(rowsOf('client.distribution-point.pxe')?.length, 1);
  });

  it('a direction that changed would be missed', () => {
    const change = compareEditions('2007', '2017-03').changed.find(
      ({ id }) => id === 'site-server.reporting-services-point' || id === 'management-point.site-server',
    );
    assert.equal(change?.direction, false);
    for (const edition of EDITIONS) {
      const same = compareEditions(edition, edition);
      assert.deepEqual([same.added, same.removed, same.changed, same.tables], [[], [], [], []]);
    }
  });

  it('going back would not mirror going forward', () => {
    const back = compareEditions('2025-12', '2017-09');
    assert.deepEqual(ids(back.added), ids(removed));
    assert.deepEqual(ids(back.removed), ids(added));
    assert.deepEqual(back.changed.map(({ id }) => id).sort(), changed.map(({ id }) => id).sort());
  });

  it('between 2017-03 and 2017-09, more than LDAP over SSL would be reported', () => {
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

  it('a malformed entry would become a wrong port without a word', () => {
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
