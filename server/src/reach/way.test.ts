import assert from 'node:assert/strict';
import fc from 'fast-check';
import { computeFlows } from '../flows/compute.ts';
import type { Flow } from '../flows/flow.ts';
import { parseText } from '../text/parse.ts';
import { readTopology } from '../topology/read.ts';
import { covers, formatPorts, intersection, isEmpty, type PortSet, union } from './ports.ts';
import { reach } from './reach.ts';
import { portsOfFlow } from './rule-ports.ts';
import { blocksOf, blockText, legsOf, trafficOf, wayOf } from './way.ts';

/** A site whose content and clients are behind two firewalls. */
const site = (firewalls: string) =>
  readTopology(
    parseText(`configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  mid: {}
  dmz: { networks: [192.0.2.0/24] }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    zone: hq
    addresses: [10.10.0.10]
    roles: { site-server: {}, sms-provider: {}, sql-server: {}, management-point: { protocol: both } }
  dp-dmz: { site: PS1, zone: dmz, addresses: [192.0.2.130], roles: { distribution-point: {} } }
clients:
  desktops: { site: PS1, zone: hq, features: [wake-up-proxy] }
firewalls:
${firewalls}`),
  );

const rule = fc
  .record({
    action: fc.constantFrom('allow', 'deny'),
    from: fc.constantFrom('any', 'hq', 'dmz', 'cm01', 'desktops', '10.10.0.0/24', 'dp-dmz'),
    to: fc.constantFrom('any', 'hq', 'dmz', 'cm01', 'dp-dmz', '192.0.2.0/25'),
    ports: fc.constantFrom(
      '',
      ', tcp: any',
      ', tcp: 443',
      ', tcp: [80, 445]',
      ', tcp: 1-50000',
      ', udp: any',
    ),
  })
  .map(({ action, from, to, ports }) => `      - { action: ${action}, from: ${from}, to: ${to}${ports} }\n`);

