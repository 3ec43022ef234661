import assert from 'node:assert/strict';
import fc from 'fast-check';
import { computeFlows } from '../../flows/compute.ts';
import type { Endpoint } from '../../flows/flow.ts';
import { parsePorts, portSet } from '../../reach/ports.ts';
import { reach } from '../../reach/reach.ts';
import type { Protocol } from '../../reach/rule-ports.ts';
import { parseText } from '../../text/parse.ts';
import { lookup } from '../../topology/effective.ts';
import { readTopology } from '../../topology/read.ts';
import { diffFlows, passingCounts, passingText, type Version } from './changes.ts';

const SITE = `configmgr: 2025-12
defaults: { rpcDynamicPorts: 49152-65535 }
zones: { hq: { networks: [10.1.0.0/16] }, dmz: { networks: [10.2.0.0/16] } }
sites: { PS1: { type: primary, database: { server: sql01 } } }
servers:
  cm01: { site: PS1, zone: hq, addresses: 10.1.0.1, roles: { site-server: , sms-provider: } }
  sql01: { site: PS1, zone: hq, addresses: 10.1.0.2, roles: { sql-server: } }
  mp01: { site: PS1, zone: dmz, addresses: [10.2.0.1, 10.2.0.2], roles: { management-point: , distribution-point: } }
  web01: { site: PS1, zone: dmz, addresses: 10.2.0.9, roles: { fallback-status-point: } }
`;

interface Rule {
  readonly action: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly tcp: readonly (number | string)[];
}

function version(rules: readonly Rule[] | undefined): Version {
  const firewalls =
    rules === undefined ? '' : `firewalls: { edge: { zones: [hq, dmz], rules: ${JSON.stringify(rules)} } }\n`;
  const topology = readTopology(parseText(SITE + firewalls));
  return {
    file: 'a.topology.yaml',
    edition: topology.edition ?? assert.fail('no edition'),
    topology,
    flows: computeFlows(topology),
  };
}

const rule: fc.Arbitrary<Rule> = fc.record({
  action: fc.constantFrom('allow', 'allow', 'deny'),
  from: fc.uniqueArray(fc.constantFrom('cm01', 'sql01', 'mp01', 'hq', 'dmz', '10.2.0.1', 'any'), {
    minLength: 1,
    maxLength: 2,
  }),
  to: fc.uniqueArray(fc.constantFrom('cm01', 'sql01', 'mp01', 'web01', 'hq', 'dmz', '10.2.0.2'), {
    minLength: 1,
    maxLength: 2,
  }),
  tcp: fc.uniqueArray(
    fc.constantFrom<number | string>(80, 135, 443, 445, 1433, '1-1024', '49152-65535', 3389),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
});
const rules = fc.option(fc.array(rule, { maxLength: 5 }), { nil: undefined });
const PORTS = [80, 135, 443, 445, 1000, 1433, 3389, 49_152, 60_000];

const covers = (ports: readonly string[], port: number) =>
  ports.some((text) => {
    const range = parsePorts(text);
    return range !== undefined && range.low <= port && port <= range.high;
  });

describe('what changed firewalls newly stop or let through', () => {
  it('is what single packets say, for what is needed and for what nobody needs', function () {
    this.timeout('60s');
    fc.assert(
      fc.property(rules, rules, (one, other) => {
        const [before, after] = [version(one), version(other)];
        const { passing } = diffFlows(before, after);
        const judges = [before, after].map(({ topology }) => ({ topology, judge: reach(topology) }));
        const names = [...after.topology.servers.values()].map(({ name }) => name);
        for (const from of names) {
          for (const to of names) {
            if (from === to) continue;
            for (const port of PORTS) {
              const [was, is] = judges.map(({ topology, judge }) => {
                const end = (name: string): Endpoint => {
                  const server = lookup(topology.servers, name) ?? assert.fail(name);
                  return { name, kind: 'server', server, zone: server.zone?.value };
                };
                const protocol: Protocol = 'tcp';
                const ports = portSet([{ low: port, high: port }]);
                const { kind } = judge.judge({ from: end(from), to: end(to), protocol, ports });
                assert.notEqual(kind, 'unchecked');
                return kind === 'allowed';
              });
              const isNeeded = after.flows.some(
                (flow) =>
                  flow.from.name === from &&
                  flow.to.name === to &&
                  flow.protocol === 'tcp' &&
                  covers(flow.ports, port),
              );
              const has = (effect: string) =>
                passing.all.some(
                  (each) =>
                    each.effect === effect &&
                    each.from === from &&
                    each.to === to &&
                    each.protocol === 'tcp' &&
                    covers(each.ports, port),
                );
              const about = `${from} to ${to} ${port}\n${JSON.stringify([one, other])}`;
              assert.equal(has('opens'), !isNeeded && is === true && was === false, `opens ${about}`);
              // Of a machine with two addresses the packets of one flow share one of them.
              if (from === 'mp01' || to === 'mp01') continue;
              assert.equal(has('breaks'), isNeeded && is === false && was === true, `breaks ${about}`);
              assert.equal(has('unblocks'), isNeeded && is === true && was === false, `unblocks ${about}`);
            }
          }
        }
      }),
      { numRuns: 150, endOnFailure: true },
    );
  });

  it('is nothing where rules only have other names, and is counted in one line', () => {
    const open = [{ action: 'allow', from: ['cm01'], to: ['mp01', 'web01'], tcp: ['1-65535'] }];
    const named = open.map((each) => ({ ...each, name: 'New name', ticket: 'CHG1' }));
    assert.equal(passingText(diffFlows(version(open), version(named))), undefined);
    const closed = diffFlows(version(open), version([{ ...open[0], tcp: [3389] } as Rule]));
    assert.ok(passingCounts(closed).breaks > 1);
    assert.match(passingText(closed) ?? '', /^Firewalls: breaks \d+ connections$/);
    const opened = diffFlows(version([]), version([{ ...open[0], tcp: [3389] } as Rule]));
    assert.equal(passingText(opened), 'Firewalls: opens 2 that nobody uses');
    // A rule that nobody needs is gone: a reader must not think that the firewall was passed by.
    const wide = { ...open[0], tcp: ['1-65535'], udp: [9] } as Rule;
    assert.equal(
      passingText(diffFlows(version([wide]), version(open as Rule[]))),
      'Firewalls: breaks nothing, opens nothing',
    );
  });
});
