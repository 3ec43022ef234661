// Where some mistakes in the test hierarchies must be found, written down by hand: to work it out would be to do
// the checker's own work again.

export interface Places {
  /** The servers that somebody calls over dynamic RPC and that have no range of their own. */
  readonly calledOverRpc: readonly string[];
  /** What is found when a rule of a firewall, by its name, is taken out: each code, and the key or item of its finding. */
  readonly withoutRule?: Readonly<Record<string, readonly Found[]>>;
}

type Found = readonly [code: string, key: string];

const BLOCKED = 'firewall-blocked';
const OPTIONAL = 'firewall-blocked-optional';
/** Client notification falls back to the ports of the management point, and has a code of its own. */
const MANAGEMENT_POINT = (server: string): readonly Found[] => [
  [BLOCKED, `servers.${server}.roles.management-point`],
  [OPTIONAL, `servers.${server}.roles.management-point`],
];

/** By the name of the file. */
export const PLACES: Readonly<Record<string, Places>> = {
  'azure-load-balancer.topology.yaml': { calledOverRpc: ['sqlvm1', 'sqlvm2', 'dc01'] },
  'campus.topology.yaml': {
    calledOverRpc: ['cm01', 'mp01', 'pxe01', 'dc01'],
    withoutRule: {
      'Policy and content': MANAGEMENT_POINT('mp01'),
      'Large content': [[OPTIONAL, 'servers.pxe01.roles.distribution-point']],
      'PXE with the answers of TFTP': [[BLOCKED, 'servers.pxe01.roles.distribution-point']],
      'Global catalog': [[BLOCKED, 'servers.dc01.roles.domain-controller']],
      'Kerberos and DHCP': [['firewall-blocked-windows', 'servers.dc01.roles.domain-controller']],
      'Wake-up proxy': [['wake-up-proxy-icmp', 'clients.workstations.features.0']],
    },
  },
  // The secondary sites have all their roles on the site server, and nobody beside them calls it.
  'central-administration.topology.yaml': {
    calledOverRpc: [
      'sqlcas',
      'cmeu',
      'sqleu',
      'mpeu1',
      'mpeu2',
      'dceu',
      'dclis',
      'dcopo',
      'cmas',
      'sqlas',
      'mpas',
      'dcas',
      'dcosa',
    ],
  },
  'certificate-profiles.topology.yaml': { calledOverRpc: ['cas01', 'cm01', 'crp01', 'ca01', 'dc01'] },
  'cloud-management-gateway.topology.yaml': {
    calledOverRpc: ['cm01', 'cmg01', 'sql01', 'dc01'],
    withoutRule: {
      'Microsoft cloud services': [[BLOCKED, 'servers.cas01.roles.service-connection-point']],
      Gateway: [[BLOCKED, 'servers.cmg01.roles.cloud-management-gateway-connection-point']],
    },
  },
  'configmgr-2007.topology.yaml': { calledOverRpc: ['cencm', 'censql', 'plcm', 'plsup', 'pldc'] },
  'content.topology.yaml': {
    calledOverRpc: ['dp-staging', 'dp-warehouse', 'dp-shop1', 'dp-shop2', 'dc01'],
  },
  'hierarchy.topology.yaml': {
    calledOverRpc: ['sqlcas', 'cm01', 'mp01', 'sql01', 'sql02', 'dc01', 'dp-branch', 'dc-branch'],
    withoutRule: {
      'Site replication down': [[BLOCKED, 'servers.cm01.roles.site-server']],
      'Site replication up': [[BLOCKED, 'servers.sec01.roles.site-server']],
      'Database down': [[BLOCKED, 'servers.sql01.roles.sql-server']],
      'Database up': [[BLOCKED, 'servers.sec01.roles.sql-server']],
      'Clients to head office': MANAGEMENT_POINT('mp01'),
      'Updates and cloud services': [[BLOCKED, 'servers.cas01.roles.service-connection-point']],
      'Perimeter site system': [[BLOCKED, 'servers.cm02.roles.site-server']],
      'Perimeter to its database': [[BLOCKED, 'servers.pub01.roles.management-point']],
      'Perimeter update catalog': [[BLOCKED, 'servers.pub01.roles.software-update-point']],
      'Internet clients': [
        [OPTIONAL, 'servers.pub01.roles.management-point'],
        [BLOCKED, 'servers.pub01.roles.distribution-point'],
      ],
    },
  },
  'high-availability.topology.yaml': {
    calledOverRpc: ['cm01', 'cm02', 'scp01', 'mp01', 'mp02', 'sql01', 'sql02', 'dc01', 'dc02'],
  },
  // The site systems in the perimeter network have a range of their own.
  'internet-clients.topology.yaml': {
    calledOverRpc: ['dc01'],
    withoutRule: {
      'Site server to the perimeter': [[BLOCKED, 'servers.cm01.roles.site-server']],
      'Perimeter to the database': [[BLOCKED, 'servers.edge01.roles.management-point']],
      'Cloud services': [[BLOCKED, 'servers.cm01.roles.service-connection-point']],
      'Clients to the management point': MANAGEMENT_POINT('edge01'),
      'Clients to content': [[OPTIONAL, 'servers.edge02.roles.distribution-point']],
    },
  },
  'mobile-devices.topology.yaml': { calledOverRpc: ['cm01', 'enroll01', 'catalog01', 'sql01', 'dc01'] },
  'shared-sql.topology.yaml': { calledOverRpc: ['sql01', 'dc01'] },
  'standalone-primary.topology.yaml': { calledOverRpc: ['cm01', 'mp01', 'sup01', 'sql01', 'dc01'] },
  'untrusted-forests.topology.yaml': {
    calledOverRpc: ['cm01', 'sub01', 'lab01', 'dc01', 'dcsub', 'dclab'],
  },
};
