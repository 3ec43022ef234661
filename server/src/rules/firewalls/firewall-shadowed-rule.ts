import { t } from '../../l10n.ts';
import type { Firewall } from '../../topology/model.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { capital, listed } from '../words.ts';
import { branchExample } from './branch-example.ts';
import { removeRule, ruleName } from './firewall-fixes.ts';
import { shadowedRules } from './shadowed-firewall-rules.ts';

function* checkFirewall(firewall: Firewall, context: RuleContext): Iterable<Report> {
  for (const [rule, shadows] of shadowedRules(firewall, context)) {
    const names = shadows.map((other) => ruleName(other, firewall));
    yield {
      span: rule.span,
      message: t(
        names.length === 1
          ? '{0} of firewall {1} has no effect: {2} above matches everything that it matches: remove it, or move it up'
          : '{0} of firewall {1} has no effect: {2} above match everything that it matches: remove it, or move it up',
        capital(ruleName(rule, firewall)),
        firewall.name,
        listed(names),
      ),
      related: shadows.map((other) => ({ message: capital(ruleName(other, firewall)), span: other.span })),
      unnecessary: true,
      fixes: () => [
        { title: t('Remove the rule'), safe: false, edits: removeRule(context.tree, firewall, rule) },
      ],
    };
  }
}

const site = (rules: string) => branchExample(rules, { clients: ', networks: [10.20.64.0/20]' });

export const firewallShadowedRule: Rule = {
  code: 'firewall-shadowed-rule',
  severity: 'warning',
  summary: 'A firewall rule that has no effect, because earlier rules match everything that it matches.',
  reason: 'The first rule that matches decides, so this one has no effect whatever it says.',
  explanation: `Rules are tried from the top, and the first one that matches decides. A rule below others that match the same machines and ports is never reached: an allow rule below a deny rule lets nothing through, a deny rule below an allow rule blocks nothing.

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
    yield* firewalls.flatMap((firewall) => [...checkFirewall(firewall, context)]);
  },
};
