import { t } from '../l10n.ts';
import { coverIndex, coversEnds } from '../reach/cover.ts';
import { difference, intersection, isEmpty, NO_PORTS, type PortSet, union } from '../reach/ports.ts';
import { type Reach, rulePorts } from '../reach/reach.ts';
import type { Firewall, FirewallRule } from '../topology/model.ts';
import { capital, removeRule, ruleName } from './firewall-fixes.ts';
import { oncePerPlace } from './places.ts';
import type { Report, Rule, RuleContext } from './rule.ts';
import { listed } from './words.ts';

const PROTOCOLS = ['tcp', 'udp', 'icmp'] as const;

// By file, too: a firewall that nobody touched stays the same while the machines that it names change.
const known = new WeakMap<Reach, Map<Firewall, ReadonlyMap<FirewallRule, readonly FirewallRule[]>>>();

/** Every rule of a firewall that never decides, with the earlier ones that together match everything that it matches. */
export function shadowedRules(
  firewall: Firewall,
  context: Pick<RuleContext, 'reach' | 'topology'>,
): ReadonlyMap<FirewallRule, readonly FirewallRule[]> {
  const reach = context.reach();
  const ofFile = known.get(reach) ?? new Map<Firewall, ReadonlyMap<FirewallRule, readonly FirewallRule[]>>();
  known.set(reach, ofFile);
  let shadowed = ofFile.get(firewall);
  if (!shadowed) {
    shadowed = reach.isKnown(firewall) ? findShadowed(firewall, context) : new Map();
    ofFile.set(firewall, shadowed);
  }
  return shadowed;
}

/** Rules of the same ends, which cover the same others. */
interface Alike {
  readonly first: FirewallRule;
  readonly positions: number[];
  /** What they match together. */
  readonly ports: Record<(typeof PROTOCOLS)[number], PortSet>;
}

function findShadowed(
  { rules }: Firewall,
  { topology }: Pick<RuleContext, 'topology'>,
): ReadonlyMap<FirewallRule, readonly FirewallRule[]> {
  const shadowed = new Map<FirewallRule, readonly FirewallRule[]>();
  const sources = coverIndex(topology);
  const targets = coverIndex(topology);
  const groups: Alike[] = [];
  const byEnds = new Map<string, Alike>();
  for (const [position, rule] of rules.entries()) {
    const ports = { tcp: rulePorts(rule, 'tcp'), udp: rulePorts(rule, 'udp'), icmp: rulePorts(rule, 'icmp') };
    const covering = [...new Set(shorter(sources.candidates(rule.from), targets.candidates(rule.to)))]
      .flatMap((index) => groups[index] ?? [])
      .filter(
        ({ first }) => coversEnds(first.from, rule.from, topology) && coversEnds(first.to, rule.to, topology),
      );
    if (
      covering.length > 0 &&
      PROTOCOLS.every((protocol) => areCovered(protocol, ports[protocol], covering))
    ) {
      const positions = covering.flatMap(({ positions }) => positions).sort((a, b) => a - b);
      const earlier = needed(
        ports,
        positions.flatMap((other) => rules[other] ?? []),
      );
      if (earlier.length > 0) shadowed.set(rule, earlier);
    }

    const key = [rule.from, rule.to]
      .map((ends) => ends.map(({ value }) => value.toLowerCase()).join(' '))
      .join('\n');
    let group = byEnds.get(key);
    if (!group) {
      group = { first: rule, positions: [], ports: { tcp: NO_PORTS, udp: NO_PORTS, icmp: NO_PORTS } };
      byEnds.set(key, group);
      sources.add(rule.from, groups.length);
      targets.add(rule.to, groups.length);
      groups.push(group);
    }
    group.positions.push(position);
    for (const protocol of PROTOCOLS) group.ports[protocol] = union(group.ports[protocol], ports[protocol]);
  }
  return shadowed;
}

/** Of two answers about the same rule the one with fewer numbers, as one list. */
function shorter(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): readonly number[] {
  const count = (lists: readonly (readonly number[])[]) => lists.reduce((sum, { length }) => sum + length, 0);
  return (count(a) <= count(b) ? a : b).flat();
}

function areCovered(protocol: (typeof PROTOCOLS)[number], ports: PortSet, by: readonly Alike[]): boolean {
  let left = ports;
  for (const group of by) {
    if (isEmpty(left)) return true;
    left = difference(left, group.ports[protocol]);
  }
  return isEmpty(left);
}

/** Those of some rules that take a part of the ports, the first match deciding. */
function needed(ports: Alike['ports'], rules: readonly FirewallRule[]): readonly FirewallRule[] {
  const left = { ...ports };
  return rules.filter((rule) => {
    if (PROTOCOLS.every((protocol) => isEmpty(left[protocol]))) return false;
    let takes = false;
    for (const protocol of PROTOCOLS) {
      const taken = intersection(left[protocol], rulePorts(rule, protocol));
      if (isEmpty(taken)) continue;
      takes = true;
      left[protocol] = difference(left[protocol], taken);
    }
    return takes;
  });
}

function* checkFirewall(firewall: Firewall, context: RuleContext): Iterable<Report> {
  for (const [rule, shadows] of shadowedRules(firewall, context)) {
    const names = shadows.map((other) => ruleName(other, firewall));
    yield {
      span: rule.span,
      message: t(
        names.length === 1
          ? '{0} of firewall {1} never decides: {2} above matches everything that it matches: remove it, or move it up'
          : '{0} of firewall {1} never decides: {2} above match everything that it matches: remove it, or move it up',
        capital(ruleName(rule, firewall)),
        firewall.name,
        listed(names),
      ),
      related: shadows.map((other) => ({ message: capital(ruleName(other, firewall)), span: other.span })),
      unnecessary: true,
      fixes: [{ title: t('Remove the rule'), safe: false, edits: removeRule(context.tree, firewall, rule) }],
    };
  }
}

const site = (rules: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  branch: { networks: [10.20.0.0/16] }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    zone: hq
    addresses: [10.10.0.10]
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point: { protocol: https }
clients:
  desktops: { site: PS1, zone: branch, networks: [10.20.64.0/20] }
firewalls:
  line:
    zones: [hq, branch]
    rules:
${rules}`;

export const firewallShadowedRule: Rule = {
  code: 'firewall-shadowed-rule',
  area: 'firewalls',
  severity: 'warning',
  summary: 'A firewall rule that never decides, because earlier ones match everything that it matches.',
  reason: 'The first rule that matches decides, so this one has no effect whatever it says.',
  explanation: `Rules are tried from the top, and the first one that matches decides. A rule below others that match the same machines and ports is never reached: an allow rule below a deny rule lets nothing through, a deny rule below an allow rule stops nothing.

Remove it, or move it up where it was meant to be an exception.`,
  source: { document: 'format', section: 'firewallsname' },
  bad: [
    {
      title: 'An exception below the rule that it is an exception to',
      text: site(`      - { name: Clients, action: allow, from: branch, to: hq, tcp: [443, 10123] }
      # the guest network
      - { name: No guests, action: deny, from: 10.20.192.0/20, to: cm01, tcp: 443 }
`),
    },
  ],
  good: [
    {
      title: 'The exception first',
      text: site(`      - { name: No guests, action: deny, from: 10.20.192.0/20, to: cm01, tcp: 443 }
      - { name: Clients, action: allow, from: branch, to: hq, tcp: [443, 10123] }
`),
    },
  ],
  *check(context) {
    const firewalls = [...context.topology.firewalls.values()];
    yield* oncePerPlace(firewalls.flatMap((firewall) => [...checkFirewall(firewall, context)]));
  },
};
