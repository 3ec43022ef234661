// An explanation as JSON.
import { jsonForm } from '../../print/json.ts';
import { type PortSet, portTexts } from '../../reach/ports.ts';
import type { Protocol } from '../../reach/rule-ports.ts';
import type { Way } from '../../reach/way.ts';
import type { Firewall, FirewallRule, Topology } from '../../topology/model.ts';
import { countWays, type ExplainedMachine, type Explanation, flowsOf } from './explanation.ts';
import { lineOf } from './words.ts';

/**
 * One JSON document with a line break at its end. Rules count from 1, lines from 0; `rule: null` is the default that
 * denies what no rule matches. `firewalls` is null where it cannot be told which ones are on the way.
 */
export function explainJson({ edition, file, topology, from, to, directions }: Explanation): string {
  const document = {
    edition,
    file,
    from: machineJson(from),
    to: machineJson(to),
    directions: directions.map((direction) => ({
      from: direction.from.name,
      to: direction.to.name,
      firewalls: direction.firewalls?.map(({ name }) => name) ?? null,
      summary: countWays(flowsOf(direction)),
      flows: direction.reasons.flatMap(({ connection, purpose, fromRole, toRole, sections, flows }) =>
        flows.map(({ flow, way, instead, missed, documented, setting }) => ({
          protocol: flow.protocol,
          ports: flow.ports,
          documented,
          setting,
          service: flow.service,
          connection,
          purpose,
          phase: flow.phase,
          optional: flow.optional ?? false,
          without: flow.without,
          anyOf: flow.anyOf,
          instead: flow.anyOf === undefined ? undefined : instead,
          zones: flow.zones,
          missed,
          fromRole,
          toRole,
          sources: sections,
          ...verdictJson(way, flow.protocol, topology),
        })),
      ),
    })),
  };
  return jsonForm(document);
}

function machineJson({ name, kind, zone, site, roles, addresses }: ExplainedMachine) {
  return { name, kind, zone, site, roles, addresses };
}

function verdictJson(way: Way, protocol: Protocol, topology: Topology) {
  if (way.kind === 'unchecked') return { verdict: way.kind, why: way.why, decisions: [] };
  const ports = (set: PortSet) => (protocol === 'icmp' ? [] : portTexts(set));
  return {
    verdict: way.kind,
    decisions: way.gates.map(({ firewall, passes, block }) => ({
      firewall: firewall.name,
      allowed: passes.map((pass) => ({
        ...ruleJson(pass.rule, firewall, topology),
        ports: ports(pass.ports),
      })),
      blocked: block ? { ...ruleJson(block.rule, firewall, topology), ports: ports(block.missing) } : null,
    })),
  };
}

function ruleJson(rule: FirewallRule | undefined, { rules }: Firewall, topology: Topology) {
  if (rule === undefined) return { rule: null };
  return { rule: rules.indexOf(rule) + 1, name: rule.name?.value, line: lineOf(rule, topology) - 1 };
}
