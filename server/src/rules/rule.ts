// What a rule is. One file a rule, AREA/CODE.ts; index.ts lists them.
import type { Edition } from '../catalog/types.ts';
import type { TextEdit } from '../edits/text-edit.ts';
import type { Flow } from '../flows/flow.ts';
import type { Reach } from '../reach/reach.ts';
import type { Span, TextTree } from '../text/tree.ts';
import type { Policy, Topology } from '../topology/model.ts';
import type { Mention, Suppressions } from './suppressions.ts';

/** From loud to silent. */
export const SEVERITIES = ['error', 'warning', 'information', 'hint'] as const;
export type Severity = (typeof SEVERITIES)[number];
/** What a rule is about: the name of its folder. */
export type RuleArea = 'file' | 'hierarchy' | 'wsus' | 'sql-server' | 'rpc' | 'clients' | 'firewalls';

/** From `.cmtopo.yaml` and the editor's settings. */
export interface Settings {
  /** Rule code to severity; a code that is absent keeps its default. */
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
  /** Used by a file that gives no edition. */
  readonly edition?: Edition;
  /** The words that give it: `2403`, `current-branch`. */
  readonly configmgr?: string;
  /** Traffic that never passes in any file of the folder; see `readSharedPolicies`. */
  readonly policies?: readonly Policy[];
  /** The current day as YYYY-MM-DD, which no settings file names: whoever checks says it. Without it nothing has expired. */
  readonly today?: string;
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
  /**
   * A whole sentence that names the things in the file, the numbers, and what to do. The engine cuts it to 300
   * characters; `listedUpTo` of `words.ts` names the first few of many.
   */
  readonly message: string;
  /** Where it weighs less than what the rule finds elsewhere; the settings go before it. */
  readonly severity?: Severity;
  /** All of them, in order: the engine shows the first 50 and says how many more there are. */
  readonly related?: readonly { readonly message: string; readonly span: Span }[];
  /**
   * Each settles this finding; what would settle another one only is a fix of that. A function where they take time:
   * most findings are read, and only of few somebody asks what would settle them.
   */
  readonly fixes?: readonly Fix[] | (() => readonly Fix[]);
  /** Shown faded in editors: a definition that nothing uses. */
  readonly unnecessary?: boolean;
}

/** A report with its rule's code and the severity in force. */
export interface Finding extends Omit<Report, 'fixes'> {
  readonly code: string;
  readonly severity: Severity;
  /** Worked out when somebody asks, while the text is still the same. */
  readonly fixes?: readonly Fix[];
}

/** What an analysed text gives to the engine. */
export interface CheckInput {
  readonly tree: TextTree;
  readonly topology: Topology;
  /** Every flow of the topology, computed at first use; empty where the edition is unknown. */
  flows(): readonly Flow[];
  /** What firewalls let through, worked out as it is asked for. */
  reach(): Reach;
}

/** What a check may look at. */
export interface RuleContext extends CheckInput {
  /** The comments that speak to the checker. */
  readonly suppressions: Suppressions;
  /** The codes of all rules. */
  readonly codes: ReadonlySet<string>;
  /** The current day as YYYY-MM-DD; undefined where nobody says which it is. */
  readonly today: string | undefined;
  /** Whether a rule runs; one that the settings turn off says nothing that another could leave unsaid for it. */
  isOn(code: string): boolean;
  /** What the comments did not silence anything with; empty until every rule without `last` has run. */
  readonly unused: readonly Mention[];
  /** Whether the file as such is without errors, known once every rule without `last` has run. */
  readonly sound: boolean;
}

/** A document and the place in it that a rule follows. */
export interface RuleSource {
  /** A key of `documents` in `documents.ts`, or `format` for the file format itself. */
  readonly document: string;
  /** The section's anchor in the document, without `#`; for the 2007 list the section's number. */
  readonly section: string;
  readonly editions?: readonly Edition[];
}

export interface Example {
  readonly title: string;
  /** Whole topology text. */
  readonly text: string;
  /** The day on which it is looked at, where that matters. */
  readonly today?: string;
}

export interface Rule {
  readonly code: string;
  readonly severity: Severity;
  /** One line. */
  readonly summary: string;
  /** Why it matters: one sentence of plain text that ends with a full stop, shown with each finding. */
  readonly reason: string;
  /** Why it matters and what to do, a short paragraph or two (Markdown), for its page. */
  readonly explanation: string;
  /** Where the rule comes from: a document and its section; `format` for rules of the file format. */
  readonly source: RuleSource;
  /** Further documents that say the same, or something else (an erratum). */
  readonly moreSources?: readonly RuleSource[];
  /** Each gives exactly this rule's finding, once, and no other. */
  readonly bad: readonly [Example, ...Example[]];
  /** Each gives no finding at all. */
  readonly good: readonly [Example, ...Example[]];
  /**
   * Several findings at one place are several mistakes: different keys that one entry lacks, different traffic that
   * one firewall stops. Without it only the first finding at each place is kept.
   */
  readonly severalAtOnePlace?: true;
  /** Runs after all others: it looks at what the suppression comments silenced. */
  readonly last?: true;
  check(context: RuleContext): Iterable<Report>;
}

/** A rule with its area, which is the folder that it lives in. */
export interface ListedRule extends Rule {
  readonly area: RuleArea;
}
