// The ports of flows and of rules, by protocol.
import { getOrAdd, memo } from '../collections.ts';
import type { Flow } from '../flows/flow.ts';
import { lookup } from '../topology/effective.ts';
import type { FirewallRule, Ports, Topology } from '../topology/model.ts';
import { ALL_PORTS, NO_PORTS, type PortSet, parsePorts, portSet, union } from './ports.ts';

export type Protocol = Flow['protocol'];
export const PROTOCOLS: readonly Protocol[] = ['tcp', 'udp', 'icmp'];

/** What ICMP has in place of ports, so that it goes through the same steps. */
export const ECHO: PortSet = [{ low: 0, high: 0 }];

// Of many flows one list of ports is the same.
const readFlows = memo((ports: readonly string[]) =>
  portSet(ports.flatMap((port) => parsePorts(port) ?? [])),
);

/** The ports of a flow that are known. Flows share their lists of ports, and each list is read once. */
export function portsOfFlow({ protocol, ports }: Flow): PortSet {
  if (protocol === 'icmp') return ECHO;
  return readFlows(ports);
}

/** The ports of each protocol. */
export type PortsByProtocol = Readonly<Record<Protocol, PortSet>>;

// A rule is asked for its ports with every pair of machines that it matches.
const readRules = memo((rule: FirewallRule) => portsWritten(rule));
// By file, too: a rule that nobody touched may name a port group that changed.
const readGrouped = memo((_: Topology) => new Map<FirewallRule, PortsByProtocol>());

/** What a rule says about the ports of each protocol, those of port groups among them. Each rule is read once. */
export function portsOfRule(rule: FirewallRule, topology: Topology): PortsByProtocol {
  if (rule.ports.length === 0) return readRules(rule);
  return getOrAdd(readGrouped(topology), rule, () =>
    rule.ports
      .flatMap(({ value }) => lookup(topology.portGroups, value) ?? [])
      .map(readPorts)
      .reduce(unionByProtocol, readPorts(rule)),
  );
}

/** The ports of each protocol as a rule or a policy writes them: with none of the three it is all traffic. */
export function portsWritten(written: Pick<FirewallRule, 'tcp' | 'udp' | 'icmp'>): PortsByProtocol {
  const { tcp, udp, icmp } = written;
  if (tcp === undefined && udp === undefined && icmp?.value !== true)
    return { tcp: ALL_PORTS, udp: ALL_PORTS, icmp: ECHO };
  return readPorts(written);
}

function readPorts({ tcp, udp, icmp }: Pick<FirewallRule, 'tcp' | 'udp' | 'icmp'>): PortsByProtocol {
  const setOf = (ports: Ports = []) =>
    ports === 'any' ? ALL_PORTS : portSet(ports.map(({ value }) => value));
  return { tcp: setOf(tcp), udp: setOf(udp), icmp: icmp?.value === true ? ECHO : NO_PORTS };
}

/** The ports that either has, of each protocol. */
export function unionByProtocol(a: PortsByProtocol, b: PortsByProtocol): PortsByProtocol {
  return { tcp: union(a.tcp, b.tcp), udp: union(a.udp, b.udp), icmp: union(a.icmp, b.icmp) };
}

/** What a rule says about the ports of one protocol. */
export function rulePorts(rule: FirewallRule, protocol: Protocol, topology: Topology): PortSet {
  return portsOfRule(rule, topology)[protocol];
}
