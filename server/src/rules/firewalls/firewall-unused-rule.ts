import { memo } from '../../collections.ts';
import { t } from '../../l10n.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { capital } from '../words.ts';
import { branchExample } from './branch-example.ts';
import { foreignFix, removeRule, ruleName } from './firewall-fixes.ts';
import { type WrittenRule, writtenRules } from './firewall-rule-use.ts';

const withoutUse = memo((list: readonly WrittenRule[]) => list.filter(({ use }) => !use));

function* unusedRules(context: RuleContext): Iterable<Report> {
  for (const { rule, firewalls, shadows } of writtenRules(context).flatMap(withoutUse)) {
    const [firewall] = firewalls;
    yield {
      span: rule.span,
      message: t(
        '{0} of firewall {1}: no documented connection of this file uses it: remove it, or add configmgr: false if it is for something else',
        capital(ruleName(rule, firewall)),
        firewall.name,
      ),
      unnecessary: true,
      fixes: () => [
        ...(shadows
          ? []
          : [{ title: t('Remove the rule'), safe: false, edits: removeRule(context.tree, firewall, rule) }]),
        ...foreignFix(rule, context),
      ],
    };
  }
}

const site = (rules: string) =>
  branchExample(`      - { action: allow, from: branch, to: cm01, tcp: [443, 10123] }\n${rules}`);

export const firewallUnusedRule: Rule = {
  code: 'firewall-unused-rule',
  severity: 'warning',
  summary: 'An allow rule that no documented connection of the file uses.',
  reason: 'What no connection uses is open to anybody.',
  explanation: `Every connection that the hierarchy needs is followed through the firewalls. An allow rule that lets none of them through is left over from a role that was removed, or written for the wrong direction: the reply to an allowed connection needs no rule of its own.

Remove it. If it serves something other than Configuration Manager, write \`configmgr: false\` into it. The fix is not offered while this rule keeps others below it from having any effect: fix those first.`,
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
