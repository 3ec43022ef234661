// A hierarchy as the rules, the flows and the editor see it. Every value remembers
// where it was written; what could not be read is absent, never guessed.
import type { Edition } from '../catalog/types.ts';
import type { MapNode, Node, Pair, ScalarNode, SeqNode, Span, TextTree } from '../text/tree.ts';

/** A value with the place that wrote it (for an alias: the place of the anchored text). */
export interface Written<T> {
  readonly value: T;
  readonly span: Span;
  readonly node: Node;
}

/** Ports as intervals, both ends inclusive, in the order written. */
export interface PortRange {
  readonly low: number;
  readonly high: number;
}

/** Anything that is in the file under a name. */
export interface Named {
  /** As written. Names are compared without regard to case. */
  readonly name: string;
  /** The name in lower case, as the maps of a topology have it. */
  readonly id: string;
  readonly key: ScalarNode;
  /** Undefined for `NAME:` with nothing after it. */
  readonly node: MapNode | undefined;
  /** From the key to the end of the entry. */
  readonly span: Span;
  /** Part of the entry could not be read: rules about absence stay silent. */
  readonly damaged: boolean;
}

export interface Zone extends Named {
  readonly kind: 'zone';
  readonly networks: readonly Written<string>[];
  readonly internet: boolean;
  readonly internetWritten?: Written<boolean>;
  /** The domain controllers that machines of this zone ask; empty where the rule of forests decides. */
  readonly domainControllers: readonly Written<string>[];
}

export type SiteType = 'central-administration' | 'primary' | 'secondary';

export interface ClientPorts {
  /** Default first, then the alternate. */
  readonly http: readonly Written<number>[];
  readonly https: readonly Written<number>[];
  readonly notification?: Written<number>;
  readonly span: Span;
}

export interface SiteDatabase {
  readonly server?: Written<string>;
  readonly instance?: Written<string>;
  readonly availabilityGroup?: Written<string>;
  readonly span: Span;
  readonly node: MapNode;
}

export interface Site extends Named {
  readonly kind: 'site';
  readonly type?: Written<SiteType>;
  readonly parent?: Written<string>;
  readonly database?: SiteDatabase;
  readonly clientPorts?: ClientPorts;
  readonly website?: Written<string>;
  /** The Wake On LAN UDP port where it is on. */
  readonly wakeOnLan?: Written<number>;
  readonly wakeUpProxy?: Written<number>;
  /** It publishes to some forest: its own unless `publishForests` is there. */
  readonly publishToActiveDirectory: boolean;
  /** Where `true` or `false` is written. */
  readonly publishWritten?: Written<boolean>;
  /** Where a list of forests is written. */
  readonly publishForests?: readonly Written<string>[];
  /** Sites are joined over PPTP (2007). */
  readonly pptp?: Written<boolean>;
  /** The server with the remote content library of the site. */
  readonly contentLibrary?: Written<string>;
}

export interface SqlInstance extends Named {
  readonly kind: 'instance';
  readonly server: Server;
  /**
   * The default instance of a `sql-server` role without `instances`: nobody wrote its name, so there
   * is nothing to rename. `key` is then the role's key.
   */
  readonly implicit?: boolean;
  readonly port?: Written<number>;
  readonly serviceBrokerPort?: Written<number>;
  readonly edition?: Written<string>;
  readonly dynamicPorts?: Written<boolean>;
}

/** The SQL Server instance of a role's own database; the default instance where none is named. */
export interface RoleDatabase {
  readonly server?: Written<string>;
  readonly instance?: Written<string>;
  readonly span: Span;
  readonly node: MapNode;
}

export type RoleDatabaseKey = 'database' | 'databaseReplica';

/** The web proxy of a machine: a server of the file, or a name or address outside it. */
export interface WebProxy {
  readonly server?: Written<string>;
  readonly port?: Written<number>;
  readonly span: Span;
  readonly node: MapNode;
}

/** A role on a server. Its options are read by key through `roleOption` of `effective.ts`. */
export interface Role {
  readonly role: string;
  readonly key: ScalarNode;
  readonly server: Server;
  readonly options: MapNode | undefined;
  /** From the key to the end of its options. */
  readonly span: Span;
  /** Option values by key, only those that were written and are valid. */
  readonly values: ReadonlyMap<string, Written<OptionValue>>;
  /** The databases that its options name. */
  readonly databases: ReadonlyMap<RoleDatabaseKey, RoleDatabase>;
}

export type OptionValue = string | number | boolean | PortRange | readonly Written<string>[];

