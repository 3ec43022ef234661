import assert from 'node:assert/strict';
import { parseText } from '../text/parse.ts';
import { readTopology } from '../topology/read.ts';
import { computeFlows } from './compute.ts';
import { endpointsIn, goesOutside } from './endpoints.ts';

/** `name:port` behind the flows of one machine, each once. */
function namesOf(text: string, machine: string): readonly string[] {
  const topology = readTopology(parseText(text));
  const names = computeFlows(topology)
    .filter(({ from }) => from.name === machine)
    .flatMap(endpointsIn(topology))
    .map(({ name, port }) => `${name}:${port}`);
  return [...new Set(names)];
}

const file = (gateway: string, server = '') => `configmgr: 2025-12
zones: { hq: { networks: [10.1.0.0/16] }, internet: { internet: true } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01:
    site: PS1
    zone: hq
    ${server}
    roles:
      sql-server:
      site-server:
      management-point: { cloudManagementGateway: true }
      cloud-management-gateway-connection-point: { ${gateway} }
  sql02: { site: PS1, zone: hq, roles: { distribution-point: } }
clients:
  laptops: { site: PS1, zone: internet }
`;

describe('the names behind a flow', () => {
  it('have the storage of a gateway only where it serves content', () => {
    const storage = '<name>.blob.core.windows.net:443';
    for (const machine of ['cm01', 'laptops']) {
      assert.ok(namesOf(file('content: true'), machine).includes(storage), machine);
      assert.ok(!namesOf(file('content: false'), machine).includes(storage), machine);
      assert.ok(namesOf(file('content: false'), machine).includes('<name>.cloudapp.net:443'), machine);
    }
  });

  it('have the storage where one of several gateways of the hierarchy serves content', () => {
    const storage = '<name>.blob.core.windows.net:443';
    const text = (one: boolean, other: boolean) =>
      file(`content: ${one}`).replace(
        '  sql02:',
        `  cp02: { site: PS1, zone: hq, roles: { cloud-management-gateway-connection-point: { content: ${other} } } }\n  sql02:`,
      );
    for (const [one, other] of [
      [true, false],
      [false, true],
      [false, false],
    ] as const)
      assert.equal(namesOf(text(one, other), 'laptops').includes(storage), one || other);
  });

  it('keep their own port where the machine asks a proxy on another', () => {
    const text = file('content: true', 'proxy: { server: 10.1.0.9, port: 8080 }');
    const topology = readTopology(parseText(text));
    const flows = computeFlows(topology).filter(({ connection }) =>
      connection.endsWith('gateway-connection-point.internet'),
    );
    assert.deepEqual(
      flows.map(({ ports }) => ports),
      [['8080']],
    );
    assert.ok(flows.every(goesOutside));
    assert.deepEqual(
      namesOf(text, 'cm01').filter((name) => !name.endsWith(':443')),
      [],
    );
    assert.ok(namesOf(text, 'cm01').includes('management.core.windows.net:443'));
  });

  it('are behind what goes out by a proxy, be it one row of several of its entry', () => {
    const text = file('gateway: classic').replace('2025-12', '2020-06');
    const topology = readTopology(parseText(text));
    const toGateway = computeFlows(topology).filter(({ connection }) =>
      connection.endsWith('cloud-management-gateway.classic'),
    );
    const inside = toGateway.map((flow) => ({ ...flow, to: { ...flow.to, kind: 'server' as const } }));
    assert.deepEqual(
      inside.map((flow) => [flow.service.split(' ')[0], goesOutside(flow)]),
      inside.map(({ service }) => [service.split(' ')[0], service.startsWith('HTTPS')]),
    );
    assert.ok(inside.some(goesOutside) && !inside.every(goesOutside));
  });

  it('are not behind what installs clients, which is in no list of ports', () => {
    const topology = readTopology(
      parseText(file('').replace('zone: internet', 'zone: hq, installation: [client-push]')),
    );
    const pushed = computeFlows(topology).filter(({ entry, phase }) => !entry && phase === 'installation');
    assert.ok(pushed.length > 0);
    assert.deepEqual(pushed.filter(goesOutside), []);
  });

  it('are none for what stays inside, and none in Configuration Manager 2007', () => {
    const topology = readTopology(parseText(file('')));
    const inside = computeFlows(topology).filter((flow) => !goesOutside(flow));
    assert.ok(inside.length > 0);
    assert.deepEqual(inside.flatMap(endpointsIn(topology)), []);
    assert.deepEqual(namesOf(file('').replace('2025-12', '2007'), 'cm01'), []);
  });
});
