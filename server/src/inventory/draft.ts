// A hierarchy as exports tell it: between what was read and the text of a topology, or the comparison with one.
import type { SiteType } from '../topology/model.ts';
import type { FactPlace, OpenQuestion } from './facts.ts';

/** A value, with the place that says so. */
export interface Told<T> {
  readonly value: T;
  readonly place: FactPlace;
}

/** A database by the name of its server in the draft; without `instance` nobody says which one: the default is taken. */
export interface DraftDatabase {
  readonly server: string;
  readonly instance?: string | undefined;
}

/** Names of servers are those of the draft. */
export type DraftValue = string | number | boolean | readonly string[] | DraftDatabase;

export interface DraftRole {
  readonly role: string;
  /** Also what is the format's default: the comparison needs it, the text leaves it out. */
  readonly options: Map<string, Told<DraftValue>>;
  /** What the exports leave open, each once. One that `options` answers is not written. */
  readonly open: OpenQuestion[];
  readonly place: FactPlace;
}

export interface DraftInstance {
  /** An export names the instance; else the default one is taken. */
  isTold: boolean;
  /** Undefined where no export says it. */
  port?: number | undefined;
  serviceBrokerPort?: number | undefined;
}

export interface DraftServer {
  readonly name: string;
  /** As an export has it. */
  readonly fqdn: string | undefined;
  site?: string | undefined;
  zone?: string | undefined;
  readonly addresses: string[];
  os?: string | undefined;
  description?: string | undefined;
  forest?: Told<string> | undefined;
  /** `null` where the export says that it has none. */
  proxy?: Told<{ readonly server: string; readonly port: number } | null> | undefined;
  siteServerInitiates?: Told<boolean> | undefined;
  readonly roles: Map<string, DraftRole>;
  /** By name; of its `sql-server` role. */
  readonly instances: Map<string, DraftInstance>;
  readonly notes: string[];
  readonly place: FactPlace;
}

export interface DraftSite {
  readonly code: string;
  readonly name: string | undefined;
  readonly type: SiteType;
  /** The export says the type. */
  readonly isTypeTold: boolean;
  parent?: string | undefined;
  /** The export says the parent, or that there is none. */
  isParentTold: boolean;
  database?: DraftDatabase | { readonly availabilityGroup: string } | undefined;
  /** The export names the instance of the database, or the availability group. */
  isInstanceTold: boolean;
  readonly clientPorts: { http?: readonly number[] | undefined; https?: readonly number[] | undefined };
  readonly notes: string[];
  readonly place: FactPlace;
}

export interface DraftAvailabilityGroup {
  readonly name: string;
  readonly listener:
    | { readonly name: string; readonly fqdn: string | undefined; readonly port: number | undefined }
    | undefined;
  readonly replicas: readonly DraftDatabase[];
}

export interface DraftClients {
  readonly name: string;
  readonly site: string;
  readonly zones: readonly string[];
  readonly networks: readonly string[];
  readonly notes: readonly string[];
}

export interface DraftBoundaryGroup {
  readonly name: string;
  /** As the console shows it. */
  readonly title: string;
  readonly description: string | undefined;
  readonly site: string | undefined;
  readonly members: readonly string[];
  readonly servers: readonly string[];
  readonly cloudManagementGateway: boolean;
  /** By neighbour, the roles that fall back; undefined for all that can. */
  readonly fallback: ReadonlyMap<string, readonly string[] | undefined>;
  readonly notes: readonly string[];
  /** The exports have the site systems, and the neighbours, of boundary groups. */
  readonly areServersTold: boolean;
  readonly areNeighboursTold: boolean;
  readonly place: FactPlace;
}

export interface DraftZone {
  readonly name: string;
  readonly networks: readonly string[];
  readonly internet: boolean;
}

export interface Draft {
  readonly files: readonly string[];
  /** `current-branch`, or the newest list that has all its roles. */
  readonly configmgr: string;
  /** The forest of most servers. */
  readonly forest: string | undefined;
  readonly zones: readonly DraftZone[];
  /** A site comes before those below it. */
  readonly sites: readonly DraftSite[];
  /** By name. */
  readonly servers: readonly DraftServer[];
  readonly clients: readonly DraftClients[];
  readonly boundaryGroups: readonly DraftBoundaryGroup[];
  readonly availabilityGroups: readonly DraftAvailabilityGroup[];
  /** What is left out, or not told for the whole of the hierarchy: whole sentences. */
  readonly notes: readonly string[];
  /** By site, the roles of which the exports have all; `all` where that is every role. */
  readonly coverage: ReadonlyMap<string, 'all' | ReadonlySet<string>>;
  /** The exports have the definitions of the sites. */
  readonly areSitesTold: boolean;
  /** Some export says how roles are set up; without that, options are not known. */
  readonly areOptionsTold: boolean;
}
