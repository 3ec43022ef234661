// Where some mistakes in the test hierarchies must be found, written down by hand: to work it out would be to do
// the checker's own work again.

export interface Places {
  /** The servers that somebody calls over dynamic RPC and that have no range of their own. */
  readonly calledOverRpc: readonly string[];
  /** What is found when a rule of a firewall, by its name, is taken out: each code, and the key or item of its finding. */
  readonly withoutRule?: Readonly<Record<string, readonly Found[]>>;
  /** The client groups of which it is not known what they use, without the boundary groups. */
  readonly withoutBoundaryGroups?: readonly string[];
}

type Found = readonly [code: string, key: string];

const BLOCKED = 'firewall-blocked';
const OPTIONAL = 'firewall-blocked-optional';
const INSTALLATION = 'firewall-blocked-installation';
const WINDOWS = 'firewall-blocked-windows';
/** Client notification falls back to the ports of the management point, and has a code of its own. */
const MANAGEMENT_POINT = (server: string): readonly Found[] => [
  [BLOCKED, `servers.${server}.roles.management-point`],
  [OPTIONAL, `servers.${server}.roles.management-point`],
];

/** By the name of the file. */
export const PLACES: Readonly<Record<string, Places>> = {
  'azure-load-balancer.topology.yaml': { calledOverRpc: ['sqlvm1', 'sqlvm2', 'dc01'] },
  'branch-boundary-groups.topology.yaml': {
    calledOverRpc: [
      'cm01',
      'mp01',
      'dp-office',
      'cmg01',
      'dc01',
      'dp-akron',
      'dp-chester',
      'dp-eugene',
      'dp-galena',
      'dp-irvine',
      'dp-kenton',
    ],
    withoutRule: {
      'Content to the depots': [[BLOCKED, 'servers.cm01.roles.site-server']],
      'Policy and updates': MANAGEMENT_POINT('mp01'),
      'boise to its neighbor': [[BLOCKED, 'servers.dp-akron.roles.distribution-point']],
      'denver to its neighbor': [[BLOCKED, 'servers.dp-chester.roles.distribution-point']],
      'fresno to its neighbor': [[BLOCKED, 'servers.dp-eugene.roles.distribution-point']],
      'helena to its neighbor': [[BLOCKED, 'servers.dp-galena.roles.distribution-point']],
      'juneau to its neighbor': [[BLOCKED, 'servers.dp-irvine.roles.distribution-point']],
      'laredo to its neighbor': [[BLOCKED, 'servers.dp-kenton.roles.distribution-point']],
      'Content of head office': [[OPTIONAL, 'servers.dp-office.roles.distribution-point']],
      'Status of content': [[BLOCKED, 'servers.mp01.roles.management-point']],
      'Depots to the gateway': [[BLOCKED, 'firewalls.lines']],
      Domain: [
        [BLOCKED, 'servers.dc01.roles.domain-controller'],
        [WINDOWS, 'servers.dc01.roles.domain-controller'],
      ],
      'Domain for servers': [[WINDOWS, 'servers.dc01.roles.domain-controller']],
      'Cloud services and updates': [[BLOCKED, 'servers.cm01.roles.service-connection-point']],
      'Connection point': [[BLOCKED, 'servers.cmg01.roles.cloud-management-gateway-connection-point']],
      Gateway: [[BLOCKED, 'firewalls.edge']],
    },
  },
  'branches.topology.yaml': {
    calledOverRpc: [
      'cm01',
      'sql01',
      'mp01',
      'mp02',
      'sup01',
      'dc01',
      'dc02',
      'dp-akron',
      'dp-boise',
      'dp-chester',
      'dp-denver',
      'dp-eugene',
      'dp-fresno',
      'dp-galena',
      'dp-helena',
      'dp-irvine',
      'dp-juneau',
      'dp-kenton',
      'dp-laredo',
    ],
    withoutRule: {
      'Content to the shops': [[BLOCKED, 'servers.cm01.roles.site-server']],
      Policy: MANAGEMENT_POINT('mp01'),
      'Status of installations': [[BLOCKED, 'servers.mp02.roles.fallback-status-point']],
      Updates: [[BLOCKED, 'servers.sup01.roles.software-update-point']],
      'Status of content': [[BLOCKED, 'servers.dp-akron.roles.distribution-point']],
      'Domain for the tills': [
        [BLOCKED, 'servers.dc01.roles.domain-controller'],
        [WINDOWS, 'servers.dc01.roles.dns-server'],
      ],
      'Domain for the servers': [[WINDOWS, 'servers.dc01.roles.dns-server']],
      Leases: [[WINDOWS, 'servers.dhcp01.roles.dhcp-server']],
      'Updates and cloud services': [[BLOCKED, 'servers.cm01.roles.service-connection-point']],
    },
  },
  'campus.topology.yaml': {
    calledOverRpc: ['cm01', 'mp01', 'pxe01', 'dc01'],
    withoutRule: {
      'Policy and content': MANAGEMENT_POINT('mp01'),
      'Large content': [[OPTIONAL, 'servers.pxe01.roles.distribution-point']],
      'PXE with the answers of TFTP': [[BLOCKED, 'servers.pxe01.roles.distribution-point']],
      'Answers of TFTP': [['tftp-reply-ports', 'firewalls.campus.rules.2']],
      'Global catalog': [[BLOCKED, 'servers.dc01.roles.domain-controller']],
      'Kerberos and DHCP': [[WINDOWS, 'servers.dc01.roles.domain-controller']],
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
  'gateway-alone.topology.yaml': {
    calledOverRpc: ['cm01', 'mp01', 'cmgcp01', 'dc01'],
    withoutRule: {
      'Cloud services': [[BLOCKED, 'servers.cm01.roles.service-connection-point']],
      Gateway: [[BLOCKED, 'servers.cmgcp01.roles.cloud-management-gateway-connection-point']],
      'Web proxy': [],
      'Visitors to the gateway': [[BLOCKED, 'clients.visitors']],
    },
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
  'hospital.topology.yaml': {
    withoutBoundaryGroups: ['carts', 'monitors'],
    calledOverRpc: ['cm01', 'mp01', 'mp02', 'dc01', 'dc02'],
    withoutRule: {
      'Server rooms': [[BLOCKED, 'servers.cm01.roles.site-server']],
      'Server rooms back': [[BLOCKED, 'servers.mp02.roles.management-point']],
      'Database of the second room': [[BLOCKED, 'servers.mp02.roles.management-point']],
      'Update points': [[BLOCKED, 'servers.mp02.roles.software-update-point']],
      'Policy and updates': [
        [OPTIONAL, 'servers.mp01.roles.management-point'],
        [BLOCKED, 'servers.mp01.roles.distribution-point'],
      ],
      'Setup share': [[INSTALLATION, 'servers.mp01.roles.management-point']],
      'PXE with the answers of TFTP': [[BLOCKED, 'servers.mp01.roles.distribution-point']],
      'Answers of TFTP': [['tftp-reply-ports', 'firewalls.core.rules.6']],
      'Wake On LAN': [[BLOCKED, 'servers.cm01.roles.site-server']],
      Domain: [
        [BLOCKED, 'servers.dc01.roles.domain-controller'],
        [WINDOWS, 'servers.dc01.roles.dns-server'],
      ],
      Leases: [[WINDOWS, 'servers.dc01.roles.dhcp-server']],
    },
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
  'listener.topology.yaml': {
    withoutBoundaryGroups: ['staff'],
    calledOverRpc: ['cme', 'cmw', 'sqle', 'sqlw', 'mpe', 'mpw', 'supe', 'supw', 'dce', 'dcw'],
    withoutRule: {
      'Site servers': [[BLOCKED, 'servers.cme.roles.site-server']],
      'Content library': [[BLOCKED, 'servers.cmw.roles.site-server']],
      'Site systems': [[BLOCKED, 'servers.cme.roles.site-server']],
      'Site systems back': [[BLOCKED, 'servers.mpe.roles.management-point']],
      'Update points back': [[BLOCKED, 'servers.supe.roles.service-connection-point']],
      Updates: [[BLOCKED, 'servers.cme.roles.site-server']],
      'Listener and replicas': [[BLOCKED, 'servers.cme.roles.site-server']],
      'Installation of the replicas': [[INSTALLATION, 'servers.cme.roles.site-server']],
      'Between the replicas': [[BLOCKED, 'servers.sqle.roles.sql-server']],
      'Database of WSUS': [
        [OPTIONAL, 'servers.cmw.roles.site-server'],
        [BLOCKED, 'servers.supw.roles.software-update-point'],
      ],
    },
  },
  'mobile-devices.topology.yaml': { calledOverRpc: ['cm01', 'enroll01', 'catalog01', 'sql01', 'dc01'] },
  'perimeter.topology.yaml': {
    calledOverRpc: ['cm01', 'sql01', 'mp01', 'sup01', 'enroll01', 'dc01', 'dcp01'],
    withoutRule: {
      'Client push': [['client-push-blocked', 'clients.desktops.installation.0']],
      'Policy and content': [
        [OPTIONAL, 'servers.mp01.roles.management-point'],
        [BLOCKED, 'servers.mp01.roles.distribution-point'],
      ],
      'User state': [[BLOCKED, 'servers.mp01.roles.state-migration-point']],
      'PXE with the answers of TFTP': [[BLOCKED, 'servers.mp01.roles.distribution-point']],
      'Answers of TFTP': [['tftp-reply-ports', 'firewalls.core.rules.3']],
      Updates: [[BLOCKED, 'servers.sup01.roles.software-update-point']],
      Domain: [
        [BLOCKED, 'servers.dc01.roles.domain-controller'],
        [WINDOWS, 'servers.dc01.roles.dns-server'],
      ],
      'Site server to the perimeter': [[BLOCKED, 'servers.cm01.roles.site-server']],
      'Management point to the database': [[BLOCKED, 'servers.ibmp01.roles.management-point']],
      'Update point to its upstream': [[BLOCKED, 'servers.ibdp01.roles.software-update-point']],
      'Updates to the perimeter': [[BLOCKED, 'servers.cm01.roles.site-server']],
      Enrollment: [[BLOCKED, 'servers.ibdp01.roles.enrollment-proxy-point']],
      'Policy for the internet': [
        [OPTIONAL, 'servers.ibmp01.roles.management-point'],
        [BLOCKED, 'servers.ibmp01.roles.fallback-status-point'],
      ],
      'Content and updates for the internet': [
        [BLOCKED, 'servers.ibdp01.roles.distribution-point'],
        [BLOCKED, 'servers.ibdp01.roles.enrollment-proxy-point'],
      ],
      'Cloud services and updates': [[BLOCKED, 'servers.cm01.roles.service-connection-point']],
    },
  },
  'several-forests.topology.yaml': {
    calledOverRpc: ['cm01', 'sql01', 'dc01', 'dc02', 'dctrust', 'dp-trust', 'dcacq'],
    withoutRule: {
      'Site systems elsewhere': [[BLOCKED, 'servers.cm01.roles.site-server']],
      'Untrusted site system': [[BLOCKED, 'servers.cm01.roles.site-server']],
      'Site systems to the site server': [[BLOCKED, 'servers.dp-trust.roles.management-point']],
      'Management points to the database': [[BLOCKED, 'servers.sql01.roles.sql-server']],
      Publishing: [[BLOCKED, 'servers.cm01.roles.site-server']],
      Instruments: [
        [INSTALLATION, 'servers.cm01.roles.management-point'],
        [OPTIONAL, 'servers.cm01.roles.management-point'],
        [BLOCKED, 'servers.cm01.roles.distribution-point'],
      ],
      'Names for instruments': [[WINDOWS, 'servers.dc01.roles.dns-server']],
      'Source of the client': [[INSTALLATION, 'clients.alpine']],
    },
  },
  'shared-sql.topology.yaml': { calledOverRpc: ['sql01', 'dc01'] },
  'standalone-primary.topology.yaml': { calledOverRpc: ['cm01', 'mp01', 'sup01', 'sql01', 'dc01'] },
  'untrusted-forests.topology.yaml': {
    calledOverRpc: ['cm01', 'sub01', 'lab01', 'dc01', 'dcsub', 'dclab'],
  },
};
