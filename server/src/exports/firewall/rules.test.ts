import assert from 'node:assert/strict';
import { parse as csvRows } from 'csv-parse/sync';
import fc from 'fast-check';
import { computeFlows } from '../../flows/compute.ts';
import type { Flow } from '../../flows/flow.ts';
import { parseText } from '../../text/parse.ts';
import { contains, parseNetwork } from '../../topology/address.ts';
import { readTopology } from '../../topology/read.ts';
import { networkText, tidyNetworks } from './address.ts';
import { ciscoAsa } from './cisco-asa.ts';
import { firewallCsv } from './csv.ts';
import { hosts } from './hosts.ts';
import { exporters } from './index.ts';
import { firewallMarkdown } from './markdown.ts';
import { netsh } from './netsh.ts';
import { nftables } from './nftables.ts';
import { securityGroups } from './nsg.ts';
import { nsgBicep } from './nsg-bicep.ts';
import { powershell } from './powershell.ts';
import { addressRules, type ExportReport, exportReport } from './rules.ts';
import { terraform } from './terraform.ts';
import { testNetConnection } from './test-netconnection.ts';

function reportOf(
  text: string,
  about: { server?: string; flows?: (flow: Flow) => boolean } = {},
): ExportReport {
  const topology = readTopology(parseText(text));
  const flows = computeFlows(topology).filter(about.flows ?? (() => true));
  return exportReport(topology, flows, {
    edition: topology.edition ?? assert.fail('no edition'),
    file: 'a.topology.yaml',
    server: about.server,
    firewall: undefined,
  });
}

const SITE = `configmgr: 2017-09
defaults: { rpcDynamicPorts: 49152-65535 }
zones: { hq: { networks: [10.1.0.0/16, "2001:db8:1::/48"] }, net: { internet: true } }
sites: { PS1: { type: primary, database: { server: sql01 } } }
servers:
  cm01: { site: PS1, zone: hq, addresses: [10.1.0.1, "2001:DB8:1:0::1"], roles: { site-server: , management-point: , fallback-status-point: } }
  sql01: { site: PS1, zone: hq, addresses: [10.1.0.2], roles: { sql-server: } }
clients:
  pcs: { site: PS1, zone: hq }
  away: { site: PS1, zone: net, internetOnly: true }
`;

