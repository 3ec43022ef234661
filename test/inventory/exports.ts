// Exports of Configuration Manager as its commands write them, from the raw values of a topology: written plainly, and
// sharing nothing with what reads them.
import type { Options, RawDatabase, RawServer, RawTopology } from '../flows/reference.ts';

const DOMAIN = 'corp.example';

/** A property of a role: `Value` is a number, the other two are texts. */
interface Property {
  readonly PropertyName: string;
  readonly Value: number;
  readonly Value1: string;
  readonly Value2: string;
}

const number = (PropertyName: string, Value: number): Property => ({
  PropertyName,
  Value,
  Value1: '',
  Value2: '',
});
const flag = (name: string, value: unknown) => number(name, value === true ? 1 : 0);
const text = (PropertyName: string, Value2: string): Property => ({
  PropertyName,
  Value: 0,
  Value1: '',
  Value2,
});

const fullName = (name: string): string => `${name}.${DOMAIN}`;

function nalPath(name: string, site: string): string {
  return `["Display=\\\\${fullName(name)}\\"]MSWNET:["SMS_SITE=${site}"]\\\\${fullName(name)}\\`;
}

const TYPES = { secondary: 1, primary: 2, 'central-administration': 4 } as const;

const ROLE_NAMES: Readonly<Record<string, string>> = {
  'site-server': 'SMS Site Server',
  'sms-provider': 'SMS Provider',
  'sql-server': 'SMS SQL Server',
  'management-point': 'SMS Management Point',
  'distribution-point': 'SMS Distribution Point',
  'software-update-point': 'SMS Software Update Point',
  'state-migration-point': 'SMS State Migration Point',
  'fallback-status-point': 'SMS Fallback Status Point',
  'reporting-services-point': 'SMS SRS Reporting Point',
  'endpoint-protection-point': 'SMS Endpoint Protection Point',
  'service-connection-point': 'SMS Dmp Connector',
  'certificate-registration-point': 'SMS Certificate Registration Point',
  'enrollment-point': 'SMS Enrollment Server',
  'enrollment-proxy-point': 'SMS Enrollment Web Site',
  'cloud-management-gateway-connection-point': 'SMS Cloud Proxy Connector',
  'data-warehouse-service-point': 'Data Warehouse Service Point',
};

/** The roles that an export can name. */
export const EXPORTED: readonly string[] = Object.keys(ROLE_NAMES);

const isFor = (clients: unknown, kind: 'internet' | 'intranet') =>
  clients === 'both' || (clients ?? 'intranet') === kind;

function databaseName({ server = '', instance }: RawDatabase): string {
  return instance === undefined || instance === 'MSSQLSERVER'
    ? fullName(server)
    : `${fullName(server)}\\${instance}`;
}

function sslState(role: string, protocol: unknown): number {
  if (protocol === 'https') return 1;
  if (role === 'management-point') return protocol === 'http' ? 4 : 0;
  return ['distribution-point', 'state-migration-point'].includes(role) ? 0 : 2;
}

