// The printed rules of random hierarchies, read back by plain means: they open what the flows need, packet by packet,
// nothing else, and nothing twice.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ciscoAsa } from '../../server/src/exports/firewall/cisco-asa.ts';
import { firewallCsv } from '../../server/src/exports/firewall/csv.ts';
import { exporters } from '../../server/src/exports/firewall/index.ts';
import { nftables } from '../../server/src/exports/firewall/nftables.ts';
import { nsgArm } from '../../server/src/exports/firewall/nsg-arm.ts';
import { powershell } from '../../server/src/exports/firewall/powershell.ts';
import {
  type ExportReport,
  exportReport,
  type FlowLeg,
  openPorts,
  type RuleMachine,
} from '../../server/src/exports/firewall/rules.ts';
import { computeFlows } from '../../server/src/flows/compute.ts';
import { formatPorts, parsePorts, portSet } from '../../server/src/reach/ports.ts';
import { parseText } from '../../server/src/text/parse.ts';
import { contains, parseAddress } from '../../server/src/topology/address.ts';
import { readTopology } from '../../server/src/topology/read.ts';
import { topologies } from '../flows/topologies.ts';
import {
  areNeeded,
  isAboutPackets,
  lets,
  matches,
  type Packet,
  type PrintedRule,
  readArm,
  readAsa,
  readCsv,
  readNftables,
  readPowershell,
} from './printed.ts';
import { isIn, type World, world } from './world.ts';

const PROTOCOLS = ['tcp', 'udp', 'icmp'] as const;

function reportOf({ text }: World): ExportReport {
  const topology = readTopology(parseText(text));
  return exportReport(topology, computeFlows(topology), {
    edition: topology.edition ?? assert.fail('no edition'),
    file: 'a.topology.yaml',
    server: undefined,
    firewall: undefined,
    denyRest: true,
  });
}

/** Nobody on the internet has one of them, and Windows Firewall is not told that somebody might. */
const PRIVATE = ['10.0.0.0/8', 'fd00::/8'];

/** Which addresses a machine of a flow has. */
function hasAddress({ addresses }: RuleMachine, address: string, { inside }: World): boolean {
  if (addresses === 'internet') return !isIn(inside, address);
  const own = parseAddress(address) ?? assert.fail(address);
  return addresses.some((network) => contains(network, own));
}

const familyOf = (address: string) => (address.includes(':') ? 6 : 4);

/** The ports that some legs need between two addresses, and that they may open. */
function wanted(
  report: ExportReport,
  isWanted: (leg: FlowLeg) => boolean,
): Readonly<Record<Packet['protocol'], ReturnType<typeof portSet>>> {
  const found = { tcp: [], udp: [], icmp: [] } as Record<Packet['protocol'], { low: number; high: number }[]>;
  for (const flow of report.flows)
    for (const leg of report.legs(flow)) {
      if (!isWanted(leg)) continue;
      if (flow.protocol === 'icmp') found.icmp.push({ low: 0, high: 0 });
      else found[flow.protocol].push(...openPorts(flow, leg).flatMap((port) => parsePorts(port) ?? []));
    }
  return { tcp: portSet(found.tcp), udp: portSet(found.udp), icmp: portSet(found.icmp) };
}

/** The ports that some rules open for a packet of any port. */
function opened(rules: readonly PrintedRule[], packet: Omit<Packet, 'port'>): string {
  const ranges = rules
    .filter(
      (rule) => rule.action === 'allow' && matches({ ...rule, ports: undefined }, { ...packet, port: 0 }),
    )
    .flatMap(({ ports }) => ports?.map(([low, high]) => ({ low, high })) ?? [{ low: 0, high: 0 }]);
  return formatPorts(portSet(ranges));
}

/** Of each family, for the end at which the rules of one machine do not look. */
const OWN = ['192.0.2.1', '2001:db8:ffff::1'];

