// What leaves the file for the internet and Azure, and what only an installation needs.
import { catalogOf, sourceUrl } from '../catalog/index.ts';
import { groupBy } from '../collections.ts';
import { endpointsIn, goesOutside } from '../flows/endpoints.ts';
import { t } from '../l10n.ts';
import { connectionTable, type ReportedLeg } from './connections.ts';
import { installationPorts, installationRules } from './firewalls.ts';
import { names, type PageBlock, type PageCell, type PageSection, table, textBlock } from './page.ts';
import type { ReportSubject } from './subject.ts';

/** What has to be let out to services that are no machines of the file, and the names that are behind them. */
export function outsideSection(subject: ReportSubject, legs: readonly ReportedLeg[]): PageSection {
  const own = legs.filter(({ flow }) => goesOutside(flow));
  return {
    id: 'outside',
    title: t('Endpoints outside the file'),
    blocks:
      own.length === 0
        ? [textBlock(t('No machine of the file calls a service on the internet or in Azure.'))]
        : [...connectionTable(own), ...endpointNames(subject, own)],
  };
}

/** The names that a proxy or a firewall that knows names is asked for, with the machines that need them. */
function endpointNames(
  { topology, edition }: ReportSubject,
  legs: readonly ReportedLeg[],
): readonly PageBlock[] {
  const endpointsOf = endpointsIn(topology);
  const found = legs.flatMap(({ from, flow }) =>
    endpointsOf(flow).map((endpoint) => ({ from: from.name, ...endpoint })),
  );
  const byName = groupBy(found, ({ name, port }) => JSON.stringify([name, port]));
  const needs = [...byName.values()].map((own) => ({
    from: [...new Set(own.map(({ from }) => from))],
    purpose: [...new Set(own.map(({ purpose }) => purpose))].join('; '),
    own,
  }));
  // Names that the same machines need for the same are one row.
  const merged = groupBy(needs, ({ from, purpose, own: [first] }) =>
    JSON.stringify([from, purpose, first?.port, first?.document, first?.section]),
  );
  const rows = [...merged.values()].flatMap((group): readonly (readonly PageCell[])[] => {
    const first = group[0];
    const endpoint = first?.own[0];
    if (first === undefined || endpoint === undefined) return [];
    const { port, document, section } = endpoint;
    const title = catalogOf(edition).documents.get(document)?.title ?? document;
    return [
      [
        names(first.from),
        names(group.flatMap(({ own: [one] }) => one?.name ?? [])),
        port,
        first.purpose,
        { text: title, url: sourceUrl(edition, section, document) },
      ],
    ];
  });
  const connections = groupBy(legs, ({ from, flow }) => `${from.name} (${flow.connection})`);
  const unnamed = [...connections].flatMap(([words, own]) =>
    own.every(({ flow }) => endpointsOf(flow).length === 0) ? [words] : [],
  );
  return [
    ...(rows.length === 0
      ? []
      : [textBlock(t('Their host names, for a proxy or a firewall that accepts names:'))]),
    ...table([t('From'), t('Names'), t('Port'), t('What for'), t('Document')], rows),
    ...(unnamed.length === 0
      ? []
      : [
          textBlock(
            t(
              'The list is not complete: the documents have no names for connections of {0}.',
              unnamed.join(', '),
            ),
          ),
        ]),
  ];
}

/** What can be closed once everything is installed. */
export function installationSection(subject: ReportSubject, legs: readonly ReportedLeg[]): PageSection {
  const rules = installationRules(subject);
  const ports = installationPorts(subject);
  const reach = subject.analysis.reach();
  const crossing = legs.filter(
    ({ flow, from, to }) => flow.phase === 'installation' && reach.crossed(from, to).length > 0,
  );
  const none = crossing.length === 0 && rules.length === 0;
  const blocks: readonly PageBlock[] = none
    ? [textBlock(t('No connection that only an installation needs crosses a firewall.'))]
    : [
        textBlock(
          t(
            'What follows is needed while a site, a site system or a client is installed, and can be closed after it.',
          ),
        ),
        ...(rules.length === 0 ? [] : [textBlock({ strong: t('Rules for installation only') })]),
        ...table([t('Firewall'), t('Rule'), t('From'), t('To'), t('Ports'), t('What for')], rules),
        ...(ports.length === 0
          ? []
          : [textBlock({ strong: t('Ports for installation only, in rules that are also for operation') })]),
        ...table([t('Firewall'), t('Rule'), t('Ports'), t('What for')], ports),
        ...(crossing.length === 0
          ? []
          : [textBlock({ strong: t('Connections through firewalls during installation') })]),
        ...connectionTable(crossing),
      ];
  return { id: 'installation', title: t('Installation only'), blocks };
}
