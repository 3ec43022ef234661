// What exports do with policies, by a reading of their words of its own.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { computeFlows } from '../../flows/compute.ts';
import { parseText } from '../../text/parse.ts';
import { contains, type Network, parseNetwork } from '../../topology/address.ts';
import { readTopology } from '../../topology/read.ts';
import { exporters } from './index.ts';
import { addressRules, type ExportReport, exportReport } from './rules.ts';

const file = (policies: string) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  branch: { networks: [10.20.0.0/16] }
  outside: { internet: true }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    zone: hq
    addresses: [10.10.0.10]
    roles: { site-server: , sms-provider: , sql-server: , management-point: { protocol: https, clients: both } }
  dp01: { site: PS1, zone: branch, addresses: [10.20.0.5], roles: { distribution-point: { protocol: https } } }
clients:
  desktops: { site: PS1, zone: branch, networks: [10.20.64.0/18], os: windows-11, installation: [client-push], features: [wake-up-proxy] }
  laptops: { site: PS1, zone: [branch, outside], os: windows-11, networks: [10.20.128.0/18] }
policies:
${policies}`;

function reportOf(policies: string): ExportReport {
  const topology = readTopology(parseText(file(policies)));
  assert.deepEqual(topology.problems, [], policies);
  const about = {
    edition: '2025-12',
    file: 'a.topology.yaml',
    server: undefined,
    firewall: undefined,
  } as const;
  return exportReport(topology, computeFlows(topology), about);
}

/** What each word stands for, written down once more. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  hq: ['10.10.0.0/16'],
  branch: ['10.20.0.0/16'],
  cm01: ['10.10.0.10'],
  dp01: ['10.20.0.5'],
  desktops: ['10.20.64.0/18'],
  '10.20.64.0/24': ['10.20.64.0/24'],
  '10.10.0.10': ['10.10.0.10'],
};
/** Machines, clients and others. */
const ADDRESSES = ['10.10.0.10', '10.20.0.5', '10.20.64.77', '10.20.100.1', '10.20.130.1'];
const networkOf = (text: string): Network => parseNetwork(text) ?? assert.fail(text);
const isIn = (address: string, networks: readonly Network[]) =>
  networks.some((network) => contains(network, networkOf(address)));
const isMeant = (word: string, address: string) =>
  word === 'any' || isIn(address, (WORDS[word] ?? []).map(networkOf));

interface Ban {
  readonly from: string;
  readonly to: string;
  readonly ports: readonly [number, number] | undefined;
  readonly except: readonly [string, string] | undefined;
}
const word = fc.constantFrom('any', ...Object.keys(WORDS));
const ban: fc.Arbitrary<Ban> = fc.record({
  from: word,
  to: word,
  ports: fc.constantFrom([443, 443] as const, [400, 450] as const, [49152, 50000] as const, undefined),
  except: fc.option(fc.tuple(word, word), { nil: undefined, freq: 2 }),
});
/** Some of them between two servers alone, which share their rules with nobody else. */
const bans: fc.Arbitrary<readonly Ban[]> = fc.oneof(
  { weight: 4, arbitrary: fc.array(ban, { minLength: 1, maxLength: 2 }) },
  {
    weight: 1,
    arbitrary: fc.array(
      ban.map((one) => ({ ...one, from: 'cm01', to: 'dp01' })),
      { minLength: 1, maxLength: 2 },
    ),
  },
);
const policyText = ({ from, to, ports, except }: Ban, index: number) =>
  `  - { name: P${index}, from: ${from}, to: ${to}${ports ? `, tcp: ${ports[0]}-${ports[1]}` : ''}${except ? `, except: [{ from: ${except[0]}, to: ${except[1]} }]` : ''} }\n`;

const open = (report: ExportReport) =>
  addressRules(report).rules.flatMap(({ rule, from, to, ports }) =>
    from === 'internet' || to === 'internet' ? [] : [{ protocol: rule.protocol, from, to, ports }],
  );

describe('exports of firewall rules', () => {
  it('open nothing that a policy rules out, and everything else as before', () => {
    const before = open(reportOf('  - { from: outside, to: branch, tcp: 9 }\n'));
    let kept = 0;
    fc.assert(
      fc.property(bans, (drawn) => {
        const text = drawn.map(policyText).join('');
        const rules = open(reportOf(text));
        const lets = (list: typeof rules, from: string, to: string, protocol: string, port: number) =>
          list.some(
            (rule) =>
              rule.protocol === protocol &&
              isIn(from, rule.from) &&
              isIn(to, rule.to) &&
              (protocol === 'icmp' || rule.ports.some(({ low, high }) => low <= port && port <= high)),
          );
        const forbids = (
          { from, to, ports, except }: Ban,
          a: string,
          b: string,
          protocol: string,
          port: number,
        ) =>
          (ports === undefined || (protocol === 'tcp' && ports[0] <= port && port <= ports[1])) &&
          isMeant(from, a) &&
          isMeant(to, b) &&
          !(except && isMeant(except[0], a) && isMeant(except[1], b));
        for (const from of ADDRESSES)
          for (const to of ADDRESSES)
            for (const [protocol, port] of [
              ['tcp', 443],
              ['tcp', 445],
              ['tcp', 10123],
              ['tcp', 49200],
              ['udp', 135],
              ['icmp', 0],
            ] as const) {
              const place = `${protocol} ${port} from ${from} to ${to}\n${text}`;
              const isOut = drawn.some((each) => forbids(each, from, to, protocol, port));
              if (isOut) assert.ok(!lets(rules, from, to, protocol, port), place);
              // One who shares a rule with somebody whom a policy stops is left out with him.
              else if (drawn.every(({ from, to }) => from === 'cm01' && to === 'dp01')) {
                kept++;
                assert.equal(
                  lets(rules, from, to, protocol, port),
                  lets(before, from, to, protocol, port),
                  place,
                );
              }
            }
      }),
      { numRuns: 300, endOnFailure: true },
    );
    assert.ok(kept > 100, `${kept}`);
  });

  it('say what is left out in every format, with the name of the policy', () => {
    const report = reportOf(
      '  - { name: "No\\nWeb", from: branch, to: hq, tcp: 443 }\n  - { name: Quiet, from: any, to: branch, icmp: true }\n',
    );
    for (const [name, { write }] of Object.entries(exporters)) {
      // These two write no rule.
      if (name === 'endpoints' || name === 'test-netconnection') continue;
      const { text, gaps } = write(report);
      assert.ok(
        gaps.some((gap) => /^desktops to cm01, tcp, HTTPS: 443 \(policy 'No.*Web' forbids it\)$/.test(gap)),
        `${name}: ${gaps.join('\n')}`,
      );
      assert.ok(text.includes('forbids it'), name);
      assert.ok(!/^Web/m.test(text), `${name} breaks the line`);
    }
  });
});
