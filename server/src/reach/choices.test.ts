import assert from 'node:assert/strict';
import { computeFlows } from '../flows/compute.ts';
import { parseText } from '../text/parse.ts';
import { readTopology } from '../topology/read.ts';
import { type Choice, choicesAmong } from './choices.ts';
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
