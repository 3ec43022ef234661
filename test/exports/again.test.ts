// The shipped examples: what is exported for their firewalls and imported again in their place lets the same through,
// and is neither too narrow nor too broad.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { analyse } from '../../server/src/analysis.ts';
import { exporters } from '../../server/src/exports/firewall/index.ts';
import { exportReport } from '../../server/src/exports/firewall/rules.ts';
import type { Flow } from '../../server/src/flows/flow.ts';
import { imported } from '../imports/imported.ts';
import { nftJson } from './nft.ts';

const EXAMPLES = ['hierarchy', 'branches'] as const;

/** The zones of a hierarchy as interfaces of an ASA, which an export does not know. */
function onInterfaces(lists: string): string {
  const names = [...lists.matchAll(/^! From the zone (.+): access-group (\S+) in interface NAME$/gm)];
  return [
    ...names.flatMap(([, zone], index) => [
      `interface GigabitEthernet0/${index}`,
      ` nameif ${zone}`,
      ` security-level ${10 * index}`,
    ]),
    lists,
    ...names.map(([, zone, list]) => `access-group ${list} in interface ${zone}`),
    '',
  ].join('\n');
}

/** Formats that come back, with what stands around an export on the device. */
const SOURCES: Readonly<Record<string, (text: string) => string | undefined>> = {
  nftables: nftJson,
  'nsg-arm': (text) => text,
  'cisco-asa': onInterfaces,
};

describe('an example, exported for all of its firewalls and imported in their place', function () {
  this.timeout('120s');
  for (const name of EXAMPLES) {
    const text = readFileSync(`examples/${name}.topology.yaml`, 'utf8');
    const base = text.replace(/^firewalls:\n(?:[ #].*\n|\n)*/m, '');
    for (const [format, asSource] of Object.entries(SOURCES))
      it(`has no finding: ${name} as ${format}`, function () {
        assert.notEqual(base, text);
        const analysis = analyse(text);
        assert.deepEqual(analysis.findings(), []);
        const { topology } = analysis;
        const crossing = ({ from, to, zones }: Flow, here: readonly string[] | undefined = zones) =>
          analysis.reach().crossed(from, to, here).length > 0;
        const report = exportReport(
          topology,
          analysis.flows().filter((flow) => crossing(flow)),
          {
            edition: topology.edition ?? assert.fail('no edition'),
            file: name,
            server: undefined,
            firewall: undefined,
            denyRest: true,
          },
          { crosses: crossing },
        );
        const exporter = exporters[format] ?? assert.fail(`no format ${format}`);
        const source = asSource(exporter.write(report).text);
        if (source === undefined) {
          this.skip();
          return;
        }
        const zones = [...topology.zones.values()].map((zone) => zone.name);
        const entry = imported(source, { zones, topology: analyse(base).topology });
        assert.deepEqual(
          analyse(`${base}${entry.text}`)
            .findings()
            .map(({ code, message }) => `${code}: ${message}`),
          [],
          entry.text,
        );
      });
  }
});

it('the firewall of a machine, exported for group policy and imported again, has no finding but for PXE', () => {
  const text = readFileSync('examples/small.topology.yaml', 'utf8');
  const analysis = analyse(text);
  const { topology } = analysis;
  for (const server of ['sccm', 'dc', 'computers']) {
    const report = exportReport(topology, analysis.flows(), {
      edition: topology.edition ?? assert.fail('no edition'),
      file: 'small',
      server,
      firewall: undefined,
    });
    const exporter = exporters['windows-gpo'] ?? assert.fail('no format');
    const entry = imported(exporter.write(report).text, { zones: ['office'], topology, hosts: [server] });
    assert.match(entry.text, /hosts: \[/);
    assert.deepEqual(
      analyse(text + entry.text)
        .findings()
        .map(({ code }) => code),
      // No format opens the answers to Windows PE, as its comments say.
      server === 'sccm' ? ['tftp-reply-ports'] : [],
      entry.text,
    );
  }
});
