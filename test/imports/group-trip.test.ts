// The groups of a file are in the rules that are exported, open nothing more there, and come back.
import assert from 'node:assert/strict';
import { ciscoAsa } from '../../server/src/exports/firewall/cisco-asa.ts';
import { fortios } from '../../server/src/exports/firewall/fortios.ts';
import { panOs } from '../../server/src/exports/firewall/pan-os.ts';
import { type Exported, type ExportReport, exportReport } from '../../server/src/exports/firewall/rules.ts';
import { computeFlows } from '../../server/src/flows/compute.ts';
import type { ImportText } from '../../server/src/imports/entry.ts';
import { portsOfFlow } from '../../server/src/reach/rule-ports.ts';
import { endpoint, imported, isAllowed, reach, topologyOf, withImported } from './imported.ts';

const HIERARCHY = `configmgr: 2509
defaults: { rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.1.0.0/16] }
  branch: { networks: [10.2.0.0/16] }
sites:
  P01: { type: primary, database: { server: cm01 } }
servers:
  cm01: { site: P01, zone: hq, addresses: 10.1.0.10, roles: { site-server: {}, sql-server: {} } }
  mp1: { site: P01, zone: hq, addresses: 10.1.0.11, roles: { management-point: {} } }
  mp2: { site: P01, zone: hq, addresses: 10.1.0.12, roles: { management-point: {} } }
  idle: { zone: hq, addresses: 10.1.0.13 }
  dp1: { site: P01, zone: branch, addresses: 10.2.0.11, roles: { distribution-point: {} } }
  dp2: { site: P01, zone: branch, addresses: 10.2.0.12, roles: { distribution-point: {} } }
clients:
  pcs-a: { site: P01, zone: branch, networks: [10.2.4.0/24] }
  pcs-b: { site: P01, zone: branch, networks: [10.2.6.0/24] }
  pcs-c: { site: P01, zone: branch, networks: [10.2.8.0/24] }
`;
const GROUPS = `addressGroups:
  management-points: [mp1, mp2]
  distribution-points: [dp1, dp2]
  some-clients: [pcs-a, pcs-b]
  with-idle: [mp1, mp2, idle]
  with-network: [pcs-a, pcs-b, pcs-c, 10.2.9.0/24]
portGroups:
  client-web: { tcp: [80, 443, 10123] }
  elsewhere: { tcp: [81, 443] }
`;

function report(text: string): ExportReport {
  const topology = topologyOf(text);
  assert.deepEqual(topology.problems, []);
  return exportReport(topology, computeFlows(topology), {
    edition: '2025-12',
    file: 'site.topology.yaml',
    server: undefined,
    firewall: undefined,
  });
}

const DEVICES: Readonly<
  Record<string, { readonly write: (report: ExportReport) => Exported; readonly head: string }>
> = {
  'cisco-asa': {
    write: ciscoAsa,
    head: `ASA Version 9.16(4)
interface G0
 nameif hq
 ip address 10.1.255.254 255.255.0.0
interface G1
 nameif branch
 ip address 10.2.255.254 255.255.0.0
access-group cmtopo-hq-in in interface hq
access-group cmtopo-branch-in in interface branch
`,
  },
  'pan-os': { write: panOs, head: '' },
  fortios: { write: fortios, head: '' },
};

/** The file with what was imported; groups of the device that it does not have are added to its own. */
function withAll(base: string, found: ImportText) {
  const [groups = '', firewalls = ''] = found.text.split(/^(?=firewalls:)/m);
  let text = base;
  for (const [, section = '', lines = ''] of groups.matchAll(/^(\w+Groups:)\n((?: .*\n)*)/gm))
    text = text.replace(`${section}\n`, `${section}\n${lines}`);
  return withImported(text, { ...found, text: firewalls });
}

describe('the groups of a file', () => {
  for (const [format, { write, head }] of Object.entries(DEVICES)) {
    it(`are in an export of ${format}, open nothing more, and come back by their names`, () => {
      const plain = write(report(HIERARCHY)).text;
      const { text } = write(report(HIERARCHY + GROUPS));
      assert.ok(text.length < plain.length, 'no rule fewer');
      assert.doesNotMatch(text, /with-idle|with-network|elsewhere/);
      const base = HIERARCHY + GROUPS;
      const found = imported(head + text, { zones: [], topology: topologyOf(base), format });
      assert.match(found.text, /from: some-clients,?\s+to: management-points/);
      assert.match(found.text, /ports: \[client-web\]/);
      const topology = withAll(base, found);
      const judge = reach(topology);
      const flows = computeFlows(topology).filter(
        ({ from, to }) => from.zone !== to.zone && to.kind !== 'cloud',
      );
      assert.ok(flows.length > 20);
      for (const flow of flows)
        assert.equal(
          judge.verdict(flow).kind,
          'allowed',
          `${flow.from.name} ${flow.to.name} ${flow.service}`,
        );
      const names = [...topology.servers.values()].map(({ name }) => name);
      for (const from of names) {
        for (const to of names) {
          const [a, b] = [endpoint(from, topology), endpoint(to, topology)];
          if (a.zone === b.zone) continue;
          for (const protocol of ['tcp', 'udp'] as const) {
            for (const port of [80, 135, 443, 445, 1433, 3389, 10_123, 50_000]) {
              const isNeeded = flows.some(
                (flow) =>
                  flow.from.name === from &&
                  flow.to.name === to &&
                  flow.protocol === protocol &&
                  portsOfFlow(flow).some(({ low, high }) => low <= port && port <= high),
              );
              assert.equal(
                isAllowed(judge, a, b, protocol, port),
                isNeeded,
                `${from} ${to} ${protocol} ${port}`,
              );
            }
          }
        }
      }
    });
  }
});
