import assert from 'node:assert/strict';
import type { Endpoint } from '../flows/flow.ts';
import { parseText } from '../text/parse.ts';
import { effectiveZones } from '../topology/effective.ts';
import type { Topology } from '../topology/model.ts';
import { readTopology } from '../topology/read.ts';
import type { Verdict } from './judge.ts';
import { formatPorts, portSet } from './ports.ts';
import { type Reach, reach } from './reach.ts';
import type { Protocol } from './rule-ports.ts';

function endpointOf(name: string, topology: Topology): Endpoint {
  const server = topology.servers.get(name);
  const clients = topology.clients.get(name);
  const machine = server ?? clients;
  if (!machine) {
    const zone = [...topology.zones.values()].find(({ internet }) => internet)?.name;
    return { name, kind: 'cloud', zone };
  }
  const zones = effectiveZones(machine, topology).map(({ id }) => id);
  const base = { name, zones, zone: zones.length === 1 ? zones[0] : undefined };
  return server ? { ...base, kind: 'server', server } : { ...base, kind: 'clients', clients };
}

const show = (verdict: Verdict) => {
  if (verdict.kind === 'unchecked') return 'unchecked';
  const rule = (name: string | undefined) => name ?? 'default';
  if (verdict.kind === 'allowed')
    return `allowed ${verdict.by.map(({ firewall, rule: { name } }) => `${firewall.name}/${rule(name?.value)}`).join(' ')}`.trim();
  return verdict.blocks
    .map((block) =>
      `${block.firewall.name}/${rule(block.rule?.name?.value)} ${formatPorts(block.missing)}`.trim(),
    )
    .join('; ');
};

function asker(text: string) {
  const topology = readTopology(parseText(text));
  const judge: Reach = reach(topology);
  const endpoints = new Map<string, Endpoint>();
  const endpoint = (name: string) => {
    const known = endpoints.get(name) ?? endpointOf(name, topology);
    endpoints.set(name, known);
    return known;
  };
  return (from: string, to: string, protocol: Protocol, ...ports: readonly number[]) =>
    show(
      judge.judge({
        from: endpoint(from),
        to: endpoint(to),
        protocol,
        ports: portSet(ports.map((port) => ({ low: port, high: port }))),
      }),
    );
}

const zones = (rules: string, more = '') =>
  `configmgr: 2017-09
zones:
  hq: { networks: [10.1.0.0/16] }
  dmz: { networks: [10.2.0.0/16] }
  far: { networks: [10.3.0.0/16] }
  island: {}
  internet: { internet: true }
sites: { AAA: { type: primary } }
servers:
  cm: { zone: hq, addresses: [10.1.0.1] }
  bare: { zone: hq }
  twin: { zone: hq, addresses: [10.1.0.2, "fd00::2"] }
  pub: { zone: dmz, addresses: [10.2.0.1] }
  six: { zone: dmz, addresses: ["fd00:2::1"] }
  away: { zone: far }
  alone: { zone: island }
  nowhere: {}
clients:
  pcs: { site: AAA, zone: hq, networks: [10.1.64.0/24] }
  all: { site: AAA, zone: hq }
firewalls:
  edge:
    zones: [hq, dmz, internet]
    rules:
${rules
  .trim()
  .split('\n')
  .map((rule) => `      - { ${rule.trim()} }\n`)
  .join('')}${more}`;

