// What is exported for the example hierarchy, byte for byte. After a wanted change:
//   npm run build -- --tests && CMTOPO_UPDATE_GOLDEN=1 npx mocha out/test/exports/golden.test.js
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exporters } from '../../server/src/exports/firewall/index.ts';
import { cmtopo } from '../cli/cli.ts';

const EXAMPLE = 'examples/hierarchy.topology.yaml';
const FOLDER = join('test', 'golden', 'exports');

const NAMES: Readonly<Record<string, string>> = {
  csv: 'hierarchy.csv',
  endpoints: 'hierarchy-endpoints.csv',
  powershell: 'hierarchy.ps1',
  'test-netconnection': 'hierarchy-probe.ps1',
  netsh: 'hierarchy.cmd',
  'nsg-bicep': 'hierarchy.bicep',
  'nsg-arm': 'hierarchy.arm.json',
  terraform: 'hierarchy.tf',
  'cisco-asa': 'hierarchy.asa.txt',
  'pan-os': 'hierarchy.panos.txt',
  fortios: 'hierarchy.fortios.txt',
  'windows-gpo': 'hierarchy.reg',
  aerleon: 'hierarchy.aerleon.yaml',
  nftables: 'hierarchy.nft',
  markdown: 'hierarchy.md',
  html: 'hierarchy.html',
};

/** Formats of something else than rules between addresses. */
const NO_RULES = ['endpoints', 'test-netconnection'];

describe('cmtopo export of the example hierarchy', () => {
  for (const format of Object.keys(exporters)) {
    it(`prints the rules that are written down (${format})`, () => {
      const golden = join(FOLDER, NAMES[format] ?? assert.fail(`no golden file for ${format}`));
      const { status, out, err } = cmtopo(['export', EXAMPLE, '--format', format]);
      assert.equal(status, 0);
      // One file for all machines cannot tell clients on the internet from others.
      assert.match(err, format === 'windows-gpo' ? /^[^\n]*\n {2}laptops is on the internet[^\n]*\n$/ : /^$/);
      if (process.env.CMTOPO_UPDATE_GOLDEN) {
        mkdirSync(FOLDER, { recursive: true });
        writeFileSync(golden, out);
      }
      assert.equal(out, readFileSync(golden, 'utf8'));
    });
  }

  it('gives a firewall exactly what its own rules in the example open', () => {
    const { out, status } = cmtopo(['export', EXAMPLE, '--format', 'csv', '--firewall', 'BRANCH-LINE']);
    assert.equal(status, 0);
    const pairs = new Set(
      out
        .trim()
        .split('\r\n')
        .slice(1)
        .map((line) => line.split(',')[0]),
    );
    assert.deepEqual([...pairs].sort(), ['branch-desktops', 'cm01', 'sec01', 'sql01']);
  });

  it('gives a server its own rules, in and out', () => {
    const { out } = cmtopo(['export', EXAMPLE, '--format', 'powershell', '--server', 'SQL02']);
    assert.match(out, /\[string\] \$Server = 'sql02'/);
    assert.match(out, /-Direction Inbound .*-Protocol TCP -LocalPort [^\n]*'1433'/);
    assert.doesNotMatch(out, /\n {2}'cm02'/);
  });

  it('names what cannot be a rule, in the output and on standard error, and still ends well', () => {
    const topology = `configmgr: 2017-09
zones: { hq: {}, dmz: {} }
sites: { PS1: { type: primary, database: { server: sql01 } } }
servers:
  cm01: { site: PS1, zone: hq, addresses: 10.1.0.1, roles: { site-server: , sms-provider: } }
  mp01: { site: PS1, zone: dmz, addresses: 10.1.0.2, roles: { management-point: } }
  sql01: { site: PS1, zone: dmz, roles: { sql-server: } }
`;
    for (const format of Object.keys(exporters).filter((one) => !NO_RULES.includes(one))) {
      const { status, out, err } = cmtopo(['export', '-', '--format', format], { input: topology });
      assert.equal(status, 0, format);
      assert.match(out.replaceAll('\\', ''), /sql01 has no addresses; set addresses of sql01/, format);
      assert.match(out.replaceAll('\\', ''), /set rpcDynamicPorts of mp01/, format);
      assert.match(err, /^cmtopo: the rules are not complete, \d+ things could not be written:\n/);
      assert.match(err, /sql01 has no addresses/);
    }
  });

  it('says what is wrong with a format, server or firewall, and what it may have been', () => {
    const said = (...args: readonly string[]) => {
      const { status, out, err } = cmtopo(['export', EXAMPLE, ...args]);
      assert.deepEqual({ status, out }, { status: 2, out: '' });
      return err;
    };
    assert.match(said(), /--format is missing: csv, endpoints/);
    assert.match(said('--format', 'nftable'), /did you mean nftables\?/);
    assert.match(said('--format', 'csv', '--server', 'cm1'), /--server cm1: .*did you mean cm01\?/);
    assert.match(said('--format', 'csv', '--firewall', 'egde'), /--firewall egde: .*did you mean edge\?/);
  });
});
