import { t } from '../../l10n.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { serverExample } from './server-example.ts';
import { removeMention } from './suppression-fixes.ts';

export const unusedSuppression: Rule = {
  code: 'unused-suppression',
  severity: 'hint',
  summary: 'A suppression comment suppresses nothing.',
  reason: 'If the comment stayed, it would silence the next mistake of that kind without anybody noticing.',
  explanation: `The rule that the comment names finds nothing at that place: the mistake was corrected, or the comment is on the wrong line. If it stayed, it would silence the next mistake of that kind without anybody noticing.

A comment for a rule that the settings turn off is not reported, nor one next to something that could not be read, because it is not known what it would suppress. While the file has mistakes of its own (bad YAML, unknown keys and names), the comment is only removed when you choose so, not by \`--fix\`.`,
  source: { document: 'format', section: 'suppression-comments' },
  last: true,
  bad: [
    {
      title: 'The ports were corrected, the comment stayed',
      text: serverExample(`      # cmtopo-disable-next-line wsus-port-pair
      software-update-point: { httpPort: 8530, httpsPort: 8531, upstream: microsoft-update }
`),
    },
    {
      title: 'A region that is never entered',
      text: `configmgr: 2017-09
name: Contoso
# cmtopo-enable sql-browser
`,
    },
  ],
  good: [
    {
      title: 'A comment that silences a finding',
      text: serverExample(`        browser: true # cmtopo-disable-line sql-browser -- other databases on this server need it
`),
    },
  ],
  *check({ tree, unused, sound }: RuleContext): Iterable<Report> {
    for (const mention of unused) {
      const { kind, word } = mention.directive;
      yield {
        span: mention.span,
        message:
          kind === 'enable'
            ? t('No {0} is disabled before this {1}. Remove it.', mention.code, word)
            : t('{0} finds nothing here that this comment could silence. Remove it.', mention.code),
        unnecessary: true,
        // What cannot be read today may be what the comment is for.
        fixes: [removeMention(tree, mention, sound)],
      };
    }
  },
};
