import { t } from '../l10n.ts';
import { removeRule, ruleName } from './firewall-fixes.ts';
import type { Report, Rule, RuleContext } from './rule.ts';
import { writtenRules } from './rule-use.ts';
import { capital } from './words.ts';

function* unusedRules(context: RuleContext): Iterable<Report> {
  for (const { rule, firewalls, use, shadows } of writtenRules(context)) {
    if (use) continue;
    const [firewall] = firewalls;
    yield {
      span: rule.span,
      message: t(
        '{0} of firewall {1} lets through what no connection of this hierarchy needs: remove it',
        capital(ruleName(rule, firewall)),
        firewall.name,
      ),
      unnecessary: true,
      fixes: shadows
        ? []
        : [{ title: t('Remove the rule'), safe: false, edits: removeRule(context.tree, firewall, rule) }],
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

Remove it. Where it serves something else than Configuration Manager, leave it out of the file or silence the rule there. The fix is not offered while the rule is why others below it never decide: mend those first.`,
  source: { document: 'format', section: 'firewallsname' },
  bad: [
    {
      title: 'A rule for the replies',
      text: site('      - { name: Replies, action: allow, from: cm01, to: branch, tcp: [443, 10123] } # ?\n'),
    },
  ],
  good: [{ title: 'Only what is needed', text: site('') }],
  check: unusedRules,
};
