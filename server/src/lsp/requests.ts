// The requests of our own between an editor's extension and the language server. The method names are the only
// values here: both sides take the types.
import type { TextDocumentIdentifier, TextEdit } from 'vscode-languageserver-protocol';
import type { Collapse, DiagramGraph } from '../diagram/graph.ts';
import type { ZoneMatrix } from '../diagram/zone-matrix.ts';
import type { SilenceChoice } from '../features/code-actions.ts';
import type { ConnectionsCsv } from '../features/connections.ts';
import type { ConnectionFilter, ConnectionList, ConnectionSort } from '../features/connections-query.ts';
import type { ExplainEnd } from '../features/explain.ts';
import type { Overview } from '../features/overview.ts';
import type { Summary } from '../features/summary.ts';

/** What the client sends with `initialize`. */
export interface InitializationOptions {
  /** The client's commands that the server may put behind what it offers, by their names. */
  readonly commands?: readonly string[];
  /** The address of the folder with the rules' pages. A server that is a program of its own knows it. */
  readonly pages?: string;
  /** The messages in the editor's language, by their English text. A server that is a program of its own has them. */
  readonly messages?: Readonly<Record<string, string>>;
  /** The settings files of folders that the server cannot read. */
  readonly files?: readonly ToldFile[];
}

/** A file that the server cannot read: of a browser, or of a virtual workspace. */
export interface ToldFile {
  readonly uri: string;
  /** Null where the file is gone. */
  readonly text: string | null;
}

/** A notification with {@link FilesParams}: topology and settings files that were found, changed or deleted. */
export const FILES = 'cmtopo/files';

export interface FilesParams {
  readonly files: readonly ToldFile[];
}

/** The client's command that shows the connections of a machine; takes a document's address and a name. */
export const SHOW_CONNECTIONS = 'configmgrTopology.showConnections';

/** The client's command that shows a page of Markdown as it is read; takes its address. */
export const RENDERED = 'configmgrTopology.showPage';

/** The client's command that exports firewall rules; takes a word of `cmtopo export --format`. */
export const EXPORT_RULES = 'configmgrTopology.exportRules';

/** The client's command that asks in which way to silence a finding; takes a list of {@link SilenceChoice}. */
export const SILENCE = 'configmgrTopology.silence';

export type { SilenceChoice };

export interface DocumentParams {
  readonly textDocument: TextDocumentIdentifier;
}

/** {@link DocumentParams} to {@link ConnectionsResult}: every connection of an open document. */
export const CONNECTIONS = 'cmtopo/connections';

/** Null for a document that is not open or no topology. */
export type ConnectionsResult = { readonly version: number; readonly list: ConnectionList } | null;

/** {@link ConnectionsCsvParams} to {@link ConnectionsCsv}, or null as above and where no edition is known. */
export const CONNECTIONS_CSV = 'cmtopo/connectionsCsv';

export interface ConnectionsCsvParams extends DocumentParams {
  readonly filter: ConnectionFilter;
  readonly sort?: ConnectionSort | undefined;
}

export type ConnectionsCsvResult = ConnectionsCsv | null;

/** {@link DiagramParams} to {@link DiagramResult}: what the picture of an open document shows. */
export const DIAGRAM = 'cmtopo/diagram';

export interface DiagramParams extends DocumentParams {
  readonly collapse: Collapse | 'auto';
  /** Ids of areas and boxes that are the other way round than `collapse` says. */
  readonly toggled: readonly string[];
}

/** Null for a document that is not open or no topology. Laying it out is the client's part: it may take seconds. */
export type DiagramResult = {
  readonly version: number;
  readonly graph: DiagramGraph;
  /** Of files with many zones. */
  readonly matrix?: ZoneMatrix | undefined;
} | null;

/** {@link DocumentParams} to {@link ChangesResult}: an open document compared with what the last commit has. */
export const CHANGES_SINCE_COMMIT = 'cmtopo/changesSinceCommit';

