// What is judged after a firewall's rules or a server have changed in place: the same as if nobody had asked before.
import assert from 'node:assert/strict';
import { computeFlows } from '../flows/compute.ts';
import type { Flow } from '../flows/flow.ts';
import { parseText } from '../text/parse.ts';
import type { Firewall, Topology } from '../topology/model.ts';
import { readTopology } from '../topology/read.ts';
import type { Decision } from './judge.ts';
import { portSet } from './ports.ts';
import { type Reach, reach } from './reach.ts';

const WEB = '{ name: web, action: allow, from: branch, to: 10.1.0.1, tcp: [80, 443] }';
const OLD = '{ name: old, action: deny, from: branch, to: dp, tcp: 443 }';
const REST = '{ name: rest, action: allow, from: hq, to: any }';
const OUT = '{ name: out, action: allow, from: [internet, fsp], to: dp }';
const RULES = [WEB, OLD, REST, OUT];

const read = (rules: readonly string[], addresses = '203.0.113.7'): Topology =>
  readTopology(
    parseText(`configmgr: 2025-12
zones: { hq: { networks: [10.1.0.0/16] }, branch: { networks: [10.2.0.0/16] }, internet: { internet: true } }
portGroups: { web: { tcp: [80, 443] } }
sites: { PS1: { type: primary, database: { server: mp } } }
servers:
  mp: { site: PS1, zone: hq, addresses: [10.1.0.1, 10.1.0.11, "fd00:1::1"], roles: { site-server: , sql-server: , management-point: } }
  dp: { site: PS1, zone: hq, addresses: [10.1.0.2], publicAddresses: [${addresses}], roles: { distribution-point: { protocol: https, clients: both } } }
  fsp: { site: PS1, zone: branch, addresses: [10.2.0.3, "fd00:2::3"], roles: { fallback-status-point: } }
clients:
  pcs: { site: PS1, zone: [hq, branch] }
  home: { site: PS1, zone: internet }
firewalls:
  edge: { zones: [hq, branch, internet], rules: [${rules.join(', ')}] }
  other: { zones: [hq, branch, internet], rules: [{ action: deny, from: any, to: 203.0.113.9 }, { action: allow, from: any, to: any }] }
`),
  );

/** What a judge says of flows, by the names of rules and by their actions. */
function said(flows: readonly Flow[], judge: Reach) {
  const names = (by: readonly Decision[]) =>
    by.map(({ rule }) => `${rule.action?.value} ${rule.name?.value}`);
  return flows.map((flow) => {
    const verdict = judge.verdict(flow);
    const passages = judge.passages({ ...flow, zones: undefined, ports: portSet([{ low: 80, high: 80 }]) });
    return {
      flow: `${flow.from.name} > ${flow.to.name} ${flow.protocol} ${flow.ports.join()}`,
      kind: verdict.kind,
      by: verdict.kind === 'unchecked' ? [] : names(verdict.by),
      blocks:
        verdict.kind === 'blocked'
          ? verdict.blocks.map(({ rule, missing }) => [rule?.name?.value, missing])
          : [],
      passages: passages.map(({ by }) => names(by)),
    };
  });
}

/** A judge of a topology whose parts change in place, once he was asked. */
function asked(isAsked = true, first: readonly string[] = RULES) {
  const topology = read(first);
  assert.deepEqual(topology.problems, []);
  const flows = computeFlows(topology);
  const judge = reach(topology);
  if (isAsked) said(flows, judge);
  /** Puts rules in the place of others, those that say the same being kept, and has what followed forgotten. */
  const change = (rules: readonly string[]): void => {
    const edge = edgeOf(topology);
    const before = edge.rules;
    const after = edgeOf(read(rules)).rules.map(
      (rule, index) => (rules[index] === first[index] && before[index]) || rule,
    );
    Object.assign(edge, { rules: after });
    judge.forgetRules(edge, before);
  };
  return { topology, flows, judge, change };
}

function edgeOf({ firewalls }: Topology): Firewall {
  const edge = firewalls.get('edge');
  assert.ok(edge);
  return edge;
}

