// The documents that all of it follows.
import { catalogOf, editionText, sourceUrl } from '../catalog/index.ts';
import { getOrAdd } from '../collections.ts';
import { t } from '../l10n.ts';
import { ruleOf } from '../rules/index.ts';
import type { Finding } from '../rules/rule.ts';
import { erratumText, whyOf } from '../rules/why.ts';
import { joinedPieces, type PageCell, type PageSection, table, textBlock } from './page.ts';
import type { ReportSubject } from './subject.ts';

/** The section: documents with the sections that connections or findings come from, and where they disagree. */
export function sourcesSection(
  { analysis, topology, edition }: ReportSubject,
  findings: readonly Finding[],
): PageSection {
  const { documents, errata } = catalogOf(edition);
  const anchors = new Map<string, Map<string, string>>();
  const about = new Set<string>();
  for (const { sources, connection } of analysis.flows()) {
    about.add(connection);
    for (const source of sources)
      getOrAdd(anchors, source.document, () => new Map<string, string>()).set(
        source.anchor,
        sourceUrl(source.edition, source.anchor, source.document),
      );
  }
  const rows = [...anchors].map(([id, sections]): readonly PageCell[] => {
    const document = documents.get(id);
    return [
      document ? { text: document.title, url: document.url } : id,
      document ? { word: document.date } : '',
      joinedPieces(
        [...sections].sort(([a], [b]) => (a < b ? -1 : 1)).map(([anchor, url]) => ({ text: anchor, url })),
        ', ',
      ),
    ];
  });
  const codes = [...new Set(findings.map(({ code }) => code))];
  const reasons = codes.flatMap((code): readonly (readonly PageCell[])[] => {
    about.add(code);
    const rule = ruleOf(code);
    if (rule === undefined) return [];
    const pieces = whyOf(rule, edition).sources.map(({ text, url }) =>
      url?.startsWith('http') ? { text, url } : text,
    );
    return [[{ name: code }, joinedPieces(pieces, '; ')]];
  });
  const disputed = errata.filter((one) => one.about.some((id) => about.has(id)));
  const configmgr = topology.configmgrWritten;
  return {
    id: 'sources',
    title: t('Sources'),
    blocks: [
      textBlock(t('Ports and directions follow the port catalog {0}.', editionText(edition, configmgr))),
      ...table([t('Document'), t('Date'), t('Sections behind the connections')], rows),
      ...(reasons.length === 0 ? [] : [textBlock(t('The findings follow these documents:'))]),
      ...table([t('Rule'), t('Documents')], reasons),
      ...(disputed.length === 0
        ? []
        : [
            textBlock(t('Where these documents disagree:')),
            { kind: 'list' as const, items: disputed.map(erratumText) },
          ]),
    ],
  };
}
