// What the internet may reach through the firewall rules that are exported, judged by the roles as they are written.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { exporters } from '../../server/src/exports/firewall/index.ts';
import { type ExportReport, exportReport } from '../../server/src/exports/firewall/rules.ts';
import { computeFlows } from '../../server/src/flows/compute.ts';
import type { Flow } from '../../server/src/flows/flow.ts';
import { parseText } from '../../server/src/text/parse.ts';
import { readTopology } from '../../server/src/topology/read.ts';
import type { RawTopology } from '../flows/reference.ts';
import { topologies } from '../flows/topologies.ts';

const RUNS = 300;

function reportOf(text: string, wanted: (flow: Flow) => boolean = () => true): ExportReport {
  const topology = readTopology(parseText(text));
  return exportReport(topology, computeFlows(topology).filter(wanted), {
    edition: topology.edition ?? assert.fail('no edition'),
    file: 'a.topology.yaml',
    server: undefined,
    firewall: undefined,
  });
}

/** Gives every machine an address and every inner zone a network, so that each flow becomes a rule. */
function addressed(topology: RawTopology): string {
  const plain = JSON.parse(JSON.stringify(topology));
  Object.values(plain.zones ?? {}).forEach((zone, index) => {
    if (zone === null || typeof zone !== 'object' || !('internet' in zone))
      plain.zones[Object.keys(plain.zones)[index] ?? ''] = {
        ...(zone ?? {}),
        networks: [`10.${index}.0.0/16`],
      };
  });
  Object.values(plain.servers ?? {}).forEach((server, index) => {
    Object.assign(server as object, { addresses: [`172.16.0.${index + 1}`] });
  });
  return JSON.stringify(plain);
}

/** The servers that may be called from the internet: those that say so, and those that are there themselves. */
function open(topology: RawTopology): ReadonlySet<string> {
  return new Set(
    Object.entries(topology.servers ?? {}).flatMap(([name, server]) => {
      const roles = Object.entries(server?.roles ?? {});
      const serves = roles.some(
        ([role, options]) =>
          role === 'enrollment-proxy-point' ||
          ['internet', 'both'].includes(String((options as { clients?: string } | null)?.clients)),
      );
      return serves || server?.zone === 'internet' ? [name] : [];
    }),
  );
}

const LAPTOPS = `configmgr: 2025-12
defaults: { rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.1.0.0/16] }
  perimeter: { networks: [192.0.2.0/24] }
  internet: { internet: true }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, addresses: [10.1.0.1], roles: { site-server: , sql-server: , sms-provider: , management-point: , distribution-point: } }
  mp02: { site: PS1, zone: perimeter, addresses: [192.0.2.2], roles: { management-point: { protocol: https, clients: internet } } }
clients:
  laptops: { site: PS1, zone: [internet, hq], os: windows-11 }
`;

const LISTENER = `configmgr: 2025-12
defaults: { rpcDynamicPorts: 49152-65535 }
zones: { hq: { networks: [10.1.0.0/16] } }
sites: { PS1: { type: primary, database: { availabilityGroup: AG } } }
availabilityGroups:
  AG:
    listener: { name: ag-sql, addresses: [10.1.0.9], port: 1433 }
    replicas: [ { server: sql01 }, { server: sql02 } ]
servers:
  cm01: { site: PS1, zone: hq, addresses: [10.1.0.1], roles: { site-server: , sms-provider: } }
  sql01: { zone: hq, addresses: [10.1.0.2], roles: { sql-server: { port: 1433 } } }
  sql02: { zone: hq, addresses: [10.1.0.3], roles: { sql-server: { port: 1433 } } }
`;

describe('exported firewall rules and the internet', () => {
  it('let the internet reach no server that serves no clients there, in any hierarchy', () => {
    let fromInternet = 0;
    fc.assert(
      fc.property(topologies, (topology) => {
        const allowed = open(topology);
        for (const { from, to, ports } of reportOf(addressed(topology)).rules) {
          if (from.addresses !== 'internet' || from.kind === 'cloud' || to.kind === 'cloud') continue;
          if (to.addresses === 'internet' || to.kind === 'clients' || ports.length === 0) continue;
          fromInternet++;
          assert.ok(allowed.has(to.name), `${from.name} in ${from.zone} to ${to.name}`);
        }
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    assert.ok(fromInternet > 50, `${fromInternet} rules from the internet`);
  });

  it('say for Azure which public addresses inside its tag of the internet may stand for', () => {
    for (const format of ['nsg-arm', 'nsg-bicep', 'terraform']) {
      const noted = (text: string, wanted?: (flow: Flow) => boolean) => {
        const notes = exporters[format]?.write(reportOf(text, wanted)).text ?? '';
        return /only where they belong to the virtual network: ([^"\n]*)\./.exec(notes)?.[1];
      };
      assert.equal(noted(LAPTOPS), '192.0.2.0/24', format);
      assert.equal(noted(LAPTOPS.replaceAll('192.0.2.', '10.9.2.')), undefined, format);
      const isInside = ({ from, to }: Flow) => from.kind === 'server' && to.kind === 'server';
      assert.equal(noted(LAPTOPS, isInside), undefined, format);
    }
  });

  it('have clients of a group on the internet and at the office in rules of their own', () => {
    const rules = reportOf(LAPTOPS).rules.filter(({ from }) => from.name === 'laptops');
    const from = (name: string) =>
      new Set(rules.filter(({ to }) => to.name === name).map(({ from: { addresses } }) => addresses));
    assert.deepEqual([...from('mp02')], ['internet']);
    const [office, ...more] = from('cm01');
    assert.ok(office !== undefined && office !== 'internet' && more.length === 0);
    assert.deepEqual(office.length, 1);
  });

  for (const [name, { write }] of Object.entries(exporters))
    it(`${name}: writes no 'any' where everything has an address, a listener among it`, () => {
      const { text } = write(reportOf(LISTENER, ({ to }) => to.kind !== 'cloud'));
      if (!['powershell', 'netsh', 'cisco-asa', 'endpoints'].includes(name))
        assert.match(text, /10\.1\.0\.9\b/);
      assert.doesNotMatch(
        text.replaceAll('-Profile Any', '').replaceAll('profile=any', ''),
        /(?<!application )\bany4?\b|RemoteAddress Any|"Internet"|'Internet'/i,
      );
    });
});