describe('rules made of flows', () => {
  it('keep what one machine opens towards another together, each port once', () => {
    const { rules } = reportOf(SITE);
    const [rule] = rules.filter(
      ({ from, to, protocol, phase }) =>
        phase === 'operation' && from.name === 'cm01' && to.name === 'sql01' && protocol === 'tcp',
    );
    assert.ok(rule);
    assert.deepEqual(
      rule.ports.filter(({ low }) => low === 1433),
      [{ low: 1433, high: 1433 }],
    );
    assert.ok(rule.purpose.includes('SQL over TCP'));
    const keys = rules.map(({ from, to, protocol, phase }) => [from.name, to.name, protocol, phase].join());
    assert.equal(new Set(keys).size, keys.length);
  });

  it('open exactly the ports of the flows, between exactly their addresses, in every family both ends have', () => {
    const report = reportOf(SITE);
    const wanted = new Set<string>();
    for (const flow of report.flows) {
      const [leg = assert.fail()] = report.legs(flow);
      const [from, to] = [leg.from.addresses, leg.to.addresses];
      if (from === 'internet' && to === 'internet') continue;
      for (const port of flow.protocol === 'icmp' ? [''] : flow.ports) {
        for (const a of from === 'internet' ? ['any'] : from) {
          for (const b of to === 'internet' ? ['any'] : to) {
            if (typeof a === 'object' && typeof b === 'object' && a.family !== b.family) continue;
            const text = (end: typeof a) => (typeof end === 'string' ? end : networkText(end));
            wanted.add(`${text(a)} ${text(b)} ${flow.protocol} ${port}`);
          }
        }
      }
    }
    const opened = new Set<string>();
    for (const written of nftables(report).text.split('\n')) {
      const line = written.replace(/ip6? [sd]addr != (\{[^}]*\}|\S+) /g, '');
      if (!line.includes('accept comment')) continue;
      const list = (pattern: RegExp) => (pattern.exec(line)?.[1] ?? 'any').replace(/[{} ]/g, '').split(',');
      const element = '(\\{[^}]*\\}|\\S+)';
      const protocol = /icmp/.test(line.split('accept')[0] ?? '')
        ? 'icmp'
        : /(tcp|udp) dport/.exec(line)?.[1];
      for (const a of list(new RegExp(`saddr ${element}`))) {
        for (const b of list(new RegExp(`daddr ${element}`))) {
          for (const port of protocol === 'icmp' ? [''] : list(new RegExp(`dport ${element}`))) {
            opened.add(`${a} ${b} ${protocol} ${port}`);
          }
        }
      }
    }
    assert.deepEqual([...opened].sort(), [...wanted].sort());
  });

  it('say in the head that the answers to PXE come from other ports, where there is PXE', () => {
    const withPxe = SITE.replace(
      'management-point: ,',
      'management-point: , distribution-point: { pxe: true },',
    );
    const head = /TFTP \(PXE\) servers answer from another port .*cm01.*\)?: \w/;
    for (const [name, { write }] of Object.entries(exporters)) {
      const isSaid = head.test(write(reportOf(withPxe)).text);
      assert.equal(isSaid, !['csv', 'endpoints', 'test-netconnection'].includes(name), name);
      assert.doesNotMatch(write(reportOf(SITE)).text, /TFTP/, name);
    }
    // Without a head it is said of the line.
    assert.match(
      firewallCsv(reportOf(withPxe)).text,
      /^pcs,.*,udp,69,.*\(TFTP\): the answers .*",operation,/m,
    );
    const rules = nftables(reportOf(withPxe)).text;
    assert.match(rules, /^ {2}ct helper cmtopo-tftp \{\n {4}type "tftp" protocol udp;\n {2}\}$/m);
    assert.match(rules, /accept\n {4}udp dport 69 ct helper set "cmtopo-tftp"\n/);
  });

  it('keep their names when something else in the file changes, and the name of a changed one is new', () => {
    const names = (text: string) => new Set(addressRules(reportOf(text)).rules.map(({ id }) => id));
    const before = names(SITE);
    const more = names(
      SITE.replace(
        'clients:',
        '  dp01: { site: PS1, zone: hq, addresses: 10.1.0.7, roles: { distribution-point: } }\nclients:',
      ),
    );
    for (const name of before) assert.ok(more.has(name));
    assert.ok(more.size > before.size);
    const described = names(
      SITE.replace('type: primary', 'type: primary, description: Something else').replace('cm01:', 'CM01:'),
    );
    assert.deepEqual(described, before);
    const moved = names(SITE.replace('10.1.0.2]', '10.1.0.3]'));
    assert.notDeepEqual(moved, before);
    assert.ok([...moved].filter((name) => before.has(name)).length > 0);
  });

  it('are none between two ends that are only somewhere on the internet', () => {
    const { rules, gaps } = addressRules(
      reportOf(SITE.replaceAll('zone: hq, addresses: [10.1.0.1, "2001:DB8:1:0::1"]', 'zone: net')),
    );
    assert.ok(rules.every(({ from, to }) => from !== 'internet' || to !== 'internet'));
    assert.ok(gaps.includes('cm01 has no addresses; set addresses of cm01'));
  });

  it('say which range is missing where dynamic ports are not known, and never open more for it', () => {
    const text = SITE.replace('defaults: { rpcDynamicPorts: 49152-65535 }\n', '');
    const report = reportOf(text, { server: 'cm01' });
    for (const write of [nftables, ciscoAsa, powershell]) {
      const { text, gaps } = write(report);
      assert.ok(
        gaps.some((gap) => gap.endsWith('set rpcDynamicPorts of sql01')),
        gaps.join('\n'),
      );
      assert.match(text, /Not written: cm01 to sql01, tcp, .*the dynamic RPC ports are not known/);
      assert.doesNotMatch(text, /49152/);
    }
  });
});