describe('reachability', () => {
  it('takes the first rule that matches, and denies what none does', () => {
    const ask = asker(
      zones(`name: no, action: deny, from: cm, to: pub, tcp: 81
        name: web, action: allow, from: hq, to: dmz, tcp: [80-90]
        name: late, action: deny, from: cm, to: pub, tcp: 80`),
    );
    assert.equal(ask('cm', 'pub', 'tcp', 80), 'allowed edge/web');
    assert.equal(ask('cm', 'pub', 'tcp', 80, 81, 82, 443), 'edge/no 81, 443');
    assert.equal(ask('cm', 'pub', 'tcp', 443), 'edge/default 443');
    assert.equal(ask('cm', 'pub', 'udp', 80), 'edge/default 80');
    assert.equal(ask('pub', 'cm', 'tcp', 80), 'edge/default 80', 'only replies come back');
  });

  it('tells protocols apart, and takes a rule without any for all of them', () => {
    const ask = asker(
      zones(`name: ping, action: allow, from: cm, to: pub, icmp: true
        name: any, action: allow, from: bare, to: pub
        name: udp, action: allow, from: twin, to: pub, udp: any`),
    );
    assert.equal(ask('cm', 'pub', 'icmp'), 'allowed edge/ping');
    assert.equal(ask('cm', 'pub', 'tcp', 1), 'edge/default 1');
    for (const protocol of ['tcp', 'udp', 'icmp'] as const)
      assert.equal(ask('bare', 'pub', protocol, 7), 'allowed edge/any');
    assert.equal(ask('twin', 'pub', 'udp', 65535), 'allowed edge/udp');
    assert.equal(ask('twin', 'pub', 'icmp'), 'edge/default');
  });

  it('knows machines by name, by address and by zone', () => {
    const ask = asker(
      zones(`name: address, action: allow, from: 10.1.0.1, to: any, tcp: 1
        name: network, action: allow, from: 10.1.0.0/24, to: any, tcp: 2
        name: zone, action: allow, from: hq, to: any, tcp: 3
        name: group, action: allow, from: all, to: any, tcp: 4
        name: six, action: allow, from: hq, to: "fd00:2::/64", tcp: 5`),
    );
    assert.equal(ask('cm', 'pub', 'tcp', 1, 2, 3), 'allowed edge/address edge/network edge/zone');
    assert.equal(ask('bare', 'pub', 'tcp', 1, 2, 3), 'edge/default 1-2', 'no address lies in no network');
    assert.equal(ask('cm', 'pub', 'tcp', 4), 'allowed edge/group', 'a group without networks is its zone’s');
    assert.equal(ask('bare', 'pub', 'tcp', 4), 'edge/default 4');
    assert.equal(ask('cm', 'six', 'tcp', 5), 'allowed edge/six', 'two machines without a common family');
    assert.equal(ask('cm', 'pub', 'tcp', 5), 'edge/default 5');
  });

  it('wants every client of a group through, and one address of a server', () => {
    const ask = asker(
      zones(`name: half, action: allow, from: 10.1.64.0/25, to: dmz, tcp: 1
        name: kiosk, action: deny, from: 10.1.64.200, to: any, tcp: 2
        name: rest, action: allow, from: pcs, to: dmz, tcp: 2
        name: four, action: allow, from: 10.1.0.2, to: dmz, tcp: 3
        name: cm, action: allow, from: cm, to: any, tcp: 4
        name: not-cm, action: deny, from: cm, to: any, tcp: 5
        name: hq, action: allow, from: hq, to: any, tcp: [4, 5]`),
    );
    assert.equal(ask('pcs', 'pub', 'tcp', 1), 'edge/default 1');
    assert.equal(ask('pcs', 'pub', 'tcp', 2), 'edge/kiosk 2');
    assert.equal(ask('twin', 'pub', 'tcp', 3), 'allowed edge/four');
    assert.equal(ask('all', 'pub', 'tcp', 4), 'allowed edge/hq');
    assert.equal(ask('all', 'pub', 'tcp', 5), 'allowed edge/hq', 'a server in the zone is no client');
  });

  it('puts cloud services into the zone marked internet, and knows the whole internet as a network', () => {
    const ask = asker(zones('name: out, action: allow, from: cm, to: 0.0.0.0/0, tcp: 443'));
    assert.equal(ask('cm', 'azure', 'tcp', 443), 'allowed edge/out');
    assert.equal(ask('cm', 'azure', 'tcp', 80), 'edge/default 80');
    const without = asker(zones('action: allow, from: cm, to: pub').replace('{ internet: true }', '{}'));
    assert.equal(without('cm', 'azure', 'tcp', 443), 'unchecked');
  });

  it('filters nothing in one zone, between zones that nothing joins, and without firewalls', () => {
    const ask = asker(zones('name: none, action: deny, from: any, to: any'));
    assert.equal(ask('cm', 'bare', 'tcp', 1), 'allowed');
    assert.equal(ask('cm', 'alone', 'tcp', 1), 'allowed');
    assert.equal(ask('cm', 'nowhere', 'tcp', 1), 'unchecked');
    assert.equal(ask('cm', 'pub', 'tcp'), 'unchecked', 'no port is known');
    const lost = zones('action: deny, from: any, to: any').replace('[10.1.0.1]', '[10.1.0]');
    assert.equal(asker(lost)('cm', 'bare', 'tcp', 1), 'allowed', 'where it is needs no address');
    const open = lost.slice(0, lost.indexOf('firewalls:'));
    assert.equal(asker(open)('cm', 'pub', 'tcp', 1), 'allowed', 'there is nothing that could stop it');
  });

  it('asks every firewall of the shortest chains, and none of a longer one', () => {
    const more = `  inner:
    zones: [dmz, far]
    rules: [{ name: in, action: allow, from: any, to: away, tcp: [1, 2] }]
  other:
    zones: [internet, far]
    rules: [{ name: side, action: allow, from: any, to: away, tcp: [1] }]
  loop-a: { zones: [hq, island], rules: [] }
  loop-b: { zones: [island, dmz], rules: [] }
`;
    const ask = asker(zones('name: out, action: allow, from: hq, to: any, tcp: [1, 2, 3]', more));
    assert.equal(ask('cm', 'away', 'tcp', 1), 'allowed edge/out inner/in other/side');
    assert.equal(ask('cm', 'away', 'tcp', 2), 'other/default 2');
    assert.equal(
      ask('cm', 'away', 'tcp', 1, 2, 3, 4),
      'edge/default 4; inner/default 3-4; other/default 2-4',
    );
    assert.equal(ask('cm', 'pub', 'tcp', 1), 'allowed edge/out', 'round by the island is longer');
  });

  it('lets nothing through where a firewall may be that is in no known place', () => {
    const text = zones('action: allow, from: any, to: any');
    assert.match(text, /edge: *\n? *(?:\{ )?zones: \[hq, dmz[^\]]*\]/);
    for (const places of [
      'zones: [hq, dmx]',
      'zones: [hq, dmz, dmx]',
      'zones: hq-dmz',
      'zones: []',
      'between: [[hq, dmx]]',
      'between: [[hq, dmz], [hq, dmx]]',
    ])
      assert.equal(
        asker(text.replace(/zones: \[hq, dmz[^\]]*\]/, places))('cm', 'pub', 'tcp', 1),
        'unchecked',
        places,
      );
  });

  it('does not judge by what could not be read', () => {
    for (const rules of [
      'action: allow, from: cn, to: pub',
      'action: allow, from: [cm, 10.1.0.999], to: pub',
      'action: permit, from: cm, to: pub',
      'action: allow, from: cm, to: pub, tpc: 443',
      'action: allow, from: cm, to: pub, tcp: 70000',
    ])
      assert.equal(asker(zones(rules))('cm', 'pub', 'tcp', 1), 'unchecked', rules);
    const text = zones('action: allow, from: any, to: dmz, tcp: 443');
    const lost = asker(text.replace('addresses: [10.1.0.1]', 'addresses: [10.1.0]'));
    assert.equal(lost('cm', 'pub', 'tcp', 1), 'unchecked');
    assert.equal(lost('twin', 'pub', 'tcp', 1), 'edge/default 1');
    assert.equal(asker(text.replace('    rules:', '   rules'))('cm', 'pub', 'tcp', 1), 'unchecked');
  });

  it('does not judge by a rule of an alias that could not be read, wherever it was written', () => {
    const through = (rule: string) =>
      asker(
        zones('name: out, action: allow, from: any, to: any').replace(
          'firewalls:\n  edge:\n    zones: [hq, dmz, internet]\n    rules:\n',
          `firewalls:
  other:
    zones: [far, island]
    rules: &rules
${rule}
  edge:
    zones: [hq, dmz, internet]
    rules: *rules
  rest:
    zones: [island, internet]
    rules:
`,
        ),
      )('cm', 'pub', 'tcp', 1);
    assert.equal(through('      - { action: deny, from: any, to: any }'), 'edge/default 1');
    assert.equal(through('      - { from: any, to: any }'), 'unchecked');
    assert.equal(
      through('      - action: deny\n        from: any\n        to: any\n        tcp 1'),
      'unchecked',
    );
  });

  it('does not judge where the line behind a section is lost, for it may have been a part of it', () => {
    const text = (more: string) => `configmgr: 2017-09
zones: { hq: , dmz: }
addressGroups: { all: [cm] }
${more}servers: { cm: { zone: hq }, pub: { zone: dmz } }
firewalls:
  edge: { zones: [hq, dmz], rules: [{ name: none, action: deny, from: any, to: any }] }
`;
    assert.equal(asker(text('sites:\n  PS1: { type: primary }\n'))('cm', 'pub', 'tcp', 1), 'edge/none 1');
    assert.equal(asker(text('  sites:\n  PS1: { type: primary }\n'))('cm', 'pub', 'tcp', 1), 'unchecked');
  });

  it('judges where what is lost is in a section that says nothing of firewalls', () => {
    const text = zones('name: hq, action: allow, from: hq, to: pub').replace(
      '  nowhere: {}',
      '  nowhere: {}\n  lost line',
    );
    assert.ok(readTopology(parseText(text)).tree.damage.length > 0);
    assert.equal(asker(text)('cm', 'pub', 'tcp', 1), 'allowed edge/hq');
    assert.equal(
      asker(text.replace('  far: {', '  lost line\n  far: {'))('cm', 'pub', 'tcp', 1),
      'unchecked',
    );
  });

  it('does not judge what is between two machines whose zones nobody knows', () => {
    const ask = asker(
      zones('name: any, action: allow, from: any, to: any').replace(
        'nowhere: {}',
        'nowhere: {}\n  other: {}',
      ),
    );
    assert.equal(ask('nowhere', 'other', 'tcp', 1), 'unchecked');
    assert.equal(ask('nowhere', 'cm', 'tcp', 1), 'unchecked');
    assert.equal(ask('cm', 'nowhere', 'tcp', 1), 'unchecked');
  });

  it('does not judge a group by one of its zones where another could not be read', () => {
    const text = zones('name: hq, action: allow, from: hq, to: pub').replace(
      'all: { site: AAA, zone: hq }',
      'all: { site: AAA, zone: [hq, far] }',
    );
    assert.equal(asker(text)('all', 'pub', 'tcp', 1), 'allowed edge/hq');
    const lost = text.replace('networks: [10.3.0.0/16]', 'networks: [10.3.0]');
    assert.equal(asker(lost)('all', 'pub', 'tcp', 1), 'unchecked');
    assert.equal(asker(lost)('pub', 'all', 'tcp', 1), 'unchecked');
  });

  it('lets a connection through by one pair of addresses at every firewall', () => {
    const far = (rules: string) => `  inner: { zones: [dmz, far], rules: [ { ${rules} } ] }\n`;
    const more = (name: string) =>
      zones(
        `name: one, action: allow, from: cm, to: 10.3.0.1
        name: six, action: allow, from: twin, to: "fd00:3::1", tcp: 5`,
        far(name),
      ).replace('away: { zone: far }', 'away: { zone: far, addresses: [10.3.0.1, 10.3.0.2, "fd00:3::1"] }');
    const apart = asker(more('name: two, action: allow, from: cm, to: 10.3.0.2'));
    assert.equal(
      apart('cm', 'away', 'tcp', 1433),
      'inner/default 1433',
      'the first address is one rule short',
    );
    assert.equal(
      asker(more('name: two, action: allow, from: cm, to: 10.3.0.0/30'))('cm', 'away', 'tcp', 1433),
      'allowed edge/one inner/two',
    );
    const four = asker(more('name: four, action: allow, from: 10.1.0.2, to: away, tcp: 5'));
    assert.equal(
      four('twin', 'away', 'tcp', 5),
      'edge/default 5',
      'IPv6 here and IPv4 there are two packets',
    );
  });

  it('takes the addresses of servers for clients where a group has no others', () => {
    const ask = asker(
      zones('name: address, action: allow, from: 10.1.0.0/24, to: pub, tcp: 1').replace(
        'networks: [10.1.64.0/24]',
        'networks: [10.1.0.1]',
      ),
    );
    assert.equal(ask('pcs', 'pub', 'tcp', 1), 'allowed edge/address');
  });

  it('takes none of them for clients where a group has others', () => {
    const ask = asker(
      zones(`name: server, action: deny, from: 10.1.0.1, to: pub
      name: rest, action: allow, from: hq, to: pub`).replace(
        'networks: [10.1.64.0/24]',
        'networks: [10.1.0.1, 10.1.64.0/24]',
      ),
    );
    assert.equal(ask('pcs', 'pub', 'tcp', 1), 'allowed edge/rest');
    assert.equal(ask('cm', 'pub', 'tcp', 1), 'edge/server 1');
  });

  it('judges traffic to a listener only where every availability group was read', () => {
    const text = (port: string) => `configmgr: 2025-12
zones: { hq: , dmz: }
sites: { PS1: { type: primary, database: { availabilityGroup: ag } } }
servers:
  cm: { site: PS1, zone: hq, roles: { site-server: } }
  sql1: { zone: dmz, roles: { sql-server: } }
availabilityGroups:
  ag: { replicas: [{ server: sql1 }], listener: { name: lis, port: ${port} } }
firewalls:
  edge: { zones: [hq, dmz], rules: [{ name: none, action: deny, from: any, to: any }] }
`;
    const verdict = (port: string, name: string) => {
      const topology = readTopology(parseText(text(port)));
      const server = topology.servers.get(name);
      const to: Endpoint = server
        ? { name, kind: 'server', server, zone: 'dmz' }
        : { name, kind: 'listener', zone: 'dmz' };
      const ports = portSet([{ low: 1433, high: 1433 }]);
      return show(reach(topology).judge({ from: endpointOf('cm', topology), to, protocol: 'tcp', ports }));
    };
    assert.equal(verdict('1433', 'lis'), 'edge/none 1433');
    assert.equal(verdict('70000', 'lis'), 'unchecked');
    assert.equal(verdict('70000', 'sql1'), 'edge/none 1433');
  });

  it('knows the clients of the internet by the networks of its zone, where a group is there alone', () => {
    const text = zones('name: address, action: allow, from: 203.0.113.0/24, to: pub, tcp: 1').replace(
      '{ internet: true }',
      '{ internet: true, networks: [203.0.113.0/24] }',
    );
    const home = asker(text.replace('all: { site: AAA, zone: hq }', 'all: { site: AAA, zone: internet }'));
    assert.equal(home('all', 'pub', 'tcp', 1), 'allowed edge/address');
    const both = asker(
      text.replace('all: { site: AAA, zone: hq }', 'all: { site: AAA, zone: [internet, far] }'),
    );
    assert.equal(both('all', 'pub', 'tcp', 1), 'edge/default 1', 'nobody knows them there');
  });

  it('does not judge a server one of whose addresses is that of another zone', () => {
    const text = zones('name: any, action: allow, from: any, to: any');
    assert.equal(asker(text)('cm', 'pub', 'tcp', 1), 'allowed edge/any');
    const stray = text.replace('addresses: [10.1.0.1]', 'addresses: [10.1.0.1, 10.2.0.9]');
    assert.equal(asker(stray)('cm', 'pub', 'tcp', 1), 'unchecked');
  });

  it('lets some ports through over IPv4 and others over IPv6', () => {
    const ask = asker(
      zones(`name: four, action: allow, from: 10.1.0.2, to: 10.2.0.1, tcp: [80, 81]
        name: six, action: allow, from: "fd00::2", to: "fd00:2::9", tcp: 443`).replace(
        'addresses: [10.2.0.1]',
        'addresses: [10.2.0.1, "fd00:2::9"]',
      ),
    );
    assert.equal(ask('twin', 'pub', 'tcp', 80, 443), 'allowed edge/four edge/six');
    assert.equal(ask('twin', 'pub', 'tcp', 80, 443, 445), 'edge/default 445');
  });

  it('names the firewalls on the pair of addresses that needs the fewest rules', () => {
    const more = `  inner: { zones: [dmz, far], rules: [ { name: second, action: allow, from: cm, to: 10.3.0.2 } ] }
  last: { zones: [far, island], rules: [ { name: third, action: allow, from: cm, to: 10.3.0.2 } ] }
`;
    const text = zones('name: first, action: allow, from: cm, to: 10.3.0.1', more).replace(
      'alone: { zone: island }',
      'alone: { zone: island, addresses: [10.3.0.1, 10.3.0.2] }',
    );
    assert.equal(asker(text)('cm', 'alone', 'tcp', 1), 'edge/default 1');
  });

  it('names the firewalls of the family that fewer of them stop', () => {
    const text = zones(
      'name: six, action: allow, from: "fd00::2", to: "fd00:3::1"',
      '  inner: { zones: [dmz, far], rules: [] }\n',
    ).replace('away: { zone: far }', 'away: { zone: far, addresses: [10.3.0.1, "fd00:3::1"] }');
    assert.equal(asker(text)('twin', 'away', 'tcp', 1433), 'inner/default 1433');
  });

  it('names the first rule that denies something, whichever clients it stops', () => {
    const ask = asker(
      zones(`name: first, action: deny, from: pcs, to: any, tcp: 81
        name: second, action: deny, from: 10.1.64.128/25, to: any, tcp: 82
        name: web, action: allow, from: any, to: any, tcp: [80, 82]`),
    );
    assert.equal(ask('pcs', 'pub', 'tcp', 80, 81, 82), 'edge/first 81-82');
    assert.equal(ask('pcs', 'pub', 'tcp', 80, 82), 'edge/second 82');
  });

  it('asks the firewall of each machine, within a zone too, and lets out what no rule speaks of', () => {
    const host = (options: string, rules: string) =>
      asker(
        zones(
          'action: allow, from: any, to: any',
          `  own: { hosts: [cm, pcs]${options}, rules: [ { ${rules} } ] }\n`,
        ),
      );
    const ask = host('', 'name: in, action: allow, from: bare, to: cm, tcp: 1');
    assert.equal(ask('bare', 'cm', 'tcp', 1), 'allowed own/in');
    assert.equal(ask('twin', 'cm', 'tcp', 1), 'own/default 1');
    assert.equal(ask('cm', 'twin', 'tcp', 1), 'allowed', 'nothing filters what it sends');
    assert.equal(ask('pub', 'cm', 'tcp', 1), 'own/default 1');
    assert.equal(ask('cm', 'pcs', 'tcp', 1), 'own/default 1', 'both have it');
    assert.equal(ask('pcs', 'bare', 'tcp', 1), 'allowed');
    const strict = host(', outbound: deny', 'name: out, action: allow, from: cm, to: any, tcp: 1');
    assert.equal(strict('cm', 'bare', 'tcp', 1), 'allowed own/out');
    assert.equal(strict('cm', 'bare', 'tcp', 1, 2), 'own/default 2');
    const denies = host('', 'name: none, action: deny, from: cm, to: any, tcp: 2');
    assert.equal(denies('cm', 'bare', 'tcp', 1, 2), 'own/none 2');
  });

  it('goes through a firewall only between zones that it joins', () => {
    const text = zones('action: allow, from: any, to: any').replace(
      'zones: [hq, dmz, internet]',
      'between: [[hq, internet], [dmz, internet]]',
    );
    assert.equal(
      asker(text)('cm', 'pub', 'tcp', 1),
      'allowed edge/default',
      'by way of the internet, once in the answer',
    );
    const line = text
      .replace('sites:', '  # one more\nsites:')
      .concat(
        '  line: { zones: [hq, dmz], rules: [ { name: line, action: allow, from: any, to: any, tcp: 1 } ] }\n',
      );
    assert.equal(asker(line)('cm', 'pub', 'tcp', 1, 2), 'line/default 2');
  });

  it('takes a public address for the machine that it stands for, as source and as target', () => {
    const text = zones(`name: in, action: allow, from: internet, to: 203.0.113.7, tcp: 443
        name: out, action: allow, from: 203.0.113.0/24, to: internet, tcp: 80`).replace(
      'addresses: [10.2.0.1]',
      'addresses: [10.2.0.1], publicAddresses: [203.0.113.7]',
    );
    const ask = asker(text);
    assert.equal(ask('azure', 'pub', 'tcp', 443), 'allowed edge/in');
    assert.equal(ask('pub', 'azure', 'tcp', 80), 'allowed edge/out');
    assert.equal(ask('azure', 'six', 'tcp', 443), 'edge/default 443');
  });

  it('reads groups of addresses and of ports, those in groups too, and judges by none that it cannot read', () => {
    const groups = (members: string, ports = 'web') =>
      `${zones(`name: web, action: allow, from: outer, to: pub, ports: [${ports}], tcp: 8080`)}addressGroups:
  outer: [10.1.0.2, inner]
  inner: [${members}]
portGroups:
  web: { tcp: [80, 443], udp: 443 }
`;
    const ask = asker(groups('cm'));
    assert.equal(ask('cm', 'pub', 'tcp', 80, 443, 8080), 'allowed edge/web');
    assert.equal(ask('cm', 'pub', 'udp', 443, 80), 'edge/default 80');
    assert.equal(ask('twin', 'pub', 'tcp', 80), 'allowed edge/web');
    assert.equal(ask('bare', 'pub', 'tcp', 80), 'edge/default 80');
    assert.equal(asker(groups('cn'))('cm', 'pub', 'tcp', 80), 'unchecked');
    assert.equal(asker(groups('cm', 'wob'))('cm', 'pub', 'tcp', 80), 'unchecked');
    assert.equal(asker(groups('cm, { dmz: }'))('cm', 'pub', 'tcp', 80), 'unchecked', 'a part is lost');
    assert.equal(asker(groups('cm, outer'))('cm', 'pub', 'tcp', 80), 'unchecked', 'it holds itself');
    const away = groups('cm, away');
    assert.equal(asker(away)('cm', 'pub', 'tcp', 80), 'allowed edge/web');
    const lost = away.replace('{ zone: far }', '{ zone: far, addresses: [10.3.0] }');
    assert.equal(asker(lost)('cm', 'pub', 'tcp', 80), 'unchecked', 'a part of a member is lost');
  });

  it('wants the clients of every zone of a group through, and asks for one zone where traffic is about it', () => {
    const text = zones('name: hq, action: allow, from: hq, to: pub, tcp: 1')
      .replace('zone: hq, networks: [10.1.64.0/24] }', 'zone: [hq, internet], networks: [10.1.64.0/24] }')
      .replace('all: { site: AAA, zone: hq }', 'all: { site: AAA, zone: [hq, dmz] }');
    const ask = asker(text);
    assert.equal(ask('pcs', 'pub', 'tcp', 1), 'edge/default 1', 'clients on the internet have no address');
    assert.equal(ask('all', 'pub', 'tcp', 1), 'allowed edge/hq', 'those beside it need no firewall');
    assert.equal(ask('all', 'pub', 'tcp', 2), 'edge/default 2');
  });
});

