// What a rule is. One file a rule; rules/index.ts lists them.
import type { Edition } from '../catalog/types.ts';
import type { Flow } from '../flows/flow.ts';
import type { Span, TextTree } from '../text/tree.ts';
import type { Topology } from '../topology/model.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';
export type Area = 'file' | 'hierarchy' | 'wsus' | 'sql-server' | 'rpc' | 'clients' | 'firewalls';

export interface TextEdit {
  readonly span: Span;
  readonly newText: string;
  /** `newText` holds snippet tab stops (`${1:port}`); editors without snippets get the plain text. */
  readonly snippet?: boolean;
}

export interface Fix {
  readonly title: string;
  /** Joins fix-all: the finding goes, nothing else changes, comments and layout stay. */
  readonly safe: boolean;
  readonly edits: readonly TextEdit[];
}

/** What a rule's check reports. */
export interface Report {
  /** Where a person would change something. */
  readonly span: Span;
  /** Names the things in the file, the numbers, and what to do. */
  readonly message: string;
  readonly related?: readonly { readonly message: string; readonly span: Span }[];
  readonly fixes?: readonly Fix[];
  /** Shown faded in editors: a definition that nothing uses. */
  readonly unnecessary?: boolean;
}

/** A report with its rule's code and the severity in force. */
export interface Finding extends Report {
  readonly code: string;
  readonly severity: Severity;
}

/** What a check may look at. */
export interface RuleContext {
  readonly tree: TextTree;
  readonly topology: Topology;
  /** Every flow of the topology, computed at first use; empty where the edition is unknown. */
  flows(): readonly Flow[];
}

export interface Example {
  readonly title: string;
  /** Whole topology text. */
  readonly text: string;
}

export interface Rule {
  readonly code: string;
  readonly area: Area;
  readonly severity: Severity;
  /** One line. */
  readonly summary: string;
  /** Why it matters and what to do, a short paragraph or two (Markdown), for its page. */
  readonly explanation: string;
  /** Where the rule comes from: a document and its section; `format` for rules of the file format. */
  readonly source: {
    readonly document: string;
    readonly section: string;
    readonly editions?: readonly Edition[];
  };
  /** Each gives exactly this rule's finding, once, and no other. */
  readonly bad: readonly [Example, ...Example[]];
  /** Each gives no finding at all. */
  readonly good: readonly [Example, ...Example[]];
  check(context: RuleContext): Iterable<Report>;
}