function properties(role: string, options: Options): { Props: Property[]; PropLists: object[] } {
  const { clients } = options;
  const database = options.database as RawDatabase | undefined;
  switch (role) {
    case 'management-point': {
      const replica = options.databaseReplica as RawDatabase | undefined;
      const { instance } = replica ?? {};
      return {
        Props: [
          flag('MPInternetFacing', isFor(clients, 'internet')),
          flag('MPIntranetFacing', isFor(clients, 'intranet')),
          flag('AllowProxyTraffic', options.cloudManagementGateway),
          flag('UseSiteDatabase', replica === undefined),
          text('SQLServerName', replica ? fullName(replica.server ?? '') : ''),
          text(
            'DatabaseName',
            replica
              ? `${instance === undefined || instance === 'MSSQLSERVER' ? '' : `${instance}\\`}CM_REP`
              : '',
          ),
        ],
        PropLists: [],
      };
    }
    case 'distribution-point': {
      const sources = (options.pullFrom as readonly string[] | undefined) ?? [];
      return {
        Props: [
          flag('IsINF', isFor(clients, 'internet')),
          flag('IsIntranet', isFor(clients, 'intranet')),
          flag('IsPXE', options.pxe),
          flag('IsMulticast', options.multicast),
          flag('DoincEnabled', options.connectedCache),
          flag('IsPullDP', sources.length > 0),
        ],
        PropLists: [
          {
            PropertyListName: 'SourceDistributionPoints',
            Values: sources.map((name) => nalPath(name, 'XXX')),
          },
        ],
      };
    }
    case 'software-update-point':
      return {
        Props: [
          number('WSUSIISPort', Number(options.httpPort ?? 8530)),
          number('WSUSIISSSLPort', Number(options.httpsPort ?? 8531)),
          flag('SSLWSUS', options.ssl),
          flag('IsINF', isFor(clients, 'internet')),
          flag('IsIntranet', isFor(clients, 'intranet')),
          flag('AllowProxyTraffic', options.cloudManagementGateway),
          text('DBServerName', database ? databaseName(database) : ''),
        ],
        PropLists: [],
      };
    case 'reporting-services-point': {
      const isSecure = options.protocol === 'https';
      const port = isSecure ? options.httpsPort : options.httpPort;
      return {
        Props: [
          text('DatabaseServerName', database ? databaseName(database) : ''),
          text(
            'ReportServerUri',
            `${isSecure ? 'https' : 'http'}://localhost${port === undefined ? '' : `:${String(port)}`}/ReportServer`,
          ),
        ],
        PropLists: [],
      };
    }
    case 'service-connection-point':
      return { Props: [flag('OfflineMode', options.offline)], PropLists: [] };
    default:
      return { Props: [], PropLists: [] };
  }
}

/** The rows of `Get-CMSiteRole -AllSite`: a site system is a row of its own before its roles. */
export function systemRoles(topology: RawTopology): readonly object[] {
  const rows: object[] = [];
  const add = (
    name: string,
    site: string,
    roleName: string,
    more: { Props: readonly object[]; PropLists: readonly object[]; SslState?: number },
  ) => {
    const holdsSite = topology.servers[name]?.roles['site-server'] !== undefined;
    const type = topology.sites[topology.servers[name]?.site ?? '']?.type;
    rows.push({
      NALPath: nalPath(name, site),
      NALType: 'Windows NT Server',
      NetworkOSPath: `\\\\${fullName(name)}`,
      RoleName: roleName,
      SiteCode: site,
      SslState: 2,
      Type: holdsSite && type ? TYPES[type] : 8,
      ...more,
    });
  };
  for (const [name, server] of Object.entries(topology.servers)) {
    if (server.site !== undefined) add(name, server.site, 'SMS Site System', siteSystem(server, topology));
    for (const [role, options] of Object.entries(server.roles)) {
      if (role === 'sql-server') continue;
      const roleName = ROLE_NAMES[role] ?? role;
      const SslState = sslState(role, options.protocol);
      add(name, server.site ?? '', roleName, { ...properties(role, options), SslState });
      if (role === 'distribution-point' && typeof options.multicastPorts === 'string') {
        const [low, high] = options.multicastPorts.split('-').map(Number);
        const Props = [number('StartPort', low ?? 0), number('EndPort', high ?? 0)];
        add(name, server.site ?? '', 'SMS Multicast Service Point', { Props, PropLists: [] });
      }
    }
  }
  for (const [code, { database }] of Object.entries(topology.sites)) {
    const group = topology.availabilityGroups[database?.availabilityGroup ?? ''];
    const holders = group ? group.replicas.map(({ server }) => server) : [database?.server];
    for (const name of holders)
      if (name !== undefined) add(name, code, 'SMS SQL Server', { Props: [], PropLists: [] });
  }
  return rows;
}

function siteSystem({ forest, proxy, siteServerInitiates }: RawServer, { servers }: RawTopology) {
  const proxyName = proxy && (servers[proxy.server] ? fullName(proxy.server) : proxy.server);
  return {
    Props: [
      flag('FDMOperation', siteServerInitiates),
      text('ForestFQDN', forest ?? ''),
      flag('UseProxy', proxy !== undefined),
      text('ProxyName', proxyName ?? ''),
      number('ProxyServerPort', proxy?.port ?? 80),
    ],
    PropLists: [],
  };
}

