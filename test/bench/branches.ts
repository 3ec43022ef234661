// A company with many branches, as boundary groups describe them: the same text for the same number.

/** Branches and clients of the file that the benchmark measures. */
export const BRANCHES = { count: 60, clients: 20_000 } as const;

const CLIENTS_OF_BRANCH = 300;

/**
 * Makes a topology file without findings: one primary site, a distribution point, a client group and a boundary
 * group in each branch, a server in the perimeter network, a gateway, and firewalls between.
 */
export function generateBranches({
  count,
  clients,
}: Readonly<Record<keyof typeof BRANCHES, number>>): string {
  const branches = Array.from({ length: count }, (_, index) => ({
    name: `branch-${index + 1}`,
    net: `10.${index + 1}`,
  }));
  const lines = (line: (branch: (typeof branches)[number]) => string) => branches.map(line).join('\n');
  const all = (prefix: string) => `[${branches.map(({ name }) => `${prefix}-${name}`).join(', ')}]`;
  return `# A generated company with ${count} branches.
configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.0.0.0/16] }
  perimeter: { networks: [198.51.100.0/24] }
  internet: { internet: true }
${lines(({ name, net }) => `  ${name}: { networks: [${net}.0.0/16] }`)}
sites:
  PS1: { type: primary, database: { server: sql01 } }
servers:
  cm01: { site: PS1, zone: hq, addresses: [10.0.0.10], roles: { site-server: , sms-provider: , service-connection-point: } }
  sql01: { zone: hq, addresses: [10.0.0.11], roles: { sql-server: } }
  mp01:
    site: PS1
    zone: hq
    addresses: [10.0.0.12]
    roles:
      management-point: { protocol: https, cloudManagementGateway: true }
      software-update-point: { ssl: true, cloudManagementGateway: true }
  cmg01: { site: PS1, zone: hq, addresses: [10.0.0.13], roles: { cloud-management-gateway-connection-point: { virtualMachines: 2 } } }
  dc01: { zone: hq, addresses: [10.0.0.2], roles: { domain-controller: { globalCatalog: true }, dns-server: , dhcp-server: } }
  out01:
    site: PS1
    zone: perimeter
    forest: perimeter.contoso.com
    addresses: [198.51.100.10]
    siteServerInitiates: true
    roles:
      management-point: { protocol: https, clients: internet }
      distribution-point: { protocol: https, clients: internet }
${lines(({ name, net }) => `  dp-${name}: { site: PS1, zone: ${name}, addresses: [${net}.0.10], roles: { distribution-point: { protocol: https } } }`)}
clients:
${lines(({ name, net }) => `  pcs-${name}: { site: PS1, zone: ${name}, networks: [${net}.64.0/18], count: ${CLIENTS_OF_BRANCH}, installation: [group-policy] }`)}
  laptops: { site: PS1, zone: internet, count: ${clients - count * CLIENTS_OF_BRANCH} }
boundaryGroups:
${lines(({ name }) => `  ${name}: { members: [${name}], servers: [dp-${name}, mp01] }`)}
firewalls:
  wan:
    between:
${lines(({ name }) => `      - [hq, ${name}]`)}
    rules:
      - { action: allow, from: cm01, to: ${all('dp')}, tcp: [135, 445, 49152-65535], udp: 135 }
      - { action: allow, from: ${all('pcs')}, to: mp01, tcp: [443, 8530, 8531, 10123] }
      - { action: allow, from: ${all('dp')}, to: mp01, tcp: 443 }
      - { action: allow, from: ${all('pcs')}, to: dc01, tcp: [53, 88, 3268], udp: [53, 67-68] }
      - { action: allow, from: ${all('dp')}, to: dc01, tcp: [53, 88], udp: 53 }
  edge:
    zones: [hq, perimeter, internet]
    rules:
      - { action: allow, from: [cm01, mp01], to: internet, tcp: [80, 443] }
      - { action: allow, from: cmg01, to: internet, tcp: [443, 10124-10125] }
      - { action: allow, from: cm01, to: out01, tcp: [135, 445, 49152-65535], udp: 135 }
      - { action: allow, from: out01, to: sql01, tcp: 1433 }
      - { action: allow, from: laptops, to: out01, tcp: [443, 10123] }
`;
}