describe('network security groups', () => {
  const many = `configmgr: 2025-12
defaults: { rpcDynamicPorts: 49152-65535, zone: hq }
zones: { hq: {} }
sites: { PS1: { type: primary, database: { server: sql01 } } }
servers:
  cm01: { site: PS1, addresses: 10.1.0.1, roles: { site-server: } }
  sql01: { site: PS1, addresses: 10.1.0.2, roles: { sql-server: } }
${Array.from({ length: 700 }, (_, index) => `  ${'distribution-point-with-a-long-name-'}${index}: { site: PS1, addresses: 10.2.${index >> 8}.${index & 255}, roles: { distribution-point: } }`).join('\n')}
`;

  it('stay within what Azure takes: names, descriptions, priorities; and say where a group is too large', () => {
    const { groups, gaps } = securityGroups(reportOf(many));
    for (const { rules } of groups) {
      for (const direction of ['Inbound', 'Outbound'] as const) {
        const own = rules.filter((rule) => rule.direction === direction);
        assert.equal(new Set(own.map(({ priority }) => priority)).size, own.length);
      }
      assert.equal(new Set(rules.map(({ name }) => name.toLowerCase())).size, rules.length);
      for (const { name, description, priority } of rules) {
        assert.match(name, /^[A-Za-z0-9][A-Za-z0-9._-]{0,78}[A-Za-z0-9_]$/);
        assert.ok(description.length <= 140 && priority >= 100 && priority <= 4096);
      }
    }
    assert.ok(
      gaps.some((gap) => /The zone hq: \d+ rules .*Azure allows 1000 and 4000/.test(gap)),
      gaps.join('\n'),
    );
  });

  it('have names of their own in a group, inbound and outbound, and leave the last priority to a deny rule', () => {
    for (const { rules } of securityGroups(reportOf(SITE)).groups) {
      assert.ok(rules.some(({ direction }) => direction === 'Inbound'));
      assert.ok(rules.some(({ direction }) => direction === 'Outbound'));
      assert.equal(new Set(rules.map(({ name }) => name.toLowerCase())).size, rules.length);
      assert.ok(rules.every(({ priority }) => priority < 4096));
    }
  });

  it('keep the priority of a rule when others come and go', () => {
    const by = (text: string) =>
      new Map(
        securityGroups(reportOf(text)).groups.flatMap(({ rules }) =>
          rules.map((rule) => [rule.name + rule.direction, rule.priority] as const),
        ),
      );
    const before = by(SITE);
    const after = by(
      SITE.replace(
        'clients:',
        '  dp01: { site: PS1, zone: hq, addresses: 10.1.0.7, roles: { distribution-point: } }\nclients:',
      ),
    );
    for (const [name, priority] of before) assert.equal(after.get(name), priority);
  });

  it('split a list of addresses that is too long for one rule, and lose none of it', () => {
    const networks = Array.from({ length: 1200 }, (_, index) => `10.${index >> 8}.${index & 255}.0/25`);
    const text = SITE.replace(
      'pcs: { site: PS1, zone: hq }',
      `pcs: { site: PS1, zone: hq, networks: [${networks.join(', ')}] }`,
    );
    const { groups } = securityGroups(
      reportOf(text, { flows: ({ from, protocol }) => from.name === 'pcs' && protocol === 'tcp' }),
    );
    const inbound = groups
      .flatMap(({ rules }) => rules)
      .filter(({ direction, destinations }) => direction === 'Inbound' && destinations[0] === '10.1.0.1');
    assert.ok(inbound.length >= 3 && inbound.every(({ sources }) => sources.length <= 500));
    assert.deepEqual(new Set(inbound.flatMap(({ sources }) => sources)), new Set(networks));
  });
});

