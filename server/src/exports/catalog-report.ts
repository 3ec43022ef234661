// The port catalog and the comparison of two editions as tables of text, for the terminal and for Markdown.
import {
  type Comparison,
  type Connection,
  catalogOf,
  type Edition,
  type EditionCatalog,
  type PortRow,
  partiesOfConnection,
  type RowChange,
  roleName,
  sourceUrl,
} from '../catalog/index.ts';
import { counted } from '../text/count.ts';

/** A cell; with the address of the section that it stands for, where it has one. */
export interface CatalogCell {
  readonly text: string;
  readonly link?: string;
}

export interface ReportTable {
  readonly title: string;
  /** So many columns at the start say which entry a row belongs to; several rows in turn share them. */
  readonly heads: number;
  readonly header: readonly string[];
  readonly rows: readonly (readonly CatalogCell[])[];
}

/** Terms with a sentence or two each, too long for columns. */
export interface ReportList {
  readonly title: string;
  readonly items: readonly { readonly term: string; readonly text: string }[];
}

export interface TableReport {
  readonly title: string;
  /** Plain sentences under the title. */
  readonly lines: readonly string[];
  readonly tables: readonly ReportTable[];
  readonly lists: readonly ReportList[];
}

const ARROW = { 'one-way': '-->', 'two-way': '<-->' } as const;
const ROW_HEADER = ['Service', 'UDP', 'TCP', 'Other port', 'When'];

/** `80 or 8530` for a choice, `67, 68` for several, nothing for none. */
function portText(ports: readonly string[], choice: boolean): string {
  return ports.join(choice ? ' or ' : ', ');
}

/** `yes` where another port can be configured, with the key of the topology file that holds it. */
function otherPort({ alternate, setting }: PortRow): string {
  if (setting !== undefined) return setting;
  return alternate ? 'yes' : '';
}

/** When a row counts: `installation`, `optional`; `no flow` with the erratum that says why. */
function whenText({ phase, optional, noFlow }: PortRow): string {
  if (noFlow !== undefined) return `no flow (${noFlow})`;
  if (optional) return 'optional';
  return phase === 'installation' ? phase : '';
}

function rowCells(row: PortRow): readonly CatalogCell[] {
  return [
    row.service,
    portText(row.udp, row.choice),
    portText(row.tcp, row.choice),
    otherPort(row),
    whenText(row),
  ].map((text) => ({ text }));
}

function sectionCell(edition: Edition, anchor: string, document?: string): CatalogCell {
  return { text: anchor, link: sourceUrl(edition, anchor, document) };
}

const PING: readonly CatalogCell[] = ['ICMP echo', '', '', '', ''].map((text) => ({ text }));

/** `Management point --> SQL Server`. */
function directionText(connection: Connection): string {
  const { from, to } = partiesOfConnection(connection);
  return `${from} ${ARROW[connection.direction]} ${to}`;
}

function notesOf({ notes, clientNotes }: EditionCatalog): ReportList['items'] {
  return [
    ...[...notes].map(([number, text]) => ({ term: `Note ${number}`, text })),
    ...[...clientNotes].map(([number, text]) => ({ term: `Client deployment, note ${number}`, text })),
  ];
}