describe('what a firewall stops', () => {
  it('comes with the rules that let the other ports through', () => {
    const topology = readTopology(
      parseText(
        zones(`name: web, action: allow, from: hq, to: dmz, tcp: [80, 443]
        name: lab, action: allow, from: 10.1.9.0/24, to: dmz, tcp: 90
        name: no, action: deny, from: any, to: any`),
      ),
    );
    const by = (from: string) => {
      const verdict = reach(topology).judge({
        from: endpointOf(from, topology),
        to: endpointOf('pub', topology),
        protocol: 'tcp',
        ports: portSet([{ low: 80, high: 81 }]),
      });
      assert.ok(verdict.kind === 'blocked');
      return verdict.blocks.map(({ by }) => by.map(({ name }) => name?.value));
    };
    assert.deepEqual(by('cm'), [['web']]);
    assert.deepEqual(by('twin'), [['web']]);
    assert.deepEqual(by('all'), [['web']], 'also of a group that the rules divide');
  });
});

describe('what gets through between two machines', () => {
  it('is divided by the rules of each firewall that decide, and nothing of it is without ports', () => {
    const topology = readTopology(
      parseText(
        zones(
          `name: low, action: allow, from: cm, to: away, tcp: 1-3
      name: none, action: deny, from: cm, to: away, tcp: 4-5
      name: mail, action: allow, from: cm, to: away, tcp: 25
      name: high, action: allow, from: cm, to: away, tcp: 2-8
      name: late, action: allow, from: cm, to: away, tcp: 1-8
      name: udp, action: allow, from: cm, to: away, udp: 1-8`,
          `  inner: { zones: [dmz, far], rules: [ { name: first, action: allow, from: hq, to: any, tcp: 3-6 }, { name: mail, action: allow, from: hq, to: any, tcp: 25 }, { name: rest, action: allow, from: hq, to: any } ] }\n`,
        ),
      ),
    );
    const passages = reach(topology).passages({
      from: endpointOf('cm', topology),
      to: endpointOf('away', topology),
      protocol: 'tcp',
      ports: portSet([{ low: 1, high: 10 }]),
    });
    assert.deepEqual(
      passages.map(({ ports, by }) => [formatPorts(ports), ...by.map(({ rule }) => rule.name?.value)]),
      [
        ['3', 'low', 'first'],
        ['1-2', 'low', 'rest'],
        ['6', 'high', 'first'],
        ['7-8', 'high', 'rest'],
      ],
    );
  });
});