describe('addresses on the way out', () => {
  const address = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([ip, prefix]) => `${ip}/${prefix}`),
    fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })).map(([ip, prefix]) => `${ip}/${prefix}`),
  );

  it('mean what was written, in the usual form, without overlap', () => {
    fc.assert(
      fc.property(fc.array(address, { maxLength: 12 }), (texts) => {
        const networks = tidyNetworks(texts);
        for (const network of networks) assert.deepEqual(parseNetwork(networkText(network)), network);
        for (const text of texts) {
          const network = parseNetwork(text);
          if (network) assert.equal(networks.filter((other) => contains(other, network)).length, 1, text);
        }
        for (const network of networks) {
          assert.ok(
            texts.some((text) => {
              const written = parseNetwork(text);
              return written && contains(written, network) && contains(network, written);
            }),
          );
        }
      }),
    );
  });

  it('are printed as RFC 5952 wants IPv6', () => {
    const shown = (text: string) => tidyNetworks([text]).map(networkText).join();
    assert.equal(shown('2001:DB8:0:0:1:0:0:1'), '2001:db8::1:0:0:1');
    assert.equal(shown('2001:db8:0:1:1:1:1:1'), '2001:db8:0:1:1:1:1:1');
    assert.equal(shown('::'), '::');
    assert.equal(shown('::ffff:1.2.3.4'), '::ffff:102:304');
    assert.equal(shown('2001:db8::5/32'), '2001:db8::/32');
    assert.equal(shown('10.1.2.3/8'), '10.0.0.0/8');
    assert.equal(shown('1:0:0:0:0:0:0:0'), '1::');
  });
});

