// The words that people use for names of the format: abbreviations of roles, words of the console and of other
// tools. One table for the check, completion and the fix.
import { nearWords } from '../text/near.ts';

/**
 * What a spoken word may mean: keys, roles, sections and words of the format. Which of them counts is decided by
 * the place, as `ip` is `addresses` of a server and `networks` of a zone. Spoken words are in lower case, without
 * spaces, `-`, `_` and `.`.
 */
export const SPOKEN: Readonly<Record<string, readonly string[]>> = {
  // Roles of Configuration Manager
  siteserver: ['site-server'],
  primarysiteserver: ['site-server'],
  smsprov: ['sms-provider'],
  provider: ['sms-provider'],
  adminservice: ['sms-provider'],
  mp: ['management-point'],
  dp: ['distribution-point'],
  pulldp: ['distribution-point'],
  pulldistributionpoint: ['distribution-point'],
  fsp: ['fallback-status-point'],
  sup: ['software-update-point'],
  smp: ['state-migration-point'],
  usmt: ['state-migration-point'],
  rsp: ['reporting-services-point'],
  srsp: ['reporting-services-point'],
  ssrs: ['reporting-services-point'],
  reporting: ['reporting-services-point', 'reporting-point'],
  reports: ['reporting-services-point', 'reporting-point'],
  reportserver: ['reporting-services-point', 'reporting-point'],
  aisp: ['asset-intelligence-synchronization-point'],
  assetintelligence: ['asset-intelligence-synchronization-point'],
  // Endpoint protection points and enrollment proxy points share their initials.
  epp: ['endpoint-protection-point', 'enrollment-proxy-point'],
  endpointprotection: ['endpoint-protection-point'],
  scp: ['service-connection-point'],
  serviceconnection: ['service-connection-point'],
  crp: ['certificate-registration-point'],
  ep: ['enrollment-point', 'endpoint-protection-point'],
  cmg: ['cloud-management-gateway-connection-point', 'cloudManagementGateway'],
  cmgcp: ['cloud-management-gateway-connection-point'],
  cmgconnectionpoint: ['cloud-management-gateway-connection-point'],
  cloudgateway: ['cloud-management-gateway-connection-point', 'cloudManagementGateway'],
  allowcmg: ['cloudManagementGateway'],
  allowcmgtraffic: ['cloudManagementGateway'],
  dwsp: ['data-warehouse-service-point'],
  datawarehouse: ['data-warehouse-service-point'],
  ndes: ['network-device-enrollment-service'],
  scep: ['network-device-enrollment-service'],
  adminconsole: ['console'],
  // Roles of the year 2007
  slp: ['server-locator-point'],
  psp: ['pxe-service-point'],
  shvp: ['system-health-validator-point'],
  shv: ['system-health-validator-point'],
  rp: ['reporting-point', 'reporting-services-point'],
  bdp: ['branch-distribution-point'],
  // Infrastructure
  sql: ['sql-server', 'database'],
  mssql: ['sql-server'],
  dc: ['domain-controller'],
  dcs: ['domainControllers'],
  adds: ['domain-controller'],
  activedirectory: ['domain-controller'],
  gc: ['globalCatalog'],
  ca: ['certification-authority'],
  pki: ['certification-authority'],
  adcs: ['certification-authority'],
  certificateauthority: ['certification-authority'],
  dns: ['dns-server'],
  dhcp: ['dhcp-server'],
  fs: ['file-server'],
  share: ['file-server'],
  fileshare: ['file-server'],
  // The role of a software update point is WSUS with Configuration Manager on top.
  wsus: ['software-update-point', 'wsus-server'],
  exchange: ['exchange-server', 'exchange-server-connector'],
  exchangeconnector: ['exchange-server-connector'],
  // Sections
  machines: ['servers'],
  hosts: ['servers', 'hosts'],
  computers: ['clients', 'hosts'],
  clientgroups: ['clients'],
  networks: ['zones', 'networks'],
  vlans: ['zones', 'networks'],
  segments: ['zones'],
  boundaries: ['boundaryGroups'],
  ags: ['availabilityGroups'],
  availabilitygroup: ['availabilityGroups', 'availabilityGroup'],
  ag: ['availabilityGroup'],
  fw: ['firewalls'],
  services: ['portGroups', 'ports', 'tcp'],
  servicegroups: ['portGroups'],
  objects: ['addressGroups'],
  objectgroups: ['addressGroups'],
  edition: ['configmgr'],
  version: ['configmgr'],
  // Machines and networks
  ip: ['addresses', 'networks'],
  ips: ['addresses', 'networks'],
  ipaddress: ['addresses'],
  ipaddresses: ['addresses'],
  address: ['addresses'],
  subnet: ['networks'],
  subnets: ['networks'],
  cidr: ['networks'],
  cidrs: ['networks'],
  network: ['networks'],
  segment: ['zone'],
  vlan: ['zone'],
  hostname: ['fqdn'],
  dnsname: ['fqdn'],
  publicip: ['publicAddresses'],
  publicips: ['publicAddresses'],
  externaladdress: ['publicAddresses'],
  externaladdresses: ['publicAddresses'],
  nat: ['publicAddresses'],
  operatingsystem: ['os'],
  rpc: ['rpcDynamicPorts'],
  rpcports: ['rpcDynamicPorts'],
  rpcrange: ['rpcDynamicPorts'],
  dynamicports: ['rpcDynamicPorts'],
  dynamicrpcports: ['rpcDynamicPorts'],
  webproxy: ['proxy'],
  sitecode: ['site'],
  assignedsite: ['site'],
  // Sites
  sitetype: ['type'],
  parentsite: ['parent'],
  db: ['database'],
  sitedatabase: ['database'],
  sqlserver: ['server', 'sql-server'],
  instancename: ['instance'],
  wol: ['wakeOnLan'],
  library: ['contentLibrary'],
  remotecontentlibrary: ['contentLibrary'],
  ssbport: ['serviceBrokerPort'],
  servicebroker: ['serviceBrokerPort'],
  // Clients
  clientcount: ['count'],
  number: ['count'],
  install: ['installation'],
  installationmethod: ['installation'],
  installationmethods: ['installation'],
  clientpush: ['client-push'],
  push: ['client-push'],
  gpo: ['group-policy', 'group-policy-installation'],
  grouppolicy: ['group-policy', 'group-policy-installation'],
  swd: ['software-distribution'],
  wakeup: ['wake-up-proxy'],
  peercache: ['windows-pe-peer-cache'],
  neighbors: ['fallback'],
  neighbours: ['fallback'],
  sitesystems: ['servers'],
  // Firewall rules
  source: ['from'],
  sources: ['from'],
  src: ['from'],
  destination: ['to'],
  destinations: ['to'],
  dest: ['to'],
  dst: ['to'],
  target: ['to'],
  port: ['tcp', 'udp', 'ports'],
  service: ['ports', 'tcp'],
  ping: ['icmp'],
  comment: ['description'],
  comments: ['description'],
  note: ['description'],
  notes: ['description'],
  remark: ['description'],
  remarks: ['description'],
  expiry: ['expires'],
  until: ['expires'],
  validuntil: ['expires'],
  change: ['ticket'],
  changerequest: ['ticket'],
  lastreviewed: ['reviewed'],
  accept: ['allow'],
  permit: ['allow'],
  pass: ['allow'],
  block: ['deny'],
  drop: ['deny'],
  reject: ['deny'],
  all: ['any'],
  // Words
  cas: ['central-administration'],
  ehttp: ['enhanced-http'],
  mu: ['microsoft-update'],
  windowsupdate: ['microsoft-update'],
  o365: ['exchange-online'],
  office365: ['exchange-online'],
  vmss: ['scale-set'],
  cloudservice: ['classic'],
  ent: ['enterprise'],
  std: ['standard'],
  macos: ['mac'],
  mobile: ['mobile-device'],
  smb: ['file-and-printer-sharing'],
  rdp: ['remote-desktop'],
};