export type ChangesResult =
  /** The change request as Markdown. */
  | { readonly markdown: string }
  /** Why there is none, as one sentence; `isNew` where the last commit does not have the file. */
  | { readonly problem: string; readonly isNew?: true };

/** {@link DocumentParams} to {@link SummaryResult}: what an open document is, in a few numbers. */
export const SUMMARY = 'cmtopo/summary';

/** Null for a document that is not open or no topology. */
export type SummaryResult = Summary | null;

/** {@link DocumentParams} to {@link WriteRulesResult}: the rules that the firewalls of an open document lack. */
export const WRITE_RULES = 'cmtopo/writeRules';

export type WriteRulesResult =
  | {
      readonly version: number;
      readonly firewalls: readonly {
        readonly name: string;
        /** How many rules the edits write. */
        readonly rules: number;
        readonly edits: readonly TextEdit[];
      }[];
    }
  /** Why there are none, as one sentence. */
  | { readonly problem: string };

/** {@link DocumentParams} to {@link ReportResult}: one page about an open document for whoever reviews its security. */
export const REPORT = 'cmtopo/report';

export type ReportResult =
  /** A whole page. */
  | { readonly html: string }
  /** Why there is none, as one sentence. */
  | { readonly problem: string };

/** An empty object to {@link ExportFormatsResult}: what can be exported, in the order of a menu. */
export const EXPORT_FORMATS = 'cmtopo/exportFormats';

export type ExportFormatsResult = readonly {
  /** The word of `cmtopo export --format`. */
  readonly format: string;
  /** The name of a product or format. */
  readonly title: string;
  readonly detail: string;
  /** The language of the text. */
  readonly language: string;
}[];

/** {@link ExportParams} to {@link ExportResult}: the firewall rules that an open document needs, for one target. */
export const EXPORT = 'cmtopo/export';

export interface ExportParams extends DocumentParams {
  /** A word of `cmtopo export --format`. */
  readonly format: string;
}

export type ExportResult =
  /** The rules, and how many things they could not hold; the text names these. */
  | { readonly text: string; readonly gaps: number }
  /** Why there are none, as one sentence. */
  | { readonly problem: string };

/** {@link ImportHierarchyParams} to {@link ImportHierarchyResult}: a topology of exports of Configuration Manager. */
export const IMPORT_HIERARCHY = 'cmtopo/importHierarchy';

/** A file that a person chose, which the server need not be able to read. */
export interface SentFile {
  /** As it is named in messages and in what is made of it. */
  readonly name: string;
  /** Its bytes in Base64: the server tells UTF-8 from UTF-16. */
  readonly content: string;
}

export interface ImportHierarchyParams {
  readonly files: readonly SentFile[];
}

export type ImportHierarchyResult =
  /** The text, and how many things it could not be told; the text names these. */
  | { readonly text: string; readonly open: number }
  /** Why there is none, as one sentence. */
  | { readonly problem: string };

/** {@link ToolParams} to {@link ToolResult}: a call of a tool for assistants. */
export const TOOL = 'cmtopo/tool';

export interface ToolParams {
  readonly name: string;
  /** As the assistant wrote it: anything. */
  readonly input: object;
  /** The address of the document that the editor shows: the one that is meant where the input names none. */
  readonly active?: string;
}

export type ToolResult =
  | { readonly text: string }
  /** Why there is no answer, as one sentence. */
  | { readonly problem: string };

/** A page to read, or why there is none, as one sentence. */
export type PageResult = { readonly markdown: string } | { readonly problem: string };

/** An empty object to {@link TopologiesResult}: the topology files of the folders and those that are open. */
export const TOPOLOGIES = 'cmtopo/topologies';

export type TopologiesResult = readonly {
  readonly uri: string;
  /** The last part of its address. */
  readonly name: string;
}[];

/** {@link DocumentParams} to {@link OverviewResult}: what a topology file holds, open or not. */
export const OVERVIEW = 'cmtopo/overview';

