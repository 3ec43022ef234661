import { t } from '../../l10n.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { capital } from '../words.ts';
import { branchExample } from './branch-example.ts';
import { ruleName } from './firewall-fixes.ts';

function* expiredRules({ topology, today }: RuleContext): Iterable<Report> {
  if (today === undefined) return;
  for (const firewall of topology.firewalls.values()) {
    for (const rule of firewall.rules) {
      const { expires } = rule;
      // Dates written like this sort as text.
      if (!expires || expires.value >= today) continue;
      yield {
        span: expires.span,
        message: t(
          '{0} of firewall {1} was valid until {2} and is still there: remove it, or set a later date',
          capital(ruleName(rule, firewall)),
          firewall.name,
          expires.value,
        ),
      };
    }
  }
}

const site = (expires: string) =>
  branchExample(
    `      - { name: Pilot, action: allow, from: desktops, to: cm01, tcp: [443, 10123], expires: ${expires} }\n`,
  );

export const firewallExpiredRule: Rule = {
  code: 'firewall-expired-rule',
  severity: 'warning',
  summary: 'A firewall rule that has expired.',
  reason: 'What was opened temporarily stays open until somebody removes the rule.',
  explanation: `\`expires\` is the last day on which a rule is meant to apply; it is valid through that day. Few firewalls remove a rule by themselves, so the checker still applies it: what it allows is not reported as blocked, and what it blocks is not open.

Remove the rule, or write a later date. The rule is compared with the current date of the machine that runs the checker; \`cmtopo check --today 2026-12-31\` uses another date, and shows which rules will have expired by then.`,
  source: { document: 'format', section: 'firewallsname' },
  bad: [{ title: 'A pilot that is over', text: site('2024-06-30'), today: '2024-07-01' }],
  good: [{ title: 'The last day', text: site('2024-06-30'), today: '2024-06-30' }],
  check: (context) => expiredRules(context),
};
