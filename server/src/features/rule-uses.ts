// Which connections each rule of a firewall decides about, for hovers.

import type { Analysis } from '../analysis.ts';
import { memo } from '../collections.ts';
import type { Flow } from '../flows/flow.ts';
import { intersection, type PortSet } from '../reach/ports.ts';
import { portsOfFlow, rulePorts } from '../reach/rule-ports.ts';
import type { FirewallRule } from '../topology/model.ts';

/** A connection that a rule decides about. */
export interface RuleUse {
  readonly flow: Flow;
  /** Those of its ports that the rule matches; of ICMP they mean nothing. */
  readonly ports: PortSet;
}

/** The connections that a rule lets through, or stops, in the order of flows. */
export function usesOf(rule: FirewallRule, analysis: Analysis): readonly RuleUse[] {
  return usesIn(analysis).get(rule) ?? [];
}

// Asked for by every hover over a rule of the same text.
const usesIn = memo(findUses);

function findUses(analysis: Analysis): ReadonlyMap<FirewallRule, readonly RuleUse[]> {
  const reach = analysis.reach();
  const uses = new Map<FirewallRule, RuleUse[]>();
  const { topology } = analysis;
  const add = (rule: FirewallRule, flow: Flow, ports: PortSet) => {
    const use = { flow, ports: intersection(rulePorts(rule, flow.protocol, topology), ports) };
    const list = uses.get(rule);
    if (list) list.push(use);
    else uses.set(rule, [use]);
  };
  for (const flow of analysis.flows()) {
    const verdict = reach.verdict(flow);
    if (verdict.kind === 'unchecked') continue;
    const ports = portsOfFlow(flow);
    for (const { rule } of verdict.by) add(rule, flow, ports);
    if (verdict.kind === 'allowed') continue;
    for (const { rule, missing } of verdict.blocks)
      if (rule) add(rule, flow, flow.protocol === 'icmp' ? ports : missing);
  }
  return uses;
}
