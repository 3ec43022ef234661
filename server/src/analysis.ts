// One text, analysed: tree, topology, flows and findings, each computed once at first use. After an edit what does
// not depend on it is taken over; docs/performance.md says how.
import { withLate } from './collections.ts';
import { type FoundFlows, flowsAfter, foundFlows, sameFlows } from './flows/compute.ts';
import type { Flow } from './flows/flow.ts';
import { type Reach, reach } from './reach/reach.ts';
import { READERS, readersOf } from './readers.ts';
import { checkInSteps, findingsOf } from './rules/check.ts';
import type { CheckInput, Finding, Settings } from './rules/rule.ts';
import { parseText } from './text/parse.ts';
import { type EntryChange, entryChange, moverOf, reparse, rowChange } from './text/reparse.ts';
import type { Span, TextTree } from './text/tree.ts';
import type { Firewall, Server, Topology } from './topology/model.ts';
import { type Renewal, readTopology, renewEntry, replaceEntries } from './topology/read.ts';

export interface Analysis {
  readonly text: string;
  readonly tree: TextTree;
  readonly topology: Topology;
  flows(): readonly Flow[];
  /** What firewalls let through, worked out as it is asked for. */
  reach(): Reach;
  /** Sorted by place, suppressed ones left out. */
  findings(): readonly Finding[];
  /**
   * Does a part of what {@link findings} needs, for a caller who has other things to do between the parts.
   * @returns whether nothing is left to do
   */
  advance(): boolean;
}

/** The settings where no settings file and no editor says anything. */
export const NO_SETTINGS: Settings = { rules: {} };

/** What has been worked out of a text so far. */
interface Known {
  readonly settings: Settings;
  tree?: TextTree;
  topology?: Topology;
  flows?: FoundFlows;
  reach?: Reach;
  /** What each rule finds, before comments silence any of it: of those that need not run again. */
  readonly found: Map<string, readonly Finding[]>;
  findings?: readonly Finding[];
  /** Flows of before an edit, until those of after it are worked out. */
  earlier?: FoundFlows;
}

const known = new WeakMap<Analysis, Known>();

/**
 * Analyses one text. Nothing is computed before it is asked for, and nothing twice. Never throws.
 * @param earlier an analysis of an earlier version of the text, which is used up: nobody may look at it again
 */
export function analyse(text: string, settings: Settings = NO_SETTINGS, earlier?: Analysis): Analysis {
  const own: Known = { settings, found: new Map() };
  let before = earlier && known.get(earlier);
  // A young entry keeps what it holds through all quick collections.
  if (earlier) known.delete(earlier);

  function tree(): TextTree {
    if (own.tree === undefined) {
      own.tree = before?.tree ? reparse(text, before.tree) : parseText(text);
      if (before) takeOver(own, own.tree, before, (code) => findingsOf(code, input(), settings));
      before = undefined;
    }
    return own.tree;
  }
  function topology(): Topology {
    const read = tree();
    own.topology ??= readTopology(read, settings);
    return own.topology;
  }
  function flows(): readonly Flow[] {
    const model = topology();
    if (own.flows === undefined) {
      const { earlier } = own;
      delete own.earlier;
      own.flows = earlier ? flowsAfter(earlier, model).found : foundFlows(model);
    }
    return own.flows.flows;
  }
  function reachability(): Reach {
    const model = topology();
    own.reach ??= reach(model);
    return own.reach;
  }
  const input = () => ({ tree: tree(), topology: topology(), flows, reach: reachability });

  let steps: Generator<undefined, void> | undefined;

  const others = {
    text,
    flows,
    reach: reachability,
    findings() {
      while (!analysis.advance());
      return own.findings ?? [];
    },
    advance() {
      tree();
      if (own.findings) return true;
      steps ??= findingsInSteps(own, input);
      try {
        return steps.next().done === true;
      } catch (error) {
        steps = undefined;
        throw error;
      }
    },
  };
  const analysis: Analysis = withLate(others, { tree, topology });
  known.set(analysis, own);
  return analysis;
}

