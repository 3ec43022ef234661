// What people wrote of a rule comes back from every export that import reads.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ciscoAsa } from '../../server/src/exports/firewall/cisco-asa.ts';
import { fortios } from '../../server/src/exports/firewall/fortios.ts';
import { nftables } from '../../server/src/exports/firewall/nftables.ts';
import { describedText, notesText } from '../../server/src/exports/firewall/notes.ts';
import { nsgArm } from '../../server/src/exports/firewall/nsg-arm.ts';
import { panOs } from '../../server/src/exports/firewall/pan-os.ts';
import { type Exported, type ExportReport, exportReport } from '../../server/src/exports/firewall/rules.ts';
import { windowsGpo } from '../../server/src/exports/firewall/windows-gpo.ts';
import { computeFlows } from '../../server/src/flows/compute.ts';
import { notesIn } from '../../server/src/imports/notes.ts';
import { imported, topologyOf } from './imported.ts';

const BASE = `configmgr: 2509
defaults: { rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.1.0.0/16] }
  branch: { networks: [10.2.0.0/16] }
sites:
  P01: { type: primary, database: { server: cm01 } }
servers:
  cm01: { site: P01, zone: hq, addresses: 10.1.0.10, roles: { site-server: {}, management-point: {}, distribution-point: {}, sql-server: {} } }
clients:
  branch-pcs: { site: P01, zone: branch, networks: [10.2.4.0/22] }
`;
const rule = (more: string) => `firewalls:
  edge:
    zones: [hq, branch]
    rules:
      - { action: allow, from: branch-pcs, to: cm01, tcp: [80, 443, 10123]${more} }
`;
const NOTES =
  ', description: "Clients of the branch", ticket: CHG-17, owner: Net team, reviewed: 2026-03-01, expires: 2027-12-31';

function report(text: string, firewall?: string): ExportReport {
  const topology = topologyOf(text);
  assert.deepEqual(topology.problems, []);
  return exportReport(topology, computeFlows(topology), {
    edition: '2025-12',
    file: 'site.topology.yaml',
    server: undefined,
    firewall,
  });
}

const FORMS: Readonly<
  Record<string, { readonly write: (report: ExportReport) => Exported; readonly isPlain: boolean }>
> = {
  'cisco-asa': { write: ciscoAsa, isPlain: false },
  'pan-os': { write: panOs, isPlain: false },
  fortios: { write: fortios, isPlain: false },
  nsg: { write: nsgArm, isPlain: true },
  windows: { write: windowsGpo, isPlain: true },
};

/** The export of a device says in which zone each list is; the device knows it by its interfaces. */
const INTERFACES = `ASA Version 9.16(4)
interface G0
 nameif hq
 ip address 10.1.255.254 255.255.0.0
interface G1
 nameif branch
 ip address 10.2.255.254 255.255.0.0
access-group cmtopo-hq-in in interface hq
access-group cmtopo-branch-in in interface branch
`;

describe('what people wrote of a rule', () => {
  for (const [format, { write, isPlain }] of Object.entries(FORMS)) {
    it(`comes back from an export of ${format}`, () => {
      const { text } = write(report(BASE + rule(NOTES)));
      const source = format === 'cisco-asa' ? INTERFACES + text : text;
      const found = imported(source, {
        zones: isPlain ? ['hq', 'branch'] : [],
        topology: topologyOf(BASE),
        format,
      }).text;
      assert.match(found, /ticket: "CHG-17"/, found);
      assert.match(found, /owner: "Net team"/);
      assert.match(found, /reviewed: 2026-03-01/);
      assert.match(found, /expires: 2027-12-31/);
      if (format !== 'cisco-asa') assert.match(found, /description: ".*Clients of the branch.*"/);
      // Rules that nobody wrote anything of have nothing.
      assert.doesNotMatch(write(report(BASE + rule(''))).text, /CHG|Net team|remark/);
    });
  }

  it('is in the comments of an nftables ruleset, and is read of one', () => {
    const { text } = nftables(report(BASE + rule(NOTES)));
    const [comment = ''] = /(?<=comment ")[^"]*CHG-17[^"]*/.exec(text) ?? [];
    assert.ok(comment.length <= 120);
    const ruleset = {
      nftables: [
        { table: { family: 'inet', name: 'f' } },
        { chain: { family: 'inet', table: 'f', name: 'c', type: 'filter', hook: 'forward', policy: 'drop' } },
        {
          rule: {
            family: 'inet',
            table: 'f',
            chain: 'c',
            comment,
            expr: [
              { match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right: 443 } },
              { accept: null },
            ],
          },
        },
      ],
    };
    const found = imported(JSON.stringify(ruleset), { zones: ['hq', 'branch'] }).text;
    assert.match(found, /ticket: "CHG-17", owner: "Net team"|ticket: "CHG-17"\n\s+owner: "Net team"/);
  });

  it('is that of the firewall that is exported, and of all rules on the way', () => {
    const two = `${rule(NOTES)}  inner:
    zones: [hq, branch]
    rules:
      - { action: allow, from: any, to: any, ticket: CHG-18, reviewed: 2025-01-01 }
`;
    assert.match(
      panOs(report(BASE + two)).text,
      /ticket: CHG-17, CHG-18; owner: Net team; reviewed: 2025-01-01/,
    );
    assert.doesNotMatch(panOs(report(BASE + two, 'edge')).text, /CHG-18/);
  });

  it('is kept before what a rule is for, where a target has room for less', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abc xyz-'), maxLength: 80 });
    fc.assert(
      fc.property(text, text, fc.integer({ min: 90, max: 255 }), (what, description, most) => {
        const notes = { ticket: 'CHG-17', owner: 'Net team', expires: '2027-12-31' };
        const written = describedText(`x${what}`, { description: `y${description}`, notes }, most);
        assert.ok(written.length <= most);
        assert.deepEqual(notesIn(written).about, notes);
        assert.ok(written.endsWith(notesText(notes)));
      }),
    );
  });
});
