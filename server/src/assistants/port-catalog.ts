// The port catalog: what the documented port lists say, and what changes from one to another.
import {
  catalogOf,
  compareEditions,
  DYNAMIC_RANGES,
  EDITIONS,
  type Edition,
  editionInfo,
  NEWEST_VERSION,
  rangeText,
} from '../catalog/index.ts';
import { HIGHEST_PORT, LOWEST_PORT } from '../catalog/numbers.ts';
import { groupBy } from '../collections.ts';
import { comparisonReport } from '../exports/catalog-report.ts';
import { marked } from '../l10n.ts';
import { counted } from '../text/count.ts';
import { type CatalogRow, catalogRows, portRowText, rowTraffic, schemeNote } from './catalog-rows.ts';
import { type Documents, documentsOf } from './documents.ts';
import { editionMeant, editionNamed, usesPort } from './subject.ts';
import { EDITION, LIMIT, limited, tool } from './tool.ts';

type Row = () => readonly string[];

export const portCatalog = tool({
  name: 'cmtopo_port_catalog',
  reference: 'topologyCatalog',
  title: marked('Port catalog'),
  about: marked('Searches the documented port lists of Configuration Manager, or compares two of them.'),
  description:
    'Searches the documented port lists of Configuration Manager (SCCM/MECM): which connections use a port, what the documents say about a service, a pair of roles or a name on the internet, and what changes from one version to another. Each row has the section of the documentation. Without port, search and compare_with, it lists the available editions. Needs no topology file. Use it for "what is port 10123 for?", "which addresses does the service connection point need?", "what changed between 2017-09 and now?". For all connections of one role use cmtopo_role_requirements.',
  parameters: {
    port: {
      type: 'integer',
      description: 'Rows that use this port.',
      minimum: LOWEST_PORT,
      maximum: HIGHEST_PORT,
    },
    search: {
      type: 'string',
      description:
        'Words that a row must contain, in any order: names of roles, services, sections or hosts, such as "management point sql" or "manage.microsoft.com".',
    },
    edition: EDITION,
    compare_with: {
      type: 'string',
      description: 'An older edition or version: the answer lists the changes from it to edition.',
    },
    limit: LIMIT,
  },
  example: { question: 'What is port 10123 for?', input: { port: 10123 } },
  answer({ port, search, edition, compare_with: older, limit }) {
    const list = editionMeant(edition, undefined);
    const words = (search ?? '')
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const documents = documentsOf();
    const how = 'Ask again with a higher limit or more words.';
    if (older !== undefined) {
      const rows = comparisonRows(editionNamed(older), list).filter((row) => has(row, words));
      return [
        `What changes from the port list ${editionNamed(older)} to ${list}: ${rows.length === 0 ? 'nothing' : counted(rows.length, 'row')}`,
        ...limited(
          rows.map((row) => () => [row]),
          limit,
          how,
        ),
      ];
    }
    if (port === undefined && words.length === 0) return overview(list);
    const rows = catalogRows(list).flatMap((row) => narrowed(row, port, words));
    const fitting = [
      ...rows.map((row) => connectionRow(row, documents)),
      ...featureRows(list, port, words, documents),
      ...(port === undefined ? endpointRows(list, words, documents) : []),
      ...erratumRows(list, ({ id, text }) =>
        port === undefined
          ? has(text, words)
          : rows.some(({ ports }) => ports.some(({ noFlow }) => noFlow === id)),
      ),
    ];
    return [
      `Port list ${list}: ${fitting.length === 0 ? 'no row matches.' : `${counted(fitting.length, 'row')}:`}`,
      ...limited(fitting, limit, how),
      ...schemeNote(rows),
      ...documents.lines(),
      ...(port !== undefined && isDynamic(port) ? [DYNAMIC_NOTE] : []),
    ];
  },
});

/** Whether a port may be one of the dynamic RPC ports of a machine that does not set them. */
function isDynamic(port: number): boolean {
  return [DYNAMIC_RANGES.older, DYNAMIC_RANGES.newer].some(({ low, high }) => low <= port && port <= high);
}

const DYNAMIC_NOTE = `Rows with 'dynamic' use it too if it is one of the dynamic RPC ports of the target: ${rangeText(DYNAMIC_RANGES.newer)} since Windows Server 2008 and Windows Vista, ${rangeText(DYNAMIC_RANGES.older)} before, or the range that is set on the machine. Search for dynamic.`;

function has(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
}

/** A row with those of its ports that are asked for; nothing where there are none. */
function narrowed(
  row: CatalogRow,
  port: number | undefined,
  words: readonly string[],
): readonly CatalogRow[] {
  const { id, title, document, anchor, from = '', to = '' } = row;
  const about = `${title} ${id} ${from} ${to} ${document} ${anchor}`;
  const fits = (text: string) => has(`${about} ${text}`, words);
  const ports = row.ports.filter(
    (one) => (port === undefined || usesPort([...one.tcp, ...one.udp], port)) && fits(portRowText(one)),
  );
  const icmp = row.icmp && port === undefined && fits('ICMP echo');
  return ports.length > 0 || icmp ? [{ ...row, ports, icmp }] : [];
}

