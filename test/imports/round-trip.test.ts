// From a topology to the rules of a real firewall and back: the same traffic gets through.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';

import { fortios } from '../../server/src/exports/firewall/fortios.ts';
import { hosts } from '../../server/src/exports/firewall/hosts.ts';
import { nftables } from '../../server/src/exports/firewall/nftables.ts';
import { nsgArm } from '../../server/src/exports/firewall/nsg-arm.ts';
import { panOs } from '../../server/src/exports/firewall/pan-os.ts';
import {
  type AddressRule,
  addressRules,
  type ExportReport,
  exportReport,
  portText,
} from '../../server/src/exports/firewall/rules.ts';
import { windowsGpo } from '../../server/src/exports/firewall/windows-gpo.ts';
import { computeFlows } from '../../server/src/flows/compute.ts';
import type { Flow } from '../../server/src/flows/flow.ts';
import { contains, type Network, parseAddress, parseNetwork } from '../../server/src/topology/address.ts';
import type { Topology } from '../../server/src/topology/model.ts';
import { findNft, nftJson } from '../exports/nft.ts';
import { EXAMPLE, hierarchies } from '../support/hierarchies.ts';
import { endpoint, imported, isAllowed, reach, topologyOf, withImported } from './imported.ts';

const FIXTURE = 'test/golden/imports/hierarchy.nft.json';
const PORTS = [80, 135, 443, 445, 1433, 3389, 8530, 50000, 65535];
const PROTOCOLS = ['tcp', 'udp', 'icmp'] as const;

function reportOf(topology: Topology, flows: readonly Flow[], server?: string): ExportReport {
  return exportReport(topology, flows, {
    edition: topology.edition ?? assert.fail('no edition'),
    file: 'a.topology.yaml',
    server,
    firewall: undefined,
  });
}

interface Probe {
  readonly from: string;
  readonly to: string;
  readonly protocol: (typeof PROTOCOLS)[number];
  readonly port: number;
}

/** Every pair of servers with addresses in different zones, over some ports. */
function probes(topology: Topology): readonly Probe[] {
  const servers = [...topology.servers.values()].filter(({ addresses }) => addresses.length > 0);
  const zone = (name: string) => endpoint(name, topology).zone;
  return servers.flatMap(({ name: from }) =>
    servers.flatMap(({ name: to }) =>
      zone(from) === zone(to)
        ? []
        : PROTOCOLS.flatMap((protocol) =>
            (protocol === 'icmp' ? [0] : PORTS).map((port) => ({ from, to, protocol, port })),
          ),
    ),
  );
}

function networksOfServer(name: string, topology: Topology): readonly Network[] {
  return endpoint(name, topology).server?.addresses.flatMap(({ value }) => parseAddress(value) ?? []) ?? [];
}

/** Whether an address is in a network or range as a rule of Windows Firewall has it. */
function holdsText(text: string, address: Network): boolean {
  const [low, high] = text.split('-').map((end) => parseNetwork(end));
  if (low === undefined) return false;
  return high === undefined
    ? contains(low, address)
    : low.family === address.family && low.bits <= address.bits && address.bits <= high.bits;
}

/**
 * Whether exported rules have an entry for it; for a server with two addresses, one has to match.
 * @param isTag whether the target can tell the internet from the rest: Azure has a service tag
 */
function isOpened(
  rules: readonly AddressRule[],
  { from, to, protocol, port }: Probe,
  topology: Topology,
  isTag: boolean,
): boolean {
  const isInternet = (name: string) =>
    topology.zones.get(endpoint(name, topology).zone ?? '')?.internet === true;
  const matches = (list: AddressRule['from'], address: Network, name: string, { inside }: AddressRule) => {
    if (list !== 'internet') return list.some((network) => contains(network, address));
    return isTag
      ? isInternet(name)
      : !inside.some(({ low, high }) => low <= address.bits && address.bits <= high);
  };
  return networksOfServer(from, topology).some((source) =>
    networksOfServer(to, topology).some(
      (target) =>
        source.family === target.family &&
        rules.some(
          (rule) =>
            rule.rule.protocol === protocol &&
            rule.family === source.family &&
            (protocol === 'icmp' || rule.ports.some(({ low, high }) => low <= port && port <= high)) &&
            matches(rule.from, source, from, rule) &&
            matches(rule.to, target, to, rule),
        ),
    ),
  );
}