/** The whole catalog of an edition. Tables that the edition does not have are left out. */
export function catalogReport(catalog: EditionCatalog): TableReport {
  const { edition, document, clientDocument, connections } = catalog;
  const tables: ReportTable[] = [
    {
      title: 'Connections',
      heads: 2,
      header: ['Connection', 'From, to', ...ROW_HEADER, 'Section'],
      rows: connections.flatMap((connection) => {
        const head = [{ text: connection.id }, { text: directionText(connection) }];
        const rows = [...connection.ports.map(rowCells), ...(connection.icmp ? [PING] : [])];
        return rows.map((row) => [...head, ...row, sectionCell(edition, connection.anchor)]);
      }),
    },
  ];
  const add = (title: string, heads: number, header: readonly string[], rows: ReportTable['rows']) => {
    if (rows.length > 0) tables.push({ title, heads, header, rows });
  };
  add(
    'Supplements: what other documents ask for',
    2,
    ['Connection', 'From, to', ...ROW_HEADER, 'Document', 'Section'],
    catalog.supplements.flatMap((supplement) => {
      const { id, document: source, anchor, ports } = supplement;
      const head = [{ text: id }, { text: directionText(supplement) }];
      const { title = source } = catalog.documents.get(source) ?? {};
      const cells = [{ text: title }, sectionCell(edition, anchor, source)];
      return ports.map((row) => [...head, ...rowCells(row), ...cells]);
    }),
  );
  add(
    'Names on the internet',
    1,
    ['Purpose', 'Name', 'Port', 'Connection', 'Document', 'Section'],
    catalog.endpoints.map(({ purpose, name, port, connections, parties, document: source, section }) => [
      { text: purpose },
      { text: name },
      { text: String(port ?? '') },
      { text: [...connections, ...parties].join(', ') },
      { text: catalog.documents.get(source)?.title ?? source },
      sectionCell(edition, section, source),
    ]),
  );
  add(
    'Client deployment',
    1,
    ['Method', 'From', 'To', ...ROW_HEADER.slice(0, 4), 'Section'],
    catalog.deployment.flatMap(({ methods, anchor, icmp, ports }) => {
      const rows = ports.map((row) => [
        { text: roleName(row.from ?? '') },
        { text: roleName(row.to ?? '') },
        ...rowCells(row).slice(0, 4),
      ]);
      const ping = [{ text: roleName('site-server') }, { text: roleName('client') }, ...PING.slice(0, 4)];
      return [...rows, ...(icmp ? [ping] : [])].map((row) => [
        { text: methods.join(', ') },
        ...row,
        sectionCell(edition, anchor),
      ]);
    }),
  );
  add(
    'Windows Firewall on clients',
    0,
    ['Feature', 'Inbound', 'Outbound', 'ICMP echo', 'Section'],
    catalog.clientFeatures.map(({ feature, inbound, outbound, icmp, anchor }) => [
      { text: feature },
      { text: inbound.join(', ') },
      { text: outbound.join(', ') },
      { text: icmp ? 'yes' : '' },
      sectionCell(edition, anchor),
    ]),
  );
  for (const [title, table] of [
    ['Client to server shares', catalog.clientShares],
    ['Windows Server', catalog.windowsServer],
    ['Discovery and publishing', catalog.discovery],
    ['Site database behind an Azure load balancer', catalog.loadBalancer],
  ] as const) {
    if (table === undefined) continue;
    add(
      title,
      0,
      [...ROW_HEADER.slice(0, 4), 'Section'],
      table.ports.map((row) => [...rowCells(row).slice(0, 4), sectionCell(edition, table.anchor)]),
    );
  }
  const { internetClients } = catalog;
  if (internetClients !== undefined) {
    add(
      'Installation of site systems for clients on the internet',
      0,
      ['From', '', 'To', 'Service', 'UDP', 'TCP', 'Section'],
      internetClients.tables.flatMap(({ roles, ports }) =>
        ports.map((row) => [
          { text: roleName('site-server') },
          { text: ARROW[row.direction ?? 'one-way'] },
          { text: roles.map((role) => roleName(role)).join(', ') },
          ...rowCells(row).slice(0, 3),
          sectionCell(edition, internetClients.anchor),
        ]),
      ),
    );
  }
  return {
    title: `Port catalog, edition ${edition}`,
    lines: [
      `${counted(connections.length, 'connection')} from '${document.title}' (${document.date}).`,
      ...(clientDocument === undefined
        ? []
        : [`Clients from '${clientDocument.title}' (${clientDocument.date}).`]),
      "'Other port': it can be configured, under that key of the topology file.",
    ],
    tables,
    lists: [
      { title: 'Notes', items: notesOf(catalog) },
      {
        title: 'Errata',
        items: catalog.errata.map(({ id, disagreement, followed }) => ({
          term: id,
          text: `${disagreement} Followed: ${followed}`,
        })),
      },
    ],
  };
}

