import assert from 'node:assert/strict';
import { computeFlows } from '../flows/compute.ts';
import { parseText } from '../text/parse.ts';
import { readTopology } from '../topology/read.ts';
import { type Choice, choiceNeedText, choicesAmong, missedAmong, needsAmong } from './choices.ts';
import { reach } from './reach.ts';

/** Two management points beside the site server, and clients elsewhere. */
const site = (rules: string, zone = 'branch', group = '') => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  branch: { networks: [10.20.0.0/16] }
  lab: { networks: [10.30.0.0/16] }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01: { site: PS1, zone: hq, addresses: [10.10.0.1], roles: { site-server: , sms-provider: , sql-server: } }
  mp01: { site: PS1, zone: hq, addresses: [10.10.0.2], roles: { management-point: { protocol: https } } }
  mp02: { site: PS1, zone: hq, addresses: [10.10.0.3], roles: { management-point: { protocol: https } } }
clients:
  pcs: { site: PS1, zone: ${zone}${group} }
firewalls:
  line: { zones: [hq, branch, lab], rules: [${rules}] }
`;

function choicesIn(text: string): readonly Choice[] {
  const topology = readTopology(parseText(text));
  assert.deepEqual(topology.problems, []);
  return choicesAmong(computeFlows(topology), reach(topology)).filter(({ name }) =>
    name.startsWith('management points of pcs'),
  );
}

const shown = ({ zone, alternatives, reached }: Choice) =>
  `${zone ?? ''} ${alternatives.map(({ to, reached }) => `${to.name} ${reached}`).join(', ')}: ${reached}`.trim();

describe('the alternatives of a choice', () => {
  it('are reached where all their flows get through, and one that is reached is enough', () => {
    const allow = (to: string, tcp: string) => `{ action: allow, from: pcs, to: ${to}, tcp: ${tcp} }`;
    assert.deepEqual(choicesIn(site(allow('mp02', '[443, 10123]'))).map(shown), [
      'mp01 false, mp02 true: true',
    ]);
    assert.deepEqual(choicesIn(site(allow('hq', '1-442'))).map(shown), ['mp01 false, mp02 false: false']);
  });

  it('are unknown behind a firewall that cannot be read', () => {
    assert.deepEqual(choicesIn(site('{ action: allow, from: nobody, to: hq }')).map(shown), [
      'mp01 undefined, mp02 undefined: undefined',
    ]);
  });

  it('are those of each zone, where a group has clients in several', () => {
    const rule = '{ action: allow, from: branch, to: mp01, tcp: [443, 10123] }';
    assert.deepEqual(choicesIn(site(rule, '[branch, lab]')).map(shown).sort(), [
      'branch mp01 true, mp02 false: true',
      'lab mp01 false, mp02 false: false',
    ]);
  });
});

describe('how much a flow is needed', () => {
  const both = (text: string) => {
    const topology = readTopology(parseText(text));
    const flows = computeFlows(topology);
    const judged = reach(topology);
    const [needOf, isMissed] = [needsAmong(flows), missedAmong(flows, judged)];
    const of = (to: string, port: string) => {
      const flow = flows.find(
        (one) => one.from.name === 'pcs' && one.to.name === to && one.ports.includes(port),
      );
      assert.ok(flow, `no flow to ${to}`);
      return flow;
    };
    return {
      need: (to: string, port: string, zone?: string) => choiceNeedText(needOf(of(to, port), zone)),
      missed: (to: string, port: string, zone?: string) => isMissed(of(to, port), zone),
    };
  };
  const allow = (to: string) => `{ action: allow, from: pcs, to: ${to}, tcp: 443 }`;

  it('tells a choice of several, what is optional, and nothing of what is needed', () => {
    const { need } = both(site(allow('mp02')));
    assert.equal(need('mp01', '443'), 'one of 2 is enough');
    assert.equal(need('mp01', '10123'), 'optional');
    const one = both(site(allow('mp02')).replace(/ {2}mp02: .*\n/, ''));
    assert.equal(one.need('mp01', '443'), '', 'one alternative is no choice');
  });

  it('is needed where one zone leaves nothing to choose, though another does', () => {
    const text = site('', '[branch, net]')
      .replace('  lab:', '  net: { internet: true }\n  lab:')
      .replace('protocol: https', 'protocol: https, clients: both');
    const { need } = both(text);
    assert.equal(need('mp01', '443'), '', 'on the internet there is no other');
    assert.equal(need('mp01', '443', 'branch'), 'one of 2 is enough');
    assert.equal(need('mp02', '443'), 'one of 2 is enough');
  });

  it('misses what is blocked only where nothing else of the choice is reached', () => {
    const open = both(site(allow('mp02')));
    assert.equal(open.missed('mp01', '443'), false, 'mp02 is reached');
    assert.equal(open.missed('mp02', '443'), false, 'it gets through');
    assert.equal(open.missed('mp02', '10123'), false, 'it is optional');
    const closed = both(site('{ action: allow, from: pcs, to: hq, tcp: 1-442 }'));
    assert.equal(closed.missed('mp01', '443'), true);
    assert.equal(closed.missed('mp02', '443'), true);
    assert.equal(closed.missed('mp02', '10123'), false);
  });

  it('misses it in the zone where nothing is reached', () => {
    const { missed } = both(site('{ action: allow, from: branch, to: mp01, tcp: 443 }', '[branch, lab]'));
    assert.equal(missed('mp01', '443'), true);
    assert.equal(missed('mp01', '443', 'branch'), false);
    assert.equal(missed('mp02', '443', 'branch'), false);
    assert.equal(missed('mp02', '443', 'lab'), true);
  });
});
