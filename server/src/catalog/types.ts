// The port catalog as the program sees it. The data is in catalog/*.yaml.

import type { Edition, SourceDocument } from './editions.ts';

export { EDITIONS, type Edition, NEWEST_EDITION, type SourceDocument } from './editions.ts';

export type Direction = 'one-way' | 'two-way';
/**
 * When a port is needed: always; while something is installed, after which it may be closed; or by Windows itself
 * rather than by Configuration Manager (the list's table of Windows Server ports).
 */
export const PHASES = ['operation', 'installation', 'windows'] as const;
export type Phase = (typeof PHASES)[number];

/** Where something was read. */
export interface Source {
  readonly edition: Edition;
  /** The id of a document: `ports` for the list itself, else the page's name, such as `internet-endpoints`. */
  readonly document: string;
  /** The section's anchor in it; for the list of 2007 the section's number. */
  readonly anchor: string;
}

/**
 * The setting of the topology file that replaces a documented port.
 * `clientPorts.*`, `wakeOnLan.port` and `wakeUpProxy.port` are the site's, `listener.port` and `endpointPort` the
 * availability group's, the others the target role's or instance's.
 */
export const PORT_SETTINGS = [
  'clientPorts.http',
  'clientPorts.https',
  'clientPorts.notification',
  'wakeOnLan.port',
  'wakeUpProxy.port',
  'httpPort',
  'httpsPort',
  'multicastPorts',
  'instances.port',
  'instances.serviceBrokerPort',
  'listener.port',
  'endpointPort',
] as const;
export type PortSetting = (typeof PORT_SETTINGS)[number];

/**
 * When a row counts: always, unless it says otherwise. The flows layer decides:
 * - `browser`: the target is a named SQL Server instance that clients find by name alone: on another port than the
 *   default one. Where its port is static, the flow is no demand on a firewall (erratum `sql-server-browser`).
 * - `classic-gateway`: the connection point's `gateway` is `classic`.
 * - `cloud-management-gateway`: the hierarchy has a cloud management gateway connection point.
 * - `connected-cache`: the distribution point has `connectedCache`.
 * - `endpoint-port`: the availability group has `endpointPort`.
 * - `gateway-content`: the gateway serves content (`content` at its connection point).
 * - `no-smb-source`: the client group has no `source`.
 * - `online`: the service connection point is not `offline`.
 * - `peer-cache`: the client group has the feature `windows-pe-peer-cache`.
 * - `pptp`: the sites are joined over PPTP (`pptp` at one of them; 2007).
 * - `primary-site`: the site server is a primary site's (2007).
 * - `pxe-responder-ipv6`: the distribution point's `pxe` is `responder`, and it and the client have IPv6 addresses.
 * - `remote-assistance`, `remote-control`, `wake-up-proxy`: the client group has that feature.
 * - `sms-provider-https`: the target's `sms-provider` role has `https` (the administration service).
 * - `smb-source`: the client group has a `source`.
 * - `virtual-machines-one`, `virtual-machines-many`: the connection point's `virtualMachines` is 1, or 2 and more;
 *   see `perVirtualMachine` for the ports of several.
 * - `wake-on-lan`: the site has `wakeOnLan`.
 * - `wsus-database`: the software update point or WSUS server has a SQL Server database, named by `database` or on
 *   its own machine.
 */
export const CONDITIONS = [
  'browser',
  'classic-gateway',
  'cloud-management-gateway',
  'connected-cache',
  'endpoint-port',
  'gateway-content',
  'no-smb-source',
  'online',
  'peer-cache',
  'pptp',
  'primary-site',
  'pxe-responder-ipv6',
  'remote-assistance',
  'remote-control',
  'sms-provider-https',
  'smb-source',
  'virtual-machines-many',
  'virtual-machines-one',
  'wake-on-lan',
  'wake-up-proxy',
  'wsus-database',
] as const;
export type Condition = (typeof CONDITIONS)[number];

