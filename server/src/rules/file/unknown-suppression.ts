import { t } from '../../l10n.ts';
import { nearestWord } from '../../text/near.ts';
import type { Span } from '../../text/tree.ts';
import type { Fix, Report, Rule, RuleContext } from '../rule.ts';
import { DIRECTIVES } from '../suppressions.ts';
import { serverExample } from './server-example.ts';
import { removeComment, removeMention } from './suppression-fixes.ts';

const words = DIRECTIVES.map((kind) => `cmtopo-${kind}`);

function changeTo(near: string | undefined, span: Span): readonly Fix[] {
  return near === undefined
    ? []
    : [{ title: t('Change to {0}', near), safe: false, edits: [{ span, newText: near }] }];
}

export const unknownSuppression: Rule = {
  code: 'unknown-suppression',
  severity: 'warning',
  summary: 'A suppression comment names an unknown rule, or is not of a known form.',
  reason: 'A comment that names no rule silences nothing, although it looks as if it did.',
  explanation: `A comment such as \`# cmtopo-disable-next-line CODE\` silences one rule at one place. With a misspelt code, or with none, it silences nothing, although it looks as if it did.

Write the code as the finding shows it. \`cmtopo rules\` lists them all. A reason can follow after \` -- \`.`,
  source: { document: 'format', section: 'suppression-comments' },
  bad: [
    {
      title: 'A misspelt code',
      text: `configmgr: 2017-09
# cmtopo-disable-next-line wsus-port-par
name: Contoso
`,
    },
    {
      title: 'A comment without a code',
      text: `configmgr: 2017-09
name: Contoso # cmtopo-disable-line
`,
    },
  ],
  good: [
    {
      title: 'The code of a rule, and why it is silenced',
      text: serverExample(`      # cmtopo-disable-next-line wsus-port-pair -- moves to 8531 in March
      software-update-point: { httpPort: 8530, httpsPort: 8600, upstream: microsoft-update }
`),
    },
  ],
  *check({ tree, suppressions, codes }: RuleContext): Iterable<Report> {
    for (const directive of suppressions.directives) {
      const { kind, word, wordSpan, mentions, comment } = directive;
      if (!kind) {
        const near = nearestWord(word, words);
        yield {
          span: wordSpan,
          message: near
            ? t('{0} is not a comment that the checker knows: did you mean {1}?', word, near)
            : t('{0} is not a comment that the checker knows. Known are {1}.', word, words.join(', ')),
          fixes: [...changeTo(near, wordSpan), removeComment(tree, comment)],
        };
      } else if (mentions.length === 0 && kind !== 'enable') {
        yield {
          span: wordSpan,
          message: t(
            '{0} names no rule and so silences nothing. Add the code of the rule, or remove the comment.',
            word,
          ),
          fixes: [removeComment(tree, comment)],
        };
      }
      if (!kind) continue;
      for (const mention of mentions) {
        if (codes.has(mention.code)) continue;
        const near = nearestWord(mention.code, codes);
        yield {
          span: mention.span,
          message: near
            ? t(
                'There is no rule {0}, so this comment silences nothing: did you mean {1}?',
                mention.code,
                near,
              )
            : t(
                'There is no rule {0}, so this comment silences nothing. `cmtopo rules` lists the codes.',
                mention.code,
              ),
          fixes: [...changeTo(near, mention.span), removeMention(tree, mention, true)],
        };
      }
    }
  },
};
