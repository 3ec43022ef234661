// Rules by machine where several could be taken for one another: shared addresses, several zones, one family only.
import assert from 'node:assert/strict';
import { computeFlows } from '../../flows/compute.ts';
import { parseText } from '../../text/parse.ts';
import { readTopology } from '../../topology/read.ts';
import { aerleon } from './aerleon.ts';
import { firewallCsv } from './csv.ts';
import { fortios } from './fortios.ts';
import { panOs } from './pan-os.ts';
import { powershell } from './powershell.ts';
import { type ExportReport, exportReport } from './rules.ts';
import { windowsGpo } from './windows-gpo.ts';

function reportOf(text: string, server?: string): ExportReport {
  const topology = readTopology(parseText(text));
  return exportReport(topology, computeFlows(topology), {
    edition: topology.edition ?? assert.fail('no edition'),
    file: 'a.topology.yaml',
    server,
    firewall: undefined,
  });
}

/** The values of a registry file: each name with its fields. */
function valuesOf({ text }: { readonly text: string }) {
  return [...text.matchAll(/^"(.+)"="(.+)"\r$/gm)].map(([, name = '', string = '']) => {
    const fields = string.split('|').map((field) => field.split('='));
    const all = (key: RegExp) => fields.flatMap(([own = '', value = '']) => (key.test(own) ? [value] : []));
    return {
      name,
      what: `${all(/^Dir$/)} ${all(/^Name$/)}`,
      local: all(/^LA/).join(),
      remote: all(/^RA/).join(),
      ports: all(/^[LR]Port/).join(),
    };
  });
}

const SITE = `configmgr: 2017-09
defaults: { rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.1.0.0/16] }
  branch: { networks: [10.2.0.0/16, "fd00:2::/64"] }
  six: { networks: ["fd00:3::/64"] }
  net: { internet: true }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, addresses: [10.1.0.1], roles: { site-server: , sql-server: , management-point: { protocol: https, clients: both } } }
`;

describe('Windows Firewall rules of machines that share addresses', () => {
  const shared = (first: string, second: string) => `${SITE}
  dns1: { zone: branch, addresses: [${first}], roles: { dns-server: } }
  dns2: { zone: branch, addresses: [${second}], roles: { dns-server: } }
`;
  const toDns = (text: string) =>
    valuesOf(windowsGpo(reportOf(text))).filter(({ what }) => /^Out .*cm01 to dns\d, udp/.test(what));

  it('are not there twice for a machine that meets them at the address they share alone', () => {
    const [rule, ...more] = toDns(shared('10.2.0.5, "fd00:2::5"', '10.2.0.5, "fd00:2::6"'));
    assert.deepEqual([rule?.local, rule?.remote, more], ['10.1.0.1', '10.2.0.5', []]);
  });

  it('are all there for a machine that meets them at others as well', () => {
    const both = shared('10.2.0.5, "fd00:2::5"', '10.2.0.5, "fd00:2::6"').replace(
      'addresses: [10.1.0.1]',
      'addresses: [10.1.0.1, "fd00:1::1"]',
    );
    assert.deepEqual(
      toDns(both).map(({ remote }) => remote),
      ['10.2.0.5,fd00:2::5', '10.2.0.5,fd00:2::6'],
    );
  });

  it('are there once for a machine that is in the file under two names', () => {
    const twice = SITE.replace(
      /( {2})cm01: (.*\n)/,
      '$1cm01: $2$1cm02: { site: PS1, zone: hq, addresses: [10.1.0.1], roles: { distribution-point: } }\n',
    );
    const text = `${twice}
  dns1: { zone: branch, addresses: [10.2.0.5], roles: { dns-server: } }
`;
    const values = valuesOf(windowsGpo(reportOf(text))).filter(({ what }) => /to dns1, udp/.test(what));
    assert.deepEqual(
      values.map(({ what, local, remote }) => [what, local, remote]),
      [
        ['Out ConfigMgr: cm01 to dns1, udp', '10.1.0.1', '10.2.0.5'],
        ['In ConfigMgr: cm01 to dns1, udp', '10.2.0.5', '10.1.0.1'],
      ],
    );
    // A script for each machine by its name has them for both.
    assert.equal(
      powershell(reportOf(text)).text.match(/'ConfigMgr: cm0\d to dns1, udp'.* Outbound/g)?.length,
      2,
    );
  });
});

