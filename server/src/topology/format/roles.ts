// The roles of the format with their options.

import { type Edition, editionsBetween } from '../../catalog/editions.ts';
import { MULTICAST_PORTS, PORTS } from '../../catalog/numbers.ts';
import type { OptionValue } from '../model.ts';
import {
  boolean,
  instance,
  type Key,
  list,
  map,
  named,
  port,
  type RoleInfo,
  range,
  reference,
  words,
} from './shapes.ts';

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
  doc: 'Which of the documented HTTP and HTTPS connections the role uses.',
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
  doc: 'Which clients can use this site system. `internet` and `both` need HTTPS and a primary site; a fallback status point always uses HTTP.',
  default: 'intranet',
  example: 'both',
};

const throughGateway: Key = {
  name: 'cloudManagementGateway',
  shape: boolean,
  doc: 'Accepts client traffic from the cloud management gateway: the setting ‘Allow Configuration Manager cloud management gateway traffic’.',
  default: false,
  example: 'true',
};

const webPorts: readonly Key[] = [
  httpPort(PORTS.http, 'The HTTP port of the role’s website.'),
  httpsPort(PORTS.https, 'The HTTPS port of the role’s website.'),
];

const updatePorts: readonly Key[] = [
  httpPort(
    PORTS.wsusHttp,
    'The HTTP port of the WSUS website: 8530 for the custom website, 80 for the default website. It is used with SSL too, because licence texts are downloaded over HTTP.',
  ),
  httpsPort(
    PORTS.wsusHttps,
    'The HTTPS port of the WSUS website. It must be the HTTP port plus one, except that HTTP 80 goes with HTTPS 443.',
  ),
  {
    name: 'ssl',
    shape: boolean,
    doc: 'WSUS uses SSL: metadata goes over the HTTPS port, content and licence texts over the HTTP port.',
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
    doc: 'The static TCP port that the instance listens on. Configuration Manager needs one: no firewall rule can allow a port that changes each time the instance starts.',
    defaultText: '1433 for `MSSQLSERVER`, none for a named instance',
    example: '1433',
    unit: 'TCP port',
  },
  {
    name: 'serviceBrokerPort',
    shape: port,
    doc: 'The TCP port of SQL Server Service Broker, over which the databases of parent and child sites replicate.',
    default: PORTS.serviceBroker,
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
    doc: 'SQL Server chooses a port each time it starts. Configuration Manager does not support this.',
    default: false,
    example: 'true',
  },
]);

