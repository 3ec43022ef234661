// The one description of the topology file: every key, its type, its words, its default
// and what it is for. Reading, completion, hover, the JSON schema and the reference page
// are all made from it.
import {
  CURRENT_BRANCH as CURRENT_BRANCH_WORD,
  EDITION_TABLE,
  type Edition,
  editionsBetween,
  NEWEST_EDITION,
} from '../catalog/editions.ts';
import type { OptionValue, ReferenceKind } from './model.ts';

/** An allowed word of a key with what it means, in one line. */
export interface Word {
  readonly name: string;
  readonly doc: string;
  /** The catalog editions that know it; all where absent. */
  readonly editions?: readonly Edition[];
}

/** A key of a map: its name, what may stand behind it, and what to tell an administrator. */
export interface Key {
  readonly name: string;
  readonly shape: Shape;
  /** One to three sentences in Markdown. */
  readonly doc: string;
  /** In force where the key is absent. */
  readonly default?: OptionValue;
  /** For a person, where the default is no plain value: `the zone's networks`. */
  readonly defaultText?: string;
  readonly required?: boolean;
  /** Required where another key of the same map has this word. */
  readonly requiredIf?: { readonly key: string; readonly is: string };
  /** Required where none of these keys of the same map is there. */
  readonly requiredUnless?: readonly string[];
  /** Keys of the same map that say the same in another way: only one of them counts. */
  readonly excludes?: readonly string[];
  /** For a person, where the key is required only sometimes. */
  readonly requiredText?: string;
  /** Most entries have it: an editor that writes a whole new entry leaves a place for it, as for the required keys. */
  readonly usual?: boolean;
  /** A value as someone would write it after the colon. */
  readonly example?: string;
  /** `TCP port`, `UDP port`, `clients`, … */
  readonly unit?: string;
  /** The catalog editions that know it; all where absent. */
  readonly editions?: readonly Edition[];
}

/** A map with known keys. Nothing after its colon means: with the defaults. */
export interface MapShape {
  readonly kind: 'map';
  /** What one such map is called in messages: `server`, `options of management-point`. */
  readonly what: string;
  readonly keys: readonly Key[];
}

/** What kind of thing a named map holds. */
export type NamedKind = SectionKind | 'listener';

/** The kinds that stand in a map from their names; a listener's name is one of its keys. */
export type SectionKind = ReferenceKind | 'firewall';

/** A map from names that the file's author chooses to one shape: a map, or a list of names and addresses. */
export interface NamedShape {
  readonly kind: 'named';
  readonly names: SectionKind;
  readonly of: MapShape | ListShape;
}

/** A map whose keys name something in the file, each with what is said of it. */
export interface ReferenceMapShape {
  readonly kind: 'reference-map';
  readonly key: ReferenceShape;
  readonly of: Shape;
}

