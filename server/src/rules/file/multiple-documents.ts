import { t } from '../../l10n.ts';
import { isDamaged } from '../../text/values.ts';
import type { Rule } from '../rule.ts';

export const multipleDocuments: Rule = {
  code: 'multiple-documents',
  severity: 'error',
  summary: 'The file has a second YAML document.',
  reason: 'Only the first document is read, so nothing after the second --- is checked.',
  explanation: `A topology file is one YAML document: one hierarchy. What comes after a second \`---\` is not read. Put the other hierarchy into a file of its own, or remove the line.`,
  source: { document: 'format', section: 'values' },
  bad: [
    {
      title: 'Two hierarchies in one file',
      text: `configmgr: 2017-09
name: Contoso
---
configmgr: 2017-09
name: Fabrikam
`,
    },
  ],
  good: [{ title: 'One document', text: '---\nconfigmgr: 2017-09\nname: Contoso\n' }],
  *check({ tree }) {
    for (const span of tree.extraDocuments) {
      if (isDamaged(tree, span)) continue;
      yield {
        span,
        message: t(
          'A topology file has one YAML document; what follows here is not read. Move it to a separate file',
        ),
      };
    }
  },
};