/**
 * One row of a source table. Ports are `"443"`, `"63000-64000"`, `"dynamic"` (the dynamic RPC ports of the target)
 * or `"configured"` (no document gives a number, the key in `setting` does).
 */
export interface PortRow {
  readonly service: string;
  readonly udp: readonly string[];
  readonly tcp: readonly string[];
  /** `80 or 8530`: one of the listed ports, not all of them. */
  readonly choice: boolean;
  /** The row refers to a note that says that another port can be configured. */
  readonly alternate: boolean;
  readonly phase: Phase;
  /**
   * Which key of the topology file holds the port in use. Also on a few rows without such a note whose section
   * says that the port is the target's (cloud management gateway connection point, multicast): where `setting`
   * is given, the topology's port counts.
   */
  readonly setting?: PortSetting;
  /** Taken by the serving role's `protocol` (or `ssl` for WSUS). */
  readonly scheme?: 'http' | 'https';
  /** Only towards a domain controller with `globalCatalog: true`. */
  readonly globalCatalog?: boolean;
  /**
   * For deployment tables: who opens the connection, between which roles. Beside roles: `source-server` (the
   * group's `source`) and `setup-share` (the share that CCMSetup.exe is run from: the group's `source` where
   * given, else the share on its management points).
   */
  readonly from?: string;
  readonly to?: string;
  /** Where the rows of one table differ in direction (`internetClients`). */
  readonly direction?: Direction;
  /** Numbers of the notes that the row refers to. */
  readonly notes: readonly number[];
  readonly when?: Condition;
  /** The documents name another way that works without it; `without` says what happens then. */
  readonly optional?: true;
  /** A whole sentence in English, for the reader of a blocked optional connection; translate it with `t`. */
  readonly without?: string;
  /**
   * The id of the erratum that says why the row makes no flow, although it is printed in the list: nothing has to
   * be open for it.
   */
  readonly noFlow?: string;
  /** Goes to the machine's web proxy where it has one. */
  readonly proxy?: true;
  /**
   * The documented ports are a range of which the first so many are used, one for each virtual machine of the
   * gateway: two machines need 10124-10125, not the whole of 10124-10139.
   */
  readonly perVirtualMachine?: true;
}

export interface Connection {
  /** `management-point.sql-server`; with a third part where one pair has several sections. */
  readonly id: string;
  /** A role of the topology format, or a party that is no role: `client`, `internet`, `microsoft`, … */
  readonly from: string;
  readonly to: string;
  /**
   * A narrower kind of the target: distribution points with `multicast` or `pxe`; `pull` (from a distribution
   * point to its source); `global-catalog`; `scale-set` and `classic` gateways (lists before 2025-12 have the
   * classic one alone, whose rows without `classic-gateway` serve for both); `logic-app`; the `wsus` database; the
   * `listener` of an availability group, in place of its replicas; `replica`, from one replica of a group to the
   * others; the `passive` site server of a site, and the active one; the gateway's `storage`.
   */
  readonly variant?: string;
  readonly direction: Direction;
  /** The id of the document that it was read from: `ports`, for a supplement another page's. */
  readonly document: string;
  /** The section's anchor in the source document; for 2007 its number. */
  readonly anchor: string;
  /** The section asks for ICMP echo beside its ports. */
  readonly icmp: boolean;
  /** Notes of the whole section. */
  readonly notes: readonly number[];
  /** In the order of the source. */
  readonly ports: readonly PortRow[];
}

export const AZURE_CLOUDS = ['public', 'us-government'] as const;

/** A name on the internet that some connections ask for. */
export interface EndpointName {
  /** The id of the document that has it, and the section there. */
  readonly document: string;
  readonly section: string;
  /** As the document prints it: with a scheme and a path where it has them. */
  readonly printed: string;
  /** The host: `download.microsoft.com`, `*.akamaiedge.net`; `<name>.…` with the service name of a gateway. */
  readonly name: string;
  /** Of its scheme; without one it is for every port of the connection. */
  readonly port?: number;
  /** Only in this cloud of Azure; files do not say in which one they are. */
  readonly cloud?: (typeof AZURE_CLOUDS)[number];
  /** The ids of the connections behind which it is. */
  readonly connections: readonly string[];
  /** Who needs it beside them, over a connection that no list has. */
  readonly parties: readonly string[];
  readonly when?: Condition;
  /** What it is for, in our words. */
  readonly purpose: string;
}

