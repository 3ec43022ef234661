// One text, analysed: tree, topology, flows and findings, each computed once at first use.
import { computeFlows } from './flows/compute.ts';
import type { Flow } from './flows/flow.ts';
import { type Reach, reach } from './reach/reach.ts';
import { check } from './rules/check.ts';
import type { Finding, Settings } from './rules/rule.ts';
import { parseText } from './text/parse.ts';
import { reparse } from './text/reparse.ts';
import type { TextTree } from './text/tree.ts';
import type { Topology } from './topology/model.ts';
import { readTopology } from './topology/read.ts';

export interface Analysis {
  readonly text: string;
  readonly tree: TextTree;
  readonly topology: Topology;
  flows(): readonly Flow[];
  /** What firewalls let through, worked out as it is asked for. */
  reach(): Reach;
  /** Sorted by place, suppressed ones left out. */
  findings(): readonly Finding[];
}

/** The settings where no settings file and no editor says anything. */
export const NO_SETTINGS: Settings = { rules: {} };

/**
 * Analyses one text. Nothing is computed before it is asked for, and nothing twice. Never throws.
 * @param earlier the tree of an earlier version of the text, which is used up: nobody may look at it again
 */
export function analyse(text: string, settings: Settings = NO_SETTINGS, earlier?: TextTree): Analysis {
  const tree = once(() => (earlier === undefined ? parseText(text) : reparse(text, earlier)));
  const topology = once(() => readTopology(tree(), settings));
  const flows = once(() => (topology().edition ? computeFlows(topology()) : []));
  const reachability = once(() => reach(topology()));
  const findings = once(() =>
    check({ tree: tree(), topology: topology(), flows, reach: reachability }, settings),
  );
  return {
    text,
    get tree() {
      return tree();
    },
    get topology() {
      return topology();
    },
    flows,
    reach: reachability,
    findings,
  };
}

function once<T>(compute: () => T): () => T {
  let result: { readonly value: T } | undefined;
  return () => {
    result ??= { value: compute() };
    return result.value;
  };
}
