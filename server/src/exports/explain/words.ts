// What the printers of an explanation share: how a decision of a firewall reads.
import type { Flow } from '../../flows/flow.ts';
import { covers, intersection, isEmpty } from '../../reach/ports.ts';
import { portsOfFlow } from '../../reach/reach.ts';
import { type Gate, portSetText, ruleLabel, type Way } from '../../reach/way.ts';
import type { Firewall, FirewallRule, Topology } from '../../topology/model.ts';
import {
  countWays,
  type Direction,
  type ExplainedFlow,
  flowsOf,
  type Machine,
  type Reason,
} from './explanation.ts';

/** What one firewall does, in words: `edge`, `rule 3 'Web' (line 20) lets it through`. */
export interface GateText {
  readonly firewall: string;
  readonly verdict: 'allowed' | 'blocked';
  readonly text: string;
}

/** `Site server on cm01 to Internet`: in which capacity the two talk. */
export function endsText({ fromRole, toRole }: Reason, { from, to }: Direction): string {
  const end = (role: string, { kind, name }: Machine) => (kind === 'cloud' ? role : `${role} on ${name}`);
  return `${end(fromRole, from)} to ${end(toRole, to)}`;
}

/** The line of a rule in the file, from 1. */
export function lineOf({ span }: FirewallRule, { tree }: Topology): number {
  return tree.lines.positionAt(span.start).line + 1;
}

/** What each firewall on the way of a flow does with it. */
export function gateTexts({ flow, way }: ExplainedFlow, topology: Topology): readonly GateText[] {
  if (way.kind === 'unchecked') return [];
  return way.gates.map((gate) => ({
    firewall: gate.firewall.name,
    verdict: gate.block ? 'blocked' : 'allowed',
    text: gateText(gate, flow, topology),
  }));
}

function gateText({ firewall, passes, block }: Gate, flow: Flow, topology: Topology): string {
  const { protocol } = flow;
  const wanted = portsOfFlow(flow);
  const name = (rule: FirewallRule) => `${ruleLabel(rule, firewall)} (line ${lineOf(rule, topology)})`;
  if (block === undefined) {
    // Several rules may share a flow's ports, or the networks of a group.
    const isWhole = passes.every(({ ports }) => covers(ports, wanted));
    const each = passes.map(({ rule, ports }) =>
      isWhole ? name(rule) : `${name(rule)} for ${portSetText(protocol, ports)}`,
    );
    return `${each.join(', ')} ${passes.length === 1 ? 'lets' : 'let'} it through`;
  }
  const { missing, rule } = block;
  const what = protocol === 'icmp' || covers(missing, wanted) ? 'it' : portSetText(protocol, missing);
  const stopped = rule ? `${name(rule)} denies ${what}` : `no rule for ${what}: denied by default`;
  const partly = passes.map(({ rule, ports }) => {
    const isShared = protocol === 'icmp' || !isEmpty(intersection(ports, missing));
    // Of a group some clients may get through where others do not.
    return isShared
      ? `${name(rule)} lets only some of the clients through`
      : `${name(rule)} lets ${portSetText(protocol, ports)} through`;
  });
  return [stopped, ...partly].join('; ');
}

/** `3 connections: 2 allowed, 1 blocked`; `No connections` where there are none. */
export function summaryText(direction: Direction): string {
  const flows = flowsOf(direction);
  if (flows.length === 0) return 'No connections';
  const count = countWays(flows);
  const counted = `${flows.length} ${flows.length === 1 ? 'connection' : 'connections'}`;
  // Without a firewall there is no verdict to count.
  if (direction.firewalls?.length === 0) return counted;
  const parts = (['allowed', 'blocked', 'unchecked'] as const)
    .filter((kind) => count[kind] > 0)
    .map(
      (kind) => `${count[kind] === flows.length && flows.length > 1 ? 'all' : count[kind]} ${WORDS[kind]}`,
    );
  return `${counted}: ${parts.join(', ')}`;
}

const WORDS: Readonly<Record<Way['kind'], string>> = {
  allowed: 'allowed',
  blocked: 'blocked',
  unchecked: 'not checked',
};

/** The zones and firewalls that traffic passes, or why there is none. */
export function wayText({ from, to, firewalls }: Direction, topology: Topology): string {
  if (topology.firewalls.size === 0) return 'The file has no firewalls.';
  if (firewalls === undefined) return 'Which firewalls are on the way cannot be told.';
  const [here, there] = [from.zone ?? 'no zone', to.zone ?? 'no zone'];
  if (firewalls.length > 0) return `Zone ${here}, ${firewalls.map(gateName).join(', ')}, zone ${there}.`;
  return here === there
    ? `No firewall: both are in zone ${here}.`
    : `No firewall stands between the zones ${here} and ${there}.`;
}

function gateName({ name }: Firewall): string {
  return `firewall ${name}`;
}

/** `server in zone hq, site PS1`, and its roles. */
export function machineText({ kind, zone, site, roles }: Machine): string {
  const what = { server: 'server', clients: 'client group', cloud: 'outside the file' }[kind];
  const place = [
    zone === undefined ? undefined : `zone ${zone}`,
    site === undefined ? undefined : `site ${site}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
  const head = place === '' ? what : `${what} in ${place}`;
  return roles.length === 0 ? head : `${head}: ${roles.join(', ')}`;
}

/** `documented 1433, here by instances.port`; undefined where the ports are the documented ones. */
export function deviationText({ documented, setting }: ExplainedFlow): string | undefined {
  if (documented === undefined) return undefined;
  return `documented ${documented}${setting === undefined ? '' : `, set by ${setting}`}`;
}

/** Neighbours that the same decisions are made about, so that these are said once. */
export function decided(
  flows: readonly ExplainedFlow[],
  topology: Topology,
): readonly { readonly flows: readonly ExplainedFlow[]; readonly gates: readonly GateText[] }[] {
  const groups = new Map<string, { flows: ExplainedFlow[]; gates: readonly GateText[] }>();
  for (const flow of flows) {
    const gates = gateTexts(flow, topology);
    const key = JSON.stringify([flow.way.kind, flow.way.kind === 'unchecked' && flow.way.why, gates]);
    const group = groups.get(key);
    if (group) group.flows.push(flow);
    else groups.set(key, { flows: [flow], gates });
  }
  return [...groups.values()];
}