describe('after rules of a firewall have changed', () => {
  for (const [what, rules] of [
    ['the ports of one', [WEB.replace('443', '8530'), OLD, REST, OUT]],
    ['the port group of one', [WEB.replace('tcp: [80, 443]', 'ports: web'), OLD, REST, OUT]],
    ['an action', [WEB, OLD.replace('deny', 'allow'), REST, OUT]],
    ['the last of them', [WEB, OLD, REST.replace('allow', 'deny'), OUT]],
    ['two of them', [WEB.replace('allow', 'deny'), OLD, REST.replace('to: any', 'to: any, tcp: 445'), OUT]],
    ['the ends of one', [WEB.replace('to: 10.1.0.1', 'to: dp'), OLD, REST, OUT]],
    ['the ends of two', [WEB, OLD, REST.replace('to: any', 'to: branch'), OUT.replace('fsp', 'mp')]],
    ['one end more', [WEB, OLD.replace('from: branch', 'from: [branch, internet]'), REST, OUT]],
    ['one rule less', [WEB, REST, OUT]],
    ['one rule more', [WEB.replace('allow', 'deny'), WEB, OLD, REST, OUT]],
    ['all of them', ['{ name: all, action: allow, from: any, to: any }']],
    ['one that cannot be read', [WEB.replace('tcp: [80, 443]', 'ports: wbe'), OLD, REST, OUT]],
    ['one with an unknown end', [WEB, OLD, REST.replace('from: hq', 'from: qh'), OUT]],
    ['none', RULES],
  ] as const) {
    it(`what is said is what a new judge says: ${what}`, () => {
      for (const isAsked of [true, false]) {
        const { topology, flows, judge, change } = asked(isAsked);
        const before = said(flows, judge);
        change(rules);
        const after = said(flows, judge);
        assert.deepEqual(after, said(flows, reach(topology)));
        assert.equal(
          JSON.stringify(before) === JSON.stringify(after),
          what === 'none' || what === 'the port group of one',
        );
      }
    });
  }

  it('what is said is what a new judge says where the same rules come in another order', () => {
    const { topology, flows, judge } = asked(true, [
      OLD,
      '{ name: rest, action: allow, from: any, to: any }',
    ]);
    const edge = edgeOf(topology);
    const before = edge.rules;
    const first = said(flows, judge);
    Object.assign(edge, { rules: before.toReversed() });
    judge.forgetRules(edge, before);
    const after = said(flows, judge);
    assert.deepEqual(after, said(flows, reach(topology)));
    assert.notDeepEqual(after, first);
  });

  it('what could not be read is told once it can be', () => {
    for (const wrong of [
      [WEB.replace('tcp: [80, 443]', 'ports: wbe'), OLD, REST, OUT],
      [WEB, OLD, REST.replace('from: hq', 'from: qh'), OUT],
    ]) {
      const { topology, flows, judge, change } = asked(true, wrong);
      const unchecked = () => said(flows, judge).filter(({ kind }) => kind === 'unchecked').length;
      const before = unchecked();
      change(RULES);
      assert.deepEqual(said(flows, judge), said(flows, reach(topology)));
      assert.ok(unchecked() < before);
    }
    // Also where nobody has asked for more yet than whether it can be read.
    const { topology, flows, judge, change } = asked(false, [
      WEB,
      OLD,
      REST.replace('from: hq', 'from: qh'),
      OUT,
    ]);
    assert.equal(judge.isKnown(edgeOf(topology)), false);
    change(RULES);
    assert.equal(judge.isKnown(edgeOf(topology)), true);
    assert.deepEqual(said(flows, judge), said(flows, reach(topology)));
  });
});

describe('after the public addresses of a server have changed', () => {
  it('what is said is what a new judge says, of what it opens and of what is opened to it', () => {
    for (const isAsked of [true, false]) {
      const { topology, flows, judge } = asked(isAsked);
      const before = said(flows, judge);
      const dp = topology.servers.get('dp');
      assert.ok(dp);
      const { publicAddresses: had } = dp;
      const { publicAddresses } = read(RULES, '203.0.113.9').servers.get('dp') ?? {};
      Object.assign(dp, { publicAddresses });
      judge.forgetServer(dp, had);
      const after = said(flows, judge);
      assert.deepEqual(after, said(flows, reach(topology)));
      const differ = after.filter((one, index) => JSON.stringify(one) !== JSON.stringify(before[index]));
      assert.ok(differ.length > 0 && differ.every(({ flow }) => flow.includes('> dp ')), 'the test shows it');
    }
  });
});

describe('crossings', () => {
  const endsOf = ({
    from,
    to,
  }: {
    readonly from: { readonly name: string };
    readonly to: { readonly name: string };
  }) => `${from.name} > ${to.name}`;

  it('hold the flows that pass a firewall, with those that are stopped', () => {
    const { flows, judge } = asked();
    const texts = (some: readonly Flow[]) =>
      some.map((flow) => `${endsOf(flow)} ${flow.service} ${flow.ports.join()}`);
    const passing = flows.filter((flow) => judge.between(flow.from, flow.to)?.length !== 0);
    const crossings = judge.crossings(flows);
    assert.ok(passing.length < flows.length);
    assert.deepEqual(texts(crossings.flatMap((one) => one.flows)), texts(passing));
    const ofKind = (kind: string) => passing.filter((flow) => judge.verdict(flow).kind === kind);
    assert.deepEqual(texts(crossings.flatMap((one) => one.blocked)), texts(ofKind('blocked')));
    assert.deepEqual(texts(crossings.flatMap((one) => one.unchecked)), texts(ofKind('unchecked')));
  });

  it('are other objects only where a rule that matches both ends has changed', () => {
    const { flows, judge, change } = asked();
    const before = judge.crossings(flows);
    assert.ok(judge.crossings(flows) === before);
    change([WEB.replace('443', '8530'), OLD, REST, OUT]);
    const after = judge.crossings(flows);
    const others = after.filter((one, index) => one !== before[index]).map(endsOf);
    assert.deepEqual([...new Set(others)], ['fsp > mp', 'pcs > mp']);
    assert.deepEqual(after.map(endsOf), before.map(endsOf));
  });

  it('are the same objects for the same flows among others', () => {
    const { flows, judge } = asked();
    const before = judge.crossings(flows);
    const after = judge.crossings(flows.filter(({ to }) => to.name !== 'dp'));
    assert.ok(after.length < before.length);
    assert.ok(after.every((one) => before.includes(one)));
  });

  it('of a server whose public addresses have changed are others', () => {
    const { topology, flows, judge } = asked();
    const before = judge.crossings(flows);
    const dp = topology.servers.get('dp');
    assert.ok(dp);
    judge.forgetServer(dp, dp.publicAddresses);
    for (const one of judge.crossings(flows))
      assert.equal(before.includes(one), one.from.server !== dp && one.to.server !== dp, endsOf(one));
  });
});