function connectionRow(row: CatalogRow, documents: Documents): Row {
  const { id, title, document, anchor, url } = row;
  return () => [`- ${title}: ${rowTraffic(row)} [${id}; ${documents.mark(document, url, anchor)}]`];
}

/** Windows Firewall on clients. */
function featureRows(
  edition: Edition,
  port: number | undefined,
  words: readonly string[],
  documents: Documents,
): readonly Row[] {
  const { clientFeatures, clientDocument } = catalogOf(edition);
  return clientFeatures.flatMap(({ feature, inbound, outbound, icmp, anchor }): readonly Row[] => {
    const entries = [...inbound, ...outbound];
    if (
      port !== undefined &&
      !usesPort(
        entries.map((entry) => entry.replace(/^\w+\//, '')),
        port,
      )
    )
      return [];
    const parts = [
      ...(inbound.length === 0 ? [] : [`inbound ${inbound.join(', ')}`]),
      ...(outbound.length === 0 ? [] : [`outbound ${outbound.join(', ')}`]),
      ...(icmp ? ['ICMP echo between clients'] : []),
    ];
    const text = `- Windows Firewall on clients, feature ${feature}: ${parts.join('; ')}`;
    if (!has(text, words)) return [];
    const { title = '', url = '' } = clientDocument ?? {};
    return [() => [`${text} [${documents.mark(title, `${url}#${anchor}`, anchor)}]`]];
  });
}

/** Names on the internet, those that are for one thing together. */
function endpointRows(edition: Edition, words: readonly string[], documents: Documents): readonly Row[] {
  const { endpoints, documents: known } = catalogOf(edition);
  const groups = groupBy(endpoints, ({ purpose, document, section, connections, parties }) =>
    JSON.stringify([purpose, document, section, connections, parties]),
  );
  return [...groups.values()].flatMap((group): readonly Row[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { purpose, connections, parties, document, section } = first;
    const { title = document, url = '' } = known.get(document) ?? {};
    const about = `${purpose} ${[...connections, ...parties].join(' ')} ${section}`;
    const fitting = group.filter(({ name }) =>
      has(`${name} ${about} ${about.replaceAll(/[-.]/g, ' ')}`, words),
    );
    if (fitting.length === 0) return [];
    const names = fitting.map(({ name, port, cloud }) => {
      const notes = [
        ...(port === undefined ? [] : [`port ${port}`]),
        ...(cloud === undefined ? [] : [cloud]),
      ];
      return notes.length === 0 ? name : `${name} (${notes.join(', ')})`;
    });
    return [
      () => [
        `- Names on the internet, ${purpose}: ${names.join(', ')} [${[...connections, ...parties].join(', ')}; ${documents.mark(title, `${url}#${section}`, section)}]`,
      ],
    ];
  });
}

/** Where the documents disagree, of those that are wanted. */
function erratumRows(
  edition: Edition,
  isWanted: (erratum: { readonly id: string; readonly text: string }) => boolean,
): readonly Row[] {
  return catalogOf(edition).errata.flatMap(({ id, disagreement, followed, about }): readonly Row[] => {
    const text = `- The documents disagree (${id}): ${disagreement} Followed: ${followed}`;
    return isWanted({ id, text: `${text} ${about.join(' ')}` }) ? [() => [text]] : [];
  });
}

function comparisonRows(from: Edition, to: Edition): readonly string[] {
  return comparisonReport(compareEditions(from, to)).tables.flatMap(({ title, header, rows }) =>
    rows.map((row) => {
      const cells = row.flatMap(({ text, link }, index) => {
        const shown = link === undefined ? text : `${text} ${link}`;
        return text === '' ? [] : [`${header[index]}: ${shown}`];
      });
      return `- ${title}; ${cells.join('; ')}`;
    }),
  );
}

function overview(edition: Edition): readonly string[] {
  const { connections, supplements, document } = catalogOf(edition);
  return [
    `Port list ${edition}: ${counted(connections.length, 'connection')} of '${document.title}' (${document.date}), ${supplements.length} of other documents. Use port or search to see rows.`,
    'Editions, oldest first:',
    ...EDITIONS.map((one) => {
      const { title, date, versions, versionsSince } = editionInfo(one);
      const since = versionsSince === undefined ? [] : [`${versionsSince} to ${NEWEST_VERSION} and later`];
      const named = [...versions, ...since];
      return `- ${one}: ${title}, ${date}${named.length === 0 ? '' : `, for versions ${named.join(', ')}`}`;
    }),
  ];
}