/** Compares a list with what it should open; its rules do not look at the end that is the machine's own. */
function agrees(
  name: string,
  rules: readonly PrintedRule[],
  { addresses }: World,
  want: (from: string, to: string) => ReturnType<typeof wanted>,
  own?: 'from' | 'to',
): void {
  for (const from of own === 'from' ? OWN : addresses)
    for (const to of own === 'to' ? OWN : addresses) {
      if (familyOf(from) !== familyOf(to)) continue;
      const need = want(from, to);
      for (const protocol of PROTOCOLS)
        assert.equal(
          opened(rules, { from, to, protocol }),
          formatPorts(need[protocol]),
          `${name}: ${from} to ${to}, ${protocol}\n${rules.map(({ line }) => line).join('\n')}`,
        );
    }
}

/** What a text says, one thing a line; without what only holds it together, and without what is said about it. */
const LINES: Readonly<Record<string, (text: string) => readonly string[]>> = {
  csv: (text) => text.split('\r\n').slice(1, -1),
  endpoints: (text) => text.split('\r\n').slice(1, -1),
  powershell: (text) => inSections(text, /^ {2}'.*' \{$/, /New-NetFirewallRule -Name ('[^']+')/),
  'test-netconnection': (text) => text.match(/^ {6},@\(.*$/gm) ?? [],
  netsh: (text) => inSections(text, /^:m\d+$/, /add rule name="([^"]+)"/),
  'nsg-bicep': (text) => inSections(text, /^resource /, /^ +name: ('.*')$/),
  'nsg-arm': (text) => inSections(text, /^ {6}"name": /, /^ {10,}"name": (".*")/),
  terraform: (text) => inSections(text, /^resource /, /^ +name += (".*")$/),
  'cisco-asa': (text) => text.match(/^access-list .*$/gm) ?? [],
  'pan-os': (text) => text.match(/^set .*$/gm) ?? [],
  fortios: (text) => inSections(text, /^config /, /^ {4}edit (.*)$/),
  'windows-gpo': (text) => text.match(/^"[^"]+"/gm) ?? [],
  aerleon: (text) => inSections(text, /^ {8}paloalto:/, /^ {6}- name: (.*)$/),
  nftables: (text) => inSections(text, /^ {2}chain /, /^ {4}(ip6? .*) comment "/),
  markdown: (text) => inSections(text, /^## /, /^(\| `.*)$/),
  html: (text) => inSections(text, /^<h2>/, /^(<tr><td>.*)$/),
};

/** The lines that fit, each behind the last line before it that begins a section. */
function inSections(text: string, begins: RegExp, fits: RegExp): readonly string[] {
  let section = '';
  return text.split(/\r?\n/).flatMap((line) => {
    if (begins.test(line)) section = line;
    const [, found] = fits.exec(line) ?? [];
    return found === undefined ? [] : [`${section} ${found}`];
  });
}

describe('no format says a thing twice', function () {
  this.timeout('240s');

  for (const [name, exporter] of Object.entries(exporters))
    it(name, () => {
      const linesOf = LINES[name] ?? assert.fail(`no lines of ${name}`);
      let count = 0;
      fc.assert(
        fc.property(topologies, (raw) => {
          const lines = linesOf(exporter.write(reportOf(world(raw))).text);
          const twice = lines.filter((line, index) => lines.indexOf(line) < index);
          assert.deepEqual(twice, []);
          count += lines.length;
        }),
        { numRuns: 16, endOnFailure: true },
      );
      assert.ok(count > 100, `${count} lines`);
    });
});

describe('printed rules, read back packet by packet', function () {
  this.timeout('240s');
  const RUNS = { numRuns: 12, endOnFailure: true } as const;
  const check = (judge: (world: World, report: ExportReport) => number) => {
    let rules = 0;
    fc.assert(
      fc.property(topologies, (raw) => {
        const here = world(raw);
        rules += judge(here, reportOf(here));
      }),
      RUNS,
    );
    assert.ok(rules > 100, `${rules} rules`);
  };
  const both = (here: World, from: string, to: string) => (leg: FlowLeg) =>
    // No network firewall is between two ends that are only somewhere on the internet.
    !(leg.from.addresses === 'internet' && leg.to.addresses === 'internet') &&
    hasAddress(leg.from, from, here) &&
    hasAddress(leg.to, to, here);

  it('open exactly what the flows need, and nothing twice: nftables', () => {
    check((here, report) => {
      const lists = readNftables(nftables(report).text);
      const rules = lists.get('forward') ?? [];
      agrees('forward', rules, here, (from, to) => wanted(report, both(here, from, to)));
      areNeeded('forward', rules);
      return rules.length;
    });
  });

  it('open exactly what the flows need, and nothing twice: Cisco ASA', () => {
    check((here, report) => {
      let count = 0;
      for (const [name, rules] of readAsa(ciscoAsa(report).text)) {
        const isNoZone = /^cmtopo-no-zone-[0-9a-f]{16}-in$/.test(name);
        const zone = isNoZone ? undefined : name.replace(/^cmtopo-|-in$/g, '');
        const starts = (leg: FlowLeg) => leg.from.zone === zone;
        agrees(name, rules, here, (from, to) =>
          wanted(report, (leg) => starts(leg) && both(here, from, to)(leg)),
        );
        areNeeded(name, rules);
        count += rules.length;
      }
      return count;
    });
  });

  it('open exactly what the flows need, and nothing twice: network security groups', () => {
    check((here, report) => {
      let count = 0;
      for (const [name, rules] of readArm(nsgArm(report).text, { not: here.inside })) {
        const [, zone = '', direction] = /^nsg-(\S+) (\w+)$/.exec(name) ?? [];
        const isHere = (leg: FlowLeg) => {
          const machine = direction === 'Inbound' ? leg.to : leg.from;
          if (machine.kind === 'cloud' || machine.addresses === 'internet') return false;
          return machine.zone === undefined ? /^no-zone-[0-9a-f]{16}$/.test(zone) : machine.zone === zone;
        };
        agrees(name, rules, here, (from, to) => {
          const need = wanted(report, (leg) => isHere(leg) && both(here, from, to)(leg));
          // Azure has no ICMP over IPv6.
          return familyOf(from) === 6 ? { ...need, icmp: [] } : need;
        });
        areNeeded(name, rules);
        assert.ok(!lets(rules, { from: '198.51.100.7', to: '198.51.100.7', protocol: 'tcp', port: 1 }));
        count += rules.length;
      }
      return count;
    });
  });

  it('open exactly what the flows need in the lists for people, where an installation adds only what is not open for good', () => {
    let added = 0;
    check((here, report) => {
      const rules = readCsv(firewallCsv(report).text);
      agrees('csv', rules, here, (from, to) => wanted(report, both(here, from, to)));
      const [installation, good] = [true, false].map((isFor) =>
        rules.filter(({ phase }) => (phase === 'installation') === isFor),
      );
      // A list for people names every pair, also one that has only IPv4 at one end and IPv6 at the other.
      for (const rule of (installation ?? []).filter(isAboutPackets))
        areNeeded('csv', [rule, ...(good ?? [])], [rule]);
      added += installation?.length ?? 0;
      return rules.length;
    });
    assert.ok(added > 5, `${added} rules for an installation`);
  });

  it('open exactly what the flows need, and nothing twice: Windows Firewall', () => {
    check((here, report) => {
      let count = 0;
      for (const [name, rules] of readPowershell(powershell(report).text)) {
        const [machine, way] = name.split(' ');
        const isInbound = way === 'in';
        const need = (remote: string) =>
          wanted(report, (leg) => {
            const [own, other] = isInbound ? [leg.to, leg.from] : [leg.from, leg.to];
            if (own.name !== machine || !hasAddress(other, remote, here)) return false;
            if (other.addresses !== 'internet') return true;
            if (isIn(PRIVATE, remote)) return false;
            const families = own.addresses === 'internet' ? [] : own.addresses.map(({ family }) => family);
            return families.length === 0 || families.includes(familyOf(remote));
          });
        if (isInbound) agrees(name, rules, here, need, 'to');
        else agrees(name, rules, here, (_, to) => need(to), 'from');
        areNeeded(name, rules);
        count += rules.length;
      }
      return count;
    });
  });
});
