import assert from 'node:assert/strict';
import { parseText } from '../text/parse.ts';
import type { Written } from './model.ts';
import { readTopology } from './read.ts';

const read = (text: string) => readTopology(parseText(text));
const values = <T>(list: readonly Written<T>[] | undefined) => list?.map(({ value }) => value);

describe('what a topology file can say of boundaries, hosts and groups', () => {
  it('reads boundary groups with their neighbours, as a list or by role', () => {
    const { boundaryGroups, problems, references } = read(`
sites: { PS1: { type: primary } }
zones: { hq: , b1: }
clients: { pcs: { site: PS1, zone: [hq, b1] } }
servers: { dp1: { roles: { distribution-point: } } }
boundaryGroups:
  HQ: { members: [hq], servers: [dp1], cloudManagementGateway: true, site: PS1 }
  B1: { members: [pcs, b1], servers: dp1, fallback: [hq] }
  B2: { fallback: { HQ: [distribution-point], b1: } }
configmgr: 2025-12
`);
    assert.deepEqual(
      problems.map(({ code, message }) => [code, message]),
      [
        [
          'wrong-type',
          "boundary group B1: 'servers' needs a list, each item the name of a server, not 'dp1'",
        ],
      ],
    );
    assert.ok(references.every(({ target }) => target !== undefined));
    assert.deepEqual(values(boundaryGroups.get('b1')?.members), ['pcs', 'b1']);
    assert.deepEqual(
      boundaryGroups.get('b2')?.fallback.map(({ group, roles }) => [group.value, values(roles)]),
      [
        ['HQ', ['distribution-point']],
        ['b1', undefined],
      ],
    );
    assert.equal(boundaryGroups.get('hq')?.cloudManagementGateway?.value, true);
  });

  it('reads firewalls on machines, between pairs of zones, and planned ones', () => {
    const { firewalls, problems } = read(`configmgr: 2025-12
zones: { hq: , b1: , b2: }
servers: { sql1: }
firewalls:
  edge: { between: [[hq, b1], [hq, b2]], planned: true }
  host: { hosts: [sql1], outbound: deny }
  both: { zones: [hq, b1], hosts: [sql1] }
  none: { rules: [] }
`);
    assert.deepEqual(
      problems.map(({ code, message }) => [code, message]),
      [
        ['invalid-value', "firewall both has both 'zones' and 'hosts'; only one of them can apply"],
        ['missing-key', "firewall none has no 'zones'; it is required"],
      ],
    );
    const edge = firewalls.get('edge');
    assert.deepEqual(
      edge?.between.map((pair) => values(pair)),
      [
        ['hq', 'b1'],
        ['hq', 'b2'],
      ],
    );
    assert.equal(edge?.planned?.value, true);
    assert.deepEqual(
      [values(firewalls.get('host')?.hosts), firewalls.get('host')?.outboundDeny],
      [['sql1'], true],
    );
    assert.equal(edge?.outboundDeny, false);
  });

  it('reports one pair without its own brackets once, and offers them', () => {
    const { problems } = read(`configmgr: 2025-12
zones: { hq: , b1: }
firewalls: { edge: { between: [hq, b1] } }
`);
    assert.deepEqual(
      problems.map(({ code, remedy }) => [code, remedy?.kind === 'replace' && remedy.text]),
      [['wrong-type', '[[hq, b1]]']],
    );
  });

  it('reports the member that closes a circle of address groups, once', () => {
    const { problems, addressGroups } = read(`configmgr: 2025-12
addressGroups:
  a: [b, 10.0.0.1]
  b: [c]
  c: [10.0.0.0/8, A]
`);
    assert.deepEqual(
      problems.map(({ code, message }) => [code, message]),
      [['invalid-value', "address group a contains itself (a > b > c > a); take 'A' out here"]],
    );
    assert.deepEqual(values(addressGroups.get('c')?.members), ['10.0.0.0/8', 'A']);
  });

  it('names a listener like a server in firewall rules', () => {
    const { references, problems, listeners, availabilityGroups } = read(`configmgr: 2025-12
zones: { hq: }
servers: { sql1: }
availabilityGroups:
  AG1:
    replicas: [{ server: sql1 }]
    listener: { name: Lsn, addresses: 10.0.0.50, port: 1500 }
    endpointPort: 5022
  AG2:
    replicas: [{ server: sql1 }]
    listener: { name: SQL1 }
firewalls:
  f: { hosts: [sql1], rules: [{ action: allow, from: hq, to: lsn }] }
`);
    assert.equal(references.find(({ name }) => name === 'lsn')?.target, listeners.get('lsn'));
    assert.equal(listeners.get('lsn')?.group, availabilityGroups.get('ag1'));
    assert.deepEqual(values(availabilityGroups.get('ag1')?.listener?.addresses), ['10.0.0.50']);
    assert.equal(availabilityGroups.get('ag1')?.endpointPort?.value, 5022);
    assert.deepEqual(
      problems.map(({ code, message }) => [code, message]),
      [
        [
          'invalid-name',
          "listener 'SQL1' has the name of a server; zones, servers and client groups share their names",
        ],
      ],
    );
  });

  it('takes a proxy for a server of the file where it is one, and for a machine outside else', () => {
    const { servers, clients, references, problems } = read(`configmgr: 2025-12
sites: { PS1: { type: primary } }
servers:
  cm1: { proxy: { server: PX, port: 8080 } }
  px:
clients:
  pcs: { site: PS1, proxy: { server: proxy.contoso.com, port: 3128 }, rpcDynamicPorts: 50000-50255 }
`);
    assert.deepEqual(problems, []);
    assert.equal(references.find(({ name }) => name === 'PX')?.target, servers.get('px'));
    assert.ok(references.every(({ name }) => name !== 'proxy.contoso.com'));
    assert.equal(clients.get('pcs')?.proxy?.server?.value, 'proxy.contoso.com');
    assert.deepEqual(clients.get('pcs')?.rpcDynamicPorts?.value, { low: 50000, high: 50255 });
  });

  it('reads the databases of roles, and the words of PXE and publishing', () => {
    const { servers, sites, problems } = read(`configmgr: 2025-12
sites:
  PS1: { type: primary, publishToActiveDirectory: [a.com, b.com], contentLibrary: fs1 }
  PS2: { type: primary, publishToActiveDirectory: [] }
servers:
  fs1: { roles: { sql-server: { instances: { SUSDB: { port: 1444 } } } } }
  s1:
    publicAddresses: 203.0.113.1
    roles:
      software-update-point: { database: { server: fs1, instance: SUSDB }, upstream: none }
      management-point: { clients: both, databaseReplica: { server: fs1, instance: susdb } }
      distribution-point: { pxe: responder, connectedCache: true }
  s2: { roles: { distribution-point: { pxe: wsd } } }
`);
    assert.deepEqual(
      problems.map(({ code, message }) => [code, message]),
      [
        [
          'invalid-value',
          "distribution-point on s2: 'pxe' cannot be 'wsd'; write 'wds' or 'responder', true or false; did you mean 'wds'?",
        ],
      ],
    );
    const [update, management, distribution] = servers.get('s1')?.roles ?? [];
    assert.equal(update?.databases.get('database')?.instance?.value, 'SUSDB');
    assert.equal(management?.databases.get('databaseReplica')?.server?.value, 'fs1');
    assert.equal(distribution?.values.get('pxe')?.value, 'responder');
    assert.deepEqual(values(sites.get('ps1')?.publishForests), ['a.com', 'b.com']);
    assert.equal(sites.get('ps1')?.publishToActiveDirectory, true);
    assert.equal(sites.get('ps2')?.publishToActiveDirectory, false);
  });

  it('leaves the author’s own top-level keys alone, and follows aliases into them', () => {
    const { servers, problems } = read(`x-defaults: &d { rpcDynamicPorts: 50000-50255 }
x-notes: { anything: [goes, { here: 70000 }] }
configmgr: 2025-12
servers: { dp1: { <<: *d } }
`);
    assert.deepEqual(problems, []);
    assert.deepEqual(servers.get('dp1')?.rpcDynamicPorts?.value, { low: 50000, high: 50255 });
  });
});