/** The exported rules and the imported firewalls agree about all probes, and every flow gets through that has a rule. */
function agree(
  base: string,
  entry: ReturnType<typeof imported>,
  rules: readonly AddressRule[],
  isTag = false,
): void {
  const topology = withImported(base, entry);
  const judge = reach(topology);
  for (const probe of probes(topology)) {
    const { from, to, protocol, port } = probe;
    const real = isAllowed(judge, endpoint(from, topology), endpoint(to, topology), protocol, port);
    assert.equal(real, isOpened(rules, probe, topology, isTag), `${JSON.stringify(probe)}\n${entry.text}`);
  }
  const exported = new Set(rules.map(({ rule }) => `${rule.from.name} ${rule.to.name} ${rule.protocol}`));
  let checked = 0;
  for (const flow of computeFlows(topology)) {
    if (!exported.has(`${flow.from.name} ${flow.to.name} ${flow.protocol}`)) continue;
    const verdict = judge.verdict(flow);
    if (verdict.kind === 'unchecked') continue;
    checked++;
    assert.equal(
      verdict.kind,
      'allowed',
      `${flow.from.name} to ${flow.to.name} ${flow.protocol} ${flow.ports}\n${entry.text}`,
    );
  }
  assert.ok(checked > 0);
}

/** What an administrator adds to exported groups: nothing but what the rules allow. */
function closed(template: string): string {
  const value = JSON.parse(template) as { resources: { properties: { securityRules: unknown[] } }[] };
  for (const { properties } of value.resources) {
    for (const direction of ['Inbound', 'Outbound']) {
      properties.securityRules.push({
        name: `DenyAll${direction}`,
        properties: {
          priority: 4096,
          direction,
          access: 'Deny',
          protocol: '*',
          sourceAddressPrefix: '*',
          sourcePortRange: '*',
          destinationAddressPrefix: '*',
          destinationPortRange: '*',
        },
      });
    }
  }
  return JSON.stringify(value);
}

/** Two server addresses of one zone are alternatives, which a probe of both families cannot tell apart. */
const crossing = (topology: Topology) =>
  computeFlows(topology).filter(
    ({ from, to }) => from.zone !== undefined && to.zone !== undefined && from.zone !== to.zone,
  );

