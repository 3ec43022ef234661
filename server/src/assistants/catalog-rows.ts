// The tables of a port catalog as rows of one form, each with its ends and the section that it is from.
import {
  type Condition,
  type Connection,
  catalogOf,
  type Direction,
  type Edition,
  type PortRow,
  partiesOfConnection,
  roleName,
  sourceUrl,
} from '../catalog/index.ts';
import { groupBy } from '../collections.ts';
import { listed } from '../rules/words.ts';

/** Rows of one connection or table, from one end to the other. */
export interface CatalogRow {
  /** `management-point.sql-server`, `deployment.client-push`, or the name of a table. */
  readonly id: string;
  /** Role or party; undefined where the table has none. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** `Management point -> SQL Server`; what the table is about where it has no ends. */
  readonly title: string;
  readonly direction: Direction;
  readonly ports: readonly PortRow[];
  readonly icmp: boolean;
  readonly document: string;
  readonly anchor: string;
  readonly url: string;
}

/** Every row of an edition: the list, what other documents add to it, and the tables about clients and Windows. */
export function catalogRows(edition: Edition): readonly CatalogRow[] {
  const catalog = catalogOf(edition);
  const at = (anchor: string, id: string) => ({
    document: catalog.documents.get(id)?.title ?? id,
    anchor,
    url: sourceUrl(edition, anchor, id),
  });
  const list = catalog.document.id;
  const clients = catalog.clientDocument?.id ?? list;
  const connection = (one: Connection): CatalogRow => {
    const { from, to } = partiesOfConnection(one);
    const { id, direction, ports, icmp, anchor, document } = one;
    const title = `${from} ${direction === 'one-way' ? '->' : '<->'} ${to}`;
    return { id, from: one.from, to: one.to, title, direction, ports, icmp, ...at(anchor, document) };
  };
  /** A table whose rows may each have ends of their own. */
  const table = (
    id: string,
    about: string,
    ports: readonly PortRow[],
    anchor: string,
    document: string,
    ends: { readonly from?: string; readonly to?: string } = {},
  ): readonly CatalogRow[] =>
    ports.map((row): CatalogRow => {
      const from = row.from ?? ends.from;
      const to = row.to ?? ends.to;
      const direction = row.direction ?? 'one-way';
      const title =
        to === undefined
          ? about
          : `${about}: ${from === undefined ? 'any machine' : roleName(from)} ${direction === 'one-way' ? '->' : '<->'} ${roleName(to)}`;
      return { id, from, to, title, direction, ports: [row], icmp: false, ...at(anchor, document) };
    });
  const { windowsServer, clientShares, discovery, loadBalancer, internetClients } = catalog;
  return merged([
    ...catalog.connections.map(connection),
    ...catalog.supplements.map(connection),
    ...catalog.deployment.flatMap(({ method, methods, ports, anchor, icmp }) => {
      const about = `Installation of clients (${listed(methods)})`;
      const rows = table(`deployment.${method}`, about, ports, anchor, clients);
      return icmp
        ? [
            ...rows,
            {
              id: `deployment.${method}`,
              from: 'site-server',
              to: 'client',
              title: `${about}: ${roleName('site-server')} -> ${roleName('client')}`,
              direction: 'one-way' as const,
              ports: [],
              icmp: true,
              ...at(anchor, clients),
            },
          ]
        : rows;
    }),
    ...(clientShares
      ? table('client-shares', 'Clients to a server share', clientShares.ports, clientShares.anchor, list, {
          from: 'client',
        })
      : []),
    ...(internetClients?.tables ?? []).flatMap(({ roles, ports }) =>
      roles.flatMap((to) =>
        table(
          'internet-clients',
          'Installation of site systems for clients on the internet',
          ports,
          internetClients?.anchor ?? '',
          list,
          { from: 'site-server', to },
        ),
      ),
    ),
    ...(discovery
      ? table(
          'discovery',
          'Discovery and publishing of site information',
          discovery.ports,
          discovery.anchor,
          list,
        )
      : []),
    ...(loadBalancer
      ? table(
          'load-balancer',
          'Site database behind an Azure load balancer',
          loadBalancer.ports,
          loadBalancer.anchor,
          list,
        )
      : []),
    ...(windowsServer
      ? table('windows-server', 'Windows Server', windowsServer.ports, windowsServer.anchor, list)
      : []),
  ]);
}

