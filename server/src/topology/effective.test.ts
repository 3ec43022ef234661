import assert from 'node:assert/strict';
import { parseText } from '../text/parse.ts';
import * as effective from './effective.ts';
import type { Topology } from './model.ts';
import { readTopology } from './read.ts';

const FILE = `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 50000-51000, zone: hq }
zones: { hq: , dmz: }
sites:
  CAS: { type: central-administration, database: { server: sqlcas } }
  PS1:
    type: primary
    parent: cas
    database: { availabilityGroup: AG1 }
    clientPorts: { http: [80, 8080], notification: 10124 }
  S01: { type: secondary, parent: PS1, clientPorts: { http: 81 } }
  PS2: { type: primary, parent: CAS, database: { server: gone } }
servers:
  sqlcas: { roles: { sql-server: } }
  sql01:
    zone: dmz
    os: windows-server-2003
    rpcDynamicPorts: 1024-5000
    site: ps1
    roles:
      sql-server: { instances: { CM: { port: 50001 }, X: { dynamicPorts: true, serviceBrokerPort: 4023 } } }
      wsus-server: { httpPort: 80 }
      distribution-point:
clients:
  desktops: { site: S01 }
availabilityGroups:
  AG1: { replicas: [{ server: SQL01, instance: cm }, { server: sqlcas }, { server: nowhere }] }
`;

function at<T>(map: ReadonlyMap<string, T>, name: string): T {
  const found = effective.lookup(map, name);
  assert.ok(found, name);
  return found;
}

describe('what is in force', () => {
  let topology: Topology;
  before(() => {
    topology = readTopology(parseText(FILE));
    assert.deepEqual(topology.problems, []);
  });

  it('gives a server the defaults of the file where it says nothing itself', () => {
    const plain = at(topology.servers, 'sqlcas');
    const own = at(topology.servers, 'sql01');
    assert.equal(effective.effectiveOs(plain, topology)?.value, 'windows-server-2016');
    assert.equal(effective.effectiveOs(own, topology)?.value, 'windows-server-2003');
    assert.deepEqual(effective.rpcRange(plain, topology)?.value, { low: 50000, high: 51000 });
    assert.deepEqual(effective.rpcRange(own, topology)?.value, { low: 1024, high: 5000 });
    assert.equal(effective.effectiveZone(plain, topology)?.name, 'hq');
    assert.equal(effective.effectiveZone(own, topology)?.name, 'dmz');
    assert.equal(effective.effectiveZone(at(topology.clients, 'desktops'), topology), undefined);
  });

  it('knows the dynamic RPC ports of each system and none of an unknown one', () => {
    assert.deepEqual(effective.defaultRpcRange('windows-server-2003-r2'), { low: 1024, high: 5000 });
    assert.deepEqual(effective.defaultRpcRange('windows-xp'), { low: 1024, high: 5000 });
    assert.deepEqual(effective.defaultRpcRange('windows-vista'), { low: 49152, high: 65535 });
    assert.deepEqual(effective.defaultRpcRange('windows-server-2008'), { low: 49152, high: 65535 });
    assert.equal(effective.defaultRpcRange('other'), undefined);
    assert.equal(effective.defaultRpcRange('beos'), undefined);
  });

  it('walks the hierarchy of sites, whatever the case of their codes', () => {
    const primary = at(topology.sites, 'PS1');
    const secondary = at(topology.sites, 'S01');
    assert.equal(effective.parentOf(primary, topology)?.name, 'CAS');
    assert.equal(effective.topSite(secondary, topology).name, 'CAS');
    assert.deepEqual(
      effective.childrenOf(at(topology.sites, 'CAS'), topology).map(({ name }) => name),
      ['PS1', 'PS2'],
    );
    assert.deepEqual(
      effective.serversOf(primary, topology).map(({ name }) => name),
      ['sql01'],
    );
    assert.equal(effective.siteOf(at(topology.clients, 'desktops'), topology)?.name, 'S01');
  });

  it('ends at a cycle of parents', () => {
    const cyclic = readTopology(
      parseText(
        'configmgr: 2017-09\nsites: { A01: { type: primary, parent: B01 }, B01: { type: primary, parent: A01 }, C01: { type: primary, parent: C01 } }\n',
      ),
    );
    assert.equal(effective.topSite(at(cyclic.sites, 'A01'), cyclic).name, 'B01');
    assert.equal(effective.topSite(at(cyclic.sites, 'C01'), cyclic).name, 'C01');
  });

  it('gives a secondary site the request ports of its primary', () => {
    const ports = { http: [80, 8080], https: [443], notification: 10124 };
    assert.deepEqual(effective.clientPortsOf(at(topology.sites, 'PS1'), topology), ports);
    assert.deepEqual(effective.clientPortsOf(at(topology.sites, 'S01'), topology), ports);
    assert.deepEqual(effective.clientPortsOf(at(topology.sites, 'CAS'), topology), {
      http: [80],
      https: [443],
      notification: 10123,
    });
  });

  it('finds a database on one server or on every replica, without what is not there', () => {
    const places = (site: string) =>
      effective
        .databasesOf(at(topology.sites, site), topology)
        .map(({ server, instance }) => [server.name, instance?.name]);
    assert.deepEqual(places('CAS'), [['sqlcas', 'MSSQLSERVER']]);
    assert.deepEqual(places('PS1'), [
      ['sql01', 'CM'],
      ['sqlcas', 'MSSQLSERVER'],
    ]);
    assert.deepEqual(places('PS2'), []);
    assert.deepEqual(places('S01'), []);
  });

  it('knows the ports of instances', () => {
    const [cm, dynamic] = at(topology.servers, 'sql01').instances;
    const [standard] = at(topology.servers, 'sqlcas').instances;
    assert.ok(cm && dynamic && standard);
    assert.deepEqual([cm, dynamic, standard].map(effective.instancePort), [50001, undefined, 1433]);
    assert.deepEqual([cm, dynamic, standard].map(effective.serviceBrokerPort), [4022, 4023, 4022]);
    assert.equal(standard.implicit, true);
  });

  it('gives a role what is written, else the default of the format', () => {
    const role = (name: string) => {
      const found = at(topology.servers, 'sql01').roles.find((candidate) => candidate.role === name);
      assert.ok(found);
      return found;
    };
    assert.equal(effective.rolePort(role('wsus-server'), 'httpPort'), 80);
    assert.equal(effective.rolePort(role('wsus-server'), 'httpsPort'), 8531);
    assert.equal(effective.roleOption(role('wsus-server'), 'ssl'), false);
    assert.equal(effective.rolePort(role('wsus-server'), 'ssl'), undefined);
    assert.equal(effective.roleOption(role('distribution-point'), 'protocol'), 'both');
    assert.deepEqual(effective.roleOption(role('distribution-point'), 'multicastPorts'), {
      low: 63000,
      high: 64000,
    });
    assert.equal(effective.roleOption(role('distribution-point'), 'pullFrom'), undefined);
  });
});