describe('what is between two machines', () => {
  it('is not known where one zone of a group could not be read', () => {
    const between = (networks: string) => {
      const topology = readTopology(
        parseText(`configmgr: 2017-09
zones: { hq: , branch: , lab: { networks: ${networks} } }
sites: { PS1: { type: primary } }
servers: { a: { zone: hq } }
clients: { pcs: { site: PS1, zone: [branch, lab] } }
firewalls:
  one: { zones: [hq, branch], rules: [] }
  two: { zones: [hq, lab], rules: [] }
`),
      );
      const found = reach(topology).between(endpointOf('pcs', topology), endpointOf('a', topology));
      return found?.map(({ name }) => name);
    };
    assert.deepEqual(between('[10.1.0.0/16]'), ['one', 'two']);
    assert.equal(between('[10.1]'), undefined);
  });
});

describe('what is crossed between two machines', () => {
  it('are the firewalls between their zones, and of one without a zone those on the machines alone', () => {
    const topology = readTopology(
      parseText(`configmgr: 2017-09
zones: { hq: , dmz: }
servers: { a: { zone: hq }, b: { zone: dmz }, lost: {} }
firewalls:
  edge: { zones: [hq, dmz], rules: [] }
  own: { hosts: [a], rules: [] }
`),
    );
    const names = (from: string, to: string) =>
      reach(topology)
        .crossed(endpointOf(from, topology), endpointOf(to, topology))
        .map(({ name }) => name);
    assert.deepEqual(names('a', 'b'), ['own', 'edge']);
    assert.deepEqual(names('a', 'lost'), ['own']);
  });

  it('is no rule for a server that is called as what is outside', () => {
    const topology = readTopology(
      parseText(`configmgr: 2017-09
zones: { hq: , net: { internet: true } }
servers: { a: { zone: hq }, azure: { zone: net } }
firewalls:
  edge: { zones: [hq, net], rules: [{ name: one, action: allow, from: a, to: azure, tcp: 443 }] }
`),
    );
    const judged = (to: Endpoint) =>
      show(
        reach(topology).judge({
          from: endpointOf('a', topology),
          to,
          protocol: 'tcp',
          ports: portSet([{ low: 443, high: 443 }]),
        }),
      );
    assert.equal(judged(endpointOf('azure', topology)), 'allowed edge/one');
    assert.equal(judged({ name: 'azure', kind: 'cloud', zone: 'net' }), 'edge/default 443');
  });
});