/** Rows between the same ends, from the same section, as one; each of their ports once. */
function merged(rows: readonly CatalogRow[]): readonly CatalogRow[] {
  const groups = groupBy(rows, ({ id, title, anchor }) => JSON.stringify([id, title, anchor]));
  return [...groups.values()].flatMap((group): readonly CatalogRow[] => {
    const [first] = group;
    if (first === undefined) return [];
    const ports = new Map(group.flatMap((row) => row.ports).map((row) => [portRowText(row), row]));
    return [{ ...first, ports: [...ports.values()], icmp: group.some(({ icmp }) => icmp) }];
  });
}

/** When a row counts, in words; `types.ts` of the catalog says how the file tells it. */
const CONDITION_TEXT: Readonly<Record<Condition, string>> = {
  browser: 'for a named SQL Server instance that clients find by its name',
  'classic-gateway': 'for a classic cloud management gateway',
  'cloud-management-gateway': 'if there is a cloud management gateway',
  'connected-cache': 'with connectedCache',
  'endpoint-port': 'if the availability group has endpointPort',
  'gateway-content': 'if the gateway serves content',
  'no-smb-source': 'for clients without a source (CCMSetup /source:)',
  online: 'unless the service connection point is offline',
  'peer-cache': 'for clients with windows-pe-peer-cache',
  pptp: 'for sites that are connected over PPTP',
  'primary-site': 'for the site server of a primary site',
  'pxe-responder-ipv6': 'with the PXE responder without WDS and IPv6 at both ends',
  'remote-assistance': 'for clients with remote-assistance',
  'remote-control': 'for clients with remote-control',
  'sms-provider-https': 'if the SMS Provider has https (the administration service)',
  'smb-source': 'for clients with a source (CCMSetup /source:)',
  'virtual-machines-many': 'for a gateway with two or more virtual machines, one port for each',
  'virtual-machines-one': 'for a gateway with one virtual machine',
  'wake-on-lan': 'if the site has wakeOnLan',
  'wake-up-proxy': 'for clients with wake-up-proxy',
  'wsus-database': 'if the WSUS database is in SQL Server',
};

/** `Hypertext Transfer Protocol (HTTP) TCP 80 or 8530 (can be changed: httpPort; optional)`. */
export function portRowText({
  service,
  tcp,
  udp,
  choice,
  alternate,
  setting,
  phase,
  optional,
  noFlow,
  when,
}: PortRow): string {
  const ports = (protocol: string, list: readonly string[]) =>
    list.length === 0 ? [] : [`${protocol} ${list.join(choice ? ' or ' : ', ')}`];
  const notes = [
    ...(setting !== undefined ? [`can be changed: ${setting}`] : alternate ? ['can be changed'] : []),
    ...(phase === 'installation' ? ['only during installation'] : []),
    ...(optional ? ['optional'] : []),
    ...(when === undefined ? [] : [CONDITION_TEXT[when]]),
    ...(noFlow === undefined ? [] : [`in the list, but needs no open port, see ${noFlow}`]),
  ];
  const traffic = [...ports('TCP', tcp), ...ports('UDP', udp)].join(', ');
  return `${service} ${traffic}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
}

/** All that a row opens: its port rows, and ICMP echo. */
export function rowTraffic({ ports, icmp }: Pick<CatalogRow, 'ports' | 'icmp'>): string {
  return [...ports.map(portRowText), ...(icmp ? ['ICMP echo'] : [])].join('; ');
}

/** What a reader of rows for HTTP and HTTPS has to know; nothing where there are none. */
export function schemeNote(rows: readonly CatalogRow[]): readonly string[] {
  return rows.some(({ ports }) => ports.some(({ scheme }) => scheme !== undefined))
    ? [
        'Which of the rows for HTTP and HTTPS apply depends on the option protocol or ssl of the role that is contacted.',
      ]
    : [];
}
