import { CURRENT_BRANCH, EDITION_WORDS, EDITIONS, NEWEST_VERSION } from '../../catalog/editions.ts';
import { t } from '../../l10n.ts';
import { nearWords } from '../../text/near.ts';
import type { Rule } from '../rule.ts';
import { listed } from '../words.ts';

export const unknownEdition: Rule = {
  code: 'unknown-edition',
  severity: 'error',
  summary: 'The file names neither an edition of the port catalog nor a version of Configuration Manager.',
  reason:
    'The edition decides which port list applies; without a known one there are no connections to check.',
  explanation: `\`configmgr\` decides against which port documentation the hierarchy is checked. Without a known edition there are no connections, so nothing beyond the format itself is checked.

\`current-branch\` stands for the newest edition. A file whose meaning should not change names the edition itself, or the version of the site: each version of current branch has the list of its time. Versions that were never released, such as 1709, are unknown.`,
  source: { document: 'format', section: 'top-level' },
  bad: [{ title: 'A year is no edition', text: 'configmgr: 2017\nname: Contoso\n' }],
  good: [
    { title: 'An edition', text: 'configmgr: 2017-09\nname: Contoso\n' },
    { title: 'The version of the site', text: 'configmgr: 2403\nname: Contoso\n' },
    { title: 'The newest one', text: 'configmgr: current-branch\nname: Contoso\n' },
  ],
  *check({ topology }) {
    const { editionWritten, edition } = topology;
    if (editionWritten === undefined || edition !== undefined) return;
    const { value, span } = editionWritten;
    const near = new Set(nearWords(value, EDITIONS));
    const newestFirst = [...EDITIONS].reverse();
    const sorted = [
      CURRENT_BRANCH,
      NEWEST_VERSION,
      ...newestFirst.filter((edition) => near.has(edition) && edition !== '2007'),
      ...newestFirst.filter((edition) => !near.has(edition) || edition === '2007'),
    ];
    yield {
      span,
      message: t(
        "'{0}' is neither an edition of the port catalog nor a version of Configuration Manager: write a version such as {1}, or {2}",
        value,
        NEWEST_VERSION,
        listed(EDITION_WORDS, 'or'),
      ),
      fixes: sorted.map((name) => ({
        title: t('Use {0}', name),
        safe: false,
        edits: [{ span, newText: name }],
      })),
    };
  },
};