describe('rules between the inside and the internet', () => {
  const OPEN = `configmgr: 2025-12
defaults: { rpcDynamicPorts: 49152-65535, zone: hq }
zones: { hq: { networks: [10.1.0.0/16] }, dmz: { networks: [192.0.2.0/24] }, net: { internet: true } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, addresses: [10.1.0.1, "2001:db8::1"], roles: { site-server: , sms-provider: , sql-server: , service-connection-point: } }
  mp01: { site: PS1, zone: dmz, addresses: 192.0.2.9, publicAddresses: 203.0.113.9, roles: { management-point: { protocol: https, clients: internet } } }
clients:
  away: { site: PS1, zone: net, internetOnly: true }
`;
  const inside = ['10.1.0.77', '192.0.2.9', '10.1.255.255'];
  const outside = ['10.0.255.255', '198.51.100.1', '192.0.3.0'];

  it('open no address of another zone: nftables', () => {
    const { text } = nftables(reportOf(OPEN));
    const rules = text.split('\n').filter((line) => /cm01 to .*internet|away to mp01/.test(line));
    assert.ok(rules.length >= 2);
    for (const rule of rules.filter((line) => line.includes('ip saddr') || line.includes('ip daddr')))
      assert.match(rule, /ip [sd]addr != \{ 10\.1\.0\.0\/16, 192\.0\.2\.0\/24 \}/);
  });

  it('open no address of another zone: Cisco ASA', () => {
    const { text } = ciscoAsa(reportOf(OPEN));
    assert.doesNotMatch(text, /any4/);
    const [group = ''] = /object-group network cmtopo-internet-v4-\w+\n(?: .*\n)+/.exec(text) ?? [];
    const networks = [...group.matchAll(/network-object (\S+) (\S+)/g)].map(([, address, mask]) =>
      address === 'host' ? `${mask}/32` : `${address}/${bitsOf(mask ?? '')}`,
    );
    const has = (address: string) =>
      networks.some((text) =>
        contains(parseNetwork(text) ?? assert.fail(text), parseNetwork(address) ?? assert.fail()),
      );
    for (const address of inside) assert.ok(!has(address), address);
    for (const address of outside) assert.ok(has(address), address);
  });

  it('open no address of another zone: Windows Firewall', () => {
    for (const { rules } of hosts(reportOf(OPEN)))
      for (const { rule, remote, direction } of rules) {
        if ((direction === 'inbound' ? rule.from : rule.to).addresses !== 'internet') continue;
        const has = (address: string) =>
          remote.some((text) => {
            const [low, high = low] = text.split('-').map((end) => parseNetwork(end) ?? assert.fail(text));
            const { bits } = parseNetwork(address) ?? assert.fail();
            return low?.family === 4 && low.bits <= bits && bits <= (high ?? assert.fail()).bits;
          });
        for (const address of [...inside, '0.0.0.0', '127.0.0.1', '255.255.255.255'])
          assert.ok(!has(address), `${address} in ${remote}`);
        for (const address of outside.filter((one) => !one.startsWith('10.')))
          assert.ok(has(address), `${address} in ${remote}`);
      }
  });

  it('say so for people', () => {
    assert.match(firewallCsv(reportOf(OPEN)).text, /,any but 10\.1\.0\.0\/16; 192\.0\.2\.0\/24/);
  });

  it('know a server by its public addresses where that is wanted, and by its own inside', () => {
    const topology = readTopology(parseText(OPEN));
    const flows = computeFlows(topology);
    const about = { edition: '2025-12', file: 'a', server: undefined, firewall: undefined } as const;
    const { rules } = exportReport(topology, flows, about, { addresses: 'public' });
    const of = (from: string, to: string) =>
      rules.filter((rule) => rule.from.name === from && rule.to.name === to).map((rule) => rule.to.addresses);
    assert.ok(of('away', 'mp01').length > 0);
    for (const addresses of of('away', 'mp01')) assert.deepEqual(addresses, tidyNetworks(['203.0.113.9']));
    for (const addresses of of('cm01', 'mp01')) assert.deepEqual(addresses, tidyNetworks(['192.0.2.9']));
    const all = exportReport(topology, flows, about, { addresses: 'public' });
    assert.match(
      nftables(all).text,
      /^# Towards the internet servers have their public addresses\.\n# No public addresses are known of cm01: their own are in the rules; set publicAddresses\.$/m,
    );
    assert.deepEqual(firewallCsv(all).gaps, [
      'cm01 has no public addresses, its own are written; set publicAddresses of cm01',
    ]);
    assert.doesNotMatch(nftables(exportReport(topology, flows, about)).text, /public addresses/);
  });
});

function bitsOf(mask: string): number {
  return mask.split('.').reduce((sum, part) => sum + Number(part).toString(2).replaceAll('0', '').length, 0);
}

describe('what is not needed of its own', () => {
  it('is told apart in every format, and in a rule only where nothing needs its ports anyway', () => {
    const text = SITE.replace(
      /(\nservers:\n)/,
      '$1  dp1: { site: PS1, zone: hq, addresses: [10.1.0.7], roles: { distribution-point: { protocol: https } } }\n  dp2: { site: PS1, zone: hq, addresses: [10.1.0.8], roles: { distribution-point: { protocol: https }, management-point: { protocol: https } } }\n',
    );
    const topology = readTopology(parseText(text));
    const flows = computeFlows(topology);
    const about = { edition: '2017-09' as const, file: 'a', server: 'dp1', firewall: undefined };
    const own = flows.filter(({ from, to }) => [from.name, to.name].includes('dp1'));
    // Of one machine alone, the others of its choices count.
    const report = exportReport(topology, own, about, { all: flows });
    const [rule] = report.rules.filter(({ from, to }) => from.name === 'pcs' && to.name === 'dp1');
    assert.match(rule?.purpose.join() ?? '', /^[^,]*HTTPS\) \(one of 2 is enough\)$/);
    for (const write of [firewallCsv, powershell, nftables, firewallMarkdown])
      assert.match(write(report).text, /\(one of 2 is enough\)/);
    const all = exportReport(topology, flows, { ...about, server: undefined });
    const notification = all.rules.find(
      ({ from, to, ports }) =>
        from.name === 'pcs' && to.name === 'dp2' && ports.some(({ low }) => low === 10123),
    );
    assert.ok(notification?.purpose.includes('Client notification (optional)'), notification?.purpose.join());
  });
});