/** A word as the table has it. */
const plain = (word: string): string => word.toLowerCase().replace(/[\s._-]/g, '');

/** What somebody may have meant by a word that a place of the format does not have. */
export interface Suggestion {
  /** The likeliest first. */
  readonly names: readonly string[];
  /** It has one meaning here: the only one of the table, or the only name within two edits. */
  readonly certain: boolean;
}

/** The names of a place that a word stands for: those spelled alike but for case and hyphens, and those of the table. */
export function meanings(word: string, names: readonly string[]): readonly string[] {
  const wanted = plain(word);
  if (wanted === '') return [];
  const alike = names.filter((name) => plain(name) === wanted);
  if (alike.length > 0) return alike;
  const spoken = Object.hasOwn(SPOKEN, wanted) ? (SPOKEN[wanted] ?? []) : [];
  return spoken.filter((name) => names.includes(name));
}

/**
 * What a word may have meant.
 * @param names that the place has
 * @param taken those of them that are there already: a name that is there is not meant once more
 */
export function suggest(
  word: string,
  names: readonly string[],
  taken: ReadonlySet<string | undefined> = new Set(),
): Suggestion {
  const meant = meanings(word, names);
  const found = meant.length > 0 ? meant : nearWords(word, names);
  const [first] = found;
  if (first === undefined || taken.has(first)) return { names: [], certain: false };
  return { names: found.filter((name) => !taken.has(name)), certain: found.length === 1 };
}

/** The words of the table that may mean a name, for an editor that narrows its list by what is typed. */
export function spokenFor(name: string): readonly string[] {
  return Object.keys(SPOKEN).filter((word) => SPOKEN[word]?.includes(name));
}
