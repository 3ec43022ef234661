import { t } from '../l10n.ts';
import { coverIndex, coversEnds } from '../reach/cover.ts';
import { covers, intersection, isEmpty, NO_PORTS, type PortSet, union } from '../reach/ports.ts';
import { rulePorts } from '../reach/reach.ts';
import type { Firewall, FirewallRule } from '../topology/model.ts';
import { capital, removeRule, ruleName } from './firewall-fixes.ts';
import { oncePerPlace } from './places.ts';
import type { Report, Rule, RuleContext } from './rule.ts';
import { listed } from './words.ts';

const PROTOCOLS = ['tcp', 'udp', 'icmp'] as const;

const known = new WeakMap<Firewall, ReadonlyMap<FirewallRule, readonly FirewallRule[]>>();

/** Every rule of a firewall that never decides, with the earlier ones that together match everything that it matches. */
export function shadowedRules(
  firewall: Firewall,
  context: Pick<RuleContext, 'reach' | 'topology'>,
): ReadonlyMap<FirewallRule, readonly FirewallRule[]> {
  let shadowed = known.get(firewall);
  if (!shadowed) {
    shadowed = context.reach().isKnown(firewall) ? findShadowed(firewall, context) : new Map();
    known.set(firewall, shadowed);
  }
  return shadowed;
}

function findShadowed(
  { rules }: Firewall,
  { topology }: Pick<RuleContext, 'topology'>,
): ReadonlyMap<FirewallRule, readonly FirewallRule[]> {
  const shadowed = new Map<FirewallRule, readonly FirewallRule[]>();
  const sources = coverIndex(topology);
  const targets = coverIndex(topology);
  for (const [position, rule] of rules.entries()) {
    const inTargets = new Set(targets.candidates(rule.to));
    const positions = [...new Set(sources.candidates(rule.from))].filter((other) => inTargets.has(other));
    const earlier = positions
      .sort((a, b) => a - b)
      .flatMap((other) => rules[other] ?? [])
      .filter(
        (other) =>
          coversEnds(other.from, rule.from, topology) &&
          coversEnds(other.to, rule.to, topology) &&
          PROTOCOLS.some(
            (protocol) => !isEmpty(intersection(rulePorts(other, protocol), rulePorts(rule, protocol))),
          ),
      );
    const isCovered = PROTOCOLS.every((protocol) => {
      const all = earlier.reduce<PortSet>((set, other) => union(set, rulePorts(other, protocol)), NO_PORTS);
      return covers(all, rulePorts(rule, protocol));
    });
    if (earlier.length > 0 && isCovered) shadowed.set(rule, earlier);
    sources.add(rule.from, position);
    targets.add(rule.to, position);
  }
  return shadowed;
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
