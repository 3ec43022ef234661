import { removePair } from '../../edits/map-edits.ts';
import { t } from '../../l10n.ts';
import { isDamaged } from '../../text/values.ts';
import type { Rule } from '../rule.ts';

export const duplicateKey: Rule = {
  code: 'duplicate-key',
  severity: 'error',
  summary: 'A key occurs twice in one map.',
  reason: 'Only the first of the two counts here; other programs use the last or reject the file.',
  explanation: `YAML allows a key once in a map. Here the first one counts and the later one is ignored; other programs use the last, or reject the file. Keep one of the two. If both have content, combine it by hand: the offered fix removes the whole second one.`,
  source: { document: 'format', section: 'values' },
  bad: [
    {
      title: 'A role twice',
      text: `configmgr: 2017-09
servers:
  wsus01:
    roles:
      wsus-server: { httpPort: 80, httpsPort: 443 }
      dns-server:
      wsus-server:
`,
    },
  ],
  good: [
    {
      title: 'Each key once',
      text: `configmgr: 2017-09
servers:
  wsus01:
    roles:
      wsus-server: { httpPort: 80, httpsPort: 443 }
      dns-server:
`,
    },
  ],
  *check({ tree }) {
    for (const { map, first, later } of tree.duplicateKeys) {
      // Damage between the two may have taken the line that parted them.
      if (isDamaged(tree, { start: first.key.span.start, end: later.span.end })) continue;
      const name = tree.text.slice(later.key.span.start, later.key.span.end);
      const line = tree.lines.positionAt(first.key.span.start).line + 1;
      const edit = removePair(tree, map, later);
      yield {
        span: later.key.span,
        message: t(
          "'{0}' is in this map already, on line {1}; only that one counts. Remove one of them",
          name,
          line,
        ),
        related: [{ message: t("'{0}' is here first", name), span: first.key.span }],
        fixes: edit ? [{ title: t("Remove this '{0}'", name), safe: false, edits: [edit] }] : [],
      };
    }
  },
};