describe('Windows Firewall rules of a client group in several zones', () => {
  const clients = (zones: string) => `${SITE}
clients:
  pcs: { site: PS1, zone: [${zones}] }
`;

  it('have a name for each zone in group policy, where the second of two values with one name would be all', () => {
    const values = valuesOf(windowsGpo(reportOf(clients('hq, branch'))));
    const own = values.filter(({ what }) => what === 'Out ConfigMgr: pcs to cm01, tcp');
    assert.deepEqual(
      own.map(({ local }) => local),
      ['10.1.0.0/255.255.0.0', '10.2.0.0/255.255.0.0,fd00:2::/64'],
    );
    assert.equal(new Set(values.map(({ name }) => name)).size, values.length);
  });

  it('are there once where they are for the group alone', () => {
    const values = valuesOf(windowsGpo(reportOf(clients('hq, branch'), 'pcs')));
    const own = values.filter(({ what }) => what === 'Out ConfigMgr: pcs to cm01, tcp');
    assert.deepEqual(
      own.map(({ local, remote }) => [local, remote]),
      [['', '10.1.0.1']],
    );
  });

  it('are there for its zones inside, although those of its clients on the internet cannot be written', () => {
    const { text, gaps } = windowsGpo(reportOf(clients('hq, net')));
    const own = valuesOf({ text }).filter(({ what }) => what === 'Out ConfigMgr: pcs to cm01, tcp');
    assert.deepEqual(
      own.map(({ local }) => local),
      ['10.1.0.0/255.255.0.0'],
    );
    assert.ok(
      own.every(({ ports }) => ports.includes('443')),
      own.map(({ ports }) => ports).join(),
    );
    assert.deepEqual(gaps, [
      'pcs is on the internet and has no addresses; write its rules alone with --server pcs',
    ]);
  });
});

describe('rules between machines of different families', () => {
  const PUSH = `${SITE}
clients:
  six: { site: PS1, zone: six, rpcDynamicPorts: 49152-65535, installation: [client-push] }
  both: { site: PS1, zone: branch, rpcDynamicPorts: 49152-65535, installation: [client-push] }
`;

  it('are named and not written in group policy: without its own addresses a rule would be for every machine', () => {
    const { text, gaps } = windowsGpo(reportOf(PUSH));
    const values = valuesOf({ text });
    assert.ok(values.every(({ local }) => local !== ''));
    assert.deepEqual(
      values.filter(({ what }) => /^Out .*cm01 to both, icmp/.test(what)).map(({ remote }) => remote),
      ['10.2.0.0/16'],
    );
    assert.deepEqual(
      values.filter(({ what }) => what.includes('six')),
      [],
    );
    assert.ok(
      gaps.includes('cm01 to six, tcp: one has only IPv4 addresses, the other only IPv6'),
      gaps.join('\n'),
    );
  });

  it('are in the lists for people, also for an installation', () => {
    assert.match(
      firewallCsv(reportOf(PUSH)).text,
      /^cm01,10\.1\.0\.1,six,fd00:3::\/64,tcp,.*,installation,/m,
    );
  });
});

describe('an installation in the lists for people', () => {
  /** Whether clients with some networks need SMB for an installation alone. */
  const isAdded = (networks: string) =>
    /^pcs,.*,files,.*,tcp,445,.*,installation,/m.test(
      firewallCsv(
        reportOf(`${SITE.replace('2017-09', '2019-11')}
  smp1: { site: PS1, zone: branch, addresses: [10.2.0.5, "fd00:2::5"], roles: { state-migration-point: } }
  files: { zone: branch, addresses: [10.2.0.5, "fd00:2::6"], roles: { file-server: } }
clients:
  pcs: { site: PS1, zone: hq, networks: [${networks}], installation: [group-policy], source: files }
`),
      ).text,
    );

  it('adds nothing at the only address where the two meet, if that is open for good', () => {
    assert.ok(!isAdded('10.1.7.0/24'));
    assert.ok(isAdded('10.1.7.0/24, "fd00:1::/64"'));
    assert.ok(isAdded('"fd00:1::/64"'));
  });
});

describe('rules of a client group with networks of its own in several zones', () => {
  it('have a name for each zone on a device, which has one list of names', () => {
    const report = reportOf(`${SITE}
  mp02: { site: PS1, zone: six, addresses: [10.3.0.1], roles: { management-point: } }
clients:
  pcs: { site: PS1, zone: [hq, branch], networks: [10.9.0.0/24] }
`);
    const names = {
      'pan-os': [...panOs(report).text.matchAll(/ rules (\S+) description "pcs to mp02/g)],
      fortios: [...fortios(report).text.matchAll(/^ +set name "(.*)"/gm)],
      aerleon: [...aerleon(report).text.matchAll(/^ {6}- name: (.*)$/gm)],
    };
    for (const [format, found] of Object.entries(names)) {
      assert.ok(found.length >= 2, format);
      assert.equal(new Set(found.map(([, name]) => name)).size, found.length, format);
    }
    assert.equal(names['pan-os'].length, 2);
  });
});

describe('rules from the zone of the internet on a device', () => {
  it('are covered by one for any address there, also for clients whose networks are like those inside', () => {
    const report = reportOf(`${SITE}
clients:
  away: { site: PS1, zone: net, internetOnly: true }
  home: { site: PS1, zone: net, internetOnly: true, networks: [10.1.7.0/24] }
`);
    for (const write of [panOs, fortios]) {
      const { text } = write(report);
      assert.match(text, /away to cm01: .*HTTPS/);
      assert.doesNotMatch(text, /home to cm01/);
    }
    // Here a filter has the addresses of the internet, for targets without zones.
    assert.match(aerleon(report).text, /home to cm01/);
  });
});