export interface Server extends Named {
  readonly kind: 'server';
  readonly site?: Written<string>;
  readonly zone?: Written<string>;
  readonly fqdn?: Written<string>;
  readonly addresses: readonly Written<string>[];
  /** Under which machines outside reach it, where a device translates its addresses. */
  readonly publicAddresses: readonly Written<string>[];
  readonly os?: Written<string>;
  readonly rpcDynamicPorts?: Written<PortRange>;
  readonly forest?: Written<string>;
  readonly trusted?: Written<boolean>;
  readonly siteServerInitiates?: Written<boolean>;
  readonly proxy?: WebProxy;
  readonly roles: readonly Role[];
  /** Of its `sql-server` role; empty where it has none. */
  readonly instances: readonly SqlInstance[];
}

export interface ClientGroup extends Named {
  readonly kind: 'clients';
  readonly site?: Written<string>;
  /** The zones it has clients in, in the order written; none where the file names none. */
  readonly zones: readonly Written<string>[];
  readonly forest?: Written<string>;
  readonly rpcDynamicPorts?: Written<PortRange>;
  readonly os?: Written<string>;
  readonly proxy?: WebProxy;
  readonly clientKind?: Written<string>;
  readonly networks: readonly Written<string>[];
  readonly count?: Written<number>;
  readonly internetOnly?: Written<boolean>;
  readonly workgroup?: Written<boolean>;
  readonly installation: readonly Written<string>[];
  readonly source?: Written<string>;
  readonly features: readonly Written<string>[];
  readonly windowsFirewall?: {
    readonly inbound: readonly Written<string>[];
    readonly outbound: readonly Written<string>[];
    readonly span: Span;
    readonly node: MapNode;
  };
  readonly ccmsetup?: {
    readonly http?: Written<number>;
    readonly https?: Written<number>;
    readonly span: Span;
    readonly node: MapNode;
  };
}

/** Which clients use which site systems. */
export interface BoundaryGroup extends Named {
  readonly kind: 'boundary-group';
  /** Client groups, and zones for the client groups in them. */
  readonly members: readonly Written<string>[];
  readonly servers: readonly Written<string>[];
  readonly cloudManagementGateway?: Written<boolean>;
  readonly fallback: readonly BoundaryFallback[];
  readonly site?: Written<string>;
}

/** A neighbour of a boundary group. */
export interface BoundaryFallback {
  readonly group: Written<string>;
  /** The roles that fall back to it; all that can where absent. */
  readonly roles?: readonly Written<string>[];
}

export interface Replica {
  readonly server?: Written<string>;
  readonly instance?: Written<string>;
  readonly span: Span;
}

/** What clients of a database in an availability group connect to. */
export interface Listener {
  readonly name?: Written<string>;
  readonly addresses: readonly Written<string>[];
  readonly port?: Written<number>;
  readonly span: Span;
  readonly node: MapNode;
}

/** A listener by its own name, which shares the name space of servers. */
export interface NamedListener extends Named {
  readonly kind: 'listener';
  readonly group: AvailabilityGroup;
  readonly listener: Listener;
}

export interface AvailabilityGroup extends Named {
  readonly kind: 'availability-group';
  readonly replicas: readonly Replica[];
  readonly listener?: Listener;
  /** The port over which its replicas synchronise. */
  readonly endpointPort?: Written<number>;
  readonly loadBalancer?: Written<string>;
  readonly loadBalancerPorts: readonly Written<PortRange>[];
  readonly loadBalancerPortsSpan?: Span;
}

export type Ports = 'any' | readonly Written<PortRange>[];

export interface FirewallRule {
  readonly span: Span;
  readonly node: MapNode;
  readonly action?: Written<'allow' | 'deny'>;
  readonly from: readonly Written<string>[];
  readonly to: readonly Written<string>[];
  readonly tcp?: Ports;
  readonly udp?: Ports;
  readonly icmp?: Written<boolean>;
  /** Names of port groups, beside the ports of the rule itself. */
  readonly ports: readonly Written<string>[];
  readonly name?: Written<string>;
  readonly description?: Written<string>;
  readonly expires?: Written<string>;
  /** False: the rule is there for something else than Configuration Manager. */
  readonly configmgr?: Written<boolean>;
  readonly ticket?: Written<string>;
  readonly owner?: Written<string>;
  readonly reviewed?: Written<string>;
  readonly damaged: boolean;
}

export interface Firewall extends Named {
  readonly kind: 'firewall';
  /** The zones it joins, each with each other; empty where `between` or `hosts` is written. */
  readonly zones: readonly Written<string>[];
  /** Pairs of zones, for a device that does not join all of them with each other. */
  readonly between: readonly (readonly [Written<string>, Written<string>])[];
  /** The servers and client groups on each of which it runs. */
  readonly hosts: readonly Written<string>[];
  /** On the machines of `hosts`: what they send and no rule matches is denied, else it is allowed. */
  readonly outboundDeny: boolean;
  /** Its rules are still to be written. */
  readonly planned?: Written<boolean>;
  readonly rules: readonly FirewallRule[];
}

export interface AddressGroup extends Named {
  readonly kind: 'address-group';
  /** Addresses, networks, and names of zones, servers, client groups and other address groups. */
  readonly members: readonly Written<string>[];
}