const updateDatabase = roleDatabase(
  'database',
  'The SQL Server instance of the WSUS database, if it is not on this machine.',
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
          doc: 'A site server in passive mode, which can take over if the active one fails.',
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
          editions: editionsBetween('2025-12', undefined),
        },
      ],
    },
  ),
  role(
    'management-point',
    'Gives clients their policy and the locations of content, and receives their inventory, state and status.',
    {
      options: [
        protocol,
        servedClients,
        throughGateway,
        roleDatabase(
          'databaseReplica',
          'A replica of the site database, which this management point queries instead of the site database itself.',
        ),
      ],
    },
  ),
  role(
    'distribution-point',
    'Stores packages, applications, updates and images for clients to download. It can answer PXE requests and send images by multicast.',
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
          doc: 'Answers PXE requests, so that computers can start from the network: DHCP, TFTP and BINL ports. `true` or `wds` is with Windows Deployment Services, `responder` without it.',
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
          doc: 'The UDP ports for multicast, lowest to highest.',
          default: MULTICAST_PORTS,
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
          doc: 'Has Microsoft Connected Cache, which downloads Microsoft’s content from the internet and serves it to clients.',
          default: false,
          example: 'true',
        },
      ],
    },
  ),
  role(
    'fallback-status-point',
    'Receives state messages over HTTP from clients that cannot reach a management point, for example during installation.',
    { options: [servedClients] },
  ),
  role(
    'software-update-point',
    'Uses WSUS for the site: it synchronises the update catalog, and clients scan against it.',
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
              {
                name: 'none',
                doc: 'It does not synchronise over the network: updates are imported by hand.',
              },
            ],
          },
          doc: 'Where it synchronises from: a server with the role `wsus-server` or `software-update-point`, `microsoft-update`, or `none`.',
          defaultText: 'the software update points of the parent site; at the top site, Microsoft Update',
          example: 'microsoft-update',
        },
      ],
    },
  ),
  role('state-migration-point', 'Stores the user state of computers while they get a new operating system.', {
    options: [protocol],
  }),
  role('reporting-services-point', 'Runs reports through SQL Server Reporting Services.', {
    options: [
      ...webPorts,
      protocol,
      roleDatabase('database', 'The SQL Server instance of the report server database.'),
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
    'Gives the application catalog website the list of software from the site’s Software Library.',
    {
      options: [...webPorts, protocol],
      editions: APPLICATION_CATALOG,
    },
  ),
  role(
    'asset-intelligence-synchronization-point',
    'Downloads the Asset Intelligence catalog from Microsoft. A hierarchy has only one, at its top site.',
    { editions: CURRENT_BRANCH },
  ),
  role(
    'endpoint-protection-point',
    'Holds the licence terms and the protection service membership of Endpoint Protection. A hierarchy has only one, at its top site.',
    { editions: CURRENT_BRANCH },
  ),
  role(
    'service-connection-point',
    'Connects the hierarchy to Microsoft’s cloud services: updates for Configuration Manager, usage data, Intune. A hierarchy has only one, at its top site.',
    {
      options: [
        {
          name: 'offline',
          shape: boolean,
          doc: 'It runs in offline mode and does not connect to the internet.',
          default: false,
          example: 'true',
        },
      ],
      editions: CURRENT_BRANCH,
    },
  ),
  role(
    'certificate-registration-point',
    'Receives the certificate requests of devices from the policy module on the Network Device Enrollment Service.',
    {
      options: [httpsPort(PORTS.https, 'The HTTPS port of the role’s website.')],
      editions: CURRENT_BRANCH,
    },
  ),
  role(
    'enrollment-point',
    'Enrolls mobile devices and Mac computers with certificates from the company’s own certification authority.',
    {
      options: [httpsPort(PORTS.https, 'The HTTPS port of the role’s website.')],
      editions: CURRENT_BRANCH,
    },
  ),
  role(
    'enrollment-proxy-point',
    'Receives the enrollment requests of mobile devices and Mac computers and passes them to an enrollment point.',
    {
      options: [httpsPort(PORTS.https, 'The HTTPS port of the role’s website.')],
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
        doc: 'What it connects to: a server with the role `exchange-server`, or `exchange-online`.',
        example: 'exchange-online',
      },
    ],
    editions: CURRENT_BRANCH,
  }),
  role(
    'cloud-management-gateway-connection-point',
    'Maintains the connection from the site to its cloud management gateway in Azure.',
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
          doc: 'How many virtual machines the gateway has. Each additional one uses further ports.',
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
    'Copies historical data of the site to a data warehouse database for reports.',
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
        doc: 'Administrators use remote control of clients from this console.',
        default: true,
        example: 'false',
      },
    ],
  }),
  role(
    'sql-server',
    'SQL Server, with the instances for site databases. Without `instances`, it has the default instance `MSSQLSERVER` on port 1433.',
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
          doc: 'The SQL Server Browser service runs here and tells clients of SQL Server the port of a named instance.',
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
        doc: 'It is also a global catalog server and answers on the global catalog ports.',
        default: false,
        example: 'true',
      },
    ],
    infrastructure: true,
  }),
  role('certification-authority', 'The certification authority that issues certificates to devices.', {
    infrastructure: true,
  }),
  role('exchange-server', 'An on-premises Exchange server.', { infrastructure: true }),
  role('file-server', 'A file share, for example the one behind CCMSetup’s `/source:`.', {
    infrastructure: true,
  }),
  role('dns-server', 'A DNS server.', { infrastructure: true }),
  role('dhcp-server', 'A DHCP server.', { infrastructure: true }),
  role(
    'wsus-server',
    'A WSUS server that is not a software update point of this hierarchy, for example an upstream server.',
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
  role('system-health-validator-point', 'Validates the health of clients for Network Access Protection.', {
    editions: ['2007'],
  }),
  role('server-locator-point', 'Tells clients their site and management point if Active Directory cannot.', {
    editions: ['2007'],
  }),
  role('reporting-point', 'Shows reports on a website of Configuration Manager 2007.', {
    options: [protocol],
    editions: ['2007'],
  }),
  role('branch-distribution-point', 'A workstation that stores content for a small office.', {
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
