// One text, analysed: tree, topology, flows and findings, each computed once at first use.
import type { Edition } from './catalog/types.ts';
import type { Flow } from './flows/flow.ts';
import type { Finding, Severity } from './rules/rule.ts';
import type { TextTree } from './text/tree.ts';
import type { Topology } from './topology/model.ts';

/** From `.cmtopo.yaml` and the editor's settings. */
export interface Settings {
  /** Rule code to severity; a code that is absent keeps its default. */
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
  /** Used by a file that gives no edition. */
  readonly edition?: Edition;
}

export interface Analysis {
  readonly text: string;
  readonly tree: TextTree;
  readonly topology: Topology;
  flows(): readonly Flow[];
  /** Sorted by place, suppressed ones left out. */
  findings(): readonly Finding[];
}
