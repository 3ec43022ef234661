// What people read first, and what they wrote before there were boundary groups.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyse } from '../server/src/analysis.ts';
import { STARTER } from '../server/src/topology/starter.ts';
import { showFindings } from './support/rules.ts';

const read = (file: string) => readFileSync(file, 'utf8');
const walkthrough = /```yaml\n([\s\S]*?)```/.exec(read('docs/walkthrough/file.md'))?.[1] ?? '';

describe('the files to begin with', () => {
  for (const [name, text] of [
    ['starter', STARTER],
    ['walkthrough', walkthrough],
  ] as const)
    it(`${name}: shows a boundary group and has no finding`, () => {
      const analysis = analyse(text);
      assert.equal(showFindings(analysis), '');
      assert.equal(analysis.topology.boundaryGroups.size, 1);
      assert.ok(analysis.flows().length > 0);
    });

  for (const name of readdirSync('examples'))
    if (name.endsWith('.topology.yaml') && name !== 'mistakes.topology.yaml')
      it(`the example ${name} has no finding`, () => {
        assert.equal(showFindings(analyse(read(join('examples', name)))), '');
      });

  it('the clients of the branch in the example use their secondary site', () => {
    const used = analyse(read('examples/hierarchy.topology.yaml'))
      .flows()
      .filter(
        ({ from, connection }) => from.name === 'branch-desktops' && connection === 'client.management-point',
      );
    assert.deepEqual([...new Set(used.map(({ to }) => to.name))], ['mp01', 'sec01']);
  });
});

describe('a file from before boundary groups', () => {
  const old = `configmgr: 2017-09
name: Contoso
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535, zone: office }
zones:
  office: { networks: [10.10.0.0/16] }
  internet: { internet: true }
sites:
  PS1: { type: primary, database: { server: sql01, instance: CM }, clientPorts: { http: 80, https: 443, notification: 10123 } }
servers:
  cm01: { site: PS1, addresses: [10.10.0.10], roles: { site-server: , sms-provider: , service-connection-point: , console: } }
  mp01:
    site: PS1
    addresses: [10.10.0.11]
    roles:
      management-point: { protocol: https }
      distribution-point: { protocol: https }
      software-update-point: { httpPort: 8530, httpsPort: 8531, ssl: true, upstream: microsoft-update }
  sql01: { site: PS1, addresses: [10.10.0.12], roles: { sql-server: { instances: { CM: { port: 14330, edition: standard } } } } }
  dc01: { addresses: [10.10.0.2], roles: { domain-controller: { globalCatalog: true } } }
clients:
  desktops: { site: PS1, zone: office, count: 500, installation: [group-policy], features: [remote-control] }
firewalls:
  edge:
    zones: [office, internet]
    rules:
      - { action: allow, from: [cm01, mp01], to: internet, tcp: [80, 443] }
`;

  it('is read, and has no finding', () => {
    assert.equal(showFindings(analyse(old)), '');
  });

  it('has the same site systems for its clients', () => {
    const used = analyse(old)
      .flows()
      .filter(({ from, phase }) => from.name === 'desktops' && phase === 'operation');
    assert.deepEqual([...new Set(used.map(({ to }) => to.name))], ['dc01', 'mp01']);
  });
});