describe('the way of a flow', () => {
  it('says of every port at every firewall whether and by which rule it passes', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 6 }), fc.array(rule, { maxLength: 3 }), (inner, outer) => {
        const list = (rules: readonly string[]) => (rules.length === 0 ? ' []\n' : `\n${rules.join('')}`);
        const topology = site(
          `  inner:\n    zones: [hq, mid]\n    rules:${list(inner)}  outer:\n    zones: [mid, dmz]\n    rules:${list(outer)}`,
        );
        const judge = reach(topology);
        const flows = computeFlows(topology);
        assert.ok(flows.some(({ from, to }) => from.zone === 'hq' && to.zone === 'dmz'));
        for (const flow of flows) {
          const way = wayOf(flow, judge, topology);
          const verdict = judge.verdict(flow);
          if (flow.to.kind === 'cloud') continue;
          assert.equal(way.kind, verdict.kind);
          assert.ok(way.kind !== 'unchecked');
          assert.deepEqual(new Set(blocksOf(way)), new Set(verdict.kind === 'blocked' ? verdict.blocks : []));
          assert.equal(
            way.gates.some(({ block }) => block),
            way.kind === 'blocked',
          );
          if (flow.from.zone !== flow.to.zone) assert.equal(way.gates.length, 2);
          const ports = portsOfFlow(flow);
          for (const { passes, block } of way.gates) {
            const passed = passes.reduce<PortSet>((set, pass) => union(set, pass.ports), []);
            assert.ok(passes.every((pass) => !isEmpty(pass.ports)));
            if (flow.protocol === 'icmp') continue;
            assert.ok(covers(union(passed, block?.missing ?? []), ports));
            // Of a group, other clients may get through than those that are stopped.
            if (flow.from.kind === 'server' && flow.to.kind === 'server')
              assert.ok(isEmpty(intersection(passed, block?.missing ?? [])));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives each port to the first rule that lets it through, and to a later one for other clients again', () => {
    const passes = (rules: string) => {
      const topology = site(`  edge: { zones: [hq, dmz], rules: [${rules}] }\n`);
      const flow = computeFlows(topology).find(
        ({ from, to }) => from.name === 'desktops' && to.name === 'dp-dmz',
      );
      assert.ok(flow);
      const way = wayOf({ ...flow, ports: ['80', '443'] }, reach(topology), topology);
      assert.ok(way.kind === 'allowed');
      return way.gates.flatMap(({ passes }) => passes.map(({ ports }) => formatPorts(ports)));
    };
    const rest = '{ action: allow, from: any, to: any }';
    assert.deepEqual(passes(`{ action: allow, from: hq, to: any, tcp: 80 }, ${rest}`), ['80', '443']);
    assert.deepEqual(passes(`{ action: allow, from: 10.10.4.0/24, to: any, tcp: [80, 443] }, ${rest}`), [
      '80, 443',
      '80, 443',
    ]);
  });

  it('gives no port to a rule below one that denies it', () => {
    const topology = site(`  edge:
    zones: [hq, dmz]
    rules:
      - { action: deny, from: any, to: any, tcp: 443 }
      - { action: allow, from: any, to: any }
`);
    const flow = computeFlows(topology).find(({ from, to }) => from.name === 'cm01' && to.name === 'dp-dmz');
    assert.ok(flow);
    const way = wayOf({ ...flow, protocol: 'tcp', ports: ['80', '443'] }, reach(topology), topology);
    assert.ok(way.kind === 'blocked');
    assert.deepEqual(
      way.gates.map(({ passes, block }) => [
        passes.map(({ ports }) => formatPorts(ports)),
        formatPorts(block?.missing ?? []),
      ]),
      [[['80'], '443']],
    );
  });

  it('is one for each zone of a client group in several, and the flow itself where there is one', () => {
    const topology = readTopology(
      parseText(`configmgr: 2017-09
zones: { hq: , branch: }
sites: { PS1: { type: primary } }
servers: { mp: { site: PS1, zone: hq, roles: { management-point: } } }
clients: { both: { site: PS1, zone: [hq, branch] }, one: { site: PS1, zone: branch } }
firewalls: { edge: { zones: [hq, branch], rules: [] } }
`),
    );
    const judge = reach(topology);
    const flows = computeFlows(topology);
    const flowOf = (group: string) => flows.find(({ from, to }) => from.name === group && to.name === 'mp');
    const [both, one] = [flowOf('both'), flowOf('one')];
    assert.ok(both && one);
    assert.deepEqual(
      legsOf(both, judge).map(({ from }) => from.zone),
      ['hq', 'branch'],
    );
    assert.equal(legsOf(one, judge)[0], one);
    assert.deepEqual(
      legsOf({ ...both, zones: ['branch'] }, judge).map(({ from, to }) => [from.zone, to]),
      [['branch', both.to]],
      'of a flow for one of its zones, in that zone',
    );
    const names = (flow: Flow) => judge.between(flow.from, flow.to, flow.zones)?.map(({ name }) => name);
    assert.deepEqual([names(both), names(one)], [['edge'], ['edge']]);
  });

  it('says why it is not known', () => {
    const why = (edit: (text: string) => string, target = 'mp', ports?: readonly string[]) => {
      const topology = readTopology(
        parseText(
          edit(`configmgr: 2017-09
zones: { hq: , branch: , dmz: }
sites: { PS1: { type: primary } }
servers:
  mp: { site: PS1, zone: hq, roles: { management-point: , site-server: , service-connection-point: } }
clients: { pcs: { site: PS1, zone: branch } }
firewalls:
  edge: { zones: [hq, branch, dmz], rules: [{ action: deny, from: any, to: any }] }
`),
        ),
      );
      const flow = computeFlows(topology).find(({ to }) => to.name === target);
      assert.ok(flow, `no flow to ${target}`);
      const way = wayOf({ ...flow, ports: ports ?? flow.ports }, reach(topology), topology);
      assert.deepEqual(way.kind === 'blocked' ? [] : blocksOf(way), []);
      return way.kind === 'unchecked' ? way.why : way.kind;
    };
    assert.equal(
      why((text) => text),
      'blocked',
    );
    const within = (text: string) =>
      text.replace('zone: branch', 'zone: hq').replace('[hq, branch, dmz]', '[hq, dmz]');
    assert.equal(why(within), 'allowed');
    assert.equal(why(within, 'mp', ['dynamic']), 'allowed', 'nothing is between them, whatever the ports');
    assert.equal(
      why((text) => text, 'mp', ['dynamic']),
      'the file does not give its ports',
    );
    assert.equal(
      why((text) => text.replace('zone: branch', '')),
      'pcs has no zone',
    );
    assert.equal(
      why((text) => text.replace('zone: hq, ', '')),
      'mp has no zone',
    );
    assert.equal(
      why((text) => text, 'internet'),
      'no zone is marked internet',
    );
    assert.equal(
      why((text) => text.replace('branch: ,', 'branch: { networks: [10] },')),
      'an entry on the way has a mistake; cmtopo check shows it',
    );
    assert.equal(
      why((text) => text.replace('from: any', 'from: nobody')),
      'a rule of firewall edge has a mistake; cmtopo check shows it',
    );
  });

  it('writes ports by protocol and number, those that are not known last', () => {
    assert.equal(
      trafficOf([
        { protocol: 'udp', ports: ['135'] },
        { protocol: 'tcp', ports: ['dynamic', '1000-1010'] },
        { protocol: 'icmp', ports: [] },
        { protocol: 'tcp', ports: ['445', '135'] },
      ]),
      'TCP 135, 445, 1000-1010, dynamic · UDP 135 · ICMP echo',
    );
  });

  it('names a rule by its place and name, and the default as no rule', () => {
    const topology = site(`  edge:
    zones: [hq, dmz]
    rules:
      - { action: allow, from: cm01, to: dmz }
      - { name: Web, action: allow, from: hq, to: dmz }
`);
    const firewall = topology.firewalls.get('edge');
    assert.ok(firewall);
    const block = (index: number) =>
      blockText({ firewall, rule: firewall.rules[index], missing: [], by: [] });
    assert.deepEqual(
      [block(0), block(1), block(9)],
      ['edge (rule 1)', "edge (rule 2 'Web')", 'edge (no rule)'],
    );
  });
});