export interface Deployment {
  /** `all`, or an `installation` method of a client group. */
  readonly method: string;
  /** Every method that the table is for: `method`, and `logon-script` with `manual`. */
  readonly methods: readonly string[];
  readonly anchor: string;
  readonly icmp: boolean;
  readonly ports: readonly PortRow[];
}

export interface ClientFeature {
  readonly feature: string;
  readonly anchor: string;
  /** `tcp/2701`, `udp/9`, or a program or group such as `wmi`. */
  readonly inbound: readonly string[];
  readonly outbound: readonly string[];
  /** Those of `outbound` that are used only where the others do not get through. */
  readonly fallback: readonly string[];
  /** Which key of the site holds the port in use, by entry (`tcp/80`). */
  readonly settings: Readonly<Record<string, PortSetting>>;
  /** ICMP echo between clients is needed too. */
  readonly icmp: boolean;
}

export interface PortTable {
  readonly anchor: string;
  readonly ports: readonly PortRow[];
}

/** Installation and repair of site systems that serve clients on the internet: site server to site system. */
export interface InternetClients {
  readonly anchor: string;
  /** Each row has its `direction` and the phase `installation`. */
  readonly tables: readonly { readonly roles: readonly string[]; readonly ports: readonly PortRow[] }[];
}

/** A place where a document prints another name than the catalog has, of a party or of a row's service. */
export interface Misprint {
  /** The document's file name in the comparison with the sources. */
  readonly document: string;
  readonly anchor: string;
  readonly party?: string;
  readonly service?: string;
  readonly printed: string;
}

export interface Erratum {
  readonly id: string;
  readonly editions: readonly Edition[];
  /** Connection ids, rule codes or role names that it bears on. */
  readonly about: readonly string[];
  readonly sources: readonly string[];
  readonly disagreement: string;
  readonly followed: string;
  readonly why: string;
  readonly misprints: readonly Misprint[];
}

export interface EditionCatalog {
  readonly edition: Edition;
  /** The port list. */
  readonly document: SourceDocument;
  /** The client document (deployment tables, Windows Firewall features); 2007 has none. */
  readonly clientDocument: SourceDocument | undefined;
  /** The document on the ports of client requests; 2007 has none. */
  readonly requestPortDocument: SourceDocument | undefined;
  /** Every document that a `Source` of this edition can name, by its id. */
  readonly documents: ReadonlyMap<string, SourceDocument>;
  /** The port list's notes, by number, in our words. */
  readonly notes: ReadonlyMap<number, string>;
  /** The client document's notes; their numbers are their own. */
  readonly clientNotes: ReadonlyMap<number, string>;
  /** What the list has, in its order. */
  readonly connections: readonly Connection[];
  /**
   * What another document asks for and the list leaves out. An id may be that of a connection of the list, of
   * which the list lacks some rows.
   */
  readonly supplements: readonly Connection[];
  /** The names behind connections to the internet and to cloud services. */
  readonly endpoints: readonly EndpointName[];
  readonly deployment: readonly Deployment[];
  readonly clientFeatures: readonly ClientFeature[];
  /** Rows with `to` name the role that any machine asks; the others are no connections of Configuration Manager. */
  readonly windowsServer: PortTable | undefined;
  readonly clientShares: PortTable | undefined;
  /** Discovery and publishing of site information. */
  readonly discovery: PortTable | undefined;
  /** What an Azure load balancer in front of the site database has to let through. */
  readonly loadBalancer: PortTable | undefined;
  readonly internetClients: InternetClients | undefined;
  readonly errata: readonly Erratum[];
}