describe('rules for installation', () => {
  it('have only the ports that nothing else of the pair opens', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          SITE,
          SITE.replace('2017-09', '2025-12'),
          SITE.replace('zone: hq }', 'zone: hq, installation: [client-push] }'),
        ),
        (text) => {
          const { rules } = reportOf(text);
          for (const rule of rules) {
            const others = rules.filter(
              (other) =>
                other !== rule &&
                other.from === rule.from &&
                other.to === rule.to &&
                other.protocol === rule.protocol,
            );
            const isCovered =
              rule.protocol === 'icmp'
                ? others.length > 0
                : rule.ports.some(({ low, high }) =>
                    others.some(({ ports }) => ports.some((port) => port.low <= low && high <= port.high)),
                  );
            assert.ok(!isCovered, `${rule.from.name} ${rule.to.name} ${rule.protocol} ${rule.phase}`);
          }
          assert.ok(rules.some(({ phase }) => phase === 'installation'));
        },
      ),
    );
  });
});

describe('names in Azure', () => {
  const namesIn = (text: string) => [
    ...[...nsgBicep(reportOf(text)).text.matchAll(/^resource (\w+)|^ +name: '(.*)'/gm)].map(
      ([, a, b]) => a ?? b,
    ),
    ...[...terraform(reportOf(text)).text.matchAll(/^resource "\w+" "(\w+)"|^ +name += "(.*)"/gm)].map(
      ([, a, b]) => a ?? b,
    ),
  ];

  it('stay when a zone, a server and a group are added', () => {
    const more = SITE.replace('zones: {', 'zones: { a: { networks: [10.9.0.0/16] }, no-zone: , a-b: , a_b: ,')
      .replace(
        'servers:',
        'servers:\n  a1: { site: PS1, zone: a, addresses: 10.9.0.1, roles: { distribution-point: } }',
      )
      .replace('clients:', 'clients:\n  aa: { site: PS1, zone: a }');
    const [before, after] = [namesIn(SITE), new Set(namesIn(more))];
    assert.ok(before.length > 10);
    assert.ok(after.size > before.length / 2);
    for (const name of before) assert.ok(after.has(name), name);
  });

  it('differ for zones whose names differ in one mark', () => {
    const text = `configmgr: 2025-12
zones: { a-b: { networks: [10.1.0.0/16] }, a_b: { networks: [10.2.0.0/16] }, a.b: { networks: [10.3.0.0/16] } }
sites: { PS1: { type: primary, database: { server: s1 } } }
servers:
  s1: { site: PS1, zone: a-b, addresses: 10.1.0.1, roles: { site-server: , sms-provider: , sql-server: } }
  s2: { site: PS1, zone: a_b, addresses: 10.2.0.1, roles: { management-point: } }
  s3: { site: PS1, zone: a.b, addresses: 10.3.0.1, roles: { distribution-point: } }
`;
    const { groups } = securityGroups(reportOf(text));
    assert.equal(new Set(groups.map(({ symbol }) => symbol)).size, 3);
    assert.equal(new Set(groups.map(({ name }) => name)).size, 3);
  });

  it('end with a rule that denies the rest where that is wanted', () => {
    const { groups } = securityGroups({ ...reportOf(SITE), denyRest: true });
    for (const { rules } of groups) {
      const last = rules.filter(({ priority }) => priority === 4096);
      assert.deepEqual(
        last.map(({ direction, access, protocol }) => [direction, access, protocol]),
        [
          ['Inbound', 'Deny', '*'],
          ['Outbound', 'Deny', '*'],
        ],
      );
    }
    assert.ok(
      securityGroups(reportOf(SITE)).groups.every(({ rules }) =>
        rules.every(({ access }) => access === 'Allow'),
      ),
    );
  });
});

