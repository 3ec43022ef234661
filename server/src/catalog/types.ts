// The port catalog as the program sees it. The data stands in catalog/*.yaml.

export const EDITIONS = ['2007', '2017-03', '2017-09', '2025-12'] as const;
export type Edition = (typeof EDITIONS)[number];
/** What `configmgr: current-branch` stands for. */
export const NEWEST_EDITION: Edition = '2025-12';

export type Direction = 'one-way' | 'two-way';
export type Phase = 'operation' | 'installation';

/**
 * The setting of the topology file that replaces a documented port.
 * `clientPorts.*`, `wakeOnLan.port` and `wakeUpProxy.port` are the site's, the others the target role's or instance's.
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
] as const;
export type PortSetting = (typeof PORT_SETTINGS)[number];

/**
 * When a row counts: always, unless it says otherwise. The flows layer decides:
 * - `browser`: the target is a named SQL Server instance on another port than 1433.
 * - `cloud-management-gateway`: always; Azure has to be within reach before the first gateway is deployed.
 * - `express-updates`: always, with the documented port (no key in the format).
 * - `no-smb-source`: the client group has no `source`.
 * - `peer-cache`: clients use Windows PE peer cache; never (no key in the format).
 * - `primary-site`: the site server is a primary site's (2007).
 * - `remote-assistance`, `remote-control`, `wake-up-proxy`: the client group has that feature.
 * - `sms-provider-https`: the target's `sms-provider` role has `https` (the administration service).
 * - `smb-source`: the client group has a `source`.
 * - `virtual-machines-one`, `virtual-machines-many`: the connection point's `virtualMachines` is 1, or 2 and more.
 * - `wake-on-lan`: the site has `wakeOnLan`.
 * - `wsus-database`: the software update point has SQL Server on its own machine.
 */
export const CONDITIONS = [
  'browser',
  'cloud-management-gateway',
  'express-updates',
  'no-smb-source',
  'peer-cache',
  'primary-site',
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

/** One row of a source table. Ports are `"443"`, `"63000-64000"` or `"dynamic"`. */
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
}

export interface Connection {
  /** `management-point.sql-server`; with a third part where one pair has several sections. */
  readonly id: string;
  /** A role of the topology format, or a party that is no role: `client`, `internet`, `microsoft`, … */
  readonly from: string;
  readonly to: string;
  /**
   * A narrower kind of the target: distribution points with `multicast` or `pxe`; `pull` (from a distribution
   * point to its source); `global-catalog`; `scale-set` and `classic` gateways; `logic-app`; the `wsus` database.
   */
  readonly variant?: string;
  readonly direction: Direction;
  /** The section's anchor in the source document; for 2007 its number. */
  readonly anchor: string;
  /** The section asks for ICMP echo beside its ports. */
  readonly icmp: boolean;
  /** Notes of the whole section. */
  readonly notes: readonly number[];
  /** In the order of the source. */
  readonly ports: readonly PortRow[];
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

export interface SourceDocument {
  readonly title: string;
  readonly url: string;
  /** YYYY-MM-DD; for 2007 the year. */
  readonly date: string;
}

/** A place where a document prints another name than the catalog has. */
export interface Misprint {
  /** The document's file name in the comparison with the sources. */
  readonly document: string;
  readonly anchor: string;
  readonly party: string;
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
  /** The port list's notes, by number, in our words. */
  readonly notes: ReadonlyMap<number, string>;
  /** The client document's notes; their numbers are their own. */
  readonly clientNotes: ReadonlyMap<number, string>;
  readonly connections: readonly Connection[];
  readonly deployment: readonly Deployment[];
  readonly clientFeatures: readonly ClientFeature[];
  readonly windowsServer: PortTable | undefined;
  readonly clientShares: PortTable | undefined;
  /** Discovery and publishing of site information. */
  readonly discovery: PortTable | undefined;
  /** What an Azure load balancer in front of the site database has to let through. */
  readonly loadBalancer: PortTable | undefined;
  readonly internetClients: InternetClients | undefined;
  readonly errata: readonly Erratum[];
}

export const LANGUAGES = ['en', 'ko', 'zh-TW'] as const;
export type Language = (typeof LANGUAGES)[number];