/** A list; where `single` is true, one value without a list is allowed too. */
export interface ListShape {
  readonly kind: 'list';
  readonly of: Shape;
  readonly single: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A name of something else in the file. */
export interface ReferenceShape {
  readonly kind: 'reference';
  readonly to: readonly ReferenceKind[];
  /** Words that stand beside the names: `any`, `microsoft-update`. */
  readonly words?: readonly Word[];
  /** An address or network may stand here as well. */
  readonly networks?: boolean;
  /** For `instance`: the key of the same map that names its server. */
  readonly serverKey?: string;
  /** A name that the file does not have is none of its machines, not a mistake. */
  readonly outside?: boolean;
}

export type Shape =
  | { readonly kind: 'text' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer'; readonly minimum: number; readonly maximum?: number }
  /** An integer 1..65535. */
  | { readonly kind: 'port' }
  /** `49152-65535`. */
  | { readonly kind: 'range' }
  /** A port, a range, or a list of them; with `any`, that word too. */
  | { readonly kind: 'ports'; readonly any: boolean }
  | { readonly kind: 'address' }
  /** An address with a prefix length; a plain address counts as /32 or /128. */
  | { readonly kind: 'network' }
  /** `2026-12-31`. */
  | { readonly kind: 'date' }
  | { readonly kind: 'words'; readonly words: readonly Word[] }
  /** A word of `words`, or a version of Configuration Manager. */
  | { readonly kind: 'edition'; readonly words: readonly Word[] }
  /** A word, or `tcp/PORT` or `udp/PORT`. */
  | { readonly kind: 'exception'; readonly words: readonly Word[] }
  | ReferenceShape
  | ListShape
  /** The first alternative that fits what is written. */
  | { readonly kind: 'either'; readonly of: readonly Shape[] }
  | MapShape
  | NamedShape
  | ReferenceMapShape;

/** A role: its place in a `roles` map, and what sort of role it is. */
export interface RoleInfo extends Key {
  readonly shape: MapShape;
  /** A Configuration Manager role, which serves a site; false for infrastructure such as SQL Server. */
  readonly belongsToSite: boolean;
}

const text: Shape = { kind: 'text' };
const boolean: Shape = { kind: 'boolean' };
const port: Shape = { kind: 'port' };
const range: Shape = { kind: 'range' };
const address: Shape = { kind: 'address' };
const network: Shape = { kind: 'network' };

const list = (
  of: Shape,
  options: { single?: boolean; minimum?: number; maximum?: number } = {},
): ListShape => ({
  kind: 'list',
  of,
  single: options.single ?? false,
  ...(options.minimum === undefined ? {} : { minimum: options.minimum }),
  ...(options.maximum === undefined ? {} : { maximum: options.maximum }),
});
const words = (...pairs: readonly (readonly [string, string])[]): Shape => ({
  kind: 'words',
  words: pairs.map(([name, doc]) => ({ name, doc })),
});
const reference = (...to: ReferenceKind[]): ReferenceShape => ({ kind: 'reference', to });
const instance: ReferenceShape = { kind: 'reference', to: ['instance'], serverKey: 'server' };
const map = (what: string, keys: readonly Key[]): MapShape => ({ kind: 'map', what, keys });
const named = (names: SectionKind, of: MapShape | ListShape): NamedShape => ({ kind: 'named', names, of });

const description: Key = {
  name: 'description',
  shape: text,
  doc: 'A note for the reader. It has no effect on any check.',
  example: 'Second floor, rack 4',
};

type OsFamily = 'before-vista' | 'vista-and-later';

const OPERATING_SYSTEMS: readonly (Word & { readonly family?: OsFamily })[] = [
  {
    name: 'windows-server-2003',
    doc: 'Windows Server 2003. Dynamic RPC ports 1024-5000.',
    family: 'before-vista',
  },
  {
    name: 'windows-server-2003-r2',
    doc: 'Windows Server 2003 R2. Dynamic RPC ports 1024-5000.',
    family: 'before-vista',
  },
  {
    name: 'windows-server-2008',
    doc: 'Windows Server 2008. Dynamic RPC ports 49152-65535.',
    family: 'vista-and-later',
  },
  {
    name: 'windows-server-2008-r2',
    doc: 'Windows Server 2008 R2. Dynamic RPC ports 49152-65535.',
    family: 'vista-and-later',
  },
  {
    name: 'windows-server-2012',
    doc: 'Windows Server 2012. Dynamic RPC ports 49152-65535.',
    family: 'vista-and-later',
  },
  {
    name: 'windows-server-2012-r2',
    doc: 'Windows Server 2012 R2. Dynamic RPC ports 49152-65535.',
    family: 'vista-and-later',
  },
  {
    name: 'windows-server-2016',
    doc: 'Windows Server 2016. Dynamic RPC ports 49152-65535.',
    family: 'vista-and-later',
  },
  {
    name: 'windows-server-2019',
    doc: 'Windows Server 2019. Dynamic RPC ports 49152-65535.',
    family: 'vista-and-later',
  },
  {
    name: 'windows-server-2022',
    doc: 'Windows Server 2022. Dynamic RPC ports 49152-65535.',
    family: 'vista-and-later',
  },
  {
    name: 'windows-server-2025',
    doc: 'Windows Server 2025. Dynamic RPC ports 49152-65535.',
    family: 'vista-and-later',
  },
  { name: 'windows-xp', doc: 'Windows XP. Dynamic RPC ports 1024-5000.', family: 'before-vista' },
  { name: 'windows-vista', doc: 'Windows Vista. Dynamic RPC ports 49152-65535.', family: 'vista-and-later' },
  { name: 'windows-7', doc: 'Windows 7. Dynamic RPC ports 49152-65535.', family: 'vista-and-later' },
  { name: 'windows-8', doc: 'Windows 8. Dynamic RPC ports 49152-65535.', family: 'vista-and-later' },
  { name: 'windows-8.1', doc: 'Windows 8.1. Dynamic RPC ports 49152-65535.', family: 'vista-and-later' },
  { name: 'windows-10', doc: 'Windows 10. Dynamic RPC ports 49152-65535.', family: 'vista-and-later' },
  { name: 'windows-11', doc: 'Windows 11. Dynamic RPC ports 49152-65535.', family: 'vista-and-later' },
  { name: 'other', doc: 'Another system. Its dynamic RPC ports are not known.' },
];

// Asked of every server, several times.
const FAMILIES = new Map(OPERATING_SYSTEMS.map(({ name, family }) => [name, family]));

/**
 * Whether a system's dynamic RPC ports begin at 1024 or at 49152.
 * @param os a word of `os`; undefined for `other` and for words the format does not have
 */
export function osFamily(os: string): OsFamily | undefined {
  return FAMILIES.get(os);
}

const os: Key = {
  name: 'os',
  shape: { kind: 'words', words: OPERATING_SYSTEMS.map(({ name, doc }) => ({ name, doc })) },
  doc: 'The operating system. It decides which dynamic RPC ports the machine uses unless someone restricted them: 49152-65535, before Windows Vista and Windows Server 2008 1024-5000.',
  example: 'windows-server-2022',
};

const rpcDynamicPorts: Key = {
  name: 'rpcDynamicPorts',
  shape: range,
  doc: 'The dynamic RPC ports, low end first, both ends included. Every connection that asks the endpoint mapper on port 135 goes on to a port of this range, so a firewall has to let it through.',
  example: '49152-65535',
  unit: 'TCP ports',
};

// --- Roles -----------------------------------------------------------------------------------

const CURRENT_BRANCH = editionsBetween('2017-03', undefined);
const APPLICATION_CATALOG = editionsBetween('2017-03', '2020-06');
/** The product had these roles by 2017, the port documents of the time have no section on them. */
const SINCE_2018_09 = editionsBetween('2018-09', undefined);

const httpPort = (value: number, doc: string): Key => ({
  name: 'httpPort',
  shape: port,
  doc,
  default: value,
  example: String(value),
  unit: 'TCP port',
});
const httpsPort = (value: number, doc: string): Key => ({
  name: 'httpsPort',
  shape: port,
  doc,
  default: value,
  example: String(value),
  unit: 'TCP port',
});

const protocol: Key = {
  name: 'protocol',
  shape: words(
    ['http', 'Only the documented HTTP connections.'],
    ['https', 'Only the documented HTTPS connections.'],
    ['both', 'HTTP and HTTPS connections.'],
    [
      'enhanced-http',
      'HTTP and HTTPS connections, with certificates that the site issues itself: the site uses enhanced HTTP.',
    ],
  ),
  doc: 'Which of the documented HTTP and HTTPS connections the role takes part in.',
  default: 'both',
  example: 'https',
};

const servedClients: Key = {
  name: 'clients',
  shape: words(
    ['intranet', 'Allow intranet-only connections.'],
    ['internet', 'Allow internet-only connections.'],
    ['both', 'Allow intranet and internet connections.'],
  ),
  doc: 'Which clients may use this site system. `internet` and `both` need HTTPS and a primary site; a fallback status point stays on HTTP.',
  default: 'intranet',
  example: 'both',
};

const throughGateway: Key = {
  name: 'cloudManagementGateway',
  shape: boolean,
  doc: 'Takes the traffic of clients that comes through the cloud management gateway: ‘Allow Configuration Manager cloud management gateway traffic’.',
  default: false,
  example: 'true',
};

const webPorts: readonly Key[] = [
  httpPort(80, 'The port of the role’s website for HTTP.'),
  httpsPort(443, 'The port of the role’s website for HTTPS.'),
];

const updatePorts: readonly Key[] = [
  httpPort(
    8530,
    'The HTTP port of the WSUS website: 8530 for the custom website, 80 for the default website. It stays in use with SSL, because licence texts come over HTTP.',
  ),
  httpsPort(
    8531,
    'The HTTPS port of the WSUS website. WSUS wants it exactly one above the HTTP port; only HTTP 80 pairs with HTTPS 443.',
  ),
  {
    name: 'ssl',
    shape: boolean,
    doc: 'WSUS is set up for SSL: metadata comes over the HTTPS port, content and licence texts over the HTTP port.',
    default: false,
    example: 'true',
  },
];

interface RoleSettings {
  readonly options?: readonly Key[];
  readonly editions?: readonly Edition[];
  /** Infrastructure: it belongs to no site. */
  readonly infrastructure?: boolean;
}

/** The SQL Server instance of a role's own database. */
const roleDatabase = (name: string, doc: string): Key => ({
  name,
  shape: map(name === 'database' ? 'database' : 'database replica', [
    {
      name: 'server',
      usual: true,
      shape: reference('server'),
      doc: 'The server with the SQL Server instance.',
      required: true,
      example: 'sql01',
    },
    {
      name: 'instance',
      shape: instance,
      doc: 'The SQL Server instance on that server.',
      defaultText: '`MSSQLSERVER`, the default instance',
      example: 'SUSDB',
    },
  ]),
  doc,
  example: '{ server: sql01, instance: SUSDB }',
});

const role = (name: string, doc: string, settings: RoleSettings = {}): RoleInfo => ({
  name,
  doc,
  shape: map(`options of ${name}`, settings.options ?? []),
  belongsToSite: !settings.infrastructure,
  ...(settings.editions ? { editions: settings.editions } : {}),
});

const instanceShape = map('instance', [
  {
    name: 'port',
    usual: true,
    shape: port,
    doc: 'The static TCP port that the instance listens on. Configuration Manager needs one: a named instance that picks its port at start cannot be reached through a firewall.',
    defaultText: '1433 for `MSSQLSERVER`, none for a named instance',
    example: '1433',
    unit: 'TCP port',
  },
  {
    name: 'serviceBrokerPort',
    shape: port,
    doc: 'The TCP port of SQL Server Service Broker, over which the databases of parent and child sites replicate.',
    default: 4022,
    example: '4022',
    unit: 'TCP port',
  },
  {
    name: 'edition',
    shape: words(
      ['enterprise', 'SQL Server Enterprise.'],
      ['standard', 'SQL Server Standard.'],
      ['express', 'SQL Server Express: for secondary sites only.'],
    ),
    doc: 'The edition of SQL Server.',
    example: 'standard',
  },
  {
    name: 'dynamicPorts',
    shape: boolean,
    doc: 'SQL Server picks its port at every start. Configuration Manager does not support that.',
    default: false,
    example: 'true',
  },
]);

const updateDatabase = roleDatabase(
  'database',
  'The SQL Server instance of the WSUS database, where it is not on this machine.',
);

/** Every role of the format, in the order of the reference page. */
export const ROLES: readonly RoleInfo[] = [
  role(
    'site-server',
    'Runs the site: the machine on which Configuration Manager setup installed the site. Each site has one active site server.',
    {
      options: [
        {
          name: 'passive',
          shape: boolean,
          doc: 'The site server in passive mode, which takes over when the active one is lost.',
          default: false,
          example: 'true',
        },
      ],
    },
  ),
  role(
    'sms-provider',
    'Gives consoles and scripts access to the site database through WMI, and hosts the administration service.',
    {
      options: [
        {
          name: 'https',
          shape: boolean,
          doc: 'The administration service answers on HTTPS port 443.',
          default: true,
          example: 'false',
          editions: ['2025-12'],
        },
      ],
    },
  ),
  role(
    'management-point',
    'Hands policy and content locations to clients and takes their inventory, state and status.',
    {
      options: [
        protocol,
        servedClients,
        throughGateway,
        roleDatabase(
          'databaseReplica',
          'A replica of the site database, which this management point asks instead of the site database itself.',
        ),
      ],
    },
  ),
  role(
    'distribution-point',
    'Holds packages, applications, updates and images from which clients download. It may answer PXE requests and send images by multicast.',
    {
      options: [
        protocol,
        servedClients,
        {
          name: 'pxe',
          shape: {
            kind: 'either',
            of: [
              boolean,
              words(
                ['wds', 'With Windows Deployment Services, like `true`.'],
                [
                  'responder',
                  'With the PXE responder of Configuration Manager, without Windows Deployment Services.',
                ],
              ),
            ],
          },
          doc: 'Answers PXE requests, so that computers start from the network: DHCP, TFTP and BINL ports. `true` or `wds` is with Windows Deployment Services, `responder` without it.',
          default: false,
          example: 'responder',
        },
        {
          name: 'multicast',
          shape: boolean,
          doc: 'Sends operating system images by multicast.',
          default: false,
          example: 'true',
        },
        {
          name: 'multicastPorts',
          shape: range,
          doc: 'The UDP ports of multicast, low end first.',
          default: { low: 63000, high: 64000 },
          example: '63000-64000',
          unit: 'UDP ports',
        },
        {
          name: 'pullFrom',
          shape: list(reference('server')),
          doc: 'Makes this a pull distribution point and names the distribution points from which it fetches content.',
          example: '[dp01]',
        },
        {
          name: 'connectedCache',
          shape: boolean,
          doc: 'Has Microsoft Connected Cache, from which clients fetch what Microsoft offers and which fetches it from the internet.',
          default: false,
          example: 'true',
        },
      ],
    },
  ),
  role(
    'fallback-status-point',
    'Takes state messages over HTTP from clients that cannot reach a management point, for example while they install.',
    { options: [servedClients] },
  ),
  role(
    'software-update-point',
    'Puts WSUS to work for the site: clients scan against it and it synchronises the update catalog.',
    {
      options: [
        ...updatePorts,
        servedClients,
        throughGateway,
        updateDatabase,
        {
          name: 'upstream',
          shape: {
            kind: 'reference',
            to: ['server'],
            words: [
              { name: 'microsoft-update', doc: 'Synchronises with Microsoft Update over the internet.' },
              { name: 'none', doc: 'Is not synchronised over the network: someone imports the updates.' },
            ],
          },
          doc: 'Where it synchronises from: a server with `wsus-server` or `software-update-point`, `microsoft-update`, or `none`.',
          defaultText: 'the software update points of the parent site; at the top site, Microsoft Update',
          example: 'microsoft-update',
        },
      ],
    },
  ),
  role('state-migration-point', 'Keeps the user state of computers while they get a new operating system.', {
    options: [protocol],
  }),
  role('reporting-services-point', 'Runs reports through SQL Server Reporting Services.', {
    options: [
      ...webPorts,
      protocol,
      roleDatabase('database', 'The SQL Server instance of the report server’s own database.'),
    ],
    editions: CURRENT_BRANCH,
  }),
  role(
    'application-catalog-website-point',
    'The website on which users choose software from the application catalog.',
    {
      options: [...webPorts, protocol],
      editions: APPLICATION_CATALOG,
    },
  ),
  role(
    'application-catalog-web-service-point',
    'Gives the application catalog website the software list out of the site’s library.',
    {
      options: [...webPorts, protocol],
      editions: APPLICATION_CATALOG,
    },
  ),
  role(
    'asset-intelligence-synchronization-point',
    'Fetches the asset intelligence catalog from Microsoft. One for a hierarchy, at its top site.',
    { editions: CURRENT_BRANCH },
  ),
  role(
    'endpoint-protection-point',
    'Holds the licence terms and the protection service membership of Endpoint Protection. One for a hierarchy, at its top site.',
    { editions: CURRENT_BRANCH },
  ),
  role(
    'service-connection-point',
    'Connects the hierarchy with Microsoft’s cloud services: updates for Configuration Manager, usage data, Intune. One for a hierarchy, at its top site.',
    {
      options: [
        {
          name: 'offline',
          shape: boolean,
          doc: 'It is in offline mode and connects to nothing outside.',
          default: false,
          example: 'true',
        },
      ],
      editions: CURRENT_BRANCH,
    },
  ),
  role(
    'certificate-registration-point',
    'Takes certificate requests of devices from the policy module on the network device enrollment service.',
    {
      options: [httpsPort(443, 'The port of the role’s website for HTTPS.')],
      editions: CURRENT_BRANCH,
    },
  ),
  role(
    'enrollment-point',
    'Enrolls mobile devices and Mac computers with certificates of the company’s own certification authority.',
    {
      options: [httpsPort(443, 'The port of the role’s website for HTTPS.')],
      editions: CURRENT_BRANCH,
    },
  ),
  role(
    'enrollment-proxy-point',
    'Takes the enrollment requests of mobile devices and Mac computers and passes them to an enrollment point.',
    {
      options: [httpsPort(443, 'The port of the role’s website for HTTPS.')],
      editions: CURRENT_BRANCH,
    },
  ),
  role('exchange-server-connector', 'Finds and manages the mobile devices that connect to Exchange.', {
    options: [
      {
        name: 'to',
        shape: {
          kind: 'reference',
          to: ['server'],
          words: [{ name: 'exchange-online', doc: 'Exchange Online, over the internet.' }],
        },
        doc: 'What it connects to: a server with `exchange-server`, or `exchange-online`.',
        example: 'exchange-online',
      },
    ],
    editions: CURRENT_BRANCH,
  }),
  role(
    'cloud-management-gateway-connection-point',
    'Keeps the connection from the site to its cloud management gateway in Azure.',
    {
      options: [
        {
          name: 'gateway',
          shape: words(
            ['scale-set', 'The gateway runs in a virtual machine scale set.'],
            ['classic', 'The gateway runs as a classic cloud service.'],
          ),
          doc: 'How the gateway is deployed in Azure; it decides the ports of the connection.',
          default: 'scale-set',
          example: 'classic',
        },
        {
          name: 'virtualMachines',
          shape: { kind: 'integer', minimum: 1, maximum: 16 },
          doc: 'How many virtual machines the gateway has. Each one more takes further ports.',
          default: 1,
          example: '2',
          unit: 'virtual machines',
        },
        {
          name: 'content',
          shape: boolean,
          doc: 'The gateway also serves content, as a cloud distribution point does.',
          default: true,
          example: 'false',
        },
      ],
      editions: SINCE_2018_09,
    },
  ),
  role(
    'data-warehouse-service-point',
    'Copies old data of the site into a data warehouse database for reports.',
    {
      options: [roleDatabase('database', 'The SQL Server instance of the data warehouse database.')],
      editions: SINCE_2018_09,
    },
  ),
  role(
    'network-device-enrollment-service',
    'Windows Server’s Network Device Enrollment Service with Configuration Manager’s policy module, through which devices get certificates. It must not share a server with the certificate registration point.',
    { editions: CURRENT_BRANCH },
  ),
  role('console', 'A machine on which administrators run the Configuration Manager console.', {
    options: [
      {
        name: 'remoteControl',
        shape: boolean,
        doc: 'Administrators take remote control of clients from this console.',
        default: true,
        example: 'false',
      },
    ],
  }),
  role(
    'sql-server',
    'SQL Server, with the instances that hold site databases. Without `instances` it is the default instance `MSSQLSERVER` on port 1433.',
    {
      options: [
        {
          name: 'instances',
          shape: named('instance', instanceShape),
          doc: 'The instances on this server by name; `MSSQLSERVER` is the default instance.',
          defaultText: 'the default instance `MSSQLSERVER`',
          example: '{ CM: { port: 50001 } }',
        },
        {
          name: 'browser',
          shape: boolean,
          doc: 'The SQL Server Browser service runs here and tells callers the port of a named instance.',
          default: false,
          example: 'true',
        },
      ],
      infrastructure: true,
    },
  ),
  role('domain-controller', 'A domain controller of Active Directory.', {
    options: [
      {
        name: 'globalCatalog',
        shape: boolean,
        doc: 'It is a global catalog server as well, reached on the global catalog ports.',
        default: false,
        example: 'true',
      },
    ],
    infrastructure: true,
  }),
  role('certification-authority', 'The certification authority that issues certificates to devices.', {
    infrastructure: true,
  }),
  role('exchange-server', 'An Exchange server of the company’s own.', { infrastructure: true }),
  role('file-server', 'A file share, for example the one behind CCMSetup’s `/source:`.', {
    infrastructure: true,
  }),
  role('dns-server', 'A DNS server.', { infrastructure: true }),
  role('dhcp-server', 'A DHCP server.', { infrastructure: true }),
  role(
    'wsus-server',
    'A WSUS server that is no software update point of this hierarchy, for example an upstream one.',
    {
      options: [...updatePorts, updateDatabase],
      infrastructure: true,
    },
  ),
  role(
    'pxe-service-point',
    'Answers PXE requests in Configuration Manager 2007; later a setting of the distribution point.',
    { editions: ['2007'] },
  ),
  role('system-health-validator-point', 'Judges the health of clients for Network Access Protection.', {
    editions: ['2007'],
  }),
  role(
    'server-locator-point',
    'Tells clients their site and management point where Active Directory cannot.',
    { editions: ['2007'] },
  ),
  role('reporting-point', 'Shows reports on a website of Configuration Manager 2007.', {
    options: [protocol],
    editions: ['2007'],
  }),
  role('branch-distribution-point', 'A workstation that holds content for a small office.', {
    editions: ['2007'],
  }),
];

const ROLE_BY_NAME = new Map(ROLES.map((info) => [info.name, info]));

/** The description of a role; undefined for a name that is no role of the format. */
export function roleInfo(name: string): RoleInfo | undefined {
  return ROLE_BY_NAME.get(name);
}

const ROLE_DEFAULTS = new Map(
  ROLES.map(({ name, shape }) => [name, new Map(shape.keys.map((key) => [key.name, key.default]))]),
);

/** What the format puts in place of a role's option that is not written. */
export function roleDefault(roleName: string, key: string): OptionValue | undefined {
  return ROLE_DEFAULTS.get(roleName)?.get(key);
}

// --- The top level and what stands below it --------------------------------------------------

const zoneShape = map('zone', [
  {
    name: 'networks',
    usual: true,
    shape: list(network),
    doc: 'The networks of the zone, each an address with a prefix length.',
    example: '[10.10.0.0/16]',
  },
  {
    name: 'internet',
    shape: boolean,
    doc: 'The public internet, where cloud services and internet-based clients are. At most one zone has it.',
    default: false,
    example: 'true',
  },
  {
    name: 'domainControllers',
    shape: list(reference('server')),
    doc: 'The domain controllers that machines in this zone ask.',
    defaultText: 'those of the machine’s forest that are in the zone, else all of its forest',
    example: '[dc01, dc02]',
  },
  description,
]);

const clientPort = (name: string, value: number, doc: string): Key => ({
  name,
  shape: list(port, { single: true, minimum: 1, maximum: 2 }),
  doc,
  defaultText: String(value),
  example: `[${value}, ${value === 80 ? 8080 : 8443}]`,
  unit: 'TCP port',
});

const sitePort = (name: string, value: number, what: string): Key => ({
  name,
  shape: {
    kind: 'either',
    of: [
      boolean,
      map(name, [
        {
          name: 'port',
          shape: port,
          doc: `The UDP port of ${what}.`,
          default: value,
          example: String(value),
          unit: 'UDP port',
        },
      ]),
    ],
  },
  doc: '',
});

const siteShape = map('site', [
  {
    name: 'type',
    shape: words(
      ['central-administration', 'The top of a hierarchy of several primary sites; it has no clients.'],
      ['primary', 'A site with clients.'],
      ['secondary', 'A site below a primary that serves clients over a slow link.'],
    ),
    doc: 'The type of the site.',
    required: true,
    example: 'primary',
  },
  {
    name: 'parent',
    shape: reference('site'),
    doc: 'The code of the site above: a central administration site for a primary, a primary for a secondary.',
    requiredIf: { key: 'type', is: 'secondary' },
    requiredText: 'for a secondary, and for a primary under a central administration site',
    example: 'CAS',
  },
  {
    name: 'database',
    usual: true,
    shape: map('database', [
      {
        name: 'server',
        usual: true,
        shape: reference('server'),
        doc: 'The server that holds the site database.',
        example: 'sql01',
        requiredUnless: ['availabilityGroup'],
        requiredText: 'without `availabilityGroup`',
      },
      {
        name: 'instance',
        shape: instance,
        doc: 'The SQL Server instance on that server.',
        defaultText: '`MSSQLSERVER`, the default instance',
        example: 'CM',
      },
      {
        name: 'availabilityGroup',
        shape: reference('availability-group'),
        doc: 'The availability group that holds the site database, in place of a server.',
        example: 'AG1',
      },
    ]),
    doc: 'Where the site database is: a server and instance, or an availability group.',
    example: '{ server: sql01, instance: CM }',
  },
  {
    name: 'clientPorts',
    shape: map('client ports', [
      clientPort(
        'http',
        80,
        'The port on which clients reach site systems over HTTP, or `[default, alternate]`.',
      ),
      clientPort(
        'https',
        443,
        'The port on which clients reach site systems over HTTPS, or `[default, alternate]`.',
      ),
      {
        name: 'notification',
        shape: port,
        doc: 'The port of client notification, over which the management point wakes the client’s policy download.',
        default: 10123,
        example: '10123',
        unit: 'TCP port',
      },
    ]),
    doc: 'The client request ports of a primary site. A secondary site has those of its primary.',
    example: '{ http: [80, 8080], https: 443 }',
  },
  {
    name: 'website',
    shape: words(['SMSWEB', 'The custom website of that name.']),
    doc: 'The IIS website of the site systems: `SMSWEB` for the custom website.',
    defaultText: 'the Default Web Site',
    example: 'SMSWEB',
  },
  {
    ...sitePort('wakeOnLan', 9, 'Wake On LAN'),
    doc: 'Wake On LAN: the site server wakes sleeping clients with magic packets. `true`, or `{ port }`; UDP 9 unless a port is given.',
    default: false,
    example: '{ port: 9 }',
  },
  {
    ...sitePort('wakeUpProxy', 25536, 'wake-up proxy'),
    doc: 'Wake-up proxy: awake clients of a subnet stand in for sleeping ones. Used by the client groups with the feature `wake-up-proxy`. `true`, or `{ port }`; UDP 25536 unless a port is given.',
    defaultText: 'UDP 25536',
    example: '{ port: 25536 }',
  },
  {
    name: 'publishToActiveDirectory',
    shape: { kind: 'either', of: [boolean, list(text)] },
    doc: 'The site publishes itself to Active Directory, so that clients find its ports there: `true` to the forest of its site server, or a list of forests.',
    default: true,
    example: '[corp.contoso.com, perimeter.contoso.com]',
  },
  {
    name: 'pptp',
    shape: boolean,
    doc: 'Sites are joined over PPTP.',
    default: false,
    example: 'true',
    editions: ['2007'],
  },
  {
    name: 'contentLibrary',
    shape: reference('server'),
    doc: 'The server with the remote content library of this site, which a site with a site server in passive mode needs.',
    example: 'files01',
  },
  description,
]);

const proxy: Key = {
  name: 'proxy',
  shape: map('proxy', [
    {
      name: 'server',
      usual: true,
      shape: { kind: 'reference', to: ['server'], outside: true },
      doc: 'The proxy: a server of the file, or a name or address outside it.',
      required: true,
      example: 'proxy.contoso.com',
    },
    {
      name: 'port',
      usual: true,
      shape: port,
      doc: 'The TCP port of the proxy.',
      required: true,
      example: '8080',
      unit: 'TCP port',
    },
  ]),
  doc: '',
  example: '{ server: proxy.contoso.com, port: 8080 }',
};

const serverShape = map('server', [
  {
    name: 'site',
    usual: true,
    shape: reference('site'),
    doc: 'The code of the site that this server’s Configuration Manager roles serve.',
    requiredText: 'where a role below belongs to a site',
    example: 'PS1',
  },
  {
    name: 'zone',
    usual: true,
    shape: reference('zone'),
    doc: 'The network zone it stands in. A machine without a zone is not checked against firewalls.',
    defaultText: '`defaults.zone`',
    example: 'hq',
  },
  { name: 'fqdn', shape: text, doc: 'The fully qualified domain name.', example: 'cm01.corp.contoso.com' },
  description,
  {
    name: 'addresses',
    usual: true,
    shape: list(address, { single: true }),
    doc: 'Its IPv4 and IPv6 addresses. Firewall rules that name networks apply to it by these.',
    example: '[10.10.0.10]',
  },
  {
    name: 'publicAddresses',
    shape: list(address, { single: true }),
    doc: 'The addresses under which machines outside reach it, where a device translates them. A firewall rule that names these or its own addresses means the machine.',
    example: '[203.0.113.10]',
  },
  { ...os, defaultText: '`defaults.os`' },
  { ...rpcDynamicPorts, defaultText: '`defaults.rpcDynamicPorts`' },
  {
    name: 'forest',
    shape: text,
    doc: 'The Active Directory forest. A machine whose forest differs from its site server’s is in an untrusted forest, unless `trusted: true`.',
    defaultText: '`defaults.forest`',
    example: 'perimeter.contoso.com',
  },
  {
    name: 'trusted',
    shape: boolean,
    doc: 'Its forest has a trust with the site server’s forest.',
    default: false,
    example: 'true',
  },
  {
    ...proxy,
    doc: 'The web proxy of this site system. Its connections to the internet and to cloud services over HTTP and HTTPS go there.',
  },
  {
    name: 'siteServerInitiates',
    shape: boolean,
    doc: 'The setting ‘Require the site server to initiate connections to this site system’: this machine opens no connection to its site server.',
    default: false,
    example: 'true',
  },
  {
    name: 'roles',
    usual: true,
    shape: map('roles', ROLES),
    doc: 'The roles on this server, each with its options. A role with nothing after its colon has the defaults.',
    example: '{ management-point: { protocol: https } }',
  },
]);

const WINDOWS_FIREWALL_WORDS: readonly Word[] = [
  { name: 'file-and-printer-sharing', doc: 'The predefined group File and Printer Sharing.' },
  { name: 'wmi', doc: 'The predefined group Windows Management Instrumentation (WMI).' },
  { name: 'statview.exe', doc: 'The program that shows status messages, for queries.' },
  { name: 'helpsvc.exe', doc: 'The help service, for Remote Assistance on older systems.' },
  { name: 'remote-assistance', doc: 'The predefined group Remote Assistance.' },
  { name: 'remote-desktop', doc: 'The predefined group Remote Desktop.' },
];
const exceptions: Shape = {
  kind: 'list',
  of: { kind: 'exception', words: WINDOWS_FIREWALL_WORDS },
  single: false,
};

const clientsShape = map('client group', [
  {
    name: 'site',
    shape: reference('site'),
    doc: 'The code of the site that the clients are assigned to.',
    required: true,
    example: 'PS1',
  },
  {
    name: 'zone',
    usual: true,
    shape: list(reference('zone'), { single: true }),
    doc: 'The network zone the clients are in, or a list of them: the group has clients in each, and where one is the internet, these clients are there now and then. A group without a zone is not checked against firewalls.',
    example: 'hq',
  },
  {
    name: 'forest',
    shape: text,
    doc: 'The Active Directory forest of the clients.',
    defaultText: '`defaults.forest`',
    example: 'corp.contoso.com',
  },
  {
    ...rpcDynamicPorts,
    doc: 'The dynamic RPC ports of the clients, low end first, both ends included. Client push and the console’s tools go to a port of this range.',
    defaultText: 'the range of `os`',
  },
  {
    ...os,
    doc: 'The operating system of the clients. It decides which dynamic RPC ports they use unless someone restricted them.',
    example: 'windows-11',
  },
  {
    ...proxy,
    doc: 'The web proxy of the clients. Their connections to the internet and to cloud services over HTTP and HTTPS go there.',
  },
  {
    name: 'kind',
    shape: words(
      ['windows', 'Windows computers with the Configuration Manager client.'],
      ['mac', 'Mac computers.'],
      ['mobile-device', 'Mobile devices.'],
    ),
    doc: 'What the group consists of.',
    default: 'windows',
    example: 'windows',
  },
  {
    name: 'networks',
    shape: list(network),
    doc: 'The subnets of the group.',
    defaultText: 'the networks of its zone',
    example: '[10.10.20.0/24]',
  },
  {
    name: 'count',
    shape: { kind: 'integer', minimum: 0 },
    doc: 'How many clients the group has.',
    example: '4000',
    unit: 'clients',
  },
  {
    name: 'internetOnly',
    shape: boolean,
    doc: 'The clients are managed over the internet only and reach no domain controller.',
    default: false,
    example: 'true',
  },
  {
    name: 'workgroup',
    shape: boolean,
    doc: 'The clients are workgroup computers, which Active Directory does not know.',
    default: false,
    example: 'true',
  },
  {
    name: 'installation',
    shape: list(
      words(
        ['client-push', 'The site server installs the client over the network.'],
        ['software-update-point', 'WSUS offers the client as an update.'],
        ['group-policy', 'A group policy installs the client.'],
        ['manual', 'Someone runs CCMSetup.'],
        ['logon-script', 'A logon script runs CCMSetup.'],
        ['software-distribution', 'An existing client gets the new one as a package.'],
      ),
    ),
    doc: 'How the client gets installed. Each method needs its own ports.',
    example: '[client-push]',
  },
  {
    name: 'source',
    shape: reference('server'),
    doc: 'The server with the share behind CCMSetup’s `/source:`.',
    example: 'files01',
  },
  {
    name: 'features',
    shape: list(
      words(
        ['queries', 'Status message queries from the console.'],
        ['client-push', 'Client push installation.'],
        ['group-policy-installation', 'Installation by group policy.'],
        ['client-requests', 'The clients’ requests to site systems.'],
        ['client-notification', 'Client notification.'],
        ['remote-control', 'Remote control from the console.'],
        ['remote-assistance', 'Remote Assistance and Remote Desktop from the console.'],
        ['wake-up-proxy', 'Wake-up proxy among the clients.'],
        ['event-viewer', 'Windows Event Viewer, Performance Monitor and Diagnostics from the console.'],
        ['windows-pe-peer-cache', 'Peer cache among clients in Windows PE: TCP 8003, UDP 8004.'],
      ),
    ),
    doc: 'The features in use, each with connections or exceptions of the host firewall of its own.',
    example: '[remote-control, wake-up-proxy]',
  },
  {
    name: 'windowsFirewall',
    shape: map('Windows Firewall', [
      {
        name: 'inbound',
        shape: exceptions,
        doc: 'What may come in: programs, predefined groups, `tcp/PORT` or `udp/PORT`.',
        example: '[wmi, tcp/2701]',
      },
      {
        name: 'outbound',
        shape: exceptions,
        doc: 'What may go out: programs, predefined groups, `tcp/PORT` or `udp/PORT`.',
        example: '[tcp/10123]',
      },
    ]),
    doc: 'The exceptions of Windows Firewall on the clients. Without it, the host firewall is not checked.',
    example: '{ inbound: [wmi], outbound: [tcp/10123] }',
  },
  {
    name: 'ccmsetup',
    shape: map('CCMSetup properties', [
      {
        name: 'CCMHTTPPORT',
        shape: port,
        doc: 'The HTTP port that CCMSetup gives the client.',
        example: '8080',
        unit: 'TCP port',
      },
      {
        name: 'CCMHTTPSPORT',
        shape: port,
        doc: 'The HTTPS port that CCMSetup gives the client.',
        example: '8443',
        unit: 'TCP port',
      },
    ]),
    doc: 'The ports on CCMSetup’s command line, for clients that cannot read them from Active Directory.',
    example: '{ CCMHTTPPORT: 8080, CCMHTTPSPORT: 8443 }',
  },
  description,
]);

const boundaryGroupShape = map('boundary group', [
  {
    name: 'members',
    usual: true,
    shape: list(reference('clients', 'zone')),
    doc: 'The client groups in it, and zones, which stand for the client groups in them.',
    example: '[branch-pcs]',
  },
  {
    name: 'servers',
    usual: true,
    shape: list(reference('server')),
    doc: 'The site systems that are associated with it. Distribution, management, software update and state migration points count.',
    example: '[dp-branch]',
  },
  {
    name: 'cloudManagementGateway',
    shape: boolean,
    doc: 'The cloud management gateway is associated with it.',
    default: false,
    example: 'true',
  },
  {
    name: 'fallback',
    shape: {
      kind: 'either',
      of: [
        list(reference('boundary-group')),
        {
          kind: 'reference-map',
          key: reference('boundary-group'),
          of: list(
            words(
              ['distribution-point', 'Distribution points.'],
              ['management-point', 'Management points.'],
              ['software-update-point', 'Software update points.'],
            ),
            { single: true },
          ),
        },
      ],
    },
    doc: 'Its neighbours, to which clients fall back: a list of boundary groups, or a map from a neighbour to the roles that fall back to it. A state migration point never does.',
    example: '{ hq: [distribution-point] }',
  },
  {
    name: 'site',
    shape: reference('site'),
    doc: 'The assigned site of its clients.',
    example: 'PS1',
  },
  description,
]);

const availabilityGroupShape = map('availability group', [
  {
    name: 'replicas',
    shape: list(
      map('replica', [
        {
          name: 'server',
          shape: reference('server'),
          doc: 'A server of the availability group.',
          required: true,
          example: 'sql01',
        },
        {
          name: 'instance',
          shape: instance,
          doc: 'The SQL Server instance on that server.',
          defaultText: '`MSSQLSERVER`, the default instance',
          example: 'CM',
        },
      ]),
    ),
    doc: 'The servers and instances that hold a copy of the database.',
    required: true,
    example: '[{ server: sql01 }, { server: sql02 }]',
  },
  {
    name: 'listener',
    shape: map('listener', [
      {
        name: 'name',
        usual: true,
        shape: text,
        doc: 'The name by which the site database is reached. It shares the name space of servers, so that a firewall rule may name it.',
        example: 'cm-listener',
      },
      {
        name: 'addresses',
        usual: true,
        shape: list(address, { single: true }),
        doc: 'Its addresses, one in each subnet that a replica is in.',
        example: '[10.10.0.50]',
      },
      {
        name: 'port',
        shape: port,
        doc: 'The TCP port that it listens on.',
        default: 1433,
        example: '1433',
        unit: 'TCP port',
      },
    ]),
    doc: 'The listener of the group: what connects to the site database connects to it.',
    example: '{ name: cm-listener, addresses: [10.10.0.50], port: 1433 }',
  },
  {
    name: 'endpointPort',
    shape: port,
    doc: 'The TCP port over which the replicas synchronise, where firewalls between them are to be checked for it.',
    example: '5022',
    unit: 'TCP port',
  },
  {
    name: 'loadBalancer',
    shape: words(
      ['azure-internal', 'An internal Azure load balancer.'],
      ['azure-external', 'An external Azure load balancer.'],
    ),
    doc: 'The load balancer before the listener, where there is one.',
    example: 'azure-internal',
  },
  {
    name: 'loadBalancerPorts',
    shape: { kind: 'ports', any: false },
    doc: 'The ports with a load-balancing rule. The database needs 1433, 4022, 445 and 135.',
    example: '[1433, 4022, 445, 135]',
    unit: 'TCP ports',
  },
  description,
]);

const ruleEnd: Shape = list(
  {
    kind: 'reference',
    to: ['zone', 'server', 'clients', 'address-group'],
    words: [{ name: 'any', doc: 'Every machine.' }],
    networks: true,
  },
  { single: true, minimum: 1 },
);
const rulePorts: Shape = { kind: 'ports', any: true };

const firewallRuleShape = map('firewall rule', [
  {
    name: 'action',
    shape: words(
      ['allow', 'Lets the traffic through, and the replies to it.'],
      ['deny', 'Stops the traffic.'],
    ),
    doc: 'What happens to traffic that the rule matches. The first rule that matches decides.',
    required: true,
    example: 'allow',
  },
  {
    name: 'from',
    shape: ruleEnd,
    doc: 'Who opens the connection: `any`, a zone, a server, a client group, an address group, an address or network, or a list of these.',
    required: true,
    example: 'cm01',
  },
  {
    name: 'to',
    shape: ruleEnd,
    doc: 'Who is reached: `any`, a zone, a server, a client group, an address group, an address or network, or a list of these.',
    required: true,
    example: '[sql01, sql02]',
  },
  {
    name: 'tcp',
    usual: true,
    shape: rulePorts,
    doc: 'The TCP ports, or `any`.',
    example: '[445, 135, 49152-65535]',
    unit: 'TCP ports',
  },
  { name: 'udp', shape: rulePorts, doc: 'The UDP ports, or `any`.', example: '135', unit: 'UDP ports' },
  {
    name: 'icmp',
    shape: boolean,
    doc: 'ICMP echo (ping). A rule with none of `tcp`, `udp`, `icmp` and `ports` matches all traffic.',
    default: false,
    example: 'true',
  },
  {
    name: 'ports',
    shape: list(reference('port-group'), { single: true }),
    doc: 'The port groups that it matches, beside or instead of `tcp`, `udp` and `icmp`.',
    example: '[smb-and-rpc]',
  },
  {
    name: 'name',
    shape: text,
    doc: 'The name of the rule, used in messages.',
    example: 'Site server to distribution points',
  },
  description,
  {
    name: 'expires',
    shape: { kind: 'date' },
    doc: 'The last day on which the rule is meant to be in force, as YYYY-MM-DD.',
    example: '2027-12-31',
  },
  {
    name: 'configmgr',
    shape: boolean,
    doc: '`false`: the rule is there for something else than Configuration Manager. No finding says that it is unused or too broad, and what it lets through still counts.',
    default: true,
    example: 'false',
  },
  {
    name: 'ticket',
    shape: text,
    doc: 'The change request behind the rule. It has no effect on any check; exports, imports and the report carry it.',
    example: 'CHG0031337',
  },
  {
    name: 'owner',
    shape: text,
    doc: 'Who answers for the rule. It has no effect on any check; exports, imports and the report carry it.',
    example: 'Workplace team',
  },
  {
    name: 'reviewed',
    shape: { kind: 'date' },
    doc: 'The day on which someone last looked at the rule, as YYYY-MM-DD. It has no effect on any check.',
    example: '2026-03-31',
  },
]);

const firewallShape = map('firewall', [
  {
    name: 'zones',
    usual: true,
    shape: list(reference('zone'), { minimum: 2 }),
    doc: 'The two or more zones it stands between. A device that does not join all of them with each other has `between` instead, a firewall on machines themselves `hosts`.',
    requiredUnless: ['between', 'hosts'],
    requiredText: 'without `between` and `hosts`',
    example: '[hq, dmz]',
  },
  {
    name: 'between',
    shape: list(list(reference('zone'), { minimum: 2, maximum: 2 }), { minimum: 1 }),
    doc: 'The pairs of zones it stands between, for a device that does not join all of its zones with each other.',
    excludes: ['zones', 'hosts'],
    example: '[[hq, branch-1], [hq, branch-2]]',
  },
  {
    name: 'hosts',
    shape: list(reference('server', 'clients'), { minimum: 1 }),
    doc: 'The servers and client groups on each of which it runs: Windows Firewall, or a network security group at each interface. Every packet to or from one of them passes it, also within a zone.',
    excludes: ['zones', 'between'],
    example: '[sql01]',
  },
  {
    name: 'outbound',
    shape: words(
      ['allow', 'What no rule matches may leave the machine.'],
      ['deny', 'What no rule matches may not leave the machine either.'],
    ),
    doc: 'For a firewall with `hosts`: what happens to packets that one of them sends and that no rule matches. What comes to them and no rule matches is always denied.',
    default: 'allow',
    example: 'deny',
  },
  {
    name: 'planned',
    shape: boolean,
    doc: 'Its rules are still to be written: what it lacks is information and no error until the word goes.',
    default: false,
    example: 'true',
  },
  {
    name: 'rules',
    usual: true,
    shape: list(firewallRuleShape),
    doc: 'The rules in order: the first match decides, and what no rule matches is denied. The firewall is stateful.',
    example: '[{ action: allow, from: hq, to: dmz, tcp: 443 }]',
  },
  description,
]);

const portGroupShape = map('port group', [
  {
    name: 'tcp',
    usual: true,
    shape: rulePorts,
    doc: 'The TCP ports, or `any`.',
    example: '[135, 445]',
    unit: 'TCP ports',
  },
  { name: 'udp', shape: rulePorts, doc: 'The UDP ports, or `any`.', example: '135', unit: 'UDP ports' },
  { name: 'icmp', shape: boolean, doc: 'ICMP echo (ping).', default: false, example: 'true' },
]);

const addressGroupShape: ListShape = list(
  { kind: 'reference', to: ['zone', 'server', 'clients', 'address-group'], networks: true },
  { single: true },
);

const policyEnds: readonly Key[] = [
  {
    name: 'from',
    usual: true,
    shape: ruleEnd,
    doc: 'Who opens the connection, as in a firewall rule.',
    required: true,
    example: 'internet',
  },
  {
    name: 'to',
    usual: true,
    shape: ruleEnd,
    doc: 'Who is reached, as in a firewall rule.',
    required: true,
    example: 'hq',
  },
];

const policyShape = map('policy', [
  {
    name: 'name',
    usual: true,
    shape: text,
    doc: 'The name of the policy, used in messages.',
    example: 'No SMB from the internet',
  },
  ...policyEnds,
  {
    name: 'tcp',
    usual: true,
    shape: rulePorts,
    doc: 'The TCP ports, or `any`.',
    example: '445',
    unit: 'TCP ports',
  },
  { name: 'udp', shape: rulePorts, doc: 'The UDP ports, or `any`.', example: '137-139', unit: 'UDP ports' },
  {
    name: 'icmp',
    shape: boolean,
    doc: 'ICMP echo (ping). A policy with none of `tcp`, `udp` and `icmp` is about all traffic.',
    default: false,
    example: 'true',
  },
  {
    name: 'except',
    shape: list(map('exception', policyEnds)),
    doc: 'The pairs that are exempt from the policy.',
    example: '[{ from: admins, to: sql01 }]',
  },
]);

/** The words of `configmgr`. */
export const EDITION_WORDS: readonly Word[] = [
  ...EDITION_TABLE.map(({ id, title }) => ({ name: id, doc: title })),
  { name: CURRENT_BRANCH_WORD, doc: `The newest edition, now ${NEWEST_EDITION}.` },
];

/** The sections of the file whose entries carry a name, by the kind of thing they hold. */
export const SECTIONS = {
  zone: 'zones',
  site: 'sites',
  server: 'servers',
  clients: 'clients',
  'boundary-group': 'boundaryGroups',
  'availability-group': 'availabilityGroups',
  firewall: 'firewalls',
  'address-group': 'addressGroups',
  'port-group': 'portGroups',
} as const;

/** Top-level keys that begin so are the author's own: a home for anchors, at which no rule looks. */
export const OWN_KEY = 'x-';

/** The root of the description: the file itself. */
export const FORMAT: MapShape = map('file', [
  {
    name: 'configmgr',
    shape: { kind: 'edition', words: EDITION_WORDS },
    doc: 'The edition of the port catalog that the hierarchy is checked against, or the version of Configuration Manager as its console shows it, such as `2403`.',
    required: true,
    requiredText: 'unless the settings file `.cmtopo.yaml` gives `edition`',
    example: 'current-branch',
  },
  { name: 'name', shape: text, doc: 'The name of the hierarchy.', example: 'Contoso' },
  description,
  {
    name: 'defaults',
    shape: map('defaults', [
      os,
      rpcDynamicPorts,
      {
        name: 'zone',
        shape: reference('zone'),
        doc: 'The zone of every server that names none.',
        example: 'hq',
      },
      {
        name: 'forest',
        shape: text,
        doc: 'The Active Directory forest of every server and client group that names none.',
        example: 'corp.contoso.com',
      },
    ]),
    doc: 'Settings of every server that does not say otherwise.',
    example: '{ os: windows-server-2022, rpcDynamicPorts: 49152-65535 }',
  },
  {
    name: 'zones',
    shape: named('zone', zoneShape),
    doc: 'The network zones by name. Between zones stand firewalls; traffic inside a zone passes none.',
  },
  { name: 'sites', shape: named('site', siteShape), doc: 'The sites by site code: three letters or digits.' },
  {
    name: 'servers',
    shape: named('server', serverShape),
    doc: 'The servers by name, with the roles on them.',
  },
  { name: 'clients', shape: named('clients', clientsShape), doc: 'The client groups by name.' },
  {
    name: 'boundaryGroups',
    shape: named('boundary-group', boundaryGroupShape),
    doc: 'The boundary groups by name: which clients use which site systems. Without any, a group uses what is in its own zone, else what its site has.',
  },
  {
    name: 'availabilityGroups',
    shape: named('availability-group', availabilityGroupShape),
    doc: 'The SQL Server availability groups by name.',
  },
  {
    name: 'firewalls',
    shape: named('firewall', firewallShape),
    doc: 'The firewalls between zones and on machines by name.',
  },
  {
    name: 'addressGroups',
    shape: named('address-group', addressGroupShape),
    doc: 'Lists of addresses, networks, zones, servers, client groups and other address groups by name, for the ends of firewall rules and policies.',
  },
  {
    name: 'portGroups',
    shape: named('port-group', portGroupShape),
    doc: 'Sets of ports by name, for `ports` of firewall rules.',
  },
  {
    name: 'policies',
    shape: list(policyShape),
    doc: 'Traffic that must never pass, whatever the firewall rules say.',
  },
]);

// --- Looking things up -----------------------------------------------------------------------

/** One step from a map or list into it: a key's name or an item's number. */
export type PathStep = string | number;

/** What the format says about a place. */
export interface Place {
  readonly shape: Shape;
  /** The key whose value stands here; undefined at the root, for list items and for chosen names. */
  readonly key?: Key;
  /** The thing that a chosen name stands for, where the last step is one. */
  readonly names?: NamedKind;
}

/** The key of a map by name. */
export function keyOf(shape: MapShape, name: string): Key | undefined {
  return shape.keys.find((key) => key.name === name);
}

/** The one of a shape's alternatives that a map, or that a list, fits; the shape itself where it is no choice. */
export function alternative(shape: Shape, wanted: 'map' | 'list'): Shape | undefined {
  if (shape.kind === 'either') return shape.of.map((one) => alternative(one, wanted)).find((one) => one);
  if (wanted === 'map')
    return shape.kind === 'map' || shape.kind === 'named' || shape.kind === 'reference-map'
      ? shape
      : undefined;
  if (shape.kind === 'ports')
    return { kind: 'list', of: { kind: 'either', of: [port, range] }, single: true };
  return shape.kind === 'list' ? shape : undefined;
}

/**
 * What the format says about the value at a path from the root.
 * @param path key names and item numbers, such as `['servers', 'cm01', 'roles']`
 * @returns undefined where the path leaves the format
 */
export function shapeAt(path: readonly PathStep[]): Place | undefined {
  let place: Place = { shape: FORMAT };
  for (const step of path) {
    if (typeof step === 'number') {
      const within = alternative(place.shape, 'list');
      if (within?.kind !== 'list') return undefined;
      place = { shape: within.of };
      continue;
    }
    const within = alternative(place.shape, 'map');
    if (within?.kind === 'named') {
      place = { shape: within.of, names: within.names };
    } else if (within?.kind === 'reference-map') {
      place = { shape: within.of };
    } else if (within?.kind === 'map') {
      const key = keyOf(within, step);
      if (key === undefined) return undefined;
      place = { shape: key.shape, key };
    } else {
      return undefined;
    }
  }
  return place;
}

/** Whether a word, key or role belongs to an edition; everything does where no edition is known. */
export function inEdition(
  thing: { readonly editions?: readonly Edition[] },
  edition: Edition | undefined,
): boolean {
  return edition === undefined || thing.editions === undefined || thing.editions.includes(edition);
}
