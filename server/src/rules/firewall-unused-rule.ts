import { t } from '../l10n.ts';
import { NO_PORTS, portSet } from '../reach/ports.ts';
import type { Verdict } from '../reach/reach.ts';
import type { FirewallRule } from '../topology/model.ts';
import { hidesFlows } from './amiss.ts';
import { isWhole } from './blocked.ts';
import { capital, removeRule, ruleName } from './firewall-fixes.ts';
import { exposuresIn } from './firewall-internet-exposure.ts';
import { shadowedRules } from './firewall-shadowed-rule.ts';
import { oncePerPlace } from './places.ts';
import type { Report, Rule, RuleContext } from './rule.ts';
import { isTftp, replyPortsOf } from './tftp-reply-ports.ts';
import { partsOf, usesWakeUpProxy } from './wake-up-proxy-icmp.ts';

/** The rules that let something through that the hierarchy needs; undefined where that cannot all be told. */
function usedRules(context: RuleContext): ReadonlySet<FirewallRule> | undefined {
  const used = new Set<FirewallRule>();
  const reach = context.reach();
  const add = (verdict: Verdict) => {
    if (verdict.kind !== 'unchecked') for (const { rule } of verdict.by) used.add(rule);
  };
  for (const flow of context.flows()) {
    // Ports that nobody knows yet may be those of any rule; traffic that passes no firewall needs none.
    if (reach.between(flow.from, flow.to)?.length === 0) continue;
    if (flow.ports.includes('dynamic')) return undefined;
    const verdict = reach.verdict(flow);
    // A machine without a zone may be behind any firewall; what is outside the file stands behind none.
    if (verdict.kind === 'unchecked' && flow.from.kind !== 'cloud' && flow.to.kind !== 'cloud')
      return undefined;
    add(verdict);
    if (isTftp(flow)) {
      const ports = portSet([replyPortsOf(flow, context.topology)]);
      add(reach.judge({ from: flow.from, to: flow.to, protocol: 'udp', ports }));
      add(reach.judge({ from: flow.to, to: flow.from, protocol: 'udp', ports }));
    }
  }
  for (const group of context.topology.clients.values()) {
    if (!usesWakeUpProxy(group)) continue;
    const parts = partsOf(group, context.topology);
    for (const from of parts)
      for (const to of parts)
        if (from !== to) add(reach.judge({ from, to, protocol: 'icmp', ports: NO_PORTS }));
  }
  return used;
}

function* unusedRules(context: RuleContext): Iterable<Report> {
  const { topology, tree } = context;
  const used = usedRules(context);
  if (!used) return;
  const exposures = exposuresIn(context);
  for (const firewall of topology.firewalls.values()) {
    if (!context.reach().isKnown(firewall)) continue;
    const shadowed = shadowedRules(firewall, context);
    for (const rule of firewall.rules) {
      if (rule.action?.value !== 'allow' || used.has(rule) || shadowed.has(rule)) continue;
      // What is open to the internet is reported as that.
      if (exposures.has(rule)) continue;
      yield {
        span: rule.span,
        message: t(
          '{0} of firewall {1} lets through what no connection of this hierarchy needs: remove it',
          capital(ruleName(rule, firewall)),
          firewall.name,
        ),
        unnecessary: true,
        fixes: [{ title: t('Remove the rule'), safe: false, edits: removeRule(tree, firewall, rule) }],
      };
    }
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
  desktops: { site: PS1, zone: branch }
firewalls:
  line:
    zones: [hq, branch]
    rules:
      - { action: allow, from: branch, to: cm01, tcp: [443, 10123] }
${rules}`;

export const firewallUnusedRule: Rule = {
  code: 'firewall-unused-rule',
  area: 'firewalls',
  severity: 'warning',
  summary: 'An allow rule that no connection of the hierarchy needs.',
  reason: 'What nobody needs is open for whoever comes by.',
  explanation: `Every connection that the hierarchy needs is followed through the firewalls. An allow rule that lets none of them through is left from a role that has gone, or written for the wrong direction: the reply to an allowed connection needs no rule of its own.

Remove it. Where it serves something else than Configuration Manager, leave it out of the file or silence the rule there.`,
  source: { document: 'format', section: 'firewallsname' },
  bad: [
    {
      title: 'A rule for the replies',
      text: site('      - { name: Replies, action: allow, from: cm01, to: branch, tcp: [443, 10123] } # ?\n'),
    },
  ],
  good: [{ title: 'Only what is needed', text: site('') }],
  check: (context) =>
    context.topology.firewalls.size > 0 && isWhole(context) && !hidesFlows(context)
      ? oncePerPlace(unusedRules(context))
      : [],
};
