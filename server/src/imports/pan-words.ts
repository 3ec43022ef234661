// The ports that Palo Alto Networks documents for its own App-IDs and services (Applipedia, 'Standard Ports'), as far
// as they are of this field. `dynamic` is the range of RPC, which the device finds by following the endpoint mapper.
import { portSet } from '../reach/ports.ts';
import { NO_SERVICES, type Services } from './traffic.ts';

export interface App {
  readonly services: Services;
  /** Whether the dynamic RPC ports of the target are among them. */
  readonly isDynamic?: boolean;
}

const ports = (...list: readonly number[]) => portSet(list.map((port) => ({ low: port, high: port })));
const tcp = (...list: readonly number[]): App => ({ services: { ...NO_SERVICES, tcp: ports(...list) } });
const udp = (...list: readonly number[]): App => ({ services: { ...NO_SERVICES, udp: ports(...list) } });
const tcpUdp = (tcpList: readonly number[], udpList: readonly number[] = tcpList): App => ({
  services: { ...NO_SERVICES, tcp: ports(...tcpList), udp: ports(...udpList) },
});
const icmp: App = { services: { ...NO_SERVICES, icmp: true } };
const other: App = { services: { ...NO_SERVICES, other: true } };
const rpc: App = { services: { ...NO_SERVICES, tcp: ports(135) }, isDynamic: true };

/** By the name of the App-ID. */
export const APPS: ReadonlyMap<string, App> = new Map<string, App>(
  Object.entries({
    'active-directory': tcpUdp([135, 389, 445, 3268, 3269], [389]),
    bgp: tcpUdp([179]),
    dhcp: tcpUdp([67, 68]),
    dns: tcpUdp([53], [53, 5353]),
    'dns-base': tcpUdp([53], [53, 5353]),
    esp: other,
    ftp: tcp(21),
    gre: other,
    icmp: icmp,
    ike: udp(500, 4500),
    igmp: other,
    'ipsec-ah': other,
    'ipsec-esp': other,
    'ipv6-icmp': icmp,
    kerberos: tcpUdp([88, 464]),
    ldap: tcpUdp([389, 636, 3268, 3269], [389, 3268]),
    'ms-ds-smb': tcpUdp([139, 445], [445]),
    'ms-ds-smb-base': tcpUdp([139, 445], [445]),
    'ms-ds-smbv1': tcpUdp([139, 445], [445]),
    'ms-ds-smbv2': tcpUdp([139, 445], [445]),
    'ms-ds-smbv3': tcpUdp([139, 445], [445]),
    'ms-kms': tcp(1688),
    'ms-netlogon': {
      services: { ...NO_SERVICES, tcp: ports(135, 139, 445), udp: ports(137, 138, 445) },
      isDynamic: true,
    },
    'ms-rdp': tcpUdp([3389]),
    'ms-sms': tcp(80, 443),
    'ms-update': tcp(80, 443),
    'ms-wmi': rpc,
    msrpc: rpc,
    'msrpc-base': rpc,
    'mssql-db': tcpUdp([1433]),
    'mssql-db-base': tcpUdp([1433]),
    'mssql-db-encrypted': tcpUdp([1433]),
    'mssql-db-unencrypted': tcpUdp([1433]),
    'mssql-mon': udp(1434),
    'netbios-dg': udp(138),
    'netbios-ns': tcpUdp([137]),
    'netbios-ss': tcp(139),
    ntp: tcpUdp([123]),
    'ntp-base': tcpUdp([123]),
    ospf: other,
    ping: icmp,
    ping6: icmp,
    pim: other,
    pop3: tcp(110),
    rpc,
    smtp: tcp(25, 587),
    snmp: tcpUdp([161]),
    'snmp-base': tcpUdp([161]),
    'snmp-trap': tcpUdp([162]),
    soap: tcp(80, 443),
    ssh: tcp(22),
    ssl: tcp(443),
    syslog: tcpUdp([514]),
    telnet: tcp(23),
    tftp: udp(69),
    'web-browsing': tcp(80),
    'windows-azure-base': tcp(80, 443),
    winrm: tcp(5985, 5986),
  } satisfies Readonly<Record<string, App>>),
);

/** Services that every device has; a configuration may say them anew. */
export const PAN_SERVICES: ReadonlyMap<string, Services> = new Map([
  ['service-http', { ...NO_SERVICES, tcp: ports(80, 8080) }],
  ['service-https', { ...NO_SERVICES, tcp: ports(443) }],
]);