describe('exported and imported again', function () {
  this.timeout('120s');
  it('network security groups let the same flows and probes through', () => {
    fc.assert(
      fc.property(hierarchies, (base) => {
        const topology = topologyOf(base);
        const flows = crossing(topology);
        fc.pre(flows.length > 0);
        const report = reportOf(topology, flows);
        // Azure has no ICMP over IPv6.
        const rules = addressRules(report).rules.filter(
          ({ rule, family }) => rule.protocol !== 'icmp' || family === 4,
        );
        const zones = [...topology.zones.values()].map(({ name }) => name);
        // A zone without a group of its own is open in Azure.
        const template = closed(nsgArm(report).text);
        const groups = (JSON.parse(template) as { resources: unknown[] }).resources.length;
        fc.pre(
          groups === zones.filter((name) => topology.zones.get(name.toLowerCase())?.internet !== true).length,
        );
        agree(base, imported(template, { zones, topology }), rules, true);
      }),
      { numRuns: 40, examples: [[EXAMPLE]] },
    );
  });

  it('Windows Firewall rules of a machine let the same flows and probes in', () => {
    fc.assert(
      fc.property(hierarchies, (base) => {
        const topology = topologyOf(base);
        for (const { name } of topology.servers.values()) {
          const report = reportOf(topology, crossing(topology), name);
          const [host] = hosts(report);
          if (!host || host.rules.length === 0) continue;
          const rows = host.rules.map(({ rule, direction, remote, family, id }) => {
            const isIn = direction === 'inbound';
            const ports = rule.protocol === 'icmp' ? 'Any' : rule.ports.map(portText).join(',');
            return {
              Name: id,
              Direction: isIn ? 1 : 2,
              Action: 2,
              Enabled: 1,
              Profile: 0,
              Protocol: rule.protocol === 'icmp' ? `ICMPv${family}` : rule.protocol.toUpperCase(),
              LocalPort: isIn ? ports : 'Any',
              RemotePort: isIn ? 'Any' : ports,
              IcmpType: rule.protocol === 'icmp' ? (family === 4 ? '8' : '128') : 'Any',
              LocalAddress: 'Any',
              RemoteAddress: remote.length === 0 ? 'Any' : remote.join(','),
            };
          });
          const zones = [...topology.zones.values()].map(({ name }) => name);
          const entry = imported(JSON.stringify(rows), { zones, topology, inside: name });
          const read = withImported(base, entry);
          const judge = reach(read);
          const inbound = host.rules.filter(({ direction }) => direction === 'inbound');
          for (const { from, to, protocol, port } of probes(read)) {
            const isOpen = inbound.some(
              ({ rule, remote, family }) =>
                rule.protocol === protocol &&
                (protocol === 'icmp' || rule.ports.some(({ low, high }) => low <= port && port <= high)) &&
                networksOfServer(from, topology).some(
                  (address) =>
                    (family === undefined || family === address.family) &&
                    networksOfServer(to, topology).some((own) => own.family === address.family) &&
                    (remote.length === 0 || remote.some((text) => holdsText(text, address))),
                ),
            );
            const real = isAllowed(judge, endpoint(from, read), endpoint(to, read), protocol, port);
            // Windows stops nothing on the way out, and nothing between other machines.
            assert.equal(real, to !== name || isOpen, `${from} to ${to} ${protocol} ${port}\n${entry.text}`);
          }
        }
      }),
      { numRuns: 15, examples: [[EXAMPLE]] },
    );
  });

  const zonesOf = (topology: Topology) => [...topology.zones.values()].map(({ name }) => name);

  for (const [format, write] of [
    ['pan-os', panOs],
    ['fortios', fortios],
  ] as const) {
    it(`rules of ${format} let the same flows and probes through`, () => {
      fc.assert(
        fc.property(hierarchies, (base) => {
          const topology = topologyOf(base);
          const flows = crossing(topology);
          fc.pre(flows.length > 0);
          const report = reportOf(topology, flows);
          const entry = imported(write(report).text, { zones: [], topology, format });
          assert.deepEqual(entry.unmapped, []);
          assert.deepEqual(entry.gaps, []);
          // Its own zones tell the internet from the rest.
          agree(base, entry, addressRules(report).rules, true);
        }),
        { numRuns: 40, examples: [[EXAMPLE]] },
      );
    });
  }

  it('the rules of all machines for group policy let the same flows and probes into each of them', () => {
    fc.assert(
      fc.property(hierarchies, (base) => {
        const topology = topologyOf(base);
        const report = reportOf(topology, crossing(topology));
        const { text } = windowsGpo(report);
        const { rules } = addressRules(report);
        for (const { name, addresses } of topology.servers.values()) {
          if (addresses.length === 0) continue;
          const entry = imported(text, { zones: zonesOf(topology), topology, inside: name });
          const read = withImported(base, entry);
          const judge = reach(read);
          for (const probe of probes(read)) {
            const { from, to, protocol, port } = probe;
            const real = isAllowed(judge, endpoint(from, read), endpoint(to, read), protocol, port);
            const wanted = to !== name || isOpened(rules, probe, read, false);
            assert.equal(real, wanted, `${JSON.stringify(probe)} at ${name}\n${entry.text}`);
          }
        }
      }),
      { numRuns: 15, examples: [[EXAMPLE]] },
    );
  });

  it('an nftables ruleset lets the same flows and probes through, as nft listed it once', () => {
    const topology = topologyOf(EXAMPLE);
    const report = reportOf(topology, crossing(topology));
    const listed = nftJson(nftables(report).text);
    if (process.env.CMTOPO_UPDATE_GOLDEN && listed !== undefined) writeFileSync(FIXTURE, listed);
    const text = readFileSync(FIXTURE, 'utf8');
    agree(EXAMPLE, imported(text, { zones: zonesOf(topology), topology }), addressRules(report).rules);
  });

  const { reason } = findNft();
  const isThere = nftJson('table inet probe { }\n') !== undefined;
  if (!isThere)
    it(
      `an nftables ruleset lets the same flows and probes through, read by nft itself (NOT RUN: ${reason || 'no network namespace'})`,
    );
  else {
    it('an nftables ruleset lets the same flows and probes through, read by nft itself', function () {
      this.timeout('120s');
      fc.assert(
        fc.property(hierarchies, (base) => {
          const topology = topologyOf(base);
          const flows = crossing(topology);
          fc.pre(flows.length > 0);
          const report = reportOf(topology, flows);
          const text = nftJson(nftables(report).text) ?? assert.fail('nft refuses it');
          agree(base, imported(text, { zones: zonesOf(topology), topology }), addressRules(report).rules);
        }),
        { numRuns: 40 },
      );
    });
  }
});
