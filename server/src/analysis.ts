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
import { markDamaged, type Renewal, readTopology, renewEntry, replaceEntries } from './topology/read.ts';

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
  /** Whether flows that are the same as before the last edit are the same objects. */
  areFlowsKept?: boolean;
  reach?: Reach;
  /** That of before an edit, until it goes over to the text after it. */
  former?: Reach;
  /** What each rule finds, before comments silence any of it: of those that need not run again. */
  readonly found: Map<string, readonly Finding[]>;
  findings?: readonly Finding[];
  /** Flows of before an edit, until those of after it are worked out. */
  earlier?: FoundFlows;
  /** Of a text in which a key is being typed that was read in part. */
  typed?: Typed;
}

/** What is known of a text in which the line of a key that is being typed is no YAML yet. */
interface Typed {
  /** Takes the marks off things that are damaged. */
  readonly unmark: () => void;
  /** What rules found in the text without that line, where it is by now. */
  readonly found: ReadonlyMap<string, readonly Finding[]>;
  /** What firewalls let through in the text without that line. */
  readonly reach: Reach | undefined;
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
      const renewed = earlier ? flowsAfter(earlier, model) : { found: foundFlows(model) };
      own.flows = renewed.found;
      own.areFlowsKept = renewed.change !== undefined;
    }
    return own.flows.flows;
  }
  function reachability(): Reach {
    const model = topology();
    const { former } = own;
    delete own.former;
    if (former && own.reach === undefined) {
      flows();
      // It knows machines by what flows are between: of other objects it would know nothing, and keep the old ones.
      if (own.areFlowsKept && former.follow(model)) own.reach = { ...former };
    }
    own.reach ??= reach(model, own.typed?.reach?.lineage);
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
 * with what firewalls let through of them, and rules run again.
 */
function takeOver(own: Known, tree: TextTree, before: Known, fresh: Fresh): void {
  const { topology, flows, typed } = before;
  if (own.settings === before.settings && tree === before.tree) {
    Object.assign(own, before);
    return;
  }
  // What is read anew may be the same things.
  typed?.unmark();
  if (own.settings !== before.settings) return;
  const earlier = flows ?? before.earlier;
  if (earlier) own.earlier = earlier;
  const former = (typed ?? before).reach ?? before.former;
  if (former) own.former = former;
  if (topology === undefined) return;
  const change = entryChange(tree);
  const isTyping = change !== undefined && isWithinDamage(before.tree, tree, change);
  // Nobody knows what a mistake of which nothing was said so far is.
  if (before.tree?.damage.length !== 0 && typed === undefined && !isTyping) return;
  const renewal = change && renewed(topology, tree, change);
  if (change === undefined || renewal === undefined) {
    const row = tree.damage.length === 0 ? rowChange(tree) : undefined;
    const replaced = row && replaceEntries(topology, tree, row);
    if (!replaced) return;
    own.topology = replaced;
    return;
  }
  // What changes in place it has to be told.
  delete own.former;
  const move = moverOfFindings(change, fresh);
  if (tree.damage.length > 0) {
    takeOverTyped(own, tree, before, renewal, change, isTyping, move);
    return;
  }
  own.topology = renewal.topology;
  const isReader = readersOf(renewal.properties);
  if (flows && !isReader('flows')) own.flows = sameFlows(flows, own.topology);
  const { found, reach } = typed ?? before;
  own.reach = reachAfter(reach, renewal, isReader, own.flows);
  for (const [code, findings] of moved(found, isReader, move)) own.found.set(code, findings);
}

/**
 * Takes over what is known while a key is typed that has no colon yet. Its line is left out, so that the entry says what
 * it said before: only who looks at damage is asked again, and nobody once the line is gone or is YAML that says nothing.
 * @param isTyping whether nothing but the key is different
 */
function takeOverTyped(
  own: Known,
  tree: TextTree,
  { flows, reach, found, typed }: Known,
  renewal: Renewal,
  change: EntryChange,
  isTyping: boolean,
  move: Mover,
): void {
  const { topology } = renewal;
  const unmark = markDamaged(topology, tree, change.section, change.after);
  if (unmark === undefined) return;
  own.topology = topology;
  const isReader = readersOf(renewal.properties);
  if (flows && !isReader('flows')) own.flows = sameFlows(flows, topology);
  const isDoubting = readersOf([...renewal.properties, isTyping ? 'damage.text' : 'damage']);
  if (reach && !isDoubting('reach')) own.reach = { ...reach };
  for (const [code, findings] of moved(found, isDoubting, move)) own.found.set(code, findings);
  if (isTyping && typed === undefined) return;
  own.typed = {
    unmark,
    found: moved((typed ?? { found }).found, isReader, move),
    reach: reachAfter((typed ?? { reach }).reach, renewal, isReader, own.flows),
  };
}

/** Whether an edit changed nothing but the text of the one damaged place, or blanks and comments behind it. */
function isWithinDamage(before: TextTree | undefined, after: TextTree, change: EntryChange): boolean {
  const [was] = before?.damage ?? [];
  const [is] = after.damage;
  return (
    was !== undefined &&
    change.before === change.after &&
    // A comment before it may say that it does not go with what is above.
    was.span.start === is?.span.start &&
    was.span.start <= change.changed.start
  );
}

/** What firewalls let through after an edit that renewed a thing; undefined where that is to be worked out anew. */
function reachAfter(
  reach: Reach | undefined,
  renewal: Renewal,
  isReader: (reader: string) => boolean,
  flows: FoundFlows | undefined,
): Reach | undefined {
  // Another object: what others remember by it may hold places.
  return reach && (!isReader('reach') || (flows && hasForgotten(reach, renewal))) ? { ...reach } : undefined;
}

/** What a rule found where it is after an edit; undefined where some of it is at the edit. */
type Mover = (code: string, findings: readonly Finding[]) => readonly Finding[] | undefined;

/** Each list is moved once: what is known with a key that is being typed is mostly what is known without it. */
function moverOfFindings(change: EntryChange, fresh: Fresh): Mover {
  const done = new Map<readonly Finding[], readonly Finding[] | undefined>();
  return (code, findings) => {
    if (!done.has(findings))
      done.set(
        findings,
        movedFindings(findings, change, () => fresh(code)),
      );
    return done.get(findings);
  };
}

/** What rules found that do not look at what an edit changed. */
function moved(
  found: ReadonlyMap<string, readonly Finding[]>,
  isReader: (code: string) => boolean,
  move: Mover,
): Map<string, readonly Finding[]> {
  const result = new Map<string, readonly Finding[]>();
  for (const [code, findings] of found) {
    const kept = isReader(code) ? undefined : move(code, findings);
    if (kept) result.set(code, kept);
  }
  return result;
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
function hasForgotten(reach: Reach, { renewed }: Renewal): boolean {
  if (renewed?.section === 'servers')
    reach.forgetServer(renewed.thing as Server, (renewed.before as Server).publicAddresses);
  else if (renewed?.section === 'firewalls')
    reach.forgetRules(renewed.thing as Firewall, (renewed.before as Firewall).rules);
  else return false;
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
  const movedSpan = ({ start, end }: Span): Span => {
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
      span: movedSpan(finding.span),
      ...(related && { related: related.map((place) => ({ ...place, span: movedSpan(place.span) })) }),
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
