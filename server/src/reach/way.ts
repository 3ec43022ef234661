// The way of a flow: what each firewall between its two machines does with it, and by which rule.
import { type Endpoint, type Flow, zonesOf } from '../flows/flow.ts';
import { firstNumber } from '../flows/ports.ts';
import { t } from '../l10n.ts';
import type { Firewall, FirewallRule, Topology } from '../topology/model.ts';
import type { Blockage } from './judge.ts';
import { difference, formatPorts, intersection, isEmpty, NO_PORTS, type PortSet } from './ports.ts';
import type { Reach } from './reach.ts';
import { PROTOCOLS, portsOfFlow, rulePorts } from './rule-ports.ts';

/** A firewall on the way, and what it does with a flow. */
export interface Gate {
  readonly firewall: Firewall;
  /** The rules that let traffic through, each with the ports that it decides; of ICMP the ports mean nothing. */
  readonly passes: readonly { readonly rule: FirewallRule; readonly ports: PortSet }[];
  /** What is stopped here; undefined where everything gets through. */
  readonly block: Blockage | undefined;
}

export type Way =
  /** `why` reads on after 'not checked: '. */
  | { readonly kind: 'unchecked'; readonly why: string }
  /** Nearest to the source first; without gates there is no firewall between the two. */
  | { readonly kind: 'allowed' | 'blocked'; readonly gates: readonly Gate[] };

/** Follows one flow from firewall to firewall. */
export function wayOf(flow: Flow, reach: Reach, topology: Topology): Way {
  if (topology.firewalls.size === 0) return { kind: 'allowed', gates: [] };
  const { from, to, protocol, zones } = flow;
  const firewalls = reach.between(from, to, zones);
  if (firewalls === undefined) return { kind: 'unchecked', why: whyUnknown(from, to) };
  if (firewalls.length === 0) return { kind: 'allowed', gates: [] };
  const doubtful = firewalls.find((firewall) => !reach.isKnown(firewall));
  if (doubtful) {
    return {
      kind: 'unchecked',
      why: t('a rule of firewall {0} has a mistake; cmtopo check shows it', doubtful.name),
    };
  }
  const verdict = reach.verdict(flow);
  if (verdict.kind === 'unchecked') return { kind: 'unchecked', why: t('the file does not give its ports') };
  const blocks = verdict.kind === 'blocked' ? verdict.blocks : [];
  const gates = firewalls.map((firewall): Gate => {
    const block = blocks.find((one) => one.firewall === firewall);
    const by = verdict.by.filter((decision) => decision.firewall === firewall).map(({ rule }) => rule);
    // Of several clients or addresses others may get through; for one, a rule lets nothing in that one above denies.
    const isOne = [from, to].every(
      ({ clients, server, addresses = [] }) => !clients && (server?.addresses ?? addresses).length < 2,
    );
    const ports = difference(portsOfFlow(flow), isOne ? (block?.missing ?? NO_PORTS) : NO_PORTS);
    const passes = shares(by, ports, protocol, topology).filter((pass) => !isEmpty(pass.ports));
    return { firewall, passes, block };
  });
  return { kind: verdict.kind, gates };
}

/** A flow once for each two of its zones, with ends in one zone each; but for a client group in several it is itself. */
export function legsOf(flow: Flow, reach: Reach): readonly Flow[] {
  const { zones, ...rest } = flow;
  const pairs = reach.pairs(flow.from, flow.to, zones);
  const [first] = pairs;
  if (first && first[0] === flow.from && first[1] === flow.to) return [flow];
  return pairs.map(([from, to]) => ({ ...rest, from, to }));
}

/** Which of some ports each rule decides: the first that matches. */
function shares(
  rules: readonly FirewallRule[],
  ports: PortSet,
  protocol: Flow['protocol'],
  topology: Topology,
): Gate['passes'] {
  let left = ports;
  return rules.map((rule) => {
    const own = rulePorts(rule, protocol, topology);
    const first = intersection(left, own);
    left = difference(left, first);
    // A rule for other machines of the same group decides ports that an earlier one has, too.
    return { rule, ports: isEmpty(first) ? intersection(ports, own) : first };
  });
}

function whyUnknown(...ends: readonly Endpoint[]): string {
  const homeless = ends.find((end) => zonesOf(end).length === 0);
  if (homeless === undefined) return t('an entry on the way has a mistake; cmtopo check shows it');
  return homeless.kind === 'cloud' ? t('no zone is marked internet') : t('{0} has no zone', homeless.name);
}

/** The firewalls at which traffic is stopped. */
export function blocksOf(way: Way): readonly Blockage[] {
  if (way.kind !== 'blocked') return [];
  return way.gates.flatMap(({ block }) => block ?? []);
}

/** `rule 3 'Database up'`, `rule 3`. */
export function ruleLabel(rule: FirewallRule, { rules }: Firewall): string {
  const number = rules.indexOf(rule) + 1;
  return rule.name ? t("rule {0} '{1}'", number, rule.name.value) : t('rule {0}', number);
}

/** What stops traffic at a firewall: `edge (rule 3 'Old')`, `edge (no rule)`. */
export function blockText({ firewall, rule }: Blockage): string {
  return `${firewall.name} (${rule ? ruleLabel(rule, firewall) : t('no rule')})`;
}

/** `TCP 135, 445`; `ICMP echo`. `dynamic` stands for ports that the file does not tell. */
export function trafficText({ protocol, ports }: Pick<Flow, 'protocol' | 'ports'>): string {
  return protocol === 'icmp' ? t('ICMP echo') : `${protocol.toUpperCase()} ${ports.join(', ')}`;
}

/** The same for ports of a protocol: `TCP 135, 445`. */
export function portSetText(protocol: Flow['protocol'], ports: PortSet): string {
  return protocol === 'icmp' ? t('ICMP echo') : `${protocol.toUpperCase()} ${formatPorts(ports)}`;
}

/** All ports of some flows by protocol: `TCP 135, 445, 49152-65535 · UDP 135 · ICMP echo`. */
export function trafficOf(flows: readonly Pick<Flow, 'protocol' | 'ports'>[]): string {
  return PROTOCOLS.flatMap((protocol) => {
    const own = flows.filter((flow) => flow.protocol === protocol);
    if (own.length === 0) return [];
    const ports = [...new Set(own.flatMap((flow) => flow.ports))].sort(
      (a, b) => firstNumber(a) - firstNumber(b),
    );
    return [trafficText({ protocol, ports })];
  }).join(' · ');
}