/** The rows of Get-CMSiteDefinition. */
export function siteDefinitions(topology: RawTopology): readonly Readonly<Record<string, string | number>>[] {
  return Object.entries(topology.sites).map(([code, site]) => {
    const active = Object.entries(topology.servers).find(
      ([, server]) =>
        server.site === code && server.roles['site-server'] && !server.roles['site-server'].passive,
    );
    const { database } = site;
    const group = topology.availabilityGroups[database?.availabilityGroup ?? ''];
    const server = group ? (group.listener?.name ?? '') : database?.server;
    const instance = group ? group.replicas[0]?.instance : database?.instance;
    const isNamed = instance !== undefined && instance !== 'MSSQLSERVER';
    return {
      ItemName: 'Site Definition',
      ItemType: 'Site Definition',
      Props: 'System.Object[]',
      SiteCode: code,
      SiteName: `Site ${code}`,
      SiteType: TYPES[site.type],
      ParentSiteCode: site.parent ?? '',
      SiteServerName: active ? fullName(active[0]) : '',
      SQLServerName: server === undefined || server === '' ? '' : fullName(server),
      SQLDatabaseName: server === undefined ? '' : `${isNamed ? `${instance}\\` : ''}CM_${code}`,
    };
  });
}

/** The rows of SMS_SCI_Component that matter. */
export function components(
  topology: RawTopology,
  synchronising: ReadonlyMap<string, { readonly server: string; readonly parent: string | undefined }>,
): readonly object[] {
  const ports = Object.entries(topology.sites).map(([SiteCode, { clientPorts }]) => ({
    ComponentName: 'SMS_MP_CONTROL_MANAGER',
    ItemName: 'SMS_MP_CONTROL_MANAGER|SMS Management Point',
    SiteCode,
    Props: [
      { ...text('IISPortsList', ''), Value1: (clientPorts?.http ?? [80]).join(',') },
      { ...text('IISSSLPortsList', ''), Value1: String(clientPorts?.https ?? 443) },
    ],
  }));
  const sources = [...synchronising].map(([SiteCode, { server, parent }]) => ({
    ComponentName: 'SMS_WSUS_SYNC_MANAGER',
    ItemName: 'SMS_WSUS_SYNC_MANAGER|SMS Site Server',
    SiteCode,
    Props: [
      text('DefaultWSUS', fullName(server)),
      text('ParentWSUS', parent === undefined ? '' : fullName(parent)),
    ],
  }));
  return [...ports, ...sources];
}

/** Setup's unattended file of a site. */
export function setupFile(code: string, topology: RawTopology): string {
  const site = topology.sites[code];
  const { server = '', instance } = site?.database ?? {};
  const sql = topology.servers[server]?.roles['sql-server'] as
    | {
        readonly instances?: Readonly<
          Record<string, { readonly port?: number; readonly serviceBrokerPort?: number }>
        >;
      }
    | undefined;
  const ports = sql?.instances?.[instance ?? 'MSSQLSERVER'];
  const isNamed = instance !== undefined && instance !== 'MSSQLSERVER';
  return [
    '[Identification]',
    `Action=${site?.type === 'central-administration' ? 'InstallCAS' : 'InstallPrimarySite'}`,
    '',
    '[Options]',
    'ProductID=EVAL',
    `SiteCode=${code}`,
    `SiteName=Site ${code}`,
    'SMSInstallDir=C:\\Program Files\\Microsoft Configuration Manager',
    '',
    '[SQLConfigOptions]',
    `SQLServerName=${fullName(server)}`,
    ...(ports?.port === undefined ? [] : [`SQLServerPort=${ports.port}`]),
    `DatabaseName=${isNamed ? `${instance}\\` : ''}CM_${code}`,
    `SQLSSBPort=${ports?.serviceBrokerPort ?? 4022}`,
    '',
  ].join('\r\n');
}

