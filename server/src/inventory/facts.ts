// What exports of Configuration Manager say, whatever their form: one fact after another, each with its place.
import type { SiteType } from '../topology/model.ts';

/** Where a fact is written. */
export interface FactPlace {
  /** As the user named it. */
  readonly file: string;
  /** `entry 3`, `row 12`, `[Options]`. */
  readonly at: string;
}

/** `roles.json, entry 3` */
export function factPlaceText({ file, at }: FactPlace): string {
  return `${file}, ${at}`;
}

/** A database as exports name it; without `instance` the export does not say which one, `''` is the default one. */
export interface DatabaseFact {
  readonly server: string;
  readonly instance?: string | undefined;
}

/** The value of a role's option; names of servers are as the export writes them. */
export type OptionFact = string | number | boolean | readonly string[] | DatabaseFact;

export interface SiteFact {
  readonly code: string;
  readonly name?: string | undefined;
  readonly type?: SiteType | undefined;
  /** `''` for a site that has none. */
  readonly parent?: string | undefined;
  /** The site server of its parent, where an export names only that. */
  readonly parentServer?: string | undefined;
  /** The active site server. */
  readonly server?: string | undefined;
  readonly database?: DatabaseFact | undefined;
  readonly place: FactPlace;
}

export interface RoleFact {
  readonly server: string;
  readonly site: string | undefined;
  /** A role of the format. */
  readonly role: string;
  /** What the export says of its options, defaults too. */
  readonly options: ReadonlyMap<string, OptionFact>;
  readonly open?: readonly OpenQuestion[];
  readonly place: FactPlace;
}

/** What an export leaves open about a role. */
export interface OpenQuestion {
  /** A whole sentence for a comment. */
  readonly text: string;
  /** The option of the role that is the answer, where another export has it. */
  readonly answer?: string;
}

/** What an export says of a machine, whatever its roles. */
export interface ServerFact {
  readonly server: string;
  readonly site?: string | undefined;
  readonly addresses?: readonly string[] | undefined;
  readonly forest?: string | undefined;
  readonly zone?: string | undefined;
  readonly os?: string | undefined;
  readonly description?: string | undefined;
  /** `null` where it has none. */
  readonly proxy?: { readonly server: string; readonly port: number } | null | undefined;
  readonly siteServerInitiates?: boolean | undefined;
  readonly place: FactPlace;
}

/** Client request ports of a site. */
export interface PortsFact {
  readonly site: string;
  readonly http?: readonly number[] | undefined;
  readonly https?: readonly number[] | undefined;
  readonly place: FactPlace;
}

/** Which WSUS server of a site synchronises, and with which one. */
export interface SynchronisationFact {
  readonly site: string;
  readonly server?: string | undefined;
  readonly parent?: string | undefined;
  readonly place: FactPlace;
}

/** Ports of an instance; setup's file names them. */
export interface InstanceFact extends DatabaseFact {
  readonly port?: number | undefined;
  readonly serviceBrokerPort?: number | undefined;
  readonly place: FactPlace;
}

export interface BoundaryFact {
  readonly id: string;
  readonly type: 'subnet' | 'active-directory-site' | 'ipv6-prefix' | 'range' | 'vpn' | undefined;
  readonly value: string;
  readonly place: FactPlace;
}

export interface BoundaryGroupFact {
  readonly id: string;
  readonly name: string;
  /** The site to which its clients are assigned. */
  readonly site?: string | undefined;
  readonly description?: string | undefined;
  readonly place: FactPlace;
}

/** A boundary, or a site system, in a boundary group. */
export interface MemberFact {
  readonly group: string;
  readonly boundary?: string;
  readonly server?: string;
  readonly site?: string | undefined;
  readonly place: FactPlace;
}

/** A neighbour of a boundary group; minutes until it falls back, below zero never. */
export interface RelationFact {
  readonly source: { readonly id?: string | undefined; readonly name?: string | undefined };
  readonly destination: { readonly id?: string | undefined; readonly name?: string | undefined };
  readonly minutes: ReadonlyMap<string, number>;
  readonly place: FactPlace;
}

/** A role that Azure runs. */
export interface CloudFact {
  readonly server: string;
  readonly role: string;
  readonly place: FactPlace;
}

/** Everything that was read. The readers add to it. */
export interface Facts {
  readonly sites: SiteFact[];
  readonly roles: RoleFact[];
  readonly servers: ServerFact[];
  readonly ports: PortsFact[];
  readonly synchronisation: SynchronisationFact[];
  readonly instances: InstanceFact[];
  readonly boundaries: BoundaryFact[];
  readonly boundaryGroups: BoundaryGroupFact[];
  readonly members: MemberFact[];
  readonly relations: RelationFact[];
  readonly clouds: CloudFact[];
  /** What a topology has no word for, or nobody could read: whole sentences. */
  readonly left: string[];
  /** Servers that pull content, with the one they pull from. */
  readonly pulls: { readonly server: string; readonly source: string; readonly place: FactPlace }[];
  /** Servers with a database of WSUS, of which the export does not say whose. */
  readonly updateDatabases: { readonly server: string; readonly site: string; readonly place: FactPlace }[];
  /** UDP ports of multicast, by the server that sends. */
  readonly multicast: { readonly server: string; readonly ports: string; readonly place: FactPlace }[];
}

/** Nothing read yet. */
export function newFacts(): Facts {
  return {
    sites: [],
    roles: [],
    servers: [],
    ports: [],
    synchronisation: [],
    instances: [],
    boundaries: [],
    boundaryGroups: [],
    members: [],
    relations: [],
    clouds: [],
    left: [],
    pulls: [],
    updateDatabases: [],
    multicast: [],
  };
}