/** Null for what is no topology file, or cannot be read. */
export type OverviewResult = Overview | null;

/** {@link DocumentParams} to {@link ExplainEndsResult}: what an open document has between which one can be explained. */
export const EXPLAIN_ENDS = 'cmtopo/explainEnds';

export type ExplainEndsResult = readonly ExplainEnd[];

/** {@link ExplainParams} to {@link PageResult}: why two things of an open document talk. */
export const EXPLAIN = 'cmtopo/explain';

export interface ExplainParams extends DocumentParams {
  /** Words as `cmtopo explain` takes them. */
  readonly from: string;
  readonly to: string;
}

/** {@link CompareParams} to {@link PageResult}: the change request from one topology to another. */
export const COMPARE = 'cmtopo/compare';

export interface ComparedFile {
  readonly uri: string;
  /** For the page. */
  readonly name: string;
  readonly text: string;
}

export interface CompareParams {
  readonly before: ComparedFile;
  readonly after: ComparedFile;
}

/** {@link CompareEditionsParams} to {@link PageResult}: what changes from one port list to another. */
export const COMPARE_EDITIONS = 'cmtopo/compareEditions';

export interface CompareEditionsParams {
  readonly before: string;
  readonly after: string;
}

/** {@link NewestChangesParams} to {@link PageResult}: what the newest port list changes for an open document. */
export const NEWEST_CHANGES = 'cmtopo/newestChanges';

export interface NewestChangesParams extends DocumentParams {
  /** The edition from which it changes. */
  readonly edition: string;
}

/** {@link DriftParams} to {@link PageResult}: where an open document and exports of its site differ. */
export const DRIFT = 'cmtopo/drift';

export interface DriftParams extends DocumentParams {
  readonly files: readonly SentFile[];
}

/**
 * {@link ImportFirewallParams} to {@link ImportFirewallResult}: a firewall's configuration as edits of an open document.
 * Without a place, what there is to choose from.
 */
export const IMPORT_FIREWALL = 'cmtopo/importFirewall';

/** Where an imported firewall goes. */
export type FirewallPlace =
  /** Its rules take the place of those of this firewall of the file. */
  | { readonly replace: string }
  /** A new entry between zones; `inside` is the protected one of them. */
  | { readonly zones: readonly string[]; readonly inside?: string }
  /** A new entry on servers and client groups. */
  | { readonly hosts: readonly string[] };

export interface ImportFirewallParams extends DocumentParams {
  readonly file: SentFile;
  readonly place?: FirewallPlace | undefined;
  /** That of rules which do not say it themselves: `inbound` or `outbound`. */
  readonly direction?: string | undefined;
  /** What interfaces and zones of the device stand for: each word with a name of the file. */
  readonly map: readonly { readonly word: string; readonly zone: string }[];
}

export type ImportFirewallResult =
  /** The file does not say in which direction its rules are: ask again with it. */
  | { readonly kind: 'direction' }
  | {
      readonly kind: 'choose';
      /** The name of the product or format. */
      readonly title: string;
      /** The firewalls in it, as it calls them. */
      readonly firewalls: readonly string[];
      /** The device says itself between which zones each rule is. */
      readonly isDevice: boolean;
      /** Interfaces and zones of the device that stand for nothing in the file. */
      readonly unmapped: readonly string[];
      /** What the file has. */
      readonly zones: readonly string[];
      readonly machines: readonly { readonly name: string; readonly detail: string }[];
      readonly own: readonly { readonly name: string; readonly detail: string }[];
    }
  | {
      readonly kind: 'edits';
      readonly version: number;
      readonly edits: readonly TextEdit[];
      /** The entries that have the rules now. */
      readonly names: readonly string[];
      readonly rules: number;
      /** What a topology cannot say; each is in a comment of the text too. */
      readonly gaps: readonly string[];
    }
  /** Why there is nothing, as one sentence. */
  | { readonly problem: string };