export interface PortGroup extends Named {
  readonly kind: 'port-group';
  readonly tcp?: Ports;
  readonly udp?: Ports;
  readonly icmp?: Written<boolean>;
}

/** Traffic that never passes, but for its exceptions. Without ports it is all traffic. */
export interface Policy {
  readonly name?: Written<string>;
  readonly from: readonly Written<string>[];
  readonly to: readonly Written<string>[];
  readonly tcp?: Ports;
  readonly udp?: Ports;
  readonly icmp?: Written<boolean>;
  readonly except: readonly {
    readonly from: readonly Written<string>[];
    readonly to: readonly Written<string>[];
    readonly span: Span;
    readonly node: MapNode;
  }[];
  readonly span: Span;
  readonly node: MapNode;
  readonly damaged: boolean;
  /** It is written in the settings file: its places are in that text, and it speaks of names that a file may not have. */
  readonly isShared?: true;
}

export interface Topology {
  readonly tree: TextTree;
  /** In force: the file's own, else the settings file's; undefined where neither names a known one. */
  readonly edition: Edition | undefined;
  readonly editionWritten?: Written<string>;
  /** What the file, else the settings file, says for the edition: `2403`, `current-branch`, `2017-09`. */
  readonly configmgrWritten?: string;
  readonly name?: Written<string>;
  readonly defaults: {
    readonly os?: Written<string>;
    readonly rpcDynamicPorts?: Written<PortRange>;
    readonly zone?: Written<string>;
    readonly forest?: Written<string>;
    readonly span?: Span;
    readonly node?: MapNode;
  };
  /** Keys are lower-cased names; of two that collide the first wins. Iteration is in file order. */
  readonly zones: ReadonlyMap<string, Zone>;
  readonly sites: ReadonlyMap<string, Site>;
  readonly servers: ReadonlyMap<string, Server>;
  readonly clients: ReadonlyMap<string, ClientGroup>;
  readonly boundaryGroups: ReadonlyMap<string, BoundaryGroup>;
  readonly availabilityGroups: ReadonlyMap<string, AvailabilityGroup>;
  /** The listeners that have a name, by it. */
  readonly listeners: ReadonlyMap<string, NamedListener>;
  readonly firewalls: ReadonlyMap<string, Firewall>;
  readonly addressGroups: ReadonlyMap<string, AddressGroup>;
  readonly portGroups: ReadonlyMap<string, PortGroup>;
  /** Those of the file before those of the settings file. */
  readonly policies: readonly Policy[];
  /** What the format's description found wrong while reading: wrong types, unknown keys, bad words. */
  readonly problems: readonly FormatProblem[];
  /** Every place that names something, resolved or not. */
  readonly references: readonly Reference[];
}

export type ReferenceKind =
  | 'zone'
  | 'site'
  | 'server'
  | 'clients'
  | 'boundary-group'
  | 'availability-group'
  | 'instance'
  | 'address-group'
  | 'port-group';

/** A place in the file that names something else in it. */
export interface Reference {
  /** The kinds of thing that may be named here. */
  readonly to: readonly ReferenceKind[];
  readonly name: string;
  readonly span: Span;
  readonly node: Node;
  /** For an instance: the server whose instance is named. */
  readonly server?: string;
  readonly target?: Named;
  /** Nobody wrote the name: a database without `instance` means the default instance. `span` is the server's name. */
  readonly implied?: boolean;
  /** The name may be one outside the file, such as a proxy's; such a reference is only listed where it has a target. */
  readonly outside?: boolean;
}

/** A mistake against the format, found while reading; the rule of the same code makes the finding. */
export interface FormatProblem {
  readonly code:
    | 'unknown-key'
    | 'missing-key'
    | 'wrong-type'
    | 'invalid-value'
    | 'invalid-port'
    | 'invalid-address'
    | 'invalid-name';
  readonly span: Span;
  readonly message: string;
  readonly node: Node;
  /** What the word at `span` may have meant. A certain meaning that may be written without asking is `safe`. */
  readonly suggestion?: { readonly names: readonly string[]; readonly safe: boolean };
  readonly related?: readonly { readonly message: string; readonly span: Span }[];
  readonly remedy?: Remedy;
}

/** What the fix of a format problem needs to know. */
export type Remedy =
  /** Replace the text of `span`. */
  | {
      readonly kind: 'replace';
      readonly span: Span;
      readonly text: string;
      readonly title: string;
      readonly safe: boolean;
    }
  /** Insert the key into the map; `holder` is the pair whose value is empty where there is no map yet. */
  | {
      readonly kind: 'insert';
      readonly key: string;
      /** A value as the format's description shows it. */
      readonly example: string;
      readonly map?: MapNode;
      readonly holder?: Pair;
    }
  /** Turn a list of names into a map with those keys. */
  | { readonly kind: 'list-to-map'; readonly list: SeqNode };