/** Boundary groups with their boundaries, as five exports. */
export function boundaries(
  topology: RawTopology,
  assigned: ReadonlyMap<string, string>,
  gateway: string,
): {
  readonly boundaries: readonly Readonly<Record<string, string | number>>[];
  readonly groups: readonly Readonly<Record<string, string | number>>[];
  readonly members: readonly Readonly<Record<string, string | number>>[];
  readonly systems: readonly Readonly<Record<string, string | number>>[];
  readonly relations: readonly Readonly<Record<string, string | number>>[];
} {
  const ids = new Map(Object.keys(topology.boundaryGroups).map((name, index) => [name, 16777217 + index]));
  const id = (name: string) => ids.get(name) ?? 0;
  const networks = Object.entries(topology.clients).flatMap(([name, group]) =>
    (group.networks ?? []).map((network) => ({ name, network })),
  );
  return {
    boundaries: networks.map(({ network }, index) => ({
      BoundaryID: 100 + index,
      BoundaryType: network.includes(':') ? 2 : 3,
      DisplayName: `Boundary ${index}`,
      Value: network.includes(':') ? network : rangeText(network),
    })),
    groups: Object.entries(topology.boundaryGroups).map(([name, { members }]) => ({
      GroupID: id(name),
      Name: name,
      DefaultSiteCode: assigned.get(name) ?? '',
      MemberCount: members.length,
    })),
    members: Object.entries(topology.boundaryGroups).flatMap(([name, { members }]) =>
      networks.flatMap((network, index) =>
        members.includes(network.name) ? [{ BoundaryID: 100 + index, GroupID: id(name) }] : [],
      ),
    ),
    systems: Object.entries(topology.boundaryGroups).flatMap(
      ([name, { servers, cloudManagementGateway }]) => [
        ...servers.map((server) => {
          const SiteCode = topology.servers[server]?.site ?? '';
          return { GroupID: id(name), ServerNALPath: nalPath(server, SiteCode), SiteCode };
        }),
        ...(cloudManagementGateway
          ? [
              {
                GroupID: id(name),
                ServerNALPath: `["Display=\\\\${gateway}\\"]\\\\${gateway}\\`,
                SiteCode: '',
              },
            ]
          : []),
      ],
    ),
    relations: Object.entries(topology.boundaryGroups).flatMap(([name, { fallback = [] }]) => {
      const all = ['distribution-point', 'management-point', 'software-update-point'];
      const neighbours: readonly (readonly [string, readonly string[]])[] = Array.isArray(fallback)
        ? (fallback as readonly string[]).map((one) => [one, all] as const)
        : Object.entries(fallback as Readonly<Record<string, readonly string[]>>);
      return neighbours.map(([neighbour, roles]) => {
        const minutes = (role: string) => (roles.includes(role) ? 120 : -1);
        return {
          SourceGroupID: id(name),
          SourceGroupName: name,
          DestinationGroupID: id(neighbour),
          DestinationGroupName: neighbour,
          FallbackDP: minutes('distribution-point'),
          FallbackMP: minutes('management-point'),
          FallbackSUP: minutes('software-update-point'),
          FallbackSMP: 15,
        };
      });
    }),
  };
}

/** `10.7.0.0/16` as people type it: from its first host to its last one. */
function rangeText(network: string): string {
  const [, a, b] = /^(\d+)\.(\d+)\.0\.0\/16$/.exec(network) ?? [];
  if (a === undefined || b === undefined) throw new Error(`not written for ${network}`);
  return `${a}.${b}.0.1-${a}.${b}.255.254`;
}

/** What `Export-Csv` of Windows PowerShell writes. */
export function csvOf(rows: readonly Readonly<Record<string, string | number>>[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  const quoted = (value: unknown) => `"${String(value ?? '').replaceAll('"', '""')}"`;
  const names = Object.keys(first);
  return [
    '#TYPE Selected.System.Management.Automation.PSCustomObject',
    names.map(quoted).join(','),
    ...rows.map((row) => names.map((name) => quoted(row[name])).join(',')),
    '',
  ].join('\r\n');
}
