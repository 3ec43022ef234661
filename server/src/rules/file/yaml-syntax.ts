import { t } from '../../l10n.ts';
import { isDamaged } from '../../text/values.ts';
import type { Rule } from '../rule.ts';

export const yamlSyntax: Rule = {
  code: 'yaml-syntax',
  severity: 'error',
  summary: 'The text is not YAML at this place.',
  reason: 'What cannot be read is not checked, so a mistake inside it stays unseen.',
  explanation: `A bracket or quote that is not closed, a tab in the indentation, a colon that is missing, an alias without its anchor: the text cannot be read here. The damaged place is left out and the rest of the file is checked as if it were not there; rules stay silent about what may have been in it.`,
  source: { document: 'format', section: 'values' },
  bad: [
    {
      title: 'A quote that is not closed',
      text: `configmgr: 2017-09
name: "Contoso
description: Head office
`,
    },
    {
      title: 'An alias without an anchor',
      text: `configmgr: 2017-09
name: *company
`,
    },
  ],
  good: [
    {
      title: 'An anchor and its alias',
      text: 'configmgr: 2017-09\nname: &company Contoso\ndescription: *company\n',
    },
  ],
  *check({ tree }) {
    for (const { at, reason } of tree.damage) {
      yield { span: at, message: reason };
    }
    for (const alias of tree.unknownAliases) {
      if (isDamaged(tree, alias.span)) continue;
      yield {
        span: alias.span,
        message: t(
          "There is no anchor '&{0}' before this alias; set the anchor at the value that it should repeat",
          alias.name,
        ),
      };
    }
  },
};
