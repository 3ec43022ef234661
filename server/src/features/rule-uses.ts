// Which connections go through each rule of a firewall, for hovers.
import type { Analysis } from '../analysis.ts';
import type { Flow } from '../flows/flow.ts';
import { difference, intersection, isEmpty, NO_PORTS, type PortSet, portSet, union } from '../reach/ports.ts';
import { type Decision, type Protocol, portsOfFlow, rulePorts, type Verdict } from '../reach/reach.ts';
import { isTftp, replyPortsOf } from '../rules/tftp-reply-ports.ts';
import { partsOf, usesWakeUpProxy } from '../rules/wake-up-proxy-icmp.ts';
import type { FirewallRule } from '../topology/model.ts';

/** A connection that a rule decides about. */
export interface RuleUse {
  readonly flow: Flow;
  /** Those of its ports that the rule matches; of ICMP they mean nothing. */
  readonly ports: PortSet;
}

interface Uses {
  /** Let through by an allow rule, stopped by a deny rule. */
  readonly decided: ReadonlyMap<FirewallRule, readonly RuleUse[]>;
  /** Beside connections: answers of TFTP servers, echo requests of wake-up proxy. */
  readonly needed: ReadonlyMap<FirewallRule, Readonly<Record<Protocol, PortSet>>>;
  /** Whether every connection of the file is known with its ports. */
  readonly isWhole: boolean;
}

// Asked for by every hover over a rule of the same text.
const known = new WeakMap<Analysis, Uses>();

/** The connections that a rule lets through, or stops, in the order of flows. */
export function usesOf(rule: FirewallRule, analysis: Analysis): readonly RuleUse[] {
  return uses(analysis).decided.get(rule) ?? [];
}

/**
 * The ports that an allow rule opens and nothing of the file needs, by protocol. Undefined where that cannot be
 * told, since a part of the file is unread or a port unset, and for a rule that nothing uses at all.
 */
export function spareOf(
  rule: FirewallRule,
  analysis: Analysis,
): readonly { readonly protocol: Protocol; readonly ports: PortSet }[] | undefined {
  const { needed, isWhole } = uses(analysis);
  const own = needed.get(rule);
  if (!isWhole || own === undefined) return undefined;
  return (['tcp', 'udp', 'icmp'] as const)
    .map((protocol) => ({ protocol, ports: difference(rulePorts(rule, protocol), own[protocol]) }))
    .filter(({ ports }) => !isEmpty(ports));
}

function uses(analysis: Analysis): Uses {
  let found = known.get(analysis);
  if (found === undefined) {
    found = findUses(analysis);
    known.set(analysis, found);
  }
  return found;
}

function findUses(analysis: Analysis): Uses {
  const { topology, tree } = analysis;
  const reach = analysis.reach();
  const decided = new Map<FirewallRule, RuleUse[]>();
  const needed = new Map<FirewallRule, Record<Protocol, PortSet>>();
  let isWhole =
    tree.damage.length === 0 &&
    topology.problems.length === 0 &&
    topology.references.every(({ target, implied }) => target !== undefined || implied === true);

  const matched = (rule: FirewallRule, protocol: Protocol, ports: PortSet) =>
    intersection(rulePorts(rule, protocol), ports);
  const use = (rule: FirewallRule, flow: Flow, ports: PortSet) => {
    const list = decided.get(rule);
    const one = { flow, ports: matched(rule, flow.protocol, ports) };
    if (list) list.push(one);
    else decided.set(rule, [one]);
  };
  const need = ({ rule }: Decision, protocol: Protocol, ports: PortSet) => {
    const own = needed.get(rule) ?? { tcp: NO_PORTS, udp: NO_PORTS, icmp: NO_PORTS };
    needed.set(rule, own);
    own[protocol] = union(own[protocol], matched(rule, protocol, ports));
  };
  const letThrough = (verdict: Verdict) => (verdict.kind === 'unchecked' ? [] : verdict.by);

  for (const flow of analysis.flows()) {
    const { from, to, protocol } = flow;
    if (reach.between(from, to)?.length === 0) continue;
    const verdict = reach.verdict(flow);
    if (flow.ports.includes('dynamic')) isWhole = false;
    // What is outside the file stands behind no firewall where no zone is the internet.
    if (verdict.kind === 'unchecked' && from.kind !== 'cloud' && to.kind !== 'cloud') isWhole = false;
    const ports = portsOfFlow(flow);
    for (const decision of letThrough(verdict)) {
      use(decision.rule, flow, ports);
      need(decision, protocol, ports);
    }
    if (verdict.kind === 'blocked')
      for (const { rule, missing } of verdict.blocks)
        if (rule) use(rule, flow, protocol === 'icmp' ? ports : missing);
    if (isTftp(flow)) {
      const answers = portSet([replyPortsOf(flow, topology)]);
      for (const way of [
        { from, to },
        { from: to, to: from },
      ])
        for (const decision of letThrough(reach.judge({ ...way, protocol, ports: answers })))
          need(decision, protocol, answers);
    }
  }
  for (const group of topology.clients.values()) {
    if (!usesWakeUpProxy(group)) continue;
    const parts = partsOf(group, topology);
    for (const from of parts)
      for (const to of parts) {
        if (from === to) continue;
        const verdict = reach.judge({ from, to, protocol: 'icmp', ports: NO_PORTS });
        for (const decision of letThrough(verdict)) need(decision, 'icmp', rulePorts(decision.rule, 'icmp'));
      }
  }
  return { decided, needed, isWhole };
}