describe('a list in CSV', () => {
  it('goes on in a further line where Excel would cut the cell', () => {
    const networks = Array.from({ length: 5000 }, (_, index) => `10.${index >> 8}.${index & 255}.0/25`);
    const { text } = firewallCsv(
      reportOf(
        SITE.replace(
          'pcs: { site: PS1, zone: hq }',
          `pcs: { site: PS1, networks: [${networks.join(', ')}] }`,
        ),
      ),
    );
    const rows: string[][] = csvRows(text, { relax_column_count: false });
    assert.ok(rows.every((cells) => cells.every((cell) => cell.length <= 32_767)));
    const own = rows.filter(
      ([from, , to, , protocol, port]) =>
        `${from} ${to} ${protocol} ${port}` === 'pcs cm01 tcp 80; 443' || (from === 'pcs' && to === 'cm01'),
    );
    const first = own.filter((cells) => cells.slice(4).join() === own[0]?.slice(4).join());
    assert.deepEqual(new Set(first.flatMap((cells) => cells[1]?.split('; ') ?? [])), new Set(networks));
    assert.ok(first.length > 1);
  });
});

describe('the machine on which a script runs', () => {
  const LONG = SITE.replaceAll('cm01', 'contoso-configmgr-primary-01').replace(
    'zone: hq, addresses: [10.1.0.1',
    'zone: hq, fqdn: contoso-configmgr-primary-01.corp.contoso.com, addresses: [10.1.0.1',
  );

  it('is told by its host name and its fully qualified name, which COMPUTERNAME cuts', () => {
    const own = 'contoso-configmgr-primary-01';
    for (const write of [powershell, testNetConnection]) {
      const script = write(reportOf(LONG)).text;
      assert.match(script, /^ {2}\[string\] \$Server = '',$/m);
      assert.match(
        script,
        /\$machines = @\(\(\$here\.Hostname \+ '\.' \+ \$here\.Domain\), \$here\.Hostname,/,
      );
      assert.ok(
        script.includes(`  '${own}.corp.contoso.com' { '${own}'; break }\n  '${own}' { '${own}'; break }\n`),
      );
      // Without a section nothing is done, not even the removal of what is stale.
      assert.match(
        script,
        /if \(-not \$machine\) \{ throw [^\n]+\n(?:\n|function[^}]+\}\n)*switch \(\$machine\)/,
      );
    }
    const batch = netsh(reportOf(LONG)).text;
    assert.match(batch, /in \('hostname'\)/);
    assert.match(batch, /if \/i "%full%"=="contoso-configmgr-primary-01\.corp\.contoso\.com" goto m\d/);
  });

  it('is not told by a full name that another one has too: it would get the rules of that one', () => {
    const named = (one: string, two: string) =>
      SITE.replace('cm01: {', `cm01: { fqdn: ${one},`).replace('sql01: {', `sql01: { fqdn: ${two},`);
    for (const text of [named('SQL01', 'sql01'), named('sql.contoso.com', 'SQL.contoso.com')]) {
      for (const write of [powershell, testNetConnection]) {
        const script = write(reportOf(text)).text;
        const words = [...script.matchAll(/^ {2}'(.*)' \{ '(.*)'; break \}$/gm)];
        assert.ok(words.some(([, word]) => word === 'cm01'));
        for (const [, word, name] of words) assert.equal(word, name);
      }
      const batch = netsh(reportOf(text)).text;
      const words = [...batch.matchAll(/^if \/i "%(?:full|machine)%"=="(.*)" goto (m\d+)\r$/gm)];
      assert.ok(words.some(([, word]) => word === 'cm01'));
      for (const [, word, section] of words)
        assert.ok(batch.includes(`:${section}\r\nrem ${word}\r\n`), word);
    }
  });
});
