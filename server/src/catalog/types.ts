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
export type PortSetting =
  | 'clientPorts.http'
  | 'clientPorts.https'
  | 'clientPorts.notification'
  | 'wakeOnLan.port'
  | 'wakeUpProxy.port'
  | 'httpPort'
  | 'httpsPort'
  | 'multicastPorts'
  | 'instances.port'
  | 'instances.serviceBrokerPort';

/** One row of a source table. Ports are `"443"`, `"63000-64000"` or `"dynamic"`. */
export interface PortRow {
  readonly service: string;
  readonly udp: readonly string[];
  readonly tcp: readonly string[];
  /** `80 or 8530`: one of the listed ports, not all of them. */
  readonly choice: boolean;
  /** The source says that another port can be configured. */
  readonly alternate: boolean;
  readonly phase: Phase;
  /** Which key of the topology file holds the port in use. */
  readonly setting?: PortSetting;
  /** Taken by the serving role's `protocol` (or `ssl` for WSUS). */
  readonly scheme?: 'http' | 'https';
  /** Only towards a domain controller with `globalCatalog: true`. */
  readonly globalCatalog?: boolean;
  /** For deployment tables: who opens the connection, between which roles. */
  readonly from?: string;
  readonly to?: string;
  /** Numbers of the notes that the row refers to. */
  readonly notes: readonly number[];
  /** A condition of the row that the flows layer knows by name, such as `gateway-scale-set-one-vm`. */
  readonly when?: string;
}

export interface Connection {
  /** `management-point.sql-server`; with a third part where one pair has several sections. */
  readonly id: string;
  /** A role of the topology format, or a party that is no role: `client`, `internet`, `microsoft`, … */
  readonly from: string;
  readonly to: string;
  /** A narrower kind of the target: distribution points with `multicast` or `pxe`, pull sources. */
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
  /** ICMP echo between clients is needed too. */
  readonly icmp: boolean;
}

export interface PortTable {
  readonly anchor: string;
  readonly ports: readonly PortRow[];
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
}

export interface EditionCatalog {
  readonly edition: Edition;
  /** The document's public address and title. */
  readonly document: { readonly title: string; readonly url: string; readonly date: string };
  readonly connections: readonly Connection[];
  readonly deployment: readonly Deployment[];
  readonly clientFeatures: readonly ClientFeature[];
  readonly windowsServer: PortTable | undefined;
  readonly clientShares: PortTable | undefined;
  readonly errata: readonly Erratum[];
}

export type Language = 'en' | 'ko' | 'zh-TW';
