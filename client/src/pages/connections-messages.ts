// What the Connections view and its page say to each other.
import type {
  ConnectionColumn,
  ConnectionFilter,
  ConnectionList,
  ConnectionNeed,
  ConnectionSort,
  ConnectionWords,
} from '../../../server/src/features/connections-query.ts';

/** The texts of the page in the reader's language; `{0}`, `{1}` are where numbers and names go. */
export interface ConnectionsPageWords extends ConnectionWords {
  readonly columns: Readonly<Record<ConnectionColumn, string>>;
  readonly table: string;
  readonly filter: string;
  readonly follow: string;
  readonly followHelp: string;
  readonly machine: string;
  readonly allMachines: string;
  readonly servers: string;
  readonly clients: string;
  readonly listeners: string;
  readonly proxies: string;
  readonly outside: string;
  /** `{0} (not in the file)` */
  readonly gone: string;
  readonly zone: string;
  readonly allZones: string;
  readonly boundaryGroup: string;
  readonly allBoundaryGroups: string;
  readonly port: string;
  readonly portHint: string;
  readonly portHelp: string;
  readonly portWrong: string;
  readonly phase: string;
  readonly allPhases: string;
  readonly need: string;
  readonly allNeeds: string;
  readonly needs: Readonly<Record<ConnectionNeed['kind'], string>>;
  readonly state: string;
  readonly allStates: string;
  readonly byRule: string;
  readonly clear: string;
  /** `{0} of {1} connections` */
  readonly count: string;
  readonly countOfOne: string;
  /** `{0} blocked` */
  readonly blocked: string;
  /** `{0} blocked, {1} of them needed` */
  readonly blockedNeeded: string;
  readonly loading: string;
  readonly noFile: string;
  readonly noEdition: string;
  readonly noConnections: string;
  readonly noMatch: string;
}

export type ToConnections =
  | { readonly type: 'words'; readonly words: ConnectionsPageWords }
  /** A file's connections; `list` is undefined where no topology file is open. */
  | { readonly type: 'list'; readonly list: ConnectionList | undefined }
  /** The machine under the cursor; undefined where there is none. */
  | { readonly type: 'cursor'; readonly machine: string | undefined }
  /** Show the connections of a machine or group, wherever the cursor is. */
  | { readonly type: 'show'; readonly filter: ConnectionFilter };

export type FromConnections =
  | { readonly type: 'ready' }
  /** Go to a line, from 0; with `focus` the keyboard goes there, too. */
  | { readonly type: 'open'; readonly line: number; readonly character: number; readonly focus: boolean }
  | { readonly type: 'document'; readonly url: string }
  /** What is shown has changed. */
  | ({ readonly type: 'shown' } & ShownConnections);

/** What the page shows, for the export. */
export interface ShownConnections {
  readonly filter: ConnectionFilter;
  readonly sort: ConnectionSort | undefined;
  readonly count: number;
}
