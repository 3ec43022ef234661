import { t } from '../../l10n.ts';
import { nearWords } from '../../text/near.ts';
import { EDITION_WORDS } from '../../topology/format.ts';
import type { Rule } from '../rule.ts';
import { listed } from '../words.ts';

export const unknownEdition: Rule = {
  code: 'unknown-edition',
  severity: 'error',
  summary: 'The file names an edition of the port catalog that does not exist.',
  reason:
    'The edition decides which port list applies; without a known one there are no connections to check.',
  explanation: `\`configmgr\` decides against which port documentation the hierarchy is checked. Without a known edition there are no connections, so nothing beyond the format itself is checked.

\`current-branch\` stands for the newest edition. A file that should keep its meaning names the edition itself.`,
  source: { document: 'format', section: 'top-level' },
  bad: [{ title: 'A year is no edition', text: 'configmgr: 2017\nname: Contoso\n' }],
  good: [
    { title: 'An edition', text: 'configmgr: 2017-09\nname: Contoso\n' },
    { title: 'The newest one', text: 'configmgr: current-branch\nname: Contoso\n' },
  ],
  *check({ topology }) {
    const { editionWritten, edition } = topology;
    if (editionWritten === undefined || edition !== undefined) return;
    const { value, span } = editionWritten;
    const names = EDITION_WORDS.map(({ name }) => name);
    const near = new Set(nearWords(value, names));
    const sorted = [...names].sort((a, b) => Number(near.has(b)) - Number(near.has(a)));
    yield {
      span,
      message: t("There is no edition '{0}'; write {1}", value, listed(names, 'or')),
      fixes: sorted.map((name) => ({
        title: t('Use {0}', name),
        safe: false,
        edits: [{ span, newText: name }],
      })),
    };
  },
};