/** Out here, because V8 keeps what a generator function refers to until the next full collection. */
function* findingsInSteps(own: Known, input: () => CheckInput): Generator<undefined, void> {
  const asked = input();
  yield;
  asked.flows();
  yield;
  own.findings = (yield* checkInSteps(asked, own.settings, undefined, own.found)).shown;
}

/**
 * Takes over what an edit leaves as it was. Where it changes only properties of one entry that few look at, or none, the
 * model is renewed in place, and what does not look at them is kept. After any other edit flows that are the same stay,
 * and everything else behind the tree is worked out anew.
 */
function takeOver(own: Known, tree: TextTree, before: Known, fresh: Fresh): void {
  const { topology, flows } = before;
  if (own.settings !== before.settings) return;
  if (tree === before.tree) {
    Object.assign(own, before);
    return;
  }
  const earlier = flows ?? before.earlier;
  if (earlier) own.earlier = earlier;
  if (topology === undefined) return;
  const change = entryChange(tree);
  const renewal = change && renewed(topology, tree, change);
  if (change === undefined || renewal === undefined) {
    const row = rowChange(tree);
    const replaced = row && replaceEntries(topology, tree, row);
    if (!replaced) return;
    own.topology = replaced;
    if (before.reach?.followMachines(replaced)) own.reach = { ...before.reach };
    return;
  }
  const isReader = readersOf(renewal.properties);
  own.topology = renewal.topology;
  if (flows && !isReader('flows')) own.flows = sameFlows(flows, own.topology);
  // Another object: what others remember by it may hold places.
  if (before.reach && (!isReader('reach') || (own.flows && hasForgotten(before.reach, renewal))))
    own.reach = { ...before.reach };
  for (const [code, findings] of before.found) {
    if (isReader(code)) continue;
    const moved = movedFindings(findings, change, () => fresh(code));
    if (moved) own.found.set(code, moved);
  }
}

/** What a rule finds now. */
type Fresh = (code: string) => readonly Finding[];

/** The topology after an edit of an entry, and the properties that it changed; undefined where it must be read anew. */
function renewed(topology: Topology, tree: TextTree, change: EntryChange): Renewal | undefined {
  // What has a mistake is read anew each time, and its places are no nodes.
  if (!change.isWhole || topology.problems.length > 0) return undefined;
  if (change.before === change.after) return { properties: new Set(), topology: { ...topology, tree } };
  return renewEntry(topology, tree, change.section, change, (property) => property in READERS);
}

/** Has what firewalls let through forget what follows from a thing that was renewed; false where that is not enough. */
function hasForgotten(reach: Reach, { properties, renewed }: Renewal): boolean {
  if (renewed?.section === 'servers') reach.forgetServer(renewed.thing as Server);
  else if (renewed?.section !== 'firewalls' || properties.has('references')) return false;
  else return reach.forgetRules(renewed.thing as Firewall, (renewed.before as Firewall).rules);
  return true;
}

/**
 * What a rule found where it is after an edit that changes nothing that it reads; undefined where some of it is at the
 * edit. Fixes hold text, and are made anew when somebody asks.
 */
function movedFindings(
  findings: readonly Finding[],
  { changed, delta }: EntryChange,
  fresh: () => readonly Finding[],
): readonly Finding[] | undefined {
  if (findings.length === 0) return findings;
  const mover = moverOf(changed, delta);
  let isLost = false;
  const moved = ({ start, end }: Span): Span => {
    const [from, to] = [mover(start), mover(end)];
    isLost ||= from === undefined || to === undefined;
    return { start: from ?? start, end: to ?? end };
  };
  let again: readonly Finding[] | undefined;
  const result = findings.map((finding, index): Finding => {
    const { code, severity, message, related, unnecessary } = finding;
    const here = {
      code,
      severity,
      message,
      span: moved(finding.span),
      ...(related && { related: related.map((place) => ({ ...place, span: moved(place.span) })) }),
      ...(unnecessary !== undefined && { unnecessary }),
    };
    return withLate(here, {
      fixes: () => {
        again ??= fresh();
        return again[index]?.fixes;
      },
    });
  });
  return isLost ? undefined : result;
}