function protocolsText({ udp, tcp, choice, alternate }: PortRow): string {
  const parts = [
    ...(udp.length > 0 ? [`UDP ${portText(udp, choice)}`] : []),
    ...(tcp.length > 0 ? [`TCP ${portText(tcp, choice)}`] : []),
  ];
  return `${parts.join(', ')}${alternate ? ' (configurable)' : ''}`;
}

/** The ends of a row in a deployment table, so that two rows of one service can be told apart. */
function rowName({ service, from, to, phase }: PortRow): string {
  if (from !== undefined && to !== undefined) return `${service}, ${roleName(from)} to ${roleName(to)}`;
  return phase === 'installation' ? `${service} (installation)` : service;
}

function changeCells(changes: readonly RowChange[]): readonly (readonly CatalogCell[])[] {
  return changes.map(({ change, before, after }) => {
    const row = after ?? before;
    return [
      { text: change },
      { text: row === undefined ? '' : rowName(row) },
      { text: before === undefined ? '' : protocolsText(before) },
      { text: after === undefined ? '' : protocolsText(after) },
    ];
  });
}

function icmpCells(before: boolean, after: boolean): readonly (readonly CatalogCell[])[] {
  if (before === after) return [];
  return [['changed', 'ICMP echo', before ? 'needed' : '', after ? 'needed' : ''].map((text) => ({ text }))];
}

/** What changes from one edition to another. */
export function comparisonReport(comparison: Comparison): TableReport {
  const { from, to, added, removed, changed } = comparison;
  const tables: ReportTable[] = [];
  const add = (title: string, heads: number, header: readonly string[], rows: ReportTable['rows']) => {
    if (rows.length > 0) tables.push({ title, heads, header, rows });
  };
  const whole = (edition: Edition, connections: Comparison['added']) =>
    connections.flatMap((connection) =>
      connection.ports.map((row) => [
        { text: connection.id },
        { text: directionText(connection) },
        { text: rowName(row) },
        { text: protocolsText(row) },
        sectionCell(edition, connection.anchor),
      ]),
    );
  const header = ['Connection', 'From, to', 'What', 'Ports', 'Section'];
  add(`Only in ${to}`, 2, header, whole(to, added));
  add(`Only in ${from}`, 2, header, whole(from, removed));
  add(
    'Changed',
    1,
    ['Connection', 'Change', 'What', from, to, 'Section'],
    changed.flatMap(({ id, before, after, direction, rows }) =>
      [
        ...(direction
          ? [
              ['changed', 'direction', ARROW[before.direction], ARROW[after.direction]].map((text) => ({
                text,
              })),
            ]
          : []),
        ...icmpCells(before.icmp, after.icmp),
        ...changeCells(rows),
      ].map((cells) => [{ text: id }, ...cells, sectionCell(to, after.anchor)]),
    ),
  );
  const pings = (edition: Edition) =>
    new Set(
      catalogOf(edition)
        .deployment.filter(({ icmp }) => icmp)
        .map(({ method }) => `deployment.${method}`),
    );
  add(
    'Other tables',
    1,
    ['Table', 'Change', 'What', from, to],
    comparison.tables.flatMap(({ table, icmp, rows }) =>
      [...(icmp ? icmpCells(pings(from).has(table), pings(to).has(table)) : []), ...changeCells(rows)].map(
        (cells) => [{ text: table }, ...cells],
      ),
    ),
  );
  const same = tables.length === 0;
  return {
    title: `Port catalog, from edition ${from} to ${to}`,
    lines: [
      same
        ? 'Nothing changes.'
        : `${counted(added.length, 'connection')} added, ${removed.length} removed, ${changed.length} changed.`,
    ],
    tables,
    lists: [],
  };
}
